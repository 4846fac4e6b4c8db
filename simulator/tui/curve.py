"""The course of the four feelings over a contact, as rows of small bars with their numbers."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from simulator.debrief import CurvePoint
from simulator.tui.palette import FEELING_INK
from simulator.vocabulary import Feeling

_BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"


def column(degree: float) -> str:
    """One character as high as the degree, 0 to 100."""
    return _BARS[min(len(_BARS) - 1, int(degree * len(_BARS) / 100))]


class Curve(Static):
    """Per feeling: its name, a bar for the start and every turn, and the number it began and ended with."""

    def __init__(self, points: Sequence[CurvePoint]) -> None:
        super().__init__(Content("\n").join(_row(points, feeling) for feeling in Feeling), markup=False)


def _row(points: Sequence[CurvePoint], feeling: Feeling) -> Content:
    degrees = [point.emotion.degree(feeling) for point in points]
    bars = " ".join(map(column, degrees))
    return Content.assemble(
        f"{feeling.value.capitalize():<11}",
        f"{degrees[0]:>4.0f}  ",
        (bars, FEELING_INK[feeling]),
        f"  {degrees[-1]:.0f}",
    )
