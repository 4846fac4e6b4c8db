"""A trainee's own sessions over time, in lines of text that a screen reader says in order.

Apart from the pages of cohorts, because nobody else is in it.
"""

from collections.abc import Iterator

from simulator.cohorts.figures import OwnCurve, OwnPoint, Progress
from simulator.reports.cohort_words import counted, dimension_name, duration, name_of, standing_of

_ENDS = (1.0, 5.0)
_STEPS = 8
"""Places a drawing has for each level."""


def lines(made: Progress, drawn: bool = False) -> Iterator[str]:
    """The lines, one thing each.

    Args:
        made: What is told.
        drawn: Put a drawing of the scale before each session, for eyes.
    """
    yield f"{name_of(made.person)}: {counted(made.sessions, 'finished session')}. Levels run from 1 to 5."
    if made.sessions and not made.curves:
        yield "No reply in them has a level, so there is no curve."
    for curve in made.curves:
        yield ""
        yield from _curve(curve, drawn)
    if made.handle_seconds is not None:
        yield ""
        yield f"Handle time: {duration(made.handle_seconds)} a session, to be read beside empathy."
    notes = [*(one.words for one in made.left_out), *made.caveats]
    if notes:
        yield ""
    yield from (name_of(note) for note in notes)


def _curve(curve: OwnCurve, drawn: bool) -> Iterator[str]:
    yield f"{dimension_name(curve.dimension)} ({name_of(curve.rater)}: {standing_of(curve.standing)})"
    yield f"  Mean {curve.mean:.2f}. {curve.words}"
    for point in curve.points:
        yield f"  {_drawing(point)}  {_point(point)}" if drawn else f"  {_point(point)}"


def _point(point: OwnPoint) -> str:
    day = point.at.astimezone().date().isoformat()
    said = f"Session {point.attempt}, {day}, {name_of(point.scenario)}: {point.mean:.2f}, {_replies(point)}"
    if point.line is None or point.interval is None:
        return said
    return f"{said}; the line {point.line:.2f} ({point.interval.low:.2f} to {point.interval.high:.2f})"


def _replies(point: OwnPoint) -> str:
    return counted(point.replies, "rated reply", "rated replies")


def _drawing(point: OwnPoint) -> str:
    """The scale from 1 to 5: o the session, = the interval of the line, . the rest."""
    places = ["."] * (_STEPS * int(_ENDS[1] - _ENDS[0]) + 1)
    if point.interval is not None:
        for place in range(_place(point.interval.low), _place(point.interval.high) + 1):
            places[place] = "="
    places[_place(point.mean)] = "o"
    return f"1 {''.join(places)} 5"


def _place(level: float) -> int:
    return round((level - _ENDS[0]) * _STEPS)
