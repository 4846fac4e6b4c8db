"""The embedded rater: levels from the listener's hidden states and the signals, with the words that support them.

Apart from the signals because it needs the model, is slower, and never moves the customer.
"""

from collections.abc import Callable

from simulator.assessment.evidence import evidence
from simulator.assessment.heads import Heads, cues, levels, numbers, shipped_heads
from simulator.assessment.meaning import STOPWORDS
from simulator.assessment.prose import prose
from simulator.assessment.scene import Known, Scene
from simulator.assessment.signals import CATALOGUE, Reading, read, without_machine_talk
from simulator.ports import Exchange, Features, Listener
from simulator.vocabulary import CORE_DIMENSIONS, MAX_REPLY_CHARACTERS, CriticalCode, Rating, SignalName

_FEW_WORDS = 6
_ENGLISH = 0.125
_FAREWELL = 10
_SERVES_NOBODY = 1.0
"""Level of a reply of which nothing is left once the words for whoever scores it are taken out."""
_SHAPE_ONLY = frozenset({SignalName.ASKS_DETAIL, SignalName.ONE_STEP, SignalName.OVERLOADS, SignalName.USES_JARGON})
_CEILINGS: tuple[tuple[str, float, Callable[[Reading], bool]], ...] = (
    ("ownership", 3.0, lambda reading: _has(reading, CriticalCode.BREAKS_POLICY)),
    ("ownership", 1.0, lambda reading: _has(reading, CriticalCode.ABANDONS)),
    ("empathy", 1.0, lambda reading: _has(reading, CriticalCode.INSULTS)),
    ("active_listening", 2.0, lambda reading: any(one.name is SignalName.PARROTS for one in reading.signals)),
)
"""Conventions of the rubric that hold whatever the heads say: dimension, highest level, when."""


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
        expected = await self._expected(exchange)
        given = {name: None if value is None else levels([value])[0] for name, value in expected.items()}
        words = evidence(exchange, read(exchange), given, turn)
        return Rating(levels=given, expected=expected, evidence=words, rater=self.version)

    async def _expected(self, exchange: Exchange) -> dict[str, float | None]:
        served = exchange.model_copy(update={"reply": without_machine_talk(exchange.reply)})
        reading = read(served)
        if not has_words(served.reply, reading):
            gamed = served.reply != exchange.reply.strip()
            return dict.fromkeys(CORE_DIMENSIONS, _SERVES_NOBODY if gamed else None)
        features = await self._listener.features(served.customer_line, served.reply)
        return expected_levels(self._heads or shipped_heads(), served, reading, features)


def expected_levels(heads: Heads, exchange: Exchange, reading: Reading, features: Features) -> dict[str, float | None]:
    """The level before rounding of each core dimension, None where the moment gave no room for it."""
    seen = numbers(features, cues(exchange, reading))
    scene = Scene(exchange, Known())

    def of(dimension: str) -> float | None:
        if not gives_room(scene, reading, dimension):
            return None
        ceilings = (most for name, most, applies in _CEILINGS if name == dimension and applies(reading))
        return round(min([heads.by_dimension[dimension].expected(seen), *ceilings]), 3)

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


def _has(reading: Reading, code: CriticalCode) -> bool:
    return any(error.code is code for error in reading.critical)
