"""Plays one session: the only place where models, a rater, a journal and a clock meet.

Commands go in, updates come out of one stream, and every event is on disk before it is in the stream. What is to be
done next is always derived from the session, so play, resume and replay are the same code.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime

from simulator.clock import Clock
from simulator.commands import Command, End, Hold, Say, Silence, Transfer, cleaned
from simulator.consequences import Consequences
from simulator.content.material import Material
from simulator.customer.actor import Actor
from simulator.debriefing.opinion import unjudged
from simulator.debriefing.proven import LinesRated, rate_lines
from simulator.errors import Cancelled, ModelError, ReplyRefused, SimulatorError
from simulator.events import (
    CustomerInterrupted,
    CustomerSpoke,
    Event,
    ReplyRated,
    SessionEnded,
    TraineeHeld,
    TraineeSilent,
    TraineeSpoke,
    TraineeTransferred,
)
from simulator.in_context import exchange
from simulator.judged import ReplyJudged
from simulator.ports import Features, Journal, Listener, Rater
from simulator.session import Session
from simulator.vocabulary import Ending, Rating, Value


class Happened(Value):
    """An event is on disk, and this is what is true now."""

    event: Event
    session: Session


class Waiting(Value):
    """Something is under way; `doing` is empty when it is the trainee's turn again."""

    doing: str


class Notice(Value):
    """Something the trainee should know, in a sentence."""

    text: str


Update = Happened | Waiting | Notice


class SessionRunner:
    """One session, being played."""

    def __init__(
        self,
        session: Session,
        material: Material,
        journal: Journal,
        actor: Actor,
        rater: Rater | None,
        listener: Listener | None,
        clock: Clock,
        *,
        fresh: bool,
        judge: Rater | None = None,
    ) -> None:
        """Take up a session; `fresh`: its start is not in the journal yet; `judge`: the one it was begun with."""
        self.session = session
        self.material = material
        self._journal = journal
        self._actor = actor
        self._rater = rater
        self._judge = judge
        self._listener = listener
        self._clock = clock
        self._fresh = fresh
        self._consequences = Consequences(material)
        self._updates: asyncio.Queue[Update | None] = asyncio.Queue()
        self._turn_taking = asyncio.Lock()
        self._ratings: dict[int, asyncio.Task[None]] = {}
        self._judging: asyncio.Task[None] | None = None
        self._ahead: dict[str, asyncio.Task[None]] = {}

    @property
    def busy(self) -> bool:
        """True while the customer is working out what to say."""
        return self._turn_taking.locked()

    @property
    def begun(self) -> bool:
        """Whether anything of the session is on disk, so that it can be resumed."""
        return not self._fresh

    async def updates(self) -> AsyncIterator[Update]:
        """Everything that happens from now on, for one reader, until the runner is closed."""
        while (update := await self._updates.get()) is not None:
            yield update
            self._updates.task_done()

    async def told(self) -> None:
        """Wait until the reader of the updates has taken in everything so far."""
        await self._updates.join()

    async def begin(self) -> None:
        """Say the opening line, or finish what a crash left undone.

        Raises:
            StorageError: an event could not be stored; nothing that was not stored has been shown.
        """
        async with self._turn_taking:
            if self._fresh:
                self._journal.append(self.session.started)
                self._fresh = False
            await self._advance()
        self._weigh_what_is_said()

    async def do(self, command: Command) -> None:
        """Carry out what the trainee typed."""
        match command:
            case Say(text=text):
                await self.say(text)
            case Hold(seconds=seconds):
                await self.hold(seconds)
            case Silence(seconds=seconds):
                await self.silence(seconds)
            case Transfer(to=to):
                await self.transfer(to)
            case End():
                await self.end()

    async def say(self, text: str) -> None:
        """The trainee replies; returns when the customer has answered.

        Raises:
            ReplyRefused: it is not the trainee's turn; the words were not taken.
            StorageError: the words could not be stored, so they were not taken.
        """
        await self._take_turn(lambda at, turn: TraineeSpoke(at=at, turn=turn, text=cleaned(text)))
        self._clock.hear(text)

    async def hold(self, seconds: int) -> None:
        """The trainee puts the customer on hold and comes back. Raises as `say`."""
        await self._take_turn(lambda at, turn: TraineeHeld(at=at, turn=turn, seconds=seconds))
        self._clock.spend(seconds)

    async def silence(self, seconds: int) -> None:
        """The trainee says nothing for a while. Raises as `say`."""
        await self._take_turn(lambda at, turn: TraineeSilent(at=at, turn=turn, seconds=seconds))
        self._clock.spend(seconds)

    async def transfer(self, to: str) -> None:
        """The trainee hands the customer over. Raises as `say`."""
        await self._take_turn(lambda at, turn: TraineeTransferred(at=at, turn=turn, to=to))

    async def end(self) -> None:
        """The trainee ends the contact; does nothing if it is over. Raises as `say`."""
        self._refuse_if_busy()
        async with self._turn_taking:
            await self._withdraw_ahead()
            if self.session.ended is None and not self._fresh:
                self._record(SessionEnded(at=self._clock.now(), ending=Ending.TRAINEE_ENDED))

    async def interrupt(self, heard: int) -> None:
        """The trainee cuts in after the first `heard` characters of the last line; too late if all was heard."""
        last = self.session.turns[-1] if self.session.turns else None
        if last and last.line and last.heard is None and heard < len(last.line.text) and not self.session.ended:
            self._record(CustomerInterrupted(at=self._clock.now(), turn=last.number, heard=max(0, heard)))
            self._read_ahead("lines", lambda: self._actor.prepare(self.session))

    def draft(self, text: str) -> None:
        """Read ahead what is being typed, so that rating it costs nothing later. Never blocks."""
        words = cleaned(text)
        if words and not words.startswith("/") and not self.busy and self.session.waits_for_trainee:
            self._read_ahead("draft", lambda: self._foresee(words))

    async def _foresee(self, words: str) -> None:
        """Imagine that these words are sent, and let the models read what they would then be asked."""
        act = TraineeSpoke(at=self._clock.now(), turn=len(self.session.turns), text=words)
        features = await self._heard(self.session.after(act), ahead=True)
        imagined = await asyncio.to_thread(self._consequences.imagined, self.session, act, features)
        await self._actor.foresee(imagined)

    async def settled(self) -> None:
        """Wait until everything said so far is rated; what could not be stored before is tried once more."""
        self._rate_what_is_said()
        await asyncio.gather(*self._ratings.values())

    async def lines_rated(self) -> LinesRated:
        """What the rater makes of the lines that could have been said, for the debrief."""
        return await rate_lines(self.session, self.material, self._rater)

    async def close(self) -> None:
        """Let go of the journal; what is not rated by then is rated on resume, or before its debrief is read.

        What is not judged is judged on resume; once the contact is over it stays missing, which the debrief says.
        """
        await self._withdraw_ahead()
        weighing = [*self._ratings.values(), *filter(None, [self._judging])]
        for task in weighing:
            task.cancel()
        await asyncio.gather(*weighing, return_exceptions=True)
        self._journal.close()
        self._updates.put_nowait(None)

    async def _take_turn(self, act: Callable[[datetime, int], Event]) -> None:
        self._refuse_if_busy()
        if self.session.ended is not None:
            raise ReplyRefused("The contact is over; nothing more can be said.")
        async with self._turn_taking:
            await self._withdraw_ahead()
            if not self.session.waits_for_trainee:
                await self._advance()
                raise ReplyRefused("The customer has only now answered; read it, then send this.")
            self._record(act(self._clock.now(), len(self.session.turns)))
            await self._advance()
        self._weigh_what_is_said()

    def _refuse_if_busy(self) -> None:
        if self.busy:
            raise ReplyRefused("The customer is still finding words; your reply stays in the box.")

    def _record(self, event: Event) -> None:
        """Disk first, then the fold, then the screen."""
        after = self.session.after(event)
        self._journal.append(event)
        self.session = after
        self._updates.put_nowait(Happened(event=event, session=after))

    async def _advance(self) -> None:
        """Let follow what follows, and the customer speak, until it is the trainee's turn or the contact is over."""
        self._updates.put_nowait(Waiting(doing="is finding words"))
        features = await self._heard(self.session)
        while (
            event := self._consequences.following(self.session, self._clock.now(), features) or await self._words()
        ) is not None:
            self._record(event)
        self._updates.put_nowait(Waiting(doing=""))
        if self.session.ended is None:
            self._read_ahead("lines", lambda: self._actor.prepare(self.session))

    async def _heard(self, session: Session, *, ahead: bool = False) -> Features | None:
        """What the listener makes of the last reply, if it is still to be read; None where it cannot tell."""
        exchange = self._consequences.unread(session)
        if self._listener is None or exchange is None:
            return None
        try:
            features = await self._listener.features(exchange.before, exchange.reply, ahead=ahead)
        except ModelError as error:
            self._updates.put_nowait(Notice(text=f"The reply was read by its words alone: {error}"))
            return None
        return features if features.starts else None

    async def _words(self) -> CustomerSpoke | None:
        """The customer's line, if it is their turn to speak."""
        if self.session.ended is not None or self.session.waits_for_trainee:
            return None
        spoken = await self._actor.speak(self.session)
        if spoken.source == "fallback":
            why = f" ({spoken.refused[-1]})" if spoken.refused else ""
            self._updates.put_nowait(Notice(text=f"No model chose the customer's last line{why}."))
        return CustomerSpoke(
            at=self._clock.now(),
            turn=self.session.turns[-1].number,
            text=spoken.text,
            source=spoken.source,
            line=spoken.line,
            guard=spoken.refused,
        )

    def _weigh_what_is_said(self) -> None:
        """The rater comes before the judge, as its levels are the ones that count."""
        self._rate_what_is_said()
        if self._judge is not None and (self._judging is None or self._judging.done()):
            self._judging = asyncio.create_task(self._judge_what_is_said(self._judge))

    def _rate_what_is_said(self) -> None:
        """Levels are their own job behind speech; nobody waits for them."""
        for turn in self.session.turns:
            under_way = turn.number in self._ratings and not self._ratings[turn.number].done()
            if turn.reply is not None and turn.rated is None and not under_way:
                self._ratings[turn.number] = asyncio.create_task(self._rate_reply(turn.number, turn.reply))

    async def _rate_reply(self, number: int, reply: str) -> None:
        rating: Rating | None = None
        if self._rater is not None:
            try:
                rating = await self._rater.rate(exchange(self.session, self.material, reply, number), number)
            except ModelError as error:
                self._updates.put_nowait(Notice(text=f"Reply {number} could not be rated: {error}"))
        rating = self._consequences.rated(self.session, number, rating)
        try:
            self._record(ReplyRated(at=self._clock.now(), turn=number, rating=rating))
        except SimulatorError as error:
            self._updates.put_nowait(Notice(text=f"The levels of reply {number} could not be stored yet: {error}"))

    async def _judge_what_is_said(self, judge: Rater) -> None:
        """One reply after the other, in idle time (see Priority.JUDGING), until all are judged or the runner closes."""
        with contextlib.suppress(Cancelled):
            while waiting := unjudged(self.session):
                rating = await self._judged(judge, waiting[0])
                try:
                    self._record(ReplyJudged(at=self._clock.now(), turn=waiting[0], rating=rating))
                except SimulatorError as error:
                    self._updates.put_nowait(Notice(text=f"What the judge gave could not be stored yet: {error}"))
                    return

    async def _judged(self, judge: Rater, number: int) -> Rating | None:
        reply = self.session.turns[number].reply or ""
        try:
            return await judge.rate(exchange(self.session, self.material, reply, number), number)
        except ModelError as error:
            self._updates.put_nowait(Notice(text=f"Reply {number} could not be judged: {error}"))
            return None

    def _read_ahead(self, what: str, work: Callable[[], Coroutine[None, None, object]]) -> None:
        """Do something while the trainee types; a newer one of the same kind takes the place of the older."""
        if what in self._ahead:
            self._ahead[what].cancel()
        self._ahead[what] = asyncio.create_task(_quietly(work))

    async def _withdraw_ahead(self) -> None:
        for task in self._ahead.values():
            task.cancel()
        await asyncio.gather(*self._ahead.values(), return_exceptions=True)
        self._ahead.clear()


async def _quietly(work: Callable[[], Coroutine[None, None, object]]) -> None:
    """Reading ahead may be withdrawn or fail; the work is done again when it is needed, and fails aloud then."""
    with contextlib.suppress(Cancelled, ModelError):
        await work()
