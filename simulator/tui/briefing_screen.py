"""What the trainee reads before the customer is on the line."""

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Static

from simulator.briefing import Section, briefing
from simulator.content.material import Material
from simulator.events import SessionStarted
from simulator.tui.frame import Banner, Framed, Keys
from simulator.tui.page import Page, SectionView
from simulator.wording import way_in_words


class BriefingScreen(Framed):
    """The briefing; Enter takes the contact, Escape goes back without it."""

    BINDINGS = [
        Binding("enter", "decide(True)", "Take the contact", priority=True),
        Binding("escape", "decide(False)", "Back", key_display="esc"),
    ]

    class Decided(Message):
        """The trainee takes the contact, or does not."""

        def __init__(self, takes: bool) -> None:
            super().__init__()
            self.takes = takes

    def __init__(self, material: Material, started: SessionStarted) -> None:
        super().__init__()
        self._material = material
        self._started = started

    def compose(self) -> ComposeResult:
        """Title, page, how the customer speaks, keys."""
        scenario = self._material.scenario
        yield Banner(scenario.title, f"{scenario.mood} \N{MIDDLE DOT} {scenario.channel}")
        yield Page(*map(SectionView, self._sections()))
        yield Static(way_in_words(self._started.model), markup=False, classes="status")
        yield Keys()

    def _sections(self) -> Iterator[Section]:
        """The briefing, and who judges the replies beside the rater, if a model does."""
        yield from briefing(self._material, self._started.goal)
        if self._started.judging and self._started.judging.version:
            yield Section(title="Who judges as well", lines=(self._started.judging.says,))

    def action_decide(self, takes: bool) -> None:
        """Say what the trainee decided."""
        self.post_message(self.Decided(takes))
