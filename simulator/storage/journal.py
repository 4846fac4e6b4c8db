"""The append-only file of one session: one event a line, on disk before anybody sees it.

Apart from the archive because everything about safety lives here: the lock, the flush, and what is done with a line
that was cut short.
"""

import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from simulator.errors import StorageError
from simulator.events import EVENT, SCHEMA_VERSION, Event
from simulator.files import content_of
from simulator.storage.lock import Lock
from simulator.strict_json import is_json, value_of

_REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "your share of the disk is used up; free some space and try again",
    errno.EROFS: "it is read-only; make it writable, or set SIMULATOR_DATA to another folder",
    errno.EACCES: "writing there is not allowed; make it writable, or set SIMULATOR_DATA to another folder",
    errno.EEXIST: "a file is in the way; remove it, or set SIMULATOR_DATA to another folder",
    errno.ENOTDIR: "a file is in the way; remove it, or set SIMULATOR_DATA to another folder",
    errno.ENOENT: "it cannot be made there; set SIMULATOR_DATA to another folder",
    errno.EPERM: "writing there is not allowed; make it writable, or set SIMULATOR_DATA to another folder",
}


class FileJournal:
    """A `ports.Journal` in a file. Its lock is held from opening to `close`."""

    def __init__(self, path: Path, file: BinaryIO, lock: Lock, length: int) -> None:
        """Go on after `length` good bytes of an open, unbuffered file. Use `create` or `reopen` to get one."""
        self.path = path
        self._file = file
        self._lock = lock
        self._length = length

    def append(self, event: Event) -> None:
        """Write one event and wait until it is on disk; if that fails, the file is left as it was.

        Raises:
            StorageError: it could not be stored; nothing was.
        """
        line = _line(event)
        try:
            self._store(line)
        except OSError as error:
            # A cut that fails too is made up for before the next line, or by `reopen`.
            with contextlib.suppress(OSError):
                self._cut()
            raise unwritable(self.path.parent, error) from error
        self._length += len(line)

    def close(self) -> None:
        """Give the file and its lock back. A journal in which nothing was ever stored leaves no file."""
        if self._file.closed:
            return
        self._file.close()
        if self._length == 0:
            self.path.unlink(missing_ok=True)
        self._lock.release()

    def _store(self, line: bytes) -> None:
        self._cut()
        self._file.seek(self._length)
        rest = memoryview(line)
        while rest:
            rest = rest[self._file.write(rest) :]
        os.fsync(self._file.fileno())

    def _cut(self) -> None:
        if os.fstat(self._file.fileno()).st_size > self._length:
            self._file.truncate(self._length)
            os.fsync(self._file.fileno())


def create(path: Path) -> FileJournal:
    """A journal for a new session, its folder made if need be, locked to this process.

    Raises:
        StorageError: the folder cannot be written, or the session exists or is open elsewhere.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = Lock(lock_path(path))
        try:
            file = path.open("xb", buffering=0)
            sync_folder(path.parent)
        except BaseException:
            lock.release()
            raise
    except FileExistsError as error:
        raise StorageError(f"There already is a session {path.stem} in {path.parent}.") from error
    except OSError as error:
        raise unwritable(path.parent, error) from error
    return FileJournal(path, file, lock, 0)


def reopen(path: Path) -> tuple[tuple[Event, ...], FileJournal]:
    """The events so far and the journal to go on with. A last line that a crash cut short is removed from the file.

    Raises:
        StorageError: it is open elsewhere, damaged, from a newer version, or cannot be written.
    """
    try:
        lock = Lock(lock_path(path))
        try:
            events, length = _parse(path, content_of(path))
            file = path.open("r+b", buffering=0)
            journal = FileJournal(path, file, lock, length)
            journal._cut()
        except BaseException:
            lock.release()
            raise
    except OSError as error:
        raise unwritable(path.parent, error) from error
    return events, journal


def read(path: Path) -> tuple[Event, ...]:
    """The events of a journal, which may be in use. A last line that was cut short is left out; the file stays as is.

    Raises:
        StorageError: it cannot be read, is damaged, or comes from a newer version.
    """
    try:
        data = content_of(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {_reason(error)}.") from error
    return _parse(path, data)[0]


def lock_path(path: Path) -> Path:
    """Where the lock of a journal is kept."""
    return path.with_suffix(".lock")


def unwritable(folder: Path, error: OSError) -> StorageError:
    """The one sentence about a folder that did not take what was written, with what to do."""
    return StorageError(f"Nothing could be stored in {folder}: {_reason(error)}.")


def _reason(error: OSError) -> str:
    known = _REMEDIES.get(error.errno or 0)
    return known or f"{(error.strerror or str(error)).lower()}; set SIMULATOR_DATA to another folder if it stays so"


def _line(event: Event) -> bytes:
    try:
        return EVENT.dump_json(event) + b"\n"
    except ValueError as error:
        raise StorageError("Nothing could be stored: the text holds characters that are not valid Unicode.") from error


def _parse(path: Path, data: bytes) -> tuple[tuple[Event, ...], int]:
    """Events, and how many bytes of `data` they take."""
    *lines, tail = data.split(b"\n")
    # Well-formed JSON is never torn, whatever it says: only what a crash can leave behind is dropped.
    if lines and not tail and not is_json(lines[-1]):
        lines.pop()
    if lines:
        _check_version(path, lines[0])
    events = tuple(_event(path, number, line) for number, line in enumerate(lines, start=1))
    return events, sum(len(line) + 1 for line in lines)


def _event(path: Path, number: int, line: bytes) -> Event:
    try:
        return EVENT.validate_json(line)
    except ValidationError as error:
        what = "is not an event this program knows" if is_json(line) else "is damaged"
        raise StorageError(f"{path}: line {number} {what}, so the session cannot be read.") from error


def _check_version(path: Path, first: bytes) -> None:
    if not is_json(first):
        return
    start = value_of(first)
    version = start.get("schema_version", SCHEMA_VERSION) if isinstance(start, dict) else SCHEMA_VERSION
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise StorageError(
            f"{path} was written by a newer version of the program (format {version}; this one reads up to "
            f"{SCHEMA_VERSION}): update the program to open it."
        )


def sync_folder(folder: Path) -> None:
    """A new file survives a power cut only once its folder's entry is on disk too. Windows has no such call."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
