"""The debrief: what it finds, what it leaves open, and that every quote stands in the transcript."""

import re
from collections.abc import Iterator

import pytest
from played import (
    BEGIN,
    NAMED,
    OPENING,
    SHRUG,
    after,
    call,
    entry,
    exchange,
    looked_back_on,
    material,
    opening,
    rating,
    signal,
    started,
)

from simulator.debriefing.conversation import Conversation, Repeat
from simulator.debriefing.debrief import CriticalFinding, Debrief, Sources, debrief
from simulator.debriefing.goals import Goal
from simulator.debriefing.handoffs import Handoff
from simulator.debriefing.moments import Moment, Reason
from simulator.debriefing.promises import PromiseOutcome
from simulator.debriefing.reviews import NextStep, TurnReview
from simulator.debriefing.scores import CheckCount, DimensionScore, Finding, Overall, Part, TurnLevel
from simulator.debriefing.stronger import DimensionPair, LineScore, StrongerLine
from simulator.events import CustomerInterrupted, Event, ModelCard, ReplyRated, SessionEnded
from simulator.session import Session
from simulator.vocabulary import Channel, CriticalCode, CriticalError, Ending, Feeling, SignalName


def quotes(result: Debrief) -> Iterator[str]:
    """Everything a debrief claims that somebody said."""
    yield from (finding.quote for finding in result.critical)
    for moment in result.moments:
        yield from (moment.before, moment.reply or "", moment.after)
        yield from (each.quote for each in moment.entries if not each.quote.startswith("("))
    for review in result.reviews:
        yield from (review.before, review.reply or "", *(evidence.quote for evidence in review.evidence))
    for score in result.dimensions:
        yield from (found.quote or "" for check in score.checks for found in check.findings)
    if result.stronger:
        yield from (result.stronger.before, result.stronger.reply)


def test_every_quote_stands_verbatim_in_the_transcript(looked_back: Debrief) -> None:
    said = [utterance.text for utterance in call().utterances]
    claimed = [quote for quote in quotes(looked_back) if quote]
    assert len(claimed) > 15
    for quote in claimed:
        assert any(quote in text for text in said), quote


def test_evidence_that_nobody_said_is_left_out(looked_back: Debrief) -> None:
    evidence = [each for review in looked_back.reviews for each in review.evidence]
    assert [each.quote for each in evidence] == ["I'd be angry too."]


def test_a_mean_is_taken_over_the_replies_that_have_a_level(looked_back: Debrief) -> None:
    empathy, ownership, listening = looked_back.dimensions
    assert (empathy.mean, empathy.n) == (3.0, 3), "2.2, put right by 4.2, counts 2.6; then 4.2 and 2.2"
    assert (ownership.mean, ownership.n) == (2.83, 3), "1.2, put right by 4.2, counts 2.1"
    assert (listening.mean, listening.n) == (2.7, 2)
    assert [turn.level for turn in listening.turns] == [2, 3, None]
    assert (ownership.level, ownership.level_name) == (3, "fair")
    assert ownership.anchor == "The reply owns at strength 3."


def test_the_overall_score_is_the_weighted_mean_and_shows_its_parts(looked_back: Debrief) -> None:
    assert looked_back.overall is not None
    assert looked_back.overall.mean == round((3.0 + 3 * 2.83 + 2.7) / 5, 2)
    assert [(part.dimension, part.share) for part in looked_back.overall.parts] == [
        ("Empathy", 0.2),
        ("Ownership", 0.6),
        ("Active listening", 0.2),
    ]


def test_checks_are_counted_with_turn_and_quote(looked_back: Debrief) -> None:
    checks = {check.id: check for score in looked_back.dimensions for check in score.checks}
    assert [(found.turn, found.quote) for found in checks["feeling"].findings] == [(2, "I'd be angry too.")]
    assert (checks["feeling"].met, checks["feeling"].of) == (1, 3)
    assert [found.turn for found in checks["stock"].findings] == [1, 4]
    assert not checks["stock"].wanted
    assert [(found.turn, found.quote) for found in checks["waiting"].findings] == [(3, None)]
    assert checks["waiting"].of == 4, "a hold counts for what is unwanted, and not against what is wanted"


def test_a_check_the_scenario_has_no_place_for_is_not_held_against_a_reply() -> None:
    only = {"commits_action": ["I am opening the fare log myself, now."]}
    feeling, meaning, stock = debrief(call(), material(exemplars=only)).dimensions[0].checks
    assert [check.tells for check in (feeling, meaning, stock)] == [True, False, True]


def test_an_unsure_learned_signal_meets_no_check() -> None:
    unsure = signal(NAMED, SignalName.NAMES_FEELING, "I'd be angry too.").model_copy(update={"probability": 0.4})
    session = after(exchange(1, NAMED, "Hm.", signals=[unsure]))
    assert debrief(session, material()).dimensions[0].checks[0].met == 0


def test_moments_are_the_largest_moves_both_ways(looked_back: Debrief) -> None:
    assert [(moment.turn, moment.direction) for moment in looked_back.moments] == [
        (2, "calmer"),
        (1, "more upset"),
        (3, "more upset"),
    ]
    calmer, shrug, hold = looked_back.moments
    assert (calmer.upset, calmer.trust) == (-22, 14)
    assert calmer.before == "Don't tell me about policy & rules."
    assert calmer.reply == NAMED
    assert calmer.after == "Well. The children are packed, you know."
    assert [each.rule for each in shrug.entries] == ["hides_behind_policy"] * 2
    assert shrug.before == OPENING
    assert (hold.reply, hold.act) == (None, "The customer was put on hold for 40 seconds.")


def test_a_smaller_move_the_other_way_takes_the_last_place() -> None:
    worse = [entry("stock_phrase", "Hm.", Feeling.ANGER, 10)]
    turns = [exchange(turn, "Hm.", "No.", entries=worse) for turn in (1, 2, 3)]
    better = exchange(5, "Hm.", "Ah.", entries=[entry("names_feeling", "Hm.", Feeling.TRUST, 8)])
    result = debrief(after(*turns, exchange(4, "Hm.", "Hm."), better), material())
    assert [moment.turn for moment in result.moments] == [1, 2, 5]


def test_the_turn_that_calmed_who_had_just_been_upset_is_a_key_moment() -> None:
    calming = [entry("names_feeling", "Hm.", Feeling.ANGER, -10)]
    turns = [exchange(turn, "Hm.", "Ah.", entries=calming) for turn in (1, 2, 3)]
    worse = exchange(4, "Hm.", "No.", entries=[entry("stock_phrase", "Hm.", Feeling.ANGER, 6)])
    turned = exchange(5, "Hm.", "Oh.", entries=[entry("names_feeling", "Hm.", Feeling.ANGER, -8)])
    assert [moment.turn for moment in debrief(after(*turns, worse, turned), material()).moments] == [5, 1, 4]


def test_a_slight_move_is_a_moment_only_where_nothing_moved_more() -> None:
    worse = exchange(1, "Hm.", "No.", entries=[entry("stock_phrase", "Hm.", Feeling.ANGER, 10)])
    slight = exchange(2, "Ah.", "Well.", entries=[entry("names_feeling", "Ah.", Feeling.TRUST, 0.9)])
    both = debrief(after(worse, slight), material())
    assert [moment.turn for moment in both.moments] == [1]
    only = exchange(1, "Ah.", "Well.", entries=[entry("names_feeling", "Ah.", Feeling.TRUST, 0.9)])
    assert [moment.turn for moment in debrief(after(only), material()).moments] == [1]


def test_which_way_a_moment_went_is_told_by_all_feelings_together() -> None:
    reply = "Read the terms."
    mixed = [
        entry("one_step", reply, Feeling.ANGER, -9),
        entry("blames_customer", reply, Feeling.DISTRESS, 8),
        entry("blames_customer", reply, Feeling.TRUST, -7),
    ]
    moment = debrief(after(exchange(1, reply, "What?", entries=mixed)), material()).moments[0]
    assert moment.direction == "more upset"
    assert list(moment.moves) == [Feeling.ANGER, Feeling.TRUST, Feeling.DISTRESS], "the leading feeling, then trust"


def test_reasons_that_share_words_are_one_reason() -> None:
    reply = "Of course you're angry, I would be."
    entries = [
        entry("names_feeling", "you're angry", Feeling.ANGER, -4),
        entry("validates", "Of course you're angry", Feeling.ANGER, -5),
        entry("validates", "Of course you're angry", Feeling.TRUST, 3),
        entry("tells", "you're angry", Feeling.TRUST, -1),
        entry("doorbell", "(event) Ding.", Feeling.DISTRESS, 14, event=True),
    ]
    turn = exchange(1, reply, "Hm.", entries=entries, fired=("doorbell",))
    first, second, event = debrief(after(turn), material()).moments[0].reasons
    assert (first.quote, first.rules, first.helped) == ("Of course you're angry", ("names_feeling", "validates"), True)
    assert first.moves == {Feeling.ANGER: -9, Feeling.TRUST: 3}
    assert (second.helped, second.moves) == (False, {Feeling.TRUST: -1}), "what hurt is never hidden in what helped"
    assert (event.event, event.rules) == (True, ("doorbell",))


def test_every_field_a_reader_of_the_json_meets_says_what_it_is() -> None:
    schema = Debrief.model_json_schema()
    told = {"Debrief": schema, **schema["$defs"]}
    ours = (Debrief, TurnReview, NextStep, CriticalFinding, Sources, Moment, Reason, StrongerLine, Goal, DimensionScore)
    whole = (Conversation, Repeat, PromiseOutcome, Handoff, LineScore, DimensionPair)
    for model in (*ours, *whole, CheckCount, Finding, TurnLevel, Overall, Part):
        for name, field in told[model.__name__]["properties"].items():
            assert field.get("description"), f"{model.__name__}.{name}"


def test_how_far_one_reply_can_move_a_feeling_is_said_in_plain_words(looked_back: Debrief) -> None:
    assert "one reply can move each by 30 points at most" in looked_back.points_sentence


def test_what_an_event_of_the_scenario_did_is_no_moment_of_the_reply() -> None:
    event = entry("line_drops", "(event) Hello?", Feeling.ANGER, 20, event=True)
    turn = exchange(1, "Hello.", "Hello? Hel-", entries=[event], fired=("line_drops",))
    assert debrief(after(turn), material()).moments == ()


def test_the_curve_has_the_start_and_every_turn(looked_back: Debrief) -> None:
    assert [(point.turn, point.emotion.anger, point.emotion.trust) for point in looked_back.curve] == [
        (0, 80, 20),
        (1, 95, 12),
        (2, 73, 26),
        (3, 79, 26),
        (4, 79, 24),
    ]
    assert (
        looked_back.change_sentence == "On a scale of 0 to 100, anger went from 80 to 79 and trust went from 20 to 24."
    )


def test_what_was_missing_is_said_in_the_rubrics_own_words(looked_back: Debrief) -> None:
    missing = looked_back.reviews[0].missing
    assert [(step.dimension, step.level, step.next_level) for step in missing] == [
        ("Empathy", 2, 3),
        ("Ownership", 1, 3),
        ("Active listening", 2, 3),
    ]
    assert missing[1].anchor == "The reply owns at strength 3.", "nobody is told to aim for what goes wrong"
    assert [step.dimension for step in looked_back.reviews[3].missing] == ["Empathy", "Ownership"]


def test_a_critical_error_is_named_in_the_rubrics_words_with_turn_and_quote() -> None:
    reply = "Learn to read. I'll give you a free seat on top of it."
    error = CriticalError(code=CriticalCode.INSULTS, quote="Learn to read")
    unknown = CriticalError(code=CriticalCode.BREAKS_POLICY, quote="a free seat")
    session = after(exchange(1, reply, "Excuse me?", critical=[error, unknown]))
    first, second = debrief(session, material()).critical
    assert (first.name, first.text, first.turn, first.quote) == (
        "Insulted the customer",
        "The reply mocks.",
        1,
        "Learn to read",
    )
    assert second.name == "Breaks policy"


def test_a_call_without_a_reply_says_so_and_scores_nothing() -> None:
    ended = SessionEnded(at=BEGIN, ending=Ending.TRAINEE_ENDED)
    calls: list[list[Event]] = [[started()], [started(), ended], [started(), *opening(), ended]]
    for events in calls:
        result = debrief(Session.of(events), material())
        assert result.overall is None
        assert (result.replies, result.moments, result.stronger, result.reviews) == (0, (), None, ())
        assert "There was no reply, so there is nothing to score." in result.notes
        assert "Answer the customer at least once" in result.goal.sentence
        assert len(result.curve) == 1
        assert all(score.mean is None and score.level is None for score in result.dimensions)


def test_replies_without_any_level_give_no_score_and_still_a_goal() -> None:
    nothing = {"empathy": None, "ownership": None, "active_listening": None}
    unrated = ReplyRated(at=BEGIN, turn=1, rating=rating(1, "Bye.", nothing))
    result = debrief(after(exchange(1, "Bye.", "Bye."), [unrated], ending=None), material())
    assert result.overall is None
    assert result.stronger is None
    assert result.reviews[0].rated
    assert result.goal.sentence.startswith("Stay with the customer for at least four replies")


def test_where_nothing_is_rated_the_ledger_chooses_the_weakest_moment() -> None:
    turn = exchange(1, SHRUG, "What?", entries=[entry("deflects", "I can't", Feeling.ANGER, 9)])
    failed = ReplyRated(at=BEGIN, turn=1, rating=None)
    result = looked_back_on(after(turn, [failed]))
    assert result.stronger is not None
    assert (result.stronger.turn, result.stronger.dimension) == (1, None)
    assert not result.reviews[0].rated
    assert "Turn 1 could not be rated and counts in no score." in result.notes


def test_notes_tell_what_the_numbers_do_not(looked_back: Debrief) -> None:
    assert looked_back.sources.model_dump() == {"guided": 4, "free": 0, "fallback": 1}
    assert "1 of 5 customer lines were last-resort lines that no model chose." in looked_back.notes
    assert any("rater (embedded-1)" in note and "not with people" in note for note in looked_back.notes)
    assert not any("listener was missing" in note for note in looked_back.notes)


def test_a_missing_listener_is_said() -> None:
    turns = [exchange(1, "A.", "B.", learned=False), exchange(2, "C.", "D.", learned=False)]
    deaf = after(*turns, model=ModelCard(speaker="none", listener="none", way="guided"))
    notes = debrief(deaf, material()).notes
    assert any("listener was missing" in note for note in notes)
    assert "Turns 1 and 2 could not be rated and count in no score." in notes


@pytest.mark.parametrize("ending", [*Ending, None])
def test_every_ending_has_a_plain_sentence(ending: Ending | None) -> None:
    result = debrief(call(ending), material())
    assert re.fullmatch(r"[A-Z].*\.", result.ending_sentence)
    assert result.ending is ending


def test_an_unfinished_session_says_that_it_can_be_resumed() -> None:
    result = debrief(call(None), material())
    assert result.ending_sentence == "This call has not ended; it can be resumed."
    assert result.ended is None


def test_who_writes_does_not_hang_up() -> None:
    chat = after(ending=Ending.HUNG_UP, channel=Channel.CHAT)
    assert "left the chat" in debrief(chat, material()).ending_sentence


def test_only_what_was_heard_of_an_interrupted_line_is_quoted() -> None:
    cut = CustomerInterrupted(at=BEGIN, turn=0, heard=10)
    session = after([cut], exchange(1, "Wait.", "What?"))
    review = debrief(session, material()).reviews[0]
    assert (review.before, review.before_cut) == (OPENING[:10], True)


def test_no_word_judges_the_person() -> None:
    for ending in (*Ending, None):
        result = debrief(call(ending), material())
        own = " ".join([result.ending_sentence, result.change_sentence, result.goal.sentence, *result.notes]).lower()
        assert not re.search(r"\b(you are|you were|your (attitude|tone)|rude|cold|careless|good|bad|rank)\b", own)


def test_the_same_session_gives_the_same_debrief_and_it_survives_json(looked_back: Debrief) -> None:
    assert looked_back_on(call()) == looked_back
    assert Debrief.model_validate_json(looked_back.model_dump_json()) == looked_back


@pytest.mark.parametrize(("enough", "success"), [(None, 0.25), (1, 1.0), (2, 1.0), (3, 0.25)])
def test_a_check_met_as_often_as_is_enough_went_as_wanted(enough: int | None, success: float) -> None:
    findings = tuple(Finding(turn=turn, quote="On me.") for turn in (1, 4))
    check = CheckCount(
        id="mine",
        question="Is it mine?",
        signals=(SignalName.ACCEPTS_RESPONSIBILITY,),
        wanted=True,
        enough=enough,
        goal=None,
        room=True,
        of=8,
        findings=findings,
    )
    assert check.success == success
