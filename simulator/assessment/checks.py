"""Levels by a rubric's own rules: the signals of a reply answer its checks, and the answers make a level.

Apart from the rater because it needs no model and has been compared with nobody: a dimension scored like this bears a
mark wherever its levels are shown.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from simulator.assessment.certainty import Unknown
from simulator.content.rubric import Check, Dimension, Rubric
from simulator.vocabulary import Evidence, Level, Rating, Signal, Value

SURE = 0.5
"""A learned signal counts for a check from this probability on."""

NO_RATER = "none"
"""What stands for the version of a rater where there was none, or where it failed."""

Answers = Mapping[str, Signal]
"""The first signal that answers a check with yes, by the check's id; a check that is absent is answered with no."""


class Grounds(Value):
    """Why a reply has its level: the answers that made its rule hold."""

    yes: tuple[Check, ...]
    """Checks answered with yes, as the rule asks."""
    no: tuple[Check, ...]
    """Checks answered with no, as the rule asks."""


def rated(rubric: Rubric, signals: Iterable[Signal], turn: int, rating: Rating | None) -> Rating | None:
    """A rating with the levels that the rubric's rules give, beside those that the rater gave.

    Args:
        rubric: Whose dimensions are scored, as far as they have rules.
        signals: Of one reply, with the words in it.
        turn: Number of its turn.
        rating: The rater's; None where there is none.

    Returns:
        The rater's alone where the rubric has no rules; None where nobody gave a level.
    """
    seen = list(signals)
    ruled = [dimension for dimension in rubric.dimensions if dimension.rules]
    levels = {dimension.id: level(dimension, seen) for dimension in ruled}
    if not ruled or (rating is None and not any(levels.values())):
        return rating
    before = rating or Rating(levels={}, expected={}, rater=NO_RATER)
    expected = {name: None if given is None else float(given) for name, given in levels.items()}
    words = (one for dimension in ruled for one in _evidence(dimension, seen, turn))
    return before.model_copy(
        update={
            "levels": before.levels | levels,
            "expected": before.expected | expected,
            "evidence": (*before.evidence, *words),
            "rules": before.rules | versions(rubric),
        }
    )


def level(dimension: Dimension, signals: Sequence[Signal]) -> Level | None:
    """The highest level whose rule holds, 1 to 5; None where none does: there is nothing to rate."""
    return dimension.level_by_rule(answers(dimension, signals))


def grounds(dimension: Dimension, signals: Sequence[Signal]) -> Grounds:
    """What the level of a reply rests on; nothing where it has none."""
    given, found = level(dimension, signals), answers(dimension, signals)
    if given is None:
        return Grounds(yes=(), no=())
    rule = dimension.rules[given]
    asked, barred = {*rule.all, *rule.any}, {*rule.none}
    return Grounds(
        yes=tuple(check for check in dimension.checks if check.id in asked and check.id in found),
        no=tuple(check for check in dimension.checks if check.id in barred),
    )


def answers(dimension: Dimension, signals: Sequence[Signal]) -> Answers:
    """The checks of a dimension that a reply answers with yes, with the signal that does."""
    sure = [signal for signal in signals if signal.probability >= SURE]
    first = ((check.id, next((one for one in sure if one.name in check.signals), None)) for check in dimension.checks)
    return {name: signal for name, signal in first if signal is not None}


def version(dimension: Dimension) -> str:
    """Changes with any rule, and with the signals of any check, so that levels by different rules are never mixed."""
    rules = [f"{level} {rule.model_dump_json()}" for level, rule in dimension.rules.items()]
    checks = [f"{check.id} {' '.join(check.signals)}" for check in dimension.checks]
    return f"rules-1-{hashlib.sha256(chr(0).join([*rules, *checks]).encode()).hexdigest()[:8]}"


def unmeasured(name: str) -> Unknown:
    """Why a mean of levels that rules gave on a dimension has no interval."""
    return Unknown(why=f"How far the levels of {name} are off has not been measured: checks alone give them.")


def versions(rubric: Rubric) -> dict[str, str]:
    """The version of the rules of every dimension that has some, by its id."""
    return {dimension.id: version(dimension) for dimension in rubric.dimensions if dimension.rules}


def _evidence(dimension: Dimension, signals: Sequence[Signal], turn: int) -> Iterator[Evidence]:
    """The words of the signals that made the rule hold, one for each check; none for an act or an omission."""
    found = answers(dimension, signals)
    shown = [found[check.id] for check in grounds(dimension, signals).yes]
    for name, span in dict.fromkeys((signal.name, signal.span) for signal in shown):
        if span is not None:
            yield Evidence(dimension=dimension.id, signal=name, turn=turn, speaker="trainee", **span.model_dump())
