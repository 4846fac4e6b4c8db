"""The shape of authored files as JSON Schema, for editors that complete and check while somebody types.

Apart from the models because an editor has to be told what their validators do: that a line may be bare text, that a
condition has one key, and which keys a bank takes. It is draft 7, which every YAML language server reads in full.
"""

from os.path import relpath
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from simulator.content.rubric import Rubric
from simulator.content.schema import Persona, Scenario
from simulator.content.shelf import Kind
from simulator.vocabulary import Move

Schema = dict[str, Any]
"""One JSON Schema, or a part of one."""

FOLDER = Path("docs") / "schema"
"""Where the schemas lie beside the folders of scenarios, personas and rubrics that ship."""

_DRAFT = "http://json-schema.org/draft-07/schema#"
_MODELS: dict[Kind, type[BaseModel]] = {"scenario": Scenario, "persona": Persona, "rubric": Rubric}
_NOTHING: Schema = {"type": "null"}


def schema_of(kind: Kind) -> Schema:
    """The JSON Schema of one kind of file.

    It takes every file the loaders take, in YAML as editors read it, with two exceptions that are slips: a number or a
    truth value written in quotes, and a second key without a value beside the one key of a condition or a slot. What
    lies between the parts (names, ids, reach) is for lint.
    """
    model = _MODELS[kind].model_json_schema(ref_template="#/definitions/{model}")
    parts: Schema = model.pop("$defs")
    for name, widen in _AS_LOADED.items():
        if name in parts:
            parts[name] = widen(parts[name])
    tidied = _tidy(model | {"definitions": parts}, parts)
    return {"$schema": _DRAFT, "title": f"A {kind}", **tidied}


def schema_line(file: Path, kind: Kind, root: Path) -> str:
    """The comment that tells an editor which schema a file has.

    Args:
        file: Where the YAML file lies, or will.
        kind: What it holds.
        root: The folder with the content that comes with the program.

    Returns:
        A relative path for a file under `root`, so that the folder can be moved; else the whole one.
    """
    schema, folder = (root / FOLDER / f"{kind}.json").resolve(), file.absolute().parent.resolve()
    near = folder.is_relative_to(root.resolve())
    where = Path(relpath(schema, folder)).as_posix() if near else schema.as_uri()
    return f"# yaml-language-server: $schema={where}"


def _with_bare_text(line: Schema) -> Schema:
    """A line may be a text, and one fact it needs may stand without a list."""
    properties = line["properties"]
    needs = {key: properties["needs"][key] for key in ("description", "default")}
    several = {key: value for key, value in properties["needs"].items() if key not in needs}
    whole = {**line, "properties": {**properties, "needs": {**needs, "anyOf": [several, several["items"]]}}}
    return {"description": line["description"], "anyOf": [properties["text"], whole]}


def _with_moves(script: Schema) -> Schema:
    """What a trainee says to a move may stand beside `opening` and `any`."""
    properties = script["properties"]
    replies = {"description": "Replies to this move.", **properties["moves"]["additionalProperties"]}
    return {**script, "properties": {**properties, **{move.value: replies for move in Move}}}


def _with_one_key(part: Schema) -> Schema:
    """Exactly one key, and that with a value."""
    properties = {name: _filled(value) for name, value in part["properties"].items()}
    return {**part, "properties": properties, "minProperties": 1, "maxProperties": 1}


def _filled(value: Schema) -> Schema:
    (only,) = (branch for branch in value["anyOf"] if branch != _NOTHING)
    return {"description": value["description"], **only}


def _with_some_key(part: Schema) -> Schema:
    return {**part, "minProperties": 1}


def _with_five_levels(dimension: Schema) -> Schema:
    levels = dimension["properties"]["levels"]
    five = {str(level): levels["additionalProperties"] for level in range(1, 6)}
    whole = {**levels, "properties": five, "required": list(five), "additionalProperties": False}
    return {**dimension, "properties": {**dimension["properties"], "levels": whole}}


_AS_LOADED = {
    "Line": _with_bare_text,
    "Script": _with_moves,
    "Condition": _with_one_key,
    "Slot": _with_one_key,
    "LevelBounds": _with_some_key,
    "LevelRule": _with_some_key,
    "Dimension": _with_five_levels,
}
"""By class: what its validators let through, or ask for, that pydantic's schema does not say."""


def _tidy(part: Any, parts: Schema, *, of_names: bool = False) -> Any:
    """A part as editors like it: no made-up titles, descriptions on one line, known keys listed, references alone.

    Args:
        part: Any value of a schema.
        parts: All definitions by name.
        of_names: The keys of `part` are names that the files use, and not words of JSON Schema.
    """
    if isinstance(part, list):
        return [_tidy(one, parts) for one in part]
    if not isinstance(part, dict):
        return part
    if of_names:
        return {name: _tidy(one, parts) for name, one in part.items()}
    kept = {key: value for key, value in _with_keys(part, parts).items() if key != "title" and not _is_idle(key, value)}
    if "description" in kept:
        kept["description"] = " ".join(kept["description"].split())
    if "$ref" in kept and len(kept) > 1:  # draft 7 reads nothing beside a reference
        kept = {"allOf": [{"$ref": kept.pop("$ref")}], **kept}
    named = ("properties", "patternProperties", "definitions")
    return {
        key: value if key in ("default", "enum") else _tidy(value, parts, of_names=key in named)
        for key, value in kept.items()
    }


def _is_idle(key: str, value: object) -> bool:
    return key == "default" and value in (None, [], {})


def _with_keys(part: Schema, parts: Schema) -> Schema:
    """A mapping whose keys are known, with those keys; one whose keys follow a pattern takes no others."""
    if "patternProperties" in part:
        return {**part, "additionalProperties": False}
    if "propertyNames" not in part:
        return part
    names = part["propertyNames"]
    known = (parts[names["$ref"].rsplit("/", 1)[-1]] if "$ref" in names else names).get("enum", [])
    value = part["additionalProperties"]
    without = {key: item for key, item in part.items() if key != "propertyNames"}
    return {**without, "properties": dict.fromkeys(known, value), "additionalProperties": False}
