"""What the customer would tell by now, and what the trainee asked about and promised. Apart from the director, because
the rater, the bank and the prompt need the same answers."""

import re
from collections.abc import Iterator

from simulator.content.material import Material
from simulator.content.schema import Condition, Fact
from simulator.customer.conditions import Standing, holds
from simulator.customer.hearing import contains, how_well_asked, plain, questions, sentences
from simulator.customer.proposals import puts_forward
from simulator.events import PromiseMade
from simulator.session import Session

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
    asked = [(fact, how_well_asked(question, topics(fact, material))) for fact in material.scenario.facts]
    best = max((well for _, well in asked), default=(0.0, 0))
    return [fact for fact, well in asked if well == best and well > (0.0, 0)]


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
_STARTS = r"(?:(?:i|we|you|it|that)(?:'ll|'m|'re|'ve|'s| will| am| are| have| can| is)|let me)\b"
_PART_END = re.compile(r"\s*(?:;|:(?=\s)|\s[-\u2013]\s|\u2014|,?\s+but\b|,?\s+and\s+(?=if\b))\s*")
_CLAUSE_END = re.compile(rf"\s*(?:,\s+(?:and|so|then)\b|\s+and\s+(?={_STARTS})|,\s*(?={_STARTS}))\s*")
_NEGATED = re.compile(
    r"n't\b|\b(?:not|never|no longer|cannot|cant|wont|unable|without|refuse|impossible|nobody|no one|no way|neither|nor"
    r"|against)\b"
)
_NOT_NEGATED = re.compile(
    r"\b(?:not only|no problem|not a problem|no matter|no need to worry|don't worry|without fail)\b"
)
_SUBORDINATE = re.compile(r"\s(?:that|which|who|because|so|in case|incase)\s", re.I)
_UNSURE = re.compile(
    r"\b(?:could|might|may|would have|maybe|perhaps|possibly|try|trying|hope|hoping|hopefully|doubt|whether|wish"
    r"|consider|see about|ask|asking|wondering|not sure|if i could|in theory|normally|usually)\b"
    r"|\b(?:i|we)(?:'d| would)(?! (?:be )?(?:happy|glad|like to))"
)
_CONDITION = re.compile(r"\b(?:if|unless|should you|provided|as long as|once|only when|suppose|supposing)\b(.*)")
_IF_WANTED = re.compile(
    r"\b(?:would|do) you (?:like|want) (?:that|this|it|me to)\b"
    r"|\b(?:shall i|would that help|is that (?:ok|okay|all right))\W*$"
)
"""Turns the promise before it into a proposal."""
_SAFETY_NET = re.compile(
    r"n't\b|\b(?:cut|drops?|dropped|disconnected|lose|lost|late|wrong|not|nothing|anything|anyone|needs?|worse|fails?)\b"
)
_COMMITS = re.compile(
    r"'ll\b|\bwill\b|\b(?:i|we) can(?! (?:see|hear|understand|imagine|tell|appreciate))\b"
    r"|\b(?:i'm|i am|we're|we are) (?:now |just |also |already )*(?!sorry|afraid|glad|aware|looking|checking)\w+"
    r"|\b(?:i've|i have|we've|we have) (?:now |just |also |already )*\w+"
    r"|\b(?:let me|i promise|i guarantee|my word|consider it|i do promise)\b"
    r"|\byou(?:'re| are| get| keep| pay| only pay)\b|\b(?:is|are|it's|that's) (?:now |all |both |already )*"
    r"(?:confirmed|booked|approved|held|locked|yours|done|agreed|sorted|honou?red|going to be)\b|\bstays?\b"
    r"|^(?:yes|ok|okay|right|sure|absolutely|of course|certainly|done|agreed|deal)\b"
    r"|\b(?:done|confirmed|agreed|booked|arranged|approved|sorted)$"
    r"|\b(?:is|are|it's|they're) (?:now |all |both |already |back )*(?:at|to|on|off)\b"
)
_REPORTED = re.compile(
    r"\byou(?:'ve| have|'d| had)? (?:been |also )?(?:were|was|ask(?:ed|ing)?|wanted?|said|told|quoted|mentioned)\b"
    r"|\byou(?:'ll| will| would)? (?:want|need|like|hope|expect)\b|\bthey (?:said|told|promised)\b"
)
_OWN_VERB = re.compile(
    r"\b(?!during|morning|evening|nothing|anything|writing)[a-z]{2,}ing\b|\b(?:is|are|has|will|won't)\b|'(?:ll|m|s|re)\b"
)
_PROPOSES = re.compile(
    r"^(?:(?:and|so|or|well|ok|okay|all right|right|now)\W+)*(?:(?:shall|should|can|could|may) (?:i|we)"
    r"|(?:do you want|would you like|want) (?:me|us) to)\b"
)
_DONE = re.compile(
    r"^(?:(?:ok|okay|right|yes|there|there you go|and)\W+)*(?:(?:that|it|this)(?:'s| is| has been)? |all )?"
    r"(?:now |all |already )*(?:done|sorted|booked|changed|in place|gone through)\b"
    r"|\b(?:i've|i have|i'm|i am) (?:just |now |already )*(?:done|doing) (?:it|that|so)\b|^doing (?:it|that) now\b"
)
"""Says that what was proposed a moment ago is done."""
_ASKS_FIRST = re.compile(
    r"^(?:(?:and|so|or|well|ok|okay|right|now) )*(?:shall|should|would|could|can|do|does|did|is|are|was|were|have|has"
    r"|will|what|why|how|when|where|who|which|you)\b"
)


def promises_in(reply: str, material: Material, before: str = "") -> tuple[PromiseMade, ...]:
    """Promises of the scenario that the reply makes, each once, quoted with the clause that makes it.

    What is negated, only possible, asked, conditional ("if the log shows it") or retold ("you were quoted") is no
    promise; a safety net ("if the line drops") is one, and so is the word that a proposal has been carried out. What
    policy forbids is also made by a question that offers, advises or requests it.

    Args:
        reply: The trainee's words.
        material: Whose promises are listened for.
        before: The trainee's last words before these ("Shall I put the fare back?", and then "Done.").
    """
    clauses, proposed = tuple(_clauses(reply)), _proposals(before)
    made = []
    for name, promise in material.scenario.promises.items():
        phrases = [material.fill(phrase) for phrase in promise.words]
        made_in = (part for part in clauses if any(_promises(part, phrase, promise.forbidden) for phrase in phrases))
        quote = next(made_in, None)
        if quote is None and any(contains(proposal, phrase) for proposal in proposed for phrase in phrases):
            quote = next((part for part in clauses if _carried_out(part)), None)
        if quote is not None:
            made.append(PromiseMade(promise=name, quote=quote))
    return tuple(made)


def _proposals(reply: str) -> tuple[str, ...]:
    return tuple(clause for clause in _clauses(reply) if _asks(clause) and _PROPOSES.match(plain(clause)))


def _carried_out(clause: str) -> bool:
    return bool(_DONE.search(plain(clause))) and not _is_negative(clause) and not _asks(clause)


def promises_denied(reply: str, material: Material) -> tuple[PromiseMade, ...]:
    """Promises of the scenario that the reply refuses ("I can't honour it"), quoted with the clause that does."""
    denied = []
    for name, promise in material.scenario.promises.items():
        phrases = [material.fill(phrase) for phrase in promise.words]
        for clause in _clauses(reply):
            if any(contains(clause, phrase) and _negated(clause, phrase) for phrase in phrases):
                denied.append(PromiseMade(promise=name, quote=clause))
                break
    return tuple(denied)


def _clauses(reply: str) -> Iterator[str]:
    """Parts of sentences that promise or deny by themselves, verbatim; a condition stays with what it conditions."""
    for sentence in sentences(reply):
        for part in _split(sentence, _PART_END):
            yield from (part,) if _is_conditional(plain(part)) else _split(part, _CLAUSE_END)


def _split(text: str, ends: re.Pattern[str]) -> Iterator[str]:
    start = 0
    for end in (*ends.finditer(plain(text)), None):
        piece = text[start : end.start() if end else len(text)].strip(" ,")
        if piece:
            yield piece
        start = end.end() if end else start


def _promises(clause: str, phrase: str, forbidden: bool) -> bool:
    """Whether a clause makes a promise. Forbidden advice is made by saying it, softly or in a question too."""
    if not contains(clause, phrase):
        return False
    if _asks(clause):
        return forbidden and puts_forward(clause, phrase)
    if _negated(clause, phrase):
        return False
    return forbidden or (_commits(clause, phrase) and not _only_perhaps(clause, phrase) and not _retold(clause, phrase))


def _commits(clause: str, phrase: str) -> bool:
    """A phrase with its own verb says enough; "same fare" needs an "I'll" or a "confirmed" beside it."""
    return bool(_OWN_VERB.search(plain(phrase)) or _COMMITS.search(plain(clause).rstrip(".! ")))


def _negated(clause: str, phrase: str) -> bool:
    """Whether a clause takes the phrase back. What follows in a clause of its own ("that the row was never scanned")
    does not."""
    main = _SUBORDINATE.split(clause, maxsplit=1)[0]
    return _is_negative(main if contains(main, phrase) else clause) and not _is_negative(phrase)


def _is_negative(text: str) -> bool:
    return bool(_NEGATED.search(_NOT_NEGATED.sub(" ", plain(text))))


def _only_perhaps(clause: str, phrase: str) -> bool:
    if _is_conditional(plain(clause)) or _IF_WANTED.search(plain(clause)):
        return True
    return bool(_UNSURE.search(plain(clause)) and not _UNSURE.search(plain(phrase)))


def _retold(clause: str, phrase: str) -> bool:
    return any(contains(clause[found.end() :], phrase) for found in _REPORTED.finditer(plain(clause)))


def _asks(clause: str) -> bool:
    return clause.rstrip("\"' )").endswith("?") and bool(_ASKS_FIRST.match(plain(clause)))


def _is_conditional(heard: str) -> bool:
    return any(not _SAFETY_NET.search(found.group(1)[:60]) for found in _CONDITION.finditer(heard))
