"""Levels and checks of a session, counted up by dimension. Apart from the debrief because the advice builds on them."""

from collections.abc import Collection, Iterator, Sequence

from pydantic import Field

from simulator.assessment.average import average, recovered, weighted_mean
from simulator.assessment.certainty import Interval, RaterError, Reliability, Unknown, error_of, together
from simulator.assessment.checks import NO_RATER, SURE, unmeasured, version
from simulator.content.material import Material
from simulator.content.rubric import Check, Dimension, LevelAnchor
from simulator.contested import remark
from simulator.session import Session, Turn
from simulator.standing import Calibration, counted, mark
from simulator.vocabulary import Level, Signal, SignalName, Value

LOWEST_AIM = 3
"""Levels 1 and 2 describe what goes wrong, so no reply is advised to aim for one."""


class Finding(Value):
    """One place where a check was met."""

    turn: int
    """Number of the turn."""
    quote: str | None = None
    """The trainee's words, verbatim; None for an act (a hold) or an omission."""


class CheckCount(Value):
    """How often the answer to one narrow question was yes."""

    id: str
    """The check's id in the rubric."""
    question: str
    """The question, answered yes or no."""
    signals: tuple[SignalName, ...]
    """Signals that answer it with yes."""
    wanted: bool
    """False: yes is bad."""
    enough: int | None = None
    """In how many replies of a contact it is enough; None: each one counts."""
    goal: str | None
    """What to try, in the rubric's words; None where the rubric leaves it open."""
    room: bool
    """False: a wanted check this scenario has no place for, as its author wrote no line that does it."""
    of: int = Field(ge=0)
    """Turns looked at: replies for a wanted check; replies and acts (a hold, a transfer) for an unwanted one."""
    findings: tuple[Finding, ...] = ()
    """One for each turn in which it was met."""

    @property
    def tells(self) -> bool:
        """Whether a report has a reason to show it."""
        return self.met > 0 or (self.wanted and self.room)

    @property
    def met(self) -> int:
        """In how many turns the answer was yes."""
        return len(self.findings)

    @property
    def kept(self) -> int:
        """In how many turns it went as wanted."""
        return self.met if self.wanted else self.of - self.met

    @property
    def success(self) -> float:
        """Share of the turns in which it went as wanted, 0 to 1; 0 where nothing was looked at.

        1 where it was done as often as is enough.
        """
        if self.enough is not None and self.wanted and self.met >= self.enough:
            return 1.0
        return self.kept / self.of if self.of else 0.0


class TurnLevel(Value):
    """The level of one reply on one dimension."""

    turn: int
    """Number of the turn."""
    level: Level | None
    """None: the moment gave no room for it."""
    expected: float | None
    """The level before rounding, 1 to 5."""
    remark: str | None = None
    """Whether it is contested or revised, and by whom; None where nobody contested it."""
    recovered: bool = False
    """True for a slip that the next rated reply put right, so that it costs less."""


class DimensionScore(Value):
    """One dimension over the whole session."""

    id: str
    """The dimension's id in the rubric."""
    name: str
    """Shown to people."""
    question: str
    """What it asks of a reply."""
    weight: float
    """Weight in the overall score."""
    rater: str
    """Version of what scored it: of the rater, or of the rubric's rules."""
    calibrated: bool
    """Whether a person's own ratings agree with this version of the rater as far as was asked for."""
    mark: str | None = None
    """What stands beside its figures where that was measured and is not so, or where its levels come from checks alone
    and nobody has measured it."""
    calibration: Calibration | None = None
    """The newest such measurement; None where there is none for this version of the rater."""
    mean: float | None
    """Mean expected level over the replies that have one, 1 to 5; a slip that was put right counts halfway up to 3 (see
    `assessment.average`). None if no reply has."""
    interval: Interval
    """The 95 % interval around the mean, or why there is none."""
    n: int
    """How many replies have a level."""
    level: Level | None
    """The mean, rounded."""
    level_name: str | None
    """The rubric's name for that level."""
    anchor: str | None
    """What a reply at that level does, in the rubric's words."""
    next_level: Level | None
    """The level to aim for from there: one up, and never below 3; None at level 5 and where nothing is rated."""
    next_name: str | None
    """The rubric's name for the level to aim for."""
    next_anchor: str | None
    """What a reply at the level to aim for does, in the rubric's words."""
    turns: tuple[TurnLevel, ...]
    """Every rated reply, in order."""
    checks: tuple[CheckCount, ...]
    """The dimension's checks, counted, in the rubric's order."""


class Part(Value):
    """What one dimension adds to the overall score."""

    dimension: str
    """The dimension's name."""
    mean: float
    """Mean expected level, 1 to 5."""
    weight: float
    """Weight in the rubric."""
    share: float
    """Weight over the sum of weights that counted, 0 to 1."""
    interval: Interval
    """The 95 % interval around its mean, or why there is none."""


class Overall(Value):
    """The weighted mean of the dimensions that have one, with its parts."""

    mean: float
    """1 to 5."""
    interval: Interval
    """The 95 % interval around it, or why there is none: the weighted mean of the parts' intervals."""
    parts: tuple[Part, ...]
    """What it is made of, in the rubric's order."""


def dimension_scores(
    session: Session,
    material: Material,
    calibrations: Sequence[Calibration] = (),
    reliability: Reliability | None = None,
) -> tuple[DimensionScore, ...]:
    """Every dimension of the rubric, in its order.

    Args:
        session: Finished or not.
        material: With the rubric.
        calibrations: How the rater agreed with people.
        reliability: What is published about the rater; None: what ships with this version of the program.
    """
    exemplars = material.scenario.exemplars
    return tuple(
        _score(
            session,
            dimension,
            exemplars.keys(),
            counted(calibrations, material.rubric_id, _rater_of(session, dimension), dimension.id),
            unmeasured(dimension.name) if dimension.rules else error_of(rater_of(session), dimension.id, reliability),
        )
        for dimension in material.rubric.dimensions
    )


def rater_of(session: Session) -> str:
    """Version of the rater the levels come from; of several, all, so that no calibration of one counts for them."""
    versions = {turn.rating.rater for turn in session.turns if turn.rating} - {NO_RATER}
    return " and ".join(sorted(versions)) or session.started.rater_version


def overall(scores: Sequence[DimensionScore]) -> Overall | None:
    """The weighted mean, or None where no reply has a level on anything."""
    rated = [(score, score.mean) for score in scores if score.mean is not None]
    total = sum(score.weight for score, _ in rated)
    mean = weighted_mean((score.weight, mean) for score, mean in rated)
    if mean is None:
        return None
    parts = tuple(
        Part(
            dimension=score.name,
            mean=mean,
            weight=score.weight,
            share=round(score.weight / total, 3),
            interval=score.interval,
        )
        for score, mean in rated
    )
    shares = ((score.weight / total, score.interval) for score, _ in rated)
    return Overall(mean=round(mean, 2), interval=together(shares), parts=parts)


def shown(turn: Turn) -> Iterator[Signal]:
    """The signals of a turn that are sure enough to count."""
    return (signal for signal in (turn.reading.signals if turn.reading else ()) if signal.probability >= SURE)


def level_to_aim_for(level: Level, dimension: Dimension) -> Level | None:
    """The level a reply is advised to aim for: one up, and never below 3; None from level 5.

    Where rules give the levels, one without a rule cannot be reached, so it is passed over.
    """
    within = sorted(dimension.rules) or range(1, 6)
    return next((one for one in within if one >= max(level + 1, LOWEST_AIM)), None)


def level_anchor(dimension: Dimension, level: int) -> LevelAnchor:
    """Name and anchor of a level, 1 to 5."""
    return {int(number): anchor for number, anchor in dimension.levels.items()}[level]


def _score(
    session: Session,
    dimension: Dimension,
    fitting: Collection[SignalName],
    calibration: Calibration | None,
    error: RaterError | Unknown,
) -> DimensionScore:
    turns = _turn_levels(session, dimension.id)
    given = average([turn.expected for turn in turns if turn.expected is not None], error)
    mean = round(given.mean, 2) if given else None
    level = _nearest(mean) if mean is not None else None
    aim = level_to_aim_for(level, dimension) if level else None
    anchor, ahead = (level_anchor(dimension, each) if each else None for each in (level, aim))
    return DimensionScore(
        id=dimension.id,
        name=dimension.name,
        question=dimension.question,
        weight=dimension.weight,
        rater=_rater_of(session, dimension),
        calibrated=calibration is not None and calibration.reached,
        mark=mark(calibration, by_checks=dimension.scored_by == "checks"),
        calibration=calibration,
        mean=mean,
        n=given.n if given else 0,
        interval=given.interval if given else Unknown(why="Nothing was rated."),
        level=level,
        level_name=anchor.name if anchor else None,
        anchor=anchor.anchor if anchor else None,
        next_level=aim,
        next_name=ahead.name if ahead else None,
        next_anchor=ahead.anchor if ahead else None,
        turns=turns,
        checks=tuple(_count(session, check, fitting) for check in dimension.checks),
    )


def _rater_of(session: Session, dimension: Dimension) -> str:
    """Version of what scored a dimension: the rater, or the rules; as for `rater_of`."""
    if not dimension.rules:
        return rater_of(session)
    ratings = [turn.rating for turn in session.turns if turn.rating]
    versions = {rating.rules[dimension.id] for rating in ratings if dimension.id in rating.rules}
    return " and ".join(sorted(versions)) or version(dimension)


def _turn_levels(session: Session, dimension: str) -> tuple[TurnLevel, ...]:
    turns = list(_levels_given(session, dimension))
    rated = [turn for turn in turns if turn.expected is not None]
    slips = {rated[at].turn for at in recovered([turn.expected or 0.0 for turn in rated])}
    return tuple(turn.model_copy(update={"recovered": turn.turn in slips}) for turn in turns)


def _levels_given(session: Session, dimension: str) -> Iterator[TurnLevel]:
    for turn in session.turns:
        if turn.rating is None or turn.rated is None or turn.rated.rating is None:
            continue
        if dimension not in turn.rating.levels:  # what scores it was missing, or failed
            continue
        said = remark(turn.disputes, dimension, turn.rated.rating.levels.get(dimension))
        level = turn.rating.levels.get(dimension)
        expected = turn.rating.expected.get(dimension)
        if level is not None and expected is None:
            expected = float(level)
        expected = None if level is None else expected
        yield TurnLevel(turn=turn.number, level=level, expected=expected, remark=said)


def _nearest(mean: float) -> Level:
    return min(5, max(1, int(mean + 0.5)))


def _count(session: Session, check: Check, fitting: Collection[SignalName]) -> CheckCount:
    looked_at = [turn for turn in session.turns if turn.reading and (turn.reply is not None or not check.wanted)]
    findings = (finding for turn in looked_at if (finding := _finding(turn, check)))
    return CheckCount(
        id=check.id,
        question=check.question,
        signals=check.signals,
        wanted=check.wanted,
        enough=check.enough,
        goal=check.goal,
        room=not check.wanted or any(signal in fitting for signal in check.signals),
        of=len(looked_at),
        findings=tuple(findings),
    )


def _finding(turn: Turn, check: Check) -> Finding | None:
    found = next((signal for signal in shown(turn) if signal.name in check.signals), None)
    if found is None:
        return None
    quote = found.span.quote if found.span else None
    verbatim = quote if quote and quote in (turn.reply or "") else None
    return Finding(turn=turn.number, quote=verbatim)
