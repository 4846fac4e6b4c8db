"""A finished session of this machine as a hand-in file, under the trainee's name or another.

Apart from the format because it reads journals, and because what a pseudonym replaces, and what it does not, is told in
one place.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from simulator.errors import StorageError, UsageError
from simulator.events import EVENT, SessionStarted
from simulator.files import content_of
from simulator.storage import handin, journal, whole
from simulator.storage.handin import Signer
from simulator.strict_json import value_of

_BEGINNING = b'{"format":"simsession",'


def exported(path: Path, app: str, signer: Signer | None = None, person: str | None = None) -> bytes:
    """The hand-in file of a journal.

    Args:
        path: Of the journal.
        app: Version of this program.
        signer: Whoever signs; None: nobody does.
        person: Stands in the place of the trainee's name, see `renamed`; None: the name stays.

    Raises:
        StorageError: the journal cannot be read.
    """
    lines = lines_of(path)
    if person is not None:
        lines = renamed(lines, person)
    return handin.written(value_of(lines[0])["session"], lines, app, signer)


def lines_of(path: Path) -> tuple[bytes, ...]:
    """Every whole line of a journal as canonical JSON; one mended by hand is written as the program would.

    Raises:
        StorageError: the journal cannot be read.
    """
    events = journal.read(path)
    try:
        lines = content_of(path).split(b"\n")[: len(events)]
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    if not events or not isinstance(events[0], SessionStarted):
        raise StorageError(f"{path} is damaged: a journal begins with session_started.")
    return tuple(
        line if handin.is_canonical(line) else EVENT.dump_json(event) for line, event in zip(lines, events, strict=True)
    )


def renamed(lines: Sequence[bytes], person: str) -> tuple[bytes, ...]:
    """The same events with another name for the trainee, wherever a field of an event holds just that name.

    Words that somebody typed are left as they are, even where the name is among them.
    """
    values = [value_of(line) for line in lines]
    name = values[0]["trainee"]
    return tuple(to_json(_with_name(value, name, person)) for value in values)


def placed(folder: Path, session: str, data: bytes) -> Path:
    """Where the file of a session now lies in a folder, which is made if need be.

    Raises:
        UsageError: the folder cannot be written, or a file of that name there is no hand-in file.
    """
    path = folder / f"{session}{handin.SUFFIX}"
    try:
        if path.exists():
            with path.open("rb") as there:
                if there.read(len(_BEGINNING)) != _BEGINNING:
                    raise UsageError(f"{path} is in the way and is no hand-in file; move it, or choose another folder.")
        whole.put(path, data)
    except OSError as error:
        raise UsageError(f"Cannot write {path}: {(error.strerror or str(error)).lower()}.") from error
    return path


def _with_name(value: dict[str, Any], name: str, person: str) -> dict[str, Any]:
    """`trainee` of the start, and `by` of a dispute that the trainee settled themselves."""
    return {key: person if key in {"trainee", "by"} and held == name else held for key, held in value.items()}
