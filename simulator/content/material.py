"""All that one session is played from: scenario, persona, rubric, defaults, slots. Apart, because play and replay
read the same value, one from files and one from a journal."""

from collections.abc import Mapping

from simulator.content.casting import cast, fill
from simulator.content.rubric import Rubric
from simulator.content.schema import Defaults, Persona, Scenario
from simulator.content.source import read
from simulator.vocabulary import Value


class MaterialTexts(Value):
    """The full YAML texts."""

    scenario: str
    persona: str
    rubric: str
    defaults: str


class MaterialPaths(Value):
    """Where the texts came from, as problems name them."""

    scenario: str
    persona: str
    rubric: str
    defaults: str = "defaults.yaml"


class Material(Value):
    """What a session is played from. Without slots until it is cast."""

    scenario_id: str
    persona_id: str
    rubric_id: str
    scenario: Scenario
    persona: Persona
    rubric: Rubric
    defaults: Defaults
    texts: MaterialTexts
    paths: MaterialPaths
    slots: dict[str, str] = {}
    """Slot name to its value in this session."""

    @classmethod
    def from_texts(
        cls,
        scenario_id: str,
        persona_id: str,
        rubric_id: str,
        texts: MaterialTexts,
        slots: Mapping[str, str],
        paths: MaterialPaths | None = None,
    ) -> "Material":
        """The material of a journal, or of files whose texts have been read.

        Raises:
            ContentError: one of the texts is not what it should be.
        """
        paths = paths or _names(scenario_id, persona_id, rubric_id)
        return cls(
            scenario_id=scenario_id,
            persona_id=persona_id,
            rubric_id=rubric_id,
            scenario=read(Scenario, texts.scenario, paths.scenario),
            persona=read(Persona, texts.persona, paths.persona),
            rubric=read(Rubric, texts.rubric, paths.rubric),
            defaults=read(Defaults, texts.defaults, paths.defaults),
            texts=texts,
            paths=paths,
            slots=dict(slots),
        )

    def cast(self, seed: int) -> "Material":
        """The same material with its slots filled from a seed.

        Raises:
            ContentError: a slot cannot be filled.
        """
        return self.model_copy(update={"slots": cast(self.scenario, self.persona, seed)})

    def fill(self, text: str) -> str:
        """`text` with this session's slots.

        Raises:
            ContentError: it names a slot this session does not have (or one that is filled while playing).
        """
        return fill(text, self.slots)


def _names(scenario_id: str, persona_id: str, rubric_id: str) -> MaterialPaths:
    return MaterialPaths(
        scenario=f"scenarios/{scenario_id}.yaml",
        persona=f"personas/{persona_id}.yaml",
        rubric=f"rubrics/{rubric_id}.yaml",
    )
