"""Events, and what is true after them. One pure method, `Session.after`, so that play, resume and replay agree."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import reduce
from typing import Annotated, Literal, assert_never

from pydantic import AwareDatetime, Field, TypeAdapter

from simulator.contested import Dispute, DisputeSettled, ScoreDisputed, followed, revised
from simulator.judged import Judging, ReplyJudged
from simulator.vocabulary import (
    Channel,
    CriticalError,
    Emotion,
    Ending,
    LedgerEntry,
    Mood,
    Move,
    Rating,
    Signal,
    Source,
    Utterance,
    Value,
)

SCHEMA_VERSION = 1


def new_session_id(at: datetime) -> str:
    """An id for a session that begins at `at`: sorts by time (UTC), and is unique, as in 20261122-101530-ab12cd."""
    return f"{at.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


class ModelCard(Value):
    """Which model speaks and which listens, as far as a reader of the journal must know."""

    speaker: str
    """Name of the speaking model, or "none" where only authored lines are used."""
    listener: str
    """Name of the embedded listener, or "none" if it is missing."""
    way: Literal["guided", "free"]
    digest: str | None = None
    """sha256 of the speaker's file where it is the embedded one, whose digest is known."""


class PromiseMade(Value):
    """The trainee promised one of the things the scenario knows."""

    promise: str
    quote: str


class SessionStarted(Value):
    """The first event: everything needed to replay the session without the files that made it."""

    kind: Literal["session_started"] = "session_started"
    at: AwareDatetime
    session: str
    schema_version: int = SCHEMA_VERSION
    app_version: str
    rater_version: str
    seed: int
    trainee: str
    model: ModelCard
    scenario_id: str
    persona_id: str
    rubric_id: str
    scenario: str
    """Full text of the YAML file; persona, rubric and defaults likewise."""
    persona: str
    rubric: str
    defaults: str
    slots: dict[str, str]
    mood: Mood
    channel: Channel
    emotion: Emotion
    heard_lately: tuple[str, ...] = ()
    """Line texts this trainee heard in recent sessions, which the customer avoids."""
    goal: str | None = None
    """The goal the trainee's last debrief set."""
    judging: Judging | None = None
    """Whether the model that speaks judges replies as well; None in journals from before any could."""


class TraineeSpoke(Value):
    """The trainee replied. On disk before it is shown."""

    kind: Literal["trainee_spoke"] = "trainee_spoke"
    at: AwareDatetime
    turn: int
    text: str


class TraineeHeld(Value):
    """The trainee put the customer on hold."""

    kind: Literal["trainee_held"] = "trainee_held"
    at: AwareDatetime
    turn: int
    seconds: int


class TraineeSilent(Value):
    """The trainee said nothing for a while, on purpose or not."""

    kind: Literal["trainee_silent"] = "trainee_silent"
    at: AwareDatetime
    turn: int
    seconds: int


class TraineeTransferred(Value):
    """The trainee handed the contact to someone else."""

    kind: Literal["trainee_transferred"] = "trainee_transferred"
    at: AwareDatetime
    turn: int
    to: str


class ReplyRead(Value):
    """What was observed in the trainee's turn: signals, promises, topics asked about, critical errors."""

    kind: Literal["reply_read"] = "reply_read"
    at: AwareDatetime
    turn: int
    signals: tuple[Signal, ...]
    promises: tuple[PromiseMade, ...] = ()
    critical: tuple[CriticalError, ...] = ()
    learned: bool
    """False: only lexical and structural detectors looked, no learned ones."""


class EmotionMoved(Value):
    """The ledger's entries for one turn, and the emotion after them."""

    kind: Literal["emotion_moved"] = "emotion_moved"
    at: AwareDatetime
    turn: int
    entries: tuple[LedgerEntry, ...]
    emotion: Emotion


class MoveChosen(Value):
    """The director's choice: what the customer does next, why, and what may now be told."""

    kind: Literal["move_chosen"] = "move_chosen"
    at: AwareDatetime
    turn: int
    move: Move
    also: Move | None = None
    """A second move in the same breath, made first: a short answer to a question beside what the first is about."""
    gist: str
    because: str
    """The director's reason, for `why` and the debrief."""
    unlocked: tuple[str, ...] = ()
    """Facts that came unlocked in this turn."""
    fired: tuple[str, ...] = ()
    """Scenario events that fired in this turn."""
    ending: Ending | None = None
    """Set when the line that follows is the customer's last."""

    @property
    def moves(self) -> str:
        """What is done, in the order in which it is said: "answer, accept"."""
        return ", ".join(move.value.replace("_", " ") for move in (self.also, self.move) if move)


class CustomerSpoke(Value):
    """The customer's line. On disk before it is shown."""

    kind: Literal["customer_spoke"] = "customer_spoke"
    at: AwareDatetime
    turn: int
    text: str
    source: Source
    line: str | None = None
    """The authored line before its slots were filled; None when the model wrote it."""
    guard: tuple[str, ...] = ()
    """Why candidates were refused before this line stood."""


class CustomerInterrupted(Value):
    """The trainee cut in: only the first `heard` characters of the line were heard."""

    kind: Literal["customer_interrupted"] = "customer_interrupted"
    at: AwareDatetime
    turn: int
    heard: int


class ReplyRated(Value):
    """Levels of one reply; rating None means that rating failed, which is shown as such."""

    kind: Literal["reply_rated"] = "reply_rated"
    at: AwareDatetime
    turn: int
    rating: Rating | None


class SessionEnded(Value):
    """The contact is over."""

    kind: Literal["session_ended"] = "session_ended"
    at: AwareDatetime
    ending: Ending


Event = Annotated[
    SessionStarted
    | TraineeSpoke
    | TraineeHeld
    | TraineeSilent
    | TraineeTransferred
    | ReplyRead
    | EmotionMoved
    | MoveChosen
    | CustomerSpoke
    | CustomerInterrupted
    | ReplyRated
    | ReplyJudged
    | SessionEnded
    | ScoreDisputed
    | DisputeSettled,
    Field(discriminator="kind"),
]

TraineeAct = TraineeSpoke | TraineeHeld | TraineeSilent | TraineeTransferred

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes one event of any kind."""


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
