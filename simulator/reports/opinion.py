"""How a judge's levels are said: beside those that count, with who gave them and how far they are to be believed.

Apart from the other phrases because only a session that was judged needs them.
"""

from collections.abc import Iterator

from simulator.debriefing.debrief import Debrief
from simulator.debriefing.opinion import Judged, Opinion
from simulator.debriefing.reviews import TurnReview
from simulator.debriefing.scores import DimensionScore
from simulator.reports.phrases import SHOWN
from simulator.reports.printing import in_words, printable


def judged_by_turn(debrief: Debrief, score: DimensionScore) -> list[str]:
    """What a judge gave on one dimension, reply by reply, in one sentence; empty where no judge did."""
    given = debrief.opinion
    if given is None or score.id not in given.agreement:
        return []
    agreed = given.agreement[score.id]
    replies = [review.turn for review in debrief.reviews if review.reply is not None]
    levels = ", ".join(f"turn {turn}: {_level(given, turn, score.id)}" for turn in replies)
    return [
        f"Judged by {printable(given.model)}, which counts in no score (agreement with a panel of language models: "
        f"kappa {agreed.judge:.2f}, the rater's {agreed.rater:.2f}, on {agreed.n} replies): {levels}."
    ]


def judged_of(debrief: Debrief, review: TurnReview) -> list[str]:
    """What a judge gave one reply, and the words it rests on, in one sentence; empty where no judge did."""
    given = debrief.opinion
    judged = given.of(review.turn) if given else None
    if given is None or judged is None:
        return []
    names = {score.id: score.name for score in debrief.dimensions}
    levels = ", ".join(
        f"{names.get(dimension, in_words(dimension))} {'no room for it here' if level is None else f'{level} of 5'}"
        for dimension, level in judged.levels.items()
    )
    quotes = "; ".join(_quotes(judged))
    return [f"Judged by {printable(given.model)}: {levels}{f' ({quotes})' if quotes else ''}."]


def _level(given: Opinion, turn: int, dimension: str) -> str:
    judged = given.of(turn)
    if judged is None:
        return "judging failed" if turn in given.failed else "not judged"
    level = judged.levels.get(dimension)
    return "no room" if level is None else str(level)


def _quotes(judged: Judged) -> Iterator[str]:
    for quote in dict.fromkeys(each.quote for each in judged.evidence):
        seen = dict.fromkeys(SHOWN[each.signal] for each in judged.evidence if each.quote == quote)
        yield f"“{printable(quote)}”: {', '.join(seen)}"
