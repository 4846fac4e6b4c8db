"""What of a reply serves the customer: the reply less what was put in for show.

Apart from the rater because it decides what is rated, and gives no level: words that serve nobody shall neither raise a
level nor, by their mere length, lower one.
"""

from collections.abc import Iterator, Mapping

from simulator.assessment.learned import HOLLOW, believed, sentences
from simulator.assessment.lexicon import words
from simulator.assessment.meaning import STOPWORDS, content
from simulator.assessment.prose import Found, Prose, prose
from simulator.assessment.scene import Known, Scene
from simulator.assessment.structure import echoes
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
_SCRAP = 4
_APOLOGIES = words("apologies") | STOPWORDS
_SORRY = frozenset("sorry apologise apologize apologies apology regret regrets forgive pardon".split())


def without_show(exchange: Exchange, features: Features) -> Exchange:
    """The exchange with the reply less what serves nobody: hollow and idle sentences, echoes, apologies upon apologies.

    A reply of which nothing would be left stays as it is.
    """
    scene = Scene(exchange, Known())
    show = set(_shown(scene, features))
    if not show or show.issuperset(sentences(exchange.reply)):
        return exchange
    return exchange.model_copy(update={"reply": _less(exchange.reply, sorted(show))})


def _shown(scene: Scene, features: Features) -> Iterator[Place]:
    """The sentences that are there for show, as spans of characters."""
    reply = scene.reply
    echoed = {*echoes(scene), *_fragments(scene)}
    about = scene.told | content(prose(scene.exchange.context))
    long = len(reply.spoken()) > _LONG
    for sentence, likely in zip(reply.sentences, believed(scene.exchange.reply, features), strict=True):
        topical = not long or _topical(content(reply, sentence), about)
        if sentence in echoed or mocks(likely) or _is_hollow(likely, topical, reply, sentence):
            yield _place(reply, sentence)
    yield from (_place(reply, sentence) for sentence in _bare_apologies(reply)[1:])


def is_mocking(reply: str, features: Features) -> bool:
    """Whether a sentence of the reply mocks the customer, in however kind words."""
    return any(map(mocks, believed(reply, features)))


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
    """Scraps of the customer's words, where there are several: a list of them shows only that they were read."""
    reply, said = scene.reply, scene.line.spoken()
    heard = {tuple(said[at : at + length]) for length in range(1, _SCRAP + 1) for at in range(len(said))}
    found = [one for one in reply.sentences if tuple(reply.spoken(one)) in heard]
    return found if len(found) > 1 else []


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
