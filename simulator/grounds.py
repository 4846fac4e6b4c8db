"""What the levels of one reply rest on and fall short of: levels that no words explain, and checks that were not met.

Apart from the debrief, which gathers, and from `scores`, which counts checks over a whole contact.
"""

from collections.abc import Collection, Iterator, Sequence

from simulator.content.schema import Check, Dimension
from simulator.scores import shown
from simulator.session import Turn
from simulator.vocabulary import Evidence, Rating, SignalName


def unexplained(turn: Turn, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Ids of the dimensions whose level the rater gave to the reply as a whole: no quoted words show why.

    A level that a person revised is explained by the reason they gave, so it is left out.

    Args:
        turn: A turn of the trainee.
        evidence: What is quoted for it.
    """
    quoted = {one.dimension for one in evidence}
    given = _levels(turn.rated.rating if turn.rated else None)
    for name, level in _levels(turn.rating).items():
        if level is not None and name not in quoted and given.get(name) == level:
            yield name


def unmet(turn: Turn, dimension: Dimension, fitting: Collection[SignalName]) -> Iterator[Check]:
    """Checks of a dimension to which the answer was no in this reply, where yes is wanted.

    Args:
        turn: A turn with a reply.
        dimension: With its checks.
        fitting: Signals that this scenario has a place for; a check for none of them is held against no reply. Empty:
            the scenario does not say.
    """
    seen = _seen(turn)
    for check in dimension.checks:
        room = not fitting or not set(fitting).isdisjoint(check.signals)
        if check.wanted and room and seen.isdisjoint(check.signals):
            yield check


def spoiling(turn: Turn, dimension: Dimension) -> Iterator[Check]:
    """Checks of a dimension to which the answer was yes in this reply, where no is wanted."""
    seen = _seen(turn)
    return (check for check in dimension.checks if not check.wanted and not seen.isdisjoint(check.signals))


def _seen(turn: Turn) -> frozenset[SignalName]:
    return frozenset(signal.name for signal in shown(turn))


def _levels(rating: Rating | None) -> dict[str, int | None]:
    return rating.levels if rating else {}
