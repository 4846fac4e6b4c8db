"""Testing scenarios: what is demanded, what fails and why it says so, and that what cannot be run never passes."""

import asyncio
import os
import re
from array import array
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from simulator.backends import embedded
from simulator.backends.remembering import RememberingListener, make_room
from simulator.backends.scripted import ScriptedListener, ScriptedRater
from simulator.cli import scenarios as cli_scenarios
from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.content.schema import Condition
from simulator.customer.conditions import Standing
from simulator.errors import ExitCode, ModelError, SimulatorError, StorageError
from simulator.ports import Exchange, Features
from simulator.rehearsing import scenario_tests
from simulator.rehearsing.expectations import in_words, unmet
from simulator.rehearsing.scenario_tests import CaseResult, Company, ScenarioResult, cases
from simulator.reports.junit import junit
from simulator.reports.rehearsed import table, total
from simulator.vocabulary import Ending, Rating

SHIPPED = (shipped() / "scenarios" / "fare-jump.yaml").read_text(encoding="utf-8")
POLICY = "I can't change the price. That's the policy."
ONE_TEST = f'  - {{replies: ["{POLICY}"], expect: {{upset_at_least: 80}}}}'


def draft(folder: Path, *tests: str, trainees: Sequence[str] = ()) -> Path:
    """A scenario with tests of its own only: its other trainees are written wrongly, unless they are named."""
    text = SHIPPED[: SHIPPED.index("\ntests:")]
    for name in {"excellent", "generic", "careless"} - set(trainees):
        text = re.sub(rf"^  {name}:.*$", f"  {name}_draft:", text, flags=re.MULTILINE)
    path = folder / "scenarios" / "draft.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([text, "tests:", *tests, ""]), encoding="utf-8")
    return path


def material_of(path: Path) -> Material:
    return Library([shipped()]).material(str(path))


def results(path: Path, company: Company | None = None, seeds: int = 1) -> ScenarioResult:
    return asyncio.run(scenario_tests.tested(material_of(path), seeds, company or Company(), lambda: None))


def own(result: ScenarioResult) -> CaseResult:
    """What came of the author's only test."""
    (found,) = [one for one in result.results if one.case.test is not None]
    return found


# -- what is demanded


def test_every_scenario_is_rehearsed_with_three_trainees_and_its_own_tests(tmp_path: Path) -> None:
    path = draft(tmp_path, ONE_TEST, trainees=["excellent", "generic", "careless"])
    found = [(case.name, case.wanted, case.most) for case in cases(material_of(path))]
    assert found == [
        ("excellent", "resolved", None),
        ("generic", "not resolved", None),
        ("careless", "not calmed", None),
        (f'"{POLICY}"', "upset at least 80", 1),
    ]


def test_a_case_knows_the_line_it_is_written_in(tmp_path: Path) -> None:
    path = draft(tmp_path, ONE_TEST, trainees=["careless"])
    lines = path.read_text(encoding="utf-8").splitlines()
    by_name = {case.name: lines[case.line - 1].strip() for case in cases(material_of(path))}
    assert by_name["careless"] == "careless:"
    assert by_name[f'"{POLICY}"'] == ONE_TEST.strip()


def test_a_test_may_take_a_trainee_that_comes_with_the_program(tmp_path: Path) -> None:
    found = own(results(draft(tmp_path, "  - {trainee: hostile, expect: {ending: hung_up}}")))
    assert found.verdict == "passed"


def test_a_contact_is_played_once_however_many_cases_look_at_it(tmp_path: Path) -> None:
    tests = [ONE_TEST, ONE_TEST.replace("upset_at_least", "upset_at_most")]
    found = [one for one in results(draft(tmp_path, *tests)).results if one.case.test]
    assert [one.verdict for one in found] == ["passed", "failed"]
    assert found[0].runs[0].session is found[1].runs[0].session


# -- what fails, and why


def test_a_failure_says_what_was_expected_what_came_and_the_ledger_behind_it(tmp_path: Path) -> None:
    path = draft(tmp_path, ONE_TEST.replace("upset_at_least: 80", "all: [{turn_at_most: 1}, {upset_at_most: 30}]"))
    result = results(path, seeds=2)
    found = own(result)
    assert (found.verdict, found.count("failed")) == ("failed", 2)
    session = found.runs[0].session
    assert session is not None
    assert found.runs[0].reasons == (f"expected upset at most 30; upset is {session.upset:g}",)
    shown = table(result)
    assert f'FAILED    0 of 2  "{POLICY}": turn at most 1, upset at most 30' in shown
    assert f"FAILED  {path}:{found.case.line}: " in shown
    assert "not with 2 seeds: 0, 1" in shown
    (turn,) = session.turns[1:]
    assert turn.feeling is not None
    for entry in turn.feeling.entries:
        if entry.feeling in ("anger", "trust"):
            assert f"{entry.feeling} {entry.delta:+g}, {entry.rule}: " in shown


def test_what_should_always_hold_is_asked_after_each_reply(tmp_path: Path) -> None:
    never = "{not: {signal: hides_behind_policy}}"
    test = f'  - {{replies: ["Mm.", "It is policy."], expect: {{turn_at_most: 2}}, always: {never}}}'
    (reason,) = own(results(draft(tmp_path, test))).runs[0].reasons
    assert reason.startswith("after reply 2: expected not signal hides_behind_policy; shown: ")


def test_what_is_demanded_of_every_scenario_can_fail_too(tmp_path: Path) -> None:
    path = draft(tmp_path, ONE_TEST)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  careless_draft:", "  excellent:"), encoding="utf-8")
    found = next(one for one in results(path).results if one.case.name == "excellent")
    assert found.verdict == "failed"
    assert found.runs[0].reasons[0].startswith("expected resolved; it ended hung_up after ")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"ending": "resolved"}, "expected ending resolved; it ended hung_up"),
        ({"trust_at_least": 40}, "expected trust at least 40; trust is 12.5"),
        ({"turn_at_most": 2}, "expected turn at most 2; there were 3 replies"),
        ({"not": {"fact": "ring"}}, "expected not fact ring; told or open: ring"),
        ({"promised": "courier"}, "expected promised courier; promised: nothing"),
        ({"any": [{"fired": "beeps"}, {"fact": "tag"}]}, None),
        ({"said": ["sorry", "my fault"]}, 'expected said "sorry" or "my fault"; the last reply was "No."'),
        ({"not": {"any": [{"fact": "ring"}]}}, "expected not (fact ring); it is so"),
    ],
)
def test_each_kind_of_condition_says_what_is_the_case_instead(written: dict[str, object], said: str | None) -> None:
    standing = Standing(
        reply="No.", trust=12.5, turn=3, facts=frozenset({"ring"}), fired=frozenset({"beeps"}), ending=Ending.HUNG_UP
    )
    assert list(unmet(Condition.model_validate(written), standing)) == ([said] if said else [])


def test_all_that_does_not_hold_is_named_and_nothing_else() -> None:
    condition = Condition.model_validate({"all": [{"turn_at_least": 1}, {"turn_at_least": 9}, {"upset_at_least": 9}]})
    assert in_words(condition) == "turn at least 1, turn at least 9, upset at least 9"
    assert len(list(unmet(condition, Standing(turn=3)))) == 2


# -- what cannot be run


def test_a_trainee_that_is_missing_is_an_error_and_no_pass(tmp_path: Path) -> None:
    result = results(draft(tmp_path, ONE_TEST))
    verdicts = {one.case.name: one.verdict for one in result.results}
    assert verdicts == {"excellent": "error", "generic": "error", "careless": "error", f'"{POLICY}"': "passed"}
    assert not result.passed
    assert 'There is no trainee "generic" to rehearse it with' in table(result)
    assert total([result]) == "1 of 4 tests passed, 3 could not be run."


LEVELS = ONE_TEST.replace("expect:", "levels: {ownership: {at_most: 2}}, expect:")


@pytest.mark.parametrize(("level", "verdict"), [(2, "passed"), (3, "failed")])
def test_levels_are_held_against_their_bounds(tmp_path: Path, level: int, verdict: str) -> None:
    found = own(results(draft(tmp_path, LEVELS), Company(rater=ScriptedRater({POLICY: level}))))
    assert found.case.wanted == "upset at least 80, ownership at most 2"
    assert found.verdict == verdict
    assert found.runs[0].reasons == (() if level == 2 else ("expected ownership at most 2; the mean level is 3.00",))


def test_levels_without_a_model_are_an_error(tmp_path: Path) -> None:
    found = own(results(draft(tmp_path, LEVELS)))
    assert (found.verdict, found.runs[0].session) == ("error", None)
    assert "Levels of ownership come from the embedded model" in found.runs[0].reasons[0]


class SilentRater(ScriptedRater):
    """Finds no room for a level, or fails."""

    def __init__(self, failing: bool) -> None:
        super().__init__()
        self._failing = failing

    async def rate(self, exchange: Exchange, turn: int = 0) -> Rating:
        if self._failing:
            raise ModelError("It broke.")
        return Rating(levels={"ownership": None}, expected={"ownership": None}, rater="silent")


@pytest.mark.parametrize(
    ("failing", "says"), [(True, "Reply 1 could not be rated."), (False, "No reply has a level on ownership.")]
)
def test_a_reply_without_a_level_leaves_a_bound_undecided(tmp_path: Path, failing: bool, says: str) -> None:
    found = own(results(draft(tmp_path, LEVELS), Company(rater=SilentRater(failing))))
    assert (found.verdict, found.runs[0].reasons) == ("error", (says,))


def test_a_command_that_does_not_exist_is_an_error_of_that_test_alone(tmp_path: Path) -> None:
    tests = ['  - {replies: ["/dance"], expect: {turn_at_least: 0}}', ONE_TEST]
    dance, policy = [one for one in results(draft(tmp_path, *tests)).results if one.case.test]
    assert (dance.verdict, policy.verdict) == ("error", "passed")
    assert "/dance" in dance.runs[0].reasons[0]


def test_a_reply_that_the_model_could_not_hear_is_an_error_whatever_its_words_say(tmp_path: Path) -> None:
    found = own(results(draft(tmp_path, ONE_TEST), Company(listener=ScriptedListener())))
    assert found.verdict == "error"
    assert found.runs[0].reasons == ("The embedded model could not hear reply 1.",)


def test_with_acting_lines_that_no_model_chose_are_counted(tmp_path: Path) -> None:
    deaf = results(draft(tmp_path, ONE_TEST), Company(acting=True), seeds=2)
    assert deaf.fallbacks == (2, 2)
    acted = results(draft(tmp_path, ONE_TEST), Company(listener=ScriptedListener(), acting=True), seeds=2)
    assert acted.fallbacks == (0, 2)
    assert "note: 0 of 2 customer lines were a last resort" in table(acted)
    assert 'customer: "' in table(acted)


# -- JUnit


def test_a_junit_file_has_a_case_for_each_test_and_seed_and_counts_what_is_in_it(tmp_path: Path) -> None:
    wrong = ONE_TEST.replace("80", "99").replace("policy", "policy & <b>")
    broken = ScenarioResult(scenario="x", path="x.yaml", seeds=2, problem="no \x07")
    found = [results(draft(tmp_path, wrong), seeds=2), broken]
    root = ElementTree.fromstring(junit(found))
    assert root.attrib == {"tests": "9", "failures": "2", "errors": "7"}
    assert len(root.findall(".//testcase")) == 9
    failures = root.findall(".//failure")
    assert [failure.get("message", "").split(";")[0] for failure in failures] == ["expected upset at least 99"] * 2
    assert "hides_behind_policy" in (failures[0].text or "")
    assert len(root.findall(".//error")) == 7


# -- what was heard is remembered


class CountingListener(ScriptedListener):
    """Hears two tokens, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def features(self, before: str, reply: str, *, ahead: bool = False) -> Features:
        self.asked += 1
        return Features(starts=(0, 3), width=2, states=array("f", [0.25, -1.5, 3.0, 0.1]))


def heard(listener: ScriptedListener, folder: Path, reply: str = "Yes.", ear: str = "one") -> Features:
    return asyncio.run(RememberingListener(listener, folder, ear).features("Agent:", reply))


def test_a_reply_is_heard_once_to_the_last_bit_and_remembered_on_disk(tmp_path: Path) -> None:
    listener = CountingListener()
    assert heard(listener, tmp_path) == heard(listener, tmp_path)
    assert listener.asked == 1
    heard(listener, tmp_path, reply="No.")
    heard(listener, tmp_path, ear="another")
    assert listener.asked == 3


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\n", b'{"starts": [0], "width": 2}\nabc', b"[]\n"])
def test_what_is_damaged_is_heard_again(tmp_path: Path, damage: bytes) -> None:
    listener = CountingListener()
    first = heard(listener, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert heard(listener, tmp_path) == first
    assert listener.asked == 2


def test_a_folder_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="Cannot write in"):
        heard(CountingListener(), tmp_path / "file" / "heard")


def test_what_was_heard_first_goes_first(tmp_path: Path) -> None:
    for at, name in enumerate(("old", "newer", "newest")):
        (tmp_path / f"{name}.heard").write_bytes(bytes(100))
        os.utime(tmp_path / f"{name}.heard", (at, at))
    make_room(tmp_path, room=250)
    assert {file.stem for file in tmp_path.iterdir()} == {"newer", "newest"}


# -- the command


def command(*arguments: str) -> tuple[Result, int]:
    done = CliRunner().invoke(cli_scenarios.scenario, ["test", *arguments], standalone_mode=False)
    if isinstance(done.exception, SimulatorError):
        return done, done.exception.exit_code
    assert done.exception is None, done.exception
    return done, done.return_value


def test_a_shipped_scenario_passes_without_a_model() -> None:
    done, code = command("two-letters", "--quick", "--seeds", "1")
    assert code == ExitCode.OK
    assert done.stdout.startswith("Signals by words alone")
    assert done.stdout.rstrip().endswith("tests passed.")
    assert "FAILED" not in done.stdout


def test_a_failure_is_exit_code_1_and_in_the_junit_file(tmp_path: Path) -> None:
    path = draft(tmp_path, ONE_TEST.replace("80", "99"))
    done, code = command(str(path), "--quick", "--seeds", "1", "--junit", str(tmp_path / "found.xml"))
    assert code == ExitCode.PROBLEMS
    assert "0 of 4 tests passed, 1 failed, 3 could not be run." in done.stdout
    assert ElementTree.parse(tmp_path / "found.xml").getroot().get("failures") == "1"


def test_a_scenario_that_cannot_be_played_fails_and_stops_no_other(tmp_path: Path) -> None:
    draft(tmp_path, ONE_TEST)
    (tmp_path / "scenarios" / "broken.yaml").write_text("title: [\n", encoding="utf-8")
    done, code = command(str(tmp_path), "--quick", "--seeds", "1")
    assert code == ExitCode.PROBLEMS
    assert re.search(r"broken.yaml:1:\d+: syntax", done.stdout)
    assert "1 of 4 tests passed, 3 could not be run, 1 of 2 scenarios could not be played." in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("fare-jmp",), 'did you mean "fare-jump"'),
        (("--quick", "--acting"), "--acting needs it"),
        (("fare-jump", "--quick", "--seeds", "1", "--junit", "/nowhere/found.xml"), "Cannot write /nowhere/found.xml"),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: Sequence[str], says: str) -> None:
    done, code = command(*arguments)
    assert code == ExitCode.USAGE
    assert says in str(done.exception)


def test_without_the_embedded_model_it_is_exit_code_3_and_nothing_is_said_to_have_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> Path:
        raise ModelError("The embedded model is not installed.")

    monkeypatch.setattr(embedded, "locate", missing)
    done, code = command("fare-jump", "--seeds", "1")
    assert code == ExitCode.MODEL
    assert "--quick tests without it" in str(done.exception)
    assert "passed" not in done.stdout


def test_a_second_time_gives_the_same_from_what_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    path = draft(tmp_path, LEVELS)
    first, code = command(str(path), "--seeds", "1")
    assert code == ExitCode.PROBLEMS, "the three trainees are missing"
    assert first.stdout.startswith("Signals and levels by SmolLM2-135M-Instruct")
    assert f'ok        1 of 1  "{POLICY}": upset at least 80, ownership at most 2' in first.stdout
    kept = list((tmp_path / "home").rglob("*.heard"))
    assert kept
    before = [file.stat().st_mtime_ns for file in kept]
    assert command(str(path), "--seeds", "1")[0].stdout == first.stdout
    assert [file.stat().st_mtime_ns for file in kept] == before
