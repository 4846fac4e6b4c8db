"""Sessions of made people in made scenarios, with levels as a test wants them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from simulator.assessment.certainty import RaterError, Reliability
from simulator.cohorts.records import ScoreRecord, SessionRecord
from simulator.cohorts.sums import CohortSums, sums_of
from simulator.vocabulary import CORE_DIMENSIONS, Channel, Ending, Mood

RATER = "embedded-9"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MOODS = {"s0": Mood.IRATE, "s1": Mood.DISTRESSED, "s2": Mood.CONFUSED}
PUBLISHED = Reliability(
    rater=RATER,
    dimensions={name: RaterError(kappa=0.8, low=0.7, high=0.9, error_sd=0.7, n=400) for name in CORE_DIMENSIONS},
)


def session(
    person: str,
    scenario: str,
    levels: Mapping[str, float],
    number: int = 0,
    rater: str = RATER,
    seconds: float | None = 300.0,
    copilot: bool | None = None,
    handoff: bool | None = None,
) -> SessionRecord:
    started = NOON + timedelta(hours=number)
    return SessionRecord(
        session=f"{person}-{number}-{scenario}",
        person=person,
        scenario=scenario,
        persona="anybody",
        rubric="core",
        mood=MOODS.get(scenario, Mood.IRATE),
        channel=Channel.PHONE,
        difficulty=2,
        started=started,
        ended=started + timedelta(minutes=5),
        ending=Ending.RESOLVED,
        replies=6,
        handle_seconds=seconds,
        upset_before=70,
        upset_after=30,
        critical=0,
        copilot=copilot,
        handoff=handoff,
        app_version="0",
        events=50,
        digest="0" * 64,
        scores=tuple(
            ScoreRecord(dimension=name, mean=mean, replies=6, rater=rater, by="rater") for name, mean in levels.items()
        ),
    )


def everywhere(level: float) -> dict[str, float]:
    return dict.fromkeys(CORE_DIMENSIONS, level)


def cohort(name: str, records: Sequence[SessionRecord], people: Iterable[str] = ()) -> CohortSums:
    return sums_of(name, sorted({*people, *(record.person for record in records)}), records)
