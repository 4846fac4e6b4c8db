"""Sessions into rows: which of two journals counts, and everything that is about one session in one transaction.

Apart from the store because here, and nowhere else, rows about sessions come and go.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, delete, insert

from simulator.cohorts.ports import Ingested, Outcome
from simulator.cohorts.records import SessionRecord
from simulator.storage.records import cells, people
from simulator.storage.records.people import Person
from simulator.storage.records.rows import as_kept, query, records, score_rows, session_row, storable
from simulator.storage.records.tables import scores, sessions

BATCH = 200
"""Sessions that share a transaction. Each is in it as a whole, or not at all."""

_WRITTEN = frozenset({Outcome.NEW, Outcome.GROWN, Outcome.RESCORED})


def batches(found: Iterable[SessionRecord]) -> Iterator[tuple[SessionRecord, ...]]:
    """Records in pieces of at most `BATCH`, in none of which a session occurs twice."""
    piece: dict[str, SessionRecord] = {}
    for record in found:
        if len(piece) == BATCH or record.session in piece:
            yield tuple(piece.values())
            piece = {}
        piece[record.session] = record
    if piece:
        yield tuple(piece.values())


def ingest(connection: Connection, batch: Sequence[SessionRecord], *, afresh: bool = False) -> tuple[Ingested, ...]:
    """Store a batch in the transaction of this connection.

    Args:
        connection: In a transaction that is undone as a whole if anything fails.
        batch: No session twice.
        afresh: See `cohorts.ports.Records.ingest`.
    """
    sound = [as_kept(record) for record in batch if storable(record)]
    who = people.locked(connection, dict.fromkeys(record.person for record in sound))
    own = {one.session: (person, _spelt(one, person)) for one in sound if (person := who[one.person])}
    before = _stored(connection, list(own))
    fates = {session: _fate(record, before.get(session)) for session, (_, record) in own.items()}
    due = _WRITTEN | ({Outcome.UNCHANGED} if afresh else set())
    kept = {} if afresh else before
    written = [(who, _whole(one, kept.get(one.session))) for who, one in own.values() if fates[one.session] in due]
    fates |= dict.fromkeys(_written(connection, written), Outcome.CLASHING)
    refused = {record.session: Outcome.FORGOTTEN for record in sound} | fates
    return tuple(
        Ingested(session=one.session, person=one.person, outcome=refused.get(one.session, Outcome.UNSTORABLE))
        for one in batch
    )


def _spelt(record: SessionRecord, person: Person) -> SessionRecord:
    """Under the name by which the store knows this person."""
    return record.model_copy(update={"person": person.name})


def _stored(connection: Connection, wanted: Sequence[str]) -> Mapping[str, SessionRecord]:
    rows = connection.execute(query().where(sessions.c.id.in_(wanted)))
    return {record.session: record for record in records(rows)}


def _fate(record: SessionRecord, stored: SessionRecord | None) -> Outcome:
    if stored is None:
        return Outcome.NEW
    if _beginning(record) != _beginning(stored):
        return Outcome.CLASHING
    if record.events != stored.events:
        return Outcome.GROWN if record.events > stored.events else Outcome.OLDER
    if record.digest != stored.digest:
        return Outcome.CLASHING
    return Outcome.UNCHANGED if _whole(record, stored) == stored else Outcome.RESCORED


def _beginning(record: SessionRecord) -> tuple[object, ...]:
    """What never changes while a session goes on."""
    return record.person, record.scenario, record.started


def _whole(record: SessionRecord, stored: SessionRecord | None) -> SessionRecord:
    """With what is stored of the same journal: scores by other versions of the rater stay, and so does a signature."""
    if stored is None or stored.digest != record.digest:
        return record
    known = {(score.dimension, score.rater): score for score in (*stored.scores, *record.scores)}
    found = tuple(known[key] for key in sorted(known))
    return record.model_copy(update={"scores": found, "signer": record.signer or stored.signer})


def _written(connection: Connection, written: Sequence[tuple[Person, SessionRecord]]) -> set[str]:
    """Write these; the sessions whose id is taken by somebody whom this role cannot see."""
    if not written:
        return set()
    ids = [record.session for _, record in written]
    connection.execute(delete(sessions).where(sessions.c.id.in_(ids)))
    fresh = people.ignoring_known(connection, sessions).returning(sessions.c.id)
    there = set(connection.execute(fresh, [session_row(record, person.id) for person, record in written]).scalars())
    if rows := [row for _, record in written if record.session in there for row in score_rows(record)]:
        connection.execute(insert(scores), rows)
    touched = {(person.id, record.scenario) for person, record in written if record.session in there}
    cells.summed(connection, touched)
    return set(ids) - there
