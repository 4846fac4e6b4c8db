"""Words that give a locked fact away before it is unlocked. Apart, because it is a judgement about language."""

import re
from collections.abc import Iterable, Iterator

from simulator.content.document import Document, Location
from simulator.content.problem import Problem, quoted
from simulator.content.schema import Condition, Fact, Line, Scenario

_WORD = re.compile(r"\{[a-z][a-z0-9_]*\}|\d[\d.,:]*\d|[A-Za-z']+")
_FEWEST_WORDS = 2
"""So many of a fact's own words give it away, if they are also half of them."""
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        a about after again all also an and any are as at back be because been before being but by can could did do does
        doing down for from get go going had has have having he her here him his how i if in into is it its just like
        made me more most my no not now of off on once one only or other our out over own said same say she should so
        some still such than that the their them then there these they this those time to too told two up us very was
        we were what when where which who why will with would you your
        """,
    )
)


def leaks(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Lines, events and open descriptions that hold a locked fact's numbers or slots, or (a warning) its own words."""
    known = own_words(_open_texts(scenario))
    for fact in scenario.facts:
        own = own_words([fact.text]) - known if fact.unlock else frozenset()
        for location, text in _unlocked_texts(scenario, fact):
            shared = sorted(own & own_words([text]))
            exact = [word for word in shared if word[0] in "{0123456789"]
            if exact or (len(shared) >= _FEWEST_WORDS and 2 * len(shared) >= len(own)):
                message = f"this gives away the locked fact {quoted(fact.id)} ({', '.join(exact or shared)})"
                hint = f"say it only once that is unlocked (needs: {fact.id}), or take it out"
                yield document.problem(location, "leak", message, hint, warning=not exact)


def _open_texts(scenario: Scenario) -> list[str]:
    """What everybody knows from the start."""
    facts = [fact.text for fact in scenario.facts if fact.unlock is None]
    briefing = [scenario.briefing.role, *scenario.briefing.history, *scenario.briefing.policy]
    return [*facts, *briefing, scenario.title, scenario.industry]


def _unlocked_texts(scenario: Scenario, fact: Fact) -> Iterator[tuple[Location, str]]:
    """What may be said or shown while a fact is locked."""
    yield from (((key,), getattr(scenario, key)) for key in ("summary", "situation", "wants"))
    for number, line in enumerate(scenario.opening):
        if not _waits_for(line, fact):
            yield ("opening", number, "text"), line.text
    for move, lines in scenario.lines.items():
        for number, line in enumerate(lines):
            if not _waits_for(line, fact):
                yield ("lines", move.value, number, "text"), line.text
    for number, event in enumerate(scenario.events):
        if not _requires(event.when, fact):
            yield ("events", number, "say"), event.say


def _waits_for(line: Line, fact: Fact) -> bool:
    return fact.id in line.needs or _requires(line.when, fact)


def _requires(condition: Condition | None, fact: Fact) -> bool:
    """True if the condition cannot hold while the fact is locked."""
    match condition:
        case None:
            return False
        case Condition(fact=str(name)):
            return name == fact.id
        case Condition(all=tuple(parts)):
            return any(_requires(part, fact) for part in parts)
        case Condition(any=tuple(parts)):
            return all(_requires(part, fact) for part in parts)
        case _:
            return False


def own_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that texts have to themselves: no common ones; numbers and {slots} count."""
    found = (word.lower().strip("'") for text in texts for word in _WORD.findall(text))
    return frozenset(word for word in found if word not in _COMMON and len(word) > 1)
