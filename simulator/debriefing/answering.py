"""What a customer asked or demanded last, and whether words could be an answer to it.

Apart from the rater's evidence, which asks whether a sentence was taken up at all: here a debrief is about to say "left
unanswered", or to offer a line in an answer's place, and would rather say nothing than be wrong.
"""

import re

from simulator.customer.hearing import content_stems, is_question, plain, sentences, words

_DEMANDS = re.compile(
    r"^(?:please,? |just |now,? |and |then |so |no,? )*(?:put|give|tell|get|do|don't|stop|fix|change|keep|send|let|show"
    r"|say|explain|ring|call|cancel|hold|make|promise|read|take|hurry|help)\b|\bi want\b|\bi need you to\b|\bplease\b"
)
_YES_OR_NO = re.compile(
    r"^(?:(?:and|so|but|well|then|now|if it goes,?)\W+)*(?:is|are|am|was|were|do|does|did|can|could|will|would|shall"
    r"|should|have|has|had|may|might)\b"
)
_SAYS_WHICH = re.compile(
    r"\b(?:yes|no|nothing|not|never|nobody|certainly|absolutely|of course|agreed|promise|i (?:can|will|do|am|have)|me"
    r"|don't|won't|can't|it (?:is|does|will|stays)|correct|done|booked|you (?:can|do|will|needn't))\b"
)
_ALL_IS_STOCK = re.compile(
    r"\b(?:inconvenience|valu(?:e|ed|able)|satisfaction|important to us|committ?(?:ed|ment)|journey|priority|appreciate"
    r"|patience|feedback|rest assured|dedicat\w+|reaching out|team|transfer|hold on|bear with|policy|not my)\b"
)
_TAG = re.compile(
    r"\b(?:is|isn't|are|aren't|was|wasn't|do|don't|did|didn't|can|will|won't) (?:it|you|that|they|he|she)\W*$"
)
"""A question asked by its last words, with or without its mark."""
_BARE_ANSWER = 6
_SAYS_LITTLE = content_stems(
    "put get got look see make sense say said tell thing things anything something like right okay ok good fine yes no"
    " please thank thanks sorry now here there then again come go going one more much don't won't can't let"
)
_TIMES = content_stems("minute minutes hour hours second today tonight tomorrow day time moment quarter half noon")


def asks(sentence: str) -> bool:
    """Whether a customer's sentence wants an answer: a question."""
    return sentence.rstrip().endswith("?")


def wants(line: str) -> tuple[str, ...]:
    """The questions and demands in a customer's line, in order."""
    return tuple(one for one in sentences(line) if asks(one) or (_DEMANDS.search(plain(one)) and len(words(one)) > 1))


def may_answer(question: str, reply: str) -> bool:
    """Whether anything in a reply could answer a question: False only where that can be ruled out by its words.

    It is ruled out where the reply shares no word with the question, says neither yes nor no to one that asks for it,
    and every other sentence in it is a question or an empty phrase.
    """
    said = [one for one in sentences(reply) if not one.rstrip().endswith("?")]
    if not content_stems(question).isdisjoint(content_stems(" ".join(said))):
        return True
    if any(len(words(one)) <= _BARE_ANSWER for one in said[:1]):
        return True
    if _YES_OR_NO.search(plain(question)):
        return any(_SAYS_WHICH.search(plain(one)) for one in said)
    return any(not _ALL_IS_STOCK.search(plain(one)) for one in said)


def asks_back(line: str, reply: str) -> bool:
    """Whether a reply only asks about what a customer's line spoke of, as who needs it for an answer does."""
    asking = all(is_question(one) for one in sentences(reply))
    return asking and not content_stems(line).isdisjoint(content_stems(reply))


def takes_up(line: str, wanted: str) -> bool:
    """Whether a line goes into a question or demand: it shares two of its words that carry a topic, or all of them."""
    topic = topics(wanted)
    shared = topic & topics(line)
    return bool(topic) and len(shared) >= min(2, len(topic))


def topics(text: str) -> frozenset[str]:
    """Stems of the words that say what a text is about: no small numbers, no words for a time."""
    return frozenset(stem for stem in content_stems(text) if not (stem.isdigit() and len(stem) < 3)) - _TIMES


def matter_of(text: str) -> frozenset[str]:
    """What a customer's answer may take up of a reply: its topics and clock times, but no word that goes with all."""
    return frozenset(one for one in content_stems(text) if not (one.isdigit() and len(one) < 3)) - _SAYS_LITTLE


def is_open(reply: str) -> bool:
    """Whether a reply ends by giving the word to the customer, so that nothing can be added to it."""
    last = sentences(reply)[-1:]
    return bool(last) and (is_question(last[0]) or bool(_TAG.search(plain(last[0]))))
