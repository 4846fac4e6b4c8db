"""The commands about scenarios that somebody writes: `simulator scenario test` proves that one can be won and lost.

Apart from the other commands because these are for authors. Nothing heavy is imported at the top.
"""

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.wiring import deliver, library_of, models_of, voiceless
from simulator.config import Configuration, cache_folder, configuration
from simulator.content.chosen import chosen
from simulator.content.library import Library
from simulator.errors import ContentError, ExitCode, ModelError, UsageError

if TYPE_CHECKING:
    from simulator.rehearsing.scenario_tests import Company, ScenarioResult

SEEDS = 5
SAYS_AFTER = 5.0
"""Seconds between two lines about how far it is."""


@click.group()
def scenario() -> None:
    """Write, test and look at scenarios."""


@scenario.command()
@click.argument("paths", nargs=-1, metavar="[PATHS]")
@click.option(
    "--seeds", type=click.IntRange(1, 1_000), default=SEEDS, show_default=True, help="Rehearsals of each test."
)
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write a JUnit file, too.")
@click.option("--quick", is_flag=True, help="Find signals by words alone, without the embedded model.")
@click.option("--acting", is_flag=True, help="Let the embedded model choose the customer's words, too; slow.")
def test(paths: tuple[str, ...], seeds: int, junit: Path | None, quick: bool, acting: bool) -> int:
    """Rehearse scenarios with scripted trainees, and check what comes of it.

    PATHS are files, folders or ids; without any, all scenarios are tested: excellent has to resolve it, generic must
    not, careless must calm nobody, and the scenario's own tests must hold, each with every seed. What the embedded
    model made of a reply is remembered in the cache folder. Exit code 0 if all passed, 1 if a test failed or could not
    be run, 3 if the model is missing.
    """
    if quick and acting:
        raise UsageError("--quick leaves the embedded model out, and --acting needs it; take one of the two.")
    from simulator.reports import rehearsed

    configured = configuration({})
    library = library_of(configured.settings)
    files, begun = chosen(paths, library, ("scenario",)), time.monotonic()
    with _company(configured, quick, acting) as company:
        results = _tested(files, library, seeds, company)
    click.echo(f"{_how(company)}\n")
    for result in results:
        click.echo(f"{rehearsed.table(result)}\n")
    click.echo(rehearsed.total(results))
    click.echo(f"That took {time.monotonic() - begun:.0f} s.", err=True)
    if junit is not None:
        from simulator.reports.junit import junit as as_junit

        deliver(as_junit(results), junit)
    return ExitCode.OK if all(result.passed for result in results) else ExitCode.PROBLEMS


def _tested(files: Sequence[Path], library: Library, seeds: int, company: "Company") -> "list[ScenarioResult]":
    """Each scenario with its tests; one that cannot be played is an error of its own, and stops no other."""
    from simulator.rehearsing.scenario_tests import ScenarioResult, cases, tested

    found: list[ScenarioResult] = []
    for number, file in enumerate(files, start=1):
        try:
            material = library.material(str(file))
        except ContentError as error:
            found.append(ScenarioResult(scenario=file.stem, path=str(file), seeds=seeds, problem=str(error)))
            continue
        progress = _Progress(f"scenario {number} of {len(files)}, {file.stem}", len(cases(material)) * seeds)
        found.append(asyncio.run(tested(material, seeds, company, progress)))
        progress.done()
    return found


@contextmanager
def _company(configured: Configuration, quick: bool, acting: bool) -> "Iterator[Company]":
    """The models to test with: none, or the embedded one with all that it heard before.

    Raises:
        ModelError: it is missing or damaged.
    """
    from simulator.rehearsing.scenario_tests import Company

    if quick:
        yield Company()
        return
    from simulator.assessment.rater import EmbeddedRater
    from simulator.backends.remembering import RememberingListener, make_room, shipped_ear

    folder = cache_folder() / "heard"
    make_room(folder)
    with models_of(voiceless(configured)) as models:
        if models.cast.listener is None:
            raise ModelError(f"{' '.join(models.notices)} --quick tests without it.")
        listener = RememberingListener(models.cast.listener, folder, shipped_ear())
        yield Company(listener=listener, rater=EmbeddedRater(listener), acting=acting)


def _how(company: "Company") -> str:
    if company.listener is None:
        return "Signals by words alone (--quick); in play, the embedded model finds more."
    acted = "; it chose the customer's words, too" if company.acting else ""
    return f"Signals and levels by {company.listener.name}, as in play{acted}."


class _Progress:
    """Counts on standard error: on a terminal in place, elsewhere in a line now and again."""

    def __init__(self, what: str, count: int) -> None:
        self._what, self._count, self._done = what, count, 0
        self._said = time.monotonic()

    def __call__(self) -> None:
        self._done += 1
        if sys.stderr.isatty():
            click.echo(f"\r{self._where()}", err=True, nl=False)
        elif time.monotonic() - self._said >= SAYS_AFTER:
            self._said = time.monotonic()
            click.echo(self._where(), err=True)

    def done(self) -> None:
        """End the line that is counted in."""
        if sys.stderr.isatty():
            click.echo("", err=True)

    def _where(self) -> str:
        return f"{self._what}: {self._done} of {self._count} rehearsals"
