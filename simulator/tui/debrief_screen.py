"""What a contact came to, to read on screen, keep as a file, and play again from."""

from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Static

from simulator.debrief import Debrief
from simulator.reports.html import html
from simulator.reports.phrases import when
from simulator.reports.text import markdown
from simulator.tui.debrief_page import debrief_widgets
from simulator.tui.frame import Banner, Framed, Keys
from simulator.tui.page import Page

_WRITERS = {
    "md": markdown,
    "json": lambda debrief: debrief.model_dump_json(indent=2) + "\n",
    "html": html,
}


class DebriefScreen(Framed):
    """One debrief; m, j and h keep it as a file in the current folder, r plays the scenario again."""

    BINDINGS = [
        Binding("r", "leave(True)", "Again"),
        Binding("m", "keep('md')", "Markdown"),
        Binding("j", "keep('json')", "JSON"),
        Binding("h", "keep('html')", "HTML"),
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

    def compose(self) -> ComposeResult:
        """Title, the debrief, what was kept where, keys."""
        yield Banner(f"Debrief \N{MIDDLE DOT} {self._debrief.title}", when(self._debrief))
        yield Page(*debrief_widgets(self._debrief))
        yield Static(markup=False, classes="status")
        yield Keys()

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
