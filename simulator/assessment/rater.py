"""The embedded rater: levels from the listener's hidden states and the signals, with the words that support them.

Apart from the signals because it needs the model, is slower, and never moves the customer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from simulator.assessment.catalogue import CATALOGUE
from simulator.assessment.conventions import CEILINGS
from simulator.assessment.evidence import HIGH, evidence, machine_talk, placed, put_in_for_show
from simulator.assessment.heads import Heads, cues, levels, shipped_heads
from simulator.assessment.hearing import pooled
from simulator.assessment.learned import LIKELY, with_learned
from simulator.assessment.meaning import STOPWORDS
from simulator.assessment.prose import prose
from simulator.assessment.scene import Known, Scene
from simulator.assessment.signals import Reading, read, served
from simulator.assessment.substance import Sifted, acting, doubtful, sift
from simulator.ports import Exchange, Features, Listener
from simulator.vocabulary import CORE_DIMENSIONS, MAX_REPLY_CHARACTERS, CriticalCode, Rating, SignalName, Span

_FEW_WORDS = 6
_ENGLISH = 0.125
_FAREWELL = 10
_SERVES_NOBODY = 1.0
"""Level of a reply of which nothing is left once the words for whoever scores it are taken out."""
_PROBABLE = 0.25
"""A high level that no sure signal supports is laid to a signal from this probability on: the level speaks for it."""
_SHAPE_ONLY = frozenset({SignalName.ASKS_DETAIL, SignalName.ONE_STEP, SignalName.OVERLOADS, SignalName.USES_JARGON})


class EmbeddedRater:
    """Implements ports.Rater. The same text gives the same numbers."""

    def __init__(self, listener: Listener, heads: Heads | None = None) -> None:
        self._listener = listener
        self._heads = heads

    @property
    def version(self) -> str:
        """Version of the weights, part of every score."""
        return (self._heads or shipped_heads()).version

    async def rate(self, exchange: Exchange, turn: int = 0) -> Rating:
        """Levels and evidence of one reply; see ports.Rater.

        Only the first 4,000 characters are rated, and of them only what is meant for the customer.

        Raises:
            ModelError: the listener failed.
        """
        exchange = exchange.model_copy(update={"reply": exchange.reply[:MAX_REPLY_CHARACTERS]})
        heard = served(exchange)
        reading = read(heard)
        if not has_words(heard.reply, reading):
            gamed = heard.reply != exchange.reply.strip()
            return self._rating(dict.fromkeys(CORE_DIMENSIONS, _SERVES_NOBODY if gamed else None))
        features = await self._listener.features(heard.before, heard.reply)
        sifted = sift(heard, features)
        kept = sifted.exchange
        if kept.reply != heard.reply:
            features, reading = await self._listener.features(kept.before, kept.reply), read(kept)
        wary = sifted.is_shortened or heard.reply != exchange.reply.strip()
        appraisal = Appraisal(self._heads or shipped_heads(), sifted, features, reading, wary)
        rating = self._rated(exchange, appraisal, turn)
        show = put_in_for_show(heard, sifted.by_signal, rating.levels, turn)
        return rating.model_copy(update={"evidence": (*placed(show, exchange.reply), *rating.evidence)})

    def _rated(self, exchange: Exchange, appraisal: "Appraisal", turn: int) -> Rating:
        """Levels with the words behind them, as they stand in the whole reply."""
        rating = self._rating(appraisal.expected)
        kept = appraisal.sifted.exchange
        words = list(evidence(kept, appraisal.read_by(LIKELY), rating.levels, turn, appraisal.drop))
        cited = {one.dimension for one in words}
        bare = {name: level for name, level in rating.levels.items() if (level or 0) >= HIGH and name not in cited}
        if bare:
            words += evidence(kept, appraisal.read_by(_PROBABLE), bare, turn, appraisal.drop)
        talk = machine_talk(exchange, rating.levels, turn)
        return rating.model_copy(update={"evidence": (*placed(words, exchange.reply), *talk)})

    def _rating(self, expected: Mapping[str, float | None]) -> Rating:
        given = {name: None if value is None else levels([value])[0] for name, value in expected.items()}
        return Rating(levels=given, expected=dict(expected), rater=self.version)


@dataclass(frozen=True)
class Appraisal:
    """What the heads make of one reply, and would make of it without some of its words."""

    heads: Heads
    sifted: Sifted
    """The reply less what was put in for show, and less words for a machine."""
    features: Features
    reading: Reading
    """What was seen in that."""
    wary: bool = False
    """Whether anything was taken out, so that what is left is doubted sooner."""

    @cached_property
    def expected(self) -> dict[str, float | None]:
        """The level before rounding of each core dimension, None where the moment gave no room for it."""
        reply = self.sifted.exchange.reply
        levels = self._expected(self.sifted.exchange, self.reading, ())
        acts = acting(reply, self.features)
        for doubts in doubtful(reply, self.features, wary=self.wary):
            shorter = self._without(*doubts)
            idle = self._without(*(place for place in doubts if place not in acts))
            shorter["ownership"] = idle["ownership"]
            levels = {name: _lower(level, shorter[name]) for name, level in levels.items()}
        return levels

    def read_by(self, least: float) -> Reading:
        """What was seen, with the learned signals from a probability on."""
        return with_learned(self.sifted.exchange.reply, self.reading, self.features, least=least)

    def drop(self, dimension: str, span: Span) -> float:
        """How much lower the expected level would be without these words, as far as can be told without reading again.

        The states of the other words are kept as they were. `python -m benchmarks.evidence` measures how far that holds
        when the shortened reply is read anew.
        """
        text = self.sifted.exchange.reply
        if text[span.start : span.end] != span.quote or self.expected[dimension] is None:
            return 0.0
        rest = self._without((span.start, span.end))[dimension]
        return (self.expected[dimension] or 0.0) - (rest or _SERVES_NOBODY)

    def _without(self, *places: tuple[int, int]) -> dict[str, float | None]:
        """The levels without the words at these places, which rise and do not overlap."""
        text = self.sifted.exchange.reply
        ends, starts = [0, *(end for _, end in places)], [*(start for start, _ in places), len(text)]
        shorter = " ".join(text[begin:end] for begin, end in zip(ends, starts, strict=True))
        exchange = self.sifted.exchange.model_copy(update={"reply": shorter})
        return self._expected(exchange, read(exchange), places)

    def _expected(
        self, exchange: Exchange, reading: Reading, without: Sequence[tuple[int, int]]
    ) -> dict[str, float | None]:
        seen, whole = cues(exchange, reading), pooled(self.features, without)
        scene = Scene(exchange, Known())
        faults = {*(error.code for error in reading.critical), *(signal.name for signal in reading.signals)}
        if self.sifted.mocking:
            faults.add(CriticalCode.INSULTS)

        def of(dimension: str) -> float | None:
            head = self.heads.by_dimension[dimension]
            if not gives_room(scene, reading, dimension) or head.gives_no_room(whole):
                return None
            ceilings = [most for name, most, fault in CEILINGS if name == dimension and fault in faults]
            return round(min([head.expected(head.numbers(self.features, seen, without)), *ceilings]), 3)

        return {dimension: of(dimension) for dimension in CORE_DIMENSIONS}


def gives_room(scene: Scene, reading: Reading, dimension: str) -> bool:
    """False before the customer has spoken, and after they said that all is well, if nothing speaks for the dimension.

    By rule: heads trained for it found 1 of 49 such replies. A longer reply at the end is still rated on what it does.
    """
    if not scene.line.spoken():
        return False
    speaks = any(CATALOGUE[signal.name].dimension == dimension for signal in reading.signals)
    brief = dimension == "empathy" or len(scene.reply.spoken()) <= _FAREWELL
    return speaks or not (scene.customer_is_done and brief)


def has_words(reply: str, reading: Reading) -> bool:
    """True if there is something to rate: more than one word, in Latin letters, in English as far as can be told."""
    words = [word.text for word in prose(reply).words if word.text[0].isalpha()]
    letters = sum(map(str.isalpha, reply))
    if not words or 2 * sum(_is_latin(letter) for letter in reply) < letters:
        return False
    telling = any(signal.name not in _SHAPE_ONLY for signal in reading.signals)
    if telling or len(words) < _FEW_WORDS:
        return telling or len(words) > 1
    return sum(word in STOPWORDS for word in words) >= _ENGLISH * len(words)


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and ord(letter) < 0x250


def _lower(level: float | None, other: float | None) -> float | None:
    """The lower of two levels; what is rated at all is told by the first."""
    return level if level is None or other is None else min(level, other)
