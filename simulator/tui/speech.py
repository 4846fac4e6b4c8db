"""How far a spoken line has come; apart from the transcript so that the pace can be reasoned about without a screen."""

import math
import re
from collections.abc import Callable

_WORD = re.compile(r"\S+\s*")


def spoken(text: str, characters: float) -> int:
    """How much of `text` is out after so many characters' time: whole words, at least the first.

    Args:
        text: the line.
        characters: pace times seconds; infinity for all of it.

    Returns:
        Number of characters, 0 to `len(text)`.
    """
    for word in _WORD.finditer(text):
        if word.end() >= characters:
            return word.end()
    return len(text)


class Speech:
    """One line on its way out."""

    def __init__(self, text: str, pace: float, clock: Callable[[], float]) -> None:
        """Start speaking now.

        Args:
            text: the line.
            pace: characters a second; 0 says it all at once.
            clock: seconds, from any origin.
        """
        self.text = text
        self._pace = pace
        self._clock = clock
        self._began = clock()

    @property
    def heard(self) -> int:
        """Characters that are out by now."""
        seconds = self._clock() - self._began
        return spoken(self.text, seconds * self._pace if self._pace > 0 else math.inf)

    @property
    def over(self) -> bool:
        """True when all of it is out."""
        return self.heard >= len(self.text)
