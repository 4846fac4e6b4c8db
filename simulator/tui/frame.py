"""What every screen has around it: a title line, and the sentence for a window that is too small.

Apart because no screen should have to remember them.
"""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Key, Resize
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Static
from textual.widgets._footer import FooterKey

from simulator.reports.printing import printable

SMALLEST = Size(60, 16)
"""Below this many columns or rows nothing but a sentence is shown."""

ROOMY = 76
"""Columns from which the keys stand apart."""

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


class TooSmall(Static, can_focus=True):
    """Covers everything while the window is too small, and swallows what is typed meanwhile; what lies beneath keeps
    its state."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def measure(self, window: Size) -> bool:
        """Say how large the window is and how large it must be; whether it is too small."""
        self.update(
            f"This window is too small: {window.width} x {window.height}.\n"
            f"Please enlarge it to {SMALLEST.width} x {SMALLEST.height} or more.\n"
            "Nothing is lost. Ctrl+Q quits."
        )
        return window.width < SMALLEST.width or window.height < SMALLEST.height

    def on_key(self, event: Key) -> None:
        """Nobody can see what a key would do, so it does nothing."""
        event.stop()
        event.prevent_default()


class Framed(Screen[None]):
    """A screen that says so when its window is too small, and comes back when it is enlarged."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (ROOMY, "-roomy"), (WIDE, "-wide")]

    def __init__(self) -> None:
        super().__init__()
        self._too_small = TooSmall()
        self._too_small.display = False
        self._focused_beneath: Widget | None = None

    async def on_mount(self) -> None:
        """Put the cover over whatever the screen composed."""
        await self.mount(self._too_small)
        self._fit(self.app.size)

    def on_resize(self, event: Resize) -> None:
        """Cover or uncover."""
        self._fit(event.size)

    def on_descendant_focus(self) -> None:
        """What asks for the focus while it is covered gets it later."""
        self._fit(self.app.size)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Nothing can be done on a screen that nobody can see."""
        return not self._too_small.display

    def _fit(self, window: Size) -> None:
        cover = self._too_small
        if not cover.is_attached:
            return
        covered, covers = cover.display, cover.measure(window)
        cover.display = covers
        if covers and self.focused is not cover:
            self._focused_beneath = self.focused
            self.set_focus(cover)
        elif covered and not covers:
            self.set_focus(self._focused_beneath)
