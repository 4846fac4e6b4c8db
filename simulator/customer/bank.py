"""Which authored lines could be said now, and which of them are worth the listener's time.

Apart from the actor, because this half needs no model: it is a pure function of session, material and move.
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence

from simulator.content.casting import slots_in
from simulator.content.material import Material
from simulator.content.schema import Line
from simulator.customer.conditions import Standing, holds
from simulator.customer.facts import asked_about
from simulator.customer.hearing import content_stems
from simulator.session import Session, Turn
from simulator.vocabulary import Move, SignalName, Value

A_DOZEN = 12
"""How many lines the listener ranks at most."""

PLAY_SLOTS = ("you_said", "promised_time", "promised")
"""Slots filled from what the trainee said in this contact."""

_THROWN_BACK = (
    SignalName.HIDES_BEHIND_POLICY,
    SignalName.DEFLECTS,
    SignalName.DISMISSES_FEELING,
    SignalName.BLAMES_CUSTOMER,
    SignalName.PASSIVE_PROMISE,
    SignalName.HANDS_OFF,
    SignalName.USES_JARGON,
    SignalName.STOCK_PHRASE,
)
_LONGEST_ECHO = 10


class Candidate(Value):
    """A line that could be said."""

    line: str
    """As authored; the same line is never said twice."""
    text: str
    """With its slots filled."""
    needs: tuple[str, ...] = ()
    """Facts it tells."""
    own: float = 1.0
    """Share of the words that are not the trainee's own, thrown back."""


def candidates(session: Session, material: Material, move: Move, gist: str, unlocked: Iterable[str]) -> list[Candidate]:
    """At most a dozen lines for the move, the likeliest first: about the right fact, new, near to reply and gist."""
    lines = sayable(session, material, move, unlocked)
    if move in (Move.ANSWER, Move.REVEAL):
        lines = _about(lines, session, material, set(unlocked))
    return _nearest(_new(lines, session), session, gist)


def sayable(session: Session, material: Material, move: Move, unlocked: Iterable[str] = ()) -> list[Candidate]:
    """Every line for the move that fits the moment and was not said yet, the scenario's first."""
    standing = Standing.of(session, material)
    standing = standing.model_copy(update={"facts": standing.facts | set(unlocked)})
    slots = {**material.slots, **echoes(session)}
    said = {turn.line.line for turn in session.turns if turn.line}
    bank = (*material.scenario.lines.get(move, ()), *material.persona.lines.get(move, ()))
    return [
        Candidate(line=line.text, text=_filled(line.text, slots), needs=line.needs, own=_own_share(line.text, slots))
        for line in bank
        if line.text not in said and _fits(line, standing) and slots_in(line.text) <= slots.keys()
    ]


def _fits(line: Line, standing: Standing) -> bool:
    return set(line.needs) <= standing.facts and (line.when is None or holds(line.when, standing))


def _about(lines: list[Candidate], session: Session, material: Material, unlocked: set[str]) -> list[Candidate]:
    """The lines that tell what was asked about or has just come unlocked, else those that tell none."""
    reply = session.turns[-1].reply or ""
    wanted = unlocked | {fact.id for fact in asked_about(reply, material)}
    told = [line for line in lines if wanted & set(line.needs)]
    return told or [line for line in lines if not line.needs] or lines


def _new(lines: list[Candidate], session: Session) -> list[Candidate]:
    """Without what was heard in recent sessions, as long as enough is left to choose from."""
    lately = set(session.started.heard_lately)
    fresh = [line for line in lines if line.line not in lately]
    return fresh if len(fresh) >= min(4, len(lines)) else lines


def _nearest(lines: list[Candidate], session: Session, gist: str) -> list[Candidate]:
    turn = session.turns[-1]
    reply, plan = content_stems(turn.reply or ""), content_stems(gist)
    shuffled = list(lines)
    random.Random(session.seed_for(turn.number, "bank")).shuffle(shuffled)
    return sorted(shuffled, key=lambda one: -_nearness(one.text, reply, plan))[:A_DOZEN]


def _nearness(text: str, reply: frozenset[str], plan: frozenset[str]) -> float:
    stems = content_stems(text)
    return 2 * len(stems & reply) + len(stems & plan)


def _filled(text: str, slots: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: slots[found.group(1)], text)


def _own_share(text: str, slots: Mapping[str, str]) -> float:
    echoed = sum(len(slots[name].split()) for name in slots_in(text) & set(PLAY_SLOTS))
    return 1 - echoed / max(1, len(_filled(text, slots).split()))


def echoes(session: Session) -> dict[str, str]:
    """The trainee's own words for play-time slots, those that there are."""
    spoken = [turn for turn in session.turns if turn.reading]
    found = {
        "you_said": _quote(spoken[-1:], _THROWN_BACK),
        "promised_time": _quote(reversed(spoken), (SignalName.GIVES_TIME,)),
        "promised": _quote(reversed(spoken), (SignalName.COMMITS_ACTION,)),
    }
    return {slot: words for slot, words in found.items() if words}


def _quote(turns: Iterable[Turn], names: Sequence[SignalName]) -> str:
    for turn in turns:
        spans = {signal.name: signal.span for signal in turn.reading.signals} if turn.reading else {}
        for name in names:
            span = spans.get(name)
            if span and len(span.quote.split()) <= _LONGEST_ECHO:
                return " ".join(span.quote.split()).strip(" .,;:!?\"'")
    return ""
