"""How well the guard finds what is wrong with a line: on lines that were labelled by hand and it was not written on.

    python -m benchmarks.faults
    python -m benchmarks.faults draw --out FILE --adapter FILE.gguf [--lines 120]

`draw` writes unlabelled lines, half by the embedded model with a customer's adapter and half by it bare, as they come
and before any guard, each with the moment it was written for; whoever labels them fills in `faults`. The labelled ones
are in `benchmarks/labelled_lines.jsonl`; those in `labelled_lines_seen.jsonl` are what the guard was improved on, and
are measured apart.
"""

import argparse
import asyncio
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from benchmarks.bench import header
from benchmarks.blind import READ
from benchmarks.realism import SAMPLE, SEEDS, cells, materials
from benchmarks.spoken import before_the_answer
from simulator.backends import embedded
from simulator.backends.engine import Engine
from simulator.backends.llama import Weights
from simulator.backends.speaker import LlamaSpeaker
from simulator.content.material import Material
from simulator.content.trainees import trainees_for
from simulator.customer import prompt
from simulator.customer.actor import MAX_TOKENS, Actor
from simulator.customer.guard import FaultCode, Guard, clean
from simulator.desk import started_with
from simulator.events import CustomerSpoke, ModelCard, MoveChosen, TraineeSpoke
from simulator.ports import Speaker
from simulator.rehearsing.rehearsal import rehearse
from simulator.session import Session, Turn
from simulator.vocabulary import Ending, Move, Value

LABELLED = Path(__file__).with_name("labelled_lines.jsonl")
SEEN = Path(__file__).with_name("labelled_lines_seen.jsonl")
PER_CONTACT = 3
_THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)


class LabelledLine(Value):
    """A line in its moment, and what is wrong with it."""

    made: Literal["adapter", "bare", "written"]
    """By the model with or without the customer's adapter, or by a person."""
    scenario: str
    seed: int
    """The scenario is cast from it."""
    said: tuple[tuple[str, str], ...]
    """What the trainee and then the customer said, turn by turn; the trainee says nothing in the first."""
    reply: str
    """What the line answers."""
    unlocked: tuple[str, ...]
    """Facts that had come unlocked by then."""
    move: Move
    line: str
    faults: tuple[FaultCode, ...] | None = None
    """None: nobody has labelled it yet."""

    def session(self, material: Material) -> Session:
        """The moment, as the guard sees it."""
        turns = [_turn(number, reply, line) for number, (reply, line) in enumerate(self.said)]
        choice = MoveChosen(at=_THEN, turn=len(turns), move=self.move, gist="", because="", unlocked=self.unlocked)
        last = _turn(len(turns), self.reply, None).model_copy(update={"choice": choice})
        started = started_with(
            material,
            at=_THEN,
            session="labelled",
            app_version="none",
            rater_version="none",
            seed=self.seed,
            trainee="scripted",
            model=ModelCard(speaker="none", listener="none", way="free"),
        )
        return Session(started=started, turns=(*turns, last))


def _turn(number: int, reply: str, line: str | None) -> Turn:
    return Turn(
        number=number,
        act=TraineeSpoke(at=_THEN, turn=number, text=reply) if reply else None,
        line=CustomerSpoke(at=_THEN, turn=number, text=line, source="guided") if line else None,
    )


def labelled(path: Path) -> list[LabelledLine]:
    """The lines of a file, a JSON object each."""
    return [LabelledLine.model_validate_json(row) for row in path.read_text("utf-8").splitlines()]


def found(row: LabelledLine, material: Material) -> frozenset[FaultCode]:
    """What the guard finds."""
    faults = Guard(material).faults(row.line, row.session(material), row.move)
    return frozenset(fault.code for fault in faults)


def measure(rows: Sequence[LabelledLine]) -> Iterator[str]:
    """Recall and precision, for any fault, by kind of fault and by where lines come from."""
    played = materials()
    pairs = [(row, frozenset(row.faults or ()), found(row, played[row.scenario].cast(row.seed))) for row in rows]
    yield _rates("a line with any fault", [(bool(truth), bool(seen)) for _, truth, seen in pairs])
    for made in ("adapter", "bare", "written"):
        yield _rates(f"  {made}", [(bool(truth), bool(seen)) for row, truth, seen in pairs if row.made == made])
    for code in FaultCode:
        yield _rates(f"  {code}", [(code in truth, code in seen) for _, truth, seen in pairs])


def _rates(name: str, pairs: Sequence[tuple[bool, bool]]) -> str:
    there, seen = sum(truth for truth, _ in pairs), sum(seen for _, seen in pairs)
    both = sum(truth and seen for truth, seen in pairs)
    recall = f"{both / there:.2f}" if there else "none there"
    precision = f"{both / seen:.2f}" if seen else "none found"
    return f"{name:24} {len(pairs):4} lines  {there:3} faulty  recall {recall:10}  precision {precision}"


async def drawn(count: int, speakers: Sequence[Speaker]) -> list[LabelledLine]:
    """Unlabelled lines from all scenarios, by each speaker in turn."""
    played = materials()
    todo = [cell for cell in cells(played, SEEDS) if cell[1] in READ]
    random.Random(SAMPLE + 1).shuffle(todo)
    rows: list[LabelledLine] = []
    for cell in todo:
        if len(rows) >= count:
            break
        name, trainee, seed = cell
        material, sessions = played[name].cast(seed), list[Session]()
        script = trainees_for(material.scenario)[trainee]
        await rehearse(material, script, seed, Actor(material, None), None, after=sessions.append)
        answers = [session for session in sessions if _is_answer(session.turns[-1])]
        for session in random.Random(seed).sample(answers, min(PER_CONTACT, len(answers))):
            speaker = speakers[len(rows) % len(speakers)]
            rows.append(await _written(before_the_answer(session), material, name, speaker))
    return rows[:count]


def _is_answer(turn: Turn) -> bool:
    return bool(turn.reply and turn.choice and turn.choice.ending is not Ending.DROPPED)


async def _written(session: Session, material: Material, scenario: str, speaker: Speaker) -> LabelledLine:
    *past, turn = session.turns
    assert turn.choice is not None, "only answers are written"
    ask = prompt.directing if speaker.trained else prompt.writing
    text = ask(session, material, turn.choice.move, turn.choice.gist)
    written = await speaker.write(text, 1, session.seed_for(turn.number, "labelled"), MAX_TOKENS)
    return LabelledLine(
        made="adapter" if speaker.trained else "bare",
        scenario=scenario,
        seed=session.started.seed,
        said=tuple((each.reply or "", each.line.text if each.line else "") for each in past),
        reply=turn.reply or "",
        unlocked=tuple(sorted(session.unlocked)),
        move=turn.choice.move,
        line=clean(written[0], material.fill("{customer}")),
    )


def _draw(out: Path, adapter: Path, count: int) -> None:
    engine = Engine()
    weights = Weights(embedded.locate())
    speakers = (LlamaSpeaker(engine, weights, "adapter", adapter=adapter), LlamaSpeaker(engine, weights, "bare"))
    try:
        rows = asyncio.run(drawn(count, speakers))
    finally:
        engine.close()
    out.write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")


def main() -> None:
    """Measure, or draw lines to be labelled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", nargs="?", choices=("measure", "draw"), default="measure")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--lines", type=int, default=120)
    options = parser.parse_args()
    if options.kind == "draw":
        if options.out is None or options.adapter is None:
            parser.error("draw needs --out FILE and --adapter FILE")
        _draw(options.out, options.adapter, options.lines)
        return
    for path in (LABELLED, SEEN):
        print(header(f"guard, {path.name}"))
        print("\n".join(measure(labelled(path))))


if __name__ == "__main__":
    main()
