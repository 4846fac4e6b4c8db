"""How well levels agree with the panel and with human experts: every way that was tried, on replies none was fitted on.

    python -m benchmarks.rater [--ablation] [--human FOLDER] [--speed] [--publish]

The test replies are the fifth of the contexts in rubrics/gold that neither adapter nor heads were trained on; beside
them, replies of practice calls in a fifth of the scenarios. The shipped rater is measured as it runs in play.
--ablation also fits heads on other states of the model, on the same four fifths (reading them takes ten minutes each
the first time). --human names a folder with the conversations of Kumar et al. 2026 that three communication experts
scored. Intervals are 95 %: contexts (or conversations) are drawn with replacement.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.bench import header, shipped_rater, unseen
from simulator.assessment.agreement import Agreement, Estimate, agreement, bootstrap, rank_correlation
from simulator.assessment.hearing import POOLED
from simulator.assessment.rater import EmbeddedRater
from simulator.assessment.signals import read
from simulator.backends import embedded
from simulator.backends.listener import LAYER
from simulator.content.library import shipped
from simulator.ports import Exchange, Rater
from simulator.vocabulary import CORE_DIMENSIONS, Rating
from training.examples import Example, Table, gold, heard, plays, table
from training.human import conversations
from training.linear import best_cuts, leveled, ridge
from training.listening import Ear
from training.sources import PLAYS
from training.split import TEST, folds

GOLD = Path("rubrics/gold/replies.jsonl")
RELIABILITY = Path("simulator/assessment/reliability.json")
"""Published with the weights, for the intervals in debriefs."""
SPEED_REPLIES = 160


async def rate(rater: Rater, exchanges: Sequence[Exchange]) -> tuple[list[Rating], list[float]]:
    """Ratings, and the seconds each took."""
    ratings, seconds = [], []
    for exchange in exchanges:
        begun = time.perf_counter()
        ratings.append(await rater.rate(exchange))
        seconds.append(time.perf_counter() - begun)
    return ratings, seconds


def line(method: str, agreements: Sequence[Agreement | None], ms: float | None) -> str:
    """A row of the table: kappa with its interval and within-one, for each dimension."""
    cells = [f"{one.kappa} {one.within_one:.2f}" if one else "none" for one in agreements]
    return f"  {method:34} {'   '.join(cells)}   {f'{ms:.0f} ms' if ms is not None else ''}"


def against_panel(ratings: Sequence[Rating], examples: Sequence[Example]) -> list[Agreement | None]:
    """Agreement of ratings with the panel, by dimension."""
    groups = [example.group for example in examples]
    truth = [[None if level is None else int(level) for level in example.levels] for example in examples]
    return [
        agreement([(mine.levels[name], theirs[at]) for mine, theirs in zip(ratings, truth, strict=True)], groups)
        for at, name in enumerate(CORE_DIMENSIONS)
    ]


def print_shipped(rater: EmbeddedRater, examples: Sequence[Example], *, publish: bool) -> list[float]:
    """The shipped rater on the test replies; the seconds each took."""
    ratings, seconds = asyncio.run(rate(rater, [example.exchange for example in examples]))
    found = against_panel(ratings, examples)
    if publish:
        RELIABILITY.write_text(_reliability(rater.version, ratings, examples, found), encoding="utf-8")
    print(line(f"shipped ({rater.version}), as in play", found, 1000 * statistics.median(seconds)))
    for name, one in zip(CORE_DIMENSIONS, found, strict=True):
        if one:
            print(
                f"    {name}: n {one.n}, bias {one.bias:+.2f}, null precision {_percent(one.null_precision)}, "
                f"recall {_percent(one.null_recall)}"
            )
    return seconds


def print_practised(rater: EmbeddedRater, examples: Sequence[Example]) -> None:
    """The shipped rater on replies that were typed in practice calls."""
    ratings = asyncio.run(rate(rater, [example.exchange for example in examples]))[0]
    print(line(f"in practice calls, {len(examples)} replies", against_panel(ratings, examples), None))


def _reliability(
    version: str, ratings: Sequence[Rating], examples: Sequence[Example], found: Sequence[Agreement | None]
) -> str:
    """The file from which debriefs know how sure a mean is."""
    dimensions = {}
    for at, (name, one) in enumerate(zip(CORE_DIMENSIONS, found, strict=True)):
        pairs = [(mine.levels[name], each.levels[at]) for mine, each in zip(ratings, examples, strict=True)]
        errors = [ours - theirs for ours, theirs in pairs if ours is not None and theirs is not None]
        if one:
            dimensions[name] = {
                "kappa": round(one.kappa.value, 3),
                "low": round(one.kappa.low, 3),
                "high": round(one.kappa.high, 3),
                "error_sd": round(statistics.stdev(errors), 3),
                "n": one.n,
            }
    return json.dumps({"rater": version, "dimensions": dimensions}, indent=2) + "\n"


def _percent(share: float | None) -> str:
    return "none given" if share is None else f"{100 * share:.0f} %"


def print_ablation(examples: Sequence[Example]) -> None:
    """Heads on other states, and on cues alone, fitted and cut on the same four fifths."""
    fold = folds([example.group for example in examples])
    ways = {
        "layer 29 of 30, bare": Ear(None, 29),
        f"layer {LAYER}, bare": Ear(None, LAYER),
        f"layer {LAYER} with the adapter": Ear(),
    }
    for number, (name, ear) in enumerate(ways.items()):
        rows = table(examples, heard(examples, ear))
        if number == 0:
            print(line("signals and measures alone", _fitted(rows, fold, slice(POOLED, None)), None))
        print(line(name, _fitted(rows, fold, slice(0, POOLED)), None))
        print(line(f"{name}, and signals", _fitted(rows, fold, slice(None)), None))


def _fitted(rows: Table, fold: NDArray[np.int64], columns: slice) -> list[Agreement | None]:
    """Ridge with the penalty and cuts that are best on held-out folds, then once on the test fold."""
    numbers = rows.numbers[:, columns] / np.maximum(rows.numbers[:, columns].std(axis=0), 0.05)
    found = []
    for at in range(len(CORE_DIMENSIONS)):
        own = ~np.isnan(rows.levels[:, at])
        truth, part, seen = rows.levels[own, at], fold[own], numbers[own]
        tried = {alpha: _out_of_fold(seen, truth, part, alpha) for alpha in (100.0, 1000.0, 3000.0, 10000.0)}
        learned = part != TEST
        alpha = min(tried, key=lambda one: float(np.square(tried[one] - truth)[learned].mean()))
        cuts = best_cuts(tried[alpha][learned], truth[learned], np.ones(int(learned.sum())))
        given = leveled(tried[alpha][~learned], cuts)
        groups = [group for group, kept in zip(rows.groups, own, strict=True) if kept]
        tested = [group for group, kept in zip(groups, ~learned, strict=True) if kept]
        pairs = [(int(mine), int(theirs)) for mine, theirs in zip(given, truth[~learned], strict=True)]
        found.append(agreement(pairs, tested))
    return found


def _out_of_fold(
    seen: NDArray[np.float64], truth: NDArray[np.float64], part: NDArray[np.int64], alpha: float
) -> NDArray[np.float64]:
    raw = np.zeros(len(truth))
    for number in sorted(set(part.tolist())):
        chosen = (part != number) & (part != TEST)
        weights, bias = ridge(seen[chosen], truth[chosen], alpha, np.ones(int(chosen.sum())))
        raw[part == number] = seen[part == number] @ weights + bias
    return raw


def print_human(rater: EmbeddedRater, folder: Path) -> None:
    """Rank correlation of a conversation's mean level with the mean of three experts."""
    rows = list(conversations(folder))
    ratings = [asyncio.run(rate(rater, row.exchanges))[0] for row in rows]
    print(f"\nhuman experts, {len(rows)} conversations outside customer service: Spearman's rank correlation")
    print("  (the heads have seen these scores: training.fit_rater prints the figures with each left out in turn)")
    for dimension, what in (
        ("empathy", "validating less dismissing"),
        ("active_listening", "elaboration plus understanding"),
    ):
        ours = np.array([_mean(each, dimension) for each in ratings])
        theirs = np.array([row.scores[dimension] for row in rows])
        print(f"  {dimension:17} with {what:32} {_correlation(ours, theirs)}")


def _mean(ratings: Sequence[Rating], dimension: str) -> float:
    given = [rating.expected[dimension] for rating in ratings]
    return statistics.mean([level for level in given if level is not None] or [1.0])


def _correlation(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> Estimate:
    return bootstrap(lambda rows: rank_correlation(ours[rows], theirs[rows]), list(range(len(ours))))


def print_speed(examples: Sequence[Example], seconds: Sequence[float]) -> None:
    """Seconds for the first 160 replies, as they were first rated, and milliseconds for signals by words alone."""
    exchanges = [example.exchange for example in examples[:SPEED_REPLIES]]
    begun = time.perf_counter()
    for exchange in exchanges:
        read(exchange)
    signals = (time.perf_counter() - begun) / len(exchanges)
    print(f"\n{len(exchanges)} replies were rated in {sum(seconds[:SPEED_REPLIES]):.0f} s")
    print(f"signals by words alone: {1000 * signals:.1f} ms a reply")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--human", type=Path)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--publish", action="store_true", help=f"write {RELIABILITY}")
    options = parser.parse_args()
    examples = list(gold(shipped() / GOLD))
    test = unseen(examples)
    print(header(embedded.FILE_NAME))
    print(f"{len(test)} test replies in {len({example.group for example in test})} contexts; panel: language models")
    print(f"  {'kappa [95 %] within one':34} {'   '.join(f'{name:22}' for name in CORE_DIMENSIONS)}")
    if options.ablation:
        print_ablation(examples)
    with shipped_rater() as rater:
        seconds = print_shipped(rater, test, publish=options.publish)
        print_practised(rater, unseen(list(plays(PLAYS))))
        if options.human:
            print_human(rater, options.human)
    if options.speed:
        print_speed(test, seconds)


if __name__ == "__main__":
    main()
