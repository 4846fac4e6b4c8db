"""Cases of choosing a customer's line, and what a ranker may know of each line: from whole conversations.

Apart from the fitting so that `benchmarks.choice` measures on the same cases what `fit_choice` is fitted on.
"""

import asyncio
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.customer.actor import gist_share
from simulator.customer.hearing import content_stems, stems
from simulator.customer.prompt import NEUTRAL_REPLY
from simulator.ports import Listener
from simulator.templates import Templates
from training.lines import conversations

Matrix = NDArray[np.float64]

SEED = 7
SAME_CONVERSATION, SAME_MOVE = 5, 6
"""How many of the wrong lines are other lines of the conversation, and lines of the same move from others."""
FEATURES = ("information", "gist", "reply", "move", "length")
"""Nats that the reply adds; share of the gist's words; TF-IDF cosine with the reply; whether the line is known for the
move; log of words."""
_PROMPTS = Templates("simulator.customer")


@dataclass(frozen=True)
class Case:
    """One moment of a conversation: the line that was said there, first, and a dozen that were not."""

    group: str
    situation: str
    before: tuple[str, ...]
    """The transcript up to the agent's last turn, a line each."""
    reply: str
    gist: str
    lines: tuple[str, ...]
    moves: tuple[float, ...]
    """1 where the line was said with the move that is wanted."""

    @property
    def heard(self) -> str:
        """What the listener goes on from, with the reply."""
        return self._prompt(self.reply)

    @property
    def neutral(self) -> str:
        """The same with a reply that says nothing."""
        return self._prompt(NEUTRAL_REPLY)

    def _prompt(self, reply: str) -> str:
        transcript = "\n".join([*self.before, f"Agent: {reply}", "Customer:"])
        return _PROMPTS.filled("listen", situation=self.situation, transcript=transcript)


def cases(path: Path, count: int) -> list[Case]:
    """Cases drawn by a fixed seed, no two the same; the first ones stay the same for a larger count."""
    draw = random.Random(SEED)
    rows = list(conversations(path))
    spoken = [
        (row, at)
        for row in rows
        for at, turn in enumerate(row["turns"])
        if turn["speaker"] == "customer" and at and row["turns"][at - 1]["speaker"] == "agent"
    ]
    draw.shuffle(spoken)
    return [_case(row, at, spoken, draw) for row, at in spoken[:count]]


def _case(row: Mapping[str, Any], at: int, spoken: Sequence[tuple[Any, int]], draw: random.Random) -> Case:
    said = row["turns"][at]
    own = [turn for turn in row["turns"] if turn["speaker"] == "customer" and turn is not said]
    alike = [
        other["turns"][place]
        for other, place in spoken
        if other is not row and other["turns"][place]["move"] == said["move"]
    ]
    wrong = [*draw.sample(own, min(SAME_CONVERSATION, len(own))), *draw.sample(alike, min(SAME_MOVE, len(alike)))]
    names = {"agent": "Agent", "customer": "Customer"}
    return Case(
        group=row["id"],
        situation=row["situation"],
        before=tuple(f"{names[turn['speaker']]}: {turn['text']}" for turn in row["turns"][: at - 1]),
        reply=row["turns"][at - 1]["text"],
        gist=said["gist"],
        lines=(said["text"], *(turn["text"] for turn in wrong)),
        moves=(1.0, *(float(turn["move"] == said["move"]) for turn in wrong)),
    )


def features(some: Sequence[Case], listener: Listener) -> list[Matrix]:
    """For each case (lines, FEATURES)."""
    rare = _rarity([line for case in some for line in case.lines])
    return [_features(case, asyncio.run(listener.rank(case.heard, case.neutral, case.lines)), rare) for case in some]


def _features(case: Case, information: Sequence[float], rare: Mapping[str, float]) -> Matrix:
    plan = content_stems(case.gist)
    return np.array(
        [
            (nats, gist_share(plan, line), _cosine(case.reply, line, rare), move, math.log1p(len(line.split())))
            for line, move, nats in zip(case.lines, case.moves, information, strict=True)
        ]
    )


def _rarity(lines: Sequence[str]) -> dict[str, float]:
    counts = Counter(stem for line in lines for stem in set(stems(line)))
    return {stem: math.log(len(lines) / count) for stem, count in counts.items()}


def _cosine(one: str, other: str, rare: Mapping[str, float]) -> float:
    left, right = ({stem: rare.get(stem, 8.0) for stem in stems(text)} for text in (one, other))
    norm = math.sqrt(sum(v * v for v in left.values()) * sum(v * v for v in right.values()))
    return sum(value * right.get(stem, 0.0) for stem, value in left.items()) / norm if norm else 0.0
