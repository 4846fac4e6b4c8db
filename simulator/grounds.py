"""What the levels of one reply rest on and fall short of: levels no words explain, by rules, and checks not met.

Apart from the debrief, which gathers, and from `scores`, which counts checks over a whole contact.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from simulator.assessment import checks
from simulator.content.rubric import Check, Dimension
from simulator.scores import shown
from simulator.session import Turn
from simulator.vocabulary import Evidence, Level, Rating, SignalName, Value


def unexplained(turn: Turn, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Ids of the dimensions whose level the rater gave to the reply as a whole: no quoted words show why.

    A level that a person revised is explained by the reason they gave, and one that rules gave by its rule (see
    `by_rule`), so they are left out.

    Args:
        turn: A turn of the trainee.
        evidence: What is quoted for it.
    """
    quoted = {one.dimension for one in evidence} | (turn.rating.rules.keys() if turn.rating else set())
    given = _levels(turn.rated.rating if turn.rated else None)
    for name, level in _levels(turn.rating).items():
        if level is not None and name not in quoted and given.get(name) == level:
            yield name


class RuledLevel(Value):
    """A level that a rule of the rubric gave, and the answers it rests on."""

    dimension: str
    """The dimension's name."""
    level: Level
    """The level, 1 to 5."""
    yes: tuple[str, ...]
    """The rubric's questions that were answered with yes, as the rule asks."""
    no: tuple[str, ...]
    """Those that were answered with no, as the rule asks."""


def by_rule(turn: Turn, dimensions: Iterable[Dimension]) -> Iterator[RuledLevel]:
    """The levels that rules gave to a reply, each with the answers it rests on.

    A level that a person revised is explained by the reason they gave, so it is left out.

    Args:
        turn: A turn of the trainee.
        dimensions: Of the rubric it was rated by.
    """
    signals = list(shown(turn))
    rating = turn.rated.rating if turn.rated else None
    for dimension in dimensions:
        level = _levels(turn.rating).get(dimension.id)
        if rating is None or dimension.id not in rating.rules or level is None:
            continue
        if level == rating.levels[dimension.id] == checks.level(dimension, signals):
            rests = checks.grounds(dimension, signals)
            yes, no = (tuple(check.question for check in part) for part in (rests.yes, rests.no))
            yield RuledLevel(dimension=dimension.name, level=level, yes=yes, no=no)


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
