"""Taking in hand-in files: which are refused, which are new, and which make a session longer that is here already.

Apart from the folder they are kept in because everything that is refused is refused here, before anything is stored.
"""

import os
import stat
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from simulator.cohorts.ports import Records
from simulator.cohorts.recording import record_of
from simulator.cohorts.records import SessionRecord
from simulator.content.material import Material
from simulator.desk import material_of
from simulator.errors import ContentError
from simulator.session import Session
from simulator.storage import exporting, handin
from simulator.storage.admission import check_fit, check_signer, clock_trouble
from simulator.storage.chain import chain
from simulator.storage.handed_in import HandedIn
from simulator.storage.handin import HandIn, Refused
from simulator.storage.keys import KnownKeys
from simulator.storage.tombstones import Tombstones
from simulator.storage.verifying import verified

Came = Literal["new", "grown", "signed", "unchanged", "older"]
"""Not here yet | longer than what is here | here, and only now signed | here | a longer one is here, which stays."""


@dataclass(frozen=True)
class Weighed:
    """A file that is taken in."""

    came: Came
    taken: HandIn
    """What counts for this session from now on: the file, or what was here."""
    material: Material
    """What it was played from."""
    record: SessionRecord
    """With the ratings that count now: those made anew before, if there are any."""
    notes: tuple[str, ...]
    """What whoever imports should know, in sentences."""


class Intake:
    """One import: files are looked at one after the other, and kept together."""

    def __init__(
        self,
        folder: HandedIn,
        own: Path,
        tombstones: Tombstones,
        store: Records,
        keys: KnownKeys | None,
        now: datetime,
    ) -> None:
        """Begin.

        Args:
            folder: Where what is taken in is kept; held by whoever imports.
            own: The folder of this machine's own journals, which no file may contradict.
            tombstones: Who was forgotten in this data folder.
            store: Knows who was forgotten in the database, and which sessions are there.
            keys: The only keys that are taken; None: unsigned files and any key are.
            now: The moment, to tell what lies in the future.
        """
        self._folder = folder
        self._own = own
        self._tombstones = tombstones
        self._store = store
        self._keys = keys
        self._now = now
        self._forgotten: dict[str, bool] = {}
        self._waiting: dict[str, HandIn] = {}
        self._origins: dict[str, Path] = {}

    def look_at(self, path: Path) -> Weighed:
        """What comes of a file; it waits for `keep`.

        Raises:
            Refused: it is not taken in; the sentence, without the file's name, says why.
            StorageError: what is here already cannot be read, or the database is away.
        """
        taken = verified(bytes_of(path))
        check_fit(taken, self._now)
        if self._keys:
            check_signer(taken, self._keys)
        if self._is_forgotten(taken.session.started.trainee):
            raise Refused("its trainee was forgotten here, so nothing of theirs is taken in again.")
        material = _material(taken)
        self._check_own(taken)
        known = self._waiting.get(taken.session.id) or self._folder.session(taken.session.id)
        came = self._merged(taken, known)
        counts = known if known and came in {"unchanged", "older"} else taken
        record = _record(counts, self._folder.counted(counts), material)
        if counts is taken:
            self._waiting[taken.session.id] = taken
            self._origins[taken.session.id] = path
        trouble = clock_trouble(counts.events)
        return Weighed(came, counts, material, record, (trouble,) if trouble else ())

    def contradicted(self) -> dict[str, str]:
        """Which of the waiting sessions the database has with other events, as a sentence by id.

        Raises:
            StorageError: the database is away.
        """
        stored = self._store.kept(self._waiting) if self._waiting else {}
        return {
            session: f"session {session} is in the database with other events. What is there stays."
            for session, kept in stored.items()
            if (there := self._waiting[session].links[kept.events - 1 : kept.events]) and kept.digest not in there
        }

    def keep(self, refused: Container[str] = ()) -> None:
        """Put on disk what waits, but for sessions that are refused after all.

        Raises:
            StorageError: it could not be stored; then nothing of it was.
        """
        fit = {session: taken for session, taken in self._waiting.items() if session not in refused}
        self._waiting = {}
        if fit:
            self._folder.keep(fit)

    def _check_own(self, taken: HandIn) -> None:
        path = self._own / f"{taken.session.id}.jsonl"
        if path.exists():
            own = tuple(chain(exporting.lines_of(path)))
            if not _agree(own, taken.links):
                raise Refused(_otherwise(taken, own, "was played on this machine"))

    def _is_forgotten(self, person: str) -> bool:
        if person not in self._forgotten:
            self._forgotten[person] = self._tombstones.holds(person) or self._store.is_forgotten(person)
        return self._forgotten[person]

    def _merged(self, taken: HandIn, known: HandIn | None) -> Came:
        if known is None:
            return "new"
        if not _agree(known.links, taken.links):
            origin = self._origins.get(taken.session.id)
            raise Refused(_otherwise(taken, known.links, f"is here already{f' (from {origin})' if origin else ''}"))
        if known.signer and taken.signer and taken.signer != known.signer:
            raise Refused(f"the session is here already, signed with another key ({known.signer}).")
        if len(taken.links) < len(known.links):
            return "older"
        if known.signer and not taken.signer and taken.digest != known.digest:
            raise Refused("it goes on with a session that was signed, and is not signed itself.")
        if taken.digest != known.digest:
            return "grown"
        return "signed" if taken.signer and not known.signer else "unchanged"


def hand_ins(paths: Sequence[Path]) -> Iterator[Path]:
    """Files as they are, and of each folder the hand-in files in it, by name; an empty folder as itself."""
    for path in paths:
        inside = sorted(path.glob(f"*{handin.SUFFIX}")) if path.is_dir() and not path.is_symlink() else []
        yield from inside or [path]


def bytes_of(path: Path) -> bytes:
    """All bytes of an ordinary file of a bearable size; links are not followed, and nothing is waited for.

    Raises:
        Refused: it is no such file, or cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        _check_kind(path.lstat())
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - a handle, not a path
            _check_kind(os.fstat(file.fileno()))
            data = file.read(handin.MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise Refused("there is no such file.") from error
    except OSError as error:
        raise Refused(f"it cannot be read ({(error.strerror or str(error)).lower()}).") from error
    if len(data) > handin.MOST_BYTES:
        raise Refused(_TOO_LARGE)
    return data


_TOO_LARGE = f"it is larger than {handin.MOST_BYTES:,} bytes, which no session is."


def _check_kind(state: os.stat_result) -> None:
    if stat.S_ISLNK(state.st_mode):
        raise Refused("it is a link; name the file that it leads to.")
    if stat.S_ISDIR(state.st_mode):
        raise Refused(f"it is a folder without {handin.SUFFIX} files in it.")
    if not stat.S_ISREG(state.st_mode):
        raise Refused("it is a pipe or a device, not a file.")
    if state.st_size > handin.MOST_BYTES:
        raise Refused(_TOO_LARGE)


def _record(taken: HandIn, session: Session, material: Material) -> SessionRecord:
    """Of a journal that was written by hand, figures may be none that a session can have."""
    try:
        return record_of(session, material, taken.digest, taken.signer)
    except (ValueError, ArithmeticError, LookupError, ContentError) as error:
        raise Refused("its levels or feelings are none that a session can have.") from error


def _material(taken: HandIn) -> Material:
    try:
        return material_of(taken.session)
    except ContentError as error:
        first = str(error).splitlines()[0]
        raise Refused(
            f"line 2 (session_started) holds a scenario, persona or rubric that cannot be used: {first}"
        ) from error


def _agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the shorter chain is the beginning of the longer."""
    shorter = min(len(one), len(other))
    return one[shorter - 1] == other[shorter - 1]


def _otherwise(taken: HandIn, known: Sequence[str], where: str) -> str:
    """Which event is the first that differs."""
    at = next(at for at, (new, old) in enumerate(zip(taken.links, known, strict=False)) if new != old)
    return (
        f"session {taken.session.id} {where} with other events: the two part at line {at + 2} "
        f"({taken.events[at].kind}). What is here stays."
    )
