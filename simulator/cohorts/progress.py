"""One person's own sessions over time, with how sure the line through them is. Compared with nobody's.

Apart from a cohort's curves, because one person's line has to bear everything at once: practice, which scenarios came
when, and the rater's error. It says how the sessions went, and not what the person is like.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from simulator.assessment.certainty import Reliability
from simulator.cohorts import cautions
from simulator.cohorts.figures import Interval, LeftOut, OwnCurve, OwnPoint, Progress, Standing
from simulator.cohorts.groups import LEVELS
from simulator.cohorts.levels import order
from simulator.cohorts.records import ScoreRecord, SessionRecord
from simulator.cohorts.regression import NOTHING, Estimate
from simulator.cohorts.reliance import standing_of
from simulator.standing import Calibration

FEWEST_SESSIONS = 3
"""For a line: through two points there always is one, and nothing says how sure it is."""


def progress(
    person: str,
    records: Iterable[SessionRecord],
    *,
    calibrations: Sequence[Calibration] = (),
    reliability: Reliability | None = None,
) -> Progress:
    """The person's sessions, by dimension and version of the rater, each with a straight line where there are enough.

    Args:
        person: Name or pseudonym; sessions of others are left out, and that is said.
        records: Finished sessions, each once, in any order.
        calibrations: From `simulator calibrate`.
        reliability: What is published about the rater; None: what ships with this version of the program.
    """
    given = sorted(records, key=lambda one: (one.started, one.session))
    own = [one for one in given if one.person == person]
    scored: defaultdict[tuple[str, str], list[_Scored]] = defaultdict(list)
    for attempt, record in enumerate(own, start=1):
        for score in record.scores:
            scored[score.dimension, score.rater].append(_Scored(attempt, record, score))
    curves = tuple(
        _curve(scored[about], about, standing_of(*about, calibrations, reliability))
        for about in sorted(scored, key=lambda about: (order(about[0]), about[1]))
    )
    times = [one.handle_seconds for one in own if one.handle_seconds is not None]
    return Progress(
        person=person,
        sessions=len(own),
        curves=curves,
        handle_seconds=sum(times) / len(times) if times else None,
        left_out=tuple(_left_out(given, own)),
        caveats=tuple(_caveats(own, curves)),
    )


@dataclass(frozen=True)
class _Scored:
    """One session's level on one dimension."""

    attempt: int
    record: SessionRecord
    score: ScoreRecord


@dataclass(frozen=True)
class _Line:
    """The straight line of least squares: level = at the middle + slope x (attempt - middle)."""

    middle: float
    level: float
    slope: float
    width: float
    """Sum of the squared distances of the attempts from their middle."""
    error: float
    """Standard deviation of the sessions around the line."""
    sessions: int

    @classmethod
    def through(cls, points: Sequence[tuple[float, float]]) -> "_Line":
        """The line through at least three points of attempt and level, the attempts not all the same."""
        middle, level = (sum(point[at] for point in points) / len(points) for at in (0, 1))
        width = sum((attempt - middle) ** 2 for attempt, _ in points)
        slope = sum((attempt - middle) * (value - level) for attempt, value in points) / width
        rest = sum((value - level - slope * (attempt - middle)) ** 2 for attempt, value in points)
        return cls(middle, level, slope, width, sqrt(rest / (len(points) - 2)), len(points))

    def at(self, attempt: float) -> Estimate:
        """The line at one attempt."""
        error = self.error * sqrt(1 / self.sessions + (attempt - self.middle) ** 2 / self.width)
        return self._sure(self.level + self.slope * (attempt - self.middle), error)

    def over(self, attempts: float) -> Estimate:
        """How far the line rises over so many attempts."""
        return self._sure(self.slope * attempts, self.error * attempts / sqrt(self.width))

    def _sure(self, value: float, error: float) -> Estimate:
        known = self.error > NOTHING
        return Estimate(value, error if known else 0.0, self.sessions - 2.0 if known else 0.0)


def _curve(scored: Sequence[_Scored], about: tuple[str, str], standing: Standing) -> OwnCurve:
    points = [(float(one.attempt), one.score.mean) for one in scored]
    line = _Line.through(points) if len(points) >= FEWEST_SESSIONS else None
    change = line.over(points[-1][0] - points[0][0]) if line else None
    span = LEVELS.highest - LEVELS.lowest
    interval = change.interval(-span, span) if change else None
    return OwnCurve(
        dimension=about[0],
        rater=about[1],
        standing=standing,
        points=tuple(_point(one, line) for one in scored),
        mean=LEVELS.within(sum(level for _, level in points) / len(points)),
        change=change.value if change else None,
        interval=interval,
        words=_words(len(points), change.value if change else None, interval),
    )


def _point(one: _Scored, line: _Line | None) -> OwnPoint:
    there = line.at(one.attempt) if line else None
    return OwnPoint(
        session=one.record.session,
        at=one.record.started,
        scenario=one.record.scenario,
        attempt=one.attempt,
        mean=one.score.mean,
        replies=one.score.replies,
        line=LEVELS.within(there.value) if there else None,
        interval=there.interval(*LEVELS) if there else None,
    )


def _words(sessions: int, change: float | None, interval: Interval | None) -> str:
    if change is None:
        count = "One session is" if sessions == 1 else "Two sessions are"
        return f"{count} too few for a curve; from {FEWEST_SESSIONS} on there is one."
    if interval is None:
        return f"{change:+.2f} of a level over {sessions} sessions, all on one line: how sure that is cannot be told."
    shown = f"{change:+.2f} of a level over {sessions} sessions ({interval.low:+.2f} to {interval.high:+.2f})."
    if interval.low > 0:
        return f"Rising: {shown}"
    if interval.high < 0:
        return f"Falling: {shown}"
    return f"No change shown: {shown} More sessions make that surer."


def _left_out(given: Sequence[SessionRecord], own: Sequence[SessionRecord]) -> Iterator[LeftOut]:
    others = {one.person for one in given} - {one.person for one in own}
    if others:
        count = len(given) - len(own)
        words = f"{cautions.counted(count, 'session')} under other names on this machine."
        yield LeftOut(kind="other_people", words=words, people=len(others), sessions=count)
    untimed = sum(one.handle_seconds is None for one in own)
    if untimed:
        words = f"{cautions.counted(untimed, 'session')} without a handle time, as the clock went backwards."
        yield LeftOut(kind="not_timed", words=words, people=1, sessions=untimed)
    unscored = sum(not one.scores for one in own)
    if unscored:
        words = f"{cautions.counted(unscored, 'session')} without a level on anything."
        yield LeftOut(kind="no_levels", words=words, people=1, sessions=unscored)


def _caveats(own: Sequence[SessionRecord], curves: Sequence[OwnCurve]) -> Iterator[str]:
    if any(curve.change is not None for curve in curves):
        if len({one.scenario for one in own}) > 1:
            yield "Scenarios differ in how hard they are; a line cannot tell that from practice."
        yield "The interval counts one session as independent of the next."
    yield from cautions.versions_apart((curve.dimension, curve.rater) for curve in curves)
    yield from cautions.of_standing(curve.standing for curve in curves)
