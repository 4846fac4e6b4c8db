from typing import Any

import pytest
from calls import Call, material

from simulator.content.schema import Condition
from simulator.customer.conditions import Standing, holds
from simulator.customer.facts import asked_about, open_facts, unlocked_now
from simulator.customer.hearing import contains, stem
from simulator.customer.promising import promises_denied, promises_in
from simulator.vocabulary import Ending, SignalName

STANDING = Standing(
    reply="I’ve read it. Why does this trip matter so much to you?",
    shows=frozenset({SignalName.ASKS_OPEN}),
    signals=frozenset({SignalName.ASKS_OPEN, SignalName.NAMES_FEELING}),
    promised=frozenset({"honour_fare"}),
    facts=frozenset({"fare_quoted"}),
    fired=frozenset({"buzz"}),
    trust=40,
    upset=62.5,
    turn=3,
    slots={"fare": "398"},
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"asked": ["why it matters"]}, True),
        ({"asked": ["the children"]}, False),
        ({"said": ["i've read"]}, True),
        ({"said": ["never read"]}, False),
        ({"signal": "names_feeling"}, True),
        ({"shows": "names_feeling"}, False),
        ({"shows": "asks_open"}, True),
        ({"promised": "honour_fare"}, True),
        ({"fact": "children"}, False),
        ({"fired": "buzz"}, True),
        ({"ending": "resolved"}, False),
        ({"trust_at_least": 40}, True),
        ({"trust_at_most": 39}, False),
        ({"upset_at_least": 62.5}, True),
        ({"upset_at_most": 62}, False),
        ({"turn_at_least": 4}, False),
        ({"turn_at_most": 3}, True),
        ({"turn_at_least": 0}, True),
        ({"not": {"fact": "children"}}, True),
        ({"all": [{"fact": "fare_quoted"}, {"trust_at_least": 50}]}, False),
        ({"any": [{"fact": "children"}, {"not": {"trust_at_least": 50}}]}, True),
    ],
)
def test_every_atom_and_connective_is_understood(raw: dict[str, Any], expected: bool) -> None:
    assert holds(Condition.model_validate(raw), STANDING) is expected


def test_a_topic_counts_only_in_a_question_or_request() -> None:
    asked = Condition.model_validate({"asked": ["the children"]})
    told = "Children under two fly free."
    questions = ["Tell me about your children.", "Who are the children?", "You mentioned children. How are they?"]
    assert not holds(asked, Standing(reply=told))
    assert all(holds(asked, Standing(reply=question)) for question in questions)
    assert not holds(asked, Standing(reply="Children fly free. Could you give me the six letters of the reference?"))


def test_slots_in_topics_and_phrases_are_filled() -> None:
    asked = Condition.model_validate({"asked": ["{fare}"]})
    said = Condition.model_validate({"said": ["at {fare}"]})
    reply = "Were all of them £398.00?"
    assert holds(asked, Standing(reply=reply, slots={"fare": "398"}))
    assert holds(said, Standing(reply="Four at 398, yes.", slots={"fare": "398"}))


def test_words_match_whatever_their_ending_spelling_and_apostrophe() -> None:
    assert contains("We are honoring it", "honour")
    assert contains("I’ll ring you back", "I'll ring you back")
    assert contains("I'll call you straight back", "call you back")
    assert contains("within five minutes", "5 minutes")
    assert not contains("call me when you are back", "call you back")
    assert stem("policies") == stem("policy")


def test_standing_is_read_off_a_session() -> None:
    call = Call()
    call.say("I'll honour the fare.", "names_feeling")
    call.say("One moment.", "gives_time")
    standing = Standing.of(call.session, call.material)
    assert standing.turn == 2
    assert standing.reply == "One moment."
    assert standing.shows == {SignalName.GIVES_TIME}
    assert standing.signals == {SignalName.GIVES_TIME, SignalName.NAMES_FEELING}
    assert standing.promised == {"honour_fare"}
    assert standing.facts == {"fare_quoted", "booking"}
    assert standing.upset == call.session.upset
    assert standing.ending is None


def test_standing_knows_how_the_contact_ended() -> None:
    call = Call()
    call.transfer("fares")
    assert Standing.of(call.session, call.material).ending is Ending.ESCALATED


def test_a_locked_fact_opens_when_its_condition_is_met_and_not_before() -> None:
    call = Call()
    assert "children" not in {fact.id for fact in open_facts(call.session, call.material)}
    call.say("What was the price you were quoted?")
    assert call.session.unlocked == frozenset()
    call.say("What is the occasion, if I may ask?")
    assert call.session.unlocked == {"children"}
    assert unlocked_now(call.session, call.material) == ()


def test_facts_are_found_by_the_topics_of_a_question() -> None:
    asked = asked_about("And what reference do you have there?", material())
    assert [fact.id for fact in asked] == ["booking"]


@pytest.mark.parametrize(
    "reply",
    [
        "I'll honour it.",
        "I’m honouring the fare for all four, now.",
        "Don't worry, I'll honour that.",
        "I can't change the website, but I will honour the fare.",
        "Yes, same fare for all four.",
        "All four are confirmed at 398.",
        "You needn't wait for her: I can honour the fare myself.",
        "I've put all four at £398.",
        "If the line drops, I'll still honour it.",
        "I understand you were quoted 398, and I'll honour it.",
        "Shall I read it back? I'll honour the fare now.",
    ],
)
def test_a_promise_is_heard(reply: str) -> None:
    made = promises_in(reply, material())
    assert [one.promise for one in made] == ["honour_fare"]
    assert made[0].quote in reply


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry, we can't honour that fare.",
        "I don't think I'll be able to honour it.",
        "Shall I honour the fare?",
        "You want me to honour it?",
        "I might be able to honour it.",
        "I'll ask whether we can honour it.",
        "If the log shows it, I'll honour the fare.",
        "You were quoted four at 398, I see.",
        "I can see the same fare here.",
        "You'd like us to honour the fare.",
        "Honouring the fare isn't possible.",
        "Nobody said we'd honour it.",
    ],
)
def test_refusals_questions_conditions_and_retellings_promise_nothing(reply: str) -> None:
    assert promises_in(reply, material()) == ()


def test_several_promises_of_one_reply_are_each_heard_once() -> None:
    reply = "I'll honour the fare. I will honour it today, and if we're cut off, I'll ring you straight back."
    assert [made.promise for made in promises_in(reply, material())] == ["honour_fare", "call_back"]


def test_forbidden_advice_is_made_by_giving_it_and_not_by_refusing_it() -> None:
    assert promises_in("Perhaps you can have half off.", material())[0].promise == "half_price"
    assert promises_in("I'm not saying you can have half off.", material()) == ()


def test_a_promise_taken_back_is_noticed() -> None:
    denied = promises_denied("I'm afraid I can't honour the fare after all.", material())
    assert [made.promise for made in denied] == ["honour_fare"]
    assert promises_denied("I'll honour the fare.", material()) == ()
