"""One thing to try next time, and how far a call kept to the last one. Apart from the stronger line: a line is for one
moment of one call, a goal is taken into the next."""

import re
from collections.abc import Mapping, Sequence

from simulator.content.material import Material
from simulator.content.rubric import Check
from simulator.customer.emotion import effective_rules
from simulator.debriefing.exemplars import fitting_lines
from simulator.debriefing.moments import moved_by_turn, relief
from simulator.debriefing.noticed import own_story
from simulator.debriefing.scores import CheckCount, DimensionScore
from simulator.debriefing.stronger import GRAVEST_FIRST, cost, loss
from simulator.session import Session
from simulator.vocabulary import CriticalCode, Ending, SignalName, Value

COSTLY = 8.0
"""From this many points lost to one kind of fault, a goal is about that fault; below, about what was missing."""

FEW_REPLIES = 2
"""A contact that was ended after no more replies than this shows too little for another goal."""

HABIT = 3
"""From so many turns with the same fault on, it runs through the contact, and a goal is about it, whatever it cost."""

OWN_STORY = 2
"""From so many turns that speak of the trainee's own life on, a goal is about that."""

LATE = 5
"""A first act that is announced in this turn or later came late."""

EARLY = 2
"""A goal for the first replies is met where one of so many did it."""
_FOR_THE_FIRST = re.compile(r"\b(?:in the first|before anything else)\b", re.IGNORECASE)

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


def goal(
    session: Session,
    material: Material,
    scores: Sequence[DimensionScore],
    loosely: Sequence[DimensionScore] = (),
    shown_above: str = "",
) -> Goal:
    """One thing to try next time.

    In this order: what a critical error calls for; what cost this customer the most; what ran through the contact; an
    act that came late; what was missing and would have helped them most, in the dimension with the most to gain.

    Args:
        session: The call it looks back at, as it is told (see `named`).
        material: Where the example comes from.
        scores: Every dimension, as counted there.
        loosely: The same counted wherever a detector found a check likely met: what may have been done is no goal.
        shown_above: A line the reader is shown anyway; the example is another one, or there is none.
    """
    if not any(turn.reply is not None for turn in session.turns):
        return Goal(sentence="Answer the customer at least once, so that there is a reply to look at.")
    chosen = (
        _goal_after_critical(session, material)
        or _goal_after_habit(session, scores)
        or _goal_after_own_story(session, HABIT)
        or _goal_after_fault(session, scores)
        or _goal_after_few_replies(session)
        or _goal_after_own_story(session, OWN_STORY)
        or _goal_after_late_act(scores)
        or _goal_for_what_was_missing(material, scores, loosely)
    )
    aim, signals = chosen
    lines = [line for _, line in fitting_lines(session, material, signals, len(session.turns))]
    return aim.model_copy(update={"example": next((line for line in lines if line != shown_above), None)})


def goal_kept(
    session: Session,
    material: Material,
    scores: Sequence[DimensionScore],
    loosely: Sequence[DimensionScore] = (),
) -> str | None:
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
    return f"This time {_did(check, loosely)}."


_Chosen = tuple[Goal, Sequence[SignalName]]
"""A goal without its example, and the signals an example of it shows."""


def _goal_after_critical(session: Session, material: Material) -> _Chosen | None:
    kinds = {str(code): kind for code, kind in material.rubric.critical.items()}
    for code in GRAVEST_FIRST:
        for turn, error in session.critical:
            kind = kinds.get(error.code)
            if error.code is code and kind is not None and kind.goal:
                basis = f"In turn {turn}, “{error.quote}” was a critical error: {kind.name[:1].lower()}{kind.name[1:]}."
                return Goal(sentence=kind.goal, basis=basis, critical=code), SHOWN_AFTER.get(code, ())
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
    worse = relief(moved_by_turn(session, session.turns[turn])) < 0
    what = f"{_quoted(worst.quote)} upset the customer" if worse else f"there is {_quoted(worst.quote)}"
    basis = f"In turn {turn}, {what}{_how_often(check)}."
    return Goal(sentence=_sentence(check), basis=basis, dimension=score.name, check=check.id), _instead_of(check)


def _instead_of(check: CheckCount) -> list[SignalName]:
    return [name for signal in check.signals for name in SHOWN_INSTEAD.get(signal, ())]


def _goal_after_habit(session: Session, scores: Sequence[DimensionScore]) -> _Chosen | None:
    """What should be left out and runs through the contact; not if what cost most does so itself."""
    faults = [(score, check) for score in scores for check in score.checks if not check.wanted and check.met]
    dearest = max(faults, key=lambda fault: _cost_of(session, fault[1]), default=None)
    habits = [fault for fault in faults if fault[1].met >= HABIT]
    if dearest is None or not habits or (dearest in habits and _cost_of(session, dearest[1]) >= COSTLY):
        return None
    score, check = max(habits, key=lambda fault: fault[1].met)
    found = check.findings[0]
    words = f", as in “{found.quote}” (turn {found.turn})" if found.quote else ""
    basis = f"This time {_turns(check)} went against it{words}."
    return Goal(sentence=_sentence(check), basis=basis, dimension=score.name, check=check.id), _instead_of(check)


def _goal_after_own_story(session: Session, least: int) -> _Chosen | None:
    told = own_story(session)
    turns = sorted({turn for turn, _ in told})
    if len(turns) < least:
        return None
    where = f"In turns {', '.join(map(str, turns[:-1]))} and {turns[-1]}"
    sentence = "Keep every reply about the customer: leave your own family, day and desk out of it."
    basis = f"{where} the reply turned to something else, as in “{told[0][1]}” (turn {told[0][0]})."
    return Goal(sentence=sentence, basis=basis), ()


def _goal_after_late_act(scores: Sequence[DimensionScore]) -> _Chosen | None:
    """Where anything definite was said to be done, but not before a customer had long waited for it."""
    acts = ((score, check) for score in scores for check in score.checks if check.wanted)
    score, check = next(((s, c) for s, c in acts if _S.COMMITS_ACTION in c.signals and c.findings), (None, None))
    if score is None or check is None or check.findings[0].turn < LATE:
        return None
    first = check.findings[0]
    basis = f"This time the first that is plain to see came in turn {first.turn}, “{(first.quote or '').rstrip('.')}”."
    sentence = "In one of the first three replies, say one thing you will do yourself, and by when."
    return Goal(sentence=sentence, basis=basis, dimension=score.name, check=check.id), ()


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


def _goal_for_what_was_missing(
    material: Material, scores: Sequence[DimensionScore], loosely: Sequence[DimensionScore]
) -> _Chosen:
    rated = [(score, score.mean) for score in scores if score.mean is not None]
    ranked = [score for score, _ in sorted(rated, key=lambda pair: pair[0].weight * (pair[1] - 5))]
    found = ((score, _most_to_gain(material, [score], loosely)) for score in ranked)
    aim, check = next(((score, check) for score, check in found if check), (None, None))
    check = check if ranked else _most_to_gain(material, scores, loosely)
    if check is None:
        return _goal_without_check(ranked[0] if ranked else None), ()
    basis = f"This time {_did(check, loosely)}." if check.of else None
    signals = check.signals if check.wanted else ()
    return Goal(sentence=_sentence(check), basis=basis, dimension=aim.name if aim else None, check=check.id), signals


def _most_to_gain(
    material: Material, scores: Sequence[DimensionScore], loosely: Sequence[DimensionScore]
) -> CheckCount | None:
    """The check whose neglect left most of this customer's goodwill on the table, among those that had a place here.

    Who said what will be done need not offer help.
    """
    unmet = [check for score in scores for check in score.checks if not _is_met(_likely(check, loosely))]
    acted = any(_S.COMMITS_ACTION in check.signals and check.met for score in scores for check in score.checks)
    checks = [check for check in unmet if not (acted and _S.OFFERS_HELP in check.signals)]
    telling = [check for check in checks if check.tells or (check.wanted and not _knows_room(scores))]
    gain = {check.id: (1 - _likely(check, loosely).success) * (1 + worth(material, check)) for check in telling}
    return max(telling, key=lambda check: gain[check.id], default=None)


def _knows_room(scores: Sequence[DimensionScore]) -> bool:
    """Whether the scenario says of any wanted check that it has a place for it."""
    return any(check.room for score in scores for check in score.checks if check.wanted)


def _is_met(check: CheckCount) -> bool:
    """Whether a contact did all that a goal about the check would ask for."""
    early = check.goal is not None and _FOR_THE_FIRST.search(check.goal)
    return check.success >= 1 or bool(early and any(found.turn <= EARLY for found in check.findings))


def _likely(check: CheckCount, loosely: Sequence[DimensionScore]) -> CheckCount:
    """The same check counted wherever a detector found it likely met; as it is where it is not wanted."""
    found = (one for score in loosely for one in score.checks if one.id == check.id and check.wanted)
    return next(found, check)


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


def _did(check: CheckCount, loosely: Sequence[DimensionScore] = ()) -> str:
    """How many replies did as a goal asks; where it asks to leave something out, how many turns did not.

    That none did cannot be known; nor, where a detector found more likely, how many: those that did it plainly can.
    """
    if not check.wanted:
        return f"{_turns(check)} went against it"
    plainly = "" if 0 < check.met == _likely(check, loosely).met else " plainly"
    if check.of == 1:
        return "the only reply did" if check.met else "the only reply did not, or not plainly"
    return f"{check.met or 'none'} of {check.of} replies{plainly} did"


def _turns(check: CheckCount) -> str:
    turns = "1 turn" if check.of == 1 else f"{check.of} turns"
    return f"{check.met or 'none'} of {turns}"


def _were(replies: int) -> str:
    return "was 1 reply" if replies == 1 else f"were {replies} replies"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
