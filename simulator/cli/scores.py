"""The commands about scores: rate, calibrate, contest, settle. Apart because they answer for the numbers.

Nothing heavy is imported at the top.
"""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.wiring import archive_of, calibrations_of, library_of, models_of, name_of, print_json, read_text
from simulator.config import Settings, configuration, pseudonym
from simulator.content.library import shipped
from simulator.errors import ExitCode, ModelError, UsageError
from simulator.standing import TARGET, counted, mark, marks
from simulator.vocabulary import CORE_DIMENSIONS

if TYPE_CHECKING:
    from simulator.assessment.gold import GoldReply
    from simulator.content.rubric import Dimension, Rubric
    from simulator.disputes import OpenDispute
    from simulator.storage.ratings import RatingsFolder

CORE_RUBRIC = "core"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--rubric", "rubric_id", default=CORE_RUBRIC, show_default=True, help="Id of the rubric.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def score(file: Path, rubric_id: str, as_json: bool) -> None:
    """Rate replies without playing.

    FILE holds a transcript (JSON) or single replies (JSON Lines); "-" reads standard input.
    """
    from simulator.assessment import score as scoring
    from simulator.assessment.ruled import RuledRater

    configured = configuration({})
    rubric = library_of(configured.settings).rubric(rubric_id)
    parsed = scoring.parse(read_text(file), name_of(file))
    with models_of(configured) as models:
        if models.cast.rater is None:
            raise ModelError(" ".join(models.notices))
        rater = RuledRater(models.cast.rater, rubric, models.cast.listener)
        result = asyncio.run(scoring.score(parsed, rater, rubric))
        borne = _marks_of_score(configured.settings, rubric_id, rubric, rater.version)
    shown = {name: _alert(words) for name, words in borne.items()}
    rows = result if isinstance(result, list) else [result]
    for row in rows:
        told = row | ({"calibration": borne} if borne else {})
        if not as_json:
            click.echo(scoring.in_words(_printable(row), shown))
        elif isinstance(result, list):
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            print_json(told)


def _marks_of_score(settings: Settings, rubric_id: str, rubric: "Rubric", rater: str) -> dict[str, str]:
    """The marks of the rubric's dimensions; where nobody has calibrated this version of the rater, that is said."""
    from simulator.assessment.checks import versions

    known = calibrations_of(settings)
    if not any(counted(known, rubric_id, rater, name) for name in CORE_DIMENSIONS):
        _say(
            f"So far the rater ({rater}) was compared with a panel of language models, and not with people; "
            "`simulator calibrate` does that."
        )
    ruled = {name: mark(counted(known, rubric_id, rules, name), True) for name, rules in versions(rubric).items()}
    return marks(known, rubric_id, rater, CORE_DIMENSIONS) | {name: words for name, words in ruled.items() if words}


@click.command()
@click.option("--replies", type=click.IntRange(1), default=20, show_default=True, help="How many replies in all.")
@click.option("--dimension", "only", multiple=True, help="Only this dimension; may be given several times.")
@click.option("--as", "by", metavar="NAME", help="Who rates; by default the trainee of the settings.")
@click.option("--rubric", "rubric_id", default=CORE_RUBRIC, show_default=True, help="Id of the rubric.")
@click.option("--target", type=click.FloatRange(0, 1), default=TARGET, show_default=True, help="Kappa to be reached.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Which replies are drawn.")
@click.option("--report", "only_report", is_flag=True, help="Rate nothing; compare what is rated.")
@click.option("--json", "as_json", is_flag=True, help="The comparison for programs.")
def calibrate(
    replies: int,
    only: tuple[str, ...],
    by: str | None,
    rubric_id: str,
    target: float,
    seed: int,
    only_report: bool,
    as_json: bool,
) -> None:
    """Rate replies yourself, blind, and see how far the program's levels agree with yours.

    Every answer is on disk before the next question; the same command goes on where you stopped.
    """
    from simulator.storage.ratings import RatingsFolder

    settings = configuration({}).settings
    if isnan(target):
        raise UsageError("--target takes a number from 0 to 1.")
    folder = RatingsFolder(settings.data)
    task = _Task(
        folder=folder,
        pool=_pool(settings, folder),
        rubric=rubric_id,
        dimensions=_chosen(library_of(settings).rubric(rubric_id), only),
        by=_named(by, "--as") if by is not None else settings.trainee or pseudonym(settings.data),
    )
    if only_report or _sit(task, replies, seed):
        _compare(task, target, as_json)


@dataclass(frozen=True)
class _Task:
    """Who rates what by which rubric."""

    folder: "RatingsFolder"
    pool: "tuple[GoldReply, ...]"
    rubric: str
    dimensions: "list[Dimension]"
    by: str

    @property
    def names(self) -> dict[str, str]:
        return {dimension.id: dimension.name for dimension in self.dimensions}


def _chosen(rubric: "Rubric", names: Sequence[str]) -> "list[Dimension]":
    there_are = {dimension.id: dimension for dimension in rubric.dimensions}
    for name in names:
        if name not in there_are:
            raise UsageError(f'The rubric has no dimension "{name}"; there are {", ".join(there_are)}.')
    return [dimension for name, dimension in there_are.items() if not names or name in names]


def _named(name: str, option: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= 80:
        raise UsageError(f"{option} takes a name of up to 80 characters.")
    if _printable(name) != name:
        raise UsageError(f"{option} takes a name without control characters.")
    return name


def _pool(settings: Settings, folder: "RatingsFolder") -> "tuple[GoldReply, ...]":
    """Rated replies the embedded rater was not fitted on: part of those that ship, and all that come from elsewhere."""
    from simulator.assessment.gold import held_back, latest
    from simulator.storage.ratings import gold_file

    place = Path("rubrics") / "gold" / "replies.jsonl"
    ours = (reply for reply in gold_file(shipped() / place) if held_back(reply.context))
    others = (reply for root in settings.content for reply in gold_file(root / place))
    return latest([*ours, *others, *folder.gold()])


def _sit(task: _Task, count: int, seed: int) -> bool:
    """Ask for levels; True once all are there."""
    from simulator import calibrating
    from simulator.assessment.gold import Judgement
    from simulator.calibration import drawn, given

    def keep(reply: "GoldReply", dimension: "Dimension", level: int | None) -> None:
        about: dict[str, Any] = {"rubric": task.rubric, "reply": reply.id, "dimension": dimension.id, "by": task.by}
        task.folder.keep(Judgement(at=datetime.now(UTC), level=level, **about))

    done = given(task.folder.judgements(), task.rubric, task.by)
    replies = drawn(task.pool, list(task.names), count, seed, done)
    try:
        if calibrating.Sitting(replies, task.dimensions, done, _asked, _say, keep).run():
            return True
    except KeyboardInterrupt:
        _say(f"\n{_GO_ON}")
        raise
    _say(_GO_ON)
    return False


_GO_ON = (
    "What you rated is stored. The same command goes on from here; with --report it compares what there is, after "
    "which you have seen the other levels."
)


def _compare(task: _Task, target: float, as_json: bool) -> None:
    """Rate the same replies by machine, show all levels side by side, and keep what that says about the rater."""
    from simulator import calibrating, calibration
    from simulator.reports import calibration as report

    own = calibration.given(task.folder.judgements(), task.rubric, task.by)
    replies = [reply for reply in task.pool if own.get(reply.id, {}).keys() & task.names.keys()]
    if not replies:
        raise UsageError(f'"{task.by}" has rated nothing of this yet; without --report this command asks.')
    with models_of(configuration({})) as models:
        if models.cast.rater is None:
            raise ModelError(" ".join(models.notices))
        version = models.cast.rater.version
        ratings = asyncio.run(calibrating.rated(replies, models.cast.rater, _say))
    rows = calibration.side_by_side(replies, own, ratings)
    comparisons = [calibration.compared(rows, name) for name in task.names]
    found = calibration.calibrations(comparisons, task.rubric, version, target, datetime.now(UTC), task.by)
    for one in found:
        task.folder.record(one)
    borne = marks(found, task.rubric, version, task.names)
    if as_json:
        about = {"rubric": task.rubric, "rater": version, "by": task.by, "marks": borne}
        print_json(about | report.for_programs(rows, comparisons))
        return
    click.echo(f"Calibration of rater {version} by {_printable(task.by)}, rubric {task.rubric}")
    click.echo("\n".join(report.lines(rows, comparisons, task.names, borne, _alert)))


@click.command()
@click.argument("session")
@click.option("--turn", type=int, required=True, help="Number of the turn whose levels are contested.")
@click.option("--reason", default="", help="Why, in your own words.")
@click.option("--dimension", help="Which dimension; by default all.")
@click.option("--level", type=click.IntRange(1, 5), help="The level you think right.")
@click.option("--uphold", metavar="LEVELS", help="Settle: the levels that count now, as in empathy=4,ownership=n.")
@click.option("--reject", is_flag=True, help="Settle: the levels stay.")
@click.option("--by", metavar="NAME", help="Who settles.")
def dispute(
    session: str,
    turn: int,
    reason: str,
    dimension: str | None,
    level: int | None,
    uphold: str | None,
    reject: bool,
    by: str | None,
) -> None:
    """Contest the levels of one reply, or settle what was contested.

    SESSION is its id, the beginning of it, or "last". The level stays as it is until somebody upholds the dispute.
    """
    from simulator import disputes as rules
    from simulator.desk import material_of
    from simulator.session import Session
    from simulator.storage.ratings import RatingsFolder

    settling = uphold is not None or reject
    if uphold is not None and reject:
        raise UsageError("A dispute is upheld or rejected, not both.")
    if settling and level is not None:
        raise UsageError("--level goes with contesting; --uphold names the levels itself, as in --uphold empathy=4.")
    if by is not None and not settling:
        raise UsageError("--by goes with --uphold or --reject.")
    settings = configuration({}).settings
    archive = archive_of(settings)
    found = archive.session(session)
    material = material_of(found)
    events, journal = archive.reopen(found.id)
    try:
        now, at = Session.of(events), max(datetime.now(UTC), events[-1].at)
        if not settling:
            journal.append(rules.contest(now, material, turn, reason, at, dimension, level))
        else:
            levels = rules.levels_named(uphold) if uphold is not None else None
            event = rules.settle(
                now, material, turn, levels, reason, _named(by, "--by") if by is not None else "", at, dimension
            )
            if event.upheld:  # first, as a reply that joined twice does no harm, and one that is missing would
                RatingsFolder(settings.data).add(rules.gold_reply(now, material, event))
            journal.append(event)
    finally:
        journal.close()
    click.echo(_settled_in_words(found.id, turn, uphold) if settling else _contested_in_words(found.id, turn))


def _contested_in_words(session: str, turn: int) -> str:
    return f"Turn {turn} of session {session} is contested; `simulator disputes` lists what waits to be settled."


def _settled_in_words(session: str, turn: int, uphold: str | None) -> str:
    came = "rejected; the levels stay" if uphold is None else "upheld; the reply has joined the ratings of this machine"
    return f"Turn {turn} of session {session}: {came}. The debrief shows both sides."


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def disputes(as_json: bool) -> int:
    """List the contested scores that wait to be settled, newest session first."""
    from simulator.disputes import waiting

    archive = archive_of(configuration({}).settings)
    found = list(waiting(archive.sessions()))
    if as_json:
        print_json({"disputes": [one.model_dump(mode="json") for one in found]})
    else:
        click.echo("\n\n".join(map(_in_words, found)) or "No contested score waits to be settled.")
    for problem in archive.problems():
        _say(problem)
    return ExitCode.PROBLEMS if archive.problems() else ExitCode.OK


def _in_words(one: "OpenDispute") -> str:
    from simulator.reports.printing import printable

    levels = ", ".join(f"{name} {level or 'no room'}" for name, level in one.levels.items())
    wish = f", which should be {one.level}" if one.level else ""
    told = (
        f"{one.session}, turn {one.turn}: {one.dimension or 'all levels'} contested{wish}",
        f"  Levels: {levels}",
        f"  Reply: {' '.join(printable(one.reply).split())}",
        f"  Reason: {' '.join(printable(one.reason).split())}",
    )
    return "\n".join(told)


def _asked(prompt: str) -> str | None:
    """What was typed; what was piped in is repeated behind its prompt. None at the end of the input."""
    click.echo(prompt, err=True, nl=False)
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError as error:
        raise UsageError("The input is not UTF-8 text.") from error
    if not sys.stdin.isatty():
        _say(line.rstrip("\n"))
    return line if line else None


def _printable(value: Any) -> Any:
    """A value of JSON, every text in it made fit for a terminal."""
    from simulator.reports.printing import printable

    match value:
        case str():
            return printable(value)
        case list():
            return [_printable(one) for one in value]
        case dict():
            return {name: _printable(one) for name, one in value.items()}
        case _:
            return value


def _say(text: str) -> None:
    click.echo(text, err=True)


def _alert(words: str) -> str:
    """Coloured on a terminal that wants colour; the words say the same."""
    return words if os.environ.get("NO_COLOR") else click.style(words, fg="red", bold=True)
