"""Whether the ledger moves the customer as real people were moved: every reply of conversations that are held out.

    python -m benchmarks.emotion CONVERSATIONS.jsonl [--learned] [--limit 8]

Each reply is put to the ledger in the state its conversation was truly in, for an even temperament. Beside the deltas
that ship stand those once set by hand, and "no change"; and for the direction, the commoner one said every time.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.bench import header
from simulator.vocabulary import Feeling
from training.deltas import by_hand, shipped
from training.fit_emotion import explained
from training.linear import Vector
from training.moods import Step, steps
from training.split import held_out

MOVED = 3.0
"""Points beyond which a feeling is said to have moved."""
DRAWS = 1000
SEED = 7
Change = Mapping[Feeling, float]
Which = Callable[[Step], Feeling]


def right(said: Vector, change: Vector) -> float | None:
    """Share of the changes beyond `MOVED` whose direction was foreseen; to stand still is to be wrong.

    None where nothing moved that far.
    """
    far = np.abs(change) > MOVED
    return float((np.sign(said[far]) == np.sign(change[far])).mean()) if far.any() else None


def commoner(change: Vector) -> float | None:
    """The same for whoever always says the direction that is commoner; None where nothing moved that far."""
    shares = [right(np.full(len(change), way), change) for way in (1.0, -1.0)]
    return max((share for share in shares if share is not None), default=None)


def interval(said: Vector, change: Vector, groups: Sequence[str]) -> tuple[float, float]:
    """95 % interval of `right`, conversations drawn with replacement."""
    draw = np.random.default_rng(SEED)
    rows = {group: np.array([at for at, name in enumerate(groups) if name == group]) for group in set(groups)}
    names = sorted(rows)
    shares = []
    for _ in range(DRAWS):
        chosen = np.concatenate([rows[name] for name in draw.choice(names, len(names))])
        share = right(said[chosen], change[chosen])
        shares += [] if share is None else [share]
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)


def _one(feeling: Feeling) -> Which:
    return lambda _: feeling


def _column(changes: Sequence[Change], replies: Sequence[Step], which: Which) -> Vector:
    return np.array([change[which(step)] for change, step in zip(changes, replies, strict=True)])


def _share(value: float | None) -> str:
    return "   -" if value is None else f"{100 * value:3.0f}%"


def fit_lines(replies: Sequence[Step], ways: Mapping[str, Sequence[Change]]) -> list[str]:
    """Error, R2, correlation and direction of each feeling, and of upset, by way."""
    truth = [step.truth for step in replies]
    which: dict[str, Which] = {feeling.value: _one(feeling) for feeling in Feeling} | {"upset": lambda step: step.leads}
    lines = [f"{'':11} {'':9} error     R2      r  right way"]
    for name, feeling in which.items():
        change = _column(truth, replies, feeling)
        moved = int((np.abs(change) > MOVED).sum())
        lines.append(
            f"{name:11} no change {np.abs(change).mean():5.2f}  {explained(0 * change, change):5.2f}      -      -"
            f"   (moved by more than {MOVED:g}: {moved}; always the commoner way: {_share(commoner(change)).strip()})"
        )
        for way, changes in ways.items():
            lines.append(f"{'':11} {way:9} {_fit(_column(changes, replies, feeling), change)}")
    return lines


def _fit(said: Vector, change: Vector) -> str:
    r = np.corrcoef(said, change)[0, 1] if said.std() and change.std() else 0.0
    error = np.abs(said - change).mean()
    return f"{error:5.2f}  {explained(said, change):5.2f}  {r:5.2f}   {_share(right(said, change))}"


def direction_lines(replies: Sequence[Step], ways: Mapping[str, Sequence[Change]]) -> list[str]:
    """The direction of upset and of each feeling, by the agent's style."""
    styles = ["all", *sorted({step.style for step in replies})]
    which: dict[str, Which] = {"upset": lambda step: step.leads} | {feeling.value: _one(feeling) for feeling in Feeling}
    lines = [f"{'right way (n)':22}" + "".join(f"{style:>14}" for style in styles)]
    for name, feeling in which.items():
        for way, changes in ways.items():
            cells = [_direction(replies, changes, feeling, style) for style in styles]
            lines.append(f"{name:11} {way:10}" + "".join(f"{cell:>14}" for cell in cells))
    return lines


def _direction(replies: Sequence[Step], changes: Sequence[Change], which: Which, style: str) -> str:
    own = [pair for pair in zip(replies, changes, strict=True) if style in ("all", pair[0].style)]
    steps_, said = [step for step, _ in own], [change for _, change in own]
    change = _column([step.truth for step in steps_], steps_, which)
    share = right(_column(said, steps_, which), change)
    return f"{_share(share)} ({int((np.abs(change) > MOVED).sum())})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conversations", type=Path)
    parser.add_argument("--learned", action="store_true", help="read with the learned signals too, as in play")
    parser.add_argument("--limit", type=int, help="only so many conversations")
    options = parser.parse_args()
    replies = steps(options.conversations, options.learned, options.limit, held_out)
    if not replies:
        parser.error("none of these conversations is held out")
    tables = {"by hand": by_hand(shipped()), "shipped": shipped()}
    ways = {way: [step.said(table) for step in replies] for way, table in tables.items()}
    print(header("signals with the embedded model" if options.learned else "signals by words alone"))
    print(f"{len(replies)} replies of {len({step.conversation for step in replies})} conversations held out\n")
    print("\n".join([*fit_lines(replies, ways), "", *direction_lines(replies, ways), ""]))
    upset = _column([step.truth for step in replies], replies, lambda step: step.leads)
    for way, changes in ways.items():
        said = _column(changes, replies, lambda step: step.leads)
        low, high = interval(said, upset, [step.conversation for step in replies])
        print(f"upset, {way}: right way {_share(right(said, upset))} [{100 * low:.0f}, {100 * high:.0f}]")


if __name__ == "__main__":
    main()
