"""The commands, and the wiring of models, store and content behind them.

Nothing heavy is imported at the top: `--help` and `--version` load neither the screen library nor the model library.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli import cohort_reports as cli_cohort_reports
from simulator.cli import cohorts as cli_cohorts
from simulator.cli import content as cli_content
from simulator.cli import handed_in as cli_handed_in
from simulator.cli import lint as cli_lint
from simulator.cli import models as cli_models
from simulator.cli import new as cli_new
from simulator.cli import progress as cli_progress
from simulator.cli import scenarios as cli_scenarios
from simulator.cli import scores as cli_scores
from simulator.cli import sessions as cli_sessions
from simulator.cli import signals as cli_signals
from simulator.cli import sync as cli_sync
from simulator.cli.streams import mended_streams
from simulator.cli.wiring import (
    archive_of,
    calibrations_of,
    deliver,
    desk_of,
    library_of,
    models_of,
    print_json,
    voiceless,
)
from simulator.clock import Clock, StoryClock
from simulator.config import Configuration, Settings, configuration, given, settings_file
from simulator.errors import ExitCode, SimulatorError, UsageError

if TYPE_CHECKING:
    from simulator.debriefing.debrief import Debrief
    from simulator.desk import Desk
    from simulator.runner import SessionRunner
    from simulator.session import Session
    from simulator.standing import Calibration
    from simulator.storage.archive import SessionArchive
    from simulator.tui.app import Start

DEFAULT_SCENARIO = "fare-jump"


def main() -> None:
    """Run the program and end it with an honest exit code."""
    with mended_streams():
        sys.exit(_run())


def _run() -> int:
    try:
        return commands.main(standalone_mode=False) or ExitCode.OK
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SimulatorError as error:
        click.echo(_printable(str(error)), err=True)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return ExitCode.INTERRUPTED
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        if error.filename is not None:
            click.echo(_printable(f"{error.filename} cannot be used ({reason})."), err=True)
            return ExitCode.STORAGE
        click.echo(f"The output cannot be written ({reason}).", err=True)
        return ExitCode.PROBLEMS


def _printable(text: str) -> str:
    """A sentence that may quote what was typed, or what a file holds."""
    from simulator.reports.printing import printable

    return printable(text)


def _voice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that makes a customer speak."""
    options = (
        click.option("--plain", is_flag=True, help="Lines of text in place of the full screen."),
        click.option("--model", type=click.Path(path_type=Path), help="A .gguf file that speaks for the customer."),
        click.option("--way", type=click.Choice(["guided", "free"]), help="Lines chosen, or written, by the model."),
        click.option("--pace", type=float, help="Characters a second at which the customer speaks; 0: at once."),
        click.option("--trainee", help="Name or pseudonym for the journal."),
    )
    for option in reversed(options):  # as decorators do, so that --help lists them in this order
        command = option(command)
    return command


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("simulator"), prog_name="simulator")
@click.option(
    "--content",
    "packs",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FOLDER or ZIP",
    help="A pack of scenarios, for any command; may be repeated. The last pack with an id counts.",
)
@_voice_options
@click.pass_context
def commands(context: click.Context, /, packs: tuple[Path, ...], plain: bool, **flags: Any) -> int | None:
    """Practise hard customer conversations with a local language model. Without a command: the library."""
    context.with_resource(given({"content": packs or None}))
    if context.invoked_subcommand is None:
        return _play(None, None, None, plain, flags)
    spoken = {name: value for name, value in {"plain": plain, **flags}.items() if value}
    context.default_map = dict.fromkeys(("practice", "resume"), spoken)
    return None


@commands.command()
@click.argument("scenario", required=False, metavar="[ID or PATH.yaml]")
@click.option("--persona", help="Another persona than the scenario's own.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Same seed, same replies: same session.")
@_voice_options
def practice(scenario: str | None, persona: str | None, seed: int | None, plain: bool, **flags: Any) -> int:
    """Play a scenario.

    Without a terminal, replies are read from standard input, one a line; without a name, fare-jump is played.
    """
    return _play(scenario, persona, seed, plain, flags)


@commands.command()
@click.argument("session", required=False)
@_voice_options
def resume(session: str | None, plain: bool, **flags: Any) -> int:
    """Go on with an unfinished session.

    SESSION is its id or the beginning of it; by default the newest that is unfinished.
    """
    configured = configuration(flags)
    found = _unfinished(archive_of(configured.settings), session)
    if _is_plain(plain):
        return _play_plain(configured, lambda desk: desk.resume(found.id))
    from simulator.tui.app import Resume

    return _play_screen(configured, Resume(session=found.id))


_KINDS = {"md": ".md", "json": ".json", "html": ".html", "text": ".txt"}


def _kind_of(output: Path | None) -> str:
    """What the file's name says; for a terminal plain text, else Markdown."""
    spoken = "text" if output is None and sys.stdout.isatty() else "md"
    return next((kind for kind, suffix in _KINDS.items() if output and output.suffix.lower() == suffix), spoken)


@commands.command()
@click.argument("session", default="last")
@click.option(
    "--format",
    "kind",
    type=click.Choice(list(_KINDS)),
    help="By default what the file's name says; else text on a terminal, md elsewhere.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def debrief(session: str, kind: str | None, output: Path | None) -> None:
    """Show how a session went. SESSION is its id, the beginning of it, or "last" (the default)."""
    from simulator.reports import html, text

    made = _looked_back(configuration({}), session)
    wanted = kind or _kind_of(output)
    writers = {"md": text.markdown, "html": html.html, "text": text.plain}
    deliver(made.model_dump_json(indent=2) if wanted == "json" else writers[wanted](made), output)


@commands.command()
@click.argument("session", default="last")
@click.option("--turn", type=click.IntRange(0), help="Only this turn; 0 is the opening line.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def why(session: str, turn: int | None, as_json: bool) -> None:
    """Explain every change of emotion: words, rule, points, caps, and what the customer did next.

    SESSION is its id, the beginning of it, or "last" (the default).
    """
    from simulator.reports.ledger import explained

    found = archive_of(configuration({}).settings).session(session)
    if turn is not None and turn >= len(found.turns):
        raise UsageError(f"Session {found.id} has turns 0 to {len(found.turns) - 1}.")
    if not as_json:
        click.echo(explained(found, turn))
        return
    turns = found.turns if turn is None else (found.turns[turn],)
    parts = {"number", "act", "reading", "feeling", "choice"}
    print_json({"session": found.id, "turns": [one.model_dump(mode="json", include=parts) for one in turns]})


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def scenarios(as_json: bool) -> int:
    """List the scenarios that can be played."""
    library = library_of(configuration({}).settings)
    cards = library.scenarios()
    problems = library.problems()
    if as_json:
        print_json({"scenarios": [card.model_dump(mode="json") for card in cards], "problems": len(problems)})
    else:
        for card in cards:
            click.echo(f"{card.id}  ({card.mood}, {card.industry}, {card.channel}, difficulty {card.difficulty} of 3)")
            click.echo(f"  {card.title}. {card.summary}")
    for problem in problems:
        click.echo(problem.summary, err=True)
    return ExitCode.PROBLEMS if problems else ExitCode.OK


for _command in (
    cli_models.model,
    cli_scores.score,
    cli_scores.calibrate,
    cli_scores.dispute,
    cli_scores.disputes,
    cli_progress.progress,
    cli_sessions.sessions,
    cli_signals.signals,
    cli_lint.lint,
    cli_scenarios.scenario,
    cli_new.persona,
    cli_new.rubric,
    cli_content.schema,
    cli_cohorts.cohort,
    cli_sync.sync,
):
    commands.add_command(_command)
for _command in (cli_new.new_scenario, cli_content.show, cli_content.report):
    cli_scenarios.scenario.add_command(_command)
for _command in (cli_handed_in.import_sessions, *cli_cohort_reports.COMMANDS):
    cli_cohorts.cohort.add_command(_command)


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> int:
    """Check that all is there, and show the settings.

    Each setting is shown with its origin: a flag, the environment, the settings file, or the default.
    """
    from simulator.cli.doctor import examine

    report = examine(configuration({}), settings_file())
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        click.echo(report.in_words())
    return ExitCode.OK if report.healthy else ExitCode.PROBLEMS


def _play(scenario: str | None, persona: str | None, seed: int | None, plain: bool, flags: dict[str, Any]) -> int:
    configured = configuration(flags)
    if _is_plain(plain):
        chosen = scenario or _asked_for(configured.settings)
        return _play_plain(configured, lambda desk: desk.open(chosen, persona, seed))
    from simulator.tui.app import LIBRARY, Play

    if scenario is None:
        return _play_screen(configured, LIBRARY)
    library_of(configured.settings).material(
        scenario, persona
    )  # what cannot be played is refused before the screen opens
    return _play_screen(configured, Play(scenario=scenario, persona=persona, seed=seed))


def _is_plain(asked: bool) -> bool:
    dumb = bool(os.environ.get("NO_TUI")) or os.environ.get("TERM") == "dumb"
    return asked or dumb or not (sys.stdin.isatty() and sys.stdout.isatty())


def _asked_for(settings: Settings) -> str:
    """The scenario a person at a plain terminal picks; without a terminal the default."""
    if not sys.stdin.isatty():
        return DEFAULT_SCENARIO
    cards = library_of(settings).scenarios()
    for card in cards:
        click.echo(f"{card.id}: {card.title}. {card.summary}")
    return str(click.prompt("Which one", type=click.Choice([card.id for card in cards]), default=DEFAULT_SCENARIO))


def _play_screen(configured: Configuration, start: "Start") -> int:
    from simulator.tui import app

    archive_of(configured.settings).prepare()
    with models_of(configured) as models:
        return app.run(desk_of(configured.settings, models, Clock()), start)


def _play_plain(configured: Configuration, begin: "Callable[[Desk], Any]") -> int:
    piped = not sys.stdin.isatty()
    archive_of(configured.settings).prepare()
    with models_of(configured) as models:
        clock = StoryClock(datetime.now(UTC)) if piped else Clock()
        desk = desk_of(configured.settings, models, clock)
        for notice in desk.notices:
            click.echo(notice, err=True)
        return asyncio.run(_converse(begin(desk), piped, desk.calibrations))


async def _converse(opening: Any, piped: bool, calibrations: "Sequence[Calibration]") -> int:
    from simulator import plain

    runner: SessionRunner = await opening
    try:
        await plain.play(runner, plain.typed_lines(sys.stdin.fileno()), sys.stdout, sys.stderr, piped, calibrations)
    finally:
        await runner.close()
    return ExitCode.OK


def _looked_back(configured: Configuration, name: str) -> "Debrief":
    """The debrief of a session; the rater is asked first about what is not rated yet, where that can be done."""
    from simulator.debriefing.debrief import debrief as debriefed
    from simulator.debriefing.proven import LinesRated
    from simulator.desk import material_of

    found = archive_of(configured.settings).session(name)
    try:
        with models_of(voiceless(configured)) as models:
            return asyncio.run(_with_rater(desk_of(configured.settings, models, Clock()), found))
    except SimulatorError as error:
        click.echo(f"Not everything is rated: {error}", err=True)
        lines = LinesRated(unrated=str(error))
        return debriefed(found, material_of(found), calibrations_of(configured.settings), lines)


async def _with_rater(desk: "Desk", session: "Session") -> "Debrief":
    return await desk.debrief(session if session.ended is None else await desk.rated(session.id))


def _unfinished(archive: "SessionArchive", name: str | None) -> "Session":
    if name is not None:
        return archive.session(name)
    for unfinished in archive.unfinished():
        return unfinished
    raise UsageError("No session waits to be resumed. `simulator practice` begins one.")
