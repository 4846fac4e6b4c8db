"""What one session shows that a lead may want to talk about: errors, faults, what was missing, a good start lost.

Apart from the queue, which puts the signs of a whole cohort together: here one session is looked at by itself, with the
eyes of its debrief. Behaviours bear a name only where the quoted words do.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from simulator.content.material import Material
from simulator.debriefing.aims import worth
from simulator.debriefing.moments import act_in_words, moved_by_turn, relief
from simulator.debriefing.named import named
from simulator.debriefing.scores import dimension_scores
from simulator.debriefing.stronger import loss
from simulator.session import Session, Turn
from simulator.vocabulary import Ending, LedgerEntry, Value

LOST = (Ending.HUNG_UP, Ending.DROPPED, Ending.ESCALATED, Ending.TRAINEE_ENDED)
"""Endings that a good start should not have come to."""

GOOD_START = 10.0
"""Points that the leading feeling fell by before it was lost again."""

LOST_AGAIN = GOOD_START / 2
"""Points it rose by again at least; a smaller rise loses no start, however the contact ended."""

UNSETTLED = (*LOST, Ending.LIMIT)
"""Endings in which the customer did not take the matter as settled."""

FEW_REPLIES = 2
"""After fewer replies nothing is called missing."""

Kind = Literal["critical", "lost", "fault", "missing"]
"""A critical error | a good start and a bad end | what made it worse | what no reply did."""


class Sign(Value):
    """One thing that one session shows."""

    kind: Kind
    pattern: str
    """What it is an instance of: a critical error's code, a signal, a rule or a check of the rubric."""
    title: str
    """The pattern in the rubric's words; empty where it has none."""
    points: float
    """Points the customer lost by it; of what was missing, points that the scenario's rules give for it once."""
    session: str
    person: str
    scenario: str
    at: datetime
    """When the session began."""
    turn: int
    before: str
    """The customer's words it answers, as far as they were heard."""
    quote: str
    """The trainee's words, verbatim; for an act a plain description in brackets."""
    goal: str | None
    """What to try, in the rubric's words; None where the rubric leaves it open."""


def signs_of(session: Session, material: Material) -> Iterator[Sign]:
    """Everything a finished session shows, a pattern once for each turn; nothing of one that is not finished.

    Args:
        session: As its journal has it.
        material: What it was played from.
    """
    if session.ended is None:
        return
    look = _Look(session, named(session), material)
    yield from look.critical()
    yield from look.lost()
    yield from look.faults()
    yield from look.missing()


class _Look:
    """One session, as its journal has it and as it is told."""

    def __init__(self, session: Session, told: Session, material: Material) -> None:
        self._session, self._told, self._material = session, told, material
        self._relief = {turn.number: relief(moved_by_turn(session, turn)) for turn in session.turns}
        self._goals = {
            signal.value: check.goal
            for dimension in material.rubric.dimensions
            for check in dimension.checks
            if not check.wanted
            for signal in check.signals
        }

    def critical(self) -> Iterator[Sign]:
        kinds = {str(code): kind for code, kind in self._material.rubric.critical.items()}
        for number, error in self._told.critical:
            kind = kinds.get(error.code)
            yield self._sign(
                "critical",
                error.code.value,
                number,
                title=kind.name if kind else "",
                points=max(0.0, -self._relief[number]),
                quote=error.quote,
                goal=kind.goal if kind else None,
            )

    def lost(self) -> Iterator[Sign]:
        """The turn that cost most after the best one, where the end was a bad one."""
        session = self._session
        if session.ended is None or session.ended.ending not in LOST or len(session.turns) < 1 + FEW_REPLIES:
            return
        mood = session.started.mood
        upset = [session.emotion_after(turn.number).upset(mood) for turn in session.turns]
        best = min(range(len(upset)), key=lambda number: upset[number])
        gained, lost = session.started.emotion.upset(mood) - upset[best], upset[-1] - upset[best]
        if gained < GOOD_START or lost < LOST_AGAIN:
            return
        worst = min(session.turns[best + 1 :], key=lambda turn: self._relief[turn.number])
        yield self._sign("lost", session.ended.ending.value, worst.number, points=lost)

    def faults(self) -> Iterator[Sign]:
        """Signals whose words bear their name, and rules that answered to none, by turn."""
        for turn, told in zip(self._session.turns, self._told.turns, strict=True):
            found: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
            for entry in self._against(told):
                if entry.signal:
                    found[entry.signal.value].append(entry)
            for entry in self._against(turn):
                if not entry.signal:
                    found[entry.rule].append(entry)
            for pattern, entries in found.items():
                yield self._sign(
                    "fault",
                    pattern,
                    turn.number,
                    points=sum(map(loss, entries)),
                    quote=entries[0].quote,
                    goal=self._goals.get(pattern),
                )

    def _against(self, turn: Turn) -> list[LedgerEntry]:
        """What moved the customer for the worse by the turn's doing, and is no critical error anyway."""
        errors = turn.reading.critical if turn.reading else ()
        return [
            entry
            for entry in (turn.feeling.entries if turn.feeling and turn.act else ())
            if loss(entry) > 0
            and entry.rule not in self._session.fired
            and not any(error.quote in entry.quote or entry.quote in error.quote for error in errors)
        ]

    def missing(self) -> Iterator[Sign]:
        """Checks that not even likely words met, where the matter was not settled; told by the turn that cost most."""
        session = self._session
        replies = [turn for turn in session.turns if turn.reply is not None]
        if session.ended is None or session.ended.ending not in UNSETTLED or len(replies) < FEW_REPLIES:
            return
        worst = min(replies, key=lambda turn: self._relief[turn.number])
        for score in dimension_scores(session, self._material):
            for check in score.checks:
                if check.wanted and check.room and check.of and not check.met:
                    points = worth(self._material, check)
                    yield self._sign(
                        "missing", check.id, worst.number, points=points, title=check.question, goal=check.goal
                    )

    def _sign(
        self,
        kind: Kind,
        pattern: str,
        turn: int,
        *,
        points: float,
        title: str = "",
        quote: str | None = None,
        goal: str | None = None,
    ) -> Sign:
        started, said = self._session.started, self._session.turns[turn]
        return Sign(
            kind=kind,
            pattern=pattern,
            title=title,
            points=round(points, 1),
            session=started.session,
            person=started.trainee,
            scenario=started.scenario_id,
            at=started.at,
            turn=turn,
            before=self._session.heard_before(turn),
            quote=quote or said.reply or f"({act_in_words(said.act) or 'nothing was said'})",
            goal=goal,
        )
