"""Journals into the store of records: this machine's own, and those that were handed in.

Apart from both because it is the only place that knows the two. Whatever it does not get done, it does the next time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pydantic import Field

from simulator.cohorts.ports import Ingested, Kept, Outcome, Records
from simulator.cohorts.recording import record_of
from simulator.cohorts.records import SessionRecord
from simulator.desk import material_of
from simulator.errors import ContentError, StorageError
from simulator.events import EVENT, Event
from simulator.files import content_of
from simulator.session import Session
from simulator.storage import journal
from simulator.storage.chain import chain
from simulator.storage.exporting import lines_of
from simulator.storage.handed_in import HandedIn
from simulator.storage.tombstones import Tombstones
from simulator.vocabulary import Value

_AT_ONCE = 200

Item = TypeVar("Item")


class Synced(Value):
    """What a look at all journals came to."""

    outcomes: dict[Outcome, int] = {}
    """How many sessions came to what; an outcome that did not occur is left out."""
    unfinished: int = Field(default=0, ge=0)
    """Journals of sessions that are not over, which have no record yet."""
    clashing: tuple[str, ...] = ()
    """Ids under which the store has another session."""
    problems: tuple[str, ...] = ()
    """A sentence for every journal that could not be read or stored."""

    def count(self, outcome: Outcome) -> int:
        """How many sessions came to this."""
        return self.outcomes.get(outcome, 0)

    @property
    def seen(self) -> int:
        """Sessions that are in the store now and have a journal here."""
        here = (Outcome.NEW, Outcome.GROWN, Outcome.RESCORED, Outcome.UNCHANGED, Outcome.OLDER)
        return sum(self.count(outcome) for outcome in here)


class Sync:
    """One look at all journals of a data folder."""

    def __init__(self, data: Path, store: Records, *, rebuild: bool = False) -> None:
        """Begin.

        Args:
            data: The data folder.
            store: Takes the records.
            rebuild: Read every journal, also those that the store has already, and write its rows anew.
        """
        self._own = data / "sessions"
        self._handed_in = HandedIn(data)
        self._tombstones = Tombstones(data)
        self._store = store
        self._rebuild = rebuild
        self._outcomes: Counter[Outcome] = Counter()
        self._unfinished = 0
        self._clashing: list[str] = []
        self._problems: list[str] = []

    def run(self) -> Synced:
        """Store what the store lacks.

        Raises:
            StorageError: the store is away or full, or nobody can say who was forgotten; what was stored stays.
        """
        journals = sorted(path for path in self._own.glob("*.jsonl") if path.stat().st_size)
        for some in _pieces(journals):
            known = self._kept(path.stem for path in some)
            self._ingest(record for path in some if (record := self._own_record(path, known.get(path.stem))))
        for ids in _pieces(sorted(self._handed_in.ids())):
            known = self._kept(ids)
            self._ingest(record for session in ids if (record := self._handed_in_record(session, known.get(session))))
        return Synced(
            outcomes=dict(self._outcomes),
            unfinished=self._unfinished,
            clashing=tuple(self._clashing),
            problems=tuple(self._problems),
        )

    def _kept(self, sessions: Iterable[str]) -> Mapping[str, Kept]:
        return {} if self._rebuild else self._store.kept(sessions)

    def _ingest(self, records: Iterable[SessionRecord]) -> None:
        allowed = [record for record in records if self._may_be_kept(record)]
        for one in self._store.ingest(allowed, afresh=self._rebuild):
            self._outcomes[one.outcome] += 1
            self._note(one)

    def _may_be_kept(self, record: SessionRecord) -> bool:
        if self._tombstones.holds(record.person):
            self._outcomes[Outcome.FORGOTTEN] += 1
            return False
        return True

    def _note(self, one: Ingested) -> None:
        if one.outcome is Outcome.CLASHING:
            self._clashing.append(one.session)
        if one.outcome is Outcome.UNSTORABLE:
            self._problems.append(
                f"Session {one.session} is not stored: a text or a date in it is none a database takes."
            )

    def _own_record(self, path: Path, known: Kept | None) -> SessionRecord | None:
        try:
            if known and _digest(path) == known.digest:
                self._outcomes[Outcome.UNCHANGED] += 1
                return None
            events = journal.read(path)
            return self._record(Session.of(events), _lines(path, events))
        except (StorageError, ContentError) as error:
            self._problems.append(_first_line(str(error)))
        except OSError as error:
            self._problems.append(f"{path} cannot be read ({(error.strerror or str(error)).lower()}).")
        except ValueError as error:
            self._problems.append(f"{path} is damaged: {_first_line(str(error))}.")
        return None

    def _record(self, session: Session, lines: Sequence[bytes]) -> SessionRecord | None:
        if session.ended is None:
            self._unfinished += 1
            return None
        *_, digest = chain(lines)
        return record_of(session, material_of(session), digest)

    def _handed_in_record(self, session: str, known: Kept | None) -> SessionRecord | None:
        try:
            taken = self._handed_in.session(session)
            if taken is None:
                return None
            if known and known.digest == taken.digest and not self._handed_in.rescored(taken):
                self._outcomes[Outcome.UNCHANGED] += 1
                return None
            counted = self._handed_in.counted(taken)
            return record_of(counted, material_of(counted), taken.digest, taken.signer)
        except (StorageError, ContentError) as error:
            self._problems.append(_first_line(str(error)))
            return None


def _lines(path: Path, events: Sequence[Event]) -> Sequence[bytes]:
    """As `lines_of`, which is slow; nearly every journal is as this version of the program writes it."""
    written = [EVENT.dump_json(event) for event in events]
    return written if content_of(path) == b"".join(line + b"\n" for line in written) else lines_of(path)


def _digest(path: Path) -> str | None:
    """Of the lines as they stand in the file, which are canonical where nobody changed them; None of a torn one."""
    try:
        *lines, tail = content_of(path).split(b"\n")
    except OSError:
        return None
    if tail or not lines:
        return None
    *_, digest = chain(lines)
    return digest


def _first_line(text: str) -> str:
    return next(iter(text.splitlines()), "").rstrip(".")


def _pieces(things: Iterable[Item]) -> Iterator[list[Item]]:
    waiting = iter(things)
    while some := list(islice(waiting, _AT_ONCE)):
        yield some
