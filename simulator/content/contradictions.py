"""Conditions and rules that say two things at once, or nothing ever. Apart, because it is about logic, not names."""

from collections.abc import Iterator
from itertools import combinations

from simulator.content.document import Document, Location
from simulator.content.problem import Problem, quoted
from simulator.content.reach import Reach
from simulator.content.schema import Authored, Condition, Fact, Rule, Scenario

Part = tuple[Location, Authored]
"""An authored value and where it stands."""


def never_hold(reach: Reach, parts: Iterator[Part], document: Document) -> Iterator[Problem]:
    """Conditions that can never hold, whatever anybody does; of facts, `never-unlocks` says so.

    Args:
        reach: What is possible in the scenario.
        parts: Every authored value of the file, the outermost first.
        document: The file: the scenario's, or its persona's.
    """
    judged: list[Location] = []
    for location, part in parts:
        if isinstance(part, Fact):
            judged.append((*location, "unlock"))
        elif isinstance(part, Condition) and not any(location[: len(above)] == above for above in judged):
            judged.append(location)
            if not reach.allows(part):
                hint = "look for bounds that exclude each other, and for facts, events and promises that never come"
                yield document.problem(location, "never-holds", "this can never hold", hint, warning=True)


def at_odds(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Rules of the scenario that never apply, and pairs that answer the same and move a feeling both ways."""
    for number, rule in enumerate(scenario.rules):
        if rule.moods and scenario.mood not in rule.moods:
            message = f"this rule is for other moods than {quoted(scenario.mood.value)}, so it never applies"
            yield document.problem(("rules", number, "moods"), "idle-rule", message, "take it out", warning=True)
    for (_, first), (number, second) in combinations(enumerate(scenario.rules), 2):
        if _question(first) == _question(second) and _meet(first, second) and (both := _both_ways(first, second)):
            message = f"an earlier rule answers the same and moves {' and '.join(both)} the other way"
            hint = "join the two, or tell them apart with   when:"
            yield document.problem(("rules", number), "contradictory-rules", message, hint, warning=True)


def _question(rule: Rule) -> tuple[object, ...]:
    return rule.signal, rule.when, rule.after


def _meet(first: Rule, second: Rule) -> bool:
    """Whether both can apply to one customer."""
    return not first.moods or not second.moods or bool({*first.moods} & {*second.moods})


def _both_ways(first: Rule, second: Rule) -> list[str]:
    return [feeling.value for feeling, points in first.moves.items() if points * second.moves.get(feeling, 0.0) < 0]
