"""Contesting a score, and settling what was contested: what is refused, and which event it comes to.

Pure, and apart from the events themselves (`contested`), because they must be readable whatever is refused today.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from simulator.assessment.gold import GoldReply, Provenance, Said
from simulator.content.material import Material
from simulator.contested import Dispute, DisputeSettled, ScoreDisputed
from simulator.debriefing.moments import act_in_words
from simulator.errors import UsageError
from simulator.in_context import exchange
from simulator.session import Session, Turn
from simulator.vocabulary import Level, Rating, Value

LONGEST = 2_000
"""Characters that a reason may have."""


class OpenDispute(Value):
    """A contested score that waits to be settled."""

    session: str
    """Id of the session."""
    turn: int
    """Number of the turn."""
    at: datetime
    """When it was contested."""
    reply: str
    """The reply whose levels are contested."""
    levels: dict[str, Level | None]
    """The levels as they stand, by dimension id."""
    dimension: str | None
    """Id of the one that is contested; None: all of them."""
    level: Level | None
    """The level asked for; None where none was named."""
    reason: str
    """In the words of whoever contests."""


def contest(
    session: Session,
    material: Material,
    turn: int,
    reason: str,
    at: datetime,
    dimension: str | None = None,
    level: Level | None = None,
) -> ScoreDisputed:
    """The event by which a score is contested.

    Raises:
        UsageError: there is no such turn, reply, rating or dimension, no reason, or nothing to be contested about it.
    """
    rating = _rating(session, turn)
    _known(material, [dimension] if dimension else [])
    if level is not None and dimension is None:
        raise UsageError("A level belongs to one dimension: name it with --dimension.")
    if level is not None and dimension and rating.levels.get(dimension) == level:
        raise UsageError(f"Turn {turn} has {level} on {dimension} already.")
    if any(dimension is None or each.about(dimension) for each in _open(session.turns[turn])):
        raise UsageError(f"Turn {turn} is contested already; `simulator disputes` shows what waits to be settled.")
    return ScoreDisputed(at=at, turn=turn, reason=_said(reason), dimension=dimension, level=level)


def settle(
    session: Session,
    material: Material,
    turn: int,
    levels: Mapping[str, Level | None] | None,
    reason: str,
    by: str,
    at: datetime,
    dimension: str | None = None,
) -> DisputeSettled:
    """The event by which what is open about a reply is settled.

    Args:
        session: With the dispute.
        material: It was played from.
        turn: Number of the turn.
        levels: What counts from now on, by dimension id (see `levels_named`); None rejects the dispute.
        reason: Why.
        by: Who decides.
        at: When.
        dimension: Settle only what is open about this one.

    Raises:
        UsageError: nothing is open there, or reason, name, or a level for what was contested is missing.
    """
    _rating(session, turn)
    settled = [each for each in _open(session.turns[turn]) if dimension in (None, each.raised.dimension)]
    if not settled:
        raise UsageError(f"Nothing about turn {turn} of session {session.id} waits to be settled.")
    _known(material, levels or ())
    contested = [each.raised.dimension for each in settled if each.raised.dimension]
    if levels is not None and (left := [name for name in contested if name not in levels]):
        raise UsageError(f"Name a level for what was contested, as in --uphold {left[0]}=4.")
    if not by.strip():
        raise UsageError("Say who decides, with --by NAME.")
    return DisputeSettled(
        at=at,
        turn=turn,
        dimension=dimension,
        upheld=levels is not None,
        levels=dict(levels or {}),
        reason=_said(reason),
        by=" ".join(by.split()),
    )


def levels_named(text: str) -> dict[str, Level | None]:
    """Levels as they are typed: "empathy=4,ownership=n", where n is "no room".

    Raises:
        UsageError: it is not that.
    """
    levels: dict[str, Level | None] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, level = (piece.strip().lower() for piece in part.partition("="))
        if not name or level not in {"1", "2", "3", "4", "5", "n"}:
            raise UsageError(f'"{part}" is no level: write empathy=4 (1 to 5, n for no room), several with commas.')
        if name in levels:
            raise UsageError(f'"{name}" is named twice: one level for each dimension.')
        levels[name] = None if level == "n" else int(level)
    if not levels:
        raise UsageError("Name the levels that count from now on, as in --uphold empathy=4.")
    return levels


def waiting(sessions: Iterable[Session]) -> Iterator[OpenDispute]:
    """What is open, in the order of the sessions."""
    for session in sessions:
        for turn in session.turns:
            for dispute in _open(turn):
                yield OpenDispute(
                    session=session.id,
                    turn=turn.number,
                    reply=turn.reply or "",
                    levels=turn.rating.levels if turn.rating else {},
                    **dispute.raised.model_dump(include={"at", "dimension", "level", "reason"}),
                )


def gold_reply(session: Session, material: Material, event: DisputeSettled) -> GoldReply:
    """The reply of an upheld dispute as a rated reply, with what was contested and who revised it."""
    turn = session.turns[event.turn]
    said = exchange(session, material, turn.reply or "", turn.number)
    given = turn.rated.rating if turn.rated else None
    contested = [each.raised.reason for each in _open(turn) if event.dimension in (None, each.raised.dimension)]
    return GoldReply(
        id=f"{session.id}-{turn.number}",
        context=said.context,
        mood=said.mood,
        history=tuple(
            Said(speaker="customer" if one.speaker == "customer" else "agent", text=one.text) for one in said.history
        ),
        reply=said.reply,
        ratings={name: (level,) for name, level in event.levels.items()},
        consensus=event.levels,
        provenance=Provenance(
            session=session.id,
            turn=turn.number,
            rater=given.rater if given else session.started.rater_version,
            given=given.levels if given else {},
            contested=" / ".join(contested),
            reason=event.reason,
            by=event.by,
            at=event.at,
        ),
    )


def _rating(session: Session, number: int) -> Rating:
    """The levels of a turn that can be contested."""
    if not 0 < number < len(session.turns):
        turns = f"turns 1 to {len(session.turns) - 1}" if len(session.turns) > 1 else "no reply"
        raise UsageError(f"Session {session.id} has {turns}, so there is no score of turn {number} to contest.")
    turn = session.turns[number]
    if turn.reply is None:
        raise UsageError(f"Turn {number} has no score to contest, as nothing was said: {act_in_words(turn.act)}")
    if turn.rating is None:
        raise UsageError(f"Turn {number} has no score to contest: the reply was not rated.")
    return turn.rating


def _open(turn: Turn) -> list[Dispute]:
    return [dispute for dispute in turn.disputes if dispute.settled is None]


def _known(material: Material, names: Iterable[str]) -> None:
    there_are = [dimension.id for dimension in material.rubric.dimensions]
    for name in names:
        if name not in there_are:
            raise UsageError(f'The rubric has no dimension "{name}"; there are {", ".join(there_are)}.')


def _said(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise UsageError("Say why, with --reason TEXT.")
    if any("\ud800" <= character <= "\udfff" for character in reason):
        raise UsageError("The reason holds characters that are not valid Unicode.")
    if len(reason) > LONGEST:
        raise UsageError(f"The reason has {len(reason):,} characters; {LONGEST:,} are enough.")
    return reason
