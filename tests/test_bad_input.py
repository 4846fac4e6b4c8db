"""What no one should have typed, piped or left lying about: one sentence, the right exit code, no made-up number."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import NINE
from played import started

from simulator.assessment.gold import Judgement
from simulator.assessment.score import SingleReply, Transcript, parse
from simulator.backends.scripted import ScriptedListener, ScriptedRater
from simulator.cli import main as cli
from simulator.cli import scores as cli_scores
from simulator.cli import wiring
from simulator.config import configuration, settings_file
from simulator.content.rubric import Rubric
from simulator.content.source import Problem, read, text_of
from simulator.disputes import levels_named
from simulator.errors import ModelError, StorageError, UsageError
from simulator.events import EVENT
from simulator.files import content_of
from simulator.standing import Calibration
from simulator.storage import journal
from simulator.storage.archive import SessionArchive
from simulator.storage.cards import Cards, identified
from simulator.storage.ratings import RatingsFolder
from simulator.strict_json import NotJson, is_json, value_of

DEEP = "[" * 100_000
DIGITS = "9" * 5_000
REPLY = {"speaker": "agent", "text": "I'll fix it today."}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """The program in this process, with a rater that gives 3: exit code, the answer, and what was said beside it."""

    @contextmanager
    def models_of(configured: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(cast=SimpleNamespace(rater=ScriptedRater(), listener=ScriptedListener()), notices=())

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["simulator", *arguments])
        code = cli._run()
        said = capsys.readouterr()
        return code, said.out, said.err

    monkeypatch.setattr(cli_scores, "models_of", models_of)
    monkeypatch.setenv("SIMULATOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NO_COLOR", "1")
    return run


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A pipe that nobody writes to: whoever opens it waits for ever."""
    path = tmp_path / "pipe.gguf"
    os.mkfifo(path)
    return path


# JSON


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (DEEP, "nested too deep"),
        ('{"a": ' * 100_000, "nested too deep"),
        (DIGITS, "too many digits"),
        ('{"a": {"b": 1, "c": 2, "b": 3}}', 'the key "b" is given twice'),
        (b"\xff\xfe\xff", "not UTF-8"),
        ("", "Expecting value"),
    ],
)
def test_text_that_is_no_json_gives_one_error_with_the_reason(text: str | bytes, why: str) -> None:
    with pytest.raises(NotJson, match=why):
        value_of(text)


def test_where_json_ends_to_be_json_is_known_by_line_and_column() -> None:
    with pytest.raises(NotJson) as refused:
        value_of('{\n "a": }')
    assert (refused.value.line, refused.value.column) == (2, 7)


def test_a_key_given_twice_is_json_all_the_same() -> None:
    assert is_json('{"a": 1, "a": 2}')
    assert not is_json(DEEP)


# Transcripts and single replies


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (DEEP, "x.json, line 1, column 1: not JSON (it is nested too deep)."),
        ('{"reply": "a"}\n' + DEEP, "x.json, line 2, column 1: not JSON (it is nested too deep)."),
        (f'{{"mood": {DIGITS}, "turns": []}}', "too many digits"),
        ('{"turns": [],\n"turns": []}', 'the key "turns" is given twice'),
        ('{"turns": [{"speaker": "ro\\u001b[31mbot", "text": "a"}]}', 'speaker "ro�[31mbot" is neither'),
        ('{"reply": "a", "history": false}', '"history" should be a list'),
        ('{"reply": "a", "id": {}}', '"id" should be text or a number, found an object'),
        ('{"turns": []}\n{"turns": []}', "x.json, line 1: a transcript stands in a file of its own"),
        ("[]", "x.json is an empty list"),
        ("null\n5", 'x.json, line 1: expected an object with "reply", found null'),
        ("[true]", 'x.json, item 1: expected an object with "reply", found true or false'),
    ],
)
def test_what_cannot_be_rated_is_refused_in_one_short_sentence(text: str, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text, "x.json")
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("mood", [[], {}, 3, True, None, "grumpy"])
def test_a_mood_that_is_no_word_is_taken_as_not_given(mood: object) -> None:
    parsed = parse(json.dumps({"mood": mood, "turns": [REPLY]}), "x.json")
    assert isinstance(parsed, Transcript)
    assert parsed.mood is None


def test_marks_that_only_some_take_for_line_ends_part_no_replies() -> None:
    lines = "\n".join(json.dumps({"reply": f"one{mark}two"}, ensure_ascii=False) for mark in "\u2028\u2029\x85")
    parsed = parse(lines, "x.jsonl")
    assert isinstance(parsed, list)
    assert [single.exchange.reply for single in parsed] == ["one\u2028two", "one\u2029two", "one\x85two"]


def test_a_reply_without_an_id_is_called_by_its_place() -> None:
    [single] = parse('[{"id": null, "reply": "a"}]', "x.json")
    assert isinstance(single, SingleReply)
    assert single.id == "x.json, item 1"


# Files and streams


def test_what_is_no_file_is_never_waited_for(pipe: Path) -> None:
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(OSError, match="a pipe or a device"):
            content_of(path)
    problems: list[Problem] = []
    assert text_of(pipe, problems) is None
    assert "pipe" in problems[0].message
    with pytest.raises(ModelError, match="pipe"):
        identified(pipe)


@pytest.mark.parametrize("name", ["ratings", "calibration", "gold"])
def test_a_pipe_in_place_of_ratings_is_a_storage_error(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / f"{name}.jsonl")
    folder = RatingsFolder(tmp_path)
    read = {"ratings": folder.judgements, "calibration": folder.calibrations, "gold": folder.gold}
    with pytest.raises(StorageError, match="a pipe or a device"):
        read[name]()


def test_adding_to_a_pipe_is_a_storage_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ratings.jsonl")
    with pytest.raises(StorageError, match="a pipe or a device"):
        RatingsFolder(tmp_path).keep(judgement())


def test_a_name_that_is_too_long_is_no_model_and_not_a_fault_of_the_output() -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        identified(Path("x" * 5_000))


@pytest.mark.parametrize("name", ["-", "x.json"])
def test_text_that_is_not_utf8_is_refused_wherever_it_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    data = b'{"reply":\n"caf\xe9"}'
    (tmp_path / "x.json").write_bytes(data)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="surrogateescape"))
    with pytest.raises(UsageError, match="line 2 is not UTF-8 text"):
        wiring.read_text(Path(name) if name == "-" else tmp_path / name)


def test_a_file_is_read_up_to_a_limit_and_with_any_line_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert wiring.read_text(path) == "a\nb\nc\n"
    monkeypatch.setattr(wiring, "MOST_BYTES", 5)
    with pytest.raises(UsageError, match="larger than 5 bytes"):
        wiring.read_text(path)


# Settings


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('model = "a\\u0000b"', "model cannot be"),
        ('content = ["\\u0000"]', "content cannot be"),
        (f"x = {DEEP}", "nested too deep"),
        (f"pace = {DIGITS}", "not TOML"),
    ],
)
def test_a_settings_file_that_cannot_be_used_is_a_usage_error(text: str, says: str) -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text(text)
    with pytest.raises(UsageError, match=says):
        configuration({}, {})


def test_a_settings_file_may_begin_with_a_byte_order_mark_and_may_be_no_pipe() -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_bytes(b"\xef\xbb\xbfpace = 0")
    assert configuration({}, {}).settings.pace == 0
    settings_file().unlink()
    os.mkfifo(settings_file())
    with pytest.raises(UsageError, match="a pipe or a device"):
        configuration({}, {})


# What is stored


def judgement() -> Judgement:
    return Judgement(at=NINE, rubric="core", reply="r1", dimension="empathy", level=3, by="Ana")


def test_a_last_line_that_is_nested_too_deep_counts_as_cut_short(tmp_path: Path) -> None:
    folder = RatingsFolder(tmp_path)
    folder.keep(judgement())
    with (tmp_path / "ratings.jsonl").open("a") as file:
        file.write(DEEP)
    assert folder.judgements() == (judgement(),)
    folder.keep(judgement())
    assert folder.judgements() == (judgement(), judgement())


def test_a_byte_order_mark_damages_no_ratings(tmp_path: Path) -> None:
    (tmp_path / "ratings.jsonl").write_bytes(b"\xef\xbb\xbf" + judgement().model_dump_json().encode() + b"\n")
    folder = RatingsFolder(tmp_path)
    folder.keep(judgement())
    assert folder.judgements() == (judgement(), judgement())


def test_a_time_without_its_zone_is_a_damaged_line(tmp_path: Path) -> None:
    made = Calibration(
        rubric="core", rater="r", dimension="empathy", n=10, kappa=0.5, low=0, high=1, target=0.6, at=NINE, by="Ana"
    )
    (tmp_path / "calibration.jsonl").write_text(made.model_dump_json().replace("00Z", "00") + "\n")
    with pytest.raises(StorageError, match="line 1 is damaged"):
        RatingsFolder(tmp_path).calibrations()


STARTED = EVENT.dump_json(started()).decode()


@pytest.mark.parametrize(
    ("line", "lines"),
    [(1, [DEEP]), (2, [STARTED, DEEP]), (1, [STARTED.replace("30Z", "30")]), (1, ["\ufeff" + STARTED])],
)
def test_a_journal_with_an_unreadable_line_is_named_and_breaks_no_list(
    tmp_path: Path, line: int, lines: list[str]
) -> None:
    path = tmp_path / "20260101-000000-aaaaaa.jsonl"
    path.write_text("\n".join([*lines, "{}", ""]))
    for reading in (journal.read, lambda _: SessionArchive(tmp_path).session("last")):
        with pytest.raises(StorageError, match=rf"aaaaaa\.jsonl: line {line} "):
            reading(path)
    assert SessionArchive(tmp_path).sessions() == ()


def test_no_name_is_no_session(tmp_path: Path) -> None:
    kept = SessionArchive(tmp_path).create("20260101-000000-aaaaaa")
    kept.append(started())
    kept.close()
    for name in ("", "../20260101", "\x1b[31m" * 50):
        with pytest.raises(UsageError) as refused:
            SessionArchive(tmp_path).session(name)
        assert "\x1b" not in str(refused.value)
        assert len(str(refused.value)) < 160


def test_a_card_that_is_a_pipe_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    os.mkfifo(tmp_path / "card.json")
    with pytest.raises(StorageError, match="a pipe or a device"):
        Cards(tmp_path).of(tmp_path / "m.gguf")


# The commands


def test_a_transcript_steers_no_terminal(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps({"turns": [{"speaker": "agent", "text": "Hello \x1b]0;owned\x07there"}]}))
    code, told, _ = run("score", str(file))
    assert code == 0
    assert "Hello �]0;owned�there" in told


def test_an_error_about_typed_words_steers_no_terminal(run: Run) -> None:
    code, _, said = run("calibrate", "--report", "--dimension", "\x1b[31mred")
    assert code == 2
    assert 'no dimension "�[31mred"' in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--target", "nan"), "--target takes a number from 0 to 1."),
        (("--as", "\x1b[31mAna"), "--as takes a name without control characters."),
        (("--as", "\udcff"), "--as takes a name without control characters."),
    ],
)
def test_a_calibration_is_not_begun_with_what_cannot_be_kept(run: Run, arguments: tuple[str, ...], says: str) -> None:
    code, answer, said = run("calibrate", *arguments)
    assert (code, answer, said) == (2, "", f"{says}\n")


def test_contested_scores_of_a_damaged_journal_are_a_problem(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data" / "sessions").mkdir(parents=True)
    (tmp_path / "data" / "sessions" / "a.jsonl").write_text("{}\n")
    code, answer, said = run("disputes", "--json")
    assert (code, json.loads(answer)) == (1, {"disputes": []})
    assert "a.jsonl: line 1" in said


def test_a_path_that_cannot_be_is_not_called_a_fault_of_the_output(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_DATA", "x" * 5_000)
    code, _, said = run("disputes")
    assert code == 4
    assert "cannot be used (file name too long)" in said


def test_scores_without_a_rater_are_a_fault_of_the_model(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def none(configured: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(cast=SimpleNamespace(rater=None), notices=("The embedded model is missing.",))

    monkeypatch.setattr(cli_scores, "models_of", none)
    (tmp_path / "x.json").write_text(json.dumps({"turns": [REPLY]}))
    assert run("score", str(tmp_path / "x.json")) == (3, "", "The embedded model is missing.\n")


@pytest.mark.parametrize("text", ["empathy=3,empathy=4", "empathy=n, EMPATHY=2"])
def test_one_dimension_has_one_level(text: str) -> None:
    with pytest.raises(UsageError, match='"empathy" is named twice'):
        levels_named(text)


def test_a_quoted_number_of_a_level_is_told_to_lose_its_quotes() -> None:
    problems: list[Problem] = []
    text = "dimensions:\n  - id: empathy\n    levels:\n      '1': {name: a, anchor: b}\n"
    read(Rubric, text, "mine.yaml", problems)
    [found] = [problem for problem in problems if problem.code == "unknown-key"]
    assert (found.line, found.column, found.hint) == (4, 7, "take the quotes away")
