"""One cohort: who has done what, how levels lie, and how they go with practice.

Apart from comparing, because nothing but the learning curve is adjusted here: these are the levels as they were given.
No composite, and people stand in the order of their names.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import sqrt

import numpy as np

from simulator.assessment.certainty import Reliability
from simulator.cohorts import cautions
from simulator.cohorts.curves import attempts_of, curve
from simulator.cohorts.figures import (
    Bin,
    CohortReport,
    Curve,
    DimensionReport,
    PersonFigure,
    PersonRow,
    Slice,
    Standing,
)
from simulator.cohorts.groups import LEVELS, SECONDS, copilot_share, group_of, handoff_share
from simulator.cohorts.levels import FIRST, Floats, Rows, by_version, order, times
from simulator.cohorts.records import Cell, SessionRecord
from simulator.cohorts.regression import Estimate
from simulator.cohorts.reliance import standing_of
from simulator.cohorts.sums import CohortSums, Contacts
from simulator.standing import Calibration

BIN = 0.5
"""Width of a bin of the distribution, in levels."""

FEWEST_FOR_QUARTILES = 4
"""Of fewer people no quartiles are given."""


def report(
    cohort: CohortSums,
    records: Iterable[SessionRecord],
    *,
    calibrations: Sequence[Calibration] = (),
    reliability: Reliability | None = None,
) -> CohortReport:
    """One cohort.

    Args:
        cohort: Its people and their sums.
        records: Their sessions, each once, in any order, read once: for the learning curves. Others are passed over.
        calibrations: From `simulator calibrate`.
        reliability: What is published about the rater; None: what ships with this version of the program.
    """
    members = {*cohort.people}
    cells = [cell for cell in cohort.cells if cell.person in members]
    contacts = [one for one in cohort.contacts if one.person in members]
    attempts = attempts_of(record for record in records if record.person in members)
    dimensions = [
        _dimension(
            (name, rater),
            standing_of(name, rater, calibrations, reliability),
            rows,
            curve(attempts.get((name, rater), ())),
        )
        for name, versions in by_version([(FIRST, cells)]).items()
        for rater, rows in versions.items()
    ]
    return CohortReport(
        name=cohort.name,
        people=tuple(_people(cohort.people, cells, contacts)),
        dimensions=tuple(dimensions),
        handle_time=group_of(times([(FIRST, contacts)]), SECONDS),
        copilot=copilot_share(contacts),
        handoff=handoff_share(contacts),
        left_out=tuple(cautions.left_out([cohort])),
        caveats=cautions.of_report(dimensions),
    )


def _dimension(about: tuple[str, str], standing: Standing, rows: Rows, learned: Curve) -> DimensionReport:
    means = rows.means()
    quartiles = np.quantile(means, (0.25, 0.5, 0.75)).tolist() if len(means) >= FEWEST_FOR_QUARTILES else None
    return DimensionReport(
        dimension=about[0],
        rater=about[1],
        standing=standing,
        levels=group_of(rows),
        quartiles=tuple(quartiles) if quartiles else None,
        distribution=tuple(_distribution(means)),
        moods=_slices(rows.by_mood()),
        scenarios=_slices(rows.by_scenario()),
        curve=learned,
    )


def _distribution(means: Floats) -> Iterator[Bin]:
    edges = np.arange(LEVELS.lowest, LEVELS.highest + BIN / 2, BIN)
    for low, high, count in zip(edges, edges[1:], np.histogram(means, edges)[0], strict=False):
        yield Bin(low=float(low), high=float(high), people=int(count))


def _slices(parts: Iterable[tuple[str, Rows]]) -> tuple[Slice, ...]:
    return tuple(Slice(name=name, levels=group_of(rows)) for name, rows in parts)


def _people(people: Iterable[str], cells: Iterable[Cell], contacts: Iterable[Contacts]) -> Iterator[PersonRow]:
    scored: defaultdict[str, defaultdict[tuple[str, str], list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        scored[cell.person][cell.dimension, cell.rater].append(cell)
    met: defaultdict[str, list[Contacts]] = defaultdict(list)
    for one in contacts:
        met[one.person].append(one)
    for person in sorted({*people}, key=lambda name: (name.casefold(), name)):
        own, timed = met[person], sum(one.timed for one in met[person])
        figures = scored[person]
        yield PersonRow(
            person=person,
            sessions=sum(one.sessions for one in own),
            scenarios=len({one.scenario for one in own}),
            figures=tuple(_figure(about, figures[about]) for about in sorted(figures, key=_by_dimension)),
            handle_seconds=sum(one.seconds for one in own) / timed if timed else None,
        )


def _by_dimension(about: tuple[str, str]) -> tuple[tuple[int, str], str]:
    return order(about[0]), about[1]


def _figure(about: tuple[str, str], cells: Sequence[Cell]) -> PersonFigure:
    sessions = sum(cell.sessions for cell in cells)
    mean = sum(cell.total for cell in cells) / sessions
    squares = sum(cell.squares for cell in cells) - sessions * mean**2
    error = sqrt(max(0.0, squares) / (sessions - 1) / sessions) if sessions > 1 else 0.0
    interval = Estimate(mean, error, sessions - 1).interval(*LEVELS) if error > _ROUNDING else None
    why = None if interval else "One session shows no spread." if sessions == 1 else "All sessions have the same level."
    return PersonFigure(
        dimension=about[0], rater=about[1], sessions=sessions, mean=LEVELS.within(mean), interval=interval, why=why
    )


_ROUNDING = 1e-6
"""What a sum of squares less its mean's may come to where there is no spread at all."""
