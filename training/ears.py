"""Learns what each dimension listens to: which words of a reply its level hangs on, and which it may pass over.

Apart from `fit_rater`, which keeps only the ears: the weights found here beside them are thrown away, as ridge
regression on what the ears hear is exact and knows the conversations that people scored.

A level is a sum over ears. An ear weighs the tokens of a reply (softmax of a linear score of their states) and adds a
linear score of the states it so hears. Squared error of levels, and of the steps within minimal pairs, by AdamW. Strong
decay keeps the ears wide: with little of it they fit the training replies and agree less with new ones.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.assessment.hearing import EARS, WIDTH, states
from simulator.ports import Features
from training.linear import Matrix, Vector

Floats = NDArray[np.float32]

EPOCHS, BATCH = 12, 48
RATE, DECAY = 2e-3, 10.0
WARMTH = 30
"""Steps until the full rate is reached."""
SCALE = 8.0
SEED = 1
DROPPED = 0.3
MIDDLE = 2.6
"""About the mean level: where every dimension begins."""


@dataclass(frozen=True)
class Reply:
    """One reply to learn from."""

    states: Floats
    """(tokens, WIDTH), scaled."""
    cues: Floats
    levels: Floats
    """One for each dimension; NaN where there is none."""
    weight: float


Unit = tuple[Reply, ...]
"""A reply by itself, or the two halves of a minimal pair, which stay in one batch."""


def reply(features: Features, cues: Vector, levels: Vector, weight: float) -> Reply:
    """A reply from what the listener made of it; an empty one has a single token of nothing."""
    rows = states(features) / np.float32(SCALE) if features.starts else np.zeros((1, WIDTH), np.float32)
    return Reply(rows, cues.astype(np.float32), levels.astype(np.float32), weight)


def learned(units: Sequence[Unit], signals: int) -> list[Matrix]:
    """The ears of each dimension, (EARS, WIDTH) each. The same units give the same ears.

    Args:
        units: What to learn from.
        signals: How many of the first cues are counts of signals, of which a part is hidden in each step.
    """
    draw = np.random.default_rng(SEED)
    first = units[0][0]
    model = _Model(len(first.levels), len(first.cues), draw)
    steps = EPOCHS * math.ceil(len(units) / BATCH)
    for step, batch in enumerate(_batches(units, draw)):
        share = 0.5 * (1 + math.cos(math.pi * step / steps)) * min(1.0, (step + 1) / WARMTH)
        model.learn(batch, signals, RATE * share, draw)
    ears: Floats = model.values[0].reshape(len(first.levels), EARS, WIDTH)
    return [each.astype(np.float64) for each in ears]


def _batches(units: Sequence[Unit], draw: np.random.Generator) -> Iterator[list[Unit]]:
    for _ in range(EPOCHS):
        order = draw.permutation(len(units))
        for at in range(0, len(order), BATCH):
            yield [units[number] for number in order[at : at + BATCH]]


class _Model:
    """Ears, what they make of what they hear, and what the cues add, with AdamW's memory of each."""

    def __init__(self, dimensions: int, cues: int, draw: np.random.Generator) -> None:
        count = dimensions * EARS
        self._dimensions = dimensions
        self.values: list[Floats] = [
            draw.normal(0, 0.02, (count, WIDTH)).astype(np.float32),
            draw.normal(0, 0.01, (count, WIDTH)).astype(np.float32),
            np.zeros((dimensions, cues), np.float32),
            np.full(dimensions, MIDDLE, np.float32),
        ]
        self._means = [np.zeros_like(value) for value in self.values]
        self._squares = [np.zeros_like(value) for value in self.values]
        self._steps = 0

    def learn(self, batch: Sequence[Unit], signals: int, rate: float, draw: np.random.Generator) -> None:
        """One step down the error of a batch."""
        replies = [one for unit in batch for one in unit]
        rows = np.concatenate([one.states for one in replies])
        starts = np.cumsum([0, *(len(one.states) for one in replies[:-1])])
        owner = np.repeat(np.arange(len(replies)), [len(one.states) for one in replies])
        cues = np.stack([one.cues for one in replies])
        cues[:, :signals] *= draw.random((len(replies), signals)) >= DROPPED
        weights = self._weights(rows, starts, owner)
        heard = rows @ self.values[1].T
        sums = np.add.reduceat(weights * heard, starts)
        given = (
            sums.reshape(len(replies), self._dimensions, EARS).sum(axis=2) + cues @ self.values[2].T + self.values[3]
        )
        slope = _slope(given, replies, batch)
        spread = np.repeat(slope, EARS, axis=1)[owner] * weights
        gradients = [(spread * (heard - sums[owner])).T @ rows, spread.T @ rows, slope.T @ cues, slope.sum(axis=0)]
        self._step(gradients, rate)

    def _weights(self, rows: Floats, starts: NDArray[np.int64], owner: NDArray[np.int64]) -> Floats:
        """How much each ear gives to each token; 1 over the tokens of a reply."""
        turned = rows @ self.values[0].T
        raised: Floats = np.exp(turned - np.maximum.reduceat(turned, starts)[owner])
        return raised / np.add.reduceat(raised, starts)[owner]

    def _step(self, gradients: Sequence[Floats], rate: float) -> None:
        self._steps += 1
        for value, mean, square, gradient in zip(self.values, self._means, self._squares, gradients, strict=True):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient**2 - square)
            ahead = mean / (1 - 0.9**self._steps)
            size = np.sqrt(square / (1 - 0.999**self._steps)) + 1e-8
            value *= 1 - rate * DECAY
            value -= rate * ahead / size


def _slope(given: Floats, replies: Sequence[Reply], batch: Sequence[Unit]) -> Floats:
    """How the error grows with each given level: of levels, and of steps between the halves of pairs."""
    wanted = np.stack([one.levels for one in replies])
    weight = np.array([one.weight for one in replies], np.float32)[:, None]
    known = max(1, int((~np.isnan(wanted)).sum()))
    slope = 2 * weight * np.nan_to_num(given - wanted) / known
    at = 0
    for unit in batch:
        if len(unit) > 1:
            step = 2 * np.nan_to_num((given[at + 1] - given[at]) - (wanted[at + 1] - wanted[at])) / known
            slope[at + 1] += step
            slope[at] -= step
        at += len(unit)
    return np.asarray(slope, np.float32)
