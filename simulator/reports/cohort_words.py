"""How the figures of cohorts are said, once for text, page and screen: each with unit, interval, numbers and standing.

Apart so that no two of them round, shorten or excuse a figure differently.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from simulator.cohorts.figures import (
    Bin,
    Contrast,
    Curve,
    CurvePoint,
    Difference,
    DimensionReport,
    Effect,
    Group,
    Interval,
    LeftOut,
    PersonFigure,
    Share,
    Slice,
    Standing,
)
from simulator.reports.printing import closed, in_words, printable

SCALE = "Levels run from 1 to 5. Every interval is a 95 % interval. Each person counts once, however often they played."
BY_NAME = "People are in the order of their names. There is no ranking, and no score put together from several."
NO_VERDICT = "Moods and scenarios have intervals and no verdict: so many comparisons would find differences by chance."
UNRELIABLE = "not to be relied on"
"""What stands beside every figure of a dimension whose levels nobody has shown to be right, in whatever grey it is."""

_LESS_THAN_A_THOUSANDTH = 0.001


@dataclass(frozen=True)
class Unit:
    """How a measure is written."""

    plainly: Callable[[float], str]
    """A value, with its unit: "3.42 of 5"."""
    bare: Callable[[float], str]
    """A value within an interval."""
    signed: Callable[[float], str]
    """A difference, with its sign."""
    differs: Callable[[float], str]
    """A difference, with its sign and unit."""
    more: str
    """What having more of it is called: "higher"."""


def duration(seconds: float) -> str:
    """Seconds as minutes and seconds: "5 min 20 s"."""
    minutes, rest = divmod(round(abs(seconds)), 60)
    told = f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"
    return f"-{told}" if seconds < 0 and told != "0 s" else told


def _signed_duration(seconds: float) -> str:
    told = duration(seconds)
    return told if told.startswith("-") or told == "0 s" else f"+{told}"


def _signed_level(levels: float) -> str:
    return f"{round(levels, 2) + 0.0:+.2f}"


LEVELS = Unit(
    plainly=lambda level: f"{level:.2f} of 5",
    bare=lambda level: f"{level:.2f}",
    signed=_signed_level,
    differs=lambda levels: f"{_signed_level(levels)} levels",
    more="higher",
)
TIME = Unit(plainly=duration, bare=duration, signed=_signed_duration, differs=_signed_duration, more="longer")


def name_of(text: str) -> str:
    """A name from outside, on one line and harmless to a terminal."""
    return " ".join(printable(text).split()) or "(no name)"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 person", "24 people"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def people_and_sessions(people: int, sessions: int) -> str:
    """How many a figure rests on."""
    return f"{counted(people, 'person', 'people')}, {counted(sessions, 'session')}"


def dimension_name(dimension: str) -> str:
    """A dimension's id as a heading: "Active listening"."""
    words = name_of(in_words(dimension))
    return words[:1].upper() + words[1:]


def titles_of(parts: Sequence[DimensionReport]) -> list[str]:
    """A heading for each part of a report; with the version of the rater where a dimension comes more than once."""
    ids = [part.dimension for part in parts]
    return [
        f"{dimension_name(part.dimension)}, {name_of(part.rater)}"
        if ids.count(part.dimension) > 1
        else dimension_name(part.dimension)
        for part in parts
    ]


def place_of_time(dimensions: Sequence[str]) -> int:
    """How many dimensions stand before handle time: it comes right behind empathy, or last where there is none."""
    return dimensions.index("empathy") + 1 if "empathy" in dimensions else len(dimensions)


def standing_of(standing: Standing) -> str:
    """How far the levels are to be believed, in a phrase; the words for grey come first."""
    reason = name_of(standing.reason).rstrip(".")
    return reason if standing.reliable else f"{UNRELIABLE}, {reason}"


def rated_by(standing: Standing, rater: str | None) -> str:
    """The same as sentences, with the version of the rater."""
    told = standing_of(standing)
    who = f" Rater {name_of(rater)}." if rater else ""
    return f"{closed(told[:1].upper() + told[1:])}{who}"


def marked(words: str, standing: Standing) -> str:
    """A figure, and beside it that it is not to be relied on, where that is so."""
    return words if standing.reliable else f"{words} ({UNRELIABLE})"


def between(interval: Interval, written: Callable[[float], str]) -> str:
    """From where to where."""
    return f"{written(interval.low)} to {written(interval.high)}"


def interval_of(interval: Interval | None, written: Callable[[float], str]) -> str:
    """The interval in words, or that there is none."""
    return f"95 % interval {between(interval, written)}" if interval else "no interval"


def group_of(group: Group, unit: Unit) -> str:
    """A cohort on one measure, in a phrase."""
    if group.mean is None:
        return "nothing was measured"
    spread = f", standard deviation between people {unit.bare(group.spread)}" if group.spread is not None else ""
    return (
        f"{unit.plainly(group.mean)}, {interval_of(group.interval, unit.bare)}{spread}, "
        f"{people_and_sessions(group.people, group.sessions)}"
    )


def slice_of(part: Slice) -> str:
    """A mood or a scenario of one cohort: "irate: 3.10 of 5, ..."."""
    return f"{name_of(in_words(part.name))}: {group_of(part.levels, LEVELS)}"


def difference_of(contrast: Contrast, unit: Unit) -> str:
    """The adjusted difference in a phrase, or why there is none."""
    if contrast.difference is None:
        return f"no difference can be told{_because(contrast.why)}"
    why = _because(contrast.why) if contrast.interval is None else ""
    return f"{unit.differs(contrast.difference)}, {interval_of(contrast.interval, unit.signed)}{why}"


def effect_of(effect: Effect | None) -> str | None:
    """The effect size in a phrase; None where there is none."""
    if effect is None:
        return None
    return f"Hedges' g {_signed_level(effect.g)}, 95 % interval {between(effect.interval, _signed_level)}"


def chance_of(difference: Difference) -> str | None:
    """What the verdict was tested by, in a phrase; None where nothing was tested."""
    if difference.verdict is None or difference.verdict.p_holm is None:
        return None
    return f"p after Holm's adjustment {_p(difference.verdict.p_holm)}"


def person_figure(figure: PersonFigure) -> str:
    """One person on one dimension, in a phrase."""
    why = f" ({name_of(figure.why)})" if figure.interval is None and figure.why else ""
    return (
        f"{LEVELS.plainly(figure.mean)}, {interval_of(figure.interval, LEVELS.bare)}{why}, "
        f"{counted(figure.sessions, 'session')}"
    )


def quartiles_of(part: DimensionReport) -> str | None:
    """How people lie around the middle, as a sentence; None for fewer than four people."""
    if part.quartiles is None:
        return None
    low, middle, high = part.quartiles
    return (
        f"A quarter of the people are at {low:.2f} or below, half at {middle:.2f} or below, "
        f"a quarter at {high:.2f} or above."
    )


def bins_of(part: DimensionReport) -> Iterator[str]:
    """How many people are where, from the first half level with anybody in it to the last."""
    for each in _filled(part.distribution):
        yield f"{bin_name(each)}: {counted(each.people, 'person', 'people')}"


def bin_name(each: Bin) -> str:
    """Where a bin lies: "3.0 to 3.5"."""
    return f"{each.low:.1f} to {each.high:.1f}"


def attempts_of(point: CurvePoint) -> str:
    """Which attempts a stretch of a curve is about: "attempts 2 to 3"."""
    return f"attempt {point.first}" if point.first == point.last else f"attempts {point.first} to {point.last}"


def change_of(point: CurvePoint) -> str:
    """A stretch's change since the first, in a phrase; for the first stretch its own interval."""
    if point.change is None:
        return interval_of(point.interval, LEVELS.bare)
    return (
        f"change since the first {LEVELS.differs(point.change)}, {interval_of(point.interval, LEVELS.signed)}, "
        "within the same people"
    )


def curve_of(curve: Curve, standing: Standing) -> Iterator[str]:
    """A curve stretch by stretch, and why it is none or ends, in sentences."""
    for point in curve.points:
        numbers = people_and_sessions(point.people, point.sessions)
        head = attempts_of(point)
        level = f"level {point.level:.2f} of 5, {change_of(point)}, {numbers}; as played {point.as_played:.2f}"
        yield f"{head[:1].upper()}{head[1:]}: {marked(level, standing)}."
    if curve.why:
        yield closed(name_of(curve.why))


def share_of(share: Share, what: str) -> str | None:
    """How often something was so, as a sentence; None where it was recorded nowhere, and so is left out.

    Args:
        share: Of the sessions where it was recorded.
        what: What was so: "A copilot was used in".
    """
    if share.share is None:
        return None
    sure = f"95 % interval {between(share.interval, _percent)}" if share.interval else "no interval"
    where = f"{counted(share.recorded, 'session')} where that was recorded"
    return (
        f"{what} {_percent(share.share)} of the sessions, {sure}, the mean of "
        f"{counted(share.people, 'person', 'people')}, {where}."
    )


def left_out_of(parts: Iterable[LeftOut]) -> list[str]:
    """What the figures do without, in sentences."""
    return [closed(name_of(part.words)) for part in parts]


def _filled(bins: Sequence[Bin]) -> Sequence[Bin]:
    filled = [place for place, each in enumerate(bins) if each.people]
    return bins[filled[0] : filled[-1] + 1] if filled else ()


def _because(why: str | None) -> str:
    return f" ({name_of(why).rstrip('.')})" if why else ""


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _p(chance: float) -> str:
    return "below 0.001" if chance < _LESS_THAN_A_THOUSANDTH else f"{chance:.3f}"
