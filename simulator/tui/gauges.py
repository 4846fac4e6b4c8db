"""How the customer feels, as a panel of bars or as one line; apart because the words and widths are a small art."""

from collections.abc import Callable

from textual.content import Content
from textual.widgets import Static

from simulator.tui.palette import FEELING_INK
from simulator.vocabulary import Emotion, Feeling
from simulator.wording import change, degree_word

_NAME_CELLS = 10
_Cell = Callable[[Feeling, "Standing"], str]


class Standing:
    """The emotion now and before the last turn, and which feeling leads."""

    def __init__(self, before: Emotion, now: Emotion, leading: Feeling) -> None:
        self.before = before
        self.now = now
        self.leading = leading

    def points(self, feeling: Feeling) -> int:
        """The degree in whole points, 0 to 100."""
        return round(self.now.degree(feeling))

    def word(self, feeling: Feeling) -> str:
        """The degree as a word."""
        return degree_word(feeling, self.now.degree(feeling))

    def change(self, feeling: Feeling) -> str:
        """What the last turn did: "up 6", or empty."""
        return change(self.before.degree(feeling), self.now.degree(feeling))

    def step(self, feeling: Feeling) -> str:
        """What the last turn did, in as few cells as will do: "+6", or empty."""
        points = self.points(feeling) - round(self.before.degree(feeling))
        return f"{points:+d}" if points else ""


def bar(share: float, width: int, ink: str) -> Content:
    """A line of `width` cells, heavy and in `ink` for a share of 0 to 1, light for the rest."""
    filled = round(width * share)
    return Content.assemble(
        ("\N{BOX DRAWINGS HEAVY HORIZONTAL}" * filled, ink),
        ("\N{BOX DRAWINGS LIGHT HORIZONTAL}" * (width - filled), "$rule"),
    )


class Gauge(Static):
    """Shows a standing; how is up to the two below."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(markup=False)
        self._standing = standing

    def show(self, standing: Standing) -> None:
        """Show another standing."""
        self._standing = standing
        self.refresh(layout=True)


class GaugePanel(Gauge):
    """For wide windows: per feeling a line of number and words, and a bar."""

    def render(self) -> Content:
        """Four pairs of lines."""
        return Content("\n\n").join(self._pair(feeling) for feeling in Feeling)

    def _pair(self, feeling: Feeling) -> Content:
        standing, width = self._standing, self.content_size.width
        weight = "bold" if feeling is standing.leading else ""
        words = f"{standing.points(feeling):>4}  {standing.word(feeling)}"
        moved = standing.change(feeling)
        name = f"{feeling.value.capitalize():<{_NAME_CELLS}}"
        gap = " " * max(1, width - len(name) - len(words) - len(moved))
        return Content.assemble(
            (name, weight),
            (words, weight),
            gap,
            (moved, "$quiet"),
            "\n",
            bar(standing.points(feeling) / 100, width, FEELING_INK[feeling]),
        )


class GaugeStrip(Gauge):
    """For narrow windows: all four on one line, in as many words as fit."""

    def render(self) -> Content:
        """The richest of four wordings that fits the width."""
        wordings = [self._strip(cell) for cell in (_full, _leading_word, _without_words, _numbers)]
        fitting = (strip for strip in wordings if strip.cell_length <= self.content_size.width)
        return next(fitting, wordings[-1])

    def _strip(self, cell: _Cell) -> Content:
        gap = Content("   " if cell is _full else "  ")
        return gap.join(Content.styled(cell(feeling, self._standing), FEELING_INK[feeling]) for feeling in Feeling)


def _full(feeling: Feeling, standing: Standing) -> str:
    return _joined(feeling.value, standing.points(feeling), standing.word(feeling), standing.step(feeling))


def _leading_word(feeling: Feeling, standing: Standing) -> str:
    word = standing.word(feeling) if feeling is standing.leading else ""
    return _joined(feeling.value, standing.points(feeling), word, standing.step(feeling))


def _without_words(feeling: Feeling, standing: Standing) -> str:
    return _joined(feeling.value, standing.points(feeling), standing.step(feeling))


def _numbers(feeling: Feeling, standing: Standing) -> str:
    return _joined(feeling.value, standing.points(feeling))


def _joined(*parts: object) -> str:
    return " ".join(str(part) for part in parts if part != "")
