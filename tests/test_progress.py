"""A trainee's own curves: what is said of one session, of two, of many; and the command that shows them."""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cohort_sessions import PUBLISHED, RATER, session
from handed import journal
from statsmodels.regression.linear_model import OLS

from simulator.cli import main as cli
from simulator.cohorts.figures import OwnCurve, Progress
from simulator.cohorts.progress import progress
from simulator.cohorts.records import SessionRecord
from simulator.reports.own_progress import lines
from simulator.standing import Calibration
from simulator.vocabulary import CORE_DIMENSIONS

Run = Callable[..., tuple[int, str, str]]


def sessions(levels: Iterable[float], person: str = "Ada") -> list[SessionRecord]:
    return [session(person, f"s{at % 3}", {"empathy": level}, at) for at, level in enumerate(levels)]


def empathy(levels: Iterable[float]) -> OwnCurve:
    return looked_at(sessions(levels)).curves[0]


def looked_at(records: Sequence[SessionRecord], person: str = "Ada") -> Progress:
    return progress(person, records, reliability=PUBLISHED)


def test_one_session_is_too_few_for_a_curve() -> None:
    found = empathy([3.2])
    assert found.words == "One session is too few for a curve; from 3 on there is one."
    assert (found.mean, found.change, found.interval, found.points[0].line) == (3.2, None, None, None)


def test_two_sessions_are_two_points_and_no_line() -> None:
    found = empathy([2.0, 4.0])
    assert found.words.startswith("Two sessions are too few")
    assert [one.interval for one in found.points] == [None, None]


def test_three_sessions_have_a_line_and_a_very_wide_interval() -> None:
    found = empathy([2.0, 3.4, 3.6])
    assert found.change == pytest.approx(1.6)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (-4, 4)
    assert found.words.startswith("No change shown: +1.60 of a level over 3 sessions (-4.00 to +4.00).")


def test_the_line_and_its_interval_are_those_of_least_squares() -> None:
    levels = [2.0, 2.5, 2.4, 2.9, 3.3, 3.1]
    found = empathy(levels)
    known = OLS(levels, [[1, attempt] for attempt in range(1, 7)]).fit()
    assert found.change == pytest.approx(5 * known.params[1])
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx(tuple(5 * known.conf_int()[1]))
    bands = known.get_prediction().conf_int()
    for point, (low, high) in zip(found.points, bands, strict=True):
        assert point.interval is not None
        assert (point.interval.low, point.interval.high) == pytest.approx((low, high))
    assert found.words.startswith("Rising: +1.20")


def test_a_falling_line_is_said_to_fall() -> None:
    assert empathy([4.0, 3.8, 3.7, 3.2, 3.0, 2.9]).words.startswith("Falling: -1.")


def test_sessions_all_on_one_line_do_not_say_how_sure_it_is() -> None:
    found = empathy([3.0, 3.0, 3.0, 3.0])
    assert (found.change, found.interval) == (0.0, None)
    assert "how sure that is cannot be told" in found.words


def test_the_interval_holds_what_is_true_in_nineteen_of_twenty_cases() -> None:
    dice, held = random.Random(20261122), 0
    for _ in range(600):
        levels = [2.6 + 0.1 * at + dice.gauss(0, 0.3) for at in range(8)]
        found = empathy(min(5.0, max(1.0, level)) for level in levels)
        assert found.interval is not None
        held += found.interval.low <= 0.7 <= found.interval.high
    assert 0.92 < held / 600 < 0.98


def test_the_order_in_which_sessions_are_read_changes_nothing() -> None:
    given = sessions([2.0, 2.5, 2.4, 2.9])
    assert looked_at(given[::-1]) == looked_at(given)


def test_sessions_by_another_version_of_the_rater_are_a_curve_of_their_own() -> None:
    old = [session("Ada", "s0", {"empathy": 4.0}, at, rater="embedded-8") for at in range(3)]
    found = looked_at([*old, *sessions([2.0, 2.4, 2.2, 2.6])])
    assert [(one.rater, len(one.points)) for one in found.curves] == [("embedded-8", 3), (RATER, 4)]
    assert any("never put together" in one for one in found.caveats)


def test_sessions_of_others_are_left_out_and_counted() -> None:
    found = looked_at([*sessions([3.0, 3.1]), *sessions([5.0], "Bo")])
    assert found.sessions == 2
    assert [one.words for one in found.left_out] == ["1 session under other names on this machine."]


def test_attempts_without_a_level_still_count_as_practice() -> None:
    given = sessions([2.0, 2.5, 3.0])
    silent = session("Ada", "s1", {}, 10)
    late = session("Ada", "s0", {"empathy": 3.2}, 11, seconds=None)
    found = looked_at([*given, silent, late])
    assert [one.attempt for one in found.curves[0].points] == [1, 2, 3, 5]
    assert {one.kind for one in found.left_out} == {"no_levels", "not_timed"}
    assert found.handle_seconds == 300.0


def test_the_standing_of_the_rater_stands_beside_each_curve() -> None:
    known = Calibration(
        rubric="core",
        rater=RATER,
        dimension="empathy",
        n=40,
        kappa=0.3,
        low=0.1,
        high=0.5,
        target=0.6,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        by="Ines",
    )
    found = progress("Ada", sessions([3.0, 3.2, 3.1]), calibrations=[known], reliability=PUBLISHED)
    assert not found.curves[0].standing.reliable
    assert "not to be relied on, not calibrated: 0.30" in "\n".join(lines(found))


def test_nobody_has_played_yet() -> None:
    found = looked_at([])
    assert (found.sessions, found.curves, found.handle_seconds) == (0, (), None)
    assert next(lines(found)) == "Ada: 0 finished sessions. Levels run from 1 to 5."


def test_lines_say_everything_without_a_drawing_and_draw_only_where_asked() -> None:
    found = looked_at(sessions([2.0, 2.5, 2.4, 2.9]))
    said, drawn = list(lines(found)), list(lines(found, drawn=True))
    assert any(one.startswith("  Session 1, 2026-03-02, s0: 2.00, 6 rated replies; the line 2.0") for one in said)
    assert "=" not in "".join(said)
    drawing = next(one for one in drawn if "Session 4" in one)
    assert drawing.index("o") < drawing.index("5  Session")
    assert len(said) == len(drawn)


def test_a_name_that_steers_a_terminal_is_made_harmless() -> None:
    evil = "Ada\x1b[2J\nOther"
    found = looked_at(sessions([3.0], evil), evil)
    assert "\x1b" not in "\n".join(lines(found))
    assert len(next(lines(found)).splitlines()) == 1


# The command


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIMULATOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SIMULATOR_TRAINEE", "quiet-otter")
    return tmp_path / "data"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["simulator", "progress", *arguments])
        code = cli._run()
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_command_shows_ones_own_sessions(data: Path, run: Run) -> None:
    for number in range(2):
        journal(data, f"2025030{number + 3}-090000-aaaaa{number}")
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out.startswith("quiet-otter: 2 finished sessions.")
    for name in ("Empathy", "Ownership", "Active listening"):
        assert f"\n{name} (" in out
    assert "Two sessions are too few for a curve" in out


def test_the_command_gives_the_same_to_programs(data: Path, run: Run) -> None:
    journal(data)
    code, out, _ = run("--json")
    made = json.loads(out)
    assert code == 0
    assert (made["person"], made["sessions"], made["problems"]) == ("quiet-otter", 1, [])
    assert [curve["dimension"] for curve in made["curves"]] == list(CORE_DIMENSIONS)
    assert made["curves"][0]["change"] is None


def test_before_the_first_session_it_says_how_to_begin(data: Path, run: Run) -> None:
    code, out, _ = run()
    assert code == 0
    assert "0 finished sessions" in out
    assert "`simulator practice` begins one." in out


def test_somebody_who_has_no_sessions_is_a_wrong_name(data: Path, run: Run) -> None:
    journal(data)
    code, out, err = run("--person", "nobody")
    assert (code, out) == (2, "")
    assert 'There is no finished session of "nobody" on this machine; there are sessions of quiet-otter' in err


def test_under_another_name_it_says_which_there_are(data: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    journal(data)
    monkeypatch.setenv("SIMULATOR_TRAINEE", "new name")
    code, _, err = run()
    assert code == 2
    assert "--person names one" in err
    assert run("--person", "quiet-otter")[0] == 0


def test_a_damaged_journal_is_named_and_the_others_are_shown(data: Path, run: Run) -> None:
    journal(data)
    (data / "sessions" / "20250301-090000-bbbbbb.jsonl").write_text("nonsense\n{}\n", encoding="utf-8")
    code, out, err = run()
    assert code == 1
    assert "1 finished session" in out
    assert "20250301-090000-bbbbbb" in err
    assert len(err.splitlines()) == 1


def test_a_session_whose_scenario_cannot_be_read_is_named(data: Path, run: Run) -> None:
    journal(data)
    journal(data, "20250304-090000-cccccc", scenario="title: [unfinished")
    code, out, err = run()
    assert code == 1
    assert "1 finished session." in out
    assert "20250304-090000-cccccc cannot be looked at" in err


def test_no_database_is_needed_or_made(data: Path, run: Run) -> None:
    journal(data)
    assert run()[0] == 0
    assert not (data / "records.db").exists()
