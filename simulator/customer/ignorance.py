"""Customers' lines that say no, or that they do not know: which are no answer to some questions.

Apart from the bank, which only has to know of a line whether it is one.
"""

import re

from simulator.customer.hearing import plain

_DENIES = re.compile(r"(?:ooh,? )?(?:no|not|don't|dont|never|i (?:don't|think not)|as far as i know, no)\b")
_KNOWS_NOT = re.compile(
    r"\b(?:don't|do not|couldn't|can't|could not|cannot) (?:know|say|tell|remember)\b|\bno idea\b|\bguess"
)


def denies(line: str) -> bool:
    """Whether a line begins by saying no."""
    return bool(_DENIES.match(plain(line)))


def knows_not(line: str) -> bool:
    """Whether a line says that they do not know."""
    return bool(_KNOWS_NOT.search(plain(line)))
