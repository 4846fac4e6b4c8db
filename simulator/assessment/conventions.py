"""Conventions of the rating guide that hold whatever the heads make of a reply.

Apart from the rater, which sees a reply and not the scenario: what its policy forbids is known where the two meet.
"""

from collections.abc import Collection

from simulator.vocabulary import CriticalCode, Rating, SignalName

CEILINGS: tuple[tuple[str, float, CriticalCode | SignalName], ...] = (
    ("ownership", 3.0, CriticalCode.BREAKS_POLICY),
    ("ownership", 1.0, CriticalCode.ABANDONS),
    ("empathy", 1.0, CriticalCode.INSULTS),
    ("active_listening", 2.0, SignalName.PARROTS),
)
"""Dimension, highest level, what was seen."""

_OWNERSHIP = "ownership"
_FORBIDDEN = next(int(most) for _, most, fault in CEILINGS if fault is CriticalCode.BREAKS_POLICY)


def kept_to_policy(rating: Rating, seen: Collection[CriticalCode]) -> Rating:
    """The same rating, with no more ownership than a promise may earn that the scenario's policy forbids.

    Args:
        rating: The rater's, which cannot know what a scenario forbids.
        seen: The critical errors of the reply, by the scenario, too.
    """
    level, expected = rating.levels.get(_OWNERSHIP), rating.expected.get(_OWNERSHIP)
    if CriticalCode.BREAKS_POLICY not in seen or level is None or expected is None or expected <= _FORBIDDEN:
        return rating
    lowered = level > _FORBIDDEN
    return rating.model_copy(
        update={
            "levels": rating.levels | {_OWNERSHIP: min(level, _FORBIDDEN)},
            "expected": rating.expected | {_OWNERSHIP: float(_FORBIDDEN)},
            "evidence": tuple(one for one in rating.evidence if not lowered or one.dimension != _OWNERSHIP),
        }
    )
