"""Fits the heads of the embedded rater and prints how well they agree with ratings they have not seen.

    python -m training.fit_rater --gold GOLD.jsonl --dialogues CONVERSATIONS.jsonl [--out HEADS.npz]

Ridge regression on the listener's hidden states and on signal counts. Three things are not usual:
signals are dropped at random in training, because the phrases were written with these very replies in view and find
more in them than elsewhere; the dialogues count for little and have an offset of their own, because they were rated
lower; and the cuts between levels are set on predictions for contexts that were held out.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.assessment.heads import COUNTED, HIDDEN, Head, Heads
from simulator.backends import embedded
from simulator.backends.engine import Engine
from simulator.backends.listener import EmbeddedListener
from simulator.backends.llama import Weights
from simulator.ports import Listener
from simulator.vocabulary import CORE_DIMENSIONS
from training.examples import Table, dialogues, gold, table
from training.linear import Matrix, Vector, best_cuts, folds, kappa, leveled, ridge

VERSION = "embedded-1"
CACHE = Path.home() / ".cache" / "simulator-training"
ALPHAS = (1000.0, 3000.0, 10000.0)
CUE_SCALE = 10.0
"""How much a cue of one standard deviation weighs beside hidden states, whose lengths are near 90."""
DROPPED = 0.3
COPIES = 4
DIALOGUE_WEIGHT = 0.2
OFFSET = 100.0
"""Size of the column that tells dialogues from gold: large, so that the penalty hardly touches it."""
FOLDS = 10
SEED = 7
NULL_ALPHA = 3000.0


@dataclass(frozen=True)
class Raw:
    """A linear score of hidden states and unscaled cues."""

    weights: Vector
    bias: float

    def of(self, hidden: Matrix, cues: Matrix) -> Vector:
        return np.asarray(np.hstack([hidden, cues]) @ self.weights + self.bias)


@dataclass(frozen=True)
class Report:
    """Agreement on held-out contexts for one dimension."""

    dimension: str
    alpha: float
    n: int
    kappa: float
    kappa_with_lost_signals: float
    """The same where three signals in ten are taken away: nearer to replies the phrases were not written for."""
    within_one: float


def main() -> None:
    """Fit, print, write."""
    options = _options()
    engine = Engine()
    listener = EmbeddedListener(engine, Weights(embedded.locate()), embedded.FILE_NAME)
    rated, extra = _tables(options, listener)
    engine.close()
    heads = {}
    for at, dimension in enumerate(CORE_DIMENSIONS):
        head, report = fit(rated, extra, at)
        heads[dimension] = head
        print(
            f"{dimension:17} n {report.n:4}  kappa {report.kappa:.3f}  "
            f"with lost signals {report.kappa_with_lost_signals:.3f}  within one {report.within_one:.3f}  "
            f"alpha {report.alpha:.0f}  cuts {' '.join(f'{cut:.2f}' for cut in head.cuts)}"
        )
    _report_nulls(heads, rated, extra)
    Heads(VERSION, heads).save(options.out)
    print(f"{VERSION} written to {options.out}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fit the heads of the embedded rater.")
    parser.add_argument("--gold", type=Path, required=True, help="JSON Lines of replies rated by a panel")
    parser.add_argument("--dialogues", type=Path, required=True, help="JSON Lines of conversations with rated turns")
    parser.add_argument("--out", type=Path, default=Path("simulator/assessment/heads.npz"))
    return parser.parse_args()


def _tables(options: argparse.Namespace, listener: Listener) -> tuple[Table, Table]:
    rated = table(list(gold(options.gold)), listener, CACHE)
    return rated, table(list(dialogues(options.dialogues)), listener, CACHE)


def fit(rated: Table, extra: Table, at: int) -> tuple[Head, Report]:
    """Head and report for the dimension in column `at` of the levels."""
    known = ~np.isnan(rated.levels[:, at])
    truth = rated.levels[known, at]
    lost = _drop(rated.cues, np.random.default_rng(SEED + 1))
    tried = {alpha: _held_out(rated, extra, at, alpha, (rated.cues, lost)) for alpha in ALPHAS}
    alpha = min(ALPHAS, key=lambda one: float(np.square(tried[one][1][known] - truth).mean()))
    seen, unseen = (raw[known] for raw in tried[alpha])
    held = folds(rated.groups, FOLDS, SEED)[known]
    given = _nested_levels(seen, truth, held)
    report = Report(
        dimension=CORE_DIMENSIONS[at],
        alpha=alpha,
        n=len(truth),
        kappa=kappa(given, truth),
        kappa_with_lost_signals=kappa(_nested_levels(unseen, truth, held), truth),
        within_one=float((np.abs(given - truth) <= 1).mean()),
    )
    final = _fitted(rated, extra, at, alpha, known)
    null = _null(rated, extra, at)
    both = np.concatenate([seen, unseen])
    head = Head(
        final.weights, final.bias, best_cuts(both, np.concatenate([truth, truth])), null.weights, null.bias, 0.5
    )
    return head, report


def _held_out(rated: Table, extra: Table, at: int, alpha: float, views: tuple[Matrix, ...]) -> list[Vector]:
    """Raw scores of every gold reply from a fit that did not see its context, once for each view of the cues."""
    fold = folds(rated.groups, FOLDS, SEED)
    scores = [np.full(len(fold), np.nan) for _ in views]
    for number in range(FOLDS):
        fitted = _fitted(rated, extra, at, alpha, (fold != number) & ~np.isnan(rated.levels[:, at]))
        for score, view in zip(scores, views, strict=True):
            score[fold == number] = fitted.of(rated.hidden[fold == number], view[fold == number])
    return scores


def _nested_levels(raw: Vector, truth: Vector, fold: NDArray[np.int64]) -> Vector:
    """Levels by cuts that were set on the other folds."""
    given = np.zeros(len(raw))
    for number in set(fold.tolist()):
        own = fold == number
        given[own] = leveled(raw[own], best_cuts(raw[~own], truth[~own]))
    return given


def _fitted(rated: Table, extra: Table, at: int, alpha: float, rows: NDArray[np.bool_]) -> Raw:
    """Ridge on gold copies with signals dropped, and on the dialogues with little weight and their own offset."""
    generator = np.random.default_rng(SEED)
    scale = _scale(rated.cues)
    known = ~np.isnan(extra.levels[:, at])
    copies = [np.hstack([rated.hidden[rows], _drop(rated.cues[rows], generator) * scale]) for _ in range(COPIES)]
    columns = np.vstack([*copies, np.hstack([extra.hidden[known], extra.cues[known] * scale])])
    of_gold = COPIES * int(rows.sum())
    offset = np.where(np.arange(len(columns)) < of_gold, 0.0, OFFSET)
    weights = np.where(offset == 0.0, 1 / COPIES, DIALOGUE_WEIGHT)
    targets = np.concatenate([np.tile(rated.levels[rows, at], COPIES), extra.levels[known, at]])
    coefficients, bias = ridge(np.column_stack([columns, offset]), targets, alpha, weights)
    return _unscaled(coefficients[:-1], bias, scale)


def _null(rated: Table, extra: Table, at: int) -> Raw:
    """A linear score near 1 where raters saw no room for the dimension, near 0 elsewhere; rare, so weighted up."""
    scale = _scale(rated.cues)
    hidden, cues = np.vstack([rated.hidden, extra.hidden]), np.vstack([rated.cues, extra.cues])
    empty = np.isnan(np.concatenate([rated.levels[:, at], extra.levels[:, at]]))
    weights = np.where(empty, 4.0, 1.0)
    coefficients, bias = ridge(np.hstack([hidden, cues * scale]), empty.astype(float), NULL_ALPHA, weights)
    return _unscaled(coefficients, bias, scale)


def _scale(cues: Matrix) -> Vector:
    spread = cues.std(axis=0)
    return CUE_SCALE / np.where(spread < 0.05, 1.0, spread)


def _unscaled(coefficients: Vector, bias: float, scale: Vector) -> Raw:
    return Raw(np.concatenate([coefficients[:HIDDEN], coefficients[HIDDEN:] * scale]), bias)


def _drop(cues: Matrix, generator: np.random.Generator) -> Matrix:
    kept = cues.copy()
    signals = kept[:, : len(COUNTED)]
    signals[generator.random(signals.shape) < DROPPED] = 0.0
    return kept


def _report_nulls(heads: dict[str, Head], rated: Table, extra: Table) -> None:
    """Precision and recall of "nothing to rate", on the data it was fitted on: an upper bound."""
    for at, (dimension, head) in enumerate(heads.items()):
        scores = [np.hstack([part.hidden, part.cues]) @ head.null_weights + head.null_bias for part in (rated, extra)]
        said = np.concatenate(scores) >= head.null_cut
        empty = np.isnan(np.concatenate([rated.levels[:, at], extra.levels[:, at]]))
        right = int((said & empty).sum())
        print(
            f"{dimension:17} null: {int(empty.sum())}, precision {right / max(1, said.sum()):.2f}, recall {right / max(1, empty.sum()):.2f} (fitted)"
        )


if __name__ == "__main__":
    main()
