"""The small language the lexicon is written in, and the search for its phrases.

One phrase a line: a space is "next word" (a comma may stand between), `(a|b)?` as in regular expressions, `<name>` a
fragment, `word*` any ending, `~` up to three more words. Apart from the lexicon so that phrases stay data.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property

from simulator.assessment.lexicon import lists
from simulator.assessment.prose import Found, Prose

_OPTIONAL = re.compile(r"\([^()]*\)[?*]?|<\w+>|[^\s()]*\*|[^\s()]*\\[^\s()]*")
_PLAIN_WORD = re.compile(r"[a-z']+")
_ANY_ENDING = re.compile(r"(?<=\w)\*")
_FRAGMENT = re.compile(r"<(\w+)>")


class Phrase:
    """One line of the lexicon; its pattern is compiled when a text first has all the words it needs."""

    def __init__(self, line: str, fragments: Mapping[str, str]) -> None:
        self._line = line
        self._fragments = fragments
        self.needs = self._needed(line)
        """Words without which it cannot stand in a text: a cheap test before the search."""

    @staticmethod
    def _needed(line: str) -> frozenset[str]:
        while _OPTIONAL.search(line):
            line = _OPTIONAL.sub(lambda match: " " if match[0].startswith("( ") else "-", line)
        return frozenset(word for word in line.replace("~", " ").split() if _PLAIN_WORD.fullmatch(word))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The phrase as a regular expression over the words of a text."""
        line = self._line
        while _FRAGMENT.search(line):
            line = _FRAGMENT.sub(lambda match: f"({self._fragments[match[1]]})", line)
        line = _ANY_ENDING.sub("[^ ]*", re.sub(r"\((?!\?)", "(?:", line))
        line = line.replace(" ", "(?: ,)? ").replace("~", r"(?: [^ .!?;\n]+){0,3}")
        return re.compile(rf"(?<![^ ])(?:{line})(?![^ ])")


class PhraseList:
    """Phrases that all show the same thing."""

    def __init__(self, lines: Iterable[str], fragments: Mapping[str, str]) -> None:
        self._phrases = [Phrase(line, fragments) for line in lines]

    def find(self, prose: Prose) -> list[Found]:
        """Where the phrases stand, in order, the longest where several overlap."""
        return apart(
            place for one in self._phrases if one.needs <= prose.vocabulary for place in prose.find(one.pattern)
        )

    def stands_in(self, prose: Prose, place: Found | None = None) -> bool:
        """True if one of the phrases begins in the text, or in that place of it."""
        return any(place is None or place.first <= found.first < place.last for found in self.find(prose))


def apart(found: Iterable[Found]) -> list[Found]:
    """Places in order; of overlapping ones the longest."""
    kept: list[Found] = []
    for place in sorted(found, key=lambda one: (one.first - one.last, one.first)):
        if all(place.last <= other.first or other.last <= place.first for other in kept):
            kept.append(place)
    return sorted(kept)


@cache
def _fragments() -> Mapping[str, str]:
    return {name[1:-1]: "|".join(lines) for name, lines in lists().items() if name[0] == "<"}


@cache
def phrases(name: str) -> PhraseList:
    """The phrases of the list `[name]`.

    Raises:
        KeyError: the lexicon has no such list.
    """
    return PhraseList(lists()[f"[{name}]"], _fragments())
