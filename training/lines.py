"""Writes conversations as tokens for the training of the customer's adapter, in the very words of its prompt.

    python -m training.lines --dialogues CONVERSATIONS.jsonl --out LINES.json

A conversation is a trunk (who, what happened, the transcript) and, for each customer line, a branch: what is asked for
at that point, and the line. A branch sees the trunk up to where it leaves it, so that a conversation is evaluated once.
Apart from `fit_customer`, which needs torch and nothing of the application.
"""

import argparse
import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from simulator.backends import embedded
from simulator.backends.llama import Weights
from simulator.customer.prompt import CHANNELS, in_words
from simulator.templates import Templates
from simulator.vocabulary import Channel, Emotion

GISTS = Path(__file__).with_name("gists.tsv")
OWN = Path(__file__).with_name("conversations.jsonl")
_PROMPTS = Templates("simulator.customer")
_MARK = "\0"


def conversations(path: Path) -> Iterator[dict[str, Any]]:
    """Conversations whose customer lines have a gist in the first person."""
    with GISTS.open(encoding="utf-8", newline="") as file:
        gists = {(name, int(at)): gist for name, at, gist in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        for at, turn in enumerate(row["turns"]):
            turn["gist"] = gists.get((row["id"], at), turn.get("gist"))
        yield row


def tree(row: Mapping[str, Any], weights: Weights) -> dict[str, Any]:
    """Tokens of the trunk, and for each customer line where it leaves the trunk, what asks for it, and its own."""
    trunk = weights.tokens(_opening(row))
    branches = []
    for turn in row["turns"]:
        if turn["speaker"] == "customer":
            asked = weights.tokens(_asking(turn))
            line = weights.tokens(f" {_flat(turn['text'])}\n")
            branches.append({"at": len(trunk), "asked": asked, "line": line})
        name = "Agent" if turn["speaker"] == "agent" else "Customer"
        trunk += weights.tokens(f"{name}: {_flat(turn['text'])}\n")
    return {"group": row["id"], "trunk": trunk, "branches": branches}


def _opening(row: Mapping[str, Any]) -> str:
    persona = row["persona"]
    filled = _PROMPTS.filled(
        "adapted",
        channel=CHANNELS[Channel(row["channel"])],
        customer=persona["name"],
        voice=f"{persona['voice'].rstrip('.')}.",
        situation=_flat(row["situation"]),
        transcript=_MARK,
        move="",
        emotion="",
        gist="",
    )
    return filled.partition(_MARK)[0]


def _asking(turn: Mapping[str, Any]) -> str:
    blank = dict.fromkeys(("channel", "customer", "voice", "situation"), "")
    emotion = in_words(Emotion(**turn["emotion"]))
    filled = _PROMPTS.filled(
        "adapted", **blank, transcript=_MARK, move=turn["move"], emotion=emotion, gist=_flat(turn["gist"])
    )
    return filled.partition(f"{_MARK}\n")[2]


def _flat(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    """Read, convert, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialogues", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    weights = Weights(embedded.locate())
    rows = [tree(row, weights) for path in (options.dialogues, OWN) for row in conversations(path)]
    options.out.write_text(json.dumps(rows), encoding="utf-8")
    lines = sum(len(row["branches"]) for row in rows)
    tokens = sum(len(row["trunk"]) + sum(len(one["asked"] + one["line"]) for one in row["branches"]) for row in rows)
    print(f"{len(rows)} conversations, {lines} lines, {tokens} tokens")


if __name__ == "__main__":
    main()
