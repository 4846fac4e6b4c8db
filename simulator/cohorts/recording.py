"""The record of a finished session: what is kept of it for comparing, made from its journal and nothing else.

Apart from the values because it needs the debrief's scores. Pure: the same journal gives the same record.
"""

from itertools import pairwise
from typing import Literal

from simulator.cohorts.records import ScoreRecord, SessionRecord
from simulator.content.material import Material
from simulator.content.rubric import Dimension
from simulator.debriefing.handoffs import handoffs
from simulator.debriefing.scores import DimensionScore, dimension_scores
from simulator.session import Session

_TOLD = 3
"""Things a customer is told in a handoff from which nothing is missing."""


def record_of(session: Session, material: Material, digest: str, signer: str | None = None) -> SessionRecord:
    """What is kept of a session.

    Args:
        session: A finished one.
        material: What it was played from.
        digest: Last link of its journal's chain (`storage.chain`), hexadecimal.
        signer: Public key whose signature was checked; None: none was.

    Raises:
        ValueError: the session is not finished.
    """
    started, ended = session.started, session.ended
    if ended is None:
        raise ValueError(f"session {session.id} is not finished")
    return SessionRecord(
        session=session.id,
        person=started.trainee,
        scenario=started.scenario_id,
        persona=started.persona_id,
        rubric=started.rubric_id,
        mood=started.mood,
        channel=started.channel,
        difficulty=material.scenario.difficulty,
        started=started.at,
        ended=ended.at,
        ending=ended.ending,
        replies=sum(turn.reply is not None for turn in session.turns),
        handle_seconds=handle_seconds(session),
        upset_before=started.emotion.upset(started.mood),
        upset_after=session.upset,
        critical=len(session.critical),
        handoff=_handed_on_well(session),
        app_version=started.app_version,
        events=session.events,
        digest=digest,
        signer=signer,
        scores=_scores(session, material),
    )


def handle_seconds(session: Session) -> float | None:
    """From the customer's first line to the end, holds included; None where the clock went backwards in between, or
    where the session is not finished or the customer never spoke."""
    spoken = [said.at for turn in session.turns for said in (turn.act, turn.line) if said is not None]
    first = next((turn.line.at for turn in session.turns if turn.line), None)
    if session.ended is None or first is None:
        return None
    if any(later < earlier for earlier, later in pairwise([*spoken, session.ended.at])):
        return None
    return (session.ended.at - first).total_seconds()


def _handed_on_well(session: Session) -> bool | None:
    made = handoffs(session)
    return all(one.told == _TOLD for one in made) if made else None


def _scores(session: Session, material: Material) -> tuple[ScoreRecord, ...]:
    dimensions = {dimension.id: dimension for dimension in material.rubric.dimensions}
    counted = dimension_scores(session, material)
    return tuple(_score(score, score.mean, dimensions[score.id]) for score in counted if score.mean is not None)


def _score(score: DimensionScore, mean: float, dimension: Dimension) -> ScoreRecord:
    by: Literal["rater", "checks"] = "checks" if dimension.scored_by == "checks" else "rater"
    return ScoreRecord(dimension=score.id, mean=mean, replies=score.n, rater=score.rater, by=by)
