"""What may be said about differences, and when nothing may be said.

Apart from how differences are worked out, because a wrong word here does more harm than a wrong decimal there. Only the
core dimensions get verdicts; Holm's adjustment (Scandinavian Journal of Statistics 6, 1979) keeps the chance of one
false "different" among them at 5 %. That no difference is shown is never called equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.cohorts.figures import Difference, Verdict
from simulator.cohorts.regression import Estimate
from simulator.vocabulary import CORE_DIMENSIONS

LEVEL = 0.05
"""Chance of at least one false "different" among the core dimensions of a comparison."""

FEWEST_PEOPLE = 5
"""In each cohort, for a verdict. With four, two comparisons in three rest on less than FEWEST_FREEDOM; with three, one
found difference in ten points the wrong way (`python -m benchmarks.statistics --only few`)."""

FEWEST_FREEDOM = 4.0
"""Degrees of freedom below which Satterthwaite's p is not to be trusted (Tipton, Psychological Methods 20, 2015)."""

WORTH_KNOWING = 0.5
"""A difference, in levels, that a lead would act on: what "no difference shown" can or cannot rule out."""


@dataclass(frozen=True)
class Finding:
    """A difference, and the estimate that it comes from."""

    difference: Difference
    estimate: Estimate | None
    """None where the difference cannot be told."""


def judged(findings: Sequence[Finding], a: str, b: str) -> tuple[Difference, ...]:
    """The differences with their verdicts, in the order given.

    Args:
        findings: One for each dimension; only those of core dimensions can come to "different".
        a: Name of the first cohort, as it is to be shown.
        b: Name of the second.
    """
    hindered = {finding.difference.dimension: _hindrance(finding) for finding in findings}
    tested = {
        finding.difference.dimension: finding.estimate.p or 0.0
        for finding in findings
        if finding.estimate is not None and hindered[finding.difference.dimension] is None
    }
    adjusted = holm(tested)
    return tuple(
        finding.difference.model_copy(
            update={
                "verdict": hindered[finding.difference.dimension]
                or _verdict(finding.difference, tested, adjusted, a, b)
            }
        )
        for finding in findings
    )


def holm(chances: Mapping[str, float]) -> dict[str, float]:
    """The chances after Holm's adjustment, by the same names: each may be held to the level as if it stood alone."""
    highest, adjusted = 0.0, {}
    for place, name in enumerate(sorted(chances, key=lambda one: (chances[one], one))):
        highest = max(highest, min(1.0, chances[name] * (len(chances) - place)))
        adjusted[name] = highest
    return adjusted


def _hindrance(finding: Finding) -> Verdict | None:
    """Why there is no test; None where there is one."""
    one, estimate = finding.difference, finding.estimate
    if one.dimension not in CORE_DIMENSIONS:
        return _withheld("No verdict: verdicts are given for the three core dimensions only.")
    if one.rater is not None and not one.standing.reliable:
        return _withheld(f"No verdict, as these levels are not to be relied on ({one.standing.reason}).")
    if one.rater is not None and min(one.a.people, one.b.people) < FEWEST_PEOPLE:
        told = f"{one.a.people} and {one.b.people} with levels; {FEWEST_PEOPLE} in each cohort are needed"
        return Verdict(kind="too_few", words=f"Too few people for a verdict: {told}.")
    if estimate is None or estimate.p is None:
        return _withheld(f"No verdict. {one.why}")
    if estimate.freedom < FEWEST_FREEDOM:
        told = "the adjusted difference rests on fewer people than it seems, as little was played in both cohorts"
        return Verdict(kind="too_few", words=f"Too few people for a verdict: {told}.")
    return None


def _withheld(words: str) -> Verdict:
    return Verdict(kind="withheld", words=words)


def _verdict(one: Difference, tested: Mapping[str, float], adjusted: Mapping[str, float], a: str, b: str) -> Verdict:
    different = adjusted[one.dimension] < LEVEL
    words = _different(one, a, b) if different else _not_shown(one, len(tested))
    return Verdict(
        kind="different" if different else "no_difference_shown",
        words=words,
        p=tested[one.dimension],
        p_holm=adjusted[one.dimension],
    )


def _different(one: Difference, a: str, b: str) -> str:
    difference = one.difference or 0.0
    higher, lower = (a, b) if difference > 0 else (b, a)
    ends = sorted(abs(end) for end in _ends(one))
    return f"Different: {higher} is {abs(difference):.2f} of a level above {lower} ({ends[0]:.2f} to {ends[1]:.2f})."


def _not_shown(one: Difference, together: int) -> str:
    low, high = _ends(one)
    shown = f"No difference shown: {one.difference:+.2f} of a level ({low:+.2f} to {high:+.2f})."
    if low > 0 or high < 0:
        return f"{shown} Alone it would be one, but with {together} dimensions tested chance reaches that too easily."
    if low > -WORTH_KNOWING and high < WORTH_KNOWING:
        return f"{shown} Half a level or more either way is unlikely."
    return f"{shown} That is not the same as none: half a level or more cannot be ruled out."


def _ends(one: Difference) -> tuple[float, float]:
    return (one.interval.low, one.interval.high) if one.interval else (0.0, 0.0)
