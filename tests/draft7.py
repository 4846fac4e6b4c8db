"""Whether a value fits a JSON Schema of draft 7: as much of that as the schemas of authored files use, and no more.

A word it does not know is an error, so that no part of a schema goes by unread.
"""

import re
from typing import Any

_SAYS_NOTHING = {"$schema", "title", "description", "default", "definitions"}
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def fits(value: Any, schema: Any, root: dict[str, Any] | None = None) -> bool:
    """Whether JSON data fits a schema; `root` is where its references lead, by default the schema itself."""
    root = schema if root is None else root
    if isinstance(schema, bool):
        return schema
    return all(_fits(value, word, told, schema, root) for word, told in schema.items() if word not in _SAYS_NOTHING)


def _fits(value: Any, word: str, told: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    match word, value:
        case "$ref", _:
            return fits(value, root["definitions"][told.removeprefix("#/definitions/")], root)
        case "allOf", _:
            return all(fits(value, one, root) for one in told)
        case "anyOf", _:
            return any(fits(value, one, root) for one in told)
        case "enum", _:
            return value in told
        case "type", _:
            return isinstance(value, _TYPES[told]) and (told == "boolean" or not isinstance(value, bool))
        case "minLength" | "maxLength" | "pattern", str():
            return _fits_text(value, word, told)
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", int() | float():
            return _fits_bound(value, word, told)
        case "items", list():
            return all(fits(one, told, root) for one in value)
        case "required" | "minProperties" | "maxProperties" | "propertyNames", dict():
            return _fits_keys(value, word, told, root)
        case "properties" | "patternProperties" | "additionalProperties", dict():
            return all(fits(item, told_of, root) for item, told_of in _told_of(value, word, told, schema))
        case (
            (
                "minLength"
                | "maxLength"
                | "pattern"
                | "minimum"
                | "maximum"
                | "exclusiveMinimum"
                | "exclusiveMaximum"
                | "items"
                | "required"
                | "minProperties"
                | "maxProperties"
                | "propertyNames"
                | "properties"
                | "patternProperties"
                | "additionalProperties"
            ),
            _,
        ):  # about values of another type
            return True
        case _:
            raise AssertionError(f"{word} is not known here")


def _fits_text(value: str, word: str, told: Any) -> bool:
    match word:
        case "minLength":
            return len(value) >= int(told)
        case "maxLength":
            return len(value) <= int(told)
        case _:
            return re.search(told, value) is not None


def _fits_bound(value: float, word: str, told: float) -> bool:
    match word:
        case "minimum":
            return value >= told
        case "maximum":
            return value <= told
        case "exclusiveMinimum":
            return value > told
        case _:
            return value < told


def _fits_keys(value: dict[str, Any], word: str, told: Any, root: dict[str, Any]) -> bool:
    match word:
        case "required":
            return value.keys() >= set(told)
        case "minProperties":
            return len(value) >= int(told)
        case "maxProperties":
            return len(value) <= int(told)
        case _:
            return all(fits(key, told, root) for key in value)


def _told_of(value: dict[str, Any], word: str, told: Any, schema: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The values under keys that a word is about, each with what it says of them."""
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    match word:
        case "properties":
            return [(item, told[key]) for key, item in value.items() if key in told]
        case "patternProperties":
            return [
                (item, rule) for key, item in value.items() for pattern, rule in told.items() if re.search(pattern, key)
            ]
        case _:
            others = (key for key in value if key not in named and not any(re.search(one, key) for one in patterns))
            return [(value[key], told) for key in others]
