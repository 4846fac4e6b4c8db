"""What stands on the shelf: cards that people choose by, read from the first lines of each file.

Apart from the library because a card is a glance and no check: a file whose head can be read has a card even if
something further down is wrong, and what is wrong is said, with its place, when it is linted or played.
"""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from simulator.content.parsing import head
from simulator.content.problem import Problem
from simulator.content.schema import Authored, Persona, Scenario, Text
from simulator.content.source import read, text_of
from simulator.vocabulary import Channel, Mood, Value

__all__ = ["AnyCard", "PersonaCard", "ScenarioCard", "card_of"]


class Card(Value):
    """What every card shows."""

    id: str
    summary: Text
    path: Path


class ScenarioCard(Card):
    """One scenario on the shelf."""

    title: Text
    mood: Mood
    industry: Text
    difficulty: int
    """1 gentle, 2 usual, 3 hard."""
    channel: Channel
    persona: str
    """Id of the persona who is in touch, unless another is asked for."""


class PersonaCard(Card):
    """One persona on the shelf."""

    name: Text
    """Slots not filled in."""


AnyCard = TypeVar("AnyCard", ScenarioCard, PersonaCard)
_WHOLE: dict[type[Card], type[Authored]] = {ScenarioCard: Scenario, PersonaCard: Persona}


def card_of(card: type[AnyCard], path: Path, problems: list[Problem]) -> AnyCard | None:
    """The card of a file; None, with problems, if it has none.

    Only where the head does not say it all (a default, an alias, a fault) is the whole file read.
    """
    text = text_of(path, problems)
    if text is None:
        return None
    shown = set(card.model_fields) - set(Card.model_fields) | {"summary"}
    try:
        return card.model_validate({**head(text, shown), "id": path.stem, "path": path})
    except ValidationError:
        whole = read(_WHOLE[card], text, path, problems)
        return (
            card.model_validate({**whole.model_dump(include=shown), "id": path.stem, "path": path}) if whole else None
        )
