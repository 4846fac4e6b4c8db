"""Replies that stray from the customer: the trainee's own life, how one ought to do things in general, speeches.

Apart from the other talk because customers and debriefs go by the same words, and both would rather miss some than
take an answer for a lecture.
"""

import re

from simulator.customer.hearing import plain, words

_KIN = (
    r"(?:nan|nana|gran|granny|grandma|grandad|grandpa|mum|mother|dad|father|husband|wife|sister|brother|son|daughter"
    r"|kids|cousin|aunt|uncle|neighbour|flatmate|mate|best friend|dog|cat)"
)
_ONCE = (
    r"(?:last (?:year|month|week|winter|summer|time)|once|years? ago|when i (?:got|was|had|moved|started)"
    r"|in (?:january|february|march|april|may|june|july|august|september|october|november|december))"
)
_OWN = re.compile(
    rf"\bmy (?:own )?{_KIN}\b(?! (?:number|line|code)\b)|\blong (?:shift|day|night)\b[^.]*\b(?:here|too|for me)\b"
    r"|\bi've got a queue\b|\bmine (?:does|did|has|had|always|keeps) \w+|\b(?:mate|friend|colleague) of mine\b"
    r"|\bi was just (?:reading|eating|having|looking at my)\b|\bi'm (?:shaking|exhausted|so tired|new here)\b"
    r"|\bi (?:had|got|bought|missed|lost|broke|went|did|spent|moved) (?!(?:you|your|that|it|a look|a word|through)\b)"
    rf"[^.?!]*\b{_ONCE}\b"
    r"|\b(?:happened|same thing) (?:to|with) me\b|\bwhen i got (?:married|divorced)\b|\bthat's what i (?:always )?do\b"
    r"|\bon mine anyway\b"
    r"|\blike a schoolgirl\b|\bmy colleague's waving\b|\bi only did a\b|\bi do go on\b"
)
_LECTURES = re.compile(
    r"\byou (?:really )?should (?:always|never(?! have)|keep|really)\b"
    r"|\byou should have (?:paid|read|checked|rung|called|looked|kept|asked|said|known|written|saved|waited|thought)\b"
    r"|\bi(?:'d| would) (?:say|tell) that to any(?:one|body)\b|\balways worth (?:a|\w+ing)\b"
    r"|\bthen you wouldn't be\b|\bin future,? (?:do|please|always|read|check)\b|\byou have to (?:relax|learn)\b"
    r"|\bnext time,? (?:read|check|look|try|make sure|please)\b"
    r"|\bpeople (?:often (?:confuse|think|mistake)|(?:really |all )?(?:should|ought to))\b"
    r"|\bthe lesson\b|\bworth remembering\b|\bthe principle is\b|\bmy (?:professional )?advice\b"
    r"|\byou (?:need|have) to (?:understand|realise|realize|appreciate)\b"
)
_OF_ONESELF = frozenset("i i've i'd i'm my me myself mine".split())
_OF_THEM = frozenset("you you're you've you'd your yours".split())
_UNDERTAKES = re.compile(
    r"\b(?:i'll|i will|i can(?! (?:tell|say|see|imagine|understand)))\b"
    r"|\b(?:(?:i'm|i am) (?!talking|saying|telling|being|having|feeling)\w+ing)\b"
    r"|\b(?:i've (?:just|now)|let me(?! (?:tell|say))|we'll|we can)\b"
)
_LONG = 30
"""Words from which a reply without an undertaking or a question can be a speech."""
_OWN_WORDS = 4
"""Mentions of oneself from which a long reply is about the one who speaks."""
_VERY_LONG = 45


def of_oneself(sentence: str) -> bool:
    """Whether a sentence turns to the trainee's own life or desk."""
    return bool(_OWN.search(plain(sentence)))


def lectures(sentence: str) -> bool:
    """Whether a sentence tells the customer how one ought to do such things, now that it is too late."""
    return bool(_LECTURES.search(plain(sentence)))


def holds_forth(reply: str) -> bool:
    """Whether a reply is a speech: long, without a question or an undertaking, about oneself or about no one here."""
    said = words(reply)
    if len(said) < _LONG or "?" in reply or _UNDERTAKES.search(plain(reply)):
        return False
    own, theirs = sum(word in _OF_ONESELF for word in said), sum(word in _OF_THEM for word in said)
    return own >= max(_OWN_WORDS, 2 * theirs) or (len(said) >= _VERY_LONG and theirs == 0)
