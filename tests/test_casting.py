"""Slots: the same seed gives the same person, and nothing an author writes makes it fail without a sentence."""

from pathlib import Path
from typing import Any

import pytest

from simulator.content.casting import cast, fake, fill, first_name, slot_faults, slots_in
from simulator.content.schema import Persona, Scenario, Slot
from simulator.content.source import read
from simulator.errors import ContentError

CONTENT = Path(__file__).with_name("content")
SCENARIO = read(Scenario, (CONTENT / "scenarios/lost-bag.yaml").read_text(encoding="utf-8"), "lost-bag.yaml")
MARA = read(Persona, (CONTENT / "personas/mara.yaml").read_text(encoding="utf-8"), "mara.yaml")
THEO = read(Persona, (CONTENT / "personas/theo.yaml").read_text(encoding="utf-8"), "theo.yaml")


def with_slots(**slots: Slot | str | int | float) -> Scenario:
    return SCENARIO.model_copy(update={"slots": slots})


def test_the_same_seed_casts_the_same_person_and_another_seed_another() -> None:
    assert cast(SCENARIO, MARA, 7) == cast(SCENARIO, MARA, 7)
    assert len({cast(SCENARIO, MARA, seed)["customer"] for seed in range(10)}) > 5


def test_every_slot_of_scenario_and_persona_is_filled_and_the_customer_is_named() -> None:
    slots = cast(SCENARIO, MARA, 7)
    assert slots.keys() == {*SCENARIO.slots, *MARA.slots, "customer", "first_name"}
    assert slots["customer"] == f"{slots['given']} {slots['family']}"
    assert slots["first_name"] == slots["given"]
    assert not [value for value in slots.values() if slots_in(value)]


def test_a_new_slot_leaves_the_others_as_they_were() -> None:
    wider = with_slots(aaa=Slot(faker="city"), **SCENARIO.slots, zzz=Slot(choice=(1, 2, 3)))
    assert cast(SCENARIO, MARA, 7).items() <= cast(wider, MARA, 7).items()


def test_a_slot_may_mention_other_slots_and_the_customer() -> None:
    scenario = with_slots(
        hello=Slot(choice=("Hi, {first_name} of {town}",)), town="Leeds", code=Slot(faker="numerify:{town}-%%")
    )
    slots = cast(scenario, THEO, 1)
    assert slots["hello"] == "Hi, Theo of Leeds"
    assert slots["code"].startswith("Leeds-")


def test_a_sum_adds_slots_and_numbers_and_keeps_pence() -> None:
    scenario = with_slots(fare="398.50", rise=380, total=Slot(sum=("fare", "rise", "1.25", 2)))
    assert cast(scenario, THEO, 1)["total"] == "781.75"
    assert cast(with_slots(total=Slot(sum=("rise", 5)), rise=380), THEO, 1)["total"] == "385"


def test_every_choice_comes_up_for_some_seed() -> None:
    assert {cast(SCENARIO, MARA, seed)["day"] for seed in range(20)} == {"Monday", "Tuesday"}


def test_an_address_of_several_lines_becomes_one() -> None:
    assert "\n" not in fake("address", "en_GB", 3)
    assert ", " in fake("address", "en_GB", 3)


def test_a_scenario_s_slot_goes_before_the_persona_s() -> None:
    assert cast(with_slots(given="Zoe"), MARA, 1)["first_name"] == "Zoe"


@pytest.mark.parametrize(
    ("provider", "sentence"),
    [
        ("frist_name", "There is no Faker provider"),
        ("__class__", "There is no Faker provider"),
        ("seed_instance", "There is no Faker provider"),
        ("date_this_year", "There is no Faker provider"),
        ("binary", "There is no Faker provider"),
        ("first_name:x", "takes no text after a colon"),
        ("random_elements", "neither words nor a number"),
        ("country_code:alpha-9", "cannot do anything with"),
    ],
)
def test_a_provider_that_gives_no_plain_words_is_refused_in_a_sentence(provider: str, sentence: str) -> None:
    with pytest.raises(ContentError, match=sentence):
        fake(provider, "en_GB", 1)


def test_an_unknown_locale_is_refused_in_a_sentence() -> None:
    with pytest.raises(ContentError, match='does not know the locale "en_XX"'):
        fake("first_name", "en_XX", 1)


@pytest.mark.parametrize(
    ("slots", "says"),
    [
        ({f"b{n}": f"{{b{n + 1}}}" * 10 for n in range(6)} | {"b6": "x"}, "would have more than 2,000 characters"),
        ({f"b{n}": f"{{b{n + 1}}}" for n in range(600)} | {"b600": "x"}, "needs slots more than 20 deep"),
        ({"b0": Slot(sum=("9e999999", "9e999999"))}, '"9e999999" is too large a one'),
        ({"b0": "x" * 2_001}, "would have more than 2,000 characters"),
        ({"b0": Slot(faker=f"bothify:{'?' * 5_000}")}, "would have more than 2,000 characters"),
    ],
)
def test_slots_that_would_grow_without_end_are_refused(slots: dict[str, Any], says: str) -> None:
    assert says in " ".join(slot_faults(with_slots(**slots), THEO).values())


def test_what_cannot_be_filled_is_told_by_slot() -> None:
    scenario = with_slots(
        a="{b}",
        b="{a}",
        lone="{nobody}",
        words=Slot(sum=("town",)),
        town="Leeds",
        none=Slot(choice=()),
        empty=Slot(sum=()),
        promised="x",
        whole=Slot(sum=("nobody",)),
    )
    assert slot_faults(scenario, THEO) == {
        "a": "The slots a and b need each other.",
        "b": "The slots a and b need each other.",
        "lone": "There is no slot {nobody}.",
        "words": 'The slot words adds up numbers, and "Leeds" is none.',
        "none": "The slot none is an empty list.",
        "empty": "The slot empty is an empty list.",
        "promised": 'A slot cannot be called "promised": that one fills itself.',
        "whole": "There is no slot {nobody}.",
    }
    with pytest.raises(ContentError):
        cast(scenario, THEO, 1)


def test_filling_replaces_slots_and_leaves_other_braces_alone() -> None:
    assert fill("{fare} for {Seat} { } {fare}", {"fare": "398"}) == "398 for {Seat} { } 398"


def test_filling_with_an_unknown_slot_is_refused_in_a_sentence() -> None:
    with pytest.raises(ContentError, match=r"There is no slot \{fair\}"):
        fill("{fair}", {"fare": "398"})


@pytest.mark.parametrize(
    ("name", "first"), [("Mrs. Jane Doe", "Jane"), ("Theo", "Theo"), ("Dr", "Dr"), ("Ana-Lucía Pérez", "Ana-Lucía")]
)
def test_a_first_name_is_the_first_word_that_is_no_title(name: str, first: str) -> None:
    assert first_name(name) == first
