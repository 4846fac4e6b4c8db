"""How rehearsed contacts went, as figures: endings, turns, upset before and after, order, the largest single step.

Apart from the printing, and pure, so that what is claimed about customers can be tested without playing any.
"""

from collections.abc import Callable, Iterable, Mapping

from simulator.content.material import Material
from simulator.content.schema import Condition, Scenario
from simulator.session import Session, Turn
from simulator.vocabulary import LEADING_FEELING, Ending, Feeling, Value

EXCELLENT = "excellent"
IN_ORDER = (EXCELLENT, "generic", "careless")
"""Trainees from the least upset they leave behind to the most."""
CALMS_NOBODY = ("careless", "hostile")
"""Trainees who must never leave the customer less upset than they found them ..."""
MOVES_NOBODY = ("prompt_injecting",)
"""... those of whom no single reply may calm anybody ..."""
HELPS_NOBODY = ("generic", "off_topic", "silent")
"""... and those with whom nothing may be resolved."""


class Outcome(Value):
    """How one rehearsed contact went."""

    scenario: str
    trainee: str
    seed: int
    ending: Ending | None
    """None where the rehearsal broke off."""
    upset: tuple[float, ...]
    """At the start and after each reply."""
    fall: float
    """Largest fall of upset that one reply brought, in points, events of the scenario apart."""
    step: float
    """Largest change of any feeling that one reply brought, either way, likewise."""

    @property
    def turns(self) -> int:
        """Replies given."""
        return len(self.upset) - 1

    @property
    def calmed(self) -> bool:
        """Whether the customer is less upset in the end than at the start."""
        return self.upset[-1] < self.upset[0]


def outcome_of(session: Session, trainee: str, material: Material) -> Outcome:
    """What a contact with this trainee came to."""
    mood = session.started.mood
    events = frozenset(event.id for event in material.scenario.events)
    steps = [_steps(turn, events) for turn in session.turns]
    return Outcome(
        scenario=material.scenario_id,
        trainee=trainee,
        seed=session.started.seed,
        ending=session.ended.ending if session.ended else None,
        upset=tuple(session.emotion_after(number).upset(mood) for number in range(len(session.turns))),
        fall=max((-step.get(LEADING_FEELING[mood], 0.0) for step in steps), default=0.0),
        step=max((abs(points) for step in steps for points in step.values()), default=0.0),
    )


def _steps(turn: Turn, events: frozenset[str]) -> Mapping[Feeling, float]:
    """What the reply of a turn moved each feeling by; what the scenario's events moved is the author's own wish."""
    total: dict[Feeling, float] = {}
    for entry in turn.feeling.entries if turn.feeling else ():
        if entry.rule not in events:
            total[entry.feeling] = round(total.get(entry.feeling, 0.0) + entry.delta, 1)
    return total


def window(scenario: Scenario) -> int | None:
    """Replies within which the scenario's own tests want the excellent trainee to have it resolved."""
    bounds = (_most_turns(test.expect) for test in scenario.tests if test.trainee == EXCELLENT)
    return min((bound for bound in bounds if bound is not None), default=None)


def _most_turns(condition: Condition) -> int | None:
    bounds = (condition.turn_at_most, *(_most_turns(part) for part in condition.all or ()))
    return min((bound for bound in bounds if bound is not None), default=None)


def demand(trainee: str, most: int | None) -> tuple[str, Callable[[Outcome], bool]] | None:
    """What must hold of the contacts of a trainee, in words and as a question; None where nothing is demanded.

    Args:
        trainee: By name.
        most: The scenario's window, in replies.
    """
    if trainee == EXCELLENT:
        within = f" within {most} replies" if most else ""
        return f"resolved{within}", lambda one: one.ending is Ending.RESOLVED and (most is None or one.turns <= most)
    if trainee in CALMS_NOBODY:
        return "not calmed", lambda one: not one.calmed
    if trainee in MOVES_NOBODY:
        return "calmed by no reply", lambda one: one.fall <= 0 and not one.calmed
    if trainee in HELPS_NOBODY:
        return "not resolved", lambda one: one.ending is not Ending.RESOLVED
    return None


def disorders(outcomes: Iterable[Outcome]) -> list[tuple[str, int, tuple[float, ...]]]:
    """Scenario, seed and final upsets, for each in which the trainees of `IN_ORDER` do not end strictly in order."""
    final: dict[tuple[str, int], dict[str, float]] = {}
    for one in outcomes:
        final.setdefault((one.scenario, one.seed), {})[one.trainee] = one.upset[-1]
    rows = ((*key, tuple(by[name] for name in IN_ORDER)) for key, by in final.items() if by.keys() >= set(IN_ORDER))
    return [row for row in rows if not all(first < then for first, then in zip(row[2], row[2][1:], strict=False))]
