"""The terminal app: which screen comes after which, opening and closing calls, and leaving at once.

`run` is the whole entry. Screens say what was decided; what follows from it is decided here.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

from textual.app import App
from textual.binding import Binding
from textual.worker import Worker

from simulator.briefing import Section
from simulator.desk import Desk
from simulator.errors import ExitCode, SimulatorError
from simulator.reports.printing import printable
from simulator.runner import SessionRunner
from simulator.session import Session
from simulator.tui.briefing_screen import BriefingScreen
from simulator.tui.conversation_screen import ConversationScreen
from simulator.tui.debrief_screen import DebriefScreen
from simulator.tui.library_screen import LibraryScreen, PlayScenario, ReadDebrief, ResumeSession
from simulator.tui.page import PageScreen, help_page
from simulator.tui.palette import EVENING
from simulator.vocabulary import Value
from simulator.wording import how_to_resume

_CLOSING_SECONDS = 1.0
"""How long leaving waits for a call to close; everything is on disk by then, so nothing depends on it."""


class Play(Value):
    """Start with a new call."""

    scenario: str
    """Id, or the path of a YAML file."""
    persona: str | None = None
    seed: int | None = None


class Resume(Value):
    """Start with a call that was left unfinished."""

    session: str


class Browse(Value):
    """Start in the library."""


Start = Play | Resume | Browse

LIBRARY = Browse()


def run(desk: Desk, start: Start = LIBRARY) -> int:
    """Run the app until the trainee leaves.

    Args:
        desk: library, store and the way to open calls.
        start: where to begin.

    Returns:
        The exit code for the process.
    """
    app = SimulatorApp(desk, start)
    asyncio.run(_run(app))
    for sentence in app.parting_words:
        print(sentence)
    return app.return_code or ExitCode.OK


async def _run(app: "SimulatorApp") -> None:
    await app.run_async()
    with suppress(TimeoutError):
        await asyncio.wait_for(app.hang_up(), _CLOSING_SECONDS)


class SimulatorApp(App[None]):
    """Library, briefing, conversation, debrief, and back."""

    CSS_PATH = "simulator.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "simulator"
    BINDINGS = [
        Binding("f1", "help", "Help"),
        Binding("ctrl+q,ctrl+c", "leave", "Quit", key_display="^q", priority=True),
    ]

    def __init__(self, desk: Desk, start: Start = LIBRARY) -> None:
        super().__init__()
        self.register_theme(EVENING)
        self.theme = EVENING.name
        self.animation_level = "none"
        self._desk = desk
        self._start = start
        self._runner: SessionRunner | None = None
        self._played: Play | None = None
        self._step: Worker[None] | None = None
        self.parting_words: tuple[str, ...] = ()
        """What to tell the trainee once the terminal is theirs again."""

    async def on_mount(self) -> None:
        """Begin where asked."""
        self._heed_termination()
        await self.push_screen(self._library())
        self.run_worker(self._mention_problems())
        match self._start:
            case Play() as play:
                self._try(lambda: self._brief(play))
            case Resume(session=session):
                self._try(lambda: self._resume(session))
            case Browse():
                pass

    # What the screens decided

    def on_library_screen_chosen(self, event: LibraryScreen.Chosen) -> None:
        """Play, resume or read."""
        match event.choice:
            case PlayScenario(scenario=scenario):
                self._try(lambda: self._brief(Play(scenario=scenario)))
            case ResumeSession(session=session):
                self._try(lambda: self._resume(session))
            case ReadDebrief(session=session):
                self._try(lambda: self._reread(session))

    def on_briefing_screen_decided(self, event: BriefingScreen.Decided) -> None:
        """Take the contact, or go back."""
        self._try(self._converse if event.takes else self._go_home)

    def on_conversation_screen_finished(self) -> None:
        """Read the debrief."""
        self._try(self._debrief_call)

    def on_debrief_screen_left(self, event: DebriefScreen.Left) -> None:
        """Play again, or go back."""
        self._try(self._play_again if event.again else self._go_home)

    # What follows from it

    def _try(self, step: Callable[[], Awaitable[None]]) -> None:
        if self._step is None or self._step.is_finished:
            self._step = self.run_worker(self._tried(step))

    async def _tried(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except SimulatorError as error:
            await self._go_home()
            self._tell(str(error))

    def _tell(self, trouble: str) -> None:
        """A sentence under the library; what takes several lines (a draft with faults) on a page of its own."""
        if "\n" in trouble:
            self.push_screen(
                PageScreen("This cannot be played", (Section(title="", lines=tuple(trouble.split("\n"))),))
            )
        else:
            self._library_says(trouble, alert=True)

    async def _brief(self, play: Play) -> None:
        self._library_says("Opening...")
        self._played = play
        self._runner = await self._desk.open(play.scenario, play.persona, play.seed)
        await self.switch_screen(BriefingScreen(self._runner.material, self._runner.session.started))

    async def _resume(self, session: str) -> None:
        self._library_says("Opening...")
        self._runner = await self._desk.resume(session)
        self._played = _same_again(self._runner.session)
        await self._converse()

    async def _converse(self) -> None:
        if self._runner is not None:
            await self.switch_screen(ConversationScreen(self._runner, self._desk.pace))

    async def _debrief_call(self) -> None:
        if self._runner is not None:
            session = self._runner.session
            await self.hang_up()
            await self.switch_screen(DebriefScreen(await self._desk.debrief(session)))

    async def _reread(self, name: str) -> None:
        session = await self._desk.rated(name)
        self._played = _same_again(session)
        await self.switch_screen(DebriefScreen(await self._desk.debrief(session)))

    async def _play_again(self) -> None:
        if self._played is not None:
            await self._brief(self._played)

    async def _go_home(self) -> None:
        await self.hang_up()
        await self.switch_screen(self._library())

    def _library(self) -> LibraryScreen:
        store = self._desk.store
        past = [session for session in store.sessions() if session.ended is not None]
        return LibraryScreen(self._desk.library.scenarios(), store.unfinished(), past, self._desk.notices)

    async def _mention_problems(self) -> None:
        """Files that cannot be used are not on the shelf; that they are not is said."""
        problems = await asyncio.to_thread(self._desk.library.problems)
        files = sorted({Path(problem.path).name for problem in problems})
        if files and isinstance(self.screen, LibraryScreen):
            self.screen.mention(f"Not usable: {', '.join(files)}. `simulator scenarios` says why.")

    def _library_says(self, sentence: str, alert: bool = False) -> None:
        if isinstance(self.screen, LibraryScreen):
            self.screen.say(sentence, alert)

    # Leaving

    def _heed_termination(self) -> None:
        """Being asked to terminate is leaving: the terminal is given back as it was."""
        with suppress(NotImplementedError, RuntimeError):  # Windows, and loops that run beside the main thread
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.action_leave)

    def action_help(self) -> None:
        """What can be typed and pressed."""
        self.push_screen(help_page())

    def action_leave(self) -> None:
        """Leave at once: everything said is on disk, and what is not is named."""
        self.parting_words = tuple(self._parting_words())
        self.exit()

    async def hang_up(self) -> None:
        """Close the call that is open, if one is."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.close()

    def _parting_words(self) -> Iterator[str]:
        if self._runner is None or self._runner.session.ended is not None or not self._runner.begun:
            return
        yield how_to_resume(self._runner.session)
        for screen in self.screen_stack:
            if isinstance(screen, ConversationScreen) and screen.unsent:
                yield f"You had typed, but not sent: {printable(screen.unsent)}"


def _same_again(session: Session) -> Play:
    return Play(scenario=session.started.scenario_id, persona=session.started.persona_id)
