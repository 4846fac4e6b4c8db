import random
from collections.abc import Iterator

import pytest
from calls import NOON, Call, material

from simulator.content.casting import slots_in
from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.content.schema import Condition, Line
from simulator.customer.details import numbers_in
from simulator.customer.guard import FaultCode, Guard, clean
from simulator.desk import started_with
from simulator.events import ModelCard, MoveChosen, TraineeSpoke
from simulator.session import Session, Turn
from simulator.vocabulary import Move

LINES_A_SCENARIO = 40
"""Authored lines that are looked at, of each shipped scenario and seed."""
MOST_REFUSED = 0.01


def codes(text: str, call: Call | None = None, move: Move = Move.PRESS) -> set[FaultCode]:
    call = call or Call()
    return {fault.code for fault in Guard(call.material).faults(text, call.session, move)}


@pytest.mark.parametrize(
    "line",
    [
        "I was quoted 398. For each of four. And now you say 778?",
        "Don't tell me about policy. I want the fare I was quoted.",
        "Three hundred and ninety-eight, four times. That's what I said yes to.",
        "Don't say \"I'll look into it\". Do it.",
        "He said he'd look into it and nobody rang back.",
        "You lot always say your call is important to us.",
        "I'm sorry for shouting. It wasn't you.",
        "Thank you for your help. I mean that.",
        "How can you help me, then? What's your name?",
        "I've told you a hundred times. One moment, I'll find it. Two seconds.",
        "Let me check my email.",
        "Okay. Yes. My name's Delgado, booking TA4471.",
        "'I'm here to help.' That's what the last one told me.",
        "They told me it had been escalated to the team.",
        "You're welcome. Now what do I write down?",
        "I'll ring again when I've found the letter.",
        "If it were your son, you'd be shouting too.",
        "I'm sorry I shouted. I'll wait on the line.",
        "You can keep your voucher, madam.",
        "He says he'll get up when it's paid.",
        "Don't tell me the rules don't allow it.",
    ],
)
def test_what_a_customer_may_say_passes(line: str) -> None:
    assert codes(line) == set()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", FaultCode.EMPTY),
        (" ... ", FaultCode.EMPTY),
        ("I'm so sorry to hear that, let me see.", FaultCode.ROLE_FLIP),
        ("How can I help you today?", FaultCode.ROLE_FLIP),
        ("I'll look into that for you right away.", FaultCode.ROLE_FLIP),
        ("I understand your frustration.", FaultCode.ROLE_FLIP),
        ("Your refund has been approved.", FaultCode.ROLE_FLIP),
        ("May I have your booking number?", FaultCode.ROLE_FLIP),
        ("We apologise for the inconvenience.", FaultCode.ROLE_FLIP),
        ("I'll have a colleague ring you before lunch.", FaultCode.ROLE_FLIP),
        ("You'll receive a confirmation email in a moment.", FaultCode.ROLE_FLIP),
        ("Our passengers always come first.", FaultCode.ROLE_FLIP),
        ("Unfortunately that fare has gone.", FaultCode.ROLE_FLIP),
        ("Your seats are confirmed now.", FaultCode.ROLE_FLIP),
        ("I can see how worrying this must be.", FaultCode.ROLE_FLIP),
        ("Do you have the booking number?", FaultCode.ROLE_FLIP),
        ("Right, Ms Delgado, the seats are on hold.", FaultCode.ROLE_FLIP),
        ("I've honoured the same fare for all four.", FaultCode.ROLE_FLIP),
        ("I want it back. Thank you, Maria, I have it here. And what does it say?", FaultCode.SPEAKS_FOR_TRAINEE),
        ("It's TA4471. Thank you for that, looking now. Well, what is it?", FaultCode.SPEAKS_FOR_TRAINEE),
        ("Is it back? Yes, it is back on the booking. Oh, good.", FaultCode.SPEAKS_FOR_TRAINEE),
        ("What do you mean? Maria: I mean the fare.", FaultCode.SPEAKS_FOR_TRAINEE),
        ("As Maria, I want it now.", FaultCode.ASSISTANT_PHRASE),
        ("Here is a shorter version: I want it now.", FaultCode.ASSISTANT_PHRASE),
        ("I want it now. Would you like me to make it angrier?", FaultCode.ASSISTANT_PHRASE),
        ("A short answer. No new facts.", FaultCode.ASSISTANT_PHRASE),
        ("As an AI I cannot be angry.", FaultCode.ASSISTANT_PHRASE),
        ("Sure, here is a reply.", FaultCode.ASSISTANT_PHRASE),
        ("I want it now. Agent: I see.", FaultCode.SPEAKS_FOR_TRAINEE),
        ("*sighs* I want it now.", FaultCode.MARKUP),
        ("(sighing) I want it now.", FaultCode.MARKUP),
        ("[press] I want it now.", FaultCode.MARKUP),
        ("Sighs deeply. I want it now.", FaultCode.MARKUP),
        ("I want it now. Maria hangs up.", FaultCode.MARKUP),
        ("I want it now, 1. the fare 2. the seats ", FaultCode.MARKUP),
        ("I want it now \U0001f621", FaultCode.MARKUP),
        ("I want it now (and she means it).", FaultCode.MARKUP),
        ("I want it now.<|im_end|>", FaultCode.MARKUP),
        ("The children have been counting the days.", FaultCode.LOCKED_FACT),
        ("What do I tell Mateo?", FaultCode.LOCKED_FACT),
        ("It was 412 when I asked.", FaultCode.INVENTED),
        ("We fly on Thursday.", FaultCode.INVENTED),
        ("I told Desmond already.", FaultCode.INVENTED),
        ("I asked for seventeen of them.", FaultCode.INVENTED),
        ("We booked it in May.", FaultCode.INVENTED),
        ("We booked it on the third of May.", FaultCode.INVENTED),
        ("Desmond promised it to me.", FaultCode.INVENTED),
        ("Mrs Okafor has it in writing.", FaultCode.INVENTED),
        ("My husband has it in writing.", FaultCode.INVENTED),
        (" ".join(["and then nobody rang"] * 15), FaultCode.TOO_LONG),
    ],
)
def test_each_kind_of_fault_is_found(line: str, code: FaultCode) -> None:
    assert code in codes(line)


def test_an_unlocked_fact_may_be_told() -> None:
    call = Call()
    call.say("Tell me about the children.")
    assert codes("Ines and Mateo, they've been counting the days.", call) == set()


def test_what_the_trainee_has_said_may_be_said_back() -> None:
    call = Call()
    call.say("Renske will ring you on Thursday at half past 6.")
    assert codes("So is it Renske who rings on Thursday, at six?", call) == set()


def test_own_earlier_words_are_not_said_again() -> None:
    call = Call()
    call.say("Well.", line="I was quoted one fare and you are charging me another one.")
    assert codes("I was quoted one fare and you are charging me another one!", call) == {FaultCode.REPEATS}
    again = "Still: I was quoted one fare and you are charging me more."
    assert codes(again, call) == {FaultCode.REPEATS}
    assert codes(again, call, Move.REPEAT_REQUEST) == set()
    assert codes("So which of the two fares is it?", call) == set()


def test_the_same_line_in_another_tense_is_a_repetition() -> None:
    call = Call()
    call.say("Well.", line="Yes. Exactly that. So what do you do about it?")
    assert codes("Yes, exactly that. So what are you going to do about it?", call) == {FaultCode.REPEATS}


def test_the_trainees_own_deed_is_not_the_customers() -> None:
    call = Call()
    call.say("I'm putting all four through at 398 on one booking.")
    assert codes("I'm getting all four through at 398 on one booking.", call) == {FaultCode.ROLE_FLIP}
    assert codes('"I\'m putting all four through." Then do it.', call) == set()
    assert codes("So all four at 398, on one booking?", call) == set()


def test_who_is_asked_for_a_name_may_say_it() -> None:
    call = Call()
    assert codes("Yes, Maria.", call) == {FaultCode.ROLE_FLIP}
    call.say("Am I speaking to Maria?")
    assert codes("Yes, Maria.", call) == set()


def test_a_bracket_and_a_picture_may_stand_in_a_chat() -> None:
    call = Call(material(channel="chat"))
    assert codes("I want it now (all of it) \U0001f621", call) == set()
    assert codes("(sighs) I want it now.", call) == {FaultCode.MARKUP}


def test_words_of_the_lines_about_a_locked_fact_give_it_away_too() -> None:
    needing = {"text": "They cross off squares on the fridge calendar.", "needs": "children"}
    call = Call(material(lines={"reveal": [needing]}))
    assert codes("There's a calendar, and squares to cross.", call) == {FaultCode.LOCKED_FACT}


@pytest.mark.parametrize("seed", [0, 1])
def test_hardly_any_authored_line_of_a_shipped_scenario_is_refused(seed: int) -> None:
    library, refused, looked_at = Library([shipped()]), list[str](), 0
    for card in library.scenarios():
        played = library.material(card.id).cast(seed)
        guard = Guard(played)
        for move, line in random.Random(seed).sample(sorted(_authored(played), key=str), LINES_A_SCENARIO):
            looked_at += 1
            text = played.fill(line.text)
            faults = guard.faults(text, _moment(played, seed, move, line), move)
            refused += [f"{card.id}: {text} ({fault.code}: {fault.reason})" for fault in faults[:1]]
    print(f"{len(refused)} of {looked_at} authored lines refused", *refused, sep="\n")
    assert len(refused) <= MOST_REFUSED * looked_at


def _authored(played: Material) -> Iterator[tuple[Move, Line]]:
    """Lines of all banks that need no words of the moment."""
    for bank in (played.scenario.lines, played.persona.lines, played.defaults.fallback):
        for move, lines in bank.items():
            yield from ((move, line) for line in lines if slots_in(line.text) <= played.slots.keys())


def _moment(played: Material, seed: int, move: Move, line: Line) -> Session:
    """A reply that says what the line waits for, with the facts unlocked that it tells."""
    started = started_with(
        played,
        at=NOON,
        session="looked-at",
        app_version="0",
        rater_version="none",
        seed=seed,
        trainee="trainee",
        model=ModelCard(speaker="none", listener="none", way="free"),
    )
    reply = ". ".join(played.fill(words) for words in _words(line.when)) or "Okay."
    told = tuple(dict.fromkeys((*line.needs, *_facts(line.when))))
    act = TraineeSpoke(at=NOON, turn=0, text=reply)
    choice = MoveChosen(at=NOON, turn=0, move=move, gist="", because="", unlocked=told)
    return Session(started=started, turns=(Turn(number=0, act=act, choice=choice),))


def _words(condition: Condition | None) -> Iterator[str]:
    if condition:
        yield from (*(condition.said or ()), *(condition.asked or ()))
        for part in (*(condition.any or ()), *(condition.all or ())):
            yield from _words(part)


def _facts(condition: Condition | None) -> Iterator[str]:
    if condition:
        yield from [condition.fact] if condition.fact else []
        for part in (*(condition.any or ()), *(condition.all or ())):
            yield from _facts(part)


def test_the_channel_sets_the_length() -> None:
    letter = " ".join(["I am writing about the fare again."] * 10)
    assert FaultCode.TOO_LONG in codes(letter)
    assert FaultCode.TOO_LONG not in codes(letter, Call(material(channel="email")))


def test_a_reason_tells_a_writer_what_to_do_otherwise() -> None:
    call = Call()
    faults = Guard(call.material).faults("It was 412.", call.session, Move.PRESS)
    assert [fault.reason for fault in faults] == ["nobody has mentioned 412"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ('"I want it now."', "I want it now."),
        ("\u201cI want it now.\u201d", "I want it now."),
        ("Customer: I want it now.", "I want it now."),
        ("Maria: I want it now.", "I want it now."),
        ("Maria Delgado: I want it now.", "I want it now."),
        ("\x1b[31mI want\x00 it\n  now.", "I want it now."),
        ('"Policy", you say. "Policy".', '"Policy", you say. "Policy".'),
        ("Look: I want it now.", "Look: I want it now."),
    ],
)
def test_a_models_line_is_cleaned(raw: str, words: str) -> None:
    assert clean(raw, "Maria Delgado") == words


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("£398.00 and 1,200", ("398", "1200")),
        ("three hundred and ninety-eight", ("398",)),
        ("five five eight one", ("5581",)),
        ("at nine thirty, two and three", ("9", "30", "2", "3")),
        ("twelve hundred", ("1200",)),
        ("a hundred times", ()),
    ],
)
def test_numbers_are_read_as_words_and_as_digits(text: str, numbers: tuple[str, ...]) -> None:
    assert numbers_in(text) == numbers
