"""Which words support a level: good signals a high one, bad signals a low one, an unanswered line a silence.

Evidence is no decoration: a high level quotes only words without which it would be lower. Apart from the rater because
it chooses among signals already found, and makes no number.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from simulator.assessment.catalogue import CATALOGUE
from simulator.assessment.meaning import content
from simulator.assessment.prose import Found, Prose, prose
from simulator.assessment.signals import Reading, read
from simulator.ports import Exchange
from simulator.vocabulary import Evidence, Signal, SignalName, Span

_MISSING: Mapping[str, SignalName] = {
    "empathy": SignalName.NAMES_FEELING,
    "ownership": SignalName.COMMITS_ACTION,
    "active_listening": SignalName.REFLECTS_DETAIL,
}
"""What a customer's line went without, where a low level has no bad words to quote."""
_ANSWERS = frozenset("yes yeah yep no nope correct exactly right".split())
_BARE_ANSWER = 4
"""Words up to which a reply to a question may be its answer."""
_MOST = 3
_LOW = 2
HIGH = 4
"""Level from which on the words quoted are those that it rests on."""
_CARRIES = 0.05
"""Words carry a level if it would be this much lower without them."""

Drop = Callable[[str, Span], float]
"""How much lower the expected level of a dimension would be without some words."""


def evidence(
    exchange: Exchange, reading: Reading, levels: Mapping[str, int | None], turn: int, drop: Drop
) -> tuple[Evidence, ...]:
    """Verbatim words behind each level, at most three for a dimension; none where the level is None or unexplained.

    Args:
        exchange: The reply and what was said before it.
        reading: What was seen in the reply.
        levels: Level by dimension, 1 to 5 or None.
        turn: Number of the reply's turn; the customer's last line is of the turn before.
        drop: What words are worth for a dimension.
    """
    found: list[Evidence] = []
    for dimension, level in levels.items():
        if level is None:
            continue
        signals = _supporting(reading, dimension, level)
        if level >= HIGH:
            signals = _carrying(signals, dimension, drop)
        quoted = list(_quoted(signals, dimension, turn))[:_MOST]
        found += quoted or list(_unanswered(exchange, dimension, level, turn))
    return tuple(found)


def _carrying(signals: list[Signal], dimension: str, drop: Drop) -> list[Signal]:
    """The signals whose words the level rests on, the weightiest first."""
    worth = [(drop(dimension, signal.span), signal) for signal in signals if signal.span]
    return [signal for fall, signal in sorted(worth, key=lambda one: -one[0]) if fall >= _CARRIES]


def _quoted(signals: list[Signal], dimension: str, turn: int) -> Iterator[Evidence]:
    seen: set[tuple[SignalName, int]] = set()
    for signal in signals:
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
    """Good signals for a high level, bad ones for a low level, both for the middle."""
    about = [signal for signal in reading.signals if CATALOGUE[signal.name].dimension == dimension]
    good = [signal for signal in about if CATALOGUE[signal.name].wanted]
    bad = [signal for signal in about if not CATALOGUE[signal.name].wanted]
    if level >= HIGH:
        return good
    if level > _LOW:
        return good + bad
    return bad


def _unanswered(exchange: Exchange, dimension: str, level: int, turn: int) -> Iterator[Evidence]:
    """The longest sentence of the customer's last line that a low level left aside: none if all were taken up."""
    last = exchange.history[-1] if exchange.history else None
    if level > _LOW or last is None or last.speaker != "customer":
        return
    said, reply = prose(last.text), prose(exchange.reply)
    ignored = [sentence for sentence in said.sentences if _is_ignored(said, sentence, reply)]
    if not ignored:
        return
    span = said.span(max(ignored, key=lambda sentence: sentence.last - sentence.first))
    yield Evidence(
        dimension=dimension,
        signal=_MISSING[dimension],
        quote=span.quote,
        turn=max(0, turn - 1),
        speaker="customer",
        start=span.start,
        end=span.end,
    )


def _is_ignored(said: Prose, sentence: Found, reply: Prose) -> bool:
    """True if a reply has no word of a sentence, and is not one that answers a question as it stands."""
    if not content(said, sentence) or not content(said, sentence).isdisjoint(content(reply)):
        return False
    answer = reply.spoken()
    return not said.is_question(sentence) or not ((answer[:1] and answer[0] in _ANSWERS) or len(answer) <= _BARE_ANSWER)


def placed(words: Iterable[Evidence], reply: str) -> Iterator[Evidence]:
    """Evidence from a part of a reply, where its words stand in the whole."""
    for one in words:
        start = reply.find(one.quote) if one.speaker == "trainee" else one.start
        if start >= 0:
            yield one.model_copy(update={"start": start, "end": start + len(one.quote)})


def put_in_for_show(
    exchange: Exchange,
    places: Mapping[SignalName, tuple[tuple[int, int], ...]],
    levels: Mapping[str, int | None],
    turn: int,
) -> Iterator[Evidence]:
    """Words that were left out of the rating, quoted where the level is not high: so it can be seen what did not count.

    Args:
        exchange: With the reply they stand in.
        places: Spans of its characters, by what they were taken for.
        levels: Level by dimension, 1 to 5 or None.
        turn: Number of the reply's turn.
    """
    for name, spans in places.items():
        dimension = CATALOGUE[name].dimension
        level = levels.get(dimension or "")
        if dimension is None or level is None or level >= HIGH:
            continue
        for start, end in spans[:1]:
            span = Span(quote=exchange.reply[start:end], start=start, end=end)
            yield from _quoted([Signal(name=name, span=span)], dimension, turn)


def machine_talk(exchange: Exchange, levels: Mapping[str, int | None], turn: int) -> Iterator[Evidence]:
    """Words for whoever scores, quoted wherever the level is low: they serve no customer."""
    talk = [signal for signal in read(exchange).signals if signal.name is SignalName.ADDRESSES_MACHINE]
    for dimension, level in levels.items():
        if level is not None and level <= _LOW:
            yield from list(_quoted(talk, dimension, turn))[:1]
