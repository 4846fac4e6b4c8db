"""What a reply observably does: the catalogue of signals, and `read`, which finds them with the words that show them.

Apart from the rater because signals move the customer and must be ready in milliseconds, without any model.
"""

from collections.abc import Mapping

from simulator.assessment.clarity import read_clarity
from simulator.assessment.critical import critical_errors
from simulator.assessment.lexical import clause_end, read_words
from simulator.assessment.phrases import phrases
from simulator.assessment.prose import Found, Prose
from simulator.assessment.questions import read_questions, read_repeats
from simulator.assessment.scene import Finds, Known, Scene
from simulator.assessment.structure import at_stake, read_structure
from simulator.ports import Exchange
from simulator.vocabulary import CriticalError, Signal, SignalName, Value

__all__ = ["CATALOGUE", "Definition", "Known", "Reading", "read"]


class Definition(Value):
    """What a signal is, which dimension it speaks for, and whether a customer is glad of it."""

    dimension: str | None
    """The dimension of the rubric it is evidence for; None: none by itself."""
    wanted: bool
    """True: it supports a high level; False: a low one."""
    text: str
    """The reply ..."""


class Reading(Value):
    """What was seen in one reply."""

    signals: tuple[Signal, ...]
    """In the order of their words."""
    critical: tuple[CriticalError, ...]


def _define(dimension: str | None, wanted: bool, texts: Mapping[SignalName, str]) -> dict[SignalName, Definition]:
    return {name: Definition(dimension=dimension, wanted=wanted, text=text) for name, text in texts.items()}


CATALOGUE: Mapping[SignalName, Definition] = {
    **_define(
        "empathy",
        True,
        {
            SignalName.NAMES_FEELING: "names the customer's feeling, or how the thing must feel, in words of its own",
            SignalName.VALIDATES: "treats the feeling or the demand as reasonable",
            SignalName.SPEAKS_TO_MEANING: "speaks to what it means for this person: the child, the lost day",
            SignalName.SINCERE_APOLOGY: "apologises in the first person for the thing itself",
            SignalName.GIVES_PACE: "gives time and company: no hurry, one thing at a time, I am here",
            SignalName.CHECKS_SAFETY: "makes sure that the customer and those with them are safe",
        },
    ),
    **_define(
        "empathy",
        False,
        {
            SignalName.STOCK_PHRASE: "uses a ready-made phrase that fits any customer",
            SignalName.TAKES_BACK: "acknowledges and takes it back at once with a but",
            SignalName.DISMISSES_FEELING: "plays the feeling down, or tells the customer to calm down",
            SignalName.BLAMES_CUSTOMER: "puts it down to what the customer did or failed to do",
            SignalName.INSULTS: "mocks or insults the customer, or doubts their word",
        },
    ),
    **_define(
        "ownership",
        True,
        {
            SignalName.ACCEPTS_RESPONSIBILITY: "says that the mistake is the company's or the agent's own",
            SignalName.OFFERS_HELP: "agrees to help in the first person, without a concrete step",
            SignalName.COMMITS_ACTION: "says in the first person what exactly will be done, or reports it done",
            SignalName.GIVES_TIME: "says by when the thing it commits to will be done",
            SignalName.GIVES_CALLBACK: "gives a safety net: calls back, stays on the line, can be reached",
            SignalName.CHECKS_IT_WORKED: "checks with the customer that it worked, or says how it will be checked",
        },
    ),
    **_define(
        "ownership",
        False,
        {
            SignalName.DEFLECTS: "says that somebody or something else is responsible, or that nothing can be done",
            SignalName.HIDES_BEHIND_POLICY: "gives a rule in place of an answer",
            SignalName.HANDS_OFF: "gives the work to the customer or to another desk",
            SignalName.PASSIVE_PROMISE: "promises in the passive or for somebody unnamed",
            SignalName.ENDS_CONTACT: "ends the contact before the customer is done",
            SignalName.PUTS_ON_HOLD: "puts the customer on hold",
            SignalName.STAYS_SILENT: "leaves the customer in silence",
            SignalName.TRANSFERS: "hands the contact to someone else",
        },
    ),
    **_define(
        "active_listening",
        True,
        {
            SignalName.REFLECTS_DETAIL: "gives back details of what the customer said, with something made of them",
            SignalName.CHECKS_UNDERSTANDING: "checks whether it has understood",
            SignalName.ASKS_OPEN: "asks an open question that builds on what was said",
            SignalName.ASKS_DETAIL: "asks a relevant new question",
            SignalName.ONE_STEP: "gives one thing to do, and only one",
        },
    ),
    **_define(
        "active_listening",
        False,
        {
            SignalName.ASKS_AGAIN: "asks for what the customer has already said",
            SignalName.PARROTS: "says the customer's words back with nothing done to them",
            SignalName.TELLS: "lectures or explains the process instead of answering",
            SignalName.OVERLOADS: "says or asks too much at once for this customer",
            SignalName.USES_JARGON: "uses terms of the trade without explaining them",
        },
    ),
    **_define(
        None, False, {SignalName.ADDRESSES_MACHINE: "has words meant for whoever scores it and not for the customer"}
    ),
}
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
