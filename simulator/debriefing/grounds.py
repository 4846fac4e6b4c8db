"""What the levels of one reply rest on and fall short of: quoted words, levels no words explain, by rules, and checks
not met. Apart from the debrief, which gathers, and from `scores`, which counts checks over a whole contact.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from simulator.assessment import checks
from simulator.content.rubric import Check, Dimension
from simulator.customer.hearing import plain, sentences
from simulator.debriefing.answering import asks, may_answer
from simulator.debriefing.bearing import bears
from simulator.debriefing.scores import CheckCount, DimensionScore, shown
from simulator.session import Session, Turn
from simulator.vocabulary import Evidence, Level, Rating, SignalName, Span, Value

_UNKNOWN = 0.7
"""How likely words are taken to show what they are quoted for where only the rater read them so."""


def quoted(session: Session, turn: Turn, told: Turn) -> Iterator[Evidence]:
    """The evidence of a turn whose words bear what they are quoted for.

    Words of the customer are quoted as unanswered only where it is sure: the first question in their line that nothing
    in the reply could answer.

    Args:
        session: The turn is from.
        turn: As it was read.
        told: The same turn with only what its words bear.
    """
    for one in turn.rating.evidence if turn.rating else ():
        if one.speaker == "customer":
            yield from _left_open(session, turn, one)
        elif shows := _shown_by(told, one):
            yield one.model_copy(update={"quote": shows.quote, "start": shows.start, "end": shows.end})
        elif not _shown_by(turn, one) and bears(one.signal, plain(one.quote), _UNKNOWN):
            yield one


def _left_open(session: Session, turn: Turn, one: Evidence) -> Iterator[Evidence]:
    said = session.turns[one.turn].heard_text if one.turn < len(session.turns) else ""
    left = (each for each in sentences(said) if asks(each) and not may_answer(each, turn.reply or ""))
    question = next(left, None)
    if question is not None and (start := said.find(question)) >= 0:
        yield one.model_copy(update={"quote": question, "start": start, "end": start + len(question)})


def _shown_by(turn: Turn, one: Evidence) -> Span | None:
    """The words of a turn that show the same as evidence does, and have it in them or are part of it."""
    spans = (signal.span for signal in shown(turn) if signal.name is one.signal and signal.span)
    return next((span for span in spans if one.quote in span.quote or span.quote in one.quote), None)


def surely(scores: Sequence[DimensionScore], loosely: Sequence[DimensionScore]) -> tuple[DimensionScore, ...]:
    """Dimensions without the wanted checks of which it is not known whether they were met.

    Args:
        scores: Counted where the words show it.
        loosely: The same counted wherever a detector found it likely.
    """
    maybe = {check.id for score in loosely for check in score.checks if check.met}
    return tuple(
        score.model_copy(update={"checks": tuple(check for check in score.checks if _is_known(check, maybe))})
        for score in scores
    )


def _is_known(check: CheckCount, maybe: Collection[str]) -> bool:
    return not check.wanted or check.met > 0 or check.id not in maybe


def met_enough(session: Session, turn: Turn, dimension: Dimension) -> frozenset[str]:
    """Ids of the checks that had been met as often as is enough before a turn, as far as a detector found it likely."""
    past = [_seen(earlier) for earlier in session.turns[: turn.number]]
    return frozenset(
        check.id
        for check in dimension.checks
        if check.enough is not None and sum(not seen.isdisjoint(check.signals) for seen in past) >= check.enough
    )


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
