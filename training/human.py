"""Conversations that three communication experts scored (Kumar et al. 2026), where a folder with them is at hand.

Apart from the other examples because the scores are of whole conversations, on other scales, and no text of theirs is
in the product.
"""

import csv
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator.ports import Exchange
from simulator.vocabulary import Utterance

_EXPERTS = (1, 2, 3)
_SPEAKERS = {"Seeker": "customer", "Supporter": "trainee"}


@dataclass(frozen=True)
class Conversation:
    """One conversation: each supporter's turn with what was said before it, and what the experts made of the whole."""

    exchanges: tuple[Exchange, ...]
    scores: dict[str, float]
    """By core dimension that has a counterpart: for empathy, validating less dismissing (-4 to 4); for active
    listening, encouraging elaboration plus demonstrating understanding (2 to 10). Means of three experts."""


def conversations(folder: Path) -> Iterator[Conversation]:
    """Every conversation of the file in the folder."""
    with next(folder.glob("*dev25.csv")).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Conversation(tuple(_exchanges(row["full_conversation"])), _scores(row))


def _exchanges(text: str) -> Iterator[Exchange]:
    said: list[Utterance] = []
    for line in text.split("\n"):
        name, mark, words = line.partition(":")
        if not mark or name not in _SPEAKERS:
            continue
        turn = Utterance.model_validate({"speaker": _SPEAKERS[name], "text": words.strip()})
        if turn.speaker == "trainee" and said:
            yield Exchange(history=tuple(said), reply=turn.text)
        said.append(turn)


def _scores(row: dict[str, str]) -> dict[str, float]:
    def mean(scale: str) -> float:
        return statistics.mean(float(row[f"{scale}_expert{number}"]) for number in _EXPERTS)

    return {
        "empathy": mean("validating_emotions") - mean("dismissing_emotions"),
        "active_listening": mean("encouraging_elaboration") + mean("demonstrating_understanding"),
    }
