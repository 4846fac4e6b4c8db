"""What readers prefer who do not know how a line came about: pairs to read, and the count of what they chose.

    python -m benchmarks.blind lines --out FOLDER [--pairs 160] [--adapter FILE.gguf]
    python -m benchmarks.blind transcripts --against prompt-only --out FOLDER [--pairs 40] [--resume FILE]
    python -m benchmarks.blind count FOLDER

`lines` sets the line that guided mode says beside the best one that the model wrote for the same moment; `transcripts`
sets whole contacts of the product's default beside the same contacts spoken another way, from what `benchmarks.realism`
has on record. FOLDER then has `pairs.txt`, to be given to readers, and `key.json`, not to be shown to them. A reader
writes a file NAME.tsv into it, a pair a line: its number, a tab, and A, B or =. `count` adds them up.
"""

import argparse
import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.realism import RECORD, SAMPLE, cells, embedded_cast, materials
from benchmarks.spoken import Record, SpokenContact
from benchmarks.ways import Way
from simulator.content.material import Material
from simulator.content.trainees import trainees_for
from simulator.customer.actor import Actor, Spoken
from simulator.desk import Cast
from simulator.errors import SimulatorError, UsageError
from simulator.rehearsing.rehearsal import rehearse
from simulator.session import Session
from simulator.vocabulary import Ending, Value

READ = ("excellent", "generic", "careless", "hostile")
"""Trainees whose contacts are worth reading."""
FROM_A_CONTACT = 4
"""Most pairs from one contact."""
BEFORE = 6
"""Utterances shown before a line."""
SEEDS = 20


class Pair(Value):
    """Two things said in the same moment, or two contacts of the same kind."""

    moment: str
    """What a reader must know to judge; the same for both."""
    ours: str
    other: str


class Beside(Actor):
    """Says the guided line, and keeps the best line the model wrote for the same moment beside it."""

    def __init__(self, material: Material, cast: Cast) -> None:
        super().__init__(material, cast.listener)
        self._writer = Actor(material, cast.listener, cast.speaker, "free")
        self.pairs: list[tuple[int, Pair]] = []
        self.moments = self.without = 0

    async def speak(self, session: Session) -> Spoken:
        """See Actor."""
        said = await super().speak(session)
        turn = session.turns[-1]
        if turn.reply and turn.choice and not turn.choice.fired and turn.choice.ending is not Ending.DROPPED:
            self.moments += 1
            written = await self._writer.write_only(session, turn.choice)
            if written is None:
                self.without += 1
            else:
                self.pairs.append((turn.number, Pair(moment=_moment(session), ours=said.text, other=written.text)))
        return said


def _moment(session: Session) -> str:
    names = {"customer": "CUSTOMER", "trainee": "AGENT"}
    return "\n".join(f"{names[one.speaker]}: {one.text}" for one in session.utterances[-BEFORE:])


async def beside(cast: Cast, wanted: int) -> tuple[list[Pair], int, int]:
    """As many pairs as are wanted, and in how many moments how many had no written line that passed the guard."""
    played = materials()
    todo = [cell for cell in cells(played, SEEDS) if cell[1] in READ]
    random.Random(SAMPLE).shuffle(todo)
    found: list[Pair] = []
    moments = without = 0
    for name, trainee, seed in todo:
        material = played[name].cast(seed)
        actor = Beside(material, cast)
        await rehearse(material, trainees_for(material.scenario)[trainee], seed, actor, cast.listener)
        moments, without = moments + actor.moments, without + actor.without
        own = random.Random(f"{name}/{trainee}/{seed}").sample(actor.pairs, min(FROM_A_CONTACT, len(actor.pairs)))
        situation = " ".join(material.fill(material.scenario.situation).split())
        found += [pair.model_copy(update={"moment": f"{situation}\n{pair.moment}"}) for _, pair in sorted(own, key=_at)]
        print(f"{len(found)} of {wanted} pairs", file=sys.stderr)
        if len(found) >= wanted:
            break
    return found[:wanted], moments, without


def _at(numbered: tuple[int, Pair]) -> int:
    return numbered[0]


def contacts_beside(record: Record, other: Way, wanted: int) -> list[Pair]:
    """Contacts of the default way with the same contacts of another, from the record.

    Raises:
        UsageError: there is none to compare.
    """
    by_way: dict[Way, dict[tuple[str, str, int], SpokenContact]] = {way: {} for way in Way}
    for contact in record.contacts():
        if contact.trainee in READ:
            by_way[contact.way][contact.scenario, contact.trainee, contact.seed] = contact
    both = sorted(by_way[Way.GUIDED].keys() & by_way[other].keys())
    if not both:
        raise UsageError(f"No contact is on record both guided and {other}; run benchmarks.realism --acting first.")
    random.Random(SAMPLE).shuffle(both)
    return [
        Pair(
            moment=f"{scenario}, {trainee} agent",
            ours=_transcript(by_way[Way.GUIDED][scenario, trainee, seed]),
            other=_transcript(by_way[other][scenario, trainee, seed]),
        )
        for scenario, trainee, seed in both[:wanted]
    ]


def _transcript(contact: SpokenContact) -> str:
    return "\n".join(f"AGENT: {turn.reply or '(nothing)'}\nCUSTOMER: {turn.said.text}" for turn in contact.turns)


def lay_out(pairs: Sequence[Pair], folder: Path, note: str) -> None:
    """Write what readers get, sides drawn by lot, and the key apart from it."""
    draw = random.Random(SAMPLE)
    key, shown = {}, []
    for number, pair in enumerate(pairs, start=1):
        first = draw.random() < 0.5
        key[number] = "A" if first else "B"
        a, b = (pair.ours, pair.other) if first else (pair.other, pair.ours)
        gap = "\n" if "\n" in a + b else " "
        shown.append(f"=== {number}\n{pair.moment}\nA:{gap}{a}\nB:{gap}{b}\n")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pairs.txt").write_text("\n".join(shown), encoding="utf-8")
    (folder / "key.json").write_text(json.dumps({"note": note, "ours": key}), encoding="utf-8")


def choices(folder: Path) -> Iterator[tuple[str, Mapping[int, str]]]:
    """Each reader's name, and for each pair "ours", "other" or "=".

    Raises:
        UsageError: a reader's file has a line that says nothing of a pair.
    """
    key = {int(number): side for number, side in json.loads((folder / "key.json").read_text("utf-8"))["ours"].items()}
    for path in sorted(folder.glob("*.tsv")):
        chosen = {}
        for at, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            number, _, side = line.partition("\t")
            if not number.isdigit() or int(number) not in key or side.strip() not in ("A", "B", "="):
                raise UsageError(f"{path}:{at}: a line is the number of a pair, a tab, and A, B or =.")
            own = {key[int(number)]: "ours", "=": "="}
            chosen[int(number)] = own.get(side.strip(), "other")
        yield path.stem, chosen


def share(votes: Iterable[Sequence[str]]) -> tuple[float, float, float]:
    """How often ours was preferred, "=" counting half, with its 95 % interval (pairs drawn with replacement)."""
    worth = {"ours": 1.0, "=": 0.5, "other": 0.0}
    means = np.array([np.mean([worth[vote] for vote in each]) for each in votes])
    drawn = np.random.default_rng(SAMPLE).choice(means, (2_000, len(means))).mean(axis=1)
    return float(means.mean()), float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def count(folder: Path) -> None:
    """Print what readers preferred."""
    votes: dict[int, list[str]] = {}
    print(json.loads((folder / "key.json").read_text("utf-8"))["note"])
    for name, chosen in choices(folder):
        counts = Counter(chosen.values())
        print(f"  {name}: guided {counts['ours']}, no difference {counts['=']}, the other {counts['other']}")
        for number, vote in chosen.items():
            votes.setdefault(number, []).append(vote)
    mean, low, high = share(votes.values())
    majority = Counter(_majority(each) for each in votes.values())
    print(
        f"{len(votes)} pairs: guided preferred in {mean:.0%} [{low:.0%}, {high:.0%}]; by majority guided "
        f"{majority['ours']}, no difference {majority['=']}, the other {majority['other']}"
    )


def _majority(votes: Sequence[str]) -> str:
    lead = votes.count("ours") - votes.count("other")
    return "ours" if lead > 0 else "other" if lead < 0 else "="


def _lay_lines(options: argparse.Namespace) -> None:
    with embedded_cast(options.adapter) as cast:
        pairs, moments, without = asyncio.run(beside(cast, options.pairs))
        speaker = cast.speaker.name if cast.speaker else "none"
    if options.adapter:
        speaker = f"{speaker} with {options.adapter.name}"
    note = f"guided lines beside lines written by {speaker}; in {without} of {moments} moments none passed the guard"
    lay_out(pairs, options.out, note)
    print(note)


def _lay_transcripts(options: argparse.Namespace) -> None:
    pairs = contacts_beside(Record(options.resume), options.against, options.pairs)
    lay_out(pairs, options.out, f"guided contacts beside {options.against} ones")


def main() -> None:
    """Lay out or count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True, dest="kind")
    lines, transcripts, counted = (kinds.add_parser(name) for name in ("lines", "transcripts", "count"))
    for kind, pairs in ((lines, 160), (transcripts, 40)):
        kind.add_argument("--out", type=Path, required=True)
        kind.add_argument("--pairs", type=int, default=pairs)
    lines.add_argument("--adapter", type=Path)
    transcripts.add_argument("--against", type=Way, choices=list(Way), required=True)
    transcripts.add_argument("--resume", type=Path, default=RECORD, metavar="FILE")
    counted.add_argument("folder", type=Path)
    options = parser.parse_args()
    try:
        match options.kind:
            case "lines":
                _lay_lines(options)
            case "transcripts":
                _lay_transcripts(options)
            case _:
                count(options.folder)
    except SimulatorError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.exit_code) from error


if __name__ == "__main__":
    main()
