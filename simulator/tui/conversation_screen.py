"""The contact itself: what is said, how the customer feels, and the box to reply in.

It reads the runner's updates and shows them; every event it shows is on disk already. Words leave the box only once
they are stored, so a refused reply is still there.
"""

import time
from collections.abc import Callable
from typing import assert_never

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from simulator.briefing import Section, notes
from simulator.commands import Command, parse
from simulator.contested import DisputeSettled, ScoreDisputed
from simulator.debriefing.debrief import debrief
from simulator.errors import SimulatorError
from simulator.events import (
    CustomerInterrupted,
    CustomerSpoke,
    EmotionMoved,
    Event,
    MoveChosen,
    ReplyRated,
    ReplyRead,
    SessionEnded,
    SessionStarted,
    TraineeHeld,
    TraineeSilent,
    TraineeSpoke,
    TraineeTransferred,
)
from simulator.judged import ReplyJudged
from simulator.reports.printing import printable
from simulator.runner import Happened, Notice, SessionRunner, Update, Waiting
from simulator.session import Session
from simulator.tui.frame import Banner, Framed, Keys
from simulator.tui.gauges import Gauge, GaugePanel, GaugeStrip, Standing
from simulator.tui.page import PageScreen, SectionView, help_page
from simulator.tui.reply_box import ReplyBox
from simulator.tui.speech import Speech
from simulator.tui.transcript import Transcript
from simulator.vocabulary import LEADING_FEELING
from simulator.wording import replies

_SPEECH_SECONDS = 0.05
"""How often the line being spoken is looked at."""

_DRAFT_SECONDS = 0.3
"""How long typing must rest before the draft is read ahead."""


class ConversationScreen(Framed):
    """One contact, from the customer's first words to the last."""

    AUTO_FOCUS = "ReplyBox"
    BINDINGS = [
        Binding("enter", "finish", "Debrief"),
        Binding("escape", "interrupt", "Cut in", key_display="esc", priority=True),
        Binding("f2", "notes", "Notes"),
    ]

    class Finished(Message):
        """The contact is over, every reply is rated, and the trainee wants the debrief."""

    def __init__(self, runner: SessionRunner, pace: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Show a session that is about to begin or to go on.

        Args:
            runner: opened; closed by whoever opened it.
            pace: characters a second at which the customer speaks; 0 for all at once.
            clock: seconds, from any origin.
        """
        super().__init__()
        self._runner = runner
        self._pace = pace
        self._clock = clock
        self._began = clock() - _talked(runner.session)
        self._customer = runner.material.slots.get("customer", "The customer")
        self._first_name = runner.material.slots.get("first_name", self._customer)
        self._speech: Speech | None = None
        self._offered: str | None = None
        self._draft: Timer | None = None
        self._speaking: Timer | None = None

    def compose(self) -> ComposeResult:
        """Title, gauges, transcript beside notes, status, box, keys."""
        scenario = self._runner.material.scenario
        yield Banner(f"{scenario.title} \N{MIDDLE DOT} {self._customer}, {scenario.channel}")
        yield GaugeStrip(self._standing())
        with Horizontal(id="stage"):
            with Vertical(id="call"):
                yield Transcript(self._first_name)
                yield Static(markup=False, classes="status")
                yield ReplyBox()
            with VerticalScroll(id="aside", can_focus=True):
                yield GaugePanel(self._standing())
                yield from map(SectionView, self._notes())
        yield Keys()

    async def on_mount(self) -> None:
        """Show what was said before, then let the customer speak."""
        for turn in self._session.turns:
            await self._transcript.tell(turn)
        self._tick()
        self.set_interval(1, self._tick)
        self._speaking = self.set_interval(_SPEECH_SECONDS, self._speak, pause=True)
        self._say("Your turn." if self._session.waits_for_trainee else "")
        self.run_worker(self._follow())
        self.run_worker(self._begin())

    @property
    def unsent(self) -> str:
        """What is in the box and has not been stored."""
        return self._box.text.strip()

    @property
    def _session(self) -> Session:
        return self._runner.session

    @property
    def _transcript(self) -> Transcript:
        return self.query_one(Transcript)

    @property
    def _box(self) -> ReplyBox:
        return self.query_one(ReplyBox)

    # What the runner tells

    async def _begin(self) -> None:
        try:
            await self._runner.begin()
        except SimulatorError as error:
            await self._stopped(error)

    async def _stopped(self, error: SimulatorError) -> None:
        """Something could not be done; what was stored before that is shown first, and the reason stays in sight."""
        await self._runner.told()
        again = " Press Enter to try again." if self._is_stuck else ""
        self._say(f"{error}{again}", alert=True)

    async def _follow(self) -> None:
        async for update in self._runner.updates():
            await self._take(update)

    async def _take(self, update: Update) -> None:
        match update:
            case Happened(event=event):
                await self._show(event)
            case Waiting(doing=doing):
                self._wait(doing)
            case Notice(text=text):
                await self._transcript.note(text)
            case _:
                assert_never(update)

    def _wait(self, doing: str) -> None:
        if doing:
            self._say(f"{self._first_name} {doing}...")
        elif self._speech is None and self._session.waits_for_trainee:
            self._say("Your turn.")

    async def _show(self, event: Event) -> None:
        match event:
            case TraineeSpoke() | TraineeHeld() | TraineeSilent() | TraineeTransferred():
                self._taken()
                await self._transcript.hear_trainee(self._session.turns[event.turn])
            case EmotionMoved():
                for gauge in self.query(Gauge):
                    gauge.show(self._standing())
            case CustomerSpoke():
                await self._hear(event)
            case CustomerInterrupted():
                self._transcript.cut(event.heard)
            case SessionEnded():
                self._taken()
                self._close_when_heard()
            case SessionStarted() | ReplyRead() | MoveChosen() | ReplyRated() | ReplyJudged():
                pass  # nothing of it is shown while the contact lasts
            case ScoreDisputed() | DisputeSettled():
                pass  # comes after the contact
            case _:
                assert_never(event)

    # What the customer says

    async def _hear(self, line: CustomerSpoke) -> None:
        speech = Speech(line.text, self._pace, self._clock)
        await self._transcript.hear_customer(line, speech.heard)
        self._speech = speech
        self._say(f"{self._first_name} is speaking. Esc cuts in.")
        self._pause_speaking(False)
        self._speak()

    def _pause_speaking(self, pause: bool) -> None:
        """Nothing ticks while nobody speaks."""
        if self._speaking is not None:
            (self._speaking.pause if pause else self._speaking.resume)()

    def _speak(self) -> None:
        if self._speech is None:
            return
        self._transcript.show(self._speech.heard)
        if self._speech.over:
            self._fall_silent("Your turn.")

    def _fall_silent(self, status: str) -> None:
        self._speech = None
        self._pause_speaking(True)
        self._say(status)
        self._close_when_heard()

    def action_interrupt(self) -> None:
        """Cut in on the line being spoken; without one there is nothing to do."""
        speech = self._speech
        if speech is None or self._session.ended is not None:
            self._hear_out("")
        elif not speech.over:
            heard = speech.heard
            self._fall_silent("You cut in. Your turn.")
            self.run_worker(self._interrupt(heard, speech))

    async def _interrupt(self, heard: int, speech: Speech) -> None:
        try:
            await self._runner.interrupt(heard)
        except SimulatorError as error:
            self._say(str(error), alert=True)
        if self._session.turns[-1].heard is None:
            self._transcript.show(len(speech.text))

    def _hear_out(self, status: str) -> None:
        if self._speech is not None:
            self._transcript.show(len(self._speech.text))
            self._fall_silent(status)

    # What the trainee says

    def on_text_area_changed(self) -> None:
        """Read ahead once typing rests."""
        if self._draft is not None:
            self._draft.stop()
        self._draft = self.set_timer(_DRAFT_SECONDS, self._read_ahead)

    def _read_ahead(self) -> None:
        if self.unsent and not self.unsent.startswith("/") and self._session.waits_for_trainee:
            self._runner.draft(self._box.text)

    def on_reply_box_submitted(self, event: ReplyBox.Submitted) -> None:
        """Send what was typed, or say why not."""
        match event.text.strip():
            case "":
                self._try_again()
            case "/help":
                self._box.taken(event.text)
                self.app.push_screen(help_page())
            case "/briefing":
                self._box.taken(event.text)
                self.action_notes()
            case _ if self._speech is not None:
                self._hear_out(f"{self._first_name} was still speaking. Enter sends your reply; Esc would have cut in.")
            case _ if self._runner.busy or self._offered is not None:
                self._say(f"{self._first_name} is still choosing words. Your reply stays here until then.")
            case _:
                self._send(event.text)

    def _send(self, text: str) -> None:
        try:
            command = parse(text)
        except SimulatorError as error:
            self._say(str(error), alert=True)
            return
        self._offered = text
        self.run_worker(self._act(command))

    async def _act(self, command: Command) -> None:
        try:
            await self._runner.do(command)
            await self._runner.told()
        except SimulatorError as error:
            await self._stopped(error)
        finally:
            self._offered = None

    @property
    def _is_stuck(self) -> bool:
        """True where the customer owes an answer and nobody is working on it."""
        session = self._session
        return session.ended is None and not session.waits_for_trainee and not self._runner.busy

    def _try_again(self) -> None:
        if self._is_stuck:
            self.run_worker(self._begin())

    def _taken(self) -> None:
        if self._offered is not None:
            self._box.taken(self._offered)
            self._offered = None

    # How it ends

    def _close_when_heard(self) -> None:
        if self._session.ended is None or self._speech is not None:
            return
        unsent = " What you were typing was not sent." if self.unsent else ""
        sentence = debrief(self._session, self._runner.material).ending_sentence
        self._say(f"{sentence}{unsent} Enter opens the debrief.")
        self._transcript.focus()
        self._box.display = False
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the debrief after the end and cutting in before it."""
        ended = self._session.ended is not None
        offered = {"finish": ended, "interrupt": not ended or self._speech is not None}.get(action, True)
        return offered and super().check_action(action, parameters)

    def action_finish(self) -> None:
        """Open the debrief once every reply is rated."""
        self._say("Scoring the last replies...")
        self.run_worker(self._settle(), exclusive=True, group="settle")

    async def _settle(self) -> None:
        try:
            await self._runner.settled()
        except SimulatorError as error:
            self._say(str(error), alert=True)
        else:
            self.post_message(self.Finished())

    # Around it

    def action_notes(self) -> None:
        """Read history and policy again."""
        self.app.push_screen(PageScreen("Notes", self._notes()))

    def action_scroll_transcript(self, pages: int) -> None:
        """Scroll what was said, in pages."""
        self._transcript.scroll_relative(y=pages * max(1, self._transcript.size.height - 2), animate=False)

    def _tick(self) -> None:
        seconds = int(self._clock() - self._began) + _journaled(self._session)
        self.query_one(Banner).stand(f"{replies(self._session)} \N{MIDDLE DOT} {seconds // 60:02d}:{seconds % 60:02d}")

    def _say(self, sentence: str, alert: bool = False) -> None:
        status = self.query_one(".status", Static)
        status.update(printable(sentence))
        status.set_class(alert, "-alert")

    def _notes(self) -> tuple[Section, ...]:
        return notes(self._runner.material, self._session.started.goal)

    def _standing(self) -> Standing:
        before = self._session.emotion_after(len(self._session.turns) - 2)
        return Standing(before, self._session.emotion, LEADING_FEELING[self._session.started.mood])


def _journaled(session: Session) -> int:
    """Seconds that passed in the story only: holds and silences."""
    acts = (turn.act for turn in session.turns)
    return sum(act.seconds for act in acts if isinstance(act, TraineeHeld | TraineeSilent))


def _talked(session: Session) -> float:
    """Seconds the contact had lasted when it was left, without what is journaled; 0 for a new one."""
    lines = [turn.line.at for turn in session.turns if turn.line]
    lasted = (lines[-1] - session.started.at).total_seconds() if lines else 0
    return max(0.0, lasted - _journaled(session))
