"""Fits the heads of the embedded rater and prints how well they agree with ratings they have not seen.

    python -m training.fit_rater --gold GOLD.jsonl --dialogues CONVERSATIONS.jsonl [--out HEADS.npz]

Ridge regression on the listener's hidden states and on signal counts. Three things are not usual:
signals are dropped at random in training, because the phrases were written with these very replies in view and find
more in them than elsewhere; the dialogues count for less, as one rater gave their levels in one pass; and the cuts
between levels are set on predictions for contexts that were held out, of both kinds.
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

VERSION = "embedded-2"
CACHE = Path.home() / ".cache" / "simulator-training"
ALPHAS = (1000.0, 3000.0, 10000.0)
CUE_SCALE = 10.0
"""How much a cue of one standard deviation weighs beside hidden states, whose lengths are near 90."""
DROPPED = 0.3
COPIES = 4
DIALOGUE_WEIGHT = 0.2
CUT_WEIGHT = 0.1
"""Weight of a dialogue turn where the cuts are set: all of them together about half as much as gold."""
FOLDS = 10
SEED = 7


@dataclass(frozen=True)
class Raw:
    """A linear score of hidden states and unscaled cues."""

    weights: Vector
    bias: float

    def of(self, hidden: Matrix, cues: Matrix) -> Vector:
        """The score of each row."""
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
    dialogues: float
    """Kappa on turns of conversations that were held out, with cuts that were not: slightly optimistic."""


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
            f"dialogues {report.dialogues:.3f}  "
            f"alpha {report.alpha:.0f}  cuts {' '.join(f'{cut:.2f}' for cut in head.cuts)}"
        )
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
    rated, extra = _with_level(rated, at), _with_level(extra, at)
    truth = rated.levels[:, at]
    lost = _drop(rated.cues, np.random.default_rng(SEED + 1))
    tried = {alpha: _held_out(rated, extra, at, alpha, lost) for alpha in ALPHAS}
    alpha = min(ALPHAS, key=lambda one: float(np.square(tried[one].unseen - truth).mean()))
    held = tried[alpha]
    given = _nested_levels(held.seen, held, truth, extra.levels[:, at])
    report = Report(
        dimension=CORE_DIMENSIONS[at],
        alpha=alpha,
        n=len(truth),
        kappa=kappa(given, truth),
        kappa_with_lost_signals=kappa(_nested_levels(held.unseen, held, truth, extra.levels[:, at]), truth),
        within_one=float((np.abs(given - truth) <= 1).mean()),
        dialogues=kappa(leveled(held.extra, held.cuts(truth, extra.levels[:, at])), extra.levels[:, at]),
    )
    final = _fitted(rated, extra, at, alpha)
    return Head(final.weights, final.bias, held.cuts(truth, extra.levels[:, at])), report


@dataclass(frozen=True)
class HeldOut:
    """Raw scores from fits that did not see the reply's context."""

    seen: Vector
    """Gold replies."""
    unseen: Vector
    """Gold replies with three signals in ten taken away."""
    extra: Vector
    """Turns of dialogues."""
    fold: NDArray[np.int64]
    """Fold of each gold reply."""

    def cuts(self, truth: Vector, extra: Vector, rows: NDArray[np.bool_] | None = None) -> Vector:
        """Cuts that agree best with gold (both views) and dialogues; of gold only with some rows, if they are given."""
        own = np.ones(len(truth), dtype=bool) if rows is None else rows
        raw = np.concatenate([self.seen[own], self.unseen[own], self.extra])
        weights = np.where(np.arange(len(raw)) < 2 * int(own.sum()), 1.0, CUT_WEIGHT)
        return best_cuts(raw, np.concatenate([truth[own], truth[own], extra]), weights)


def _held_out(rated: Table, extra: Table, at: int, alpha: float, lost: Matrix) -> HeldOut:
    fold, other = folds(rated.groups, FOLDS, SEED), folds(extra.groups, FOLDS, SEED)
    seen, unseen, turns = np.zeros(len(fold)), np.zeros(len(fold)), np.zeros(len(other))
    for number in range(FOLDS):
        own, own_turns = fold == number, other == number
        fitted = _fitted(rated.rows(~own), extra.rows(~own_turns), at, alpha)
        seen[own] = fitted.of(rated.hidden[own], rated.cues[own])
        unseen[own] = fitted.of(rated.hidden[own], lost[own])
        turns[own_turns] = fitted.of(extra.hidden[own_turns], extra.cues[own_turns])
    return HeldOut(seen, unseen, turns, fold)


def _nested_levels(raw: Vector, held: HeldOut, truth: Vector, extra: Vector) -> Vector:
    """Levels of gold replies by cuts that were set without their fold."""
    given = np.zeros(len(raw))
    for number in range(FOLDS):
        own = held.fold == number
        given[own] = leveled(raw[own], held.cuts(truth, extra, ~own))
    return given


def _with_level(table: Table, at: int) -> Table:
    return table.rows(~np.isnan(table.levels[:, at]))


def _fitted(rated: Table, extra: Table, at: int, alpha: float) -> Raw:
    """Ridge on gold copies with signals dropped, and on the dialogues with less weight."""
    generator = np.random.default_rng(SEED)
    scale = _scale(rated.cues)
    copies = [np.hstack([rated.hidden, _drop(rated.cues, generator) * scale]) for _ in range(COPIES)]
    columns = np.vstack([*copies, np.hstack([extra.hidden, extra.cues * scale])])
    of_gold = COPIES * len(rated.hidden)
    weights = np.where(np.arange(len(columns)) < of_gold, 1 / COPIES, DIALOGUE_WEIGHT)
    targets = np.concatenate([np.tile(rated.levels[:, at], COPIES), extra.levels[:, at]])
    coefficients, bias = ridge(columns, targets, alpha, weights)
    return Raw(np.concatenate([coefficients[:HIDDEN], coefficients[HIDDEN:] * scale]), bias)


def _scale(cues: Matrix) -> Vector:
    spread = cues.std(axis=0)
    return CUE_SCALE / np.where(spread < 0.05, 1.0, spread)


def _drop(cues: Matrix, generator: np.random.Generator) -> Matrix:
    kept = cues.copy()
    signals = kept[:, : len(COUNTED)]
    signals[generator.random(signals.shape) < DROPPED] = 0.0
    return kept


if __name__ == "__main__":
    main()
