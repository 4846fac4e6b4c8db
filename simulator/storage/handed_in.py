"""The hand-in files that a lead has taken in: each kept as it came, whole, under names that no file can choose.

Apart from this machine's own sessions because nobody plays them here, and each can be checked again at any time.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from pydantic import Field, ValidationError

from simulator.errors import StorageError
from simulator.events import ReplyRated
from simulator.files import content_of
from simulator.session import Session
from simulator.storage import handin, whole
from simulator.storage.handin import HandIn, Refused
from simulator.storage.journal import unwritable
from simulator.storage.lock import Lock
from simulator.storage.verifying import verified
from simulator.vocabulary import Rating, Value

_RESCORED = ".rescored.json"


class Rescored(Value):
    """Ratings of a session by another version of the rater, beside its journal, which is never changed."""

    digest: str
    """Last link of the journal whose replies were rated."""
    rater: str
    """Version of the rater."""
    ratings: dict[int, Rating] = Field(default_factory=dict)
    """By turn."""

    def is_of(self, taken: HandIn) -> bool:
        """Whether it is about just this journal, and not about a shorter one."""
        return self.digest == taken.digest

    def over(self, session: Session) -> Session:
        """The session with these ratings in the place of its own; disputes that were upheld still count."""
        turns = [
            turn.model_copy(update={"rated": ReplyRated(at=turn.act.at, turn=turn.number, rating=rating)})
            if turn.act and (rating := self.ratings.get(turn.number))
            else turn
            for turn in session.turns
        ]
        return session.model_copy(update={"turns": tuple(turns)})


class HandedIn:
    """The folder of them, in the data folder; made on first use. Changed only while `held`."""

    def __init__(self, data: Path) -> None:
        """Look after `handed-in` in a data folder."""
        self.folder = data / "handed-in"
        self._paths: dict[str, Path] | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else changes the folder while this lasts. What a crash left half-written is put away.

        Raises:
            StorageError: somebody else is at it, or the folder cannot be written.
        """
        lock = _lock(self.folder)
        try:
            for left in self.folder.glob("*/.*.new"):
                left.unlink(missing_ok=True)
            self._paths = None
            yield
        finally:
            lock.release()

    def sessions(self) -> Iterator[HandIn]:
        """Every session that was taken in, one after the other, checked anew.

        Raises:
            StorageError: one is not what was taken in any more.
        """
        return (self._read(path) for path in sorted(self._all().values()))

    def ids(self) -> frozenset[str]:
        """Ids of all that were taken in."""
        return frozenset(self._all())

    def session(self, session: str) -> HandIn | None:
        """What was taken in under an id, checked anew; None where there is nothing.

        Raises:
            StorageError: it is not what was taken in any more.
        """
        path = self._all().get(session)
        return self._read(path) if path else None

    def rescored(self, taken: HandIn) -> Rescored | None:
        """The ratings that were last made anew, of this journal or of a shorter one; None where there are none.

        Raises:
            StorageError: they cannot be read.
        """
        path = _rescored_path(self._path(taken))
        try:
            return Rescored.model_validate_json(content_of(path))
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise StorageError(f"{path} cannot be read; delete it, and --rescore makes it anew.") from error

    def counted(self, taken: HandIn) -> Session:
        """The session as it counts: with ratings that were made anew, where there are any of this journal.

        Raises:
            StorageError: they cannot be read.
        """
        made = self.rescored(taken)
        return made.over(taken.session) if made and made.is_of(taken) else taken.session

    def keep(self, files: Mapping[str, HandIn]) -> None:
        """Put hand-in files on disk, by session id, each in the place of a shorter one.

        Raises:
            StorageError: one could not be stored; then none was.
        """
        self._put({self._path(taken): taken.data for taken in files.values()})
        self._all().update({session: self._path(taken) for session, taken in files.items()})

    def keep_ratings(self, taken: HandIn, made: Rescored) -> None:
        """Put ratings that were made anew beside their journal. Raises as `keep`."""
        self._put({_rescored_path(self._path(taken)): made.model_dump_json().encode() + b"\n"})

    def _path(self, taken: HandIn) -> Path:
        """Ids are checked before anything is kept (`admission`); names are never part of a path."""
        person = sha256(taken.session.started.trainee.encode()).hexdigest()[:24]
        return self.folder / person / f"{taken.session.id}{handin.SUFFIX}"

    def _all(self) -> dict[str, Path]:
        if self._paths is None:
            self._paths = {path.stem: path for path in self.folder.glob(f"*/*{handin.SUFFIX}")}
        return self._paths

    def _read(self, path: Path) -> HandIn:
        try:
            return verified(content_of(path))
        except Refused as error:
            raise StorageError(f"{path} was changed since it was taken in: {error} Import it anew.") from error
        except OSError as error:
            raise StorageError(f"{path} cannot be read ({(error.strerror or str(error)).lower()}).") from error

    def _put(self, files: Mapping[Path, bytes]) -> None:
        try:
            whole.put_all(files, 0o600)
        except OSError as error:
            raise unwritable(self.folder, error) from error


def _rescored_path(path: Path) -> Path:
    return path.with_name(path.stem + _RESCORED)


def _lock(folder: Path) -> Lock:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Lock(folder.with_name("handed-in.lock"))
    except StorageError as error:
        raise StorageError(
            f"Another import, or somebody being forgotten, is at work in {folder}; try again when it is done."
        ) from error
    except OSError as error:
        raise unwritable(folder, error) from error
