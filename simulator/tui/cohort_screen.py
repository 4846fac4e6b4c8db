"""A cohort on the screen: people and dimensions, how people are spread, how levels go with practice.

Apart from a person's own page, which compares with nobody. It is given the figures, and opens no store.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import Static

from simulator.cohorts.figures import CohortReport, DimensionReport
from simulator.reports.cohort_text import COPILOT, HANDOFF, about
from simulator.reports.cohort_words import (
    LEVELS,
    TIME,
    UNRELIABLE,
    curve_of,
    group_of,
    left_out_of,
    name_of,
    place_of_time,
    quartiles_of,
    rated_by,
    share_of,
    titles_of,
)
from simulator.reports.printing import closed
from simulator.tui.cohort_drawing import dots, plot, stretches
from simulator.tui.cohort_people import DOUBT, CohortPeople
from simulator.tui.debrief_screen import PageNames
from simulator.tui.frame import WIDE, Banner, Framed, Keys
from simulator.tui.page import Page

HUGE = 150
"""Columns from which three pictures stand beside each other."""

_NARROWEST = 24
"""Cells that a picture takes at least."""

_NO_LEVELS = "No finished session of this cohort has a level yet."
_NAMES = ("People", "Spread", "Practice", "Notes")
_NOTE = f"By name, no ranking. Stronger ground: higher level. {DOUBT} {UNRELIABLE}."


class Picture(Static):
    """One picture with its heading and its words, drawn as wide as it is."""

    def __init__(self, heading: str, words: Sequence[str], draw: Callable[[int], Content] | None = None) -> None:
        """A picture.

        Args:
            heading: Above it.
            words: Below it, in sentences.
            draw: Given how many cells it may be wide; None: there are only words.
        """
        super().__init__(markup=False)
        self._heading, self._draw, self._words = heading, draw, words

    def render(self) -> Content:
        """Heading, picture, words."""
        drawn = [self._draw(max(_NARROWEST, self.content_size.width))] if self._draw else []
        words = [Content.styled(line, "$quiet") for line in self._words]
        return Content("\n").join([Content.styled(self._heading, "bold $trainee"), *drawn, *words])


class Pictures(Container):
    """Pictures beside each other where there is room."""


class CohortScreen(Framed):
    """Four pages: the table, and what is drawn and said of the cohort."""

    HORIZONTAL_BREAKPOINTS = [*Framed.HORIZONTAL_BREAKPOINTS, (HUGE, "-huge")]
    BINDINGS = [
        Binding("tab", "turn(1)", "Pages", priority=True),
        Binding("shift+tab", "turn(-1)", show=False, priority=True),
        *(Binding(str(number), f"open({number - 1})", show=False) for number in range(1, len(_NAMES) + 1)),
        Binding("escape,q", "back", "Back", key_display="q"),
    ]

    class Left(Message):
        """Enough was seen."""

    def __init__(self, made: CohortReport) -> None:
        super().__init__()
        self._made = made
        self._current = 0

    def compose(self) -> ComposeResult:
        """Title, the pages' names, the pages, what the cursor is on, keys."""
        yield Banner(f"Cohort \N{MIDDLE DOT} {name_of(self._made.name)}", about(self._made))
        yield PageNames(list(_NAMES))
        yield CohortPeople(self._made)
        yield Page(Pictures(*_spread(self._made)))
        yield Page(Pictures(*_practice(self._made)))
        yield Page(*_notes(self._made))
        yield Static(_NOTE, markup=False, classes="note")
        yield Static(markup=False, classes="status")
        yield Keys()

    async def on_mount(self) -> None:
        """Begin with the people."""
        self.query_one(CohortPeople).fit(self.app.size.width >= WIDE)
        self.action_open(0)
        if not self._made.people:
            self.query_one(".status", Static).update("There is nobody in this cohort.")

    def on_resize(self, event: Resize) -> None:
        """Intervals come and go with the room there is."""
        super().on_resize(event)
        self.query_one(CohortPeople).fit(event.size.width >= WIDE)

    def action_open(self, number: int) -> None:
        """Show a page, counted from 0."""
        self._current = number
        self.query_one(PageNames).show(number)
        pages = (self.query_one(CohortPeople), *self.query(Page))
        for place, page in enumerate(pages):
            page.display = place == number
        for line in self.query(".note, .status"):
            line.display = number == 0
        pages[number].focus()

    def action_turn(self, pages: int) -> None:
        """Go so many pages on, and round at the ends."""
        self.action_open((self._current + pages) % len(_NAMES))

    def action_back(self) -> None:
        """Go back."""
        self.post_message(self.Left())

    def on_cohort_people_looked(self, event: CohortPeople.Looked) -> None:
        """Say in full what the cursor is on."""
        self.query_one(".status", Static).update(event.words)


def _titled(made: CohortReport) -> Iterator[tuple[str, DimensionReport, str]]:
    """Heading, dimension and ink; what is not to be relied on is grey and bears its mark."""
    for title, part in zip(titles_of(made.dimensions), made.dimensions, strict=True):
        yield (title, part, "$trainee") if part.standing.reliable else (f"{title} {DOUBT}", part, "$quiet")


def _spread(made: CohortReport) -> Iterator[Picture]:
    place = place_of_time([part.dimension for part in made.dimensions])
    time = [f"Beside it, handle time: {group_of(made.handle_time, TIME)}."] if made.handle_time.people else []
    for number, (title, part, ink) in enumerate(_titled(made), start=1):
        words = [
            f"{group_of(part.levels, LEVELS)}.",
            *filter(None, [quartiles_of(part)]),
            *(time if number == place else ()),
            _standing(part),
        ]
        yield Picture(title, words, partial(dots, part.distribution, ink=ink))
    if not made.dimensions:
        yield Picture("No levels yet", [_NO_LEVELS])


def _practice(made: CohortReport) -> Iterator[Picture]:
    for title, part, ink in _titled(made):
        spots = list(stretches(part.curve))
        words = [*curve_of(part.curve, part.standing), _standing(part)]
        yield Picture(title, words, partial(plot, spots, ink=ink) if spots else None)
    if not made.dimensions:
        yield Picture("No levels yet", [_NO_LEVELS])


def _notes(made: CohortReport) -> Iterator[Picture]:
    shares = [told for told in (share_of(made.copilot, COPILOT), share_of(made.handoff, HANDOFF)) if told]
    for heading, words in (
        ("Copilot and handoffs", shares),
        ("What the figures do without", left_out_of(made.left_out)),
        ("What to know about these figures", [closed(name_of(words)) for words in made.caveats]),
    ):
        if words:
            yield Picture(heading, words)


def _standing(part: DimensionReport) -> str:
    return rated_by(part.standing, part.rater)
