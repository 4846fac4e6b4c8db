"""Least squares on rows that come in clusters, one cluster a person, with intervals that hold for few people.

Apart from what is regressed on what, because differences, learning curves and handle times all rest on it. The variance
is CR2 (Bell and McCaffrey, Survey Methodology 28, 2002), the degrees of freedom are Satterthwaite's for it (Pustejovsky
and Tipton, Journal of Business & Economic Statistics 36, 2018): both were made for few clusters, and neither trusts the
working model to be right. statsmodels has neither; its mixed model is what `benchmarks.statistics` checks this against.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import stdtr, stdtrit

from simulator.cohorts.figures import Interval
from simulator.cohorts.levels import Floats, Whole

NOTHING = 1e-9
"""A standard error, in levels, from which nothing can be told: the rows have no spread."""


@dataclass(frozen=True)
class Estimate:
    """A number with how sure it is."""

    value: float
    error: float
    """Standard error; 0 where there is no spread."""
    freedom: float
    """Degrees of freedom of its error; 0 where there is no spread."""

    @property
    def p(self) -> float | None:
        """Chance of a value at least this far from zero, were it zero; None without spread."""
        if self.freedom <= 0:
            return None
        return float(2 * stdtr(self.freedom, -abs(self.value / self.error)))

    def interval(self, lowest: float = -np.inf, highest: float = np.inf) -> Interval | None:
        """The 95 % interval, cut to what is possible; None without spread."""
        if self.freedom <= 0:
            return None
        margin = float(stdtrit(self.freedom, 0.975)) * self.error
        return Interval(low=max(lowest, self.value - margin), high=min(highest, self.value + margin))


def mean_of(values: Floats) -> Estimate:
    """The mean of independent values, one a person, with its standard error (n - 1 degrees of freedom)."""
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    known = spread > NOTHING
    error = spread / float(np.sqrt(len(values))) if known else 0.0
    return Estimate(float(values.mean()), error, float(len(values) - 1) if known else 0.0)


@dataclass(frozen=True)
class Clusters:
    """Rows sorted by cluster."""

    starts: Whole
    """Where each begins."""
    sizes: Whole
    """How many rows each has."""

    @classmethod
    def of(cls, labels: Whole) -> "Clusters":
        """The clusters of rows whose labels are sorted."""
        starts = np.flatnonzero(np.r_[True, labels[1:] != labels[:-1]])
        return cls(starts, np.diff(np.r_[starts, len(labels)]))

    def sums(self, rows: Floats) -> Floats:
        """Sum of the rows of each."""
        return np.asarray(np.add.reduceat(rows, self.starts, axis=0))

    def less_own_mean(self, rows: Floats, share: Floats) -> Floats:
        """The rows less a share (one a cluster, 0 to 1) of the mean of their own cluster."""
        weight = share / self.sizes
        means = self.sums(rows) * (weight[:, None] if rows.ndim == 2 else weight)
        return np.asarray(rows - np.repeat(means, self.sizes, axis=0))

    def by_size(self) -> Iterator[Whole]:
        """Row numbers of all clusters of one size, one line a cluster: what can be worked out at one go."""
        for size in np.unique(self.sizes):
            yield self.starts[self.sizes == size][:, None] + np.arange(size)


@dataclass(frozen=True)
class Fit:
    """Values regressed on a design, both as they are (the working model's weights already in them)."""

    design: Floats
    values: Floats
    clusters: Clusters

    @cached_property
    def _cross(self) -> Floats:
        return np.asarray(self.design.T @ self.design)

    @cached_property
    def bread(self) -> Floats:
        """The inverse of the design's cross products; of what can be told, where not everything can."""
        return np.asarray(np.linalg.pinv(self._cross, rcond=1e-10, hermitian=True))

    @cached_property
    def coefficients(self) -> Floats:
        """One for each column of the design; of least length where they are not unique."""
        return np.asarray(self.bread @ (self.design.T @ self.values))

    @cached_property
    def residuals(self) -> Floats:
        """Values less what the coefficients say."""
        return np.asarray(self.values - self.design @ self.coefficients)

    def can_tell(self, contrast: Floats) -> bool:
        """Whether the rows say anything about this combination of coefficients."""
        told = self._cross @ (self.bread @ contrast)
        return bool(np.allclose(told, contrast, atol=1e-6))

    def estimate(self, contrast: Floats) -> Estimate:
        """A combination of coefficients, with its CR2 error and Satterthwaite's degrees of freedom.

        Args:
            contrast: What each coefficient counts for.
        """
        value = float(contrast @ self.coefficients)
        direction = self.bread @ contrast
        parts = [self._corrected(rows, direction) for rows in self.clusters.by_size()]
        errors, lengths, across = (np.concatenate(each) for each in zip(*parts, strict=True))
        error = float(np.sqrt(errors @ errors))
        freedom = self._freedom(lengths, across)
        return Estimate(value, error, freedom) if error > NOTHING and freedom > 0 else Estimate(value, 0.0, 0.0)

    @cached_property
    def _adjusted(self) -> dict[int, Any]:
        """(I - H)^(-1/2) of every cluster, by the clusters' size: what makes up for fitting what is then compared."""
        return {rows.shape[1]: self._root(rows) for rows in self.clusters.by_size()}

    def _root(self, rows: Whole) -> Floats:
        own = self.design[rows]
        hat = (own.reshape(-1, own.shape[2]) @ self.bread).reshape(own.shape) @ own.transpose(0, 2, 1)
        values, vectors = np.linalg.eigh(np.eye(rows.shape[1]) - hat)
        roots = np.where(values > 1e-8, 1 / np.sqrt(np.maximum(values, 1e-8)), 0.0)
        return np.asarray((vectors * roots[:, None, :]) @ vectors.transpose(0, 2, 1))

    def _corrected(self, rows: Whole, direction: Floats) -> tuple[Floats, Floats, Floats]:
        """For clusters of one size: their errors in the direction, and what the degrees of freedom need."""
        own = self.design[rows]
        weights = np.einsum("knm,km->kn", self._adjusted[rows.shape[1]], own @ direction)
        errors = np.einsum("kn,kn->k", weights, self.residuals[rows])
        return errors, np.einsum("kn,kn->k", weights, weights), np.einsum("kn,knp->kp", weights, own)

    def _freedom(self, lengths: Floats, across: Floats) -> float:
        """Twice the squared mean of the variance estimate by its variance, under the working model."""
        mixed = self.bread @ (across.T @ across)
        own = np.einsum("kp,pq,kq->k", across, self.bread, across)
        mean = float(lengths.sum() - np.trace(mixed))
        square = float(lengths @ lengths - 2 * (lengths @ own) + np.einsum("pq,qp->", mixed, mixed))
        return mean**2 / square if mean > NOTHING**2 and square > 0 else 0.0
