"""Made cohorts: figures as the statistics give them, for tests of whatever shows them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from click.testing import CliRunner, Result
from recorded import NOON, record, score

from simulator.cli import cohort_reports
from simulator.cli.cohorts import cohort as cohort_group
from simulator.cli.main import commands
from simulator.cohorts.figures import (
    Bin,
    CohortReport,
    Comparison,
    Contrast,
    Curve,
    CurvePoint,
    Difference,
    DimensionReport,
    Effect,
    Group,
    Interval,
    LeftOut,
    OwnCurve,
    OwnPoint,
    Part,
    PersonFigure,
    PersonRow,
    Progress,
    Share,
    Slice,
    Standing,
    Verdict,
)
from simulator.errors import SimulatorError
from simulator.storage.records.store import Store

PROVED = Standing(
    reliable=True,
    reason="calibrated: 0.66 [0.58, 0.74], target 0.60, 60 replies rated by Ines",
    kappa=0.66,
    low=0.58,
    high=0.74,
    against="people",
)
DOUBTFUL = Standing(
    reliable=False, reason="not calibrated: 0.41 [0.30, 0.52], target 0.60", kappa=0.41, low=0.3, high=0.52
)
RULES = Standing(reliable=False, reason="not calibrated")
RATER = "embedded-4"
NAMES = ("Ada", "Bela", "Chidi", "Dana", "Eli", "Farah")


def group(
    mean: float | None,
    people: int = 6,
    sessions: int = 24,
    interval: tuple[float, float] | None = None,
    spread: float = 0.5,
) -> Group:
    around = interval or (None if mean is None or people < 2 else (mean - 0.3, mean + 0.3))
    return Group(
        people=people,
        sessions=sessions,
        mean=mean,
        spread=spread if people > 1 and mean is not None else None,
        interval=Interval(low=around[0], high=around[1]) if around else None,
    )


def curve() -> Curve:
    return Curve(
        points=(
            CurvePoint(
                first=1,
                last=1,
                people=6,
                sessions=6,
                as_played=2.9,
                level=2.9,
                change=None,
                interval=Interval(low=2.5, high=3.3),
            ),
            CurvePoint(
                first=2,
                last=3,
                people=6,
                sessions=11,
                as_played=3.3,
                level=3.2,
                change=0.3,
                interval=Interval(low=-0.05, high=0.65),
            ),
            CurvePoint(
                first=4,
                last=7,
                people=2,
                sessions=4,
                as_played=4.0,
                level=3.5,
                change=0.6,
                interval=Interval(low=0.1, high=1.1),
            ),
        ),
        why="After attempt 7 fewer than two people went on, so the curve ends there.",
    )


def dimension(name: str, standing: Standing = PROVED, mean: float = 3.42, rater: str = RATER) -> DimensionReport:
    counts = (0, 0, 0, 1, 2, 2, 1, 0)
    return DimensionReport(
        dimension=name,
        rater=rater,
        standing=standing,
        levels=group(mean),
        quartiles=(mean - 0.4, mean, mean + 0.4),
        distribution=tuple(
            Bin(low=1 + place / 2, high=1.5 + place / 2, people=count) for place, count in enumerate(counts)
        ),
        moods=(Slice(name="irate", levels=group(3.3, 6, 14)), Slice(name="confused", levels=group(3.6, 1, 10))),
        scenarios=(
            Slice(name="fare-jump", levels=group(3.3, 6, 14)),
            Slice(name="locked-out", levels=group(3.6, 5, 10)),
        ),
        curve=curve(),
    )


def person(name: str, means: Sequence[float] = (2.6, 3.1, 3.4), sessions: int = 4, raters: str = RATER) -> PersonRow:
    ids = ("empathy", "ownership", "active_listening")
    return PersonRow(
        person=name,
        sessions=sessions,
        scenarios=min(2, sessions),
        figures=tuple(
            PersonFigure(
                dimension=one,
                rater=raters,
                sessions=sessions,
                mean=mean,
                interval=Interval(low=max(1.0, mean - 0.6), high=min(5.0, mean + 0.6)) if sessions > 1 else None,
                why=None if sessions > 1 else "One session alone shows no spread.",
            )
            for one, mean in zip(ids, means, strict=True)
            if sessions
        ),
        handle_seconds=320.0 if sessions else None,
    )


def report(people: Sequence[PersonRow] | None = None, **changes: Any) -> CohortReport:
    rows = (
        tuple(person(name, (2.4 + 0.3 * at, 3.0 + 0.1 * at, 4.4 - 0.2 * at)) for at, name in enumerate(NAMES))
        if people is None
        else tuple(people)
    )
    fields: dict[str, Any] = {
        "name": "Spring",
        "people": rows,
        "dimensions": (dimension("empathy"), dimension("ownership", DOUBTFUL, 3.1), dimension("active_listening")),
        "handle_time": group(320.0, interval=(290.0, 350.0), spread=55.0),
        "copilot": Share(people=0, recorded=0, share=None, interval=None),
        "handoff": Share(people=3, recorded=7, share=0.5, interval=Interval(low=0.2, high=0.8)),
        "left_out": (
            LeftOut(
                kind="not_recorded",
                words="24 of 24 sessions of Spring do not say whether a copilot was used.",
                people=6,
                sessions=24,
            ),
        ),
        "caveats": ("The rater was compared with one person.",),
    }
    return CohortReport(**{**fields, **changes})


def nobody() -> CohortReport:
    nothing = group(None, 0, 0)
    silent = Share(people=0, recorded=0, share=None, interval=None)
    return report((), dimensions=(), handle_time=nothing, handoff=silent, left_out=(), caveats=())


def contrast(difference: float | None = 0.31, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "a": group(3.42),
        "b": group(3.11, 8, 40),
        "difference": difference,
        "interval": None if difference is None else Interval(low=difference - 0.26, high=difference + 0.26),
        "effect": None if difference is None else Effect(g=0.62, interval=Interval(low=0.1, high=1.14)),
        "why": "No scenario was played in both cohorts." if difference is None else None,
    }
    return {**fields, **changes}


def difference(name: str, value: float | None = 0.31, standing: Standing = PROVED, **changes: Any) -> Difference:
    fields: dict[str, Any] = {"dimension": name, "rater": RATER, "standing": standing, **contrast(value)}
    return Difference(**{**fields, **changes})


def verdict(words: str, kind: str = "different", p: float | None = 0.0123) -> Verdict:
    return Verdict.model_validate({"kind": kind, "words": words, "p": p, "p_holm": None if p is None else 3 * p})


def comparison(**changes: Any) -> Comparison:
    fields: dict[str, Any] = {
        "a": "Spring",
        "b": "Autumn",
        "dimensions": (
            difference("empathy", verdict=verdict("Different: Spring is 0.31 of a level above Autumn (0.05 to 0.57).")),
            difference(
                "ownership",
                -0.12,
                DOUBTFUL,
                verdict=verdict("No verdict, as these levels are not to be relied on.", "withheld", None),
            ),
            difference(
                "active_listening", None, verdict=verdict("No verdict. Nothing links the cohorts.", "withheld", None)
            ),
        ),
        "moods": (
            Part(name="irate", differences=(difference("empathy", 0.2), difference("ownership", -0.1, DOUBTFUL))),
        ),
        "scenarios": (Part(name="fare-jump", differences=(difference("empathy", -0.25),)),),
        "handle_time": Contrast(
            **contrast(
                -42.0,
                a=group(320.0, interval=(290.0, 350.0), spread=55.0),
                b=group(362.0, interval=(330.0, 390.0), spread=55.0),
                interval=Interval(low=-80.0, high=-4.0),
            )
        ),
        "copilot": (
            Share(people=0, recorded=0, share=None, interval=None),
            Share(people=8, recorded=40, share=0.4, interval=Interval(low=0.3, high=0.5)),
        ),
        "handoff": (Share(people=0, recorded=0, share=None, interval=None),) * 2,
        "left_out": (
            LeftOut(
                kind="in_both", words="One person is in both cohorts and counted in neither: Zoe.", people=1, sessions=3
            ),
        ),
        "caveats": ("The cohorts were not drawn by lot.",),
    }
    return Comparison(**{**fields, **changes})


def progress(name: str, sessions: int = 5) -> Progress:
    """One person's sessions, rising, with a line from three sessions on."""
    points = tuple(
        OwnPoint(
            session=f"s{at}",
            at=datetime(2026, 11, 1, 9, tzinfo=UTC) + timedelta(days=at),
            scenario="fare-jump",
            attempt=at,
            mean=min(5.0, 2.4 + 0.2 * at),
            replies=6,
            line=min(5.0, 2.5 + 0.2 * at) if sessions >= 3 else None,
            interval=Interval(low=max(1.0, 2.0 + 0.2 * at), high=min(5.0, 3.0 + 0.2 * at)) if sessions >= 3 else None,
        )
        for at in range(1, sessions + 1)
    )
    words = "Rising: +0.80 of a level over 5 sessions (+0.10 to +1.50)." if sessions >= 3 else "Too few for a curve."
    curves = tuple(
        OwnCurve(
            dimension=one,
            rater=RATER,
            standing=standing,
            points=points,
            mean=3.0,
            change=0.8 if sessions >= 3 else None,
            interval=Interval(low=0.1, high=1.5) if sessions >= 3 else None,
            words=words,
        )
        for one, standing in (("empathy", PROVED), ("ownership", DOUBTFUL), ("active_listening", PROVED))
    )
    return Progress(
        person=name,
        sessions=sessions,
        curves=curves if sessions else (),
        handle_seconds=310.0 if sessions else None,
        left_out=(),
        caveats=(),
    )


for _command in cohort_reports.COMMANDS:
    cohort_group.add_command(_command)


def run(*arguments: str) -> Result:
    """A command as a user runs it, in this process; refusals are exceptions of `simulator.errors`."""
    return CliRunner().invoke(commands, arguments, standalone_mode=False)


def told(*arguments: str) -> str:
    """What a command that succeeds prints."""
    done = run(*arguments)
    if done.exception:
        raise done.exception
    assert done.return_value in (None, 0), done.stderr
    return done.stdout


def refused(code: int, *arguments: str) -> str:
    """The sentence with which a command is refused, on one line."""
    done = run(*arguments)
    assert isinstance(done.exception, SimulatorError), done.stdout
    assert done.exception.exit_code == code
    assert "\n" not in str(done.exception)
    return str(done.exception)


def filled(store: Store, cohort: str, people: int = 6, sessions: int = 3, lift: float = 0.0, **changes: Any) -> None:
    """A cohort whose people each played so many sessions, their levels around 3 and `lift` more."""
    names = [f"{cohort} {number}" for number in range(people)]
    store.create(cohort)
    store.add(cohort, names)
    store.ingest(
        record(
            f"{cohort}-{number}-{attempt}",
            name,
            started=NOON + timedelta(days=attempt, minutes=number),
            scenario=f"scenario-{(number + attempt) % 2}",
            scores=tuple(
                score(one, min(5.0, 2.4 + lift + 0.13 * number + 0.21 * attempt + 0.1 * place))
                for place, one in enumerate(("empathy", "ownership", "active_listening"))
            ),
            **changes,
        )
        for number, name in enumerate(names)
        for attempt in range(sessions)
    )
