"""Handing in, taking in and forgetting, as people type it: real files, a real store, one clear line for each fault."""

import json
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from handed import FIRST, MARCH, as_of, as_written, changed, journal, played

from simulator.assessment.gold import GoldReply, Judgement, Provenance
from simulator.backends.scripted import ScriptedRater
from simulator.cli import handed_in as cli_handed_in
from simulator.cli import main as cli
from simulator.cohorts.records import SessionRecord
from simulator.errors import StorageError
from simulator.standing import Calibration
from simulator.storage import handin
from simulator.storage import journal as journals
from simulator.storage.handed_in import HandedIn
from simulator.storage.keys import TraineeKey
from simulator.storage.ratings import RatingsFolder
from simulator.storage.records.database import Database
from simulator.storage.records.store import Store
from simulator.storage.verifying import verified

Run = Callable[..., tuple[int, str, str]]

SECOND = "20250304-090000-bbbbbb"
MARIA, OTTO = TraineeKey(bytes(range(32))), TraineeKey(bytes(range(1, 33)))


@pytest.fixture
def lead(tmp_path: Path) -> Path:
    """The lead's data folder."""
    return tmp_path / "lead"


@pytest.fixture
def trainee(tmp_path: Path) -> Path:
    """The trainee's data folder."""
    return tmp_path / "trainee"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The program in this process, for the one whose data folder comes first: exit code, answer, what was said."""

    def run(data: Path, *arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setenv("SIMULATOR_DATA", str(data))
        monkeypatch.setattr(sys, "argv", ["simulator", *map(str, arguments)])
        code = cli._run()
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def generous(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rater that finds level 5 in everything, under a version of its own."""

    class Generous(ScriptedRater):
        version = "generous-2"

        async def rate(self, exchange: Any, turn: int = 0) -> Any:
            rating = await super().rate(exchange, turn)
            return rating.model_copy(
                update={"levels": dict.fromkeys(rating.levels, 5), "expected": dict.fromkeys(rating.levels, 5.0)}
            )

    @contextmanager
    def models_of(configured: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(cast=SimpleNamespace(rater=Generous()), notices=())

    monkeypatch.setattr(cli_handed_in, "models_of", models_of)


def file_of(folder: Path, lines: tuple[bytes, ...], signer: TraineeKey | None = None, name: str | None = None) -> Path:
    """A hand-in file, as whoever knows the format can write it."""
    session = json.loads(lines[0])["session"]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{session}{handin.SUFFIX}")
    path.write_bytes(handin.written(session, lines, "0.1.0", signer))
    return path


def records(data: Path) -> list[SessionRecord]:
    with Store(Database(f"sqlite:///{data}/records.db")) as store:
        return list(store.sessions())


def shorter(lines: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Up to its end, without the rating that came after it."""
    end = next(at for at, line in enumerate(lines) if b'"session_ended"' in line)
    return lines[: end + 1]


def longer(lines: tuple[bytes, ...]) -> tuple[bytes, ...]:
    contested = {
        "kind": "score_disputed",
        "at": "2025-03-03T10:00:00Z",
        "turn": 1,
        "reason": "Too low.",
        "dimension": None,
        "level": None,
    }
    return (*lines, as_written(contested))


# Handing in


def test_the_last_session_is_written_to_a_file_that_a_lead_can_take_in(run: Run, trainee: Path, lead: Path) -> None:
    journal(trainee)
    journal(trainee, SECOND)
    code, out, err = run(trainee, "sessions", "export", "-o", trainee / "out")
    path = trainee / "out" / f"{SECOND}.simsession"
    assert (code, out) == (0, f"{path}\n")
    assert "Not signed" in err
    code, out, err = run(lead, "cohort", "import", path)
    assert (code, err) == (0, "")
    assert out.startswith("1 file: 1 new.\n1 unsigned: an unbroken chain shows damage, not tampering.")
    [record] = records(lead)
    assert (record.session, record.person, record.signer) == (SECOND, "quiet-otter", None)
    assert [score.mean for score in record.scores] == [3.0, 3.0, 3.0]
    [kept] = lead.glob("handed-in/*/*")
    assert kept.read_bytes() == path.read_bytes(), "the file is kept as it came"
    assert "quiet-otter" not in str(kept.relative_to(lead))


def test_all_finished_sessions_are_exported_and_the_others_named(run: Run, trainee: Path) -> None:
    journal(trainee)
    lines = journal(trainee, SECOND)
    (trainee / "sessions" / f"{SECOND}.jsonl").write_bytes(b"".join(line + b"\n" for line in lines[:6]))
    code, out, err = run(trainee, "sessions", "export", "--all", "-o", trainee / "out")
    assert (code, out.split()) == (0, [str(trainee / "out" / f"{FIRST}.simsession")])
    assert f"Session {SECOND} is not finished; `simulator resume {SECOND}` goes on with it." in err
    code, out, err = run(trainee, "sessions", "export", SECOND, "-o", trainee / "out")
    assert (code, out) == (1, "")
    assert "is not finished" in err


def test_a_session_that_is_open_in_a_window_is_not_exported(run: Run, trainee: Path) -> None:
    journal(trainee)
    _, held = journals.reopen(trainee / "sessions" / f"{FIRST}.jsonl")
    try:
        code, out, err = run(trainee, "sessions", "export", "-o", trainee / "out")
    finally:
        held.close()
    assert (code, out) == (1, "")
    assert "is open in a window" in err


def test_exporting_again_replaces_the_file_and_nothing_else(run: Run, trainee: Path) -> None:
    journal(trainee)
    path = trainee / "out" / f"{FIRST}.simsession"
    assert run(trainee, "sessions", "export", "-o", path.parent)[0] == 0
    before = path.read_bytes()
    assert run(trainee, "sessions", "export", "-o", path.parent)[0] == 0
    assert path.read_bytes() == before
    path.write_text("my notes")
    code, _, err = run(trainee, "sessions", "export", "-o", path.parent)
    assert (code, "is in the way and is no hand-in file" in err) == (2, True)
    assert path.read_text() == "my notes"
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("nobody",), 2, 'There is no session "nobody"'),
        (("--all", "last"), 2, "not both"),
        (("--as", "=HYPERLINK()"), 2, "begins with =, which spreadsheets take for a formula"),
        (("--as", "\x1b[31mred"), 2, "control characters"),
        (("--as", "  "), 2, "is empty"),
        (("--as", "x" * 81), 2, "has 81 characters"),
        (("-o", "/dev/null/x"), 2, "Cannot write"),
    ],
)
def test_an_export_that_cannot_be_is_one_sentence(
    run: Run, trainee: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    journal(trainee)
    found, out, err = run(trainee, "sessions", "export", *arguments)
    assert (found, out) == (code, "")
    assert says in err
    assert "\x1b" not in err


def test_the_options_of_the_list_stay_with_the_list(run: Run, trainee: Path) -> None:
    journal(trainee)
    assert json.loads(run(trainee, "sessions", "--json")[1])["sessions"][0]["trainee"] == "quiet-otter"
    assert f"{FIRST}  fare-jump" in run(trainee, "sessions")[1]
    assert run(trainee, "sessions", "--json", "key")[0] == 2


def test_a_pseudonym_leaves_the_name_in_no_field_and_says_what_it_does_not_replace(
    run: Run, trainee: Path, lead: Path
) -> None:
    journal(trainee, trainee="Robin Vale")
    code, _, err = run(trainee, "sessions", "export", "--as", "grey-heron", "-o", trainee / "out")
    assert code == 0
    assert "words that somebody typed" in err
    path = trainee / "out" / f"{FIRST}.simsession"
    assert b"Robin" not in path.read_bytes()
    assert run(lead, "cohort", "import", path)[0] == 0
    assert [record.person for record in records(lead)] == ["grey-heron"]


def test_a_name_that_no_lead_takes_is_refused_before_it_is_handed_in(run: Run, trainee: Path) -> None:
    journal(trainee, trainee="=cmd|' /C calc'!A0")
    code, out, err = run(trainee, "sessions", "export", "-o", trainee / "out")
    assert (code, out) == (1, "")
    assert "hand it in with --as NAME" in err


def test_signing_makes_a_key_once_and_prints_the_public_one(run: Run, trainee: Path) -> None:
    journal(trainee)
    assert run(trainee, "sessions", "export", "--sign", "-o", trainee / "out")[0] == 0
    code, key, _ = run(trainee, "sessions", "key")
    assert code == 0
    assert re.fullmatch(r"[0-9a-f]{64}\n", key)
    assert key.strip() in (trainee / "out" / f"{FIRST}.simsession").read_text()
    private = trainee / "signing-key"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert key.strip() not in private.read_text()


# Taking in


def test_the_same_file_twice_is_one_session(run: Run, lead: Path, tmp_path: Path) -> None:
    path = file_of(tmp_path / "in", as_of())
    copy = shutil.copy(path, tmp_path / "in" / "copy.simsession")
    assert run(lead, "cohort", "import", path, copy)[1].startswith("2 files: 1 new, 1 unchanged.")
    before = {one: one.read_bytes() for one in lead.glob("handed-in/*/*")}
    assert run(lead, "cohort", "import", tmp_path / "in")[1].startswith("2 files: 2 unchanged.")
    assert {one: one.read_bytes() for one in lead.glob("handed-in/*/*")} == before
    assert len(records(lead)) == 1


def test_a_longer_one_takes_the_place_of_its_beginning_and_never_the_reverse(
    run: Run, lead: Path, tmp_path: Path
) -> None:
    short, long = file_of(tmp_path / "a", as_of()), file_of(tmp_path / "b", longer(as_of()))
    assert run(lead, "cohort", "import", short)[1].startswith("1 file: 1 new.")
    assert run(lead, "cohort", "import", long)[1].startswith("1 file: 1 grown.")
    assert run(lead, "cohort", "import", short)[1].startswith("1 file: 1 older.")
    [record] = records(lead)
    assert record.events == len(as_of()) + 1
    [kept] = lead.glob("handed-in/*/*")
    assert kept.read_bytes() == long.read_bytes()
    assert run(tmp_path / "other", "cohort", "import", long, short)[1].startswith("2 files: 1 new, 1 older.")


def test_two_files_of_one_session_with_other_events_are_refused_and_both_named(
    run: Run, lead: Path, tmp_path: Path
) -> None:
    lines = as_of()
    at = next(at for at, line in enumerate(lines) if b'"trainee_spoke"' in line)
    first, second = file_of(tmp_path / "a", lines), file_of(tmp_path / "b", changed(lines, at, text="Better words."))
    code, out, err = run(lead, "cohort", "import", first, second)
    assert code == 1
    assert out.startswith("2 files: 1 new, 1 refused.")
    assert err == (
        f"{second}: session {FIRST} is here already (from {first}) with other events: the two part at line {at + 2} "
        "(trainee_spoke). What is here stays.\n"
    )
    code, _, err = run(lead, "cohort", "import", second)
    assert (code, "is here already with other events" in err) == (1, True)
    assert len(records(lead)) == 1


def test_what_was_played_here_cannot_be_contradicted_by_a_file(run: Run, lead: Path, tmp_path: Path) -> None:
    lines = journal(lead)
    assert run(lead, "cohort", "import", file_of(tmp_path, lines))[0] == 0
    other = file_of(tmp_path, changed(lines, len(lines) - 1, at="2025-03-03T12:00:00Z"))
    code, _, err = run(lead, "cohort", "import", other)
    assert (code, "was played on this machine with other events" in err) == (1, True)


def test_what_the_shared_database_has_cannot_be_contradicted_either(run: Run, lead: Path, tmp_path: Path) -> None:
    assert run(lead, "cohort", "import", file_of(tmp_path, as_of()))[0] == 0
    shutil.rmtree(lead / "handed-in")
    lines = as_of()
    code, _, err = run(lead, "cohort", "import", file_of(tmp_path, changed(lines, 5, at="2025-03-03T12:00:00Z")))
    assert (code, "is in the database with other events" in err) == (1, True)
    assert list(lead.glob("handed-in/*/*")) == [], "what is refused is not kept"


def test_an_edit_is_refused_with_its_place_and_the_others_are_taken_in(run: Run, lead: Path, tmp_path: Path) -> None:
    good = file_of(tmp_path / "in", as_of())
    bad = file_of(tmp_path / "in", as_of(SECOND, "loud-otter"))
    bad.write_bytes(bad.read_bytes().replace(b"loud-otter", b"vain-otter"))
    code, out, _ = run(lead, "cohort", "import", tmp_path / "in", "--json")
    assert code == 1
    told = json.loads(out)
    assert told["counts"] == {"new": 1, "refused": 1}
    files = {one["file"]: one for one in told["files"]}
    assert files[str(good)]["session"] == FIRST
    assert files[str(bad)]["notes"] == [
        "line 2 (session_started) breaks the chain: it was changed after it was exported."
    ]
    assert [record.session for record in records(lead)] == [FIRST]


def zeros(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: path.unlink(missing_ok=True), "there is no such file."),
    "folder": (lambda path: path.mkdir(), "it is a folder without .simsession files in it."),
    "link": (lambda path: path.symlink_to("/etc/passwd"), "it is a link; name the file that it leads to."),
    "pipe": (lambda path: os.mkfifo(path), "it is a pipe or a device, not a file."),
    "large": (lambda path: zeros(path, 100_000_000), "it is larger than 20,000,000 bytes"),
    "empty": (lambda path: path.touch(), "it is empty."),
    "zip": (lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 100), "it is a zip archive"),
    "latin": (lambda path: path.write_bytes(b"caf\xe9\n"), "it is no hand-in file"),
    "journal": (lambda path: path.write_bytes(b"\n".join(played())), "it is no hand-in file"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_hand_in_file_is_one_line_and_stores_nothing(
    run: Run, lead: Path, tmp_path: Path, kind: str
) -> None:
    make, says = BAD[kind]
    path = tmp_path / f"{kind}.simsession"
    make(path)
    code, out, err = run(lead, "cohort", "import", path)
    assert (code, out) == (1, "1 file: 1 refused.\n")
    assert err.startswith(f"{path}: {says}")
    assert err.count("\n") == 1
    assert list(lead.glob("handed-in/*/*")) == []


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat().replace("+00:00", "Z")


HOSTILE: dict[str, tuple[Callable[[], tuple[bytes, ...]], str]] = {
    "path as id": (lambda: as_of("../../../etc/cron.d/x"), 'its session id, "../../../etc/cron.d/x", is none'),
    "hidden id": (lambda: as_of("20250303-090000-AAAAAA"), "is none that this program gives"),
    "device id": (lambda: as_of("con"), 'its session id, "con", is none'),
    "long id": (lambda: as_of("2" * 300), "is none that this program gives"),
    "zero byte in id": (lambda: as_of("2025\x00"), "is none that this program gives"),
    "control characters": (lambda: as_of(trainee="a\x1b]0;b"), "holds control characters"),
    "hidden characters": (lambda: as_of(trainee="Maria\u200b"), "holds control characters"),
    "turned writing": (lambda: as_of(trainee="\u202eairaM"), "holds control characters"),
    "formula": (lambda: as_of(trainee="=1+1"), "begins with =, which spreadsheets take for a formula"),
    "wide formula": (lambda: as_of(trainee="＠SUM(A1)"), "which spreadsheets take for a formula"),
    "no name": (lambda: as_of(trainee=" "), "the trainee's name is empty"),
    "long name": (lambda: as_of(trainee="x" * 1_000), "has 1,000 characters"),
    "unfinished": (lambda: as_of()[:6], "the session is not finished"),
    "future": (lambda: as_of(at=in_days(3)), "it was played in the future"),
    "lost clock": (lambda: as_of(at="1970-01-01T00:01:00Z"), "before this program was made (1970-01-01"),
    "end of time": (lambda: as_of(at="9999-12-31T23:59:59-12:00"), "it was played in the future"),
    "no scenario": (lambda: as_of(scenario="title: x\n"), "holds a scenario, persona or rubric that cannot be used"),
    "levels": (lambda: with_levels(99.0), "its levels or feelings are none that a session can have"),
}


def with_levels(expected: float) -> tuple[bytes, ...]:
    lines = as_of()
    at = next(at for at, line in enumerate(lines) if b'"reply_rated"' in line)
    rating = json.loads(lines[at])["rating"]
    return changed(lines, at, rating=rating | {"expected": dict.fromkeys(rating["expected"], expected)})


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_whole_file_with_hostile_contents_is_one_line_and_stores_nothing(
    run: Run, lead: Path, tmp_path: Path, kind: str
) -> None:
    make, says = HOSTILE[kind]
    path = file_of(tmp_path / "in", make(), name="x.simsession")
    code, out, err = run(lead, "cohort", "import", path)
    assert (code, out) == (1, "1 file: 1 refused.\n")
    assert says in err
    assert err.count("\n") == 1
    assert not set(err) & {"\x1b", "\u202e", "\x00"}
    assert list(lead.glob("handed-in/*/*")) == []
    assert records(lead) == []
    assert sorted(one.name for one in tmp_path.iterdir()) in (["in", "lead"], ["home", "in", "lead"])


def test_names_with_sql_in_them_are_names(run: Run, lead: Path, tmp_path: Path) -> None:
    person = "Robert'); DROP TABLE sessions;--"
    assert run(lead, "cohort", "import", file_of(tmp_path, as_of(trainee=person)))[0] == 0
    assert [record.person for record in records(lead)] == [person]


def test_a_clock_that_goes_back_is_a_remark_and_its_time_is_left_out(run: Run, lead: Path, tmp_path: Path) -> None:
    lines = as_of()
    at = next(at for at, line in enumerate(lines) if b'"trainee_spoke"' in line)
    path = file_of(tmp_path, changed(lines, at, at="2025-03-03T08:00:00Z"))
    code, out, err = run(lead, "cohort", "import", path)
    assert (code, out[:15]) == (0, "1 file: 1 new.\n")
    assert re.match(rf"{path}: the clock goes back by 3,6\d\d s at line {at + 2}, so times are left out\.\n", err)
    assert records(lead)[0].handle_seconds is None


def test_people_are_put_in_a_cohort_and_an_unknown_one_stops_before_any_file_is_read(
    run: Run, lead: Path, tmp_path: Path
) -> None:
    folder = file_of(tmp_path / "in", as_of()).parent
    file_of(folder, as_of(SECOND, "loud-otter"))
    code, _, err = run(lead, "cohort", "import", folder, "--cohort", "May")
    assert (code, 'There is no cohort "May"' in err) == (2, True)
    assert list(lead.glob("handed-in/*/*")) == []
    run(lead, "cohort", "create", "May")
    assert "New in the cohort May: 2 of 2 people." in run(lead, "cohort", "import", folder, "--cohort", "May")[1]
    assert "New in the cohort May: 0 of 2 people." in run(lead, "cohort", "import", folder, "--cohort", "May")[1]
    with Store(Database(f"sqlite:///{lead}/records.db")) as store:
        assert store.status("May", datetime.now(UTC)).people == ("loud-otter", "quiet-otter")


# Signatures


def keys(folder: Path, *lines: str) -> Path:
    path = folder / "keys.txt"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def test_with_known_keys_only_their_signatures_are_taken_and_the_signer_is_named(
    run: Run, lead: Path, tmp_path: Path
) -> None:
    known = keys(tmp_path, f"{MARIA.public} Maria")
    good = file_of(tmp_path / "in", as_of(), MARIA)
    bare = file_of(tmp_path / "in", as_of("20250305-090000-cccccc"))
    strange = file_of(tmp_path / "in", as_of(SECOND), OTTO)
    code, out, err = run(lead, "cohort", "import", good.parent, "--keys", known)
    assert code == 1
    assert f"1 signed by Maria, key {MARIA.public}." in out
    assert f"{bare}: it is not signed, and only keys in {known} are taken." in err
    assert f"{strange}: it is signed with a key that is not in {known} ({OTTO.public})." in err
    assert [(one.session, one.signer) for one in records(lead)] == [(FIRST, MARIA.public)]


def test_nobody_hands_in_under_the_name_of_somebody_else_in_the_list(run: Run, lead: Path, tmp_path: Path) -> None:
    known = keys(tmp_path, f"{MARIA.public} Maria", f"{OTTO.public} Otto")
    forged = file_of(tmp_path / "in", as_of(trainee="Maria"), OTTO)
    code, _, err = run(lead, "cohort", "import", forged, "--keys", known)
    assert (code, 'it is signed by "Otto", and the session says that it is "Maria"\'s.' in err) == (1, True)
    alias = file_of(tmp_path / "in", as_of(trainee="grey-heron"), OTTO)
    assert run(lead, "cohort", "import", alias, "--keys", known)[0] == 0


def test_a_list_in_the_data_folder_counts_without_being_named(run: Run, lead: Path, tmp_path: Path) -> None:
    lead.mkdir()
    (lead / "trusted-keys.txt").write_text(f"{MARIA.public}\n")
    code, _, err = run(lead, "cohort", "import", file_of(tmp_path, as_of()))
    assert (code, "only keys in" in err) == (1, True)
    assert run(lead, "cohort", "import", file_of(tmp_path, as_of(), MARIA))[0] == 0
    (lead / "trusted-keys.txt").write_text("Maria\n")
    assert run(lead, "cohort", "import", file_of(tmp_path, as_of(), MARIA))[0] == 2


def test_a_signature_can_be_added_and_not_taken_away_or_changed(run: Run, lead: Path, tmp_path: Path) -> None:
    bare, signed = file_of(tmp_path / "a", as_of()), file_of(tmp_path / "b", as_of(), MARIA)
    assert run(lead, "cohort", "import", bare)[1].startswith("1 file: 1 new.")
    assert run(lead, "cohort", "import", signed)[1].startswith("1 file: 1 signed.")
    assert run(lead, "cohort", "import", bare)[1].startswith("1 file: 1 unchanged.")
    [kept] = lead.glob("handed-in/*/*")
    assert kept.read_bytes() == signed.read_bytes()
    other = file_of(tmp_path / "c", as_of(), OTTO)
    assert "signed with another key" in run(lead, "cohort", "import", other)[2]
    grown = file_of(tmp_path / "d", longer(as_of()))
    assert "is not signed itself" in run(lead, "cohort", "import", grown)[2]
    assert run(lead, "cohort", "import", file_of(tmp_path / "e", longer(as_of()), MARIA))[1].startswith(
        "1 file: 1 grown."
    )


# Rating anew


@pytest.mark.usefixtures("generous")
def test_rescoring_leaves_the_file_alone_and_counts_with_its_own_version(run: Run, lead: Path, tmp_path: Path) -> None:
    path = file_of(tmp_path, as_of())
    assert run(lead, "cohort", "import", path)[0] == 0
    assert {(one.mean, one.rater) for one in records(lead)[0].scores} == {(3.0, "scripted")}
    code, out, _ = run(lead, "cohort", "import", path, "--rescore")
    assert (code, "1 rated anew by generous-2." in out) == (0, True)
    levels = {(one.mean, one.rater) for one in records(lead)[0].scores if one.rater == "generous-2"}
    assert levels == {(5.0, "generous-2")}
    [kept] = lead.glob("handed-in/*/*.simsession")
    assert kept.read_bytes() == path.read_bytes()
    taken = HandedIn(lead).session(FIRST)
    assert taken is not None
    assert {turn.rating.rater for turn in HandedIn(lead).counted(taken).turns if turn.rating} == {"generous-2"}
    assert {turn.rating.rater for turn in taken.session.turns if turn.rating} == {"scripted"}


@pytest.mark.usefixtures("generous")
def test_what_was_rated_anew_stays_so_until_the_session_grows(run: Run, lead: Path, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a", as_of())
    run(lead, "cohort", "import", path, "--rescore")
    assert "1 rated anew by generous-2." in run(lead, "cohort", "import", path)[1]
    code, out, err = run(lead, "cohort", "import", file_of(tmp_path / "b", longer(as_of())))
    assert (code, "rated anew" in out) == (0, False)
    assert "it was rated anew when it was shorter" in err
    assert "1 rated anew" in run(lead, "cohort", "import", tmp_path / "b", "--rescore")[1]


@pytest.mark.usefixtures("generous")
def test_what_was_rated_anew_and_did_not_reach_the_store_is_stored_by_the_next_sync(
    run: Run, lead: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, as_of())
    run(lead, "cohort", "import", path)
    with monkeypatch.context() as broken:
        broken.setattr(Store, "ingest", away)
        assert run(lead, "cohort", "import", path, "--rescore")[0] == 4
    assert {one.rater for one in records(lead)[0].scores} == {"scripted"}
    assert "1 scored anew" in run(lead, "sync")[1]
    assert {one.rater for one in records(lead)[0].scores} == {"scripted", "generous-2"}
    assert "1 unchanged" in run(lead, "sync")[1]


def away(*_: Any) -> None:
    raise StorageError("The database is away.")


# Forgetting


def test_forgetting_deletes_a_person_everywhere_and_refuses_them_from_then_on(
    run: Run, lead: Path, tmp_path: Path
) -> None:
    journal(lead, trainee="Robin Vale")
    journal(lead, "20250305-090000-cccccc", "loud-otter")
    path = file_of(tmp_path / "in", as_of(SECOND, "Robin Vale"))
    run(lead, "cohort", "create", "May")
    run(lead, "cohort", "import", path, "--cohort", "May")
    run(lead, "sync")
    assert sorted(one.person for one in records(lead)) == ["Robin Vale", "Robin Vale", "loud-otter"]
    code, out, err = run(lead, "sessions", "forget", "robin  vale", "--yes")
    assert code == 0
    assert 'Of "robin  vale", "Robin Vale" there are here: 1 session played here, 1 handed in' in err
    assert "in the database 2 sessions and 1 place in cohorts" in out
    assert [one.person for one in records(lead)] == ["loud-otter"]
    for one in lead.rglob("*"):
        assert one.is_dir() or b"Robin" not in one.read_bytes(), one
    code, _, err = run(lead, "cohort", "import", path)
    assert (code, "its trainee was forgotten here" in err) == (1, True)
    assert "Robin" not in err
    journal(lead, trainee="ROBIN VALE")  # a backup that somebody put back
    assert run(lead, "sync", "--rebuild")[0] in {0, 1}
    assert [one.person for one in records(lead)] == ["loud-otter"]
    (lead / "records.db").unlink()
    run(lead, "sync", "--rebuild")
    assert [one.person for one in records(lead)] == ["loud-otter"], "also where the database is lost"
    code, out, err = run(lead, "sessions", "export", FIRST, "-o", tmp_path / "out")
    assert (code, out) == (1, "")
    assert "is of somebody who was forgotten" in err


def test_forgetting_asks_first(run: Run, lead: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal(lead)
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "sessions", "forget", "quiet-otter"],
        input="n\n",
        capture_output=True,
        text=True,
        env={**os.environ, "SIMULATOR_DATA": str(lead)},
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "Nothing was deleted.\n")
    assert (lead / "sessions" / f"{FIRST}.jsonl").exists()
    assert not (lead / "forgotten.json").exists()


def test_ratings_go_with_the_person_and_those_of_others_stay(run: Run, lead: Path) -> None:
    journal(lead, trainee="Robin Vale")
    folder = RatingsFolder(lead)
    for reply, by in ((f"{FIRST}-1", "Ana"), ("gold-7", "Ana"), ("gold-7", "Robin Vale")):
        folder.keep(Judgement(at=MARCH, rubric="core", reply=reply, dimension="empathy", level=4, by=by))
    for by in ("Ana", "Robin Vale"):
        about: dict[str, Any] = {"kappa": 0.5, "low": 0.1, "high": 0.9, "target": 0.6, "n": 9, "at": MARCH}
        folder.record(Calibration(rubric="core", rater="embedded-4", dimension="empathy", by=by, **about))
    folder.add(gold("their own", FIRST, "Ana"))
    folder.add(gold("others, settled by Robin", SECOND, "Robin Vale"))
    folder.add(gold("others, settled by Ana", SECOND, "Ana"))
    (lead / "ratings.jsonl").open("ab").write(b"{torn\n")
    assert run(lead, "sessions", "forget", "Robin Vale", "--yes")[0] == 0
    kept = (lead / "ratings.jsonl").read_text()
    assert "Robin" not in kept
    assert FIRST not in kept
    assert kept.endswith("{torn\n"), "a line that cannot be read is left as it is"
    assert kept.count("gold-7") == 1
    assert [one.by for one in folder.calibrations()] == ["Ana"]
    left = {reply.id: reply.provenance.by for reply in folder.gold() if reply.provenance}
    assert left == {"others, settled by Robin": "(forgotten)", "others, settled by Ana": "Ana"}


def gold(name: str, session: str, by: str) -> GoldReply:
    provenance = Provenance(
        session=session, turn=1, rater="r", given={}, contested="Why.", reason="So.", by=by, at=MARCH
    )
    return GoldReply(id=name, history=(), reply="Hello.", consensus={"empathy": 4}, provenance=provenance)


def test_a_dispute_that_they_settled_for_somebody_else_is_told_and_left(run: Run, lead: Path) -> None:
    lines = longer(journal(lead, SECOND, "loud-otter"))
    settled = {
        "kind": "dispute_settled",
        "at": "2025-03-03T10:01:00Z",
        "turn": 1,
        "dimension": None,
        "upheld": False,
        "levels": {},
        "reason": "No.",
        "by": "Robin Vale",
    }
    path = lead / "sessions" / f"{SECOND}.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in (*lines, as_written(settled))))
    before = path.read_bytes()
    code, _, err = run(lead, "sessions", "forget", "Robin Vale", "--yes")
    assert code == 0
    assert "A dispute of somebody else was settled by them, and their name stands there" in err
    assert path.read_bytes() == before


def test_the_name_and_key_of_this_installation_go_with_its_own_trainee(run: Run, trainee: Path) -> None:
    (trainee).mkdir()
    (trainee / "trainee").write_text("quiet-otter\n")
    journal(trainee)
    run(trainee, "sessions", "key")
    code, _, err = run(trainee, "sessions", "forget", "quiet-otter", "--yes")
    assert (code, "its name and its signing key go too" in err) == (0, True)
    assert sorted(one.name for one in trainee.iterdir() if one.is_file()) == ["forgotten.json", "records.db"]


def test_a_session_that_is_being_played_stops_forgetting_before_anything_is_deleted(run: Run, lead: Path) -> None:
    journal(lead)
    _, held = journals.reopen(lead / "sessions" / f"{FIRST}.jsonl")
    try:
        code, _, err = run(lead, "sessions", "forget", "quiet-otter", "--yes")
    finally:
        held.close()
    assert (code, "is open in another window; close it, and forget again" in err) == (4, True)
    assert not (lead / "forgotten.json").exists()
    assert (lead / "sessions" / f"{FIRST}.jsonl").exists()


def test_a_journal_of_which_nobody_can_tell_whose_it_is_is_named(run: Run, lead: Path) -> None:
    journal(lead)
    (lead / "sessions" / f"{SECOND}.jsonl").write_bytes(b"\x00\x01\n")
    code, out, err = run(lead, "sessions", "forget", "quiet-otter", "--yes")
    assert code == 1
    assert out.startswith("Forgotten: 1 session played here")
    assert f"{SECOND}.jsonl cannot be read, so nobody can tell whose it is" in err


@pytest.mark.parametrize("person", ["", "  ", "\udcff"])
def test_nobody_is_forgotten_without_a_name(run: Run, lead: Path, person: str) -> None:
    assert run(lead, "sessions", "forget", person, "--yes")[0] == 2


def test_a_person_of_whom_nothing_is_here_is_refused_later_all_the_same(run: Run, lead: Path, tmp_path: Path) -> None:
    assert run(lead, "sessions", "forget", "quiet-otter", "--yes")[0] == 0
    code, _, err = run(lead, "cohort", "import", file_of(tmp_path, as_of()))
    assert (code, "was forgotten here" in err) == (1, True)


# What goes wrong


def test_two_imports_at_once_do_not_mix(run: Run, lead: Path, tmp_path: Path) -> None:
    with HandedIn(lead).held():
        code, _, err = run(lead, "cohort", "import", file_of(tmp_path, as_of()))
    assert (code, "Another import, or somebody being forgotten, is at work" in err) == (4, True)
    assert run(lead, "cohort", "import", file_of(tmp_path, as_of()))[0] == 0


def test_a_database_that_is_away_loses_nothing_and_the_same_command_goes_on(
    run: Run, lead: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, as_of())
    lead.mkdir()
    (lead / "records.db").mkdir()
    code, _, err = run(lead, "cohort", "import", path)
    assert code == 4
    assert "Traceback" not in err
    (lead / "records.db").rmdir()
    assert run(lead, "cohort", "import", path)[0] == 0
    assert len(records(lead)) == 1


def test_a_full_disk_keeps_nothing_by_halves(run: Run, lead: Path, tmp_path: Path) -> None:
    assert run(lead, "cohort", "import", file_of(tmp_path / "a", as_of()))[0] == 0
    later = file_of(tmp_path / "b", as_of(SECOND))
    assert later.stat().st_size > 100_000
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # no file of this process may grow beyond that
    try:
        code, out, err = run(lead, "cohort", "import", later)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (code, out) == (4, "0 files.\n")
    assert "Nothing could be stored in" in err
    assert [one.stem for one in lead.glob("handed-in/*/*")] == [FIRST]
    assert [record.session for record in records(lead)] == [FIRST]


def test_a_file_that_was_changed_after_it_was_taken_in_is_told(run: Run, lead: Path, tmp_path: Path) -> None:
    path = file_of(tmp_path, as_of())
    run(lead, "cohort", "import", path)
    [kept] = lead.glob("handed-in/*/*")
    kept.write_bytes(kept.read_bytes().replace(b"one minute", b"two minute"))
    code, _, err = run(lead, "cohort", "import", path)
    assert code == 4
    assert f"{kept} was changed since it was taken in" in err


def test_an_import_that_is_killed_anywhere_can_be_run_again(run: Run, lead: Path, tmp_path: Path) -> None:
    ids = [f"20250401-0900{number:02d}-abcdef" for number in range(60)]
    for number, session in enumerate(ids):
        file_of(tmp_path / "in", as_of(session, f"person {number % 7}"))
    command = [sys.executable, "-m", "simulator", "cohort", "import", str(tmp_path / "in")]
    for wait in (0.3, 0.9, 1.3, 1.6, 1.9, 2.3):
        with subprocess.Popen(
            command,
            env={**os.environ, "SIMULATOR_DATA": str(lead)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        for kept in lead.glob("handed-in/*/*.simsession"):
            verified(kept.read_bytes())
    code, out, _ = run(lead, "cohort", "import", tmp_path / "in")
    assert (code, out.startswith("60 files: ")) == (0, True)
    assert sorted(one.session for one in records(lead)) == ids
    assert sorted(one.stem for one in lead.glob("handed-in/*/*")) == ids, "no draft is left"


def test_the_check_in_the_documentation_works_without_this_program(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "handin.md").read_text()
    [program] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    path = file_of(tmp_path, as_of(), MARIA)
    check = [sys.executable, "-I", "-c", program, str(path)]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    path.write_bytes(path.read_bytes().replace(b"one minute", b"two minute"))
    failed = subprocess.run(check, capture_output=True, text=True, check=False)
    assert re.search(r"AssertionError: line \d+", failed.stderr)
