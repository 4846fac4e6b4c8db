"""Everything the heads of the rater learn from, as the listener hears it, and what each dimension learns to listen to.

Apart from the fitting, which has it as numbers: the same states are pooled in one way for each dimension.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path
from typing import TypeVar

import numpy as np

from simulator.assessment.heads import COUNTED, cues
from simulator.assessment.signals import read
from simulator.vocabulary import CORE_DIMENSIONS
from training.ears import Reply, learned, reply
from training.examples import (
    Example,
    Heard,
    Pool,
    Table,
    attacked,
    bare_sarcasms,
    dialogues,
    gold,
    heard,
    levels_of,
    pairs,
    plays,
    retyped,
    sarcasms,
    table,
)
from training.human import Conversation, conversations
from training.linear import Matrix
from training.split import TEST, folds

_Row = TypeVar("_Row")

DIALOGUE_WEIGHT = 0.3
PAIR_WEIGHT = 0.7
"""Of a turn, and of each half of a minimal pair, beside a reply of gold."""
PAIRS = Path(__file__).with_name("pairs.jsonl")
PLAYS = Path(__file__).with_name("plays.jsonl")
SARCASM = Path(__file__).with_name("sarcasm.jsonl")
NO_STEPS = (0.0, 0.0, 0.0)
BARE_STEPS, SINCERE_STEPS = (-0.5, 0.0, 0.0), (-1.5, None, None)
"""How far sarcasm moves the levels of the core dimensions: beside nothing, and in place of sincere words."""
TURNS = 3
"""Every third turn of the dialogues is read: more take long and change little."""


@dataclass(frozen=True)
class Source:
    """Replies, and what the listener makes of them."""

    examples: list[Example]
    heard: list[Heard]

    def table(self, pool: Pool) -> Table:
        """As numbers."""
        return table(self.examples, self.heard, pool)

    def without(self, left_out: Sequence[bool]) -> "Source":
        """All but some of them."""
        kept = [not out for out in left_out]
        return Source(list(compress(self.examples, kept)), list(compress(self.heard, kept)))


@dataclass(frozen=True)
class Sources:
    """Everything that was read."""

    gold: Source
    dressed: Source
    """Replies of gold in another dress."""
    first: Source
    """Of each minimal pair ..."""
    second: Source
    """... and the other half, in the same order."""
    composed: tuple[bool, ...]
    """Whether each pair was composed."""
    plays: Source
    """Replies of practice calls."""
    unseen: tuple[Source, Source]
    """The halves of the pairs that are kept for the figures."""
    unseen_plays: Source
    """Replies of practice calls in scenarios that are kept for the figures."""
    steps: tuple[Source, Source]
    """Pairs of which only is known how far the levels step: replies, and the same with words for show or in another
    dress."""
    turns: Source
    """Of the dialogues."""
    people: tuple[tuple[Source, list[float]], ...]
    """The replies of each conversation that people scored, and the scores by dimension."""

    def without_composed(self) -> "Sources":
        """The same, with only those pairs that were written as a whole."""
        first, second = self.first.without(self.composed), self.second.without(self.composed)
        return replace(self, first=first, second=second, composed=(False,) * len(first.examples))


def read_sources(rated_by_panel: Path, conversed: Path, scored_by_people: Path | None) -> Sources:
    """Everything the heads learn from, heard.

    Args:
        rated_by_panel: JSON Lines of replies.
        conversed: JSON Lines of conversations with rated turns.
        scored_by_people: Folder with the conversations that experts scored, where it is at hand.
    """
    rated, every, played = list(gold(rated_by_panel)), list(pairs(PAIRS)), list(plays(PLAYS))
    minimal, unseen = _parted(every, [pair.kept for pair in every])
    learned, unseen_plays = _parted(played, (folds([one.group for one in played]) == TEST).tolist())
    return Sources(
        gold=_heard(rated),
        dressed=_heard([dressed for _, dressed in retyped(rated)]),
        first=_heard([pair.first for pair in minimal]),
        second=_heard([pair.second for pair in minimal]),
        composed=tuple(pair.composed for pair in minimal),
        plays=_heard(learned),
        unseen_plays=_heard(unseen_plays),
        unseen=(_heard([pair.first for pair in unseen]), _heard([pair.second for pair in unseen])),
        steps=_steps(rated, played),
        turns=_heard(list(dialogues(conversed))[::TURNS]),
        people=tuple(map(_conversation, conversations(scored_by_people))) if scored_by_people else (),
    )


def _steps(rated: Sequence[Example], played: Sequence[Example]) -> tuple[Source, Source]:
    """Sarcasm beside nothing and beside sincere words; attacks on what is learned from, and its other dress."""
    spoilt = attacked([*(one for one in rated if one.marks is not None), *played])
    test = folds([one.group for one, _ in spoilt]) == TEST
    steps = (
        *((pair.first, pair.second, BARE_STEPS) for pair in bare_sarcasms(SARCASM)),
        *((pair.first, pair.second, SINCERE_STEPS) for pair in sarcasms(SARCASM)),
        *((*pair, NO_STEPS) for pair, unseen in zip(spoilt, test, strict=True) if not unseen),
        *((*pair, NO_STEPS) for pair in retyped(rated)),
    )
    return (
        _heard([replace(first, levels=NO_STEPS) for first, _, _ in steps]),
        _heard([replace(second, levels=wanted) for _, second, wanted in steps]),
    )


def _parted(rows: Sequence[_Row], kept: Sequence[bool]) -> tuple[list[_Row], list[_Row]]:
    """What is learned from, and what is kept for the figures."""
    return list(compress(rows, [not each for each in kept])), list(compress(rows, kept))


def _heard(examples: list[Example]) -> Source:
    return Source(examples, heard(examples))


def _conversation(row: Conversation) -> tuple[Source, list[float]]:
    turns = [Example(exchange, (None,) * len(CORE_DIMENSIONS), "human") for exchange in row.exchanges]
    return _heard(turns), [row.scores.get(name, np.nan) for name in CORE_DIMENSIONS]


def ears_of(sources: Sources, at: int) -> Matrix:
    """What a dimension listens to, learned from everything but the test fold.

    Args:
        sources: What to learn from.
        at: The dimension.
    """
    test = folds([example.group for example in sources.gold.examples]) == TEST
    rated = [one for one, unseen in zip(_replies(sources.gold, 1.0), test, strict=True) if not unseen]
    single = [
        *rated,
        *_replies(sources.dressed, 1.0),
        *_replies(sources.plays, 1.0),
        *_replies(sources.turns, DIALOGUE_WEIGHT),
    ]
    halves = [
        *zip(_replies(sources.first, PAIR_WEIGHT), _replies(sources.second, PAIR_WEIGHT), strict=True),
        *zip(*(_replies(half, 0.0) for half in sources.steps), strict=True),
    ]
    return learned([*((one,) for one in single), *halves], len(COUNTED))[at]


def _replies(source: Source, weight: float) -> list[Reply]:
    levels = levels_of(source.examples)
    return [
        reply(features, cues(exchange, read(exchange)), wanted, weight)
        for (exchange, features), wanted in zip(source.heard, levels, strict=True)
    ]
