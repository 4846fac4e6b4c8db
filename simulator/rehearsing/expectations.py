"""What a scenario's test expects, in the author's own words, and what speaks against it. Apart from `conditions`, which
says only yes or no, because a test that fails has to say why."""

from collections.abc import Iterator, Mapping

from simulator.content.material import Material
from simulator.content.rubric import Rubric
from simulator.content.schema import Condition, LevelBounds
from simulator.customer.conditions import Standing, holds
from simulator.debriefing.scores import dimension_scores
from simulator.session import Session


def in_words(condition: Condition) -> str:
    """A condition on one line, as it is written: "ending resolved, turn at most 8, not fact children"."""
    match condition:
        case Condition(all=tuple(parts)):
            return ", ".join(map(in_words, parts)) or "anything"
        case Condition(any=tuple(parts)):
            return f"({' or '.join(map(in_words, parts))})"
        case Condition(negated=Condition() as part):
            return f"not {in_words(part)}"
        case _:
            key, value = condition.atom
            return f"{key.replace('_', ' ')} {_shown(value)}"


def unmet(condition: Condition, standing: Standing) -> Iterator[str]:
    """Each part of a condition that does not hold, with what is the case instead; nothing where all of it holds.

    Raises:
        ContentError: a topic or phrase has a slot that nothing fills.
    """
    if isinstance(condition.all, tuple):
        for part in condition.all:
            yield from unmet(part, standing)
    elif not holds(condition, standing):
        yield f"expected {in_words(condition)}; {_found(condition, standing)}"


def unmet_levels(bounds: dict[str, LevelBounds], means: Mapping[str, float]) -> Iterator[str]:
    """Each bound on levels that the replies do not keep to, on average.

    Args:
        bounds: By dimension.
        means: The mean level of each of these dimensions, from `mean_levels`.
    """
    for name, bound in bounds.items():
        if bound.at_least is not None and means[name] < bound.at_least:
            yield f"expected {name} at least {bound.at_least}; the mean level is {means[name]:.2f}"
        if bound.at_most is not None and means[name] > bound.at_most:
            yield f"expected {name} at most {bound.at_most}; the mean level is {means[name]:.2f}"


def mean_levels(session: Session, material: Material) -> dict[str, float]:
    """The mean of each dimension as the debrief gives it, 1 to 5; those in which no reply has a level are left out."""
    return {score.id: score.mean for score in dimension_scores(session, material) if score.mean is not None}


def levels_in_words(bounds: dict[str, LevelBounds]) -> str:
    """Bounds on one line: "ownership at most 2"."""
    return ", ".join(
        f"{name} {words} {level}"
        for name, bound in bounds.items()
        for words, level in (("at least", bound.at_least), ("at most", bound.at_most))
        if level is not None
    )


def needs_a_rater(bounds: dict[str, LevelBounds], rubric: Rubric) -> tuple[str, ...]:
    """Those of the dimensions whose levels only a model gives."""
    return tuple(one.id for one in rubric.dimensions if one.id in bounds and one.scored_by == "embedded")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " or ".join(f'"{one}"' for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _found(condition: Condition, standing: Standing) -> str:
    """What is the case where the condition does not hold."""
    if condition.any is not None:
        return (
            "; ".join(dict.fromkeys(_found(part, standing) for part in condition.any)) or "there is nothing to choose"
        )
    if condition.negated is not None:
        inner = condition.negated
        return _found(inner, standing) if inner.any is None and inner.all is None else "it is so"
    if condition.all is not None:
        return "; ".join(dict.fromkeys(_found(part, standing) for part in condition.all))
    key, _ = condition.atom
    return _is(key, standing)


def _is(key: str, standing: Standing) -> str:
    match key.split("_at_")[0]:
        case "ending":
            return f"it ended {standing.ending.value}" if standing.ending else "it has not ended"
        case "upset":
            return f"upset is {standing.upset:g}"
        case "trust":
            return f"trust is {standing.trust:g}"
        case "turn":
            return f"there were {standing.turn} replies"
        case "fact":
            return _listed("told or open", standing.facts)
        case "promised":
            return _listed("promised", standing.promised)
        case "fired":
            return _listed("happened", standing.fired)
        case "signal":
            return _listed("shown", standing.signals)
        case "shows":
            return _listed("shown last", standing.shows)
        case "asked" | "said" | "talk":
            return f'the last reply was "{standing.reply}"'
        case _:
            return "it is not so"


def _listed(what: str, names: frozenset[str]) -> str:
    return f"{what}: {', '.join(sorted(names)) or 'nothing'}"
