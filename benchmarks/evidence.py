"""Whether quoted words carry the level they are quoted for: each level 4 and 5 again, with the quote taken out.

    python -m benchmarks.evidence [--replies 200]

The shortened reply is read and rated anew, as if it had been typed so. Beside it, for the same level, a span of as many
characters is taken out of another place in the reply. Test replies only (see `benchmarks.rater`).
"""

import argparse
import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.bench import header, shipped_rater, unseen
from simulator.content.library import shipped
from simulator.ports import Exchange, Rater
from simulator.vocabulary import CORE_DIMENSIONS, Evidence
from training.examples import gold

HIGH = 4
SEED = 7
Place = tuple[int, int]


@dataclass(frozen=True)
class Trial:
    """One high level: what it falls by without the quote, and without another span of that length."""

    dimension: str
    verbatim: bool
    fall: float | None
    """Expected levels; None where nothing was quoted."""
    by_chance: float | None


async def trials(rater: Rater, exchanges: Sequence[Exchange]) -> list[Trial]:
    """A trial for every level 4 and 5."""
    draw = random.Random(SEED)
    found = []
    for exchange in exchanges:
        rating = await rater.rate(exchange)
        for dimension in CORE_DIMENSIONS:
            level, expected = rating.levels[dimension], rating.expected[dimension]
            if level is None or expected is None or level < HIGH:
                continue
            quotes = [one for one in rating.evidence if one.dimension == dimension]
            verbatim = all(exchange.reply[one.start : one.end] == one.quote for one in quotes)
            places = _joined(quotes)
            other = _elsewhere(exchange.reply, places, draw)
            found.append(
                Trial(
                    dimension,
                    verbatim,
                    await _fall(rater, exchange, dimension, expected, places) if places else None,
                    await _fall(rater, exchange, dimension, expected, [other]) if other else None,
                )
            )
    return found


async def _fall(rater: Rater, exchange: Exchange, dimension: str, before: float, places: Sequence[Place]) -> float:
    text = exchange.reply
    for start, end in sorted(places, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    rest = (await rater.rate(exchange.model_copy(update={"reply": text.strip()}))).expected[dimension]
    return before - (1.0 if rest is None else rest)


def _joined(quotes: Sequence[Evidence]) -> list[Place]:
    """Where the quotes stand, overlaps joined."""
    places: list[Place] = []
    for start, end in sorted((one.start, one.end) for one in quotes):
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return places


def _elsewhere(text: str, places: Sequence[Place], draw: random.Random) -> Place | None:
    """A span of the same length that touches no quote; None where there is no room."""
    length = sum(end - start for start, end in places)
    free = [
        at for at in range(len(text) - length + 1) if all(at + length <= start or at >= end for start, end in places)
    ]
    return (start := draw.choice(free), start + length) if length and free else None


def _share(holds: Sequence[bool]) -> str:
    return f"{sum(holds)} of {len(holds)} ({100 * sum(holds) / len(holds):.0f} %)" if holds else "none"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replies", type=int, default=200)
    options = parser.parse_args()
    test = [example.exchange for example in unseen(list(gold(shipped() / "rubrics/gold/replies.jsonl")))]
    with shipped_rater() as rater:
        found = asyncio.run(trials(rater, test[: options.replies]))
    print(header(f"rater {rater.version}"))
    print(f"quotes verbatim: {_share([trial.verbatim for trial in found])}")
    for dimension in (*CORE_DIMENSIONS, "all"):
        own = [trial for trial in found if dimension in (trial.dimension, "all")]
        falls = [trial.fall > 0 for trial in own if trial.fall is not None]
        chance = [trial.by_chance > 0 for trial in own if trial.by_chance is not None]
        unexplained = [trial.fall is None for trial in own]
        print(
            f"{dimension:17} lower without the quote: {_share(falls)}; without another span: {_share(chance)}; "
            f"unexplained: {_share(unexplained)}"
        )


if __name__ == "__main__":
    main()
