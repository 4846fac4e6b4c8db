"""Any one wrong edit of a shipped file: never a traceback, and every problem points into its file.

The full run is `python -m benchmarks.mutants`.
"""

from pathlib import Path

import pytest

from benchmarks.mutants import Mutant, Outcome, is_inside, mutants, outcomes, table
from simulator.content.library import shipped
from simulator.content.problem import Problem
from simulator.content.shelf import KINDS

COUNT = 300


@pytest.fixture(scope="module")
def made() -> tuple[Mutant, ...]:
    return tuple(mutants(COUNT, seed=7, thin=True))


@pytest.fixture(scope="module")
def found(made: tuple[Mutant, ...]) -> tuple[Outcome, ...]:
    return tuple(outcomes(iter(made)))


def test_no_mutant_gives_a_traceback_or_a_place_outside_its_file(found: tuple[Outcome, ...]) -> None:
    assert [(one.mutant.origin, one.mutant.edits, one.why) for one in found if one.came == "broken"] == []


def test_mutants_of_every_kind_are_refused_and_some_can_be_used(found: tuple[Outcome, ...]) -> None:
    for kind in KINDS:
        came = [one.came for one in found if one.mutant.kind == kind]
        assert len(came) == COUNT // len(KINDS)
        assert 10 < came.count("refused") < len(came) - 5


def test_the_same_seed_makes_the_same_mutants(made: tuple[Mutant, ...]) -> None:
    assert tuple(mutants(6, seed=7, thin=True)) == made[:6]
    assert len({one.text for one in made}) > COUNT * 0.9


def test_a_place_is_outside_behind_the_last_line_or_the_end_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("name: A\nvoice:\n", encoding="utf-8")
    places = [(1, 8), (1, 9), (2, 7), (2, 8), (3, 1)]
    inside = [
        is_inside(Problem(path=str(path), line=line, column=column, code="c", message="m")) for line, column in places
    ]
    assert inside == [True, False, True, False, False]


def test_a_traceback_is_told_with_the_edit_that_caused_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("oh")

    monkeypatch.setattr("simulator.content.shelf.persona_lint", broken)
    text = (shipped() / "personas/organiser.yaml").read_text(encoding="utf-8")
    (outcome,) = outcomes(iter([Mutant(kind="persona", origin="organiser", edits=("reorder",), text=text)]))
    assert outcome.came == "broken"
    assert "KeyError: 'oh'" in outcome.why


def test_the_table_counts_what_came_of_each_kind(made: tuple[Mutant, ...]) -> None:
    shown = table([Outcome(mutant=made[0], came="broken"), Outcome(mutant=made[1], came="clean")])
    assert [line.split() for line in shown.splitlines()] == [
        ["refused", "warned", "clean", "broken"],
        [made[0].kind, "0", "0", "0", "1"],
        [made[1].kind, "0", "0", "1", "0"],
        [made[2].kind, "0", "0", "0", "0"],
    ]
