"""Fits the heads of the learned signals and prints how well they find what a reader marked, beside the phrases alone.

    python -m training.fit_signals --gold GOLD.jsonl [--out SIGNALS.npz]

A head sees one sentence: mean and maximum of the listener's states, and whether a phrase found the signal there. Ridge
regression on 0 and 1, made log-odds on contexts that were held out; the offset then moves so that 0.5 is the best cut.
Folds keep contexts together. The adapter under the states was trained on four fifths of these contexts, so only the
figures of the last fifth are those of new replies: of gold, and of practice calls. A head that tells a signal worse
than its phrases alone is not used.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.assessment.hearing import of_span
from simulator.assessment.learned import HOLLOW, LEARNED, SignalHeads, sentences
from simulator.assessment.signals import read
from simulator.vocabulary import SignalName
from training.examples import Example, Heard, Pair, attacked, gold, heard, pairs, plays, retyped, sarcasms
from training.linear import Matrix, Vector, ridge, sharpened
from training.split import FOLDS, TEST, folds

VERSION = "learned-4"
ALPHA = 300.0
HINT = 3.0
"""How much a phrase's find weighs beside states of about 1."""
SARCASM = Path(__file__).with_name("sarcasm.jsonl")
PAIRS = Path(__file__).with_name("pairs.jsonl")
PLAYS = Path(__file__).with_name("plays.jsonl")
BY_PHRASE = (SignalName.BLAMES_CUSTOMER, SignalName.ENDS_CONTACT)
"""Grave, and told too badly by their heads."""
_PRECISE = 0.55
"""A signal that is not there moves the customer for nothing."""
_LEAST = 20
"""A signal with fewer sentences keeps to its phrases."""


@dataclass(frozen=True)
class Sentences:
    """Every sentence of the marked replies."""

    states: Matrix
    found: Matrix
    """1 where a phrase found the signal: (sentences, signals)."""
    truth: Matrix
    """1 where a reader did: (sentences, signals)."""
    groups: tuple[str, ...]


def table(examples: Sequence[Example], read_by: Sequence[Heard]) -> Sentences:
    """Examples as sentences."""
    states, found, truth, groups = [], [], [], []
    for example, (exchange, features) in zip(examples, read_by, strict=True):
        reading = read(exchange)
        for start, end in sentences(exchange.reply):
            own = {one.name for one in reading.signals if one.span and start <= one.span.start < end}
            states.append(of_span(features, start, end))
            found.append([float(name in own) for name in LEARNED])
            truth.append([float(example.shows(name, exchange.reply[start:end])) for name in LEARNED])
            groups.append(example.group)
    return Sentences(np.array(states), np.array(found), np.array(truth), tuple(groups))


def fit(rows: Sentences, at: int, fold: NDArray[np.int64]) -> tuple[Vector, float, Vector]:
    """Weights, offset, and the log-odds of every sentence from a fit that did not see its context."""
    truth, hints = rows.truth[:, at], rows.found[:, at : at + 1]
    columns = np.hstack([rows.states, HINT * hints])
    ones = np.ones(len(truth))
    raw = np.zeros(len(truth))
    for number in range(FOLDS):
        own = fold == number
        weights, bias = ridge(columns[~own], truth[~own], ALPHA, ones[~own])
        raw[own] = columns[own] @ weights + bias
    slope, offset = sharpened(raw, truth)
    odds = slope * raw + offset
    cut = best_cut(odds, truth)
    weights, bias = ridge(columns, truth, ALPHA, ones)
    final = slope * np.append(weights[:-1], HINT * weights[-1])
    return final, slope * bias + offset - cut, odds - cut


def best_cut(odds: Vector, truth: Vector) -> float:
    """The log-odds from which on to believe: the best F1 among cuts that are right more often than not."""
    tried = np.quantile(odds, np.linspace(0.5, 0.999, 120))
    found = {float(cut): score(odds >= cut, truth) for cut in tried}
    sure = [cut for cut, (precision, _, _) in found.items() if precision >= _PRECISE]
    return max(sure or [float(odds.max()) + 1.0], key=lambda cut: found[cut][2] if cut in found else 0.0)


def score(said: NDArray[np.bool_], truth: Vector) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    hits = float((said & (truth > 0)).sum())
    precision, recall = hits / max(1.0, float(said.sum())), hits / max(1.0, float(truth.sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _line(label: str, rows: Sentences, at: int, odds: Vector, chosen: Sequence[NDArray[np.bool_]]) -> str:
    return f"{label:24}" + "   ".join(_cells(rows, at, odds, some) for some in chosen if some.any())


def _cells(rows: Sentences, at: int, odds: Vector, chosen: NDArray[np.bool_]) -> str:
    truth = rows.truth[chosen, at]
    by_phrase = score(rows.found[chosen, at] > 0, truth)
    by_head = score(odds[chosen] >= 0, truth)
    return f"{int(truth.sum()):5}  " + "  ".join(f"{value:.2f}" for value in (*by_phrase, *by_head))


def hollow_table(
    examples: Sequence[Example], read_by: Sequence[Heard], shows_off: Callable[[int, str, int], bool]
) -> Sentences:
    """Sentences for the head of hollowness, which is given no hint.

    Args:
        examples: Replies.
        read_by: What the listener makes of them.
        shows_off: Whether a sentence serves nobody, by number of the reply, its words and where it begins.
    """
    states, truth, groups = [], [], []
    for number, (example, (exchange, features)) in enumerate(zip(examples, read_by, strict=True)):
        for start, end in sentences(exchange.reply):
            states.append(of_span(features, start, end))
            truth.append([float(shows_off(number, exchange.reply[start:end], start))])
            groups.append(example.group)
    return Sentences(np.array(states), np.zeros((len(states), 1)), np.array(truth), tuple(groups))


def mocked(minimal: Sequence[Pair]) -> list[Example]:
    """Replies with a sarcastic clause, marked as an insult, and the same replies without it or with a sincere one."""
    found = []
    for pair in (*sarcasms(SARCASM), *minimal):
        marks = tuple((SignalName.INSULTS, words) for words in pair.show) if pair.mocks else ()
        found += [replace(pair.first, marks=()), replace(pair.second, marks=marks)]
    return found


def _joined(*parts: Sentences) -> Sentences:
    return Sentences(
        np.vstack([part.states for part in parts]),
        np.vstack([part.found for part in parts]),
        np.vstack([part.truth for part in parts]),
        tuple(group for part in parts for group in part.groups),
    )


def _head_of(rows: Sentences, at: int, fold: NDArray[np.int64], label: str) -> tuple[Vector, float]:
    weight, bias, odds = fit(rows, at, fold)
    truth, found = rows.truth[:, at], rows.found[:, at] > 0
    if score(odds >= 0, truth)[2] < score(found, truth)[2]:
        return _by_phrase(rows, at, label)
    played = np.isin(rows.groups, [example.group for example in plays(PLAYS)])
    unseen = fold == TEST
    print(_line(label, rows, at, odds, [unseen & ~played, unseen & played]))
    return weight, bias


def _by_phrase(rows: Sentences, at: int, label: str) -> tuple[Vector, float]:
    print(f"{label:24} {int(rows.truth[:, at].sum()):5}  believed where a phrase finds it")
    return np.append(np.zeros(rows.states.shape[1]), 8.0), -4.0


def hollow(examples: Sequence[Example], minimal: Sequence[Pair]) -> Sentences:
    """Sentences that are hollow by construction, and those of replies that were meant, some in another dress."""
    spoilt = [example for _, example in attacked(examples)]
    second = [pair.second for pair in minimal]
    meant = [*examples, *(dressed for _, dressed in retyped(examples)), *(pair.first for pair in minimal)]
    return _joined(
        hollow_table(spoilt, heard(spoilt), lambda at, _, start: start > spoilt[at].exchange.reply.find("\n")),
        hollow_table(
            second, heard(second), lambda at, words, _: not minimal[at].mocks and minimal[at].shows_off(words)
        ),
        hollow_table(meant, heard(meant), lambda *_: False),
    )


def main() -> None:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("simulator/assessment/signals.npz"))
    options = parser.parse_args()
    examples = [one for source in (gold(options.gold), plays(PLAYS)) for one in source if one.marks is not None]
    minimal = list(pairs(PAIRS))
    mocks = mocked(minimal)
    rows, mocking, empty = table(examples, heard(examples)), table(mocks, heard(mocks)), hollow(examples, minimal)
    fold = folds(rows.groups)
    print(f"{len(examples)} replies, {len(fold)} sentences, {int((fold == TEST).sum())} of them unseen by the adapter")
    print("of unseen gold, and then of unseen practice calls: n; precision, recall, F1 of phrases; the same of heads")
    heads = []
    for at, name in enumerate(LEARNED):
        if name is SignalName.INSULTS:
            both = _joined(rows, mocking)
            heads.append(_head_of(both, at, folds(both.groups), "insults, with mockery"))
        elif rows.truth[:, at].sum() < _LEAST or name in BY_PHRASE:
            heads.append(_by_phrase(rows, at, name.value))
        else:
            heads.append(_head_of(rows, at, fold, name.value))
    heads.append(_head_of(empty, 0, folds(empty.groups), HOLLOW))
    weights, biases = zip(*heads, strict=True)
    SignalHeads(VERSION, np.array(weights), np.array(biases)).save(options.out)
    print(f"{VERSION} written to {options.out}")


if __name__ == "__main__":
    main()
