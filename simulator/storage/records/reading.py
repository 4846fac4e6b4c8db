"""What reports and comparisons read: the sums of a cohort, and its sessions one after the other.

Apart from ingest, which is the only one to write them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, case, cast, func, select

from simulator.cohorts.membership import checked_name
from simulator.cohorts.ports import Kept
from simulator.cohorts.records import Cell, SessionRecord
from simulator.cohorts.sums import CohortSums, Contacts
from simulator.storage.records import book, rows
from simulator.storage.records.tables import POINTS, cells, members, people, sessions
from simulator.vocabulary import Mood

_READ_AHEAD = 1_000
"""Rows that are fetched at once."""
_MOODS = {mood.value: mood for mood in Mood}


def kept(connection: Connection, wanted: Sequence[str]) -> dict[str, Kept]:
    """What is stored of these sessions, by id."""
    found = select(sessions.c.id, sessions.c.digest, sessions.c.events).where(sessions.c.id.in_(wanted))
    return {session: Kept(digest=digest, events=events) for session, digest, events in connection.execute(found)}


def sums(connection: Connection, cohort: str) -> CohortSums:
    """The sums of a cohort."""
    number = book.found(connection, cohort)
    return CohortSums(
        name=checked_name(cohort, "cohort"),
        people=book.people_in(connection, number),
        cells=_cells(connection, cells.c.person.in_(_members(number))),
        contacts=tuple(_contacts(connection, number)),
    )


def others(connection: Connection, named: Sequence[str], most: int) -> tuple[Cell, ...]:
    """Cells of at most so many people who are in none of these cohorts, drawn by their marks, which are as good as
    drawn at random and stay the same."""
    within = select(members.c.person).where(members.c.cohort.in_([book.found(connection, name) for name in named]))
    drawn = select(people.c.id).where(people.c.id.not_in(within), ~people.c.forgotten).order_by(people.c.mark)
    return _cells(connection, cells.c.person.in_(drawn.limit(most)))


def total(connection: Connection) -> int:
    """How many sessions there are."""
    return int(connection.execute(select(func.count()).select_from(sessions)).scalar_one())


def records(connection: Connection, cohort: str | None) -> Iterator[SessionRecord]:
    """Sessions by person and time, of a cohort or of everybody."""
    wanted = rows.query()
    if cohort is not None:
        wanted = wanted.where(sessions.c.person.in_(_members(book.found(connection, cohort))))
    streaming = connection.execution_options(stream_results=True, yield_per=_READ_AHEAD)
    return rows.records(streaming.execute(wanted))


def _members(cohort: int) -> Select[Any]:
    return select(members.c.person).where(members.c.cohort == cohort)


def _cells(connection: Connection, whose: ColumnElement[bool]) -> tuple[Cell, ...]:
    wanted = (
        select(people.c.name, *(column for column in cells.c if column.name != "person"))
        .join(people, people.c.id == cells.c.person)
        .where(whose)
        .order_by(people.c.name, cells.c.scenario, cells.c.dimension, cells.c.rater)
    )
    return tuple(_cell(*row) for row in connection.execute(wanted).all())


def _cell(
    person: str,
    scenario: str,
    dimension: str,
    rater: str,
    mood: str,
    difficulty: int,
    sessions: int,
    points: int,
    squares: int,
    replies: int,
) -> Cell:
    total, spread = points / POINTS, squares / POINTS**2
    return Cell(person, scenario, _MOODS[mood], difficulty, dimension, rater, sessions, total, spread, replies)


def _contacts(connection: Connection, cohort: int) -> Iterator[Contacts]:
    own = sessions.c
    wanted = (
        select(
            people.c.name.label("person"),
            own.scenario,
            func.max(own.mood).label("mood"),
            func.count().label("sessions"),
            func.count(own.handle_seconds).label("timed"),
            func.coalesce(func.sum(own.handle_seconds), 0.0).label("seconds"),
            func.count(own.copilot).label("copilot_recorded"),
            _yes(own.copilot).label("copilot_used"),
            func.count(own.handoff).label("handed_on"),
            _yes(own.handoff).label("handed_on_well"),
        )
        .join(people, people.c.id == own.person)
        .where(own.person.in_(_members(cohort)))
        .group_by(people.c.name, own.scenario)
        .order_by(people.c.name, own.scenario)
    )
    found = (dict(row._mapping) for row in connection.execute(wanted).all())
    return (Contacts(**{**each, "mood": _MOODS[each["mood"]]}) for each in found)


def _yes(column: Any) -> Any:
    """How often a yes-or-no column says yes."""
    return cast(func.coalesce(func.sum(case((column, 1), else_=0)), 0), Integer)
