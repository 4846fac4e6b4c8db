"""How often the same line comes at the same turn for a trainee who plays a scenario again with the same words.

    python -m benchmarks.variety [--seeds 5]

For each scenario the replies are those of its excellent and of its generic trainee in a fixed order, whatever the
customer says. Counted are pairs of contacts with different seeds: once as contacts that know nothing of each other, and
once one after the other, where each avoids what was heard in those before it, as in play.
"""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from itertools import combinations

from benchmarks.bench import header
from benchmarks.realism import content_of, embedded_cast, materials
from simulator.content.material import Material
from simulator.content.schema import Script
from simulator.customer.actor import Actor
from simulator.ports import Listener
from simulator.rehearsing.rehearsal import rehearse
from simulator.session import Session, Turn

TRAINEES = ("excellent", "generic")
MOST = 8
"""Replies in one contact."""


def fixed(script: Script) -> Script:
    """The same replies in one order for every contact."""
    replies = (*script.opening[:1], *(reply for own in script.moves.values() for reply in own), *script.any)
    return Script(any=replies[:MOST])


async def contacts(material: Material, script: Script, seeds: int, listener: Listener, *, again: bool) -> list[Session]:
    """One contact a seed; `again`: by one trainee, who heard the lines of the earlier ones."""
    played: list[Session] = []
    for seed in range(seeds):
        cast = material.cast(seed)
        heard = tuple(dict.fromkeys(line for session in played for line in _lines(session))) if again else ()
        actor = Actor(cast, listener)
        played.append(await rehearse(cast, script, seed, actor, listener, most=MOST, heard_lately=heard))
    return played


def _lines(session: Session) -> Iterator[str]:
    return (turn.line.line for turn in session.turns if turn.line and turn.line.line)


def alike(played: Sequence[Session]) -> tuple[int, int]:
    """Pairs of contacts with the same authored line at the same turn, and all pairs that have a line there."""
    same = pairs = 0
    for number in range(1, max(len(session.turns) for session in played)):
        turns = [session.turns[number] for session in played if number < len(session.turns)]
        lines = filter(None, map(_answer, turns))
        for one, other in combinations(lines, 2):
            pairs, same = pairs + 1, same + (one == other)
    return same, pairs


def _answer(turn: Turn) -> str | None:
    """The authored line of an answer; none where an event speaks or the model wrote."""
    return turn.line.line if turn.line and turn.choice and not turn.choice.fired else None


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    played = materials()
    totals = {False: [0, 0], True: [0, 0]}
    with embedded_cast() as cast:
        assert cast.listener is not None, "the embedded cast listens"
        print(header(cast.card.listener, f"content {content_of(played)}, {options.seeds} seeds"))
        print(f"{'':44} {'apart':>8} {'one after the other':>20}")
        for name, material in played.items():
            for trainee in TRAINEES:
                script = fixed(material.scenario.trainees[trainee])
                cells = []
                for again in (False, True):
                    sessions = asyncio.run(contacts(material, script, options.seeds, cast.listener, again=again))
                    same, pairs = alike(sessions)
                    totals[again][0] += same
                    totals[again][1] += pairs
                    cells.append(f"{same / max(1, pairs):.0%}")
                print(f"{f'{name} x {trainee}':44} {cells[0]:>8} {cells[1]:>20}", flush=True)
    print(f"{'all (20 % wanted)':44} " + " ".join(f"{same / max(1, pairs):>8.0%}" for same, pairs in totals.values()))


if __name__ == "__main__":
    main()
