"""How often the line that was really said is chosen among a dozen hard ones, by way of choosing.

    python -m benchmarks.choice --dialogues CONVERSATIONS.jsonl

200 moments of conversations, drawn by a fixed seed; the wrong lines are up to five others of the same conversation and
up to six of the same move from others. "In play" is the formula of `simulator.customer.actor`; "fitted" a conditional
logit, each fifth of the conversations ranked by weights from the other four.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.bench import header
from simulator.backends import embedded
from simulator.customer.actor import ENOUGH, GIST_WEIGHT
from training.choices import FEATURES, Case, Matrix, cases, features
from training.fit_choice import BENCH, Vector, fitted, place
from training.listening import listening
from training.split import FOLDS, folds

INFORMATION, GIST, REPLY = (FEATURES.index(name) for name in ("information", "gist", "reply"))


def worths(some: Sequence[Case], rows: Sequence[Matrix]) -> Mapping[str, Sequence[Vector]]:
    """What each way of choosing gives the lines of each case."""
    return {
        "TF-IDF with the reply": [each[:, REPLY] for each in rows],
        "information (PMI)": [each[:, INFORMATION] for each in rows],
        "gist": [each[:, GIST] for each in rows],
        "in play": [np.minimum(ENOUGH, each[:, INFORMATION]) + GIST_WEIGHT * each[:, GIST] for each in rows],
        "fitted": _held_out(some, rows),
        "fitted, no gist": _held_out(some, [np.delete(each, GIST, axis=1) for each in rows]),
    }


def _held_out(some: Sequence[Case], rows: Sequence[Matrix]) -> list[Vector]:
    fold = folds([case.group for case in some])
    weights = [fitted([each for each, own in zip(rows, fold, strict=True) if own != number]) for number in range(FOLDS)]
    return [each @ weights[number] for each, number in zip(rows, fold, strict=True)]


def main() -> None:
    """Rank and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialogues", type=Path, required=True)
    options = parser.parse_args()
    drawn = cases(options.dialogues, BENCH)
    with listening() as listener:
        rows = features(drawn, listener)
    print(header(embedded.FILE_NAME))
    print(f"{len(drawn)} cases, {np.mean([len(each) for each in rows]):.1f} lines each; first | among three")
    by_chance = np.mean([[1 / len(each), 3 / len(each)] for each in rows], axis=0)
    print(f"  {'chance':24} {by_chance[0]:6.1%} | {by_chance[1]:6.1%}")
    for name, worth in worths(drawn, rows).items():
        places = np.array([place(each) for each in worth])
        print(f"  {name:24} {(places < 1.5).mean():6.1%} | {(places < 3.5).mean():6.1%}")
    weights = zip(FEATURES, fitted(rows), strict=True)
    print("fitted on all: " + "  ".join(f"{name} {weight:.3f}" for name, weight in weights))


if __name__ == "__main__":
    main()
