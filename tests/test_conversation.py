"""A contact as a whole: recovery, how sure a mean is, what had to be said again, promises, handoffs, proven lines."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import calls
import pytest
from calls import NOON, Call, signal
from click.testing import CliRunner
from played import BEGIN, NAMED, FondRater, call, exchange, material, opening, rating, started
from stage import POLICY, SCENARIO, Stage

from simulator.assessment.average import RECOVERED, SOUND, average, counted, weighted_mean
from simulator.assessment.certainty import Between, RaterError, Reliability, Unknown, interval, published, together
from simulator.assessment.score import uncertainty
from simulator.cli.main import commands
from simulator.clock import StoryClock
from simulator.content.material import Material
from simulator.debriefing.conversation import conversation
from simulator.debriefing.debrief import debrief
from simulator.debriefing.handoffs import handoffs
from simulator.debriefing.promises import PromiseOutcome, promise_outcomes
from simulator.debriefing.proven import NOTHING_RATED, rate_lines
from simulator.errors import ModelError
from simulator.events import CustomerSpoke, MoveChosen, ReplyRated, SessionEnded
from simulator.ports import Exchange
from simulator.reports.contact import certainty_of, parts_of, whole_of
from simulator.reports.phrases import scored_of
from simulator.reports.text import plain
from simulator.session import Session
from simulator.vocabulary import CORE_DIMENSIONS, Ending, Move, Rating

ERROR = RaterError(kappa=0.8, low=0.72, high=0.87, error_sd=0.6, n=190)
PUBLISHED = Reliability(rater="embedded-1", dimensions=dict.fromkeys(CORE_DIMENSIONS, ERROR))


def told(session: Session, *, reliability: Reliability | None = PUBLISHED) -> str:
    return " ".join(plain(debrief(session, material(), reliability=reliability)).split())


# Recovery


def test_a_slip_that_the_next_reply_puts_right_counts_halfway_up_to_three() -> None:
    assert counted([1.0, 4.0]) == (2.0, 4.0)
    assert counted([2.0, 3.4, 5.0]) == (2.0, 3.4, 5.0), "a 3 does not put a slip right, and a 3 is no slip"
    assert counted([4.0, 2.0]) == (4.0, 2.0), "what comes before a slip does not put it right"


@pytest.mark.parametrize("after", [1.0, 3.4, RECOVERED, 5.0])
def test_a_better_reply_never_lowers_a_mean(after: float) -> None:
    means = [sum(counted([level / 10, after, 5.0])) for level in range(10, 51)]
    assert means == sorted(means)
    assert max(counted([SOUND - 0.01, 5.0])[:1]) < SOUND, "a slip stays below a reply without one"


def test_replies_without_a_level_are_passed_over_when_a_slip_is_put_right() -> None:
    session = call()
    empathy = debrief(session, material()).dimensions[0]
    assert [turn.recovered for turn in empathy.turns] == [True, False, False]
    assert "Here: Empathy in turn 1, Ownership in turn 1." in told(session)


def test_the_weighted_mean_of_nothing_is_none() -> None:
    assert weighted_mean([]) is None
    assert weighted_mean([(0.0, 4.0)]) is None
    assert weighted_mean([(3.0, 2.0), (1.0, 4.0)]) == 2.5


# How sure it is


def test_an_interval_holds_the_spread_between_replies_and_the_raters_error() -> None:
    alike, varied = interval([3.0] * 4, ERROR), interval([1.0, 5.0, 2.0, 4.0], ERROR)
    assert isinstance(alike, Between)
    assert isinstance(varied, Between)
    assert (alike.low, alike.high) == (2.41, 3.59), "1.96 times 0.6 over the root of 4"
    assert varied.high - varied.low > alike.high - alike.low > 0
    exact = interval([3.0, 3.0], ERROR.model_copy(update={"error_sd": 0.0}))
    assert exact == Between(low=3.0, high=3.0)


def test_an_interval_never_leaves_the_scale() -> None:
    assert interval([5.0, 1.0], ERROR) == Between(low=1.0, high=5.0)


def test_more_replies_make_a_mean_surer() -> None:
    few, many = interval([2.0, 4.0, 3.0], ERROR), interval([2.0, 4.0, 3.0] * 5, ERROR)
    assert isinstance(few, Between)
    assert isinstance(many, Between)
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize(
    ("values", "error", "why"),
    [
        ([3.0], ERROR, "One reply alone shows no spread."),
        ([3.0, 4.0], PUBLISHED.error("embedded-2", "empathy"), "only that of embedded-1"),
        ([3.0, 4.0], PUBLISHED.error("embedded-1", "clarity"), "on clarity has not been published"),
    ],
)
def test_where_the_error_is_not_known_the_interval_is_not_either(
    values: Sequence[float], error: RaterError | Unknown, why: str
) -> None:
    found = interval(values, error)
    assert isinstance(found, Unknown)
    assert why in found.why


def test_the_interval_of_a_total_is_the_weighted_mean_of_its_parts_intervals() -> None:
    wide, narrow = Between(low=1.0, high=5.0), Between(low=2.0, high=3.0)
    assert together([(0.75, narrow), (0.25, wide)]) == Between(low=1.75, high=3.5)
    assert together([(0.5, narrow), (0.5, Unknown(why="Not measured."))]) == Unknown(why="Not measured.")
    assert together([]) == Unknown(why="Nothing was rated.")


def test_a_total_is_told_with_its_parts_and_how_sure_all_of_them_are() -> None:
    looked_back = debrief(call(), material(), reliability=PUBLISHED)
    assert looked_back.overall is not None
    assert isinstance(looked_back.overall.interval, Between)
    ranges = [part.interval for part in looked_back.overall.parts]
    assert all(isinstance(one, Between) for one in ranges)
    assert parts_of(looked_back).count(" to ") == 4
    assert "hold the spread between the replies and the rater's own error" in certainty_of(looked_back)[0]


def test_a_rater_whose_error_is_not_published_gives_no_interval_and_says_why() -> None:
    other = PUBLISHED.model_copy(update={"rater": "embedded-9"})
    assert "(interval unknown)" in told(call(), reliability=other)
    assert "The error of rater embedded-1 has not been published, only that of embedded-9." in told(
        call(), reliability=other
    )


def test_what_is_published_with_the_program_can_be_read() -> None:
    known = published()
    assert all(one.error_sd > 0 and one.low <= one.kappa <= one.high for one in known.dimensions.values())
    assert not known.dimensions or set(known.dimensions) >= set(CORE_DIMENSIONS)


def test_a_transcript_is_as_unsure_as_a_session_of_the_same_levels() -> None:
    replies = [{"expected": dict.fromkeys(CORE_DIMENSIONS, level)} for level in (1.0, 4.0, 3.0)]
    found = uncertainty(replies, "embedded-1", PUBLISHED)
    given = average([1.0, 4.0, 3.0], ERROR)
    assert given is not None
    assert found["empathy"] == found["total"] == given.interval
    assert isinstance(uncertainty(replies, "embedded-2", PUBLISHED)["total"], Unknown)
    assert uncertainty([], "embedded-1", PUBLISHED)["total"] == Unknown(why="Nothing was rated.")


# Promises


def outcomes(played: Call) -> list[tuple[str, str]]:
    return [(one.promise, one.state) for one in promise_outcomes(played.session, played.material)]


def test_a_promise_that_nothing_confirms_or_contradicts_is_open() -> None:
    played = Call()
    played.say("I'll honour the fare you were quoted.")
    assert outcomes(played) == [("honour_fare", "open")]


def test_a_later_line_that_says_it_is_done_keeps_a_promise() -> None:
    played = Call()
    played.say("I'll honour the fare you were quoted.")
    played.say("I've put all four through at 398.")
    (kept,) = promise_outcomes(played.session, played.material)
    assert (kept.state, kept.turn, kept.shown_in, kept.by_words) == ("kept", 1, 2, True)
    assert kept.shown_by == "I've put all four through at 398."


def test_what_is_only_announced_again_stays_open() -> None:
    played = Call()
    played.say("I'll honour the fare you were quoted.")
    played.say("I can honour the fare, and I have to check the log first.")
    assert outcomes(played) == [("honour_fare", "open")]


def test_the_reverse_said_later_breaks_a_promise() -> None:
    played = Call()
    played.say("I'll honour the fare you were quoted.")
    played.say("I'm afraid I can't honour it after all.")
    (broken,) = promise_outcomes(played.session, played.material)
    assert (broken.state, broken.shown_in) == ("broken", 2)
    assert broken.shown_by == "I'm afraid I can't honour it after all."


def test_what_policy_forbids_is_no_promise_to_keep() -> None:
    played = Call()
    played.say("Of course, you can have half off.")
    assert played.session.promises
    assert outcomes(played) == []


@pytest.mark.parametrize(("seconds", "state"), [(110, "kept"), (150, "kept"), (151, "broken")])
def test_a_hold_is_measured_by_the_wait_that_was_named(seconds: int, state: str) -> None:
    played = Call()
    played.say("Give me two minutes. I'll look.")
    played.hold(seconds)
    (wait,) = promise_outcomes(played.session, played.material)
    assert (wait.promise, wait.state, wait.quote, wait.shown_in) == ("a wait", state, "Give me two minutes.", 2)


def test_a_named_wait_without_a_hold_is_no_promise() -> None:
    played = Call()
    played.say("It takes two minutes.")
    assert outcomes(played) == []


STAYS = {"stay_on_line": {"words": ["stay on"]}, "supervisor": {"words": ["put you through to my manager"]}}


@pytest.mark.parametrize(
    ("ending", "state"),
    [(Ending.RESOLVED, "kept"), (Ending.TRAINEE_ENDED, "broken"), (Ending.DROPPED, "open"), (None, "open")],
)
def test_to_stay_is_a_promise_about_the_ending(ending: Ending | None, state: str) -> None:
    played = Call(_with_promises())
    played.say("I'll stay on the line until you see it.")
    if ending:
        played.session = played.session.after(SessionEnded(at=NOON, ending=ending))
    assert outcomes(played) == [("stay_on_line", state)]


def test_a_transfer_keeps_the_promise_to_put_through_and_breaks_the_one_to_stay() -> None:
    played = Call(_with_promises())
    played.say("I'll stay on the line.")
    played.say("I'll put you through to my manager.")
    played.transfer("the manager")
    assert outcomes(played) == [("stay_on_line", "broken"), ("supervisor", "kept")]


def _with_promises() -> Material:
    return calls.material(promises=STAYS, endings={"hung_up": {"upset_at_least": 100}})


# Said again


def test_a_question_that_was_answered_counts_once_a_turn() -> None:
    played = Call()
    played.say("Your reference?", signal("asks_again", "Your reference?"), line="I've told you already. TA4471.")
    played.say("Right.", line="So what happens now?")
    assert [(one.turn, one.speaker, one.quote) for one in conversation(played.session, played.material).repeats] == [
        (1, "trainee", "Your reference?")
    ]


@pytest.mark.parametrize(
    ("line", "move", "counts"),
    [
        ("I'll say it again. Four seats.", Move.REPEAT_REQUEST, True),
        ("No. I've just told you that.", Move.CHALLENGE, True),
        ("Not 389. I was quoted 398 for each seat.", Move.CORRECT, True),
        ("Say that again, please, and slower.", Move.REPEAT_REQUEST, False),
        ("I've told you already.", Move.THANK, False),
        ("No, my name is Delgado.", Move.CORRECT, False),
    ],
)
def test_the_customer_says_again_what_they_had_said(line: str, move: Move, counts: bool) -> None:
    chosen = MoveChosen(at=BEGIN, turn=1, move=move, gist="-", because="-")
    spoken = CustomerSpoke(at=BEGIN, turn=1, text=line, source="guided")
    first = [started(), *opening(), *exchange(1, "Right.", "-")]
    start = CustomerSpoke(at=BEGIN, turn=0, text="I was quoted 398 for each seat.", source="guided")
    session = Session.of([*first, start, chosen, spoken])
    repeats = conversation(session, material()).repeats
    assert bool(repeats) is counts
    assert all(one.quote in line and one.speaker == "customer" for one in repeats)


# Handoffs


def test_a_good_handoff_says_who_why_and_that_nothing_need_be_said_again() -> None:
    played = Call()
    played.say(
        "I'm putting you through to Anna in refunds. She can approve it today. "
        "I've told her everything, so you won't have to repeat it."
    )
    played.transfer("refunds")
    (handoff,) = handoffs(played.session)
    assert handoff.told == 3
    assert handoff.who == "I'm putting you through to Anna in refunds."
    assert handoff.why == "She can approve it today."
    assert handoff.nothing_again == "I've told her everything, so you won't have to repeat it."


def test_a_transfer_out_of_the_blue_tells_nothing() -> None:
    played = Call()
    played.say("I see. You were quoted 398, because the page said so.")
    played.transfer("refunds")
    (handoff,) = handoffs(played.session)
    assert (handoff.turn, handoff.to, handoff.told) == (2, "refunds", 0), "a reason for something else is none for this"
    assert conversation(played.session, played.material).ending is None


# In words


def test_the_contact_as_a_whole_is_counted_in_words() -> None:
    looked_back = debrief(call(Ending.TRAINEE_ENDED), material())
    assert whole_of(looked_back) == [
        "Resolution: not settled. In this scenario it is settled once anger is 20 or less.",
        "Said again: no question was noticed that had been answered before.",
        "Promises: none that this scenario knows.",
    ]
    promised = PromiseOutcome(promise="call_back", turn=2, quote="I'll call you back", state="open")
    whole = looked_back.conversation.model_copy(update={"promises": (promised,)})
    lines = whole_of(looked_back.model_copy(update={"conversation": whole}))
    assert "Promises: 1 made, 0 kept, 0 broken, 1 open" in lines[2]
    assert lines[3] == "Turn 2, call back, “I'll call you back”: open."


# The stronger line is itself scored


async def test_a_line_is_shown_with_its_score_beside_the_reply() -> None:
    session, played = call(), material()
    lines = await rate_lines(session, played, FondRater(session))
    looked_back = debrief(session, played, lines=lines)
    assert looked_back.stronger is not None
    assert looked_back.stronger.scored is not None
    assert (looked_back.stronger.scored.reply, looked_back.stronger.scored.line) == (1.6, 5.0)
    assert "Ownership 5.0 against 1.2" in scored_of(looked_back.stronger)
    assert looked_back.stronger_note is None
    assert len(lines.lines) == 1, "nothing more is asked once a line scores higher"


async def test_a_line_that_does_not_score_higher_is_not_shown() -> None:
    session, played = call(), material()
    lines = await rate_lines(session, played, FondRater(session, least=1.0))
    looked_back = debrief(session, played, lines=lines)
    assert looked_back.stronger is None
    assert looked_back.stronger_note is not None
    assert looked_back.stronger_note.endswith("scored higher than the reply.")
    assert looked_back.stronger_note in plain(looked_back)


async def test_a_reply_rated_by_another_rater_is_rated_again_before_it_is_compared() -> None:
    said = "I have the booking here."
    reply = rating(1, said, dict.fromkeys(CORE_DIMENSIONS, 5)).model_copy(update={"rater": "embedded-0"})
    session = Session.of([started(), *opening(), *exchange(1, said, "No."), ReplyRated(at=BEGIN, turn=1, rating=reply)])
    lines = await rate_lines(session, material(), FondRater(session))
    assert lines.reply is not None
    assert (lines.reply.rater, lines.reply.levels["empathy"]) == ("embedded-1", 1)


class BrokenRater:
    version = "embedded-1"

    async def rate(self, exchange: Exchange, turn: int = 0) -> Rating:
        raise ModelError("The model has gone.")


async def test_where_a_line_cannot_be_scored_the_debrief_says_so_and_shows_none() -> None:
    session, played = call(), material()
    assert await rate_lines(session, played, None) == NOTHING_RATED
    for lines, why in (
        (NOTHING_RATED, "No rater was at hand."),
        (await rate_lines(session, played, BrokenRater()), "gone."),
    ):
        looked_back = debrief(session, played, lines=lines)
        assert looked_back.stronger is None
        assert looked_back.stronger_note is not None
        assert looked_back.stronger_note.startswith("No stronger line is shown for turn 1, as none could be scored.")
        assert looked_back.stronger_note.endswith(why)


# What the levels of one reply rest on


def test_a_level_without_quoted_words_is_called_unexplained() -> None:
    looked_back = debrief(call(), material())
    assert looked_back.reviews[1].unexplained == ("ownership", "active_listening"), "its quote stands in no reply"
    assert "Ownership 4, unexplained: no words stand out, the rater went by the reply as a whole." in told(call())
    assert "Active listening 3, as no words stood out for more, or against it." in told(call())


def test_what_was_missing_names_the_checks_of_the_rubric_that_the_reply_did_not_meet() -> None:
    first, second, *_ = debrief(call(), material()).reviews
    ownership = next(step for step in first.missing if step.dimension == "Ownership")
    assert ownership.unmet == ("Does it say what will be done?",)
    assert ownership.spoiling == ("Does it hide behind policy?",)
    met = next(step for step in second.missing if step.dimension == "Ownership")
    assert (met.unmet, met.spoiling) == ((), ()), "it did say what will be done"
    assert "Not in this reply: Does it say what will be done?" in told(call())
    assert NAMED.split("\n")[0] in told(call())


async def played_to(folder: Path) -> None:
    """Leave one finished call in a data folder, rated by the script."""
    stage = Stage(folder / "sessions", StoryClock(NOON))
    runner = await stage.desk.open(SCENARIO, seed=3)
    await runner.begin()
    await runner.say(POLICY)
    await runner.end()
    await runner.settled()
    await runner.close()


@pytest.mark.parametrize("broken", [False, True])
def test_the_command_asks_the_rater_and_does_without_where_it_cannot(
    broken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(played_to(tmp_path))

    def load(model: Path | None, way: str | None, memo: Path) -> SimpleNamespace:
        assert (model, way) == (None, None), "nobody speaks in a debrief"
        if broken:
            raise ModelError("The embedded model is damaged.")
        cast = Stage(tmp_path / "sessions", StoryClock(NOON)).desk.cast
        return SimpleNamespace(cast=cast, notices=(), asker=None, close=lambda: None)

    monkeypatch.setenv("SIMULATOR_DATA", str(tmp_path))
    monkeypatch.setattr("simulator.backends.models.load", load)
    done = CliRunner().invoke(commands, ["debrief", "--format", "json"])
    assert done.exit_code == 0
    made = json.loads(done.stdout)
    assert bool(made["stronger"]) is not broken
    if broken:
        assert made["stronger_note"].endswith("The embedded model is damaged.")
        assert "Not everything is rated: The embedded model is damaged." in done.stderr
    else:
        assert made["stronger"]["scored"]["line"] > made["stronger"]["scored"]["reply"]
