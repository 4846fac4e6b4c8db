"""Whether any one wrong edit of a shipped file gives a traceback, or a problem that points outside its file.

    python -m benchmarks.mutants [--mutants 5000] [--seed 0] [--played 20]

A mutant is a shipped scenario, persona or rubric in which one key or value, or two, have been deleted, duplicated,
renamed, retyped or moved, drawn from the seed; in some a finger slipped as well, so that they may be no YAML. It is
read as `simulator lint` reads it; where nothing is wrong with it, it is cast, and shown as a page; and so many of those
are rehearsed with scripted trainees.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from benchmarks.bench import header
from simulator.content.library import Library, shipped
from simulator.content.problem import Problem
from simulator.content.shelf import KINDS, Kind, kind_of
from simulator.content.source import text_of
from simulator.errors import ContentError
from simulator.rehearsing.scenario_tests import Company, tested
from simulator.reports.scenario_page import page
from simulator.vocabulary import Value

DEEPER = 0.75
"""How often the thing that is changed is looked for one level further down."""
TWICE = 0.2
"""How often a second thing is changed."""
SLIPS = 0.25
"""How often a character is lost, added or the rest of the file cut off besides."""
KEPT = 2
"""Lines for a move, in a file that is thinned."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_TEXTS = (
    *("", "~", "no", "true", "-1", "0", "101", "9" * 15, "9" * 400, ".inf", "1e999", "0x1F", "12:30", "2024-02-30"),
    *("{", "}", "{}", "{customer}", "{{customer}}", "{nobody}", "{you_said}", "*", "&a", "!!python/none x", "---", "#"),
    *("any", "all", "not", "turn_at_least", "Ünïcödé ж 漢字 🙂", "a\u2028b", "a\tb", "\ufeff", "e\u0301", "%s", "\\"),
    *("../../etc/passwd", "/dev/zero", "name: with colon", "- dash", "[open", "word " * 2_000),
)
_KEYS = (
    *"\"'[]{}:,#&*!|>%@`-? \t\n\r",
    ": ",
    "- ",
    "\n\n",
    "\x00",
    "\x1b",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ud7ff",
    "🙂",
    "---\n",
)
_SHAPES = ("[]", "{}", "[[]]", "[null]", "{a: 1}", "{any: []}", "{all: [{not: {any: []}}]}", "{sum: [1e999999, 1]}",
           "{faker: nobody}", "{choice: []}", "{1: {name: x, anchor: y}}", "[1, two, {three: 3}]")  # fmt: skip


class Mutant(Value):
    """A shipped file with a wrong edit."""

    kind: Kind
    origin: str
    """Id of the file it was."""
    edits: tuple[str, ...]
    text: str


class Outcome(Value):
    """What came of reading a mutant."""

    mutant: Mutant
    came: str
    """"refused", "warned", "clean", or "broken"."""
    why: str = ""
    """Of a broken one: the traceback, or the problem that points outside its file."""


def mutants(count: int, seed: int, *, thin: bool = False) -> Iterator[Mutant]:
    """Mutants of shipped files in turn; the same for the same arguments.

    Args:
        count: How many.
        seed: What is drawn is drawn from it.
        thin: Leave a few lines for each move beforehand: the same keys, and far quicker to read.
    """
    library = Library([shipped()])
    for number in range(count):
        draw = random.Random(f"{seed}/{number}")
        kind = KINDS[number % len(KINDS)]
        path = draw.choice(library.files(kind))
        root = _nodes_of(path.read_text(encoding="utf-8"))
        if thin and kind != "rubric":
            _thin(root)
        edits = [_edited(root, draw) for _ in range(1 + (draw.random() < TWICE))]
        text = _text_of(root)
        if draw.random() < SLIPS:
            text = _slipped(text, draw)
            edits.append("slip")
        yield Mutant(kind=kind, origin=path.stem, edits=tuple(edits), text=text)


def _nodes_of(text: str) -> MappingNode:
    root = yaml.compose(text, Loader=_LOADER)
    assert isinstance(root, MappingNode), "shipped files hold keys and values"
    return root


def _text_of(root: Node) -> str:
    return str(yaml.serialize(root, Dumper=_DUMPER, allow_unicode=True, width=100))


def _thin(root: MappingNode) -> None:
    lines = next(value for key, value in root.value if key.value == "lines")
    for move in _children(lines):
        del move.value[KEPT:]


def _children(node: Node) -> list[Node]:
    match node:
        case MappingNode():
            return [value for _, value in node.value]
        case SequenceNode():
            return list(node.value)
        case _:
            return []


def _edited(root: Node, draw: random.Random) -> str:
    """Change one key or value somewhere below, and say how."""
    holder = root
    while draw.random() < DEEPER:
        below = [child for child in _children(holder) if _children(child)]
        if not below:
            break
        holder = draw.choice(below)
    if not holder.value:  # an earlier edit has emptied the file
        return "nothing"
    edit = draw.choice([_delete, _duplicate, _rename, _retype, _retype, _reorder, _transplant])
    position = draw.randrange(len(holder.value))
    told = f"{edit.__name__[1:]} item {position} in line {holder.start_mark.line + 1}"
    edit(holder, position, draw, root)
    return told


def _delete(holder: Node, position: int, _draw: random.Random, _root: Node) -> None:
    del holder.value[position]


def _duplicate(holder: Node, position: int, draw: random.Random, _root: Node) -> None:
    holder.value.insert(draw.randrange(len(holder.value) + 1), holder.value[position])


def _rename(holder: Node, position: int, draw: random.Random, root: Node) -> None:
    if not isinstance(holder, MappingNode):
        _retype(holder, position, draw, root)
        return
    key, value = holder.value[position]
    others = [other.value for node in _all(root) if isinstance(node, MappingNode) for other, _ in node.value]
    name = draw.choice([key.value[1:], key.value.upper(), f"{key.value}s", draw.choice(others), draw.choice(_TEXTS)])
    holder.value[position] = (_scalar(name), value)


def _retype(holder: Node, position: int, draw: random.Random, _root: Node) -> None:
    shape = _nodes_of(f"shape: {draw.choice(_SHAPES)}").value[0][1]
    _put(holder, position, draw.choice([_scalar(draw.choice(_TEXTS)), shape]))


def _reorder(holder: Node, _position: int, draw: random.Random, _root: Node) -> None:
    draw.shuffle(holder.value)


def _transplant(holder: Node, position: int, draw: random.Random, root: Node) -> None:
    """Another part of the file in this place; its second place becomes an alias."""
    _put(holder, position, draw.choice(list(_all(root))))


def _slipped(text: str, draw: random.Random) -> str:
    place = draw.randrange(len(text))
    before, after = text[:place], text[place + 1 :]
    added = draw.choice(_KEYS)
    slips = (before, before + after, before + added + text[place:], before + added + after)
    return draw.choice(slips)


def _put(holder: Node, position: int, node: Node) -> None:
    holder.value[position] = (holder.value[position][0], node) if isinstance(holder, MappingNode) else node


def _all(root: Node) -> Iterator[Node]:
    """Every value below, each once, also where an edit has tied a knot."""
    waiting, seen = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        yield node
        fresh = [child for child in _children(node) if id(child) not in seen]
        seen.update(map(id, fresh))
        waiting += fresh


def _scalar(text: str) -> ScalarNode:
    """As a person would type it: what looks like a number or nothing is one."""
    tag = yaml.SafeLoader("").resolve(ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return ScalarNode(tag, text)


class Workshop:
    """A folder in which mutants are read, one after the other, in place of the files they were."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._users: dict[tuple[str, str], Path] = {}
        for kind in KINDS:
            (folder / f"{kind}s").mkdir()
        for scenario in Library([shipped()]).files("scenario"):
            self._take_in(scenario)

    def _take_in(self, scenario: Path) -> None:
        """Put a thinned copy there, for whatever it names to be read with."""
        root = _nodes_of(scenario.read_text(encoding="utf-8"))
        _thin(root)
        copy = self._folder / f"scenarios/with-{scenario.name}"
        copy.write_text(_text_of(root), encoding="utf-8")
        named = {key.value: value.value for key, value in root.value}
        self._users |= {(kind, named[kind]): copy for kind in ("persona", "rubric")}

    def outcome(self, mutant: Mutant) -> Outcome:
        """Read it by itself and with a scenario that uses it, and go on with it as far as it can be used."""
        path = self._folder / f"{mutant.kind}s" / f"{mutant.origin}.yaml"
        path.write_bytes(mutant.text.encode())
        try:
            problems = self._problems(path)
            outside = [problem.summary for problem in problems if not is_inside(problem)]
            came = "refused" if any(not one.warning for one in problems) else "warned" if problems else "clean"
            return Outcome(mutant=mutant, came="broken" if outside else came, why="\n".join(outside))
        except Exception:  # noqa: BLE001 this is what is looked for
            return Outcome(mutant=mutant, came="broken", why=traceback.format_exc())
        finally:
            path.unlink()

    def rehearse(self, mutant: Mutant) -> None:
        """Play a mutant with scripted trainees, whatever comes of it."""
        path = self._folder / f"{mutant.kind}s" / f"{mutant.origin}.yaml"
        path.write_bytes(mutant.text.encode())
        try:
            asyncio.run(tested(self._library.material(str(self._user(path))), 1, Company(), lambda: None))
        finally:
            path.unlink()

    @property
    def _library(self) -> Library:
        return Library([shipped(), self._folder])

    def _problems(self, path: Path) -> list[Problem]:
        problems = self._library.check(path)
        if all(problem.warning for problem in problems):
            try:
                material = self._library.material(str(self._user(path))).cast(0)
            except ContentError:  # together they are unfit, which a look at the scenario says in full
                return self._library.check(self._user(path))
            page(material, every_line=True)
        return problems

    def _user(self, path: Path) -> Path:
        """A scenario that uses the file: itself, or one that names it; any, if none does."""
        if kind_of(path) == "scenario":
            return path
        return self._users.get((kind_of(path), path.stem), next(iter(self._users.values())))


def is_inside(problem: Problem) -> bool:
    """Whether its line is one of its file's, and its column on that line or just behind it."""
    lines = text_of(Path(problem.path)).splitlines() or [""]
    return problem.line <= len(lines) and problem.column <= len(lines[problem.line - 1]) + 1


def outcomes(made: Iterator[Mutant], played: int = 0) -> Iterator[Outcome]:
    """What comes of each mutant; the first so many that can be used are rehearsed, too."""
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder).resolve())
        for mutant in made:
            outcome = workshop.outcome(mutant)
            if outcome.came in ("clean", "warned") and played:
                played -= 1
                outcome = _rehearsed(workshop, outcome)
            yield outcome


def _rehearsed(workshop: Workshop, outcome: Outcome) -> Outcome:
    try:
        workshop.rehearse(outcome.mutant)
    except Exception:  # noqa: BLE001 this is what is looked for
        return outcome.model_copy(update={"came": "broken", "why": traceback.format_exc()})
    return outcome


def table(found: Sequence[Outcome]) -> str:
    """A line for each kind of file."""
    counts: Mapping[Kind, Counter[str]] = {
        kind: Counter(one.came for one in found if one.mutant.kind == kind) for kind in KINDS
    }
    columns = ("refused", "warned", "clean", "broken")
    rows = [f"{kind:<10}" + "".join(f"{counts[kind][column]:>9}" for column in columns) for kind in KINDS]
    return "\n".join([f"{'':<10}" + "".join(f"{column:>9}" for column in columns), *rows])


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--mutants", type=int, default=5_000)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--played", type=int, default=20, help="Usable mutants that are rehearsed as well.")
    arguments.add_argument("--thin", action="store_true", help="Cut long lists beforehand: quicker.")
    chosen = arguments.parse_args()
    began = time.monotonic()
    found = []
    for one in outcomes(mutants(chosen.mutants, chosen.seed, thin=chosen.thin), chosen.played):
        found.append(one)
        print(len(found), end="\r", file=sys.stderr)
        if one.came == "broken":
            print(f"{one.mutant.kind} {one.mutant.origin}: {'; '.join(one.mutant.edits)}\n{one.why}\n", flush=True)
    print(header(f"{len(found)} mutants from seed {chosen.seed}, {time.monotonic() - began:.0f} s"))
    print(table(found))
    return int(any(one.came == "broken" for one in found))


if __name__ == "__main__":
    raise SystemExit(main())
