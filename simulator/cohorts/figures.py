"""What comparing, reporting and looking back come to, as values for whoever shows them.

Apart from how the figures are made, so that screens and pages can name them without loading a statistics library.
Every interval is a 95 % interval. What is not known is None and has its reason beside it, never a zero.
"""

from datetime import datetime
from typing import Literal

from pydantic import Field

from simulator.vocabulary import Value


class Interval(Value):
    """A 95 % interval."""

    low: float
    high: float


class Standing(Value):
    """How far the levels of one dimension, by one version of the rater, are to be believed."""

    reliable: bool
    """False: the figure is shown grey, with the reason."""
    reason: str
    """What was measured, or that nothing was, as a phrase: "calibrated: 0.66 [0.58, 0.74], target 0.60"."""
    kappa: float | None = None
    """Weighted kappa with people (`simulator calibrate`), else with the panel; None: not measured."""
    low: float | None = None
    high: float | None = None
    """The 95 % interval of kappa."""
    against: Literal["people", "panel", "nobody"] = "nobody"
    """Whom the levels were compared with; the panel is three language models."""


class Group(Value):
    """One cohort's people on one thing that is measured. Each person counts once."""

    people: int = Field(ge=0)
    sessions: int = Field(ge=0)
    mean: float | None
    """Mean of the people's means, as it stands, adjusted for nothing; None: nobody."""
    spread: float | None
    """Standard deviation between the people's means; None: fewer than two people."""
    interval: Interval | None
    """Of the mean; None: fewer than two people, or no spread."""


class Effect(Value):
    """Hedges' g: the adjusted difference in standard deviations between people, corrected for small numbers."""

    g: float
    interval: Interval


class Verdict(Value):
    """What may be said about a difference, Holm-adjusted over the core dimensions."""

    kind: Literal["different", "no_difference_shown", "too_few", "withheld"]
    """`withheld`: no difference can be told at all, or the rater is not to be relied on; `words` say which."""
    words: str
    """One or two sentences, fit to be shown as they are."""
    p: float | None = None
    """Chance of a difference at least this far from zero if there were none; None: not tested."""
    p_holm: float | None = None
    """The same after Holm's adjustment; "different" means below 0.05."""


class Contrast(Value):
    """The first cohort less the second, in the unit of what is measured."""

    a: Group
    b: Group
    difference: float | None
    """Adjusted for which scenarios were played; None where that cannot be told, see `why`."""
    interval: Interval | None
    effect: Effect | None
    why: str | None = None
    """Why there is no difference, or no interval; None where there are both."""


class Difference(Contrast):
    """A contrast of levels, 1 to 5, on one dimension and one version of the rater."""

    dimension: str
    """Its id in the rubric."""
    rater: str | None
    """The version whose levels are compared; None: no version has scored people of both."""
    standing: Standing
    verdict: Verdict | None = None
    """None in mood and scenario cells, which bear no verdict."""


class Part(Value):
    """The differences in one mood or one scenario: intervals, no verdicts."""

    name: str
    """The mood, or the id of the scenario."""
    differences: tuple[Difference, ...]
    """One for each dimension that both cohorts have there."""


class Share(Value):
    """How often something was so, of the sessions where it was recorded. Each person counts once."""

    people: int = Field(ge=0)
    """With at least one session where it was recorded."""
    recorded: int = Field(ge=0)
    """Sessions where it was recorded; the others are left out, not counted as "no"."""
    share: float | None
    """0 to 1, the mean of the people's shares; None: recorded nowhere."""
    interval: Interval | None


class LeftOut(Value):
    """What a figure does without, and why."""

    kind: Literal["in_both", "no_sessions", "other_rater", "other_people", "no_levels", "not_timed", "not_recorded"]
    words: str
    """One sentence, fit to be shown as it is."""
    people: int = Field(ge=0)
    sessions: int = Field(ge=0)


class Comparison(Value):
    """Two cohorts beside each other. No composite, no ranks."""

    a: str
    b: str
    """Names of the cohorts; every difference is the first less the second."""
    dimensions: tuple[Difference, ...]
    """The core dimensions first, then others by id."""
    moods: tuple[Part, ...]
    scenarios: tuple[Part, ...]
    """By id; only those that people of both cohorts have played."""
    handle_time: Contrast
    """Seconds from the first line to the end, to be shown beside empathy; adjusted like the levels."""
    copilot: tuple[Share, Share]
    """Sessions in which a copilot was used, of those where that was recorded."""
    handoff: tuple[Share, Share]
    """Handed-on contacts that had everything the next person needs."""
    left_out: tuple[LeftOut, ...]
    caveats: tuple[str, ...]
    """Sentences to be read with the figures."""


class Slice(Value):
    """A cohort's levels in one mood or one scenario."""

    name: str
    levels: Group


class Bin(Value):
    """How many people have their mean level from `low` (included) to `high` (excluded; 5 is in the last)."""

    low: float
    high: float
    people: int = Field(ge=0)


class CurvePoint(Value):
    """A cohort's level over a stretch of attempts."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)
    """Attempts counted for each person from 1, over all scenarios."""
    people: int
    sessions: int
    as_played: float
    """Mean of the people who came this far, adjusted for nothing: who stays and who leaves is in it."""
    level: float
    """The level people had at first, plus what the same people have changed by since, 1 to 5."""
    change: float | None
    """Change since the first stretch within the same people, adjusted for the scenarios; None: the first stretch."""
    interval: Interval | None
    """Of the change; of the level in the first stretch."""


class Curve(Value):
    """How a cohort's levels go with practice."""

    points: tuple[CurvePoint, ...]
    """Without the stretches in which practice cannot be told from how hard the scenarios are."""
    why: str | None = None
    """Why there is no curve, or where it ends."""


class DimensionReport(Value):
    """One cohort on one dimension, by one version of the rater."""

    dimension: str
    rater: str
    standing: Standing
    levels: Group
    quartiles: tuple[float, float, float] | None
    """Of the people's means; None: fewer than four people."""
    distribution: tuple[Bin, ...]
    """Bins of half a level, from 1 to 5."""
    moods: tuple[Slice, ...]
    scenarios: tuple[Slice, ...]
    curve: Curve


class PersonFigure(Value):
    """One person on one dimension, by one version of the rater."""

    dimension: str
    rater: str
    sessions: int = Field(ge=1)
    mean: float
    """Mean of the sessions' means, 1 to 5."""
    interval: Interval | None
    """Of the mean, from the spread between the person's sessions, within 1 to 5."""
    why: str | None = None
    """Why there is no interval."""


class PersonRow(Value):
    """One person of a cohort. Rows are in the order of names, never of levels."""

    person: str
    sessions: int = Field(ge=0)
    scenarios: int = Field(ge=0)
    """How many different ones."""
    figures: tuple[PersonFigure, ...]
    handle_seconds: float | None
    """Mean over the sessions that were timed; None: none was. Shown beside empathy."""


class CohortReport(Value):
    """One cohort: who has done what, how levels lie and how they go with practice. No composite, no ranks."""

    name: str
    people: tuple[PersonRow, ...]
    dimensions: tuple[DimensionReport, ...]
    """The core dimensions first, then others by id; a dimension comes once for each version of its rater."""
    handle_time: Group
    """Seconds."""
    copilot: Share
    handoff: Share
    left_out: tuple[LeftOut, ...]
    caveats: tuple[str, ...]


class OwnPoint(Value):
    """One session of the trainee, on one dimension."""

    session: str
    at: datetime
    scenario: str
    attempt: int = Field(ge=1)
    """Counted over all sessions, in the order of time."""
    mean: float
    replies: int = Field(ge=1)
    line: float | None
    """The straight line through all sessions, here, within 1 to 5; None: too few sessions for a line."""
    interval: Interval | None
    """Of the line."""


class OwnCurve(Value):
    """The trainee's sessions on one dimension, by one version of the rater."""

    dimension: str
    rater: str
    standing: Standing
    points: tuple[OwnPoint, ...]
    mean: float
    change: float | None
    """The line's last level less its first; None: too few sessions."""
    interval: Interval | None
    """Of the change."""
    words: str
    """What may be said of it: one or two sentences, fit to be shown as they are."""


class Progress(Value):
    """One person's own sessions, compared with nobody's."""

    person: str
    sessions: int = Field(ge=0)
    curves: tuple[OwnCurve, ...]
    handle_seconds: float | None
    """Mean over the sessions that were timed; None: none was."""
    left_out: tuple[LeftOut, ...]
    caveats: tuple[str, ...]
