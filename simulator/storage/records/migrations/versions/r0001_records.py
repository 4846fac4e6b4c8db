"""The first tables; in PostgreSQL the rules of who may read what as well."""

import secrets
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make everything."""
    _people()
    _sessions()
    _cohorts()
    if op.get_bind().dialect.name == "postgresql":
        _roles()


def _roles() -> None:
    """As one text without parameters, which may then hold many statements."""
    statements = Path(__file__).with_name("r0001_roles.sql").read_text(encoding="utf-8")
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)


def _person(*, key: bool = False) -> "sa.Column[int]":
    whose = sa.ForeignKey("people.id", ondelete="CASCADE")
    return sa.Column("person", sa.Integer, whose, nullable=False, primary_key=key)


def _people() -> None:
    facts = op.create_table(
        "store_facts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.bulk_insert(facts, [{"name": "salt", "value": secrets.token_hex(32)}])
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mark", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text),
        sa.Column("login", sa.Text),
        sa.Column("keeper", sa.Text),
        sa.Column("forgotten", sa.Boolean, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text, primary_key=True),
        _person(),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("scenario", "persona", "rubric", "mood", "channel")),
        sa.Column("difficulty", sa.SmallInteger, nullable=False),
        sa.Column("started", _MOMENT, nullable=False),
        sa.Column("ended", _MOMENT, nullable=False),
        sa.Column("ending", sa.Text, nullable=False),
        sa.Column("replies", sa.Integer, nullable=False),
        sa.Column("handle_seconds", sa.Double),
        sa.Column("upset_before", sa.Double, nullable=False),
        sa.Column("upset_after", sa.Double, nullable=False),
        sa.Column("critical", sa.Integer, nullable=False),
        sa.Column("copilot", sa.Boolean),
        sa.Column("handoff", sa.Boolean),
        sa.Column("app_version", sa.Text, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("signer", sa.Text),
    )
    op.create_index("sessions_of_people", "sessions", ["person", "scenario"])
    op.create_table(
        "scores",
        sa.Column("session", sa.Text, sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("dimension", sa.Text, primary_key=True),
        sa.Column("rater", sa.Text, primary_key=True),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("replies", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    op.create_table(
        "cells",
        _person(key=True),
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("scenario", "dimension", "rater")),
        sa.Column("mood", sa.Text, nullable=False),
        sa.Column("difficulty", sa.SmallInteger, nullable=False),
        sa.Column("sessions", sa.Integer, nullable=False),
        sa.Column("points", sa.BigInteger, nullable=False),
        sa.Column("squares", sa.BigInteger, nullable=False),
        sa.Column("replies", sa.Integer, nullable=False),
    )


def _cohorts() -> None:
    op.create_table(
        "cohorts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("lead", sa.Text),
    )
    op.create_table(
        "members",
        sa.Column("cohort", sa.Integer, sa.ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True),
        _person(key=True),
    )
    op.create_index("members_by_person", "members", ["person"])
    op.create_table(
        "assignments",
        sa.Column("cohort", sa.Integer, sa.ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("scenario", sa.Text, primary_key=True),
        sa.Column("due", _MOMENT),
    )
