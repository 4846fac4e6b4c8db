"""All sessions on this machine: one folder of journals, listed, found by the beginning of an id, opened again.

Apart from the journal because it only ever reads; whatever writes goes through `journal`.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from simulator.content.problem import quoted
from simulator.errors import StorageError, UsageError
from simulator.events import Event
from simulator.session import Session
from simulator.storage import journal
from simulator.storage.journal import FileJournal
from simulator.storage.lock import is_held

_Stamp = tuple[int, int]
"""Time of the last change (ns) and size: while both stay, so does what was read."""


class SessionArchive:
    """A `ports.SessionStore` in a folder. The folder is made on first use."""

    def __init__(self, folder: Path) -> None:
        """Look after the journals in `folder`, which need not exist yet."""
        self.folder = folder
        self._read: dict[Path, tuple[_Stamp, Session | StorageError]] = {}

    def prepare(self) -> None:
        """Make the folder and prove that it can be written, before anything is shown.

        Raises:
            StorageError: it cannot.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise journal.unwritable(self.folder, error) from error

    def sessions(self) -> tuple[Session, ...]:
        """Every readable session, newest first. What has not changed since the last call is not read again."""
        return tuple(self._readable())

    def unfinished(self) -> tuple[Session, ...]:
        """Sessions that broke off and are not open in any window, newest first."""
        return tuple(session for session in self._readable() if session.ended is None and not self.is_open(session.id))

    def is_open(self, session: str) -> bool:
        """True while some window, this one included, has the session with this id open."""
        return is_held(journal.lock_path(self._path(session)))

    def problems(self) -> tuple[str, ...]:
        """A sentence for every journal that cannot be read, newest first."""
        outcomes = (self._outcome(path) for path in self._paths())
        return tuple(str(outcome) for outcome in outcomes if isinstance(outcome, StorageError))

    def session(self, name: str) -> Session:
        """The session whose id is, or uniquely begins with, `name`; "last" is the newest that can be read.

        Raises:
            UsageError: none or several fit.
            StorageError: it cannot be read; for "last", none of those there are.
        """
        if name == "last":
            return self._last()
        outcome = self._outcome(self._find(name))
        if isinstance(outcome, StorageError):
            raise outcome
        return outcome

    def create(self, session: str) -> FileJournal:
        """A journal for a new session, locked to this process.

        Raises:
            StorageError: the folder cannot be written, or the session exists.
        """
        return journal.create(self._path(session))

    def reopen(self, session: str) -> tuple[tuple[Event, ...], FileJournal]:
        """The events so far (a torn tail dropped) and the journal to go on with; `session` as in `session`.

        Raises:
            UsageError: none or several fit.
            StorageError: it is open elsewhere, damaged, from a newer version, or cannot be written.
        """
        return journal.reopen(self._path(self._last().id) if session == "last" else self._find(session))

    def _path(self, session: str) -> Path:
        return self.folder / f"{session}.jsonl"

    def _paths(self) -> list[Path]:
        """Journals that hold anything, newest first, as their ids sort by time."""
        found = (path for path in self.folder.glob("*.jsonl") if _stamp(path)[1])
        return sorted(found, key=lambda path: path.stem, reverse=True)

    def _readable(self) -> Iterator[Session]:
        outcomes = (self._outcome(path) for path in self._paths())
        return (outcome for outcome in outcomes if isinstance(outcome, Session))

    def _last(self) -> Session:
        for session in self._readable():
            return session
        for problem in self.problems():
            raise StorageError(problem)
        raise UsageError(f"There is no session yet in {self.folder}.")

    def _find(self, name: str) -> Path:
        paths = self._paths()
        fitting = [path for path in paths if path.stem == name] or [
            path for path in paths if name and path.stem.startswith(name)
        ]
        match fitting:
            case [path]:
                return path
            case []:
                raise UsageError(f'There is no session {quoted(name)}; "simulator sessions" lists what there is.')
            case _:
                names = ", ".join(path.stem for path in fitting[:5])
                raise UsageError(f'{len(fitting)} sessions begin with "{name}" ({names}): give more of the id.')

    def _outcome(self, path: Path) -> Session | StorageError:
        """The session, or why it cannot be read."""
        stamp = _stamp(path)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            self._read[path] = known = (stamp, _fold(path))
        return known[1]


def _stamp(path: Path) -> _Stamp:
    """Of nothing at all where another window has just put the file away."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return 0, 0
    return state.st_mtime_ns, state.st_size


def _fold(path: Path) -> Session | StorageError:
    try:
        return Session.of(journal.read(path))
    except StorageError as error:
        return error
    except ValueError as error:
        return StorageError(f"{path} is damaged: {error}.")
