"""Promises in other words: the other way round, with an "it", carried out after they were proposed, and refused."""

import pytest
from calls import NOON, Call, material, signal

from simulator.customer.conditions import Standing
from simulator.customer.facts import asked_about
from simulator.customer.promising import promises_in
from simulator.customer.talk import asks_for_no_fact, asks_how_it_stands
from simulator.customer.waits import promised_wait, was_agreed
from simulator.debriefing.conversation import conversation
from simulator.debriefing.promises import promise_outcomes
from simulator.events import SessionEnded, TraineeSpoke
from simulator.vocabulary import Ending, LedgerEntry, Move, SignalName

BILLS = {
    "cancel_first": {"words": ["cancel the first bill", "cancel the 520"]},
    "voicemail_off": {"words": ["switch the voicemail off", "turn off the voicemail"]},
    "leave_it_on": {"words": ["stay on the account"]},
    "third_visit": {"words": ["third visit"], "forbidden": True},
    "refund": {"words": ["refund the 520"], "forbidden": True},
    "clear_no": {"words": ["can't refund"]},
}
ENDS = {"resolved": {"all": [{"promised": "cancel_first"}, {"upset_at_most": 30}]}}


def made(reply: str, before: str = "", heard: str = "") -> list[str]:
    return [one.promise for one in promises_in(reply, material(promises=BILLS, endings=ENDS), before, heard)]


@pytest.mark.parametrize(
    ("reply", "promise"),
    [
        ("The 520 is cancelled.", "cancel_first"),
        ("The 520 was printed too early. I'm cancelling it now.", "cancel_first"),
        ("That voice is the voicemail. I can switch it off from here.", "voicemail_off"),
        ("I'm cancelling the 520 today, and not tomorrow.", "cancel_first"),
    ],
)
def test_a_promise_is_heard_in_other_words(reply: str, promise: str) -> None:
    assert made(reply) == [promise]


def test_an_it_may_stand_for_what_the_customer_named() -> None:
    assert made("I'm cancelling it now.", heard="And the first bill?") == ["cancel_first"]
    assert made("I'm cancelling it now.", heard="And my tickets?") == []


def test_an_it_stands_for_no_small_word() -> None:
    promises = {"machine_off": {"words": ["voicemail is off"]}}
    told = "It is on, off the old card, so every call gets treated alike and then the divert kicks it to voicemail."
    assert promises_in(told, material(promises=promises)) == ()
    assert promises_in("The voicemail is off now.", material(promises=promises))


def test_what_would_you_like_that_referred_to_is_done_afterwards() -> None:
    before = "That voice is the voicemail. I can switch it off from here. Would you like me to do that?"
    assert made("There, it's done.", before) == ["voicemail_off"]
    assert made("There, it's done.", "It was the voicemail. Would you like me to read it out?") == []


@pytest.mark.parametrize(
    "reply",
    [
        "The 520 isn't cancelled.",
        "The 520 was printed too early. I can't cancel it.",
        "Or it can stay on the account.",
        "Here is what I want to do: no third visit.",
        "The 520 came too early. Some people refund it, I hear.",
        "The first bill is wrong. Did you cancel it?",
        "We stop at nothing here, and the divert kicks it to the voicemail.",
        "I said I'd cancel the 520, and I can't.",
        "I can cancel the 520, or spread it over the year. Which would you like?",
    ],
)
def test_what_is_refused_ruled_out_or_one_of_two_is_no_promise(reply: str) -> None:
    assert made(reply) == []


def test_no_problem_with_it_is_no_refusal() -> None:
    assert made("No problem, I'm booking a third visit.") == ["third_visit"]


def test_a_clear_no_is_no_promise_that_stays_open() -> None:
    played = Call(material(promises=BILLS, endings=ENDS))
    played.say("I can't refund it, I'm sorry.", line="So it's a no.")
    assert [made.promise for _, made in played.session.promises] == ["clear_no"]
    assert promise_outcomes(played.session, played.material) == ()


def test_what_time_is_answered_by_a_time_alone() -> None:
    facts = [
        {"id": "place", "text": "the ceremony is at Weir House", "asked": ["the ceremony"]},
        {"id": "hour", "text": "the ceremony begins at two", "asked": ["the ceremony"]},
    ]
    played = material(facts=facts)
    assert [fact.id for fact in asked_about("Where is the ceremony?", played)] == ["place", "hour"]
    assert [fact.id for fact in asked_about("What time is the ceremony?", played)] == ["hour"]


def test_going_back_on_ones_word_upsets_and_is_thrown_back() -> None:
    played = Call()
    first = "I'll put the money back today."
    played.say(first, signal("commits_action", "I'll put the money back today"), line="Good.")
    before = played.session.emotion
    reply = "I got ahead of myself, I can't do it after all."
    choice = played.say(reply, signal("goes_back", "I got ahead of myself"))
    assert choice.move is Move.HOLD_TO_PROMISE
    assert played.session.emotion.anger > before.anger
    assert played.session.emotion.trust < before.trust


def test_good_words_count_less_where_a_promise_is_taken_back() -> None:
    reply = "I got ahead of myself. I'm sorry, it's no wonder that you are cross."
    eased = []
    for back in (True, False):
        played = Call()
        played.say(
            "I'll put the money back today.", signal("commits_action", "I'll put the money back today"), line="Good."
        )
        shown = [signal("validates", "it's no wonder that you are cross")]
        played.say(reply, *shown, *([signal("goes_back", "I got ahead of myself")] if back else []))
        feeling = played.session.turns[-1].feeling
        eased.append(
            sum(
                one.asked
                for one in (feeling.entries if feeling else ())
                if one.signal is SignalName.VALIDATES and one.feeling == "trust"
            )
        )
    assert 0 < eased[0] < eased[1] / 2


def test_what_policy_forbids_counts_only_until_it_is_taken_back() -> None:
    played = Call(material(promises=BILLS, endings=ENDS))
    played.say("I'll refund the 520. I'm cancelling the first bill.")
    assert Standing.of(played.session, played.material).promised == {"refund", "cancel_first"}
    played.say("I shouldn't have said it, I can't.", signal("goes_back", "I shouldn't have said it"))
    assert Standing.of(played.session, played.material).promised == {"cancel_first"}


def test_what_was_missing_for_a_settlement_is_told() -> None:
    played = Call(material(promises=BILLS, endings=ENDS))
    played.say("Right.", line="So?")
    assert conversation(played.session, played.material).missing == ()
    over = played.session.after(SessionEnded(at=NOON, ending=Ending.TRAINEE_ENDED))
    missing = conversation(over, played.material).missing
    assert [part.atom[0] for part in missing] == ["promised", "upset_at_most"]


def test_a_rule_that_listens_for_words_quotes_their_sentence() -> None:
    rules = [{"id": "took_the_log", "when": {"said": ["the log"]}, "moves": {"trust": 4}}]
    played = Call(material(rules=rules))
    played.say("Good morning. You kept the log, and it helps.")
    assert _entry(played, "took_the_log").quote == "You kept the log, and it helps."
    assert _entry(played, "took_the_log").listened_for


@pytest.mark.parametrize(
    ("sentence", "no_fact", "state"),
    [
        ("And that programme, could you close it and switch the computer off altogether?", True, False),
        ("Tell me when it's black.", True, False),
        ("Could you hold the meter up and read me the number?", False, False),
        ("What does the screen say?", False, False),
        ("Has it gone off now, the laptop?", False, True),
    ],
)
def test_something_to_be_done_and_how_it_stands_ask_for_no_fact(sentence: str, no_fact: bool, state: bool) -> None:
    assert asks_for_no_fact(sentence) is no_fact
    assert asks_how_it_stands(sentence) is state


def test_a_fact_that_was_told_is_not_told_again_to_how_it_stands() -> None:
    played = Call()
    played.say("What were you quoted?", line="398, for each of four.")
    asked = played.say("Is the fare still there on your screen now?")
    assert "fare_quoted" not in asked.because


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Two minutes, is that all right?", 120),
        ("A minute and a half?", 90),
        ("Half a minute.", 30),
        ("A while.", None),
    ],
)
def test_a_wait_is_read_in_seconds(said: str, seconds: int | None) -> None:
    assert promised_wait(said) == seconds


def test_a_hold_that_was_agreed_costs_less() -> None:
    def upset_by(asking: str, seconds: int) -> float:
        played = Call()
        played.say(asking, line="All right.")
        before = played.upset
        played.hold(seconds)
        return played.upset - before

    agreed = upset_by("May I put you on hold for two minutes?", 120)
    assert 0 < agreed < upset_by("I'm putting you on hold.", 120)
    assert agreed < upset_by("May I put you on hold for one minute?", 120)


def _entry(played: Call, rule: str) -> LedgerEntry:
    turn = played.session.turns[-1]
    assert isinstance(turn.act, TraineeSpoke)
    assert turn.feeling
    return next(entry for entry in turn.feeling.entries if entry.rule == rule and entry.signal is not SignalName.TELLS)


@pytest.mark.parametrize("said", ["\u00b2 minutes?", "9" * 400 + " minutes and a half?", "12345 seconds"])
def test_a_wait_of_no_sensible_length_is_none(said: str) -> None:
    assert promised_wait(said) is None


def test_only_the_length_that_was_asked_about_is_agreed() -> None:
    played = Call()
    played.say("You waited forty minutes already. I know. Can I put you on hold?", line="All right.")
    played.hold(600)
    assert not was_agreed(played.session, 2)
    assert not was_agreed(played.session, 1)


@pytest.mark.parametrize(
    "sentence",
    [
        "Could you tell me when you bought the tickets?",
        "Hold on, when did you ring us?",
        "Leave it with me, where did they send it?",
    ],
)
def test_a_question_with_an_instruction_in_it_still_asks(sentence: str) -> None:
    assert not asks_for_no_fact(sentence)


@pytest.mark.parametrize("sentence", ["What have they done about it?", "Where do you work?"])
def test_what_and_where_do_not_ask_how_it_stands(sentence: str) -> None:
    assert not asks_how_it_stands(sentence)


@pytest.mark.parametrize(
    "reply",
    [
        "I can see the 520 was cancelled in March.",
        "I see the 520 is cancelled.",
        "So the 520 was cancelled and came back.",
    ],
)
def test_what_the_screen_shows_is_no_promise(reply: str) -> None:
    assert made(reply) == []


def test_what_policy_forbids_is_made_by_offering_it_as_a_choice() -> None:
    assert made("I can refund the 520 or cancel the first bill. Which would you prefer?") == ["refund"]
    assert made("Like I said I'll refund the 520.") == ["refund"]
    assert made("I said I'd refund the 520.") == []


def test_wont_may_promise() -> None:
    words = {"ended": {"words": ["won't be charged again"]}, "call_back": {"words": ["ring you"]}}
    played = Call(material(promises=words, endings={"resolved": {"promised": "ended"}}))
    played.say("You won't be charged again. I'll ring you when it's done.", line="Right.")
    assert [(one.promise, one.state) for one in promise_outcomes(played.session, played.material)] == [
        ("ended", "open"),
        ("call_back", "open"),
    ]


def test_a_fact_that_is_written_for_what_time_answers_it() -> None:
    facts = [{"id": "today", "text": "needs it today, at any hour up to bedtime", "asked": ["what time suits you"]}]
    assert [fact.id for fact in asked_about("What time suits you?", material(facts=facts))] == ["today"]


def test_a_run_on_reply_is_heard_in_good_time() -> None:
    reply = "I'll look at it and I'll check it, and then I'll put that right and we will see it through, " * 40
    assert made(reply[:4000]) == []


@pytest.mark.parametrize(
    ("promise", "sentence", "done"),
    [
        ("cancel the visit", "At the door I cancelled the visit, and put a hold on so no more can come.", True),
        ("send an ambulance", "They've got the address, an ambulance is being sent.", True),
        ("reprice all four", "That's done, Mrs Delgado: four at 412.", True),
        ("send a courier", "If the log shows it, the courier is booked.", False),
        ("send a courier", "I'll have the courier checked, booked and sent by four.", False),
        ("send a courier", "Once the form is in, the courier is sent the same day.", False),
        ("send a courier", "Is the courier booked, and is it on its way?", False),
        ("send a courier", "Nobody with the courier is on their way to you yet.", False),
    ],
)
def test_what_is_said_to_be_done_keeps_a_promise(promise: str, sentence: str, done: bool) -> None:
    played = Call(material(promises={"it": {"words": [promise]}}))
    played.say(f"I'll {promise} now.", line="Good.")
    played.say(sentence, line="Right.")
    (outcome,) = promise_outcomes(played.session, played.material)
    assert (outcome.state == "kept") is done


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("Oh! It's come.", True),
        ("I've got the kids here with me.", False),
        ("It's come through the plaster now.", False),
    ],
)
def test_what_has_come_right_after_need_not_be_named(heard: str, kept: bool) -> None:
    played = Call(material(promises={"code": {"words": ["text you a code"]}}))
    played.say("I'll text you a code.", line="Fine.")
    played.say("Tell me when you have it.", line=heard)
    (outcome,) = promise_outcomes(played.session, played.material)
    assert (outcome.state == "kept") is kept


def test_what_was_refused_stays_broken_whatever_they_have_in_writing() -> None:
    played = Call(material(promises={"courier": {"words": ["send a courier"]}}))
    played.say("I'll send a courier.", line="Fine.")
    played.say("I can't send a courier after all.", line="I've got it in writing that you would.")
    (outcome,) = promise_outcomes(played.session, played.material)
    assert outcome.state == "broken"
