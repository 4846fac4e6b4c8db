"""A stronger line for the weakest reply of a call. Apart from the moments, which report, because here something is
chosen; the choice rests on the ledger, on the levels, and on what people wrote for this scenario."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from simulator.assessment.catalogue import CATALOGUE
from simulator.content.material import Material
from simulator.debriefing.answering import asks, is_open, takes_up, topics, wants
from simulator.debriefing.exemplars import Alternative, alternatives
from simulator.debriefing.moments import heard_before, moved_by_turn, relief
from simulator.debriefing.scores import DimensionScore, shown
from simulator.session import Session, Turn
from simulator.vocabulary import CriticalCode, Feeling, LedgerEntry, Move, SignalName, Value

UPSET_ENOUGH = 40.0
"""Below this degree of the leading feeling, a line that names or defends the feeling comes too late."""

GRAVEST_FIRST = (
    CriticalCode.UNSAFE,
    CriticalCode.INSULTS,
    CriticalCode.DISCLOSES_DATA,
    CriticalCode.BREAKS_POLICY,
    CriticalCode.ABANDONS,
)
"""Critical errors, the gravest first."""

_S = SignalName
AFTER_CRITICAL: Mapping[CriticalCode, tuple[SignalName, ...]] = {
    CriticalCode.UNSAFE: (_S.COMMITS_ACTION, _S.CHECKS_SAFETY, _S.GIVES_CALLBACK),
    CriticalCode.INSULTS: (_S.SINCERE_APOLOGY, _S.VALIDATES, _S.NAMES_FEELING),
    CriticalCode.DISCLOSES_DATA: (_S.ASKS_DETAIL, _S.CHECKS_UNDERSTANDING),
    CriticalCode.BREAKS_POLICY: (_S.COMMITS_ACTION, _S.GIVES_TIME, _S.OFFERS_HELP),
    CriticalCode.ABANDONS: (_S.COMMITS_ACTION, _S.CHECKS_IT_WORKED, _S.GIVES_CALLBACK),
}
"""What to show in place of a critical error."""

IN_PLACE_OF: Mapping[SignalName, tuple[SignalName, ...]] = {
    _S.STOCK_PHRASE: (_S.NAMES_FEELING, _S.VALIDATES, _S.SINCERE_APOLOGY, _S.REFLECTS_DETAIL),
    _S.TAKES_BACK: (_S.VALIDATES, _S.SINCERE_APOLOGY, _S.ACCEPTS_RESPONSIBILITY),
    _S.DISMISSES_FEELING: (_S.VALIDATES, _S.NAMES_FEELING, _S.GIVES_PACE),
    _S.BLAMES_CUSTOMER: (_S.ACCEPTS_RESPONSIBILITY, _S.SINCERE_APOLOGY, _S.VALIDATES),
    _S.INSULTS: (_S.SINCERE_APOLOGY, _S.VALIDATES, _S.NAMES_FEELING),
    _S.DEFLECTS: (_S.COMMITS_ACTION, _S.ACCEPTS_RESPONSIBILITY, _S.OFFERS_HELP),
    _S.HIDES_BEHIND_POLICY: (_S.COMMITS_ACTION, _S.ACCEPTS_RESPONSIBILITY, _S.OFFERS_HELP),
    _S.HANDS_OFF: (_S.COMMITS_ACTION, _S.OFFERS_HELP, _S.GIVES_CALLBACK),
    _S.PASSIVE_PROMISE: (_S.GIVES_CALLBACK, _S.COMMITS_ACTION, _S.GIVES_TIME),
    _S.ENDS_CONTACT: (_S.COMMITS_ACTION, _S.CHECKS_IT_WORKED, _S.GIVES_CALLBACK),
    _S.ASKS_AGAIN: (_S.REFLECTS_DETAIL, _S.CHECKS_UNDERSTANDING),
    _S.PARROTS: (_S.REFLECTS_DETAIL, _S.CHECKS_UNDERSTANDING),
    _S.TELLS: (_S.ASKS_OPEN, _S.REFLECTS_DETAIL, _S.COMMITS_ACTION),
    _S.OVERLOADS: (_S.ONE_STEP, _S.CHECKS_UNDERSTANDING),
    _S.USES_JARGON: (_S.ONE_STEP, _S.CHECKS_UNDERSTANDING, _S.REFLECTS_DETAIL),
    _S.PUTS_ON_HOLD: (_S.GIVES_TIME, _S.GIVES_CALLBACK, _S.GIVES_PACE),
    _S.STAYS_SILENT: (_S.GIVES_PACE, _S.GIVES_TIME),
    _S.TRANSFERS: (_S.COMMITS_ACTION, _S.GIVES_CALLBACK),
    _S.ADDRESSES_MACHINE: (_S.NAMES_FEELING, _S.OFFERS_HELP),
}
"""What to show in place of what a reply is better without."""

IN_ANSWER_TO: Mapping[Move, tuple[SignalName, ...]] = {
    Move.VENT: (_S.VALIDATES, _S.NAMES_FEELING, _S.REFLECTS_DETAIL),
    Move.PRESS: (_S.COMMITS_ACTION, _S.GIVES_TIME, _S.ACCEPTS_RESPONSIBILITY),
    Move.CHALLENGE: (_S.ACCEPTS_RESPONSIBILITY, _S.VALIDATES, _S.REFLECTS_DETAIL),
    Move.ASK: (_S.ONE_STEP, _S.COMMITS_ACTION, _S.GIVES_TIME),
    Move.ANSWER: (_S.REFLECTS_DETAIL, _S.COMMITS_ACTION, _S.CHECKS_UNDERSTANDING),
    Move.REVEAL: (_S.SPEAKS_TO_MEANING, _S.ASKS_OPEN, _S.NAMES_FEELING),
    Move.CORRECT: (_S.CHECKS_UNDERSTANDING, _S.REFLECTS_DETAIL, _S.SINCERE_APOLOGY),
    Move.HOLD_TO_PROMISE: (_S.GIVES_TIME, _S.GIVES_CALLBACK, _S.COMMITS_ACTION),
    Move.HESITATE: (_S.GIVES_PACE, _S.ASKS_OPEN, _S.VALIDATES),
    Move.PANIC: (_S.CHECKS_SAFETY, _S.GIVES_PACE, _S.ONE_STEP),
    Move.MISUNDERSTAND: (_S.ONE_STEP, _S.CHECKS_UNDERSTANDING, _S.REFLECTS_DETAIL),
    Move.REPEAT_REQUEST: (_S.ONE_STEP, _S.CHECKS_UNDERSTANDING, _S.GIVES_PACE),
    Move.SOFTEN: (_S.SPEAKS_TO_MEANING, _S.COMMITS_ACTION, _S.CHECKS_IT_WORKED),
    Move.ACCEPT: (_S.COMMITS_ACTION, _S.GIVES_TIME, _S.CHECKS_IT_WORKED),
    Move.DECLINE: (_S.ASKS_OPEN, _S.REFLECTS_DETAIL, _S.COMMITS_ACTION),
    Move.THANK: (_S.CHECKS_IT_WORKED, _S.GIVES_CALLBACK, _S.SPEAKS_TO_MEANING),
    Move.THREATEN: (_S.VALIDATES, _S.ACCEPTS_RESPONSIBILITY, _S.COMMITS_ACTION),
    Move.DEMAND_SUPERVISOR: (_S.ACCEPTS_RESPONSIBILITY, _S.COMMITS_ACTION, _S.OFFERS_HELP),
    Move.LEAVE: (_S.ACCEPTS_RESPONSIBILITY, _S.COMMITS_ACTION, _S.GIVES_CALLBACK),
}
"""What answers what the customer has just done, the most fitting first."""

_ACTS = frozenset({_S.COMMITS_ACTION, _S.GIVES_TIME, _S.GIVES_CALLBACK, _S.ACCEPTS_RESPONSIBILITY})
"""What can meet a demand whatever its words."""

_INVITES = frozenset({_S.ASKS_OPEN, _S.ASKS_DETAIL, _S.GIVES_PACE, _S.CHECKS_UNDERSTANDING})
"""What gives the word to the customer, and is no answer to somebody who wants one."""

_OF_THE_FEELING = frozenset({_S.NAMES_FEELING, _S.VALIDATES})
_MUCH = 20.0
"""Points beyond which a line is not preferred for moving the customer still more."""

_TOUCH = 3.0
"""What a word in common with the moment is worth, in points, when lines are compared; at most two count."""

_PLACE = 4.0
"""What each place in a list of what fits is worth, in points."""


class DimensionPair(Value):
    """What the rater made of a reply and of a line in its place, on one dimension."""

    dimension: str
    """The dimension's name."""
    reply: float
    """Expected level of the reply, 1 to 5."""
    line: float
    """Expected level of the line, or of the reply with the line after it, 1 to 5."""
    mark: str | None = None
    """What stands beside the dimension's figures where it is not calibrated."""


class LineScore(Value):
    """A line scored by the same rater, in the same moment, as the reply it stands for."""

    rater: str
    """Version of the rater."""
    reply: float
    """Weighted mean over the dimensions for which both have a level, 1 to 5."""
    line: float
    """The same of the line."""
    parts: tuple[DimensionPair, ...]
    """What they are made of, in the rubric's order."""


class StrongerLine(Value):
    """Something that could have been said at the weakest moment."""

    turn: int
    """Number of the weakest turn."""
    dimension: str | None
    """Name of the dimension the reply was weakest on; None where it was not rated."""
    before: str
    """The customer's words it answers, as far as they were heard."""
    reply: str
    """The trainee's words, verbatim."""
    critical: CriticalCode | None
    """The critical error in the reply, if it has one."""
    fault: SignalName | None
    """What the reply is better without; None where something was only missing."""
    fault_quote: str | None
    """The words that show it, verbatim."""
    signal: SignalName
    """What the reply lacks and this line shows."""
    text: str
    """The line, filled from this call."""
    added: bool
    """True: to be said after the reply; False: in its place."""
    moved: dict[Feeling, float]
    """What the reply did, in points; events of the scenario left out."""
    would_move: dict[Feeling, float]
    """What the same rules make of the line in the same moment, in points."""
    scored: LineScore | None = None
    """What the rater made of it; None before it was asked."""
    label: Literal["authored"] = "authored"
    """Where the line comes from: a person wrote it, no model did."""

    @property
    def words(self) -> str:
        """All that would have been said."""
        return f"{self.reply} {self.text}" if self.added else self.text


def stronger_lines(session: Session, material: Material, scores: Sequence[DimensionScore]) -> tuple[StrongerLine, ...]:
    """Authored lines for the weakest reply that show what it lacks, the most fitting first.

    Each is one that the ledger would have answered better than the reply itself; none where no reply or no such line
    is. Whether the rater, too, finds one better is for `proven`.
    """
    turn = _weakest(session, scores)
    if turn is None or turn.reply is None:
        return ()
    fault, quote = _fault(turn)
    dimension = _weakest_dimension(turn, scores)
    return tuple(
        StrongerLine(
            turn=turn.number,
            dimension=dimension.name if dimension else None,
            before=heard_before(session, turn.number),
            reply=turn.reply,
            critical=_gravest(turn),
            fault=fault,
            fault_quote=quote,
            signal=line.signal,
            text=line.text,
            added=_keeps_its_words(turn, fault),
            moved=moved_by_turn(session, turn),
            would_move=line.moves,
        )
        for line in _better_alternatives(session, material, turn, fault)
    )


def _weakest(session: Session, scores: Sequence[DimensionScore]) -> Turn | None:
    """The reply to come back to: one with a critical error, else the one that did least, by ledger and levels."""
    for code in GRAVEST_FIRST:
        for number, error in session.critical:
            if error.code is code and session.turns[number].reply is not None:
                return session.turns[number]
    replies = [
        turn for turn in session.turns if turn.reply is not None and turn.reading is not None and _had_room(turn)
    ]
    return min(replies, key=lambda turn: _standing(session, turn, scores), default=None)


def _had_room(turn: Turn) -> bool:
    """False for a reply that was rated and had no room for any dimension, such as a goodbye after a solved call."""
    return turn.rating is None or any(turn.rating.levels.values())


def _standing(session: Session, turn: Turn, scores: Sequence[DimensionScore]) -> float:
    """How a reply did: 12 points, as many as one reply can move a feeling, weigh as much as one level."""
    levels = [level for score in scores if (level := _expected(turn, score)) is not None]
    mean = sum(levels) / len(levels) if levels else 3.0
    return relief(moved_by_turn(session, turn)) / 12 + mean


def _expected(turn: Turn, score: DimensionScore) -> float | None:
    return next((level.expected for level in score.turns if level.turn == turn.number), None)


def _weakest_dimension(turn: Turn, scores: Sequence[DimensionScore]) -> DimensionScore | None:
    rated = [(level, score) for score in scores if (level := _expected(turn, score)) is not None]
    return min(rated, key=lambda pair: pair[0], default=(0.0, None))[1]


def _fault(turn: Turn) -> tuple[SignalName | None, str | None]:
    """The unwanted signal that cost most in a turn, with its words."""
    unwanted = [signal for signal in shown(turn) if signal.name in IN_PLACE_OF]
    entries = turn.feeling.entries if turn.feeling else ()
    worst = max(unwanted, key=lambda signal: cost(entries, (signal.name,)), default=None)
    if worst is None:
        return None, None
    return worst.name, worst.span.quote if worst.span else None


def cost(entries: Iterable[LedgerEntry], signals: Sequence[SignalName]) -> float:
    """Points the customer lost to these signals."""
    losses = (loss(entry) for entry in entries if entry.signal in signals)
    return sum(loss for loss in losses if loss > 0)


def loss(entry: LedgerEntry) -> float:
    """Points the customer lost to one entry; below 0 if they gained."""
    return -relief({entry.feeling: entry.delta})


def _keeps_its_words(turn: Turn, fault: SignalName | None) -> bool:
    return fault is None and _gravest(turn) is None


def _better_alternatives(
    session: Session, material: Material, turn: Turn, fault: SignalName | None
) -> list[Alternative]:
    """Lines that would have done more than the reply did, those that answer the moment best first."""
    did = relief(moved_by_turn(session, turn))
    choice = session.turns[turn.number - 1].choice
    answers = IN_ANSWER_TO[choice.move] if choice else ()
    remedies = _remedies(turn, fault)
    unfit = {signal.name for signal in shown(turn)} | _out_of_place(session, turn)
    everything = tuple(name for name, what in CATALOGUE.items() if what.wanted)
    ordered: dict[str, Alternative] = {}
    for signals in (remedies or answers, everything):
        fitting = [name for name in signals if name not in unfit]
        found = alternatives(session, material, fitting, turn, added=_keeps_its_words(turn, fault))
        better = [line for line in found if line.relief > did and _answers(line, session, turn, fault)]
        for line in sorted(better, key=lambda line: -_rank(line, remedies, answers)):
            ordered.setdefault(line.text, line)
    return list(ordered.values())


def _answers(line: Alternative, session: Session, turn: Turn, fault: SignalName | None) -> bool:
    """Whether a line meets what the customer asked or demanded last; if that cannot be told, no.

    One that goes on from a reply leaves the answer to the reply, so that reply must not have given the word back.
    """
    wanted = wants(heard_before(session, turn.number))
    if _keeps_its_words(turn, fault):
        return not is_open(turn.reply or "") and not (wanted and line.signal in _INVITES)
    if wanted and line.signal in _INVITES:
        return False
    if line.signal in _ACTS | {_S.ONE_STEP, _S.OFFERS_HELP}:
        return all(takes_up(line.text, one) for one in wanted if asks(one))
    heard = topics(heard_before(session, turn.number))
    return not wanted and not heard.isdisjoint(topics(line.text))


def _rank(line: Alternative, *fitting: Sequence[SignalName]) -> float:
    """How well a line fits the moment: what it does, the words it shares, what it answers."""
    places = sum(_PLACE * (len(names) - names.index(line.signal)) for names in fitting if line.signal in names)
    return min(_MUCH, line.relief) + _TOUCH * min(2, line.touches) + places


def _remedies(turn: Turn, fault: SignalName | None) -> tuple[SignalName, ...]:
    """Signals that would have stood in place of what went wrong."""
    critical = _gravest(turn)
    return AFTER_CRITICAL[critical] if critical else IN_PLACE_OF[fault] if fault else ()


def _gravest(turn: Turn) -> CriticalCode | None:
    codes = [error.code for error in turn.reading.critical] if turn.reading else []
    return min(codes, key=GRAVEST_FIRST.index, default=None)


def _out_of_place(session: Session, turn: Turn) -> frozenset[SignalName]:
    """Signals that would ring false in this turn: the feeling of somebody who is calm, a check of what was not done."""
    upset = session.emotion_after(turn.number - 1).upset(session.started.mood)
    past = {signal.name for earlier in session.turns[: turn.number + 1] for signal in shown(earlier)}
    unfit = set() if upset >= UPSET_ENOUGH else set(_OF_THE_FEELING)
    return frozenset(unfit if _S.COMMITS_ACTION in past else unfit | {_S.CHECKS_IT_WORKED})
