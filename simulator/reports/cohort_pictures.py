"""The pictures of one cohort as inline SVG: how people are spread, and how levels go with practice.

Apart from the pages because it is geometry. Each picture says in words what it shows, and has its table beside it.
Shapes and strokes tell things apart, colour only helps.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import ceil

from simulator.cohorts.figures import Curve, CurvePoint, Group, Interval
from simulator.reports.cohort_page import safe
from simulator.reports.cohort_words import LEVELS, attempts_of, counted

WIDTH = 480
"""As wide as a card is on most screens, so that letters keep their size."""
LEFT, RIGHT = 40, 24
"""Margins beside the scale, in SVG units, as all distances here."""

_HIGHEST_PILE = 16
"""So many dots stand on each other at most; with more people a dot stands for several."""

_DOT = 4.5
_BINS_A_LEVEL = 10
_CURVE_HEIGHT = 250
_CURVE_TOP, _CURVE_BOTTOM = 14, 40


def dot_strip(means: Sequence[float], group: Group, title: str) -> str:
    """One dot for each person at their mean level, equal ones on each other; below them the cohort's mean and interval.

    Args:
        means: Of the people, 1 to 5, in any order.
        group: The same people together.
        title: What it shows.
    """
    piles = Counter(round((mean - 1) * _BINS_A_LEVEL) for mean in means)
    each = max(1, ceil(max(piles.values(), default=1) / _HIGHEST_PILE))
    highest = max((ceil(count / each) for count in piles.values()), default=1)
    base = highest * 2 * _DOT + 12
    dots = "".join(
        f'<circle cx="{_level_x(1 + place / _BINS_A_LEVEL)}" cy="{base - (2 * number + 1) * _DOT}" r="{_DOT - 0.5}"/>'
        for place, count in sorted(piles.items())
        for number in range(ceil(count / each))
    )
    dot = "one person" if each == 1 else f"up to {each} people"
    told = f"{counted(len(means), 'person', 'people')}; each dot is {dot}."
    marks = f'<g class="dots">{dots}</g>{_mean_mark(group, base + 14)}{_levels_scale(base, base + 46)}'
    return svg(title, told, (WIDTH, base + 52), marks) + (
        f"<figcaption>{safe(told)} The bar below is the mean with its interval.</figcaption>\n"
    )


def curve(drawn: Curve, title: str) -> str:
    """The cohort's level over stretches of attempts, with a band where the change within the same people may lie.

    Args:
        drawn: With one stretch at least.
        title: What it shows.
    """
    points = drawn.points
    first, last = points[0], points[-1]
    told = (
        f"Level {LEVELS.bare(first.level)} at {attempts_of(first)}, {LEVELS.bare(last.level)} at {attempts_of(last)}, "
        f"on a scale of 1 to 5, over {counted(len(points), 'stretch', 'stretches')} of attempts."
    )
    places = [_place(number, len(points)) for number in range(len(points))]
    parts = (
        _curve_grid(),
        _band(points, places),
        _polyline("played", places, [point.as_played for point in points]),
        _polyline("level", places, [point.level for point in points]),
        "".join(_knot(point, x) for point, x in zip(points, places, strict=True)),
        _whisker(first, places[0]),
    )
    return svg(title, told, (WIDTH, _CURVE_HEIGHT), "".join(parts))


def svg(title: str, told: str, size: tuple[float, float], marks: str) -> str:
    """A picture of a width and a height; title and words not yet safe."""
    width, height = size
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{safe(title)}. {safe(told)}">'
        f"<title>{safe(title)}</title><desc>{safe(told)}</desc>{marks}</svg>\n"
    )


def _level_x(level: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (level - 1) / 4, 1)


def _levels_scale(top: float, bottom: float) -> str:
    return f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{top}" y2="{top}"/>' + "".join(
        f'<line class="axis" x1="{_level_x(level)}" x2="{_level_x(level)}" y1="{top}" y2="{top + 5}"/>'
        f'<text class="scale" x="{_level_x(level)}" y="{bottom}" text-anchor="middle">level {level}</text>'
        for level in range(1, 6)
    )


def _mean_mark(group: Group, y: float) -> str:
    if group.mean is None:
        return ""
    sure = bar(group.interval, _level_x, y) if group.interval else ""
    x = _level_x(group.mean)
    return f'{sure}<path class="point" d="M{x} {y - 7}l5 7l-5 7l-5 -7z"/>'


def bar(interval: Interval, x: Callable[[float], float], y: float) -> str:
    """An interval as a bar with ends, at the height `y`, `x` telling where a value stands."""
    low, high = x(interval.low), x(interval.high)
    return (
        f'<line class="interval" x1="{low}" x2="{high}" y1="{y}" y2="{y}"/>'
        f'<line class="interval" x1="{low}" x2="{low}" y1="{y - 4}" y2="{y + 4}"/>'
        f'<line class="interval" x1="{high}" x2="{high}" y1="{y - 4}" y2="{y + 4}"/>'
    )


def _place(number: int, count: int) -> float:
    """Where a stretch stands; a single one in the middle."""
    if count == 1:
        return round((LEFT + WIDTH - RIGHT) / 2, 1)
    inner = 30
    return round(LEFT + inner + (WIDTH - LEFT - RIGHT - 2 * inner) * number / (count - 1), 1)


def _curve_y(level: float) -> float:
    share = (min(5.0, max(1.0, level)) - 1) / 4
    return round(_CURVE_TOP + (_CURVE_HEIGHT - _CURVE_TOP - _CURVE_BOTTOM) * (1 - share), 1)


def _curve_grid() -> str:
    return "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{_curve_y(level)}" y2="{_curve_y(level)}"/>'
        f'<text class="scale" x="{LEFT - 10}" y="{_curve_y(level) + 4}" text-anchor="end">{level}</text>'
        for level in range(1, 6)
    )


def _band(points: Sequence[CurvePoint], places: Sequence[float]) -> str:
    """From the first stretch, where there is no change yet, as far as intervals are known."""
    begin = points[0].level
    ends = [(x, low, high) for x, low, high in _band_ends(points, places, begin)]
    if len(ends) < 2:
        return ""
    upper = [f"{x},{_curve_y(high)}" for x, _, high in ends]
    lower = [f"{x},{_curve_y(low)}" for x, low, _ in reversed(ends)]
    return f'<polygon class="band" points="{" ".join([*upper, *lower])}"/>'


def _band_ends(
    points: Sequence[CurvePoint], places: Sequence[float], begin: float
) -> Iterator[tuple[float, float, float]]:
    yield places[0], begin, begin
    for point, x in zip(points[1:], places[1:], strict=True):
        if point.interval is None:
            return
        yield x, begin + point.interval.low, begin + point.interval.high


def _polyline(look: str, places: Sequence[float], levels: Sequence[float]) -> str:
    points = " ".join(f"{x},{_curve_y(level)}" for x, level in zip(places, levels, strict=True))
    return f'<polyline class="{look}" points="{points}"/>'


def _knot(point: CurvePoint, x: float) -> str:
    stretch = f"{point.first}" if point.first == point.last else f"{point.first}\N{EN DASH}{point.last}"
    return (
        f'<circle class="point" cx="{x}" cy="{_curve_y(point.level)}" r="4.5"/>'
        f'<text class="figure" x="{x}" y="{_curve_y(point.level) - 12}" text-anchor="middle">{point.level:.2f}</text>'
        f'<text class="scale" x="{x}" y="{_CURVE_HEIGHT - 20}" text-anchor="middle">{stretch}</text>'
        f'<text class="scale" x="{x}" y="{_CURVE_HEIGHT - 5}" text-anchor="middle">'
        f"n = {point.people}</text>"
    )


def _whisker(point: CurvePoint, x: float) -> str:
    if point.interval is None:
        return ""
    low, high = _curve_y(point.interval.low), _curve_y(point.interval.high)
    return f'<line class="interval" x1="{x}" x2="{x}" y1="{low}" y2="{high}"/>'
