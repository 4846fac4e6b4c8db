"""What the schema objects to, in words an author understands. Apart, because pydantic's words are for programmers."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode, Node, ScalarNode

from simulator.content.document import Document, Location
from simulator.content.problem import Problem, quoted

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
}
_ALSO_TEXT = ("Line",)
"""Classes that may be written as a text instead of keys and values."""
_BOUNDS = {
    "greater_than_equal": ("at least {:g}", "ge"),
    "less_than_equal": ("at most {:g}", "le"),
    "greater_than": ("more than {:g}", "gt"),
    "less_than": ("less than {:g}", "lt"),
    "string_too_long": ("at most {:,} characters long", "max_length"),
}
_NAME = re.compile(r"\w[\w-]*")

Words = tuple[str, str, str | None]
"""Code, message, hint."""


class _Fault(NamedTuple):
    """One of pydantic's errors, with where its location really leads."""

    detail: ErrorDetails
    trail: Location
    node: Node

    @property
    def kind(self) -> str:
        return self.detail["type"]

    @property
    def last(self) -> int | str:
        return self.detail["loc"][-1] if self.detail["loc"] else ""

    @property
    def owner(self) -> Location:
        """Where the thing stands that has the key this fault is about."""
        return self.detail["loc"][:-1]

    @property
    def is_mismatch(self) -> bool:
        """One branch of a union saying that the value is not its kind."""
        return self.kind in _EXPECTED and self.trail != self.detail["loc"]

    @property
    def context(self) -> dict[str, Any]:
        return self.detail.get("ctx", {})


def complaints(error: ValidationError, document: Document, model_class: type[BaseModel]) -> list[Problem]:
    """Every error as a problem at the deepest node that exists; one cause gives one problem."""
    schema = model_class.model_json_schema()
    faults = []
    for detail in error.errors(include_url=False, include_input=False):
        place = document.follow(detail["loc"])
        faults.append(_Fault(detail, place.trail, place.node))
    below = _by_place(faults)
    kept = [fault for fault in faults if not _is_echo(fault, below[fault.trail], schema)]
    problems = [_problem(fault, document, schema, below[fault.trail]) for fault in kept]
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))


def _by_place(faults: list[_Fault]) -> dict[Location, list[_Fault]]:
    """The faults at every place and below it: looking through all of them for each would take minutes in a bad file."""
    found = defaultdict(list)
    for fault in faults:
        for length in range(len(fault.trail) + 1):
            found[fault.trail[:length]].append(fault)
    return found


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, if one is like it at all."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)), None)


def _is_echo(fault: _Fault, faults: list[_Fault], schema: dict[str, Any]) -> bool:
    """True if another of the faults here and below says the same better."""
    if fault.kind == "missing":
        return any(_explains_missing(other, fault, schema) for other in faults if other.kind == "extra_forbidden")
    if fault.is_mismatch:
        return any(_is_deeper(other, fault) for other in faults)
    return False


def _explains_missing(other: _Fault, missing: _Fault, schema: dict[str, Any]) -> bool:
    """A key that is missing because it was misspelt, or because a text with a colon was taken for keys."""
    if other.owner != missing.owner:
        return False
    name = str(other.last)
    return not _NAME.fullmatch(name) or nearest(name, _keys(schema, other.owner)) == missing.last


def _is_deeper(other: _Fault, fault: _Fault) -> bool:
    return len(other.trail) > len(fault.trail) or not other.is_mismatch


def _problem(fault: _Fault, document: Document, schema: dict[str, Any], faults: list[_Fault]) -> Problem:
    at_key = fault.kind in ("extra_forbidden", "invalid_key") or fault.last == "[key]"
    code, message, hint = _words(fault, schema, faults)
    return document.problem(fault.trail, code, message, hint, at_key=at_key)


def _words(fault: _Fault, schema: dict[str, Any], faults: list[_Fault]) -> Words:
    subject = _subject(fault.trail, schema)
    match fault.kind:
        case "missing":
            return "missing-key", f"{subject} needs {quoted(fault.last)}", _description(schema, fault)
        case "extra_forbidden" | "invalid_key":
            return _unknown_key(str(fault.last), _keys(schema, fault.owner))
        case "enum" | "literal_error" if fault.last == "[key]":
            return _unknown_key(str(fault.trail[-1]), _options(fault))
        case "enum" | "literal_error":
            return _unknown_value(subject, fault)
        case "string_pattern_mismatch":
            name = fault.trail[-1] if fault.last == "[key]" else fault.node.value
            hint = "small letters, digits and _, beginning with a letter: fare_quoted"
            return "bad-name", f"{quoted(name)} cannot be used as a name", hint
        case "string_too_short":
            return "out-of-range", f"{subject} is empty", "write something, or take it out"
        case kind if kind in _BOUNDS:
            words, key = _BOUNDS[kind]
            return "out-of-range", f"{subject} should be {words.format(fault.context[key])}", None
        case kind if kind in _EXPECTED:
            return (
                "wrong-type",
                f"{subject} should be {_expected(fault, faults)}, not {_shown(fault.node)}",
                _hint(fault),
            )
        case _:
            return "invalid", f"{subject}: {fault.detail['msg'].removeprefix('Value error, ')}", None


def _subject(trail: Location, schema: dict[str, Any]) -> str:
    match trail:
        case ():
            return str(schema.get("title", "the file")).lower()
        case (*_, str(owner), int(number)):
            return f"item {number + 1} of {quoted(owner)}"
        case _:
            return quoted(trail[-1])


def _unknown_key(name: str, known: list[str]) -> Words:
    if not _NAME.fullmatch(name):
        return "unknown-key", f"unknown key {quoted(name)}", "text with ': ' in it needs quotes round all of it"
    if name in known:  # it was quoted, and a level's number is meant
        return "unknown-key", f"the key {quoted(name)} should be a number, not text", "take the quotes away"
    return "unknown-key", *_guess(f"unknown key {quoted(name)}", name, known)


def _unknown_value(subject: str, fault: _Fault) -> Words:
    value = str(fault.node.value) if isinstance(fault.node, ScalarNode) else ""
    return "unknown-value", *_guess(f"{subject} cannot be {_shown(fault.node)}", value, _options(fault))


def _guess(message: str, name: str, known: list[str]) -> tuple[str, str | None]:
    """The message with the nearest known name; without one, a hint that lists them."""
    if near := nearest(name, known):
        return f"{message}, did you mean {quoted(near)}?", None
    return message, f"known here: {', '.join(known)}" if known else None


def _expected(fault: _Fault, faults: list[_Fault]) -> str:
    """What was wanted here, all branches of a union together."""
    same = [other for other in faults if other.trail == fault.trail and other.kind in _EXPECTED]
    words = {_EXPECTED[other.kind] for other in same}
    if any(other.context.get("class_name") in _ALSO_TEXT for other in same):
        words.add("text")
    if "a number" in words:
        words.discard("a whole number")
    return " or ".join(sorted(words, key=list(dict.fromkeys(["text", *_EXPECTED.values()])).index))


def _hint(fault: _Fault) -> str | None:
    match fault.kind, fault.node:
        case "tuple_type", ScalarNode():
            return "write a list: [one, two], or one a line, each after a dash"
        case "string_type", MappingNode():
            return "text that begins with { or has ': ' in it needs quotes round it"
        case "string_type" | "model_type", ScalarNode(value=str(text)) if text:
            return "put quotes round it if the text is meant"
        case _:
            return None


def _shown(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "keys and values"
    if not isinstance(node, ScalarNode):
        return "a list"
    return quoted(node.value) if node.value else "empty"


def _options(fault: _Fault) -> list[str]:
    expected = str(fault.context.get("expected", ""))
    return re.findall(r"'([^']*)'", expected) or re.findall(r"\w+", expected.replace(" or ", " "))


def _keys(schema: dict[str, Any], location: Location) -> list[str]:
    return [key for part in _schemas_at(schema, location) for key in part.get("properties", {})]


def _description(schema: dict[str, Any], fault: _Fault) -> str | None:
    for part in _schemas_at(schema, fault.owner):
        if description := part.get("properties", {}).get(fault.last, {}).get("description"):
            return str(description)
    return None


def _schemas_at(schema: dict[str, Any], location: Location) -> list[dict[str, Any]]:
    """The parts of the JSON Schema that describe what stands at a location."""
    parts = _resolved(schema, schema)
    for item in location:
        below = [child for part in parts for child in _below(part, item)]
        parts = [found for child in below for found in _resolved(schema, child)] or parts
    return parts


def _below(part: dict[str, Any], item: int | str) -> list[dict[str, Any]]:
    if item in part.get("properties", {}):
        return [part["properties"][item]]
    if isinstance(item, int) and "items" in part:
        return [part["items"]]
    patterned = list(part.get("patternProperties", {}).values())
    extra = part.get("additionalProperties")
    return [*patterned, extra] if isinstance(extra, dict) else patterned


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in part:
        return _resolved(schema, schema["$defs"][part["$ref"].rsplit("/", 1)[-1]])
    if "anyOf" in part:
        return [found for branch in part["anyOf"] for found in _resolved(schema, branch)]
    return [part]
