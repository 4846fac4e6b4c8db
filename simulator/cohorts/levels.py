"""What is compared, in rows: the mean of one person in one scenario, by dimension and version of the rater.

Apart because comparisons and reports take the same rows from cells, and neither may put versions together.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulator.cohorts.records import Cell
from simulator.cohorts.sums import Contacts
from simulator.vocabulary import CORE_DIMENSIONS

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Chosen = NDArray[np.bool_] | NDArray[np.int64]

FIRST, SECOND, OUTSIDE = 0, 1, 2
"""Whose row it is: of the first cohort, of the second, of somebody in neither."""


Given = tuple[int, str, str, str, float, int]
"""Group, person, scenario, mood, mean over the sessions there, and how many these are."""


@dataclass(frozen=True)
class Rows:
    """What is given, as columns, sorted by group and person; people, scenarios and moods are numbers of names."""

    group: Whole
    person: Whole
    scenario: Whole
    mood: Whole
    value: Floats
    sessions: Whole
    people: tuple[str, ...]
    scenarios: tuple[str, ...]
    moods: tuple[str, ...]

    @classmethod
    def of(cls, given: Iterable[Given]) -> "Rows":
        """The rows, whatever the order they come in."""
        columns = _Columns()
        for row in given:
            columns.add(*row)
        return columns.rows()

    def where(self, chosen: Chosen) -> "Rows":
        """Only these rows; the names stay."""
        return replace(
            self,
            group=self.group[chosen],
            person=self.person[chosen],
            scenario=self.scenario[chosen],
            mood=self.mood[chosen],
            value=self.value[chosen],
            sessions=self.sessions[chosen],
        )

    def of_group(self, group: int) -> "Rows":
        """Only the rows of this group."""
        return self.where(self.group == group)

    def by_mood(self) -> Iterator[tuple[str, "Rows"]]:
        """The rows of each mood, by its name."""
        return ((self.moods[one], self.where(self.mood == one)) for one in np.unique(self.mood).tolist())

    def by_scenario(self) -> Iterator[tuple[str, "Rows"]]:
        """The rows of each scenario, by its id."""
        return ((self.scenarios[one], self.where(self.scenario == one)) for one in np.unique(self.scenario).tolist())

    def count(self, group: int) -> int:
        """How many people of a group there are."""
        return len(np.unique(self.person[self.group == group]))

    def means(self) -> Floats:
        """The mean of each person over all their sessions, by name."""
        totals = np.bincount(self.person, self.value * self.sessions)
        sessions = np.bincount(self.person, self.sessions)
        return np.asarray(totals[sessions > 0] / sessions[sessions > 0])


class _Columns:
    """Rows as they come in: a hundred thousand small objects less for the interpreter to look after."""

    def __init__(self) -> None:
        self.group: list[int] = []
        self.person: list[str] = []
        self.scenario: list[str] = []
        self.mood: list[str] = []
        self.value: list[float] = []
        self.sessions: list[int] = []

    def add(self, group: int, person: str, scenario: str, mood: str, value: float, sessions: int) -> None:
        self.group.append(group)
        self.person.append(person)
        self.scenario.append(scenario)
        self.mood.append(mood)
        self.value.append(value)
        self.sessions.append(sessions)

    def rows(self) -> Rows:
        (person, people), (scenario, scenarios), (mood, moods) = map(_numbered, (self.person, self.scenario, self.mood))
        group = np.array(self.group, dtype=np.int64)
        order = np.lexsort((scenario, person, group))
        value, sessions = np.array(self.value, dtype=np.float64), np.array(self.sessions, dtype=np.int64)
        return Rows(group, person, scenario, mood, value, sessions, people, scenarios, moods).where(order)


Versions = Mapping[str, Mapping[str, Rows]]
"""Rows by dimension (the core ones first, then by id), then by version of the rater."""


def by_version(cells: Iterable[tuple[int, Iterable[Cell]]]) -> Versions:
    """The rows of all cells, each group of people with its number."""
    found: dict[tuple[str, str], _Columns] = defaultdict(_Columns)
    for group, own in cells:
        for cell in own:
            add = found[cell.dimension, cell.rater].add
            add(group, cell.person, cell.scenario, cell.mood, cell.total / cell.sessions, cell.sessions)
    versions: defaultdict[str, dict[str, Rows]] = defaultdict(dict)
    for dimension, rater in sorted(found, key=lambda about: (order(about[0]), about[1])):
        versions[dimension][rater] = found[dimension, rater].rows()
    return versions


def order(dimension: str) -> tuple[int, str]:
    """What dimensions are sorted by: the core ones in their order, then the others by id."""
    place = CORE_DIMENSIONS.index(dimension) if dimension in CORE_DIMENSIONS else len(CORE_DIMENSIONS)
    return place, dimension


def times(contacts: Iterable[tuple[int, Iterable[Contacts]]]) -> Rows:
    """Mean handle times in seconds, where some were known, each group of people with its number."""
    return Rows.of(
        (group, one.person, one.scenario, one.mood, one.seconds / one.timed, one.timed)
        for group, own in contacts
        for one in own
        if one.timed
    )


def _numbered(names: Iterable[str]) -> tuple[Whole, tuple[str, ...]]:
    """Each name's place among all of them, sorted, from 0; and the names by place."""
    given = list(names)
    every = sorted(set(given))
    places = {name: place for place, name in enumerate(every)}
    return np.array([places[name] for name in given], dtype=np.int64), tuple(map(str, every))
