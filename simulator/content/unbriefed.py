"""Promises that decide how a contact ends and of which the trainee was never told. Apart, because it is a judgement
about language: it can only see that not one word of a promise occurs in the briefing."""

from collections.abc import Iterable, Iterator

from simulator.content.document import Document
from simulator.content.leaks import own_words
from simulator.content.problem import Problem, quoted
from simulator.content.schema import Condition, Scenario
from simulator.vocabulary import Ending

_ALIKE = 4
"""Words count as the same from so many equal first letters: honour, honoured."""
_OPENINGS = (Ending.RESOLVED, Ending.SETTLED_PARTLY)


def unbriefed(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Promises that an ending asks for, or that are forbidden, where no word of theirs occurs in the briefing."""
    told = _beginnings([scenario.briefing.role, *scenario.briefing.history, *scenario.briefing.policy])
    asked_for = {
        name for ending in _OPENINGS if ending in scenario.endings for name in _asked(scenario.endings[ending])
    }
    for name, promise in scenario.promises.items():
        counts = promise.forbidden or name in asked_for
        if promise.words and counts and not _beginnings(promise.words) & told:
            what = "is forbidden" if promise.forbidden else "decides how this ends"
            message = f"the promise {quoted(name)} {what}, and no word of it occurs in the briefing"
            hint = "say in briefing: policy: what the trainee may and may not promise"
            yield document.problem(("promises", name), "unbriefed", message, hint, at_key=True, warning=True)


def _asked(condition: Condition) -> Iterator[str]:
    """Promises that the condition names, those under a `not` apart."""
    if condition.promised is not None:
        yield condition.promised
    for part in (*(condition.any or ()), *(condition.all or ())):
        yield from _asked(part)


def _beginnings(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word[:_ALIKE] for word in own_words(texts))
