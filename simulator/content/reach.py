"""What can come about in a scenario at all, whatever the trainee does. Apart, because it is an argument of its own."""

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
        match condition:
            case None:
                return True
            case Condition(any=tuple(parts)):
                return any(self.allows(part) for part in parts)
            case Condition(all=tuple(parts)):
                return all(self.allows(part) for part in parts)
            case Condition(fact=str(fact)):
                return fact in self.facts
            case Condition(fired=str(event)):
                return event in self.events
            case Condition(promised=str(promise)):
                return promise in self.promises
            case Condition(turn_at_least=int(turn)):
                return turn <= self.turn_limit
            case _:
                return True

    def _widened(self, scenario: Scenario) -> "Reach":
        facts = frozenset(fact.id for fact in scenario.facts if self.allows(fact.unlock))
        events = frozenset(event.id for event in scenario.events if self.allows(event.when))
        return self.model_copy(update={"facts": self.facts | facts, "events": self.events | events})
