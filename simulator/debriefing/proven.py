"""Puts the lines that could have been said to the rater, so that a debrief shows only one that scores higher.

Apart from `stronger`, which finds lines without a model, and from the debrief, which is pure: whoever has a rater at
hand asks it first, and hands the debrief what it said.
"""

from collections.abc import Iterator, Sequence

from simulator.assessment.average import weighted_mean
from simulator.content.material import Material
from simulator.debriefing.named import named
from simulator.debriefing.scores import DimensionScore, dimension_scores
from simulator.debriefing.stronger import DimensionPair, LineScore, StrongerLine, stronger_lines
from simulator.errors import ModelError
from simulator.in_context import exchange
from simulator.ports import Rater
from simulator.session import Session
from simulator.vocabulary import Rating, Value

GAIN = 0.3
"""A line is shown only where it scores higher by so much of a level: less is within what the rater is unsure of."""
LOSS = 0.5
"""A line that lowers any dimension by more than this is no stronger one."""
MOST = 5
"""So many lines are put to the rater at most; each takes it about as long as a reply."""


NONE_FITS = "No stronger line is shown: none that was written for this scenario fits a weak reply of this contact."
"""What is said where replies were rated and no line was found to try."""


class LineRating(Value):
    """What the rater made of one line."""

    line: str
    """The line, as `StrongerLine.text` has it."""
    rating: Rating


class LinesRated(Value):
    """What a rater made of the weakest reply and of the lines that could have been said there."""

    reply: Rating | None = None
    """Levels of the reply; None where nothing was rated."""
    lines: tuple[LineRating, ...] = ()
    """Levels of the lines, in the order they were tried."""
    unrated: str | None = None
    """Why they could not be scored, as a sentence; None where they were, or there was none."""


NOTHING_RATED = LinesRated(unrated="No rater was at hand.")
"""For a debrief without models."""


async def rate_lines(session: Session, material: Material, rater: Rater | None) -> LinesRated:
    """Ask the rater about the lines for the weakest reply, the most fitting first, until one scores higher.

    Args:
        session: Finished or not, its replies rated.
        material: With the slots of this session.
        rater: None where there is none.
    """
    if rater is None:
        return NOTHING_RATED
    scores = dimension_scores(session, material)
    lines = stronger_lines(named(session), material, scores)[:MOST]
    try:
        return await _rated(session, material, rater, scores, lines) if lines else LinesRated()
    except ModelError as error:
        return LinesRated(unrated=str(error))


def proven_line(
    lines: Sequence[StrongerLine], scores: Sequence[DimensionScore], rated: LinesRated
) -> tuple[StrongerLine | None, str | None]:
    """The first line that clearly scores higher than the reply, with its score; else why none of those found is shown.

    Args:
        lines: For the weakest reply, the most fitting first.
        scores: Every dimension of the session.
        rated: What the rater said of reply and lines.
    """
    if not lines:
        return None, NONE_FITS if any(score.turns for score in scores) else None
    found = {one.line: one.rating for one in rated.lines}
    for line in lines:
        score = _compared(rated.reply, found.get(line.text), scores)
        if _is_higher(score):
            return line.model_copy(update={"scored": score}), None
    where = f"No stronger line is shown for turn {lines[0].turn}"
    if not rated.lines:
        return None, f"{where}, as none could be scored. {rated.unrated or ''}".rstrip()
    count = len(rated.lines)
    tried = "the one line tried has not" if count == 1 else f"none of the {count} lines tried has"
    return None, f"{where}: {tried} clearly scored higher than the reply."


def _is_higher(score: LineScore | None) -> bool:
    """Clearly, and at the cost of no dimension."""
    if score is None or any(part.line < part.reply - LOSS for part in score.parts):
        return False
    return round(score.line - score.reply, 1) >= GAIN


async def _rated(
    session: Session,
    material: Material,
    rater: Rater,
    scores: Sequence[DimensionScore],
    lines: Sequence[StrongerLine],
) -> LinesRated:
    turn = lines[0].turn
    before = session.model_copy(update={"turns": session.turns[:turn]})
    given = session.turns[turn].rating
    if given is None or given.rater != rater.version:
        given = await rater.rate(exchange(before, material, lines[0].reply), turn)
    rated: list[LineRating] = []
    for line in lines:
        rating = await rater.rate(exchange(before, material, line.words), turn)
        rated.append(LineRating(line=line.text, rating=rating))
        score = _compared(given, rating, scores)
        if _is_higher(score):
            break
    return LinesRated(reply=given, lines=tuple(rated))


def _compared(reply: Rating | None, line: Rating | None, scores: Sequence[DimensionScore]) -> LineScore | None:
    """Both by the dimensions for which both have a level; None where there is no such."""
    if reply is None or line is None:
        return None
    parts = tuple(_pairs(reply, line, scores))
    weights = {score.name: score.weight for score in scores}
    means = [
        weighted_mean((weights[part.dimension], level) for part, level in zip(parts, levels, strict=True))
        for levels in ([part.reply for part in parts], [part.line for part in parts])
    ]
    if means[0] is None or means[1] is None:
        return None
    return LineScore(rater=line.rater, reply=round(means[0], 1), line=round(means[1], 1), parts=parts)


def _pairs(reply: Rating, line: Rating, scores: Sequence[DimensionScore]) -> Iterator[DimensionPair]:
    for score in scores:
        was, would_be = reply.expected.get(score.id), line.expected.get(score.id)
        if was is not None and would_be is not None:
            levels = {"reply": round(was, 1), "line": round(would_be, 1)}
            yield DimensionPair(dimension=score.name, mark=score.mark, **levels)
