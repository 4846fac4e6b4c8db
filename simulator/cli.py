"""The commands, and the wiring of models, store and content behind them.

Nothing heavy is imported at the top: `--help` and `--version` load neither the screen library nor the model library.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.clock import Clock, StoryClock
from simulator.config import Configuration, Settings, configuration, pseudonym, settings_file
from simulator.content.library import Library, shipped
from simulator.errors import ExitCode, SimulatorError, UsageError

if TYPE_CHECKING:
    from simulator.desk import Desk
    from simulator.runner import SessionRunner
    from simulator.session import Session
    from simulator.storage.archive import SessionArchive
    from simulator.tui.app import Start

DEFAULT_SCENARIO = "fare-jump"


def main() -> None:
    """Run the program and end it with an honest exit code."""
    try:
        sys.exit(commands.main(standalone_mode=False) or ExitCode.OK)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except SimulatorError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted. What was said is stored.", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; writing more would raise again while Python shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OK)


def _voice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that makes a customer speak."""
    for option in (
        click.option("--plain", is_flag=True, help="Lines of text in place of the full screen."),
        click.option("--model", type=click.Path(path_type=Path), help="A .gguf file that speaks for the customer."),
        click.option("--way", type=click.Choice(["guided", "free"]), help="Lines chosen, or written, by the model."),
        click.option("--pace", type=float, help="Characters a second at which the customer speaks; 0: at once."),
        click.option("--trainee", help="Name or pseudonym for the journal."),
    ):
        command = option(command)
    return command


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("simulator"), prog_name="simulator")
@_voice_options
@click.pass_context
def commands(context: click.Context, /, plain: bool, **flags: Any) -> int | None:
    """Practise hard customer conversations with a local language model. Without a command: the library."""
    if context.invoked_subcommand is None:
        return _play(None, None, None, plain, flags)
    return None


@commands.command()
@click.argument("scenario", required=False, metavar="[ID or PATH.yaml]")
@click.option("--persona", help="Another persona than the scenario's own.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Same seed, same replies: same session.")
@_voice_options
def practice(scenario: str | None, persona: str | None, seed: int | None, plain: bool, **flags: Any) -> int:
    """Play a scenario; without a terminal, replies are read from standard input, one a line."""
    return _play(scenario, persona, seed, plain, flags)


@commands.command()
@click.argument("session", required=False)
@_voice_options
def resume(session: str | None, plain: bool, **flags: Any) -> int:
    """Go on with an unfinished session: the newest, or the one named."""
    configured = configuration(flags)
    archive = _archive(configured.settings)
    found = _unfinished(archive, session)
    if _is_plain(plain):
        return _play_plain(configured, lambda desk: desk.resume(found.id))
    from simulator.tui.app import Resume

    return _play_screen(configured, Resume(session=found.id))


@commands.command()
@click.argument("session", default="last")
@click.option("--format", "kind", type=click.Choice(["md", "json", "html", "plain"]), default="md", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def debrief(session: str, kind: str, output: Path | None) -> None:
    """Show how a session went: its id, the beginning of it, or "last"."""
    from simulator.debrief import debrief as debriefed
    from simulator.desk import material_of
    from simulator.reports import html, text

    found = _archive(configuration({}).settings).session(session)
    made = debriefed(found, material_of(found))
    match kind:
        case "json":
            rendered = made.model_dump_json(indent=2)
        case "html":
            rendered = html.html(made)
        case "plain":
            rendered = text.plain(made)
        case _:
            rendered = text.markdown(made)
    _deliver(rendered, output)


@commands.command()
@click.argument("session", default="last")
@click.option("--turn", type=click.IntRange(0), help="Only this turn; 0 is the opening line.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def why(session: str, turn: int | None, as_json: bool) -> None:
    """Explain every change of emotion: signal, words, rule, points, caps, and what the customer did next."""
    from simulator.reports.ledger import explained

    found = _archive(configuration({}).settings).session(session)
    if turn is not None and turn >= len(found.turns):
        raise UsageError(f"Session {found.id} has turns 0 to {len(found.turns) - 1}.")
    if not as_json:
        click.echo(explained(found, turn))
        return
    turns = found.turns if turn is None else (found.turns[turn],)
    parts = {"number", "act", "reading", "feeling", "choice"}
    _print_json({"session": found.id, "turns": [one.model_dump(mode="json", include=parts) for one in turns]})


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def sessions(as_json: bool) -> int:
    """List the sessions on this machine, newest first."""
    archive = _archive(configuration({}).settings)
    rows = [_session_row(session) for session in archive.sessions()]
    if as_json:
        _print_json({"sessions": rows, "problems": list(archive.problems())})
    else:
        for row in rows:
            click.echo(f"{row['session']}  {row['scenario']:<20}  {row['replies']:>2} replies  {row['ending']}")
        if not rows:
            click.echo("No sessions yet. `simulator practice` begins one.")
        for problem in archive.problems():
            click.echo(problem, err=True)
    return ExitCode.PROBLEMS if archive.problems() else ExitCode.OK


def _session_row(session: "Session") -> dict[str, Any]:
    return {
        "session": session.id,
        "started": session.started.at.isoformat(),
        "trainee": session.started.trainee,
        "scenario": session.started.scenario_id,
        "persona": session.started.persona_id,
        "replies": sum(turn.reply is not None for turn in session.turns),
        "ending": session.ended.ending.value if session.ended else "unfinished",
    }


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def scenarios(as_json: bool) -> int:
    """List the scenarios that can be played."""
    library = _library(configuration({}).settings)
    cards = library.scenarios()
    problems = library.problems()
    if as_json:
        _print_json({"scenarios": [card.model_dump(mode="json") for card in cards], "problems": len(problems)})
    else:
        for card in cards:
            click.echo(f"{card.id}  ({card.mood}, {card.industry}, {card.channel}, difficulty {card.difficulty} of 3)")
            click.echo(f"  {card.title}. {card.summary}")
    for problem in problems:
        click.echo(str(problem), err=True)
    return ExitCode.PROBLEMS if problems else ExitCode.OK


@commands.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def score(file: Path, as_json: bool) -> None:
    """Rate replies without playing: a transcript (JSON) or single replies (JSON Lines). "-" reads standard input."""
    from simulator.assessment import score as scoring

    text = _read_text(file)
    parsed = scoring.parse(text, str(file))
    with _models(configuration({})) as models:
        if models.cast.rater is None:
            raise UsageError(" ".join(models.notices))
        result = asyncio.run(scoring.score(parsed, models.cast.rater))
    if isinstance(result, list):
        for row in result:
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else scoring.in_words(row))
    elif as_json:
        _print_json(result)
    else:
        click.echo(scoring.in_words(result))


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> int:
    """Check that everything needed is there, and show the settings with their origin."""
    from simulator.doctor import examine

    report = examine(configuration({}), settings_file())
    if as_json:
        _print_json(report.model_dump(mode="json"))
    else:
        click.echo(report.in_words())
    return ExitCode.OK if report.healthy else ExitCode.PROBLEMS


def _play(scenario: str | None, persona: str | None, seed: int | None, plain: bool, flags: dict[str, Any]) -> int:
    configured = configuration(flags)
    if _is_plain(plain):
        chosen = scenario or _asked_for(configured.settings)
        return _play_plain(configured, lambda desk: desk.open(chosen, persona, seed))
    from simulator.tui.app import LIBRARY, Play

    start = Play(scenario=scenario, persona=persona, seed=seed) if scenario else LIBRARY
    return _play_screen(configured, start)


def _is_plain(asked: bool) -> bool:
    dumb = bool(os.environ.get("NO_TUI")) or os.environ.get("TERM") == "dumb"
    return asked or dumb or not (sys.stdin.isatty() and sys.stdout.isatty())


def _asked_for(settings: Settings) -> str:
    """The scenario a person at a plain terminal picks; without a terminal the default."""
    if not sys.stdin.isatty():
        return DEFAULT_SCENARIO
    cards = _library(settings).scenarios()
    for card in cards:
        click.echo(f"{card.id}: {card.title}. {card.summary}")
    chosen: str = click.prompt("Which one", type=click.Choice([card.id for card in cards]), default=DEFAULT_SCENARIO)
    return chosen


def _play_screen(configured: Configuration, start: "Start") -> int:
    from simulator.tui import app

    with _models(configured) as models:
        return app.run(_desk(configured.settings, models, Clock()), start)


def _play_plain(configured: Configuration, begin: "Callable[[Desk], Any]") -> int:
    piped = not sys.stdin.isatty()
    with _models(configured) as models:
        clock = StoryClock(datetime.now(UTC)) if piped else Clock()
        desk = _desk(configured.settings, models, clock)
        for notice in desk.notices:
            click.echo(notice, err=True)
        return asyncio.run(_converse(begin(desk), piped))


async def _converse(opening: Any, piped: bool) -> int:
    from simulator import plain

    runner: SessionRunner = await opening
    try:
        await plain.play(runner, plain.typed_lines(sys.stdin.fileno()), sys.stdout, sys.stderr, piped)
    finally:
        await runner.close()
    return ExitCode.OK


@contextmanager
def _models(configured: Configuration) -> Iterator[Any]:
    from simulator.backends import models

    settings = configured.settings
    loaded = models.load(settings.model, settings.way, settings.data / "model-checked.json")
    try:
        yield loaded
    finally:
        loaded.close()


def _desk(settings: Settings, models: Any, clock: Clock) -> "Desk":
    from simulator.desk import Desk

    return Desk(
        _library(settings),
        _archive(settings),
        models.cast,
        app_version=version("simulator"),
        trainee=settings.trainee or pseudonym(settings.data),
        pace=settings.pace,
        notices=models.notices,
        clock=clock,
    )


def _library(settings: Settings) -> Library:
    return Library([shipped(), *settings.content])


def _archive(settings: Settings) -> "SessionArchive":
    from simulator.storage.archive import SessionArchive

    archive = SessionArchive(settings.data / "sessions")
    archive.prepare()
    return archive


def _unfinished(archive: "SessionArchive", name: str | None) -> "Session":
    if name is not None:
        return archive.session(name)
    unfinished: Sequence[Session] = archive.unfinished()
    if not unfinished:
        raise UsageError("No session is unfinished. `simulator practice` begins one.")
    return unfinished[0]


def _read_text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text.") from error
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error


def _deliver(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text)
        return
    try:
        output.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"Cannot write {output}: {error.strerror}.") from error
    click.echo(f"Written to {output}.", err=True)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
