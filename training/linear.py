"""Ridge regression, logistic calibration, cuts between levels: the few lines of statistics that fitting needs."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.assessment.agreement import weighted_kappa

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def ridge(
    rows: Matrix,
    targets: Vector,
    alpha: float,
    weights: Vector,
    steps: Sequence[tuple[Matrix, Vector, float]] = (),
) -> tuple[Vector, float]:
    """Coefficients and intercept of weighted ridge regression, by its dual where there are fewer rows than columns.

    Args:
        rows: One example each.
        targets: What each should come to.
        alpha: Penalty on the squared coefficients.
        weights: Of each example.
        steps: Differences between rows and between targets, to which no intercept belongs, with their weight.
    """
    centre = np.average(rows, axis=0, weights=weights)
    middle = float(np.average(targets, weights=weights))
    root = np.sqrt(weights)
    roots = [np.sqrt(weight) for _, _, weight in steps]
    scaled = np.vstack(
        [(rows - centre) * root[:, None], *(each * by for (each, _, _), by in zip(steps, roots, strict=True))]
    )
    wanted = np.concatenate(
        [(targets - middle) * root, *(each * by for (_, each, _), by in zip(steps, roots, strict=True))]
    )
    if len(scaled) < rows.shape[1]:
        coefficients = scaled.T @ np.linalg.solve(scaled @ scaled.T + alpha * np.eye(len(scaled)), wanted)
    else:
        single = scaled.astype(np.float32)
        products = (single.T @ single).astype(np.float64)
        coefficients = np.linalg.solve(products + alpha * np.eye(rows.shape[1]), scaled.T @ wanted)
    return coefficients, middle - float(centre @ coefficients)


def sharpened(scores: Vector, truth: Vector) -> tuple[float, float]:
    """Slope and offset that turn scores into log-odds of truth (0 or 1), by Newton's method (Platt 1999)."""
    slope, offset = 1.0, 0.0
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(slope * scores + offset).clip(-30, 30)))
        spread = chance * (1 - chance) + 1e-6
        gradient = np.array([(scores * (chance - truth)).sum() + 1e-3 * slope, (chance - truth).sum()])
        curve = np.array(
            [[(spread * scores**2).sum() + 1e-3, (spread * scores).sum()], [(spread * scores).sum(), spread.sum()]]
        )
        step = np.linalg.solve(curve, gradient)
        slope, offset = slope - step[0], offset - step[1]
        if np.abs(step).max() < 1e-6:
            break
    return float(slope), float(offset)


def leveled(raw: Vector, cuts: Vector) -> Vector:
    """Levels 1 to 5 of raw scores."""
    return np.digitize(raw, cuts) + 1.0


def best_cuts(raw: Vector, levels: Vector, weights: Vector) -> Vector:
    """The four cuts that agree best with the levels, by coordinate search from the middles."""
    cuts = np.array([1.5, 2.5, 3.5, 4.5])
    best = weighted_kappa(leveled(raw, cuts), levels, weights)
    for _ in range(3):
        for at in range(len(cuts)):
            for value in cuts[at] + np.arange(-0.6, 0.61, 0.05):
                moved = np.array([*cuts[:at], value, *cuts[at + 1 :]])
                if np.diff(moved).min() < 0.2:
                    continue
                agreement = weighted_kappa(leveled(raw, moved), levels, weights)
                if agreement > best + 1e-4:
                    best, cuts = agreement, moved
    return cuts
