"""A dimension of a trainer's own, scored by rules over its checks: from the YAML to the debrief."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import NINE

from simulator.assessment import checks
from simulator.assessment.ruled import RuledRater
from simulator.assessment.score import in_words, parse, score
from simulator.backends.scripted import ScriptedListener, ScriptedRater
from simulator.briefing import briefing
from simulator.cli import scores as cli_scores
from simulator.clock import StoryClock
from simulator.content.library import Library, shipped
from simulator.content.rubric import Rubric
from simulator.content.source import read
from simulator.debriefing.debrief import Debrief
from simulator.desk import Cast, Desk
from simulator.errors import ContentError, ModelError
from simulator.events import ModelCard
from simulator.ports import Exchange
from simulator.reports.html import html
from simulator.reports.text import markdown, plain
from simulator.session import Session
from simulator.storage.archive import SessionArchive
from simulator.vocabulary import CORE_DIMENSIONS, Rating, Signal, SignalName, Span

OWN = """\
  - id: firm_footing
    name: Firm footing
    question: Does the reply give the customer something firm to stand on?
    weight: 2
    scored_by: checks
    levels:
      1: {name: shaky, anchor: The reply hides behind policy., when: {any: [shield, shrug]}}
      2: {name: bare, anchor: The reply gives nothing firm.}
      3: {name: help, anchor: The reply offers help., when: {any: [offer, action], none: [shield]}}
      4: {name: step, anchor: The reply says what will be done., when: {all: [action], none: [shield, shrug]}}
      5: {name: sure, anchor: The reply says what and when., when: {all: [action, time], none: [shield, shrug]}}
    checks:
      - {id: offer, question: Does it offer help?, signals: [offers_help]}
      - {id: action, question: Does it say what will be done?, signals: [commits_action]}
      - {id: time, question: Does it say by when?, signals: [gives_time]}
      - {id: shield, question: Does it hide behind policy?, signals: [hides_behind_policy], wanted: false}
      - {id: shrug, question: Does it use a stock phrase?, signals: [stock_phrase], wanted: false}
"""
CORE = (shipped() / "rubrics" / "core.yaml").read_text(encoding="utf-8")
FOUR = CORE.replace("\n# A critical error is", f"{OWN}\n# A critical error is")

POLICY = "I can't change the price. That's the policy."
PLAN = "I'll open the fare log and ring you back by six today."
BARE = "Right, that is one way to look at it."


def rubric() -> Rubric:
    return read(Rubric, FOUR, "four.yaml")


def signal(name: SignalName, words: str, start: int = 0, probability: float = 1.0) -> Signal:
    span = Span(quote=words, start=start, end=start + len(words))
    return Signal(name=name, span=span, probability=probability)


ACTION = signal(SignalName.COMMITS_ACTION, "I'll open the fare log")
TIME = signal(SignalName.GIVES_TIME, "by six", 40)
SHIELD = signal(SignalName.HIDES_BEHIND_POLICY, "That's the policy", 60)
OFFER = signal(SignalName.OFFERS_HELP, "I can help", 80)


# The rules


@pytest.mark.parametrize(
    ("signals", "level"),
    [
        ([], None),
        ([OFFER], 3),
        ([ACTION], 4),
        ([ACTION, TIME], 5),
        ([TIME], None),
        ([ACTION, TIME, SHIELD], 1),
        ([signal(SignalName.COMMITS_ACTION, "maybe", probability=0.4)], None),
    ],
)
def test_the_level_is_the_highest_whose_rule_holds(signals: list[Signal], level: int | None) -> None:
    assert checks.level(rubric().dimensions[-1], signals) == level


def test_a_rule_of_what_is_absent_holds_for_a_reply_that_shows_nothing() -> None:
    own = read(
        Rubric, FOUR.replace("anchor: The reply gives nothing firm.}", "anchor: n., when: {none: [shield]}}"), "f"
    )
    rating = checks.rated(own, [], 3, None)
    assert rating is not None
    assert rating.levels == {"firm_footing": 2}
    assert rating.evidence == ()


def test_the_evidence_is_the_words_that_made_the_rule_hold() -> None:
    rating = checks.rated(rubric(), [OFFER, ACTION, TIME], 3, None)
    assert rating is not None
    assert [(one.signal, one.quote, one.turn, one.start, one.end) for one in rating.evidence] == [
        (SignalName.COMMITS_ACTION, "I'll open the fare log", 3, 0, 22),
        (SignalName.GIVES_TIME, "by six", 3, 40, 46),
    ]


def test_an_act_without_words_gives_a_level_and_no_evidence() -> None:
    rating = checks.rated(rubric(), [Signal(name=SignalName.COMMITS_ACTION)], 3, None)
    assert rating is not None
    assert (rating.levels, rating.evidence) == ({"firm_footing": 4}, ())


def test_the_levels_of_the_rater_stay_beside_those_by_rules() -> None:
    given = Rating(levels={"empathy": 2}, expected={"empathy": 2.2}, rater="embedded-1")
    rating = checks.rated(rubric(), [ACTION], 1, given)
    assert rating is not None
    assert rating.levels == {"empathy": 2, "firm_footing": 4}
    assert rating.expected == {"empathy": 2.2, "firm_footing": 4.0}
    assert rating.rater == "embedded-1"
    assert rating.rules == {"firm_footing": checks.version(rubric().dimensions[-1])}


def test_a_rubric_without_rules_leaves_a_rating_as_it_is() -> None:
    given = Rating(levels={"empathy": 2}, expected={"empathy": 2.2}, rater="embedded-1")
    core = read(Rubric, CORE, "core.yaml")
    assert checks.rated(core, [ACTION], 1, given) is given
    assert checks.rated(core, [ACTION], 1, None) is None


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("all: [action, time]", "all: [time]", False),
        ("signals: [offers_help]", "signals: [offers_help, gives_pace]", False),
        ("Does it offer help?", "Is help offered?", True),
        ("anchor: The reply offers help.", "anchor: Help is offered.", True),
    ],
)
def test_the_version_changes_with_what_decides_a_level_and_with_nothing_else(old: str, new: str, same: bool) -> None:
    assert FOUR.count(old) == 1 or old == "signals: [offers_help]"
    changed = read(Rubric, FOUR.replace(old, new), "f")
    assert (checks.version(changed.dimensions[-1]) == checks.version(rubric().dimensions[-1])) is same


# What is refused


def refused(tmp_path: Path, text: str) -> list[str]:
    """What is said about a rubric file, less its path."""
    (tmp_path / "rubrics").mkdir(exist_ok=True)
    path = tmp_path / "rubrics" / "four.yaml"
    path.write_text(text, encoding="utf-8")
    found = Library([shipped()]).check(path)
    return [problem.summary.removeprefix(f"{path}:") for problem in found]


def test_a_rubric_with_sound_rules_has_no_problem(tmp_path: Path) -> None:
    assert refused(tmp_path, FOUR) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        (
            "action, time]",
            "action, tiem]",
            "tiem",
            'unknown-name "firm_footing" has no check "tiem", did you mean "time"?',
        ),
        ("{all: [action], none: [shield, shrug]}", "{}", "{}}", 'invalid "when": a rule names at least one check'),
        ("all: [action],", "all: action,", "action, none", 'wrong-type "all" should be a list'),
        ("all: [action],", "evry: [action],", "evry", 'unknown-key unknown key "evry"'),
        ("by: checks", "by: embedded", "embedded", "wrong-rater the embedded rater knows empathy"),
        ("id: firm_footing", "id: ownership", "ownership", 'duplicate-id "ownership" is used twice in "dimensions"'),
        (
            "{id: time,",
            "{id: action,",
            "action, question: Does it say by",
            'duplicate-id "action" is used twice in "checks"',
        ),
        ("[action], none: [shield, ", "[action], none: [action, ", "action, shrug", "never-holds this can never hold"),
        ("none: [shield]", "none: [offer, action]", "offer, action]}", "never-holds this can never hold"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_where_it_stands(
    tmp_path: Path, old: str, new: str, place: str, said: str
) -> None:
    text = FOUR.replace(OWN, OWN.replace(old, new, 1))
    before = text[: text.index(place, text.index("name: Firm footing") - 40)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    found = refused(tmp_path, text)
    assert any(one.startswith(f"{line}:{column}: {said}") for one in found), found


def test_a_dimension_scored_by_checks_without_any_rule_is_refused(tmp_path: Path) -> None:
    bare = "\n".join(line.split(", when:")[0] + "}" if ", when:" in line else line for line in FOUR.splitlines())
    (found,) = refused(tmp_path, bare)
    assert 'no-rule no level of "firm_footing" has a rule, so no reply would ever have a level' in found


def test_a_core_dimension_is_for_the_embedded_rater_alone_and_has_no_rules(tmp_path: Path) -> None:
    by_checks = refused(tmp_path, CORE.replace("scored_by: embedded", "scored_by: checks", 1))
    assert any('wrong-rater "empathy" is a core dimension' in one for one in by_checks)
    (idle,) = refused(tmp_path, CORE.replace("name: token\n", "name: token\n        when: {any: [stock]}\n", 1))
    assert "idle-rule the embedded rater scores" in idle


def test_a_session_does_not_open_on_rules_that_cannot_work(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, FOUR.replace("all: [action, time]", "all: [tiem]"))
    with pytest.raises(ContentError, match='has no check "tiem"'):
        desk.library.material("fare-jump")


# Played and looked back on


class FailingRater:
    """A rater whose model is out of order."""

    version = "scripted"

    async def rate(self, exchange: Exchange, turn: int = 0) -> Rating:
        raise ModelError("The model is out of order.")


def desk_of(folder: Path, text: str = FOUR, rater: ScriptedRater | FailingRater | None = None) -> Desk:
    """A desk whose core rubric has a fourth dimension."""
    (folder / "own" / "rubrics").mkdir(parents=True, exist_ok=True)
    (folder / "own" / "rubrics" / "core.yaml").write_text(text, encoding="utf-8")
    card = ModelCard(speaker="none", listener="scripted listener", way="guided")
    return Desk(
        Library([shipped(), folder / "own"]),
        SessionArchive(folder / "sessions"),
        Cast(card=card, listener=ScriptedListener(), rater=rater),
        app_version="0",
        trainee="trainee-test",
        pace=0,
        clock=StoryClock(NINE),
    )


async def played(desk: Desk, *replies: str) -> Session:
    runner = await desk.open("fare-jump", seed=1)
    await runner.begin()
    for reply in replies:
        await runner.say(reply)
    await runner.settled()
    await runner.close()
    return runner.session


async def looked_back(desk: Desk, *replies: str) -> Debrief:
    return await desk.debrief(await played(desk, *replies))


def reports(result: Debrief) -> list[str]:
    return [plain(result), markdown(result).replace("\\", ""), html(result)]


async def test_a_session_has_levels_by_rules_and_every_report_marks_them(tmp_path: Path) -> None:
    result = await looked_back(desk_of(tmp_path, rater=ScriptedRater()), POLICY, PLAN, BARE)
    own = result.dimensions[-1]
    assert [(turn.turn, turn.level) for turn in own.turns] == [(1, 1), (2, 5), (3, None)]
    assert (own.mark, own.calibrated, own.rater) == ("not calibrated", False, checks.version(rubric().dimensions[-1]))
    assert result.rater == "scripted"
    assert result.overall is not None
    assert result.overall.parts[-1].weight == 2
    for told in reports(result):
        assert "Firm footing: not calibrated." in told, "where its levels stand by turn"
        assert "Firm footing 3.5 (interval unknown, weight 2) (not calibrated)" in told, "in the overall score"
        assert f"checks alone ({own.rater})" in told
        assert "How far the levels of Firm footing are off has not been measured" in told


async def test_the_words_and_the_answers_behind_a_level_by_rules_are_shown(tmp_path: Path) -> None:
    result = await looked_back(desk_of(tmp_path, rater=ScriptedRater()), PLAN)
    (review,) = result.reviews
    own = [one for one in review.evidence if one.dimension == "firm_footing"]
    assert {one.signal for one in own} == {SignalName.COMMITS_ACTION, SignalName.GIVES_TIME}
    assert all(PLAN[one.start : one.end] == one.quote for one in own)
    assert "firm_footing" not in review.unexplained
    for told in reports(result):
        assert "Firm footing 5, by the rubric's rule (not calibrated): yes to Does it say what" in told.replace(
            "&#x27;", "'"
        )


async def test_a_level_without_a_rule_is_never_the_one_to_aim_for(tmp_path: Path) -> None:
    text = FOUR.replace(", when: {all: [action], none: [shield, shrug]}}", "}")
    result = await looked_back(desk_of(tmp_path, text, ScriptedRater()), "I can help you with that.")
    assert (result.dimensions[-1].level, result.dimensions[-1].next_level) == (3, 5)
    assert [step.next_level for step in result.reviews[0].missing][-1] == 5


async def test_what_the_rater_gives_and_what_the_customer_does_stay_the_same(tmp_path: Path) -> None:
    with_rules = await played(desk_of(tmp_path / "a", rater=ScriptedRater()), POLICY, PLAN)
    without = await played(desk_of(tmp_path / "b", CORE, ScriptedRater()), POLICY, PLAN)
    for one, other in zip(with_rules.turns, without.turns, strict=True):
        assert (one.feeling, one.choice, one.line) == (other.feeling, other.choice, other.line)
        if one.rating and other.rating:
            assert {name: one.rating.levels[name] for name in CORE_DIMENSIONS} == other.rating.levels


async def test_a_resumed_session_goes_on_with_the_rules_it_began_with(tmp_path: Path) -> None:
    first = await played(desk_of(tmp_path, rater=ScriptedRater()), POLICY)
    desk = desk_of(tmp_path, CORE, ScriptedRater())
    runner = await desk.resume(first.id)
    await runner.begin()
    await runner.say(PLAN)
    await runner.settled()
    await runner.close()
    own = (await desk.debrief(desk.store.session(first.id))).dimensions[-1]
    assert [(turn.turn, turn.level) for turn in own.turns] == [(1, 1), (2, 5)]


async def test_rules_give_levels_where_the_rater_fails_or_is_missing_and_the_rest_is_said_to_be_unrated(
    tmp_path: Path,
) -> None:
    for rater in (None, FailingRater()):
        result = await looked_back(desk_of(tmp_path, rater=rater), PLAN, BARE)
        assert [score.n for score in result.dimensions] == [0, 0, 0, 1]
        assert result.reviews[0].levels == {"firm_footing": 5}
        assert not result.reviews[1].rated
        assert "Turns 1 and 2 could not be rated and count in no score but what checks alone give." in result.notes
        assert not any("program's estimate" in note for note in result.notes)


def test_the_rubric_in_full_says_that_a_dimension_is_not_calibrated(tmp_path: Path) -> None:
    material = desk_of(tmp_path).library.material("fare-jump").cast(1)
    titles = [section.title for section in briefing(material, None)]
    assert "Firm footing (weight 2, scored by checks, not calibrated)" in titles
    assert "Empathy (weight 1)" in titles


# Replies that were not played

TURNS = [
    {"speaker": "customer", "text": "Two seats jumped to 778. Fix it."},
    {"speaker": "agent", "text": POLICY},
    {"speaker": "customer", "text": "And now?"},
    {"speaker": "agent", "text": PLAN},
]


async def test_a_transcript_is_scored_by_the_rules_and_weights_of_its_rubric() -> None:
    rater = RuledRater(ScriptedRater(), rubric(), ScriptedListener())
    result = await score(parse(json.dumps({"turns": TURNS}), "call.json"), rater, rubric())
    assert isinstance(result, dict)
    assert [reply["levels"]["firm_footing"] for reply in result["replies"]] == [1, 5]
    assert result["overall"]["firm_footing"] == 3.5, "the slip was put right, so it counts as 2"
    assert result["overall"]["total"] == 3.2, "three of weight 1 at 3, one of weight 2 at 3.5"
    assert "has not been measured" in result["uncertainty"]["firm_footing"]["why"]
    assert (result["rater"], result["rules"]) == ("scripted", checks.versions(rubric()))
    for reply in result["replies"]:
        for one in reply["evidence"]:
            assert TURNS[one["turn"]]["text"][one["start"] : one["end"]] == one["quote"]
    told = in_words(result, {"firm_footing": "not calibrated"})
    assert "firm_footing 3.5 (interval unknown) (not calibrated)" in told
    assert f"rater scripted; firm_footing by {result['rules']['firm_footing']}" in told


async def test_a_core_rubric_scores_a_transcript_as_before() -> None:
    core = read(Rubric, CORE, "core.yaml")
    parsed = parse(json.dumps({"turns": TURNS}), "call.json")
    before = await score(parsed, ScriptedRater())
    assert await score(parsed, RuledRater(ScriptedRater(), core, None), core) == before


@pytest.mark.usefixtures("weights")
def test_the_command_scores_by_a_rubric_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own" / "rubrics").mkdir(parents=True)
    (tmp_path / "own" / "rubrics" / "four.yaml").write_text(FOUR, encoding="utf-8")
    (tmp_path / "reply.jsonl").write_text(json.dumps({"history": TURNS[:1], "reply": PLAN}), encoding="utf-8")
    monkeypatch.setenv("SIMULATOR_CONTENT", str(tmp_path / "own"))
    ran = CliRunner().invoke(cli_scores.score, [str(tmp_path / "reply.jsonl"), "--rubric", "four", "--json"])
    row = json.loads(ran.stdout)
    assert set(row["levels"]) == {*CORE_DIMENSIONS, "firm_footing"}
    assert row["calibration"] == {"firm_footing": "not calibrated"}
    assert row["rules"] == checks.versions(rubric())
    unknown = CliRunner().invoke(cli_scores.score, [str(tmp_path / "reply.jsonl"), "--rubric", "fuor"])
    assert 'There is no rubric "fuor"; did you mean "four"?' in str(unknown.exception)
