"""Misspelt replies are read as they were meant, and quoted as they were typed."""

import re

import pytest

from simulator.assessment.prose import prose
from simulator.assessment.signals import read
from simulator.backends.listener import EmbeddedListener
from simulator.customer.hearing import asks_about, contains
from simulator.customer.quotes import clean_fragment
from simulator.ports import Exchange
from simulator.spelling import meant, respelt
from simulator.vocabulary import SignalName, Utterance


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("furius", "furious"),
        ("horible", "horrible"),
        ("yuor", "your"),
        ("boking", "booking"),
        ("refudn", "refund"),
        ("tomorow", "tomorrow"),
        ("apolgise", "apologize"),
    ],
)
def test_one_slip_is_put_right(typed: str, word: str) -> None:
    assert meant(typed) == word


@pytest.mark.parametrize(
    "word",
    [
        "colour",
        "apologise",
        "cancelled",
        "programme",
        "wifi",
        "mould",
        "landline",
        "noo",
        "wee",
        "xqzvwk",
        "stent",
        "café",
    ],
)
def test_words_british_words_short_words_and_riddles_stay(word: str) -> None:
    assert meant(word) == word


@pytest.mark.parametrize("text", ["theres nothing, it wasnt us, theyre gone, weve looked, youll see", "todays bill"])
def test_a_missing_apostrophe_makes_no_other_word(text: str) -> None:
    assert respelt(text).text == text


def test_a_name_that_opens_what_is_thrown_back_stays() -> None:
    assert clean_fragment("Mateo will rign you back") == "Mateo will ring you back"


def test_names_and_the_customers_own_words_stay() -> None:
    assert respelt("Thank you, Zofia. Ask Callum about the fada.", frozenset({"fada"})).text == (
        "Thank you, Zofia. Ask Callum about the fada."
    )


@pytest.mark.parametrize("text", ["Im sory Ms Ilse, yuor flor is horible. Sory.", "", "é furius 🙂 horible", "horible"])
def test_every_word_leads_back_to_the_one_that_was_typed(text: str) -> None:
    put_right = respelt(text)
    there = [put_right.typed_at(match.start()) for match in re.finditer(r"\S+", put_right.text)]
    assert there == [match.start() for match in re.finditer(r"\S+", text)]
    assert all(put_right.typed_at(at) < len(text) for at in range(len(put_right.text)))


def test_a_misspelt_feeling_is_seen_and_quoted_as_typed() -> None:
    reply = "You sound furius, and no wonder. I'll rign you at 5."
    line = Utterance(speaker="customer", text="Where is it? I have waited a week!")
    found = {signal.name: signal.span for signal in read(Exchange(history=(line,), reply=reply)).signals}
    feeling = found[SignalName.NAMES_FEELING]
    assert feeling
    assert "furius" in feeling.quote
    assert reply[feeling.start : feeling.end] == feeling.quote
    assert SignalName.GIVES_CALLBACK in found


def test_prose_keeps_names_as_they_are() -> None:
    assert [word.text for word in prose("I asked Ilse. horible").words] == ["i", "asked", "ilse", ".", "horrible"]


def test_the_customer_understands_a_slip() -> None:
    assert asks_about("Whats your adress?", ["your address"])
    assert contains("ill send the refudn today", "send the refund")
    assert contains("Callum will ring", "callum")


async def test_the_listener_hears_what_was_meant_and_points_at_what_was_typed(listener: EmbeddedListener) -> None:
    typed = await listener.features("Customer: It is late.\nAgent:", "You sound furius, and no wonder.")
    clean = await listener.features("Customer: It is late.\nAgent:", "You sound furious, and no wonder.")
    assert typed.states == clean.states
    assert typed.starts != clean.starts
    assert max(typed.starts) < len("You sound furius, and no wonder.")
