"""Learned signals: small heads on the listener's states of each sentence, which also weigh what the phrases found.

Apart from `signals`, which needs no model and is ready in milliseconds: good replies often use none of the usual words,
and a list of usual words does nothing for a customer. A head sees both sides, so it can find what no phrase foresaw
and doubt what only looks the part.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from simulator.assessment.catalogue import CATALOGUE
from simulator.assessment.hearing import WIDTH, Vector, of_span
from simulator.assessment.meaning import content
from simulator.assessment.phrases import phrases
from simulator.assessment.prose import prose
from simulator.assessment.scene import Known, Scene
from simulator.assessment.signals import Reading, read, served
from simulator.ports import Exchange, Features
from simulator.vocabulary import Signal, SignalName, Span

NOT_LEARNED = frozenset(
    {
        SignalName.PARROTS,
        SignalName.ONE_STEP,
        SignalName.OVERLOADS,
        SignalName.USES_JARGON,
        SignalName.PUTS_ON_HOLD,
        SignalName.STAYS_SILENT,
        SignalName.TRANSFERS,
        SignalName.ADDRESSES_MACHINE,
        SignalName.GOES_BACK,
    }
)
"""Found by form or by the act alone."""
LEARNED = tuple(name for name in SignalName if name not in NOT_LEARNED)
"""Signals with a head, in the order of the weights."""
HOLLOW = "hollow"
"""A sentence that serves nobody: slogans, lists of good words, praise for the reply. No signal: it is passed over."""
HEADS = (*(name.value for name in LEARNED), HOLLOW)
NUMBERS = 2 * WIDTH + 1
"""What a head sees of a sentence: mean and maximum of its states, and whether a phrase found the signal there."""
_ALONE: Mapping[SignalName, float] = {
    SignalName.INSULTS: 0.9,
    SignalName.HANDS_OFF: 0.75,
    SignalName.DISMISSES_FEELING: 0.75,
}
"""From this probability on, where no phrase says so: customers take these to heart, and on replies that people would
give ("You must be exhausted.", "Please refresh the page.") a likely one is seldom one."""
_CONTRARY: Mapping[SignalName, SignalName] = {SignalName.DEFLECTS: SignalName.ACCEPTS_RESPONSIBILITY}
"""What no ear alone finds where a phrase in the sentence says the contrary ("This is our fault, no task was made.")."""
_A_TAUNT = 3
"""A sentence of fewer words ("Brilliant.") is no insult unless a phrase says so."""
_ASKED_FOR = 0.5
"""Part of the content of a question that the customer must have said, for it to be asked again by the ear alone."""
LIKELY = 0.5
"""A signal is reported from this probability on."""


@dataclass(frozen=True)
class SignalHeads:
    """One linear score for each learned signal, and for hollowness, as log-odds."""

    version: str
    weights: Vector
    """(len(HEADS), NUMBERS)."""
    bias: Vector
    """(len(HEADS),)."""

    def probabilities(self, sentence: Vector, found: frozenset[SignalName]) -> dict[str, float]:
        """How likely each of HEADS is in a sentence with these states, given what the phrases found in it, 0 to 1."""
        hints = np.array([name in found for name in HEADS], dtype=float)
        odds = self.weights[:, :-1] @ sentence + self.weights[:, -1] * hints + self.bias
        return dict(zip(HEADS, (1 / (1 + np.exp(-odds.clip(-30, 30)))).tolist(), strict=True))

    def save(self, path: Path) -> None:
        """Write the weights, small enough to ship."""
        np.savez_compressed(
            path,
            version=np.array(self.version),
            names=np.array(HEADS),
            weights=self.weights.astype(np.float16),
            bias=self.bias.astype(np.float32),
        )


def sentences(reply: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a reply as spans of characters."""
    text = prose(reply)
    spans = (text.span(sentence) for sentence in text.sentences)
    return tuple((span.start, span.end) for span in spans)


def believed(reply: str, features: Features, heads: SignalHeads | None = None) -> list[dict[str, float]]:
    """How likely each of HEADS is in each sentence of a reply, by its states alone."""
    heads = heads or shipped_signal_heads()
    return [heads.probabilities(of_span(features, *place), frozenset()) for place in sentences(reply)]


def read_heard(exchange: Exchange, known: Known, features: Features, heads: SignalHeads | None = None) -> Reading:
    """`signals.read` with the learned signals: everything observed in a reply.

    Args:
        exchange: The reply and what was said before it.
        known: What the agent knows of the case.
        features: What the listener made of the reply, less its words for a machine.
        heads: The weights; the shipped ones by default.
    """
    reading = read(exchange, known)
    heard = served(exchange)
    if heard.reply == exchange.reply:
        return _without_news(with_learned(heard.reply, reading, features, heads), reading, Scene(exchange, known))
    again = read(heard, known)
    believed = _without_news(with_learned(heard.reply, again, features, heads), again, Scene(heard, known))
    talk = [signal for signal in reading.signals if signal.name is SignalName.ADDRESSES_MACHINE]
    return reading.model_copy(update={"signals": (*talk, *_replaced(believed, exchange.reply))})


def _without_news(believed: Reading, by_words: Reading, scene: Scene) -> Reading:
    """Without questions that the ear alone takes for asked again, and that ask for what the customer has not told."""
    found = {signal.span for signal in by_words.signals if signal.name is SignalName.ASKS_AGAIN}
    kept = (
        signal
        for signal in believed.signals
        if signal.name is not SignalName.ASKS_AGAIN or signal.span in found or _was_told(signal, scene)
    )
    return believed.model_copy(update={"signals": tuple(kept)})


def _was_told(signal: Signal, scene: Scene) -> bool:
    asked = content(prose(signal.span.quote)) if signal.span else frozenset()
    return bool(asked) and len(asked & scene.told) >= _ASKED_FOR * len(asked)


def _replaced(reading: Reading, reply: str) -> Iterator[Signal]:
    """The signals of a part of a reply, with their words where they stand in the whole."""
    for signal in reading.signals:
        start = reply.find(signal.span.quote) if signal.span else -1
        if signal.span and start >= 0:
            span = Span(quote=signal.span.quote, start=start, end=start + len(signal.span.quote))
            yield signal.model_copy(update={"span": span})


def with_learned(
    reply: str, reading: Reading, features: Features, heads: SignalHeads | None = None, least: float = LIKELY
) -> Reading:
    """A reading with the learned signals added, and with those taken out that the heads do not believe.

    Args:
        reply: The text that was read.
        reading: What phrases and structure found.
        features: What the listener made of the same text.
        heads: The weights; the shipped ones by default.
        least: The probability from which on a signal is believed.
    """
    heads = heads or shipped_signal_heads()
    signals = [signal for signal in reading.signals if signal.name in NOT_LEARNED or signal.span is None]
    for start, end in sentences(reply):
        signals += _of_sentence(reply, reading, features, heads, (start, end), least)
    signals.sort(key=lambda signal: signal.span.start if signal.span else 0)
    return reading.model_copy(update={"signals": tuple(signals)})


def _of_sentence(
    reply: str, reading: Reading, features: Features, heads: SignalHeads, place: tuple[int, int], least: float
) -> Iterator[Signal]:
    start, end = place
    own = [one for one in reading.signals if one.span and start <= one.span.start < end]
    found = frozenset(signal.name for signal in own)
    likely = heads.probabilities(of_span(features, start, end), found)
    for name in LEARNED:
        probability = likely[name]
        if probability < least or (CATALOGUE[name].wanted and likely[HOLLOW] >= LIKELY):
            continue
        if name in found:
            yield from (one.model_copy(update={"probability": probability}) for one in own if one.name is name)
        elif probability >= _ALONE.get(name, least) and not _is_misheard(name, reply[start:end], found):
            span = Span(quote=reply[start:end], start=start, end=end)
            yield Signal(name=name, span=span, probability=probability, about=_about(name, span.quote))


def _is_misheard(name: SignalName, sentence: str, found: Set[SignalName]) -> bool:
    """Whether the words of a sentence rule out what the ear alone finds in it."""
    match name:
        case SignalName.INSULTS:
            return len(sentence.split()) < _A_TAUNT
        case SignalName.VALIDATES:
            return phrases("compliment").stands_in(prose(sentence))
        case SignalName.DISMISSES_FEELING:
            return phrases("feels_with").stands_in(prose(sentence))
        case SignalName.DEFLECTS if phrases("honest_limit").stands_in(prose(sentence)):
            return True
        case SignalName.PASSIVE_PROMISE:
            return phrases("describes").stands_in(prose(sentence))
        case _:
            return _CONTRARY.get(name) in found


def _about(name: SignalName, quote: str) -> str | None:
    """The time that is promised, where it can be told."""
    text = prose(quote)
    times = phrases("time").find(text) if name is SignalName.GIVES_TIME else ()
    return next((text.span(time).quote for time in times), None)


def read_signal_heads(path: Path) -> SignalHeads:
    """Weights from a file.

    Raises:
        ValueError: they were made for another list of signals.
    """
    with np.load(path, allow_pickle=False) as file:
        if [str(name) for name in file["names"]] != list(HEADS):
            raise ValueError(f"{path} was trained for other signals; run python -m training.fit_signals")
        return SignalHeads(str(file["version"]), file["weights"].astype(np.float64), file["bias"].astype(np.float64))


@cache
def shipped_signal_heads() -> SignalHeads:
    """The weights that come with the package, read when first needed."""
    with as_file(files("simulator.assessment").joinpath("signals.npz")) as path:
        return read_signal_heads(path)
