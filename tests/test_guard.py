import pytest
from calls import Call, material

from simulator.customer.details import numbers_in
from simulator.customer.guard import FaultCode, Guard, clean
from simulator.vocabulary import Move


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
        ("As an AI I cannot be angry.", FaultCode.ASSISTANT_PHRASE),
        ("Sure, here is a reply.", FaultCode.ASSISTANT_PHRASE),
        ("I want it now. Agent: I see.", FaultCode.SPEAKS_FOR_TRAINEE),
        ("*sighs* I want it now.", FaultCode.MARKUP),
        ("(sighing) I want it now.", FaultCode.MARKUP),
        ("[press] I want it now.", FaultCode.MARKUP),
        ("I want it now.<|im_end|>", FaultCode.MARKUP),
        ("The children have been counting the days.", FaultCode.LOCKED_FACT),
        ("What do I tell Mateo?", FaultCode.LOCKED_FACT),
        ("It was 412 when I asked.", FaultCode.INVENTED),
        ("We fly on Thursday.", FaultCode.INVENTED),
        ("I told Desmond already.", FaultCode.INVENTED),
        ("I asked for seventeen of them.", FaultCode.INVENTED),
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
