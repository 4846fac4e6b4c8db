"""Every YAML file that ships is valid, fits its neighbours, and has enough to say."""

from pathlib import Path

import pytest

from simulator.content.library import Library, shipped
from simulator.content.lint import MOVES_OF_SOME_MOODS
from simulator.content.parsing import parse
from simulator.content.problem import Problem
from simulator.content.schema import Defaults
from simulator.content.source import read
from simulator.vocabulary import Mood, Move

ROOT = shipped()
FILES = sorted(path for folder in ("scenarios", "personas", "rubrics") for path in (ROOT / folder).glob("*.yaml"))
SCENARIOS = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))


def _report(problems: list[Problem]) -> str:
    return "\n".join(problem.render(Path(problem.path).read_text(encoding="utf-8")) for problem in problems)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_shipped_file_has_no_problem_and_no_warning(path: Path) -> None:
    problems = Library([ROOT]).check(path)
    assert not problems, "\n" + _report(problems)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_shipped_text_breaks_off_in_mid_line(path: Path) -> None:
    """A line indented too far inside `>-` keeps its line breaks, on the screen and in every prompt."""
    document = parse(path.read_text(encoding="utf-8"), str(path), [])
    assert document is not None
    assert not [text for _, text in document.texts() if "\n" in text.strip()]


def test_the_shipped_defaults_are_valid() -> None:
    path = ROOT / "simulator" / "content" / "defaults.yaml"
    assert read(Defaults, path.read_text(encoding="utf-8"), path).rules


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_shipped_scenario_can_be_cast_from_any_seed(scenario: str) -> None:
    material = Library([ROOT]).material(scenario)
    for seed in range(5):
        slots = material.cast(seed).slots
        assert slots["customer"]
        assert not [value for value in slots.values() if "{" in value]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_shipped_scenario_has_six_lines_of_its_own_for_every_move_its_customer_makes(scenario: str) -> None:
    written = Library([ROOT]).material(scenario).scenario
    moves = [move for move in Move if written.mood in MOVES_OF_SOME_MOODS.get(move, tuple(Mood))]
    assert not [move for move in moves if len(written.lines.get(move, ())) < 6]
