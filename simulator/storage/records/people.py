"""People as the store knows them: found, made, locked for a moment, and forgotten for good.

Apart because everything that must not happen at the same time is about one person: their row is the lock.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, delete, func, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from simulator.cohorts.ports import Forgotten
from simulator.storage.records.tables import cells, facts, members, people, sessions
from simulator.storage.tombstones import same_name


class Person(NamedTuple):
    """Somebody the store knows."""

    id: int
    name: str
    """As it was first spelt; other spellings of it (see `tombstones.same_name`) are the same person."""


class Marks:
    """The salted digests by which names are told from each other, also when the name itself is gone."""

    def __init__(self, connection: Connection) -> None:
        """By the salt of this store."""
        salt = connection.execute(select(facts.c.value).where(facts.c.name == "salt")).scalar_one()
        self._salt = bytes.fromhex(salt)

    def of(self, name: str) -> str:
        """The mark of a name, hexadecimal. Whoever has the store can still try whether a name they guess fits."""
        return sha256(self._salt + same_name(name).encode()).hexdigest()


def locked(connection: Connection, names: Collection[str]) -> Mapping[str, Person | None]:
    """The people of these names, made where they are new, and locked until the transaction ends.

    Returns:
        By name; None for one that was forgotten, or belongs to somebody else in this database.
    """
    if not names:
        return {}
    marks = Marks(connection)
    wanted = {name: marks.of(name) for name in names}
    now = datetime.now(UTC)
    fresh: dict[str, dict[str, object]] = {}
    for name, mark in wanted.items():
        fresh.setdefault(mark, {"mark": mark, "name": name, "forgotten": False, "since": now})
    # In one order here and below, so that no two processes wait for each other.
    rows = [fresh[mark] for mark in sorted(fresh)]
    connection.execute(ignoring_known(connection, people).values(keeper=role(connection)), rows)
    living = select(people.c.mark, people.c.id, people.c.name).where(people.c.mark.in_(fresh), ~people.c.forgotten)
    found = connection.execute(living.order_by(people.c.mark).with_for_update())
    there = {mark: Person(number, name) for mark, number, name in found}
    return {name: there.get(mark) for name, mark in wanted.items()}


def ids(connection: Connection) -> Sequence[int]:
    """Of everybody who was not forgotten."""
    return connection.execute(select(people.c.id).where(~people.c.forgotten).order_by(people.c.id)).scalars().all()


def is_forgotten(connection: Connection, name: str) -> bool:
    """Whether this name was forgotten."""
    row = select(people.c.forgotten).where(people.c.mark == Marks(connection).of(name))
    return bool(connection.execute(row).scalar())


def forget(connection: Connection, name: str) -> Forgotten:
    """Delete all that is about a person; of the row nothing but the mark stays."""
    person = locked(connection, [name])[name]
    if person is None:
        return Forgotten(sessions=0, cohorts=0)
    gone = connection.execute(delete(sessions).where(sessions.c.person == person.id)).rowcount
    connection.execute(delete(cells).where(cells.c.person == person.id))
    left = connection.execute(delete(members).where(members.c.person == person.id)).rowcount
    emptied = {"name": None, "login": None, "keeper": None, "forgotten": True}
    connection.execute(update(people).where(people.c.id == person.id).values(emptied))
    return Forgotten(sessions=gone, cohorts=left)


def ignoring_known(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insertion that leaves alone what is there under the same key."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def role(connection: Connection) -> ColumnElement[Any]:
    """The database role at work; none in SQLite."""
    return func.current_user() if connection.dialect.name == "postgresql" else null()
