"""What commands, reports and screens ask of the store of records, as Protocols and the values that cross them.

Apart so that none of them imports a database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from simulator.cohorts.membership import CohortCard, CohortStatus
from simulator.cohorts.records import Cell, SessionRecord
from simulator.cohorts.sums import CohortSums
from simulator.vocabulary import Value

OTHERS = 1_000
"""People outside the cohorts compared who are enough to tell how hard scenarios are."""


class Outcome(StrEnum):
    """What became of one record that was handed to the store."""

    NEW = "new"
    """It was not there."""
    GROWN = "grown"
    """Its journal is longer than when it was last stored, and takes its place."""
    RESCORED = "rescored"
    """The same journal with scores that were not there, or that come out otherwise now."""
    UNCHANGED = "unchanged"
    """It was there already, the same in everything."""
    OLDER = "older"
    """A longer journal of this session is stored; that one stays."""
    FORGOTTEN = "forgotten"
    """Its person was forgotten, or belongs to somebody else in this database; nothing was stored."""
    CLASHING = "clashing"
    """Another session is stored under this id (another person, start or scenario, or as many but other events)."""
    UNSTORABLE = "unstorable"
    """Something in it is what no database takes: a zero byte, a name of hundreds of letters, a day before all days."""


class Ingested(Value):
    """One record's fate. By the time anybody reads this, it is on disk."""

    session: str
    person: str
    outcome: Outcome


class Kept(Value):
    """What the store has of a session."""

    digest: str
    """Of the journal it was last stored from."""
    events: int
    """Length of that journal."""


class Forgotten(Value):
    """What was deleted with a person."""

    sessions: int
    cohorts: int
    """Cohorts the person was in."""


class Records(Protocol):
    """Putting sessions in, and taking people out."""

    def ingest(self, records: Iterable[SessionRecord], *, afresh: bool = False) -> tuple[Ingested, ...]:
        """Store finished sessions, each as a whole or not at all; the same ones twice change nothing.

        Args:
            records: In any order; the longest journal of a session counts.
            afresh: Replace rows of the same journal as well, and the person's sums with them (a rebuild).

        Returns:
            One value for each record, in the order in which they were stored.

        Raises:
            StorageError: the store is away, full or locked; what was stored before that stays, and a second try goes
                on from there.
        """
        ...

    def kept(self, sessions: Iterable[str]) -> Mapping[str, Kept]:
        """What is stored of these sessions, by id; those that are not there are left out.

        Raises:
            StorageError: the store cannot be read.
        """
        ...

    def forget(self, person: str) -> Forgotten:
        """Delete a person with all sessions, scores, sums and memberships, and never take any of theirs again.

        What stays is a salted digest of the name. A second time deletes nothing and does no harm.

        Raises:
            StorageError: the store is away or refuses; nothing was deleted.
        """
        ...

    def is_forgotten(self, person: str) -> bool:
        """Whether this name was forgotten.

        Raises:
            StorageError: the store cannot be read.
        """
        ...


class RecordReader(Protocol):
    """What reports and comparisons read."""

    def sums(self, cohort: str) -> CohortSums:
        """A cohort as comparing sees it, from the sums kept at ingest.

        Raises:
            UsageError: there is no such cohort.
            StorageError: the store cannot be read.
        """
        ...

    def others(self, cohorts: Sequence[str], people: int = OTHERS) -> tuple[Cell, ...]:
        """Sums of people in none of these cohorts: a sample of them, the same each time.

        Args:
            cohorts: Names.
            people: How many at most.

        Raises:
            UsageError: there is no such cohort.
            StorageError: the store cannot be read.
        """
        ...

    def sessions(self, cohort: str | None = None) -> Iterator[SessionRecord]:
        """Finished sessions by person and time, read piece by piece, of a cohort or (None) of everybody.

        Raises:
            UsageError: there is no such cohort.
            StorageError: the store cannot be read.
        """
        ...


class CohortBook(Protocol):
    """Who is in which cohort, and what was assigned."""

    def cohorts(self) -> tuple[CohortCard, ...]:
        """Every cohort that may be seen, by name.

        Raises:
            StorageError: the store cannot be read.
        """
        ...

    def create(self, cohort: str, lead: str | None = None) -> None:
        """A new cohort, without anybody in it.

        Args:
            cohort: Its name.
            lead: The database role that may read its members' sessions (PostgreSQL); a note elsewhere.

        Raises:
            UsageError: there already is one of this name, or the name cannot be one.
            StorageError: the store is away or refuses.
        """
        ...

    def add(self, cohort: str, people: Sequence[str], login: str | None = None) -> tuple[str, ...]:
        """Put people in a cohort, known to the store or not; those who were not in it before.

        Args:
            cohort: Its name.
            people: Names or pseudonyms, as in their journals.
            login: The database role of the one person given, who may read their own sessions by it (PostgreSQL).

        Raises:
            UsageError: there is no such cohort, a name cannot be one, or somebody was forgotten; nobody was added.
            StorageError: the store is away or refuses.
        """
        ...

    def assign(self, cohort: str, scenarios: Sequence[str], due: datetime | None = None) -> None:
        """Set scenarios for everybody in a cohort; for one that is set already, the date is changed.

        Raises:
            UsageError: there is no such cohort.
            StorageError: the store is away or refuses.
        """
        ...

    def status(self, cohort: str, now: datetime) -> CohortStatus:
        """Who has done what by when.

        Raises:
            UsageError: there is no such cohort.
            StorageError: the store cannot be read.
        """
        ...


class RecordStore(Records, RecordReader, CohortBook, Protocol):
    """All of it: what the commands are given."""
