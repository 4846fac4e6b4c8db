"""The program as a user runs it: separate processes, real model, exit codes, one sentence and never a traceback."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

REPLIES = (
    "Two of your four seats jumped while we had you on the phone, and then we cut you off. Anyone would be furious.",
    "I'm opening the fare log now and I'll tell you what it says within two minutes. If we're cut off I'll ring back.",
)


def run(
    data: Path, *arguments: str, typed: str = "", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "simulator", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        env={**os.environ, "SIMULATOR_DATA": str(data), **(env or {})},
        check=False,
        timeout=120,
    )


@contextmanager
def practising(data: Path) -> Iterator[tuple["subprocess.Popen[str]", IO[str], IO[str]]]:
    """A call in a window of its own: the process, where to type, and what it tells."""
    with subprocess.Popen(
        [sys.executable, "-m", "simulator", "practice", "--seed", "3"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "SIMULATOR_DATA": str(data)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process, process.stdin, process.stdout


def refused(done: subprocess.CompletedProcess[str], code: int, says: str) -> None:
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder with one session of the default scenario, played with the embedded model."""
    data = tmp_path_factory.mktemp("data")
    done = run(data, "practice", "--seed", "3", typed="\n".join(["", *REPLIES, "/hold 20", "/end"]))
    assert done.returncode == 0, done.stderr
    return data, done.stdout


def test_a_piped_call_is_played_with_the_real_model_and_debriefed(played: tuple[Path, str]) -> None:
    data, told = played
    assert "The fare that jumped" in told
    assert told.index("Customer:") < told.index(f"You: {REPLIES[0]}") < told.index("DEBRIEF")
    row = json.loads(run(data, "sessions", "--json").stdout)["sessions"][0]
    assert (row["scenario"], row["replies"], row["ending"]) == ("fare-jump", 2, "trainee_ended")


def test_the_debrief_comes_in_every_format(played: tuple[Path, str], tmp_path: Path) -> None:
    data, _ = played
    markdown = run(data, "debrief", "last").stdout
    assert markdown.startswith("# ")
    assert REPLIES[0] in markdown
    made = json.loads(run(data, "debrief", "last", "--format", "json").stdout)
    assert {score["id"] for score in made["dimensions"]} == {"empathy", "ownership", "active_listening"}
    page = tmp_path / "debrief.html"
    assert run(data, "debrief", "last", "--format", "html", "-o", str(page)).returncode == 0
    html = page.read_text()
    assert html.lower().startswith("<!doctype html>")
    assert "<script" not in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")


def test_why_explains_every_change_of_emotion(played: tuple[Path, str]) -> None:
    data, _ = played
    explained = json.loads(run(data, "why", "last", "--json").stdout)["turns"]
    before = None
    for turn in explained:
        feeling = turn["feeling"]
        if feeling and before:
            for name, value in feeling["emotion"].items():
                moved = sum(entry["delta"] for entry in feeling["entries"] if entry["feeling"] == name)
                assert value == pytest.approx(before[name] + moved, abs=0.05)
        before = feeling["emotion"] if feeling else before
    one = run(data, "why", "last", "--turn", "1").stdout
    assert one.startswith("Turn 1")
    assert "because" in one


def transcript_of(data: Path) -> tuple[dict[str, Any], dict[int, Any]]:
    """The only journal's conversation as a transcript for `score`, and the levels given in play."""
    [journal] = (data / "sessions").glob("*.jsonl")
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    spoken = {"trainee_spoke": "agent", "customer_spoke": "customer"}
    turns = [{"speaker": spoken[one["kind"]], "text": one["text"]} for one in events if one["kind"] in spoken]
    live = {one["turn"]: one["rating"] for one in events if one["kind"] == "reply_rated"}
    return {"mood": events[0]["mood"], "turns": turns}, live


def test_score_of_the_transcript_gives_the_levels_of_play(played: tuple[Path, str], tmp_path: Path) -> None:
    data, _ = played
    transcript, live = transcript_of(data)
    file = tmp_path / "transcript.json"
    file.write_text(json.dumps(transcript))
    scored = json.loads(run(data, "score", str(file), "--json").stdout)
    assert [reply["levels"] for reply in scored["replies"]] == [live[turn]["levels"] for turn in sorted(live)]
    assert [reply["expected"] for reply in scored["replies"]] == [live[turn]["expected"] for turn in sorted(live)]
    for reply in scored["replies"]:
        for evidence in reply["evidence"]:
            said = transcript["turns"][evidence["turn"]]
            assert said["speaker"] == evidence["speaker"]
            assert said["text"][evidence["start"] : evidence["end"]] == evidence["quote"]


def test_the_same_seed_and_replies_tell_the_same_story(played: tuple[Path, str], tmp_path: Path) -> None:
    _, told = played
    again = run(tmp_path, "practice", "--seed", "3", typed="\n".join([*REPLIES, "/hold 20", "/end"])).stdout

    def conversation(text: str) -> Sequence[str]:
        return [line for line in text.splitlines() if line.startswith(("Customer:", "You:", "Anger", "Levels"))]

    assert conversation(again) == conversation(told)


def test_a_killed_session_is_resumed_with_the_same_transcript(tmp_path: Path) -> None:
    with practising(tmp_path) as (process, typing, telling):
        typing.write(REPLIES[0] + "\n")
        typing.flush()
        assert any(line.startswith("You:") for line in telling)
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    [journal] = (tmp_path / "sessions").glob("*.jsonl")
    stored = journal.read_text()
    assert json.dumps(REPLIES[0], ensure_ascii=False) in stored
    resumed = run(tmp_path, "resume", typed=REPLIES[1] + "\n")
    assert resumed.returncode == 0, resumed.stderr
    assert time.monotonic() < deadline + 120
    assert journal.read_text().startswith(stored[: stored.rfind("\n") + 1])
    assert f"You: {REPLIES[0]}" in resumed.stdout
    assert "DEBRIEF" in resumed.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("practice", "fare-jmp"), 2, 'did you mean "fare-jump"'),
        (("practice", "--persona", "nobody"), 2, "nobody"),
        (("practice", "--model", "missing.gguf"), 3, "There is no model file at missing.gguf"),
        (("--model", "missing.gguf", "practice"), 3, "There is no model file at missing.gguf"),
        (("--pace", "-1", "practice"), 2, "pace"),
        (("practice", "--seed", "many"), 2, "not a valid integer"),
        (("practice", "--pace", "-1"), 2, "pace"),
        (("debrief",), 2, "session"),
        (("why", "20200101"), 2, "20200101"),
        (("resume",), 2, "No session waits to be resumed"),
        (("score", "missing.json"), 2, "missing.json"),
        (("frobnicate",), 2, "No such command"),
    ],
)
def test_wrong_usage_is_one_clear_sentence(tmp_path: Path, arguments: Sequence[str], code: int, says: str) -> None:
    refused(run(tmp_path, *arguments), code, says)


def test_a_broken_model_file_is_exit_code_3(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    refused(run(tmp_path, "practice", "--model", str(broken)), 3, "not a model that llama.cpp can load")


def test_a_draft_with_a_fault_names_path_line_and_column(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text("title: A draft\nmoood: irate\n")
    done = run(tmp_path, "practice", str(draft))
    refused(done, 2, f"{draft}:2:1")
    assert 'did you mean "mood"' in done.stderr


def test_what_cannot_be_played_is_refused_before_the_screen_opens(tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text("title: A draft\n")
    line = f"script -qec '\"{sys.executable}\" -m simulator practice {tmp_path / 'draft.yaml'}' /dev/null"
    done = in_shell(tmp_path, f"TERM=xterm {line} </dev/null")
    assert done.returncode == 2
    assert "draft.yaml:1:1" in done.stdout
    assert "\x1b[?1049h" not in done.stdout


def test_a_data_folder_that_cannot_be_made_is_exit_code_4(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(run(tmp_path / "file" / "data", "practice"), 4, "SIMULATOR_DATA")


def test_reading_commands_write_nothing(tmp_path: Path) -> None:
    data = tmp_path / "not" / "yet"
    assert "No sessions yet" in run(data, "sessions").stdout
    refused(run(data, "debrief"), 2, "no session yet")
    assert not data.exists()


def test_a_debrief_is_written_in_the_format_its_name_asks_for(played: tuple[Path, str], tmp_path: Path) -> None:
    data, _ = played
    for name, begins in (
        ("a.html", "<!doctype html>"),
        ("a.json", "{"),
        ("a.md", "# "),
        ("a.txt", "DEBRIEF"),
        ("a", "#"),
    ):
        assert run(data, "debrief", "-o", str(tmp_path / name)).returncode == 0
        assert (tmp_path / name).read_text().lower().startswith(begins.lower())


def test_sessions_are_listed_in_words(played: tuple[Path, str]) -> None:
    data, _ = played
    assert " 2 replies  trainee ended" in run(data, "sessions").stdout


def test_a_session_that_is_being_played_is_listed_as_open(tmp_path: Path) -> None:
    with practising(tmp_path) as (process, _, telling):
        assert any(line.startswith("Customer:") for line in telling)
        assert "unfinished, open in a window" in run(tmp_path, "sessions").stdout
        refused(run(tmp_path, "resume"), 2, "No session waits to be resumed")
        process.kill()
    assert json.loads(run(tmp_path, "sessions", "--json").stdout)["sessions"][0]["open"] is False


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PACE", "fast", "The setting pace cannot be fast (environment): it takes a number"),
        ("PACE", "nan", "from 0 (all at once) to 1,000"),
        ("WAY", "loud", '"guided" or "free"'),
        ("CONTENT", "/nowhere", "There is no folder /nowhere"),
    ],
)
def test_a_setting_that_cannot_be_used_is_explained(tmp_path: Path, name: str, value: str, says: str) -> None:
    refused(run(tmp_path, "sessions", env={f"SIMULATOR_{name}": value}), 2, says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"pcae = 3", 'There is no setting "pcae" (settings file)'),
        (b"pace = \n", "is not TOML: invalid value (at line 1"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"trainee = 3", "it takes a name of up to 80 characters"),
    ],
)
def test_a_settings_file_with_a_fault_is_explained(tmp_path: Path, text: bytes, says: str) -> None:
    (tmp_path / "simulator").mkdir()
    (tmp_path / "simulator" / "settings.toml").write_bytes(text)
    refused(run(tmp_path, "sessions", env={"XDG_CONFIG_HOME": str(tmp_path)}), 2, says)


def in_shell(data: Path, line: str) -> subprocess.CompletedProcess[str]:
    """A command line in which `simulator` is the program under test."""
    script = f'simulator() {{ "{sys.executable}" -m simulator "$@"; }}; {line}'
    env = {**os.environ, "SIMULATOR_DATA": str(data)}
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True, env=env, check=False, timeout=120)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a Unix shell and devices")
@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("simulator practice <&-", 0, ""),
        ("simulator practice </dev/null >&-", 0, ""),
        ("simulator sessions >/dev/full", 1, "The output cannot be written (no space left on device)"),
        ("simulator practice </dev/null >/dev/full", 2, "The output cannot be written (no space left on device)"),
        ("echo Hello | { simulator practice 2>&1 >&3 | cat; } 3>&1 | head -3", 0, ""),
        ("printf 'caf\\351\\n' | simulator practice", 2, "not UTF-8 text (byte 0xe9)"),
        ("PYTHONIOENCODING=ascii simulator debrief", 2, "no session yet"),
    ],
)
def test_streams_that_are_closed_or_full_are_no_traceback(tmp_path: Path, line: str, code: int, says: str) -> None:
    done = in_shell(tmp_path, line)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    for trace in ("Traceback", "Exception ignored"):
        assert trace not in done.stderr + done.stdout


def test_a_character_set_without_curly_quotes_is_no_hindrance(played: tuple[Path, str]) -> None:
    data, _ = played
    done = run(data, "debrief", "--format", "text", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert REPLIES[0] in done.stdout


def test_unusable_input_is_named(tmp_path: Path) -> None:
    file = tmp_path / "transcript.json"
    file.write_text('{"turns": [{"text": "Hello"}]}')
    refused(run(tmp_path, "score", str(file)), 2, "speaker")


def test_too_long_replies_and_unknown_commands_are_refused_in_words(tmp_path: Path) -> None:
    typed = "\n".join(["x" * 4_001, "/dance", "/hold soon", "\x1b[2J\x07", "/end"])
    done = run(tmp_path, "practice", typed=typed)
    assert done.returncode == 0
    for says in ("4,000 characters", "no command /dance", "/hold 30"):
        assert says in done.stderr
    assert "\x1b" not in done.stdout


def test_scenarios_and_doctor_report(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, "scenarios", "--json").stdout)["scenarios"]
    assert {"fare-jump", "insulin-delivery", "two-letters"} <= {card["id"] for card in found}
    examined = run(tmp_path, "doctor")
    assert examined.returncode == 0, examined.stdout
    assert "digest as expected" in examined.stdout
