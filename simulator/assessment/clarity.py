"""Signals of how a reply is built: too much at once, one step, words of the trade.

Apart because these look at the reply's shape and the customer's mood, and at nothing that was said.
"""

from simulator.assessment.lexical import before
from simulator.assessment.lexicon import words
from simulator.assessment.phrases import phrases
from simulator.assessment.prose import Found, Prose
from simulator.assessment.scene import Finds, Scene
from simulator.vocabulary import Mood, SignalName

_FRAGILE = (Mood.CONFUSED, Mood.DISTRESSED)
_LONG_FOR_FRAGILE = 90
_LONG = 120
_MANY = 4
_SHORT = 40
_LETTERS_OF_SHORT_FORM = range(2, 6)


def read_clarity(scene: Scene, finds: Finds) -> None:
    """Add to `finds` overload, the single step, and jargon."""
    finds[SignalName.OVERLOADS] = _overload(scene)
    finds[SignalName.ONE_STEP] = [] if finds[SignalName.OVERLOADS] else _single_step(scene, finds)
    finds[SignalName.USES_JARGON] = _jargon(scene)


def _steps(reply: Prose) -> list[Found]:
    """Things the customer is told to do: clauses that begin with a plain verb."""
    return [place for place in phrases("step").find(reply) if not before(reply, place.first)]


def _overload(scene: Scene) -> list[Found]:
    """The whole reply, where it is too long for this mood or asks for too much at once."""
    reply, fragile = scene.reply, scene.exchange.mood in _FRAGILE
    length = sum(word.text[0].isalnum() for word in reply.words)
    questions = sum(map(reply.is_question, reply.sentences))
    many = len(_steps(reply)) >= _MANY or (fragile and questions >= _MANY)
    too_long = length > (_LONG_FOR_FRAGILE if fragile else _LONG)
    return [Found(0, len(reply.words))] if many or too_long else []


def _single_step(scene: Scene, finds: Finds) -> list[Found]:
    """One thing to do, said as one: by its words, or a short reply to a fragile customer with just one."""
    reply = scene.reply
    said = phrases("one_step").find(reply)
    if said or len(reply.words) > _SHORT or scene.exchange.mood not in _FRAGILE:
        return said
    steps = _steps(reply)
    pushed = any(finds[name] for name in (SignalName.HANDS_OFF, SignalName.DISMISSES_FEELING, SignalName.TELLS))
    return steps if len(steps) == 1 and not pushed else []


def _jargon(scene: Scene) -> list[Found]:
    """Short forms in capitals and terms of the trade that the customer did not use and nobody explains beside them."""
    reply = scene.reply
    if _is_shouted(reply.text):
        return []
    heard = frozenset().union(*(text.vocabulary for text in scene.customer))
    explained = {reply.sentence_of(place.first) for place in phrases("explains").find(reply)}
    return [
        Found(at, at + 1)
        for at, word in enumerate(reply.words)
        if word.text not in heard and _is_jargon(reply, at) and reply.sentence_of(at) not in explained
    ]


def _is_shouted(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum(map(str.isupper, letters)) > len(letters)


def _is_jargon(reply: Prose, at: int) -> bool:
    word = reply.words[at]
    return word.text in words("trade_terms") or (word.text not in words("short_forms") and _is_short_form(reply, at))


def _is_short_form(reply: Prose, at: int) -> bool:
    """True for a few capitals on their own; part of a code, or a common word that is shouted, is none."""
    _, start, end = reply.words[at]
    raw = reply.text[start:end]
    in_code = not {reply.text[end : end + 1], reply.text[max(0, start - 1) : start]}.isdisjoint("-:_/0123456789")
    shouted = reply.words[at].text in words("stopwords") or (len(raw) >= 4 and any(vowel in raw for vowel in "AEIOU"))
    return raw.isalpha() and raw.isupper() and len(raw) in _LETTERS_OF_SHORT_FORM and not in_code and not shouted
