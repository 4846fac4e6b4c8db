"""Checks between the parts of a scenario: each finds its fault, says where, and leaves a good file alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import lint as cli_lint
from simulator.content.branches import MOST, branches, consistent
from simulator.content.codes import CODES, page
from simulator.content.library import Library, Material, MaterialTexts, shipped
from simulator.content.lint import lint
from simulator.content.problem import Problem
from simulator.content.schema import Condition, Persona
from simulator.content.source import read, text_of
from simulator.errors import ExitCode, UsageError

CONTENT = Path(__file__).with_name("content")
DOCS = Path(__file__).parents[1] / "docs"
BAD = sorted((CONTENT / "bad").glob("*.yaml"))
UNFIT = sorted((CONTENT / "unfit").glob("*/*.yaml"))
LIBRARY = Library([CONTENT], CONTENT / "defaults.yaml")
GOOD = Library([CONTENT], CONTENT / "defaults.yaml").material("lost-bag")


def edited(*changes: tuple[str, str], part: str = "scenario") -> Material:
    texts = GOOD.texts.model_dump()
    for old, new in changes:
        assert old in texts[part]
        texts[part] = texts[part].replace(old, new, 1)
    return Material.from_texts("lost-bag", "mara", "core", MaterialTexts(**texts), {})


def errors(material: Material) -> list[tuple[str, str, str]]:
    """Code, message, and the words of the source the problem points at."""
    sources = {material.paths.scenario: material.texts.scenario, material.paths.persona: material.texts.persona}
    return [
        (problem.code, problem.message, sources[problem.path].splitlines()[problem.line - 1][problem.column - 1 :])
        for problem in lint(material)
        if not problem.warning
    ]


def test_a_good_scenario_has_no_errors() -> None:
    assert errors(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "message", "place"),
    [
        ("needs: wedding", "needs: weding", "unknown-name", 'no fact "weding", did you mean "wedding"?', "weding"),
        ("promised: courier", "promised: van", "unknown-name", 'no promise "van"', "van}"),
        ("upset_at_least: 96", "fired: beep", "unknown-name", 'no event "beep", did you mean "beeps"?', "beep}"),
        ("{ending: resolved}", "{fact: rings}", "unknown-name", 'no fact "rings", did you mean "ring"?', "rings"),
        ("trainee: excellent", "trainee: tim", "unknown-name", 'no trainee "tim"', "tim"),
        ("id: ring,", "id: tag_number,", "duplicate-id", '"tag_number" is used twice in "facts"', "tag_number, text:"),
        ("??####", "??{tagg}##", "unknown-slot", "no slot {tagg}, did you mean {tag}?", '"bothify'),
        ("tag {tag} did", "tag {tags} did", "unknown-slot", "no slot {tags}, did you mean {tag}?", "The bag"),
        ("bag brought", "bag {promised} brought", "unknown-slot", "no slot {promised}", "To have"),
        ("fee, deposit, 5", "fee, deposits, 5", "bad-slot", "no slot {deposits}.", "{sum"),
        ("send a courier, by courier", "", "no-words", 'no words make the promise "courier"', "{words"),
    ],
)
def test_a_fault_is_found_where_it_stands(old: str, new: str, code: str, message: str, place: str) -> None:
    (problem,) = [problem for problem in errors(edited((old, new))) if problem[0] == code]
    assert problem[1].endswith(message)
    assert problem[2].startswith(place)


def test_facts_that_wait_for_each_other_never_unlock() -> None:
    assert errors(edited(("{asked: [the suit]}", "{fact: ring}"))) == [
        ("never-unlocks", 'the fact "wedding" can never come unlocked', "{fact: ring}}"),
        ("never-unlocks", 'the fact "ring" can never come unlocked', "{all: [{fact: wedding}, {trust_at_least: 50}]}}"),
    ]


def test_a_fact_that_waits_for_an_event_after_the_last_turn_never_unlocks() -> None:
    in_time = edited(("{asked: [the suit]}", "{fired: beeps}"))
    too_late = edited(("{asked: [the suit]}", "{fired: beeps}"), ("turn_at_least: 3", "turn_at_least: 17"))
    assert errors(in_time) == []
    assert [code for code, _, _ in errors(too_late)] == ["never-unlocks", "never-unlocks"]


def test_a_scenario_none_of_whose_endings_can_be_reached_is_refused() -> None:
    one_left = edited(("upset_at_least: 96", "turn_at_least: 99"))
    none_left = edited(("upset_at_least: 96", "turn_at_least: 99"), ("[send a courier, by courier]", "[]"))
    assert errors(one_left) == []
    assert [code for code, _, _ in errors(none_left)] == ["no-ending", "no-words"]


@pytest.mark.parametrize(
    ("old", "new", "place", "warning"),
    [
        (", needs: wedding", "", '"The suit cost {total}."', False),
        ("My phone is about to die.", "I paid {total}!", '"I paid', False),
        ("To have the bag", "To hold the wedding speech with the bag", "To hold", True),
        ("Where is my bag?", "I hold a speech at a wedding.", '"{greeting}. I hold', True),
    ],
)
def test_words_that_give_a_locked_fact_away_are_found(old: str, new: str, place: str, warning: bool) -> None:
    material = edited((old, new))
    (problem,) = [problem for problem in lint(material) if problem.code == "leak"]
    assert problem.message.startswith('this gives away the locked fact "wedding"')
    assert material.texts.scenario.splitlines()[problem.line - 1][problem.column - 1 :].startswith(place)
    assert problem.warning is warning


def test_a_line_that_waits_for_the_fact_in_its_condition_gives_nothing_away() -> None:
    assert errors(edited(("needs: wedding", "when: {all: [{fact: wedding}, {trust_at_least: 30}]}"))) == []


def test_what_the_trainee_was_told_before_is_no_secret() -> None:
    told = ('policy: ["A courier', 'policy: ["The suit cost {total}.", "A courier')
    assert errors(edited(told, (", needs: wedding", ""))) == []


def test_a_persona_may_use_its_own_slots_only() -> None:
    material = edited(("And what now?", "And the tag {tag}, what now, {given}?"), part="persona")
    assert errors(material) == [("unknown-slot", "there is no slot {tag}", '"And the tag {tag}, what now, {given}?"]')]


def test_a_thin_bank_is_a_warning_with_the_count() -> None:
    warnings = [problem for problem in lint(GOOD) if problem.warning]
    assert {problem.code for problem in warnings} == {"thin-bank"}
    messages = "\n".join(problem.message for problem in warnings)
    assert "4 authored lines" in messages
    assert '3 lines for the move "press"' in messages
    assert '"panic"' not in messages, "an irate customer does not panic"


def test_enough_lines_are_no_warning() -> None:
    lines = "\n".join(f'    - "Press {number}."' for number in range(60))
    warnings = lint(edited(('    - "And when is that?"', lines)))
    assert not [problem for problem in warnings if '"press"' in problem.message or "authored" in problem.message]


# -- a bad file for each code


@pytest.mark.parametrize("path", UNFIT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_unfit_file_has_the_problem_that_its_first_line_says(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    assert f"{path}:{expected}" in [problem.summary for problem in LIBRARY.check(path)]


def test_the_unfit_scenario_is_fit_but_for_what_each_file_shows() -> None:
    path = CONTENT / "unfit" / "scenarios" / "thin-bank.yaml"
    assert {problem.code for problem in LIBRARY.check(path)} == {"thin-bank"}


def found_in_bad_files(folder: Path) -> Iterator[Problem]:
    for path in BAD:
        found: list[Problem] = []
        read(Persona, path.read_text(encoding="utf-8"), path, found)
        yield from found
    (folder / "latin.yaml").write_bytes(b"name: Zo\xeb\n")
    for path in (*UNFIT, folder / "nowhere.yaml", folder / "latin.yaml"):
        yield from LIBRARY.check(path)


def test_every_code_is_on_the_page_and_in_a_bad_file_and_weighs_what_the_page_says(tmp_path: Path) -> None:
    found = list(found_in_bad_files(tmp_path))
    assert {problem.code for problem in found} == CODES.keys()
    for problem in found:
        assert CODES[problem.code].weight in ("either", "warning" if problem.warning else "error"), problem.summary


def test_the_page_in_the_docs_is_what_the_command_prints() -> None:
    done = CliRunner().invoke(cli_lint.lint, ["--codes"])
    stale = "stale: run simulator lint --codes > docs/lint.md"
    assert (DOCS / "lint.md").read_text(encoding="utf-8") == done.output == page() + "\n", stale


# -- logic


def condition(**written: object) -> Condition:
    return Condition.model_validate(written)


def possible(written: Condition) -> bool:
    ways = branches(written)
    assert ways is not None
    return any(consistent(way, 16) for way in ways)


@pytest.mark.parametrize(
    ("parts", "can"),
    [
        ([{"upset_at_least": 60}, {"upset_at_most": 60}], True),
        ([{"upset_at_least": 60}, {"upset_at_most": 59.9}], False),
        ([{"upset_at_least": 60}, {"not": {"upset_at_least": 60.1}}], True),
        ([{"upset_at_least": 60}, {"not": {"upset_at_least": 60}}], False),
        ([{"turn_at_least": 3}, {"not": {"turn_at_least": 4}}], True),
        ([{"turn_at_least": 17}], False),
        ([{"trust_at_most": 40}, {"any": [{"trust_at_least": 50}, {"fact": "ring"}]}], True),
        ([{"trust_at_most": 40}, {"any": [{"trust_at_least": 50}, {"not": {"trust_at_most": 60}}]}], False),
        ([{"fact": "ring"}, {"not": {"fact": "ring"}}], False),
        ([{"shows": "validates"}, {"not": {"signal": "validates"}}], False),
        ([{"signal": "validates"}, {"not": {"shows": "validates"}}], True),
        ([{"ending": "resolved"}, {"ending": "hung_up"}], False),
        ([{"not": {"any": [{"fact": "ring"}, {"fired": "beeps"}]}}, {"fired": "beeps"}], False),
    ],
)
def test_what_excludes_what_is_known(parts: list[object], can: bool) -> None:
    assert possible(condition(all=parts)) is can


def test_a_condition_with_too_many_ways_is_nobodys_to_judge() -> None:
    pair = {"any": [{"fact": "ring"}, {"fact": "wedding"}]}
    assert branches(condition(all=[pair] * 60)) is None
    assert len(branches(condition(all=[pair] * 8)) or ()) == 256 <= MOST


def codes(material: Material) -> set[str]:
    return {problem.code for problem in lint(material)} - {"thin-bank"}


def test_rules_for_different_moods_do_not_contradict_each_other() -> None:
    rules = """rules:
  - {{signal: validates, moods: [{first}], moves: {{anger: -6}}}}
  - {{signal: validates, moods: [irate, distressed], moves: {{anger: 6}}}}
endings:
"""
    assert codes(edited(("endings:\n", rules.format(first="irate")))) == {"contradictory-rules"}
    assert codes(edited(("endings:\n", rules.format(first="irate").replace("[irate, ", "[")))) == {"idle-rule"}


def test_a_promise_counts_as_briefed_by_one_word_in_another_form() -> None:
    assert codes(edited(("[send a courier, by courier]", "[have it couriered]"))) == set()
    assert codes(edited(("[send a courier, by courier]", "[give you a voucher]"))) == {"unbriefed"}


def test_what_customers_say_themselves_is_no_stereotype() -> None:
    said = ('"And when is that?"', '"My mother is too old to wait."')
    assert codes(edited(said)) == set()


def test_a_test_may_name_a_trainee_that_comes_with_the_program_but_no_dimension_that_is_not_there() -> None:
    assert codes(edited(("trainee: excellent, expect", "trainee: hostile, expect"))) == set()
    unknown = edited(("trainee: excellent, expect", "trainee: excellent, levels: {empaty: {at_most: 2}}, expect"))
    (problem,) = errors(unknown)
    assert problem == ("unknown-name", 'there is no dimension "empaty", did you mean "empathy"?', problem[2])
    assert problem[2].startswith("empaty")


# -- the command


def linted(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli_lint.lint, arguments, standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.return_value, done.output


def test_the_shipped_library_is_clean() -> None:
    code, output = linted()
    assert code == ExitCode.OK
    assert output.endswith("files, and nothing wrong with them.\n")


def test_a_problem_is_shown_with_its_place_the_source_and_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_CONTENT", str(CONTENT))
    path = CONTENT / "unfit" / "scenarios" / "no-words.yaml"
    code, output = linted(str(path))
    assert code == ExitCode.PROBLEMS
    assert f'{path}:23:21: no-words no words make the promise "courier"' in output
    assert (
        "    23 | promises: {courier: {words: []}}\n       |                     ^\n  hint: words: [same fare" in output
    )
    assert output.splitlines()[-1].startswith("1 file: 1 error, ")


def test_warnings_are_no_problem_unless_one_is_strict() -> None:
    path = str(CONTENT / "unfit" / "personas" / "stereotype.yaml")
    assert linted(path)[0] == ExitCode.OK
    assert linted(path, "--strict")[0] == ExitCode.PROBLEMS


def test_for_programs_there_is_json() -> None:
    folder = CONTENT / "unfit" / "personas"
    code, output = linted(str(folder), "--format", "json")
    told = json.loads(output)
    assert (code, told["files"], told["errors"], told["warnings"]) == (ExitCode.PROBLEMS, 4, 1, 3)
    assert told["problems"][-1]["path"] == str(folder / "unknown-slot.yaml")
    assert {"line", "column", "code", "message", "hint", "warning"} < told["problems"][0].keys()


def test_a_persona_is_complained_about_once_however_many_scenarios_it_has(tmp_path: Path) -> None:
    for name in ("one", "two"):
        copy = tmp_path / "scenarios" / f"{name}.yaml"
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(GOOD.texts.scenario.replace("persona: mara", "persona: ada"), encoding="utf-8")
    persona = CONTENT / "unfit" / "personas" / "stereotype.yaml"
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "ada.yaml").write_text(text_of(persona), encoding="utf-8")
    output = linted(str(tmp_path))[1]
    assert output.count("ada.yaml:5:10: warning: stereotype") == 1
    assert output.splitlines()[-1].startswith("3 files: ")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere.yaml", "There is no file nowhere.yaml."),
        ("fare-jmp", 'scenario or persona or rubric "fare-jmp"; did you mean "fare-jump"?'),
        ("{folder}", "There is no scenario or persona or rubric in {folder}."),
    ],
)
def test_a_name_that_stands_for_nothing_is_wrong_usage(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        linted(name.format(folder=tmp_path))
    assert str(raised.value).endswith(says.format(folder=tmp_path))
    assert raised.value.exit_code == 2


def test_an_id_and_its_file_are_read_once() -> None:
    path = shipped() / "scenarios" / "fare-jump.yaml"
    assert linted("fare-jump", str(path))[1].startswith("1 file,")


def test_watching_sees_a_file_that_is_saved_and_nothing_else(tmp_path: Path) -> None:
    file, looks = tmp_path / "draft.yaml", iter(["", "a", "a", "ab"])
    file.write_text("title:", encoding="utf-8")
    pauses = []

    def pause() -> None:
        pauses.append(file.write_text(f"title: {next(looks)}", encoding="utf-8"))

    seen = cli_lint.saves(lambda: file.read_text(encoding="utf-8"), pause)
    assert [next(seen) for _ in range(3)] == [None] * 3
    assert len(pauses) == 4


def test_watching_looks_again_after_a_save_until_it_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text("title:\n", encoding="utf-8")

    def save_or_interrupt(_seconds: float) -> None:
        if draft.read_text(encoding="utf-8") != "title:\n":
            raise KeyboardInterrupt
        draft.write_text("title: [\n", encoding="utf-8")

    monkeypatch.setattr("simulator.cli.lint.time.sleep", save_or_interrupt)
    done = CliRunner().invoke(cli_lint.lint, [str(draft), "--watch"], standalone_mode=False)
    assert "a bracket that is open here is not closed" in done.stdout
    assert done.stdout.count("1 file: ") == 2
    assert "Ctrl+C ends it" in done.stderr
