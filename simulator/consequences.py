"""What follows from a session without any model: how a reply is read, felt, and which move it brings.

Apart from the runner, because it is pure: the runner records what follows, and while the trainee is still typing it
imagines what would follow, so that the likely words can be read ahead.
"""

from collections.abc import Iterable
from datetime import datetime

from simulator.assessment import checks
from simulator.assessment.acts import read_act
from simulator.assessment.conventions import kept_to_policy
from simulator.assessment.signals import Known, Reading, read, served
from simulator.content.material import Material
from simulator.customer.director import choose
from simulator.customer.emotion import Ledger, moves
from simulator.customer.promising import promises_in
from simulator.events import EmotionMoved, Event, MoveChosen, PromiseMade, ReplyRead, SessionEnded, TraineeAct
from simulator.in_context import exchange, known
from simulator.ports import Exchange, Features
from simulator.session import Session, Turn
from simulator.vocabulary import CriticalCode, CriticalError, Emotion, LedgerEntry, Rating


class Consequences:
    """The next event, wherever no model is needed to know it."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._ledger = Ledger(material)

    def following(self, session: Session, at: datetime, features: Features | None = None) -> Event | None:
        """The event that follows at `at`; None where somebody has to speak, or the contact is over.

        Args:
            session: As far as it has come.
            at: The time of the event.
            features: What the listener made of the last reply (see `unread`); None: it is read by its words alone.
        """
        if session.ended is not None:
            return None
        turn = session.turns[-1] if session.turns else Turn(number=0)
        if turn.act is not None and turn.reading is None:
            return self._read(session, turn, turn.act, at, features)
        if turn.act is not None and turn.feeling is None:
            entries = self._ledger.entries(session)
            return _moved(turn, entries, session.emotion.moved(moves(entries)), at)
        if turn.choice is None:
            return MoveChosen(at=at, turn=turn.number, **choose(session, self._material).model_dump())
        if not self._felt(turn, turn.choice):
            return self._feel_events(session, turn, turn.choice, at)
        if turn.line is not None and turn.choice.ending is not None:
            return SessionEnded(at=at, ending=turn.choice.ending)
        return None

    def unread(self, session: Session) -> Exchange | None:
        """The last reply, as the listener should hear it, if it has not been read yet."""
        turn = session.turns[-1] if session.turns else Turn(number=0)
        if turn.reply is None or turn.reading is not None:
            return None
        return served(exchange(session, self._material, turn.reply, turn.number))

    def imagined(self, session: Session, act: TraineeAct, features: Features | None = None) -> Session:
        """The session as it would be if the trainee did this now, up to where the customer finds words."""
        session = session.after(act)
        while (event := self.following(session, act.at, features)) is not None:
            session = session.after(event)
        return session

    def rated(self, session: Session, number: int, rating: Rating | None) -> Rating | None:
        """The rating of a reply as its scenario and its rubric have it: with no more ownership than a forbidden promise
        may earn, and with the levels that the rubric's own rules give, by what was seen when it was read.

        Args:
            session: With the reply.
            number: Of its turn.
            rating: The rater's; None where there is none.
        """
        turn = session.turns[number]
        reading = turn.reading
        if reading is None and turn.act is not None:  # rated before a session that broke off is gone on with
            reading = self._read(session, turn, turn.act, turn.act.at, None)
        if rating is not None and reading is not None:
            rating = kept_to_policy(rating, {error.code for error in reading.critical})
        return checks.rated(self._material.rubric, reading.signals if reading else (), number, rating)

    def _read(
        self, session: Session, turn: Turn, act: TraineeAct, at: datetime, features: Features | None
    ) -> ReplyRead:
        signals = read_act(act)
        critical: tuple[CriticalError, ...] = ()
        if turn.reply is not None:
            said = exchange(session, self._material, turn.reply, turn.number), known(session, self._material)
            reading = self._heard(*said, features) if features else read(*said)
            signals, critical = reading.signals, self._serious(reading.critical, session)
        last = session.turns[turn.number - 1]
        promises = promises_in(turn.reply or "", self._material, last.reply or "", last.heard_text)
        return ReplyRead(
            at=at,
            turn=turn.number,
            signals=signals,
            promises=promises,
            critical=(*critical, *self._forbidden(promises)),
            learned=turn.reply is None or features is not None,
        )

    @staticmethod
    def _serious(errors: Iterable[CriticalError], session: Session) -> tuple[CriticalError, ...]:
        """Without a goodbye to somebody who is calm and has been promised something: nobody is left with anything."""
        return tuple(error for error in errors if not (session.is_content and error.code is CriticalCode.ABANDONS))

    @staticmethod
    def _heard(said: Exchange, case: Known, features: Features) -> Reading:
        from simulator.assessment.learned import read_heard  # brings numpy, which start-up does without

        return read_heard(said, case, features)

    def _felt(self, turn: Turn, choice: MoveChosen) -> bool:
        """Whether the events that fired in a turn have moved the emotion."""
        felt = {entry.rule for entry in turn.feeling.entries} if turn.feeling else set()
        return all(event in felt for event in choice.fired if self._ledger.event_entries(event))

    def _feel_events(self, session: Session, turn: Turn, choice: MoveChosen, at: datetime) -> EmotionMoved:
        news = [entry for event in choice.fired for entry in self._ledger.event_entries(event)]
        earlier = turn.feeling.entries if turn.feeling else ()
        return _moved(turn, (*earlier, *news), session.emotion.moved(moves(news)), at)

    def _forbidden(self, promises: tuple[PromiseMade, ...]) -> list[CriticalError]:
        known = self._material.scenario.promises
        return [
            CriticalError(code=CriticalCode.BREAKS_POLICY, quote=made.quote)
            for made in promises
            if known[made.promise].forbidden
        ]


def _moved(turn: Turn, entries: tuple[LedgerEntry, ...], emotion: Emotion, at: datetime) -> EmotionMoved:
    return EmotionMoved(at=at, turn=turn.number, entries=entries, emotion=emotion)
