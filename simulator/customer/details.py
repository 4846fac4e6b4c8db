"""Numbers, dates and names: which ones are in the open in this call, and which the trainee got wrong. Apart, because
the director corrects with it and the guard refuses with it."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from simulator.content.casting import slots_in
from simulator.content.material import Material
from simulator.content.schema import Fact
from simulator.customer.facts import locked_facts, open_facts
from simulator.customer.figures import numbers_in
from simulator.customer.hearing import GRAMMAR, NUMBER_WORDS, content_stems, plain, sentences
from simulator.session import Session
from simulator.vocabulary import Value

__all__ = ["Misquote", "known_text", "misquote_in", "names_in", "numbers_in"]

CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december".split()
)
"""Days and months; May is left out, because it is also a verb."""

_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w{5,}\b|\b\d{4,}\b")
_CAPITALISED = re.compile(r"(?<![.!?\u2026:\"'\u201c\u201d\u2019]\s)(?<=\s)[A-Z][a-z\u00df-\u00ff]{2,}(?:'s)?\b")
_NAME = r"([A-Z\u00c0-\u00de][\w\u00df-\u00ff-]{3,})\b"
_CAPITAL_WITHIN = re.compile(rf"(?<=[\w,;)] ){_NAME}")
_AFTER_TITLE = re.compile(r"\b(?i:mr|mrs|ms|miss|mx|dr)\.? (\w[\w-]{3,})\b")
_ADDRESSED = re.compile(rf"^{_NAME}(?=[,!?.\u2026]|$)")
_OWN_NAME = re.compile(
    r"\b(?i:my name(?:'s| is)|i'm|i am|this is|(?:you're|you are) (?:now )?(?:through|speaking|talking) (?:to|with))"
    rf" {_NAME}"
)
"""Where whoever speaks says who they are."""
_OPENERS = frozenset(
    "well look listen right alright great sure good fine true fair lovely perfect actually honestly understood "
    "absolutely certainly exactly indeed really still first next today tonight tomorrow done agreed wait whatever here "
    "there".split()
)
"""Words that stand where a name may stand, before a comma at the beginning of a sentence."""
_OFFERS = re.compile(
    r"'ll\b|\b(?:i'd (?:like|love)|will|can|could|would|should|may|might|shall|let me|offer|give|send|up to)\b"
    r"|\b(?:i'm|we're|i am|we are)\b"
    r"|\b(?:i've|i have|we've|we have) (?:now |just |also |already )*"
    r"(?:waived|taken|put|given|added|credited|booked|sent|made|set|refunded|cancelled|knocked)\b"
)
_RETELLS = re.compile(r"(?<!for )(?<!to )\b(?:you|your|you're|you've)\b")
_TIME_OR_SHARE = re.compile(
    r"\b[\w-]+ ?(?:more |or so )?(?:%|(?:per ?cent|minutes?|mins?|seconds?|secs?|hours?|days?|o'clock|am|pm)\b)"
)


_UNIT = r"(?:pounds?|quid|years?|weeks?|months?|days?|pens?|letters?|bills?|nights?|seats?|times?)"


class Misquote(Value):
    """A detail the trainee gave back wrongly."""

    said: str
    """As the trainee said it."""
    right: str
    """As it is."""
    fact: str | None = None
    """Id of the open fact it belongs to, if it belongs to one."""


def known_text(session: Session, material: Material) -> str:
    """What is in the open: scenario text, who the customer is, and what was said so far.

    Neither locked facts nor the trainee's briefing are in it, nor lines of the bank that give a fact away.
    """
    scenario, persona = material.scenario, material.persona
    authored = (
        scenario.situation,
        scenario.wants,
        *(fact.text for fact in open_facts(session, material)),
        *(event.say for event in scenario.events if event.id in session.fired),
        *(line.text for line in scenario.opening if not line.needs and line.when is None),
        persona.name,
    )
    filled = [material.fill(text) for text in authored]
    said = [utterance.text for utterance in session.utterances]
    return "\n".join([*filled, *said, *_open_slots(session, material)])


def _open_slots(session: Session, material: Material) -> Iterator[str]:
    """Slot values, without those that only a locked fact mentions."""
    hidden = {slot for fact in locked_facts(session, material) for slot in slots_in(fact.text)}
    shown = {slot for fact in open_facts(session, material) for slot in slots_in(fact.text)}
    return (value for slot, value in material.slots.items() if slot not in hidden - shown)


def names_in(text: str) -> tuple[str, ...]:
    """Capitalised words within a sentence: names, as far as one can tell without knowing them."""
    found = (match.group() for match in _CAPITALISED.finditer(text))
    return tuple(word for word in found if plain(word).removesuffix("'s") not in _NO_NAMES)


_NO_NAMES = CALENDAR | frozenset(
    "god christ jesus lord heaven hell english british american okay hello yes no please thank thanks sorry sir madam "
    "miss mister mum dad mam may not and but you the".split()
)


def misquote_in(reply: str, session: Session, material: Material) -> Misquote | None:
    """The first detail the trainee gives back wrongly: a number of an open fact, a code, or the customer's name.

    A number is wrong if nobody has said it and no note has it, and it either stands where a fact is told back ("you
    were quoted 420"), of the same kind as the fact's, or has the digits of a known one in another order. Offers and
    durations are left alone.
    """
    briefing = material.scenario.briefing
    notes = "\n".join(map(material.fill, (*briefing.history, *briefing.policy)))
    known = frozenset((*numbers_in(known_text(session, material)), *numbers_in(notes)))
    facts = open_facts(session, material)
    wrong = (
        found
        for sentence in sentences(reply)
        for found in (_wrong_number(sentence, known, facts, material), _wrong_word(sentence, material))
        if found
    )
    return next(wrong, None)


def _wrong_number(sentence: str, known: frozenset[str], facts: Iterable[Fact], material: Material) -> Misquote | None:
    said = numbers_in(_TIME_OR_SHARE.sub(" ", plain(sentence)))
    for number in (number for number in said if number not in known and not number.startswith("0")):
        for fact in facts:
            text = material.fill(fact.text)
            for right in numbers_in(text):
                if _swapped(number, right) or (
                    _alike(number, right) and _same_kind(sentence, number, text, right) and _tells_back(sentence, text)
                ):
                    return Misquote(said=number, right=right, fact=fact.id)
    return None


def _swapped(number: str, right: str) -> bool:
    return len(number) >= 3 and number != right and sorted(number) == sorted(right)


def _alike(number: str, right: str) -> bool:
    """Amounts of the same size; counts below ten are too common to be sure."""
    return len(number) == len(right) >= 2


def _same_kind(sentence: str, number: str, fact: str, right: str) -> bool:
    """False where both are amounts of something, and not of the same: 31 pounds and 19 years."""
    said, meant = _unit(sentence, number), _unit(fact, right)
    return not (said and meant) or said == meant


def _unit(text: str, number: str) -> str:
    said = "|".join((re.escape(number), *(word for word, value in NUMBER_WORDS.items() if str(value) == number)))
    found = re.search(rf"\b(?:{said}) ({_UNIT})\b", plain(text))
    return found.group(1).removesuffix("s") if found else ""


def _tells_back(sentence: str, fact: str) -> bool:
    heard = plain(sentence)
    shared = {stem for stem in content_stems(sentence) & content_stems(fact) if not stem[0].isdigit()}
    return bool(shared and _RETELLS.search(heard)) and not _OFFERS.search(heard)


def _wrong_word(sentence: str, material: Material) -> Misquote | None:
    """A name or code that is nearly, but not quite, one of this call."""
    names = material.slots.get("customer", material.persona.name).split()
    codes = [code for value in material.slots.values() for code in _CODE.findall(value)]
    known = {plain(word) for text in (*names, *material.slots.values()) for word in re.findall(r"\w+", text)}
    for said, right in [
        *((said, right) for said in _called(sentence) for right in names if plain(said)[0] == plain(right)[0]),
        *((said, right) for said in _CODE.findall(sentence) for right in codes),
    ]:
        if plain(said) not in known and SequenceMatcher(None, plain(said), plain(right)).ratio() >= 0.75:
            return Misquote(said=said, right=right)
    return None


def _called(sentence: str) -> Iterator[str]:
    """What somebody else than the speaker may be called by: a capital in mid-sentence, a title, or an address.

    A capital at the beginning of a sentence or a quotation names nobody by itself, and a word of grammar never does.
    """
    own = {found.start(1) for found in _OWN_NAME.finditer(sentence)}
    for pattern in (_CAPITAL_WITHIN, _AFTER_TITLE, _ADDRESSED):
        for found in pattern.finditer(sentence):
            said = found.group(1)
            if found.start(1) not in own and plain(said) not in GRAMMAR | _NO_NAMES | _OPENERS:
                yield said
