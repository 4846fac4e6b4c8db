"""Whether the customer answers what was said: questions, stories, tall promises, speeches, events, demands met."""

from typing import Any

import pytest
from calls import Call, material, signal

from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.customer.bank import JOINT, candidates, told
from simulator.customer.conditions import Standing
from simulator.customer.doubts import too_good
from simulator.customer.facts import asked_about
from simulator.customer.gist import wanting
from simulator.customer.promising import promises_in
from simulator.customer.scene import Scene
from simulator.customer.straying import holds_forth, lectures, of_oneself
from simulator.customer.talk import talk_of
from simulator.events import CustomerSpoke
from simulator.vocabulary import Ending, Feeling, Move, Talk

GIFT = "I'll give each of you 5000 pounds."
SPEECH = (
    "I've worked here for eleven years and I have seen it all. When I started we did everything on paper, and people "
    "had time, and my mother always told me that good things come to those who wait, and I say so to my own children."
)


@pytest.fixture(scope="module")
def library() -> Library:
    return Library([shipped()])


def played(library: Library, scenario: str, seed: int = 3) -> Call:
    return Call(library.material(scenario).cast(seed), seed=seed)


def first_line(call: Call) -> str:
    """What a customer without a listener would say to the last reply."""
    choice = call.session.turns[-1].choice
    assert choice is not None
    before = call.session.model_copy(
        update={"turns": (*call.session.turns[:-1], call.session.turns[-1].model_copy(update={"line": None}))}
    )
    return candidates(before, call.material, choice.move, choice.gist, choice.unlocked)[0].text


# Questions


def test_each_part_of_a_question_is_about_its_own_fact() -> None:
    asked = asked_about("Could I have the booking number, and what price were you quoted?", material())
    assert [fact.id for fact in asked] == ["fare_quoted", "booking"]


def test_the_sentence_before_a_short_question_counts_only_where_the_question_names_nothing() -> None:
    facts = [
        {"id": "battery", "text": "is on six per cent", "asked": ["cut off"]},
        {"id": "number", "text": "is on a mobile", "asked": ["what number"]},
        {"id": "call", "text": "rang before", "asked": ["rang this morning"]},
    ]
    there = material(facts=facts)
    reply = "If we get cut off I'll ring you back. What number are you on?"
    assert [fact.id for fact in asked_about(reply, there)] == ["number"]
    assert [fact.id for fact in asked_about("You rang this morning. Who was it?", there)] == ["call"]


def test_a_topic_of_two_words_needs_both() -> None:
    facts = [{"id": "out", "text": "cannot go out", "asked": ["go out", "reach you"]}]
    assert asked_about("What's going on?", material(facts=facts)) == ()
    assert asked_about("Did anyone try to reach a doctor?", material(facts=facts)) == ()
    assert asked_about("Can you go out?", material(facts=facts))


@pytest.mark.parametrize("reply", ["Order number, please.", "Your full name please", "And the postcode, please?"])
def test_a_request_without_a_verb_asks(reply: str) -> None:
    facts = [{"id": "data", "text": "has an order", "asked": ["order number", "full name", "postcode"]}]
    assert asked_about(reply, material(facts=facts))


@pytest.mark.parametrize("reply", ["Let me ask my supervisor.", "One moment please.", "Calm down, please."])
def test_an_announcement_is_no_question(reply: str) -> None:
    assert not Scene(Call().session, material()).asks
    call = Call()
    call.say(reply)
    assert not Scene(call.session, call.material).asks


def test_two_facts_asked_at_once_are_told_by_two_lines_together() -> None:
    lines = {
        "answer": [
            {"text": "It was {fare}, each.", "needs": "fare_quoted"},
            {"text": "It's {order}.", "needs": "booking"},
        ]
    }
    call = Call(material(lines=lines))
    choice = call.say("What price were you quoted, and what is the booking number?", "asks_detail")
    both = candidates(call.session, call.material, choice.move, choice.gist, ())[0]
    assert both.text == "It was 398, each. It's TA4471."
    assert both.needs == ("fare_quoted", "booking")


def test_a_joined_line_is_not_said_again_in_parts() -> None:
    lines = {
        "answer": [
            {"text": "It was {fare}, each.", "needs": "fare_quoted"},
            {"text": "It's {order}.", "needs": "booking"},
            "I don't know.",
        ]
    }
    call = Call(material(lines=lines))
    call.say("What price were you quoted, and what is the booking number?", "asks_detail")
    joined = JOINT.join(("It was {fare}, each.", "It's {order}."))
    spoken = CustomerSpoke(at=call.session.started.at, turn=1, text="-", source="guided", line=joined)
    session = call.session.after(spoken)
    assert told(session, call.material) == {"fare_quoted", "booking"}
    left = candidates(session, call.material, Move.ANSWER, "It was asked again", ())
    assert [line.text for line in left] == ["I don't know."]


def test_a_line_about_the_very_words_of_a_question_goes_before_the_others_on_the_same_fact() -> None:
    lines = {
        "answer": [{"text": "One by one, please.", "needs": "booking"}],
        "reveal": [{"text": "Spelled? T, A, and the rest.", "needs": "booking", "when": {"said": ["spell"]}}],
    }
    call = Call(material(lines=lines))
    choice = call.say("Would you spell the booking number for me?", "asks_detail")
    assert choice.move is Move.ANSWER
    found = candidates(call.session, call.material, choice.move, choice.gist, ())
    assert [line.text for line in found] == ["Spelled? T, A, and the rest."]


def test_a_question_beside_a_proposal_is_answered_and_the_proposal_asks_for_no_fact() -> None:
    only = Call().say("Shall I put the fare back to what was quoted?", "offers_help")
    assert only.move is not Move.ANSWER
    beside = Call().say("Shall I put it back? And what is the booking number?", "offers_help")
    assert (beside.move, beside.gist) == (Move.ANSWER, "I have booking reference TA4471")


def test_nothing_is_settled_over_a_question_that_can_be_answered() -> None:
    calm = material(emotion={"anger": 30, "distress": 10, "confusion": 5, "trust": 60})
    asked = Call(calm).say("I'll honour the fare. What is the booking number?", "commits_action")
    assert (asked.ending, asked.move) == (None, Move.ANSWER)
    assert Call(calm).say("I'll honour the fare.", "commits_action").ending is Ending.RESOLVED


@pytest.mark.parametrize(
    "reply",
    [
        "Hello, this is Sam. What happened?",
        "Can you tell me what's gone on?",
        "Hi. What's the trouble today?",
        "Tell me everything, please.",
        "What's happened with your booking?",
    ],
)
def test_asked_what_happened_they_tell_what_they_would_tell_anybody(reply: str) -> None:
    choice = Call().say(reply, "asks_open")
    assert choice.move is Move.ANSWER
    assert choice.gist == "I was quoted 398 for each of four seats; I have booking reference TA4471"


@pytest.mark.parametrize("reply", ["I'm sorry about what happened.", "What happens next is that I look.", "Hello!"])
def test_words_about_what_happened_do_not_ask_for_it(reply: str) -> None:
    assert Talk.ASKS_STORY not in talk_of(reply)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("Is he awake? Is he breathing normally?", ("awake", "breathing")),
        ("Can he swallow? Has he had anything to drink?", ("swallow", "drink")),
        ("Does he feel sick, or has he been sick?", ("sick",)),
        ("Is your son okay right now?", ("pale", "thirsty", "white", "water")),
        ("Is anyone with you?", ("just me", "only me", "on my own")),
        ("Do you have any other insulin in the house?", ("no.", "only this pen", "just the one")),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_questions_of_safety_are_answered_to_the_point(
    library: Library, reply: str, words: tuple[str, ...], seed: int
) -> None:
    call = played(library, "insulin-delivery", seed)
    call.say(reply, "checks_safety")
    line = first_line(call).casefold()
    assert any(word in line for word in words), line


@pytest.mark.parametrize("scenario", ["fare-jump", "insulin-delivery", "two-letters"])
def test_asked_what_they_want_they_say_it(library: Library, scenario: str) -> None:
    call = played(library, scenario)
    choice = call.say("Okay. And what would you like me to do?", "offers_help")
    assert choice.move is Move.ANSWER
    point = candidates(call.session, call.material, choice.move, choice.gist, ())[0].point
    assert point > 0, "a line for this very question"


# What cannot be taken at its word


@pytest.mark.parametrize(
    "reply",
    [
        GIFT,
        "You'll get \u00a310,000 by tonight.",
        "Don't worry, everything's free for you today.",
        "Have the whole trip for free.",
        "You'll never have to pay for a flight again.",
        "I've moved you all to business class.",
        "I'll drive it over myself in five minutes.",
        "I'll come round with it.",
        "I've already delivered it.",
        "It's in your letterbox.",
        "A helicopter is on its way.",
    ],
)
def test_gifts_and_feats_nobody_can_give_are_doubted(reply: str) -> None:
    assert too_good(reply, material()) == (reply,)


@pytest.mark.parametrize(
    "reply",
    [
        "I'll honour the 398 you were quoted.",
        "I can't give you a free upgrade.",
        "Would you like a free upgrade?",
        "That one's on us, I'm sorry.",
        "Feel free to ask.",
        "I'll post it first class.",
        "I'll take that off myself.",
        "I'll come back to you on that.",
        "I'll stay until it's in your hands.",
        "You waited all day for nothing.",
        "It's four seats at 398 pounds, so 1592 pounds in all.",
        "There are 75 pounds left to pay, by the 30th.",
        "You paid 460 pounds twice.",
    ],
)
def test_plain_undertakings_and_refusals_are_not_doubted(reply: str) -> None:
    assert too_good(reply, material()) == ()


def test_what_policy_grants_is_not_doubted() -> None:
    briefing = {"role": "-", "history": ["-"], "policy": ["A voucher of up to 50 pounds may be given."]}
    assert too_good("I'll send you a voucher of 40 pounds.", material(briefing=briefing)) == ()
    assert too_good("I'll send you a voucher of 60 pounds.", material(briefing=briefing))
    free = {**briefing, "policy": ["An emergency supply may be booked, at no cost to the family."]}
    assert too_good("The supply is free.", material(briefing=free)) == ()


def soothed(call: Call) -> dict[str, float]:
    feeling = call.session.turns[-1].feeling
    assert feeling is not None
    return {entry.rule: entry.delta for entry in feeling.entries if entry.feeling is Feeling.ANGER}


def test_no_signal_in_a_doubted_sentence_soothes_and_the_ledger_says_why() -> None:
    call = Call()
    call.say(GIFT, signal("commits_action", GIFT))
    feeling = call.session.turns[-1].feeling
    assert feeling is not None
    assert {entry.cap for entry in feeling.entries} == {"promised too much"}
    assert call.upset == call.session.started.emotion.anger


def test_a_forbidden_promise_soothes_no_more_than_one_too_good_to_be_true() -> None:
    call = Call()
    reply = "Of course, you can have half off."
    call.say(reply, signal("commits_action", "you can have half off"))
    assert soothed(call) == {"commits_action": 0.0}


def test_an_honest_sentence_beside_a_doubted_one_soothes() -> None:
    call = Call()
    honest = "I'm opening the log now."
    call.say(f"{GIFT} {honest}", signal("commits_action", GIFT), signal("commits_action", honest))
    assert soothed(call)["commits_action"] < 0


@pytest.mark.parametrize(
    ("mood", "moves"),
    [
        ("irate", (Move.CHALLENGE, Move.HESITATE, Move.ASK)),
        ("distressed", (Move.ASK, Move.HESITATE, Move.CHALLENGE)),
        ("confused", (Move.ASK, Move.HESITATE, Move.CHALLENGE)),
    ],
)
def test_a_tall_promise_is_questioned_and_never_taken(mood: str, moves: tuple[Move, ...]) -> None:
    choice = Call(material(mood)).say(GIFT, signal("commits_action", GIFT))
    assert choice.move in moves
    assert "really true" in choice.gist
    assert GIFT in choice.because


@pytest.mark.parametrize(
    ("scenario", "reply"),
    [
        ("fare-jump", "I'll give you all a free upgrade and 5000 pounds!"),
        ("insulin-delivery", "I'll drive it over myself in five minutes."),
        ("two-letters", "We'll pay you 2000 pounds in compensation."),
    ],
)
def test_every_shipped_customer_has_words_for_a_tall_promise(library: Library, scenario: str, reply: str) -> None:
    call = played(library, scenario)
    choice = call.say(reply, signal("commits_action", reply))
    assert candidates(call.session, call.material, choice.move, choice.gist, ())[0].point == 3


def shipped_words(played_from: Material) -> list[str]:
    scripts = played_from.scenario.trainees.items()
    said = [
        reply
        for name, script in scripts
        if name == "excellent"
        for reply in (*script.opening, *script.any, *(one for replies in script.moves.values() for one in replies))
    ]
    return [
        played_from.fill(text)
        for text in (*said, *(one for own in played_from.scenario.exemplars.values() for one in own))
    ]


@pytest.mark.parametrize("scenario", sorted(path.stem for path in (shipped() / "scenarios").glob("*.yaml")))
def test_no_exemplary_reply_is_doubted_or_taken_for_a_speech(library: Library, scenario: str) -> None:
    cast = library.material(scenario).cast(3)
    words = shipped_words(cast)
    strange = (too_good(text, cast) or holds_forth(text) or of_oneself(text) or lectures(text) for text in words)
    assert [text for text, is_so in zip(words, strange, strict=True) if is_so] == []


# Speeches


def test_a_speech_about_oneself_is_turned_back_to_why_they_are_in_touch() -> None:
    choice = Call().say(SPEECH)
    assert choice.move in (Move.CHALLENGE, Move.PRESS, Move.REPEAT_REQUEST)
    assert "it is about me" in choice.gist


STRAYING = {
    "My brother once got billed three years for a gym he never went to.": Talk.OWN_STORY,
    "Haha, I had tickets for them last year and missed it.": Talk.OWN_STORY,
    "Oh I know, a mate of mine lost his whole account that way.": Talk.OWN_STORY,
    "It's always worth checking those through when they come in.": Talk.LECTURES,
    "Well, you should always read the small print.": Talk.LECTURES,
    "You really should ring before paying, I'd say that to anyone.": Talk.LECTURES,
}


@pytest.mark.parametrize(("reply", "talk"), STRAYING.items())
def test_a_story_of_ones_own_or_a_lecture_is_turned_back_too(reply: str, talk: Talk) -> None:
    assert talk in talk_of(reply)
    choice = Call().say(reply)
    assert choice.move in (Move.CHALLENGE, Move.PRESS, Move.REPEAT_REQUEST)
    assert choice.because in ("the reply told a story of the trainee's own", "the reply lectured")


@pytest.mark.parametrize("reply", STRAYING)
@pytest.mark.parametrize(
    ("beside", "shown"),
    [
        ("What was the fare before?", ()),
        ("I'm putting all four back to 398 now.", ("commits_action",)),
        ("Open the fare page and press the second seat.", ()),
        ("So yes, it was 398.", ()),
        ("I am sorry.", ("sincere_apology",)),
    ],
)
def test_who_also_asks_acts_or_apologises_is_answered_for_that(reply: str, beside: str, shown: tuple[str, ...]) -> None:
    choice = Call().say(f"{reply} {beside}", *shown)
    assert "story of the trainee's own" not in choice.because
    assert "lectured" not in choice.because


@pytest.mark.parametrize(
    "words",
    [
        "I had a look at your bill once more in March.",
        "You should have been rung back.",
        "You should have received a mail from us.",
        "I've put it with your mother's number.",
        "I got your letter last week.",
        "Is it worth a visit?",
    ],
)
def test_what_is_about_the_customer_strays_nowhere(words: str) -> None:
    assert not talk_of(words) & {Talk.OWN_STORY, Talk.LECTURES}


@pytest.mark.parametrize(
    "reply",
    [
        SPEECH + " Shall I go on?",
        SPEECH + " I'll put it right now.",
        "I've seen it all.",
    ],
)
def test_a_question_an_undertaking_or_a_short_word_is_no_speech(reply: str) -> None:
    assert not holds_forth(reply)


# Events


def with_event(**when: Any) -> Material:
    event = {"id": "buzz", "when": when or {"turn_at_least": 1}, "does": "tell", "say": "My phone just buzzed."}
    return material(events=[event], lines={"answer": [{"text": "It's {order}.", "needs": "booking"}]})


def test_an_event_after_a_reply_that_wants_no_answer_is_all_that_is_said() -> None:
    choice = Call(with_event()).say("Well.")
    assert (choice.fired, choice.gist) == (("buzz",), "My phone just buzzed.")


def test_an_event_waits_for_questions_and_promises_and_a_late_one_follows_an_answer() -> None:
    call = Call(with_event())
    first = call.say("I'll ring you straight back.", "gives_callback")
    assert first.fired == ()
    assert call.say("I'll honour the fare, too.", "commits_action").fired == ()
    late = call.say("What is the booking number?", "asks_detail")
    assert late.fired == ("buzz",)
    assert late.gist == "I have booking reference TA4471; My phone just buzzed."


def test_a_late_event_does_not_trample_on_a_confidence() -> None:
    call = Call(with_event())
    for reply in ("I'll ring you straight back.", "I'll honour the fare."):
        call.say(reply, "commits_action")
    told_now = call.say("Why does the trip matter so much to you, may I ask about the children?", "asks_open")
    assert (told_now.move, told_now.fired) == (Move.REVEAL, ())


def test_events_do_not_come_on_each_others_heels() -> None:
    events = [{"id": name, "when": {"turn_at_least": 1}, "does": "tell", "say": f"{name}!"} for name in ("one", "two")]
    call = Call(material(events=events))
    assert [call.say(f"Well, {turn}.").fired for turn in range(3)][:2] == [("one",), ()]


# Demands that were met


@pytest.mark.parametrize(
    ("before", "reply"),
    [
        ("Shall I honour the fare?", "Done."),
        ("Would you like me to honour the fare for all four?", "Okay. That's done, it's on the booking."),
        ("", "Done. All four are at 398."),
    ],
)
def test_a_proposal_that_was_carried_out_and_a_state_of_things_are_promises(before: str, reply: str) -> None:
    assert [made.promise for made in promises_in(reply, material(), before)] == ["honour_fare"]


@pytest.mark.parametrize(
    ("before", "reply"),
    [
        ("I'll honour the fare.", "Is that done?"),
        ("Shall I honour the fare?", "I haven't done it."),
        ("Shall I honour the fare?", "Right."),
        ("", "I can honour the fare, would you like that?"),
    ],
)
def test_what_was_only_proposed_is_no_promise(before: str, reply: str) -> None:
    assert promises_in(reply, material(), before) == ()


def test_once_it_is_promised_they_want_to_see_it_done_and_do_not_ask_for_it_again() -> None:
    call = Call()
    assert wanting(Scene(call.session, call.material)) == "what I want: All four seats at 398."
    call.say("I'll honour the fare for all four.", "commits_action")
    assert "really done" in wanting(Scene(call.session, call.material))
    choice = call.say("Is there anything else I can help you with?", "stock_phrase")
    assert choice.move in (Move.HOLD_TO_PROMISE, Move.ASK)
    assert "All four seats" not in choice.gist


def test_a_desperate_customer_does_not_turn_down_what_they_asked_for() -> None:
    furious = Call(material(emotion={"anger": 95, "distress": 20, "confusion": 5, "trust": 5}))
    assert furious.say("I'll honour the fare for all four.", "commits_action").move is not Move.DECLINE


def test_conditions_know_a_tall_promise() -> None:
    call = Call()
    call.say(GIFT)
    assert Talk.PROMISES_TOO_MUCH in Standing.of(call.session, call.material).talk


@pytest.mark.parametrize(
    ("scenario", "reply"),
    [
        ("claim-not-heard", "A plumber will be at your door in ten minutes."),
        ("claim-not-heard", "I'm sending a plumber now. He'll be there in a quarter of an hour."),
        ("letter-in-officialese", "The credit will be in your account tomorrow."),
        ("text-from-the-bank", "Your claim will be decided today."),
        ("third-engineer", "The router will be with you in an hour."),
    ],
)
def test_what_is_to_be_there_in_half_the_time_that_policy_gives_is_doubted(
    library: Library, scenario: str, reply: str
) -> None:
    assert too_good(reply, played(library, scenario, 9).material)


@pytest.mark.parametrize(
    ("scenario", "reply"),
    [
        ("claim-not-heard", "A plumber will be at your door within fifty minutes."),
        ("claim-not-heard", "I'll ring you in ten minutes, whatever the plumber says."),
        ("letter-in-officialese", "I'm paying the credit back today."),
        ("text-from-the-bank", "I can't say that your claim will be decided today."),
        ("third-engineer", "I'll write to you in an hour about the router."),
        ("bot-said-no", "I'm refunding it now, and the email comes within five minutes."),
    ],
)
def test_a_time_that_policy_allows_or_does_not_speak_of_is_believed(
    library: Library, scenario: str, reply: str
) -> None:
    assert too_good(reply, played(library, scenario, 9).material) == ()


def test_who_has_said_nothing_of_it_is_not_asked_again() -> None:
    call = Call()
    assert call.say("How old are you?", "asks_again").because != "they were asked for what they had already said"
    call.say("What was the fare?", line="398. For each of four seats.")
    assert "already said" in call.say("What was the fare again?", "asks_again").because


def test_a_question_which_one_checks_nothing() -> None:
    asked = Call().say("Which seats does it cover?", signal("checks_understanding", "does it cover"))
    assert "checked" not in asked.because
    told = Call().say("So it's four seats, does that cover it?", signal("checks_understanding", "does that cover it"))
    assert "checked" in told.because
