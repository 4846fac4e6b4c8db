"""What a reply observably does: `read` finds the signals of the catalogue, each with the words that show it.

Apart from the rater because signals move the customer and must be ready in milliseconds, without any model.
"""

from simulator.assessment.catalogue import CATALOGUE
from simulator.assessment.clarity import read_clarity
from simulator.assessment.critical import critical_errors
from simulator.assessment.lexical import clause_end, read_words
from simulator.assessment.phrases import phrases
from simulator.assessment.prose import Found, Prose
from simulator.assessment.questions import read_questions, read_repeats
from simulator.assessment.scene import Finds, Known, Scene
from simulator.assessment.structure import at_stake, read_structure
from simulator.ports import Exchange
from simulator.vocabulary import MAX_REPLY_CHARACTERS, CriticalError, Signal, SignalName, Value

__all__ = ["Known", "Reading", "read"]


class Reading(Value):
    """What was seen in one reply."""

    signals: tuple[Signal, ...]
    """In the order of their words."""
    critical: tuple[CriticalError, ...]


_QUOTES_CLAUSE = frozenset(name for name, what in CATALOGUE.items() if what.wanted)
_LONGEST_QUOTE = 24
_TAIL = 5


def read(exchange: Exchange, known: Known | None = None) -> Reading:
    """The signals of a reply in the light of what was said before, each with its words. Pure.

    Acts beside the words (hold, silence, transfer) are not seen here: whoever journals the act makes their signal.
    """
    scene = Scene(exchange, known or Known())
    finds = read_words(scene)
    finds[SignalName.ASKS_AGAIN] = read_repeats(scene)
    read_structure(scene, finds)
    read_questions(scene, finds)
    read_clarity(scene, finds)
    _discount_machine_talk(finds)
    ordered = sorted((place, name) for name, places in finds.items() for place in places)
    signals = tuple(_signal(scene, name, place) for place, name in ordered)
    return Reading(signals=signals, critical=critical_errors(scene, finds))


def _discount_machine_talk(finds: Finds) -> None:
    """Nothing good is done for a customer in words that are meant for a machine."""
    talk = finds[SignalName.ADDRESSES_MACHINE]
    for name, places in finds.items():
        if CATALOGUE[name].wanted:
            finds[name] = [place for place in places if not any(_within(place, sentence) for sentence in talk)]


def _signal(scene: Scene, name: SignalName, place: Found) -> Signal:
    span = scene.reply.span(_quoted(scene.reply, name, place))
    return Signal(name=name, span=span, about=_about(scene, name, place))


def _quoted(reply: Prose, name: SignalName, place: Found) -> Found:
    """The words to quote: a good thing with its clause; a bad one short, to its clause's end where that is near."""
    end = max(place.last, clause_end(reply, place.last - 1))
    if name in _QUOTES_CLAUSE:
        return Found(place.first, min(end, max(place.last, place.first + _LONGEST_QUOTE)))
    return Found(place.first, end if end - place.last <= _TAIL else place.last)


def _about(scene: Scene, name: SignalName, place: Found) -> str | None:
    """The time promised, or the customer's details a sentence gives back."""
    match name:
        case SignalName.GIVES_TIME:
            return next(
                scene.reply.span(time).quote for time in phrases("time").find(scene.reply) if _within(time, place)
            )
        case SignalName.REFLECTS_DETAIL:
            return ", ".join(scene.shared_words(place, scene.told))
        case SignalName.SPEAKS_TO_MEANING:
            return ", ".join(scene.shared_words(place, at_stake(scene)))
        case _:
            return None


def _within(inner: Found, outer: Found) -> bool:
    return outer.first <= inner.first < outer.last


def without_machine_talk(reply: str) -> str:
    """The reply less the sentences that are meant for whoever scores it."""
    scene = Scene(Exchange(reply=reply), Known())
    text = reply
    for place in reversed(read_words(scene)[SignalName.ADDRESSES_MACHINE]):
        start, end = scene.reply.words[place.first].start, scene.reply.words[place.last - 1].end
        text = f"{text[:start]}{text[end:]}"
    return text.strip()


def served(exchange: Exchange) -> Exchange:
    """The exchange with the reply as the customer is served by it: without words for whoever scores it."""
    return exchange.model_copy(update={"reply": without_machine_talk(exchange.reply[:MAX_REPLY_CHARACTERS])})
