"""`simulator cohort create | add | assign | status`, by the command, with both databases."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from recorded import record

from simulator.cli.cohorts import moment
from simulator.cli.main import commands
from simulator.errors import SimulatorError, UsageError
from simulator.storage.records.store import Store


@pytest.fixture(autouse=True)
def _set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SIMULATOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SIMULATOR_DATABASE", address)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(commands, arguments, standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.stdout


def refused(*arguments: str) -> str:
    done: Result = CliRunner().invoke(commands, arguments, standalone_mode=False)
    assert isinstance(done.exception, SimulatorError), done.stdout
    assert done.exception.exit_code == 2
    return str(done.exception)


def test_a_cohort_is_made_filled_assigned_and_looked_at(store: Store) -> None:
    assert "No cohorts yet" in run("cohort", "status")
    run("cohort", "create", "spring", "--lead", "lea")
    assert run("cohort", "add", "spring", "Anna", "Bo", "Cy") == "3 added.\n"
    assert run("cohort", "add", "spring", "Cy", "Di") == "1 added, 1 in it already.\n"
    assert "until 1 January 2020, 23:59" in run("cohort", "assign", "spring", "fare-jump", "--due", "2020-01-01")
    run("cohort", "assign", "spring", "lost-parcel") if "lost-parcel" in run("scenarios") else None
    store.ingest(
        [record(person="Anna"), record("20261122-2", "Anna"), record("20261122-3", "Bo", ended="2019-12-31T12:00Z")]
    )
    told = run("cohort", "status", "spring")
    assert "spring: 4 people" in told
    assert "led by lea" in told
    assert "fare-jump, until 1 January 2020, 23:59: 2 of 4 done" in told
    assert "  Anna: late, 22 November 2026" in told
    assert ", 2 times" in told
    assert "  Bo: done, 31 December 2019" in told
    assert "  Cy: overdue" in told
    assert "spring: 4 people" in run("cohort", "status")


def test_programs_read_it_as_json(store: Store) -> None:
    run("cohort", "create", "spring")
    run("cohort", "add", "spring", "Anna")
    run("cohort", "assign", "spring", "fare-jump", "--due", "2026-12-01T17:00+01:00")
    found = json.loads(run("cohort", "status", "spring", "--json"))
    assert found["assignments"] == [{"scenario": "fare-jump", "due": "2026-12-01T16:00:00Z"}]
    assert [(one["person"], one["state"]) for one in found["tasks"]] == [("Anna", "open")]
    listed = json.loads(run("cohort", "status", "--json"))
    assert [one["name"] for one in listed["cohorts"]] == ["spring"]


def test_what_does_not_exist_is_said(store: Store) -> None:
    assert 'no cohort "spring"' in refused("cohort", "status", "spring")
    assert 'no cohort "spring"' in refused("cohort", "add", "spring", "Anna")
    assert 'no cohort "spring"' in refused("cohort", "assign", "spring", "fare-jump")
    run("cohort", "create", "spring")
    assert 'already is a cohort "spring"' in refused("cohort", "create", "spring")
    assert 'no scenario "fare-jmp"' in refused("cohort", "assign", "spring", "fare-jmp")
    assert "cannot be empty" in refused("cohort", "add", "spring", "  ")
    assert "one person" in refused("cohort", "add", "spring", "Anna", "Bo", "--login", "anna")
    store.forget("Zoe")
    assert "Zoe" in refused("cohort", "add", "spring", "Anna", "Zoe")
    assert "spring: 0 people" in run("cohort", "status")


@pytest.mark.parametrize("bad", ["tomorrow", "2026-02-30", "", "0000-00-00", "9999-12-31T23:59:59-23:00", "2026-13-01"])
def test_a_date_that_is_none_is_said(bad: str) -> None:
    assert "is no date" in refused("cohort", "assign", "spring", "fare-jump", "--due", bad)


def test_a_day_ends_at_its_end_where_the_lead_is() -> None:
    end = moment("2026-12-01").astimezone()
    assert (end.day, end.hour, end.minute) == (1, 23, 59)
    assert moment("2026-12-01T17:00+01:00") == datetime(2026, 12, 1, 16, tzinfo=UTC)
    with pytest.raises(UsageError):
        moment("yesterday")


def test_names_that_steer_a_terminal_are_refused_or_made_harmless(store: Store) -> None:
    assert "without control characters" in refused("cohort", "create", "\x1b[31mred")
    run("cohort", "create", "spring")
    run("cohort", "assign", "spring", "fare-jump")
    store.ingest([record(person="\x1b[31mred")])
    assert "without control characters" in refused("cohort", "add", "spring", "\x1b[31mred")
    run("cohort", "add", "spring", "\u202egnirts")
    assert "\u202e" not in run("cohort", "status", "spring")
    assert "=1+1" in run("cohort", "create", "=1+1")
