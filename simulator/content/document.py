"""A YAML text as nodes that know where they stand. Apart, so that any check can point at line and column.

Scalars are text, whole numbers or nothing: `12:30`, `0412`, `9.50` and `no` stay the words they look like, and the
schema turns them into what a field asks for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from simulator.content.problem import Problem

Location = tuple[int | str, ...]
"""Keys and positions from the root down, as pydantic gives them."""

_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_NOTHING = ("", "~", "null", "Null", "NULL")


class Mark(Protocol):
    """What the two parsers' marks have in common: line and column from 0."""

    line: int
    column: int


def problem_at(path: str, mark: Mark | None, code: str, message: str, hint: str | None = None) -> Problem:
    """A problem where a parser's mark stands; at the beginning of the file if it has none."""
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(path=path, line=line, column=column, code=code, message=message, hint=hint)


class Place(NamedTuple):
    """Where following a location led: the deepest node that exists."""

    node: Node
    key: Node | None
    """The key the node stands under, if it does."""
    trail: Location
    """The part of the location that exists."""


@dataclass(frozen=True)
class Document:
    """One YAML file, read but not yet understood."""

    path: str
    text: str
    root: MappingNode

    @property
    def data(self) -> dict[str | int, object]:
        """The whole file as plain dictionaries, lists, text, whole numbers and None."""
        return _mapping(self.root)

    def follow(self, location: Iterable[int | str]) -> Place:
        """Go down a location, passing over what does not exist in the file (defaults, branches of a union)."""
        place = Place(self.root, None, ())
        for item in location:
            key, node = _child(place.node, item)
            if node is not None:
                place = Place(node, key, (*place.trail, item))
        return place

    def texts(self) -> Iterator[tuple[Location, str]]:
        """Every text that is not a key, with its location, in the order of the file."""
        return _texts(self.root, ())

    def problem(
        self,
        location: Iterable[int | str],
        code: str,
        message: str,
        hint: str | None = None,
        *,
        at_key: bool = False,
        warning: bool = False,
    ) -> Problem:
        """A problem at the deepest node of `location` that exists, or at the key it stands under."""
        place = self.follow(location)
        node = place.key if at_key and place.key else place.node
        return problem_at(self.path, node.start_mark, code, message, hint).model_copy(update={"warning": warning})


def _texts(node: Node, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _texts(value, (*location, key.value))
    elif isinstance(node, SequenceNode):
        for number, value in enumerate(node.value):
            yield from _texts(value, (*location, number))
    else:
        yield location, node.value


def _child(node: Node, item: int | str) -> tuple[Node | None, Node | None]:
    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in reversed(node.value) if key.value == str(item)), (None, None))
    if isinstance(node, SequenceNode) and isinstance(item, int) and item < len(node.value):
        return None, node.value[item]
    return None, None


def _mapping(node: MappingNode) -> dict[str | int, object]:
    return {_key(key): _plain(value) for key, value in node.value}


def _plain(node: Node) -> object:
    if isinstance(node, MappingNode):
        return _mapping(node)
    if isinstance(node, SequenceNode):
        return [_plain(value) for value in node.value]
    return None if _is_plain(node) and node.value in _NOTHING else _key(node)


def _key(node: Node) -> str | int:
    text: str = node.value
    return int(text) if _is_plain(node) and _WHOLE_NUMBER.fullmatch(text) else text


def _is_plain(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.style
