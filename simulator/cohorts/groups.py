"""What is known of one cohort's people on one thing: how many, their mean, their spread, how often something was so.

Apart because comparisons and reports say it in the same figures.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from simulator.cohorts.figures import Group, Share
from simulator.cohorts.levels import Floats, Rows
from simulator.cohorts.regression import mean_of
from simulator.cohorts.sums import Contacts


class Scale(NamedTuple):
    """Where what is measured begins and ends; intervals end there too."""

    lowest: float
    highest: float

    def within(self, value: float) -> float:
        """The value, or the end it lies beyond."""
        return min(self.highest, max(self.lowest, value))


LEVELS = Scale(1.0, 5.0)
SECONDS = Scale(0.0, float("inf"))
SHARES = Scale(0.0, 1.0)


def group_of(rows: Rows, scale: Scale = LEVELS) -> Group:
    """The people of these rows.

    Args:
        rows: Of one cohort.
        scale: Of what is measured.
    """
    return group_of_means(rows.means(), int(rows.sessions.sum()), scale)


def group_of_means(means: Floats, sessions: int, scale: Scale) -> Group:
    """A group from its people's means, one each, and the sessions behind all of them."""
    if not len(means):
        return Group(people=0, sessions=0, mean=None, spread=None, interval=None)
    found = mean_of(means)
    return Group(
        people=len(means),
        sessions=sessions,
        mean=found.value,
        spread=float(means.std(ddof=1)) if len(means) > 1 else None,
        interval=found.interval(*scale),
    )


def copilot_share(contacts: Iterable[Contacts]) -> Share:
    """How often a copilot was used, where that was recorded."""
    return _share(contacts, lambda one: (one.copilot_recorded, one.copilot_used))


def handoff_share(contacts: Iterable[Contacts]) -> Share:
    """How often a contact that was handed on went with everything the next person needs."""
    return _share(contacts, lambda one: (one.handed_on, one.handed_on_well))


def _share(contacts: Iterable[Contacts], counts: Callable[[Contacts], tuple[int, int]]) -> Share:
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in contacts:
        of, so = counts(one)
        found[one.person][0] += of
        found[one.person][1] += so
    known = [(of, so) for of, so in found.values() if of]
    group = group_of_means(np.array([so / of for of, so in known]), sum(of for of, _ in known), SHARES)
    return Share(people=group.people, recorded=group.sessions, share=group.mean, interval=group.interval)
