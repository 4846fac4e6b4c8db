"""What the trainee says is done already, and which of the customer's lines ask for it still.

Apart, because "I've refunded you" and "I'll refund you" keep the same promise and call for different words: what is
done is not urged, and not asked a date for. Known by grammar (`deeds.txt`): a deed in the perfect or the past of the
first person, or a passive that is complete.
"""

import re
from collections.abc import Iterator

from simulator.customer.hearing import is_question, plain, sentences
from simulator.customer.patterns import patterns

_KINDS = {kind: re.compile("|".join(lines)) for kind, lines in patterns("deeds.txt").items()}
_CLAUSE_END = re.compile(r"[,;:]| but | and (?=(?:i|i've|it|it's|we|we've|that|that's)\b)")


def done_in(reply: str) -> str:
    """The first sentence of a reply that says something is done, verbatim; empty where all of it is still to come."""
    told = (sentence for sentence in sentences(reply) if not is_question(sentence))
    return next((sentence for sentence in told if _says_done(plain(sentence))), "")


def asks_for_deed(line: str) -> bool:
    """Whether a customer's line asks that something be done, or by when, as one asks somebody who has yet to do it."""
    return _KINDS["asks for it"].search(plain(line)) is not None


def _says_done(heard: str) -> bool:
    return any(_KINDS["done"].search(clause) and not _KINDS["not yet"].search(clause) for clause in _clauses(heard))


def _clauses(heard: str) -> Iterator[str]:
    return (part.strip(" .!\u2026\"'") for part in _CLAUSE_END.split(heard))
