"""Cohorts in the store: who is in them, what is assigned, and who has done it. Apart from sessions, which come and go
with their journals; a cohort is nowhere but here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from simulator.cohorts.membership import Assignment, CohortCard, CohortStatus, Task, checked_name, state_of
from simulator.content.problem import quoted
from simulator.errors import UsageError
from simulator.storage.records.people import ignoring_known, locked, role
from simulator.storage.records.tables import assignments, cohorts, members, people, sessions
from simulator.vocabulary import Ending


def cards(connection: Connection) -> tuple[CohortCard, ...]:
    """Every cohort, by name."""
    within = select(func.count()).where(members.c.cohort == cohorts.c.id).scalar_subquery()
    set_for = select(func.count()).where(assignments.c.cohort == cohorts.c.id).scalar_subquery()
    rows = connection.execute(select(cohorts.c.name, cohorts.c.lead, within, set_for).order_by(cohorts.c.name))
    return tuple(CohortCard(name=name, lead=lead, people=n, assignments=m) for name, lead, n, m in rows)


def found(connection: Connection, name: str) -> int:
    """The id of a cohort.

    Raises:
        UsageError: there is none of this name that may be seen.
    """
    kept = checked_name(name, "cohort")
    number = connection.execute(select(cohorts.c.id).where(cohorts.c.name == kept)).scalar()
    if number is None:
        raise UsageError(f'There is no cohort {quoted(kept)}; "simulator cohort status" lists what there is.')
    return int(number)


def create(connection: Connection, name: str, lead: str | None) -> None:
    """A new cohort; in PostgreSQL whoever does not own the store leads it."""
    row = {"name": checked_name(name, "cohort"), "lead": lead or role(connection)}
    made = ignoring_known(connection, cohorts).values(**row).returning(cohorts.c.id)
    if connection.execute(made).scalar() is None:
        raise UsageError(f"There already is a cohort {quoted(row['name'])}.")


def add(connection: Connection, name: str, newcomers: Sequence[str], login: str | None) -> tuple[str, ...]:
    """Put people in a cohort; those who were not in it before."""
    cohort = found(connection, name)
    names = list(dict.fromkeys(checked_name(one, "person") for one in newcomers))
    if login is not None and len(names) != 1:
        raise UsageError("A login belongs to one person: add one at a time with --login.")
    who = locked(connection, names)
    there = [person for person in who.values() if person]
    if len(there) < len(names):
        refused = ", ".join(quoted(one) for one in names if who[one] is None)
        raise UsageError(f"{refused}: forgotten, or somebody else's in this database; nobody was added.")
    already = set(connection.execute(select(members.c.person).where(members.c.cohort == cohort)).scalars())
    fresh = {person.id: person.name for person in there if person.id not in already}
    if fresh:
        rows = [{"cohort": cohort, "person": number} for number in fresh]
        connection.execute(ignoring_known(connection, members), rows)
    if login is not None:
        connection.execute(update(people).where(people.c.id == there[0].id).values(login=login))
    return tuple(fresh.values())


def assign(connection: Connection, name: str, scenarios: Sequence[str], due: datetime | None) -> None:
    """Set scenarios, or another date for them."""
    cohort = found(connection, name)
    for scenario in dict.fromkeys(checked_name(one, "scenario") for one in scenarios):
        row = {"cohort": cohort, "scenario": scenario, "due": due}
        there = (assignments.c.cohort == cohort) & (assignments.c.scenario == scenario)
        if not connection.execute(update(assignments).where(there).values(due=due)).rowcount:
            connection.execute(ignoring_known(connection, assignments).values(**row))


def status(connection: Connection, name: str, now: datetime) -> CohortStatus:
    """Who has done what by when."""
    cohort = found(connection, name)
    lead = connection.execute(select(cohorts.c.lead).where(cohorts.c.id == cohort)).scalar()
    within = people_in(connection, cohort)
    rows = select(assignments.c.scenario, assignments.c.due).where(assignments.c.cohort == cohort)
    given = [Assignment(scenario=scenario, due=due) for scenario, due in connection.execute(rows)]
    given.sort(key=lambda one: (one.due is None, one.due, one.scenario))
    played = {(row.name, row.scenario): row for row in connection.execute(_played(cohort))}
    tasks = tuple(_task(person, one, played.get((person, one.scenario)), now) for person in within for one in given)
    return CohortStatus(
        name=checked_name(name, "cohort"), lead=lead, at=now, people=within, assignments=tuple(given), tasks=tasks
    )


def people_in(connection: Connection, cohort: int) -> tuple[str, ...]:
    """Everybody in a cohort, by name."""
    rows = select(people.c.name).join(members, members.c.person == people.c.id).where(members.c.cohort == cohort)
    return tuple(connection.execute(rows.order_by(people.c.name)).scalars())


def _played(cohort: int) -> Select[Any]:
    """How often, and when first, everybody played to the end what is assigned; a failure of the program is no end."""
    return (
        select(people.c.name, sessions.c.scenario, func.count().label("n"), func.min(sessions.c.ended).label("first"))
        .join(people, people.c.id == sessions.c.person)
        .join(members, (members.c.person == people.c.id) & (members.c.cohort == cohort))
        .join(assignments, (assignments.c.scenario == sessions.c.scenario) & (assignments.c.cohort == cohort))
        .where(sessions.c.replies > 0, sessions.c.ending != Ending.FAILED)
        .group_by(people.c.name, sessions.c.scenario)
    )


def _task(person: str, given: Assignment, played: Row[Any] | None, now: datetime) -> Task:
    first = played.first if played else None
    return Task(
        person=person,
        scenario=given.scenario,
        due=given.due,
        state=state_of(given.due, first, now),
        sessions=played.n if played else 0,
        first=first,
    )
