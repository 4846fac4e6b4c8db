"""Plays one session: the only place where models, a rater, a journal and a clock meet.

Commands go in, updates come out of one stream, and every event is on disk before it is in the stream. What is to be
done next is always derived from the session, so play, resume and replay are the same code.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime

from simulator.assessment.acts import read_act
from simulator.assessment.signals import Known, read
from simulator.clock import Clock
from simulator.commands import Command, End, Hold, Say, Silence, Transfer, cleaned
from simulator.content.material import Material
from simulator.customer.actor import Actor
from simulator.customer.director import choose
from simulator.customer.emotion import Ledger, moves
from simulator.customer.facts import open_facts, promises_in
from simulator.errors import Cancelled, ModelError, ReplyRefused, SimulatorError
from simulator.ports import Exchange, Journal, Listener, Rater
from simulator.session import (
    CustomerInterrupted,
    CustomerSpoke,
    EmotionMoved,
    Event,
    MoveChosen,
    PromiseMade,
    ReplyRated,
    ReplyRead,
    Session,
    SessionEnded,
    TraineeHeld,
    TraineeSilent,
    TraineeSpoke,
    TraineeTransferred,
    Turn,
)
from simulator.vocabulary import CriticalCode, CriticalError, Emotion, Ending, LedgerEntry, Rating, Value


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
    ) -> None:
        """Take up a session; `fresh`: its start is not in the journal yet."""
        self.session = session
        self.material = material
        self._journal = journal
        self._actor = actor
        self._rater = rater
        self._listener = listener
        self._clock = clock
        self._fresh = fresh
        self._ledger = Ledger(material)
        self._updates: asyncio.Queue[Update | None] = asyncio.Queue()
        self._turn_taking = asyncio.Lock()
        self._ratings: dict[int, asyncio.Task[None]] = {}
        self._ahead: dict[str, asyncio.Task[None]] = {}

    @property
    def busy(self) -> bool:
        """True while the customer is working out what to say."""
        return self._turn_taking.locked()

    async def updates(self) -> AsyncIterator[Update]:
        """Everything that happens from now on, for one reader, until the runner is closed."""
        while (update := await self._updates.get()) is not None:
            yield update

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
        for turn in self.session.turns:
            self._rate(turn)

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
        if self.session.ended is None and not self._fresh:
            await self._withdraw_ahead()
            self._record(SessionEnded(at=self._clock.now(), ending=Ending.TRAINEE_ENDED))

    async def interrupt(self, heard: int) -> None:
        """The trainee cuts in after the first `heard` characters of the last line; too late if all was heard."""
        last = self.session.turns[-1] if self.session.turns else None
        if last and last.line and last.heard is None and heard < len(last.line.text) and not self.session.ended:
            self._record(CustomerInterrupted(at=self._clock.now(), turn=last.number, heard=max(0, heard)))
            self._read_ahead("lines", self._actor.prepare(self.session))

    def draft(self, text: str) -> None:
        """Read ahead what is being typed, so that rating it costs nothing later. Never blocks."""
        words = cleaned(text)
        if self._listener is not None and words and not words.startswith("/") and not self.busy:
            customer = self._exchange(words, len(self.session.turns)).customer_line
            self._read_ahead("draft", _quietly(self._listener.features(customer, words, ahead=True)))

    async def settled(self) -> None:
        """Wait until everything said so far is rated."""
        await asyncio.gather(*self._ratings.values())

    async def close(self) -> None:
        """Let go of the journal; pending ratings are made on resume or with the debrief."""
        await self._withdraw_ahead()
        for task in self._ratings.values():
            task.cancel()
        await asyncio.gather(*self._ratings.values(), return_exceptions=True)
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
        self._rate(self.session.turns[-1])

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
        """Take the steps that are due until it is the trainee's turn or the contact is over."""
        while (doing := self._due()) is not None:
            self._updates.put_nowait(Waiting(doing=doing[0]))
            await doing[1]()
        self._updates.put_nowait(Waiting(doing=""))
        if self.session.ended is None:
            self._read_ahead("lines", self._actor.prepare(self.session))

    def _due(self) -> "tuple[str, Callable[[], Coroutine[None, None, None]]] | None":
        """The next step, derived from what has happened."""
        if self.session.ended is not None:
            return None
        turn = self.session.turns[-1] if self.session.turns else Turn(number=0)
        if turn.act is not None and turn.reading is None:
            return "hears you", self._read
        if turn.act is not None and turn.feeling is None:
            return "hears you", self._feel
        if turn.choice is None:
            return "thinks", self._choose
        if turn.choice.fired and not self._felt(turn):
            return "thinks", self._feel_events
        if turn.line is None:
            return "is finding words", self._speak
        if turn.choice.ending is not None:
            return "ends the contact", self._finish
        return None

    async def _read(self) -> None:
        turn = self.session.turns[-1]
        assert turn.act is not None
        signals = read_act(turn.act)
        critical: tuple[CriticalError, ...] = ()
        if turn.reply is not None:
            reading = read(self._exchange(turn.reply, turn.number), self._known())
            signals, critical = reading.signals, reading.critical
        promises = promises_in(turn.reply or "", self.material)
        self._record(
            ReplyRead(
                at=self._clock.now(),
                turn=turn.number,
                signals=signals,
                promises=promises,
                critical=(*critical, *self._forbidden(promises)),
                learned=False,
            )
        )

    async def _feel(self) -> None:
        turn = self.session.turns[-1]
        entries = self._ledger.entries(self.session)
        self._move(turn, entries, self.session.emotion.moved(moves(entries)))

    def _felt(self, turn: Turn) -> bool:
        """Whether the events that fired in a turn have moved the emotion."""
        felt = {entry.rule for entry in turn.feeling.entries} if turn.feeling else set()
        fired = turn.choice.fired if turn.choice else ()
        return all(event in felt for event in fired if self._ledger.event_entries(event))

    async def _feel_events(self) -> None:
        turn = self.session.turns[-1]
        assert turn.choice is not None
        news = [entry for event in turn.choice.fired for entry in self._ledger.event_entries(event)]
        earlier = turn.feeling.entries if turn.feeling else ()
        self._move(turn, (*earlier, *news), self.session.emotion.moved(moves(news)))

    def _move(self, turn: Turn, entries: tuple[LedgerEntry, ...], emotion: Emotion) -> None:
        self._record(EmotionMoved(at=self._clock.now(), turn=turn.number, entries=entries, emotion=emotion))

    async def _choose(self) -> None:
        choice = choose(self.session, self.material)
        self._record(MoveChosen(at=self._clock.now(), turn=max(0, len(self.session.turns) - 1), **choice.model_dump()))

    async def _speak(self) -> None:
        turn = self.session.turns[-1]
        spoken = await self._actor.speak(self.session)
        self._record(
            CustomerSpoke(
                at=self._clock.now(),
                turn=turn.number,
                text=spoken.text,
                source=spoken.source,
                line=spoken.line,
                guard=spoken.refused,
            )
        )
        if spoken.source == "fallback":
            why = f" ({spoken.refused[-1]})" if spoken.refused else ""
            self._updates.put_nowait(Notice(text=f"No model chose the customer's last line{why}."))

    async def _finish(self) -> None:
        choice = self.session.turns[-1].choice
        assert choice is not None
        assert choice.ending is not None
        self._record(SessionEnded(at=self._clock.now(), ending=choice.ending))

    def _exchange(self, reply: str, turn: int) -> Exchange:
        briefing = self.material.scenario.briefing
        return Exchange(
            mood=self.session.started.mood,
            context=self.material.fill(" ".join((briefing.role, *briefing.history, *briefing.policy))),
            history=self.session.utterances_before(turn),
            reply=reply,
        )

    def _known(self) -> Known:
        facts = open_facts(self.session, self.material)
        return Known(
            details=tuple(self.material.fill(fact.text) for fact in facts),
            matters=tuple(self.material.fill(fact.text) for fact in facts if fact.matters),
            policy=tuple(self.material.fill(text) for text in self.material.scenario.briefing.policy),
        )

    def _forbidden(self, promises: tuple[PromiseMade, ...]) -> list[CriticalError]:
        known = self.material.scenario.promises
        return [
            CriticalError(code=CriticalCode.BREAKS_POLICY, quote=made.quote)
            for made in promises
            if known[made.promise].forbidden
        ]

    def _rate(self, turn: Turn) -> None:
        """Levels are their own job behind speech; nobody waits for them."""
        if turn.reply is not None and turn.rated is None and turn.number not in self._ratings:
            self._ratings[turn.number] = asyncio.create_task(self._rate_reply(turn.number, turn.reply))

    async def _rate_reply(self, number: int, reply: str) -> None:
        rating: Rating | None = None
        if self._rater is not None:
            try:
                rating = await self._rater.rate(self._exchange(reply, number), number)
            except ModelError as error:
                self._updates.put_nowait(Notice(text=f"Reply {number} could not be rated: {error}"))
        try:
            self._record(ReplyRated(at=self._clock.now(), turn=number, rating=rating))
        except SimulatorError as error:
            self._updates.put_nowait(Notice(text=f"The levels of reply {number} could not be stored: {error}"))

    def _read_ahead(self, what: str, work: Coroutine[None, None, None]) -> None:
        """Do something while the trainee types; a newer one of the same kind takes the place of the older."""
        if what in self._ahead:
            self._ahead[what].cancel()
        self._ahead[what] = asyncio.create_task(work)

    async def _withdraw_ahead(self) -> None:
        for task in self._ahead.values():
            task.cancel()
        await asyncio.gather(*self._ahead.values(), return_exceptions=True)
        self._ahead.clear()


async def _quietly(work: Coroutine[None, None, object]) -> None:
    """Reading ahead may be withdrawn; what it would have saved is then done when it is needed."""
    with contextlib.suppress(Cancelled):
        await work
