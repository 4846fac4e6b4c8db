"""What of a reply serves the customer: the reply less what was put in for show.

Apart from the rater because it decides what is rated, and gives no level: words that serve nobody shall neither raise a
level nor, by their mere length, lower one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import compress, dropwhile

from simulator.assessment.catalogue import CATALOGUE
from simulator.assessment.learned import HOLLOW, LEARNED, LIKELY, believed, sentences
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
_MOCKING = 0.6
_MAYBE_HOLLOW = 0.2
_MAYBE_MOCKING = 0.15
_WARY_HOLLOW = 0.05
"""The same in a reply of which something was for show already ..."""
_SHOWS_NOTHING = 0.3
"""... as is a sentence in which no signal is likelier than this."""
_SURELY = 0.8
_BORROWED = 0.85
_BORROWED_TOO = 0.7
"""The same for a sentence of a reply that borrows others as well."""
_SEVERAL = 2
"""Echoes from which on a reply is held to parrot."""
_OWN = frozenset("i we us our no not".split())
"""Words that make something of the agent's own of what the customer said ..."""
_RAMBLING = 10
"""... but where the customer said them as well, in a sentence of so many words."""
_LONG_SCRAP = 6
_WHOLE_QUESTION = 3
"""Words of a question that the customer asked in the same words."""
_SAYING = frozenset("say said wrote write told".split())
_FRAMES = _SAYING | frozenset("so you oh".split())
"""Words that customers' words are given back in."""
_OPENING = re.compile(r"""(?<!\S)(?:["'\u201c\u2018(\[]\s*)+$""")
_CLOSING = re.compile(r"""["'\u201d\u2019)\]]*""")
_APOLOGIES = words("apologies") | STOPWORDS
_SORRY = frozenset("sorry apologise apologize apologies apology regret regrets forgive pardon".split())


@dataclass(frozen=True)
class Sifted:
    """A reply less what was put in for show."""

    exchange: Exchange
    """With the rest of the reply; with all of it where nothing would be left."""
    mocking: tuple[Place, ...] = ()
    """Sentences of the whole reply that mocked the customer, in however kind words."""
    echoed: tuple[Place, ...] = ()
    """Sentences of the whole reply that only gave the customer's words back, or its own."""
    hollow: tuple[Place, ...] = ()
    """Sentences of the whole reply that said nothing to this customer."""

    @property
    def by_signal(self) -> dict[SignalName, tuple[Place, ...]]:
        """The same sentences by the behaviour that each of them shows."""
        return {
            SignalName.INSULTS: self.mocking,
            SignalName.PARROTS: self.echoed,
            SignalName.STOCK_PHRASE: self.hollow,
        }

    @property
    def is_shortened(self) -> bool:
        """Whether anything was put in for show."""
        return bool(self.mocking or self.echoed or self.hollow)


def sift(exchange: Exchange, features: Features) -> Sifted:
    """Take out hollow, idle and mocking sentences, echoes of the customer or of the reply, apologies upon apologies."""
    scene = Scene(exchange, Known())
    likely = dict(zip(scene.reply.sentences, believed(exchange.reply, features), strict=True))
    mocking = [one for one in likely if mocks(likely[one])]
    echoed = _echoed(scene)
    hollow = {*_hollow(scene, likely), *_stacked(likely), *_bare_apologies(scene.reply)[1:]}

    def places(found: Iterable[Found]) -> tuple[Place, ...]:
        return tuple(sorted(_place(scene.reply, one) for one in found))

    shown = (places({*mocking, *echoed, *hollow}), places({*mocking, *echoed}), places(echoed))
    return Sifted(_shortened(exchange, shown), places(mocking), places(echoed), places(hollow - echoed))


def _shortened(exchange: Exchange, shown: Iterable[tuple[Place, ...]]) -> Exchange:
    """Without the first of these sets of sentences that leaves anything; with all of them where none does."""
    everything = set(sentences(exchange.reply))
    places = next((one for one in shown if one and not everything.issubset(one)), ())
    return exchange.model_copy(update={"reply": _less(exchange.reply, list(places))}) if places else exchange


def _hollow(scene: Scene, beliefs: Mapping[Found, Mapping[str, float]]) -> Iterator[Found]:
    """The sentences that say nothing to this customer, given how likely each signal is in each sentence."""
    reply = scene.reply
    about = scene.told | content(prose(scene.exchange.context))
    long = len(reply.spoken()) > _LONG
    for sentence, likely in beliefs.items():
        topical = not long or _topical(content(reply, sentence), about)
        if _is_hollow(likely, topical, reply, sentence):
            yield sentence


def doubtful(reply: str, features: Features, *, wary: bool = False) -> tuple[tuple[Place, ...], ...]:
    """Sentences that may be for show, or may mock, as spans of characters: sets of which each is left out by itself.

    A set of all sentences there are is none.

    Args:
        reply: The text.
        features: What the listener made of it.
        wary: Whether something was put in for show already, so that less makes doubtful as well.
    """
    places, beliefs = sentences(reply), believed(reply, features)
    asked = [reply[start:end].rstrip().endswith("?") for start, end in places]
    first = [_may_be_for_show(likely) for likely in beliefs]
    second = [wary and (_is_slight(likely) and not asks) for likely, asks in zip(beliefs, asked, strict=True)]
    found = (tuple(compress(places, chosen)) for chosen in (first, second))
    return tuple(chosen for chosen in found if 0 < len(chosen) < len(places))


def acting(reply: str, features: Features) -> frozenset[Place]:
    """Sentences in which something is surely done: mockery or show in them takes nothing from that."""
    acts = [
        name for name, what in CATALOGUE.items() if what.wanted and what.dimension == "ownership" and name in LEARNED
    ]
    beliefs = zip(sentences(reply), believed(reply, features), strict=True)
    return frozenset(place for place, likely in beliefs if max(likely[name] for name in acts) >= LIKELY)


def _may_be_for_show(likely: Mapping[str, float]) -> bool:
    return likely[HOLLOW] >= _MAYBE_HOLLOW or likely[SignalName.INSULTS] >= _MAYBE_MOCKING


def _is_slight(likely: Mapping[str, float]) -> bool:
    """Whether a sentence may be more of what was for show beside it: a ready-made phrase, or nothing much."""
    most = max(likely[name] for name in LEARNED if name not in (SignalName.STOCK_PHRASE, SignalName.INSULTS))
    return likely[HOLLOW] >= _WARY_HOLLOW or most < (LIKELY if _is_stock(likely) else _SHOWS_NOTHING)


def _is_stock(likely: Mapping[str, float]) -> bool:
    return likely[SignalName.STOCK_PHRASE] >= LIKELY


def _stacked(beliefs: Mapping[Found, Mapping[str, float]]) -> list[Found]:
    """Sentences that are surely ready-made phrases and show nothing else, after the first: they do not add up."""
    found = [one for one, likely in beliefs.items() if likely[SignalName.STOCK_PHRASE] >= _SURELY and _is_bare(likely)]
    return found[1:]


def _is_bare(likely: Mapping[str, float]) -> bool:
    good = (name for name in LEARNED if CATALOGUE[name].wanted)
    return max(likely[name] for name in good) < LIKELY


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


def _echoed(scene: Scene) -> set[Found]:
    """Sentences that are the customer's words and nothing else, or said for the second time.

    Once there are several of them, shorter ones and questions are looked at harder: nobody hears by halves.
    """
    found = {*echoes(scene), *_fragments(scene, _BORROWED), *_repeated(scene.reply)}
    if len(found) < _SEVERAL:
        return found
    return found | {one for one in scene.reply.sentences if _is_borrowed(scene, one, _BORROWED_TOO, 1)}


def _fragments(scene: Scene, least: float) -> list[Found]:
    """Sentences made of the customer's words and of nothing else, in whatever order: they show only that it was read.

    A short one by itself is what people repeat to show that they heard.
    """
    found = [one for one in scene.reply.sentences if _is_borrowed(scene, one, least, _WHOLE_QUESTION)]
    return found if len(found) > 1 else [one for one in found if len(scene.reply.spoken(one)) >= _LONG_SCRAP]


def _is_borrowed(scene: Scene, sentence: Found, least: float, question: int) -> bool:
    """True for a run of the customer's words, or a sentence that is mostly theirs, with no "I" or "not" of its own.

    Args:
        scene: The reply and what was said before it.
        sentence: Of the reply.
        least: Share of its words that the customer said, 0 to 1.
        question: Words from which on a question counts, if the customer asked it in the same words.
    """
    reply, own = scene.reply, scene.reply.spoken(sentence)
    if any(_runs_in(_unframed(own), text.spoken()) for text in scene.customer):
        return not reply.is_question(sentence) or len(own) >= question
    said = {turned(word) for text in scene.customer for word in text.spoken()} | _FRAMES
    heard = frozenset[str]().union(*(text.vocabulary for text in scene.customer))
    theirs = heard if len(own) >= _RAMBLING else frozenset()
    if reply.is_question(sentence) or not (_OWN - theirs).isdisjoint(own):
        return False
    borrowed = sum(turned(word) in said for word in own)
    return content(reply, sentence) - _FRAMES <= scene.told and borrowed >= max(1, least * len(own))


def _unframed(words_: list[str]) -> list[str]:
    """The words without a "you wrote" before them."""
    rest = list(dropwhile(_FRAMES.__contains__, words_))
    return words_ if _SAYING.isdisjoint(words_[: len(words_) - len(rest)]) else rest


def _repeated(reply: Prose) -> list[Found]:
    """Sentences that the reply has said before in the same words."""
    said = [tuple(reply.spoken(sentence)) for sentence in reply.sentences]
    return [one for at, one in enumerate(reply.sentences) if said[at] in said[:at]]


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
    """The text without these places, nor the quotation marks and brackets around them."""
    kept, at = [], 0
    for start, end in places:
        kept.append(_OPENING.sub("", text[at:start]))
        closed = _CLOSING.match(text, end)
        at = max(at, closed.end() if closed else end)
    return " ".join(part.strip() for part in (*kept, text[at:]) if any(map(str.isalnum, part)))
