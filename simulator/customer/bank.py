"""Which authored lines could be said now, and which of them are worth the listener's time.

Apart from the actor, because this half needs no model: it is a pure function of session, material and move.
"""

import random
import re
from collections.abc import Iterable, Mapping

from simulator.content.casting import slots_in
from simulator.content.material import Material
from simulator.content.schema import Line
from simulator.customer.conditions import Standing, answers, holds
from simulator.customer.facts import told_in
from simulator.customer.hearing import content_stems
from simulator.customer.quotes import echoes, is_echo
from simulator.session import Session
from simulator.vocabulary import Move, Value

A_DOZEN = 12
"""How many lines the listener ranks at most."""
ENOUGH_TO_CHOOSE = 5
"""Lines that answer this very reply are filled up to this number, and no further, with lines that fit anywhere."""
ECHO_RESTS = 3
"""Turns after a line that throws the trainee's words back in which no other one does."""


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
    point: int = 0
    """How closely it is authored as an answer to the last reply: 2 to its words, 1 to what it does, 0 to any."""


def candidates(session: Session, material: Material, move: Move, gist: str, unlocked: Iterable[str]) -> list[Candidate]:
    """At most a dozen lines for the move, the likeliest first: on the right fact, to the point, new, near the gist."""
    lines = sayable(session, material, move, unlocked)
    if move in (Move.ANSWER, Move.REVEAL):
        lines = _about(lines, material, gist)
    return _to_the_point(_nearest(_new(lines, session), session, gist))


def sayable(session: Session, material: Material, move: Move, unlocked: Iterable[str] = ()) -> list[Candidate]:
    """Every line for the move that fits the moment and was not said yet, the scenario's first."""
    standing = Standing.of(session, material)
    standing = standing.model_copy(update={"facts": standing.facts | set(unlocked)})
    slots = {**material.slots, **echoes(session)}
    said = {turn.line.line for turn in session.turns if turn.line}
    rests = any(turn.line and is_echo(turn.line.line or "") for turn in session.turns[-ECHO_RESTS - 1 :])
    return [
        _candidate(line, slots, standing)
        for line in _lines(material, move)
        if line.text not in said
        and _fits(line, standing)
        and slots_in(line.text) <= slots.keys()
        and not (rests and is_echo(line.text))
    ]


def told(session: Session, material: Material) -> frozenset[str]:
    """Ids of the facts that the customer's lines have given away so far."""
    said = {turn.line.line for turn in session.turns if turn.line}
    return frozenset(
        fact for move in Move for line in _lines(material, move) if line.text in said for fact in line.needs
    )


def _lines(material: Material, move: Move) -> tuple[Line, ...]:
    return (*material.scenario.lines.get(move, ()), *material.persona.lines.get(move, ()))


def _fits(line: Line, standing: Standing) -> bool:
    return set(line.needs) <= standing.facts and (line.when is None or holds(line.when, standing))


def _candidate(line: Line, slots: Mapping[str, str], standing: Standing) -> Candidate:
    return Candidate(
        line=line.text,
        text=_filled(line.text, slots),
        needs=line.needs,
        own=_own_share(line.text, slots),
        point=answers(line.when, standing) if line.when else 0,
    )


def _about(lines: list[Candidate], material: Material, gist: str) -> list[Candidate]:
    """The lines that tell what is planned to be told, else those that tell nothing."""
    wanted = told_in(gist, material)
    telling = [line.model_copy(update={"point": 2}) for line in lines if wanted & set(line.needs)]
    return telling or [line for line in lines if not line.needs] or lines


def _to_the_point(lines: list[Candidate]) -> list[Candidate]:
    """A dozen at most; fewer where some answer this very reply, so that these are not lost among the others."""
    pointed = sum(line.point > 0 for line in lines)
    return lines[: max(pointed, ENOUGH_TO_CHOOSE)][:A_DOZEN] if pointed else lines[:A_DOZEN]


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
    return sorted(shuffled, key=lambda one: (-one.point, -_nearness(one.text, reply, plan)))


def _nearness(text: str, reply: frozenset[str], plan: frozenset[str]) -> float:
    stems = content_stems(text)
    return 2 * len(stems & reply) + len(stems & plan)


def _filled(text: str, slots: Mapping[str, str]) -> str:
    def put(slot: re.Match[str]) -> str:
        value = slots[slot.group(2)]
        return slot.group(1) + value[:1].upper() + value[1:] if slot.group(1) is not None else value

    return re.sub(r"(?:(^|[.?!] ))?\{(\w+)\}", put, text)


def _own_share(text: str, slots: Mapping[str, str]) -> float:
    echoed = sum(len(slots[name].split()) for name in slots_in(text) if is_echo(f"{{{name}}}"))
    return 1 - echoed / max(1, len(_filled(text, slots).split()))
