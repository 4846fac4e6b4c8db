"""JSON Schema of authored files: takes what the loaders take, refuses common slips, and is named by shipped files."""

import copy
import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from click.testing import CliRunner
from draft7 import fits
from played import RUBRIC, SCENARIO
from pydantic import BaseModel, ValidationError

from simulator.cli.main import commands
from simulator.content.json_schema import FOLDER, schema_line, schema_of
from simulator.content.library import shipped
from simulator.content.rubric import Rubric
from simulator.content.schema import Condition, Persona, Scenario
from simulator.content.shelf import Kind, kind_of

ROOT = shipped()
KINDS: tuple[Kind, ...] = get_args(Kind)
MODELS: dict[Kind, type[BaseModel]] = {"scenario": Scenario, "persona": Persona, "rubric": Rubric}
FILES = sorted(path for kind in KINDS for path in (ROOT / f"{kind}s").glob("*.yaml"))
PERSONA: dict[str, Any] = {
    "name": "{given} Diaz",
    "summary": "Quick and exact.",
    "voice": "Short sentences.",
    "traits": ["writes everything down"],
    "temperament": {"patience": 40},
    "slots": {"given": {"faker": "first_name"}, "age": 40},
    "lines": {"vent": ["No.", {"text": "Not again.", "needs": "quoted", "when": {"not": {"shows": "deflects"}}}]},
}
WHOLE: dict[Kind, dict[str, Any]] = {"scenario": SCENARIO, "persona": PERSONA, "rubric": RUBRIC}


schema = cache(schema_of)


def as_json(value: Any) -> Any:
    """YAML data as a schema sees it: every key is text."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list | tuple) else value


def loads(kind: Kind, data: dict[str, Any]) -> bool:
    try:
        MODELS[kind].model_validate(data)
    except ValidationError:
        return False
    return True


# -- what it takes


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_shipped_file_fits_its_schema(path: Path) -> None:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert fits(as_json(data), schema(kind_of(path)))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("lines", {"vent": ["Bare text."]}),
        ("lines", {"vent": [{"text": "One fact without a list.", "needs": "quoted"}]}),
        ("lines", {"vent": [{"text": "A negation.", "when": {"not": {"any": [{"said": ["no"]}]}}}]}),
        ("trainees", {"mine": {"any": ["Yes."], "vent": ["I see."], "moves": {"ask": ["At five."]}}}),
        ("slots", {"fare": {"choice": [1, "two", 2.5]}, "plain": 12, "word": "x"}),
        ("content_note", None),
        ("tests", [{"replies": ["No."], "expect": {"upset_at_least": 60.5}, "levels": {"empathy": {"at_most": 2}}}]),
    ],
)
def test_what_an_author_may_write_in_two_ways_fits_in_both(key: str, value: object) -> None:
    written = SCENARIO | {key: value}
    assert loads("scenario", written)
    assert fits(as_json(written), schema("scenario"))


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_the_loader_takes_of_mutilated_files_fits_the_schema(kind: Kind) -> None:
    chance, taken = random.Random(7), 0
    for _ in range(150):
        mutant = copy.deepcopy(as_json(WHOLE[kind]))
        _mutilate(mutant, chance)
        if loads(kind, _with_whole_keys(mutant)):
            taken += 1
            assert fits(mutant, schema(kind)), mutant
    assert taken > 10


def _mutilate(data: Any, chance: random.Random) -> None:
    places = list(_places(data))
    holder, key = chance.choice(places)
    if isinstance(holder, dict) and chance.random() < 0.4:
        del holder[key]
    else:
        holder[key] = chance.choice([None, [], {}, "word", 7, copy.deepcopy(chance.choice(places)[0])])


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    for key, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
        yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)


def _with_whole_keys(data: Any) -> Any:
    """As it stands in a file: the keys of levels are numbers."""
    if isinstance(data, dict):
        return {int(key) if key.isdigit() else key: _with_whole_keys(item) for key, item in data.items()}
    return [_with_whole_keys(item) for item in data] if isinstance(data, list) else data


# -- what it refuses


@pytest.mark.parametrize(
    "slip",
    [
        {"titel": "A key nobody knows."},
        {"mood": "angry"},
        {"lines": {"shout": ["No such move."]}},
        {"endings": {"resolved": {"promised": "honour", "upset_at_most": 30}}},
        {"endings": {"resolved": {}}},
        {"trainees": {"mine": {"any": ["Yes."], "opening_line": ["No such key."]}}},
        {"facts": [{"text": "has no id"}]},
        {"exemplars": {"smiles": ["No such signal."]}},
        {"slots": {"fare": {"choice": [1], "faker": "word"}}},
    ],
)
def test_a_slip_that_the_loader_refuses_is_marked_in_the_editor_too(slip: dict[str, Any]) -> None:
    written = SCENARIO | slip
    assert not loads("scenario", written)
    assert not fits(as_json(written), schema("scenario"))


def test_a_rubric_needs_all_five_levels() -> None:
    short = copy.deepcopy(RUBRIC)
    del short["dimensions"][0]["levels"][3]
    assert not fits(as_json(short), schema("rubric"))


# -- what editors show


def test_every_field_carries_the_docstring_that_stands_under_it() -> None:
    wants = schema("scenario")["properties"]["wants"]
    assert wants["description"] == "What would settle it, in the customer's eyes."
    atoms = schema("scenario")["definitions"]["Condition"]["properties"]
    for name, field in Condition.model_fields.items():
        assert atoms[field.alias or name]["description"] == field.description


def test_the_keys_of_a_bank_are_listed_so_that_an_editor_can_offer_them() -> None:
    bank = schema("scenario")["properties"]["lines"]
    assert {"vent", "hold_to_promise", "leave"} <= bank["properties"].keys()
    assert bank["additionalProperties"] is False


# -- where it lies


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_schema_is_what_the_command_prints(kind: Kind) -> None:
    printed = CliRunner().invoke(commands, ["schema", kind], catch_exceptions=False)
    stale = f"stale: run simulator schema {kind} > {FOLDER / f'{kind}.json'}"
    assert json.loads(printed.stdout) == schema_of(kind)
    assert (ROOT / FOLDER / f"{kind}.json").read_text(encoding="utf-8") == printed.stdout, stale


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_first_line_of_a_shipped_file_leads_to_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    wanted = schema_line(path, kind_of(path), ROOT)
    assert first == wanted, f"write as the first line of {path.name}: {wanted}"
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found is not None
    assert (path.parent / found[1]).resolve() == (ROOT / FOLDER / f"{kind_of(path)}.json").resolve()
    assert (path.parent / found[1]).is_file()


def test_a_file_elsewhere_names_the_whole_path_of_the_schema(tmp_path: Path) -> None:
    line = schema_line(tmp_path / "scenarios" / "mine.yaml", "scenario", ROOT)
    assert line.endswith((ROOT / FOLDER / "scenario.json").resolve().as_uri())
