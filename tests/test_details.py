"""Names given back rightly and wrongly: who is called by one, and which words are none."""

import pytest
from calls import SLOTS, Call, material

from simulator.content.material import Material
from simulator.customer.details import misquote_in


def justin() -> Material:
    played = material(persona={"name": "Justin Marlow"})
    return played.model_copy(update={"slots": {**SLOTS, "customer": "Justin Marlow", "agent": "Justina"}})


def wrong_name(reply: str) -> str | None:
    """The name that is put right, if one is."""
    there = justin()
    found = misquote_in(reply, Call(there).session, there)
    return found.said if found else None


@pytest.mark.parametrize(
    "reply",
    [
        "Just give me a moment.",
        "I'm sorry. Just a second.",
        "just checking your order now",
        "I Just Want To Help",
        'He said: "Just wait there."',
        "Just, hold on.",
        "JUST WAIT PLEASE",
        "Market prices change daily.",
        "Thank you, Justin.",
        "Justina told you that, I can see it here.",
        "My name is Justino, how can I help?",
        "You're through to Justine in billing.",
        "This is Marlon speaking.",
    ],
)
def test_a_word_that_looks_like_a_name_is_not_put_right(reply: str) -> None:
    assert wrong_name(reply) is None


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("Thank you, Justine.", "Justine"),
        ("Justyn, I'm on it now.", "Justyn"),
        ("Am I speaking to Justan?", "Justan"),
        ("I have you down as Justin Marlowe.", "Marlowe"),
        ("thanks mr marlowe", "marlowe"),
        ("Hello Ms. Marlaw, I've read it all.", "Marlaw"),
    ],
)
def test_a_wrong_name_is_put_right_where_somebody_is_called_by_it(reply: str, said: str) -> None:
    assert wrong_name(reply) == said


@pytest.mark.parametrize("persona", ["Marketa Winter", "Grace Willis", "Will Turner", "Hope Pleasant"])
def test_everyday_words_at_the_beginning_of_a_sentence_name_nobody(persona: str) -> None:
    there = material(persona={"name": persona}, slots={})
    there = there.model_copy(update={"slots": {**SLOTS, "customer": persona}})
    session = Call(there).session
    for reply in ("Market it is.", "Great. Wait a moment.", "Well, I hope so.", "Please turn it off.", "Hopes up!"):
        assert misquote_in(reply, session, there) is None, reply


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("You were quoted 428 for each seat.", "428"),
        ("Your log shows you were quoted 412 for each seat.", None),
        ("I'd like to put 100 pounds on your account for each seat.", None),
        ("You get each of them 120 days from now.", None),
        ("You were quoted 389 for each seat.", "389"),
    ],
)
def test_a_number_is_put_right_where_a_fact_is_told_back_and_no_note_has_it(reply: str, said: str | None) -> None:
    briefing = {"role": "-", "history": ["The log shows 412 at noon."], "policy": ["A fare may be honoured."]}
    facts = [{"id": "quoted", "text": "was quoted {fare} pounds for each of four seats", "asked": ["quoted"]}]
    there = material(briefing=briefing, facts=facts)
    found = misquote_in(reply, Call(there).session, there)
    assert (found.said if found else None) == said
