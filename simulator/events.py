"""What happens in a session, event by event, as journals keep it. Apart from `session`: what is true after them."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from simulator.contested import DisputeSettled, ScoreDisputed
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
