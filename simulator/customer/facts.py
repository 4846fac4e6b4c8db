"""What the customer would tell by now, and what the trainee asked about. Apart from the director, because the rater,
the bank and the prompt need the same answers."""

import re
from collections.abc import Iterator

from simulator.content.material import Material
from simulator.content.schema import Condition, Fact
from simulator.customer.conditions import Standing, holds
from simulator.customer.hearing import NUMBER_WORDS, how_well_asked, plain, questions
from simulator.session import Session

_COUNTED = rf"\d|\b(?:{'|'.join(NUMBER_WORDS)}|dozen|half|none|no|both|pair|couple|few|once|twice)\b"
_KINDS = (
    (
        re.compile(r"\b(?:what|which) time\b"),
        re.compile(
            rf"{_COUNTED}|\b(?:noon|midnight|quarter|morning|evening|night|afternoon|dawn|breakfast|lunch|dinner)\b"
        ),
    ),
    (re.compile(r"\bhow many\b"), re.compile(_COUNTED)),
)
"""Questions that only some facts can answer, and what such facts tell."""
_CHOOSES = re.compile(r"\b(?:or|prefer|rather|which)\b")
CONFIRMING = "yes, that is right"
"""How a plan begins that confirms what the trainee checked, whatever facts it goes on to tell."""


def open_facts(session: Session, material: Material) -> tuple[Fact, ...]:
    """Facts the customer would tell: never locked, or unlocked so far. In the scenario's order."""
    unlocked = session.unlocked
    return tuple(fact for fact in material.scenario.facts if fact.unlock is None or fact.id in unlocked)


def locked_facts(session: Session, material: Material) -> tuple[Fact, ...]:
    """Facts that must not be heard or prompted yet."""
    unlocked = session.unlocked
    return tuple(fact for fact in material.scenario.facts if fact.unlock is not None and fact.id not in unlocked)


def unlocked_now(session: Session, material: Material) -> tuple[str, ...]:
    """Ids of the facts that this turn unlocks. They do not unlock each other before the next turn."""
    standing = Standing.of(session, material)
    return tuple(
        fact.id for fact in locked_facts(session, material) if fact.unlock is not None and holds(fact.unlock, standing)
    )


_NAME_OF_ANOTHER = re.compile(
    r"\b(?:his|her|their|its|'s) (?:first |last |full |sur)?name\b|(?<!your )(?<!last )(?<!full )\bnames\b"
)
_OWN_NAME = re.compile(r"\byour (?:first |last |full |sur)?name\b")


def asked_about(reply: str, material: Material) -> tuple[Fact, ...]:
    """Facts, locked or not, that the questions and requests of the reply are about, in the scenario's order.

    Each part of a question ("your name, and the reference?") is about the facts whose topics it mentions best. Where no
    part names any, the whole counts, and then the sentence before it ("You rang this morning. Who was it?").
    """
    asked = {fact.id for own, about in questions(reply) for fact in _asked_in(own, about, material)}
    return tuple(fact for fact in material.scenario.facts if fact.id in asked)


def settles_choice(fact: Fact, question: str, material: Material) -> bool:
    """Whether a fact is asked for by the alternatives of a question ("money back or", "rather have"), and not by a word
    that they happen to have.
    """
    topics = (material.fill(topic) for topic in fact.asked if _CHOOSES.search(topic))
    return how_well_asked(question, list(topics))[1] > 0


def _asked_in(question: str, about: str, material: Material) -> list[Fact]:
    parts = [fact for part in _QUESTION_PARTS.split(question) for fact in _best(part, material)]
    return parts or _best(question, material) or _best(about, material)


def _best(question: str, material: Material) -> list[Fact]:
    """The facts whose topics a question mentions best; none if it mentions none."""
    able = [fact for fact in material.scenario.facts if _answers_kind(question, fact, material)]
    asked = [(fact, how_well_asked(question, topics(fact, material))) for fact in able]
    best = max((well for _, well in asked), default=(0.0, 0))
    return [fact for fact, well in asked if well == best and well > (0.0, 0)]


def _answers_kind(question: str, fact: Fact, material: Material) -> bool:
    """False for a fact without a time, if what time is asked, for one without a number, if how many, and for the
    caller's own name, if somebody else's is; unless it is written for such a question."""
    heard, told = plain(question), plain(material.fill(fact.text))
    meant_for = " ".join(map(plain, topics(fact, material)))
    if _NAME_OF_ANOTHER.search(heard) and _OWN_NAME.search(meant_for) and not _NAME_OF_ANOTHER.search(meant_for):
        return False
    return all(tells.search(told) or asks.search(meant_for) for asks, tells in _KINDS if asks.search(heard))


def topics(fact: Fact, material: Material) -> tuple[str, ...]:
    """What a question about the fact mentions: its own topics, and those that unlock it, filled."""
    named = (*fact.asked, *(_topics_of(fact.unlock) if fact.unlock else ()))
    return tuple(material.fill(topic) for topic in named)


def _topics_of(condition: Condition) -> Iterator[str]:
    yield from condition.asked or ()
    for part in (*(condition.any or ()), *(condition.all or ())):
        yield from _topics_of(part)


_SUBJECTLESS = {"was": "I was", "is": "I am", "has": "I have", "had": "I had", "does": "I do", "did": "I did"} | {
    word: f"I {word}" for word in ("cannot", "can't", "could", "couldn't", "didn't", "will", "won't", "would", "never")
}
_SAYS = frozenset(
    "needs wants lives works takes keeps knows thinks feels pays cares sees travels reads gets sends rings".split()
)
_PAST = frozenset("told went spoke saw got rang flew wrote took gave paid kept put".split())


def first_person(text: str) -> str:
    """A fact as the customer would plan to say it: "was quoted 398" becomes "I was quoted 398"."""
    first, _, rest = text.partition(" ")
    if first in _SUBJECTLESS:
        return f"{_SUBJECTLESS[first]} {rest}"
    if first in _SAYS:
        return f"I {first.removesuffix('s')} {rest}"
    return f"I {text}" if first in _PAST or re.fullmatch(r"[a-z]{3,}(?:ed|ies)", first) else text


def told_in(plan: str, material: Material) -> frozenset[str]:
    """Ids of the facts that a plan is to tell."""
    facts = material.scenario.facts
    return frozenset(fact.id for fact in facts if first_person(material.fill(fact.text)) in plan)


_QUESTION_PARTS = re.compile(r"\s*(?:[,;]|\band\b|\bor\b)\s*", re.I)
