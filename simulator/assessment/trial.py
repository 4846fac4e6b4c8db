"""A judge on trial: the same rated replies judged and rated, and how far each agrees with the panel.

Apart from the judge because whoever judges must not say how well, and from `qualification`, which says what follows.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from simulator.assessment import judge
from simulator.assessment.agreement import Agreement, agreement
from simulator.assessment.gold import GoldReply, held_back
from simulator.assessment.judge import Cuts
from simulator.content.rubric import Dimension
from simulator.ports import Asker, Rater
from simulator.vocabulary import Level, Value

FEWEST = 20
"""Replies with a level from panel, judge and rater below which a dimension is not measured."""
_SEED = 3


class Figures(Value):
    """Judge and rater on the same replies of one dimension."""

    judge: Agreement
    """With the panel."""
    rater: Agreement
    """With the panel."""
    cuts: Cuts
    """Fitted on all of the replies: what the judge would go by."""


class Measured(Value):
    """What was found about one dimension."""

    dimension: str
    n: int
    """Replies with a level from panel, judge and rater."""
    figures: Figures | None
    """None where they were fewer than FEWEST."""

    @property
    def may_judge(self) -> bool:
        """Whether the judge agrees with the panel at least as well as the rater, both to two decimals as shown."""
        found = self.figures
        return found is not None and round(found.judge.kappa.value, 2) >= round(found.rater.kappa.value, 2)


def sample(replies: Iterable[GoldReply], count: int) -> tuple[GoldReply, ...]:
    """So many of the replies that the embedded rater was not fitted on, or all; the same ones each time."""
    pool = sorted((reply for reply in replies if held_back(reply.context)), key=lambda reply: reply.id)
    return tuple(random.Random(_SEED).sample(pool, min(count, len(pool))))


@dataclass(frozen=True)
class _Trial:
    reply: GoldReply
    balances: Mapping[str, float | None]
    rated: Mapping[str, Level | None]


async def measure(
    asker: Asker,
    rater: Rater,
    dimensions: Sequence[Dimension],
    replies: Sequence[GoldReply],
    progress: Callable[[int], object] = lambda _done: None,
) -> tuple[Measured, ...]:
    """Judge and rate the same replies, and lay both beside the panel's levels.

    Contexts are parted into two halves. Cuts fitted on one half give the levels of the other, so that no level is
    measured by cuts its own context had a part in.

    Args:
        asker: The model to be measured.
        rater: The embedded rater.
        dimensions: With their checks.
        replies: From `sample`.
        progress: Told how many replies are done.

    Raises:
        ModelError: a model failed.
    """
    trials = []
    for done, reply in enumerate(replies, start=1):
        found = await judge.answers(asker, dimensions, reply.exchange)
        balances = {
            one.id: None if (given := found[one.id]) is None else judge.balance(one, given) for one in dimensions
        }
        trials.append(_Trial(reply, balances, (await rater.rate(reply.exchange)).levels))
        progress(done)
    return tuple(_measured(one.id, trials) for one in dimensions)


@dataclass(frozen=True)
class _Row:
    context: str
    balance: float
    rated: Level
    panel: Level


def _measured(dimension: str, trials: Sequence[_Trial]) -> Measured:
    rows = list(_rows(dimension, trials))
    contexts = list(dict.fromkeys(row.context for row in rows))
    halves = [contexts.index(row.context) % 2 for row in rows]
    if len(rows) < FEWEST or len(set(halves)) < 2:
        return Measured(dimension=dimension, n=len(rows), figures=None)
    cuts = [_fitted([row for row, half in zip(rows, halves, strict=True) if half != own]) for own in (0, 1)]
    judged = [judge.level(row.balance, cuts[half]) for row, half in zip(rows, halves, strict=True)]
    ours = agreement([(level, row.panel) for level, row in zip(judged, rows, strict=True)], [r.context for r in rows])
    theirs = agreement([(row.rated, row.panel) for row in rows], [row.context for row in rows])
    assert ours is not None, "every row has both levels"
    assert theirs is not None, "every row has both levels"
    return Measured(dimension=dimension, n=len(rows), figures=Figures(judge=ours, rater=theirs, cuts=_fitted(rows)))


def _rows(dimension: str, trials: Iterable[_Trial]) -> Iterable[_Row]:
    """The replies that panel, judge and rater all gave a level."""
    for trial in trials:
        balanced, rated = trial.balances[dimension], trial.rated.get(dimension)
        panel = trial.reply.consensus.get(dimension)
        if balanced is not None and rated is not None and panel is not None:
            yield _Row(trial.reply.context, balanced, rated, panel)


def _fitted(rows: Sequence[_Row]) -> Cuts:
    return judge.fitted([row.balance for row in rows], [row.panel for row in rows])
