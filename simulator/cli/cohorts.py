"""The commands about cohorts: who is in them, what they are to play, who has done it.

Apart from comparing and reporting, which read what is arranged here. Nothing heavy is imported at the top.
"""

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import click

from simulator.cli.wiring import library_of, print_json, records_of
from simulator.config import configuration
from simulator.errors import UsageError

if TYPE_CHECKING:
    from simulator.cohorts.membership import CohortCard, CohortStatus, Task

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.group()
def cohort() -> None:
    """Groups of trainees: who is in them, what they are to play, and how they do."""


@cohort.command()
@click.argument("name")
@click.option("--lead", metavar="ROLE", help="PostgreSQL: the login that may read its members' sessions.")
def create(name: str, lead: str | None) -> None:
    """Make a cohort, without anybody in it yet."""
    with records_of(configuration({}).settings) as store:
        store.create(name, lead)
    click.echo(_printable(f'The cohort "{name.strip()}" is made; `simulator cohort add` puts people in it.'))


@cohort.command()
@click.argument("name")
@click.argument("people", nargs=-1, required=True, metavar="PERSON...")
@click.option("--login", metavar="ROLE", help="PostgreSQL: the login by which this person reads their own sessions.")
def add(name: str, people: tuple[str, ...], login: str | None) -> None:
    """Put people in a cohort, by the names in their journals; somebody who has not played yet as well."""
    with records_of(configuration({}).settings) as store:
        added = store.add(name, people, login)
    before = len(dict.fromkeys(people)) - len(added)
    click.echo(f"{len(added)} added{f', {before} in it already' if before else ''}.")


@cohort.command()
@click.argument("name")
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--due", metavar="DATE", help="Until when, as in 2026-12-01 (its end, here) or 2026-12-01T17:00+01:00.")
def assign(name: str, scenarios: tuple[str, ...], due: str | None) -> None:
    """Set scenarios for everybody in a cohort. A second time changes the date."""
    settings = configuration({}).settings
    _check_scenarios(scenarios, {card.id for card in library_of(settings).scenarios()})
    until = moment(due) if due is not None else None
    with records_of(settings) as store:
        store.assign(name, scenarios, until)
    when = f", until {_day(until)}" if until else ", without a date"
    click.echo(_printable(f"{len(scenarios)} set for {name.strip()}{when}."))


@cohort.command()
@click.argument("name", required=False)
@_AS_JSON
def status(name: str | None, as_json: bool) -> None:
    """Show who has done what by when; without a name, list the cohorts."""
    with records_of(configuration({}).settings) as store:
        if name is None:
            _list(store.cohorts(), as_json)
            return
        found = store.status(name, datetime.now(UTC))
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    for line in _lines(found):
        click.echo(_printable(line))


def moment(text: str) -> datetime:
    """A date as its end in this machine's time zone, or a moment as it is.

    Raises:
        UsageError: it is neither.
    """
    try:
        found = datetime.fromisoformat(text.strip())
        if len(text.strip()) <= len("2026-12-01"):
            found = datetime.combine(found.date(), time.max.replace(microsecond=0))
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is no date; write it as in 2026-12-01 or 2026-12-01T17:00+01:00.") from error


def _check_scenarios(asked: tuple[str, ...], there: set[str]) -> None:
    """Nobody is set what cannot be played; what is in a pack of the trainees' can be with `--content`."""
    for scenario in asked:
        if scenario not in there:
            raise UsageError(f'There is no scenario "{scenario}"; `simulator scenarios` lists what there is.')


def _list(cards: "tuple[CohortCard, ...]", as_json: bool) -> None:
    if as_json:
        print_json({"cohorts": [card.model_dump(mode="json") for card in cards]})
        return
    for card in cards:
        click.echo(_printable(_headline(card.name, card.people, card.assignments, card.lead)))
    if not cards:
        click.echo("No cohorts yet. `simulator cohort create` makes one.")


def _lines(found: "CohortStatus") -> list[str]:
    lines = [_headline(found.name, len(found.people), len(found.assignments), found.lead)]
    for given in found.assignments:
        own = [task for task in found.tasks if task.scenario == given.scenario]
        done = sum(task.state in {"done", "late"} for task in own)
        until = f", until {_day(given.due)}" if given.due else ""
        lines.append(f"{given.scenario}{until}: {done} of {len(own)} done")
        lines += [f"  {task.person}: {_standing(task)}" for task in own]
    if not found.assignments:
        lines += [f"  {person}" for person in found.people]
        lines.append("Nothing is assigned yet; `simulator cohort assign` does that.")
    return lines


def _standing(task: "Task") -> str:
    if task.first is None:
        return task.state
    times = f", {task.sessions} times" if task.sessions > 1 else ""
    return f"{task.state}, {_day(task.first)}{times}"


def _day(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def _headline(name: str, people: int, assignments: int, lead: str | None) -> str:
    led = f", led by {lead}" if lead else ""
    return f"{name}: {people} {'person' if people == 1 else 'people'}, {assignments} assigned{led}"


def _printable(text: str) -> str:
    from simulator.reports.printing import printable

    return printable(text).replace("\n", " ")
