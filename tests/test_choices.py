"""An either-or question is answered with a choice, and whoever is told to do something does it or asks what for."""

import pytest
from calls import Call, material, signal

from simulator.content.schema import Condition
from simulator.customer.bank import candidates
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
        "If it's late, is Monday or Tuesday better for you?",
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
        "Under Calls, what does it say, on or off?",
        "Shall I post it or not?",
        "I can post it or mail it.",
        "Shall I post it, or mail it? I'll do whatever you like.",
        "Before we go on, is the house on a corner or is there another road of that name?",
        "So the red one, did it come in the post or was it pushed through the door?",
        "Which country are you in and are you on wifi or mobile data?",
        "Can you check in your garden or behind the bins for me?",
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


def test_which_of_several_they_would_like_is_a_choice() -> None:
    assert Talk.ASKS_WHICH in talk_of("Bolts leave tomorrow. Which of the three would you like to hear next?")
    assert Talk.ASKS_WHICH not in talk_of("Which number is on it?")


def test_more_of_something_is_not_what_else_there_is() -> None:
    assert Talk.ASKS_WHAT_ELSE not in talk_of("Have you got tools, or do you need anything else for the ramp?")
    assert Talk.ASKS_WHAT_ELSE in talk_of("Is there anything else for today?")


def test_an_instruction_that_sounds_like_handing_off_is_followed_and_a_referral_is_not() -> None:
    call = Call()
    call.say("I'll look at the fare log.", "commits_action")
    here = call.say("Please refresh the page.", "hands_off")
    assert here.because == "the reply told them to do something"
    call = Call()
    call.say("I'll look at the fare log.", "commits_action")
    assert "told them" not in call.say("Please open our website and ring them.", "hands_off").because


def test_a_question_that_ends_in_right_is_answered_with_the_fact() -> None:
    assert Call().say("Is the booking number still right?").gist == "I have booking reference TA4471"
    assert Call().say("Four seats, and one price, right?").because == "the reply checked what it had heard"


def test_a_question_after_a_check_is_answered() -> None:
    call = Call()
    assert call.say("Four seats, is that correct? And what is the booking number?").gist == (
        "I have booking reference TA4471"
    )


def test_a_question_after_a_request_for_consent_or_for_a_minute_is_answered() -> None:
    asked = "what was it you booked with, and where"
    for before in ("A few security questions, is that all right?", "One sec please."):
        because = Call().say(f"{before} And {asked}?").because
        assert "proposed" not in because, before
        assert "asked them to wait" not in because, before


@pytest.mark.parametrize(
    ("reply", "talk"),
    [
        ("Did they put you through to anyone?", Talk.PASSES_ON),
        ("What went wrong is that nobody looked.", Talk.ASKS_STORY),
        ("Have a look in about a minute.", Talk.ASKS_TO_WAIT),
    ],
)
def test_what_only_sounds_like_a_way_of_talking_is_none(reply: str, talk: Talk) -> None:
    assert talk not in talk_of(reply)


def test_a_question_whose_words_a_line_is_written_for_is_answered_by_such_lines_alone() -> None:
    written = {"text": "All the way up.", "when": {"said": ["volume"]}}
    call = Call(material(lines={"answer": [written, "I don't know.", "Not sure.", "Does it matter?"]}))
    choice = call.say("Is the volume up?", "asks_detail")
    found = candidates(call.session, call.material, choice.move, choice.gist, ())
    assert [line.text for line in found] == ["All the way up."]


def test_a_question_after_an_offer_gets_a_short_answer_before_the_offer_does() -> None:
    lines = {
        "answer": [{"text": "Not that I know of.", "when": {"talk": "asks_if"}}, "I'll look it up."],
        "hesitate": ["I would like to believe that."],
    }
    lines |= dict.fromkeys(("ask", "press", "hold_to_promise", "soften", "accept"), lines["hesitate"])
    call = Call(material(lines=lines))
    choice = call.say("I'll look at the log tonight. Have you sent them any money?", "commits_action")
    assert (choice.also, "the reply offered" in choice.because) == (Move.ANSWER, True)
    found = candidates(call.session, call.material, choice.move, choice.gist, (), choice.also)
    assert [line.text for line in found] == ["Not that I know of. I would like to believe that."]


@pytest.mark.parametrize("after", ["", " Is that all right?", " What else was on it?", " What was the booking number?"])
def test_an_offer_alone_or_with_another_kind_of_question_gets_one_answer(after: str) -> None:
    assert Call().say(f"I'll look at the log tonight.{after}", "commits_action").also is None


def test_a_persona_without_a_short_answer_says_only_the_other_line() -> None:
    call = Call(material(lines={"answer": ["I'll look it up."], "ask": ["By when?"]}))
    call.say("I'll look at the log tonight. Have you sent them any money?", "commits_action")
    found = candidates(call.session, call.material, Move.ASK, "by when", (), Move.ANSWER)
    assert "By when?" in [line.text for line in found]


def test_what_they_have_spoken_of_themselves_is_not_denied() -> None:
    lines = {
        "answer": [
            {"text": "Not that I know of.", "when": {"talk": "asks_if"}},
            {"text": "I think so. Why?", "when": {"talk": "asks_if"}},
        ]
    }
    for question, said in (
        ("Is the booking page still there?", ["I think so. Why?"]),
        ("Is there a radiator?", ["I think so. Why?", "Not that I know of."]),
    ):
        call = Call(material(lines=lines))
        call.say("Hello.", line="The page with my booking says something else.")
        call.say(question, "asks_detail")
        found = candidates(call.session, call.material, Move.ANSWER, "-", ())
        assert sorted(line.text for line in found) == said


def test_a_line_about_words_beside_the_question_is_no_answer_to_it() -> None:
    lines = {
        "answer": [
            {"text": "I've knocked on every door.", "when": {"said": ["next door"]}},
            {"text": "Yes, it's by the lamp.", "when": {"said": ["charger"]}},
        ]
    }
    call = Call(material(lines=lines))
    choice = call.say("He is next door, you said. Is there a charger?", "asks_detail")
    found = candidates(call.session, call.material, Move.ANSWER, choice.gist, ())
    assert [line.text for line in found] == ["Yes, it's by the lamp."]


@pytest.mark.parametrize("proposal", ["Shall I bring her on now?", "Can I put the nurse on now?"])
def test_a_proposal_at_the_end_is_taken_up_before_what_was_asked_earlier(proposal: str) -> None:
    choice = Call().say(f"You mean you have the booking number? {proposal}", "asks_detail")
    assert choice.because == "the reply proposed something"
    assert Call().say(f"{proposal} And what is the booking number?").gist == "I have booking reference TA4471"


def test_what_else_somebody_knows_is_a_question_of_its_own() -> None:
    assert Talk.ASKS_WHAT_ELSE not in talk_of("Anything else you know that the network should see?")
    assert Talk.ASKS_WHAT_ELSE in talk_of("Is there anything else you need?")


@pytest.mark.parametrize("reply", ["Just a second, please.", "One second, I'm looking.", "One sec... the first is in."])
def test_a_second_is_a_wait(reply: str) -> None:
    assert Talk.ASKS_TO_WAIT in talk_of(reply)


@pytest.mark.parametrize("reply", ["Did you ever see a second workspace?", "A second letter is on its way to you."])
def test_a_second_one_of_something_is_none(reply: str) -> None:
    assert Talk.ASKS_TO_WAIT not in talk_of(reply)


@pytest.mark.parametrize(
    ("reply", "wish"),
    [
        ("What would you like me to do?", True),
        ("What would you like me to put right first?", True),
        ("What do you want?", True),
        ("What would you like me to call you in the letter?", False),
    ],
)
def test_what_to_write_or_say_is_no_wish(reply: str, wish: bool) -> None:
    assert (Talk.ASKS_WISH in talk_of(reply)) is wish


@pytest.mark.parametrize("reply", ["Would that be a comfort?", "Would it be okay?", "Is that all right with you?"])
def test_to_ask_whether_something_would_be_welcome_proposes(reply: str) -> None:
    assert Talk.PROPOSES in talk_of(reply)


@pytest.mark.parametrize("reply", ["Hang on while it loads.", "Can you hang on a minute?"])
def test_to_hang_on_is_to_wait(reply: str) -> None:
    assert Talk.ASKS_TO_WAIT in talk_of(reply)
    assert Talk.ASKS_TO_WAIT not in talk_of("Oh, wait, hang on. That's Maeve's note.")


def test_what_is_held_out_is_turned_down_by_its_own_words_and_not_by_what_stands_beside_it() -> None:
    robot = {"text": "I tried your robot. No.", "when": {"said": ["robot"]}}
    lines = {"decline": [robot], "accept": ["Fine."], "ask": ["When?"], "hesitate": ["Hm."], "press": ["Now."]}

    def move(reply: str) -> Move:
        return Call(material(lines=lines)).say(reply).move

    assert move("Shall I put you on to the robot?") is Move.DECLINE
    assert move("The robot has your case. Shall I read you the fare?") is not Move.DECLINE


@pytest.mark.parametrize(
    "reply", ["Clear so far?", "You owe nothing. Does that make sense?", "Are you with me so far?"]
)
def test_whoever_checks_is_not_told_that_they_do_not_know(reply: str) -> None:
    known = ["Yes, that's right.", "Yes. Go on.", "That's it, yes."]
    call = Call(material(lines={"answer": ["I couldn't tell you.", "I don't know.", *known]}))
    choice = call.say(reply)
    assert choice.because == "the reply checked what it had heard"
    found = {one.text for one in candidates(call.session, call.material, choice.move, choice.gist, ())}
    assert found == set(known)


@pytest.mark.parametrize(
    ("reply", "because"),
    [
        ("Would you rather have the seats or the money back?", "the question opened up: wish"),
        ("Back to the card, or held for you until Monday, which do you like?", "the reply let them choose"),
    ],
)
def test_a_choice_is_made_with_a_fact_only_where_that_is_about_the_choice(reply: str, because: str) -> None:
    wish = {
        "id": "wish",
        "text": "would rather have the seats",
        "asked": ["seats or"],
        "unlock": {"said": ["seats or"]},
    }
    card = {"id": "card", "text": "has a card ending 313", "asked": ["the card"]}
    assert Call(material(facts=[wish, card], events=[])).say(reply).because == because


@pytest.mark.parametrize(
    "reply",
    [
        "Is that what you want?",
        "Is that what you would like?",
        "Would that work for you?",
        "Do you want to speak to the nurse about it?",
    ],
)
def test_to_ask_whether_that_is_wanted_proposes(reply: str) -> None:
    assert Talk.PROPOSES in talk_of(reply)


def test_anything_in_there_that_is_still_not_clear_asks_what_else_there_is() -> None:
    assert Talk.ASKS_WHAT_ELSE in talk_of("Anything in there still not clear?")


@pytest.mark.parametrize(
    "reply",
    [
        "What you want is to ring Collections about the visit.",
        "That one is from Northgate, you'd have to ring them.",
        "So it's really between them and Collections, I'm afraid.",
        "Put the red one in the drawer and give Darren a ring.",
    ],
)
def test_who_is_told_to_ring_somebody_else_is_passed_on(reply: str) -> None:
    assert Talk.PASSES_ON in talk_of(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "Do you want to speak to the nurse about it?",
        "Bear with me while I give him a ring on the van.",
        "I've put you on the register.",
        "If it drops you'd have to ring me back.",
        "I'll give them a call myself.",
    ],
)
def test_who_is_rung_for_or_offered_somebody_is_not(reply: str) -> None:
    assert Talk.PASSES_ON not in talk_of(reply)


def test_two_things_to_do_of_which_one_is_chosen_are_no_instruction() -> None:
    talk = talk_of("One question left, the name. Keep it on, or take it off?")
    assert Talk.ASKS_WHICH in talk
    assert Talk.INSTRUCTS not in talk
    assert Talk.INSTRUCTS in talk_of("Keep it on.")


def test_what_a_question_is_asked_for_proposes_nothing() -> None:
    assert Talk.PROPOSES not in talk_of("Do you know what time it is, so I can get the van there?")


def test_what_would_feel_right_is_a_wish() -> None:
    assert Talk.ASKS_WISH in talk_of("Thinking about Saturday, what would feel right to you?")


@pytest.mark.parametrize(
    ("question", "asked"),
    [("What is your name?", ["name"]), ("And what's his name, sorry?", []), ("Are the names as on the passports?", [])],
)
def test_somebody_elses_name_is_not_the_callers(question: str, asked: list[str]) -> None:
    facts = [{"id": "name", "text": "is called Maria Delgado", "asked": ["your name"]}]
    assert [fact.id for fact in asked_about(question, material(facts=facts))] == asked


@pytest.mark.parametrize(
    ("question", "avoids"), [("", True), (" What have you tried yourself?", False), (" Okay?", True)]
)
def test_a_reply_that_goes_on_to_ask_avoids_nothing(question: str, avoids: bool) -> None:
    call = Call()
    call.say(
        "I'll sort that out for you today.", signal("commits_action", "I'll sort that out for you today."), line="Oh."
    )
    choice = call.say(f"That is handled by the desk.{question}", "hands_off")
    assert (choice.because == "what was undertaken earlier is being avoided") is avoids


@pytest.mark.parametrize(("question", "tells"), [("", True), (" What does she like best?", False), (" Okay?", True)])
def test_what_they_would_tell_by_now_waits_for_a_question(question: str, tells: bool) -> None:
    baby = {"id": "baby", "text": "is waiting for a sister's baby", "asked": ["why"], "unlock": {"turn_at_least": 1}}
    call = Call(material(facts=[baby]))
    call.say("One moment, I'm looking.")
    choice = call.say(f"It's no wonder you're cross.{question}", "validates")
    assert (choice.because == "by now they would tell: baby") is tells


@pytest.mark.parametrize(
    ("question", "settles"),
    [
        ("", True),
        (" Has the text arrived?", False),
        (" Can you see it now?", False),
        (" Is that all right?", True),
        (" Do you have any questions?", True),
    ],
)
def test_how_it_is_by_now_is_told_before_they_are_content(question: str, settles: bool) -> None:
    call = Call(
        material(endings={"resolved": {"promised": "cancel"}}, promises={"cancel": {"words": ["cancel the first"]}})
    )
    choice = call.say(f"I'll cancel the first bill now.{question}", "commits_action")
    assert (choice.ending is Ending.RESOLVED) is settles


@pytest.mark.parametrize(
    ("reply", "talk"),
    [
        ("It's outside the window, so I can't refund it.", Talk.REFUSES),
        ("That's theirs, so I'll transfer you to billing.", Talk.PASSES_ON),
    ],
)
def test_what_follows_from_something_is_heard(reply: str, talk: Talk) -> None:
    assert talk in talk_of(reply)


def test_the_callers_full_name_may_be_asked_for_by_any_words() -> None:
    facts = [{"id": "name", "text": "is called Maria Delgado", "asked": ["your name", "full name"]}]
    found = asked_about("Can I have your full names, please?", material(facts=facts))
    assert [fact.id for fact in found] == ["name"]
