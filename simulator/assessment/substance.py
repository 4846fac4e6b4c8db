"""What of a reply serves the customer: the reply less what was put in for show.

Apart from the rater because it decides what is rated, and gives no level: words that serve nobody shall neither raise a
level nor, by their mere length, lower one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.assessment.learned import HOLLOW, believed, sentences
from simulator.assessment.lexicon import words
from simulator.assessment.meaning import STOPWORDS, content
from simulator.assessment.prose import Found, Prose, prose
from simulator.assessment.scene import Known, Scene
from simulator.assessment.structure import echoes, turned
from simulator.ports import Exchange, Features
from simulator.vocabulary import SignalName

Place = tuple[int, int]

_HOLLOW = 0.5
_LONG = 90
"""Words beyond which a reply may be padded, so that what is about nothing that was spoken of is looked at harder."""
_ASTRAY = 0.3
"""Such a sentence is for show from this hollowness on ..."""
_IDLE = 0.45
"""... or if no learned signal is likelier than this."""
_TOPICAL = 0.3
_MOCKING = 0.5
_MAYBE_HOLLOW = 0.2
_MAYBE_MOCKING = 0.15
_BORROWED = 0.85
_OWN = frozenset("i i've i'm i'll we we've we're we'll no not isn't aren't don't didn't won't".split())
"""Words that make something of the agent's own of what the customer said."""
_LONG_SCRAP = 6
_WHOLE_QUESTION = 3
"""Words of a question that the customer asked in the same words."""
_FRAMES = frozenset("so you say said wrote write told oh".split())
"""Words that customers' words are given back in."""
_APOLOGIES = words("apologies") | STOPWORDS
_SORRY = frozenset("sorry apologise apologize apologies apology regret regrets forgive pardon".split())


@dataclass(frozen=True)
class Sifted:
    """A reply less what was put in for show."""

    exchange: Exchange
    """With the rest of the reply; with all of it where nothing would be left."""
    mocking: bool
    """Whether a sentence mocked the customer, in however kind words."""


def sift(exchange: Exchange, features: Features) -> Sifted:
    """Take out hollow, idle and mocking sentences, echoes of the customer, and apologies upon apologies."""
    scene = Scene(exchange, Known())
    likely = believed(exchange.reply, features)
    show = {_place(scene.reply, sentence) for sentence in _shown(scene, likely)}
    mocking = any(map(mocks, likely))
    if not show or show.issuperset(sentences(exchange.reply)):
        return Sifted(exchange, mocking)
    return Sifted(exchange.model_copy(update={"reply": _less(exchange.reply, sorted(show))}), mocking)


def _shown(scene: Scene, beliefs: Sequence[Mapping[str, float]]) -> Iterator[Found]:
    """The sentences that are there for show, given how likely each signal is in each sentence."""
    reply = scene.reply
    echoed = {*echoes(scene), *_fragments(scene)}
    about = scene.told | content(prose(scene.exchange.context))
    long = len(reply.spoken()) > _LONG
    for sentence, likely in zip(reply.sentences, beliefs, strict=True):
        topical = not long or _topical(content(reply, sentence), about)
        if sentence in echoed or mocks(likely) or _is_hollow(likely, topical, reply, sentence):
            yield sentence
    yield from _bare_apologies(reply)[1:]


def doubtful(reply: str, features: Features) -> tuple[Place, ...]:
    """Sentences that may be for show, or may mock, as spans of characters; not where all of them may be."""
    places, beliefs = sentences(reply), believed(reply, features)
    found = [place for place, likely in zip(places, beliefs, strict=True) if _is_doubtful(likely)]
    return tuple(found) if len(found) < len(places) else ()


def _is_doubtful(likely: Mapping[str, float]) -> bool:
    return likely[HOLLOW] >= _MAYBE_HOLLOW or likely[SignalName.INSULTS] >= _MAYBE_MOCKING


def mocks(likely: Mapping[str, float]) -> bool:
    """Whether a sentence with these likely signals mocks: what it says besides is then not meant."""
    return likely[SignalName.INSULTS] >= _MOCKING


def _is_hollow(likely: Mapping[str, float], topical: bool, reply: Prose, sentence: Found) -> bool:
    if topical or reply.is_question(sentence):
        return likely[HOLLOW] >= _HOLLOW
    return likely[HOLLOW] >= _ASTRAY or max(p for name, p in likely.items() if name != HOLLOW) < _IDLE


def _topical(own: frozenset[str], about: frozenset[str]) -> bool:
    """True if a fair part of a sentence is about what was spoken of."""
    return len(own & about) >= max(1, _TOPICAL * len(own))


def _fragments(scene: Scene) -> list[Found]:
    """Sentences made of the customer's words and of nothing else, in whatever order: they show only that it was read.

    A short one by itself is what people repeat to show that they heard.
    """
    reply, line = scene.reply, scene.line.spoken()
    said = {turned(word) for word in line} | _FRAMES

    def is_borrowed(sentence: Found) -> bool:
        own = reply.spoken(sentence)
        if _runs_in(own, line):
            return not reply.is_question(sentence) or len(own) >= _WHOLE_QUESTION
        if reply.is_question(sentence) or not _OWN.isdisjoint(own):
            return False
        borrowed = sum(turned(word) in said for word in own)
        return content(reply, sentence) - _FRAMES <= scene.told and borrowed >= max(1, _BORROWED * len(own))

    found = [one for one in reply.sentences if is_borrowed(one)]
    return found if len(found) > 1 else [one for one in found if len(reply.spoken(one)) >= _LONG_SCRAP]


def _runs_in(words_: list[str], text: list[str]) -> bool:
    """True if the words stand in the text one after the other."""
    return any(text[at : at + len(words_)] == words_ for at in range(len(text) - len(words_) + 1))


def _bare_apologies(reply: Prose) -> list[Found]:
    """Sentences that apologise and say nothing else."""
    said = {sentence: set(reply.spoken(sentence)) for sentence in reply.sentences}
    return [sentence for sentence, words_ in said.items() if words_ & _SORRY and words_ <= _APOLOGIES]


def _place(reply: Prose, sentence: Found) -> Place:
    span = reply.span(sentence)
    return span.start, span.end


def _less(text: str, places: list[Place]) -> str:
    kept, at = [], 0
    for start, end in places:
        kept.append(text[at:start])
        at = max(at, end)
    return " ".join(part.strip() for part in (*kept, text[at:]) if part.strip())
