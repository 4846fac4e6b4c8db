"""Text as words in one spelling, with the way back to the characters they stand on.

Apart because every detector matches words (`i'll`, `Ill` and `I will` are one) yet must quote the text as it was typed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from simulator.assessment.lexicon import lists
from simulator.spelling import may_be_name, meant
from simulator.vocabulary import Span

_TOKEN = re.compile(r"[\w.+-]*@[\w-]+(?:\.\w+)*|\d+(?:[.:,]\d+)*|[^\W\d_]+(?:['-][^\W\d_]+)*|\.{2,}|\n+|[^\w\s]|_")
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "…": ".", "–": "-", "—": "-"}
)
_MARKS = {"-": ",", "(": ",", ")": ","}
_ENDS = frozenset(".!?;\n")

_SPELLING = {
    spelt: meant
    for line in lists()["[spelling]"]
    for spelts, _, meant in [line.partition(": ")]
    for spelt in spelts.split()
}
_ILL_IS_SICK_AFTER = frozenset(
    "is am are was were be been feel felt fell feeling so too very seriously the mentally got".split()
)


class Word(NamedTuple):
    """One word (or mark) in its one spelling, and the characters it stands on."""

    text: str
    start: int
    end: int


class Found(NamedTuple):
    """Words `first` to `last - 1` of a prose."""

    first: int
    last: int


def straight(text: str) -> str:
    """The text with typographic quotes and dashes made plain, in lower case, of the same length."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text.translate(_STRAIGHT))


def _spelt(raw: str, before: str, after: str, *, name: bool) -> str:
    if raw == "ill" and before not in _ILL_IS_SICK_AFTER and after[:1].isalpha():
        return "i will"
    if raw == "id" and after in ("be", "feel", "scream", "have", "hate", "love", "like", "want"):
        return "i would"
    if raw == "ur" and after not in ("right", "not", "so", "in", "on", "welcome"):
        return "your"
    known = _SPELLING.get(raw) or _SPELLING.get(short := _STRETCHED.sub(r"\1", raw))
    if known is None:
        known = short if name else meant(short)
        known = _SPELLING.get(known, known)
    return known


class Prose:
    """A text as words. Build it with `prose`, which remembers recent ones."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = tuple(self._read(straight(text), text))
        self.line = " ".join(word.text for word in self.words)
        """The words in one spelling, one space between two: what patterns are matched on."""
        starts = [0]
        for word in self.words:
            starts.append(starts[-1] + len(word.text) + 1)
        self._starts = starts
        self.vocabulary = frozenset(word.text for word in self.words)
        self.sentences = tuple(self._sentences())

    @staticmethod
    def _read(plain: str, typed: str) -> Iterator[Word]:
        tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(plain)]
        for at, (raw, start, end) in enumerate(tokens):
            if raw in _MARKS or raw[0] in ".\n":
                yield Word(_MARKS.get(raw, raw[0]), start, end)
                continue
            before = tokens[at - 1][0] if at else ""
            after = tokens[at + 1][0] if at + 1 < len(tokens) else ""
            for part in _spelt(raw, before, after, name=may_be_name(typed, start)).split():
                yield Word(part, start, end)

    def _sentences(self) -> Iterator[Found]:
        first, has_words = 0, False
        for at, word in enumerate(self.words):
            has_words = has_words or self._says(word)
            if word.text in _ENDS and has_words:
                yield Found(first, at + 1)
                first, has_words = at + 1, False
        if has_words:
            yield Found(first, len(self.words))

    @staticmethod
    def _says(word: Word) -> bool:
        return word.text[0].isalnum() or word.text in "£$€"

    def find(self, pattern: re.Pattern[str]) -> Iterator[Found]:
        """Every place where the pattern stands, as whole words."""
        for match in pattern.finditer(self.line):
            if match.end() > match.start():
                yield Found(bisect_right(self._starts, match.start()) - 1, bisect_right(self._starts, match.end() - 1))

    def sentence_of(self, at: int) -> Found:
        """The sentence that word `at` stands in."""
        return next(
            (sentence for sentence in self.sentences if sentence.first <= at < sentence.last), Found(at, at + 1)
        )

    def is_question(self, sentence: Found) -> bool:
        """True for a sentence that ends with a question mark."""
        return self.words[sentence.last - 1].text == "?"

    def said(self, found: Found) -> str:
        """The words of a place in their one spelling."""
        return " ".join(word.text for word in self.words[found.first : found.last])

    def spoken(self, found: Found | None = None) -> list[str]:
        """The words of a place, or of the whole text, without its marks."""
        place = self.words if found is None else self.words[found.first : found.last]
        return [word.text for word in place if self._says(word)]

    def span(self, found: Found) -> Span:
        """The characters of a place, verbatim, without a mark or bracket at its edges that is not a sentence's end."""
        first, last = found
        while first < last - 1 and not self._says(self.words[first]):
            first += 1
        while last - 1 > first and not self._says(self.words[last - 1]) and self.words[last - 1].text not in ".!?":
            last -= 1
        start, end = self.words[first].start, self.words[last - 1].end
        return Span(quote=self.text[start:end], start=start, end=end)


@lru_cache(maxsize=1024)
def prose(text: str) -> Prose:
    """The text as words."""
    return Prose(text)
