"""A contact as a whole, beside its levels: what had to be said again, promises, handoffs, and how it ended.

Apart from `scores`, which averages levels: these are counts of what happened, each with the turn and the words.
"""

import re
from collections.abc import Iterator
from typing import Literal

from simulator.content.material import Material
from simulator.content.schema import Condition
from simulator.customer.conditions import Standing, holds
from simulator.customer.hearing import content_stems, plain, sentences
from simulator.debriefing.handoffs import Handoff, handoffs
from simulator.debriefing.promises import PromiseOutcome, other_promises, promise_outcomes
from simulator.debriefing.scores import shown
from simulator.session import Session, Turn
from simulator.vocabulary import Ending, Move, SignalName, Value

_I_HAVE = r"\bi(?:'ve| have)? "
_AGAIN = re.compile(
    r"\bi'll say (?:it|that) again\b|\bas i said\b|\bhow many times\b|\b(?:isn't|is not|wasn't) what i asked\b"
    rf"|{_I_HAVE}(?:just |already )?(?:told|gave|given) you\b"
    rf"|{_I_HAVE}(?:just|already) (?:said|told|given|gave|explained)\b"
    rf"|{_I_HAVE}(?:said|explained|told|given)\b[^.!?]{{0,30}}\b(?:already|once|twice)\b"
)
_SHARED = 2
"""So many topic words that the customer had said before make a correction a repetition."""
_SAID_AGAIN_BY = (Move.REPEAT_REQUEST, Move.CORRECT, Move.CHALLENGE, Move.PRESS, Move.VENT)


class Repeat(Value):
    """A turn in which the customer had to say what was already said."""

    turn: int
    """Number of the turn."""
    speaker: Literal["trainee", "customer"]
    """Whose words show it: the question that had been answered, or the customer saying it again."""
    quote: str
    """Those words, verbatim."""


class Conversation(Value):
    """What happened in a contact as a whole."""

    ending: Ending | None
    """How it ended; None while it can be resumed."""
    repeats: tuple[Repeat, ...]
    """Turns in which the customer had to say something again, in order."""
    promises: tuple[PromiseOutcome, ...]
    """What was promised, and what came of it, in order."""
    others: tuple[tuple[int, str], ...] = ()
    """Promises that nothing in the scenario follows up: number of the turn, and the words."""
    handoffs: tuple[Handoff, ...]
    """Transfers, in order; empty where there was none."""
    missing: tuple[Condition, ...] = ()
    """What did not hold of all that settles this scenario's matter; empty where it was settled, or still may be."""

    def promised(self, state: Literal["kept", "broken", "open"]) -> int:
        """How many promises came to this."""
        return sum(promise.state == state for promise in self.promises)


def conversation(session: Session, material: Material) -> Conversation:
    """The contact as a whole. Pure; never fails on a session that folds."""
    promises = promise_outcomes(session, material)
    return Conversation(
        ending=session.ended.ending if session.ended else None,
        repeats=tuple(_repeats(session)),
        promises=promises,
        others=other_promises(session, promises),
        handoffs=handoffs(session),
        missing=tuple(_missing(session, material)),
    )


def _missing(session: Session, material: Material) -> Iterator[Condition]:
    settles = material.scenario.endings.get(Ending.RESOLVED)
    if settles is None or session.ended is None or session.ended.ending in (Ending.RESOLVED, Ending.FAILED):
        return
    standing = Standing.of(session, material)
    yield from (part for part in settles.all or (settles,) if not holds(part, standing))


def _repeats(session: Session) -> Iterator[Repeat]:
    """Once a turn: a question that had been answered, or what the customer says again."""
    told: frozenset[str] = frozenset()
    for turn in session.turns:
        asked = next((signal for signal in shown(turn) if signal.name is SignalName.ASKS_AGAIN), None)
        if asked is not None and asked.span is not None:
            yield Repeat(turn=turn.number, speaker="trainee", quote=asked.span.quote)
        elif words := _said_again(turn, told):
            yield Repeat(turn=turn.number, speaker="customer", quote=words)
        told |= content_stems(turn.heard_text)


def _said_again(turn: Turn, told: frozenset[str]) -> str | None:
    """The customer's sentence that says again what they `told`: by their own word, or to put it right."""
    if turn.act is None or turn.choice is None or turn.choice.move not in _SAID_AGAIN_BY:
        return None
    corrects = turn.choice.move is Move.CORRECT
    return next(
        (
            one
            for one in sentences(turn.heard_text)
            if _AGAIN.search(plain(one)) or (corrects and len(content_stems(one) & told) >= _SHARED)
        ),
        None,
    )
