"""Questions that put something forward: an offer, advice, a request. What policy forbids is done by them, too.

Apart from the promises, which a question does not make: "Shall I put the fare back?" waits for an answer, but "Shall I
add a free upgrade?" has held it out already, and "Could you read me the PIN?" has asked for it.
"""

import re

from simulator.customer.hearing import contains, plain, words

_OPENS = re.compile(
    r"^(?:(?:and|so|or|but|well|ok|okay|all right|right|now|then|first|also|please|sorry|sir|madam)\W+)*(?:"
    r"(?:can|could|would|will|can't|couldn't|won't) you(?! like| want| prefer| rather)"
    r"(?: be able to| be willing to| mind)?"
    r"|(?:shall|should|can|could|may|might) (?:i|we)"
    r"|(?:(?:would|do) you )?(?:like|want) (?:me|us) to"
    r"|(?:would|do) you (?:like|want)(?= (?:an?|another|some|one|two|three|half|\d+)\b)"
    r"|how about|what (?:about|if)|why (?:don't|not)|have you (?:thought (?:of|about)|considered)"
    r"|what(?:'s| is| are| was)(?= (?:your|the)\b)"
    r")\b(?: (?:i|we|you|he|she|they)\b)?"
)
"""The beginning of a question that offers, advises, or asks for a thing."""
_SOFTENS = re.compile(
    r"(?:\W*\b(?:please|just|kindly|maybe|perhaps|quickly|simply|then|also|now|possibly|at least|go ahead and|go and"
    r"|try to|try and)\b)*\W*"
)
_HANDS_OVER = re.compile(
    r"(?:giv|tell|read|send|shar|provid|confirm|mail|email|text|spell|have|get|take|offer)\w*"
    r"(?: (?:me|us|you|it|out|over|to|from))*\W*"
)
"""What is done with the thing, where the phrase only names the thing."""
_ASKS_WHETHER = re.compile(r"(?:be|manage|cope|do without|get by|see|hear|remember|afford|hold out|last|wait)\b")
"""What somebody is asked whether they are or can, and not asked to do."""
_NEAR = 2
"""Words that may stand beside those of the phrase."""


def puts_forward(clause: str, phrase: str) -> bool:
    """Whether a question offers, advises or requests what the phrase says, at once and not in some other connection.

    "Could you read me the code?" does, "Could you tell me who asked for the code?" does not.
    """
    opening = _OPENS.match(plain(clause))
    if opening is None:
        return False
    asked = clause[opening.end() :].lstrip()
    outright = asked[_end(_SOFTENS, asked) :]
    if _ASKS_WHETHER.match(plain(outright)):
        return False
    return any(_begins(text, phrase) for text in (asked, outright, outright[_end(_HANDS_OVER, outright) :]))


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(plain(text))
    return found.end() if found else 0


def _begins(text: str, phrase: str) -> bool:
    return contains(" ".join(words(text)[: len(words(phrase)) + _NEAR]), phrase)
