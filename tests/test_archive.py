"""The archive: every session on this machine, found again, and none of them able to break the list."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from played import BEGIN, started

from simulator.errors import ExitCode, StorageError, UsageError
from simulator.events import Event, SessionEnded, TraineeSpoke
from simulator.events import new_session_id as new_id
from simulator.storage import journal
from simulator.storage.archive import SessionArchive
from simulator.vocabulary import Ending


def play(archive: SessionArchive, session: str, *events: Event) -> None:
    kept = archive.create(session)
    for event in (started(session=session), *events):
        kept.append(event)
    kept.close()


ENDED = SessionEnded(at=BEGIN, ending=Ending.RESOLVED)


def test_an_archive_without_a_folder_is_empty_and_makes_none(tmp_path: Path) -> None:
    archive = SessionArchive(tmp_path / "not" / "yet")
    assert [*archive.sessions(), *archive.unfinished(), *archive.problems()] == []
    assert not archive.folder.exists()
    with pytest.raises(UsageError, match="no session yet"):
        archive.session("last")


def test_sessions_are_listed_newest_first(tmp_path: Path) -> None:
    archive = SessionArchive(tmp_path)
    ids = [new_id(BEGIN + timedelta(hours=hour)) for hour in range(4)]
    for session in (ids[2], ids[0], ids[3], ids[1]):
        play(archive, session, ENDED)
    assert [session.id for session in archive.sessions()] == ids[::-1]
    assert archive.session("last").id == ids[3]


def test_ids_sort_by_time_across_time_zones_and_never_repeat() -> None:
    summer = datetime.fromisoformat("2026-10-25T02:30:00+02:00")
    winter = datetime.fromisoformat("2026-10-25T02:15:00+01:00")
    assert summer < winter
    assert new_id(summer) < new_id(winter)
    assert new_id(summer).startswith("20261025-003000-")
    assert len({new_id(summer) for _ in range(50)}) == 50


def test_a_session_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    archive = SessionArchive(tmp_path)
    play(archive, "20261122-101530-ab12cd", ENDED)
    play(archive, "20261122-101530-ab12cd-1", ENDED)
    play(archive, "20261123-090000-ffffff", ENDED)
    assert archive.session("20261123").id == "20261123-090000-ffffff"
    assert archive.session("20261122-101530-ab12cd").id == "20261122-101530-ab12cd"
    with pytest.raises(UsageError, match='2 sessions begin with "20261122"'):
        archive.session("20261122")
    with pytest.raises(UsageError, match='no session "2025"') as refused:
        archive.session("2025")
    assert refused.value.exit_code is ExitCode.USAGE


def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    play(SessionArchive(tmp_path), "secret", ENDED)
    archive = SessionArchive(tmp_path / "inside")
    play(archive, "20261122-101530-ab12cd", ENDED)
    with pytest.raises(UsageError):
        archive.session("../secret")


def test_an_unreadable_file_is_reported_and_does_not_break_the_list(tmp_path: Path) -> None:
    archive = SessionArchive(tmp_path)
    play(archive, "20261122-101530-aaaaaa", ENDED)
    play(archive, "20261123-101530-bbbbbb", TraineeSpoke(at=BEGIN, turn=0, text="Hello."), ENDED)
    damaged = tmp_path / "20261123-101530-bbbbbb.jsonl"
    lines = damaged.read_bytes().split(b"\n")
    damaged.write_bytes(b"\n".join([lines[0], b"{", *lines[2:]]))
    (tmp_path / "20261124-101530-cccccc.jsonl").write_bytes(b'{"kind": "session_ended"')
    assert [session.id for session in archive.sessions()] == ["20261122-101530-aaaaaa"]
    newest, older = archive.problems()
    assert "20261124-101530-cccccc.jsonl is damaged" in newest
    assert "20261123-101530-bbbbbb.jsonl: line 2" in older
    assert archive.session("last").id == "20261122-101530-aaaaaa"
    with pytest.raises(StorageError, match="line 2"):
        archive.session("20261123")


def test_events_that_cannot_follow_each_other_are_a_problem_and_no_crash(tmp_path: Path) -> None:
    archive = SessionArchive(tmp_path)
    play(archive, "20261122-101530-aaaaaa", TraineeSpoke(at=BEGIN, turn=5, text="Out of order."))
    assert archive.sessions() == ()
    assert "turn 5 cannot follow" in archive.problems()[0]


def test_only_sessions_that_broke_off_are_unfinished(tmp_path: Path) -> None:
    archive = SessionArchive(tmp_path)
    play(archive, "20261122-000000-aaaaaa", ENDED)
    play(archive, "20261122-000001-bbbbbb")
    still_open = archive.create("20261122-000002-cccccc")
    still_open.append(started(session="20261122-000002-cccccc"))
    assert [session.id for session in archive.unfinished()] == ["20261122-000001-bbbbbb"]
    assert len(archive.sessions()) == 3
    assert archive.is_open("20261122-000002-cccccc")
    still_open.close()
    assert not archive.is_open("20261122-000002-cccccc")
    assert len(archive.unfinished()) == 2


def test_a_session_is_reopened_by_prefix_and_goes_on(tmp_path: Path) -> None:
    archive = SessionArchive(tmp_path)
    play(archive, "20261122-101530-ab12cd")
    events, kept = archive.reopen("20261122")
    assert events == (started(session="20261122-101530-ab12cd"),)
    assert archive.sessions()[0].ended is None
    kept.append(ENDED)
    kept.close()
    assert archive.session("last").ended == ENDED
    assert archive.reopen("last")[0][-1] == ENDED


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = SessionArchive(tmp_path)
    play(archive, "20261122-101530-aaaaaa", ENDED)
    play(archive, "20261123-101530-bbbbbb")
    archive.sessions()
    read: list[str] = []
    real = journal.read

    def spy(path: Path) -> tuple[Event, ...]:
        read.append(path.stem)
        return real(path)

    monkeypatch.setattr(journal, "read", spy)
    _, kept = archive.reopen("20261123")
    kept.append(ENDED)
    kept.close()
    assert all(session.ended for session in archive.sessions())
    assert read == ["20261123-101530-bbbbbb"]


def test_a_file_that_another_window_puts_away_meanwhile_breaks_no_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = SessionArchive(tmp_path)
    play(archive, "20261122-101530-aaaaaa", ENDED)
    gone = tmp_path / "20261123-101530-bbbbbb.jsonl"
    real = Path.glob
    monkeypatch.setattr(Path, "glob", lambda self, pattern: [*real(self, pattern), gone])
    assert [session.id for session in archive.sessions()] == ["20261122-101530-aaaaaa"]
    assert archive.problems() == ()


def test_a_folder_that_cannot_be_made_is_a_storage_error_before_anything_is_shown(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    archive = SessionArchive(tmp_path / "file" / "sessions")
    with pytest.raises(StorageError) as refused:
        archive.prepare()
    assert refused.value.exit_code is ExitCode.STORAGE
    assert "a file is in the way" in str(refused.value)
    assert "SIMULATOR_DATA" in str(refused.value)
    with pytest.raises(StorageError):
        archive.create("20261122-101530-ab12cd")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_a_storage_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="make it writable"):
        SessionArchive(tmp_path).prepare()


def test_preparing_makes_the_folder_and_leaves_nothing_in_it(tmp_path: Path) -> None:
    archive = SessionArchive(tmp_path / "data" / "sessions")
    archive.prepare()
    assert list(archive.folder.iterdir()) == []
