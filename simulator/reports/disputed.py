"""How a contested level is said: what was raised, and what came of it. Apart from `phrases`, which says what replies
did: this is what people said about the levels."""

from collections.abc import Mapping

from simulator.contested import Dispute


def contested(names: Mapping[str, str], dispute: Dispute) -> str:
    """A dispute in full, not yet made printable.

    Args:
        names: Of the dimensions, by id.
        dispute: Settled or not.
    """
    return f"{_raised(names, dispute)} {_came_of(names, dispute)}"


def _raised(names: Mapping[str, str], dispute: Dispute) -> str:
    raised = dispute.raised
    what = _name(names, raised.dimension) if raised.dimension else "all levels"
    wish = f", which should be {raised.level}" if raised.level else ""
    return f"Contested ({what}{wish}): “{raised.reason}”"


def _came_of(names: Mapping[str, str], dispute: Dispute) -> str:
    settled = dispute.settled
    if settled is None:
        return "Nobody has settled it yet."
    if not settled.upheld:
        return f"{settled.by} kept the level: “{settled.reason}”"
    now = ", ".join(f"{_name(names, dimension)} {level or 'no room'}" for dimension, level in settled.levels.items())
    return f"{settled.by} upheld it, so that it is now {now}: “{settled.reason}”"


def _name(names: Mapping[str, str], dimension: str) -> str:
    return names.get(dimension, dimension.replace("_", " "))
