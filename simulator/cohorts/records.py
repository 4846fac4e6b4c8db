"""What is kept of a finished session for comparing: one record a session, and sums of them by person, scenario and
dimension. No words that anybody said are in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field

from simulator.vocabulary import Channel, Ending, Mood, Value


class ScoreRecord(Value):
    """One dimension of one session."""

    dimension: str
    """Its id in the rubric."""
    mean: float = Field(ge=1, le=5)
    """The session's mean level (see `debriefing.scores`), slips that were put right included."""
    replies: int = Field(ge=1)
    """How many replies have a level."""
    rater: str
    """Version of what scored it; means of different versions are never put together."""
    by: Literal["rater", "checks"]
    """Whether the embedded rater gave the levels or the rubric's own rules did, which nobody has calibrated."""


class SessionRecord(Value):
    """One finished session. What was not recorded is None, never zero."""

    session: str
    person: str
    """Name or pseudonym of the trainee, as in the journal."""
    scenario: str
    persona: str
    rubric: str
    mood: Mood
    channel: Channel
    difficulty: int = Field(ge=1, le=3)
    """1 gentle, 2 usual, 3 hard."""
    started: datetime
    ended: datetime
    ending: Ending
    replies: int = Field(ge=0)
    handle_seconds: float | None = Field(ge=0)
    """From the first line to the end; None where the clocks of the journal go backwards."""
    upset_before: float
    upset_after: float
    """The leading feeling of the mood, 0 to 100."""
    critical: int = Field(ge=0)
    """Critical errors."""
    copilot: bool | None = None
    """Whether a copilot was used; None: not recorded."""
    handoff: bool | None = None
    """Whether the contact was handed on with everything the next person needs; None: it was not handed on."""
    app_version: str
    events: int = Field(ge=1)
    """Length of the journal."""
    digest: str
    """sha256 over the journal's events (the last link of the hash chain), hexadecimal."""
    signer: str | None = None
    """Public key whose signature was checked at import, hexadecimal; None: unsigned, or from this machine."""
    scores: tuple[ScoreRecord, ...] = ()
    """Every dimension that has a mean."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The sessions of one person in one scenario, summed up for one dimension and one version of the rater.

    Not checked again as other values are, since a hundred thousand of them are read for one comparison.
    """

    person: str
    scenario: str
    mood: Mood
    difficulty: int
    dimension: str
    rater: str
    sessions: int
    """1 or more."""
    total: float
    """Sum of the sessions' means."""
    squares: float
    """Sum of their squares."""
    replies: int
    """Replies with a level, over all sessions."""

    @property
    def mean(self) -> float:
        """Mean of the sessions' means, 1 to 5."""
        return self.total / self.sessions
