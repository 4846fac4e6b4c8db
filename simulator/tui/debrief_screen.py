"""What a contact came to, to read on screen, keep as a file, and play again from."""

from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from simulator.debriefing.debrief import Debrief
from simulator.reports.html import html
from simulator.reports.phrases import when
from simulator.reports.text import markdown
from simulator.tui.debrief_page import levels, moments, overview, turns
from simulator.tui.frame import Banner, Framed, Keys
from simulator.tui.page import Page

_PAGES = {"Overview": overview, "Moments": moments, "Levels": levels, "Turns": turns}

_WRITERS = {
    "md": markdown,
    "json": lambda debrief: debrief.model_dump_json(indent=2) + "\n",
    "html": html,
}


class PageNames(Static):
    """Which pages there are, the one shown in reverse."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(markup=False)
        self._names = names

    def show(self, current: int) -> None:
        """Mark one of them, counted from 0."""
        parts = [
            Content.styled(f" {number} {name} ", "reverse bold" if number - 1 == current else "$quiet")
            for number, name in enumerate(self._names, start=1)
        ]
        self.update(Content(" ").join(parts))


class DebriefScreen(Framed):
    """One debrief on four pages; m, j and h keep it as a file in the current folder, r plays the scenario again."""

    BINDINGS = [
        Binding("right,tab", "turn(1)", "Pages", key_display="\N{LEFTWARDS ARROW}\N{RIGHTWARDS ARROW}", priority=True),
        Binding("left,shift+tab", "turn(-1)", show=False, priority=True),
        *(Binding(str(number), f"open({number - 1})", show=False) for number in range(1, len(_PAGES) + 1)),
        Binding("d", "details", "More"),
        Binding("r", "leave(True)", "Again"),
        Binding("m", "keep('md')", "Save", key_display="m/j/h"),
        Binding("j", "keep('json')", show=False),
        Binding("h", "keep('html')", show=False),
        Binding("escape", "leave(False)", "Back", key_display="esc"),
    ]

    class Left(Message):
        """The trainee has read enough."""

        def __init__(self, again: bool) -> None:
            super().__init__()
            self.again = again

    def __init__(self, debrief: Debrief) -> None:
        super().__init__()
        self._debrief = debrief
        self._current = 0

    def compose(self) -> ComposeResult:
        """Title, the pages' names, the pages, what was kept where, keys."""
        yield Banner(f"Debrief \N{MIDDLE DOT} {self._debrief.title}", when(self._debrief))
        yield PageNames(list(_PAGES))
        for widgets in _PAGES.values():
            yield Page(*widgets(self._debrief))
        yield Static(markup=False, classes="status")
        yield Keys()

    async def on_mount(self) -> None:
        """Begin with the first page."""
        self.action_open(0)

    def action_open(self, number: int) -> None:
        """Show a page, counted from 0."""
        self._current = number
        self.query_one(PageNames).show(number)
        for place, page in enumerate(self.query(Page)):
            page.display = place == number
            if place == number:
                page.focus()
        self.refresh_bindings()

    def action_turn(self, pages: int) -> None:
        """Go so many pages on, and round at the ends."""
        self.action_open((self._current + pages) % len(_PAGES))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Details are there to show on the page of turns only."""
        offered = action != "details" or list(_PAGES.values())[self._current] is turns
        return offered and super().check_action(action, parameters)

    def action_details(self) -> None:
        """Show or hide what the levels rest on."""
        self.toggle_class("-detailed")

    def action_leave(self, again: bool) -> None:
        """Go to the library, or play again."""
        self.post_message(self.Left(again))

    def action_keep(self, ending: str) -> None:
        """Write the debrief into the current folder."""
        path = Path.cwd() / f"debrief-{self._debrief.session}.{ending}"
        status = self.query_one(".status", Static)
        status.display = True
        try:
            path.write_text(_WRITERS[ending](self._debrief), encoding="utf-8")
        except OSError as error:
            status.update(f"Not kept: {path} cannot be written ({error.strerror}).")
        else:
            status.update(f"Kept as {path}")
