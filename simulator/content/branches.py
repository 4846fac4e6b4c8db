"""The ways in which a condition can come true, and whether one contradicts itself. Apart, because it is plain logic."""

import math
from collections.abc import Iterable, Sequence
from itertools import chain, product
from typing import Any

from simulator.content.schema import Condition
from simulator.vocabulary import Value

MOST = 400
"""Ways that are looked at; a condition with more is nobody's to judge."""
_STEP = {"turn": 1.0, "trust": 0.1, "upset": 0.1}
"""The smallest difference between two numbers of a kind: emotions are kept to one decimal."""
_CEILING = {"trust": 100.0, "upset": 100.0}


class Literal(Value):
    """One atom of a condition, or that it is not so."""

    key: str
    """The atom's key in the file: `fact`, `shows`, `turn_at_least`."""
    value: Any
    holds: bool
    """False where the atom stands under a `not`."""


Branch = tuple[Literal, ...]
"""Atoms that are true together."""


def branches(condition: Condition, holds: bool = True) -> Sequence[Branch] | None:
    """Every way in which a condition is true (with `holds` False: is not true); None where there are over `MOST`."""
    match condition:
        case Condition(negated=Condition() as part):
            return branches(part, not holds)
        case Condition(any=tuple(parts)):
            return _one_of(parts, holds) if holds else _together(parts, holds)
        case Condition(all=tuple(parts)):
            return _together(parts, holds) if holds else _one_of(parts, holds)
        case _:
            return ((_atom(condition, holds),),)


def _one_of(parts: Iterable[Condition], holds: bool) -> Sequence[Branch] | None:
    found = [branches(part, holds) for part in parts]
    known = [ways for ways in found if ways is not None]
    return None if len(known) < len(found) or sum(map(len, known)) > MOST else tuple(chain(*known))


def _together(parts: Iterable[Condition], holds: bool) -> Sequence[Branch] | None:
    found = [branches(part, holds) for part in parts]
    known = [ways for ways in found if ways is not None]
    if len(known) < len(found) or math.prod(map(len, known)) > MOST:
        return None
    return tuple(tuple(chain(*chosen)) for chosen in product(*known))


def _atom(condition: Condition, holds: bool) -> Literal:
    key, value = condition.atom
    return Literal(key=key, value=value, holds=holds)


def consistent(branch: Branch, last_turn: int) -> bool:
    """False if atoms contradict each other, or ask for a turn after the last."""
    said = {(one.key, repr(one.value), one.holds) for one in branch}
    if any((key, value, not holds) in said for key, value, holds in said):
        return False
    if any(key == "shows" and holds and ("signal", value, False) in said for key, value, holds in said):
        return False
    if sum(key == "ending" and holds for key, _, holds in said) > 1:
        return False
    return all(_fits(branch, number, last_turn) for number in _STEP)


def _fits(branch: Branch, number: str, last_turn: int) -> bool:
    """Whether one of trust, upset and turn can be what all its bounds ask for."""
    step, low, high = _STEP[number], 0.0, _CEILING.get(number, last_turn)
    for one in branch:
        if one.key == f"{number}_at_least":
            low, high = (max(low, one.value), high) if one.holds else (low, min(high, one.value - step))
        elif one.key == f"{number}_at_most":
            low, high = (low, min(high, one.value)) if one.holds else (max(low, one.value + step), high)
    return low <= high + step / 2
