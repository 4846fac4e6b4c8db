"""What a turn did to the customer, and the reasons.

Apart from the turning points, which choose among the turns, from the debrief, which only gathers, and from the advice,
which chooses what to do about them.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, assert_never

from simulator.customer.hearing import is_question, sentences
from simulator.customer.talk import talk_of
from simulator.debriefing.answering import matter_of, wants
from simulator.debriefing.named import AS_A_WHOLE
from simulator.events import TraineeAct, TraineeHeld, TraineeSilent, TraineeSpoke, TraineeTransferred
from simulator.session import Session, Turn
from simulator.vocabulary import LEADING_FEELING, CriticalCode, Feeling, LedgerEntry, SignalName, Talk, Value


class Reason(Value):
    """Words of a reply (or an act), everything that was seen in them, and what that did to the customer."""

    quote: str
    """The trainee's words, verbatim; for an act or an event a plain description in brackets."""
    signals: tuple[SignalName, ...]
    """What the words showed; empty for an event, or where the reply was weighed as a whole."""
    rules: tuple[str, ...]
    """Ids of the ledger rules that answered; for an event of the scenario, its id."""
    moves: dict[Feeling, float]
    """What came of it after all caps, signed, in points of 0 to 100; feelings that did not move are left out. The
    leading feeling comes first, then trust."""
    helped: bool
    """True if it was for the better."""
    caps: tuple[str, ...] = ()
    """Which caps held some of it back, in the ledger's words."""
    event: bool = False
    """True if it happened in the scenario and was not the reply's doing."""
    critical: CriticalCode | None = None
    """The critical error these words are, if they are one: what they gained the customer was not theirs to keep."""

    @property
    def as_a_whole(self) -> bool:
        """Whether no words of the reply bear what moved the customer."""
        return self.quote == AS_A_WHOLE


class Moment(Value):
    """A turn in which what the trainee said or did moved the customer."""

    turn: int
    """Number of the turn."""
    direction: Literal["calmer", "more upset"]
    """How the customer was after it, all feelings taken together."""
    upset: float
    """Change of the leading feeling by this turn, signed, in points."""
    trust: float
    """Change of trust, signed, in points."""
    moves: dict[Feeling, float]
    """Change of every feeling that moved by this turn, signed, in points; events of the scenario left out."""
    before: str
    """The customer's words just before, as far as they were heard."""
    before_cut: bool
    """True if the trainee cut in there."""
    reply: str | None
    """The trainee's words, verbatim; None for an act."""
    act: str | None
    """What was done instead of speaking, in plain words."""
    reasons: tuple[Reason, ...]
    """Why the emotion moved, by the words behind it: the weightiest first, events of the scenario last."""
    entries: tuple[LedgerEntry, ...]
    """The same as the ledger has it, entry by entry."""
    after: str
    """What the customer said to it, as far as it was heard."""
    taken_up: str | None = None
    """The sentence of the reply that shares most words with what the customer said to it; None if there is none."""
    answering: str | None = None
    """The sentence that goes into what they had asked for, of a turn that calmed; if none is taken up."""
    after_cut: bool
    """True if the trainee cut in there."""
    critical: tuple[CriticalCode, ...] = ()
    """Kinds of critical error in the reply."""


def act_in_words(act: TraineeAct | None) -> str | None:
    """What the trainee did instead of speaking; None if they spoke, or in the opening turn."""
    match act:
        case None | TraineeSpoke():
            return None
        case TraineeHeld(seconds=seconds):
            return f"The customer was put on hold for {_seconds(seconds)}."
        case TraineeSilent(seconds=seconds):
            return f"Nothing was said for {_seconds(seconds)}."
        case TraineeTransferred(to=to):
            return f"The customer was transferred to {to}."
        case _:
            assert_never(act)


def cut_before(session: Session, turn: int) -> bool:
    """Whether the trainee cut in on those words."""
    return next((was_cut(past) for past in reversed(session.turns[:turn]) if past.heard_text), False)


def was_cut(turn: Turn) -> bool:
    """Whether the trainee cut in on the customer's line of a turn."""
    return turn.line is not None and turn.heard_text != turn.line.text


def moment_of(session: Session, turn: Turn) -> Moment | None:
    """What a turn did to the customer; None if it moved nothing. What an event did is shown, and not counted."""
    entries = turn.feeling.entries if turn.feeling else ()
    caused = moved_by_turn(session, turn)
    if turn.act is None or not caused:
        return None
    before = session.heard_before(turn.number)
    reasons, taken_up = _reasons(entries, session, turn), _taken_up(turn, before)
    return Moment(
        turn=turn.number,
        direction="calmer" if relief(caused) > 0 else "more upset",
        upset=caused.get(LEADING_FEELING[session.started.mood], 0.0),
        trust=caused.get(Feeling.TRUST, 0.0),
        moves=caused,
        before=before,
        before_cut=cut_before(session, turn.number),
        reply=turn.reply,
        act=act_in_words(turn.act),
        reasons=reasons,
        critical=tuple(dict.fromkeys(error.code for error in turn.reading.critical)) if turn.reading else (),
        entries=entries,
        after=turn.heard_text,
        after_cut=was_cut(turn),
        taken_up=taken_up,
        answering=None if taken_up or relief(caused) <= 0 else _answering(turn, before),
    )


def _taken_up(turn: Turn, before: str) -> str | None:
    """The sentence of a reply that the customer's answer shares most with, the last of several; no question.

    One word that they had used themselves before is not enough; what they ask about has not been taken in.
    """
    answer = matter_of(" ".join(one for one in sentences(turn.heard_text) if not is_question(one)))
    return _nearest(turn, answer - matter_of(before)) or _nearest(turn, answer, least=2)


def _answering(turn: Turn, before: str) -> str | None:
    """The sentence of a reply that goes into what the customer asked or demanded before, and turns nobody away."""
    away = {Talk.REFUSES, Talk.PASSES_ON}
    said = [one for one in sentences(turn.reply or "") if one in (turn.reply or "") and not is_question(one)]
    wanted = [matter for one in wants(before) if (matter := matter_of(one))]
    found = (one for one in said if any(len(matter_of(one) & each) >= min(2, len(each)) for each in wanted))
    return next((one for one in found if not talk_of(one) & away), None)


def _nearest(turn: Turn, matter: frozenset[str], least: int = 1) -> str | None:
    reply = turn.reply or ""
    said = (one for one in sentences(reply) if one in reply and not is_question(one))
    shared = [(len(matter_of(one) & matter), at, one) for at, one in enumerate(said)]
    most, _, found = max(shared, default=(0, 0, ""))
    return found if most >= least else None


def moved_by_turn(session: Session, turn: Turn) -> dict[Feeling, float]:
    """Points by which what the trainee said or did moved each feeling that it moved; what an event did is left out."""
    entries = turn.feeling.entries if turn.feeling else ()
    caused = (entry for entry in entries if entry.rule not in session.fired)
    return summed(caused, LEADING_FEELING[session.started.mood])


def relief(moves: Mapping[Feeling, float]) -> float:
    """How good signed changes are for the customer in all, in points: trust up, and every other feeling down."""
    return round(sum(points if feeling is Feeling.TRUST else -points for feeling, points in moves.items()), 1)


def summed(entries: Iterable[LedgerEntry], leading: Feeling) -> dict[Feeling, float]:
    """What entries came to, by feeling: the leading one first, then trust, then the others; only those that moved."""
    given = list(entries)
    order = dict.fromkeys((leading, Feeling.TRUST, *Feeling))
    moves = {each: round(sum(entry.delta for entry in given if entry.feeling is each), 1) for each in order}
    return {feeling: points for feeling, points in moves.items() if points}


def _seconds(count: int) -> str:
    return "1 second" if count == 1 else f"{count} seconds"


def _reasons(entries: Sequence[LedgerEntry], session: Session, turn: Turn) -> tuple[Reason, ...]:
    """Entries gathered by the words behind them, so that no words are quoted twice for the same thing.

    What helped and what hurt is told apart, but not where no words bear it.
    """
    leading = LEADING_FEELING[session.started.mood]
    telling = [entry for entry in entries if entry.delta or entry.cap]
    homes = _homes({entry.quote for entry in telling}, _checks(telling, turn.reply or ""))
    gathered: dict[tuple[str, bool, bool], list[LedgerEntry]] = {}
    for entry in telling:
        event = entry.rule in session.fired
        helped = not event and entry.quote != AS_A_WHOLE and _helps(entry)
        gathered.setdefault((homes[entry.quote], helped, event), []).append(entry)
    reasons = (_reason(quote, event, given, leading) for (quote, _, event), given in gathered.items())
    ordered = sorted(reasons, key=lambda reason: (reason.event, -abs(relief(reason.moves))))
    return tuple(reason.model_copy(update={"critical": _error_in(reason, turn)}) for reason in ordered)


def _error_in(reason: Reason, turn: Turn) -> CriticalCode | None:
    errors = turn.reading.critical if turn.reading else ()
    return next((one.code for one in errors if reason.quote in one.quote or one.quote in reason.quote), None)


def _reason(quote: str, event: bool, entries: Sequence[LedgerEntry], leading: Feeling) -> Reason:
    return Reason(
        quote=quote,
        signals=tuple(dict.fromkeys(entry.signal for entry in entries if entry.signal)),
        rules=tuple(dict.fromkeys(entry.rule for entry in entries)),
        moves=summed(entries, leading),
        helped=relief(summed(entries, leading)) > 0 if quote == AS_A_WHOLE else _helps(entries[0]),
        caps=tuple(dict.fromkeys(entry.cap for entry in entries if entry.cap)),
        event=event,
    )


def _homes(quotes: set[str], checks: Mapping[str, str]) -> dict[str, str]:
    """For each quote the longest one that contains it; for a bare check, that with what it checks."""
    longest = {quote: max((other for other in quotes if quote in other), key=len) for quote in quotes}
    return longest | {quote: checks[quote] for quote in quotes & checks.keys()}


def _checks(entries: Sequence[LedgerEntry], reply: str) -> dict[str, str]:
    """Bare checks of understanding, each with what it checks: "Does that make sense?" alone does nothing.

    Not where the words that are checked are quoted for something of their own.
    """
    said, found, quotes = sentences(reply), {}, {entry.quote for entry in entries}
    bare = {entry.quote for entry in entries if entry.signal is SignalName.CHECKS_UNDERSTANDING}
    for sentence, check in itertools.pairwise(said):
        start = reply.find(sentence)
        end = reply.find(check, start) + len(check)
        own = any(quote in sentence or sentence in quote for quote in quotes - {check})
        if check in bare and len(matter_of(check)) <= 1 and 0 <= start < end - len(sentence) and not own:
            found[check] = reply[start:end]
    return found


def _helps(entry: LedgerEntry) -> bool:
    return entry.asked > 0 if entry.feeling is Feeling.TRUST else entry.asked < 0
