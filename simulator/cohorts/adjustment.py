"""The difference between two cohorts, adjusted for which scenarios their people played.

    level = cohort + scenario + person + rest

Scenario effects are shared by both cohorts, so that whoever met the harder ones is not held to be weaker; the person is
a random effect, as their scenarios are not independent of each other. It is the linear mixed model with a random
intercept (Laird and Ware, Biometrics 38, 1982), fitted by generalised least squares, the person's share of the variance
by moments. People outside both cohorts tell only how one scenario compares with another for one and the same person.
Apart from `regression` because here stands what is assumed, and there how sure a figure is.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from simulator.cohorts.levels import FIRST, OUTSIDE, SECOND, Chosen, Floats, Rows
from simulator.cohorts.regression import Clusters, Estimate, Fit

MOST_ALIKE = 0.95
"""Highest share of the variance that is given to the person, so that no weight becomes infinite."""

ROUNDS = 2
"""How often the person's share is estimated again from better residuals; a third changes nothing that shows."""


@dataclass(frozen=True)
class Adjusted:
    """The first cohort less the second."""

    estimate: Estimate
    spread: float
    """Standard deviation between people within a cohort, of their means less the scenarios' effects; 0 if unknown."""


def difference(rows: Rows) -> Adjusted | None:
    """The adjusted difference; None where the scenarios of the two cohorts are linked by nobody.

    They are linked by a scenario that both played, or by people outside who played scenarios of both.

    Args:
        rows: Of both cohorts, at least one each, and of people outside as far as they may help.
    """
    linked = _linked(rows)
    if linked is None:
        return None
    design, clusters = _design(linked), Clusters.of(linked.person)
    inside = linked.group[clusters.starts] != OUTSIDE
    own_mean = np.where(inside, 0.0, 1.0)
    alike = 0.0
    for _ in range(ROUNDS):
        fit = _fit(design, linked.value, clusters, own_mean)
        alike = _alike(linked.value - design @ fit.coefficients, clusters, inside, design.shape[1])
        kept = (1 - alike) / (1 - alike + clusters.sizes * alike)
        own_mean = np.where(inside, 1 - np.sqrt(kept), 1.0)
    fit = _fit(design, linked.value, clusters, own_mean)
    contrast = np.zeros(design.shape[1])
    contrast[FIRST], contrast[SECOND] = 1, -1
    return Adjusted(fit.estimate(contrast), _spread(linked, fit.coefficients))


def _fit(design: Floats, values: Floats, clusters: Clusters, own_mean: Floats) -> Fit:
    """Rows less a share of their person's mean are independent again, if the model holds."""
    return Fit(clusters.less_own_mean(design, own_mean), clusters.less_own_mean(values, own_mean), clusters)


def _design(rows: Rows) -> Floats:
    """A column for each cohort, one for each scenario but the first."""
    scenarios = np.unique(rows.scenario, return_inverse=True)[1]
    design = np.zeros((len(rows.value), 2 + int(scenarios.max())))
    for group in (FIRST, SECOND):
        design[rows.group == group, group] = 1
    later = np.flatnonzero(scenarios > 0)
    design[later, 1 + scenarios[later]] = 1
    return design


def _alike(rest: Floats, clusters: Clusters, inside: Chosen, columns: int) -> float:
    """How alike two rows of one person are: the intraclass correlation, by moments, 0 to MOST_ALIKE."""
    sizes = clusters.sizes[inside]
    squares = clusters.sums(rest**2)[inside].sum()
    products = (clusters.sums(rest)[inside] ** 2).sum() - squares
    pairs, rows = float((sizes * (sizes - 1)).sum()), float(sizes.sum())
    if squares <= 0 or pairs <= columns or rows <= columns:
        return 0.0
    return float(np.clip((products / (pairs - columns)) / (squares / (rows - columns)), 0.0, MOST_ALIKE))


def _spread(rows: Rows, coefficients: Floats) -> float:
    effects = np.r_[0.0, coefficients[2:]][np.unique(rows.scenario, return_inverse=True)[1]]
    levelled = replace(rows, value=rows.value - effects)
    means = [levelled.of_group(group).means() for group in (FIRST, SECOND)]
    freedom = sum(len(each) for each in means) - 2
    total = sum(float(((each - each.mean()) ** 2).sum()) for each in means)
    return float(np.sqrt(total / freedom)) if freedom > 0 else 0.0


def _linked(rows: Rows) -> Rows | None:
    """The rows that hang together with both cohorts; None where the two do not hang together.

    A cohort stands for all its people; a person outside only for themselves.
    """
    owners = np.where(rows.group == OUTSIDE, rows.person + 2, rows.group)
    scenarios = rows.scenario + int(owners.max()) + 1
    nodes = int(scenarios.max()) + 1
    _, parts = connected_components(coo_array((np.ones(len(owners)), (owners, scenarios)), shape=(nodes, nodes)))
    if parts[FIRST] != parts[SECOND]:
        return None
    return rows.where(parts[owners] == parts[FIRST])
