"""The command `sync`: journals into the store of records. Nothing heavy is imported at the top."""

from typing import TYPE_CHECKING

import click

from simulator.cli.wiring import print_json, records_of
from simulator.config import configuration
from simulator.errors import ExitCode

if TYPE_CHECKING:
    from simulator.storage.syncing import Synced


@click.command()
@click.option("--rebuild", is_flag=True, help="Read every journal again, and make rows and sums anew.")
@click.option("--check", is_flag=True, help="Compare the sums with the rows they were made of afterwards.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def sync(rebuild: bool, check: bool, as_json: bool) -> int:
    """Store what was played in the database of records, for cohorts and comparisons.

    Journals are the truth: a session that is in the store already changes nothing, and where the database is away, this
    is run again when it is back. Exit code 1 if a journal could not be read or stored, 4 if the database is away.
    """
    from simulator.storage.syncing import Sync

    settings = configuration({}).settings
    with records_of(settings) as store:
        synced = Sync(settings.data, store, rebuild=rebuild).run()
        if rebuild:
            store.resum()
        elsewhere = store.total() - synced.seen
        astray = store.astray() if check else None
        where = store.database.name
    if as_json:
        print_json({**synced.model_dump(mode="json"), "elsewhere": elsewhere, "astray": astray, "store": where})
    else:
        _tell(synced, elsewhere, astray, where)
    return ExitCode.PROBLEMS if synced.problems or synced.clashing or astray else ExitCode.OK


def _tell(synced: "Synced", elsewhere: int, astray: int | None, where: str) -> None:
    from simulator.reports.printing import printable

    click.echo(printable(f"{where}: {_counts(synced)}."))
    if elsewhere > 0:
        click.echo(f"{elsewhere} more are there whose journals are not on this machine; they stay as they are.")
    if astray is not None:
        click.echo("The sums are what the rows come to." if not astray else _wrong(astray))
    clashing = [f"The store has another session under the id {one}; that one stays." for one in synced.clashing]
    for trouble in (*clashing, *synced.problems):
        click.echo(printable(trouble), err=True)


def _counts(synced: "Synced") -> str:
    from simulator.cohorts.ports import Outcome

    told = {
        "new": synced.count(Outcome.NEW),
        "grown": synced.count(Outcome.GROWN),
        "scored anew": synced.count(Outcome.RESCORED),
        "unchanged": synced.count(Outcome.UNCHANGED),
        "stored longer already": synced.count(Outcome.OLDER),
        "not finished yet": synced.unfinished,
        "refused, as their person was forgotten": synced.count(Outcome.FORGOTTEN),
        "clashing": synced.count(Outcome.CLASHING),
        "unreadable": len(synced.problems),
    }
    always = {"new", "grown", "unchanged"}
    return ", ".join(f"{count} {what}" for what, count in told.items() if count or what in always)


def _wrong(astray: int) -> str:
    return f"{astray} of the sums are not what the rows come to; `simulator sync --rebuild` makes them anew."
