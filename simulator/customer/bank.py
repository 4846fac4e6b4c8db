"""Which authored lines could be said now, and which of them are worth the listener's time.

Apart from the actor, because this half needs no model: it is a pure function of session, material and move.
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence

from simulator.content.casting import slots_in
from simulator.content.material import Material
from simulator.content.schema import Line
from simulator.customer.asking import asked_in, saying_only
from simulator.customer.conditions import Standing, answers, holds
from simulator.customer.deeds import asks_for_deed, done_in
from simulator.customer.facts import CONFIRMING, told_in
from simulator.customer.hearing import content_stems
from simulator.customer.ignorance import denies, knows_not
from simulator.customer.quotes import echoes, is_echo
from simulator.customer.talk import topic_of
from simulator.session import Session
from simulator.vocabulary import Move, Talk, Value

A_DOZEN = 12
"""How many lines the listener ranks at most."""
TO_ITS_WORDS = 2
"""Points of a line that is authored as an answer to the words of the last reply."""
ENOUGH_TO_CHOOSE = 5
"""Lines that answer this very reply are filled up to this number, and no further, with lines that fit anywhere."""
JOINT = "\n"
"""Between the two authored lines that a joined line is made of."""
A_FEW = 3
"""Lines on each of two things asked at once that are tried together."""
ROOM_FOR_ANOTHER = 16
"""Words of a line beside which another is said."""
_TELLING = (Move.ANSWER, Move.REVEAL)
_BOTH = 2
ENOUGH_NEW = 4
"""Lines not heard lately from which on the others are left out."""
ECHO_RESTS = 3
"""Turns after a line that throws the trainee's words back in which no other one does."""


class Candidate(Value):
    """A line that could be said."""

    line: str
    """As authored, two with a `JOINT` between them; the same line is never said twice."""
    text: str
    """With its slots filled."""
    needs: tuple[str, ...] = ()
    """Facts it tells."""
    own: float = 1.0
    """Share of the words that are not the trainee's own, thrown back."""
    point: int = 0
    """How closely it answers the last reply, as `conditions.answers` has it; 4 if it tells what these words ask for."""


def candidates(
    session: Session,
    material: Material,
    move: Move,
    gist: str,
    unlocked: Iterable[str],
    also: Move | None = None,
) -> list[Candidate]:
    """At most a dozen lines for the move, the likeliest first: on the right fact, to the point, new, near the gist.

    What is planned to be told may be told by a line of either move that tells things, and two facts by two lines. Where
    there is a second move, it has a line of its own before the other, as long as there is one for it.
    """
    unlocked = tuple(unlocked)
    if also is not None:
        main = candidates(session, material, move, gist, unlocked)
        short = _few_words(_for_any_question(session, material, also, unlocked))
        return [_joined(one, other) for other in _few_words(main) for one in short] or main
    wanted = _in_order(told_in(gist, material), material) if move in _TELLING else []
    fitting = {
        one: _to_the_question(session, material, one, unlocked) for one in (_TELLING if move in _TELLING else (move,))
    }
    if gist.startswith(CONFIRMING):
        fitting = {one: _confirming(found) for one, found in fitting.items()}
    lines = {one: _nearest(_news(found, wanted, session), session, gist) for one, found in fitting.items()}
    if move not in _TELLING:
        return _to_the_point(lines[move])
    return _telling_lines(lines.pop(move), *lines.values(), wanted=wanted)


def _confirming(lines: list[Candidate]) -> list[Candidate]:
    """Without a "couldn't tell you" that nothing in the reply asks for, as long as there is another line."""
    return [line for line in lines if line.point or not knows_not(line.text)] or lines


def _for_any_question(session: Session, material: Material, move: Move, unlocked: tuple[str, ...]) -> list[Candidate]:
    """Lines that answer any yes-or-no question, in an order drawn from the seed."""
    written = _for_yes_or_no(material, move)
    lines = [line for line in sayable(session, material, move, unlocked) if line.line in written]
    return _nearest(_fresh(lines, session, A_FEW), session, "")


def _few_words(lines: Sequence[Candidate]) -> list[Candidate]:
    """A few of the likeliest lines that leave room for another."""
    return [line for line in lines if len(line.text.split()) <= ROOM_FOR_ANOTHER][:A_FEW]


def _to_the_question(session: Session, material: Material, move: Move, unlocked: tuple[str, ...]) -> list[Candidate]:
    """Every line that fits; of those that answer, the ones written for words that are in no question answer less."""
    lines = sayable(session, material, move, unlocked)
    asks = move in _TELLING and session.turns
    asked = saying_only(session, asked_in(session.turns[-1].reply or "")) if asks else None
    if asked is None:
        return lines
    closely = {line.line: line.point for line in sayable(asked, material, move, unlocked)}
    return [line.model_copy(update={"point": min(line.point, max(1, closely.get(line.line, 0)))}) for line in lines]


def _in_order(facts: frozenset[str], material: Material) -> list[str]:
    return [fact.id for fact in material.scenario.facts if fact.id in facts]


def _telling_lines(own: list[Candidate], other: list[Candidate], *, wanted: list[str]) -> list[Candidate]:
    """Lines for a move that tells something; those of the `other` such move where these are closer to the words."""
    if len(wanted) == _BOTH and (both := _telling_both([*own, *other], wanted)):
        return both[:A_DOZEN]
    own, other = _about(own, frozenset(wanted)), _about(other, frozenset(wanted))
    return _to_the_point(own if _is_exact(own) or not _is_exact(other) else other, to_a_question=True)


def sayable(session: Session, material: Material, move: Move, unlocked: Iterable[str] = ()) -> list[Candidate]:
    """Every line for the move that fits the moment and was not said yet, the scenario's first.

    What happens in this very turn has not happened yet: the customer says it after the line. To what is said to be
    done, no line asks for it still, as long as there is another.
    """
    standing = _before_it_happens(session, Standing.of(session, material))
    standing = standing.model_copy(update={"facts": standing.facts | set(unlocked)})
    slots = {**material.slots, **echoes(session)}
    said = _said(session)
    rests = any(turn.line and is_echo(turn.line.line or "") for turn in session.turns[-ECHO_RESTS - 1 :])
    fitting = [
        _candidate(line, slots, standing)
        for line in _lines(material, move)
        if line.text not in said
        and _fits(line, standing)
        and slots_in(line.text) <= slots.keys()
        and not (rests and is_echo(line.text))
    ]
    done = done_in(standing.reply) and [line for line in fitting if not asks_for_deed(line.text)]
    return _without_denial(done or fitting, session, material, move)


def _without_denial(lines: list[Candidate], session: Session, material: Material, move: Move) -> list[Candidate]:
    """Without a "not that I know" to a question about what they have spoken of: "Have you got the letter there?"."""
    any_question = _for_yes_or_no(material, move)
    if not any_question or not session.turns:
        return lines
    asked = topic_of(asked_in(session.turns[-1].reply or ""))
    if asked.isdisjoint(content_stems(" ".join(turn.heard_text for turn in session.turns[:-1]))):
        return lines
    return [line for line in lines if line.line not in any_question or not denies(line.text)]


def _for_yes_or_no(material: Material, move: Move) -> frozenset[str]:
    """Lines that are written to answer any yes-or-no question."""
    return frozenset(line.text for line in _lines(material, move) if line.when and line.when.talk is Talk.ASKS_IF)


def _before_it_happens(session: Session, standing: Standing) -> Standing:
    choice = session.turns[-1].choice if session.turns else None
    return standing.model_copy(update={"fired": standing.fired - set(choice.fired)}) if choice else standing


def told(session: Session, material: Material) -> frozenset[str]:
    """Ids of the facts that the customer's lines have given away so far."""
    said = _said(session)
    return frozenset(
        fact for move in Move for line in _lines(material, move) if line.text in said for fact in line.needs
    )


def _said(session: Session) -> frozenset[str]:
    """Authored lines that were said so far, joined ones as the two they are."""
    return _parts(turn.line.line for turn in session.turns if turn.line and turn.line.line)


def _parts(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(part for line in lines for part in line.split(JOINT))


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


def _about(lines: list[Candidate], wanted: frozenset[str]) -> list[Candidate]:
    """The lines that tell what is planned to be told, else those that tell nothing."""
    return _telling(lines, wanted) or [line for line in lines if not line.needs] or lines


def _telling(lines: Iterable[Candidate], wanted: frozenset[str]) -> list[Candidate]:
    """Lines that tell one of these facts, those first that answer these very words."""
    telling = [line for line in lines if wanted & set(line.needs)]
    pointed = [line.model_copy(update={"point": 4 if line.point >= TO_ITS_WORDS else 2}) for line in telling]
    return sorted(pointed, key=lambda line: -line.point)


def _telling_both(lines: list[Candidate], wanted: Sequence[str]) -> list[Candidate]:
    """Lines that tell both facts, and pairs of lines that do; empty if one of them has no line."""
    alone = [line for line in _telling(lines, frozenset(wanted)) if set(wanted) <= set(line.needs)]
    whole = {line.line for line in alone}
    first, second = (_few([line for line in lines if line.line not in whole], fact) for fact in wanted)
    return _shortest_first([*alone, *(_joined(one, other) for one in first for other in second)])


def _few(lines: Iterable[Candidate], fact: str) -> list[Candidate]:
    return _shortest_first(_telling(lines, frozenset({fact})))[:A_FEW]


def _shortest_first(lines: Iterable[Candidate]) -> list[Candidate]:
    return sorted(lines, key=lambda line: (-line.point, len(line.text.split())))


_ENDS = ".!?…\"'”’)"


def _joined(first: Candidate, second: Candidate) -> Candidate:
    return Candidate(
        line=f"{first.line}{JOINT}{second.line}",
        text=f"{first.text}{'' if first.text[-1] in _ENDS else '.'} {second.text}",
        needs=tuple(dict.fromkeys((*first.needs, *second.needs))),
        own=min(first.own, second.own),
        point=min(first.point, second.point),
    )


def _is_exact(lines: Iterable[Candidate]) -> bool:
    return any(line.point > TO_ITS_WORDS for line in lines)


def _to_the_point(lines: list[Candidate], *, to_a_question: bool = False) -> list[Candidate]:
    """A dozen at most; fewer where some answer this very reply, so that these are not lost among the others: two lines
    that are written for its words stand alone, and one does where they are a question."""
    exact = [line for line in lines if line.point > TO_ITS_WORDS]
    worded = [line for line in lines if line.point >= TO_ITS_WORDS]
    if exact or len(worded) >= (1 if to_a_question else _BOTH):
        return (exact or worded)[:A_DOZEN]
    pointed = sum(line.point > 0 for line in lines)
    enough = A_FEW if worded else ENOUGH_TO_CHOOSE
    return lines[: max(pointed, enough)][:A_DOZEN] if pointed else lines[:A_DOZEN]


def _news(lines: list[Candidate], wanted: Sequence[str], session: Session) -> list[Candidate]:
    """Without what was heard in recent sessions, as long as there is a choice; what is asked for is told anyway."""
    asked = [line for line in lines if not set(wanted).isdisjoint(line.needs)]
    other = [line for line in lines if line not in asked]
    return [*_fresh(asked, session, 1), *_fresh(other, session, ENOUGH_NEW)]


def _fresh(lines: list[Candidate], session: Session, enough: int) -> list[Candidate]:
    lately = _parts(session.started.heard_lately)
    fresh = [line for line in lines if line.line not in lately]
    return fresh if len(fresh) >= min(enough, len(lines)) else lines


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
