"""What every screen has around it: a title line, and the sentence for a window that is too small.

Apart because no screen should have to remember them.
"""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Static
from textual.widgets._footer import FooterKey

from simulator.reports.phrases import printable

SMALLEST = Size(60, 16)
"""Below this many columns or rows nothing but a sentence is shown."""

WIDE = 100
"""Columns from which a side panel fits."""


class Banner(Horizontal):
    """One line: what this is on the left (shortened if need be), how it stands on the right."""

    def __init__(self, title: str, standing: str = "") -> None:
        super().__init__()
        self._title = title
        self._standing = Static(standing, markup=False, classes="standing")

    def compose(self) -> ComposeResult:
        """Title and standing."""
        yield Static(printable(self._title), markup=False, classes="title")
        yield self._standing

    def stand(self, standing: str) -> None:
        """Replace what is on the right."""
        self._standing.update(standing)


class Keys(Footer):
    """The keys that work here; help and leaving stand last on every screen."""

    def __init__(self) -> None:
        super().__init__(compact=True)

    def compose(self) -> ComposeResult:
        """The keys in order."""
        yield from sorted(super().compose(), key=_place)


def _place(key: Widget) -> int:
    return _LAST.get(key.action, 0) if isinstance(key, FooterKey) else 0


_LAST = {"help": 1, "leave": 2}


class TooSmall(Static):
    """Covers everything while the window is too small; what lies beneath keeps its state and its focus."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def measure(self, window: Size) -> None:
        """Say how large the window is and how large it must be; hide once it is."""
        self.display = window.width < SMALLEST.width or window.height < SMALLEST.height
        self.update(
            f"This window is too small: {window.width} x {window.height}.\n"
            f"Please enlarge it to {SMALLEST.width} x {SMALLEST.height} or more.\n"
            "Nothing is lost. Ctrl+Q quits."
        )


class Framed(Screen[None]):
    """A screen that says so when its window is too small, and comes back when it is enlarged."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]

    async def on_mount(self) -> None:
        """Put the cover over whatever the screen composed."""
        cover = TooSmall()
        cover.measure(self.app.size)
        await self.mount(cover)

    def on_resize(self, event: Resize) -> None:
        """Cover or uncover."""
        for cover in self.query(TooSmall):
            cover.measure(event.size)
