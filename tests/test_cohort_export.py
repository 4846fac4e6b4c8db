"""`cohort export`: every session and dimension as a row, harmless to spreadsheets, never over another file unasked."""

import csv
import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cohort_made import filled, refused, run, told
from pyarrow import parquet  # type: ignore[import-untyped]
from recorded import record, score

from simulator.reports.cohort_export import COLUMNS, harmless, write_csv, write_parquet
from simulator.storage.records.database import Database
from simulator.storage.records.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    address = f"sqlite:///{tmp_path / 'records.db'}"
    monkeypatch.setenv("SIMULATOR_DATABASE", address)
    monkeypatch.setenv("SIMULATOR_DATA", str(tmp_path / "data"))
    return Store(Database(address))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def written(*records: object) -> list[dict[str, str]]:
    file = io.StringIO()
    write_csv(records, file)  # type: ignore[arg-type]
    return rows(file.getvalue())


def test_there_is_one_row_for_each_session_and_dimension(store: Store) -> None:
    filled(store, "spring", 4, 3)
    found = rows(told("cohort", "export", "spring"))
    assert len(found) == 4 * 3 * 3
    assert list(found[0]) == list(COLUMNS)
    assert len({(row["session"], row["dimension"]) for row in found}) == len(found)
    first = next(row for row in found if (row["session"], row["dimension"]) == ("spring-0-0", "empathy"))
    assert (first["person"], first["level"], first["rated_replies"], first["rater"]) == (
        "spring 0",
        "2.4",
        "4",
        "embedded-1",
    )
    assert first["started"] == "2026-11-22T12:00:00+00:00"


def test_what_was_not_recorded_is_empty_and_not_zero() -> None:
    [row] = written(record(scores=(score("empathy", 3.0),), handle_seconds=None, copilot=False))
    assert (row["handle_seconds"], row["handoff"], row["copilot"], row["critical"]) == ("", "", "false", "0")


def test_a_session_without_levels_is_not_lost() -> None:
    [row] = written(record(scores=()))
    assert row["session"] == record().session
    assert row["dimension"] == row["level"] == row["rater"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_cells_that_would_be_formulas_are_made_harmless_in_csv(start: str) -> None:
    name = f'{start}HYPERLINK("x")'
    [row] = written(record(person=name, scenario=name, scores=(score(name, 3.0),)))
    assert row["person"] == row["scenario"] == row["dimension"] == f"'{name}"


@pytest.mark.parametrize("name", ["Anna", "O'Neil", "a=b", "3-2", "", "'=1"])
def test_other_cells_stay_as_they_are(name: str) -> None:
    assert harmless(name) == name


def test_commas_quotes_and_line_breaks_survive_csv() -> None:
    name = 'Anna, "the" otter\nof Oporto;'
    [row] = written(record(person=name, scores=(score("empathy", 3.0),)))
    assert row["person"] == name


def test_parquet_keeps_every_value_as_it_is_with_its_type(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    counted = write_parquet([record(person="=1+1", handoff=True), record("2", scores=())], path)
    assert counted == (2, 3)
    found = parquet.read_table(path)
    assert found.column_names == list(COLUMNS)
    first, _, last = found.to_pylist()
    assert first["person"] == "=1+1"
    assert first["handoff"] is True
    assert first["copilot"] is None
    assert first["started"] == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert first["level"] == pytest.approx(3.37)
    assert last["dimension"] is None


def test_the_files_name_says_the_format(store: Store, tmp_path: Path) -> None:
    filled(store, "spring", 2, 1)
    for name in ("x.csv", "y.CSV", "z.parquet"):
        told("cohort", "export", "spring", "-o", str(tmp_path / name))
    assert len(rows((tmp_path / "x.csv").read_text())) == len(rows((tmp_path / "y.CSV").read_text())) == 6
    assert parquet.read_table(tmp_path / "z.parquet").num_rows == 6
    assert "neither .csv nor .parquet" in refused(2, "cohort", "export", "spring", "-o", str(tmp_path / "x.xlsx"))


def test_a_file_that_is_there_is_only_written_over_by_force(store: Store, tmp_path: Path) -> None:
    filled(store, "spring", 2, 1)
    path = tmp_path / "x.csv"
    path.write_text("mine")
    assert "--force" in refused(2, "cohort", "export", "spring", "-o", str(path))
    assert path.read_text() == "mine"
    told("cohort", "export", "spring", "-o", str(path), "--force")
    assert len(rows(path.read_text())) == 6


def test_a_link_that_leads_nowhere_is_a_file_that_is_there(store: Store, tmp_path: Path) -> None:
    filled(store, "spring", 2, 1)
    path = tmp_path / "x.csv"
    path.symlink_to(tmp_path / "elsewhere.csv")
    assert "--force" in refused(2, "cohort", "export", "spring", "-o", str(path))
    assert not (tmp_path / "elsewhere.csv").exists()


def test_a_file_that_came_in_the_meantime_stays(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store, "spring", 2, 1)
    path = tmp_path / "x.csv"
    link = os.link

    def late(made: Path, output: Path) -> None:
        path.write_text("somebody else's")
        link(made, output)

    monkeypatch.setattr(os, "link", late)
    assert "is there already" in refused(2, "cohort", "export", "spring", "-o", str(path))
    assert path.read_text() == "somebody else's"
    assert [one.name for one in tmp_path.glob(".*")] == []


def test_where_a_file_system_knows_no_links_the_file_is_moved(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, "spring", 2, 1)

    def none(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    told("cohort", "export", "spring", "-o", str(tmp_path / "x.csv"))
    assert len(rows((tmp_path / "x.csv").read_text())) == 6


def test_a_full_disk_leaves_nothing_behind(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store, "spring", 2, 1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("simulator.reports.cohort_export.write_csv", full)
    path = tmp_path / "x.csv"
    assert "no space left on device" in refused(4, "cohort", "export", "spring", "-o", str(path))
    assert not path.exists()
    assert [one.name for one in tmp_path.glob(".*")] == []


def test_a_folder_that_is_not_there_is_refused(store: Store, tmp_path: Path) -> None:
    filled(store, "spring", 2, 1)
    assert "Cannot write" in refused(2, "cohort", "export", "spring", "-o", str(tmp_path / "no" / "x.csv"))


def test_a_cohort_without_sessions_is_a_head_line_and_a_sentence(store: Store) -> None:
    store.create("empty")
    done = run("cohort", "export", "empty")
    assert done.stdout.strip() == ",".join(COLUMNS)
    assert "no finished session yet" in done.stderr
