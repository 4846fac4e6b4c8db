"""The commands that show a cohort: report, compare, show, queue, export.

Apart from arranging cohorts (`cohorts`) because these only read. Nothing heavy is imported at the top.
"""

import difflib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from pydantic import BaseModel

from simulator.cli.cohort_coaching import coaching_queue
from simulator.cli.wiring import calibrations_of, deliver, print_json, records_of
from simulator.config import configuration
from simulator.errors import ExitCode, StorageError, UsageError

if TYPE_CHECKING:
    from simulator.cohorts.figures import CohortReport, Progress
    from simulator.cohorts.ports import CohortBook
    from simulator.cohorts.records import SessionRecord
    from simulator.reports.cohort_export import Counted

_Made = TypeVar("_Made", bound=BaseModel)
_SUFFIXES = {".html": "html", ".htm": "html", ".json": "json"}


def _formats(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that makes a page."""
    options = (
        click.option(
            "--format",
            "kind",
            type=click.Choice(["text", "html", "json"]),
            help="By default what the file's name says; else text.",
        ),
        click.option("--json", "kind", flag_value="json", help="The same as --format json."),
        click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("name")
@_formats
def report(name: str, kind: str | None, output: Path | None) -> None:
    """Show how a cohort does: levels, spread, practice, people by name, each with how sure it is."""
    from simulator.reports import cohort_html, cohort_text

    made = _reported(name)
    _deliver(made, kind, output, page=cohort_html.page, text=cohort_text.report)


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@_formats
def compare(first: str, second: str, kind: str | None, output: Path | None) -> None:
    """Compare two cohorts: differences of A less B with intervals, and verdicts where there can be any."""
    from simulator.cohorts.comparison import compare as compared
    from simulator.reports import cohort_compared, cohort_text

    settings = configuration({}).settings
    with records_of(settings) as store:
        names = [_known(store, name) for name in (first, second)]
        a, b = (store.sums(name) for name in names)
        made = compared(a, b, others=store.others(names), calibrations=calibrations_of(settings))
    _deliver(made, kind, output, page=cohort_compared.page, text=cohort_text.comparison)


@click.command()
@click.argument("name")
@click.option("--plain", is_flag=True, help="Lines of text in place of the full screen.")
def show(name: str, plain: bool) -> int:
    """Look at a cohort on the screen: people and dimensions, how people are spread, how levels go with practice."""
    if plain or _is_plain():
        from simulator.reports import cohort_text

        click.echo(cohort_text.report(_reported(name)), nl=False)
        return ExitCode.OK
    from simulator.tui.cohort_app import run

    own: dict[str, list[SessionRecord]] = {}
    return run(_reported(name, own), _progress_of(own))


@click.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def queue(name: str, as_json: bool) -> int:
    """Show what in a cohort most needs a person: one moment for each pattern, disputes, disagreements about levels.

    Reads the journals of the cohort's sessions, this machine's and those that were handed in.
    """
    from simulator.reports.cohort_queue import lines

    configured = configuration({})
    with records_of(configured.settings) as store:
        known = _known(store, name)
        made, troubles = coaching_queue(configured, store, known)
    if as_json:
        print_json(made.model_dump(mode="json"))
    else:
        click.echo("\n".join(lines(made)))
    for trouble in troubles:
        _say(trouble)
    return ExitCode.PROBLEMS if troubles else ExitCode.OK


@click.command()
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file: .csv, or .parquet. By default CSV to standard output.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def export(name: str, output: Path | None, force: bool) -> None:
    """Write a cohort as rows for your own tools, one for each session and dimension.

    In CSV, text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line break) has a ' in
    front; Parquet keeps it as it is.
    """
    from simulator.reports.cohort_export import write_csv, write_parquet

    parquet = output is not None and _is_parquet(output)
    if output is not None and not force and os.path.lexists(output):
        raise UsageError(f"{output} is there already; --force writes over it.")
    with records_of(configuration({}).settings) as store:
        known = _known(store, name)
        records = store.sessions(known)
        if output is None:
            counted = write_csv(records, sys.stdout)
        else:
            with _whole(output, force) as made:
                counted = write_parquet(records, made) if parquet else _to_csv(records, made)
    _say(_exported(known, counted, output))


COMMANDS = (report, compare, show, queue, export)
"""For the group `cohort`."""


def _reported(name: str, own: "dict[str, list[SessionRecord]] | None" = None) -> "CohortReport":
    """The report of a cohort; its sessions are kept by person in `own`, where they are wanted later."""
    from simulator.cohorts.cohort_report import report as reported

    settings = configuration({}).settings
    with records_of(settings) as store:
        known = _known(store, name)
        records = store.sessions(known)
        passing = records if own is None else _kept(records, own)
        return reported(store.sums(known), passing, calibrations=calibrations_of(settings))


def _kept(records: "Iterable[SessionRecord]", own: "dict[str, list[SessionRecord]]") -> "Iterator[SessionRecord]":
    for record in records:
        own.setdefault(record.person, []).append(record)
        yield record


def _progress_of(own: "Mapping[str, Sequence[SessionRecord]]") -> "Callable[[str], Progress]":
    """Looks one person's sessions up among the cohort's."""
    from simulator.cohorts.progress import progress

    calibrations = calibrations_of(configuration({}).settings)
    return lambda person: progress(person, own.get(person, ()), calibrations=calibrations)


def _known(book: "CohortBook", name: str) -> str:
    """The name of a cohort as it is kept.

    Raises:
        UsageError: there is none; those that look alike are named.
    """
    from simulator.cohorts.membership import checked_name
    from simulator.content.problem import quoted

    kept = checked_name(name, "cohort")
    there = [card.name for card in book.cohorts()]
    if kept in there:
        return kept
    alike = difflib.get_close_matches(kept.casefold(), {one.casefold(): one for one in there}, n=3)
    names = [quoted(one) for one in there if one.casefold() in alike]
    hint = f"did you mean {' or '.join(names)}?" if names else '"simulator cohort status" lists what there is.'
    raise UsageError(f"There is no cohort {quoted(kept)}; {hint}")


def _deliver(
    made: _Made, kind: str | None, output: Path | None, *, page: Callable[[_Made], str], text: Callable[[_Made], str]
) -> None:
    match kind or _kind_of(output):
        case "html":
            deliver(page(made), output)
        case "json":
            deliver(made.model_dump_json(indent=2), output)
        case _:
            deliver(text(made).rstrip("\n"), output)


def _kind_of(output: Path | None) -> str:
    return _SUFFIXES.get(output.suffix.lower(), "text") if output else "text"


def _is_plain() -> bool:
    dumb = bool(os.environ.get("NO_TUI")) or os.environ.get("TERM") == "dumb"
    return dumb or not (sys.stdin.isatty() and sys.stdout.isatty())


def _is_parquet(output: Path) -> bool:
    match output.suffix.lower():
        case ".csv":
            return False
        case ".parquet":
            return True
        case _:
            raise UsageError(f"{output} says neither .csv nor .parquet; one of them names the format.")


def _to_csv(records: "Iterator[SessionRecord]", path: Path) -> "Counted":
    from simulator.reports.cohort_export import write_csv

    with path.open("w", encoding="utf-8", newline="") as file:
        return write_csv(records, file)


@contextmanager
def _whole(output: Path, force: bool) -> Iterator[Path]:
    """A file beside `output` to write to, which takes its place once it is whole; a file that is there stays unless
    forced, even if it came in the meantime.

    Raises:
        UsageError: the folder is not there or cannot be written, or the file is there.
        StorageError: writing failed; nothing is left behind.
    """
    made = output.with_name(f".{output.name}.{os.getpid()}.new")
    try:
        made.unlink(missing_ok=True)  # of a process that was killed, and whose number is used again
        made.open("xb").close()
    except OSError as error:
        raise UsageError(f"Cannot write {output}: {error.strerror}.") from error
    try:
        yield made
        _put(made, output, force)
    except FileExistsError as error:
        raise UsageError(f"{output} is there already; --force writes over it.") from error
    except OSError as error:
        raise StorageError(f"{output} cannot be written ({(error.strerror or str(error)).lower()}).") from error
    finally:
        made.unlink(missing_ok=True)


def _put(made: Path, output: Path, force: bool) -> None:
    if force:
        made.replace(output)
        return
    try:
        os.link(made, output)
    except FileExistsError:
        raise
    except OSError:  # some file systems know no second name for a file
        if os.path.lexists(output):
            raise FileExistsError(output) from None
        made.rename(output)


def _exported(cohort: str, counted: "Counted", output: Path | None) -> str:
    from simulator.reports.cohort_words import counted as several

    told = f"{several(counted.rows, 'row')} of {several(counted.sessions, 'session')}"
    where = f" written to {output}" if output else ""
    nobody = f" The cohort {cohort} has no finished session yet." if not counted.sessions else ""
    return f"{told}{where}.{nobody}"


def _say(text: str) -> None:
    from simulator.reports.cohort_words import name_of

    click.echo(name_of(text), err=True)
