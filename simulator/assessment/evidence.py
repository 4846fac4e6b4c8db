"""Which words support a level: good signals a high one, bad signals a low one, an unanswered line a silence.

Apart from the rater because it chooses among signals already found, and makes no number.
"""

from collections.abc import Iterator, Mapping

from simulator.assessment.prose import Found, Prose, prose
from simulator.assessment.signals import CATALOGUE, Reading
from simulator.ports import Exchange
from simulator.vocabulary import Evidence, Signal, SignalName

_MISSING: Mapping[str, SignalName] = {
    "empathy": SignalName.NAMES_FEELING,
    "ownership": SignalName.COMMITS_ACTION,
    "active_listening": SignalName.REFLECTS_DETAIL,
}
"""What a customer's line went without, where a low level has no bad words to quote."""
_MOST = 3
_LOW = 2
_HIGH = 4


def evidence(exchange: Exchange, reading: Reading, levels: Mapping[str, int | None], turn: int) -> tuple[Evidence, ...]:
    """Verbatim words behind each level, at most three for a dimension; none where the level is None or unexplained.

    Args:
        exchange: The reply and what was said before it.
        reading: What was seen in the reply.
        levels: Level by dimension, 1 to 5 or None.
        turn: Number of the reply's turn; the customer's last line is of the turn before.
    """
    found: list[Evidence] = []
    for dimension, level in levels.items():
        if level is None:
            continue
        quoted = list(_quoted(reading, dimension, level, turn))[:_MOST]
        found += quoted or list(_unanswered(exchange, dimension, level, turn))
    return tuple(found)


def _quoted(reading: Reading, dimension: str, level: int, turn: int) -> Iterator[Evidence]:
    seen: set[tuple[SignalName, int]] = set()
    for signal in _supporting(reading, dimension, level):
        span = signal.span
        if span is None or (signal.name, span.start) in seen:
            continue
        seen.add((signal.name, span.start))
        yield Evidence(
            dimension=dimension,
            signal=signal.name,
            quote=span.quote,
            turn=turn,
            speaker="trainee",
            start=span.start,
            end=span.end,
        )


def _supporting(reading: Reading, dimension: str, level: int) -> list[Signal]:
    """Good signals for a high level, bad ones for a low level, both for the middle; words for a machine never help."""
    about = [signal for signal in reading.signals if CATALOGUE[signal.name].dimension == dimension]
    good = [signal for signal in about if CATALOGUE[signal.name].wanted]
    bad = [signal for signal in about if not CATALOGUE[signal.name].wanted]
    if level >= _HIGH:
        return good
    if level > _LOW:
        return good + bad
    return bad + [signal for signal in reading.signals if signal.name is SignalName.ADDRESSES_MACHINE]


def _unanswered(exchange: Exchange, dimension: str, level: int, turn: int) -> Iterator[Evidence]:
    """The sentence of the customer's last line that a low level left without an answer."""
    last = exchange.history[-1] if exchange.history else None
    if level > _LOW or last is None or last.speaker != "customer" or not (said := prose(last.text)).sentences:
        return
    span = said.span(_weightiest(said))
    yield Evidence(
        dimension=dimension,
        signal=_MISSING[dimension],
        quote=span.quote,
        turn=max(0, turn - 1),
        speaker="customer",
        start=span.start,
        end=span.end,
    )


def _weightiest(said: Prose) -> Found:
    """The longest sentence: where most was said that nobody answered."""
    return max(said.sentences, key=lambda sentence: sentence.last - sentence.first)
