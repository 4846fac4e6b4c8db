"""Finished sessions to hand in: one played by the real desk with scripted models, and others made from it."""

import asyncio
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from simulator.backends.scripted import ScriptedListener, ScriptedRater
from simulator.clock import StoryClock
from simulator.content.library import Library, shipped
from simulator.desk import Cast, Desk
from simulator.events import ModelCard
from simulator.storage import exporting
from simulator.storage.archive import SessionArchive

MARCH = datetime(2025, 3, 3, 9, tzinfo=UTC)
"""When it was played: in the past by any clock that runs these tests."""

FIRST = "20250303-090000-aaaaaa"
REPLIES = ("Two seats jumped while you were booking. I'd be angry too.", "I'm opening the fare log now; one minute.")


@cache
def played(replies: int = 2) -> tuple[bytes, ...]:
    """The journal of a session by "quiet-otter", line by line."""
    with TemporaryDirectory() as folder:
        session = asyncio.run(_play(Path(folder), replies))
        return exporting.lines_of(Path(folder) / f"{session}.jsonl")


def journal(
    data: Path, session: str = FIRST, trainee: str = "quiet-otter", replies: int = 2, **start: Any
) -> tuple[bytes, ...]:
    """Such a session among those of a data folder; what was stored, line by line."""
    lines = as_of(session, trainee, replies, **start)
    path = data / "sessions" / f"{session}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return lines


def as_of(session: str = FIRST, trainee: str = "quiet-otter", replies: int = 2, **start: Any) -> tuple[bytes, ...]:
    """Such a session under another id and name, `start` being further changes of its first event."""
    return changed(played(replies), 0, session=session, trainee=trainee, **start)


def changed(lines: tuple[bytes, ...], number: int, /, **fields: Any) -> tuple[bytes, ...]:
    """The lines with other fields in one of them, written as the program would."""
    line = as_written(json.loads(lines[number]) | fields)
    return (*lines[:number], line, *lines[number + 1 :])


def as_written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


async def _play(folder: Path, replies: int) -> str:
    card = ModelCard(speaker="none", listener="scripted listener", way="guided")
    desk = Desk(
        Library([shipped()]),
        SessionArchive(folder),
        Cast(card=card, listener=ScriptedListener(), rater=ScriptedRater()),
        app_version="0.1.0",
        trainee="quiet-otter",
        pace=0,
        clock=StoryClock(MARCH),
    )
    runner = await desk.open("fare-jump", seed=3)
    await runner.begin()
    for reply in REPLIES[:replies]:
        await runner.say(reply)
    await runner.settled()
    await runner.end()
    await runner.close()
    return runner.session.id
