"""What several tests need: the real embedded model, loaded once, and a desk with scripted models in a fresh folder."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from played import call, looked_back_on

from benchmarks.private_postgres import Cluster, private_cluster, programs
from simulator.backends import embedded
from simulator.backends.engine import Engine
from simulator.backends.listener import EmbeddedListener
from simulator.backends.llama import Weights
from simulator.backends.scripted import ScriptedListener, ScriptedRater
from simulator.clock import StoryClock
from simulator.content.library import Library, shipped
from simulator.debriefing.debrief import Debrief
from simulator.desk import Cast, Desk
from simulator.events import ModelCard
from simulator.ports import Bench
from simulator.storage.archive import SessionArchive
from simulator.storage.records.database import Database
from simulator.storage.records.store import Store

NO_POSTGRES = "There is no PostgreSQL on this machine"
NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads or writes the settings and sessions of whoever runs it."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("DATA", "MODEL", "WAY", "PACE", "TRAINEE", "CONTENT", "DATABASE"):
        monkeypatch.delenv(f"SIMULATOR_{name}", raising=False)


@pytest.fixture(scope="session")
def weights() -> Weights:
    return Weights(embedded.locate())


@pytest.fixture
def listener(weights: Weights) -> Iterator[EmbeddedListener]:
    engine = Engine()
    yield EmbeddedListener(engine, weights, "embedded")
    engine.close()


@pytest.fixture(scope="session")
def looked_back() -> Debrief:
    """The debrief of the hand-made call."""
    return looked_back_on(call())


@pytest.fixture
def scripted_cast() -> Cast:
    card = ModelCard(speaker="none", listener="scripted listener", way="guided")
    return Cast(card=card, listener=ScriptedListener(), rater=ScriptedRater())


@pytest.fixture
def desk(tmp_path: Path, scripted_cast: Cast) -> Desk:
    return make_desk(tmp_path / "sessions", scripted_cast)


def make_desk(folder: Path, cast: Cast, bench: Bench | None = None) -> Desk:
    return Desk(
        Library([shipped()]),
        SessionArchive(folder),
        cast,
        app_version="0",
        trainee="trainee-test",
        pace=0,
        clock=StoryClock(NINE),
        bench=bench,
    )


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of our own, for all tests of this run."""
    if programs() is None:
        if os.environ.get("SIMULATOR_REQUIRE_POSTGRES"):
            pytest.fail(f"{NO_POSTGRES}, and SIMULATOR_REQUIRE_POSTGRES is set.")
        pytest.skip(NO_POSTGRES)
    with private_cluster("fsync=off", "max_connections=30") as running:
        yield running


@pytest.fixture(scope="session")
def server_template(cluster: Cluster) -> str:
    """A database with the store's tables, of which copies are quicker made than tables."""
    cluster.execute("CREATE DATABASE template_records")
    with Store(Database(cluster.url("template_records"))) as made:
        made.total()
    return "template_records"


@pytest.fixture(scope="session")
def file_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Likewise for SQLite."""
    path = tmp_path_factory.mktemp("template") / "records.db"
    with Store(Database(path)) as made:
        made.total()
    return path


@pytest.fixture
def server_database(cluster: Cluster, server_template: str) -> Iterator[str]:
    """The address of a PostgreSQL database with the store's tables, for one test."""
    with cluster.database(server_template) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind in turn, with the store's tables and nothing in them."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("server_database"))
    copy = shutil.copy(request.getfixturevalue("file_template"), tmp_path / "records.db")
    return f"sqlite:///{copy}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind in turn that nobody has opened yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        with cluster.database() as address:
            yield address


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with Store(Database(address)) as found:
        yield found


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Last of all, which tests did not run for want of a server."""
    yield
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_POSTGRES in str(report.longrepr)]
    if skipped:
        files = Counter(report.nodeid.partition("::")[0] for report in skipped)
        told = ", ".join(f"{name} ({count})" for name, count in files.items())
        terminalreporter.write_line(f"{len(skipped)} tests against PostgreSQL did not run: {told}.")
        terminalreporter.write_line(f"{NO_POSTGRES}; `apt-get install postgresql` brings it.")
