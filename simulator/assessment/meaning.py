"""What a text is about: its content words by stem, so that "two engineers" and "2 engineer visits" meet.

Apart from `prose` because overlap of meaning (reflecting, parroting, asking again) needs stems, and phrases need words.
"""

import re
from functools import lru_cache

from simulator.assessment.lexicon import lists, words
from simulator.assessment.prose import Found, Prose

STOPWORDS = words("stopwords")
_SAID_LOOSELY = frozenset({"one", "second"})
_NUMBERS = {
    word: str(number)
    for number, line in enumerate(lists()["[numbers]"])
    for word in line.split()
    if word not in _SAID_LOOSELY
}
_SAME = {word: line.split()[0] for line in lists()["[same]"] for word in line.split()}
_SUFFIXES = re.compile(r"(?:ations?|ments?|ings?|ers?|edly|ed|ly|ies|es|s|e|y)$")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without its endings, and one stem for words that mean the same here."""
    bare = word.removesuffix("'s").replace(",", "")
    if bare in _NUMBERS:
        return _NUMBERS[bare]
    if bare in _SAME:
        return _SAME[bare]
    single = bare.removesuffix("s") if len(bare) > 3 and not bare.endswith("ss") else bare
    if single in _SAME:
        return _SAME[single]
    cut = _SUFFIXES.sub("", bare) if len(bare) > 4 else single
    return cut if len(cut) >= 3 else single


def is_content(word: str) -> bool:
    """True for a word that says what a text is about."""
    return (len(word) > 2 and word[0].isalpha() and word not in STOPWORDS) or word[0].isdigit() or word in _NUMBERS


def content(prose: Prose, found: Found | None = None) -> frozenset[str]:
    """Stems of the content words of a place, or of the whole text."""
    place = prose.words if found is None else prose.words[found.first : found.last]
    return frozenset(stem(word.text) for word in place if is_content(word.text))
