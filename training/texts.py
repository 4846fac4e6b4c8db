"""Writes rated replies as tokens for the training of the adapter, exactly as the listener reads them in play.

    python -m training.texts --gold GOLD.jsonl --dialogues CONVERSATIONS.jsonl --out TEXTS.json

Apart from `fit_adapter`, which needs torch and nothing of the application, so that the two can live in different
environments.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from simulator.assessment.learned import LEARNED, sentences
from simulator.assessment.signals import without_machine_talk
from simulator.backends import embedded
from simulator.backends.listener import BEFORE_ROOM, starts
from simulator.backends.llama import Weights
from training.examples import Example, dialogues, gold

REPLY_ROOM = 400
"""Tokens of a reply that are trained on: longer ones are rare, and slow."""


def row(example: Example, weights: Weights, kind: str) -> dict[str, Any]:
    """One example as token numbers, levels, and for each sentence which learned signals it shows."""
    reply = without_machine_talk(example.exchange.reply)
    tokens = weights.tokens(" " + reply)[:REPLY_ROOM]
    return {
        "kind": kind,
        "group": example.group,
        "before": weights.tokens(example.exchange.before)[-BEFORE_ROOM:],
        "reply": tokens,
        "text": reply,
        "levels": list(example.levels),
        "sentences": _sentences(example, reply, starts(weights, reply, tokens)),
    }


def _sentences(example: Example, reply: str, at: list[int]) -> list[dict[str, Any]] | None:
    if example.marks is None:
        return None
    rows = []
    for start, end in sentences(reply):
        own = [number for number, place in enumerate(at) if start <= place < end]
        if own:
            shows = [float(example.shows(signal, reply[start:end])) for signal in LEARNED]
            rows.append({"first": own[0], "last": own[-1] + 1, "shows": shows})
    return rows


def main() -> None:
    """Read, convert, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--dialogues", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    weights = Weights(embedded.locate())
    rows = [row(example, weights, "gold") for example in gold(options.gold)]
    if options.dialogues:
        rows += [row(example, weights, "dialogue") for example in dialogues(options.dialogues)]
    signals = [signal.value for signal in LEARNED]
    options.out.write_text(json.dumps({"signals": signals, "rows": rows}), encoding="utf-8")
    print(f"{len(rows)} replies, {sum(len(each['before']) + len(each['reply']) for each in rows)} tokens")


if __name__ == "__main__":
    main()
