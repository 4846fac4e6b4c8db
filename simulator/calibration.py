"""A calibration: which replies a trainer rates blind, and how their levels, the rater's and the panel's agree.

Pure, and apart from the dialogue in which the ratings are given (`calibrating`) and from what comes of it (`standing`).
"""

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from simulator.assessment.agreement import Agreement, Pair, agreement
from simulator.assessment.gold import GoldReply, Judgement
from simulator.standing import Calibration
from simulator.vocabulary import Level, Rating, Value

LEAST = 10
"""With fewer replies that both gave a level, kappa tells nothing, and no result is kept."""

Levels = Mapping[str, Level | None]
"""By dimension id; None: no room. A dimension that was not rated is absent."""


class SideBySide(Value):
    """One reply with the levels of all three."""

    reply: GoldReply
    own: dict[str, Level | None]
    rater: dict[str, Level | None]

    @property
    def panel(self) -> Levels:
        """The panel's levels; of a contested reply the revised ones."""
        return self.reply.consensus


class Comparison(Value):
    """How the three agree on one dimension; None where they have no reply with a level in common."""

    dimension: str
    own_panel: Agreement | None
    own_rater: Agreement | None
    rater_panel: Agreement | None

    @property
    def tells(self) -> bool:
        """Whether there are enough replies to judge the rater by."""
        return self.own_rater is not None and self.own_rater.n >= LEAST


def given(judgements: Iterable[Judgement], rubric: str, by: str) -> dict[str, dict[str, Level | None]]:
    """One person's levels, by reply and dimension; of two about the same the later."""
    levels: dict[str, dict[str, Level | None]] = {}
    for one in judgements:
        if (one.rubric, one.by) == (rubric, by):
            levels.setdefault(one.reply, {})[one.dimension] = one.level
    return levels


def drawn(
    pool: Iterable[GoldReply], dimensions: Collection[str], count: int, seed: int, begun: Collection[str] = ()
) -> tuple[GoldReply, ...]:
    """So many replies of the pool, spread over all levels of all dimensions, from as many contexts as can be.

    One after the other the reply is taken whose levels are rarest among those taken, so that a longer draw begins with
    the shorter one. All there are, where the pool has fewer.

    Args:
        pool: With the panel's levels.
        dimensions: Ids of those to spread over.
        count: How many.
        seed: Decides among equals.
        begun: Ids of replies that are in the draw whatever their levels, as they are rated already.
    """
    rest = sorted(pool, key=lambda reply: reply.id)
    random.Random(seed).shuffle(rest)
    taken = [reply for reply in rest if reply.id in begun]
    rest = [reply for reply in rest if reply.id not in begun]
    seen = Counter(place for reply in taken for place in _places(reply, dimensions))
    contexts = Counter(reply.context for reply in taken)
    while rest and len(taken) < count:
        best = min(rest, key=lambda reply: (contexts[reply.context], -_rarity(reply, dimensions, seen)))
        rest.remove(best)
        taken.append(best)
        seen.update(_places(best, dimensions))
        contexts[best.context] += 1
    return tuple(taken)


def side_by_side(
    pool: Iterable[GoldReply], own: Mapping[str, Levels], ratings: Mapping[str, Rating]
) -> tuple[SideBySide, ...]:
    """Every reply that the person rated, in the pool's order; replies that left the pool are left out.

    Args:
        pool: With the panel's levels.
        own: The person's levels, by reply.
        ratings: The rater's, by reply.
    """
    return tuple(
        SideBySide(reply=reply, own=dict(own[reply.id]), rater=ratings[reply.id].levels)
        for reply in pool
        if reply.id in own and reply.id in ratings
    )


def compared(rows: Sequence[SideBySide], dimension: str) -> Comparison:
    """How the three agree on one dimension over the replies that two of them rated."""
    own, rater, panel = ([getattr(row, who) for row in rows] for who in ("own", "rater", "panel"))
    groups = [row.reply.context for row in rows]
    return Comparison(
        dimension=dimension,
        own_panel=_agreement(own, panel, dimension, groups),
        own_rater=_agreement(own, rater, dimension, groups),
        rater_panel=_agreement(rater, panel, dimension, groups),
    )


def calibrations(
    comparisons: Iterable[Comparison], rubric: str, rater: str, target: float, at: datetime, by: str
) -> tuple[Calibration, ...]:
    """What is kept of a calibration: one result for each dimension that enough replies tell of."""
    return tuple(
        Calibration(
            rubric=rubric,
            rater=rater,
            dimension=one.dimension,
            n=one.own_rater.n,
            kappa=one.own_rater.kappa.value,
            low=one.own_rater.kappa.low,
            high=one.own_rater.kappa.high,
            target=target,
            at=at,
            by=by,
        )
        for one in comparisons
        if one.tells and one.own_rater is not None
    )


def _places(reply: GoldReply, dimensions: Collection[str]) -> list[tuple[str, Level | None]]:
    return [(name, reply.consensus[name]) for name in dimensions if name in reply.consensus]


def _rarity(reply: GoldReply, dimensions: Collection[str], seen: Counter[tuple[str, Level | None]]) -> float:
    """How much a reply adds; one without room tells kappa nothing, and is still worth a look now and then."""
    return sum((0.3 if level is None else 1.0) / (1 + seen[name, level]) for name, level in _places(reply, dimensions))


def _agreement(ours: list[Levels], theirs: list[Levels], dimension: str, groups: list[str]) -> Agreement | None:
    both = [at for at in range(len(ours)) if dimension in ours[at] and dimension in theirs[at]]
    pairs: list[Pair] = [(ours[at][dimension], theirs[at][dimension]) for at in both]
    return agreement(pairs, [groups[at] for at in both])
