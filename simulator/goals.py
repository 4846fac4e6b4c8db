"""One thing to try next time, and how far a call kept to the last one. Apart from the stronger line: a line is for one
moment of one call, a goal is taken into the next."""

from collections.abc import Sequence

from simulator.content.material import Material
from simulator.content.rubric import Check
from simulator.customer.emotion import effective_rules
from simulator.exemplars import fitting_lines
from simulator.moments import relief
from simulator.scores import CheckCount, DimensionScore
from simulator.session import Session
from simulator.stronger import AFTER_CRITICAL, GRAVEST_FIRST, IN_PLACE_OF, cost, loss
from simulator.vocabulary import CriticalCode, Ending, SignalName, Value

COSTLY = 8.0
"""From this many points lost to one kind of fault, a goal is about that fault; below, about what was missing."""

FEW_REPLIES = 2
"""A contact that was ended after no more replies than this shows too little for another goal."""


class Goal(Value):
    """One thing to try next time."""

    sentence: str
    """What to try, in words that stand alone in the next briefing."""
    basis: str | None = None
    """What in this call it rests on."""
    dimension: str | None = None
    """Name of the dimension it belongs to."""
    check: str | None = None
    """Id of the check it belongs to."""
    critical: CriticalCode | None = None
    """The critical error it comes from."""
    example: str | None = None
    """An authored line that does it, in the words of this call."""


def goal(session: Session, material: Material, scores: Sequence[DimensionScore], shown_above: str = "") -> Goal:
    """One thing to try next time.

    In this order: what a critical error calls for; what cost this customer the most; what was missing and would have
    helped them most, in the dimension with the most to gain.

    Args:
        session: The call it looks back at.
        material: Where the example comes from.
        scores: Every dimension, as counted.
        shown_above: A line the reader is shown anyway; the example is another one, or there is none.
    """
    if not any(turn.reply is not None for turn in session.turns):
        return Goal(sentence="Answer the customer at least once, so that there is a reply to look at.")
    chosen = (
        _goal_after_critical(session, material)
        or _goal_after_fault(session, scores)
        or _goal_after_few_replies(session)
        or _goal_for_what_was_missing(material, scores)
    )
    aim, signals = chosen
    lines = [line for _, line in fitting_lines(session, material, signals, len(session.turns))]
    return aim.model_copy(update={"example": next((line for line in lines if line != shown_above), None)})


def goal_kept(session: Session, material: Material, scores: Sequence[DimensionScore]) -> str | None:
    """How far this call kept to the goal the last debrief had set; None where that cannot be told."""
    before = session.started.goal
    if before is None:
        return None
    for code, kind in material.rubric.critical.items():
        if kind.goal == before:
            again = sum(error.code == code for _, error in session.critical)
            return f"It was missed {_times(again)}." if again else "Every reply of this call kept to it."
    found = (check for score in scores for check in score.checks if check.of and _sentence(check) == before)
    check = next(found, None)
    if check is None:
        return None
    return f"This time {_did(check)}."


_Chosen = tuple[Goal, Sequence[SignalName]]
"""A goal without its example, and the signals an example of it shows."""


def _goal_after_critical(session: Session, material: Material) -> _Chosen | None:
    kinds = {str(code): kind for code, kind in material.rubric.critical.items()}
    for code in GRAVEST_FIRST:
        for turn, error in session.critical:
            kind = kinds.get(error.code)
            if error.code is code and kind is not None and kind.goal:
                basis = f"In turn {turn}, “{error.quote}” was a critical error: {kind.name[:1].lower()}{kind.name[1:]}."
                return Goal(sentence=kind.goal, basis=basis, critical=code), AFTER_CRITICAL[code]
    return None


def _goal_after_fault(session: Session, scores: Sequence[DimensionScore]) -> _Chosen | None:
    """The fault that cost this customer most, if it cost enough to be worth a goal."""
    turns = {turn.number: turn.feeling.entries for turn in session.turns if turn.feeling}
    faults = [(score, check) for score in scores for check in score.checks if not check.wanted and check.met]
    score, check = max(faults, key=lambda fault: _cost_of(session, fault[1]), default=(None, None))
    if score is None or check is None or _cost_of(session, check) < COSTLY:
        return None
    turn = max(turns, key=lambda number: cost(turns[number], check.signals))
    worst = max((entry for entry in turns[turn] if entry.signal in check.signals), key=loss)
    basis = f"In turn {turn}, {_quoted(worst.quote)} upset the customer{_how_often(check)}."
    signals = [name for signal in check.signals for name in IN_PLACE_OF.get(signal, ())]
    return Goal(sentence=_sentence(check), basis=basis, dimension=score.name, check=check.id), signals


def _cost_of(session: Session, check: CheckCount) -> float:
    return sum(cost(turn.feeling.entries, check.signals) for turn in session.turns if turn.feeling)


def _how_often(check: CheckCount) -> str:
    more = check.met - 1
    return f" (there is the same in {'one other turn' if more == 1 else f'{more} other turns'})" if more else ""


def _goal_after_few_replies(session: Session) -> _Chosen | None:
    replies = sum(turn.reply is not None for turn in session.turns)
    unfinished = session.ended is None or session.ended.ending is Ending.TRAINEE_ENDED
    if replies > FEW_REPLIES or not unfinished:
        return None
    sentence = "Stay with the customer for at least four replies, and say in one of them what you will do."
    return Goal(sentence=sentence, basis=f"This time there {_were(replies)} to look back at."), (
        SignalName.COMMITS_ACTION,
    )


def _goal_for_what_was_missing(material: Material, scores: Sequence[DimensionScore]) -> _Chosen:
    rated = [(score, score.mean) for score in scores if score.mean is not None]
    aim = max(rated, key=lambda pair: pair[0].weight * (5 - pair[1]))[0] if rated else None
    check = _most_to_gain(material, [aim] if aim else scores)
    if check is None:
        return _goal_without_check(aim), ()
    basis = f"This time {_did(check)}." if check.of else None
    signals = check.signals if check.wanted else ()
    return Goal(sentence=_sentence(check), basis=basis, dimension=aim.name if aim else None, check=check.id), signals


def _most_to_gain(material: Material, scores: Sequence[DimensionScore]) -> CheckCount | None:
    """The check whose neglect left most of this customer's goodwill on the table, among those that had a place here."""
    checks = [check for score in scores for check in score.checks]
    telling = [check for check in checks if check.tells] or [check for check in checks if check.wanted]
    return max(telling, key=lambda check: (1 - check.success) * (1 + worth(material, check)), default=None)


def worth(material: Material, check: CheckCount | Check) -> float:
    """Points the rules of this scenario give for the best of a check's signals; of an unwanted one, what they take."""
    sign = 1 if check.wanted else -1
    rules = [rule for rule in effective_rules(material) if rule.after == 0]
    gains = (sum(sign * relief(rule.moves) for rule in rules if rule.signal is name) for name in check.signals)
    return max(0.0, *gains)


def _sentence(check: CheckCount) -> str:
    """The rubric's own goal for a check, or its question turned into one."""
    if check.goal:
        return check.goal
    answer = "yes" if check.wanted else "no"
    return f'Before sending a reply, ask: "{check.question}" and send it when the answer is {answer}.'


def _goal_without_check(aim: DimensionScore | None) -> Goal:
    if aim is None:
        return Goal(sentence="Play on until replies can be rated: nothing in this contact could be.")
    return Goal(sentence=f'Before sending a reply, ask: "{aim.question}"', dimension=aim.name)


def _quoted(quote: str) -> str:
    """Words in quotation marks; the description of an act without its brackets."""
    if not quote.startswith("("):
        return f"“{quote}”"
    act = quote[1:-1]
    return f"the {act}" if act.startswith("transfer") else act


def _did(check: CheckCount) -> str:
    """How many replies did as a goal asks; where it asks to leave something out, how many turns did not."""
    if not check.wanted:
        turns = "1 turn" if check.of == 1 else f"{check.of} turns"
        return f"{check.met or 'none'} of {turns} went against it"
    if check.of == 1:
        return "the only reply did" if check.met else "the only reply did not"
    return f"{check.met or 'none'} of {check.of} replies did"


def _were(replies: int) -> str:
    return "was 1 reply" if replies == 1 else f"were {replies} replies"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
