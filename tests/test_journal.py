"""The journal: what is stored stays stored, what was cut short is dropped, and two windows never write at once."""

import contextlib
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from played import BEGIN, started

from simulator.errors import ExitCode, StorageError
from simulator.events import EVENT, SCHEMA_VERSION, Event, TraineeSpoke
from simulator.storage import journal

HOLD_OPEN = """
import sys
from pathlib import Path
from simulator.storage import journal
events, kept = journal.reopen(Path(sys.argv[1]))
print(len(events), flush=True)
sys.stdin.readline()
"""


def reply(turn: int, text: str) -> TraineeSpoke:
    return TraineeSpoke(at=BEGIN + timedelta(seconds=turn), turn=turn, text=text)


def stored(path: Path, *events: Event) -> Path:
    kept = journal.create(path)
    for event in events:
        kept.append(event)
    kept.close()
    return path


@contextlib.contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """A real refusal in the middle of a line: no file of this process may grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def another_process_holding(path: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", HOLD_OPEN, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def test_what_is_appended_is_read_back_in_order(tmp_path: Path) -> None:
    events = (started(), reply(1, "One\nline, « quoted »\u2028and a \x00 byte."), reply(2, "[/bold] 😀"))
    path = stored(tmp_path / "deep" / "s.jsonl", *events)
    assert journal.read(path) == events
    assert len(path.read_bytes().split(b"\n")) == 4


def test_an_event_is_synced_to_disk_before_append_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.jsonl"
    kept = journal.create(path)
    seen: list[int] = []
    fsync = os.fsync

    def spy(handle: int) -> None:
        fsync(handle)
        seen.append(os.fstat(handle).st_size)

    monkeypatch.setattr(os, "fsync", spy)
    kept.append(started())
    assert seen[-1] == path.stat().st_size > 0
    kept.close()


def test_a_reopened_journal_goes_on_where_it_was(tmp_path: Path) -> None:
    path = stored(tmp_path / "s.jsonl", started())
    events, kept = journal.reopen(path)
    assert events == (started(),)
    kept.append(reply(1, "Hello."))
    kept.close()
    assert journal.read(path) == (started(), reply(1, "Hello."))


@pytest.mark.parametrize("tail", [b'{"kind":"trainee_sp', b'{"kind":"trainee_spoke","turn":1\n', b"\x00" * 40])
def test_a_torn_tail_is_left_out_and_removed_on_reopening(tmp_path: Path, tail: bytes) -> None:
    path = stored(tmp_path / "s.jsonl", started(), reply(1, "Hello."))
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    assert len(journal.read(path)) == 2
    assert path.read_bytes() == whole + tail, "reading alone changes nothing"
    events, kept = journal.reopen(path)
    assert len(events) == 2
    assert path.read_bytes() == whole
    kept.close()


def test_a_last_line_without_its_newline_counts_as_torn(tmp_path: Path) -> None:
    path = stored(tmp_path / "s.jsonl", started(), reply(1, "Hello."))
    path.write_bytes(path.read_bytes()[:-1])
    assert journal.read(path) == (started(),)


def test_every_cut_gives_a_beginning_of_the_session(tmp_path: Path) -> None:
    events = (started(), reply(1, "One."), reply(2, "Two."))
    path = stored(tmp_path / "s.jsonl", *events)
    whole = path.read_bytes()
    for size in range(0, len(whole) + 1, 13):
        path.write_bytes(whole[:size])
        read = journal.read(path)
        assert read == events[: len(read)]
        assert len(read) == whole[:size].count(b"\n")


def test_a_damaged_line_in_the_middle_names_file_and_line(tmp_path: Path) -> None:
    path = stored(tmp_path / "s.jsonl", started(), reply(1, "One."), reply(2, "Two."))
    lines = path.read_bytes().split(b"\n")
    lines[1] = lines[1][:20]
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(StorageError, match=r"s\.jsonl: line 2 is damaged"):
        journal.read(path)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="line 2"):
        journal.reopen(path)
    assert path.read_bytes() == before
    assert not journal.lock_path(path).exists(), "the lock is given back"


def test_a_well_formed_line_that_is_no_event_is_never_cut_away(tmp_path: Path) -> None:
    path = stored(tmp_path / "s.jsonl", started())
    path.write_bytes(path.read_bytes() + b'{"kind": "from_elsewhere"}\n')
    with pytest.raises(StorageError, match="line 2 is not an event"):
        journal.reopen(path)
    assert b"from_elsewhere" in path.read_bytes()


def test_a_journal_of_a_newer_format_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    first = EVENT.dump_json(started()).replace(
        f'"schema_version":{SCHEMA_VERSION}'.encode(), f'"schema_version":{SCHEMA_VERSION + 1},"novelty":1'.encode()
    )
    path.write_bytes(first + b"\n")
    with pytest.raises(StorageError, match=r"newer version of the program.*update"):
        journal.read(path)


def test_a_full_disk_leaves_the_file_as_it_was_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    kept = journal.create(path)
    kept.append(started())
    before = path.read_bytes()
    with no_room_beyond(len(before) + 30), pytest.raises(StorageError) as refused:
        kept.append(reply(1, "This does not fit any more."))
    assert path.read_bytes() == before
    assert str(tmp_path) in str(refused.value)
    assert refused.value.exit_code is ExitCode.STORAGE
    kept.append(reply(1, "Now it does."))
    kept.close()
    assert journal.read(path) == (started(), reply(1, "Now it does."))


def test_a_failed_sync_stores_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.jsonl"
    kept = journal.create(path)
    kept.append(started())
    before = path.read_bytes()

    def fail(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(StorageError, match="disk is full; free some space"):
            kept.append(reply(1, "Lost?"))
    assert path.read_bytes() == before
    kept.close()


def test_words_that_are_not_unicode_are_refused_and_nothing_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    kept = journal.create(path)
    kept.append(started())
    with pytest.raises(StorageError, match="not valid Unicode"):
        kept.append(reply(1, "half a character: \udc80"))
    kept.close()
    assert journal.read(path) == (started(),)


def test_a_second_process_is_told_which_one_has_the_session(tmp_path: Path) -> None:
    path = stored(tmp_path / "s.jsonl", started())
    with another_process_holding(path) as process:
        with pytest.raises(StorageError) as refused:
            journal.reopen(path)
        assert str(refused.value) == f"This session is open in another window (process {process.pid})."
        assert journal.read(path) == (started(),), "reading needs no lock"


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    path = stored(tmp_path / "s.jsonl", started())
    with another_process_holding(path) as process:
        process.kill()
        process.wait()
    assert journal.lock_path(path).exists(), "its file is left, and harmless"
    _, kept = journal.reopen(path)
    kept.close()
    assert not journal.lock_path(path).exists()


def test_two_windows_of_one_process_do_not_share_a_session(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    kept = journal.create(path)
    kept.append(started())
    with pytest.raises(StorageError, match=f"process {os.getpid()}"):
        journal.reopen(path)
    kept.close()


def test_a_session_is_created_once(tmp_path: Path) -> None:
    path = stored(tmp_path / "s.jsonl", started())
    with pytest.raises(StorageError, match="already is a session s"):
        journal.create(path)
    assert journal.read(path) == (started(),)


def test_a_journal_nothing_was_stored_in_leaves_no_file(tmp_path: Path) -> None:
    kept = journal.create(tmp_path / "s.jsonl")
    kept.close()
    kept.close()
    assert list(tmp_path.iterdir()) == []
