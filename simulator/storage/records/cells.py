"""The sums that comparing works on, made from the rows they sum up, and checked against them.

Apart because ingest, rebuild and check must sum up in one way. Sums are made anew and not added to, so that no mistake
of the past goes on in them; a person has few sessions in a scenario.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    cast,
    delete,
    func,
    insert,
    select,
    tuple_,
)

from simulator.storage.records.tables import cells, people, scores, sessions


def summed(connection: Connection, touched: Collection[tuple[int, str]]) -> None:
    """Make the cells of these people (ids, locked) in these scenarios anew."""
    if not touched:
        return
    connection.execute(delete(cells).where(_among(cells, touched)))
    rows = _sums().where(_among(sessions, touched))
    connection.execute(insert(cells).from_select([column.name for column in cells.c], rows))


def resummed(connection: Connection, whose: Sequence[int]) -> None:
    """Make all cells of these people anew."""
    held = select(people.c.id).where(people.c.id.in_(whose)).order_by(people.c.mark).with_for_update()
    connection.execute(held).all()
    connection.execute(delete(cells).where(cells.c.person.in_(whose)))
    rows = _sums().where(sessions.c.person.in_(whose))
    connection.execute(insert(cells).from_select([column.name for column in cells.c], rows))


def astray(connection: Connection) -> int:
    """How many cells are not what the rows come to: missing, too many, or another sum. 0 is as it must be."""
    kept = select(*cells.c)
    made = _sums()
    missing = select(func.count()).select_from(made.except_(kept).subquery())
    beyond = select(func.count()).select_from(kept.except_(made).subquery())
    return max(int(connection.execute(missing).scalar_one()), int(connection.execute(beyond).scalar_one()))


def _among(table: Table, touched: Collection[tuple[int, str]]) -> ColumnElement[bool]:
    """Rows of these people in these scenarios. The first condition adds nothing, but SQLite finds its index by it."""
    people_touched = sorted({person for person, _ in touched})
    pairs = tuple_(table.c.person, table.c.scenario).in_(sorted(touched))
    return table.c.person.in_(people_touched) & pairs


def _sums() -> Select[Any]:
    """Every cell as the rows have it. Where versions of a scenario disagree about its mood, one of them is named."""
    return (
        select(
            sessions.c.person,
            sessions.c.scenario,
            scores.c.dimension,
            scores.c.rater,
            func.max(sessions.c.mood).label("mood"),
            func.max(sessions.c.difficulty).label("difficulty"),
            func.count().label("sessions"),
            cast(func.sum(scores.c.points), BigInteger).label("points"),
            cast(func.sum(cast(scores.c.points, BigInteger) * scores.c.points), BigInteger).label("squares"),
            cast(func.sum(scores.c.replies), Integer).label("replies"),
        )
        .join(scores, scores.c.session == sessions.c.id)
        .group_by(sessions.c.person, sessions.c.scenario, scores.c.dimension, scores.c.rater)
    )
