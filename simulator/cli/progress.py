"""The command `progress`: a trainee's own curves, from the journals on this machine. Apart from cohorts because none is
needed, and no database. Nothing heavy is imported at the top."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from simulator.cli.wiring import archive_of, calibrations_of, print_json
from simulator.config import configuration, pseudonym
from simulator.errors import ContentError, ExitCode, UsageError

if TYPE_CHECKING:
    from simulator.cohorts.records import SessionRecord
    from simulator.storage.archive import SessionArchive


@click.command()
@click.option("--person", metavar="NAME", help="Whose sessions; by default the trainee of the settings.")
@click.option("--plain", is_flag=True, help="Without drawings.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def progress(person: str | None, plain: bool, as_json: bool) -> int:
    """Show how your own sessions went over time, and how sure that is.

    Reads the finished sessions on this machine. From three sessions on there is a line through them, with its interval.
    """
    from simulator.cohorts.progress import progress as looked_at
    from simulator.reports.own_progress import lines

    settings = configuration({}).settings
    archive, problems = archive_of(settings), list[str]()
    records = list(_records(archive, problems))
    name = person or settings.trainee or pseudonym(settings.data)
    problems += archive.problems()
    _check(name, {record.person for record in records}, asked=person is not None)
    made = looked_at(name, records, calibrations=calibrations_of(settings))
    if as_json:
        print_json({**made.model_dump(mode="json"), "problems": problems})
    else:
        click.echo("\n".join(lines(made, drawn=sys.stdout.isatty() and not plain)))
        if not made.sessions:
            click.echo("`simulator practice` begins one.")
    for problem in problems:
        click.echo(_printable(problem), err=True)
    return ExitCode.PROBLEMS if problems else ExitCode.OK


def _records(archive: "SessionArchive", problems: list[str]) -> Iterator["SessionRecord"]:
    """Of every finished session that can be read; why another cannot is added to `problems`."""
    from simulator.cohorts.recording import record_of
    from simulator.desk import material_of

    for session in archive.sessions():
        if session.ended is None:
            continue
        try:
            yield record_of(session, material_of(session), digest=_NO_DIGEST)
        except ContentError as error:
            problems.append(f"Session {session.id} cannot be looked at: {str(error).splitlines()[0]}")


_NO_DIGEST = ""
"""Nothing is stored and nothing compared here, so nobody asks for the journal's digest."""


def _check(name: str, people: set[str], *, asked: bool) -> None:
    """Raises:
    UsageError: there are sessions, but none of this person's.
    """
    if name in people or (not people and not asked):
        return
    names = ", ".join(sorted(people))
    there = f"there are sessions of {names}; --person names one" if people else "there is none at all"
    raise UsageError(f'There is no finished session of "{name}" on this machine; {there}.')


def _printable(text: str) -> str:
    from simulator.reports.printing import printable

    return printable(text)
