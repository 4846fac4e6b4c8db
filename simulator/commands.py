"""What a trainee can type: words for the customer, or a slash command. One parser for both front ends."""

import unicodedata

from simulator.errors import ReplyRefused, UsageError
from simulator.vocabulary import MAX_REPLY_CHARACTERS, Value

LONGEST_WAIT = 3_600
"""Seconds a hold or silence may last."""

HELP = """/hold SECONDS     put the customer on hold
/silence SECONDS  say nothing for a while
/transfer TO      hand the customer over to somebody else
/end              end the contact"""


class Say(Value):
    """Words for the customer."""

    text: str


class Hold(Value):
    """Put the customer on hold."""

    seconds: int


class Silence(Value):
    """Say nothing for a while."""

    seconds: int


class Transfer(Value):
    """Hand the customer over."""

    to: str


class End(Value):
    """End the contact."""


Command = Say | Hold | Silence | Transfer | End


def parse(typed: str) -> Command:
    """What was typed, as a command.

    Raises:
        UsageError: a slash command that does not exist or is not complete.
        ReplyRefused: nothing was typed, or too much.
    """
    text = cleaned(typed)
    if not text.startswith("/"):
        return Say(text=_sayable(text))
    word, _, rest = text[1:].partition(" ")
    match word.lower():
        case "hold":
            return Hold(seconds=_seconds(word, rest))
        case "silence":
            return Silence(seconds=_seconds(word, rest))
        case "transfer":
            return Transfer(to=_whom(rest))
        case "end":
            return End()
        case _:
            raise UsageError(f"There is no command /{word[:40]}; there are /hold, /silence, /transfer and /end.")


def cleaned(typed: str) -> str:
    """The text without control characters, escape codes' first bytes and marks that reorder a line."""
    kept = (char for char in typed.replace("\r\n", "\n") if char in "\n\t" or unicodedata.category(char) not in _UNSEEN)
    return "".join(kept).strip()


_UNSEEN = ("Cc", "Cs", "Co", "Cf")
"""Categories that are not shown: controls, surrogates, private use, format marks."""


def _sayable(text: str) -> str:
    if not text:
        raise ReplyRefused("There is nothing to send yet.")
    if len(text) > MAX_REPLY_CHARACTERS:
        over = len(text) - MAX_REPLY_CHARACTERS
        raise ReplyRefused(f"A reply may have {MAX_REPLY_CHARACTERS:,} characters; this one is {over:,} too long.")
    return text


def _seconds(word: str, rest: str) -> int:
    if not rest.strip().isdecimal() or not 1 <= int(rest) <= LONGEST_WAIT:
        raise UsageError(f"/{word} takes a number of seconds from 1 to {LONGEST_WAIT}, as in /{word} 30.")
    return int(rest)


def _whom(rest: str) -> str:
    if not rest.strip():
        raise UsageError("/transfer takes the name of a person or a team, as in /transfer the billing team.")
    return " ".join(rest.split())[:120]
