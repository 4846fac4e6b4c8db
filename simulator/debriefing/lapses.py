"""Goals from what went wrong in a call: a critical error, a fault, a habit, a late act, a question left open.

Apart from `goals`, which puts them in order and knows what was only missing.
"""

from collections.abc import Mapping, Sequence

from simulator.content.material import Material
from simulator.customer.asking import left_with
from simulator.customer.hearing import sentences
from simulator.customer.talk import talk_of
from simulator.customer.waits import was_agreed
from simulator.debriefing.aims import Aim, Goal, in_short, quoted, sentence_of, to_the_point
from simulator.debriefing.answering import asks, asks_back, may_answer, wants
from simulator.debriefing.bearing import worded
from simulator.debriefing.moments import moved_by_turn, relief
from simulator.debriefing.remedies import GRAVEST_FIRST
from simulator.debriefing.scores import CheckCount, DimensionScore
from simulator.debriefing.stronger import cost, loss
from simulator.events import TraineeHeld, TraineeSilent
from simulator.session import Session, Turn
from simulator.vocabulary import CriticalCode, Ending, Mood, Move, SignalName, Talk

COSTLY = 8.0
"""From this many points lost to one kind of fault, a goal is about that fault; below, about what was missing."""

NOTED = 5.0
"""From so many lost in one reply on, if it left the customer worse off as a whole: before what was missing."""

FEW_REPLIES = 2
"""A contact that was ended after no more replies than this shows too little for another goal."""

LATE = 5
"""A first act that is announced in this turn or later came late."""

LOW = 2.2
"""A mean of ownership up to which nothing is as much worth a goal as taking something on ..."""

RATED_ENOUGH = 4
"""... over so many rated replies at the least."""

IDLE = 3
"""So many replies that did no harm and announced nothing, before the first act, are a customer kept waiting."""

_S = SignalName
SHOWN_INSTEAD: Mapping[SignalName, tuple[SignalName, ...]] = {
    _S.STOCK_PHRASE: (_S.REFLECTS_DETAIL, _S.NAMES_FEELING),
    _S.TAKES_BACK: (_S.VALIDATES,),
    _S.DISMISSES_FEELING: (_S.VALIDATES,),
    _S.BLAMES_CUSTOMER: (_S.COMMITS_ACTION,),
    _S.DEFLECTS: (_S.COMMITS_ACTION,),
    _S.HIDES_BEHIND_POLICY: (_S.COMMITS_ACTION,),
    _S.HANDS_OFF: (_S.COMMITS_ACTION,),
    _S.PASSIVE_PROMISE: (_S.GIVES_CALLBACK, _S.GIVES_TIME),
    _S.GOES_BACK: (_S.GIVES_TIME,),
    _S.PARROTS: (_S.REFLECTS_DETAIL,),
    _S.OVERLOADS: (_S.ONE_STEP,),
    _S.USES_JARGON: (_S.ONE_STEP,),
}
"""What an example of a goal shows, by the fault the goal is about: only what does just what the goal asks for."""

SHOWN_AFTER: Mapping[CriticalCode, tuple[SignalName, ...]] = {
    CriticalCode.UNSAFE: (_S.CHECKS_SAFETY,),
    CriticalCode.ABANDONS: (_S.CHECKS_IT_WORKED, _S.GIVES_CALLBACK),
}
"""The same after a critical error; a line that breaks no policy is no example of how to look it up."""

_PRESSES = frozenset({Move.PRESS, Move.CHALLENGE, Move.PANIC, Move.THREATEN, Move.DEMAND_SUPERVISOR})
"""How a customer asks for something to be done."""

_PROTESTS = frozenset({Move.VENT, Move.CHALLENGE, Move.THREATEN, Move.DEMAND_SUPERVISOR})
"""Moves whose questions want no answer."""

_WHOLE = 3
"""A question of fewer words does not stand alone."""

ANSWER_FIRST = "When the customer asks something, answer that first, in one plain sentence, and then say the rest."
ANSWER_LAST = "Before closing, answer what the customer asked last, and ask whether that settles it."


def after_critical(session: Session, material: Material) -> Aim | None:
    """What the gravest critical error calls for."""
    kinds = {str(code): kind for code, kind in material.rubric.critical.items()}
    for code in GRAVEST_FIRST:
        for turn, error in session.critical:
            kind = kinds.get(error.code)
            if error.code is code and kind is not None and kind.goal:
                basis = f"In turn {turn}, “{error.quote}” was a critical error: {kind.name[:1].lower()}{kind.name[1:]}."
                aim = Goal(sentence=kind.goal, basis=basis, critical=code)
                return Aim(goal=aim, signals=SHOWN_AFTER.get(code, ()), turn=turn)
    return None


def after_fault(session: Session, scores: Sequence[DimensionScore]) -> Aim | None:
    """The fault that cost this customer most, if it cost enough to be worth a goal."""
    score, check = _dearest(session, scores)
    if score is None or check is None or cost_of(session, check) < COSTLY:
        return None
    return _for_fault(session, score, check)


def after_slip(session: Session, scores: Sequence[DimensionScore]) -> Aim | None:
    """A fault that cost less, in a reply that left the customer worse off."""
    score, check = _dearest(session, scores)
    if score is None or check is None:
        return None
    worst = session.turns[_worst_turn(session, check)]
    noted = worst.feeling is not None and cost(worst.feeling.entries, check.signals) >= NOTED
    return _for_fault(session, score, check) if noted and relief(moved_by_turn(session, worst)) < 0 else None


def _for_fault(session: Session, score: DimensionScore, check: CheckCount) -> Aim:
    turn = _worst_turn(session, check)
    feeling = session.turns[turn].feeling
    worst = max((one for one in feeling.entries if one.signal in check.signals) if feeling else (), key=loss)
    worse = relief(moved_by_turn(session, session.turns[turn])) < 0
    what = f"{_quoted(worst.quote)} upset the customer" if worse else f"there is {_quoted(worst.quote)}"
    return against(score, check, f"In turn {turn}, {what}{_how_often(check)}.", turn)


def _worst_turn(session: Session, check: CheckCount) -> int:
    """The turn in which a fault cost most."""
    turns = {turn.number: turn.feeling.entries for turn in session.turns if turn.feeling}
    return max(turns, key=lambda number: cost(turns[number], check.signals))


def after_waiting(session: Session, scores: Sequence[DimensionScore], first: int | None) -> Aim | None:
    """An act that the customer pressed for and that came late, or never, though the replies till then did no harm.

    Who is confused presses to understand, and an act is no answer to that.

    Args:
        session: The call as it is told.
        scores: Every dimension.
        first: Number of the turn of the first act, as far as a detector found one likely; None: there was none.
    """
    before = session.turns[1:first]
    idle = [turn for turn in before if turn.reply is not None and relief(moved_by_turn(session, turn)) >= 0]
    pressed = next((turn for turn in before if turn.choice and turn.choice.move in _PRESSES), None)
    if session.started.mood is Mood.CONFUSED or len(idle) < IDLE or pressed is None or not wants(pressed.heard_text):
        return None
    said = f"In turn {pressed.number} the customer said “{to_the_point(pressed.heard_text)}”"
    came = f"the first act came in turn {first}" if first else "no reply plainly said what would be done"
    return _act_early(scores, f"{said}, and {came}.", pressed.number + 1)


def after_late_act(session: Session, scores: Sequence[DimensionScore], first: int | None) -> Aim | None:
    """Where anything definite was said to be done, but not before a customer had long waited for it.

    Who is confused has to understand before anything is done.
    """
    check = _act_check(scores)[1]
    if session.started.mood is Mood.CONFUSED or check is None or not check.findings or first is None or first < LATE:
        return None
    plainly = check.findings[0]
    words = f"“{(plainly.quote or '').rstrip('.')}”"
    basis = f"This time the first that is plain to see came in turn {plainly.turn}, {words}."
    return _act_early(scores, basis, None)


def first_act(session: Session, scores: Sequence[DimensionScore]) -> int | None:
    """Number of the turn in which something definite was first said to be done, by a detector or by the words alone.

    Args:
        session: The call.
        scores: Every dimension, counted wherever a detector found a check likely met.
    """
    check = _act_check(scores)[1]
    found = {finding.turn for finding in check.findings} if check else set()
    worded_so = (turn.number for turn in session.turns if any(_says_act(one) for one in sentences(turn.reply or "")))
    return min((*found, *worded_so), default=None)


def _says_act(sentence: str) -> bool:
    return worded(_S.COMMITS_ACTION, sentence)


def after_few_replies(session: Session) -> Aim | None:
    """A contact that was given up almost at once."""
    replies = sum(turn.reply is not None for turn in session.turns)
    unfinished = session.ended is None or session.ended.ending is Ending.TRAINEE_ENDED
    if replies > FEW_REPLIES or not unfinished:
        return None
    sentence = "Stay with the customer for at least four replies, and say in one of them what you will do."
    were = "was 1 reply" if replies == 1 else f"were {replies} replies"
    goal = Goal(sentence=sentence, basis=f"This time there {were} to look back at.")
    return Aim(goal=goal, signals=(SignalName.COMMITS_ACTION,))


def after_open_question(session: Session) -> Aim | None:
    """A contact that was ended while the customer was asking."""
    wanted = wants(session.turns[-1].heard_text)
    if session.ended is None or session.ended.ending is not Ending.TRAINEE_ENDED or not wanted:
        return None
    return Aim(goal=Goal(sentence=ANSWER_LAST, basis=f"It ended on “{to_the_point(wanted[-1])}”, and no reply came."))


def after_passing_over(session: Session) -> Aim | None:
    """A question of the customer that the reply to it passed over, as far as its words can tell; the last such one.

    The first reply may ask what it needs to know.
    """
    for turn in reversed(session.turns[2:]):
        before = session.turns[turn.number - 1]
        question, reply = _asked_last(before), turn.reply
        if question and reply and not (may_answer(question, reply) or asks_back(before.heard_text, reply)):
            basis = f"In turn {turn.number}, the reply passed over {quoted(question)}"
            return Aim(goal=Goal(sentence=ANSWER_FIRST, basis=basis))
    return None


def _asked_last(turn: Turn) -> str | None:
    """The last question of the customer's line, if it wants an answer and stands alone."""
    if turn.choice is None or turn.choice.move in _PROTESTS:
        return None
    whole = (one for one in reversed(sentences(turn.heard_text)) if asks(one) and len(one.split()) >= _WHOLE)
    return next(whole, None)


def after_closing_early(session: Session, material: Material) -> Aim | None:
    """A contact that was ended before the customer took the matter as settled, without another fault."""
    kind = {str(code): kind for code, kind in material.rubric.critical.items()}.get(CriticalCode.ABANDONS)
    if session.ended is None or session.ended.ending is not Ending.TRAINEE_ENDED or kind is None or not kind.goal:
        return None
    if session.is_content or any(_closes(turn.reply or "") for turn in session.turns[-2:]):
        return None
    last = to_the_point(session.turns[-1].heard_text)
    basis = f"It was ended before the matter was settled, after {quoted(last)}" if last else None
    goal = Goal(sentence=kind.goal, basis=basis)
    return Aim(goal=goal, signals=(SignalName.CHECKS_IT_WORKED,), turn=len(session.turns))


def _closes(reply: str) -> bool:
    """Whether a reply says what happens next and asks whether that settles it."""
    asks = talk_of(reply) & {Talk.ASKS_WHAT_ELSE, Talk.PROPOSES} and left_with(reply)
    return bool(asks) and any(_says_act(one) or worded(_S.GIVES_TIME, one) for one in sentences(reply))


def after_low_ownership(scores: Sequence[DimensionScore], first: int | None) -> Aim | None:
    """A contact whose replies took next to nothing on, and announced no deed before late.

    Args:
        scores: Every dimension.
        first: Number of the turn of the first act, as far as a detector found one likely; None: there was none.
    """
    score = _act_check(scores)[0]
    if score is None or score.mean is None or score.mean > LOW or score.n < RATED_ENOUGH:
        return None
    if first is not None and first < LATE:
        return None
    came = "the first act came late" if first else "no reply plainly said what would be done"
    return _act_early(scores, f"{score.name} was at {score.mean:.1f} of 5, and {came}.", None)


def _act_check(scores: Sequence[DimensionScore]) -> tuple[DimensionScore | None, CheckCount | None]:
    acts = ((score, check) for score in scores for check in score.checks if check.wanted)
    return next(((score, check) for score, check in acts if _S.COMMITS_ACTION in check.signals), (None, None))


def _act_early(scores: Sequence[DimensionScore], basis: str, turn: int | None) -> Aim:
    score, check = _act_check(scores)
    goal = Goal(
        sentence="In one of the first three replies, say one thing you will do yourself, and by when.",
        basis=basis,
        dimension=score.name if score else None,
        check=check.id if check else None,
    )
    return Aim(goal=goal, signals=(_S.COMMITS_ACTION,) if turn else (), turn=turn)


def _every_wait_was_agreed(session: Session) -> bool:
    """Whether each hold was asked about in the reply before it, with its length."""
    waits = [turn for turn in session.turns if isinstance(turn.act, TraineeHeld | TraineeSilent)]
    return all(was_agreed(session, turn.number) for turn in waits)


def faults(scores: Sequence[DimensionScore]) -> list[tuple[DimensionScore, CheckCount]]:
    """Checks that went against what is wanted, each with its dimension."""
    return [(score, check) for score in scores for check in score.checks if not check.wanted and check.met]


def _dearest(session: Session, scores: Sequence[DimensionScore]) -> tuple[DimensionScore | None, CheckCount | None]:
    """The fault that cost most; a wait that was asked about and had a length is none."""
    agreed = _every_wait_was_agreed(session)
    found = [fault for fault in faults(scores) if not (agreed and _S.PUTS_ON_HOLD in fault[1].signals)]
    return max(found, key=lambda fault: cost_of(session, fault[1]), default=(None, None))


def against(score: DimensionScore, check: CheckCount, basis: str, turn: int) -> Aim:
    """The aim of leaving out what a check looks for, with an example of what to show instead."""
    goal = Goal(sentence=sentence_of(check), basis=basis, dimension=score.name, check=check.id)
    instead = tuple(name for signal in check.signals for name in SHOWN_INSTEAD.get(signal, ()))
    return Aim(goal=goal, signals=instead, turn=turn)


def cost_of(session: Session, check: CheckCount) -> float:
    """Points the customer lost to what a check looks for, over the whole contact."""
    return sum(cost(turn.feeling.entries, check.signals) for turn in session.turns if turn.feeling)


def _how_often(check: CheckCount) -> str:
    more = check.met - 1
    return f" (there is the same in {'one other turn' if more == 1 else f'{more} other turns'})" if more else ""


def _quoted(quote: str) -> str:
    """Words in quotation marks; the description of an act without its brackets."""
    if not quote.startswith("("):
        return f"“{in_short(quote)}”"
    act = quote[1:-1]
    return f"the {act}" if act.startswith("transfer") else act
