"""First drafts of scenarios, personas and rubrics: commented files that are valid and can be played, to be rewritten.

Apart from the commands, which ask what goes into them. The texts stand in `skeletons`; here the answers are put in.
"""

import json
import tomllib
from importlib.resources import files
from string import Template

from pydantic import Field

from simulator.vocabulary import Channel, Feeling, Mood, Value

PLAYABLE = (Mood.IRATE, Mood.DISTRESSED, Mood.CONFUSED)
"""Moods a scenario can have a first draft for; `mild` occurs in rated data only."""


class MoodPart(Value):
    """What a scenario's first draft has of its own for a mood: YAML, as it is put in."""

    persona: str
    """Id of a shipped persona whom the mood suits."""
    feeling: Feeling
    """The leading feeling."""
    emotion: str
    floor: int
    """Below which no stock phrase brings the upset."""
    knack: str
    opening: str
    vent: str
    panic: str
    """The whole move with its lines; empty for customers who make no such move."""
    excellent: str


class ScenarioAnswers(Value):
    """What a scenario's first draft is made from."""

    title: str
    industry: str
    mood: Mood
    channel: Channel
    difficulty: int = Field(ge=1, le=3)
    persona: str
    rubric: str
    situation: str
    wants: str
    settled_by: str
    """What the trainee can do that settles it, as they would say it after "I will": "send a replacement"."""
    opening: str | None = None
    """The customer's first words; None: six ways that say nothing of the matter."""


class PersonaAnswers(Value):
    """What a persona's first draft is made from."""

    name: str | None
    """The whole name; None: drawn anew for each session."""
    summary: str
    voice: str
    patience: int = Field(ge=0, le=100)
    volatility: int = Field(ge=0, le=100)
    forgiveness: int = Field(ge=0, le=100)


class RubricAnswers(Value):
    """What a rubric's first draft is made from: the core one, and a dimension of one's own."""

    title: str
    dimension: str
    """Name of that dimension, as it is shown."""
    dimension_id: str
    question: str
    """What it asks of a reply."""


def mood_part(mood: Mood) -> MoodPart:
    """What a first draft has of its own for one of the PLAYABLE moods."""
    return MoodPart.model_validate(tomllib.loads(_text("moods.toml"))[mood.value])


def scenario_text(answers: ScenarioAnswers, schema_line: str, path: str) -> str:
    """The YAML of a scenario's first draft.

    Args:
        answers: Put in as they are, {slots} included.
        schema_line: The first line.
        path: The file's name in the commands that its comments suggest.
    """
    part = mood_part(answers.mood)
    opening = f'  - "{_inside(answers.opening)}"'.replace("$", "$$") if answers.opening else part.opening
    pieces = {"knack": part.knack, "opening": opening, "vent": part.vent, "panic": part.panic}
    whole = Template(_text("scenario.yaml")).safe_substitute({**pieces, "excellent": part.excellent})
    words = {name: _inside(str(value)) for name, value in answers.model_dump(mode="json").items()}
    made = {
        "feeling": part.feeling.value,
        "emotion": part.emotion,
        "floor": str(part.floor),
        "summary": _inside(first_sentence(answers.situation)),
    }
    return _filled(whole, {**words, **made, "schema_line": schema_line, "path": path})


def persona_text(answers: PersonaAnswers, schema_line: str, path: str) -> str:
    """The YAML of a persona's first draft; see `scenario_text`."""
    words = {name: _inside(str(value)) for name, value in answers.model_dump(mode="json").items()}
    name = _inside(answers.name or "{given} {family}")
    return _filled(_text("persona.yaml"), {**words, "name": name, "schema_line": schema_line, "path": path})


def rubric_text(answers: RubricAnswers, core: str, schema_line: str, path: str) -> str:
    """The YAML of a rubric's first draft.

    Args:
        answers: See `scenario_text`.
        core: The text of the core rubric; its three dimensions go in word for word, as the embedded rater knows them.
        schema_line: See `scenario_text`.
        path: Likewise.
    """
    body = core[core.index("\ndimensions:\n") + 1 :]
    dimensions, _, rest = body.partition("\ncritical:\n")
    words = {name: _inside(value) for name, value in answers.model_dump().items()}
    top = _filled(_text("rubric.yaml"), {**words, "schema_line": schema_line, "path": path})
    own = _filled(_text("dimension.yaml"), words)
    return "\n".join([f"{top}{dimensions.rstrip()}\n", f"{own}\ncritical:\n{rest}"])


def first_sentence(text: str) -> str:
    """The first sentence of a text, with its full stop."""
    head, stop, _ = text.partition(". ")
    return head + stop.strip()


def _inside(text: str) -> str:
    """A text as it stands between double quotes in YAML, which reads JSON's escapes."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _filled(template: str, words: dict[str, str]) -> str:
    return Template(template).substitute(words)


def _text(name: str) -> str:
    return (files("simulator.content") / "skeletons" / name).read_text(encoding="utf-8")
