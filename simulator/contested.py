"""A contested score: the events about it, what came of it, and the levels that count since.

Apart from the session because a score is contested and settled after the contact, by people who need not have been in
it. What the rater gave is never overwritten: a revision stands beside it, with who made it and why.
"""

from collections.abc import Sequence
from typing import Literal, assert_never

from pydantic import AwareDatetime

from simulator.vocabulary import Level, Rating, Value


class ScoreDisputed(Value):
    """Somebody contests the levels of one reply."""

    kind: Literal["score_disputed"] = "score_disputed"
    at: AwareDatetime
    turn: int
    reason: str
    """In their own words: data, and never an instruction."""
    dimension: str | None = None
    """Id of the dimension; None: the levels of the reply altogether."""
    level: Level | None = None
    """The level they think right; None where they do not say."""


class DisputeSettled(Value):
    """Somebody decided about a contested score."""

    kind: Literal["dispute_settled"] = "dispute_settled"
    at: AwareDatetime
    turn: int
    dimension: str | None = None
    """Settles what is open about this dimension; None: all that is open about the reply."""
    upheld: bool
    levels: dict[str, Level | None] = {}
    """The levels that count from now on, by dimension id, None for "no room"; empty where it was rejected."""
    reason: str
    by: str
    """Who decided, by the name they gave."""


class Dispute(Value):
    """One contested score and what came of it."""

    raised: ScoreDisputed
    """Who contests says what, and why."""
    settled: DisputeSettled | None = None
    """The decision; None while it is open."""

    def about(self, dimension: str) -> bool:
        """Whether it is about this dimension, alone or among all."""
        return self.raised.dimension in (None, dimension)


def followed(disputes: Sequence[Dispute], event: ScoreDisputed | DisputeSettled) -> tuple[Dispute, ...]:
    """The disputes about a reply once `event` has happened."""
    match event:
        case ScoreDisputed():
            return (*disputes, Dispute(raised=event))
        case DisputeSettled():
            return tuple(_settled(dispute, event) for dispute in disputes)
        case _:
            assert_never(event)


def revised(rating: Rating, disputes: Sequence[Dispute]) -> Rating:
    """The rating with the levels that upheld disputes put in place of the rater's; later ones count."""
    if not disputes:
        return rating
    levels = {name: level for each in disputes if each.settled for name, level in each.settled.levels.items()}
    expected = {name: None if level is None else float(level) for name, level in levels.items()}
    return rating.model_copy(update={"levels": rating.levels | levels, "expected": rating.expected | expected})


def remark(disputes: Sequence[Dispute], dimension: str, given: Level | None) -> str | None:
    """What stands beside the level of a dimension, in words; None where nobody contested it.

    Args:
        disputes: About the reply.
        dimension: Its id.
        given: What the rater gave.
    """
    said = [words for each in disputes if (words := _remark(each, dimension, given))]
    return said[-1] if said else None


def _settled(dispute: Dispute, event: DisputeSettled) -> Dispute:
    fits = dispute.settled is None and event.dimension in (None, dispute.raised.dimension)
    return dispute.model_copy(update={"settled": event}) if fits else dispute


def _remark(dispute: Dispute, dimension: str, given: Level | None) -> str | None:
    settled = dispute.settled
    if settled and dimension in settled.levels:
        return f"revised by {settled.by}, the rater gave {given or 'no room'}"
    if not dispute.about(dimension) or (settled and settled.upheld):
        return None
    return f"contested, and kept by {settled.by}" if settled else "contested"
