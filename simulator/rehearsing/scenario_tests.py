"""The tests of a scenario: what must come of which rehearsals, for every seed, and what came of them.

Apart from `rehearsal`, which plays and judges nothing, and from the reports, which only show.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.content.material import Material
from simulator.content.parsing import parse
from simulator.content.rehearsable import REHEARSED
from simulator.content.schema import Scenario, ScenarioTest, Script
from simulator.content.trainees import trainees_for
from simulator.customer.actor import Actor
from simulator.customer.conditions import Standing, holds
from simulator.errors import SimulatorError, StorageError
from simulator.ports import Listener, Rater
from simulator.rehearsing.expectations import (
    in_words,
    levels_in_words,
    mean_levels,
    needs_a_rater,
    unmet,
    unmet_levels,
)
from simulator.rehearsing.outcomes import Outcome, demand, disorders, outcome_of, window
from simulator.rehearsing.rehearsal import rehearse
from simulator.session import Session
from simulator.vocabulary import Value

Verdict = Literal["passed", "failed", "error"]
"""error: the test could not be run, so nothing is known."""


class Case(Value):
    """One thing that must come of the rehearsals with one trainee, or with given replies."""

    name: str
    """Of the trainee; or the first of the replies, in quotes."""
    wanted: str
    """What must come of it, in words."""
    line: int
    """Where the file says so, counted from 1."""
    script: Script | None
    """What is said; None where there is no such trainee."""
    most: int | None = None
    """Replies after which it breaks off."""
    test: ScenarioTest | None = None
    """The author's own test; None: what is demanded of every scenario."""

    @property
    def said(self) -> tuple[str, ...]:
        """Tells the replies of one case from those of another: the same contact is played once."""
        return ("replies", *self.test.replies) if self.test and self.test.replies else ("trainee", self.name)


class Run(Value):
    """What came of one case with one seed."""

    seed: int
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    """Why it failed, or could not be run."""
    seconds: float = 0.0
    """That playing took; 0 where it had been played for another case."""
    session: Session | None = None
    """None where nothing could be played."""


class CaseResult(Value):
    """What came of one case, seed by seed."""

    case: Case
    runs: tuple[Run, ...]

    def count(self, verdict: Verdict) -> int:
        """With how many seeds it came to that."""
        return sum(run.verdict == verdict for run in self.runs)

    @property
    def verdict(self) -> Verdict:
        """passed: with every seed; error: with one of them it could not be run."""
        found = {run.verdict for run in self.runs}
        return "error" if "error" in found or not found else "failed" if "failed" in found else "passed"


class ScenarioResult(Value):
    """What came of all tests of a scenario."""

    scenario: str
    path: str
    seeds: int
    results: tuple[CaseResult, ...] = ()
    problem: str | None = None
    """Why nothing could be played at all."""
    fallbacks: tuple[int, int] | None = None
    """Customer's lines that no model chose, and all of them; None where nobody acted."""
    disorders: int = 0
    """Seeds with which the trainees do not leave the customer the more upset the worse they are."""

    @property
    def passed(self) -> bool:
        """Whether every case passed."""
        return self.problem is None and all(result.verdict == "passed" for result in self.results)


@dataclass(frozen=True)
class Company:
    """The models a scenario is tested with."""

    listener: Listener | None = None
    """Hears the replies; None: signals are found by words alone."""
    rater: Rater | None = None
    acting: bool = False
    """Whether the listener chooses the customer's words, too."""


def cases(material: Material) -> tuple[Case, ...]:
    """What is demanded of every scenario, and then the author's own tests."""
    document = parse(material.texts.scenario, material.paths.scenario, [])
    assert document is not None, "a material is made from texts that can be read"

    def line(*location: str | int) -> int:
        return document.problem(location, "", "", at_key=True).line

    scenario, trainees = material.scenario, trainees_for(material.scenario)
    demanded = (
        Case(
            name=name, wanted=_demanded(name, scenario), line=line("trainees", name), script=scenario.trainees.get(name)
        )
        for name in REHEARSED
    )
    own = (
        Case(
            name=test.trainee or f'"{test.replies[0]}"',
            wanted=_wanted(test),
            line=line("tests", number),
            script=trainees.get(test.trainee) if test.trainee else _saying(test.replies),
            most=None if test.trainee else len(test.replies),
            test=test,
        )
        for number, test in enumerate(scenario.tests)
    )
    return (*demanded, *own)


def _demanded(name: str, scenario: Scenario) -> str:
    asked = demand(name, window(scenario))
    assert asked is not None, "something is demanded of each of REHEARSED"
    return asked[0]


def _wanted(test: ScenarioTest) -> str:
    parts = [in_words(test.expect)]
    if test.always is not None:
        parts.append(f"always {in_words(test.always)}")
    return ", ".join([*parts, levels_in_words(test.levels)] if test.levels else parts)


def _saying(replies: tuple[str, ...]) -> Script:
    return Script(opening=replies[:1], any=replies[1:] or replies[:1])


async def tested(material: Material, seeds: int, company: Company, played: Callable[[], None]) -> ScenarioResult:
    """Play and judge every case with the seeds 0 to `seeds - 1`.

    Args:
        material: Not cast.
        seeds: At least 1.
        company: The models.
        played: Told after each case and seed.

    Raises:
        StorageError: what was heard cannot be remembered.
    """
    stage = _Stage(material, company)
    results = []
    for case in cases(material):
        runs = []
        for seed in range(seeds):
            runs.append(await stage.run(case, seed))
            played()
        results.append(CaseResult(case=case, runs=tuple(runs)))
    return ScenarioResult(
        scenario=material.scenario_id,
        path=material.paths.scenario,
        seeds=seeds,
        results=tuple(results),
        fallbacks=stage.fallbacks if company.acting else None,
        disorders=len(disorders(_outcomes(results, material))),
    )


def _outcomes(results: list[CaseResult], material: Material) -> Iterator[Outcome]:
    for result in results:
        if result.case.test is None:
            sessions = (run.session for run in result.runs if run.session is not None)
            yield from (outcome_of(session, result.case.name, material) for session in sessions)


class _Stage:
    """Plays each contact of a scenario once, however many cases look at it."""

    def __init__(self, material: Material, company: Company) -> None:
        self._material = material
        self._company = company
        self._sessions: dict[tuple[tuple[str, ...], int, bool], Session] = {}

    @property
    def fallbacks(self) -> tuple[int, int]:
        """Lines after the opening that no model chose, and all of them."""
        sources = [turn.line.source for one in self._sessions.values() for turn in one.turns[1:] if turn.line]
        return sources.count("fallback"), len(sources)

    async def run(self, case: Case, seed: int) -> Run:
        """Play a case, if it can be played, and judge it."""
        if problem := self._impossible(case):
            return Run(seed=seed, verdict="error", reasons=(problem,))
        begun = time.perf_counter()
        try:
            material = self._material.cast(seed)
            session = await self._session(case, material, seed)
            means = mean_levels(session, material) if case.test and case.test.levels else {}
            undecided = _undecided(case, session, means, self._company)
            reasons = undecided or tuple(_reasons(case, session, material, means))
        except StorageError:
            raise
        except SimulatorError as error:  # a command that does not exist, a slot that nothing fills, a model that failed
            return Run(seed=seed, verdict="error", reasons=(str(error),), seconds=time.perf_counter() - begun)
        return Run(
            seed=seed,
            verdict="error" if undecided else "failed" if reasons else "passed",
            reasons=reasons,
            seconds=time.perf_counter() - begun,
            session=session,
        )

    def _impossible(self, case: Case) -> str | None:
        if case.script is None:
            return f'There is no trainee "{case.name}" to rehearse it with; write one under trainees.'
        levels = needs_a_rater(case.test.levels, self._material.rubric) if case.test else ()
        if levels and self._company.rater is None:
            return f"Levels of {' and '.join(levels)} come from the embedded model, which is left out here."
        return None

    async def _session(self, case: Case, material: Material, seed: int) -> Session:
        assert case.script is not None, "it was looked for"
        rated = case.test is not None and bool(case.test.levels)
        key = (case.said, seed, rated)
        if key not in self._sessions:
            company = self._company
            actor = Actor(material, company.listener if company.acting else None)
            rater = company.rater if rated else None
            self._sessions[key] = await rehearse(
                material, case.script, seed, actor, company.listener, rater=rater, most=case.most
            )
        return self._sessions[key]


def _undecided(case: Case, session: Session, means: Mapping[str, float], company: Company) -> tuple[str, ...]:
    """Why a case cannot be judged by what was played."""
    turns = [turn for turn in session.turns if turn.reply is not None]
    deaf = [turn.number for turn in turns if company.listener and turn.reading and not turn.reading.learned]
    if deaf:
        return (f"The embedded model could not hear reply {deaf[0]}.",)
    levels = case.test.levels if case.test else {}
    unrated = [turn.number for turn in turns if levels and turn.rating is None]
    if unrated:
        return (f"Reply {unrated[0]} could not be rated.",)
    return tuple(f"No reply has a level on {name}." for name in levels if name not in means)


def _reasons(case: Case, session: Session, material: Material, means: Mapping[str, float]) -> Iterator[str]:
    """Why a case fails; nothing where it passes."""
    if case.test is None:
        asked = demand(case.name, window(material.scenario))
        outcome = outcome_of(session, case.name, material)
        if asked is not None and not asked[1](outcome):
            yield f"expected {asked[0]}; {_came_to(outcome)}"
        return
    yield from unmet(case.test.expect, Standing.of(session, material))
    yield from _broken(case.test, session, material)
    yield from unmet_levels(case.test.levels, means)


def _came_to(outcome: Outcome) -> str:
    ending = f"it ended {outcome.ending.value}" if outcome.ending else "it did not end"
    return f"{ending} after {outcome.turns} replies, upset {outcome.upset[0]:g} to {outcome.upset[-1]:g}"


def _broken(test: ScenarioTest, session: Session, material: Material) -> Iterator[str]:
    """The first reply after which what should always hold does not."""
    if test.always is None:
        return
    for turn in session.turns[1:]:
        ended = session.ended if turn is session.turns[-1] else None
        until = session.model_copy(update={"turns": session.turns[: turn.number + 1], "ended": ended})
        standing = Standing.of(until, material)
        if not holds(test.always, standing):
            yield from (f"after reply {turn.number}: {one}" for one in unmet(test.always, standing))
            return
