"""The command `cohort import`: check what trainees handed in, keep it, and put it in the store.

Apart from the other commands of a cohort because it reads the files of strangers. Nothing heavy is imported at the top.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.wiring import archive_of, models_of, name_of, print_json, read_text, records_of
from simulator.config import Configuration, Settings, configuration
from simulator.errors import ExitCode, ModelError, StorageError, UsageError

if TYPE_CHECKING:
    from simulator.cli.arrivals import Arrival
    from simulator.cohorts.ports import CohortBook
    from simulator.ports import Rater
    from simulator.storage.keys import KnownKeys

KEYS_SHOWN = 10

UNSIGNED = (
    "unsigned: an unbroken chain shows damage, not tampering. Whoever knows the format can write a new one; "
    "`simulator sessions export --sign` and --keys are against that."
)


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE_OR_FOLDER...")
@click.option("--cohort", metavar="NAME", help="Put the people in this cohort.")
@click.option("--rescore", is_flag=True, help="Rate every reply again with this program's rater.")
@click.option(
    "--keys",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Take only what is signed with a key of this list: on each line a key, and whose it is.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def import_sessions(
    paths: tuple[Path, ...], cohort: str | None, rescore: bool, keys: Path | None, as_json: bool
) -> int:
    """Take in sessions that were handed in as .simsession files; of a folder, all that are in it.

    Each file is checked to its last byte. One that was changed is refused, with the event where it breaks; the others
    are taken in. The same file twice changes nothing.
    """
    from simulator.cli.arrivals import Arriving
    from simulator.storage.handed_in import HandedIn
    from simulator.storage.intake import Intake, hand_ins
    from simulator.storage.tombstones import Tombstones

    configured = configuration({})
    settings = configured.settings
    known = _known_keys(settings, keys)
    folder, tombstones = HandedIn(settings.data), Tombstones(settings.data)
    with records_of(settings) as store, _rater(configured, rescore) as rater, folder.held():
        if cohort is not None:
            _check_cohort(store, cohort)
        intake = Intake(folder, archive_of(settings).folder, tombstones, store, known, datetime.now(UTC))
        arriving = Arriving(intake, folder, store, rater, known)
        try:
            arriving.take(hand_ins(paths))
        except (StorageError, ModelError) as error:
            _tell(arriving.arrivals)
            raise type(error)(f"{error} What was taken in before that stays; the same command goes on.") from error
        people = sorted({one.person for one in arriving.arrivals if one.person is not None})
        added = store.add(cohort, people) if cohort is not None and people else ()
    if as_json:
        _print(arriving.arrivals, added)
    else:
        _tell(arriving.arrivals)
        if cohort is not None:
            click.echo(f"New in the cohort {_printable(cohort)}: {len(added)} of {len(people)} people.")
    return ExitCode.PROBLEMS if any(one.came == "refused" for one in arriving.arrivals) else ExitCode.OK


def _known_keys(settings: Settings, file: Path | None) -> "KnownKeys | None":
    """The list that was named, or else the one in the data folder; None where there is neither."""
    from simulator.storage.keys import known_keys, trusted_path

    path = file or trusted_path(settings.data)
    return known_keys(read_text(path), name_of(path)) if file or path.exists() else None


@contextmanager
def _rater(configured: Configuration, wanted: bool) -> "Iterator[Rater | None]":
    if not wanted:
        yield None
        return
    nobody_speaks = configured.settings.model_copy(update={"model": None, "way": None})
    with models_of(configured.model_copy(update={"settings": nobody_speaks})) as models:
        if models.cast.rater is None:
            raise ModelError(" ".join(models.notices))
        yield models.cast.rater


def _check_cohort(book: "CohortBook", cohort: str) -> None:
    """Before a file is read, so that nobody imports a thousand into nowhere."""
    from simulator.cohorts.membership import checked_name

    if checked_name(cohort, "cohort") not in {card.name for card in book.cohorts()}:
        raise UsageError(f'There is no cohort "{_printable(cohort)}"; `simulator cohort create` makes one.')


def _print(arrivals: "Sequence[Arrival]", added: Sequence[str]) -> None:
    files = [one.model_dump(mode="json") for one in arrivals]
    print_json({"counts": Counter(one.came for one in arrivals), "added": list(added), "files": files})


def _tell(arrivals: "Sequence[Arrival]") -> None:
    """Refusals and remarks one a line on standard error, then the counts."""
    for one in arrivals:
        for note in one.notes:
            click.echo(_printable(f"{one.file}: {note}").replace("\n", " "), err=True)
    counts = Counter(one.came for one in arrivals)
    told = ", ".join(f"{count} {came}" for came, count in counts.items())
    click.echo(f"{len(arrivals)} {'file' if len(arrivals) == 1 else 'files'}{f': {told}' if told else ''}.")
    taken = [one for one in arrivals if one.came != "refused"]
    for rater, count in Counter(one.rater for one in taken if one.rater).items():
        click.echo(f"{count} rated anew by {rater}.")
    for line in _signers(taken):
        click.echo(line)


def _signers(taken: "Sequence[Arrival]") -> Iterator[str]:
    signed = Counter((one.signer, one.signed_by) for one in taken if one.signer)
    for (signer, name), count in signed.most_common(KEYS_SHOWN):
        whose = f"{_printable(name)}, key" if name else "known key" if name is not None else "a key nobody vouches for,"
        yield f"{count} signed by {whose} {signer}."
    if len(signed) > KEYS_SHOWN:
        yield f"Signed by {len(signed) - KEYS_SHOWN} more keys; --json lists all."
    if unsigned := sum(one.signer is None for one in taken):
        yield f"{unsigned} {UNSIGNED}"


def _printable(text: str) -> str:
    from simulator.reports.printing import printable

    return printable(text)
