"""The tutorial for authors, played: its snippets stand in files that pass, its commands print what it says, and the
reference is fresh. Its traps are real.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from simulator.cli.main import commands
from simulator.content.json_schema import schema_of
from simulator.content.reference import page
from simulator.content.shelf import KINDS
from simulator.customer.hearing import asks_about
from simulator.errors import ExitCode, UsageError

ROOT = Path(__file__).parents[1]
TUTORIAL = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
WRITTEN = ROOT / "tests" / "content" / "authoring"
SCENARIO = Path("scenarios") / "room-given-away.yaml"
FINISHED = (WRITTEN / SCENARIO).read_text(encoding="utf-8")
LEAKING = ('"I did the right thing. I rang. And', '"I start at {starts_at} and I rang. And')
SMALL_WORDS = ("[out of pocket, ", "[out of pocket, get a number, ")
LIKE_NOT = ("proof, write it down]", "proof, a note]")
OPENINGS = FINISHED[FINISHED.index("opening:\n") + len("opening:\n") : FINISHED.index("\n# The bank.")]
WITH_A_SUM = (OPENINGS, '  - "You want 1184 pounds of me, and my room is gone?"\n')
UNCHANGED = ("", "")


class Step(NamedTuple):
    """A command of the tutorial, and lines of its output in order; there are others between them."""

    command: str
    shown: tuple[str, ...]


def steps(heading: str) -> Iterator[Step]:
    """The commands of one chapter that have an output there."""
    chapter = TUTORIAL[TUTORIAL.index(f"\n## {heading}") + 1 :].partition("\n## ")[0]
    for block in re.findall(r"```console\n(.*?)```", chapter, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            if shown:
                yield Step(command, tuple(shown))


def ran(command: str) -> Result:
    program, *arguments = shlex.split(command)
    assert program == "simulator"
    return CliRunner().invoke(commands, arguments, standalone_mode=False, catch_exceptions=False)


def plays(step: Step) -> bool:
    """Whether the command prints the lines, in this order."""
    printed = iter(ran(step.command).output.splitlines())
    return all(line in printed for line in step.shown)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder, in which commands are given."""
    made = tmp_path / "morning"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


@pytest.fixture
def finished(folder: Path) -> Path:
    """The same at the end of the morning."""
    shutil.copytree(WRITTEN, folder, dirs_exist_ok=True)
    return folder


def put(folder: Path, change: tuple[str, str], *tests: str) -> None:
    """The finished scenario with a change, and these tests instead of its own, where there are any."""
    before, after = change
    assert before in FINISHED
    text = FINISHED.replace(before, after)
    if tests:
        text = "\n".join([text[: text.index("\ntests:\n")], "tests:", *(f"  - {{{test}}}" for test in tests), ""])
    (folder / SCENARIO).write_text(text, encoding="utf-8")


def rehearsed(folder: Path, change: tuple[str, str], replies: str, expect: str) -> Result:
    put(folder, change, f"replies: [{replies!r}], expect: {{{expect}}}")
    return ran(f"simulator scenario test --quick --seeds 1 {SCENARIO}")


# -- the tutorial


def test_every_snippet_of_the_tutorial_stands_in_one_of_its_files() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(WRITTEN.rglob("*.yaml"))]
    snippets = re.findall(r"```yaml\n(.*?)```", TUTORIAL, re.DOTALL)
    assert len(snippets) > 20
    assert [snippet for snippet in snippets if not any(snippet in text for text in texts)] == []


def test_the_draft_the_tutorial_begins_with_is_written_and_passes(folder: Path) -> None:
    new, *others = steps("1. A draft")
    assert [new.command.split()[2], *(step.command.split()[1] for step in others)] == ["new", "lint", "scenario"]
    for step in (new, *others):
        assert plays(step), step.command
    assert (folder / SCENARIO).is_file()


def test_all_files_of_the_tutorial_lint_clean(finished: Path) -> None:
    done = ran("simulator lint --strict scenarios personas rubrics")
    assert (done.return_value, "3 files, and nothing wrong with them." in done.output) == (ExitCode.OK, True)


def test_the_scenario_of_the_tutorial_passes_its_tests_and_prints_what_it_says(finished: Path) -> None:
    passing, _ = steps("4. Tests")
    assert plays(passing)
    assert ran(f"simulator scenario test --quick --seeds 1 {SCENARIO}").return_value is ExitCode.OK


def test_the_page_of_the_scenario_reads_as_the_tutorial_says(finished: Path) -> None:
    (shown,) = steps("5. Play it")
    assert plays(shown)


def test_the_leak_of_the_tutorial_is_found(finished: Path) -> None:
    put(finished, LEAKING)
    (found,) = steps("3. How a line is chosen")
    assert plays(found)


def test_the_failure_of_the_tutorial_fails_as_shown(finished: Path) -> None:
    put(finished, SMALL_WORDS)
    _, failing = steps("4. Tests")
    assert plays(failing)


def test_the_persona_and_the_rubric_of_the_tutorial_are_found_beside_the_scenario(finished: Path) -> None:
    put(finished, ('rubric: "core"', 'rubric: "night-desk"'))
    shown = ran(f"simulator scenario show --persona last-train {SCENARIO}").output
    assert "Dry, quick, and polite" in shown
    assert "- A way there: " in shown


# -- its traps


@pytest.mark.parametrize(
    ("change", "reply", "expect"),
    [
        pytest.param(SMALL_WORDS, "How did you get our number?", "fact: taxi", id="topics of small words"),
        pytest.param(LIKE_NOT, "Could you not wait in the bar?", "fact: message", id="a note is not"),
        pytest.param(UNCHANGED, "Could you not wait in the bar?", "not: {fact: message}", id="without a note"),
        pytest.param(WITH_A_SUM, "What is your account number?", "signal: asks_again", id="a sum in the opening"),
        pytest.param(UNCHANGED, "What is your account number?", "not: {signal: asks_again}", id="without a sum"),
        pytest.param(UNCHANGED, "Would you like your money back?", "not: {promised: money_back}", id="a question"),
        pytest.param(UNCHANGED, "You will get your money back.", "promised: money_back", id="a forbidden promise"),
        pytest.param(UNCHANGED, "I'll find you a nice room.", "promised: find_room", id="one word between"),
        pytest.param(UNCHANGED, "I'll find you a nice quiet room.", "not: {promised: find_room}", id="two between"),
        pytest.param(UNCHANGED, "I'll find you somewhere to sleep.", "not: {promised: find_room}", id="other words"),
        pytest.param(
            UNCHANGED, "I'll find you a room and not let you wait.", "not: {promised: find_room}", id="a negation"
        ),
    ],
)
def test_the_traps_of_the_tutorial_are_there(finished: Path, change: tuple[str, str], reply: str, expect: str) -> None:
    assert re.sub(r"[.?]$", "", reply) in " ".join(TUTORIAL.split())
    assert rehearsed(finished, change, reply, expect).return_value is ExitCode.OK


def test_a_short_question_is_heard_with_the_sentence_before_it_as_the_tutorial_warns() -> None:
    reply = "We pay for it. Do you see?"
    assert reply in " ".join(TUTORIAL.split())
    assert asks_about(reply, ["did you pay"])
    assert not asks_about(reply, ["already paid"])
    assert not asks_about("We pay for it. Do you need a taxi?", ["did you pay"])


# -- the reference


def test_the_reference_in_the_docs_is_what_the_command_prints() -> None:
    stale = "stale: run simulator schema --page > docs/reference.md"
    kept = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert kept == page() + "\n" == ran("simulator schema --page").output, stale


def test_the_reference_has_every_key_of_every_file_with_its_text() -> None:
    lines = page().splitlines()
    for kind in KINDS:
        for key, field in schema_of(kind)["properties"].items():
            assert any(line.startswith(f"- `{key}` (") and field["description"] in line for line in lines), key


def test_every_link_of_the_two_pages_leads_somewhere() -> None:
    for text in (TUTORIAL, page()):
        titles = [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]
        anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
        for target in re.findall(r"\]\(([^)]+)\)", text):
            is_there = target[1:] in anchors if target.startswith("#") else (ROOT / "docs" / target).is_file()
            assert is_there, target


def test_the_schema_is_of_one_kind_or_all_of_them_as_a_page() -> None:
    for command in ("simulator schema", "simulator schema scenario --page"):
        with pytest.raises(UsageError, match="Say one of"):
            ran(command)
