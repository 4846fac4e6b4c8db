"""Levels and feelings as rows of small bars with their numbers; apart because widths are a small art."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from simulator.debriefing.debrief import CurvePoint, Debrief
from simulator.reports.contact import range_of
from simulator.tui.gauges import bar
from simulator.tui.palette import FEELING_INK
from simulator.vocabulary import Feeling
from simulator.wording import change

NAME_CELLS = 18
"""Cells of the first column, so that the rows of both tables stand under each other."""

_LEVEL_CELLS = (10, 30)
"""Fewest and most cells of a level's bar."""

_BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"


def column(degree: float) -> str:
    """One character as high as the degree, 0 to 100."""
    return _BARS[min(len(_BARS) - 1, int(degree * len(_BARS) / 100))]


class Levels(Static):
    """Per dimension and overall: its name, a bar from 0 to 5, the mean, its 95 % interval, the name of the nearest
    level, and the mark of one that is not calibrated, which has a line of its own."""

    def __init__(self, debrief: Debrief) -> None:
        super().__init__(markup=False)
        self._rows = [
            (score.name, score.mean, f"({range_of(score.interval)}) {score.level_name or ''}", "", score.mark)
            for score in debrief.dimensions
        ]
        if (overall := debrief.overall) is not None:
            self._rows.append(("Overall", overall.mean, f"({range_of(overall.interval)}) of 5", "bold", None))

    def render(self) -> Content:
        """A row each."""
        fewest, most = _LEVEL_CELLS
        cells = max(fewest, min(most, self.content_size.width - NAME_CELLS - 42))
        return Content("\n").join(_level(*row, cells) for row in self._rows)


def _level(name: str, mean: float | None, says: str, weight: str, mark: str | None, cells: int) -> Content:
    below = Content.assemble("\n", " " * NAME_CELLS, (mark, "$alert")) if mark else Content("")
    if mean is None:
        return Content.assemble(f"{name:<{NAME_CELLS}}", ("not rated", "$quiet"), below)
    return Content.assemble(
        (f"{name:<{NAME_CELLS}}", weight),
        bar(mean / 5, cells, "$trainee"),
        (f"  {mean:.1f} ", weight),
        (says, "$quiet"),
        below,
    )


class Curve(Static):
    """Per feeling: its name, the number it began with, a bar for the start and every turn, the last number, and how
    far it went. The leading feeling is in bold."""

    def __init__(self, points: Sequence[CurvePoint], leading: Feeling) -> None:
        super().__init__(markup=False)
        self._points = points
        self._leading = leading

    def render(self) -> Content:
        """A row each, the bars as far apart as the width allows."""
        room = self.content_size.width - NAME_CELLS - 22
        gap = " " if 2 * len(self._points) <= room else ""
        return Content("\n").join(self._row(feeling, gap) for feeling in Feeling)

    def _row(self, feeling: Feeling, gap: str) -> Content:
        degrees = [point.emotion.degree(feeling) for point in self._points]
        weight = "bold" if feeling is self._leading else ""
        return Content.assemble(
            (f"{feeling.value.capitalize():<{NAME_CELLS}}", weight),
            (f"{degrees[0]:>3.0f}  ", weight),
            (gap.join(map(column, degrees)), FEELING_INK[feeling]),
            (f"  {degrees[-1]:>3.0f}  ", weight),
            (change(degrees[0], degrees[-1]), "$quiet"),
        )
