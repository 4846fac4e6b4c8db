"""Kinds of fault in a customer's line. Apart from the guard, because each part of it finds its own."""

from enum import StrEnum

from simulator.vocabulary import Value


class FaultCode(StrEnum):
    """Kinds of fault."""

    EMPTY = "empty"
    MARKUP = "markup"
    SPEAKS_FOR_TRAINEE = "speaks_for_trainee"
    ASSISTANT_PHRASE = "assistant_phrase"
    ROLE_FLIP = "role_flip"
    LOCKED_FACT = "locked_fact"
    INVENTED = "invented"
    TOO_LONG = "too_long"
    REPEATS = "repeats"


class Fault(Value):
    """One reason to refuse a line."""

    code: FaultCode
    reason: str
    """What is wrong, in words that tell a writer what to do otherwise."""
