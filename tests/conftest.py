"""What several tests need: the real embedded model, loaded once, and a desk with scripted models in a fresh folder."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from played import call, looked_back_on

from simulator.backends import embedded
from simulator.backends.engine import Engine
from simulator.backends.listener import EmbeddedListener
from simulator.backends.llama import Weights
from simulator.backends.scripted import ScriptedListener, ScriptedRater
from simulator.clock import StoryClock
from simulator.content.library import Library, shipped
from simulator.debriefing.debrief import Debrief
from simulator.desk import Cast, Desk
from simulator.ports import Bench
from simulator.session import ModelCard
from simulator.storage.archive import SessionArchive

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads or writes the settings and sessions of whoever runs it."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("DATA", "MODEL", "WAY", "PACE", "TRAINEE", "CONTENT"):
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
