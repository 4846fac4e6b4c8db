"""One thing to try next time, as a value, and how a check of the rubric is put as one. Apart from the modules that
choose a goal, because all of them say it alike."""

import re
from collections.abc import Sequence

from simulator.content.material import Material
from simulator.content.rubric import Check
from simulator.customer.emotion import effective_rules
from simulator.customer.hearing import sentences
from simulator.debriefing.moments import relief
from simulator.debriefing.scores import CheckCount, DimensionScore
from simulator.vocabulary import CriticalCode, SignalName, Value

EARLY = 2
"""A goal for the first replies is met where one of so many did it."""

_FOR_THE_FIRST = re.compile(r"\b(?:in the first|before anything else)\b", re.IGNORECASE)
_LONGEST = 140
_LONG = 180
"""Characters of the longest words of a reply that are quoted in full where they are a reason."""
_TELLING = 4
"""A last sentence of fewer words does not stand alone."""


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


class Aim(Value):
    """A goal without its example, and what an example of it would have to be."""

    goal: Goal
    signals: tuple[SignalName, ...] = ()
    """What an example shows; empty: there is none."""
    turn: int | None = None
    """Number of the turn it would have stood in; None: anywhere."""


def sentence_of(check: CheckCount) -> str:
    """The rubric's own goal for a check, or its question turned into one."""
    if check.goal:
        return check.goal
    answer = "yes" if check.wanted else "no"
    return f'Before sending a reply, ask: "{check.question}" and send it when the answer is {answer}.'


def did(check: CheckCount, loosely: Sequence[DimensionScore] = ()) -> str:
    """How many replies did as a goal asks; where it asks to leave something out, how many turns did not.

    That none did cannot be known; nor, where a detector found more likely, how many: those that did it plainly can.
    """
    if not check.wanted:
        return f"{turns_of(check)}{'' if check.met else ' plainly'} went against it"
    plainly = "" if 0 < check.met == likely(check, loosely).met else " plainly"
    if check.of == 1:
        return "the only reply did" if check.met else "the only reply did not, or not plainly"
    return f"{check.met or 'none'} of {check.of} replies{plainly} did"


def turns_of(check: CheckCount) -> str:
    """In how many of the turns looked at a check was met."""
    turns = "1 turn" if check.of == 1 else f"{check.of} turns"
    return f"{check.met or 'none'} of {turns}"


def likely(check: CheckCount, loosely: Sequence[DimensionScore]) -> CheckCount:
    """The same check counted wherever a detector found it likely met, if that is more; as it is if it is not wanted."""
    found = (one for score in loosely for one in score.checks if one.id == check.id and check.wanted)
    return max(check, next(found, check), key=lambda one: one.met)


def is_met(check: CheckCount) -> bool:
    """Whether a contact did all that a goal about the check would ask for."""
    return check.success >= 1 or (for_the_first(check) and any(found.turn <= EARLY for found in check.findings))


def for_the_first(check: CheckCount) -> bool:
    """Whether the goal of a check speaks of the first replies of a contact."""
    return check.goal is not None and bool(_FOR_THE_FIRST.search(check.goal))


def worth(material: Material, check: CheckCount | Check) -> float:
    """Points the rules of this scenario give for the best of a check's signals; of an unwanted one, what they take."""
    sign = 1 if check.wanted else -1
    rules = [rule for rule in effective_rules(material) if rule.after == 0]
    gains = (sum(sign * relief(rule.moves) for rule in rules if rule.signal is name) for name in check.signals)
    return max(0.0, *gains)


def to_the_point(line: str) -> str:
    """How a customer's line ends: its last sentence, with the one before where it is short; cut where it is long."""
    said = sentences(line) or (line,)
    ending = said[-1] if len(said) == 1 or len(said[-1].split()) >= _TELLING else f"{said[-2]} {said[-1]}"
    return ending if len(ending) <= _LONGEST else f"{ending[:_LONGEST].rsplit(' ', 1)[0]} ..."


def in_short(words: str) -> str:
    """How long words begin and end, where a whole reply is meant."""
    if len(words) <= _LONG:
        return words
    return f"{words[: _LONG // 2].rsplit(' ', 1)[0]} ... {words[-_LONG // 3 :].split(' ', 1)[-1]}"


def quoted(words: str) -> str:
    """Words in quotation marks at the end of a sentence, which they close themselves where they can."""
    return f"“{words}”" if words.endswith((".", "?", "!")) else f"“{words}”."
