"""Commands that look at content: the schema of its files, a scenario as a page, and how its sessions went.

Apart from `scenarios`, which rehearses: nothing is played here. Nothing heavy is imported at the top.
"""

from pathlib import Path
from typing import get_args

import click

from simulator.cli.wiring import archive_of, deliver, library_of, print_json
from simulator.config import configuration
from simulator.content.library import Library
from simulator.content.shelf import SUFFIXES, Kind
from simulator.errors import ExitCode, UsageError


@click.command()
@click.argument("kind", type=click.Choice(get_args(Kind)), required=False)
@click.option("--page", "as_page", is_flag=True, help="Print every field of all three kinds in words, as Markdown.")
def schema(kind: Kind | None, as_page: bool) -> None:
    """Print the JSON Schema of a scenario, persona or rubric, by which editors complete and check."""
    if as_page == (kind is not None):
        raise UsageError("Say one of scenario, persona and rubric; or --page alone, for the reference in words.")
    if kind is None:
        from simulator.content.reference import page

        click.echo(page())
        return
    from simulator.content.json_schema import schema_of

    print_json(schema_of(kind))


@click.command()
@click.argument("scenario", metavar="ID or PATH.yaml")
@click.option("--persona", help="Another persona than the scenario's own.")
@click.option("--format", "kind", type=click.Choice(["text", "html"]), default="text", show_default=True)
@click.option("--lines", is_flag=True, help="With every line the customer can say, and when.")
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Draws names and amounts."
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def show(scenario: str, persona: str | None, kind: str, lines: bool, seed: int, output: Path | None) -> None:
    """Show a scenario as a page for people who read no YAML.

    Briefing, customer, facts with what unlocks them, promises, rules, endings and tests.
    """
    from simulator.reports.scenario_page import page
    from simulator.reports.sections import as_html, as_text

    material = library_of(configuration({}).settings).material(scenario, persona).cast(seed)
    made = page(material, every_line=lines)
    text = as_html(made) if kind == "html" else as_text(made)
    deliver(text, output)


@click.command()
@click.argument("scenario", metavar="ID or PATH.yaml")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def report(scenario: str, as_json: bool) -> int:
    """Show how the sessions of a scenario on this machine went.

    Endings, replies, where trainees quit, facts nobody unlocked, promises nobody made, checks nobody passed. Calls that
    are open in a window do not count yet.
    """
    from simulator.rehearsing.scenario_report import report as reported
    from simulator.reports.sessions_of import in_lines

    settings = configuration({}).settings
    archive = archive_of(settings)
    id = Path(scenario).stem if scenario.endswith(SUFFIXES) else scenario
    sessions = [one for one in archive.sessions() if one.started.scenario_id == id and not archive.is_open(one.id)]
    if not sessions and scenario == id:
        _refuse_unknown(id, library_of(settings))
    if as_json:
        print_json({**reported(id, sessions).model_dump(mode="json"), "problems": list(archive.problems())})
    else:
        click.echo(in_lines(reported(id, sessions)) if sessions else f"No sessions of {id} on this machine yet.")
        for problem in archive.problems():
            click.echo(problem, err=True)
    return ExitCode.PROBLEMS if archive.problems() else ExitCode.OK


def _refuse_unknown(id: str, library: Library) -> None:
    """Do nothing where the library has a scenario with this id.

    Raises:
        UsageError: it has none.
    """
    from simulator.content.chosen import chosen

    chosen([id], library, ("scenario",))
