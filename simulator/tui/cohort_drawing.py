"""Pictures of cohorts in characters: rows of dots for how people are spread, a plot for how levels go with practice.

Apart from the screens because it is geometry of cells. Whatever a picture shows stands beside it in figures.
"""

from collections.abc import Iterator, Sequence
from math import ceil

from textual.content import Content

from simulator.cohorts.figures import Bin, Curve, OwnCurve
from simulator.reports.cohort_words import bin_name
from simulator.vocabulary import Value

DOT = "\N{BLACK CIRCLE}"
_BAND = "\N{BOX DRAWINGS LIGHT VERTICAL}"
_AXIS = "\N{BOX DRAWINGS LIGHT VERTICAL AND LEFT}"
_FLOOR = "\N{BOX DRAWINGS LIGHT HORIZONTAL}"
_ROWS_A_LEVEL = 3
_ROOMY = 10
"""Cells between two spots at most."""

_AXIS_CELLS = 4
_FIGURE = len("3.4")
_LABEL_CELLS = 12
"""Before the dots of a row."""

_FIGURE_CELLS = 8
"""Behind them."""


class Spot(Value):
    """One place of a plot."""

    label: str
    """Below it: which attempts."""
    level: float
    """1 to 5."""
    low: float | None = None
    """Where the band begins here; None: there is none. So for `high`."""
    high: float | None = None


def dots(bins: Sequence[Bin], cells: int, ink: str) -> Content:
    """A row for each half level, a dot for each person; for several, where there are too many people for the width.

    Args:
        bins: In order.
        cells: How wide it may be.
        ink: Style of the dots.
    """
    most = max((each.people for each in bins), default=0)
    room = max(1, cells - _LABEL_CELLS - _FIGURE_CELLS)
    worth = max(1, ceil(most / room))
    rows = [
        Content.assemble(
            (f"{bin_name(each):>{_LABEL_CELLS - 2}}  ", "$quiet"),
            (DOT * ceil(each.people / worth), ink),
            f" {each.people}" if each.people else "",
        )
        for each in bins
    ]
    if worth > 1:
        rows.append(Content.styled(f"Each dot is up to {worth} people.", "$quiet"))
    return Content("\n").join(rows)


def plot(spots: Sequence[Spot], cells: int, ink: str) -> Content:
    """Levels 1 to 5 upwards, a column for each spot, its band as a line, its label and its level below.

    Args:
        spots: In order, one at least.
        cells: How wide it may be; where that is too narrow, the last spots are shown.
        ink: Style of the points.
    """
    least = max(_FIGURE, *(len(spot.label) for spot in spots)) + 2
    widest = max(least, min(_ROOMY, (cells - _AXIS_CELLS) // len(spots)))
    shown = list(spots)[-max(1, (cells - _AXIS_CELLS) // widest) :]
    rows = [_plot_row(row, shown, widest, ink) for row in range(4 * _ROWS_A_LEVEL, -1, -1)]
    floor = Content.styled(f"  \N{BOX DRAWINGS LIGHT UP AND RIGHT}{_FLOOR * (widest * len(shown))}", "$quiet")
    labels = Content.styled(f"   {''.join(f'{spot.label:^{widest}}' for spot in shown)}", "$quiet")
    figures = Content.styled(f"   {''.join(f'{spot.level:^{widest}.1f}' for spot in shown)}", ink)
    return Content("\n").join([*rows, floor, labels, figures])


def stretches(curve: Curve) -> Iterator[Spot]:
    """A cohort's curve; the band is where the change since the first stretch may lie, and there the level itself."""
    begin = curve.points[0].level if curve.points else 0.0
    for point in curve.points:
        label = str(point.first) if point.first == point.last else f"{point.first}\N{EN DASH}{point.last}"
        base = 0.0 if point.change is None else begin
        yield Spot(
            label=label,
            level=point.level,
            low=base + point.interval.low if point.interval else None,
            high=base + point.interval.high if point.interval else None,
        )


def own(curve: OwnCurve) -> Iterator[Spot]:
    """A person's sessions; the band is that of the line through them."""
    for point in curve.points:
        yield Spot(
            label=str(point.attempt),
            level=point.mean,
            low=point.interval.low if point.interval else None,
            high=point.interval.high if point.interval else None,
        )


def _plot_row(row: int, spots: Sequence[Spot], widest: int, ink: str) -> Content:
    level = 1 + row / _ROWS_A_LEVEL
    head = f"{level:.0f} {_AXIS}" if row % _ROWS_A_LEVEL == 0 else f"  {_BAND}"
    return Content.assemble((head, "$quiet"), *(_plot_cell(row, spot, widest, ink) for spot in spots))


def _plot_cell(row: int, spot: Spot, widest: int, ink: str) -> tuple[str, str]:
    if row == _row_of(spot.level):
        return f"{DOT:^{widest}}", ink
    if spot.low is not None and spot.high is not None and _row_of(spot.low) <= row <= _row_of(spot.high):
        return f"{_BAND:^{widest}}", "$quiet"
    return " " * widest, ""


def _row_of(level: float) -> int:
    return round((min(5.0, max(1.0, level)) - 1) * _ROWS_A_LEVEL)
