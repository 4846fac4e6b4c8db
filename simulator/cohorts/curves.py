"""How levels go with practice: a cohort's learning curve, within the same people.

Apart from differences between cohorts because here everybody is compared with themselves alone. Whoever stops early
would bend a plain mean by attempt: if the weaker stop, the mean rises though nobody has learned. So each stretch of
attempts is compared with the first within those who came that far (a fixed effect for each person), with the scenarios
taken into account; the plain mean stands beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from simulator.cohorts.figures import Curve, CurvePoint, Interval
from simulator.cohorts.groups import LEVELS
from simulator.cohorts.levels import Floats
from simulator.cohorts.records import SessionRecord
from simulator.cohorts.regression import Clusters, Estimate, Fit, mean_of

FEWEST_PEOPLE = 5
"""A stretch that fewer people came to ends the curve."""

WIDTH = LEVELS.highest - LEVELS.lowest
"""No level changes by more."""


class Attempt(NamedTuple):
    """One session's level on one dimension."""

    person: str
    number: int
    """Counted for each person from 1, over all scenarios."""
    scenario: str
    value: float


def attempts_of(records: Iterable[SessionRecord]) -> dict[tuple[str, str], list[Attempt]]:
    """The attempts by dimension and version of the rater.

    Args:
        records: Each session once, in any order; they are numbered by when they started.
    """
    found: defaultdict[tuple[str, str], list[Attempt]] = defaultdict(list)
    played: defaultdict[str, int] = defaultdict(int)
    for record in sorted(records, key=lambda one: (one.person, one.started, one.session)):
        played[record.person] += 1
        for score in record.scores:
            attempt = Attempt(record.person, played[record.person], record.scenario, score.mean)
            found[score.dimension, score.rater].append(attempt)
    return found


def curve(attempts: Sequence[Attempt]) -> Curve:
    """The learning curve of a cohort on one dimension and one version of the rater."""
    stretches = list(_stretches(attempts))
    if not stretches:
        return Curve(points=(), why=f"Fewer than {FEWEST_PEOPLE} people have a first session with a level here.")
    changes = _changes(stretches)
    return Curve(points=tuple(_points(stretches, changes)), why=_why(attempts, stretches, changes))


class _Stretch(NamedTuple):
    """Attempts that are looked at together."""

    first: int
    last: int
    attempts: list[Attempt]


def _stretches(attempts: Sequence[Attempt]) -> Iterator[_Stretch]:
    """Attempts 1, 2, 3, 4-5, 6-8, 9-13 and so on, longer as fewer people are left; up to where there are too few."""
    by_number: defaultdict[int, list[Attempt]] = defaultdict(list)
    for one in attempts:
        by_number[one.number].append(one)
    first, last, after = 1, 1, 2
    while True:
        own = [one for number in range(first, last + 1) for one in by_number.get(number, ())]
        if len({one.person for one in own}) < FEWEST_PEOPLE:
            return
        yield _Stretch(first, last, own)
        first, last, after = last + 1, after, last + after


def _changes(stretches: Sequence[_Stretch]) -> list[Estimate | None]:
    """The change since the first stretch, for each after it; None where it cannot be told from the scenarios."""
    if len(stretches) == 1:
        return []
    means: defaultdict[tuple[str, int, str], list[float]] = defaultdict(list)
    for place, stretch in enumerate(stretches):
        for one in stretch.attempts:
            means[one.person, place, one.scenario].append(one.value)
    found = sorted(means)
    scenarios = np.unique([key[2] for key in found], return_inverse=True)[1]
    values = np.array([sum(means[key]) / len(means[key]) for key in found])
    design = np.zeros((len(found), len(stretches) + int(scenarios.max())))
    rows = np.arange(len(found))
    for column, here in ((0, np.array([key[1] for key in found])), (len(stretches) - 1, scenarios)):
        design[rows[here > 0], column + here[here > 0] - 1] = 1
    clusters = Clusters.of(np.unique([key[0] for key in found], return_inverse=True)[1])
    whole = np.ones(len(clusters.sizes))
    fit = Fit(clusters.less_own_mean(design, whole), clusters.less_own_mean(values, whole), clusters)
    contrasts = np.eye(design.shape[1])[: len(stretches) - 1]
    return [fit.estimate(each) if fit.can_tell(each) else None for each in contrasts]


def _points(stretches: Sequence[_Stretch], changes: Sequence[Estimate | None]) -> Iterator[CurvePoint]:
    first, *later = stretches
    start = mean_of(_by_person(first.attempts))
    yield _point(first, start.value, None, start.interval(*LEVELS))
    for stretch, change in zip(later, changes, strict=True):
        if change is not None:
            level = LEVELS.within(start.value + change.value)
            yield _point(stretch, level, change.value, change.interval(-WIDTH, WIDTH))


def _point(stretch: _Stretch, level: float, change: float | None, interval: Interval | None) -> CurvePoint:
    means = _by_person(stretch.attempts)
    return CurvePoint(
        first=stretch.first,
        last=stretch.last,
        people=len(means),
        sessions=len(stretch.attempts),
        as_played=float(means.mean()),
        level=level,
        change=change,
        interval=interval,
    )


def _by_person(attempts: Iterable[Attempt]) -> Floats:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for one in attempts:
        found[one.person].append(one.value)
    return np.array([sum(own) / len(own) for own in found.values()])


def _why(attempts: Sequence[Attempt], stretches: Sequence[_Stretch], changes: Sequence[Estimate | None]) -> str | None:
    last = stretches[-1].last
    if None in changes:
        return "Scenarios were played in the same order by all: practice and difficulty cannot be told apart."
    if any(one.number > last for one in attempts):
        return f"The curve ends at attempt {last}: fewer than {FEWEST_PEOPLE} people came further."
    return None
