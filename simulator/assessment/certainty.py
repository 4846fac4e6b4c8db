"""How sure a mean of levels is: the spread between replies, and the rater's own error as it was published.

Apart from what takes means (`average`), because the error is measured elsewhere (`python -m benchmarks.rater`) and
comes as a file. Where it has not been measured for just this rater, there is no interval, and the reason is said.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from math import sqrt
from statistics import variance
from typing import Literal

from pydantic import Field, ValidationError

from simulator.errors import ModelError
from simulator.vocabulary import Value

LOWEST, HIGHEST = 1.0, 5.0
_T = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131),
    *(2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
"""Student's t for 95 %, two-sided, by degrees of freedom from 1 to 30; beyond, the normal 1.96 is near enough."""


class Between(Value):
    """A 95 % interval around a mean of levels."""

    kind: Literal["between"] = "between"
    low: float = Field(ge=1, le=5)
    """Where it begins, 1 to 5."""
    high: float = Field(ge=1, le=5)
    """Where it ends, 1 to 5."""


class Unknown(Value):
    """No interval can be given."""

    kind: Literal["unknown"] = "unknown"
    why: str
    """The reason, as a sentence."""


Interval = Between | Unknown


class RaterError(Value):
    """How far a rater's levels of one dimension are off, measured on rated replies it was not fitted on."""

    kappa: float = Field(le=1)
    """Quadratic weighted kappa with the panel."""
    low: float
    """Where the 95 % interval of kappa begins."""
    high: float
    """Where it ends."""
    error_sd: float = Field(ge=0)
    """Standard deviation of the rater's level less the panel's, in levels."""
    n: int = Field(ge=2)
    """Replies it was measured on."""


class Reliability(Value):
    """What is published about one version of the rater."""

    rater: str
    """The version."""
    dimensions: dict[str, RaterError]
    """By dimension id."""

    def error(self, rater: str, dimension: str) -> RaterError | Unknown:
        """The error of this version of the rater on a dimension, or why it is not known."""
        if rater != self.rater:
            return Unknown(why=f"The error of rater {rater} has not been published, only that of {self.rater}.")
        unmeasured = Unknown(why=f"The error of rater {rater} on {dimension.replace('_', ' ')} has not been published.")
        return self.dimensions.get(dimension, unmeasured)


@cache
def published() -> Reliability:
    """What this version of the program has published about its rater; no rater at all where there is no file yet.

    Raises:
        ModelError: the file is damaged.
    """
    file = files("simulator.assessment") / "reliability.json"
    if not file.is_file():
        return Reliability(rater="none", dimensions={})
    try:
        return Reliability.model_validate_json(file.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise ModelError("The rater's published reliability (reliability.json) is damaged; install again.") from error


def error_of(rater: str, dimension: str, reliability: Reliability | None = None) -> RaterError | Unknown:
    """The published error of a rater on a dimension, or why it is not known.

    Args:
        rater: Version of the rater.
        dimension: Its id.
        reliability: What is published; None: what ships with this version of the program.
    """
    known = reliability or published()
    if not known.dimensions:
        return Unknown(why=f"The error of rater {rater} has not been published yet.")
    return known.error(rater, dimension)


def interval(values: Sequence[float], error: RaterError | Unknown) -> Interval:
    """The 95 % interval of a mean of levels: mean ± t · √((s² + e²) / n), within 1 to 5.

    s is the standard deviation between the values, e the rater's error. What is seen as spread holds some of that error
    already; both are counted in full, because what a rater gets wrong about a whole conversation does not show as
    spread. The degrees of freedom of t are Satterthwaite's (Biometrics Bulletin 2, 1946), rounded down.

    Args:
        values: The levels the mean is taken over, one for each reply.
        error: Of the rater, on this dimension.
    """
    if isinstance(error, Unknown):
        return error
    if len(values) < 2:
        return Unknown(why="One reply alone shows no spread.")
    spread, own = variance(values), error.error_sd**2
    margin = _t(spread, len(values), own, error.n) * sqrt((spread + own) / len(values))
    mean = sum(values) / len(values)
    return Between(low=round(max(LOWEST, mean - margin), 2), high=round(min(HIGHEST, mean + margin), 2))


def together(parts: Iterable[tuple[float, Interval]]) -> Interval:
    """The interval of a weighted mean: the weighted mean of the parts' ends, as if all were off the same way.

    That is the widest it can be; the dimensions of one conversation do rise and fall together.

    Args:
        parts: Share, 0 to 1 and together 1, and interval of each.
    """
    given = list(parts)
    known = [(share, one) for share, one in given if isinstance(one, Between)]
    if not known or len(known) < len(given):
        reasons = dict.fromkeys(one.why for _, one in given if isinstance(one, Unknown))
        return Unknown(why=" ".join(reasons) or "Nothing was rated.")
    low, high = (sum(share * end for share, end in ends) for ends in _ends(known))
    return Between(low=round(max(LOWEST, low), 2), high=round(min(HIGHEST, high), 2))


def _ends(known: Sequence[tuple[float, Between]]) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    return [(share, one.low) for share, one in known], [(share, one.high) for share, one in known]


def _t(spread: float, n: int, own: float, measured: int) -> float:
    noise = spread**2 / (n - 1) + own**2 / (measured - 1)
    freedom = int((spread + own) ** 2 / noise) if noise else len(_T) + 1
    return _T[freedom - 1] if freedom <= len(_T) else 1.96
