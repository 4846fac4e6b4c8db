"""The practice desk: opens new and unfinished sessions with the models, store and content it was given.

What front ends are handed instead of models, settings and files.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from simulator.clock import Clock
from simulator.content.library import Library, Material, MaterialTexts
from simulator.customer.actor import Actor
from simulator.debriefing.debrief import Debrief, debrief
from simulator.debriefing.proven import rate_lines
from simulator.errors import UsageError
from simulator.events import ModelCard, SessionStarted, new_session_id
from simulator.judged import Judging
from simulator.ports import Bench, Journal, Listener, Rater, SessionStore, Speaker
from simulator.runner import SessionRunner
from simulator.session import Session
from simulator.standing import Calibration

RECENT = 3
"""Sessions whose lines the customer avoids."""

TEXTS_REMEMBERED = 128
"""Sets of texts, each read once: thousands of sessions share a few."""


@dataclass(frozen=True)
class Cast:
    """The models at work."""

    card: ModelCard
    listener: Listener | None = None
    speaker: Speaker | None = None
    rater: Rater | None = None


class Desk:
    """Everything a front end needs."""

    def __init__(
        self,
        library: Library,
        store: SessionStore,
        cast: Cast,
        *,
        app_version: str,
        trainee: str,
        pace: float,
        notices: Sequence[str] = (),
        clock: Clock | None = None,
        calibrations: Sequence[Calibration] = (),
        bench: Bench | None = None,
    ) -> None:
        self.library = library
        self.store = store
        self.cast = cast
        self.trainee = trainee
        self.pace = pace
        self.notices = tuple(notices)
        self.calibrations = tuple(calibrations)
        self._bench = bench
        self._app_version = app_version
        self._clock = clock or Clock()

    async def open(self, scenario: str, persona: str | None = None, seed: int | None = None) -> SessionRunner:
        """A new session; `begin()` stores its start and makes the customer speak. Nothing is stored before.

        Raises:
            UsageError: no such scenario or persona.
            ContentError: a file cannot be used.
            StorageError: the journal cannot be written.
        """
        seed = secrets.randbelow(2**31) if seed is None else seed
        material = self.library.material(scenario, persona).cast(seed)
        clock = self._clock.fresh()
        started = self._started(material, seed, clock.now())
        journal = self.store.create(started.session)
        return self._runner(Session(started=started), material, journal, clock, fresh=True)

    async def resume(self, session: str) -> SessionRunner:
        """An unfinished session where it was left; `begin()` does what a crash left undone.

        Raises:
            UsageError: there is none, or it is over.
            StorageError: the journal cannot be read or is open elsewhere.
        """
        found = self.store.session(session)
        if found.ended is not None:
            raise UsageError(f"Session {found.id} is over; `simulator debrief {found.id}` shows how it went.")
        return self._taken_up(found.id)

    async def rated(self, session: str) -> Session:
        """A session of which every reply is rated: what a crash left unrated is rated now.

        Raises:
            UsageError: there is none.
            StorageError: the journal cannot be read, is open elsewhere, or does not take the ratings.
        """
        found = self.store.session(session)
        if self.cast.rater is None or not unrated(found):
            return found
        runner = self._taken_up(found.id)
        try:
            await runner.settled()
        finally:
            await runner.close()
        return runner.session

    async def debrief(self, session: Session) -> Debrief:
        """How a session went; the lines that could have been said are put to the rater first."""
        material = material_of(session)
        lines = await rate_lines(session, material, self.cast.rater)
        return debrief(session, material, self.calibrations, lines)

    def goal(self) -> str | None:
        """What this trainee's last finished session set as the goal for next time."""
        for session in self.store.sessions():
            if session.ended is not None and session.started.trainee == self.trainee:
                return debrief(session, material_of(session)).goal.sentence
        return None

    def _taken_up(self, session: str) -> SessionRunner:
        events, journal = self.store.reopen(session)
        restored = Session.of(events)
        clock = self._clock.fresh()
        clock.catch_up(events[-1].at)
        return self._runner(restored, material_of(restored), journal, clock, fresh=False)

    def _runner(
        self, session: Session, material: Material, journal: Journal, clock: Clock, *, fresh: bool
    ) -> SessionRunner:
        cast = self.cast
        actor = Actor(material, cast.listener, cast.speaker, cast.card.way)
        judge = self._judge(session, material)
        return SessionRunner(
            session, material, journal, actor, cast.rater, cast.listener, clock, fresh=fresh, judge=judge
        )

    def _judge(self, session: Session, material: Material) -> Rater | None:
        """The judge that a session was begun with; None where there was none, or it is not at hand any more."""
        begun, now = session.started.judging, self._judging(material)
        if self._bench is None or begun is None or now is None or not begun.is_of(now):
            return None
        return self._bench.judge(material.rubric, self._rater_version)

    def _judging(self, material: Material) -> Judging | None:
        return self._bench.judging(material.rubric, self._rater_version) if self._bench else None

    @property
    def _rater_version(self) -> str:
        return self.cast.rater.version if self.cast.rater else "none"

    def _started(self, material: Material, seed: int, at: datetime) -> SessionStarted:
        return started_with(
            material,
            at=at,
            session=new_session_id(at),
            app_version=self._app_version,
            rater_version=self._rater_version,
            seed=seed,
            trainee=self.trainee,
            model=self.cast.card,
            heard_lately=tuple(_heard(self.store.sessions(), material.scenario_id)),
            goal=self.goal(),
            judging=self._judging(material),
        )


def started_with(material: Material, **own: Any) -> SessionStarted:
    """The first event of a session with this material.

    Args:
        material: What is played; everything that a resume needs of it is in the event.
        own: The fields that are the session's own (when, whose, with which models); checked by `SessionStarted`.
    """
    scenario = material.scenario
    return SessionStarted(
        scenario_id=material.scenario_id,
        persona_id=material.persona_id,
        rubric_id=material.rubric_id,
        **material.texts.model_dump(),
        slots=material.slots,
        mood=scenario.mood,
        channel=scenario.channel,
        emotion=scenario.emotion,
        **own,
    )


def material_of(session: Session) -> Material:
    """What a session was played from, out of its own journal; each set of texts is read once.

    Raises:
        ContentError: the journal's texts are not what they should be.
    """
    started = session.started
    texts = MaterialTexts(
        scenario=started.scenario, persona=started.persona, rubric=started.rubric, defaults=started.defaults
    )
    read = _material(started.scenario_id, started.persona_id, started.rubric_id, texts)
    return read.model_copy(update={"slots": started.slots})


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _material(scenario_id: str, persona_id: str, rubric_id: str, texts: MaterialTexts) -> Material:
    return Material.from_texts(scenario_id, persona_id, rubric_id, texts, {})


def unrated(session: Session) -> tuple[int, ...]:
    """Turns whose reply has not been rated yet, nor tried and failed to be."""
    return tuple(turn.number for turn in session.turns if turn.reply is not None and turn.rated is None)


def _heard(sessions: Iterable[Session], scenario_id: str) -> Iterable[str]:
    recent = [session for session in sessions if session.started.scenario_id == scenario_id][:RECENT]
    return dict.fromkeys(turn.line.line for session in recent for turn in session.turns if turn.line and turn.line.line)
