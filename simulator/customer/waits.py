"""How long a customer was told to wait, and whether they were asked. Apart from ledger, director and debrief, which all
three hold the trainee to it.
"""

import re

from simulator.customer.hearing import NUMBER_WORDS, plain, sentences
from simulator.events import TraineeHeld
from simulator.session import Session

GRACE = 1.25
"""A hold up to this many times as long as was said counts as what was said."""
_MINUTES = re.compile(r"\b(\w+) (?:of )?(second|sec|minute|min)s?\b( and a half)?")
_DIGITS = 4
_HALF = re.compile(r"\bhalf a minute\b")


def promised_wait(reply: str) -> int | None:
    """Seconds, if the reply names a short wait: "two minutes", "a minute and a half"."""
    heard = plain(reply)
    if _HALF.search(heard):
        return 30
    for count, unit, half in _MINUTES.findall(heard):
        if count.isdecimal():
            number = int(count) if len(count) < _DIGITS else 0
        else:
            number = {"a": 1, "couple": 2, "few": 3, **NUMBER_WORDS}.get(count, 0)
        if number:
            return int((number + (0.5 if half else 0)) * (60 if unit.startswith("min") else 1))
    return None


def was_agreed(session: Session, number: int) -> bool:
    """Whether a turn is a hold that was asked about just before, with its length, and that took no longer.

    Args:
        session: With the turn.
        number: Of the turn, at least 1.
    """
    act = session.turns[number].act
    if not isinstance(act, TraineeHeld) or number == 0:
        return False
    said = sentences(session.turns[number - 1].reply or "")
    asked = [" ".join(said[max(0, at - 1) : at + 1]) for at, one in enumerate(said) if one.endswith("?")]
    named = promised_wait(asked[-1]) if asked else None
    return named is not None and act.seconds <= named * GRACE
