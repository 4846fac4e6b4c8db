"""Deleting a person from a data folder: what they played, what they handed in, what they rated.

Apart from the tombstone, which comes first, so that a crash half-way leaves somebody who is not taken in again, and
whose deletion goes on when it is asked for once more.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic_core import to_json

from simulator.errors import StorageError
from simulator.files import content_of
from simulator.storage import handin, keys, whole
from simulator.storage.handed_in import HandedIn
from simulator.storage.journal import lock_path, sync_folder, unwritable
from simulator.storage.lock import is_held
from simulator.storage.tombstones import same_name
from simulator.strict_json import NotJson, value_of
from simulator.vocabulary import Value

SOMEBODY = "(forgotten)"
"""Stands where somebody settled the dispute of another, whose rated reply stays."""

_Row = dict[str, Any]
_Change = Callable[[_Row], _Row | None]
"""A line as it shall be; None: not at all."""


class Traces(Value):
    """What a data folder holds of one person."""

    names: tuple[str, ...] = ()
    """Every spelling of their name that occurs, the one asked for first."""
    journals: tuple[Path, ...] = ()
    """Of sessions they played here."""
    handed_in: tuple[Path, ...] = ()
    """Hand-in files of theirs."""
    unreadable: tuple[Path, ...] = ()
    """Journals of which nobody can tell whose they are."""
    settled: tuple[Path, ...] = ()
    """Journals of others in which they settled a dispute; these are not changed."""
    rated: int = Field(default=0, ge=0)
    """Lines of ratings, calibrations and rated replies that are deleted or lose the name."""
    own: bool = False
    """Whether it is the name this installation made for its own trainee."""

    @property
    def sessions(self) -> frozenset[str]:
        """Ids of all sessions of theirs."""
        return frozenset(path.name.partition(".")[0] for path in (*self.journals, *self.handed_in))


def traces(data: Path, person: str) -> Traces:
    """What there is of a person.

    Raises:
        StorageError: a file cannot be read.
    """
    name, folder = same_name(person), HandedIn(data).folder
    paths = (*sorted((data / "sessions").glob("*.jsonl")), *sorted(folder.glob(f"*/*{handin.SUFFIX}")))
    trainees = {path: trainee for path in paths if (trainee := _trainee(path)) is not None}
    theirs = [path for path, trainee in trainees.items() if same_name(trainee) == name]
    journals = tuple(path for path in theirs if path.suffix != handin.SUFFIX)
    folders = {path.parent for path in theirs if path.suffix == handin.SUFFIX}
    found = Traces(
        names=tuple(dict.fromkeys([person, *(trainees[path] for path in theirs)])),
        journals=journals,
        handed_in=tuple(path for folder in sorted(folders) for path in sorted(folder.iterdir())),
        unreadable=tuple(path for path in paths if path not in trainees),
        settled=tuple(path for path in trainees if path not in theirs and _settles(path, name)),
        own=same_name(_own_name(data)) == name,
    )
    changes = _ratings(data, name, found.sessions)
    return found.model_copy(update={"rated": sum(_changed(path, change)[1] for path, change in changes)})


def check_closed(found: Traces) -> None:
    """Nothing, where no session of theirs is being played.

    Raises:
        StorageError: one is.
    """
    for path in found.journals:
        if is_held(lock_path(path)):
            raise StorageError(f"Session {path.stem} is open in another window; close it, and forget again.")


def delete(data: Path, found: Traces) -> None:
    """Delete what was found, last the journals, so that what belongs to them is found again after a crash.

    Raises:
        StorageError: something could not be deleted; a second time goes on from there.
    """
    try:
        for path, change in _ratings(data, same_name(found.names[0]), found.sessions):
            kept, changed = _changed(path, change)
            if changed:
                whole.put(path, kept)
        if found.own:
            for path in (data / "trainee", keys.key_path(data)):
                path.unlink(missing_ok=True)
        _remove((*found.handed_in, *found.journals))
    except OSError as error:
        raise unwritable(data, error) from error


def _remove(paths: tuple[Path, ...]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
        lock_path(path).unlink(missing_ok=True)
    for folder in {path.parent for path in paths}:
        sync_folder(folder)
        if folder.name != "sessions" and not any(folder.iterdir()):
            folder.rmdir()


def _ratings(data: Path, name: str, sessions: frozenset[str]) -> Iterator[tuple[Path, _Change]]:
    """The files of `storage.ratings`, and what becomes of each of their lines."""
    replies = {f"{session}-" for session in sessions}

    def given(row: _Row) -> _Row | None:
        theirs = any(str(row.get("reply", "")).startswith(session) for session in replies)
        return None if theirs or same_name(str(row.get("by", ""))) == name else row

    def gold(row: _Row) -> _Row | None:
        provenance = row.get("provenance")
        if not isinstance(provenance, dict):
            return row
        if provenance.get("session") in sessions:
            return None
        if same_name(str(provenance.get("by", ""))) == name:
            return row | {"provenance": provenance | {"by": SOMEBODY}}
        return row

    yield data / "ratings.jsonl", given
    yield data / "calibration.jsonl", given
    yield data / "gold.jsonl", gold


def _changed(path: Path, change: _Change) -> tuple[bytes, int]:
    """The file after a change of its lines, and how many changed; what is no JSON stays as it is."""
    lines, count = [], 0
    for line in _content(path).split(b"\n"):
        row = _value(line)
        after = change(row) if row is not None else row
        count += after != row
        if after == row:
            lines.append(line)
        elif after is not None:
            lines.append(to_json(after))
    return b"\n".join(lines), count


def _trainee(path: Path) -> str | None:
    """Whose journal or hand-in file it is; None where that cannot be made out."""
    try:
        with path.open("rb") as file:
            starts = [_event(file.readline()), _event(file.readline())]
    except OSError as error:
        raise StorageError(f"{path} cannot be read ({(error.strerror or str(error)).lower()}).") from error
    trainees = (start.get("trainee") for start in starts)
    return next((trainee for trainee in trainees if isinstance(trainee, str)), None)


def _settles(path: Path, name: str) -> bool:
    lines = (line for line in _content(path).split(b"\n") if b'"dispute_settled"' in line)
    return any(same_name(str(event.get("by", ""))) == name for event in map(_event, lines))


def _event(line: bytes) -> _Row:
    """The event on a line of a journal or of a hand-in file; empty where there is none."""
    row = _value(line) or {}
    event = row.get("event", row)
    return event if isinstance(event, dict) else {}


def _own_name(data: Path) -> str:
    return _content(data / "trainee").decode("utf-8", "replace").strip()


def _content(path: Path) -> bytes:
    try:
        return content_of(path)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise StorageError(f"{path} cannot be read ({(error.strerror or str(error)).lower()}).") from error


def _value(line: bytes) -> _Row | None:
    try:
        value = value_of(line)
    except NotJson:
        return None
    return value if isinstance(value, dict) else None
