"""Conditions as they are said without any YAML: "trust is 45 or more, or the trainee asks about the occasion".

Apart from `expectations`, which says them as they are written, to authors who look for a line in their file.
"""

from collections.abc import Iterable, Mapping

from simulator.content.schema import Condition
from simulator.reports.phrases import SHOWN
from simulator.reports.printing import in_words
from simulator.vocabulary import Feeling, SignalName

MOST_PHRASES = 6
"""Of the words that are listened for, so many are named."""

_ATOMS: Mapping[str, tuple[str, str]] = {
    "asked": ("the trainee asks about {}", "the trainee does not ask about {}"),
    "said": ("the reply says {}", "the reply does not say {}"),
    "signal": ("a reply has shown {}", "no reply has shown {}"),
    "shows": ("the reply shows {}", "the reply does not show {}"),
    "talk": ("the trainee {}", "it is not so that the trainee {}"),
    "promised": ("“{}” has been promised", "“{}” has not been promised"),
    "fact": ("the customer would tell “{}”", "the customer would not yet tell “{}”"),
    "fired": ("“{}” has happened", "“{}” has not happened"),
    "ending": ("it ends with “{}”", "it does not end with “{}”"),
    "trust_at_least": ("trust is {} or more", "trust is below {}"),
    "trust_at_most": ("trust is {} or less", "trust is above {}"),
    "upset_at_least": ("<upset> is {} or more", "<upset> is below {}"),
    "upset_at_most": ("<upset> is {} or less", "<upset> is above {}"),
    "turn_at_least": ("there have been {} replies or more", "there have been fewer than {} replies"),
    "turn_at_most": ("there have been {} replies at most", "there have been more than {} replies"),
}
"""How each atom is said where it holds, and where it does not."""


def plainly(condition: Condition, upset: Feeling) -> str:
    """A condition as part of a sentence, to go on after "when".

    Args:
        condition: Slots in its phrases stay as they are.
        upset: The leading feeling of the scenario's mood.
    """
    return _said(condition, upset).replace("<upset>", upset.value)


def some_of(phrases: Iterable[str]) -> str:
    """Phrases in quotes, the first few, and how many more there are."""
    every = [f"“{phrase}”" for phrase in phrases]
    named = every[:MOST_PHRASES]
    if more := len(every) - len(named):
        return f"{', '.join(named)} ({more} more)"
    return " or ".join(filter(None, (", ".join(named[:-1]), *named[-1:])))


def _said(condition: Condition, upset: Feeling) -> str:
    match condition:
        case Condition(all=tuple(parts)):
            return " and ".join(_nested(part, upset) for part in parts) or "whatever happens"
        case Condition(any=tuple(parts)):
            return ", or ".join(_nested(part, upset) for part in parts) or "never"
        case Condition(negated=Condition(any=None, all=None, negated=None) as part):
            return _atom(part, holds=False)
        case Condition(negated=Condition() as part):
            return f"it is not so that ({_said(part, upset)})"
        case _:
            return _atom(condition, holds=True)


def _nested(condition: Condition, upset: Feeling) -> str:
    several = len(condition.any or condition.all or ()) > 1
    return f"({_said(condition, upset)})" if several else _said(condition, upset)


def _atom(condition: Condition, *, holds: bool) -> str:
    name, value = condition.atom
    return _ATOMS[name][0 if holds else 1].format(_value(value))


def _value(value: object) -> str:
    match value:
        case tuple():
            return some_of(map(str, value))
        case SignalName():
            return SHOWN[value]
        case float():
            return f"{value:g}"
        case _:
            return in_words(str(value))
