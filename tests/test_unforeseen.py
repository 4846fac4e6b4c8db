"""Questions that no topic foresees: an open fact answers where the listener is sure, and nothing else changes."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from calls import Call, material

from simulator.backends.listener import EmbeddedListener
from simulator.backends.scripted import ScriptedListener
from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.content.schema import Script
from simulator.customer.actor import Actor, Spoken
from simulator.customer.asking import only_asking
from simulator.customer.form import form_faults
from simulator.customer.reactions import REACTIONS
from simulator.customer.scene import Scene
from simulator.customer.unforeseen import NO_FACT_FORESEES_IT, guesses
from simulator.events import MoveChosen
from simulator.rehearsing.rehearsal import rehearse
from simulator.session import Session
from simulator.vocabulary import Channel, Move

QUOTED = "Three nine eight, each. He read it to me."
BOOKED = "It's under TA4471."
CHILDREN = "They've crossed off the days."
DEFLECTED = "I don't know. Does it matter?"
THERE: dict[str, Any] = {
    "lines": {
        "answer": [{"text": QUOTED, "needs": ["fare_quoted"]}, {"text": BOOKED, "needs": ["booking"]}, DEFLECTED],
        "reveal": [{"text": CHILDREN, "needs": ["children"]}],
    },
    "endings": {},
    "events": [],
}
UNFORESEEN = "What did he tell you it would cost?"


class Ear(ScriptedListener):
    """Hears in each text what it was given for words of it, and nothing in the rest."""

    def __init__(self, gains: Mapping[str, float]) -> None:
        self.gains = gains
        self.ranked: list[str] = []

    async def rank(self, context: str, neutral: str, lines: Sequence[str]) -> Sequence[float]:
        self.ranked += lines
        return [max((gain for part, gain in self.gains.items() if part in line), default=0.0) for line in lines]


def asked(question: str = UNFORESEEN, played: Material | None = None) -> tuple[Session, Material]:
    """A session that waits for the customer's answer to a question."""
    call = Call(played or material(**THERE))
    call.say(question)
    last = call.session.turns[-1].model_copy(update={"line": None})
    return call.session.model_copy(update={"turns": (*call.session.turns[:-1], last)}), call.material


async def said(ear: Ear | None, question: str = UNFORESEEN) -> Spoken:
    session, there = asked(question)
    return await Actor(there, ear).speak(session)


async def test_a_fact_the_question_is_clearly_about_answers_it() -> None:
    spoken = await said(Ear({"quoted": 5, "Three nine eight": 4}))
    assert (spoken.text, spoken.source) == (QUOTED, "guided")


@pytest.mark.parametrize(
    "gains",
    [
        {},
        {"quoted": 3, "Three nine eight": 3},
        {"quoted": 4, "Three nine eight": 4, "reference": 4, "TA4471": 4},
        {"Three nine eight": 4, "reference": 9, "TA4471": -5},
    ],
)
async def test_where_no_fact_is_clearly_meant_the_answer_stays_a_deflection(gains: Mapping[str, float]) -> None:
    assert (await said(Ear(gains))).text == DEFLECTED


async def test_without_a_listener_nothing_changes() -> None:
    assert (await said(None)).text == DEFLECTED


async def test_a_locked_fact_is_not_even_weighed() -> None:
    ear = Ear({"counting": 20, "crossed off": 20})
    assert (await said(ear)).text == DEFLECTED
    assert not any("counting" in text or "crossed off" in text for text in ear.ranked)


async def test_a_question_that_a_fact_foresees_is_not_guessed_at() -> None:
    ear = Ear({"quoted": 20, "Three nine eight": 20})
    assert (await said(ear, "What is your booking number?")).text == BOOKED
    assert "I was quoted 398 for each of four seats." not in ear.ranked


async def test_words_that_ask_nothing_are_not_guessed_at() -> None:
    session, there = asked("I see four seats here.")
    choice = session.turns[-1].choice
    assert isinstance(choice, MoveChosen)
    assert guesses(session, there, choice) == ()


async def test_what_was_said_once_is_not_said_again_as_a_guess() -> None:
    session, there = asked()
    ear = Ear({"quoted": 5, "Three nine eight": 4})
    first = await Actor(there, ear).speak(session)
    call = Call(there)
    call.say(UNFORESEEN)
    told = call.session.turns[-1].line
    assert told is not None
    line = told.model_copy(update={"text": first.text, "line": first.line})
    turns = (*call.session.turns[:-1], call.session.turns[-1].model_copy(update={"line": line}))
    call.session = call.session.model_copy(update={"turns": turns})
    call.say("And how much was it that he said?")
    last = call.session.turns[-1].model_copy(update={"line": None})
    again = call.session.model_copy(update={"turns": (*call.session.turns[:-1], last)})
    assert (await Actor(there, ear).speak(again)).text != QUOTED


OFFER = "I'm looking into the seats for you now."


async def said_beside_an_offer(ear: Ear, question: str) -> Spoken:
    call = Call(material(**(THERE | {"lines": THERE["lines"] | {"press": ["When?"], "ask": ["When?"]}})))
    call.say(f"{OFFER} {question}", "commits_action")
    last = call.session.turns[-1].model_copy(update={"line": None})
    session = call.session.model_copy(update={"turns": (*call.session.turns[:-1], last)})
    return await Actor(call.material, ear).speak(session)


async def test_a_question_at_the_end_of_an_offer_is_answered_too_where_the_listener_is_sure() -> None:
    sure = Ear({"quoted": 5, "Three nine eight": 4})
    assert (await said_beside_an_offer(sure, UNFORESEEN)).text == QUOTED
    assert (await said_beside_an_offer(Ear({}), UNFORESEEN)).text != QUOTED
    assert (await said_beside_an_offer(sure, "What do you say?")).text != QUOTED, "a yes answers that"


def test_the_listener_hears_the_question_and_not_what_stands_beside_it() -> None:
    session, _ = asked(f"He should have rung you. {UNFORESEEN}")
    assert only_asking(session).turns[-1].reply == UNFORESEEN
    silent, _ = asked("He should have rung you.")
    assert only_asking(silent) == silent


async def test_the_embedded_ear_finds_the_fact_and_leaves_other_questions_alone(listener: EmbeddedListener) -> None:
    there = Library([shipped()]).material("third-engineer").cast(3)
    told = {}
    for question in ("Does that thing on the wall blink at all?", "Do you play games on it?"):
        script = Script.model_validate({"any": [question]})
        session = await rehearse(there, script, 3, Actor(there, listener), listener, most=1)
        choice, line = session.turns[-1].choice, session.turns[-1].line
        assert choice is not None
        assert line is not None
        assert choice.because == NO_FACT_FORESEES_IT
        known = {one.text: one.needs for lines in there.scenario.lines.values() for one in lines}
        told[question] = known.get(line.line or "", ())
    assert list(told.values()) == [("light",), ()]


def test_no_plan_speaks_of_the_task_so_that_none_can_be_spoken_as_it_stands() -> None:
    """A model that copies its plan says something a customer could say."""
    library = Library([shipped()])
    for card in library.scenarios():
        call = Call(library.material(card.id).cast(2), seed=2)
        for reply in ("Do you have a dog?", "How are you feeling now?"):
            call.say(reply, line="")
            for plan in (plan for reaction in REACTIONS for plan in reaction(Scene(call.session, call.material))):
                own = plan.gist.split('"')[::2]
                faults = [fault for part in own for fault in form_faults(part, Channel.EMAIL, ("Nobody Here",))]
                assert not faults, plan.gist
                assert "no new facts" not in plan.gist
                assert isinstance(plan.move, Move)
