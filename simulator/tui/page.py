"""Headed paragraphs to read: briefing, notes, help and debrief are all set this way; apart so that they look alike."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from simulator.briefing import Section
from simulator.reports.printing import printable
from simulator.tui.frame import Banner, Framed, Keys
from simulator.wording import COMMANDS


def paragraphs(lines: Iterable[str]) -> Group:
    """Paragraphs one under the other; those that open with "- " hang from a dot."""
    return Group(*(_paragraph(printable(line)) for line in lines))


def _paragraph(line: str) -> RenderableType:
    if not line.startswith("- "):
        return Text(line)
    hanging = Table.grid(padding=(0, 1, 0, 0), expand=True)
    hanging.add_column(width=1)
    hanging.add_column(ratio=1)
    hanging.add_row("\N{MIDDLE DOT}", Text(line[2:]))
    return hanging


class SectionView(Vertical):
    """One heading and what stands under it."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self._section = section

    def compose(self) -> ComposeResult:
        """Heading and paragraphs."""
        if self._section.title:
            yield Static(printable(self._section.title), markup=False, classes="heading")
        yield Static(paragraphs(self._section.lines))


class Page(VerticalScroll, can_focus=True):
    """A column to read, scrolled with the arrow and page keys."""

    BINDINGS = [Binding("space", "page_down", "Page down", show=False)]


class PageScreen(Framed):
    """A page on top of another screen, left with Escape."""

    BINDINGS = [Binding("escape,f1,f2", "app.pop_screen", "Back", key_display="esc")]

    def __init__(self, title: str, sections: Sequence[Section]) -> None:
        super().__init__()
        self._title = title
        self._sections = sections

    def compose(self) -> ComposeResult:
        """Title, page, keys."""
        yield Banner(self._title)
        yield Page(*map(SectionView, self._sections))
        yield Keys()


def help_page() -> PageScreen:
    """What can be typed and pressed."""
    typed = tuple(f"- {line}" for line in COMMANDS)
    return PageScreen("Help", (Section(title="Instead of a reply", lines=typed), Section(title="Keys", lines=_KEYS)))


_KEYS = (
    "- Enter sends the reply; Ctrl+J, Shift+Enter or Alt+Enter begins a new line in it.",
    "- F7 selects all that is in the box, and Backspace deletes it.",
    "- Escape cuts in while the customer speaks: what was not heard does not count. Elsewhere it goes back.",
    "- Tab moves between transcript, notes and box; Page Up and Page Down scroll what was said.",
    "- In a debrief the arrow keys, or 1 to 4, turn its pages, and d shows what the levels of each turn rest on.",
    "- In a debrief m, j and h save it in the current folder, as Markdown, JSON or HTML.",
    "- F1 opens this help, F2 the notes.",
    "- Ctrl+Q or Ctrl+C quits at once. Everything said is stored already, and the call can be resumed.",
)
