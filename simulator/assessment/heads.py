"""The trained weights that turn features and signals into levels, and the numbers they are applied to.

Apart from the rater so that training applies exactly the same numbers that are applied in play.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.assessment.hearing import attended
from simulator.assessment.meaning import content
from simulator.assessment.scene import Known, Scene
from simulator.assessment.signals import Reading
from simulator.ports import Exchange, Features
from simulator.vocabulary import CORE_DIMENSIONS, SignalName

Vector = NDArray[np.float64]

_NOT_COUNTED = (
    SignalName.PUTS_ON_HOLD,
    SignalName.STAYS_SILENT,
    SignalName.TRANSFERS,
    SignalName.ADDRESSES_MACHINE,
    SignalName.GOES_BACK,
)
COUNTED = tuple(name for name in SignalName if name not in _NOT_COUNTED)
"""Signals the heads count, in this order; how often, at most three times each."""
MEASURES = ("words", "questions", "number", "shared")
"""After the signals: log of words (at most 60), question marks (at most 2), whether there is a digit, and the log of
content words shared with the customer (at most 8). The limits keep length from buying anything."""
CUES = len(COUNTED) + len(MEASURES)
"""Numbers that `cues` gives."""
_MOST_OFTEN = 3
_MIDDLES = np.array([1.5, 2.5, 3.5, 4.5])


def cues(exchange: Exchange, reading: Reading) -> Vector:
    """What the heads see of a reply beside hidden states: signal counts and measures, in the order of the names."""
    names = [signal.name for signal in reading.signals]
    counts = [float(min(_MOST_OFTEN, names.count(name))) for name in COUNTED]
    scene = Scene(exchange, Known())
    words = sum(word.text[0].isalnum() for word in scene.reply.words)
    shared = len(content(scene.reply) & scene.told)
    measures = [
        float(np.log1p(min(words, 60))),
        float(min(2, exchange.reply.count("?"))),
        float(any(letter.isdigit() for letter in exchange.reply)),
        float(np.log1p(min(shared, 8))),
    ]
    return np.array([*counts, *measures])


@dataclass(frozen=True)
class Head:
    """One dimension: what it listens to, a raw score, the cuts between its levels, and whether there is room for it."""

    ears: Vector
    """(EARS, WIDTH): the words each ear turns to, so that what another dimension rests on is mostly passed by."""
    weights: Vector
    """Of what is heard, then of the cues."""
    bias: float
    cuts: Vector
    """Four rising raw scores: where level 2, 3, 4 and 5 begin."""
    null: Vector
    """Weights of the score for "nothing to rate here", over `hearing.pooled`, its bias last; at or above 0 there is no
    level."""

    def numbers(self, features: Features, cues: Vector, without: Sequence[tuple[int, int]] = ()) -> Vector:
        """What the weights are applied to: what is heard, less some spans of the reply, then cues."""
        return np.concatenate([attended(features, self.ears, without), cues])

    def expected(self, numbers: Vector) -> float:
        """The level before rounding, 1 to 5: the raw score laid between the cuts, so that rounding gives the level."""
        raw = float(numbers @ self.weights + self.bias)
        edges = np.array([2 * self.cuts[0] - self.cuts[1], *self.cuts, 2 * self.cuts[3] - self.cuts[2]])
        return float(np.interp(raw, edges, [1.0, *_MIDDLES, 5.0]))

    def gives_no_room(self, whole: Vector) -> bool:
        """True if a panel would most likely have left the dimension empty, by the pooled states of a reply."""
        return float(whole @ self.null[:-1] + self.null[-1]) >= 0


@dataclass(frozen=True)
class Heads:
    """All dimensions, and the version every score carries."""

    version: str
    by_dimension: dict[str, Head]

    def save(self, path: Path) -> None:
        """Write the weights, small enough to ship."""
        arrays: dict[str, Any] = {}
        for dimension, head in self.by_dimension.items():
            for field in ("ears", "weights", "bias", "cuts", "null"):
                arrays[f"{dimension}.{field}"] = np.asarray(getattr(head, field), dtype=np.float32)
        names = np.array([*(name.value for name in COUNTED), *MEASURES])
        np.savez_compressed(path, version=np.array(self.version), names=names, **arrays)


def read_heads(path: Path) -> Heads:
    """Weights from a file.

    Raises:
        ValueError: they were made for another list of signals.
    """
    with np.load(path, allow_pickle=False) as file:
        if [str(name) for name in file["names"]] != [*(name.value for name in COUNTED), *MEASURES]:
            raise ValueError(f"{path} was trained for other signals; run python -m training.fit_rater")
        return Heads(str(file["version"]), {dimension: _head(file, dimension) for dimension in CORE_DIMENSIONS})


def _head(file: "np.lib.npyio.NpzFile", dimension: str) -> Head:
    def part(field: str) -> Vector:
        return np.asarray(file[f"{dimension}.{field}"], dtype=np.float64)

    return Head(
        ears=part("ears"),
        weights=part("weights"),
        bias=float(part("bias")),
        cuts=part("cuts"),
        null=part("null"),
    )


@cache
def shipped_heads() -> Heads:
    """The weights that come with the package, read when first needed."""
    with as_file(files("simulator.assessment").joinpath("heads.npz")) as path:
        return read_heads(path)


def levels(expected: Sequence[float]) -> list[int]:
    """Levels that real-valued ones round to, halves up, 1 to 5."""
    return [min(5, max(1, int(np.floor(value + 0.5)))) for value in expected]
