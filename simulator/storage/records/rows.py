"""Records as rows, and rows as records. Apart because both ways must agree on units."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, RowMapping, Select, select

from simulator.cohorts.records import ScoreRecord, SessionRecord
from simulator.storage.records.tables import POINTS, people, scores, sessions
from simulator.vocabulary import Channel, Ending, Mood

_OWN = tuple(column.name for column in sessions.c if column.name not in {"id", "person"})
_NAMED: dict[str, type[StrEnum]] = {"mood": Mood, "channel": Channel, "ending": Ending}
_LONGEST_KEY = 500
"""Bytes of a text that an index must hold; PostgreSQL's take some 2,700 in all."""


def as_kept(record: SessionRecord) -> SessionRecord:
    """The record as it reads once it was stored: means in whole points, scores in order."""
    found = sorted(record.scores, key=attrgetter("dimension", "rater"))
    kept = tuple(score.model_copy(update={"mean": round(score.mean * POINTS) / POINTS}) for score in found)
    return record.model_copy(update={"scores": kept})


def session_row(record: SessionRecord, person: int) -> dict[str, Any]:
    """The row of a session."""
    return {name: getattr(record, name) for name in _OWN} | {"id": record.session, "person": person}


def score_rows(record: SessionRecord) -> list[dict[str, Any]]:
    """The rows of its scores."""
    return [
        {
            "session": record.session,
            "dimension": score.dimension,
            "rater": score.rater,
            "points": round(score.mean * POINTS),
            "replies": score.replies,
            "by": score.by,
        }
        for score in record.scores
    ]


def storable(record: SessionRecord) -> bool:
    """Whether every text and moment in it is one that a database takes."""
    keys = [record.session, record.person, record.scenario]
    keys += [text for score in record.scores for text in (score.dimension, score.rater)]
    others = [record.persona, record.rubric, record.app_version, record.digest, record.signer or ""]
    sound = all(_sound(text) and len(text.encode()) <= _LONGEST_KEY for text in keys) and all(map(_sound, others))
    return sound and _within_time(record.started) and _within_time(record.ended)


def query() -> Select[Any]:
    """Sessions with their scores, a row for each score, by person and time."""
    return (
        select(
            sessions,
            people.c.name.label("person_name"),
            scores.c.dimension,
            scores.c.points,
            scores.c.replies.label("score_replies"),
            scores.c.rater,
            scores.c.by,
        )
        .join(people, people.c.id == sessions.c.person)
        .join(scores, scores.c.session == sessions.c.id, isouter=True)
        .order_by(people.c.name, people.c.id, sessions.c.started, sessions.c.id, scores.c.dimension, scores.c.rater)
    )


def records(rows: Iterable[Row[Any]]) -> Iterator[SessionRecord]:
    """The records in rows of `query`, each as soon as its rows have been seen."""
    for _, group in groupby(rows, key=attrgetter("id")):
        own = list(group)
        yield _record(own[0]._mapping, tuple(_score(row) for row in own if row.dimension is not None))


def _record(row: RowMapping, found: tuple[ScoreRecord, ...]) -> SessionRecord:
    """A row as a value, not checked again: it was when it was put in, and there may be a million of them."""
    fields = {name: row[name] for name in _OWN}
    named = {name: kind(fields[name]) for name, kind in _NAMED.items()}
    return SessionRecord.model_construct(
        session=row["id"], person=row["person_name"], scores=found, **{**fields, **named}
    )


def _score(row: Row[Any]) -> ScoreRecord:
    dimension, points, replies, rater, by = tuple(row)[-5:]  # the last that `query` asks for
    return ScoreRecord.model_construct(dimension=dimension, mean=points / POINTS, replies=replies, rater=rater, by=by)


def _within_time(moment: datetime) -> bool:
    """Whether it is a moment in UTC as well, which the first and the last of a calendar may not be."""
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _sound(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
