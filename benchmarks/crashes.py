"""That nothing acknowledged is lost: a server killed under 200 writers, and programs killed at random moments.

`python -m benchmarks.crashes server [--processes 200 --each 20 --kills 3]` and
`python -m benchmarks.crashes kills [--kills 1000]`. Exit code 1 if anything is lost, doubled or unreadable.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.bench import header
from benchmarks.private_postgres import private_cluster
from benchmarks.records import BEGIN, session
from simulator.cohorts.recording import record_of
from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.desk import material_of, started_with
from simulator.errors import SimulatorError
from simulator.events import CustomerSpoke, Event, ModelCard, MoveChosen, SessionEnded, TraineeSpoke
from simulator.session import Session
from simulator.storage import journal
from simulator.storage.chain import chain
from simulator.storage.records.database import Database
from simulator.storage.records.store import Store
from simulator.storage.syncing import Sync
from simulator.vocabulary import Ending, Move

TURNS = 3


class Acknowledged:
    """What a process was told is stored, one word a line, in a file that outlives it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def add(self, word: str) -> None:
        """Remember; a word is in the file once this returns, whatever becomes of the process."""
        os.write(self._file, f"{word}\n".encode())


def words(path: Path) -> list[str]:
    """What was acknowledged; a torn last word is none."""
    return path.read_text().split("\n")[:-1] if path.exists() else []


def forked(work: Callable[[], None]) -> int:
    """A process of its own that does this and ends."""
    process = os.fork()
    if process:
        return process
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - a fork must end here, whatever happens
        print(f"process {os.getpid()}: {error}", file=sys.stderr)
        os._exit(1)
    os._exit(0)


@click.group()
def main() -> None:
    """Print what became of what was acknowledged."""


@main.command()
@click.option("--processes", default=200, show_default=True)
@click.option("--each", default=20, show_default=True, help="Sessions that each stores, one at a time.")
@click.option("--kills", default=3, show_default=True, help="How often the server is killed and started again.")
def server(processes: int, each: int, kills: int) -> int:
    """Many processes store at once in PostgreSQL, and the server is killed under them."""
    click.echo(header(f"{processes} processes, {each} sessions each, {kills} kills of the server"))
    with private_cluster("max_connections=50") as cluster, tempfile.TemporaryDirectory() as name:
        folder, url = Path(name), cluster.url()
        with Store(Database(url)) as store:
            store.total()

        def store_some(number: int) -> None:
            chance = random.Random(number)
            # Half of the sessions are everybody's, so that the same ones are stored at the same time.
            own = [session((number + 1) * each + at if at % 2 else at, random.Random(at)) for at in range(each)]
            chance.shuffle(own)
            with Store(Database(url, patience=300)) as store:
                store.total()
                told = Acknowledged(folder / str(number))
                for one in own:
                    store.ingest([one])
                    told.add(one.session)

        begun = time.perf_counter()
        running = [forked(lambda number=number: store_some(number)) for number in range(processes)]  # type: ignore[misc]
        expected = processes * each
        while len(list(folder.iterdir())) < processes:  # everybody has found the server once
            time.sleep(0.1)
        for kill in range(1, kills + 1):
            while sum(len(words(folder / str(number))) for number in range(processes)) < expected * kill / (kills + 1):
                time.sleep(0.1)
            cluster.kill()
            time.sleep(0.5)
            cluster.start()
        failed = sum(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) != 0 for process in running)
        seconds = time.perf_counter() - begun
        acknowledged = [word for number in range(processes) for word in words(folder / str(number))]
        with Store(Database(url)) as store:
            stored = [one.session for one in store.sessions()]
            astray = store.astray()
    lost, doubled = set(acknowledged) - set(stored), len(stored) - len(set(stored))
    click.echo(
        f"{len(acknowledged):,} acknowledgements of {len(set(acknowledged)):,} sessions in {seconds:.0f} s; "
        f"{len(lost)} lost, {doubled} doubled, {astray} sums astray, {failed} processes gave up"
    )
    return int(bool(lost or doubled or astray or failed or len(acknowledged) != expected))


@main.command()
@click.option("--kills", default=1_000, show_default=True)
@click.option("--longest", default=0.5, show_default=True, help="Seconds a process lives at most.")
@click.option("--seed", default=5, show_default=True)
def kills(kills: int, longest: float, seed: int) -> int:
    """A process writes journals and stores them until it is killed, again and again."""
    click.echo(header(f"{kills:,} times kill -9 while journals are written and stored"))
    chance, material = random.Random(seed), Library([shipped()]).material("fare-jump", None).cast(7)
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        events, stored = data / "acknowledged-events", data / "acknowledged-sessions"
        Store(Database(data / "records.db")).total()
        material_of(Session.of(_call("20260101-000000-000000", material)))  # read once, for all processes to come
        begun = time.perf_counter()
        for number in range(kills):
            process = forked(lambda number=number: _practise(data, number, material, events, stored))  # type: ignore[misc]
            time.sleep(chance.uniform(0, longest))
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        seconds = time.perf_counter() - begun
        return _told(data, words(events), words(stored), seconds)


def _practise(data: Path, number: int, material: Material, events: Path, stored: Path) -> None:
    """Play made sessions, and store each, without an end."""
    written, kept, played = Acknowledged(events), Acknowledged(stored), 0
    store = Store(Database(data / "records.db", patience=60))
    while True:
        name = f"20261122-{number:06d}-{played:06x}"
        file = journal.create(data / "sessions" / f"{name}.jsonl")
        for at, event in enumerate(_call(name, material), start=1):
            file.append(event)
            written.add(f"{name} {at}")
        file.close()
        Sync(data, store).run() if number % 10 == 0 and not played else _store_one(data, name, store)
        kept.add(name)
        played += 1


def _store_one(data: Path, name: str, store: Store) -> None:
    path = data / "sessions" / f"{name}.jsonl"
    *_, digest = chain(path.read_bytes().splitlines())
    played = Session.of(journal.read(path))
    store.ingest([record_of(played, material_of(played), digest)])


def _call(name: str, material: Material) -> list[Event]:
    card = ModelCard(speaker="none", listener="none", way="guided")
    begun = started_with(
        material, at=BEGIN, session=name, app_version="0", rater_version="none", seed=7, trainee="a trainee", model=card
    )
    found: list[Event] = [begun, MoveChosen(at=BEGIN, turn=0, move=Move.PRESS, gist="-", because="-")]
    found.append(CustomerSpoke(at=BEGIN, turn=0, text="Hello?", source="guided"))
    for turn in range(1, TURNS + 1):
        found.append(TraineeSpoke(at=BEGIN, turn=turn, text="I am looking into it now."))
        found.append(CustomerSpoke(at=BEGIN, turn=turn, text="Well?", source="guided"))
    return [*found, SessionEnded(at=BEGIN, ending=Ending.RESOLVED)]


def _told(data: Path, events: list[str], sessions: list[str], seconds: float) -> int:
    """Count what is lost, doubled or unreadable."""
    longest: dict[str, int] = {}
    for word in events:
        name, at = word.split()
        longest[name] = int(at)
    unreadable = short = 0
    for path in (data / "sessions").glob("*.jsonl"):
        try:
            there = len(journal.read(path))
        except SimulatorError as error:
            click.echo(str(error), err=True)
            unreadable += 1
            continue
        short += there < longest.get(path.stem, 0)
    gone = sum(not (data / "sessions" / f"{name}.jsonl").exists() for name in longest)
    with Store(Database(data / "records.db")) as store:
        before = [one.session for one in store.sessions()]
        synced = Sync(data, store).run()
        after = [one.session for one in store.sessions()]
        astray = store.astray()
    lost = set(sessions) - set(before)
    doubled = len(after) - len(set(after))
    click.echo(
        f"{len(longest):,} journals with {len(events):,} acknowledged events and {len(sessions):,} acknowledged "
        f"sessions in {seconds:.0f} s: {short + gone} journals lack an acknowledged event, {unreadable} unreadable, "
        f"{len(lost)} sessions lost, {doubled} doubled, {astray} sums astray; one sync then stored "
        f"{len(after) - len(before)} more, {synced.unfinished} are unfinished, {len(synced.problems)} problems"
    )
    return int(bool(short or gone or unreadable or lost or doubled or astray or synced.problems))


if __name__ == "__main__":
    sys.exit(main(standalone_mode=False))
