"""What is true after a session's events. One pure method, `Session.after`, so that play, resume and replay agree."""

import hashlib
from collections.abc import Iterable
from functools import reduce
from typing import assert_never

from simulator.contested import Dispute, DisputeSettled, ScoreDisputed, followed, revised
from simulator.events import (
    CustomerInterrupted,
    CustomerSpoke,
    EmotionMoved,
    Event,
    MoveChosen,
    PromiseMade,
    ReplyRated,
    ReplyRead,
    SessionEnded,
    SessionStarted,
    TraineeAct,
    TraineeHeld,
    TraineeSilent,
    TraineeSpoke,
    TraineeTransferred,
)
from simulator.judged import ReplyJudged
from simulator.vocabulary import (
    CriticalError,
    Emotion,
    Rating,
    Utterance,
    Value,
)


class Turn(Value):
    """One exchange: what the trainee did, what it set off, what the customer said. Turn 0 is the opening line."""

    number: int
    act: TraineeAct | None = None
    reading: ReplyRead | None = None
    feeling: EmotionMoved | None = None
    choice: MoveChosen | None = None
    line: CustomerSpoke | None = None
    heard: int | None = None
    """Characters of the line that were heard, where the trainee cut in."""
    rated: ReplyRated | None = None
    """What the rater gave; `rating` is what counts."""
    judged: ReplyJudged | None = None
    """What a judge gave, which counts nowhere."""
    disputes: tuple[Dispute, ...] = ()
    """What was contested about its levels, in order."""

    @property
    def reply(self) -> str | None:
        """The trainee's words, if they spoke in this turn."""
        return self.act.text if isinstance(self.act, TraineeSpoke) else None

    @property
    def heard_text(self) -> str:
        """The customer's words as far as they were heard; empty before they spoke."""
        if self.line is None:
            return ""
        return self.line.text if self.heard is None else self.line.text[: self.heard]

    @property
    def rating(self) -> Rating | None:
        """The levels that count, if rating happened and succeeded: the rater's, revised where a dispute was upheld."""
        return revised(self.rated.rating, self.disputes) if self.rated and self.rated.rating else None


CALM, TRUSTING = 30.0, 55.0
"""Up to this upset, and from this trust on, a customer is calm."""


class Session(Value):
    """What is true after a sequence of events."""

    started: SessionStarted
    turns: tuple[Turn, ...] = ()
    ended: SessionEnded | None = None
    events: int = 1

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Session":
        """Fold a whole journal.

        Raises:
            ValueError: the first event is not `SessionStarted`, or there is none.
        """
        iterator = iter(events)
        first = next(iterator, None)
        if not isinstance(first, SessionStarted):
            raise ValueError("a journal begins with session_started")
        return reduce(cls.after, iterator, cls(started=first))

    def after(self, event: Event) -> "Session":
        """The session once `event` has happened. Pure.

        Raises:
            ValueError: the event cannot happen here (a second start, a turn out of order).
        """
        match event:
            case SessionStarted():
                raise ValueError("a session starts once")
            case SessionEnded():
                return self._with(ended=event)
            case TraineeSpoke() | TraineeHeld() | TraineeSilent() | TraineeTransferred():
                if event.turn != len(self.turns):
                    raise ValueError(f"turn {event.turn} cannot follow turn {len(self.turns) - 1}")
                return self._with(turns=(*self.turns, Turn(number=event.turn, act=event)))
            case MoveChosen() if event.turn == 0 and not self.turns:
                return self._with(turns=(Turn(number=0, choice=event),))
            case ReplyRead():
                return self._with_turn(event.turn, reading=event)
            case EmotionMoved():
                return self._with_turn(event.turn, feeling=event)
            case MoveChosen():
                return self._with_turn(event.turn, choice=event)
            case CustomerSpoke():
                return self._with_turn(event.turn, line=event)
            case CustomerInterrupted():
                return self._with_turn(event.turn, heard=event.heard)
            case ReplyRated():
                return self._with_turn(event.turn, rated=event)
            case ReplyJudged():
                return self._with_turn(event.turn, judged=event)
            case ScoreDisputed() | DisputeSettled():
                before = self.turns[event.turn].disputes if event.turn < len(self.turns) else ()
                return self._with_turn(event.turn, disputes=followed(before, event))
            case _:
                assert_never(event)

    def _with(self, **changes: object) -> "Session":
        return self.model_copy(update={**changes, "events": self.events + 1})

    def _with_turn(self, number: int, **changes: object) -> "Session":
        if not 0 <= number < len(self.turns):
            raise ValueError(f"there is no turn {number} yet")
        turns = list(self.turns)
        turns[number] = turns[number].model_copy(update=changes)
        return self._with(turns=tuple(turns))

    @property
    def id(self) -> str:
        """The session's id."""
        return self.started.session

    @property
    def emotion(self) -> Emotion:
        """How the customer feels now."""
        return self.emotion_after(len(self.turns) - 1)

    def emotion_after(self, turn: int) -> Emotion:
        """How the customer felt after a turn (-1: before anything was said)."""
        for past in reversed(self.turns[: turn + 1]):
            if past.feeling is not None:
                return past.feeling.emotion
        return self.started.emotion

    @property
    def upset(self) -> float:
        """The leading number of the mood now, 0 to 100."""
        return self.emotion.upset(self.started.mood)

    @property
    def unlocked(self) -> frozenset[str]:
        """Ids of the facts that have come unlocked."""
        return frozenset(fact for turn in self.turns if turn.choice for fact in turn.choice.unlocked)

    @property
    def fired(self) -> frozenset[str]:
        """Ids of the scenario events that have fired."""
        return frozenset(event for turn in self.turns if turn.choice for event in turn.choice.fired)

    @property
    def promises(self) -> tuple[tuple[int, PromiseMade], ...]:
        """Promises the trainee made, with the turn of each, in order."""
        return tuple((turn.number, made) for turn in self.turns if turn.reading for made in turn.reading.promises)

    @property
    def critical(self) -> tuple[tuple[int, CriticalError], ...]:
        """Critical errors, with the turn of each, in order."""
        return tuple((turn.number, error) for turn in self.turns if turn.reading for error in turn.reading.critical)

    @property
    def is_calm(self) -> bool:
        """Whether the customer is hardly upset, and trusts."""
        return self.upset <= CALM and self.emotion.trust >= TRUSTING

    @property
    def is_content(self) -> bool:
        """Whether the customer is calm and has been promised something: nobody is left with anything."""
        return self.is_calm and bool(self.promises)

    def heard_before(self, number: int) -> str:
        """The last customer words that were heard before a turn; empty if there were none."""
        return next((past.heard_text for past in reversed(self.turns[:number]) if past.heard_text), "")

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """What was said and heard, in order (within a turn the trainee speaks first)."""
        return self.utterances_before(len(self.turns))

    def utterances_before(self, turn: int) -> tuple[Utterance, ...]:
        """What was said and heard in turns 0 to `turn - 1`."""
        said: list[Utterance] = []
        for past in self.turns[:turn]:
            if past.reply is not None:
                said.append(Utterance(speaker="trainee", text=past.reply))
            if past.heard_text:
                said.append(Utterance(speaker="customer", text=past.heard_text))
        return tuple(said)

    @property
    def waits_for_trainee(self) -> bool:
        """True when the customer has spoken and the contact is still open."""
        return self.ended is None and bool(self.turns) and self.turns[-1].line is not None

    def seed_for(self, turn: int, purpose: str) -> int:
        """A 32-bit seed that depends on session seed, turn and purpose only."""
        digest = hashlib.sha256(f"{self.started.seed}/{turn}/{purpose}".encode()).digest()
        return int.from_bytes(digest[:4], "big")
