"""An either-or question is answered with a choice, and whoever is told to do something does it or asks what for."""

import pytest
from calls import Call, material

from simulator.content.schema import Condition
from simulator.customer.conditions import Standing, answers
from simulator.customer.facts import asked_about
from simulator.customer.talk import talk_of
from simulator.vocabulary import Ending, Move, Talk


@pytest.mark.parametrize(
    "reply",
    [
        "Would you rather I posted it, or shall I send a mail?",
        "I've switched it off. Do you want me to book you a slot in the shop or post you the steps?",
        "By post or by mail?",
    ],
)
def test_a_question_with_alternatives_lets_them_choose(reply: str) -> None:
    assert Talk.ASKS_WHICH in talk_of(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "Did he come on Monday or Tuesday?",
        "Is the red light on the box or on the router?",
        "Do you have a pen or something to write with?",
        "Yes or no?",
        "Shall I post it or not?",
        "I can post it or mail it.",
        "Shall I post it, or mail it? I'll do whatever you like.",
    ],
)
def test_what_takes_knowing_or_is_no_question_at_the_end_lets_nobody_choose(reply: str) -> None:
    assert Talk.ASKS_WHICH not in talk_of(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "Put a big cross through the red one, would you.",
        "ok. flip the main one off there if you can reach it. tell me when its dark",
        "Right. Can you turn it off and on again for me?",
        "Don't open it. Ask through the door who he is.",
        "While I look, please check your inbox.",
        "I'd like you to sit down for a second.",
    ],
)
def test_an_order_or_a_request_to_act_instructs(reply: str) -> None:
    assert Talk.INSTRUCTS in talk_of(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "Look, I don't make the rules.",
        "Put simply, we made a mistake.",
        "Stay calm.",
        "Leave it with me.",
        "Let me have a look.",
        "Don't worry about it.",
        "Turn left, you said. I have it now. I'll send him there. He knows the door.",
    ],
)
def test_a_figure_of_speech_and_what_was_said_long_before_the_end_instruct_nobody(reply: str) -> None:
    assert Talk.INSTRUCTS not in talk_of(reply)


@pytest.mark.parametrize("reply", ["Anything you're still not sure about?", "Any more questions?", "Anything unclear?"])
def test_asked_whether_all_is_clear_is_asked_what_else_there_is(reply: str) -> None:
    assert Talk.ASKS_WHAT_ELSE in talk_of(f"So that's today's ticket sorted. {reply}")


def test_asked_to_choose_they_choose_before_they_weigh_the_offer() -> None:
    choice = Call().say("I'm sending it now. Would you like me to post it, or shall I read it out?", "commits_action")
    assert (choice.move, choice.because) == (Move.ANSWER, "the reply let them choose")


def test_told_to_do_something_they_do_it_or_ask_what_for() -> None:
    choice = Call().say("Please switch the box off at the wall.")
    assert choice.because == "the reply told them to do something"
    assert choice.move in (Move.ACCEPT, Move.ASK, Move.HESITATE)


def test_an_evasion_is_answered_before_an_instruction() -> None:
    choice = Call().say("That's the policy. Go to the website.", "hides_behind_policy")
    assert "told them to do something" not in choice.because


def test_a_greeting_that_asks_something_is_not_only_a_greeting() -> None:
    assert "only greeted" in Call().say("Hi, this is Joe. How can I help?").because
    assert "only greeted" not in Call().say("Hi, this is Joe. Have you put the card in?").because


def test_a_line_about_choosing_leaves_lines_about_words_behind() -> None:
    call = Call()
    call.say("Would you rather have it by post, or shall I mail it?")
    standing = Standing.of(call.session, call.material)
    assert answers(Condition(talk=Talk.ASKS_WHICH), standing) > answers(Condition(said=("by post",)), standing)


def test_what_settles_the_matter_and_asks_for_more_is_answered_before_the_thanks() -> None:
    calm = material(emotion={"anger": 20, "distress": 10, "confusion": 5, "trust": 70})
    promise = "I'll honour the fare."
    assert Call(calm).say(promise, "commits_action").ending is Ending.RESOLVED
    for more in ("Put a cross through the old one.", "I ring you on the number ending in what?", "Mail or post it?"):
        call = Call(calm)
        assert call.say(f"{promise} {more}", "commits_action").ending is None, more
        assert call.say("Lovely.").ending is Ending.RESOLVED, "it is asked once"


def test_a_short_question_that_names_something_borrows_nothing_from_the_sentence_before() -> None:
    facts = [{"id": "alone", "text": "is alone with him", "asked": ["on your own"]}]
    there = material(facts=facts)
    assert [fact.id for fact in asked_about("You're on your own there. Is that right?", there)] == ["alone"]
    assert asked_about("You're on your own there. Has he eaten?", there) == ()
