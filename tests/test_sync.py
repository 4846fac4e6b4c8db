"""`simulator sync`: journals into the store, by the command, with both databases."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from recorded import events, journal, record, spoil, write

from simulator.cli.main import commands
from simulator.cohorts.recording import record_of
from simulator.desk import material_of
from simulator.errors import StorageError, UsageError
from simulator.events import ReplyRated
from simulator.session import Session
from simulator.storage.chain import chain
from simulator.storage.records.database import Database
from simulator.storage.records.rows import as_kept
from simulator.storage.records.store import Store
from simulator.storage.syncing import Sync
from simulator.storage.tombstones import Tombstones

FIRST, SECOND, THIRD = (f"20261122-10153{number}-aaaaaa" for number in range(3))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> Path:
    monkeypatch.setenv("SIMULATOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SIMULATOR_DATABASE", address)
    return tmp_path / "data"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments, standalone_mode=False)


def synced(*options: str) -> dict[str, Any]:
    done = run("sync", "--json", *options)
    assert done.exception is None, done.exception
    return dict(json.loads(done.stdout))


def test_finished_sessions_are_stored_once_and_unfinished_ones_not_yet(data: Path, store: Store) -> None:
    journal(data, FIRST)
    journal(data, SECOND, "Bo")
    journal(data, THIRD, ended=False)
    found = synced()
    assert found["outcomes"] == {"new": 2}
    assert (found["unfinished"], found["problems"], found["elsewhere"]) == (1, [], 0)
    assert synced()["outcomes"] == {"unchanged": 2}
    assert [(one.session, one.person) for one in store.sessions()] == [(FIRST, "Anna"), (SECOND, "Bo")]


def test_the_record_is_that_of_the_journal_with_the_digest_of_its_chain(data: Path, store: Store) -> None:
    path = journal(data, FIRST)
    synced()
    *_, digest = chain(path.read_bytes().splitlines())
    session = Session.of(events(FIRST))
    assert list(store.sessions()) == [as_kept(record_of(session, material_of(session), digest))]


def test_a_journal_that_grew_takes_the_place_of_what_was_stored(data: Path, store: Store) -> None:
    journal(data, FIRST, rated=False)
    synced()
    whole = events(FIRST, rated=False)
    levels = [one for one in events(FIRST) if isinstance(one, ReplyRated)]
    write(data / "sessions" / f"{FIRST}.jsonl", [*whole, *levels])
    assert synced()["outcomes"] == {"grown": 1}
    (found,) = store.sessions()
    assert len(found.scores) == 3
    assert synced()["outcomes"] == {"unchanged": 1}
    assert store.astray() == 0


def test_broken_journals_are_named_and_keep_nobody_else_out(data: Path) -> None:
    journal(data, FIRST)
    folder = data / "sessions"
    (folder / f"{SECOND}.jsonl").write_bytes(b"{}\nnot json\n")
    write(folder / f"{THIRD}.jsonl", events(THIRD, scenario="title: nothing else"))
    write(folder / "20261122-999999-aaaaaa.jsonl", events("x")[1:])
    done = run("sync")
    assert done.return_value == 1
    assert "1 new" in done.stdout
    assert "3 unreadable" in done.stdout
    for name in (SECOND, "scenarios/fare-jump.yaml", "20261122-999999-aaaaaa"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_a_torn_last_line_is_left_out_as_everywhere(data: Path, store: Store) -> None:
    path = journal(data, FIRST)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"kind": "reply_ra')
    assert synced()["outcomes"] == {"new": 1}
    path.write_bytes(whole)
    assert synced()["outcomes"] == {"unchanged": 1}
    (found,) = store.sessions()
    assert found.events == len(whole.splitlines())


def test_somebody_forgotten_in_the_store_or_in_the_folder_is_refused(data: Path, store: Store) -> None:
    journal(data, FIRST, "Anna")
    journal(data, SECOND, "Bo")
    journal(data, THIRD, "Cy")
    store.forget("Anna")
    Tombstones(data).lay("Bo", datetime.now(UTC))
    for options in ((), ("--rebuild",)):
        assert synced(*options)["outcomes"]["forgotten"] == 2
    assert [one.person for one in store.sessions()] == ["Cy"]
    assert "2 refused, as their person was forgotten" in run("sync").stdout


def test_a_rebuild_mends_what_was_changed_behind_its_back_and_keeps_what_it_has_no_journal_of(
    data: Path, store: Store
) -> None:
    journal(data, FIRST)
    synced()
    store.create("spring")
    store.add("spring", ["Anna"])
    store.ingest([record("elsewhere", "Zoe")])
    before = list(store.sessions())
    for change in ("scores SET points = 50000", "cells SET points = 7", "sessions SET replies = 99"):
        spoil(store, f"UPDATE {change}")
    assert run("sync", "--check").return_value == 1
    found = synced("--rebuild", "--check")
    assert found["astray"] == 0
    assert found["elsewhere"] == 1
    mended = list(store.sessions("spring"))
    assert mended == [one for one in before if one.person == "Anna"]
    assert run("sync", "--check").return_value == 0


def test_a_store_that_was_lost_is_made_again_from_the_journals(data: Path, tmp_path: Path) -> None:
    for number in range(5):
        journal(data, f"20261122-10153{number}-aaaaaa", f"person {number % 2}")
    synced()
    with Store(Database(tmp_path / "another.db")) as other:
        assert Sync(data, other, rebuild=True).run().outcomes == {"new": 5}
        assert other.total() == 5
        assert other.astray() == 0


def test_another_session_under_the_same_id_is_named_and_stays(data: Path, store: Store) -> None:
    store.ingest([record(FIRST, "somebody else")])
    journal(data, FIRST)
    done = run("sync")
    assert done.return_value == 1
    assert FIRST in done.stderr
    assert [one.person for one in store.sessions()] == ["somebody else"]


def test_without_a_journal_there_is_nothing_to_store(data: Path) -> None:
    assert "0 new, 0 grown, 0 unchanged" in run("sync").stdout


def test_a_name_that_steers_the_terminal_is_made_harmless(data: Path) -> None:
    write(data / "sessions" / "20261122-101530-\x1b[31m.jsonl", events("x")[1:])
    done = run("sync")
    assert "\x1b" not in done.stderr + done.stdout


def test_a_database_that_is_away_costs_nothing(data: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    journal(data, FIRST)
    monkeypatch.setenv("SIMULATOR_DATABASE", "postgresql://anna:secret@127.0.0.1:1/records")
    done = run("sync")
    assert isinstance(done.exception, StorageError)
    assert "nothing answers there" in str(done.exception)
    assert "secret" not in str(done.exception)
    monkeypatch.setenv("SIMULATOR_DATABASE", address)
    assert synced()["outcomes"] == {"new": 1}


def test_a_setting_that_names_no_database_is_a_usage_error(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_DATABASE", "mysql://anna:secret@host/records")
    done = run("sync")
    assert isinstance(done.exception, UsageError)
    assert "secret" not in str(done.exception)
    monkeypatch.setenv("SIMULATOR_DATABASE", "postgresql://anna:secret@host:port/records")
    done = run("sync")
    assert isinstance(done.exception, UsageError)
    assert "secret" not in str(done.exception)


def test_the_settings_show_the_database_without_its_password(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_DATABASE", "postgresql://anna:sec@ret@db.example/records?password=other")
    shown = run("doctor").stdout
    assert "postgresql://anna@db.example/records (environment)" in shown
    for secret in ("sec@ret", "sec", "other"):
        assert f"{secret}@" not in shown
    assert "password" not in shown
    monkeypatch.setenv("SIMULATOR_DATABASE", "sqlite:////tmp/x.db")
    assert "sqlite:////tmp/x.db (environment)" in run("doctor").stdout


def test_by_default_the_store_lies_in_the_data_folder(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIMULATOR_DATABASE")
    journal(data, FIRST)
    assert synced()["store"] == str(data / "records.db")
    assert (data / "records.db").is_file()
