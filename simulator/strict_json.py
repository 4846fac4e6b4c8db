"""JSON from elsewhere as plain values, or the place and the reason where it is none.

Apart because Python's reader has three more ways to fail than it says: text that is nested too deep, numbers of too
many digits, and keys given twice, of which it silently keeps the last.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any


class NotJson(ValueError):
    """The text cannot be read as JSON; the message says why."""

    def __init__(self, why: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(why)
        self.line = line
        """Where, from 1; None where it is not known."""
        self.column = column
        """Likewise."""


def value_of(text: str | bytes) -> Any:
    """The one value a JSON text holds.

    Raises:
        NotJson: it holds none, or one that cannot be read safely.
    """
    return _read(text, _object)


def is_json(text: str | bytes) -> bool:
    """Whether it can be read at all; keys may be given twice."""
    try:
        _read(text, dict)
    except NotJson:
        return False
    return True


def _read(text: str | bytes, mapping: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> Any:
    try:
        return json.loads(text, object_pairs_hook=mapping)
    except NotJson:
        raise
    except json.JSONDecodeError as error:
        raise NotJson(error.msg, error.lineno, error.colno) from error
    except RecursionError as error:
        raise NotJson("it is nested too deep") from error
    except UnicodeDecodeError as error:
        raise NotJson("it is not UTF-8 text") from error
    except ValueError as error:
        raise NotJson("a number in it has too many digits") from error


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson(f'the key "{twice[:40]}" is given twice in one object')
    return found
