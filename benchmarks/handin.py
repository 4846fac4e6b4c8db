"""Taking in hand-in files: how many sessions a second, and whether an import that is killed anywhere loses anything.

    python -m benchmarks.handin [--files 10000] [--rounds 5] [--kills 100]

Each round imports into a data folder of its own (SQLite), in a process of its own, start included. A kill is `kill -9`
at a random moment of an import; after each, every file that was kept is checked, and at the end the import is run to
its end and everything counted.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bench import header
from simulator.backends.scripted import ScriptedListener, ScriptedRater
from simulator.clock import StoryClock
from simulator.content.library import Library, shipped
from simulator.desk import Cast, Desk
from simulator.events import ModelCard
from simulator.storage import exporting, handin
from simulator.storage.archive import SessionArchive
from simulator.storage.records.database import Database
from simulator.storage.records.store import Store
from simulator.storage.verifying import verified

REPLIES = (
    "Two of your seats jumped while you were booking, and then we cut you off. Anyone would be angry.",
    "I'm opening the fare log now, and I'll tell you what it says within two minutes.",
    "You were quoted 398 for each of the four, and two went up while you typed. Have I got that right?",
    "The log shows the old fare. I am putting both seats back to it while you wait.",
    "Is there anything else that worries you about this booking?",
    "That is done: four seats, the old fare. You have a mail with all of it.",
    "If anything looks wrong in it, ask for me by name and I'll mend it.",
    "Thank you for staying with me through that.",
)
SEED = 7


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kills", type=int, default=0)
    chosen = parser.parse_args()
    print(header())
    with TemporaryDirectory() as name:
        folder = Path(name)
        made = _make(folder / "in", chosen.files)
        print(f"{chosen.files} files, {made / chosen.files / 1_000:.0f} kB and {len(REPLIES)} replies each")
        seconds = [_import(folder / "in", folder / f"round {number}") for number in range(chosen.rounds)]
        if seconds:
            middle = statistics.median(seconds)
            print(f"import: median {middle:.1f} s of {sorted(round(one, 1) for one in seconds)}")
            print(f"        {chosen.files / middle:.0f} sessions/s")
            print(f"again:  {_import(folder / 'in', folder / 'round 0'):.1f} s, nothing new")
        if chosen.kills:
            print(_killed(folder / "in", folder / "killed", chosen.kills, chosen.files))


def _make(folder: Path, count: int) -> int:
    """Files of as many sessions by a tenth as many people; how many bytes in all."""
    lines = asyncio.run(_played(folder.parent / "played"))
    start = json.loads(lines[0])
    folder.mkdir()
    size = 0
    for number in range(count):
        session = f"20250303-{number:06d}-abcdef"
        own = start | {"session": session, "trainee": f"person {number % max(1, count // 10)}"}
        first = json.dumps(own, ensure_ascii=False, separators=(",", ":")).encode()
        size += (folder / f"{session}{handin.SUFFIX}").write_bytes(handin.written(session, [first, *lines[1:]], "0"))
    return size


async def _played(folder: Path) -> tuple[bytes, ...]:
    card = ModelCard(speaker="none", listener="scripted listener", way="guided")
    desk = Desk(
        Library([shipped()]),
        SessionArchive(folder),
        Cast(card=card, listener=ScriptedListener(), rater=ScriptedRater()),
        app_version="0",
        trainee="somebody",
        pace=0,
        clock=StoryClock(datetime(2025, 3, 3, 9, tzinfo=UTC)),
    )
    runner = await desk.open("fare-jump", seed=SEED)
    await runner.begin()
    for reply in REPLIES:
        if runner.session.ended is None:
            await runner.say(reply)
    await runner.settled()
    await runner.end()
    await runner.close()
    return exporting.lines_of(folder / f"{runner.session.id}.jsonl")


def _started(files: Path, data: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "simulator", "cohort", "import", str(files)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env={**os.environ, "SIMULATOR_DATA": str(data)}, stdout=quiet, stderr=quiet)


def _import(files: Path, data: Path) -> float:
    began = time.perf_counter()
    with _started(files, data) as process:
        if process.wait() != 0:
            raise SystemExit(f"The import ended with {process.returncode}.")
    return time.perf_counter() - began


def _killed(files: Path, data: Path, kills: int, count: int) -> str:
    """What is left after imports were killed at random moments, and one was not."""
    whole = _import(files, data.with_name("unhurt"))
    chance = random.Random(SEED)
    checked = 0
    for _ in range(kills):
        with _started(files, data) as process:
            time.sleep(chance.uniform(0.1, whole))
            process.kill()
        for kept in data.glob(f"handed-in/*/*{handin.SUFFIX}"):
            verified(kept.read_bytes())
            checked += 1
    _import(files, data)
    with Store(Database(f"sqlite:///{data}/records.db")) as store:
        stored = [record.session for record in store.sessions()]
        astray = store.astray()
    drafts = len(list(data.glob("handed-in/*/.*")))
    return (
        f"{kills} kills: {checked} kept files checked and whole; in the store {len(stored)} sessions of {count}, "
        f"{len(stored) - len(set(stored))} twice, {astray} sums astray, {drafts} drafts left"
    )


if __name__ == "__main__":
    main()
