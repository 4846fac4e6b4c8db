"""Fits the heads of the embedded rater and prints how well they agree with ratings they have not seen.

    python -m training.fit_rater --gold GOLD.jsonl --dialogues CONVERSATIONS.jsonl [--human FOLDER] [--out HEADS.npz]

Ridge regression on the states the listener gives with its adapter, and on signal counts. A fifth of the contexts, the
same that the adapter was never trained on, is kept for the figures; neither weights nor cuts nor penalties see it. The
states of the other four fifths fit better than those of new replies, as the adapter was trained on them: so the cuts
between the levels are set on held-out folds, of gold and of the dialogues.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.assessment.agreement import rank_correlation, weighted_kappa
from simulator.assessment.heads import COUNTED, CUES, Head, Heads
from simulator.assessment.hearing import attended, pooled
from simulator.vocabulary import CORE_DIMENSIONS
from training.examples import Pool, Table
from training.linear import Matrix, Vector, best_cuts, leveled, ridge, sharpened
from training.sources import DIALOGUE_WEIGHT, PAIR_WEIGHT, Source, Sources, ears_of, read_sources
from training.split import FOLDS, TEST, folds

VERSION = "embedded-7"
ALPHAS = (1000.0, 3000.0)
NULL_ALPHA = 300.0
CUE_SCALE = 1.0
"""How much a cue of one standard deviation weighs beside states of about 1."""
DROPPED = 0.3
"""Share of signals taken away in training: phrases were written with some of these replies in view."""
CUT_WEIGHT = 0.3
"""Weight of a dialogue turn where the cuts are set: all of them together about a tenth of gold."""
STEP_WEIGHT = 1.0
"""Weight of the step from one half of a minimal pair to the other."""
SAME_WEIGHT = 0.5
"""The same of the step that words for show make, or another dress: mostly none."""
WRITTEN_ONLY = ("active_listening",)
"""Dimensions that learn from no composed pair: with them, what people scored of listening in conversations left out was
told far worse (docs/decisions/012)."""
HUMAN_WEIGHT = 30.0
HUMAN_TAUGHT = ("active_listening",)
"""Where the experts' scores of some conversations help to tell those of others; of empathy they taught nothing."""
HUMAN_SPREAD = 0.5
"""Levels that one standard deviation of the experts' scores is taken for."""
SEED = 7


@dataclass(frozen=True)
class Raw:
    """A linear score of the numbers of a reply."""

    weights: Vector
    bias: float

    def of(self, numbers: Matrix) -> Vector:
        """The score of each row."""
        return np.asarray(numbers @ self.weights + self.bias)


@dataclass(frozen=True)
class Steps:
    """Differences between the numbers of replies, and between their levels: what two have in common cancels out."""

    numbers: Matrix
    levels: Matrix
    """NaN where one of the two has none, or nobody said."""
    weight: float

    def of(self, at: int, scale: Vector) -> tuple[Matrix, Vector, float]:
        """The known steps of one dimension, for `linear.ridge`."""
        levels = self.levels[:, at]
        known = ~np.isnan(levels)
        return self.numbers[known] * scale, levels[known], self.weight


@dataclass(frozen=True)
class Evidence:
    """Everything the heads are fitted on, as numbers."""

    gold: Table
    beside: tuple[tuple[Table, float], ...]
    """More replies, and what each of them weighs beside one of gold."""
    turns: Table
    """Turns of the dialogues: the last of those beside, and the other part of what the cuts are set on."""
    steps: tuple[Steps, ...]
    """Of the minimal pairs, of words for show and other dress, and of conversations that people scored, if any."""
    people: Table | None
    """Means over those conversations, with the experts' scores."""
    unseen: tuple[Table, Table]
    """Both halves of the minimal pairs that are kept for the figures."""
    unseen_plays: Table
    """Replies of practice calls that are kept for them."""


def main() -> None:
    """Fit, print, write."""
    options = _options()
    sources = read_sources(options.gold, options.dialogues, options.human)
    whole = evidence_of(sources, pooled)
    fold = folds(whole.gold.groups)
    heads = {name: _head(sources, whole, at, fold) for at, name in enumerate(CORE_DIMENSIONS)}
    Heads(VERSION, heads).save(options.out)
    print(f"{VERSION} written to {options.out}; python -m benchmarks.rater measures it")


def _head(sources: Sources, whole: Evidence, at: int, fold: NDArray[np.int64]) -> Head:
    own = sources.without_composed() if CORE_DIMENSIONS[at] in WRITTEN_ONLY else sources
    ears = ears_of(own, at)
    return fit(evidence_of(own, partial(attended, ears=ears)), at, fold, ears, _null(whole, at, fold))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True, help="JSON Lines of replies rated by a panel")
    parser.add_argument("--dialogues", type=Path, required=True, help="JSON Lines of conversations with rated turns")
    parser.add_argument("--human", type=Path, help="folder with conversations that human experts scored")
    parser.add_argument("--out", type=Path, default=Path("simulator/assessment/heads.npz"))
    return parser.parse_args()


def evidence_of(sources: Sources, pool: Pool) -> Evidence:
    """The same replies as numbers, their states pooled in this way."""
    one, other, turns = (source.table(pool) for source in (sources.first, sources.second, sources.turns))
    plain, shown = (half.table(pool) for half in sources.steps)
    steps = [
        Steps(other.numbers - one.numbers, other.levels - one.levels, STEP_WEIGHT),
        Steps(shown.numbers - plain.numbers, shown.levels - plain.levels, SAME_WEIGHT),
    ]
    people = means_of(sources.people, pool) if sources.people else None
    if people:
        steps.append(human_steps(people))
    beside = (
        (sources.dressed.table(pool), 1.0),
        (sources.plays.table(pool), 1.0),
        (one, PAIR_WEIGHT),
        (other, PAIR_WEIGHT),
        (turns, DIALOGUE_WEIGHT),
    )
    first, second = sources.unseen
    unseen, unseen_plays = (first.table(pool), second.table(pool)), sources.unseen_plays.table(pool)
    return Evidence(sources.gold.table(pool), beside, turns, tuple(steps), people, unseen, unseen_plays)


def means_of(rows: Sequence[tuple[Source, list[float]]], pool: Pool) -> Table:
    """For each conversation the mean of its replies' numbers, and what the experts made of it."""
    means = [source.table(pool).numbers.mean(axis=0) for source, _ in rows]
    scores = [scored for _, scored in rows]
    return Table(np.array(means), np.array(scores), tuple(str(number) for number in range(len(rows))))


def human_steps(people: Table) -> Steps:
    """How each conversation differs from the mean of all of them, and how the experts' scores do."""
    taught = np.array([1.0 if name in HUMAN_TAUGHT else np.nan for name in CORE_DIMENSIONS])
    levels = taught * HUMAN_SPREAD * (people.levels - people.levels.mean(axis=0)) / people.levels.std(axis=0)
    return Steps(people.numbers - people.numbers.mean(axis=0), levels, HUMAN_WEIGHT)


def left_out(evidence: Evidence, people: Table, at: int, alpha: float, chosen: NDArray[np.bool_]) -> float:
    """Rank correlation with the experts, each conversation scored by a fit that has the steps of the others only."""
    given = np.zeros(len(people.groups))
    for number in range(len(given)):
        others = people.rows(np.arange(len(given)) != number)
        own = replace(evidence, steps=(*evidence.steps[:-1], human_steps(others)))
        given[number] = _fitted(own, at, alpha, chosen, None).of(people.numbers[number : number + 1])[0]
    return rank_correlation(given, people.levels[:, at])


def fit(evidence: Evidence, at: int, fold: NDArray[np.int64], ears: Matrix, null: Vector) -> Head:
    """The head of the dimension in column `at` of the levels, from everything but the test fold.

    Args:
        evidence: As these ears hear it.
        at: The dimension.
        fold: Of each reply of gold.
        ears: What the dimension listens to.
        null: Weights of the score for "nothing to rate".
    """
    truth, part = evidence.gold.levels[:, at], fold
    own = ~np.isnan(truth)
    tried = {alpha: _held_out(evidence, at, alpha, part) for alpha in ALPHAS}
    learned = own & (part != TEST)
    alpha = min(ALPHAS, key=lambda one: float(np.square(tried[one][0] - truth)[learned].mean()))
    raw, raw_turns = tried[alpha]
    wanted = evidence.turns.levels[:, at]
    spoken = ~np.isnan(wanted)
    cuts = _cuts(raw[learned], truth[learned], raw_turns[spoken], wanted[spoken])
    final = _fitted(evidence, at, alpha, part != TEST, None)
    unseen = own & (part == TEST)
    print(
        f"{CORE_DIMENSIONS[at]:17} alpha {alpha:.0f}  cuts {' '.join(f'{cut:.2f}' for cut in cuts)}  "
        f"kappa learned {weighted_kappa(leveled(raw[learned], cuts), truth[learned]):.3f}  "
        f"unseen {weighted_kappa(leveled(final.of(evidence.gold.numbers[unseen]), cuts), truth[unseen]):.3f}  "
        f"dialogues {weighted_kappa(leveled(raw_turns[spoken], cuts), wanted[spoken]):.3f}"
    )
    played = evidence.unseen_plays
    called = ~np.isnan(played.levels[:, at])
    agreed = weighted_kappa(leveled(final.of(played.numbers[called]), cuts), played.levels[called, at])
    print(f"{'':17} unseen pairs: {_pairs(evidence, final, cuts, at)}; unseen practice calls: kappa {agreed:.3f}")
    if evidence.people and not np.isnan(evidence.people.levels[:, at]).any():
        ranked = left_out(evidence, evidence.people, at, alpha, part != TEST)
        print(f"{'':17} with human experts, each conversation left out in turn: {ranked:.2f}", flush=True)
    return Head(ears, final.weights, final.bias, cuts, null)


def _pairs(evidence: Evidence, raw: Raw, cuts: Vector, at: int) -> str:
    """In how many unseen pairs the level moves as it should, and in how many it stays where it should."""
    levels = [leveled(raw.of(half.numbers), cuts) for half in evidence.unseen]
    wanted = evidence.unseen[1].levels[:, at] - evidence.unseen[0].levels[:, at]
    step = levels[1] - levels[0]
    moved, still = np.nan_to_num(wanted) != 0, wanted == 0
    right = (step * np.sign(wanted) > 0)[moved]
    return f"{right.sum()} of {len(right)} move as they should, {(step[still] == 0).sum()} of {still.sum()} stay"


def _held_out(evidence: Evidence, at: int, alpha: float, part: NDArray[np.int64]) -> tuple[Vector, Vector]:
    """Scores of gold replies and of turns, each from a fit that did not see its context; test contexts see no fit."""
    other = folds(evidence.turns.groups)
    raw, raw_turns = np.zeros(len(part)), np.zeros(len(other))
    for number in range(FOLDS):
        own, own_turns = part == number, other == number
        fitted = _fitted(evidence, at, alpha, ~own & (part != TEST), number)
        raw[own] = fitted.of(evidence.gold.numbers[own])
        raw_turns[own_turns] = fitted.of(evidence.turns.numbers[own_turns])
    return raw, raw_turns


def _cuts(raw: Vector, truth: Vector, raw_turns: Vector, truth_turns: Vector) -> Vector:
    weights = np.where(np.arange(len(raw) + len(raw_turns)) < len(raw), 1.0, CUT_WEIGHT)
    return best_cuts(np.concatenate([raw, raw_turns]), np.concatenate([truth, truth_turns]), weights)


def _fitted(evidence: Evidence, at: int, alpha: float, chosen: NDArray[np.bool_], without: int | None) -> Raw:
    """Ridge on the chosen replies of gold, with signals dropped at random, on what is beside them, and on steps."""
    scale = _scale(evidence.gold.numbers)
    numbers, levels, weights = _stacked(evidence, chosen, without)
    numbers[: chosen.sum()] = _drop(numbers[: chosen.sum()])
    known = ~np.isnan(levels[:, at])
    steps = [step.of(at, scale) for step in evidence.steps]
    coefficients, bias = ridge(numbers[known] * scale, levels[known, at], alpha, weights[known], steps)
    return Raw(coefficients * scale, bias)


def _null(evidence: Evidence, at: int, fold: NDArray[np.int64]) -> Vector:
    """Weights and bias of the score for "nothing to rate", laid on held-out contexts so that 0 is an even chance."""
    empty = np.isnan(evidence.gold.levels[:, at]).astype(float)
    raw = np.zeros(len(empty))
    for number in range(FOLDS):
        own = fold == number
        raw[own] = _null_fitted(evidence, at, ~own & (fold != TEST), number).of(evidence.gold.numbers[own, :-CUES])
    learned = fold != TEST
    slope, offset = sharpened(raw[learned], empty[learned])
    final = _null_fitted(evidence, at, learned, None)
    return np.append(slope * final.weights, slope * final.bias + offset)


def _null_fitted(evidence: Evidence, at: int, chosen: NDArray[np.bool_], without: int | None) -> Raw:
    numbers, levels, weights = _stacked(evidence, chosen, without)
    empty = np.isnan(levels[:, at]).astype(float)
    return Raw(*ridge(numbers[:, :-CUES], empty, NULL_ALPHA, weights))


def _stacked(evidence: Evidence, chosen: NDArray[np.bool_], without: int | None) -> tuple[Matrix, Matrix, Vector]:
    """The chosen replies of gold and then what is beside them: numbers, levels, weights.

    Args:
        evidence: Everything.
        chosen: Replies of gold.
        without: A fold whose groups are left out of what is beside gold; None: all of it is used.
    """
    gold_rows = evidence.gold.rows(chosen)
    numbers, levels, weights = [gold_rows.numbers], [gold_rows.levels], [np.ones(len(gold_rows.groups))]
    for beside, weight in evidence.beside:
        kept = beside if without is None else beside.rows(folds(beside.groups) != without)
        numbers.append(kept.numbers)
        levels.append(kept.levels)
        weights.append(np.full(len(kept.groups), weight))
    return np.concatenate(numbers), np.concatenate(levels), np.concatenate(weights)


def _scale(numbers: Matrix) -> Vector:
    """States stay as they are; cues come to CUE_SCALE."""
    spread = numbers.std(axis=0)
    scale = CUE_SCALE / np.where(spread < 0.05, 1.0, spread)
    scale[:-CUES] = 1.0
    return np.asarray(scale)


def _drop(numbers: Matrix) -> Matrix:
    kept = numbers.copy()
    signals = kept[:, -CUES : len(COUNTED) - CUES]
    signals[np.random.default_rng(SEED).random(signals.shape) < DROPPED] = 0.0
    return kept


if __name__ == "__main__":
    main()
