"""Fits the heads of the embedded rater and prints how well they agree with ratings they have not seen.

    python -m training.fit_rater --gold GOLD.jsonl --dialogues CONVERSATIONS.jsonl [--out HEADS.npz]

Ridge regression on the states the listener gives with its adapter, and on signal counts. A fifth of the contexts, the
same that the adapter was never trained on, is kept for the figures; neither weights nor cuts nor penalties see it. The
states of the other four fifths fit better than those of new replies, as the adapter was trained on them: so the cuts
between the levels are set on held-out folds, of gold and of the dialogues.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.assessment.agreement import weighted_kappa
from simulator.assessment.heads import COUNTED, HIDDEN, Head, Heads
from simulator.vocabulary import CORE_DIMENSIONS
from training.examples import Table, dialogues, gold, heard, table
from training.linear import Matrix, Vector, best_cuts, leveled, ridge, sharpened
from training.split import FOLDS, TEST, folds

VERSION = "embedded-3"
ALPHAS = (100.0, 300.0, 1000.0, 3000.0, 10000.0)
NULL_ALPHA = 300.0
CUE_SCALE = 1.0
"""How much a cue of one standard deviation weighs beside states of about 1."""
DROPPED = 0.3
"""Share of signals taken away in training: phrases were written with some of these replies in view."""
DIALOGUE_WEIGHT = 0.3
CUT_WEIGHT = 0.3
"""Weight of a dialogue turn where the cuts are set: all of them together about a tenth of gold."""
TURNS = 3
"""Every third turn of the dialogues is read: more take long and change little."""
SEED = 7


@dataclass(frozen=True)
class Raw:
    """A linear score of the numbers of a reply."""

    weights: Vector
    bias: float

    def of(self, numbers: Matrix) -> Vector:
        """The score of each row."""
        return np.asarray(numbers @ self.weights + self.bias)


def main() -> None:
    """Fit, print, write."""
    options = _options()
    examples, turns = list(gold(options.gold)), list(dialogues(options.dialogues))[::TURNS]
    rated, extra = table(examples, heard(examples)), table(turns, heard(turns))
    fold = folds(rated.groups)
    heads = {name: fit(rated, extra, at, fold) for at, name in enumerate(CORE_DIMENSIONS)}
    Heads(VERSION, heads).save(options.out)
    print(f"{VERSION} written to {options.out}; python -m benchmarks.rater measures it")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True, help="JSON Lines of replies rated by a panel")
    parser.add_argument("--dialogues", type=Path, required=True, help="JSON Lines of conversations with rated turns")
    parser.add_argument("--human", type=Path, help="folder with conversations that human experts scored")
    parser.add_argument("--out", type=Path, default=Path("simulator/assessment/heads.npz"))
    return parser.parse_args()


def fit(rated: Table, extra: Table, at: int, fold: NDArray[np.int64]) -> Head:
    """The head of the dimension in column `at` of the levels, from everything but the test fold."""
    null = _null(rated, at, fold)
    own = ~np.isnan(rated.levels[:, at])
    known, turns, part = rated.rows(own), extra.rows(~np.isnan(extra.levels[:, at])), fold[own]
    truth = known.levels[:, at]
    tried = {alpha: _held_out(known, turns, at, alpha, part) for alpha in ALPHAS}
    learned = part != TEST
    alpha = min(ALPHAS, key=lambda one: float(np.square(tried[one][0] - truth)[learned].mean()))
    raw, raw_turns = tried[alpha]
    cuts = _cuts(raw[learned], truth[learned], raw_turns, turns.levels[:, at])
    final = _fitted(known.rows(learned), turns, at, alpha)
    unseen = leveled(final.of(known.numbers[~learned]), cuts)
    print(
        f"{CORE_DIMENSIONS[at]:17} alpha {alpha:.0f}  cuts {' '.join(f'{cut:.2f}' for cut in cuts)}  "
        f"kappa learned {weighted_kappa(leveled(raw[learned], cuts), truth[learned]):.3f}  "
        f"unseen {weighted_kappa(unseen, truth[~learned]):.3f}  "
        f"dialogues {weighted_kappa(leveled(raw_turns, cuts), turns.levels[:, at]):.3f}"
    )
    return Head(final.weights, final.bias, cuts, null)


def _held_out(known: Table, turns: Table, at: int, alpha: float, part: NDArray[np.int64]) -> tuple[Vector, Vector]:
    """Scores of gold replies and of turns, each from a fit that did not see its context; test contexts see no fit."""
    other = folds(turns.groups)
    raw, raw_turns = np.zeros(len(part)), np.zeros(len(other))
    for number in range(FOLDS):
        own, own_turns = part == number, other == number
        fitted = _fitted(known.rows(~own & (part != TEST)), turns.rows(~own_turns), at, alpha)
        raw[own], raw_turns[own_turns] = fitted.of(known.numbers[own]), fitted.of(turns.numbers[own_turns])
    return raw, raw_turns


def _cuts(raw: Vector, truth: Vector, raw_turns: Vector, truth_turns: Vector) -> Vector:
    weights = np.where(np.arange(len(raw) + len(raw_turns)) < len(raw), 1.0, CUT_WEIGHT)
    return best_cuts(np.concatenate([raw, raw_turns]), np.concatenate([truth, truth_turns]), weights)


def _fitted(known: Table, turns: Table, at: int, alpha: float) -> Raw:
    """Ridge on gold with signals dropped at random, and on the dialogues with less weight."""
    scale = _scale(known.numbers)
    columns = np.vstack([_drop(known.numbers), turns.numbers]) * scale
    weights = np.where(np.arange(len(columns)) < len(known.numbers), 1.0, DIALOGUE_WEIGHT)
    targets = np.concatenate([known.levels[:, at], turns.levels[:, at]])
    coefficients, bias = ridge(columns, targets, alpha, weights)
    return Raw(coefficients * scale, bias)


def _null(rated: Table, at: int, fold: NDArray[np.int64]) -> Vector:
    """Weights and bias of the score for "nothing to rate", cut where F1 on held-out contexts is best."""
    empty = np.isnan(rated.levels[:, at]).astype(float)
    columns, ones = rated.numbers[:, :HIDDEN], np.ones(len(empty))
    raw = np.zeros(len(empty))
    for number in range(FOLDS):
        own = fold == number
        chosen = ~own & (fold != TEST)
        weights, bias = ridge(columns[chosen], empty[chosen], NULL_ALPHA, ones[chosen])
        raw[own] = columns[own] @ weights + bias
    learned = fold != TEST
    slope, offset = sharpened(raw[learned], empty[learned])
    weights, bias = ridge(columns[learned], empty[learned], NULL_ALPHA, ones[learned])
    return np.concatenate([slope * weights, np.zeros(rated.numbers.shape[1] - HIDDEN), [slope * bias + offset]])


def _scale(numbers: Matrix) -> Vector:
    """States stay as they are; cues come to CUE_SCALE."""
    spread = numbers.std(axis=0)
    scale = CUE_SCALE / np.where(spread < 0.05, 1.0, spread)
    scale[:HIDDEN] = 1.0
    return np.asarray(scale)


def _drop(numbers: Matrix) -> Matrix:
    kept = numbers.copy()
    signals = kept[:, HIDDEN : HIDDEN + len(COUNTED)]
    signals[np.random.default_rng(SEED).random(signals.shape) < DROPPED] = 0.0
    return kept


if __name__ == "__main__":
    main()
