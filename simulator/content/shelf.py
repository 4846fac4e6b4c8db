"""Which file an id stands for, and reading several files for one purpose. Apart from the library, which decides what
to read; this only reads and remembers what was wrong."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from simulator.content.complaints import nearest
from simulator.content.lint import persona_lint
from simulator.content.material import Material, MaterialPaths, MaterialTexts
from simulator.content.packs import SUFFIXES, authored_in, folder_of
from simulator.content.parsing import parse
from simulator.content.problem import Problem, quoted
from simulator.content.rubric import Rubric
from simulator.content.rule_lint import rule_lint
from simulator.content.schema import Defaults, Persona, Scenario
from simulator.content.source import Model, read, text_of
from simulator.errors import UsageError
from simulator.vocabulary import Value

__all__ = ["KINDS", "SUFFIXES", "Kind", "Reading", "Shadow", "Shelf", "authored_in", "kind_of"]

Kind = Literal["scenario", "persona", "rubric"]
KINDS: tuple[Kind, ...] = ("scenario", "persona", "rubric")


def kind_of(path: Path) -> Kind:
    """What a file is for, by the folder it lies in; a scenario, if that says nothing."""
    folder = path.absolute().parent.name
    return next((kind for kind in KINDS if folder == f"{kind}s"), "scenario")


class Shadow(Value):
    """Two files with one id, of which one is used."""

    kind: Kind
    id: str
    used: Path
    hidden: Path


class Shelf:
    """Folders and zip files that hold `scenarios/`, `personas/` and `rubrics/`; a file in a later one shadows the
    earlier."""

    def __init__(self, roots: Sequence[Path], defaults: Path | None = None) -> None:
        self.roots = tuple(roots)
        self.defaults = defaults or Path(__file__).with_name("defaults.yaml")

    def files(self, kind: Kind) -> Mapping[str, Path]:
        """Id to file.

        Raises:
            ContentError: a pack is refused as a whole.
        """
        return {path.stem: path for path in self._all(kind)}

    def shadows(self) -> tuple[Shadow, ...]:
        """Every file that is there and not used, because one with its id comes later."""
        return tuple(shadow for kind in KINDS for shadow in self._shadows(kind))

    def _shadows(self, kind: Kind) -> Iterator[Shadow]:
        used = self.files(kind)
        for path in dict.fromkeys(self._all(kind)):
            if path.absolute() != used[path.stem].absolute():
                yield Shadow(kind=kind, id=path.stem, used=used[path.stem], hidden=path)

    def _all(self, kind: Kind) -> list[Path]:
        return [path for root in self.roots for path in authored_in(folder_of(root) / f"{kind}s")]

    def found(self, kind: Kind, name: str) -> Path:
        """The file with this id.

        Raises:
            UsageError: there is none.
        """
        files = self.files(kind)
        if name not in files:
            raise UsageError(self.unknown(kind, name))
        return files[name]

    def unknown(self, kind: Kind, name: str) -> str:
        """The sentence that says so, with the nearest name there is."""
        known = sorted(self.files(kind))
        near = nearest(name, known)
        guess = f"; did you mean {quoted(near)}?" if near else "."
        listing = "`simulator scenarios` lists them." if kind == "scenario" else f"Known: {', '.join(known)}."
        return f"There is no {kind} {quoted(name)}{guess} {listing}"


class Reading:
    """Files read for one purpose: their texts, and what is wrong with them."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.problems: list[Problem] = []

    def value(self, model_class: type[Model], path: Path) -> Model | None:
        """What the file describes; None, with problems, if it cannot be used."""
        text = text_of(path, self.problems)
        if text is None:
            return None
        self.texts[str(path)] = text
        return read(model_class, text, path, self.problems)

    def persona(self, path: Path) -> Persona | None:
        """The persona in a file, looked through without a scenario; None, with problems, if it cannot be used."""
        persona = self.value(Persona, path)
        if persona is not None:
            document = parse(self.texts[str(path)], str(path), [])
            assert document is not None, "the persona came from this text"
            self.problems += sorted(persona_lint(persona, document), key=lambda problem: (problem.line, problem.column))
        return persona

    def rubric(self, path: Path) -> Rubric | None:
        """The rubric in a file, its rules looked through; None, with problems, if it cannot be used."""
        rubric = self.value(Rubric, path)
        if rubric is None:
            return None
        document = parse(self.texts[str(path)], str(path), [])
        assert document is not None, "the rubric came from this text"
        found = rule_lint(rubric, document)
        self.problems += found
        return rubric if all(problem.warning for problem in found) else None

    def named(self, shelf: Shelf, kind: Literal["persona", "rubric"], draft: Scenario, path: Path) -> Path | None:
        """The file of the persona or rubric that a scenario (read from `path`) names; None, with a problem, if none."""
        name: str = getattr(draft, kind)
        found = shelf.files(kind).get(name)
        if found is None:
            document = parse(self.texts[str(path)], str(path), [])
            assert document is not None, "the draft came from this text"
            self.problems.append(document.problem((kind,), "unknown-name", shelf.unknown(kind, name)))
        return found

    def material(self, draft: Scenario, scenario: Path, persona: Path, rubric: Path, defaults: Path) -> Material | None:
        """A scenario (read from its path) and what goes with it; None, with problems, if a file is unusable."""
        paths = MaterialPaths(scenario=str(scenario), persona=str(persona), rubric=str(rubric), defaults=str(defaults))
        parts = (self.value(Persona, persona), self.rubric(rubric), self.value(Defaults, defaults))
        if parts[0] is None or parts[1] is None or parts[2] is None:
            return None
        return Material(
            scenario_id=scenario.stem,
            persona_id=persona.stem,
            rubric_id=rubric.stem,
            scenario=draft,
            persona=parts[0],
            rubric=parts[1],
            defaults=parts[2],
            texts=MaterialTexts(**{part: self.texts[path] for part, path in paths.model_dump().items()}),
            paths=paths,
        )
