"""How far a dimension's levels are to be believed, as it stands next to every figure of a cohort.

Apart from the figures because it says something about the rater and nothing about people.
"""

from collections.abc import Iterable

from simulator.assessment.certainty import RaterError, Reliability, error_of
from simulator.cohorts.figures import Standing
from simulator.standing import TARGET, Calibration, mark

BY_RULES = "rules-"
"""How versions of checks begin, see `assessment.checks.version`; what scored the rest is the rater."""


def standing_of(
    dimension: str, rater: str, calibrations: Iterable[Calibration] = (), reliability: Reliability | None = None
) -> Standing:
    """What is known of the levels that this version gives on a dimension.

    People's ratings count before the panel's (three language models, see docs/scores.md); the newest calibration
    counts, whatever rubric it was made with, because a version of the rater scores a dimension the same in each.

    Args:
        dimension: Its id.
        rater: Version of what scored it, the rater or the checks.
        calibrations: From `simulator calibrate`.
        reliability: What is published about the rater; None: what ships with this version of the program.
    """
    fitting = [one for one in calibrations if (one.rater, one.dimension) == (rater, dimension)]
    newest = max(fitting, key=lambda one: one.at, default=None)
    if newest is not None:
        return _by_people(newest)
    if rater.startswith(BY_RULES):
        return Standing(reliable=False, reason=mark(None, by_checks=True) or "")
    known = error_of(rater, dimension, reliability)
    if not isinstance(known, RaterError):
        return Standing(reliable=False, reason=f"not calibrated: nobody has compared rater {rater} with anybody")
    return _by_panel(known)


def _by_people(one: Calibration) -> Standing:
    agreed = f"{one.kappa:.2f} [{one.low:.2f}, {one.high:.2f}], target {one.target:.2f}"
    word = "calibrated" if one.reached else "not calibrated"
    reason = f"{word}: {agreed}, {one.n} replies rated by {one.by}"
    return Standing(reliable=one.reached, reason=reason, kappa=one.kappa, low=one.low, high=one.high, against="people")


def _by_panel(known: RaterError) -> Standing:
    reached = round(known.kappa, 2) >= TARGET
    agreed = f"{known.kappa:.2f} [{known.low:.2f}, {known.high:.2f}] with a panel of language models"
    short = "" if reached else f", target {TARGET:.2f}"
    reason = f"{agreed}{short}; not compared with people (`simulator calibrate`)"
    return Standing(reliable=reached, reason=reason, kappa=known.kappa, low=known.low, high=known.high, against="panel")
