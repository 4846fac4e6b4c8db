"""First drafts: commented, in order, playable at once, never written over anything, questions apart from answers."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from simulator.cli.main import commands
from simulator.content.library import Library, shipped
from simulator.content.rubric import Rubric
from simulator.content.schema import Persona
from simulator.content.skeleton import PLAYABLE
from simulator.content.source import read
from simulator.errors import ContentError, ExitCode, SimulatorError, UsageError
from simulator.rehearsing import scenario_tests
from simulator.rehearsing.scenario_tests import Company, ScenarioResult
from simulator.vocabulary import Channel, Mood


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(kind: str, *arguments: str, typed: str = "") -> Result:
    told = [kind, "new", *arguments]
    return CliRunner().invoke(commands, told, input=typed, catch_exceptions=False, standalone_mode=False)


def rehearsed(name: str, persona: str | None = None, seeds: int = 1) -> ScenarioResult:
    material = library().material(name, persona)
    return asyncio.run(scenario_tests.tested(material, seeds, Company(), lambda: None))


def library() -> Library:
    return Library([shipped(), Path()])


# -- scenarios


@pytest.mark.parametrize("mood", PLAYABLE)
def test_a_new_scenario_lints_clean_and_passes_its_own_tests(mood: Mood) -> None:
    channel = list(Channel)[PLAYABLE.index(mood)]
    made = new("scenario", "late-train", "--defaults", "--mood", mood.value, "--channel", channel.value)
    path = Path("scenarios") / "late-train.yaml"
    assert made.stdout == f"{path}\n"
    assert not library().check(path)
    result = rehearsed(str(path), seeds=3)
    assert result.passed
    assert result.disorders == 0


def test_its_comments_say_where_to_write_and_how_to_go_on() -> None:
    new("scenario", "late-train", "--defaults")
    text = Path("scenarios/late-train.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=")
    assert text.count("# WRITE HERE: ") >= 10
    assert "#   simulator scenario test --quick scenarios/late-train.yaml" in text
    assert "$" not in text.partition("\n")[2], "every place is filled"


def test_answers_are_put_in_as_they_were_typed() -> None:
    said = 'He said "no", and \\ left: 100 % of it, # and all.'
    new(
        "scenario",
        "odd",
        "--defaults",
        "--situation",
        said,
        "--title",
        "It's: a title",
        "--opening",
        "It's $title, $5!",
    )
    written = library().material("odd").scenario
    assert written.situation == said
    assert written.title == "It's: a title"
    assert [line.text for line in written.opening] == ["It's $title, $5!"]


def test_questions_go_to_standard_error_and_an_empty_line_takes_the_suggestion() -> None:
    made = new("scenario", "lost-keys", typed="Lost keys\n\nconfused\n\n\n\n\nopen the door\n\n")
    assert made.stdout == "scenarios/lost-keys.yaml\n"
    assert "Which kind of customer? (irate, distressed, confused)" in made.stderr
    written = library().material("lost-keys").scenario
    assert (written.title, written.industry, written.mood) == ("Lost keys", "retail", Mood.CONFUSED)
    assert written.persona == "careful-reader"
    assert written.promises["settle"].words == ("open the door",)


def test_what_a_flag_says_is_not_asked() -> None:
    typed = "Title\nretail\nphone\n\n\n\n\n\n"
    made = new("scenario", "late", "--mood", "distressed", typed=typed)
    assert made.stdout == "scenarios/late.yaml\n"
    assert "Which kind of customer?" not in made.stderr


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (["x"], "Only a title\n", "give --industry, or --defaults"),
        (["x"], "Title\nretail\nangry\n", '"angry" does not go with --mood; known here: irate, distressed, confused.'),
        (["x", "--defaults", "--persona", "nobody"], "", '"nobody" does not go with --persona'),
        (["x", "--defaults", "--rubric", "nothing"], "", '"nothing" does not go with --rubric'),
        (["x", "--defaults", "--title", "\udcff"], "", "--title takes one line of text."),
        (["\udcff.yaml", "--defaults"], "", "is no name to type again"),
        (["x", "--defaults", "--title", " "], "", "--title is empty."),
        (["x", "--defaults", "--title", "two\nlines"], "", "--title takes one line of text."),
        (["Not An Id", "--defaults"], "", '"Not An Id" is no id'),
        (["../up", "--defaults"], "", '"../up" is no id'),
        (["personas/x.yaml", "--defaults"], "", "A scenario lies in a folder called scenarios"),
    ],
)
def test_what_cannot_be_asked_or_placed_is_one_sentence(arguments: list[str], typed: str, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        new("scenario", *arguments, typed=typed)
    assert says in str(refused.value)
    assert not list(Path().rglob("*.yaml"))


@pytest.mark.parametrize(
    ("flag", "answer", "says"),
    [
        ("--situation", "A {thing} happened.", "unknown-slot there is no slot {thing}"),
        ("--settled-by", "see if that can be done", "what settles it goes on after “I will”"),
    ],
)
def test_a_scenario_that_could_not_be_won_is_not_written(flag: str, answer: str, says: str) -> None:
    with pytest.raises(ContentError) as refused:
        new("scenario", "x", "--defaults", flag, answer)
    assert str(refused.value).startswith(f"{Path('scenarios/x.yaml')} is not written.")
    assert says in str(refused.value)
    assert not Path("scenarios").exists()


@pytest.mark.parametrize("kind", ["scenario", "persona", "rubric"])
def test_nothing_is_written_over(kind: str) -> None:
    path = Path(f"{kind}s") / "mine.yaml"
    path.parent.mkdir()
    path.write_text("mine", encoding="utf-8")
    for name in ("mine", str(path)):
        with pytest.raises(UsageError, match="is there already, and is not written over"):
            new(kind, name, "--defaults")
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written_is_one_sentence() -> None:
    Path("scenarios").write_text("in the way", encoding="utf-8")
    with pytest.raises(SimulatorError, match=r"Cannot write scenarios/x\.yaml"):
        new("scenario", "x", "--defaults")


def test_an_id_goes_to_the_last_content_folder_and_is_found_there(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("pack").mkdir()
    monkeypatch.setenv("SIMULATOR_CONTENT", str(Path("pack").resolve()))
    new("persona", "hasty", "--defaults")
    made = new("scenario", "late-train", "--defaults", "--persona", "hasty")
    assert made.stdout == f"{Path('pack/scenarios/late-train.yaml').resolve()}\n"
    listed = CliRunner().invoke(commands, ["scenarios"], catch_exceptions=False)
    assert "late-train  (irate, retail, phone" in listed.stdout


def test_as_a_program_it_exits_with_2_and_without_a_traceback() -> None:
    command = [sys.executable, "-m", "simulator", "scenario", "new", "No", "--defaults"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert "Traceback" not in done.stderr


# -- personas


def test_a_new_persona_lints_clean_and_can_be_cast_anywhere() -> None:
    made = new("persona", "hasty", "--defaults", "--patience", "20")
    assert made.stdout == "personas/hasty.yaml\n"
    assert "SIMULATOR_CONTENT=" in made.stderr
    assert not library().check(Path("personas/hasty.yaml"))
    assert library().material("two-letters", "hasty").persona.temperament.patience == 20
    demanded = [one.verdict for one in rehearsed("fare-jump", "hasty").results if one.case.test is None]
    assert demanded == ["passed", "passed", "passed"]


def test_a_persona_may_have_a_name_of_its_own() -> None:
    new("persona", "sam", "--name", 'Sam "Sunny" Reid', typed="Sunny.\nSlow and warm.\n")
    path = Path("personas/sam.yaml")
    assert read(Persona, path.read_text(encoding="utf-8"), path).name == 'Sam "Sunny" Reid'


# -- rubrics


def test_a_new_rubric_lints_clean_and_keeps_the_core_dimensions_word_for_word() -> None:
    made = new("rubric", "mine", typed="Way Back!\nDoes it say who gets back?\nOurs\n")
    assert made.stdout == "rubrics/mine.yaml\n"
    assert not library().check(Path("rubrics/mine.yaml"))
    mine, core = library().rubric("mine"), library().rubric("core")
    assert mine.dimensions[:-1] == core.dimensions
    assert (mine.critical, mine.conventions) == (core.critical, core.conventions)
    assert (mine.title, mine.dimensions[-1].id, mine.dimensions[-1].name) == ("Ours", "way_back", "Way Back!")
    assert mine.dimensions[-1].rules.keys() == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("name", ["Empathy", "Active Listening", "12", "!"])
def test_a_dimension_needs_an_id_of_its_own(name: str) -> None:
    with pytest.raises(UsageError, match="gives no id of its own"):
        new("rubric", "mine", "--defaults", "--dimension", name)


def test_a_scenario_can_be_scored_by_a_new_rubric() -> None:
    new("rubric", "mine", "--defaults")
    new("scenario", "late-train", "--defaults", "--rubric", "mine")
    material = library().material("late-train")
    assert isinstance(material.rubric, Rubric)
    assert [one.id for one in material.rubric.dimensions][-1] == "next_step"


def test_every_move_of_the_mood_has_six_lines_of_its_own() -> None:
    new("scenario", "late-train", "--defaults", "--mood", "distressed")
    written = yaml.safe_load(Path("scenarios/late-train.yaml").read_text(encoding="utf-8"))
    assert {move: len(lines) for move, lines in written["lines"].items() if len(lines) < 6} == {}
