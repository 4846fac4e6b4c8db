"""What a judge made of the replies of a session, beside the levels that count: a second opinion, and what is missing.

Apart from `scores`, into which none of it goes.
"""

from collections.abc import Iterator, Sequence

from simulator.judged import Agreed
from simulator.session import Session, Turn
from simulator.vocabulary import Evidence, Level, Value


class Judged(Value):
    """What a judge made of one reply."""

    turn: int
    """Number of the turn."""
    levels: dict[str, Level | None]
    """By id of the dimensions it judges; None where the moment gave no room."""
    evidence: tuple[Evidence, ...] = ()
    """The sentences the levels rest on, verbatim."""


class Opinion(Value):
    """What a judge made of a session. It counts in no score."""

    model: str
    """The judge's name."""
    version: str
    """Model, questions and rule."""
    agreement: dict[str, Agreed]
    """How far it is to be believed, by id of the dimensions it judges."""
    replies: tuple[Judged, ...]
    """The replies it judged, in order."""
    missing: tuple[int, ...]
    """Turns whose reply it has not come to."""
    failed: tuple[int, ...]
    """Turns whose reply it could not judge."""

    def of(self, turn: int) -> Judged | None:
        """What it made of the reply of a turn; None where it made nothing of it."""
        return next((one for one in self.replies if one.turn == turn), None)


def opinion(session: Session) -> Opinion | None:
    """The second opinion on a session; None where no model judged it."""
    judging = session.started.judging
    if judging is None or judging.version is None:
        return None
    return Opinion(
        model=judging.model,
        version=judging.version,
        agreement=judging.agreement,
        replies=tuple(filter(None, map(_judged, session.turns))),
        missing=unjudged(session),
        failed=tuple(turn.number for turn in session.turns if turn.judged and turn.judged.rating is None),
    )


def unjudged(session: Session) -> tuple[int, ...]:
    """Turns whose reply has not been judged yet, nor tried and failed to be."""
    return tuple(turn.number for turn in session.turns if turn.reply is not None and turn.judged is None)


def on_judging(session: Session) -> Iterator[str]:
    """Whether a model judged the replies, why or why not, and what is missing, in sentences.

    None for a session from before there were judges.
    """
    if session.started.judging is not None:
        yield session.started.judging.says
    given = opinion(session)
    if given and given.missing:
        turns = turns_in_words(given.missing)
        yield f"Not judged: {turns}, as there was no idle time left for it, or another model spoke."
    if given and given.failed:
        yield f"Not judged: {turns_in_words(given.failed)}, as the model failed."


def _judged(turn: Turn) -> Judged | None:
    rating = turn.judged.rating if turn.judged else None
    if rating is None:
        return None
    evidence = tuple(each for each in rating.evidence if each.quote and each.quote in (turn.reply or ""))
    return Judged(turn=turn.number, levels=rating.levels, evidence=evidence)


def turns_in_words(numbers: Sequence[int]) -> str:
    """Numbers of turns as they are said: "turns 2, 3 and 5"."""
    if len(numbers) == 1:
        return f"turn {numbers[0]}"
    return f"turns {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
