"""The mean level of a conversation on one dimension, with recovery: the same for a session and for a transcript.

Apart from the rater, which knows one reply at a time, and from `scores`, which need a session.
"""

from collections.abc import Iterable, Sequence

from simulator.assessment.certainty import Interval, RaterError, Unknown, interval
from simulator.vocabulary import Value

SOUND = 3.0
"""A reply below this expected level is a slip."""

RECOVERED = 3.5
"""From this expected level on (level 4), the next rated reply has put a slip right."""

RULE = (
    "Where the next rated reply on a dimension is at level 4 or 5, a reply below 3 counts as only half as far below 3: "
    "a slip that is put right costs less."
)
"""Recovery in words, for whoever reads a mean."""


class Average(Value):
    """A mean of levels with what it rests on."""

    mean: float
    """1 to 5, slips that were put right counted as `counted` has it."""
    n: int
    """How many replies have a level."""
    recovered: tuple[int, ...]
    """Which of them, counted from 0, are slips that were put right."""
    interval: Interval
    """The 95 % interval around the mean, or why there is none."""


def counted(levels: Sequence[float]) -> tuple[float, ...]:
    """Expected levels as they count: a slip that the next reply put right, halfway up to 3.

    For a level x below 3 whose successor is at least 3.5: (x + 3) / 2; for any other: x. So a better reply never lowers
    a mean, which it could if a slip merely weighed less.

    Args:
        levels: Expected levels on one dimension, 1 to 5, in the order of the replies; those without a level left out.
    """
    slips = frozenset(recovered(levels))
    return tuple((level + SOUND) / 2 if at in slips else level for at, level in enumerate(levels))


def recovered(levels: Sequence[float]) -> tuple[int, ...]:
    """Places of the slips that the next reply put right, counted from 0."""
    return tuple(at for at, after in enumerate(levels[1:]) if levels[at] < SOUND and after >= RECOVERED)


def average(levels: Sequence[float], error: RaterError | Unknown) -> Average | None:
    """The mean of a dimension with its interval; None where no reply has a level.

    Args:
        levels: As for `counted`.
        error: Of the rater that gave them.
    """
    if not levels:
        return None
    counts = counted(levels)
    mean = sum(counts) / len(counts)
    return Average(mean=mean, n=len(counts), recovered=recovered(levels), interval=interval(counts, error))


def weighted_mean(parts: Iterable[tuple[float, float]]) -> float | None:
    """The mean of numbers, each with its weight; None where no weight is above 0.

    Args:
        parts: Weight and number of each.
    """
    given = list(parts)
    total = sum(weight for weight, _ in given)
    return sum(weight * number for weight, number in given) / total if total else None
