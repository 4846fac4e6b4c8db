"""What the listener's states of a reply come to as numbers.

Apart from rater and signals, which both build on it, and from training, which must read exactly what is read in play.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.ports import Features

Vector = NDArray[np.float64]

WIDTH = 576
"""Numbers the embedded model gives for a token."""
POOLED = 3 * WIDTH
"""Numbers `pooled` gives: mean, maximum and last over tokens."""
EARS = 4
"""How many ears each dimension listens with."""
ATTENDED = EARS * WIDTH
"""Numbers `attended` gives for a dimension."""
_SCALE = 8.0
"""About the size of a state: brings the numbers near 1."""


def states(features: Features) -> NDArray[np.float32]:
    """The states as an array of (tokens, width)."""
    return np.frombuffer(features.states, dtype=np.float32).reshape(len(features.starts), features.width)


def pooled(features: Features, without: Sequence[tuple[int, int]] = ()) -> Vector:
    """Mean, maximum and last of the tokens' states, one after the other; zeros where there is no token.

    Args:
        features: What the listener made of the reply.
        without: Spans of the reply, in characters, whose tokens are left out.
    """
    rows = states(features)[_kept(features, without)]
    if not len(rows):
        return np.zeros(POOLED)
    return np.concatenate([rows.mean(axis=0), rows.max(axis=0), rows[-1]]).astype(np.float64) / _SCALE


def attended(features: Features, ears: Vector, without: Sequence[tuple[int, int]] = ()) -> Vector:
    """What each ear hears, one after the other: the tokens' states, weighed by how far each concerns that ear.

    Args:
        features: What the listener made of the reply.
        ears: (ears, WIDTH): what each of them turns to.
        without: Spans of the reply, in characters, whose tokens are left out.
    """
    rows = states(features)[_kept(features, without)].astype(np.float64) / _SCALE
    if not len(rows):
        return np.zeros(ears.size)
    turned = rows @ ears.T
    weights = np.exp(turned - turned.max(axis=0))
    return np.asarray(((weights / weights.sum(axis=0)).T @ rows).ravel())


def of_span(features: Features, start: int, end: int) -> Vector:
    """Mean and maximum of the states of the tokens that begin in [start, end), scaled; zeros where none does."""
    rows = states(features)[[start <= at < end for at in features.starts]]
    if not len(rows):
        return np.zeros(2 * WIDTH)
    return np.concatenate([rows.mean(axis=0), rows.max(axis=0)]).astype(np.float64) / _SCALE


def _kept(features: Features, without: Sequence[tuple[int, int]]) -> list[bool]:
    return [not any(start <= at < end for start, end in without) for at in features.starts]
