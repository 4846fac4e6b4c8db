"""Writes rated replies as tokens for the training of the adapter, exactly as the listener reads them in play.

    python -m training.texts --gold GOLD.jsonl --pairs PAIRS.jsonl --sarcasm SARCASM.jsonl \\
        --plays PLAYS.jsonl --out TEXTS.json

Apart from `fit_adapter`, which needs torch and nothing of the application, so that the two can live in different
environments.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from simulator.assessment.learned import LEARNED, sentences
from simulator.assessment.signals import without_machine_talk
from simulator.backends import embedded
from simulator.backends.listener import BEFORE_ROOM, starts
from simulator.backends.llama import Weights
from simulator.vocabulary import SignalName
from training.examples import Example, Pair, bare_sarcasms, dialogues, gold, pairs, plays, sarcasms

REPLY_ROOM = 400
"""Tokens of a reply that are trained on: longer ones are rare, and slow."""


SINCERE_STEPS, BARE_STEPS = (-1.5, None, None), (-0.3, 0.0, 0.0)
"""How a sarcastic clause moves the levels of core dimensions: empathy at least so far down, the others as given."""


Shows = list[float | None]
"""Whether a sentence shows each learned signal, and last whether it is hollow; None: nobody has looked."""


def row(example: Example, weights: Weights, kind: str, shows: Callable[[str], Shows] | None) -> dict[str, Any]:
    """One example as token numbers, levels, and for each sentence what it shows."""
    reply = without_machine_talk(example.exchange.reply)
    tokens = weights.tokens(" " + reply)[:REPLY_ROOM]
    return {
        "kind": kind,
        "group": example.group,
        "before": weights.tokens(example.exchange.before)[-BEFORE_ROOM:],
        "reply": tokens,
        "text": reply,
        "levels": list(example.levels),
        "sentences": shows and _sentences(reply, starts(weights, reply, tokens), shows),
    }


def _sentences(reply: str, at: list[int], shows: Callable[[str], Shows]) -> list[dict[str, Any]]:
    rows = []
    for start, end in sentences(reply):
        own = [number for number, place in enumerate(at) if start <= place < end]
        if own:
            words = reply[start:end]
            rows.append({"first": own[0], "last": own[-1] + 1, "text": words, "shows": shows(words)})
    return rows


def gold_rows(path: Path, weights: Weights) -> Iterator[dict[str, Any]]:
    """Replies rated by a panel, of which many have been read for signals."""
    for example in gold(path):
        yield row(example, weights, "gold", None if example.marks is None else partial(_marked, example))


def play_rows(path: Path, weights: Weights) -> Iterator[dict[str, Any]]:
    """Replies of practice calls, rated by a panel, of which most have been read for signals."""
    for example in plays(path):
        yield row(example, weights, "play", None if example.marks is None else partial(_marked, example))


def _marked(example: Example, sentence: str) -> Shows:
    return [*(float(example.shows(signal, sentence)) for signal in LEARNED), 0.0]


def pair_rows(path: Path, weights: Weights) -> Iterator[dict[str, Any]]:
    """Minimal pairs, the two halves one after the other; of the signals only mockery and hollowness are known."""
    for pair in pairs(path):
        for example in pair.both:
            kept = replace(example, levels=(*example.levels[:2], None)) if pair.composed else example
            yield row(kept, weights, "composed" if pair.composed else "pair", partial(_shown, pair))


def sarcasm_rows(path: Path, weights: Weights) -> Iterator[dict[str, Any]]:
    """Sarcastic clauses, beside a sincere one in their place and beside none: known is how far levels step."""
    for kind, found, steps in (
        ("sincere", sarcasms(path), SINCERE_STEPS),
        ("bare", bare_sarcasms(path), BARE_STEPS),
    ):
        for pair in found:
            yield row(pair.first, weights, kind, partial(_shown, pair))
            yield {**row(pair.second, weights, kind, partial(_shown, pair)), "steps": list(steps)}


def _shown(pair: Pair, sentence: str) -> Shows:
    shown = float(pair.shows_off(sentence))
    mocking, hollow = (shown, 0.0) if pair.mocks else (0.0, shown)
    return [*(mocking if signal is SignalName.INSULTS else None for signal in LEARNED), hollow]


def main() -> None:
    """Read, convert, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--dialogues", type=Path)
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--sarcasm", type=Path)
    parser.add_argument("--plays", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    weights = Weights(embedded.locate())
    rows = [*gold_rows(options.gold, weights), *(pair_rows(options.pairs, weights) if options.pairs else ())]
    if options.plays:
        rows += play_rows(options.plays, weights)
    if options.sarcasm:
        rows += sarcasm_rows(options.sarcasm, weights)
    if options.dialogues:
        rows += [row(example, weights, "dialogue", None) for example in dialogues(options.dialogues)]
    signals = [signal.value for signal in LEARNED]
    options.out.write_text(json.dumps({"signals": signals, "rows": rows}), encoding="utf-8")
    print(f"{len(rows)} replies, {sum(len(each['before']) + len(each['reply']) for each in rows)} tokens")


if __name__ == "__main__":
    main()
