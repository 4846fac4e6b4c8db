"""What every command is wired from: models, store, content and files, by the settings.

Apart from the commands because several modules of them share it. Nothing heavy is imported at the top.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.clock import Clock
from simulator.config import Configuration, Settings, pseudonym
from simulator.content.library import Library
from simulator.content.packs import roots
from simulator.errors import SimulatorError, StorageError, UsageError

if TYPE_CHECKING:
    from simulator.bench import Bench
    from simulator.desk import Desk
    from simulator.standing import Calibration
    from simulator.storage.archive import SessionArchive
    from simulator.storage.records.store import Store

MOST_BYTES = 20_000_000
"""That are read of a file or a stream; far more than any conversation has, and far less than memory holds."""


@contextmanager
def models_of(configured: Configuration) -> Iterator[Any]:
    """The models of this process, given back at the end.

    Raises:
        ModelError: the file asked for cannot be loaded, or the embedded one is damaged.
    """
    from simulator.backends import models

    settings = configured.settings
    loaded = models.load(settings.model, settings.way, settings.data / "model-checked.json")
    try:
        yield loaded
    finally:
        loaded.close()


def desk_of(settings: Settings, models: Any, clock: Clock) -> "Desk":
    """What opens sessions."""
    from simulator.desk import Desk

    return Desk(
        library_of(settings),
        archive_of(settings),
        models.cast,
        app_version=version("simulator"),
        trainee=settings.trainee or pseudonym(settings.data),
        pace=settings.pace,
        notices=models.notices,
        clock=clock,
        calibrations=calibrations_of(settings),
        bench=bench_of(settings, models),
    )


def library_of(settings: Settings) -> Library:
    """Content that ships, that is installed, and that the settings name."""
    return Library(roots(settings.content))


def archive_of(settings: Settings) -> "SessionArchive":
    """The sessions on this machine."""
    from simulator.storage.archive import SessionArchive

    return SessionArchive(settings.data / "sessions")


def records_of(settings: Settings) -> "Store":
    """The store of records, to be closed after use; nothing is opened before the first question.

    Raises:
        UsageError: the setting names no database.
    """
    from simulator.storage.records.database import Database
    from simulator.storage.records.store import Store

    address = settings.database
    return Store(Database(address.url.get_secret_value() if address else settings.data / "records.db"))


def calibrations_of(settings: Settings) -> "tuple[Calibration, ...]":
    """How the rater did in calibrations. Where they cannot be read, that is said, and nothing counts as calibrated."""
    from simulator.storage.ratings import RatingsFolder

    try:
        return RatingsFolder(settings.data).calibrations()
    except StorageError as error:
        click.echo(f"No calibration counts: {error}", err=True)
        return ()


def bench_of(settings: Settings, models: Any) -> "Bench":
    """The model that speaks, as a judge. Where its card cannot be read, it does not judge, and sessions say so."""
    from simulator.backends import embedded
    from simulator.bench import Bench
    from simulator.storage.cards import Cards

    if models.asker is None:
        return Bench("none", None, None)
    try:
        card = Cards(settings.data / "models").of(settings.model or embedded.locate())
    except SimulatorError as error:
        return Bench(models.asker.name, models.asker, None, trouble=str(error))
    return Bench(models.asker.name, models.asker, card)


def read_text(file: Path) -> str:
    """The text of a file, or of standard input for "-".

    Raises:
        UsageError: it cannot be read, is not UTF-8, or has more than MOST_BYTES.
    """
    name = name_of(file)
    try:
        text = _bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UsageError(f"{name}, line {line} is not UTF-8 text.") from error
    except OverflowError as error:
        raise UsageError(f"{name} is larger than {MOST_BYTES:,} bytes; split it.") from error
    except OSError as error:
        raise UsageError(f"{name} cannot be read ({(error.strerror or str(error)).lower()}).") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def name_of(file: Path) -> str:
    """What a file that `read_text` takes is called in a sentence."""
    return "standard input" if str(file) == "-" else str(file)


def _bytes(file: Path) -> bytes:
    """A pipe may stand in a file's place here: somebody named it, and writes to it."""
    with nullcontext(sys.stdin.buffer) if str(file) == "-" else file.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OverflowError
    return data


def voiceless(configured: Configuration) -> Configuration:
    """The same without a model that speaks: for commands in which nobody does."""
    settings = configured.settings.model_copy(update={"model": None, "way": None})
    return configured.model_copy(update={"settings": settings})


def print_json(value: Any) -> None:
    """For programs."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def deliver(text: str, output: Path | None) -> None:
    """To a file, closed by one line end, or to standard output.

    Raises:
        UsageError: the file cannot be written.
    """
    if output is None:
        click.echo(text)
        return
    try:
        output.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"Cannot write {output}: {error.strerror}.") from error
    click.echo(f"Written to {output}.", err=True)
