"""Whether customers answer better than they did: replies of stored sessions, answered again in their places.

    python -m benchmarks.again answer SESSIONS --out FOLDER [--moments 260]
    python -m benchmarks.again count FOLDER

`answer` takes the journals under SESSIONS, puts each reply of a trainee to the customer as it speaks now, after the
same words as then, and sets the new answer beside the old one. FOLDER then has `pairs.txt`, to be given to readers, and
`key.json`, not to be shown to them. A reader writes a file NAME.tsv into it, a moment a line: its number, a mark for A
and one for B (2 fits, 1 in part, 0 does not), and A, B or = for which they would rather have, with tabs between.
`count` adds them up.
"""

import argparse
import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.bench import header
from benchmarks.blind import Pair, lay_out, share
from simulator.backends import embedded
from simulator.consequences import Consequences
from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.customer.actor import Actor
from simulator.desk import material_of
from simulator.errors import SimulatorError, UsageError
from simulator.ports import Listener
from simulator.session import Session, Turn
from simulator.storage import journal
from simulator.vocabulary import Value
from training.listening import listening

SAMPLE = 7
"""Draws the moments."""
MARKS = {"2": "fits", "1": "in part", "0": "not"}


class Moment(Value):
    """A reply of a stored session that the customer answered."""

    session: Session
    turn: Turn
    material: Material
    """As it is authored now, with the slots of then."""


def moments(folder: Path) -> Iterator[Moment]:
    """Every reply that was answered, none twice, of sessions whose scenario still has the same slots."""
    library = Library([shipped()])
    known = {card.id for card in library.scenarios()}
    seen: set[str] = set()
    for path in sorted(folder.rglob("*.jsonl")):
        session = Session.of(journal.read(path))
        if session.started.scenario_id not in known:
            continue
        now = library.material(session.started.scenario_id, session.started.persona_id).cast(session.started.seed)
        then = material_of(session).slots
        if any(now.slots.get(slot) != value for slot, value in then.items()):
            continue
        for turn in session.turns[1:]:
            if turn.reply and turn.line and turn.reply not in seen:
                seen.add(turn.reply)
                yield Moment(session=session, turn=turn, material=now)


async def answered(moment: Moment, listener: Listener) -> str:
    """What the customer says to the reply now."""
    consequences = Consequences(moment.material)
    act = moment.turn.act
    assert act is not None
    before = {"turns": moment.session.turns[: moment.turn.number], "ended": None}
    session = moment.session.model_copy(update=before)
    heard = consequences.unread(session.after(act))
    features = await listener.features(heard.before, heard.reply) if heard else None
    said = await Actor(moment.material, listener).speak(consequences.imagined(session, act, features))
    return said.text


async def pairs(drawn: Iterable[Moment], listener: Listener) -> list[Pair | None]:
    """New and old answers; None where they are the same."""
    found: list[Pair | None] = []
    for moment in drawn:
        now, then = await answered(moment, listener), moment.turn.line
        assert then is not None
        said = moment.session.turns[moment.turn.number - 1].heard_text
        scene = f"{moment.session.started.scenario_id}\nCUSTOMER: {said}\nAGENT: {moment.turn.reply}"
        found.append(None if now == then.text else Pair(moment=scene, ours=now, other=then.text))
        print(f"{len(found)} answered", file=sys.stderr)
    return found


def count(folder: Path) -> None:
    """Print marks and preferences of every reader, and of all together.

    Raises:
        UsageError: a reader's file has a line that says nothing of a moment.
    """
    laid = json.loads((folder / "key.json").read_text("utf-8"))
    print(laid["note"])
    votes: dict[int, list[str]] = {}
    for path in sorted(folder.glob("*.tsv")):
        rows = list(_rows(path, laid["ours"]))
        for whose, at in (("now", 0), ("then", 1)):
            shares = Counter(marks[at] for _, marks, _ in rows)
            told = ", ".join(f"{what} {shares[mark] / len(rows):.0%}" for mark, what in MARKS.items())
            print(f"  {path.stem}, {len(rows)} answers of {whose}: {told}")
        for number, _, preferred in rows:
            votes.setdefault(number, []).append(preferred)
    mean, low, high = share(votes.values())
    print(f"{len(votes)} moments: the answer of now preferred in {mean:.0%} [{low:.0%}, {high:.0%}]")


def _rows(path: Path, ours: Mapping[str, str]) -> Iterator[tuple[int, tuple[str, str], str]]:
    """A reader's lines: the moment, the marks of now and then, and whose answer was preferred."""
    for at, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        match [part.strip() for part in line.split("\t")]:
            case [number, a, b, ("A" | "B" | "=") as side] if number in ours and a in MARKS and b in MARKS:
                own = ours[number]
                preferred = "=" if side == "=" else "ours" if side == own else "other"
                yield int(number), (a, b) if own == "A" else (b, a), preferred
            case _:
                raise UsageError(f"{path}:{at}: a line is a number, two marks (2, 1 or 0), and A, B or =, with tabs.")


def _answer(options: argparse.Namespace) -> None:
    drawn = list(moments(options.sessions))
    random.Random(SAMPLE).shuffle(drawn)
    with listening() as listener:
        found = asyncio.run(pairs(drawn[: options.moments], listener))
    differing = [pair for pair in found if pair is not None]
    note = f"{header(embedded.FILE_NAME)}: {len(found)} replies answered again, {len(differing)} of them otherwise"
    lay_out(differing, options.out, note)
    print(note)


def main() -> None:
    """Answer or count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True, dest="kind")
    answer, counted = (kinds.add_parser(name) for name in ("answer", "count"))
    answer.add_argument("sessions", type=Path)
    answer.add_argument("--out", type=Path, required=True)
    answer.add_argument("--moments", type=int, default=260)
    counted.add_argument("folder", type=Path)
    options = parser.parse_args()
    try:
        _answer(options) if options.kind == "answer" else count(options.folder)
    except SimulatorError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
