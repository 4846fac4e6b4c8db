"""A stronger line for the weakest reply of a call. Apart from the moments, which report, because here something is
chosen; the choice rests on the ledger, on the levels, and on what people wrote for this scenario."""

from collections.abc import Iterable, Sequence
from typing import Literal

from simulator.assessment.catalogue import CATALOGUE
from simulator.content.material import Material
from simulator.debriefing.exemplars import Alternative, alternatives
from simulator.debriefing.moments import moved_by_turn, relief
from simulator.debriefing.named import THESE_WORDS, WHOLE_REPLY
from simulator.debriefing.placing import fits
from simulator.debriefing.remedies import AFTER_CRITICAL, GRAVEST_FIRST, IN_ANSWER_TO, IN_PLACE_OF
from simulator.debriefing.scores import DimensionScore, shown
from simulator.session import Session, Turn
from simulator.vocabulary import CriticalCode, Feeling, LedgerEntry, SignalName, Value

UPSET_ENOUGH = 40.0
"""Below this degree of the leading feeling, a line that names or defends the feeling comes too late."""

_S = SignalName
_OF_THE_FEELING = frozenset({_S.NAMES_FEELING, _S.VALIDATES})

GOOD_ENOUGH = 6.0
"""A reply that did the customer this much good, in points, needs no other line."""

CALM = 25.0
"""Below this degree of the leading feeling nothing more is called for, where a reply did no harm."""

MOST_PLACES = 3
"""So many of the weakest replies are looked at for one that a line fits."""

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
    turns = _weakest(session, scores)
    return next((lines for turn in turns if (lines := _lines_for(turn, session, material, scores))), ())


def _lines_for(
    turn: Turn, session: Session, material: Material, scores: Sequence[DimensionScore]
) -> tuple[StrongerLine, ...]:
    fault, quote = _fault(turn)
    dimension = _weakest_dimension(turn, scores)
    return tuple(
        StrongerLine(
            turn=turn.number,
            dimension=dimension.name if dimension else None,
            before=session.heard_before(turn.number),
            reply=turn.reply or "",
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


def _weakest(session: Session, scores: Sequence[DimensionScore]) -> list[Turn]:
    """The replies to come back to, first of all those with the gravest critical error, else those that did least.

    At most `MOST_PLACES`, by ledger and levels, and of those without a critical error none that did the customer good.
    """
    replies = [turn for turn in session.turns if turn.reply is not None and turn.reading is not None]
    for code in GRAVEST_FIRST:
        failed = {number for number, error in session.critical if error.code is code}
        if found := [turn for turn in replies if turn.number in failed]:
            return found[:1]
    weak = [turn for turn in replies if had_room(turn) and _is_weak(session, turn)]
    return sorted(weak, key=lambda turn: _standing(session, turn, scores))[:MOST_PLACES]


def _is_weak(session: Session, turn: Turn) -> bool:
    did = relief(moved_by_turn(session, turn))
    upset = session.emotion_after(turn.number - 1).upset(session.started.mood)
    return did < 0 or (did < GOOD_ENOUGH and upset >= CALM)


def had_room(turn: Turn) -> bool:
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


def _hurt_without_a_name(turn: Turn) -> bool:
    """Whether something in a reply cost the customer that no words can be named for: nothing can be added to that."""
    entries = turn.feeling.entries if turn.feeling else ()
    return any(entry.rule in (THESE_WORDS, WHOLE_REPLY) and loss(entry) > 0 for entry in entries)


def _better_alternatives(
    session: Session, material: Material, turn: Turn, fault: SignalName | None
) -> list[Alternative]:
    """Lines that would have done more than the reply did, those that answer the moment best first."""
    if _keeps_its_words(turn, fault) and _hurt_without_a_name(turn):
        return []
    did = relief(moved_by_turn(session, turn))
    choice = session.turns[turn.number - 1].choice
    answers = IN_ANSWER_TO[choice.move] if choice else ()
    remedies = _remedies(turn, fault)
    unfit = {signal.name for signal in shown(turn)} | _out_of_place(session, turn)
    added = _keeps_its_words(turn, fault)
    anything = (name for name, what in CATALOGUE.items() if what.wanted) if added else ()
    wanted = [name for name in dict.fromkeys((*remedies, *answers, *anything)) if name not in unfit]
    found = alternatives(session, material, wanted, turn, added=added)
    fitting = (line for line in found if fits(line.signal, line.text, session, turn.number, added=added))
    better = {line.text: line for line in fitting if line.relief > did}
    return sorted(better.values(), key=lambda line: -_rank(line, remedies, answers))


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
