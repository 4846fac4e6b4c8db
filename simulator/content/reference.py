"""Every field of the files people write, in words: the reference page, made from the same schema that editors use.

Apart from `json_schema`, which is for programs. Nothing is described here: each text is the docstring under its field.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from simulator.content.json_schema import Schema, schema_of
from simulator.content.shelf import KINDS

_ABOUT = """# Reference: every field

What a scenario, a persona and a rubric may hold. For how to write one, begin with [authoring.md](authoring.md); what
each signal means is in [signals.md](signals.md), what `simulator lint` says of a file in [lint.md](lint.md).

Each key is followed by what it holds, then by *required* or by what it is where nothing is written. Texts may hold
{slots}. An id begins with a small letter, and goes on with small letters, digits and `_`.

This page is made by `simulator schema --page > docs/reference.md`."""
_PLAIN = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_KEYS_ASKED = {(1, 1): "Exactly one of these keys.", (1, None): "At least one of these keys."}


def page() -> str:
    """All fields of all three kinds, as docs/reference.md: the files, their parts, and the closed lists of words."""
    schemas = {kind: schema_of(kind) for kind in KINDS}
    parts = {name: part for schema in schemas.values() for name, part in sorted(schema["definitions"].items())}
    words = {name: part for name, part in sorted(parts.items()) if "enum" in part}
    files = (_section(f"## A {kind}", schema, words) for kind, schema in schemas.items())
    own = (_section(f"### {_title(name)}", part, words) for name, part in sorted(parts.items()) if name not in words)
    lists = (_word_list(name, part) for name, part in words.items())
    return "\n\n".join([_ABOUT, *files, "## Parts", *own, "## Words", *lists])


def _section(heading: str, part: Schema, words: Mapping[str, Schema]) -> str:
    whole, is_bare = _keyed(part)
    asked = _KEYS_ASKED.get((whole.get("minProperties", 0), whole.get("maxProperties")), "")
    bare = "Bare text may stand for the whole." if is_bare else ""
    about = " ".join(filter(None, [whole["description"], asked, bare]))
    return "\n\n".join([heading, about, "\n".join(_entries(whole, words))])


def _keyed(part: Schema) -> tuple[Schema, bool]:
    """The form of a part that has keys, and whether bare text may stand for it."""
    if "anyOf" not in part:
        return part, False
    (whole,) = (branch for branch in part["anyOf"] if "properties" in branch)
    return whole, any(branch["type"] == "string" for branch in part["anyOf"])


def _entries(whole: Schema, words: Mapping[str, Schema]) -> Iterator[str]:
    """A line for each key; neighbours that hold and mean the same share one."""
    required = whole.get("required", [])
    for (field, is_required), several in groupby(
        whole["properties"].items(), key=lambda item: (item[1], item[0] in required)
    ):
        keys = ", ".join(f"`{key}`" for key, _ in several)
        usual = f"; `{_written(field['default'])}`" if "default" in field else ""
        aside = f"{_held(field, words)}{'; *required*' if is_required else usual}"
        yield f"- {keys} ({aside}). {field.get('description', '')}".rstrip()


def _written(value: object) -> str:
    """A default as YAML has it."""
    match value:
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case dict():
            return f"{{{', '.join(f'{key}: {_written(one)}' for key, one in value.items())}}}"
    return str(value)


def _held(field: Schema, words: Mapping[str, Schema]) -> str:
    """What a field holds, in words, with links to the parts."""
    match field:
        case {"$ref": str(ref)} | {"allOf": [{"$ref": str(ref)}]}:
            return _link(ref.rsplit("/", 1)[-1])
        case {"enum": [*values]}:
            return _one_of(values)
        case {"anyOf": [*branches]}:
            return _either(branches, words)
        case {"type": "array", "items": items}:
            return f"list of {_held(items, words)}"
        case {"type": "object"}:
            return _mapping(field, words)
    return "id" if "pattern" in field else f"{_PLAIN[field['type']]}{_range(field)}"


def _either(branches: list[Any], words: Mapping[str, Schema]) -> str:
    found = [_held(branch, words) for branch in branches if branch.get("type") != "null"]
    kept = [one for one in dict.fromkeys(found) if one != "whole number" or "number" not in found]
    return " or ".join(kept)


def _mapping(field: Schema, words: Mapping[str, Schema]) -> str:
    """What stands under which keys: known ones, or names of one's own."""
    if "properties" not in field:
        patterns = field.get("patternProperties", {})
        (value,) = patterns.values() or (field["additionalProperties"],)
        return f"by {'id' if patterns else 'name'}: {_held(value, words)}"
    keys = [*field["properties"]]
    named = next((_link(name) for name, part in words.items() if part["enum"] == keys), _one_of(keys))
    return f"by {named}: {_held(field['properties'][keys[0]], words)}"


def _range(field: Schema) -> str:
    low, high = field.get("minimum", field.get("exclusiveMinimum")), field.get("maximum")
    match low, high:
        case None, None:
            return ""
        case _, None:
            return f" from {low:g}"
    return f", above {low:g}, up to {high:g}" if "exclusiveMinimum" in field else f", {low:g} to {high:g}"


def _one_of(values: list[Any]) -> str:
    return f"one of {', '.join(f'`{value}`' for value in values)}"


def _word_list(name: str, part: Schema) -> str:
    return "\n\n".join([f"### {_title(name)}", part["description"], ", ".join(f"`{word}`" for word in part["enum"])])


def _link(name: str) -> str:
    title = _title(name)
    return f"[{title.lower()}](#{title.lower().replace(' ', '-')})"


def _title(name: str) -> str:
    """The name of a class as a heading: "ScenarioEvent" is "Scenario event"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
