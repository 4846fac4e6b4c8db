"""Times that are too good to be true: something is to be there in half the time that policy gives for it, or less.

Apart from the other doubts, because it is arithmetic: a plumber in ten minutes where the firm needs fifty, money on the
card tomorrow where it takes three days. When something is begun is the trainee's to say; only when it arrives is not.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from simulator.content.casting import fill
from simulator.content.material import Material
from simulator.customer.hearing import NUMBER_WORDS, content_stems, is_question, plain, sentences
from simulator.vocabulary import Value

_MINUTES = {"minute": 1, "min": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}
_NAMED = {
    "the next day": 24 * 60,
    "tomorrow": 24 * 60,
    "tonight": 12 * 60,
    "today": 12 * 60,
    "this afternoon": 6 * 60,
    "a quarter of an hour": 15,
}
_COUNTED = {"a": 1, "an": 1, "the": 1, "half an": 0.5, "a couple of": 2, "a few": 3, **NUMBER_WORDS}
_COUNT = rf"(?:\d+|{'|'.join(sorted(_COUNTED, key=len, reverse=True))})"
_LENGTH = (
    rf"({_COUNT})(?: (?:to|or) {_COUNT})? (?:short |little |more )?(?:working |business )?({'|'.join(_MINUTES)})s?\b"
)
_TAKES = re.compile(
    rf"\b(?:within|in|takes?|usually|about|around)(?: (?:about|around|usually))? {_LENGTH}|\b(the next day)\b"
)
_SAID = re.compile(
    rf"\b(?:in|within|inside|under|less than)(?: (?:about|around|just|only))? {_LENGTH}|\b({'|'.join(_NAMED)})\b"
)
_ARRIVES = re.compile(
    r"\b(?:be|is|are|it's|he's|she's|they're|i'll have|you'll have|you(?:'ll| will)? (?:get|have|see)) .{0,25}?"
    r"\b(?:there|here|with you|back|outside|at your|on your|in your|round)\b"
    r"|\b(?:arriv\w+|reach(?:es)? you|comes?|coming|get (?:you|there|to you)|have (?:it|them|him|her)|decided?)\b"
    r"|\b(?:get|bring) you an?\b|\bhave an? \w+ (?:there|to you|in|round)\b"
)
_WRITTEN = re.compile(r"\b(?:writing|e?-?mail|letter|message|text|confirmation|word)\b")
"""What tells of a thing is quicker than the thing."""
_POINTS_BACK = re.compile(r"\b(?:it|it's|it'll|he|he's|he'll|she|she's|she'll|they|they're|they'll|them|him|that)\b")
_CLAUSE_END = re.compile(r"(?:[.;:,]|,? and(?= (?:it|he|she|they|you|i|the)\b))\s+")
_HALF = 0.5
_AKIN = 5
"""Letters two longer words share at their beginning if they are about one thing: plumber and plumbing."""


class Pace(Value):
    """How long policy says that something takes."""

    about: frozenset[str]
    """Stems of what it is about."""
    minutes: float


def too_soon(reply: str, material: Material) -> Iterator[str]:
    """Sentences of a reply by which something arrives in half of the time that policy gives for it, or less."""
    paces = _paces(tuple(_told(rule, material) for rule in material.scenario.briefing.policy))
    subject: frozenset[str] = frozenset()
    for sentence in sentences(reply):
        for clause in _CLAUSE_END.split(plain(sentence)):
            own = content_stems(clause)
            about = subject if _POINTS_BACK.search(clause) else own
            if not is_question(sentence) and any(_beats(_promised(clause), about, pace) for pace in paces):
                yield sentence
                break
            subject = own or subject


def _promised(clause: str) -> float | None:
    """In how many minutes something is to be there, as the clause says outright; None where it does not."""
    if not _ARRIVES.search(clause) or _WRITTEN.search(clause):
        return None
    return min((_minutes(found) for found in _SAID.finditer(clause)), default=None)


def _beats(minutes: float | None, about: frozenset[str], pace: Pace) -> bool:
    return minutes is not None and minutes <= _HALF * pace.minutes and _same_thing(about, pace.about)


def _same_thing(about: frozenset[str], other: frozenset[str]) -> bool:
    return any(one == two or (len(one) >= _AKIN and one[:_AKIN] == two[:_AKIN]) for one in about for two in other)


def _told(rule: str, material: Material) -> str:
    """A rule with its slots filled, names after what they are names of: "plumber Kershaw & Sons can be there"."""
    named = {slot: f"{slot} {value}" for slot, value in material.slots.items() if value[:1].isupper()}
    return fill(rule, {**material.slots, **named})


@lru_cache(maxsize=16)
def _paces(policy: tuple[str, ...]) -> tuple[Pace, ...]:
    return tuple(pace for rule in policy for pace in _paces_in(rule))


def _paces_in(rule: str) -> Iterator[Pace]:
    """A clause that names nothing before its time is about what the clause before it was about."""
    subject: frozenset[str] = frozenset()
    for clause in re.split(r"(?:[.;]|, and)\s+", plain(rule)):
        found = _TAKES.search(clause)
        own = content_stems(clause[: found.start()] if found else clause)
        points_back = found is not None and _POINTS_BACK.match(clause) is not None
        subject = subject if points_back else own or subject
        if found:
            yield Pace(about=subject, minutes=_minutes(found))


def _minutes(found: re.Match[str]) -> float:
    count, unit, named = found.groups()
    if named:
        return _NAMED[named]
    return _MINUTES[unit] * float(_COUNTED.get(count, count))
