"""From a YAML file to a frozen value, or to problems with line and column. The one way content is read."""

from pathlib import Path
from typing import TypeVar, overload

from pydantic import BaseModel, ValidationError

from simulator.content.complaints import complaints
from simulator.content.packs import first_bytes
from simulator.content.parsing import MAX_CHARACTERS, parse
from simulator.content.problem import Problem, refuse
from simulator.errors import ContentError

__all__ = ["Problem", "read", "text_of"]

MAX_BYTES = 4 * MAX_CHARACTERS
"""No UTF-8 character has more than four bytes."""

Model = TypeVar("Model", bound=BaseModel)


@overload
def read(model_class: type[Model], text: str, path: Path | str) -> Model: ...
@overload
def read(model_class: type[Model], text: str, path: Path | str, problems: list[Problem]) -> Model | None: ...
def read(model_class: type[Model], text: str, path: Path | str, problems: list[Problem] | None = None) -> Model | None:
    """The value a YAML text describes.

    Args:
        model_class: Which kind of file it is.
        text: The whole file.
        path: Its name in problems.
        problems: Where problems are collected. Without it, the first bad file raises.

    Returns:
        The value, or None if there were problems (warnings do not count) and a collector took them.

    Raises:
        ContentError: there were problems and nobody collects them.
    """
    found: list[Problem] = []
    model = _validated(model_class, text, str(path), found)
    if problems is None:
        refuse(found, {str(path): text})
    else:
        problems.extend(found)
    return None if any(not problem.warning for problem in found) else model


def _validated(model_class: type[Model], text: str, path: str, problems: list[Problem]) -> Model | None:
    document = parse(text, path, problems)
    if document is None:
        return None
    try:
        return model_class.model_validate(document.data)
    except ValidationError as error:
        problems.extend(complaints(error, document, model_class))
        return None


@overload
def text_of(path: Path) -> str: ...
@overload
def text_of(path: Path, problems: list[Problem]) -> str | None: ...
def text_of(path: Path, problems: list[Problem] | None = None) -> str | None:
    """The text of a file; None if it cannot be read and a collector takes the problem.

    Raises:
        ContentError: it cannot be read (missing, a folder, no permission, not UTF-8, huge), and nobody collects.
    """
    try:
        return _decoded(path)
    except (OSError, UnicodeDecodeError, OverflowError, ContentError) as error:
        problem = _reading_problem(path, error)
    if problems is None:
        refuse([problem], {})
    else:
        problems.append(problem)
    return None


def _decoded(path: Path) -> str:
    content = first_bytes(path, MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise OverflowError
    return content.decode("utf-8-sig")


def _reading_problem(path: Path, error: OSError | UnicodeDecodeError | OverflowError | ContentError) -> Problem:
    match error:
        case UnicodeDecodeError():
            return _encoding_problem(path, error)
        case OverflowError():
            code, message = "too-large", f"the file is larger than {MAX_BYTES:,} bytes"
        case IsADirectoryError():
            code, message = "unreadable", "this is a folder, not a file"
        case FileNotFoundError():
            code, message = "unreadable", "there is no such file"
        case PermissionError():
            code, message = "unreadable", "you may not read this file"
        case ContentError():
            code, message = "unreadable", str(error)
        case _:
            code, message = "unreadable", f"the file cannot be read: {error.strerror or error}"
    return Problem(path=str(path), line=1, column=1, code=code, message=message)


def _encoding_problem(path: Path, error: UnicodeDecodeError) -> Problem:
    before = error.object[: error.start].decode()
    return Problem(
        path=str(path),
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
        code="encoding",
        message="the file is not UTF-8 text",
        hint="save it as UTF-8 in your editor",
    )
