"""The numbers of the default ledger: taken out of its rules, put back, and written into the file that ships.

Apart from the fitting, because the numbers once set by hand stay the ground the fit is drawn towards, and the table
every other is compared with.
"""

import json
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from simulator.content.schema import Defaults, Rule
from simulator.content.source import read
from simulator.customer.emotion import rule_id
from simulator.vocabulary import Feeling, Mood

BY_HAND = Path(__file__).with_name("deltas_by_hand.jsonl")
SHIPPED = Path(str(files("simulator.content").joinpath("defaults.yaml")))
STEP = 0.5
"""Deltas are whole points or halves."""
_MOVES = re.compile(r"moves: \{[^}]*\}")

Place = tuple[int, Feeling]
"""One delta: the number of its rule, and the feeling it moves."""


def shipped() -> Defaults:
    """The defaults that come with the package."""
    return read(Defaults, SHIPPED.read_text("utf-8"), SHIPPED)


def by_hand(defaults: Defaults) -> Defaults:
    """The same rules with the deltas that were once set by hand.

    Raises:
        ValueError: a rule has none; whoever adds a rule gives it some, in deltas_by_hand.jsonl.
    """
    rows = [json.loads(line) for line in BY_HAND.read_text("utf-8").splitlines()]
    known = {(row["rule"], frozenset(map(Mood, row["moods"]))): row["moves"] for row in rows}
    return defaults.model_copy(update={"rules": tuple(_by_hand(rule, known) for rule in defaults.rules)})


def _by_hand(rule: Rule, known: dict[tuple[str, frozenset[Mood]], dict[str, float]]) -> Rule:
    moves = known.get((rule_id(rule), frozenset(rule.moods)), {})
    if {Feeling(name) for name in moves} != set(rule.moves):
        raise ValueError(f"{BY_HAND.name} does not know the rule {rule_id(rule)} for these moods and feelings; add it")
    return rule.model_copy(update={"moves": {feeling: float(moves[feeling.value]) for feeling in rule.moves}})


def places(defaults: Defaults, feeling: Feeling) -> list[Place]:
    """Every delta of one feeling, in the order of the rules."""
    return [(number, feeling) for number, rule in enumerate(defaults.rules) if feeling in rule.moves]


def points(defaults: Defaults, where: Sequence[Place]) -> list[float]:
    """The deltas at these places."""
    return [defaults.rules[number].moves[feeling] for number, feeling in where]


def changed(defaults: Defaults, new: dict[Place, float]) -> Defaults:
    """The same rules with other deltas at some places, each a whole point or a half and of the sign it had."""

    def rule(number: int, old: Rule) -> Rule:
        moves = {
            feeling: _rounded(new[number, feeling], before) if (number, feeling) in new else before
            for feeling, before in old.moves.items()
        }
        return old.model_copy(update={"moves": moves})

    return defaults.model_copy(update={"rules": tuple(rule(*each) for each in enumerate(defaults.rules))})


def _rounded(value: float, before: float) -> float:
    """To a half, and never across or to zero: a rule without a direction would not be a rule."""
    size = max(STEP, round(abs(value) / STEP) * STEP if value * before > 0 else STEP)
    return size if before > 0 else -size


def written(text: str, defaults: Defaults) -> str:
    """A defaults file with these deltas in the place of its own; everything else stays as it was.

    Raises:
        ValueError: the file does not have one flow-style `moves` for each rule.
    """
    if len(_MOVES.findall(text)) != len(defaults.rules):
        raise ValueError("every rule needs one moves: {...}, on one line")
    moves: Iterator[str] = map(_flow, defaults.rules)
    return _MOVES.sub(lambda _: next(moves), text)


def _flow(rule: Rule) -> str:
    return f"moves: {{{', '.join(f'{feeling.value}: {value:g}' for feeling, value in rule.moves.items())}}}"
