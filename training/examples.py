"""Rated replies as examples: read from the two kinds of file, with what the listener makes of them cached on disk.

Apart from the fitting because reading takes minutes once and nothing after that.
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.assessment.heads import cues
from simulator.assessment.hearing import pooled
from simulator.assessment.signals import read, served
from simulator.ports import Exchange, Features, Listener
from simulator.vocabulary import CORE_DIMENSIONS, Mood, SignalName, Utterance
from training.dress import dressed
from training.listening import Ear, listening, remembering
from training.split import TEST, folds

Matrix = NDArray[np.float64]
Heard = tuple[Exchange, Features]
"""What is rated of an example, and what the listener makes of it."""
Pool = Callable[[Features], Matrix]
"""How the states of a reply's tokens become numbers, as many for each reply."""

_OPENING = 12
_DRESSED = 0.33
ATTACKS = Path(__file__).with_name("attacks.json")
_ATTACKED, _SEED = 0.2, 7
FRESH = 6
"""Pairs written for this version of the rater, or later, are put aside by context; former adapters saw the others."""


@dataclass(frozen=True)
class Example:
    """A rated reply. Levels are in the order of the core dimensions; None: no room for it."""

    exchange: Exchange
    levels: tuple[float | None, ...]
    group: str
    """Examples of one group stay on the same side of a split."""
    marks: tuple[tuple[SignalName, str], ...] | None = None
    """Signals that a reader found, each with its words; None: nobody has read the reply for them."""

    def shows(self, signal: SignalName, sentence: str) -> bool:
        """Whether a reader found the signal in words of this sentence."""
        return any(name is signal and _opens_in(quote, sentence) for name, quote in self.marks or ())


def _opens_in(quote: str, sentence: str) -> bool:
    """True if the words begin in the sentence: marks may run over its end."""
    return quote[:_OPENING] in sentence


@dataclass(frozen=True)
class Table:
    """Examples as numbers, one row each."""

    numbers: Matrix
    """What a score is a linear function of."""
    levels: Matrix
    """NaN where there is no level."""
    groups: tuple[str, ...]

    def rows(self, chosen: NDArray[np.bool_]) -> "Table":
        """Only the chosen rows."""
        groups = tuple(group for group, kept in zip(self.groups, chosen, strict=True) if kept)
        return Table(self.numbers[chosen], self.levels[chosen], groups)


def gold(path: Path) -> Iterator[Example]:
    """Replies rated by a panel, grouped by context."""
    return _rated(path, "context")


def _rated(path: Path, group: str) -> Iterator[Example]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        said = exchange(row["mood"], row["context"], row["history"], row["reply"])
        levels = tuple(row["consensus"][name] for name in CORE_DIMENSIONS)
        marks = tuple((SignalName(name), quote) for name, quote in row["marks"]) if "marks" in row else None
        yield Example(said, levels, row[group], marks)


def plays(path: Path) -> Iterator[Example]:
    """Replies of practice calls rated by a panel and marked by a reader, grouped by scenario."""
    return _rated(path, "scenario")


def attacked(examples: Sequence[Example]) -> list[tuple[Example, Example]]:
    """Some of the replies, and the same with words after them that serve nobody, after a line break."""
    stock = json.loads(ATTACKS.read_text("utf-8"))
    draw = random.Random(_SEED)
    found = []
    for example in examples:
        words = example.exchange.reply.strip()
        if words and "\n" not in words and (example.levels[0] or 0) >= 2 and draw.random() < _ATTACKED:
            kind = draw.choice(sorted(stock))
            extra = " ".join(draw.sample(stock[kind], 1)).replace("\n", " ")
            exchange = example.exchange.model_copy(update={"reply": f"{words}\n{extra}"})
            found.append((example, Example(exchange, example.levels, example.group)))
    return found


def retyped(examples: Sequence[Example]) -> list[tuple[Example, Example]]:
    """About a third of the replies that are not kept for the figures, and the same in another dress."""
    test = folds([example.group for example in examples]) == TEST
    found = []
    for example in (one for one, kept in zip(examples, test, strict=True) if not kept):
        reply = example.exchange.reply
        draw = random.Random(reply)
        if draw.random() < _DRESSED:
            exchange = example.exchange.model_copy(update={"reply": dressed(reply, draw)})
            found.append((example, replace(example, exchange=exchange, marks=None)))
    return found


def dialogues(path: Path) -> Iterator[Example]:
    """Agent turns of whole conversations that answer something, grouped by conversation."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        for at, turn in enumerate(row["turns"]):
            if turn["speaker"] == "agent" and at:
                said = exchange(row["mood"], row["situation"], row["turns"][:at], turn["text"])
                yield Example(said, tuple(turn["levels"][name] for name in CORE_DIMENSIONS), row["id"])


@dataclass(frozen=True)
class Pair:
    """Two replies at one moment that differ in a clause, rated by their author."""

    first: Example
    second: Example
    kind: str
    show: tuple[str, ...]
    """Sentences of the second that are there for show and serve nobody."""
    composed: bool
    """Whether it was put together from clauses that other pairs are made of as well."""
    kept: bool = False
    """Whether neither adapter nor heads learn from it, nor any former adapter did: it is there for the figures."""

    @property
    def both(self) -> tuple[Example, Example]:
        """The first, then the second."""
        return self.first, self.second

    @property
    def mocks(self) -> bool:
        """Whether the show is mockery."""
        return self.kind == "sarcasm"

    def shows_off(self, sentence: str) -> bool:
        """Whether a sentence is for show, give or take the marks at its ends."""
        return any(sentence.strip(" .!?\"'") in words for words in self.show)


def pairs(path: Path) -> Iterator[Pair]:
    """Minimal pairs, each a group of its own; those that were composed of the same clauses share one."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        show = tuple(row["show"])
        first = _half(row, "first")
        kept = row.get("since", 0) >= FRESH and bool(folds([first.group])[0] == TEST)
        yield Pair(first, _half(row, "second"), row["kind"], show, "block" in row, kept)


def _half(row: Mapping[str, Any], name: str) -> Example:
    said = exchange(row["mood"], row["context"], row["history"], row[name])
    return Example(said, tuple(row[f"{name}_levels"]), row.get("block", row["id"]))


def sarcasms(path: Path) -> Iterator[Pair]:
    """Replies with a sincere clause, and with a sarcastic one in its place, grouped by what the customer said."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield _mocked(row, row["sincere"])


def bare_sarcasms(path: Path) -> Iterator[Pair]:
    """The same replies without the clause, and with the sarcastic one; none where the clause is all there is."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["before"].strip() or row["after"].strip():
            yield _mocked(row, "")


def _mocked(row: Mapping[str, Any], instead: str) -> Pair:
    show = (row["sarcasm"].strip(),)
    return Pair(_spoken(row, instead), _spoken(row, row["sarcasm"]), "sarcasm", show, composed=False)


def _spoken(row: Mapping[str, Any], clause: str) -> Example:
    reply = " ".join(part.strip() for part in (row["before"], clause, row["after"]) if part.strip())
    said = exchange(row["mood"], row["context"], [{"speaker": "customer", "text": row["customer"]}], reply)
    return Example(said, (None,) * len(CORE_DIMENSIONS), row["customer"])


def exchange(mood: str, context: str, history: Sequence[Mapping[str, str]], reply: str) -> Exchange:
    """What is rated, from a row of any of the files."""
    said = tuple(
        Utterance(speaker="customer" if turn["speaker"] == "customer" else "trainee", text=turn["text"])
        for turn in history
    )
    return Exchange(mood=Mood(mood), context=context, history=said, reply=reply)


def heard(examples: Sequence[Example], ear: Ear | None = None) -> list[Heard]:
    """What the listener makes of each example, exactly as in play; remembered for this way to listen."""
    ear = ear or Ear()
    with listening(ear) as listener:
        return asyncio.run(_heard(examples, remembering(listener, ear)))


async def _heard(examples: Sequence[Example], ear: Listener) -> list[Heard]:
    found = []
    for number, example in enumerate(examples, start=1):
        exchange = served(example.exchange)
        if number % 500 == 0:
            print(f"read {number} of {len(examples)}", flush=True)
        found.append((exchange, await ear.features(exchange.before, exchange.reply)))
    return found


def table(examples: Sequence[Example], read_by: Sequence[Heard], pool: Pool = pooled) -> Table:
    """States, pooled in one way, and then cues."""
    seen = [np.concatenate([pool(features), cues(exchange, read(exchange))]) for exchange, features in read_by]
    return Table(np.array(seen), levels_of(examples), tuple(example.group for example in examples))


def levels_of(examples: Sequence[Example]) -> Matrix:
    """One row each, one column a dimension; NaN where there is no level."""
    return np.array([[np.nan if level is None else level for level in one.levels] for one in examples], dtype=float)
