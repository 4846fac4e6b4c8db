"""How words are compared: sentences, stems, phrases, questions. Apart, so that all parts of the customer hear alike.

Nothing here knows the call. Apostrophes of every shape are one, number words are digits, and endings do not count:
"honouring" matches "honour", and "four" matches "4".
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from simulator.spelling import respelt

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'", "`": "'"})
_SENTENCE = re.compile(r"(?:\b(?:[Mm]rs?|[Mm]s|[Dd]r|St)\.|[^.!?\u2026\n]|[.](?=\w))+[.!?\u2026]*[\"'\u201d\u2019)]*")
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:'[^\W_]+)*")

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: (n + 2) * 10 for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
"""Number words up to ninety, without compounds."""

_DETERMINERS = frozenset("the a an your my our this that these those his her their its".split())

GRAMMAR = _DETERMINERS | frozenset(
    "i me we us you he she it they them him and or but so if then than as of to in on at by for from with about into "
    "is are was were be been being am do does did done have has had will would can could shall should may might must "
    "i'm i'll i've i'd we'll we're we've you're you've you'll it's that's there's there here not no yes don't can't "
    "what who whom how when where which while all any some just now very too also up out over itself".split()
)
"""Words that carry no topic of their own."""

_PARTICLES = frozenset("up out over".split())
"""Words without a topic that make another one of the word before them: "go out" is not "go on"."""

_IRREGULAR = {"children": "child", "told": "tell", "paid": "pay", "kept": "keep", "sent": "send", "lost": "lose"} | {
    "care": "careful",
    "cares": "careful",
}
"""Care is apart because without its ending it would be a car."""
_ENDINGS = (("ied", "y"), ("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))

_REQUEST = re.compile(
    r"\b(?:tell me|can you|could you|would you|will you|(?:may|can|could|might) i ask|let me ask (?:you|this|one|a)"
    r"|do you (?:know|have)"
    r"|(?:walk|talk|take) me through|help me understand|(?:i'd|i would) like to (?:know|hear|understand)"
    r"|i (?:want|need) to (?:know|hear|understand)|please explain|describe|remind me|read me|give me (?:the|your))\b"
)
_OPENS_QUESTION = re.compile(
    r"^(?:(?:and|so|but|ok|okay|right|well|now|then|first|also|sorry|please|sir|madam)\W+)*"
    r"(?:what|why|how|when|where|who|whose|which|did|does?|is|are|was|were|have|has|had|can|could|would|will|shall"
    r"|should|may|whatever)(?:'\w+)?\b"
)
_ASKS_FOR = re.compile(
    r"^(?:(?:and|so|ok|okay|right|thanks|thank you|your|the|first|full)\W+)*(?:\w+\W+){0,2}"
    r"(?:number|name|reference|code|address|postcode|date|details|birth)(?:,? (?:then|again|first))?,? please\b"
)
"""A request without a verb: "Order number, please"."""
_OFFERS_HELP = re.compile(r"\b(?:how (?:can|may|could) (?:i|we) (?:help|assist)|what can (?:i|we) do for you)\b")
_SHORT_QUESTION = 6
_HALF = 0.5
"""A question mentions a topic with more than this share of the topic's words."""


def plain(text: str) -> str:
    """The text in lower case with one kind of apostrophe; same length, so that positions stay true."""
    lowered = text.translate(_APOSTROPHES).lower()
    return lowered if len(lowered) == len(text) else text.translate(_APOSTROPHES)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, verbatim, without surrounding space."""
    return tuple(found for match in _SENTENCE.finditer(text) if (found := match.group().strip(" \t\n\"'\u201c\u201d")))


def words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case; amounts lose their thousands commas and empty pence ("1,200.00" is "1200")."""
    return tuple(_amount(match.group()) for match in _WORD.finditer(plain(text)))


def _amount(word: str) -> str:
    if not word[0].isdigit():
        return word
    bare = re.sub(r",(?=\d{3}\b)", "", word)
    return re.sub(r"\.0+$", "", bare)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """What is left of a lower-case word without its ending, British or American; number words become digits."""
    if word in NUMBER_WORDS:
        return str(NUMBER_WORDS[word])
    word = _IRREGULAR.get(word, word).removesuffix("'s")
    for ending, put in _ENDINGS:
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + put
            break
    if len(word) > 4:
        word = re.sub(r"our$", "or", re.sub(r"iz$", "is", word))
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and not word[-1].isdigit() else word


def stems(text: str) -> tuple[str, ...]:
    """Stems of all words but determiners, in order."""
    return tuple(stem(word) for word in words(text) if word not in _DETERMINERS)


def content_stems(text: str) -> frozenset[str]:
    """Stems of the words that carry a topic."""
    return frozenset(stem(word) for word in words(text) if word not in GRAMMAR)


def contains(text: str, phrase: str) -> bool:
    """Whether the phrase occurs, well spelt or not: its stems in order, with at most one other word between two."""
    wanted = stems(phrase)
    return any(any(_spans(heard, wanted)) for heard in _hearings(text))


@lru_cache(maxsize=256)
def _hearings(text: str) -> tuple[tuple[str, ...], ...]:
    """The stems of a text as it was typed, and as it was meant where that is something else."""
    return tuple(dict.fromkeys((stems(text), stems(respelt(text).text))))


def _spans(heard: Sequence[str], wanted: Sequence[str]) -> Iterator[bool]:
    for start, first in enumerate(heard):
        if wanted and first == wanted[0]:
            yield _continues(heard[start + 1 :], wanted[1:])


def _continues(heard: Sequence[str], wanted: Sequence[str]) -> bool:
    for stemmed in wanted:
        if stemmed not in heard[:2]:
            return False
        heard = heard[heard.index(stemmed) + 1 :]
    return True


def is_question(sentence: str) -> bool:
    """Whether a sentence asks: a question mark, a question word in front, or a request such as "tell me"."""
    heard = plain(sentence)
    marked = sentence.rstrip("\"' )").endswith("?")
    return marked or any((_OPENS_QUESTION.match(heard), _REQUEST.search(heard), _ASKS_FOR.match(heard)))


def asks_about(reply: str, topics: Sequence[str]) -> bool:
    """Whether a question or request in the reply mentions one of the topics.

    A short question ("What was it?") is also about what the sentence before it named.
    """
    return any(how_well_asked(about, topics) > (0.0, 0) for _, about in questions(reply))


def how_well_asked(question: str, topics: Sequence[str]) -> tuple[float, int]:
    """How well a question or request mentions the best topic: share of its words, 0 to 1, and how many; (0, 0) if none.

    All words that carry the topic must be there; small words count in the share, and tell near topics apart. A topic of
    small words alone ("tell me when") must be there as it stands.
    """
    asked = frozenset().union(*_hearings(question))
    return max((_mentions(question, asked, topic) for topic in topics), default=(0.0, 0))


def questions(reply: str) -> Iterator[tuple[str, str]]:
    """Each question or request of a reply: its own words, and what it may be about beside them.

    The second is a short question that names nothing ("Who was it?") with the sentence before it; for another one it is
    the question again.
    """
    said = sentences(reply)
    for place, sentence in enumerate(said):
        if is_question(sentence) and not _OFFERS_HELP.search(plain(sentence)):
            short = len(words(sentence)) <= _SHORT_QUESTION and content_stems(sentence) <= _NAMES_NOTHING
            yield sentence, " ".join(said[max(0, place - 1) : place + 1]) if short else sentence


def _mentions(question: str, asked: frozenset[str], topic: str) -> tuple[float, int]:
    whole, carrying = frozenset(stems(topic)), content_stems(topic)
    needed = (carrying | (whole & _PARTICLES)) or whole
    found = len(whole & asked)
    share = found / len(whole) if whole else 0.0
    if not needed or not needed <= asked or share <= _HALF:
        return (0.0, 0)
    small = len(whole) > 1 and carrying <= _SMALL_WORDS
    return (share, found) if not small or contains(question, topic) else (0.0, 0)


_SMALL_WORDS = content_stems(
    "tell let know want send say mean think able mind sure get got give have make take go come see look need like ask "
    "help would could read write ring call first next again back time when find check use do right still now here "
    "there way"
)
"""Words that any question may have in it, whatever it is about."""
_NAMES_NOTHING = content_stems(
    "come go happen mean say tell know think look see sure right exactly time long one thing work start end next last"
)
"""Words of a question that leave open what it is about."""
