"""Fits the table by which the guard hears an agent's sentence in a customer's line, and prints what it finds unseen.

    python -m training.fit_voices --dialogues CONVERSATIONS.jsonl [--out VOICES.tsv]

Agents: what they say in the conversations, what scripted trainees say in shipped scenarios, and the rated replies.
Customers: what they say in the conversations, and every authored line of shipped scenarios and personas. A row is a
sentence without what is quoted in it; logistic regression on runs of up to three words. Folds keep a conversation, and
all of a scenario, together; each cut is printed with what it lets through.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.content.casting import slots_in
from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.content.trainees import trainees_for
from simulator.customer.hearing import words
from simulator.customer.roles import own_sentences
from simulator.customer.voices import TOO_SHORT, runs
from training.lines import OWN
from training.split import FOLDS, folds

OUT = Path(__file__).parent.parent / "simulator" / "customer" / "voices.tsv"
GOLD = shipped() / "rubrics" / "gold" / "replies.jsonl"
SERVING = ("excellent", "generic", "careless")
"""Scripted trainees who speak as agents do; the others insult, or talk of something else."""
REFUSED = (0.002, 0.005, 0.01, 0.015, 0.02)
"""Shares of unseen customers' sentences that a cut lets be taken for an agent's."""
_SEEN = 5
"""A run has to stand in so many sentences."""
_EPOCHS, _RATE, _DECAY = 6, 0.3, 1e-3
_SLIGHT = 0.25
"""A weight below this is left out of the table."""
_SEED = 7


class Row(NamedTuple):
    """One sentence."""

    group: str
    said: str
    agent: bool


def spoken(dialogues: Path) -> Iterator[Row]:
    """Sentences of conversations."""
    for line in (*dialogues.read_text("utf-8").splitlines(), *OWN.read_text("utf-8").splitlines()):
        conversation = json.loads(line)
        for turn in conversation["turns"]:
            yield from _rows(conversation["id"], turn["text"], turn["speaker"] == "agent")


def authored() -> Iterator[Row]:
    """Sentences of shipped scenarios: the customer's bank, and what scripted trainees say."""
    library = Library([shipped()])
    for card in library.scenarios():
        material = library.material(card.id).cast(_SEED)
        for text in _bank(material):
            yield from _rows(card.id, text, agent=False)
        for name, script in trainees_for(material.scenario).items():
            for text in (*script.opening, *script.any, *(text for said in script.moves.values() for text in said)):
                if name in SERVING and slots_in(text) <= material.slots.keys():
                    yield from _rows(card.id, material.fill(text), agent=True)


def _bank(material: Material) -> Iterator[str]:
    banks = (material.scenario.lines, material.persona.lines, material.defaults.fallback)
    for line in (*material.scenario.opening, *(line for bank in banks for lines in bank.values() for line in lines)):
        if slots_in(line.text) <= material.slots.keys():
            yield material.fill(line.text)


def rated() -> Iterator[Row]:
    """Sentences of rated replies."""
    for line in GOLD.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield from _rows(row["id"], row["reply"], agent=True)


def _rows(group: str, text: str, agent: bool) -> Iterator[Row]:
    for sentence in own_sentences(text):
        if len(words(sentence)) >= TOO_SHORT:
            yield Row(group, sentence, agent)


class Voices:
    """Weights of runs, fitted to rows."""

    def __init__(self, rows: Sequence[Row]) -> None:
        seen = Counter(run for row in rows for run in runs(row.said))
        self.at = {run: place for place, run in enumerate(sorted(run for run in seen if seen[run] >= _SEEN))}
        self.weights = np.zeros(len(self.at))
        self.offset = 0.0
        self._fit([self._places(row.said) for row in rows], [float(row.agent) for row in rows])

    def _places(self, said: str) -> NDArray[np.int64]:
        return np.array(sorted(self.at[run] for run in runs(said) if run in self.at), dtype=np.int64)

    def _fit(self, places: Sequence[NDArray[np.int64]], truth: Sequence[float]) -> None:
        """Stochastic gradients with a rate of its own for each weight (AdaGrad), in an order fixed by the seed."""
        draw, squares = np.random.default_rng(_SEED), np.full(len(self.at), 0.1)
        for _ in range(_EPOCHS):
            for row in draw.permutation(len(truth)):
                own = places[row]
                slope = 1 / (1 + np.exp(-(self.weights[own].sum() + self.offset))) - truth[row]
                squares[own] += slope * slope
                self.weights[own] -= _RATE * (slope + _DECAY * self.weights[own]) / np.sqrt(squares[own])
                self.offset -= 0.02 * slope

    def odds(self, said: str) -> float:
        """Log-odds that an agent says it."""
        return float(self.weights[self._places(said)].sum() + self.offset)


def unseen(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Log-odds of each row from a fit without its group."""
    fold, odds = folds([row.group for row in rows]), np.zeros(len(rows))
    for number in range(FOLDS):
        voices = Voices([row for row, own in zip(rows, fold, strict=True) if own != number])
        for place in map(int, np.flatnonzero(fold == number)):
            odds[place] = voices.odds(rows[place].said)
    return odds


def write(voices: Voices, out: Path) -> int:
    """The table; returns how many runs are in it."""
    kept = [(run, voices.weights[place]) for run, place in voices.at.items()]
    lines = [f"(offset)\t{voices.offset:.2f}", *(f"{run}\t{own:.2f}" for run, own in kept if abs(own) >= _SLIGHT)]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines) - 1


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialogues", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    rows = list(dict.fromkeys((*spoken(options.dialogues), *authored(), *rated())))
    odds, agent = unseen(rows), np.array([row.agent for row in rows])
    print(f"{agent.sum()} sentences of agents, {(~agent).sum()} of customers; unseen, by group:")
    for refused in REFUSED:
        cut = float(np.quantile(odds[~agent], 1 - refused))
        found = (odds[agent] > cut).mean()
        print(f"  cut {cut:5.2f}: {refused:.1%} of customers' taken for agents', {found:.0%} of agents' found")
    print(f"{write(Voices(rows), options.out)} runs in {options.out}")


if __name__ == "__main__":
    main()
