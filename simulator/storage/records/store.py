"""The store of records: `cohorts.ports.RecordStore` in a database. It answers for a whole cohort, and quickly, what
journals would have to be read for one by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Self

from simulator.cohorts.membership import CohortCard, CohortStatus
from simulator.cohorts.ports import OTHERS, Forgotten, Ingested, Kept
from simulator.cohorts.records import Cell, SessionRecord
from simulator.cohorts.sums import CohortSums
from simulator.storage.records import book, cells, people, reading
from simulator.storage.records.database import Database
from simulator.storage.records.ingest import batches, ingest

_ASKED_AT_ONCE = 500


class Store:
    """A `cohorts.ports.RecordStore`, where it stands what each method means and raises."""

    def __init__(self, database: Database) -> None:
        """Keep records in this database, which is opened when it is first asked."""
        self.database = database

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the database."""
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def ingest(self, records: Iterable[SessionRecord], *, afresh: bool = False) -> tuple[Ingested, ...]:
        """Store finished sessions, a batch in a transaction."""
        done: list[Ingested] = []
        for batch in batches(records):
            done += self.database.write(partial(ingest, batch=batch, afresh=afresh))
        return tuple(done)

    def kept(self, sessions: Iterable[str]) -> Mapping[str, Kept]:
        """What is stored of these sessions, by id."""
        found: dict[str, Kept] = {}
        asked = iter(sessions)
        with self.database.reading() as connection:
            while some := list(islice(asked, _ASKED_AT_ONCE)):
                found |= reading.kept(connection, some)
        return found

    def forget(self, person: str) -> Forgotten:
        """Delete a person for good."""
        return self.database.write(partial(people.forget, name=person))

    def is_forgotten(self, person: str) -> bool:
        """Whether this name was forgotten."""
        with self.database.reading() as connection:
            return people.is_forgotten(connection, person)

    def total(self) -> int:
        """How many sessions there are.

        Raises:
            StorageError: the store cannot be read.
        """
        with self.database.reading() as connection:
            return reading.total(connection)

    def resum(self) -> None:
        """Make all sums anew from the rows.

        Raises:
            StorageError: it could not be done for everybody; a second time goes on.
        """
        with self.database.reading() as connection:
            everybody = people.ids(connection)
        for start in range(0, len(everybody), _ASKED_AT_ONCE):
            some = everybody[start : start + _ASKED_AT_ONCE]
            self.database.write(partial(cells.resummed, whose=some))

    def astray(self) -> int:
        """How many of the sums kept at ingest are not what the rows come to; 0 is as it must be.

        Raises:
            StorageError: the store cannot be read.
        """
        with self.database.reading() as connection:
            return cells.astray(connection)

    def sums(self, cohort: str) -> CohortSums:
        """A cohort as comparing sees it."""
        with self.database.reading() as connection:
            return reading.sums(connection, cohort)

    def others(self, cohorts: Sequence[str], people: int = OTHERS) -> tuple[Cell, ...]:
        """Sums of people in none of these cohorts: a sample of them, the same each time."""
        with self.database.reading() as connection:
            return reading.others(connection, cohorts, people)

    def sessions(self, cohort: str | None = None) -> Iterator[SessionRecord]:
        """Finished sessions by person and time, read piece by piece."""
        with self.database.reading() as connection:
            yield from reading.records(connection, cohort)

    def cohorts(self) -> tuple[CohortCard, ...]:
        """Every cohort that may be seen, by name."""
        with self.database.reading() as connection:
            return book.cards(connection)

    def create(self, cohort: str, lead: str | None = None) -> None:
        """A new cohort, without anybody in it."""
        self.database.write(partial(book.create, name=cohort, lead=lead))

    def add(self, cohort: str, people: Sequence[str], login: str | None = None) -> tuple[str, ...]:
        """Put people in a cohort; those who were not in it before."""
        return self.database.write(partial(book.add, name=cohort, newcomers=tuple(people), login=login))

    def assign(self, cohort: str, scenarios: Sequence[str], due: datetime | None = None) -> None:
        """Set scenarios for everybody in a cohort."""
        self.database.write(partial(book.assign, name=cohort, scenarios=scenarios, due=due))

    def status(self, cohort: str, now: datetime) -> CohortStatus:
        """Who has done what by when."""
        with self.database.reading() as connection:
            return book.status(connection, cohort, now)
