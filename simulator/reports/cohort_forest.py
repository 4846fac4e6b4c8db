"""How two cohorts differ, as inline SVG: a point on a scale with zero in the middle, and the interval around it.

Apart from the pictures of one cohort because these scales have a sign, and both sides of zero look alike.
"""

from collections.abc import Callable, Iterable
from math import ceil

from simulator.cohorts.figures import Contrast
from simulator.reports.cohort_page import minus, safe
from simulator.reports.cohort_pictures import LEFT, bar, svg
from simulator.reports.cohort_words import Unit, between

WIDTH, RIGHT = 720, 40

_LONGEST = 32
"""Characters of a name that fit under a scale."""


def difference(contrast: Contrast, unit: Unit, furthest: float, names: tuple[str, str], title: str) -> str:
    """The difference as a point on a scale with zero in the middle, its interval as a bar.

    Args:
        contrast: With a difference.
        unit: Of it.
        furthest: Where the scale ends on both sides.
        names: The two cohorts; the first is higher on the right.
        title: What it shows.
    """
    told = f"{unit.differs(contrast.difference or 0.0)}" + (
        f", interval {between(contrast.interval, unit.signed)}" if contrast.interval else ", no interval"
    )
    ends = (
        f'<text class="scale" x="{LEFT}" y="60">{safe(_short(names[1]))} {unit.more}</text>'
        f'<text class="scale" x="{WIDTH - RIGHT}" y="60" text-anchor="end">{safe(_short(names[0]))} {unit.more}</text>'
    )
    return svg(title, told, (WIDTH, 68), f"{_signed_scale(unit, furthest)}{_forest(contrast, furthest, 14)}{ends}")


def furthest_of(contrasts: Iterable[Contrast], least: float) -> float:
    """Where a scale ends that holds all these differences with their intervals, in whole steps of `least`."""
    reach = [
        abs(end)
        for one in contrasts
        for end in (one.difference or 0.0, *((one.interval.low, one.interval.high) if one.interval else ()))
    ]
    return least * max(1, ceil(max(reach, default=0.0) / least - 1e-9))


def small_difference(contrast: Contrast, furthest: float) -> str:
    """The same in a cell of a table, for the eye only: the figures stand beside it."""
    if contrast.difference is None:
        return ""
    width, middle = 160, 80

    def x(value: float) -> float:
        return round(middle + (middle - 6) * max(-1.0, min(1.0, value / furthest)), 1)

    sure = bar(contrast.interval, x, 9) if contrast.interval else ""
    point = f'<circle class="point" cx="{x(contrast.difference)}" cy="9" r="4"/>'
    return (
        f'<svg class="small" viewBox="0 0 {width} 18" aria-hidden="true">'
        f'<line class="zero" x1="{middle}" x2="{middle}" y1="1" y2="17"/>{sure}{point}</svg>'
    )


def _signed_x(furthest: float) -> Callable[[float], float]:
    middle = (LEFT + WIDTH - RIGHT) / 2
    return lambda value: round(middle + (WIDTH - LEFT - RIGHT) / 2 * max(-1.0, min(1.0, value / furthest)), 1)


def _forest(contrast: Contrast, furthest: float, y: float) -> str:
    x = _signed_x(furthest)
    sure = bar(contrast.interval, x, y) if contrast.interval else ""
    return f'{sure}<circle class="point" cx="{x(contrast.difference or 0.0)}" cy="{y}" r="6"/>'


def _signed_scale(unit: Unit, furthest: float) -> str:
    x = _signed_x(furthest)
    ticks = "".join(
        f'<line class="axis" x1="{x(at)}" x2="{x(at)}" y1="24" y2="29"/>'
        f'<text class="scale" x="{x(at)}" y="41" text-anchor="middle">'
        f"{minus(unit.signed(at)) if at else 'no difference'}</text>"
        for at in (-furthest, -furthest / 2, 0.0, furthest / 2, furthest)
    )
    return (
        f'<line class="zero" x1="{x(0.0)}" x2="{x(0.0)}" y1="2" y2="28"/>'
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="24" y2="24"/>{ticks}'
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
