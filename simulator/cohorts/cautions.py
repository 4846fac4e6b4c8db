"""What a figure does without and why, and the sentences that have to be read with it.

Apart because a comparison that hides these is believed for the wrong reasons.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from simulator.cohorts.figures import Difference, DimensionReport, LeftOut, Standing
from simulator.cohorts.groups import LEVELS
from simulator.cohorts.levels import FIRST, OUTSIDE, SECOND, Rows, Versions
from simulator.cohorts.sums import CohortSums

NAMED = 5
"""So many people are named in a sentence; of more, how many."""

FEW = 15
"""With fewer people than this, a true half level is found in less than two cases of three, and then looks larger."""

UNEVEN = 1.5
"""Where the people of one cohort played so many times as many sessions as those of the other, practice may be it."""

NEAR_THE_END = 0.5
"""A cohort's mean so near to level 1 or 5 has little room left on that side."""


def in_both(shared: Collection[str], a: CohortSums, b: CohortSums) -> Iterator[LeftOut]:
    """Those who are in both cohorts."""
    if not shared:
        return
    own = {(one.person, one.scenario): one.sessions for cohort in (a, b) for one in cohort.contacts}
    sessions = sum(count for (person, _), count in own.items() if person in shared)
    names = _list(sorted(shared))
    count = "One person is" if len(shared) == 1 else f"{len(shared)} people are"
    words = f"{count} in both cohorts and counted in neither: {names}."
    yield LeftOut(kind="in_both", words=words, people=len(shared), sessions=sessions)


def left_out(cohorts: Sequence[CohortSums]) -> Iterator[LeftOut]:
    """What was not recorded, and who has nothing recorded."""
    for cohort in cohorts:
        idle = {*cohort.people} - {one.person for one in cohort.contacts} - {one.person for one in cohort.cells}
        if idle:
            words = f"{_of(len(idle), len(cohort.people))} people of {cohort.name} have no finished session."
            yield LeftOut(kind="no_sessions", words=words, people=len(idle), sessions=0)
        yield from _unrecorded(cohort)


def other_versions(versions: Versions, chosen: Mapping[str, str | None]) -> Iterator[LeftOut]:
    """Levels by versions of the rater that were not taken, as they cannot be put together with those that were.

    Args:
        versions: All rows there are.
        chosen: The version that was taken, by dimension; None: none is shared.
    """
    passed: defaultdict[str, dict[str, Rows]] = defaultdict(dict)
    for dimension, raters in versions.items():
        if not all(any(rows.count(group) for rows in raters.values()) for group in (FIRST, SECOND)):
            continue
        for rater, rows in raters.items():
            inside = rows.where(rows.group != OUTSIDE)
            if rater != chosen.get(dimension) and len(inside.value):
                passed[rater][dimension] = inside
    for rater in sorted(passed):
        found = passed[rater].values()
        people = {rows.people[one] for rows in found for one in rows.person.tolist()}
        sessions = max(int(rows.sessions.sum()) for rows in found)
        names = _list([name.replace("_", " ") for name in passed[rater]])
        count = f"{counted(sessions, 'session')} of {counted(len(people), 'person', 'people')}"
        words = (
            f"Levels of {names} by {rater} ({count}) are left out: levels by different versions are never put together."
        )
        yield LeftOut(kind="other_rater", words=words, people=len(people), sessions=sessions)


def of_comparison(cohorts: tuple[CohortSums, CohortSums], differences: Sequence[Difference]) -> tuple[str, ...]:
    """What has to be read with the differences of these two cohorts, who have nobody in common."""
    found = [_NOT_DRAWN, *_few(differences), *_practice(cohorts), *_common_ground(cohorts), *_crowded(differences)]
    return (*found, *of_standing(one.standing for one in differences))


def of_report(dimensions: Sequence[DimensionReport]) -> tuple[str, ...]:
    """What has to be read with the figures of one cohort."""
    versions = versions_apart((one.dimension, one.rater) for one in dimensions)
    stopping = [_STOPPING] if any(len(one.curve.points) > 1 for one in dimensions) else []
    return (_AS_GIVEN, *stopping, *versions, *of_standing(one.standing for one in dimensions))


_AS_GIVEN = "Levels of people are as they were given: whoever played harder scenarios may stand lower for it."
_STOPPING = (
    "Learning curves show what changed within the same people; of those who stopped, nobody knows how they would have "
    "gone on."
)


def versions_apart(scored: Iterable[tuple[str, str]]) -> Iterator[str]:
    """That a dimension (each with a version of what scored it) is there more than once, where it is."""
    raters = defaultdict[str, set[str]](set)
    for dimension, rater in scored:
        raters[dimension].add(rater)
    several = [name.replace("_", " ") for name, own in raters.items() if len(own) > 1]
    if several:
        yield f"Levels by different versions of a rater are never put together; there are several on {_list(several)}."


def of_standing(standings: Iterable[Standing]) -> Iterator[str]:
    """What has to be said once of where the rater's figures come from."""
    if any(one.against == "panel" for one in standings):
        yield (
            "The rater was compared with a panel of language models and not with people; `simulator calibrate` "
            "compares it with you."
        )


_NOT_DRAWN = (
    "The cohorts were not drawn by lot: a difference says that they differ, not that a course or a person is the cause."
)


def _few(differences: Sequence[Difference]) -> Iterator[str]:
    tested = [one for one in differences if one.verdict is not None and one.verdict.p is not None]
    fewest = min((min(one.a.people, one.b.people) for one in tested), default=FEW)
    if fewest < FEW:
        yield (
            f"With {fewest} people in a cohort only large differences are found, and one that is found tends to look "
            "larger than it is."
        )


def _practice(cohorts: tuple[CohortSums, CohortSums]) -> Iterator[str]:
    most, least = sorted(((_sessions_each(one), one.name) for one in cohorts), reverse=True)
    if least[0] and most[0] >= UNEVEN * least[0]:
        yield (
            f"People of {most[1]} played {most[0]:.1f} sessions each, people of {least[1]} {least[0]:.1f}: practice "
            "itself moves levels, and the differences are not adjusted for it."
        )


def _sessions_each(cohort: CohortSums) -> float:
    played = {one.person for one in cohort.contacts}
    return sum(one.sessions for one in cohort.contacts) / len(played) if played else 0.0


def _common_ground(cohorts: tuple[CohortSums, CohortSums]) -> Iterator[str]:
    first, second = ({cell.scenario for cell in one.cells} for one in cohorts)
    common, every = first & second, first | second
    if first and second and 2 * len(common) < len(every):
        yield (
            f"{len(common)} of {len(every)} scenarios were played in both cohorts: how hard the others are is told "
            "from few people, and the intervals are wide for it."
        )


def _crowded(differences: Sequence[Difference]) -> Iterator[str]:
    for one in differences:
        ends = [group.mean for group in (one.a, one.b) if group.mean is not None]
        if any(min(mean - LEVELS.lowest, LEVELS.highest - mean) < NEAR_THE_END for mean in ends):
            name = one.dimension.replace("_", " ")
            yield f"On {name} levels lie near the end of the scale, which makes differences look smaller."


def _unrecorded(cohort: CohortSums) -> Iterator[LeftOut]:
    every = sum(one.sessions for one in cohort.contacts)
    untimed = [one for one in cohort.contacts if one.timed < one.sessions]
    silent = [one for one in cohort.contacts if one.copilot_recorded < one.sessions]
    if untimed:
        count = sum(one.sessions - one.timed for one in untimed)
        words = f"{_of(count, every)} sessions of {cohort.name} have no handle time, as their clocks go backwards."
        yield LeftOut(kind="not_timed", words=words, people=len({one.person for one in untimed}), sessions=count)
    if silent:
        count = sum(one.sessions - one.copilot_recorded for one in silent)
        words = f"{_of(count, every)} sessions of {cohort.name} do not say whether a copilot was used."
        yield LeftOut(kind="not_recorded", words=words, people=len({one.person for one in silent}), sessions=count)


def _of(count: int, every: int) -> str:
    return f"{count} of {every}"


def counted(count: int, one: str, more: str | None = None) -> str:
    """A number with its noun: "1 session", "3 sessions"."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def _list(names: Sequence[str]) -> str:
    more = [f"and {len(names) - NAMED} more"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])
