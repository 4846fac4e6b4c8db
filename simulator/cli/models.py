"""The commands about model files: what one is worth as a judge, measured and shown.

Apart from the other commands because these play nothing. Nothing heavy is imported at the top.
"""

import asyncio
import platform
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.wiring import models_of, print_json
from simulator.config import Configuration, configuration
from simulator.content.library import Library, shipped
from simulator.errors import ExitCode, ModelError

if TYPE_CHECKING:
    from simulator.assessment.gold import GoldReply
    from simulator.qualification import Card, ModelFile

_REPLIES = 60
_STEP = 10
_OF_MODEL = click.option("--model", "path", type=click.Path(path_type=Path), help="A .gguf file; else the one set.")
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.group()
def model() -> None:
    """What a model file may be trusted with beside speaking."""


@model.command()
@_OF_MODEL
@click.option("--replies", type=click.IntRange(40), default=_REPLIES, show_default=True, help="Replies to measure on.")
@_AS_JSON
def qualify(path: Path | None, replies: int, as_json: bool) -> int:
    """Measure whether a model may judge replies.

    It answers the rubric's checks about replies that a panel of language models, not people, has rated. It may judge
    a dimension only where it agrees with the panel at least as well as the embedded rater. Exit code 0 if that is so
    for a dimension, 1 if for none, 3 if the file is missing or no model.
    """
    from simulator.assessment.trial import sample
    from simulator.backends import embedded
    from simulator.storage.cards import Cards, identified
    from simulator.storage.ratings import gold_file

    configured = configuration({"model": path})
    file = identified(configured.settings.model or embedded.locate())
    chosen = sample(gold_file(shipped() / "rubrics" / "gold" / "replies.jsonl"), replies)
    if len(chosen) < replies:
        click.echo(f"There are only {len(chosen)} replies that the embedded rater was not fitted on.", err=True)
    card = _measured(configured, file, chosen)
    kept = Cards(configured.settings.data / "models").keep(card)
    if as_json:
        print_json(card.model_dump(mode="json") | {"qualified": list(card.qualified)})
    else:
        click.echo(card.in_words())
    click.echo(f"Kept in {kept}.", err=True)
    return ExitCode.OK if card.qualified else ExitCode.PROBLEMS


@model.command()
@_OF_MODEL
@_AS_JSON
def show(path: Path | None, as_json: bool) -> None:
    """Say whether a model judges replies, and why."""
    from simulator.backends import embedded
    from simulator.cli.doctor import judging
    from simulator.storage.cards import Cards

    settings = configuration({"model": path}).settings
    file = settings.model or embedded.locate()
    card = Cards(settings.data / "models").of(file)
    said = judging(settings.model, settings.data)
    if as_json:
        print_json({"model": str(file), "verdict": said, "card": card.model_dump(mode="json") if card else None})
        return
    click.echo(said)
    if card:
        click.echo(f"\n{card.in_words()}")


def _measured(configured: Configuration, file: "ModelFile", replies: "tuple[GoldReply, ...]") -> "Card":
    from simulator.assessment.trial import measure
    from simulator.backends.llama import cores
    from simulator.qualification import Card, Versions, judged_dimensions

    dimensions = judged_dimensions(Library([shipped()]).rubric("core"))
    with models_of(configured) as models:
        if models.cast.rater is None:
            raise ModelError(" ".join(models.notices))
        click.echo(f"{file.name} is asked about {len(replies)} replies, beside the embedded rater.", err=True)
        trial = measure(models.asker, models.cast.rater, dimensions, replies, _Progress(len(replies)))
        found: Any = asyncio.run(trial)
        return Card(
            model=file,
            at=datetime.now(UTC),
            machine=f"{platform.system()} {platform.machine()}, {cores()} cores",
            versions=Versions.now(dimensions, models.cast.rater.version),
            replies=len(replies),
            contexts=len({reply.context for reply in replies}),
            dimensions=found,
        )


class _Progress:
    """Says on standard error how far it is, after the first reply and then now and again."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._begun = time.monotonic()

    def __call__(self, done: int) -> None:
        if done != 1 and done % _STEP:
            return
        left = round((time.monotonic() - self._begun) / done * (self._count - done) / 60)
        rest = f", about {left} min to go" if left else ""
        click.echo(f"{done} of {self._count} replies{rest}", err=True)
