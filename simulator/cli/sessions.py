"""The command `sessions`: list what was played, hand it in, forget a person. Nothing heavy is imported at the top."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.wiring import archive_of, print_json
from simulator.config import Settings, configuration
from simulator.errors import ExitCode, StorageError, UsageError

if TYPE_CHECKING:
    from simulator.cohorts.ports import Forgotten
    from simulator.session import Session
    from simulator.storage.archive import SessionArchive
    from simulator.storage.forgetting import Traces

NOT_REPLACED = (
    "Only the trainee's name was replaced: words that somebody typed, and what a dispute was about, may hold names."
)


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="The list for programs.")
@click.pass_context
def sessions(context: click.Context, as_json: bool) -> int:
    """List the sessions on this machine, newest first; or hand them in, or forget a person."""
    if context.invoked_subcommand is not None:
        if as_json:
            raise UsageError(f"--json goes with the list, and not before {context.invoked_subcommand}.")
        return ExitCode.OK
    return _listed(archive_of(configuration({}).settings), as_json)


@sessions.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="Every finished session.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Folder for the files; by default this one.",
)
@click.option("--as", "person", metavar="NAME", help="Hand in under this name. Words that were typed stay as they are.")
@click.option("--sign", is_flag=True, help="Sign with this installation's key, made if need be.")
def export(names: tuple[str, ...], everything: bool, output: Path, person: str | None, sign: bool) -> int:
    """Write finished sessions to files for a lead, one .simsession file each.

    ID is a session's id, the beginning of it, or "last" (the default). The files are whole copies, with every word
    that was said.
    """
    from simulator.storage import exporting
    from simulator.storage.keys import own_key

    if everything and names:
        raise UsageError("Name sessions, or take --all; not both.")
    settings = configuration({}).settings
    name = _pseudonym(person) if person is not None else None
    archive = archive_of(settings)
    wanted = archive.sessions() if everything else [archive.session(one) for one in names or ("last",)]
    kept_back = _kept_back(settings, archive, wanted, name)
    fit = [session for session in wanted if session.id not in kept_back]
    signer = own_key(settings.data) if sign and fit else None
    for session in fit:
        data = exporting.exported(archive.folder / f"{session.id}.jsonl", version("simulator"), signer, name)
        click.echo(exporting.placed(output, session.id, data))
    problems = archive.problems() if everything else ()
    for sentence in (*kept_back.values(), *problems, *_told(fit, name, sign)):
        click.echo(sentence, err=True)
    return ExitCode.PROBLEMS if problems or (kept_back and not everything) else ExitCode.OK


@sessions.command()
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(person: str, yes: bool) -> int:
    """Delete a person everywhere on this machine and in its database, and never take in anything of theirs again.

    PERSON is the name or pseudonym in their sessions. This cannot be undone.
    """
    from simulator.storage import forgetting
    from simulator.storage.handed_in import HandedIn
    from simulator.storage.tombstones import Tombstones

    if not person.strip() or not _is_unicode(person):
        raise UsageError("Name the person to be forgotten, as in their sessions.")
    settings = configuration({}).settings
    with HandedIn(settings.data).held():
        found = forgetting.traces(settings.data, person)
        forgetting.check_closed(found)
        click.echo(_found(found), err=True)
        if not yes and not click.confirm("Delete all of it, for good?", err=True):
            click.echo("Nothing was deleted.")
            return ExitCode.PROBLEMS
        Tombstones(settings.data).lay(person, datetime.now(UTC))
        forgetting.delete(settings.data, found)
    gone = _forgotten_in_store(settings, found.names)
    click.echo(f"Forgotten: {_deleted(found, gone)}.")
    for sentence in _left(settings, found):
        click.echo(sentence, err=True)
    return ExitCode.PROBLEMS if found.unreadable else ExitCode.OK


@sessions.command()
def key() -> None:
    """Print the public key of this installation, made if need be, for whoever is to know its signature."""
    from simulator.storage.keys import own_key

    click.echo(own_key(configuration({}).settings.data).public)


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _pseudonym(name: str) -> str:
    from simulator.storage.admission import unfit_name

    name = " ".join(name.split(" ")).strip()
    if trouble := unfit_name(name):
        raise UsageError(f"--as takes a name that can be shown: this one {trouble}.")
    return name


def _kept_back(
    settings: Settings, archive: "SessionArchive", wanted: "Sequence[Session]", person: str | None
) -> dict[str, str]:
    """Why a session is not exported, by its id."""
    from simulator.storage.admission import unfit_name
    from simulator.storage.tombstones import Tombstones

    tombstones = Tombstones(settings.data)
    reasons: dict[str, str] = {}
    for session in wanted:
        name = person or session.started.trainee
        if tombstones.holds(session.started.trainee) or tombstones.holds(name):
            reasons[session.id] = f"Session {session.id} is of somebody who was forgotten, and is not exported."
        elif archive.is_open(session.id):
            reasons[session.id] = f"Session {session.id} is open in a window; close it, and export it then."
        elif session.ended is None:
            reasons[session.id] = (
                f"Session {session.id} is not finished; `simulator resume {session.id}` goes on with it."
            )
        elif trouble := unfit_name(name):
            reasons[session.id] = f"Session {session.id}: the trainee's name {trouble}; hand it in with --as NAME."
    return reasons


def _told(exported: "Sequence[Session]", person: str | None, sign: bool) -> list[str]:
    """What whoever hands in should know."""
    if not exported:
        return ["Nothing was exported."]
    said = [NOT_REPLACED] if person is not None else []
    if not sign:
        said.append(
            "Not signed: damage will be found, and tampering by somebody who knows the format will not (--sign)."
        )
    return said


def _found(found: "Traces") -> str:
    from simulator.reports.printing import printable

    names = ", ".join(f'"{printable(name)}"' for name in found.names)
    own = " It is the name of this installation: its name and its signing key go too." if found.own else ""
    return f"Of {names} there are here: {_here(found)}; and what the database has.{own}"


def _here(found: "Traces") -> str:
    from simulator.storage.handin import SUFFIX

    handed_in = sum(path.suffix == SUFFIX for path in found.handed_in)
    played, ratings = _count(len(found.journals), "session"), _count(found.rated, "line")
    return f"{played} played here, {handed_in} handed in, {ratings} of ratings"


def _forgotten_in_store(settings: Settings, names: Sequence[str]) -> "list[Forgotten]":
    from simulator.cli.wiring import records_of

    try:
        with records_of(settings) as records:
            return [records.forget(name) for name in names]
    except StorageError as error:
        raise StorageError(
            f"{error} What lay in the data folder is deleted; forget again once the database is there."
        ) from error


def _deleted(found: "Traces", gone: "Sequence[Forgotten]") -> str:
    stored, places = sum(one.sessions for one in gone), sum(one.cohorts for one in gone)
    return f"{_here(found)}; in the database {_count(stored, 'session')} and {_count(places, 'place')} in cohorts"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _left(settings: Settings, found: "Traces") -> list[str]:
    """What was not deleted, and what to do about it."""
    from simulator.storage.tombstones import same_name

    said = ["Copies elsewhere stay: files that were exported, backups, the data folders of others."]
    said += [
        f"{path} cannot be read, so nobody can tell whose it is: look at it yourself." for path in found.unreadable
    ]
    if found.settled:
        ids = ", ".join(path.stem for path in found.settled[:5])
        more = f" and {len(found.settled) - 5} more" if len(found.settled) > 5 else ""
        said.append(
            "A dispute of somebody else was settled by them, and their name stands there, as a journal is never "
            f"changed: {ids}{more}."
        )
    if settings.trainee and same_name(settings.trainee) == same_name(found.names[0]):
        said.append("The setting trainee still has this name; choose another, or new sessions bear it.")
    return said


def _listed(archive: "SessionArchive", as_json: bool) -> int:
    rows = [_row(session, archive.is_open(session.id)) for session in archive.sessions()]
    if as_json:
        print_json({"sessions": rows, "problems": list(archive.problems())})
    else:
        for row in rows:
            count = f"{row['replies']:>2} {'reply  ' if row['replies'] == 1 else 'replies'}"
            click.echo(f"{row['session']}  {row['scenario']:<20}  {count}  {_standing(row)}")
        if not rows:
            click.echo("No sessions yet. `simulator practice` begins one.")
        for problem in archive.problems():
            click.echo(problem, err=True)
    return ExitCode.PROBLEMS if archive.problems() else ExitCode.OK


def _standing(row: dict[str, Any]) -> str:
    ending: str = row["ending"].replace("_", " ")
    return f"{ending}, open in a window" if row["open"] else ending


def _row(session: "Session", is_open: bool) -> dict[str, Any]:
    return {
        "session": session.id,
        "started": session.started.at.isoformat(),
        "trainee": session.started.trainee,
        "scenario": session.started.scenario_id,
        "persona": session.started.persona_id,
        "replies": sum(turn.reply is not None for turn in session.turns),
        "ending": session.ended.ending.value if session.ended else "unfinished",
        "open": is_open,
    }
