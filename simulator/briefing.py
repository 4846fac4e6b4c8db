"""What a trainee is told before a contact, as headed paragraphs; apart because both front ends show the same."""

from collections.abc import Iterator

from simulator.content.material import Material
from simulator.content.rubric import Dimension, Rubric
from simulator.vocabulary import Value


class Section(Value):
    """A heading and the paragraphs under it. A paragraph that opens with "- " is an item of a list."""

    title: str
    lines: tuple[str, ...]


def briefing(material: Material, goal: str | None) -> tuple[Section, ...]:
    """Everything the trainee knows, the shortest first: the notes, then the rubric in full.

    Args:
        material: cast, so that every slot is filled.
        goal: what the trainee's last debrief set, if it set one.
    """
    return (*notes(material, goal), *rubric_in_full(material))


def notes(material: Material, goal: str | None) -> tuple[Section, ...]:
    """What helps in mid-contact: content note, role, history, policy, goal, and what a reply is scored for."""
    return tuple(section for section in _notes(material, goal) if section.lines)


def rubric_in_full(material: Material) -> tuple[Section, ...]:
    """Every level and check of every dimension, the critical errors, and how borderline replies are rated."""
    return tuple(section for section in _rubric(material.rubric) if section.lines)


def _notes(material: Material, goal: str | None) -> Iterator[Section]:
    scenario = material.scenario
    yield Section(title="Content note", lines=(scenario.content_note,) if scenario.content_note else ())
    yield Section(title="Your role", lines=(material.fill(scenario.briefing.role),))
    yield Section(title="Account history and notes", lines=_items(map(material.fill, scenario.briefing.history)))
    yield Section(title="Policy", lines=_items(map(material.fill, scenario.briefing.policy)))
    yield Section(title="Your goal from last time", lines=(goal,) if goal else ())
    asked = _items(f"{dimension.name}: {dimension.question}" for dimension in material.rubric.dimensions)
    yield Section(title="How replies are scored", lines=(material.rubric.summary, *asked))


def _rubric(rubric: Rubric) -> Iterator[Section]:
    yield from map(_dimension, rubric.dimensions)
    critical = _items(f"{kind.name}: {kind.text}" for kind in rubric.critical.values())
    yield Section(title="Critical errors", lines=critical)
    yield Section(title="How borderline replies are rated", lines=_items(rubric.conventions))


def _dimension(dimension: Dimension) -> Section:
    levels = _items(f"{level} {anchor.name}: {anchor.anchor}" for level, anchor in sorted(dimension.levels.items()))
    checks = _items(f"{check.question} ({'wanted' if check.wanted else 'not wanted'})" for check in dimension.checks)
    mark = "" if dimension.scored_by == "embedded" else ", scored by checks, not calibrated"
    title = f"{dimension.name} (weight {dimension.weight:g}{mark})"
    return Section(title=title, lines=(dimension.question, *levels, "What is checked in every reply:", *checks))


def _items(texts: Iterator[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"- {text}" for text in texts)
