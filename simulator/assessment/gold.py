"""Rated replies to measure by: reading them from JSON Lines, and telling which of them no weights were fitted on.

Apart from what measures, because several do (a calibration, a qualification), and upheld disputes add to them.
"""

import hashlib
from collections.abc import Iterable
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from simulator.errors import ContentError
from simulator.ports import Exchange
from simulator.vocabulary import CriticalCode, Level, Mood, Utterance, Value

_FOLDS, _SEED, _HELD_BACK = 5, 7, 0
"""The rule by which training puts contexts aside: `training.split`."""


class Said(Value):
    """Something one of the two said, with the name that files exchanged with others use for the trainee."""

    speaker: Literal["customer", "agent"]
    text: str


class Provenance(Value):
    """Where a rated reply of this machine comes from: a score that was contested, and revised."""

    session: str
    turn: int
    rater: str
    """Version of the rater whose levels were contested."""
    given: dict[str, Level | None]
    """The levels it gave."""
    contested: str
    """The reason of whoever contested."""
    reason: str
    """The reason of whoever upheld it."""
    by: str
    """Who upheld it."""
    at: AwareDatetime


class Judgement(Value):
    """One level that one person gave a rated reply, blind. A later one about the same takes its place."""

    at: AwareDatetime
    rubric: str
    reply: str
    """Id of the rated reply."""
    dimension: str
    level: Level | None
    """None: the moment gives no room for it."""
    by: str


class GoldReply(BaseModel):
    """One reply with levels that people or a panel gave it. Fields of a file that are of no use here are left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    context: str = ""
    mood: Mood | None = None
    history: tuple[Said, ...]
    reply: str
    ratings: dict[str, tuple[Level | None, ...]] = {}
    """Every rater's level, by dimension."""
    consensus: dict[str, Level | None]
    """The level that counts, by dimension; None where the moment gives no room, absent where nobody judged."""
    critical: CriticalCode | None = None
    provenance: Provenance | None = None

    @property
    def exchange(self) -> Exchange:
        """As a rater is given it."""
        said = tuple(
            Utterance(speaker="customer" if one.speaker == "customer" else "trainee", text=one.text)
            for one in self.history
        )
        return Exchange(mood=self.mood, context=self.context, history=said, reply=self.reply)


def parse(text: str, name: str) -> tuple[GoldReply, ...]:
    """Every rated reply of a file, in order; of two with one id the later.

    Args:
        text: JSON Lines.
        name: What to call the file in errors.

    Raises:
        ContentError: a line cannot be used; the sentence says which, and what is wrong there.
    """
    lines = enumerate(text.split("\n"), start=1)
    return latest(_reply(line, f"{name}, line {number}") for number, line in lines if line.strip())


def latest(replies: Iterable[GoldReply]) -> tuple[GoldReply, ...]:
    """One reply for each id, the later of two."""
    return tuple({reply.id: reply for reply in replies}.values())


def held_back(context: str) -> bool:
    """Whether replies in this context of the shipped gold set were kept from every fit of the embedded rater."""
    return int(hashlib.sha256(f"{_SEED} {context}".encode()).hexdigest(), 16) % _FOLDS == _HELD_BACK


def _reply(line: str, where: str) -> GoldReply:
    try:
        return GoldReply.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        told = f"{place}: {first['msg'].lower()}" if place else "not one object of JSON"
        raise ContentError(f"{where} is no rated reply ({told}).") from error
