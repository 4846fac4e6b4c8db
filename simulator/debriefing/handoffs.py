"""What the customer was told before being handed on: who takes over, why, and that nothing need be said again.

Apart from the signals, which see that a transfer happened: here the words around it are looked at.
"""

import re
from collections.abc import Sequence

from simulator.customer.hearing import content_stems, plain, sentences
from simulator.customer.talk import talk_of
from simulator.events import TraineeTransferred
from simulator.session import Session, Turn
from simulator.vocabulary import Talk, Value

LOOKED_BACK = 2
"""Replies before a transfer in which the customer may have been told about it."""

_WHOM = r"(?:colleagues?|managers?|supervisors?|team leaders?|specialists?|nurse|department|team|desk)"
_WHO = re.compile(rf"\b(?:my|our|a|an|the)(?: \w+){{0,2}} {_WHOM}\b")
_ABLE = r"(?:can|may|able|allowed|the (?:one|person|people)|handles?|deals?|knows?|decides?|looks? after)"
_WHY = re.compile(
    r"\b(?:because|since|so that|so (?:she|he|they|you|we)|as (?:she|he|they|only))\b"
    rf"|\b(?:who|she|he|they)(?:'s| is| are|'re)? {_ABLE}\b"
    r"|\bto (?:get|have|approve|decide|sort|finish|check)\b"
)
_SAME = r"(?:repeat|repeating|start(?:ing)? (?:over|again)|(?:tell|say|explain)(?:ing)?\b[^.!?]{0,20}\bagain)"
_PASSES = (
    r"(?:told|tell(?:ing)?|brief(?:ed|ing)?|fill(?:ed|ing)?|explain(?:ed|ing)?|written|noted"
    r"|(?:pass|hand)(?:ed|ing)? (?:on|over))"
)
_I = r"(?:i'll|i've|i have|i will|i'm|let me)"
_KNOWS = r"(?:already )?(?:knows?|has|have|sees?) (?:everything|all|the whole|my notes|what)"
_STORY = r"(?:them|her|him|everything|all|your|notes?|details?|story)"
_NOTHING_AGAIN = re.compile(
    rf"\b(?:won't|don't|needn't|not|never|no need|without|instead of)\b[^.!?]{{0,30}}\b{_SAME}\b"
    rf"|\b{_I}\b[^.!?]{{0,20}}\b{_PASSES}\b[^.!?]{{0,20}}\b{_STORY}\b"
    rf"|\b(?:she|he|they)(?:'ll| will)? {_KNOWS}\b"
)


class Handoff(Value):
    """One transfer, with the words by which the customer was told about it."""

    turn: int
    """Number of the turn of the transfer."""
    to: str
    """Where the customer was passed on to."""
    who: str | None
    """The words that say who takes over, verbatim; None: not told."""
    why: str | None
    """The words that say why; None: not told."""
    nothing_again: str | None
    """The words that say that the customer need not repeat anything; None: not told."""

    @property
    def told(self) -> int:
        """How many of the three the customer was told, 0 to 3."""
        return sum(words is not None for words in (self.who, self.why, self.nothing_again))


def handoffs(session: Session) -> tuple[Handoff, ...]:
    """Every transfer, in order, with what the last replies before it said about it."""
    return tuple(
        _handoff(session.turns[: turn.number], turn.number, turn.act.to)
        for turn in session.turns
        if isinstance(turn.act, TraineeTransferred)
    )


def _handoff(earlier: Sequence[Turn], number: int, to: str) -> Handoff:
    replies = [turn.reply for turn in earlier if turn.reply is not None][-LOOKED_BACK:]
    said = [sentence for reply in replies if _announces(reply, to) for sentence in sentences(reply)]
    return Handoff(
        turn=number,
        to=to,
        who=next((one for one in said if _names(one, to) or _WHO.search(plain(one))), None),
        why=_first(_WHY, said),
        nothing_again=_first(_NOTHING_AGAIN, said),
    )


def _announces(reply: str, to: str) -> bool:
    """Whether a reply speaks of the transfer at all."""
    return Talk.PASSES_ON in talk_of(reply) or _names(reply, to) or bool(_WHO.search(plain(reply)))


def _names(words: str, to: str) -> bool:
    return not content_stems(words).isdisjoint(content_stems(to))


def _first(pattern: re.Pattern[str], said: Sequence[str]) -> str | None:
    return next((one for one in said if pattern.search(plain(one))), None)
