"""Whether a scenario can be rehearsed: the trainees it needs, and what its tests name. Apart, because it is about the
tests and not about what is played."""

from collections.abc import Iterator

from simulator.content.complaints import nearest
from simulator.content.document import Document
from simulator.content.problem import Problem, quoted
from simulator.content.rubric import Rubric
from simulator.content.schema import Scenario
from simulator.content.trainees import trainees_for

REHEARSED = ("excellent", "generic", "careless")
"""The scripted trainees that every scenario is rehearsed with, its own tests apart."""


def unrehearsable(scenario: Scenario, rubric: Rubric, document: Document) -> Iterator[Problem]:
    """Trainees that are missing, tests that name what there is not, and a scenario without any test."""
    for name in REHEARSED:
        if name not in scenario.trainees:
            message = f"there is no trainee {quoted(name)} to rehearse it with"
            hint = f"{name}: {{any: [what such a trainee says here]}}"
            yield document.problem(("trainees",), "missing-trainee", message, hint, at_key=True, warning=True)
    if not scenario.tests:
        message = "the scenario has no tests of its own"
        hint = "tests:   - {trainee: excellent, expect: {ending: resolved}}"
        yield document.problem((), "no-tests", message, hint, warning=True)
    yield from _unknown(scenario, rubric, document)


def _unknown(scenario: Scenario, rubric: Rubric, document: Document) -> Iterator[Problem]:
    trainees, dimensions = list(trainees_for(scenario)), [one.id for one in rubric.dimensions]
    for number, test in enumerate(scenario.tests):
        if test.trainee is not None and test.trainee not in trainees:
            words = _words("trainee", test.trainee, trainees)
            yield document.problem(("tests", number, "trainee"), "unknown-name", *words)
        for name in test.levels:
            if name not in dimensions:
                words = _words("dimension", name, dimensions)
                yield document.problem(("tests", number, "levels", name), "unknown-name", *words, at_key=True)


def _words(noun: str, name: str, known: list[str]) -> tuple[str, str]:
    near = nearest(name, known)
    message = f"there is no {noun} {quoted(name)}" + (f", did you mean {quoted(near)}?" if near else "")
    return message, f"known here: {', '.join(known)}"
