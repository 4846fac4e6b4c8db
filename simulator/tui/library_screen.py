"""The first screen: calls left unfinished, scenarios to play, past calls to read again."""

from collections.abc import Iterator, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from simulator.content.library import ScenarioCard
from simulator.reports.printing import printable
from simulator.session import Session
from simulator.tui.frame import Banner, Framed, Keys
from simulator.vocabulary import Value
from simulator.wording import day_and_time, replies

_DIFFICULTY = {1: "gentle", 2: "usual", 3: "hard"}


class PlayScenario(Value):
    """Choose: play this scenario."""

    scenario: str


class ResumeSession(Value):
    """Choose: go on with this call."""

    session: str


class ReadDebrief(Value):
    """Choose: read the debrief of this call."""

    session: str


Choice = PlayScenario | ResumeSession | ReadDebrief
_Entry = tuple[Choice, Content]


class Shelf(OptionList):
    """The list, with its keys shown."""

    BINDINGS = [
        Binding("enter", "select", "Open"),
        Binding("down", "cursor_down", "Choose", key_display="\N{UPWARDS ARROW}\N{DOWNWARDS ARROW}"),
    ]


class LibraryScreen(Framed):
    """Offers what can be done now, the most urgent first."""

    class Chosen(Message):
        """An entry was chosen."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(
        self,
        cards: Sequence[ScenarioCard],
        unfinished: Sequence[Session],
        past: Sequence[Session],
        notices: Sequence[str],
    ) -> None:
        """Offer calls that can be resumed, scenarios, and calls whose debrief can be read.

        Calls stand newest first, scenarios the gentle ones first.
        """
        super().__init__()
        self._cards = sorted(cards, key=lambda card: (card.difficulty, card.title))
        self._titles = {card.id: card.title for card in cards}
        self._open_calls = [session for session in unfinished if session.turns]
        self._past_calls = past
        self._notices = list(notices)
        self._choices: list[Choice | None] = []

    def compose(self) -> ComposeResult:
        """Title, list, status, keys."""
        yield Banner("simulator", "practise hard conversations")
        with Vertical(classes="column"):
            yield Shelf(*self._options(), markup=False)
            yield Static("\n".join(map(printable, self._notices)), markup=False, classes="status")
        yield Keys()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pass the choice on."""
        choice = self._choices[event.option_index]
        if choice is not None:
            self.post_message(self.Chosen(choice))

    def mention(self, notice: str) -> None:
        """One more notice under the list."""
        self._notices.append(notice)
        self.say(" ".join(self._notices))

    def say(self, sentence: str, alert: bool = False) -> None:
        """A sentence under the list."""
        status = self.query_one(".status", Static)
        status.update(printable(sentence))
        status.set_class(alert, "-alert")

    def _options(self) -> Iterator[Option]:
        for heading, entries in self._shelves():
            if entries:
                self._choices.append(None)
                yield Option(Content.styled(f"\n{heading}", "bold $quiet"), disabled=True)
            for choice, prompt in entries:
                self._choices.append(choice)
                yield Option(prompt)

    def _shelves(self) -> Iterator[tuple[str, Sequence[_Entry]]]:
        yield "UNFINISHED", [self._unfinished(session) for session in self._open_calls]
        yield "SCENARIOS", [self._scenario(card) for card in self._cards]
        yield "PAST CALLS", [self._past(session) for session in self._past_calls]

    def _scenario(self, card: ScenarioCard) -> _Entry:
        tags = " \N{MIDDLE DOT} ".join((_DIFFICULTY[card.difficulty], card.mood, card.channel, card.industry))
        return PlayScenario(scenario=card.id), _entry(card.title, tags, card.summary)

    def _unfinished(self, session: Session) -> _Entry:
        about = f"{replies(session)} so far, begun {day_and_time(session.started.at)}"
        return ResumeSession(session=session.id), _entry(f"Resume: {self._title(session)}", "", about)

    def _past(self, session: Session) -> _Entry:
        ending = session.ended.ending.value.replace("_", " ") if session.ended else ""
        about = f"{replies(session)}, {day_and_time(session.started.at)}"
        return ReadDebrief(session=session.id), _entry(self._title(session), ending, about)

    def _title(self, session: Session) -> str:
        return self._titles.get(session.started.scenario_id, session.started.scenario_id)


def _entry(title: str, tags: str, about: str) -> Content:
    first = (
        [(f"{printable(title)}   ", "bold"), (printable(tags), "$customer")] if tags else [(printable(title), "bold")]
    )
    return Content.assemble(*first, "\n", (printable(about), "$quiet"))
