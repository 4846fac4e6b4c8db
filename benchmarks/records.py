"""How fast the store of records answers when it is large, how fast it takes sessions in, and what memory that takes.

`python -m benchmarks.records [--sessions 1000000] [--kind sqlite|postgresql]`: rows as ingest writes them, of people
with 20 sessions each in 12 scenarios, the first cohort 1,000 people large. Every time is the median of five.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import click
import psycopg
from sqlalchemy import insert

from benchmarks.private_postgres import private_cluster
from simulator.cohorts.records import ScoreRecord, SessionRecord
from simulator.storage.records.database import Database
from simulator.storage.records.rows import score_rows, session_row
from simulator.storage.records.store import Store
from simulator.storage.records.tables import assignments, cohorts, members, people, scores, sessions
from simulator.vocabulary import CORE_DIMENSIONS, Channel, Ending, Mood

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
EACH = 20
"""Sessions of one person."""
SCENARIOS = 12
LARGEST, TYPICAL = "cohort-0", "cohort-1"
PIECE = 20_000
ROUNDS = 5


def session(number: int, chance: random.Random) -> SessionRecord:
    """A made session of eight turns."""
    started = BEGIN + timedelta(minutes=number % 500_000)
    level = chance.uniform(1.5, 4.5)
    return SessionRecord(
        session=f"{started:%Y%m%d-%H%M%S}-{number:07x}",
        person=f"trainee-{number // EACH:06d}",
        scenario=f"scenario-{chance.randrange(SCENARIOS)}",
        persona="somebody",
        rubric="core",
        mood=chance.choice([Mood.IRATE, Mood.DISTRESSED, Mood.CONFUSED]),
        channel=Channel.PHONE,
        difficulty=2,
        started=started,
        ended=started + timedelta(minutes=6),
        ending=Ending.RESOLVED,
        replies=8,
        handle_seconds=chance.uniform(120, 600),
        upset_before=80,
        upset_after=chance.uniform(10, 90),
        critical=0,
        app_version="0.1.0",
        events=55,
        digest=f"{number:064x}",
        scores=tuple(_score(name, level + chance.uniform(-0.4, 0.4)) for name in CORE_DIMENSIONS),
    )


def _score(dimension: str, level: float) -> ScoreRecord:
    return ScoreRecord(dimension=dimension, mean=round(level, 2), replies=8, rater="embedded-4", by="rater")


def fill(database: Database, size: int, groups: int) -> None:
    """Rows as ingest would write them, put in at once; sums by the store itself."""
    store, chance = Store(database), random.Random(11)
    count = size // EACH
    members_of_first = min(1_000, count // 2)
    now = datetime.now(UTC)
    same = {"forgotten": False, "since": now}
    marks = [f"{chance.getrandbits(256):064x}" for _ in range(count)]
    everybody = [{"id": n + 1, "mark": mark, "name": f"trainee-{n:06d}", **same} for n, mark in enumerate(marks)]
    rows = [{"id": n + 1, "name": f"cohort-{n}"} for n in range(groups)]
    within = [
        {"cohort": 1 if n < members_of_first else 2 + n % (groups - 1), "person": n + 1} for n in range(count)
    ]  # fmt: skip
    store.total()
    put(database, people, everybody)
    put(database, cohorts, rows)
    put(database, members, within)
    put(database, assignments, [{"cohort": n + 1, "scenario": "scenario-1", "due": now} for n in range(groups)])
    for start in range(0, size, PIECE):
        made = [session(number, chance) for number in range(start, min(size, start + PIECE))]
        put(database, sessions, [session_row(one, n // EACH + 1) for n, one in enumerate(made, start=start)])
        put(database, scores, [row for one in made for row in score_rows(one)])
    store.resum()


def put(database: Database, table: Any, rows: list[dict[str, Any]]) -> None:
    """Many rows: as ordinary insertions in SQLite, by COPY in PostgreSQL."""
    if not database.is_server:
        database.write(lambda connection: connection.execute(insert(table), rows).rowcount)
        return

    def copied(connection: Any) -> int:
        cursor = connection.connection.cursor()
        names = ", ".join(f'"{name}"' for name in rows[0])
        with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))
        return len(rows)

    database.write(copied)


def took(work: Callable[[], object]) -> float:
    """Median seconds of five."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return median(times)


READINGS: dict[str, Callable[[Store], object]] = {
    "sums of the largest cohort": lambda store: store.sums(LARGEST),
    "sums of a typical cohort": lambda store: store.sums(TYPICAL),
    "1,000 people outside both (for difficulty)": lambda store: store.others([LARGEST, TYPICAL]),
    "all sessions of the largest cohort": lambda store: sum(1 for _ in store.sessions(LARGEST)),
    "status of the largest cohort": lambda store: store.status(LARGEST, datetime.now(UTC)),
}
STREAMS: dict[str, Callable[[Store], object]] = {
    "a typical cohort, read": lambda store: (store.sums(TYPICAL), sum(1 for _ in store.sessions(TYPICAL))),
    "every session of the store, one after the other": lambda store: sum(1 for _ in store.sessions()),
    "the largest cohort, read": lambda store: (store.sums(LARGEST), sum(1 for _ in store.sessions(LARGEST))),
}


COMMANDS = (("report", LARGEST), ("report", TYPICAL), ("compare", LARGEST, TYPICAL))
"""As they are typed: from the first letter of the process to the last of the page."""


def typed(url: str, *words: str) -> None:
    """A command about cohorts, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        own = {**os.environ, "SIMULATOR_DATABASE": url, "SIMULATOR_DATA": folder}
        command = [sys.executable, "-m", "simulator", "cohort", *words]
        subprocess.run(command, env=own, capture_output=True, check=True)


def peak(url: str, what: str) -> float:
    """Most memory, in MB, of a process of its own that reads this."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.records", "--peak", what, "--url", url],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def most_memory() -> float:
    """The most that this process has held, in MB; unlike `ru_maxrss`, nothing of the process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@contextmanager
def fresh(kind: str) -> Iterator[str]:
    """An empty database of a kind."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'records.db'}"
    else:
        with private_cluster("max_wal_size=4GB", "checkpoint_timeout=30min") as cluster:
            yield cluster.url()


def measure(kind: str, size: int, count: int) -> None:
    """Fill one database, read it, and take sessions in."""
    with fresh(kind) as url:
        database = Database(url)
        begun = time.perf_counter()
        groups = max(3, size // 1_000)
        fill(database, size, groups)
        analysed(database)
        click.echo(f"{kind}, {size:,} sessions, {groups:,} cohorts (filled in {time.perf_counter() - begun:.0f} s)")
        store = Store(database)
        largest = sum(1 for _ in store.sessions(LARGEST))
        click.echo(f"  the largest cohort has {largest:,} sessions")
        for name, work in READINGS.items():
            click.echo(f"  {name}: {took(lambda work=work: work(store)):.2f} s")  # type: ignore[misc]
        for words in COMMANDS:
            click.echo(f"  simulator cohort {' '.join(words)}: {took(lambda words=words: typed(url, *words)):.2f} s")  # type: ignore[misc]
        for name in STREAMS:
            click.echo(f"  peak memory, {name}: {peak(url, name):.0f} MB")
        if count:
            chance = random.Random(3)
            made = [session(10_000_000 + number, chance) for number in range(count)]
            begun = time.perf_counter()
            store.ingest(made)
            seconds = time.perf_counter() - begun
            click.echo(f"  {count:,} records taken in: {seconds:.1f} s, {count / seconds:.0f} sessions a second")
        click.echo(f"  sums that are not what the rows come to: {store.astray()}")


def analysed(database: Database) -> None:
    """What a server does by itself within minutes: look at how values are spread."""
    if database.is_server:
        plain = database._url.render_as_string(hide_password=False).replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
    else:
        database.write(lambda connection: connection.exec_driver_sql("ANALYZE").rowcount)


@click.command()
@click.option("--sessions", "size", default=1_000_000, show_default=True)
@click.option("--small", default=10_000, show_default=True, help="A small store to compare memory with; 0: none.")
@click.option("--import", "count", default=10_000, show_default=True, help="Records taken in; 0: none.")
@click.option("--kind", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True)
@click.option("--peak", "what", hidden=True)
@click.option("--url", hidden=True)
def main(size: int, small: int, count: int, kind: str, what: str | None, url: str | None) -> None:
    """Print the figures."""
    if what is not None and url is not None:
        with Store(Database(url)) as store:
            STREAMS[what](store)
        click.echo(most_memory())
        return
    from benchmarks.bench import header  # loads the models' library, which would count as memory above

    click.echo(header("store of records"))
    for one in ("sqlite", "postgresql") if kind == "both" else (kind,):
        for held in (small, size):
            if held:
                measure(one, held, count if held == size else 0)


if __name__ == "__main__":
    main()
