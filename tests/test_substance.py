"""What is left of a reply once the words that are there for show are taken out, and that it can be seen."""

from array import array

import numpy as np
import pytest

from simulator.assessment.hearing import EARS, WIDTH, attended
from simulator.assessment.rater import EmbeddedRater
from simulator.assessment.substance import Sifted, sift
from simulator.ports import Exchange, Features, Listener
from simulator.vocabulary import Mood, SignalName, Utterance

CUSTOMER = (
    "It's our one day. The radio said our address on air at eight. Everyone who types it gets a red page. "
    "I don't know what to tell them. What did we do?"
)
HELP = "The certificate ran out at midnight."


def exchange(reply: str, *said: str) -> Exchange:
    history = tuple(Utterance(speaker="customer", text=text) for text in said or (CUSTOMER,))
    return Exchange(mood=Mood.IRATE, history=history, reply=reply)


def silence(reply: str) -> Features:
    """As if the listener heard nothing in particular: what is found is found by the words alone."""
    return Features(starts=(0,), width=WIDTH, states=array("f", [0.0] * WIDTH))


def sifted(reply: str, *said: str) -> Sifted:
    return sift(exchange(reply, *said), silence(reply))


def kept(reply: str, *said: str) -> str:
    return sifted(reply, *said).exchange.reply


@pytest.mark.parametrize(
    "echo",
    [
        CUSTOMER,
        f'You wrote: "{CUSTOMER}"',
        "It's your one day. The radio said your address on air at eight. Everyone who types it gets a red page.",
        '"It\'s our one day." "The radio said our address on air at eight."',
        "The radio said your address on air at eight? Everyone who types it gets a red page? It's your one day?",
        "Radio address air eight types red page. Everyone red page.",
        "Radio address air eight everyone types red page don't know tell them.",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_the_customers_words_said_back_leave_nothing_behind(echo: str, first: bool) -> None:
    assert kept(f"{echo} {HELP}" if first else f"{HELP} {echo}") == HELP


@pytest.mark.parametrize(
    "reply",
    [
        f"A red page for everyone who types the address? {HELP}",
        f"You don't know what to tell them? {HELP}",
        f"Eight o'clock, your one day, and I let that certificate run out. {HELP}",
        f"You did nothing. {HELP}",
        f"A red page, on the one day that you are on the radio. {HELP} I'm renewing it now.",
    ],
)
def test_what_makes_something_of_the_customers_words_is_kept_whole(reply: str) -> None:
    assert kept(reply) == reply


def test_words_of_an_earlier_line_are_an_echo_as_well() -> None:
    said = ("My boss has held the van job since Easter. He's not holding it again.", "They're always ill.")
    reply = f"{HELP} Your boss has held the van job since Easter. He's not holding it again."
    assert kept(reply, *said) == HELP


def test_what_a_reply_says_twice_counts_once() -> None:
    assert kept(f"We value you. {HELP} We value you.") == f"We value you. {HELP}"


def test_quotation_marks_go_with_what_stood_in_them_and_no_others() -> None:
    reply = f'It said "awaiting". {HELP} ("The radio said our address on air at eight.")'
    assert kept(reply) == f'It said "awaiting". {HELP}'


def test_a_reply_of_nothing_but_echoes_is_left_as_it_is() -> None:
    found = sifted(CUSTOMER)
    assert found.exchange.reply == CUSTOMER
    assert len(found.echoed) > 1


def test_what_was_taken_out_is_told_with_its_place() -> None:
    reply = f"{HELP} It's your one day. The radio said your address on air at eight."
    found = sifted(reply)
    assert [reply[start:end] for start, end in found.echoed] == [
        "It's your one day.",
        "The radio said your address on air at eight.",
    ]
    assert found.is_shortened
    assert not sifted(HELP).is_shortened


async def test_an_echo_is_quoted_where_listening_is_not_high(listener: Listener) -> None:
    reply = f"{HELP} The radio said your address on air at eight. Everyone who types it gets a red page."
    rating = await EmbeddedRater(listener).rate(exchange(reply), turn=2)
    shown = [one for one in rating.evidence if one.signal is SignalName.PARROTS]
    assert [one.quote for one in shown] == ["The radio said your address on air at eight."]
    assert reply[shown[0].start : shown[0].end] == shown[0].quote
    assert (rating.levels["active_listening"] or 0) < 4


async def test_a_reply_with_echoes_is_rated_as_the_same_reply_without(listener: Listener) -> None:
    plain = await EmbeddedRater(listener).rate(exchange(HELP))
    echoing = await EmbeddedRater(listener).rate(exchange(f'{HELP} You wrote: "{CUSTOMER}"'))
    assert all((echoing.expected[name] or 0) <= (plain.expected[name] or 0) for name in plain.expected)


async def test_mock_sympathy_is_quoted_and_warms_nothing(listener: Listener) -> None:
    said = "The cake says Tom and Sarah. We are Tim and Farah. 120 guests saw it."
    mocking = "Our hearts bleed for your poor wounded icing, truly a tragedy for the ages."
    plain = await EmbeddedRater(listener).rate(exchange("I'm refunding the cake today.", said))
    mocked = await EmbeddedRater(listener).rate(exchange(f"I'm refunding the cake today. {mocking}", said))
    assert (mocked.expected["empathy"] or 0) <= (plain.expected["empathy"] or 0)
    assert mocking in [one.quote for one in mocked.evidence if one.signal is SignalName.INSULTS]


def test_ears_pass_by_what_does_not_concern_them() -> None:
    rows = np.zeros((3, WIDTH), dtype=np.float32)
    rows[1, 0] = 800.0
    features = Features(starts=(0, 4, 8), width=WIDTH, states=array("f", rows.ravel().tolist()))
    ears = np.zeros((EARS, WIDTH))
    ears[0, 0] = 1.0
    heard = attended(features, ears).reshape(EARS, WIDTH)
    assert heard[0, 0] == pytest.approx(100.0)
    assert heard[1, 0] == pytest.approx(100.0 / 3)
    assert attended(features, ears, [(4, 8)]).max() == 0.0
    assert not attended(Features(starts=(), width=WIDTH, states=array("f")), ears).any()
