"""`simulator scenario new`, `persona new`, `rubric new`: first drafts from a few answers.

Apart from the other commands because these ask questions. The answer of each is the path on standard output; questions,
and how to go on, are on standard error. Nothing heavy is imported at the top.
"""

import re
import shlex
from pathlib import Path

import click

from simulator.cli.drafts import is_shelved, library_around, place, prove, write
from simulator.cli.interview import Interview
from simulator.cli.wiring import library_of
from simulator.config import configuration
from simulator.content.json_schema import schema_line
from simulator.content.library import Library, shipped
from simulator.content.shelf import Kind
from simulator.content.skeleton import (
    PLAYABLE,
    PersonaAnswers,
    RubricAnswers,
    ScenarioAnswers,
    mood_part,
    persona_text,
    rubric_text,
    scenario_text,
)
from simulator.content.source import text_of
from simulator.errors import UsageError
from simulator.vocabulary import CORE_DIMENSIONS, Channel, Mood

_SITUATION = (
    "Something was ordered and came broken. The customer got in touch about it, was told to wait, and has heard "
    "nothing since."
)
_ANY_OPENING = "six ways to begin that fit anything"
_ANY_NAME = "a name drawn anew for each session"
_VOICE = (
    "Plain and direct, in short sentences. Gives details before feelings. The angrier, the shorter; once somebody "
    "helps, whole sentences come back."
)
_QUESTION = "Does the reply say what happens next, by when, and who does it?"
_MOODS = [mood.value for mood in PLAYABLE]
_CHANNELS = [channel.value for channel in Channel]
_DEFAULTS = click.option("--defaults", is_flag=True, help="Ask nothing: what no flag says is filled in.")


@click.group()
def persona() -> None:
    """Write personas."""


@click.group()
def rubric() -> None:
    """Write rubrics."""


@click.command("new")
@click.argument("name", metavar="ID or PATH.yaml")
@click.option("--title", help="Shown in the library.")
@click.option("--industry", help="Where it happens: airline, pharmacy, energy.")
@click.option("--mood", type=click.Choice(_MOODS), help="Which kind of customer.")
@click.option("--channel", type=click.Choice(_CHANNELS), help="How the two are in touch.")
@click.option("--difficulty", type=click.IntRange(1, 3), default=2, show_default=True, help="3 is hard.")
@click.option("--persona", help="Id of who is in touch.")
@click.option("--rubric", default="core", show_default=True, help="Id of the rubric replies are scored by.")
@click.option("--situation", help="What has happened, in two or three sentences.")
@click.option("--wants", help="What would settle it, in the customer's eyes.")
@click.option("--settled-by", help='What the trainee can do that settles it, as after "I will": send a replacement.')
@click.option("--opening", help="The customer's first words.")
@_DEFAULTS
def new_scenario(name: str, defaults: bool, difficulty: int, rubric: str, **given: str | None) -> None:
    """Write the first draft of a scenario: commented, and playable at once.

    An ID goes to scenarios/ID.yaml in the last of your content folders, else in the current one; nothing is written
    over. Before it is written, it is linted and rehearsed.
    """
    settings = configuration({}).settings
    path = place(name, "scenario", settings)
    interview = Interview({"rubric": rubric, **given}, asks=not defaults)
    answers = _scenario_answers(interview, path, library_around(path, settings), difficulty)
    _deliver(scenario_text(answers, *_about(path, "scenario")), path, "scenario")
    click.echo(f"Play it with   simulator practice {shlex.quote(str(path))}", err=True)


@persona.command("new")
@click.argument("name", metavar="ID or PATH.yaml")
@click.option("--name", "called", help=f"Their whole name; by default {_ANY_NAME}.")
@click.option("--summary", help="Who they are, in one sentence.")
@click.option("--voice", help="How they talk: register, rhythm, habits.")
@click.option("--patience", type=click.IntRange(0, 100), default=50, show_default=True, help="High: slower to anger.")
@click.option("--volatility", type=click.IntRange(0, 100), default=50, show_default=True, help="High: larger changes.")
@click.option("--forgiveness", type=click.IntRange(0, 100), default=50, show_default=True, help="High: calms sooner.")
@_DEFAULTS
def new_persona(
    name: str,
    defaults: bool,
    called: str | None,
    patience: int,
    volatility: int,
    forgiveness: int,
    **given: str | None,
) -> None:
    """Write the first draft of a persona: commented, and playable in any scenario.

    An ID goes to personas/ID.yaml in the last of your content folders, else in the current one; nothing is written
    over.
    """
    path = place(name, "persona", configuration({}).settings)
    interview = Interview({"name": called, **given}, asks=not defaults)
    whole_name = interview.answer("name", "What is their whole name?", _ANY_NAME)
    answers = PersonaAnswers(
        name=None if whole_name == _ANY_NAME else whole_name,
        summary=interview.answer("summary", "Who are they, in one sentence?", "Exact, quick, and slow to trust."),
        voice=interview.answer("voice", "How do they talk: register, rhythm, habits?", _VOICE),
        patience=patience,
        volatility=volatility,
        forgiveness=forgiveness,
    )
    _deliver(persona_text(answers, *_about(path, "persona")), path, "persona")
    click.echo(f"Hear them with   simulator practice fare-jump --persona {path.stem}", err=True)


@rubric.command("new")
@click.argument("name", metavar="ID or PATH.yaml")
@click.option("--title", help="Shown to people.")
@click.option("--dimension", help="Name of your own dimension, beside the three core ones.")
@click.option("--question", help="What it asks of a reply.")
@_DEFAULTS
def new_rubric(name: str, defaults: bool, **given: str | None) -> None:
    """Write the first draft of a rubric: the core one, and a dimension of your own that rules score.

    An ID goes to rubrics/ID.yaml in the last of your content folders, else in the current one; nothing is written over.
    """
    path = place(name, "rubric", configuration({}).settings)
    interview = Interview(given, asks=not defaults)
    dimension = interview.answer("dimension", "What is your own dimension called?", "Next step")
    answers = RubricAnswers(
        dimension=dimension,
        dimension_id=_dimension_id(dimension),
        question=interview.answer("question", "What does it ask of a reply?", _QUESTION),
        title=interview.answer("title", "What is the rubric called?", _title(path)),
    )
    core = text_of(shipped() / "rubrics" / "core.yaml")
    _deliver(rubric_text(answers, core, *_about(path, "rubric")), path, "rubric")
    click.echo(f"Use it with   simulator score FILE --rubric {path.stem}", err=True)


def _scenario_answers(interview: Interview, path: Path, library: Library, difficulty: int) -> ScenarioAnswers:
    personas, rubrics = ([file.stem for file in library.files(kind)] for kind in ("persona", "rubric"))
    title = interview.answer("title", "What is it called?", _title(path))
    industry = interview.answer("industry", "Where does it happen: airline, pharmacy, energy?", "retail")
    mood = Mood(interview.answer("mood", "Which kind of customer?", "irate", _MOODS))
    channel = Channel(interview.answer("channel", "How are the two in touch?", "phone", _CHANNELS))
    persona = interview.answer("persona", "Who is in touch?", mood_part(mood).persona, personas)
    situation = interview.answer("situation", "What has happened, in two or three sentences?", _SITUATION)
    wants = interview.answer("wants", "What would settle it, in their eyes?", "One that works, this week.")
    deed = interview.answer("settled_by", "What can the trainee do that settles it? I will ...", "send a replacement")
    opening = interview.answer("opening", "What does the customer say first?", _ANY_OPENING)
    return ScenarioAnswers(
        title=title,
        industry=industry,
        mood=mood,
        channel=channel,
        difficulty=difficulty,
        persona=persona,
        rubric=interview.answer("rubric", "What are replies scored by?", "core", rubrics),
        situation=situation,
        wants=wants,
        settled_by=deed,
        opening=None if opening == _ANY_OPENING else opening,
    )


def _title(path: Path) -> str:
    return path.stem.replace("-", " ").replace("_", " ").capitalize()


def _dimension_id(name: str) -> str:
    """A name as an id.

    Raises:
        UsageError: nothing is left of it, or it is the id of a core dimension.
    """
    id = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if not id[:1].isalpha() or id in CORE_DIMENSIONS:
        raise UsageError(
            f'--dimension: "{name}" gives no id of its own; begin with a letter, and name none of the core.'
        )
    return id


def _about(path: Path, kind: Kind) -> tuple[str, str]:
    """The first line of a new file, and its name in commands."""
    return schema_line(path, kind, shipped()), shlex.quote(str(path))


def _deliver(text: str, path: Path, kind: Kind) -> None:
    """Write what has been proven, and say where."""
    settings = configuration({}).settings
    prove(text, path, kind, settings)
    write(text, path)
    click.echo(str(path))
    if kind != "scenario" and not is_shelved(path, kind, library_of(settings)):
        folder = shlex.quote(str(path.absolute().parent.parent))
        click.echo(f"It is found by its id with   SIMULATOR_CONTENT={folder}", err=True)
