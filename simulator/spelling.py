"""What a mistyped word was meant to be, so that neither the customer nor a score minds how it is spelt.

Apart from hearing and assessment, which must read the same words. A word is changed only if it is not English, British
or American, and only by one slip: a letter too many, too few or wrong, or two of them in the wrong order.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spellchecker import SpellChecker

_SHORTEST = 4
"""Letters of the shortest word that is put right: of shorter ones too many lie near to each other."""
_COMMON = 300
"""How often a word stands in the dictionary's texts (1.6 billion words), to be what was meant."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…\n]\W*$|^\W*$")
_DOUBLED = re.compile(r"(.)\1")
_AMERICAN = (
    *(("is", "iz"), ("ys", "yz"), ("our", "or"), ("ll", "l"), ("tre", "ter"), ("bre", "ber"), ("ogue", "og")),
    *(("ae", "e"), ("oe", "e"), ("ence", "ense"), ("que", "ck"), ("mme", "m"), ("yre", "ire")),
)
_ALSO_WORDS = frozenset(
    "admin apps auth cafe cafes cert covid craic docx hoodies itll kerb kerbs landline landlines maths mins mould "
    "mouldy nana overpayments prob pyjamas rebilled rebooked redemptions resize tech texting triaged uber vape wifi "
    "actioned anyones callback callbacks chatbot dialled jewellery jewellers keyrings login logins mobile multi "
    "preorder rebook rebooking reschedule resend signup spreadsheet timeslot unsubscribe voicemail website".split()
)
"""Words of our calls that the dictionary lacks."""
_SHORT_FOR = frozenset(
    "dont doesnt didnt cant wont isnt arent wasnt werent hasnt havent hadnt couldnt wouldnt shouldnt mustnt neednt "
    "aint theres thats whats whos hows wheres heres lets youre youll youve youd weve theyre theyll theyve theyd "
    "itll thatll hes shes todays tomorrows tonights anyones everyones someones nobodys".split()
)
"""Words whose apostrophe was left out: everybody reads them, and a slip away stands another word."""


@dataclass(frozen=True)
class Respelt:
    """A text with its words as they were meant, and the way back to what was typed."""

    text: str
    _meant_at: tuple[int, ...] = (0,)
    _typed_at: tuple[int, ...] = (0,)

    def typed_at(self, at: int) -> int:
        """The character of the typed text that stands for character `at` of this one; rises with `at`."""
        piece = bisect_right(self._meant_at, at) - 1
        along = self._typed_at[piece] + at - self._meant_at[piece]
        return min(along, self._typed_at[piece + 1] - 1) if piece + 1 < len(self._typed_at) else along


def respelt(text: str, known: Set[str] = frozenset()) -> Respelt:
    """A text with what is misspelt put right, but for names.

    Args:
        text: As typed.
        known: Words in lower case that are left as they are: those of whoever was spoken to.
    """
    parts, meant_at, typed_at = [""], [0], [0]
    for match, word in _put_right(text, known):
        begins = meant_at[-1] + match.start() - typed_at[-1]
        parts += [text[typed_at[-1] : match.start()], word]
        meant_at += [begins, begins + len(word)]
        typed_at += [match.start(), match.end()]
    return Respelt("".join((*parts, text[typed_at[-1] :])), tuple(meant_at), tuple(typed_at))


def _put_right(text: str, known: Set[str]) -> Iterator[tuple[re.Match[str], str]]:
    for match in _WORD.finditer(text):
        typed = match[0]
        low = typed.lower()
        if low in known or may_be_name(text, match.start()) or (word := meant(low)) == low:
            continue
        yield match, word.capitalize() if typed[0].isupper() else word


def may_be_name(text: str, start: int) -> bool:
    """True for a word with a capital that opens no sentence."""
    return text[start].isupper() and not _SENTENCE_END.search(text[max(0, start - 4) : start])


@lru_cache(maxsize=8192)
def meant(word: str) -> str:
    """A word in lower case as it was meant: itself where it is one, is short, or is one slip away from none."""
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()) or word in _SHORT_FOR or _is_word(word):
        return word
    often = _dictionary()
    near = [other for other in _one_slip_away(word) if often.get(other, 0) >= _COMMON and other.isascii()]
    return max(near, key=lambda other: (_is_likely_slip(word, other), often[other], other), default=word)


def _is_word(word: str) -> bool:
    often = _dictionary()
    return word in often or word in _ALSO_WORDS or any(other in often for other in _in_american(word))


def _in_american(word: str) -> Iterator[str]:
    """A word in other spellings that it may be British for."""
    return (word.replace(british, american) for british, american in _AMERICAN if british in word)


def _is_likely_slip(word: str, other: str) -> tuple[bool, bool]:
    """Whether only the order or the doubling of letters differs, and whether the first letter is right."""
    same_letters = sorted(word) == sorted(other) or _DOUBLED.sub(r"\1", word) == _DOUBLED.sub(r"\1", other)
    return same_letters, word[0] == other[0]


def _one_slip_away(word: str) -> Set[str]:
    checker = _checker()
    return checker.edit_distance_1(word).union(*(checker.edit_distance_1(other) for other in _in_american(word)))


def _dictionary() -> Mapping[str, int]:
    return _checker().word_frequency.dictionary


@cache
def _checker() -> "SpellChecker":
    """The library's English dictionary, read from its file (a quarter of a second) when the first word is looked up."""
    from spellchecker import SpellChecker

    return SpellChecker(language="en", distance=1)
