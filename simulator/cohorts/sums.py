"""What comparing needs of a cohort: sums by person and scenario, small enough to be read at once for 20,000 sessions.

Apart from the records because the store keeps these sums at ingest, and sessions are only read for learning curves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from simulator.cohorts.records import Cell, SessionRecord
from simulator.vocabulary import Mood


@dataclass(frozen=True, slots=True)
class Contacts:
    """The sessions of one person in one scenario, whatever dimensions they have. What was not recorded is not in it."""

    person: str
    scenario: str
    mood: Mood
    sessions: int
    """1 or more."""
    timed: int
    """Sessions whose handle time is known."""
    seconds: float
    """Sum of their handle times."""
    copilot_recorded: int
    """Sessions of which it is known whether a copilot was used."""
    copilot_used: int
    handed_on: int
    """Sessions that were handed on, and judged for it."""
    handed_on_well: int


@dataclass(frozen=True)
class CohortSums:
    """One cohort as comparing sees it."""

    name: str
    people: tuple[str, ...]
    """Everybody in it, also those without a session."""
    cells: tuple[Cell, ...] = ()
    """One for each person, scenario, dimension and version of the rater; those of others are ignored."""
    contacts: tuple[Contacts, ...] = ()
    """One for each person and scenario."""


def sums_of(name: str, people: Sequence[str], records: Iterable[SessionRecord]) -> CohortSums:
    """The sums of a cohort, made from its sessions: what a store would have kept.

    Args:
        name: Of the cohort.
        people: Everybody in it; sessions of others are passed over.
        records: Finished sessions, each once, in any order.
    """
    members = frozenset(people)
    own = [record for record in records if record.person in members]
    return CohortSums(name=name, people=tuple(people), cells=tuple(cells_of(own)), contacts=tuple(contacts_of(own)))


def cells_of(records: Iterable[SessionRecord]) -> Iterator[Cell]:
    """Sums of session means by person, scenario, dimension and version of the rater, in the order they first occur.

    A scenario's mood and difficulty are those of its first session.
    """
    found: defaultdict[tuple[str, str, str, str], list[tuple[float, int]]] = defaultdict(list)
    first: dict[str, SessionRecord] = {}
    for record in records:
        first.setdefault(record.scenario, record)
        for score in record.scores:
            key = (record.person, record.scenario, score.dimension, score.rater)
            found[key].append((score.mean, score.replies))
    for (person, scenario, dimension, rater), scores in found.items():
        yield Cell(
            person=person,
            scenario=scenario,
            mood=first[scenario].mood,
            difficulty=first[scenario].difficulty,
            dimension=dimension,
            rater=rater,
            sessions=len(scores),
            total=sum(mean for mean, _ in scores),
            squares=sum(mean * mean for mean, _ in scores),
            replies=sum(replies for _, replies in scores),
        )


def contacts_of(records: Iterable[SessionRecord]) -> Iterator[Contacts]:
    """Sums of what was recorded besides levels, by person and scenario, in the order they first occur."""
    found: defaultdict[tuple[str, str], list[SessionRecord]] = defaultdict(list)
    for record in records:
        found[record.person, record.scenario].append(record)
    for (person, scenario), own in found.items():
        times = [record.handle_seconds for record in own if record.handle_seconds is not None]
        yield Contacts(
            person=person,
            scenario=scenario,
            mood=own[0].mood,
            sessions=len(own),
            timed=len(times),
            seconds=sum(times),
            copilot_recorded=sum(record.copilot is not None for record in own),
            copilot_used=sum(record.copilot is True for record in own),
            handed_on=sum(record.handoff is not None for record in own),
            handed_on_well=sum(record.handoff is True for record in own),
        )
