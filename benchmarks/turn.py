"""How long the trainee waits: from Enter to the customer's first words, with and without reading ahead, in one run.

    python -m benchmarks.turn [--turns 5] [--typing 10]

Plays the excellent trainee of every shipped scenario with the embedded model. Typing pauses after half and after four
fifths of the words, as the reply box reports it, and for half a second before Enter; the other way pastes the
reply and sends it at once. The two alternate, so that noise falls on both alike.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bench import header
from simulator.backends import models
from simulator.content.library import Library, shipped
from simulator.desk import Desk
from simulator.runner import SessionRunner
from simulator.storage.archive import SessionArchive

SCENARIOS = ("fare-jump", "insulin-delivery", "two-letters")


async def waits(desk: Desk, scenario: str, seed: int, turns: int, typing: float) -> list[float]:
    """Seconds from Enter to the stored line, for each of the first turns."""
    runner = await desk.open(scenario, seed=seed)
    found = []
    await runner.begin()
    replies = _replies(runner)
    for reply in replies[:turns]:
        if runner.session.ended is not None:
            break
        if typing:
            await type_out(runner, reply, typing)
        begun = time.perf_counter()
        await runner.say(reply)
        found.append(time.perf_counter() - begun)
        await runner.settled()
    await runner.close()
    return found


async def type_out(runner: SessionRunner, reply: str, seconds: float) -> None:
    """Draft a reply the way a person does, pauses included."""
    words = reply.split()
    for share, pause in ((0.5, 0.6 * seconds), (0.8, 0.4 * seconds), (1.0, 0.5)):
        runner.draft(" ".join(words[: round(share * len(words))]))
        await asyncio.sleep(pause)


def _replies(runner: SessionRunner) -> Sequence[str]:
    script = runner.material.scenario.trainees["excellent"]
    return [runner.material.fill(reply) for reply in (*script.opening[:1], *script.any)]


async def measure(desk: Desk, turns: int, typing: float) -> dict[str, list[float]]:
    """Waits by way."""
    found: dict[str, list[float]] = {"typed": [], "pasted": []}
    await waits(desk, SCENARIOS[0], 0, 1, 0.0)
    for seed, scenario in enumerate(SCENARIOS, start=1):
        found["typed"] += await waits(desk, scenario, seed, turns, typing)
        found["pasted"] += await waits(desk, scenario, seed, turns, 0.0)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--typing", type=float, default=10.0, help="seconds the trainee takes to type a reply")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        loaded = models.load(None, None, Path(folder) / "memo.json")
        print(header(loaded.cast.card.listener))
        print(f"loading with the digest checked: {time.perf_counter() - begun:.2f} s")
        desk = Desk(
            Library([shipped()]),
            SessionArchive(Path(folder) / "sessions"),
            loaded.cast,
            app_version="benchmark",
            trainee="benchmark",
            pace=0,
        )
        found = asyncio.run(measure(desk, arguments.turns, arguments.typing))
        loaded.close()
    for way, seconds in found.items():
        ordered = sorted(seconds)
        print(
            f"{way:>18}: n {len(seconds)}, median {statistics.median(seconds):.2f} s, "
            f"p90 {ordered[int(0.9 * (len(ordered) - 1))]:.2f} s, longest {ordered[-1]:.2f} s"
        )
    ahead, behind = (statistics.median(seconds) for seconds in found.values())
    print(f"{'ratio of medians':>18}: {ahead / behind:.2f}")


if __name__ == "__main__":
    main()
