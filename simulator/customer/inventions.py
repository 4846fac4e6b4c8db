"""Details of a line that nobody has mentioned: numbers, dates, names and people of one's life. Apart from details,
because what is new is a question of the words alone, and is asked of every line a model writes."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from simulator.customer.details import CALENDAR, names_in, numbers_in
from simulator.customer.hearing import plain, sentences

_NEVER_A_CLAIM = 2
"""Up to here a number is a way of speaking: one moment, a couple."""
_KIN = (
    frozenset("wife husband partner spouse fiance fiancee girlfriend boyfriend missus".split()),
    frozenset("son daughter boy girl lad child children kid kids baby babies twins toddler".split()),
    frozenset("mother mum mam mom mummy ma parents".split()),
    frozenset("father dad daddy da parents".split()),
    frozenset("brother sister twin siblings".split()),
    frozenset("grandson granddaughter grandchild grandchildren grandkids".split()),
    frozenset("grandmother grandfather gran nan nana granny grandad grandpa".split()),
    frozenset("aunt uncle cousin nephew niece".split()),
)
"""Words for the people of one's life that may mean the same person. One has them or not: nobody makes them up."""
_MY_KIN = re.compile(
    r"\bmy (?:(?:own|little|poor|late|dear|elderly|older|younger|eldest|youngest|ex) )?"
    rf"({'|'.join(sorted(frozenset().union(*_KIN)))})\b"
)
_MAY = re.compile(
    r"(?i:\b(?:\d{1,2}(?:st|nd|rd|th)?|\w*(?:first|second|third|th))(?: of)? may\b(?! (?:be|not|have)\b)|\bmay \d)"
    r"|\b(?:in|last|next|since|until|till|by|early|late|mid|of) May\b"
)
"""May as a month."""
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_DAY_IN_WORDS = re.compile(rf"\b({'|'.join(_ORDINALS)}) (?:of )?(?:{'|'.join(sorted(CALENDAR))}|may)\b")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Doctor|Professor|Sergeant)\.? ([A-Z][a-z\u00df-\u00ff]{2,})\b")
_DOES = re.compile(
    r"(?:And |But |So |Then |Because )?([A-Z][a-z\u00df-\u00ff]{2,}) "
    r"(?:told|promised|rang|called|hung|cut|quoted|assured|wrote|spoke|swore|answered|(?:was|is|at|from|in) your)\b"
)
_NO_PEOPLE = frozenset(
    "you they she who nobody somebody someone anyone everyone people what that this which one two three another "
    "neither both all some many each none first last then there never just only whoever and but because the your "
    "yesterday".split()
)


class _Known(NamedTuple):
    numbers: frozenset[str]
    words: frozenset[str]
    may: bool
    """Whether the month is named."""


@lru_cache(maxsize=64)
def _known_in(text: str) -> _Known:
    """Kept, because most of what is known stays the same from line to line."""
    numbers = frozenset((*numbers_in(text), *_days(text)))
    return _Known(numbers, frozenset(re.findall(r"\w+", plain(text))), _MAY.search(text) is not None)


def unknown_details(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Numbers, days, months, names and kin in `text` that no text of `known` has, as they stand or as digits."""
    heard = [_known_in(each) for each in known]
    numbers = frozenset[str]().union(*(each.numbers for each in heard))
    spoken = frozenset[str]().union(*(each.words for each in heard))
    invented = [number for number in (*numbers_in(text), *_days(text)) if number not in numbers and not _small(number)]
    invented += [word for word in re.findall(r"\w+", plain(text)) if word in CALENDAR - spoken]
    invented += ["May"] if _MAY.search(text) and not any(each.may for each in heard) else []
    invented += [name for name in (*names_in(text), *_people(text)) if plain(name).removesuffix("'s") not in spoken]
    return (*invented, *(f"my {kin}" for kin in _MY_KIN.findall(plain(text)) if spoken.isdisjoint(_kin_of(kin))))


def _small(number: str) -> bool:
    return number.isdigit() and int(number) <= _NEVER_A_CLAIM


def _days(text: str) -> tuple[str, ...]:
    """Days of dates in words: "the third of March"."""
    return tuple(str(_ORDINALS.index(day) + 1) for day in _DAY_IN_WORDS.findall(plain(text)))


def _people(text: str) -> Iterator[str]:
    """Names that a title or a verb betrays, also where a sentence begins with them."""
    yield from _TITLED.findall(text)
    for sentence in sentences(text):
        if (found := _DOES.match(sentence)) and plain(found.group(1)) not in _NO_PEOPLE:
            yield found.group(1)


def _kin_of(word: str) -> frozenset[str]:
    """Every word for somebody who may be meant by this one."""
    return next(group for group in _KIN if word in group)
