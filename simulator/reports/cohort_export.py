"""A cohort as rows for anyone's own tools: one row for each session and dimension, as CSV or as Parquet.

Apart from reports, which say something: here nothing is worked out and nothing is left away. The Parquet library is
loaded only where a Parquet file is written.
"""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from simulator.cohorts.records import SessionRecord

COLUMNS: dict[str, str] = {
    "session": "string",
    "person": "string",
    "scenario": "string",
    "persona": "string",
    "rubric": "string",
    "mood": "string",
    "channel": "string",
    "difficulty": "int32",
    "started": "time",
    "ended": "time",
    "ending": "string",
    "replies": "int32",
    "handle_seconds": "double",
    "upset_before": "double",
    "upset_after": "double",
    "critical": "int32",
    "copilot": "bool",
    "handoff": "bool",
    "app_version": "string",
    "signer": "string",
    "dimension": "string",
    "level": "double",
    "rated_replies": "int32",
    "rater": "string",
    "by": "string",
}
"""Names and types, in order. Empty: not recorded, or (the last five) nothing could be rated in the session."""

HARMFUL = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins with one of these for a formula."""

_OF_SESSION = tuple(name for name in COLUMNS if name in SessionRecord.model_fields)
_ROWS_AT_ONCE = 20_000


class Counted(NamedTuple):
    """What was written."""

    sessions: int
    rows: int


class Tally:
    """Sessions on their way into rows, counted."""

    def __init__(self, records: Iterable[SessionRecord]) -> None:
        self._records = records
        self._sessions = self._rows = 0

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row for each session and dimension; a session without any has one, with nothing in its last columns."""
        for record in self._records:
            self._sessions += 1
            for row in _rows(record):
                self._rows += 1
                yield row

    @property
    def counted(self) -> Counted:
        """What went through so far."""
        return Counted(self._sessions, self._rows)


def write_csv(records: Iterable[SessionRecord], file: TextIO) -> Counted:
    """CSV with a head line, moments in ISO 8601; cells that would be formulas get a ' in front."""
    tally = Tally(records)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in row.values()] for row in tally.rows())
    return tally.counted


def write_parquet(records: Iterable[SessionRecord], path: Path) -> Counted:
    """Parquet, every value as it is, typed; moments in UTC."""
    import pyarrow  # type: ignore[import-untyped]
    from pyarrow import parquet

    tally = Tally(records)
    schema = _schema(pyarrow)
    rows = tally.rows()
    with parquet.ParquetWriter(path, schema) as writer:
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            writer.write_table(pyarrow.Table.from_pylist(some, schema=schema))
    return tally.counted


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(HARMFUL) else text


def _rows(record: SessionRecord) -> Iterator[dict[str, Any]]:
    first = {name: getattr(record, name) for name in _OF_SESSION}
    for score in record.scores or (None,):
        yield first | {
            "dimension": score.dimension if score else None,
            "level": score.mean if score else None,
            "rated_replies": score.replies if score else None,
            "rater": score.rater if score else None,
            "by": score.by if score else None,
        }


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return harmless(str(value))
        case int() | float():
            return repr(value)
        case _:
            return str(value.isoformat()) if hasattr(value, "isoformat") else harmless(str(value))


def _schema(arrow: Any) -> Any:
    """The columns as Parquet has them; `arrow` is the library."""
    types = {
        "string": arrow.string(),
        "int32": arrow.int32(),
        "double": arrow.float64(),
        "bool": arrow.bool_(),
        "time": arrow.timestamp("us", tz="UTC"),
    }
    return arrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
