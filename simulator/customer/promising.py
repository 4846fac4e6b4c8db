"""Which promises of the scenario a reply makes, and which it refuses. Apart from the facts, because what makes a
promise is a question of language: its clause, its verb, and what "it" stands for."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from simulator.content.material import Material
from simulator.customer.hearing import GRAMMAR, contains, plain, sentences, stem, stems, words
from simulator.customer.proposals import puts_forward
from simulator.events import PromiseMade

_STARTS = r"(?:(?:i|we|you|it|that)(?:'ll|'m|'re|'ve|'s| will| am| are| have| can| is)|let me)\b"
_PART_END = re.compile(r"\s*(?:;|:(?=\s)|\s[-\u2013]\s|\u2014|,?\s+but\b|,?\s+and\s+(?=if\b))\s*")
_CLAUSE_END = re.compile(rf"\s*(?:,\s+(?:and|so|then)\b|\s+and\s+(?={_STARTS})|,\s*(?={_STARTS}))\s*")
_NEGATED = re.compile(
    r"n't\b|\b(?:not|never|no longer|cannot|cant|wont|unable|without|refuse|impossible|nobody|no one|no way|neither|nor"
    r"|against)\b"
)
_CONTRAST = re.compile(r"(?:,\s*|\s+and\s+)not (?:(?:the|a|on|in|at|by) )?\w+(?: \w+)?\W*$")
"""What a clause sets itself off from: "today, and not tonight"."""
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
_NO = re.compile(r"\bno (?=\w)(?!longer|problem|matter|need|doubt|later)")
_LETS_CHOOSE = re.compile(
    r"\bwhich (?:do|would|one|of)\b|\byour choice\b|\bup to you\b|\byou choose\b|\bwould you (?:rather|prefer)\b"
)
_EITHER_OR = re.compile(r"\bor\b")
_OWN_WORD = re.compile(r"\bi (?:said|told you|promised)(?: (?:that|you))* (?:i|we|you|it)(?:'d| would)\b")
"""Speaks of what was said before."""
_OR_ELSE = re.compile(r"^(?:or\b|either\b|one way is\b|the other (?:way|choice|one) is\b)")
"""Opens one of two things that the customer may choose from."""
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
_DOES_THAT = re.compile(r"\b(?:do|want|have|like) (?:that|it|this)\b|\bgo ahead\b")
_STANDS_FOR = re.compile(
    r"\b(?:it|that|this|them|both|those|these|all of it|him|her|he|she)\b"
    r"(?!(?:'s| is| was) (?:the|a|an|what|how|why|not|right|true|fair)\b)"
)
_NO_THING = frozenset("off on up out down in back away now".split())
"""Words that no "it" stands for."""
_PASSIVE = re.compile(r"\b(?:is|are|has been|have been|will be|gets?|goes)\b|'re\b")
_SEES = re.compile(r"\b(?:i|we) (?:can )?(?:see|saw|understand|hear)\b|\bit (?:says|shows)\b")
"""Tells what the screen shows, and does nothing."""
_VERB_AND_THING = 2
_BACK = 2
"""Clauses before an "it", or before "Would you like me to do that?", that may say what."""
_ASKS_FIRST = re.compile(
    r"^(?:(?:and|so|or|well|ok|okay|right|now) )*(?:shall|should|would|could|can|do|does|did|is|are|was|were|have|has"
    r"|will|what|why|how|when|where|who|which|you)\b"
)


class Clause(NamedTuple):
    """A part of a sentence that promises or denies by itself."""

    said: str
    """Verbatim."""
    context: str
    """What an "it" in it may stand for: the sentence before, or what the customer said."""


def promises_in(reply: str, material: Material, before: str = "", heard: str = "") -> tuple[PromiseMade, ...]:
    """Promises of the scenario that the reply makes, each once, quoted with the clause that makes it.

    A promise may be worded the other way round ("the bill is cancelled" for "cancel the bill"), and "it", "that" or
    "both" stands for what the sentence before named.

    What is negated, only possible, asked, conditional ("if the log shows it") or retold ("you were quoted") is no
    promise; a safety net ("if the line drops") is one, and so is the word that a proposal has been carried out. What
    policy forbids is also made by a question that offers, advises or requests it.

    Args:
        reply: The trainee's words.
        material: Whose promises are listened for.
        before: The trainee's last words before these ("Shall I put the fare back?", and then "Done.").
        heard: What the customer said in between.
    """
    proposed = tuple(_proposals(before))
    chooses = bool(_LETS_CHOOSE.search(plain(reply)))
    every = tuple(_clauses(reply, heard))
    outright = tuple(clause for clause in every if not (chooses and _EITHER_OR.search(plain(clause.said))))
    made = []
    for name, promise in material.scenario.promises.items():
        phrases = [material.fill(phrase) for phrase in promise.words]
        clauses = every if promise.forbidden else outright
        made_in = (part.said for part in clauses if any(_makes(part, phrase, promise.forbidden) for phrase in phrases))
        quote = next(made_in, None)
        if quote is None and any(_meaning(proposal, phrase) for proposal in proposed for phrase in phrases):
            quote = next((part.said for part in clauses if _carried_out(part.said)), None)
        if quote is not None:
            made.append(PromiseMade(promise=name, quote=quote))
    return tuple(made)


def _proposals(reply: str) -> Iterator[Clause]:
    """What a reply proposes; "Would you like me to do that?" proposes what the sentence before says."""
    clauses = tuple(_clauses(reply))
    for at, clause in enumerate(clauses):
        if _asks(clause.said) and _PROPOSES.match(plain(clause.said)):
            yield clause
            if _DOES_THAT.search(plain(clause.said)):
                yield from clauses[max(0, at - _BACK) : at]


def _makes(clause: Clause, phrase: str, forbidden: bool) -> bool:
    """Whether a clause makes a promise in the phrase's words, or with an "it" in the place of some.

    What policy forbids is only taken from an "it" where the clause commits to it.
    """
    if _speaks_of(clause.said, phrase):
        return _promises(clause.said, phrase, forbidden)
    meant = _with_what_it_is(clause, phrase)
    return meant is not None and _promises(meant, phrase, forbidden) and (not forbidden or _commits(meant, phrase))


def _meaning(clause: Clause, phrase: str) -> bool:
    return _speaks_of(clause.said, phrase) or _with_what_it_is(clause, phrase) is not None


def _speaks_of(text: str, phrase: str) -> bool:
    """Whether a text has a phrase in its order, or the other way round: "the bill is cancelled"."""
    return contains(text, phrase) or _other_way_round(text, phrase)


def _other_way_round(text: str, phrase: str) -> bool:
    spoken = _carrying(phrase)
    if len(spoken) != _VERB_AND_THING or not _PASSIVE.search(plain(text)):
        return False
    verb, thing = spoken
    by_somebody = re.search(rf"\b{re.escape(thing)} (?:that |which )?(?:i|we|you|they|he|she)\b", plain(text))
    return contains(text, f"{thing} {verb}") and stem(verb) != stem(thing) and not by_somebody


@lru_cache(maxsize=4096)
def _carrying(phrase: str) -> tuple[str, ...]:
    """The words of a phrase that carry a topic, in order."""
    return tuple(word for word in words(phrase) if word not in GRAMMAR)


@lru_cache(maxsize=256)
def _stemmed(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _with_what_it_is(clause: Clause, phrase: str) -> str | None:
    """The clause with the phrase's missing words in place of an "it", if its context has them; None: it does not."""
    said, around = _stemmed(clause.said), _stemmed(clause.context)
    wanted = _carrying(phrase)
    missing = [word for word in wanted if stem(word) not in said]
    if not 0 < len(missing) < len(wanted) or not {stem(word) for word in missing} <= around:
        return None
    if missing[0] == wanted[0] and not wanted[0][0].isdigit():  # the verb is what is promised, and no "it" says it
        return None
    if not _NO_THING.isdisjoint(missing):
        return None
    for found in _STANDS_FOR.finditer(plain(clause.said)):
        meant = f"{clause.said[: found.start()]}{' '.join(missing)}{clause.said[found.end() :]}"
        if _speaks_of(meant, phrase):
            return meant
    return None


def _carried_out(clause: str) -> bool:
    return bool(_DONE.search(plain(clause))) and not _is_negative(clause) and not _asks(clause)


def promises_denied(reply: str, material: Material) -> tuple[PromiseMade, ...]:
    """Promises of the scenario that the reply refuses ("I can't honour it"), quoted with the clause that does."""
    denied = []
    for name, promise in material.scenario.promises.items():
        phrases = [material.fill(phrase) for phrase in promise.words]
        for clause in _clauses(reply):
            if any(_speaks_of(clause.said, phrase) and _negated(clause.said, phrase) for phrase in phrases):
                denied.append(PromiseMade(promise=name, quote=clause.said))
                break
    return tuple(denied)


def _clauses(reply: str, heard: str = "") -> Iterator[Clause]:
    """Parts of sentences that promise or deny by themselves; a condition stays with what it conditions."""
    context = heard
    for sentence in sentences(reply):
        said: list[str] = []
        for part in _split(sentence, _PART_END):
            for clause in (part,) if _is_conditional(plain(part)) else _split(part, _CLAUSE_END):
                yield Clause(clause, " ".join((context, *said[-_BACK:])))
                said.append(clause)
        context = sentence


def _split(text: str, ends: re.Pattern[str]) -> Iterator[str]:
    start = 0
    for end in (*ends.finditer(plain(text)), None):
        piece = text[start : end.start() if end else len(text)].strip(" ,")
        if piece:
            yield piece
        start = end.end() if end else start


def _promises(clause: str, phrase: str, forbidden: bool) -> bool:
    """Whether a clause makes a promise. Forbidden advice is made by saying it, softly or in a question too."""
    if not _speaks_of(clause, phrase):
        return False
    if _asks(clause):
        return forbidden and puts_forward(clause, phrase)
    if _negated(clause, phrase) or _OWN_WORD.search(plain(clause)):
        return False
    commits = _commits(clause, phrase) or (_other_way_round(clause, phrase) and not _SEES.search(plain(clause)))
    return forbidden or (commits and not _only_perhaps(clause, phrase) and not _retold(clause, phrase))


def _commits(clause: str, phrase: str) -> bool:
    """A phrase with its own verb says enough; "same fare" needs an "I'll" or a "confirmed" beside it."""
    return bool(_OWN_VERB.search(plain(phrase)) or _COMMITS.search(plain(clause).rstrip(".! ")))


def _negated(clause: str, phrase: str) -> bool:
    """Whether a clause takes the phrase back. What follows in a clause of its own ("that the row was never scanned")
    does not."""
    main = _SUBORDINATE.split(clause, maxsplit=1)[0]
    said = main if _speaks_of(main, phrase) else clause
    return (_is_negative(said) or _ruled_out(said, phrase)) and not _is_negative(phrase)


def _ruled_out(clause: str, phrase: str) -> bool:
    """Whether a "no" stands right before the phrase: "no third visit"."""
    after = (clause[found.end() :] for found in _NO.finditer(plain(clause)))
    length = len(words(phrase)) + 1
    return any(contains(" ".join(words(rest)[:length]), phrase) for rest in after)


def _is_negative(text: str) -> bool:
    return bool(_NEGATED.search(_CONTRAST.sub("", _NOT_NEGATED.sub(" ", plain(text)))))


def _only_perhaps(clause: str, phrase: str) -> bool:
    heard = plain(clause)
    if _is_conditional(heard) or _IF_WANTED.search(heard) or _OR_ELSE.search(heard):
        return True
    return bool(_UNSURE.search(heard) and not _UNSURE.search(plain(phrase)))


def _retold(clause: str, phrase: str) -> bool:
    return any(contains(clause[found.end() :], phrase) for found in _REPORTED.finditer(plain(clause)))


def _asks(clause: str) -> bool:
    return clause.rstrip("\"' )").endswith("?") and bool(_ASKS_FIRST.match(plain(clause)))


def _is_conditional(heard: str) -> bool:
    return any(not _SAFETY_NET.search(found.group(1)[:60]) for found in _CONDITION.finditer(heard))
