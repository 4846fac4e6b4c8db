"""Places in a call where something that was missing would have helped: a weak reply, what the customer had just said,
and a check that answers it. Apart from the goals, which choose one thing to try: here every place is weighed."""

from collections.abc import Iterator, Mapping, Sequence

from simulator.content.material import Material
from simulator.debriefing.aims import for_the_first, worth
from simulator.debriefing.answering import topics
from simulator.debriefing.moments import moved_by_turn, relief
from simulator.debriefing.placing import OPENING_TURNS
from simulator.debriefing.remedies import IN_ANSWER_TO
from simulator.debriefing.scores import CheckCount
from simulator.debriefing.stronger import CALM, had_room
from simulator.session import Session, Turn
from simulator.vocabulary import Mood, SignalName, Value

WEAK = 3.0
"""A reply that did the customer less good than this, in points, left room for something."""

VERY_UPSET = 60.0
"""From this degree of anger or distress on, a word about the feeling has a place whatever the customer just did."""

FAIR = 3
"""A reply of this level or more on the dimension of a check left nothing wanting there that a goal should point at."""

_TELLING = 4
"""Topics that a customer's line must have for there to be something to say back."""

_SAYS_BACK = frozenset({SignalName.REFLECTS_DETAIL, SignalName.CHECKS_UNDERSTANDING})
_OF_THE_FEELING = (SignalName.NAMES_FEELING, SignalName.VALIDATES)

_MUCH = 10.0
"""Points beyond which it counts only what answers the customer best, and not what moves them still more."""

_HARM = 6.0
"""So many points lost make a place count twice."""


class Chance(Value):
    """One place for one check."""

    turn: int
    """Number of the turn."""
    heard: str
    """The customer's words just before."""
    check: str
    """Id of the check."""
    gain: float
    """How much it would have been worth to this customer there: only to compare places with each other."""
    harmed: bool
    """Whether the reply that stood there cost the customer anything."""


def chances(session: Session, material: Material, checks: Mapping[CheckCount, float]) -> tuple[Chance, ...]:
    """Every place where one of the checks answers what the customer had just done, and the reply did little.

    Args:
        session: The call as it is told (see `named`).
        material: With the rules that say what a check is worth.
        checks: Wanted ones that this call did not meet, each with how much more its dimension counts than others.
    """
    return tuple(
        chance for turn in session.turns if _is_weak(session, turn) for chance in _at(turn, session, material, checks)
    )


def best(found: Sequence[Chance]) -> Chance | None:
    """The place that says most for the check with most to gain over all its places; None where there is none."""
    total: dict[str, float] = {}
    for one in found:
        total[one.check] = total.get(one.check, 0.0) + one.gain
    return max(found, key=lambda one: (total[one.check], one.gain), default=None)


def _is_weak(session: Session, turn: Turn) -> bool:
    if turn.reply is None or turn.reading is None or not had_room(turn):
        return False
    upset = session.emotion_after(turn.number - 1).upset(session.started.mood)
    return upset >= CALM and relief(moved_by_turn(session, turn)) < WEAK


def _at(turn: Turn, session: Session, material: Material, checks: Mapping[CheckCount, float]) -> Iterator[Chance]:
    choice = session.turns[turn.number - 1].choice
    upset = session.emotion_after(turn.number - 1).upset(session.started.mood)
    always = _OF_THE_FEELING if upset >= VERY_UPSET and session.started.mood is not Mood.CONFUSED else ()
    answers = tuple(dict.fromkeys((*(IN_ANSWER_TO[choice.move] if choice else ()), *always)))
    did = relief(moved_by_turn(session, turn))
    for place, signal in enumerate(answers):
        check = next((one for one in checks if signal in one.signals), None)
        if check is None or not _has_room(turn, check, signal, session, material):
            continue
        points = 1 + min(_MUCH, worth(material, check))
        gain = (len(answers) - place) * points * (1 + max(0.0, -did) / _HARM) * checks[check]
        heard = session.heard_before(turn.number)
        yield Chance(turn=turn.number, heard=heard, check=check.id, gain=gain, harmed=did < 0)


def _has_room(turn: Turn, check: CheckCount, signal: SignalName, session: Session, material: Material) -> bool:
    """Whether a reply was wanting in what the check asks for, and the customer's line gave something to do it with."""
    of = (one.id for one in material.rubric.dimensions if any(own.id == check.id for own in one.checks))
    level = turn.rating.levels.get(next(of, "")) if turn.rating else None
    if (level is not None and level >= FAIR) or (for_the_first(check) and turn.number > OPENING_TURNS):
        return False
    return signal not in _SAYS_BACK or len(topics(session.heard_before(turn.number))) >= _TELLING
