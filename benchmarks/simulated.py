"""Cohorts whose truth is known, because they were made.

A person has an ability on each dimension, and the three hang together (0.6). Scenarios differ by up to half a level
either way. One person finds a scenario harder than others do, and no two sessions are alike. What is common in one
cohort's mix is rare in the other's, and the harder scenarios are the second cohort's. People play from one to a dozen
sessions. Levels end at 1 and 5. Apart from `statistics`, which counts what comes of them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from simulator.cohorts.levels import FIRST, SECOND, Floats, Rows, Whole
from simulator.cohorts.records import ScoreRecord, SessionRecord
from simulator.vocabulary import CORE_DIMENSIONS, Channel, Ending, Mood

TOGETHER = 0.6
"""Correlation of a person's abilities."""
OWN_TASTE = 0.25
"""Standard deviation, in levels, of what one scenario is to one person beyond its difficulty."""
FROM_SESSION_TO_SESSION = 0.4
"""Standard deviation of a session's mean level, the rater's error in it."""
MOST_SESSIONS = 12
MIDDLE = {"normal": 3.2, "skewed": 3.2, "capped": 4.6}
"""Mean ability of the second cohort, in levels."""
RATER = "embedded-4"


@dataclass(frozen=True)
class World:
    """What is true, in levels."""

    people: tuple[int, int]
    shape: Literal["normal", "skewed", "capped"] = "normal"
    """Of abilities. Skewed: a long tail of weak people; capped: half of them near level 5, where the scale ends."""
    spread: float = 0.45
    """Standard deviation between people."""
    planted: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """How far the first cohort's people are above the second's, by dimension."""
    hardness: float = 0.5
    """The easiest scenario is so far above, the hardest so far below."""
    scenarios: int = 12
    leaning: float = 2.0
    """How different the mixes are: 0 the same, 2 an end of the list five to seven times as likely as the other."""
    shared: int | None = None
    """So many scenarios can be played by both; None: all."""
    choosing: float = 0.0
    """How much more the able turn to the hard ones, by standard deviation of ability; both cohorts alike."""


@dataclass(frozen=True)
class _Sessions:
    """What was played, a row a session."""

    group: Whole
    person: Whole
    scenario: Whole
    levels: Floats
    """A column a dimension."""


def drawn(world: World, dice: np.random.Generator) -> dict[str, Rows]:
    """One pair of cohorts out of this world, as rows by dimension."""
    played = _drawn(world, dice)
    cell, place = np.unique(played.person * world.scenarios + played.scenario, return_inverse=True)
    person, scenario, count = cell // world.scenarios, cell % world.scenarios, np.bincount(place)
    group = np.where(person < world.people[FIRST], FIRST, SECOND)
    people = tuple(f"p{one:05}" for one in range(sum(world.people)))
    places = tuple(f"s{one:05}" for one in range(world.scenarios))
    found = {}
    for dimension, levels in zip(CORE_DIMENSIONS, played.levels.T, strict=True):
        mean = np.bincount(place, levels) / count
        found[dimension] = Rows(group, person, scenario, scenario % 3, mean, count, people, places, tuple(_MOODS))
    return found


def records(world: World, dice: np.random.Generator) -> tuple[list[SessionRecord], list[SessionRecord]]:
    """One pair of cohorts, as the sessions of each."""
    played = _drawn(world, dice)
    found: tuple[list[SessionRecord], list[SessionRecord]] = ([], [])
    rows = zip(played.group, played.person, played.scenario, played.levels, strict=True)
    for number, (group, person, scenario, levels) in enumerate(rows):
        found[group].append(_record(number, int(person), int(scenario), levels.tolist()))
    return found


_MOODS = (Mood.IRATE, Mood.DISTRESSED, Mood.CONFUSED)
_NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


def _record(number: int, person: int, scenario: int, levels: list[float]) -> SessionRecord:
    started = _NINE + timedelta(minutes=number)
    return SessionRecord(
        session=f"{number:08}",
        person=f"p{person:05}",
        scenario=f"s{scenario:02}",
        persona="anybody",
        rubric="core",
        mood=_MOODS[scenario % 3],
        channel=Channel.PHONE,
        difficulty=2,
        started=started,
        ended=started + timedelta(minutes=6),
        ending=Ending.RESOLVED,
        replies=8,
        handle_seconds=360.0 + 10 * (number % 7),
        upset_before=70,
        upset_after=30,
        critical=0,
        app_version="0",
        events=60,
        digest="0" * 64,
        scores=tuple(
            ScoreRecord(dimension=name, mean=level, replies=8, rater=RATER, by="rater")
            for name, level in zip(CORE_DIMENSIONS, levels, strict=True)
        ),
    )


def _drawn(world: World, dice: np.random.Generator) -> _Sessions:
    groups = np.repeat((FIRST, SECOND), world.people)
    common = _abilities(world, len(groups), dice)
    own = np.column_stack([_abilities(world, len(groups), dice) for _ in CORE_DIMENSIONS])
    abilities = (np.sqrt(TOGETHER) * common[:, None] + np.sqrt(1 - TOGETHER) * own) * world.spread
    abilities += np.where(groups[:, None] == FIRST, world.planted, 0.0) + MIDDLE[world.shape]
    person = np.repeat(np.arange(len(groups)), np.minimum(dice.geometric(0.2, len(groups)), MOST_SESSIONS))
    scenario = _played(world, groups[person], common[person], dice)
    _, place = np.unique(person * world.scenarios + scenario, return_inverse=True)
    taste = dice.normal(0, OWN_TASTE, (int(place.max()) + 1, 3))[place]
    ease = np.linspace(world.hardness, -world.hardness, world.scenarios)[scenario, None]
    levels = abilities[person] + ease + taste + dice.normal(0, FROM_SESSION_TO_SESSION, taste.shape)
    return _Sessions(groups[person], person, scenario, np.clip(levels, 1, 5))


def _abilities(world: World, people: int, dice: np.random.Generator) -> Floats:
    """With mean 0 and standard deviation 1."""
    if world.shape == "skewed":
        return np.asarray((2 - dice.gamma(2, 1, people)) / np.sqrt(2))
    return dice.normal(0, 1, people)


def _played(world: World, groups: Whole, ability: Floats, dice: np.random.Generator) -> Whole:
    """The scenario of each session: the lower its number, the easier."""
    place = np.linspace(-0.5, 0.5, world.scenarios)
    lean = np.where(groups == FIRST, -world.leaning, world.leaning) + world.choosing * ability
    weights = np.exp(lean[:, None] * place)
    if world.shared is not None:
        apart = (world.scenarios - world.shared) // 2
        weights[np.ix_(groups == FIRST, place > place[apart + world.shared - 1])] = 0
        weights[np.ix_(groups == SECOND, place < place[apart])] = 0
    chances = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    return np.asarray((dice.random(len(groups))[:, None] > chances).sum(axis=1).clip(0, world.scenarios - 1))
