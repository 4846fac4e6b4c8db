"""What is wrong between the parts of a scenario and its persona. Apart: the schema sees one value at a time."""

from collections.abc import Iterator

from pydantic import BaseModel

from simulator.content.budget import long_lines, over_budget
from simulator.content.casting import CAST_SLOTS, PLAY_SLOTS, slot_faults, slots_in
from simulator.content.complaints import nearest
from simulator.content.contradictions import at_odds, never_hold
from simulator.content.document import Document, Location
from simulator.content.leaks import leaks
from simulator.content.material import Material
from simulator.content.parsing import parse
from simulator.content.problem import Problem, quoted
from simulator.content.reach import Reach
from simulator.content.rehearsable import unrehearsable
from simulator.content.schema import Authored, Condition, Line, Persona
from simulator.content.stereotypes import OF_PERSONA, OF_SCENARIO, stereotypes
from simulator.content.unbriefed import unbriefed
from simulator.vocabulary import Ending, Mood, Move

FEWEST_LINES = 60
"""Authored lines a scenario needs by itself."""
FEWEST_PER_MOVE = 6
"""Lines a move needs, scenario and persona together."""
WAYS_OUT = frozenset({Ending.RESOLVED, Ending.SETTLED_PARTLY})
"""Endings that are worth working for."""

MOVES_OF_SOME_MOODS = {Move.PANIC: (Mood.DISTRESSED, Mood.CONFUSED)}
"""Moves that not every kind of customer makes; the others belong to all."""


def lint(material: Material) -> list[Problem]:
    """Every problem between the parts, in the order of the files; the texts themselves are valid already.

    `simulator.content.codes` says what each code stands for.
    """
    scenario = parse(material.texts.scenario, material.paths.scenario, [])
    persona = parse(material.texts.persona, material.paths.persona, [])
    assert scenario is not None, "a material is made from texts that can be read"
    assert persona is not None, "a material is made from texts that can be read"
    return [
        *_sorted(_scenario_problems(material, scenario)),
        *_sorted(_persona_problems(material, persona)),
    ]


def _sorted(problems: Iterator[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _scenario_problems(material: Material, document: Document) -> Iterator[Problem]:
    names = frozenset({*material.scenario.slots, *material.persona.slots, *CAST_SLOTS})
    scenario = material.scenario
    yield from _duplicate_ids(material, document)
    yield from _conditions(material, scenario, document)
    yield from unrehearsable(scenario, material.rubric, document)
    yield from _unknown_slots(document, names)
    yield from _bad_slots(material, document, frozenset(scenario.slots))
    yield from _unreachable(material, document)
    yield from at_odds(scenario, document)
    yield from leaks(scenario, document)
    yield from unbriefed(scenario, document)
    yield from over_budget(scenario, material.persona, document)
    yield from stereotypes(OF_SCENARIO, document)
    yield from _thin_bank(material, document)


def _persona_problems(material: Material, document: Document) -> Iterator[Problem]:
    yield from persona_lint(material.persona, document)
    yield from _conditions(material, material.persona, document)
    yield from _bad_slots(material, document, frozenset(material.persona.slots))


def persona_lint(persona: Persona, document: Document) -> Iterator[Problem]:
    """Every problem of a persona that shows without a scenario."""
    yield from _unknown_slots(document, frozenset({*persona.slots, *CAST_SLOTS}))
    yield from long_lines(persona.lines, document)
    yield from stereotypes(OF_PERSONA, document)


def _duplicate_ids(material: Material, document: Document) -> Iterator[Problem]:
    facts = [fact.id for fact in material.scenario.facts]
    events = [event.id for event in material.scenario.events]
    for group, ids in (("facts", facts), ("events", events)):
        for number, id in enumerate(ids):
            if id in ids[:number]:
                message = f"{quoted(id)} is used twice in {quoted(group)}"
                yield document.problem((group, number, "id"), "duplicate-id", message, "give it a name of its own")


def _conditions(material: Material, root: Authored, document: Document) -> Iterator[Problem]:
    """What conditions name; and where they name only what there is, those that can never hold."""
    unknown = list(_unknown_names(material, root, document))
    yield from unknown or never_hold(Reach.of(material.scenario), _parts(root, ()), document)


def _unknown_names(material: Material, root: Authored, document: Document) -> Iterator[Problem]:
    """Facts, promises and events that conditions and lines name, and nobody has."""
    known = {
        "fact": [fact.id for fact in material.scenario.facts],
        "promised": list(material.scenario.promises),
        "fired": [event.id for event in material.scenario.events],
    }
    for location, part in _parts(root, ()):
        if isinstance(part, Line):
            for number, fact in enumerate(part.needs):
                yield from _unless_known(document, (*location, "needs", number), "fact", fact, known["fact"])
        elif isinstance(part, Condition):
            for key, names in known.items():
                name = getattr(part, key)
                noun = {"promised": "promise", "fired": "event"}.get(key, key)
                yield from _unless_known(document, (*location, key), noun, name, names)


def _unless_known(
    document: Document, location: Location, noun: str, name: str | None, known: list[str]
) -> Iterator[Problem]:
    if name is None or name in known:
        return
    near = nearest(name, known)
    message = f"there is no {noun} {quoted(name)}" + (f", did you mean {quoted(near)}?" if near else "")
    hint = f"known here: {', '.join(known)}" if known else f"the scenario has no {noun}s"
    yield document.problem(location, "unknown-name", message, hint)


def _unknown_slots(document: Document, names: frozenset[str]) -> Iterator[Problem]:
    for location, text in document.texts():
        allowed = names | PLAY_SLOTS if location[0] == "lines" else names
        for name in sorted(slots_in(text) - allowed):
            near = nearest(name, allowed)
            message = f"there is no slot {{{name}}}" + (f", did you mean {{{near}}}?" if near else "")
            hint = f"known here: {', '.join(sorted(allowed))}"
            if name in PLAY_SLOTS:
                hint = "what the trainee just said is known in lines only"
            yield document.problem(location, "unknown-slot", message, hint)


def _bad_slots(material: Material, document: Document, own: frozenset[str]) -> Iterator[Problem]:
    for name, sentence in slot_faults(material.scenario, material.persona).items():
        if name in own:
            yield document.problem(("slots", name), "bad-slot", sentence)


def _unreachable(material: Material, document: Document) -> Iterator[Problem]:
    scenario, reach = material.scenario, Reach.of(material.scenario)
    for name, promise in scenario.promises.items():
        if not promise.words:
            message = f"no words make the promise {quoted(name)}"
            yield document.problem(("promises", name), "no-words", message, "words: [same fare, honour the fare]")
    for number, fact in enumerate(scenario.facts):
        if fact.id not in reach.facts:
            message = f"the fact {quoted(fact.id)} can never come unlocked"
            yield document.problem(("facts", number, "unlock"), "never-unlocks", message)
    yield from _no_way_out(
        {ending for ending, condition in scenario.endings.items() if reach.allows(condition)}, document
    )


def _no_way_out(reached: set[Ending], document: Document) -> Iterator[Problem]:
    if not reached:
        yield document.problem(("endings",), "no-ending", "none of these endings can be reached", at_key=True)
    elif not reached & WAYS_OUT:
        message = "however well it goes, the customer's matter can neither be resolved nor settled in part"
        hint = "resolved: {all: [{promised: send_a_courier}, {upset_at_most: 30}]}"
        yield document.problem(("endings",), "no-way-out", message, hint, at_key=True, warning=True)


def _thin_bank(material: Material, document: Document) -> Iterator[Problem]:
    own = len(material.scenario.opening) + sum(map(len, material.scenario.lines.values()))
    if own < FEWEST_LINES:
        message = f"{own} authored lines; a customer who does not repeat themselves needs {FEWEST_LINES}"
        yield document.problem(("lines",), "thin-bank", message, at_key=True, warning=True)
    for move in Move:
        count = len(material.scenario.lines.get(move, ())) + len(material.persona.lines.get(move, ()))
        if count < FEWEST_PER_MOVE and material.scenario.mood in MOVES_OF_SOME_MOODS.get(move, tuple(Mood)):
            message = f"{count} lines for the move {quoted(move.value)} with the persona's; it needs {FEWEST_PER_MOVE}"
            yield document.problem(("lines", move.value), "thin-bank", message, at_key=True, warning=True)


def _parts(value: object, location: Location) -> Iterator[tuple[Location, Authored]]:
    """Every authored value inside another, with where it stands, the outermost first."""
    if isinstance(value, Authored):
        yield location, value
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _parts(getattr(value, name), (*location, field.alias or name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _parts(item, (*location, str(key)))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _parts(item, (*location, number))
