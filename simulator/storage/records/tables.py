"""The tables of the store, as queries name them. What makes and changes them are the migrations beside this module.

Levels are kept in ten-thousandths, as whole numbers: sums of those are exact in any order, so the sums kept at ingest
can be compared with the rows they were made of.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

REVISION = "r0001"
"""The migration these tables are after."""

POINTS = 10_000
"""How many points make one level."""

metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """A moment with its time zone, as UTC: SQLite keeps none, so it is taken off there and put on again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _person(**options: Any) -> Column[int]:
    return Column("person", Integer, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, **options)


facts = Table(
    "store_facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What holds for this store: the salt of its marks."""

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark", Text, nullable=False, unique=True),
    Column("name", Text),
    Column("login", Text),
    Column("keeper", Text),
    Column("forgotten", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
)
"""Everybody the store has heard of. `mark` is the salted digest of the name; a forgotten person's row keeps nothing
else, and is what refuses them from then on. `login`: whose sessions these are; `keeper`: which role put the row in."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    _person(),
    Column("scenario", Text, nullable=False),
    Column("persona", Text, nullable=False),
    Column("rubric", Text, nullable=False),
    Column("mood", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("difficulty", SmallInteger, nullable=False),
    Column("started", Moment, nullable=False),
    Column("ended", Moment, nullable=False),
    Column("ending", Text, nullable=False),
    Column("replies", Integer, nullable=False),
    Column("handle_seconds", Double),
    Column("upset_before", Double, nullable=False),
    Column("upset_after", Double, nullable=False),
    Column("critical", Integer, nullable=False),
    Column("copilot", Boolean),
    Column("handoff", Boolean),
    Column("app_version", Text, nullable=False),
    Column("events", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("signer", Text),
    Index("sessions_of_people", "person", "scenario"),
)
"""One row for a finished session; the fields are those of `cohorts.records.SessionRecord`."""

scores = Table(
    "scores",
    metadata,
    Column("session", Text, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("rater", Text, primary_key=True),
    Column("points", Integer, nullable=False),
    Column("replies", Integer, nullable=False),
    Column("by", Text, nullable=False),
)
"""One row for each dimension of a session and each version of the rater that gave it levels."""

cells = Table(
    "cells",
    metadata,
    _person(primary_key=True),
    Column("scenario", Text, primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("rater", Text, primary_key=True),
    Column("mood", Text, nullable=False),
    Column("difficulty", SmallInteger, nullable=False),
    Column("sessions", Integer, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("squares", BigInteger, nullable=False),
    Column("replies", Integer, nullable=False),
)
"""The sums of `scores` that comparing works on, made anew for a person and scenario whenever a session of theirs is."""

cohorts = Table(
    "cohorts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("lead", Text),
)

members = Table(
    "members",
    metadata,
    Column("cohort", Integer, ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True),
    _person(primary_key=True),
    Index("members_by_person", "person"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("cohort", Integer, ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True),
    Column("scenario", Text, primary_key=True),
    Column("due", Moment),
)
