"""How any text is put on a screen or a page: nothing in it that steers a terminal, names in words, a full stop.

Apart from `phrases` so that whoever prints a sentence loads no debrief.
"""

import unicodedata

_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Kinds of character that turn the writing direction of what follows them."""


def printable(text: str) -> str:
    """`text` without characters that steer a terminal or turn the writing direction; line breaks stay."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _steers(character) else character for character in text.expandtabs(1))


def in_words(name: str) -> str:
    """An identifier (`names_feeling`) as words."""
    return name.replace("_", " ")


def closed(text: str) -> str:
    """A phrase as a sentence: with a full stop, unless it ends in one, in a quote or outside."""
    return text if text.endswith((".", "?", "!", ".”", "?”", "!”")) else f"{text}."


def _steers(character: str) -> bool:
    if character == "\n":
        return False
    return unicodedata.category(character) in {"Cc", "Cs"} or unicodedata.bidirectional(character) in _TURNING
