"""Fits the weights by which a customer's line is chosen, and prints how often the true line comes first.

    python -m training.fit_choice --dialogues CONVERSATIONS.jsonl [--cases 800]

Conditional logit (McFadden 1974) over a dozen lines a case. The first BENCH cases are those of `benchmarks.choice`:
conversations that occur in them are not fitted on. The weights are printed; those in `simulator.customer.actor` are set
by hand from them, as the bank of a scenario has other columns.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.choices import FEATURES, Matrix, cases, features
from training.listening import listening

BENCH = 200
"""Cases kept for the benchmark."""
PENALTY = 0.01
_STEPS = 400
_RATE = 0.3

Vector = NDArray[np.float64]


def fitted(rows: Sequence[Matrix]) -> Vector:
    """Weights under which the first line of each case is likeliest, by gradient ascent on standardised columns."""
    spread = np.concatenate(rows).std(axis=0)
    scaled = [each / spread for each in rows]
    weights = np.zeros(len(spread))
    for _ in range(_STEPS):
        slope = np.mean([each[0] - _chances(each @ weights) @ each for each in scaled], axis=0)
        weights += _RATE * (slope - PENALTY * weights)
    return np.asarray(weights / spread)


def _chances(worth: Vector) -> Vector:
    odds = np.exp(worth - worth.max())
    return np.asarray(odds / odds.sum())


def place(worth: Vector) -> float:
    """At which place the first line comes, 1 being the best; ties are shared."""
    return float(1 + (worth[1:] > worth[0]).sum() + (worth[1:] == worth[0]).sum() / 2)


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialogues", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=800)
    options = parser.parse_args()
    drawn = cases(options.dialogues, options.cases)
    kept = {case.group for case in drawn[:BENCH]}
    learned = [case for case in drawn[BENCH:] if case.group not in kept]
    with listening() as listener:
        rows = features(learned, listener)
    weights = fitted(rows)
    print(f"{len(learned)} cases of {len({case.group for case in learned})} conversations")
    print("  ".join(f"{name} {weight:.3f}" for name, weight in zip(FEATURES, weights, strict=True)))


if __name__ == "__main__":
    main()
