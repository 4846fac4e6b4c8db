"""Fits the deltas of the default ledger to how written conversations went on, and writes them into defaults.yaml.

    python -m training.fit_emotion CONVERSATIONS.jsonl [--learned] [--limit 8] [--share 0.4] [--write]

For each feeling the deltas that come nearest to the change after each reply (least squares, within the caps of a turn):
each keeps the sign it was given by hand, stays within the cap of a rule, and is drawn towards its hand-set value as
strongly as serves other conversations best. Wear, inertia and probability are the ledger's own. Conversations held out
(`split.held_out`) are never fitted on; `python -m benchmarks.emotion` shows how the table does on them.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.content.schema import Defaults, Rule
from simulator.customer.emotion import rule_id
from simulator.vocabulary import Feeling, Mood
from training.deltas import SHIPPED, STEP, Place, by_hand, changed, places, points, shipped, written
from training.linear import Matrix, Vector
from training.moods import Step, steps
from training.split import folds, held_out

PULLS = (3.0, 10.0, 30.0, 100.0)
"""Strengths of the pull towards the hand-set deltas that are tried: so many replies would weigh as much."""
SHARE = 0.4
"""How far to go from the hand-set deltas: further, and scenarios no longer hold (docs/decisions/007)."""
_PROBE = 40.0
_DESCENTS = 250


@dataclass(frozen=True)
class Turns:
    """Replies as numbers, for one feeling."""

    factors: Matrix
    """How many times each delta counts in each reply: (replies, deltas); last, if asked for, a 1 for the own mood."""
    change: Vector
    """What the feeling moved by, in points."""
    lowest: Vector
    """How far it can fall in one reply, in points, negative; by the cap and by 0."""
    highest: Vector
    """How far it can rise."""
    groups: tuple[str, ...]

    def rows(self, chosen: NDArray[np.bool_]) -> "Turns":
        """Only the chosen replies."""
        groups = tuple(group for group, kept in zip(self.groups, chosen, strict=True) if kept)
        arrays = (self.factors, self.change, self.lowest, self.highest)
        return Turns(*(array[chosen] for array in arrays), groups)

    def moved(self, deltas: Vector) -> Vector:
        """What these deltas move the feeling by in each reply, within the caps."""
        return np.clip(self.factors @ deltas, self.lowest, self.highest)


def turns(replies: Sequence[Step], defaults: Defaults, where: Sequence[Place], drift: bool = False) -> Turns:
    """Replies as numbers, asked of the ledger itself.

    Args:
        replies: One row each.
        defaults: The rules, with caps.
        where: The deltas of one feeling.
        drift: Whether a constant for each mood comes on top: what moves people beside the reply.
    """
    feeling = where[0][1]
    before = np.array([step.session.emotion.degree(feeling) for step in replies])
    cap = defaults.limits.per_feeling
    factors = _factors(replies, defaults, where)
    if drift:
        factors = np.hstack([factors, np.array([[step.mood is mood for mood in Mood] for step in replies], float)])
    return Turns(
        factors,
        np.array([step.truth[feeling] for step in replies]),
        np.maximum(-cap, -before),
        np.minimum(cap, 100 - before),
        tuple(step.conversation for step in replies),
    )


def _factors(replies: Sequence[Step], defaults: Defaults, where: Sequence[Place]) -> Matrix:
    """By how much the ledger multiplies each delta: what it asks for where all deltas are of one size, uncapped."""
    sized = {
        place: float(np.copysign(_PROBE, value)) for place, value in zip(where, points(defaults, where), strict=True)
    }
    probe = changed(defaults, sized).model_copy(
        update={"limits": defaults.limits.model_copy(update={"per_feeling": 100.0, "per_rule": 100.0})}
    )
    column = {
        (mood, rule_id(defaults.rules[number])): at
        for at, (number, _) in enumerate(where)
        for mood in defaults.rules[number].moods or Mood
    }
    found = np.zeros((len(replies), len(where)))
    for row, step in enumerate(replies):
        for entry in step.entries(probe):
            if entry.feeling is where[0][1] and not entry.is_void:
                found[row, column[step.mood, entry.rule]] = abs(entry.asked) / _PROBE
    return found


def fit(rows: Turns, start: Vector, cap: float, pull: float) -> Vector:
    """The deltas nearest to the change, by accelerated projected gradients (Nesterov 1983); drift comes last.

    Args:
        rows: Replies.
        start: The hand-set deltas: where it begins, what it is drawn towards, and whose signs it keeps.
        cap: The largest delta, in points.
        pull: How strongly it is drawn, in replies that show the signal.
    """
    count = len(start)
    found = np.concatenate([start, np.zeros(rows.factors.shape[1] - count)])
    smallest, largest = np.where(start > 0, STEP, -cap), np.where(start > 0, cap, -STEP)
    pace = 1 / (np.linalg.norm(rows.factors, 2) ** 2 + pull)
    ahead = found
    for number in range(1, _DESCENTS + 1):
        slope = rows.factors.T @ _missed(rows, ahead)
        slope[:count] += pull * (ahead[:count] - start)
        before, found = found, ahead - pace * slope
        found[:count] = np.clip(found[:count], smallest, largest)
        ahead = found + (number - 1) / (number + 2) * (found - before)
    return found


def _missed(rows: Turns, deltas: Vector) -> Vector:
    """By how much each reply is moved too far; 0 where a cap holds it back from going further still."""
    asked = rows.factors @ deltas
    missed = np.clip(asked, rows.lowest, rows.highest) - rows.change
    stuck = ((asked > rows.highest) & (missed < 0)) | ((asked < rows.lowest) & (missed > 0))
    return np.where(stuck, 0.0, missed)


def crossed(rows: Turns, start: Vector, cap: float, pull: float) -> Vector:
    """What each reply is moved by under a fit that did not see its conversation.

    Raises:
        ValueError: the conversations are too few to leave some of them out.
    """
    fold = folds(rows.groups)
    if len(set(fold)) < 2:
        raise ValueError("these are too few conversations to fit on some and look at others")
    found = np.zeros(len(rows.change))
    for own in (fold == number for number in set(fold)):
        found[own] = rows.rows(own).moved(fit(rows.rows(~own), start, cap, pull))
    return found


def explained(said: Vector, change: Vector) -> float:
    """R2: the share of the squared change about its mean that is foreseen; below 0 where the mean would do better."""
    spread = ((change - change.mean()) ** 2).sum()
    return float(1 - ((change - said) ** 2).sum() / spread) if spread else 0.0


@dataclass(frozen=True)
class Outcome:
    """The deltas of one feeling, and how well they and others do."""

    where: tuple[Place, ...]
    deltas: Vector
    pull: float
    by_hand: float
    """R2 of the hand-set deltas."""
    left_out: float
    """R2 on conversations left out in turn."""
    with_drift: float
    """The same if a constant for each mood came on top, which the ledger does not have."""
    drift: dict[Mood, float]
    """Those constants, in points a reply."""

    @property
    def explains(self) -> bool:
        """Whether the deltas foresee more of conversations left out than the mean change does."""
        return self.left_out > 0

    def line(self) -> str:
        """How it went, in words."""
        drift = ", ".join(f"{mood.value} {points:+.1f}" for mood, points in self.drift.items())
        return (
            f"{self.where[0][1].value:11} {len(self.where):3} deltas, pull {self.pull:3g}; by hand {self.by_hand:.2f}, "
            f"fitted {self.left_out:.2f}, with a constant for each mood {self.with_drift:.2f} ({drift})"
            f"{'' if self.explains else '; explains nothing, so they stay as set by hand'}"
        )


def fitted(replies: Sequence[Step], hand: Defaults, feeling: Feeling) -> Outcome:
    """The deltas of one feeling that these replies speak for."""
    where, cap = places(hand, feeling), hand.limits.per_rule
    start = np.array(points(hand, where))
    rows, drifting = (turns(replies, hand, where, drift) for drift in (False, True))
    tried = {pull: explained(crossed(rows, start, cap, pull), rows.change) for pull in PULLS}
    pull = max(PULLS, key=lambda each: tried[each])
    constants = fit(drifting, start, cap, pull)[len(start) :]
    return Outcome(
        where=tuple(where),
        deltas=fit(rows, start, cap, pull),
        pull=pull,
        by_hand=explained(rows.moved(start), rows.change),
        left_out=tried[pull],
        with_drift=explained(crossed(drifting, start, cap, pull), rows.change),
        drift={mood: float(value) for mood, value in zip(Mood, constants, strict=True) if value},
    )


def shrunk(hand: Defaults, outcomes: Sequence[Outcome], share: float) -> Defaults:
    """The defaults with deltas `share` of the way from hand-set to fitted, where the fit explains anything."""
    new: dict[Place, float] = {}
    for one in (outcome for outcome in outcomes if outcome.explains):
        start = np.array(points(hand, one.where))
        new |= dict(zip(one.where, (start + share * (one.deltas - start)).tolist(), strict=True))
    return changed(hand, new)


def differences(hand: Defaults, new: Defaults) -> list[str]:
    """The rules whose deltas are others now, a line each."""
    return [
        f"{rule_id(before):26} {'/'.join(before.moods) or 'all':20} {_differences(before, after)}"
        for before, after in zip(hand.rules, new.rules, strict=True)
        if before.moves != after.moves
    ]


def _differences(before: Rule, after: Rule) -> str:
    pairs = ((feeling.value, points, after.moves[feeling]) for feeling, points in before.moves.items())
    return ", ".join(f"{feeling} {old:g} -> {new:g}" for feeling, old, new in pairs if old != new)


def main() -> None:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conversations", type=Path)
    parser.add_argument("--learned", action="store_true", help="read with the learned signals too")
    parser.add_argument("--limit", type=int, help="only so many conversations")
    parser.add_argument("--share", type=float, default=SHARE, help="how far to go from the hand-set deltas, 0 to 1")
    parser.add_argument("--write", action="store_true", help="write the deltas into defaults.yaml")
    options = parser.parse_args()
    hand = by_hand(shipped())
    replies = steps(options.conversations, options.learned, options.limit, lambda name: not held_out(name))
    print(f"{len(replies)} replies of {len({step.conversation for step in replies})} conversations")
    print("R2 on conversations left out in turn:", flush=True)
    outcomes = []
    for feeling in Feeling:
        outcomes.append(fitted(replies, hand, feeling))
        print(outcomes[-1].line(), flush=True)
    new = shrunk(hand, outcomes, options.share)
    print("\n".join(differences(hand, new)))
    if options.write:
        SHIPPED.write_text(written(SHIPPED.read_text("utf-8"), new), encoding="utf-8")
        print(f"written to {SHIPPED}")


if __name__ == "__main__":
    main()
