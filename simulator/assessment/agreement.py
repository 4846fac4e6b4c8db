"""How far two raters agree, with intervals: the figures by which a score earns its trust.

Apart from everything that rates, because the same yardstick is laid on the embedded rater, on a judge, on a panel and
on a trainer who calibrates.
"""

from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.vocabulary import Value

LEVELS = 5
_DRAWS = 1000
_SEED = 7

Pair = tuple[int | None, int | None]
"""Ours and theirs for one reply; None where a rater left the dimension empty."""
Numbers = NDArray[np.float64]


class Estimate(Value):
    """A figure and the 95 % interval around it."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


class Agreement(Value):
    """How two raters agree on one dimension."""

    n: int
    """Replies that both gave a level."""
    kappa: Estimate
    """Quadratic weighted kappa, up to 1; 0 is chance (Cohen 1968)."""
    within_one: float
    """Share of replies on which they are at most one level apart, 0 to 1."""
    bias: float
    """Ours less theirs, in levels, on average."""
    null_precision: float | None
    """Share of our empty ones that are empty for them; None if we left none."""
    null_recall: float | None
    """Share of their empty ones that are empty for us; None if they left none."""


def weighted_kappa(ours: Numbers, theirs: Numbers, weights: Numbers | None = None) -> float:
    """Quadratic weighted kappa of two lists of levels 1 to 5; 1 where both give one and the same level throughout."""
    counts = np.zeros((LEVELS, LEVELS))
    np.add.at(counts, (ours.astype(int) - 1, theirs.astype(int) - 1), 1.0 if weights is None else weights)
    distance = np.subtract.outer(np.arange(LEVELS), np.arange(LEVELS)) ** 2
    chance = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    expected = float((distance * chance).sum())
    return 1.0 - float((distance * counts).sum()) / expected if expected else 1.0


def agreement(pairs: Sequence[Pair], groups: Sequence[Hashable] | None = None) -> Agreement | None:
    """Agreement on one dimension; None where no reply has a level from both.

    Args:
        pairs: Ours and theirs, a pair for each reply.
        groups: What each reply belongs to (its context): groups, not replies, are drawn for the interval.
    """
    rated = [at for at, (ours, theirs) in enumerate(pairs) if ours is not None and theirs is not None]
    if not rated:
        return None
    levels = np.array([pairs[at] for at in rated], dtype=float)
    return Agreement(
        n=len(rated),
        kappa=bootstrap(
            lambda rows: weighted_kappa(levels[rows, 0], levels[rows, 1]),
            [groups[at] for at in rated] if groups else rated,
        ),
        within_one=float((np.abs(levels[:, 0] - levels[:, 1]) <= 1).mean()),
        bias=float((levels[:, 0] - levels[:, 1]).mean()),
        null_precision=_share([theirs is None for ours, theirs in pairs if ours is None]),
        null_recall=_share([ours is None for ours, theirs in pairs if theirs is None]),
    )


def bootstrap(figure: Callable[[NDArray[np.int64]], float], groups: Sequence[Hashable]) -> Estimate:
    """A figure over all rows, and the middle 95 % of the same over groups drawn with replacement (seeded).

    Args:
        figure: Takes row numbers; may be given a row more than once.
        groups: The group of each row.
    """
    members: dict[Hashable, list[int]] = {}
    for at, group in enumerate(groups):
        members.setdefault(group, []).append(at)
    blocks = [np.array(rows) for rows in members.values()]
    draw = np.random.default_rng(_SEED)
    found = [
        figure(np.concatenate([blocks[at] for at in draw.integers(0, len(blocks), len(blocks))])) for _ in range(_DRAWS)
    ]
    low, high = np.quantile(found, [0.025, 0.975])
    return Estimate(value=figure(np.arange(len(groups))), low=float(low), high=float(high))


def rank_correlation(ours: Numbers, theirs: Numbers) -> float:
    """Spearman's rank correlation; ties share their mean rank."""
    return float(np.corrcoef(_ranks(ours), _ranks(theirs))[0, 1])


def _ranks(values: Numbers) -> Numbers:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    means: Numbers = (ends - (counts - 1) / 2)[place]
    return means


def _share(holds: Sequence[bool]) -> float | None:
    return sum(holds) / len(holds) if holds else None
