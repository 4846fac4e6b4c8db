"""Ridge regression, cuts between levels, and agreement: the few lines of statistics that fitting needs."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

_LEVELS = 5


def ridge(rows: Matrix, targets: Vector, alpha: float, weights: Vector) -> tuple[Vector, float]:
    """Coefficients and intercept of weighted ridge regression, by its dual: there are fewer rows than columns."""
    centre = np.average(rows, axis=0, weights=weights)
    middle = float(np.average(targets, weights=weights))
    root = np.sqrt(weights)
    scaled = (rows - centre) * root[:, None]
    dual = np.linalg.solve(scaled @ scaled.T + alpha * np.eye(len(rows)), (targets - middle) * root)
    coefficients = scaled.T @ dual
    return coefficients, middle - float(centre @ coefficients)


def kappa(ours: Vector, theirs: Vector, weights: Vector | None = None) -> float:
    """Quadratic weighted kappa of two lists of levels 1 to 5: 1 is full agreement, 0 is chance."""
    counts = np.zeros((_LEVELS, _LEVELS))
    np.add.at(counts, (ours.astype(int) - 1, theirs.astype(int) - 1), 1.0 if weights is None else weights)
    distance = np.subtract.outer(np.arange(_LEVELS), np.arange(_LEVELS)) ** 2
    chance = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return float(1 - (distance * counts).sum() / (distance * chance).sum())


def leveled(raw: Vector, cuts: Vector) -> Vector:
    """Levels 1 to 5 of raw scores."""
    return np.digitize(raw, cuts) + 1.0


def best_cuts(raw: Vector, levels: Vector, weights: Vector) -> Vector:
    """The four cuts that agree best with the levels, by coordinate search from the middles."""
    cuts = np.array([1.5, 2.5, 3.5, 4.5])
    best = kappa(leveled(raw, cuts), levels, weights)
    for _ in range(3):
        for at in range(len(cuts)):
            for value in cuts[at] + np.arange(-0.6, 0.61, 0.05):
                moved = np.array([*cuts[:at], value, *cuts[at + 1 :]])
                if np.diff(moved).min() < 0.2:
                    continue
                agreement = kappa(leveled(raw, moved), levels, weights)
                if agreement > best + 1e-4:
                    best, cuts = agreement, moved
    return cuts


def folds(groups: Sequence[str], count: int, seed: int) -> NDArray[np.int64]:
    """A fold number for each row; rows of a group share one."""
    names = sorted(set(groups))
    np.random.default_rng(seed).shuffle(names)
    number = {name: at % count for at, name in enumerate(names)}
    return np.array([number[group] for group in groups])
