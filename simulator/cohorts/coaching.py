"""The coaching queue: what in a cohort's sessions most needs a person, one moment for each pattern, most needed first.

Pure, and apart from the signs of single sessions: here it is settled what counts as one pattern, which session tells it
best, and what comes before what. Nobody is ranked: the order is that of need, and each moment is about a reply.
"""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from simulator.assessment.gold import GoldReply, Judgement
from simulator.cohorts.coaching_signs import Kind, Sign, signs_of
from simulator.content.material import Material
from simulator.debriefing.remedies import GRAVEST_FIRST
from simulator.disputes import OpenDispute, waiting
from simulator.session import Session
from simulator.vocabulary import Level, Rating, Value

COSTLY = 8.0
"""Points over the whole cohort from which a fault, or what was missing, is worth a talk."""

MOST_MISSING = 3
"""So many patterns of what was missing are in the queue at most, those worth most."""

APART = 2
"""Levels by which two have to differ about a reply to be called in disagreement."""

_KINDS: tuple[Kind, ...] = ("critical", "lost", "fault", "missing")


class CoachingMoment(Value):
    """One pattern, told by the session that shows it most."""

    sign: Sign
    """Where it shows most."""
    sessions: int = Field(ge=1)
    """How many sessions show it."""
    people: int = Field(ge=1)
    """Of how many people."""
    points: float
    """Points over all these sessions, as `Sign.points` counts them."""


class WaitingDispute(Value):
    """A contested score that waits for the lead."""

    person: str
    dispute: OpenDispute


class Disagreement(Value):
    """A reply that people and the rater, or two people, see differently."""

    reply: str
    """Its id among the rated replies."""
    text: str
    """The reply."""
    dimension: str
    levels: dict[str, Level]
    """Who gave what, by name; the rater by its version."""
    apart: int = Field(ge=0)
    """The highest level less the lowest."""


class CoachingQueue(Value):
    """What waits for a lead."""

    cohort: str
    sessions: int = Field(ge=0)
    """Sessions that were read."""
    moments: tuple[CoachingMoment, ...]
    """Critical errors, the gravest first; good starts that were lost; faults and then what was missing, by points."""
    disputes: tuple[WaitingDispute, ...]
    """Oldest first."""
    disagreements: tuple[Disagreement, ...] = ()
    """Widest first."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self.moments or self.disputes or self.disagreements)


def queue(
    cohort: str, sessions: Iterable[tuple[Session, Material]], disagreements: Sequence[Disagreement] = ()
) -> CoachingQueue:
    """The queue of a cohort.

    Args:
        cohort: Its name.
        sessions: Its sessions with what they were played from, each once, in any order; read once.
        disagreements: From `disagreements`.
    """
    patterns: dict[tuple[Kind, str], _Pattern] = {}
    disputes: list[WaitingDispute] = []
    read = 0
    for session, material in sessions:
        read += 1
        for sign in signs_of(session, material):
            patterns.setdefault(_key(sign), _Pattern(sign)).add(sign)
        disputes += [WaitingDispute(person=session.started.trainee, dispute=one) for one in waiting([session])]
    return CoachingQueue(
        cohort=cohort,
        sessions=read,
        moments=_most_needed([pattern.moment() for pattern in patterns.values()]),
        disputes=tuple(sorted(disputes, key=lambda one: (one.dispute.at, one.dispute.session, one.dispute.turn))),
        disagreements=tuple(disagreements),
    )


def disagreements(
    replies: Iterable[GoldReply], judgements: Iterable[Judgement], ratings: Mapping[str, Rating]
) -> tuple[Disagreement, ...]:
    """Replies on which people and the rater, or people among each other, are two levels apart or more; widest first.

    Who finds no room for a dimension has given no level, and is not counted.

    Args:
        replies: The rated ones; those that came from disputes bring the levels of rater and reviser with them.
        judgements: Levels that people gave blind; of two by one person about the same, the later counts.
        ratings: What the rater makes of these replies, by their ids, as far as it was asked.
    """
    given: dict[tuple[str, str], dict[str, Level | None]] = {}
    for one in judgements:
        given.setdefault((one.reply, one.dimension), {})[one.by] = one.level
    known = {reply.id: reply for reply in replies}
    for (name, dimension), levels in given.items():
        if (rating := ratings.get(name)) and dimension in rating.levels:
            levels[rating.rater] = rating.levels[dimension]
    for reply in known.values():
        for dimension, who, level in _from_dispute(reply):
            given.setdefault((reply.id, dimension), {}).setdefault(who, level)
    found = (_disagreement(known[name], about, by) for (name, about), by in given.items() if name in known)
    apart = [one for one in found if one and one.apart >= APART]
    return tuple(sorted(apart, key=lambda one: (-one.apart, one.reply, one.dimension)))


class _Pattern:
    """The signs of one pattern, without keeping them."""

    def __init__(self, first: Sign) -> None:
        self._best = first
        self._sessions: set[str] = set()
        self._people: set[str] = set()
        self._points = 0.0

    def add(self, sign: Sign) -> None:
        self._sessions.add(sign.session)
        self._people.add(sign.person)
        self._points += sign.points
        self._best = max(self._best, sign, key=_telling)

    def moment(self) -> CoachingMoment:
        return CoachingMoment(
            sign=self._best, sessions=len(self._sessions), people=len(self._people), points=round(self._points, 1)
        )


def _telling(sign: Sign) -> tuple[float, str, int]:
    """What cost most tells a pattern best, and of equals the newest."""
    return sign.points, sign.session, sign.turn


def _key(sign: Sign) -> tuple[Kind, str]:
    """A good start that was lost is one pattern, however it ended."""
    return sign.kind, "" if sign.kind == "lost" else sign.pattern


def _most_needed(moments: Iterable[CoachingMoment]) -> tuple[CoachingMoment, ...]:
    worth_a_talk = [one for one in moments if one.sign.kind in ("critical", "lost") or one.points >= COSTLY]
    ordered = sorted(worth_a_talk, key=_need)
    missing = [one for one in ordered if one.sign.kind == "missing"][:MOST_MISSING]
    return tuple(one for one in ordered if one.sign.kind != "missing" or one in missing)


def _need(moment: CoachingMoment) -> tuple[int, int, float, str]:
    sign = moment.sign
    gravity = next((at for at, code in enumerate(GRAVEST_FIRST) if code.value == sign.pattern), len(GRAVEST_FIRST))
    return _KINDS.index(sign.kind), gravity if sign.kind == "critical" else 0, -moment.points, sign.pattern


def _from_dispute(reply: GoldReply) -> Iterable[tuple[str, str, Level | None]]:
    """Dimension, who, level: of the rater whose level was contested, and of whoever revised it."""
    source = reply.provenance
    if source is None:
        return
    for dimension, level in reply.consensus.items():
        if dimension in source.given:
            yield dimension, source.rater, source.given[dimension]
            yield dimension, source.by, level


def _disagreement(reply: GoldReply, dimension: str, given: Mapping[str, Level | None]) -> Disagreement | None:
    levels = {who: level for who, level in given.items() if level is not None}
    if len(levels) < 2:
        return None
    apart = max(levels.values()) - min(levels.values())
    return Disagreement(reply=reply.id, text=reply.reply, dimension=dimension, levels=levels, apart=apart)
