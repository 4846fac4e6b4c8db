"""Rated replies as examples: read from the two kinds of file, with the listener's hidden states cached on disk.

Apart from the fitting because reading takes minutes once and nothing after that.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.assessment.heads import COUNTED, MEASURES, cues
from simulator.assessment.signals import read, without_machine_talk
from simulator.ports import Exchange, Listener
from simulator.vocabulary import CORE_DIMENSIONS, Mood, Utterance

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A rated reply. Levels are in the order of the core dimensions; None: no room for it."""

    exchange: Exchange
    levels: tuple[int | None, ...]
    group: str
    """Examples of one group stay on the same side of a split."""


@dataclass(frozen=True)
class Table:
    """Examples as numbers, one row each."""

    hidden: Matrix
    cues: Matrix
    levels: Matrix
    """NaN where there is no level."""
    groups: tuple[str, ...]

    def rows(self, chosen: NDArray[np.bool_]) -> "Table":
        """Only the chosen rows."""
        groups = tuple(group for group, kept in zip(self.groups, chosen, strict=True) if kept)
        return Table(self.hidden[chosen], self.cues[chosen], self.levels[chosen], groups)


def gold(path: Path) -> Iterator[Example]:
    """Replies rated by a panel, grouped by context."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        exchange = _exchange(row["mood"], row["context"], row["history"], row["reply"])
        yield Example(exchange, tuple(row["consensus"][name] for name in CORE_DIMENSIONS), row["context"])


def dialogues(path: Path) -> Iterator[Example]:
    """Agent turns of whole conversations that answer something, grouped by conversation."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        for at, turn in enumerate(row["turns"]):
            if turn["speaker"] == "agent" and at:
                exchange = _exchange(row["mood"], row["situation"], row["turns"][:at], turn["text"])
                yield Example(exchange, tuple(turn["levels"][name] for name in CORE_DIMENSIONS), row["id"])


def _exchange(mood: str, context: str, history: Sequence[dict[str, str]], reply: str) -> Exchange:
    said = tuple(
        Utterance(speaker="customer" if turn["speaker"] == "customer" else "trainee", text=turn["text"])
        for turn in history
    )
    return Exchange(mood=Mood(mood), context=context, history=said, reply=reply)


def table(examples: Sequence[Example], listener: Listener, cache: Path) -> Table:
    """The numbers the heads see, exactly as in play."""
    cache.mkdir(parents=True, exist_ok=True)
    hidden = asyncio.run(_hidden(examples, listener, cache))
    served = [_served(example.exchange) for example in examples]
    counts = [cues(exchange, read(exchange)) for exchange in served]
    levels = [[np.nan if level is None else level for level in example.levels] for example in examples]
    assert all(len(row) == len(COUNTED) + len(MEASURES) for row in counts)
    return Table(hidden, np.array(counts), np.array(levels, dtype=float), tuple(example.group for example in examples))


def _served(exchange: Exchange) -> Exchange:
    return exchange.model_copy(update={"reply": without_machine_talk(exchange.reply)})


async def _hidden(examples: Sequence[Example], listener: Listener, cache: Path) -> Matrix:
    rows = []
    for number, example in enumerate(examples, start=1):
        exchange = _served(example.exchange)
        key = f"{listener.name}\0{exchange.customer_line}\0{exchange.reply}"
        file = cache / f"{hashlib.sha256(key.encode()).hexdigest()}.npy"
        if not file.exists():
            np.save(file, np.asarray(await listener.features(exchange.customer_line, exchange.reply), dtype=np.float32))
            print(f"\rread {number} of {len(examples)}", end="", flush=True)
        rows.append(np.load(file))
    return np.array(rows, dtype=np.float64)
