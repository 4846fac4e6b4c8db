"""Which file an id stands for, and reading several files for one purpose. Apart from the library, which decides what
to read; this only reads and remembers what was wrong."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from simulator.content.complaints import nearest
from simulator.content.material import Material, MaterialPaths, MaterialTexts
from simulator.content.parsing import parse
from simulator.content.problem import Problem, quoted
from simulator.content.rubric import Rubric
from simulator.content.rule_lint import rule_lint
from simulator.content.schema import Defaults, Persona, Scenario
from simulator.content.source import Model, read, text_of
from simulator.errors import UsageError

Kind = Literal["scenario", "persona", "rubric"]
SUFFIXES = (".yaml", ".yml")


class Shelf:
    """Folders that hold `scenarios/`, `personas/` and `rubrics/`; a file in a later one shadows the earlier."""

    def __init__(self, roots: Sequence[Path], defaults: Path | None = None) -> None:
        self.roots = tuple(roots)
        self.defaults = defaults or Path(__file__).with_name("defaults.yaml")

    def files(self, kind: Kind) -> Mapping[str, Path]:
        """Id to file."""
        return {
            path.stem: path
            for root in self.roots
            for path in sorted((root / f"{kind}s").glob("*.y*ml"))
            if path.suffix in SUFFIXES and not path.name.startswith(".")
        }

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

    def rubric(self, path: Path) -> Rubric | None:
        """The rubric in a file, its rules looked through; None, with problems, if it cannot be used."""
        rubric = self.value(Rubric, path)
        if rubric is None:
            return None
        document = parse(self.texts[str(path)], str(path), [])
        assert document is not None, "the rubric came from this text"
        found = rule_lint(rubric, document)
        self.problems += found
        return None if found else rubric

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
