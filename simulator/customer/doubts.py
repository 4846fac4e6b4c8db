"""What a customer cannot take at its word: what policy forbids, and gifts and feats that are too good to be true.

Apart, because the ledger takes no comfort from these words and the director has them questioned: both must doubt the
same ones. Known by words: sums of money nobody in the scenario has named, things for nothing or for life, feats that
nobody at a desk can do, and times far shorter than policy's (`haste`). What the trainee's policy grants is not doubted;
a marvel in other words is believed.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from simulator.content.material import Material
from simulator.customer.figures import numbers_in
from simulator.customer.haste import too_soon
from simulator.customer.hearing import plain, sentences
from simulator.events import PromiseMade
from simulator.session import Turn
from simulator.vocabulary import Signal

_SUM = re.compile(
    r"[\u00a3$\u20ac] ?\d[\d,.]*|(?:\b[\w,.-]+ ){1,4}?(?:pounds?|quid|euros?|dollars?)\b|\b\d{1,3}(?:,\d{3})+\b"
)
_GIVES = re.compile(
    r"\b(?:giv(?:e|es|ing|en)|gets?|getting|pay(?:s|ing)?(?= (?:you|out|back|it|that|them|all)\b)|put(?:ting)?"
    r"|send(?:ing)?|sent|offer(?:s|ing|ed)?|receiv\w+|you (?:can |will |shall |may )?(?:all )?have|compensat\w+"
    r"|refund\w*|credit(?:ed|ing)|yours)\b"
)
_GIFT = (
    r"(?:upgrades?|flights?|seats?|tickets?|trips?|holidays?|hotels?|stays?|meals?|travel|gas|electricity|energy|power"
    r"|insulin|pens?|suppl(?:y|ies)|medicine)"
)
_FOR_NOTHING = re.compile(
    rf"\b(?:{_GIFT}|all|everything|fly|whole \w+)\b.{{0,30}}\bfor free\b"
    rf"|(?<!feel )\bfree (?:\w+ )?{_GIFT}\b"
    rf"|\b(?:{_GIFT}|all|everything)(?:'s| is| are| will be)? (?:completely |all )?free\b"
    rf"|\b(?:{_GIFT}|everything|all of it)(?: is| are|'s)?,? (?:on us|on the house)\b"
)
_FOR_EVER = re.compile(
    r"\bfor (?:life|ever)\b|\bforever\b|\b(?:rest|end) of (?:your|the|my) (?:life|lives|days|years?)\b"
    r"|\bnever (?:have to |need to )*(?:pay|get|see|receive)\b.*\b(?:again|any ?more|bills?)\b"
    r"|\b(?:ten|twenty|fifty|a hundred|\d\d+) years(?:'| of| worth)"
)
_GRAND = re.compile(
    r"\bbusiness class\b|\b(?:in|to|into) first class\b|\bfirst class (?:seats?|tickets?|flights?|cabin)\b"
    r"|\b(?:private|company) (?:jet|plane)\b|\bhelicopters?\b|\blimousines?\b|\bmillions?\b|\blottery\b"
    r"|\b(?:the|our) (?:ceo|chief executive|president|prime minister)\b"
)
_IN_PERSON = re.compile(
    r"\b(?:driv(?:e|ing)|br(?:ing(?:ing)?)|carry(?:ing)?|deliver(?:ing)?|walk(?:ing)?|run(?:ning)?) .{0,25}"
    r"\b(?:over|round|across|down|to you|to your \w+)\b.{0,12}\b(?:myself|personally|in person)\b"
    r"|\b(?:i'll|i will|i'm|i am|i've|i have|i can) (?:just |now |already |personally |be )*"
    r"(?:come|coming|pop|popping|driv\w+) (?:it |them |that )?"
    r"(?:over|round|by|to (?:you|your|the) (?:house|home|door|flat|place|street))\b"
)
_THERE_ALREADY = re.compile(
    r"\b(?:i've|i have|we've|we have) (?:already |just |now )*delivered\b"
    r"|\b(?:dropped|posted|put|left|pushed) (?:it|them|that|one) (?:through|in|at|on|by|under) your"
    r" (?:\w+ )?(?:door|letter ?box|mat|step)"
    r"|\b(?:handed|delivered) to you (?:already|now)\b"
    r"|\b(?:it's|it is|they're|they are) (?:already |now |right |all )*"
    r"(?:in your (?:letter ?box|hands?|fridge|kitchen|hall)|on (?:your|the) (?:mat|doorstep|step))\b"
)
_BY_FAVOUR = re.compile(
    r"\bmy treat\b|\bchampagne\b|\ba present of\b"
    r"|\b(?:wip\w+|clear\w*|writ\w+) (?:out |off )?all (?:of )?your (?:bills?|debts?)\b"
    r"|\bmy (?:mate|friend|cousin|brother|sister|husband|wife|neighbour)\b"
    r".{0,40}\b(?:bring|drive|deliver|be with you|come round)\b"
)
_MARVELS = (_BY_FAVOUR, _FOR_NOTHING, _FOR_EVER, _GRAND, _IN_PERSON, _THERE_ALREADY)

_NOT_CLAIMED = re.compile(
    r"n't\b|\b(?:not|cannot|unable|without|if|unless|wish|until|till|when|once|whether|hear|see|sure|check)\b"
    r"|\byou (?:want|asked)\b"
)
_COMFORTS = re.compile(r"\b(?:don't worry|do not worry|not only|if you (?:like|want)|when you)\b")
_FORBIDS = re.compile(r"\b(?:not|never|no longer|nobody|cannot)\b|n't\b")


def doubted(turn: Turn, material: Material) -> tuple[str, ...]:
    """The trainee's words that the customer does not take as they stand, verbatim; empty for most replies."""
    made = turn.reading.promises if turn.reading else ()
    return tuple(dict.fromkeys((*_forbidden(made, material), *too_good(turn.reply or "", material))))


def _forbidden(made: tuple[PromiseMade, ...], material: Material) -> Iterator[str]:
    known = material.scenario.promises
    return (one.quote for one in made if one.promise in known and known[one.promise].forbidden)


def too_good(reply: str, material: Material) -> tuple[str, ...]:
    """Sentences of a reply that claim or promise more than anyone in this scenario can give."""
    claims = [sentence for sentence in sentences(reply) if not sentence.endswith("?")]
    hasty = frozenset(sentence for sentence in too_soon(reply, material) if _is_claimed(plain(sentence)))
    return tuple(claim for claim in claims if claim in hasty or _is_marvel(plain(claim), material))


def is_doubted(signal: Signal | None, reply: str, doubts: tuple[str, ...]) -> bool:
    """Whether the words behind a signal are doubted, or stand in one sentence with doubted ones."""
    if signal is None or signal.span is None or not doubts:
        return False
    quote = signal.span.quote
    around = [sentence for sentence in sentences(reply) if any(words in sentence for words in doubts)]
    return any(quote in text or text in quote for text in (*around, *doubts))


def _is_marvel(heard: str, material: Material) -> bool:
    found = (pattern.search(heard) for pattern in _MARVELS)
    marvels = [match.group() for match in found if match and _is_claimed(heard[: match.start()])]
    return any(not _granted(marvel, material) for marvel in marvels) or _is_unheard_of(heard, material)


def _is_claimed(before: str) -> bool:
    """Whether what follows these words of a sentence is said outright, and not ruled out or only thought of."""
    return not _NOT_CLAIMED.search(_COMFORTS.sub(" ", before))


def _granted(marvel: str, material: Material) -> bool:
    """Whether policy allows it in so many words, or, where it is something for nothing, speaks of no cost."""
    allowed = [rule for rule in _policy(material) if not _FORBIDS.search(rule)]
    for_nothing = _FOR_NOTHING.search(marvel) is not None
    return any(marvel in rule or (for_nothing and "no cost" in rule) for rule in allowed)


def _is_unheard_of(heard: str, material: Material) -> bool:
    """Whether the sentence gives money that no text of the scenario names, and more of it than policy allows."""
    gives = _GIVES.search(heard)
    sums = _sums(heard) if gives and _is_claimed(heard[: gives.start()]) else ()
    if not sums:
        return False
    known = _known_figures(_texts(material))
    return any(number not in known and float(number) > _ceiling(_policy(material)) for number in sums)


def _sums(text: str) -> tuple[str, ...]:
    """Amounts of money, as digits: the last number of each mention ("four seats at 398 pounds")."""
    mentions = (numbers_in(found.group()) for found in _SUM.finditer(text))
    return tuple(numbers[-1] for numbers in mentions if numbers and re.fullmatch(r"\d+(?:\.\d+)?", numbers[-1]))


def _policy(material: Material) -> tuple[str, ...]:
    rules = (material.fill(rule) for rule in material.scenario.briefing.policy)
    return tuple(plain(sentence) for rule in rules for sentence in sentences(rule))


def _texts(material: Material) -> tuple[str, ...]:
    scenario = material.scenario
    facts = (fact.text for fact in scenario.facts)
    authored = (scenario.situation, scenario.wants, *scenario.briefing.history, *scenario.briefing.policy, *facts)
    return (*(material.fill(text) for text in authored), *material.slots.values())


@lru_cache(maxsize=16)
def _known_figures(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(number for text in texts for number in numbers_in(text))


@lru_cache(maxsize=16)
def _ceiling(policy: tuple[str, ...]) -> float:
    """The largest sum that policy lets the trainee give; 0 where it names none."""
    allowed = (rule for rule in policy if not _FORBIDS.search(rule))
    return max((float(number) for rule in allowed for number in _sums(rule)), default=0.0)
