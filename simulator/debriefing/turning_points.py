"""The moments a contact turned on: how far each turn moved the customer, what came of it, and how they took it.

Apart from `moments`, which says what one turn did: here turns are compared, by the ledger and by the words that a
reader of the transcript goes by.
"""

from simulator.debriefing.moments import Moment, moment_of, moved_by_turn, relief, summed
from simulator.debriefing.named import AS_A_WHOLE
from simulator.session import Session
from simulator.vocabulary import LEADING_FEELING, Ending, Feeling, LedgerEntry, Move

SETTLED = (Ending.RESOLVED, Ending.SETTLED_PARTLY)
"""Endings in which the customer took the matter, or part of it, as settled."""

UNWORDED = 0.5
"""What a point counts, when moments are ranked, where no words of the reply bear it."""

BESIDE = 0.5
"""What a point of another feeling than the leading one and trust counts there."""

KEY = 8.0
"""Points that a calming turn counts for besides where it first promised something and the matter was settled, or where
the turn before it had upset the customer."""

SLIGHT = 5.0
"""A turn that moved all feelings together by less than this many points is no moment, unless nothing moved more."""

EASED = 8.0
"""The same of a turn that calmed: most replies ease something."""

MUCH = 30.0
"""Points of a turn, before any cap, beyond which more counts a quarter: a reply full of good things is no turning point
for that alone."""

BORNE_OUT = 5.0
"""Points that a turn counts for besides where the customer's next words sound as it moved them, and that it loses where
they sound the other way: a reader goes by the words."""

PLAIN = 12.0
"""A turn that moved them by so many points is a moment even where their next words sound the other way."""

_SOUNDS_CALMER = frozenset({Move.SOFTEN, Move.ACCEPT})
_SOUNDS_UPSET = frozenset(
    {Move.VENT, Move.CHALLENGE, Move.PANIC, Move.THREATEN, Move.DEMAND_SUPERVISOR, Move.HESITATE, Move.LEAVE}
)
_OPENS_UP = frozenset({Move.THANK, Move.REVEAL, Move.ANSWER})
"""No sign that a reply calmed: whoever is asked may tell in anger, and everybody says thank you. But none of upset."""


def biggest_moments(session: Session, count: int = 3) -> tuple[Moment, ...]:
    """The turns that moved the customer most, weightiest first.

    Many turns move a feeling as far as one reply can, so what a turn asked for before any cap ranks them; of what no
    words bear, half counts. A turn that promised what settled the matter counts for more, and so does one that the
    customer's next words bear out.

    If all of them went one way, the largest notable one that went the other way takes the last place: both are shown. A
    notable reply with a critical error is among them, too.
    """
    found = [moment for turn in session.turns if (moment := moment_of(session, turn))]
    ranked = sorted(found, key=lambda moment: -_weight(moment, session))
    notable = [moment for moment in ranked if _is_notable(moment, session)] or ranked[:1]
    chosen, rest = notable[:count], notable[count:]
    if len({moment.direction for moment in chosen}) == 1:
        contrary = (moment for moment in notable if moment.direction != chosen[0].direction)
        other = next(contrary, None)
        chosen = [*chosen[: count - 1], other] if other else chosen
    if not any(moment.critical for moment in chosen):
        failed = next((moment for moment in rest if moment.critical), None)
        chosen = [*chosen[: count - 1], failed] if failed else chosen
    return tuple(chosen)


def _size(moment: Moment) -> float:
    return abs(relief(moment.moves))


def _is_notable(moment: Moment, session: Session) -> bool:
    sounds_so = _borne_out(moment, session) >= 0
    least = (EASED if moment.direction == "calmer" else SLIGHT) if sounds_so else PLAIN
    return _size(moment) >= least


def _borne_out(moment: Moment, session: Session) -> int:
    """1 where the customer's next words sound as the turn moved them, -1 where they sound the other way, else 0.

    What happened besides sounds in them, too.
    """
    choice = session.turns[moment.turn].choice
    calmer = moment.direction == "calmer"
    happened = (entry for entry in moment.entries if entry.rule in session.fired)
    worse = relief(summed(happened, LEADING_FEELING[session.started.mood])) <= -SLIGHT
    if choice is None or (worse and not calmer):
        return 0
    if worse or choice.move in (_SOUNDS_UPSET if calmer else _SOUNDS_CALMER | _OPENS_UP):
        return -1
    return int(choice.move in (_SOUNDS_CALMER if calmer else _SOUNDS_UPSET))


def _weight(moment: Moment, session: Session) -> float:
    """How far a turn would have moved the customer had there been no caps, what it led to, and how they took it.

    In points; calming whoever is calm already counts half as much as calming whoever is beside themselves.
    """
    asked = abs(_asked_in_all(moment, session))
    upset = session.emotion_after(moment.turn - 1).upset(session.started.mood) if moment.direction == "calmer" else 100
    key = _settles(moment, session) or _turns_round(moment, session)
    counted = min(asked, MUCH) + max(0.0, asked - MUCH) / 4
    return counted * (1 + upset / 100) / 2 + (KEY if key else 0.0) + BORNE_OUT * _borne_out(moment, session)


def _asked_in_all(moment: Moment, session: Session) -> float:
    leading = LEADING_FEELING[session.started.mood]
    caused = (entry for entry in moment.entries if entry.rule not in session.fired and not entry.is_void)
    return sum(_asked(entry, leading) for entry in caused)


def _asked(entry: LedgerEntry, leading: Feeling) -> float:
    counts = (1.0 if entry.feeling in (leading, Feeling.TRUST) else BESIDE) * (
        UNWORDED if entry.quote == AS_A_WHOLE else 1.0
    )
    return relief({entry.feeling: entry.asked}) * counts


def _settles(moment: Moment, session: Session) -> bool:
    """Whether a calming turn promised something for the first time, and the matter was settled in the end."""
    if session.ended is None or session.ended.ending not in SETTLED or moment.direction != "calmer" or moment.critical:
        return False
    before = {made.promise for turn, made in session.promises if turn < moment.turn}
    return any(turn == moment.turn and made.promise not in before for turn, made in session.promises)


def _turns_round(moment: Moment, session: Session) -> bool:
    """Whether a turn calmed a customer whom the turn before had upset."""
    before = session.turns[moment.turn - 1]
    worse = relief(moved_by_turn(session, before)) < 0
    return worse and moment.direction == "calmer" and not moment.critical and _size(moment) >= SLIGHT
