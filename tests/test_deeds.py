"""What the trainee says is done, and what a customer then says: nobody asks for it still."""

from typing import Any

import pytest
from calls import Call, material, signal

from simulator.content.library import Library, shipped
from simulator.customer.bank import sayable
from simulator.customer.deeds import asks_for_deed, done_in
from simulator.vocabulary import Move

URGED: dict[str, Any] = {
    "lines": {
        "hold_to_promise": ["Then do it now, please.", "By when?", "I'm looking at my page for it."],
        "hesitate": ["Tell me when it's there.", "I'd like to see that."],
        "ask": ["When will that be?", "Where do I find it?"],
    },
    "endings": {},
    "events": [],
}


@pytest.mark.parametrize(
    "reply",
    [
        "I've just refunded you, it's gone through.",
        "Your seats have been rebooked.",
        "I moved the appointment a minute ago.",
        "All sorted, both of them.",
        "Cancelled it.",
        "The courier is on his way.",
        "We've already taken the charge off.",
        "It went through just now.",
        "The letter is now stopped.",
    ],
)
def test_a_deed_that_is_done_is_known_by_its_tense(reply: str) -> None:
    assert done_in(reply)
    assert done_in(reply) in reply


@pytest.mark.parametrize(
    "reply",
    [
        "I'll have it done by five.",
        "Once it's booked I'll ring you.",
        "It hasn't gone through yet.",
        "Have I sorted it?",
        "Your account has been blocked.",
        "You've booked the wrong day.",
        "I've looked into it.",
        "I've made a mistake.",
        "It should be sorted.",
        "It's being sent.",
        "The shop is closed.",
        "They've sent you the wrong one.",
        "I can get that done.",
        "",
    ],
)
def test_what_is_to_come_looked_at_or_somebody_elses_is_not_done(reply: str) -> None:
    assert done_in(reply) == ""


def test_a_line_that_urges_or_asks_a_date_asks_for_the_deed() -> None:
    assert all(map(asks_for_deed, ["Then please do it now.", "By when?", "You'll write to me?", "Tell me when."]))
    assert not any(map(asks_for_deed, ["Good. Thank you.", "Where do I see it?", "That was quick.", "All four?"]))


def test_what_is_done_is_not_answered_as_if_it_were_only_offered() -> None:
    offered, done = Call(material(**URGED)), Call(material(**URGED))
    assert "by when" in offered.say("I'll honour the fare.", signal("commits_action", "I'll honour the fare.")).gist
    choice = done.say("I've honoured the fare, it's done.", signal("commits_action", "I've honoured the fare"))
    assert "by when" not in choice.gist
    assert "it is done" in choice.because


def test_no_line_asks_for_what_is_done_as_long_as_there_is_another() -> None:
    call = Call(material(**URGED))
    call.say("I've refunded you, it's gone through.", signal("commits_action", "I've refunded you"))
    said = {move: [line.text for line in sayable(call.session, call.material, move)] for move in Move}
    assert said[Move.HOLD_TO_PROMISE] == ["I'm looking at my page for it."]
    assert said[Move.HESITATE] == ["I'd like to see that."]
    assert said[Move.ASK] == ["Where do I find it?"]


def test_where_every_line_asks_for_it_one_is_still_said() -> None:
    call = Call(material(**{**URGED, "lines": {"ask": ["When will that be?"]}}))
    call.say("I've refunded you.")
    assert [line.text for line in sayable(call.session, call.material, Move.ASK)] == ["When will that be?"]


@pytest.mark.parametrize("scenario", [card.id for card in Library([shipped()]).scenarios()])
def test_every_shipped_customer_has_words_for_what_is_done(scenario: str) -> None:
    call = Call(Library([shipped()]).material(scenario).cast(4), seed=4)
    choice = call.say("I've just sorted that, it's done.", signal("commits_action", "I've just sorted that"))
    lines = sayable(call.session, call.material, choice.move)
    assert [line.text for line in lines if not asks_for_deed(line.text)]


def test_an_event_has_not_happened_before_the_line_that_comes_with_it() -> None:
    lines = {"answer": [{"text": "After.", "when": {"fired": "buzz"}}, "Any time."]}
    buzz = {"id": "buzz", "when": {"said": ["hold music"]}, "does": "tell", "say": "It buzzed.", "moves": {}}
    call = Call(material(lines=lines, events=[buzz], endings={}))
    call.say("I can hear hold music.", line="")
    assert call.session.turns[-1].choice is not None
    assert call.session.turns[-1].choice.fired == ("buzz",)
    now = call.session.model_copy(
        update={"turns": (*call.session.turns[:-1], call.session.turns[-1].model_copy(update={"line": None}))}
    )
    assert [line.text for line in sayable(now, call.material, Move.ANSWER)] == ["Any time."]
    call.say("Go on.")
    assert "After." in [line.text for line in sayable(call.session, call.material, Move.ANSWER)]
