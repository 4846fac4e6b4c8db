"""Two cohorts beside each other: what differs, by how much, and how sure that is.

Apart from the model (`adjustment`) and from the words of verdicts (`verdicts`): here it is settled who is compared on
what. The unit is the person. Levels by different versions of a rater are never put together.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from simulator.assessment.certainty import Reliability
from simulator.cohorts import cautions
from simulator.cohorts.adjustment import Adjusted, difference
from simulator.cohorts.figures import Comparison, Contrast, Difference, Effect, Group, Part, Standing
from simulator.cohorts.groups import LEVELS, SECONDS, Scale, copilot_share, group_of, handoff_share
from simulator.cohorts.levels import FIRST, OUTSIDE, SECOND, Rows, by_version, times
from simulator.cohorts.records import Cell
from simulator.cohorts.regression import NOTHING, Estimate
from simulator.cohorts.reliance import standing_of
from simulator.cohorts.sums import CohortSums
from simulator.cohorts.verdicts import Finding, judged
from simulator.errors import UsageError
from simulator.standing import Calibration


def compare(
    a: CohortSums,
    b: CohortSums,
    *,
    others: Iterable[Cell] = (),
    calibrations: Sequence[Calibration] = (),
    reliability: Reliability | None = None,
) -> Comparison:
    """Two cohorts; every difference is the first less the second.

    Args:
        a: The first.
        b: The second. Whoever is in both counts in neither, and that is said.
        others: Cells of people in neither, who help to tell how hard scenarios are; those of members are passed over.
        calibrations: From `simulator calibrate`.
        reliability: What is published about the rater; None: what ships with this version of the program.

    Raises:
        UsageError: it is the same cohort twice.
    """
    if a.name == b.name:
        raise UsageError(f'The cohort "{a.name}" cannot be compared with itself; name two cohorts.')
    shared = {*a.people} & {*b.people}
    first, second = _without(a, shared), _without(b, shared)
    members = {*a.people, *b.people}
    outside = [cell for cell in others if cell.person not in members]
    versions = by_version(((FIRST, first.cells), (SECOND, second.cells), (OUTSIDE, outside)))
    compared = [_compared(name, found, calibrations, reliability) for name, found in versions.items()]
    differences = judged([one.finding() for one in compared], a.name, b.name)
    return Comparison(
        a=a.name,
        b=b.name,
        dimensions=differences,
        moods=_parts(compared, Rows.by_mood),
        scenarios=_parts(compared, Rows.by_scenario),
        handle_time=contrast(times(((FIRST, first.contacts), (SECOND, second.contacts))), SECONDS)[0],
        copilot=(copilot_share(first.contacts), copilot_share(second.contacts)),
        handoff=(handoff_share(first.contacts), handoff_share(second.contacts)),
        left_out=(
            *cautions.in_both(shared, a, b),
            *cautions.left_out((first, second)),
            *cautions.other_versions(versions, {one.dimension: one.rater for one in compared}),
        ),
        caveats=cautions.of_comparison((first, second), differences),
    )


def contrast(rows: Rows, scale: Scale = LEVELS) -> tuple[Contrast, Estimate | None]:
    """Two cohorts in one measure, and the estimate of their difference; None: how sure it is cannot be told.

    Args:
        rows: Of both cohorts and of people outside.
        scale: Of what is measured.
    """
    a, b = (group_of(rows.of_group(group), scale) for group in (FIRST, SECOND))
    if not a.people or not b.people:
        return _untold(a, b, _NOBODY), None
    adjusted = difference(rows)
    if adjusted is None:
        return _untold(a, b, _UNLINKED), None
    alone = min(a.people, b.people) < 2
    furthest = scale.highest - scale.lowest
    interval = None if alone else adjusted.estimate.interval(-furthest, furthest)
    found = Contrast(
        a=a,
        b=b,
        difference=adjusted.estimate.value,
        interval=interval,
        effect=_effect(adjusted, a.people + b.people - 2) if interval else None,
        why=_ALONE if alone else None if interval else _NO_SPREAD,
    )
    return found, adjusted.estimate if interval else None


_UNLINKED = (
    "No scenario was played in both cohorts, and nobody outside links those that were: whether people or scenarios "
    "differ cannot be told apart."
)
_ALONE = "One person alone shows no spread, so how sure the difference is cannot be told."
_NO_SPREAD = "The levels have no spread, so how sure the difference is cannot be told."
_NO_VERSION = "The two cohorts were scored by different versions of the rater, which are never put together."
_NOBODY = "One of the cohorts, or both, has nothing recorded here."


def _untold(a: Group, b: Group, why: str) -> Contrast:
    return Contrast(a=a, b=b, difference=None, interval=None, effect=None, why=why)


def _effect(adjusted: Adjusted, freedom: int) -> Effect | None:
    """Hedges' g (Journal of Educational Statistics 6, 1981); its error is that of the difference and of the spread."""
    if adjusted.spread <= NOTHING:
        return None
    small = 1 - 3 / (4 * freedom - 1)
    g = small * adjusted.estimate.value / adjusted.spread
    error = sqrt((small * adjusted.estimate.error / adjusted.spread) ** 2 + g**2 / (2 * freedom))
    interval = Estimate(g, error, adjusted.estimate.freedom).interval()
    return Effect(g=g, interval=interval) if interval else None


@dataclass(frozen=True)
class _Compared:
    """One dimension, by the version of the rater that most people of both cohorts share; where only one cohort has
    levels, by the version that most of its people have."""

    dimension: str
    rater: str | None
    standing: Standing
    rows: Rows

    def finding(self, rows: Rows | None = None) -> Finding:
        """The difference over these rows; None: over all."""
        found, estimate = contrast(self.rows if rows is None else rows)
        if self.rater is None:
            found = found.model_copy(update={"why": self.standing.reason})
        about = {"dimension": self.dimension, "rater": self.rater, "standing": self.standing}
        return Finding(Difference(**dict(found), **about), estimate)


def _compared(
    dimension: str,
    versions: Mapping[str, Rows],
    calibrations: Sequence[Calibration],
    reliability: Reliability | None,
) -> _Compared:
    people = {rater: (rows.count(FIRST), rows.count(SECOND)) for rater, rows in versions.items()}
    rater = max(people, key=lambda one: (min(people[one]), sum(people[one]), len(versions[one].value), one))
    scored = [any(counts) for counts in zip(*people.values(), strict=True)]
    if not any(scored) or (all(scored) and not min(people[rater])):
        why = _NO_VERSION if all(scored) else _NOBODY
        return _Compared(dimension, None, Standing(reliable=False, reason=why), Rows.of(()))
    return _Compared(dimension, rater, standing_of(dimension, rater, calibrations, reliability), versions[rater])


def _parts(compared: Sequence[_Compared], apart: Callable[[Rows], Iterable[tuple[str, Rows]]]) -> tuple[Part, ...]:
    """The differences within each mood or scenario that people of both cohorts have; they bear no verdict."""
    found: defaultdict[str, list[Difference]] = defaultdict(list)
    for one in compared:
        for name, rows in apart(one.rows):
            if rows.count(FIRST) and rows.count(SECOND):
                found[name].append(one.finding(rows).difference)
    return tuple(Part(name=name, differences=tuple(found[name])) for name in sorted(found))


def _without(cohort: CohortSums, people: Collection[str]) -> CohortSums:
    """The cohort without these people, and without sums of people who are not in it."""
    kept = {person for person in cohort.people if person not in people}
    return CohortSums(
        name=cohort.name,
        people=tuple(person for person in cohort.people if person in kept),
        cells=tuple(cell for cell in cohort.cells if cell.person in kept),
        contacts=tuple(one for one in cohort.contacts if one.person in kept),
    )
