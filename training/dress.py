"""The same words in another dress: lower case without marks, or mistyped. Spelling is never scored, so levels stay.

Apart from everything else because the adapter is trained in an environment of its own.
"""

import random
import re

_SLIPS = 0.04
"""Share of the letters within words that go wrong."""


def lower(words: str) -> str:
    """Without capitals and punctuation, as many people type."""
    return re.sub(r"[.,;:!'’-]", "", words).lower()


def mistyped(words: str, draw: random.Random) -> str:
    """With letters swapped, lost, doubled and hit wrongly."""
    letters = list(words)
    for at in range(1, len(letters) - 1):
        if letters[at].isalpha() and letters[at + 1].isalpha() and draw.random() < _SLIPS:
            match draw.randrange(4):
                case 0:
                    letters[at], letters[at + 1] = letters[at + 1], letters[at]
                case 1:
                    letters[at] = ""
                case 2:
                    letters[at] *= 2
                case _:
                    letters[at] = draw.choice("aeioutsrn")
    return "".join(letters)


def dressed(words: str, draw: random.Random) -> str:
    """In one of the ways, or in both."""
    match draw.randrange(3):
        case 0:
            return lower(words)
        case 1:
            return mistyped(words, draw)
        case _:
            return mistyped(lower(words), draw)
