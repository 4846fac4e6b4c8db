"""Calibrating: which replies are drawn, the dialogue that loses nothing, how three agree, where the mark appears."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from conftest import NINE
from played import call, material
from stage import KIND, Stage

from simulator.assessment.gold import GoldReply, Judgement, held_back, parse
from simulator.assessment.score import in_words, score
from simulator.assessment.score import parse as score_parse
from simulator.backends.scripted import ScriptedRater
from simulator.calibrating import Sitting
from simulator.calibration import LEAST, calibrations, compared, drawn, given, side_by_side
from simulator.cli import scores as cli_scores
from simulator.clock import StoryClock
from simulator.content.library import Library, shipped
from simulator.content.rubric import Dimension, Rubric
from simulator.debriefing.debrief import Debrief, debrief
from simulator.errors import ContentError, SimulatorError, StorageError
from simulator.reports.html import html
from simulator.reports.text import markdown, plain
from simulator.standing import Calibration, counted, mark
from simulator.storage.ratings import RatingsFolder, gold_file
from simulator.tui.app import Resume, SimulatorApp
from simulator.vocabulary import CORE_DIMENSIONS, Level, Rating
from training.split import TEST, folds

GOLD = shipped() / "rubrics" / "gold" / "replies.jsonl"


@pytest.fixture(scope="module")
def gold() -> tuple[GoldReply, ...]:
    return gold_file(GOLD)


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return Library([shipped()]).rubric("core")


def rated(number: int, level: Level | None, **changes: object) -> GoldReply:
    """A reply to which the panel gave one level on everything."""
    fields = {
        "id": f"r{number}",
        "context": f"Case {number}.",
        "history": [{"speaker": "customer", "text": f"Parcel {number} is lost."}],
        "reply": f"I will look for parcel {number}.",
        "consensus": dict.fromkeys(CORE_DIMENSIONS, level),
    }
    return GoldReply.model_validate({**fields, **changes})


def result(kappa: float, **changes: object) -> Calibration:
    fields: dict[str, object] = {
        "rubric": "core",
        "rater": "embedded-1",
        "dimension": "empathy",
        "n": 20,
        "kappa": kappa,
        "low": kappa - 0.2,
        "high": kappa + 0.1,
        "target": 0.6,
        "at": NINE,
        "by": "Ana",
    }
    return Calibration.model_validate({**fields, **changes})


# Which replies


def test_twenty_replies_show_every_level_of_every_dimension_in_contexts_the_rater_was_not_fitted_on(
    gold: Sequence[GoldReply],
) -> None:
    pool = [reply for reply in gold if held_back(reply.context)]
    chosen = drawn(pool, CORE_DIMENSIONS, 20, seed=1)
    assert len({reply.id for reply in chosen}) == len({reply.context for reply in chosen}) == 20
    for dimension in CORE_DIMENSIONS:
        levels = Counter(reply.consensus[dimension] for reply in chosen)
        assert all(levels[level] >= 3 for level in range(1, 6)), (dimension, levels)


def test_the_contexts_held_back_are_those_that_training_holds_back(gold: Sequence[GoldReply]) -> None:
    contexts = sorted({reply.context for reply in gold})
    assert [held_back(context) for context in contexts] == [fold == TEST for fold in folds(contexts)]


def test_a_longer_draw_begins_with_the_shorter_and_keeps_what_was_begun(gold: Sequence[GoldReply]) -> None:
    short, long = (drawn(gold[:300], CORE_DIMENSIONS, count, seed=1) for count in (5, 9))
    assert long[:5] == short
    assert drawn(gold[:300], CORE_DIMENSIONS, 5, seed=2) != short
    begun = gold[7].id
    assert drawn(gold[:300], CORE_DIMENSIONS, 5, seed=1, begun={begun})[0].id == begun
    assert len(drawn(gold[:3], CORE_DIMENSIONS, 5, seed=1)) == 3


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "replies, line 2 is no rated reply (not one object of JSON)"),
        ('{"id": "a"}', "history: field required"),
        ('{"id": "a", "history": [], "reply": "Hm.", "consensus": {"empathy": 6}}', "consensus.empathy"),
    ],
)
def test_a_damaged_line_of_gold_is_named_in_one_sentence(line: str, says: str) -> None:
    with pytest.raises(ContentError) as refused:
        parse(f"{rated(1, 3).model_dump_json()}\n{line}\n", "replies")
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


# The dialogue


class Table:
    """A trainer who types what a test says, and everything that happens, in order."""

    def __init__(self, rubric: Rubric, typed: Sequence[str], done: Mapping[str, Mapping[str, Level | None]]) -> None:
        self.log: list[str] = []
        self._typed = iter(typed)
        replies = [rated(1, 4), rated(2, 2)]
        self.sitting = Sitting(replies, rubric.dimensions[:2], done, self._ask, self.log.append, self._keep)

    def _ask(self, prompt: str) -> str | None:
        self.log.append(prompt)
        return next(self._typed, None)

    def _keep(self, reply: GoldReply, dimension: Dimension, level: Level | None) -> None:
        self.log.append(f"kept {reply.id} {dimension.id} {level}")

    @property
    def kept(self) -> list[str]:
        return [line.removeprefix("kept ") for line in self.log if line.startswith("kept ")]


def sit(
    rubric: Rubric, *typed: str, done: Mapping[str, Mapping[str, Level | None]] | None = None
) -> tuple[bool, Table]:
    table = Table(rubric, typed, done or {})
    return table.sitting.run(), table


def test_every_level_is_kept_before_the_next_question_is_asked(rubric: Rubric) -> None:
    finished, table = sit(rubric, "4", "0", "n", "5")
    assert finished
    assert table.kept == ["r1 empathy 4", "r1 ownership None", "r2 empathy None", "r2 ownership 5"]
    asked = [place for place, line in enumerate(table.log) if line.startswith(("Empathy", "Ownership"))]
    assert all(table.log[place + 1].startswith("kept") for place in asked)


def test_a_reply_is_shown_with_context_and_history_and_without_any_level(rubric: Rubric) -> None:
    _, table = sit(rubric, "q")
    shown = "\n".join(table.log[1:-1])
    assert "Reply 1 of 2" in shown
    for words in ("Case 1.", "Customer: Parcel 1 is lost.", "REPLY TO RATE: I will look for parcel 1."):
        assert words in shown
    assert not any(f" {level}" in shown.replace("Case 1", "").replace("arcel 1", "") for level in (3, 4, 5))


def test_anchors_are_shown_on_asking_and_nonsense_is_asked_again(rubric: Rubric) -> None:
    _, table = sit(rubric, "?", "six", "6", "-1", "4.5", "", "３", "q")
    assert any("5 connects: " in line for line in table.log)
    assert sum(line.startswith("Type 1 to 5") for line in table.log) == 6
    assert table.kept == []


def test_going_back_replaces_a_level_or_keeps_it(rubric: Rubric) -> None:
    _, table = sit(rubric, "b", "4", "3", "b", "", "b", "b", "5", "q")
    assert table.kept == ["r1 empathy 4", "r1 ownership 3", "r1 empathy 5"]
    assert any("first question" in line for line in table.log)
    assert any("you gave 3; Enter keeps it" in line for line in table.log)


def test_what_was_rated_before_is_not_asked_again(rubric: Rubric) -> None:
    finished, table = sit(rubric, "2", "2", done={"r1": {"empathy": 3, "ownership": None}})
    assert finished
    assert table.kept == ["r2 empathy 2", "r2 ownership 2"]


@pytest.mark.parametrize("typed", [("q",), (), ("3", "q"), ("3",)])
def test_stopping_and_the_end_of_the_input_are_the_same(rubric: Rubric, typed: tuple[str, ...]) -> None:
    finished, table = sit(rubric, *typed)
    assert not finished
    assert len(table.kept) == len([answer for answer in typed if answer != "q"])


# On disk


def judgement(reply: str, level: Level | None, by: str = "Ana", dimension: str = "empathy") -> Judgement:
    return Judgement(at=NINE, rubric="core", reply=reply, dimension=dimension, level=level, by=by)


def test_ratings_are_read_back_and_the_later_of_two_counts(tmp_path: Path) -> None:
    folder = RatingsFolder(tmp_path / "new")
    for one in (judgement("r1", 2), judgement("r1", 4), judgement("r2", None), judgement("r1", 5, by="Ben")):
        folder.keep(one)
    assert given(folder.judgements(), "core", "Ana") == {"r1": {"empathy": 4}, "r2": {"empathy": None}}
    assert given(folder.judgements(), "other", "Ana") == {}


def test_a_line_that_a_crash_cut_short_is_dropped_and_written_over(tmp_path: Path) -> None:
    folder = RatingsFolder(tmp_path)
    folder.keep(judgement("r1", 2))
    with (tmp_path / "ratings.jsonl").open("ab") as file:
        file.write(b'{"at": "2026-')
    assert len(folder.judgements()) == 1
    folder.keep(judgement("r2", 3))
    assert [one.reply for one in folder.judgements()] == ["r1", "r2"]


def test_a_damaged_line_before_the_last_is_named(tmp_path: Path) -> None:
    folder = RatingsFolder(tmp_path)
    folder.keep(judgement("r1", 2))
    path = tmp_path / "ratings.jsonl"
    path.write_bytes(b"what?\n" + path.read_bytes())
    with pytest.raises(StorageError, match=r"ratings\.jsonl, line 1 is damaged"):
        folder.judgements()


def test_gold_that_is_no_text_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(rated(1, 3).model_dump_json().encode() + b"\n\xff\n")
    for read in (RatingsFolder(tmp_path).gold, lambda: gold_file(path)):
        with pytest.raises(ContentError, match="line 2 is not UTF-8"):
            read()
    assert gold_file(tmp_path / "nowhere.jsonl") == ()


# How far they agree


def levels(rating: Mapping[str, Level | None]) -> Rating:
    return Rating(levels=dict(rating), expected=dict.fromkeys(rating, None), rater="embedded-1")


def test_kappa_bias_and_counts_are_those_of_each_pair() -> None:
    pool = [rated(number, number % 5 + 1) for number in range(15)]
    own: dict[str, Mapping[str, Level | None]] = {
        f"r{number}": {"empathy": min(5, number % 5 + 2)} for number in range(14)
    } | {"r14": {"empathy": None}}
    ratings = {reply.id: levels(reply.consensus) for reply in pool}
    found = compared(side_by_side(pool, own, ratings), "empathy")
    assert found.rater_panel is not None
    assert (found.rater_panel.kappa.value, found.rater_panel.bias, found.rater_panel.n) == (1.0, 0.0, 15)
    assert found.own_panel is not None
    assert (found.own_panel.n, found.own_panel.within_one) == (14, 1.0)
    assert 0.7 < found.own_panel.bias < 0.9, "the own levels are higher"
    assert found.own_rater == found.own_panel
    nothing = compared(side_by_side(pool, own, ratings), "ownership")
    assert (nothing.own_panel, nothing.own_rater) == (None, None)


def test_a_result_is_kept_only_where_enough_replies_tell() -> None:
    pool = [rated(number, number % 5 + 1) for number in range(LEAST)]
    ratings = {reply.id: levels(reply.consensus) for reply in pool}

    def kept(count: int) -> tuple[Calibration, ...]:
        rows = side_by_side(pool, {reply.id: reply.consensus for reply in pool[:count]}, ratings)
        return calibrations([compared(rows, "empathy")], "core", "embedded-1", 0.6, NINE, "Ana")

    assert kept(LEAST - 1) == ()
    [one] = kept(LEAST)
    assert (one.kappa, one.n, one.by, one.reached) == (1.0, LEAST, "Ana", True)


def test_the_newest_result_for_just_this_rater_and_rubric_counts() -> None:
    later = NINE + timedelta(days=1)
    known = [result(0.7, at=later), result(0.4), result(0.9, rater="embedded-2", at=later), result(0.1, rubric="mine")]
    assert counted(known, "core", "embedded-1", "empathy") == known[0]
    assert counted(known, "core", "embedded-3", "empathy") is None
    assert counted(known, "core", "embedded-1", "ownership") is None


@pytest.mark.parametrize(
    ("kappa", "words"),
    [
        (0.42, "not calibrated: 0.42, target 0.60"),
        (0.596, None),
        (0.6, None),
        (-0.1, "not calibrated: -0.10, target 0.60"),
    ],
)
def test_a_mark_says_how_far_it_falls_short(kappa: float, words: str | None) -> None:
    assert mark(result(kappa)) == words
    assert mark(result(kappa), by_checks=True) == words


def test_checks_are_marked_until_somebody_measured_them_and_the_embedded_rater_is_not() -> None:
    assert mark(None, by_checks=True) == "not calibrated"
    assert mark(None) is None


# Where it appears

SHORT = "not calibrated: 0.42, target 0.60"


@pytest.fixture(scope="module")
def marked() -> Debrief:
    return debrief(call(), material(), [result(0.42), result(0.7, dimension="ownership")])


def test_a_dimension_that_falls_short_is_marked_in_every_report(marked: Debrief) -> None:
    assert [(score.calibrated, score.mark) for score in marked.dimensions] == [
        (False, SHORT),
        (True, None),
        (False, None),
    ]
    for report in (plain, markdown, html):
        told = report(marked).replace("\\", "")
        assert told.count(SHORT) == 2, "beside the dimension's figures, and where its levels stand by turn"
        [overall] = [line for line in told.splitlines() if "the weighted mean of Empathy" in line]
        assert overall.count("(not calibrated)") == 1
        assert "Ownership 0.70 [0.50, 0.80] on 20 replies rated by Ana" in told
    assert f'<p class="mark">{SHORT}</p>' in html(marked)


def test_where_nobody_has_calibrated_that_is_said_once_and_nothing_is_marked() -> None:
    told = plain(debrief(call(), material()))
    assert told.count("compared with a panel of language models, and not with people") == 1
    assert "not calibrated" not in told


def test_a_result_for_another_rater_does_not_count_and_that_is_said() -> None:
    told = plain(debrief(call(), material(), [result(0.42, rater="embedded-0")]))
    assert "compared with another rater (embedded-0) and do not count for this one (embedded-1)" in told
    assert "not calibrated" not in told


def test_a_dimension_scored_by_checks_is_marked_until_ratings_exist() -> None:
    bare = material()
    first, *rest = bare.rubric.dimensions
    checks = first.model_copy(update={"scored_by": "checks"})
    counted_by_checks = bare.model_copy(
        update={"rubric": bare.rubric.model_copy(update={"dimensions": (checks, *rest)})}
    )
    before, after = (debrief(call(), counted_by_checks, known) for known in ((), (result(0.8),)))
    assert "replies (not calibrated)." in plain(before)
    assert any("scored by checks alone" in note for note in before.notes)
    assert "not calibrated" not in plain(after)
    assert not any("scored by checks alone" in note for note in after.notes)


async def test_single_replies_and_transcripts_bear_the_mark_beside_the_figure() -> None:
    said = {"turns": [{"speaker": "customer", "text": "It is lost."}, {"speaker": "agent", "text": "I will look."}]}
    for text, times in ((json.dumps(said), 2), (json.dumps({"reply": "I will look."}), 1)):
        scored = await score(score_parse(text, "file"), ScriptedRater())
        told = in_words(scored[0] if isinstance(scored, list) else scored, {"empathy": SHORT})
        figures = [line for line in told.splitlines() if "empathy 3" in line]
        assert len(figures) == times
        assert all(f"({SHORT})  ownership 3" in line for line in figures)


async def test_the_screen_shows_the_mark_on_the_first_page_and_beside_the_levels(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "sessions", StoryClock(NINE))
    stage.desk.calibrations = (result(0.42, rater="scripted"),)
    runner = await stage.desk.open("fare-jump", seed=3)
    await runner.begin()
    await runner.say(KIND)
    await runner.settled()
    await runner.close()
    app = SimulatorApp(stage.desk, Resume(session=runner.session.id))
    async with app.run_test(size=(90, 40)) as pilot:
        await pilot.pause()
        await pilot.press("/", "e", "n", "d", "enter")
        for page in ("enter", "1", "3", "4"):
            for _ in range(200):
                await pilot.pause(0.01)
                if "Enter opens" in screen(app) or page != "enter":
                    break
            await pilot.press(page)
            await pilot.pause(0.05)
            if page != "enter":
                assert SHORT in screen(app), page
    await app.hang_up()


def screen(app: SimulatorApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


# The commands


@pytest.fixture
def scripted_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find a rater that gives 3 to everything."""

    @contextmanager
    def models_of(configured: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(cast=SimpleNamespace(rater=ScriptedRater()), notices=())

    monkeypatch.setattr(cli_scores, "models_of", models_of)


def invoke(data: Path, *arguments: str, typed: str = "") -> tuple[int, str, str]:
    """A calibration in this process: exit code, the answer, and what was said beside it."""
    done = CliRunner(env={"SIMULATOR_DATA": str(data)}).invoke(cli_scores.calibrate, arguments, input=typed)
    if isinstance(done.exception, SimulatorError):
        return done.exception.exit_code, done.stdout, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.usefixtures("scripted_models")
def test_a_whole_calibration_shows_all_levels_only_at_its_end_and_is_kept(tmp_path: Path) -> None:
    typed = "\n".join(["1", "5"] * 6)
    code, answer, beside = invoke(tmp_path, "--replies", "12", "--dimension", "empathy", "--as", "Ana", typed=typed)
    assert code == 0
    assert "panel" not in beside
    assert "Reply 12 of 12" in beside
    assert answer.count("Empathy: own ") == 12
    assert "own and rater: kappa" in answer
    assert "not calibrated: " in answer
    [kept] = RatingsFolder(tmp_path).calibrations()
    assert (kept.rater, kept.rubric, kept.dimension, kept.n, kept.by) == ("scripted", "core", "empathy", 12, "Ana")

    code, again, _ = invoke(tmp_path, "--report", "--json", "--as", "Ana", "--dimension", "empathy")
    made = json.loads(again)
    assert code == 0
    assert {reply["own"]["empathy"] for reply in made["replies"]} == {1, 5}
    assert made["dimensions"][0]["own_rater"]["n"] == 12


@pytest.mark.usefixtures("scripted_models")
def test_a_broken_off_calibration_goes_on_where_it_stopped(tmp_path: Path) -> None:
    small = ("--replies", "2", "--as", "Ana")
    code, answer, beside = invoke(tmp_path, *small, typed="3\n3\n")
    assert (code, answer) == (0, "")
    assert "goes on from here" in beside
    code, answer, beside = invoke(tmp_path, *small, typed="4\n4\n4\n4\n")
    assert code == 0
    assert "Too few to judge the rater by: 2 of at least 10" in answer
    assert len(RatingsFolder(tmp_path).judgements()) == 6


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--dimension", "warmth"), 2, 'no dimension "warmth"; there are empathy, ownership, active_listening'),
        (("--rubric", "cor"), 2, 'did you mean "core"'),
        (("--as", " "), 2, "--as takes a name"),
        (("--report", "--as", "Ana"), 2, '"Ana" has rated nothing'),
        (("--replies", "0"), 2, "0 is not in the range"),
        (("--target", "2"), 2, "2.0 is not in the range"),
    ],
)
def test_what_cannot_be_calibrated_is_refused_in_words(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    found, _, beside = invoke(tmp_path, *arguments)
    assert found == code
    assert says in beside


def test_contested_replies_of_this_machine_can_be_rated_too(tmp_path: Path) -> None:
    folder = RatingsFolder(tmp_path)
    folder.add(rated(77, 4))
    folder.keep(judgement("r77", 4))
    _, _, beside = invoke(tmp_path, "--replies", "1", "--as", "Ana", typed="q\n")
    assert "parcel 77" in beside


def test_a_damaged_gold_file_is_one_sentence_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("{}\n")
    code, _, beside = invoke(tmp_path)
    assert code == 2
    assert "gold.jsonl, line 1 is no rated reply (id: field required)" in beside


def started_calibration(data: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "simulator", "calibrate", "--as", "Ana"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "SIMULATOR_DATA": str(data)},
        preexec_fn=_hears_control_c,
    )


def _hears_control_c() -> None:
    """A shell that runs the tests in the background has the interrupt ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_control_c_loses_nothing(tmp_path: Path) -> None:
    with started_calibration(tmp_path) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write("4\n")
        process.stdin.flush()
        said = ""
        while "Ownership (1-5" not in said:
            said += process.stderr.read(1)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "What you rated is stored." in rest
    assert "Traceback" not in rest
    assert [one.level for one in RatingsFolder(tmp_path).judgements()] == [4]


def test_input_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "calibrate", "--as", "Ana"],
        input=b"4\n\xff\n",
        capture_output=True,
        env={**os.environ, "SIMULATOR_DATA": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 2
    assert b"The input is not UTF-8 text." in done.stderr
    assert b"Traceback" not in done.stderr
