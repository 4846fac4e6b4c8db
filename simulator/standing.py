"""How far a dimension's levels have been compared with people, and the mark it bears where it falls short.

Apart from how a calibration is made (`calibration`), because debriefs and scores only need its outcome, without numpy.
"""

from collections.abc import Iterable, Sequence

from pydantic import AwareDatetime, Field

from simulator.vocabulary import Value

TARGET = 0.6
"""Weighted kappa from which a dimension counts as calibrated; between human experts it is about 0.58."""


class Calibration(Value):
    """How one person's ratings, given blind, agree with the rater on one dimension."""

    rubric: str
    """Id of the rubric it was rated by."""
    rater: str
    """Version of the rater: the result says nothing about another."""
    dimension: str
    """Id of the dimension."""
    n: int = Field(ge=1)
    """Replies with a level from both."""
    kappa: float = Field(le=1)
    """Quadratic weighted kappa of the person with the rater."""
    low: float
    """Where the 95 % interval of kappa begins."""
    high: float
    """Where it ends."""
    target: float
    """The kappa that was asked for."""
    at: AwareDatetime
    """When it was worked out."""
    by: str
    """Who rated, by the name they gave."""

    @property
    def reached(self) -> bool:
        """Whether it is at or over its target, both as they are shown, to two decimals."""
        return round(self.kappa, 2) >= round(self.target, 2)


def counted(calibrations: Iterable[Calibration], rubric: str, rater: str, dimension: str) -> Calibration | None:
    """The newest result for just this rubric, rater version and dimension; None if there is none."""
    fitting = [one for one in calibrations if (one.rubric, one.rater, one.dimension) == (rubric, rater, dimension)]
    return max(fitting, key=lambda one: one.at, default=None)


def outdated(calibrations: Iterable[Calibration], rubric: str, rater: str) -> Calibration | None:
    """The newest result for the rubric and another rater version, which does not count; None if there is none."""
    others = [one for one in calibrations if one.rubric == rubric and one.rater != rater]
    return max(others, key=lambda one: one.at, default=None)


def mark(calibration: Calibration | None, by_checks: bool = False) -> str | None:
    """What stands beside a dimension's figures: "not calibrated: 0.42, target 0.60".

    None where it reached its target, and where nobody has measured it, which a report says once and not everywhere.

    Args:
        calibration: The one that counts.
        by_checks: The dimension is scored by checks alone, which is marked until somebody has measured it.
    """
    if calibration is None:
        return "not calibrated" if by_checks else None
    if calibration.reached:
        return None
    return f"not calibrated: {calibration.kappa:.2f}, target {calibration.target:.2f}"


def marks(calibrations: Sequence[Calibration], rubric: str, rater: str, dimensions: Iterable[str]) -> dict[str, str]:
    """The marks that dimensions of the embedded rater bear, by id; those that bear none are left out."""
    found = ((name, mark(counted(calibrations, rubric, rater, name))) for name in dimensions)
    return {name: words for name, words in found if words}
