"""The scenarios and personas a person can play. The door through which the rest of the program gets content."""

from collections.abc import Sequence
from pathlib import Path

from simulator.content.cards import AnyCard, PersonaCard, ScenarioCard, card_of
from simulator.content.lint import lint
from simulator.content.material import Material, MaterialTexts
from simulator.content.packs import shipped
from simulator.content.problem import Problem, refuse
from simulator.content.rubric import Rubric
from simulator.content.schema import Scenario
from simulator.content.shelf import SUFFIXES, Kind, Reading, Shadow, Shelf, kind_of

__all__ = ["Library", "Material", "MaterialTexts", "PersonaCard", "ScenarioCard", "shipped"]


class Library:
    """Content in folders and zip files that hold `scenarios/`, `personas/` and `rubrics/`; later ones come first.

    Files are read anew each time, so that an edited draft is played as it is now.
    """

    def __init__(self, roots: Sequence[Path], defaults: Path | None = None) -> None:
        """`defaults` stands in for the ledger rules and limits that come with the package."""
        self._shelf = Shelf(roots, defaults)

    def files(self, kind: Kind) -> tuple[Path, ...]:
        """The files of one kind, by id, readable or not."""
        return tuple(path for _, path in sorted(self._shelf.files(kind).items()))

    def shadows(self) -> tuple[Shadow, ...]:
        """Files that are not used, because one with the same id comes later."""
        return self._shelf.shadows()

    def scenarios(self) -> tuple[ScenarioCard, ...]:
        """A card for every scenario that has one, by id. What is wrong with the rest is in `problems`."""
        return self._cards("scenario", ScenarioCard, [])

    def personas(self) -> tuple[PersonaCard, ...]:
        """A card for every persona that has one, by id."""
        return self._cards("persona", PersonaCard, [])

    def problems(self) -> tuple[Problem, ...]:
        """Why scenarios and personas are missing from the shelf. What is wrong with those on it, `check` tells."""
        problems: list[Problem] = []
        self._cards("scenario", ScenarioCard, problems)
        self._cards("persona", PersonaCard, problems)
        return tuple(problem for problem in problems if not problem.warning)

    def material(self, scenario: str, persona: str | None = None) -> Material:
        """Everything for a session, not yet cast.

        Args:
            scenario: An id, or the path of a draft that ends in .yaml or .yml. A draft may also use the personas and
                rubrics in the folders beside its own.
            persona: Id of another persona than the scenario names.

        Raises:
            UsageError: there is no such scenario or persona.
            ContentError: a file cannot be used, or scenario and persona do not fit together.
        """
        reading = Reading()
        material = self._gather(scenario, persona, reading)
        refuse([*reading.problems, *(lint(material) if material else ())], reading.texts)
        assert material is not None, "what is missing is a problem"
        return material

    def rubric(self, name: str) -> Rubric:
        """The rubric with this id.

        Raises:
            UsageError: there is none.
            ContentError: its file cannot be used.
        """
        reading = Reading()
        rubric = reading.rubric(self._shelf.found("rubric", name))
        refuse(reading.problems, reading.texts)
        assert rubric is not None, "what is missing is a problem"
        return rubric

    def check(self, path: Path) -> list[Problem]:
        """Every problem and warning of one file: of a scenario together with its persona, else of the file alone.

        The kind of file is told by the folder it lies in; a file elsewhere is taken for a scenario.
        """
        reading = Reading()
        match kind_of(path):
            case "persona":
                reading.persona(path)
                return reading.problems
            case "rubric":
                reading.rubric(path)
                return reading.problems
            case "scenario":
                material = self._gather(str(path), None, reading)
                return [*reading.problems, *(lint(material) if material else ())]

    def _gather(self, scenario: str, persona: str | None, reading: Reading) -> Material | None:
        path, shelf = self._place(scenario)
        draft = reading.value(Scenario, path)
        if draft is None:
            return None
        persona_path = shelf.found("persona", persona) if persona else reading.named(shelf, "persona", draft, path)
        rubric_path = reading.named(shelf, "rubric", draft, path)
        if persona_path is None or rubric_path is None:
            return None
        return reading.material(draft, path, persona_path, rubric_path, shelf.defaults)

    def _place(self, scenario: str) -> tuple[Path, Shelf]:
        if not scenario.endswith(SUFFIXES):
            return self._shelf.found("scenario", scenario), self._shelf
        path = Path(scenario)
        return path, Shelf([*self._shelf.roots, path.absolute().parent.parent], self._shelf.defaults)

    def _cards(self, kind: Kind, card: type[AnyCard], problems: list[Problem]) -> tuple[AnyCard, ...]:
        files = sorted(self._shelf.files(kind).items())
        return tuple(found for _, path in files if (found := card_of(card, path, problems)))
