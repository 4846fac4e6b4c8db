"""How sessions of one scenario went on this machine: endings, turns, where trainees quit, what nobody came upon.

Apart from its words, and pure. It is about the scenario and never about a trainee: an author reads where it is too
hard, too easy, or hides what nobody finds. What no session could show is left out, and is no zero.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from simulator.content.material import Material
from simulator.debriefing.scores import dimension_scores
from simulator.desk import material_of
from simulator.errors import ContentError
from simulator.session import Session
from simulator.vocabulary import Ending, Move, Value


class Quit(Value):
    """A session that its trainee did not see through."""

    session: str
    how: Literal["ended", "broken off"]
    """ended: with a word for it; broken off: left, and not taken up again so far."""
    replies: int
    """How many there were by then."""
    after: Move | None
    """What the customer did last; None where they had not spoken."""


class Tally(Value):
    """In how many sessions something came about, of those in which it could."""

    name: str
    count: int
    of: int
    """At least 1."""


class ScenarioReport(Value):
    """How the sessions of a scenario went."""

    scenario: str
    sessions: int
    """Those below and those that are unreadable."""
    unreadable: int
    """Sessions whose texts this version cannot read; they count nowhere else."""
    endings: dict[Ending, int]
    """Of finished sessions, the most frequent first."""
    replies: tuple[int, ...]
    """Of each finished session, the fewest first."""
    quits: tuple[Quit, ...]
    """Newest first."""
    facts: tuple[Tally, ...]
    """Facts that were locked, and in how many sessions each was told or would have been."""
    promises: tuple[Tally, ...]
    """Promises that policy allows."""
    forbidden: tuple[Tally, ...]
    """Promises it forbids."""
    checks: tuple[Tally, ...]
    """Checks of the rubric, by their question: with how many sessions each was passed, at least once in a reply where a
    yes is wanted, in no turn where it is not."""

    @property
    def finished(self) -> int:
        """Sessions that have an ending."""
        return len(self.replies)


class _Played(Value):
    """A session with at least one reply, and what it was played from."""

    session: Session
    material: Material


def report(scenario: str, sessions: Sequence[Session]) -> ScenarioReport:
    """What came of sessions of one scenario.

    Args:
        scenario: Its id.
        sessions: All of that scenario, newest first, none of them open in a window. Facts, promises and checks are
            those of the newest; in older ones they count where they were there already.
    """
    played, unreadable = _played(sessions)
    finished = [session for session in sessions if session.ended is not None]
    endings = [session.ended.ending for session in finished if session.ended]
    return ScenarioReport(
        scenario=scenario,
        sessions=len(sessions),
        unreadable=unreadable,
        endings={one: endings.count(one) for one in sorted(set(endings), key=lambda one: -endings.count(one))},
        replies=tuple(sorted(map(_replies, finished))),
        quits=tuple(quit for session in sessions if (quit := _quit(session))),
        facts=_tallies(map(_facts, played)),
        promises=_tallies(_promises(one, forbidden=False) for one in played),
        forbidden=_tallies(_promises(one, forbidden=True) for one in played),
        checks=_tallies(map(_checks, played)),
    )


def _played(sessions: Sequence[Session]) -> tuple[list[_Played], int]:
    """Sessions in which anything was replied, and how many cannot be read."""
    found, unreadable = [], 0
    for session in sessions:
        try:
            material = material_of(session)
        except ContentError:  # counted, and said
            unreadable += 1
            continue
        if any(turn.reply is not None for turn in session.turns):
            found.append(_Played(session=session, material=material))
    return found, unreadable


def _replies(session: Session) -> int:
    return sum(turn.reply is not None for turn in session.turns)


def _quit(session: Session) -> Quit | None:
    ended = session.ended.ending if session.ended else None
    if ended not in (None, Ending.TRAINEE_ENDED):
        return None
    spoken = [turn.choice.move for turn in session.turns if turn.choice and turn.line]
    return Quit(
        session=session.id,
        how="ended" if ended else "broken off",
        replies=_replies(session),
        after=spoken[-1] if spoken else None,
    )


def _tallies(found: Iterator[dict[str, bool]]) -> tuple[Tally, ...]:
    """By name, in the order of the newest session, in how many sessions it was so."""
    each = list(found)
    names = each[0] if each else {}
    seen = {name: [one[name] for one in each if name in one] for name in names}
    return tuple(Tally(name=name, count=sum(so), of=len(so)) for name, so in seen.items())


def _facts(played: _Played) -> dict[str, bool]:
    locked = (fact.id for fact in played.material.scenario.facts if fact.unlock is not None)
    return {name: name in played.session.unlocked for name in locked}


def _promises(played: _Played, *, forbidden: bool) -> dict[str, bool]:
    made = {promise.promise for _, promise in played.session.promises}
    known = played.material.scenario.promises.items()
    return {name: name in made for name, promise in known if promise.forbidden is forbidden}


def _checks(played: _Played) -> dict[str, bool]:
    """What the scenario has no place for, and what there was nothing to look at for, is left out."""
    counts = (count for score in dimension_scores(played.session, played.material) for count in score.checks)
    return {
        count.question: count.met > 0 if count.wanted else count.met == 0 for count in counts if count.room and count.of
    }
