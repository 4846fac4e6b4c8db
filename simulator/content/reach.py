"""What can come about in a scenario at all, whatever the trainee does. Apart, because it is an argument of its own."""

from simulator.content.branches import Branch, branches, consistent
from simulator.content.schema import Condition, Scenario
from simulator.vocabulary import Value


class Reach(Value):
    """The facts, events and promises that can come true. Generous: what depends on people and emotion is possible."""

    facts: frozenset[str]
    events: frozenset[str]
    promises: frozenset[str]
    turn_limit: int

    @classmethod
    def of(cls, scenario: Scenario) -> "Reach":
        """Begin with what is open, and add what that makes possible until nothing is added."""
        reach = cls(
            facts=frozenset(fact.id for fact in scenario.facts if fact.unlock is None),
            events=frozenset(),
            promises=frozenset(name for name, promise in scenario.promises.items() if promise.words),
            turn_limit=scenario.turn_limit,
        )
        while (wider := reach._widened(scenario)) != reach:
            reach = wider
        return reach

    def allows(self, condition: Condition | None) -> bool:
        """False only if the condition can never hold."""
        ways = branches(condition) if condition is not None else None
        return ways is None or any(self._is_open(way) for way in ways)

    def _is_open(self, way: Branch) -> bool:
        known = {"fact": self.facts, "fired": self.events, "promised": self.promises}
        possible = all(one.value in known[one.key] for one in way if one.holds and one.key in known)
        return possible and consistent(way, self.turn_limit)

    def _widened(self, scenario: Scenario) -> "Reach":
        facts = frozenset(fact.id for fact in scenario.facts if self.allows(fact.unlock))
        events = frozenset(event.id for event in scenario.events if self.allows(event.when))
        return self.model_copy(update={"facts": self.facts | facts, "events": self.events | events})
