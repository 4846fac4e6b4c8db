"""Whether customers feel real, counted: how rehearsed contacts go, and what is wrong with the words in them.

    python -m benchmarks.realism [--seeds 20] [--learned]
    python -m benchmarks.realism --acting guided free prompt-only random-line [--turns 1000] [--resume FILE]
    python -m benchmarks.realism --table [--resume FILE]

Without --acting every shipped scenario is played with every scripted trainee, and no model finds the customer's words,
since words move nobody. With it, a seeded sample of the same contacts is played with the embedded model, one way of
speaking after the other; what was said is appended to FILE, so that a run that breaks off goes on where it was.
"""

import argparse
import asyncio
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bench import header
from benchmarks.realism_tables import print_outcomes, print_spoken
from benchmarks.spoken import Looking, Record, SpokenContact, SpokenTurn
from benchmarks.ways import Way, actor_of, speaker_of
from simulator.assessment.learned import shipped_signal_heads
from simulator.backends import models
from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.content.schema import Script
from simulator.content.trainees import trainees_for
from simulator.customer.actor import Actor
from simulator.desk import Cast
from simulator.errors import ModelError, SimulatorError
from simulator.ports import Listener
from simulator.rehearsing.outcomes import Outcome, outcome_of
from simulator.rehearsing.rehearsal import rehearse
from simulator.session import Session
from training.listening import remembering

RECORD = Path.home() / ".cache" / "simulator-benchmarks" / "realism.jsonl"
"""Where a run goes on, unless another file is named."""

SEEDS = 20
SAMPLE = 7
"""Seed of the order in which contacts are sampled, the same for every way of speaking."""
Cell = tuple[str, str, int]
"""Scenario, trainee, seed."""


def materials() -> dict[str, Material]:
    """Every shipped scenario, not cast."""
    library = Library([shipped()])
    return {card.id: library.material(card.id) for card in library.scenarios()}


def cells(played: Mapping[str, Material], seeds: int) -> list[Cell]:
    """Every contact there is."""
    return [
        (name, trainee, seed)
        for name, material in played.items()
        for trainee in trainees_for(material.scenario)
        for seed in range(seeds)
    ]


async def outcomes(played: Mapping[str, Material], seeds: int, listener: Listener | None) -> list[Outcome]:
    """How every contact goes, without acting."""
    found = []
    todo = cells(played, seeds)
    for number, (name, trainee, seed) in enumerate(todo, start=1):
        material = played[name].cast(seed)
        script = trainees_for(material.scenario)[trainee]
        session = await rehearse(material, script, seed, Actor(material, None), listener)
        found.append(outcome_of(session, trainee, material))
        _tell(f"{number} of {len(todo)} contacts")
    return found


async def perfect_replies(played: Mapping[str, Material], seeds: int, listener: Listener | None) -> list[Outcome]:
    """How far a single reply gets that says all that the scenario's authors find best at once."""
    found = []
    for material in (one.cast(seed) for one in played.values() for seed in range(seeds)):
        script = Script(any=(" ".join(lines[0] for lines in material.scenario.exemplars.values()),))
        session = await rehearse(material, script, 0, Actor(material, None), listener, most=1)
        found.append(outcome_of(session, "perfect", material))
    return found


async def act(way: Way, played: Mapping[str, Material], cast: Cast, record: Record, measured: str, turns: int) -> None:
    """Play sampled contacts one way until as many turns are on record as are wanted."""
    done = [contact for contact in record.taken_up(measured) if contact.way is way]
    known, count = {contact.key for contact in done}, sum(len(contact.turns) for contact in done)
    todo = cells(played, SEEDS)
    random.Random(SAMPLE).shuffle(todo)
    for cell in todo:
        if count >= turns:
            return
        if (way, *cell) not in known:
            contact = await spoken(way, cell, played, cast, measured)
            record.append(contact)
            count += len(contact.turns)
            _tell(f"{way}: {count} of {turns} turns")


async def spoken(way: Way, cell: Cell, played: Mapping[str, Material], cast: Cast, measured: str) -> SpokenContact:
    """One contact with all that was written and said in it."""
    name, trainee, seed = cell
    material = played[name].cast(seed)
    speaker, looking, found = speaker_of(cast), Looking(material), list[SpokenTurn]()

    def look(session: Session) -> None:
        if (turn := looking.turn(session, speaker.taken())) is not None:
            found.append(turn)

    begun = time.perf_counter()
    actor, script = actor_of(way, material, cast.listener, speaker), trainees_for(material.scenario)[trainee]
    await rehearse(material, script, seed, actor, cast.listener, after=look)
    return SpokenContact(
        measured=measured,
        way=way,
        scenario=name,
        trainee=trainee,
        seed=seed,
        seconds=time.perf_counter() - begun,
        turns=tuple(found),
    )


@contextmanager
def embedded_cast(adapter: Path | None = None) -> Iterator[Cast]:
    """The embedded models, with a listener that remembers; `adapter`: a customer's, laid over the one that speaks.

    Raises:
        ModelError: they are missing or damaged.
    """
    with tempfile.TemporaryDirectory() as folder:
        loaded = models.load(None, None, Path(folder) / "memo.json", adapter)
    try:
        cast = loaded.cast
        if cast.listener is None:
            raise ModelError(" ".join(loaded.notices))
        yield Cast(cast.card, remembering(cast.listener), cast.speaker, cast.rater)
    finally:
        loaded.close()


def content_of(played: Mapping[str, Material]) -> str:
    """Eight digits that stand for the whole content."""
    texts = (material.texts.model_dump_json() for _, material in sorted(played.items()))
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:8]


def _tell(progress: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{progress}", end="", file=sys.stderr, flush=True)


def rehearse_all(seeds: int, learned: bool) -> None:
    """Without acting: play everything and print how it went."""
    played = materials()
    content = f"content {content_of(played)}"
    if not learned:
        print(header("signals by words", content))
        _print_rehearsals(played, seeds, None)
        return
    with embedded_cast() as cast:
        print(header(cast.card.listener, f"signals {shipped_signal_heads().version}", content))
        _print_rehearsals(played, seeds, cast.listener)


def _print_rehearsals(played: Mapping[str, Material], seeds: int, listener: Listener | None) -> None:
    found = asyncio.run(outcomes(played, seeds, listener))
    perfect = asyncio.run(perfect_replies(played, seeds, listener))
    print_outcomes(played, found, perfect)


def act_all(ways: Sequence[Way], turns: int, record: Record) -> None:
    """With acting: play what is missing and print the table of all that is on record."""
    played = materials()
    with embedded_cast() as cast:
        rater = f"rater {cast.rater.version}" if cast.rater else "no rater"
        measured = header(cast.card.speaker, rater, f"content {content_of(played)}")
        for way in ways:
            asyncio.run(act(way, played, cast, record, measured, turns))
    print_spoken(record.contacts())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--learned", action="store_true", help="with the learned signals, as in play")
    parser.add_argument("--acting", type=Way, nargs="+", choices=list(Way), metavar="WAY", help=", ".join(Way))
    parser.add_argument("--turns", type=int, default=1_000, help="for each way of speaking")
    parser.add_argument("--resume", type=Path, default=RECORD, metavar="FILE")
    parser.add_argument("--table", action="store_true", help="print what is in FILE, and play nothing")
    options = parser.parse_args()
    try:
        if options.table:
            print_spoken(Record(options.resume).contacts())
        elif options.acting:
            act_all(options.acting, options.turns, Record(options.resume))
        else:
            rehearse_all(options.seeds, options.learned)
    except SimulatorError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.exit_code) from error


if __name__ == "__main__":
    main()
