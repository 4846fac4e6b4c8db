"""Whether comparing cohorts can be believed: false alarms, differences that are found, and what difficulty does.

    python -m benchmarks.statistics [--cohorts 2000] [--seed 20261122] [--only alarms found bias few methods time]

Cohorts are simulated (`benchmarks.simulated`), the seed was fixed before the first run, and verdicts come about by the
same code as in `simulator cohort compare`. "Verdict" is "different" after Holm's adjustment over the three dimensions,
"alone" the share of p below 0.05 without it: the adjustment is not what keeps false alarms down.
"""

import argparse
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any, TypeGuard

import numpy as np
from scipy.special import ndtr, stdtr
from statsmodels.genmod.cov_struct import Exchangeable
from statsmodels.genmod.generalized_estimating_equations import GEE
from statsmodels.regression.linear_model import OLS
from statsmodels.regression.mixed_linear_model import MixedLM

from benchmarks.bench import header
from benchmarks.simulated import World, drawn, records
from simulator.cohorts.adjustment import Adjusted, difference
from simulator.cohorts.cohort_report import report
from simulator.cohorts.comparison import compare, contrast
from simulator.cohorts.figures import Difference, Standing
from simulator.cohorts.levels import FIRST, SECOND, Floats, Rows
from simulator.cohorts.sums import sums_of
from simulator.cohorts.verdicts import FEWEST_FREEDOM, Finding, judged
from simulator.vocabulary import CORE_DIMENSIONS

SEED = 20261122
"""Fixed before the first run."""

SIZES = ((5, 5), (10, 10), (30, 30), (100, 100), (5, 40), (10, 60))
_RELIABLE = Standing(reliable=True, reason="simulated")


@dataclass(frozen=True)
class Tally:
    """What came of many pairs of cohorts; a row a pair, a column a dimension."""

    verdicts: np.ndarray[Any, np.dtype[np.bool_]]
    """Whether it was "different"."""
    chances: Floats
    """p without Holm's adjustment; 1 where there was no test."""
    tested: np.ndarray[Any, np.dtype[np.bool_]]
    differences: Floats
    plain: Floats
    """The difference of the cohorts' means as they stand."""

    def shares(self) -> str:
        """Share of "different" by dimension; the highest without Holm; at least one in a pair; no verdict."""
        each = " ".join(f"{100 * share:5.1f}" for share in self.verdicts.mean(axis=0))
        alone = 100 * (self.chances < 0.05).mean(axis=0).max()
        some, none = 100 * self.verdicts.any(axis=1).mean(), 100 * (1 - self.tested.mean())
        return f"{each}   {alone:5.1f}   {some:5.1f}   {none:5.1f}"


def tallied(world: World, pairs: int, seed: int) -> Tally:
    """So many pairs of cohorts out of one world, drawn from the seed."""
    dice = np.random.default_rng(seed)
    found = [_outcome(drawn(world, dice)) for _ in range(pairs)]
    return Tally(
        verdicts=np.array(
            [[one.verdict is not None and one.verdict.kind == "different" for one in row] for row in found]
        ),
        chances=np.array([[_p(one) for one in row] for row in found]),
        tested=np.array([[one.verdict is not None and one.verdict.p is not None for one in row] for row in found]),
        differences=np.array([[_number(one.difference) for one in row] for row in found]),
        plain=np.array([[_number(one.a.mean) - _number(one.b.mean) for one in row] for row in found]),
    )


def _outcome(pair: dict[str, Rows]) -> tuple[Difference, ...]:
    findings = []
    for dimension in CORE_DIMENSIONS:
        found, estimate = contrast(pair[dimension])
        about = Difference(**dict(found), dimension=dimension, rater="simulated", standing=_RELIABLE)
        findings.append(Finding(about, estimate))
    return judged(findings, "a", "b")


def _p(one: Difference) -> float:
    return one.verdict.p if one.verdict is not None and one.verdict.p is not None else 1.0


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def alarms(pairs: int, seed: int) -> Iterator[str]:
    """How often "different" is said where there is no true difference."""
    yield f'No true difference: % of {pairs:,} pairs with the verdict "different" (6 wanted at most)'
    yield "people      abilities   empathy ownership listening   alone   any   no verdict"
    for shape in ("normal", "skewed", "capped"):
        for people in SIZES:
            found = tallied(World(people, shape=shape), pairs, seed)
            yield f"{people[0]:>3} + {people[1]:<4}  {shape:<8}  {found.shares()}"
    for shared in (2, 1):
        found = tallied(World((30, 30), shared=shared), pairs, seed)
        yield f" 30 + 30    {shared} of 12 scenarios shared  {found.shares()}"


def found(pairs: int, seed: int) -> Iterator[str]:
    """How often half a level between 30 and 30 people is found."""
    yield f'Half a level, 30 + 30 people: % of {pairs:,} pairs with the verdict "different" (80 wanted)'
    yield "true on          people's spread   empathy ownership listening   alone   any   no verdict"
    for spread in (0.35, 0.45, 0.55, 0.65):
        one = tallied(World((30, 30), spread=spread, planted=(0.5, 0, 0)), pairs, seed)
        yield f"empathy alone    {spread:.2f}   {one.shares()}"
    every = tallied(World((30, 30), planted=(0.5, 0.5, 0.5)), pairs, seed)
    yield f"all three        0.45   {every.shares()}"
    for share in (2, 1):
        one = tallied(World((30, 30), planted=(0.5, 0, 0), shared=share), pairs, seed)
        yield f"empathy, {share} of 12 scenarios shared   {one.shares()}"
    for people in ((10, 10), (15, 15), (20, 20), (50, 50)):
        one = tallied(World(people, planted=(0.5, 0, 0)), pairs, seed)
        yield f"empathy, {people[0]} + {people[1]} people   {one.shares()}"


def bias(pairs: int, seed: int) -> Iterator[str]:
    """How far difficulty shifts the difference, adjusted and as it stands."""
    yield f"Difficulty -0.5 to +0.5, different mixes: mean error of the difference over {pairs:,} pairs (0.05 wanted)"
    worlds = {
        "no difference": World((30, 30)),
        "half a level": World((30, 30), planted=(0.5, 0.5, 0.5)),
        "5 + 40 people": World((5, 40)),
        "skewed abilities": World((30, 30), shape="skewed"),
        "levels near 5": World((30, 30), shape="capped"),
        "2 of 12 scenarios shared": World((30, 30), shared=2),
        "1 of 12 scenarios shared": World((30, 30), shared=1),
        "the able choose the hard (outside the model)": World((30, 30), choosing=2.0),
        "half a level, levels near 5 (outside the model)": World((30, 30), shape="capped", planted=(0.5, 0.5, 0.5)),
    }
    for name, world in worlds.items():
        tally = tallied(world, pairs, seed)
        adjusted = np.nanmean(tally.differences - world.planted, axis=0)
        plain = np.nanmean(tally.plain - world.planted, axis=0)
        worst = adjusted[np.abs(adjusted).argmax()]
        error = np.nanstd(tally.differences) / np.sqrt(pairs)
        yield f"{name:<48} adjusted {worst:+.3f} (simulation error {error:.3f})   as it stands {plain.mean():+.3f}"


def few(pairs: int, seed: int) -> Iterator[str]:
    """What so few people would come to if they got verdicts; the reason for the fewest that do."""
    yield f"Few people, nothing withheld: % of {pairs:,} pairs with p < 0.05 on empathy; what is found of half a level"
    yield "people   no difference   half a level   found on average   the wrong way   fewer than 4 degrees of freedom"
    for size in (2, 3, 4, 5, 6, 8, 10, 15):
        none, half = (
            [difference(rows) for rows in _pairs(World((size, size), planted=(planted, 0, 0)), pairs, seed)]
            for planted in (0.0, 0.5)
        )
        alarms, hits = ([one.estimate for one in given if _sure(one)] for given in (none, half))
        found = [one.value for one in hits]
        scarce = np.mean([one is None or one.estimate.freedom < FEWEST_FREEDOM for one in half])
        yield (
            f"{size:>2} + {size:<2}   {100 * len(alarms) / pairs:13.1f}   {100 * len(hits) / pairs:12.1f}   "
            f"{np.mean(np.abs(found)):16.2f}   {100 * np.mean(np.array(found) < 0):11.1f} %   {100 * scarce:10.1f} %"
        )


def _sure(one: Adjusted | None) -> TypeGuard[Adjusted]:
    return one is not None and one.estimate.p is not None and one.estimate.p < 0.05


Method = Callable[[Rows], float]


def methods(pairs: int, seed: int) -> Iterator[str]:
    """What other ways of testing would do; the reason for the one that was chosen."""
    pairs = max(20, pairs // 4)
    yield f"Ways of testing empathy alone: % of {pairs:,} pairs with p < 0.05, no true difference | half a level"
    ways: dict[str, Method] = {
        "means as they stand, Welch's t": _welch,
        "rows as independent, scenarios adjusted": _independent,
        "mixed model, statsmodels MixedLM, Wald": _mixed,
        "GEE, statsmodels, bias reduced, Wald": _gee,
        "ours: mixed model, CR2, Satterthwaite": _ours,
    }
    for people in ((5, 5), (10, 10), (30, 30)):
        none, half = (_pairs(World(people, planted=(planted, 0, 0)), pairs, seed) for planted in (0.0, 0.5))
        for name, way in ways.items():
            shares = [100 * float(np.mean([way(rows) < 0.05 for rows in given])) for given in (none, half)]
            yield f"{people[0]:>3} + {people[1]:<3}  {name:<40} {shares[0]:5.1f} | {shares[1]:5.1f}"


def _pairs(world: World, pairs: int, seed: int) -> list[Rows]:
    dice = np.random.default_rng(seed)
    return [drawn(world, dice)[CORE_DIMENSIONS[0]] for _ in range(pairs)]


def _welch(rows: Rows) -> float:
    a, b = (rows.of_group(group).means() for group in (FIRST, SECOND))
    parts = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    return float(2 * stdtr(freedom, -abs(a.mean() - b.mean()) / np.sqrt(sum(parts))))


def _design(rows: Rows) -> Floats:
    scenarios = np.unique(rows.scenario)[1:]
    columns = [np.ones(len(rows.value)), rows.group == FIRST, *(rows.scenario == one for one in scenarios)]
    return np.column_stack(columns).astype(float)


def _independent(rows: Rows) -> float:
    return float(OLS(rows.value, _design(rows)).fit().pvalues[1])


def _mixed(rows: Rows) -> float:
    """1 where the library finds no fit, which counts as nothing found."""
    try:
        fit = MixedLM(rows.value, _design(rows), groups=rows.person).fit(reml=True)
    except np.linalg.LinAlgError:
        return 1.0
    return float(2 * ndtr(-abs(fit.tvalues[1])))


def _gee(rows: Rows) -> float:
    """1 where the library finds no fit, which counts as nothing found."""
    model = GEE(rows.value, _design(rows), groups=rows.person, cov_struct=Exchangeable())
    try:
        return float(model.fit(cov_type="bias_reduced").pvalues[1])
    except np.linalg.LinAlgError:
        return 1.0


def _ours(rows: Rows) -> float:
    adjusted = difference(rows)
    return 1.0 if adjusted is None or adjusted.estimate.p is None else adjusted.estimate.p


def timed(people: int, seed: int) -> Iterator[str]:
    """How long a comparison and a report take once the sums are read; the median of five."""
    dice = np.random.default_rng(seed)
    world = World((people, people), scenarios=19)
    first, second = records(world, dice)
    a, b = (sums_of(name, sorted({one.person for one in own}), own) for name, own in (("a", first), ("b", second)))
    counts = f"{len(first):,} + {len(second):,} sessions, {len(a.people):,} + {len(b.people):,} people"
    yield f"{counts}, {len(a.cells) + len(b.cells):,} cells: compare {_seconds(lambda: compare(a, b))}"
    yield f"{len(first):,} sessions, {len(a.people):,} people: report {_seconds(lambda: report(a, first))}"
    rows = _pairs(World((1_000, 1_000), scenarios=19), 1, seed)[0]
    for name, way in (("ours", _ours), ("statsmodels MixedLM", _mixed)):
        yield f"one difference, 1,000 + 1,000 people: {name} {_seconds(partial(way, rows))}"


def _seconds(work: Callable[[], object]) -> str:
    """The median of five by the clock, and of the processor's time, which other jobs of the machine do not lengthen."""
    by_clock, by_processor = [], []
    for _ in range(5):
        begun, used = time.perf_counter(), time.process_time()
        work()
        by_clock.append(time.perf_counter() - begun)
        by_processor.append(time.process_time() - used)
    return f"{median(by_clock):.2f} s (processor {median(by_processor):.2f} s)"


PARTS: dict[str, Callable[[int, int], Iterator[str]]] = {
    "alarms": alarms,
    "found": found,
    "bias": bias,
    "few": few,
    "methods": methods,
    "time": lambda _, seed: timed(4_350, seed),
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cohorts", type=int, default=2_000, help="Simulated pairs of cohorts for each line.")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    chosen = parser.parse_args(arguments)
    print(header(f"seed {chosen.seed}"), flush=True)
    for name in chosen.only:
        begun = time.perf_counter()
        print(flush=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the libraries' own, about fits at the edge
            for line in PARTS[name](chosen.cohorts, chosen.seed):
                print(line, flush=True)
        print(f"({time.perf_counter() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
