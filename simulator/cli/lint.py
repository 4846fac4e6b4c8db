"""`simulator lint`: what is wrong with scenarios, personas and rubrics, for people, editors and programs.

Apart from the other commands because it plays nothing and needs no model.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from simulator.cli.wiring import library_of, print_json
from simulator.config import configuration
from simulator.content.chosen import chosen
from simulator.content.library import Library
from simulator.content.problem import Problem
from simulator.content.shelf import KINDS
from simulator.content.source import text_of
from simulator.errors import ExitCode
from simulator.vocabulary import Value

PAUSE = 0.5
"""Seconds between two looks at the files."""


class Findings(Value):
    """What was looked at and found."""

    files: int
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        """Problems that make a file unusable."""
        return sum(not problem.warning for problem in self.problems)

    @property
    def warnings(self) -> int:
        """The others."""
        return len(self.problems) - self.errors


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATHS]")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Exit code 1 for warnings, too.")
@click.option("--watch", is_flag=True, help="Look again whenever a file is saved, until Ctrl+C.")
@click.option("--codes", is_flag=True, help="Print what every code stands for, as Markdown.")
def lint(paths: tuple[str, ...], kind: str, strict: bool, watch: bool, codes: bool) -> int:
    """Say what is wrong with scenarios, personas and rubrics.

    PATHS are files, folders, or ids; without any, the whole library is read. Exit code 0 if there is no error, 1 if
    there is one.
    """
    if codes:
        from simulator.content.codes import page

        click.echo(page())
        return ExitCode.OK
    library = library_of(configuration({}).settings)
    found = _shown(paths, library, kind)
    if watch:
        click.echo("Looking again whenever a file is saved; Ctrl+C ends it.", err=True)
        for _ in saves(lambda: _stamps(paths, library), lambda: time.sleep(PAUSE)):
            found = _shown(paths, library, kind)
    return ExitCode.PROBLEMS if found.errors or (strict and found.warnings) else ExitCode.OK


def findings(files: Sequence[Path], library: Library) -> Findings:
    """Everything that is wrong with these files, each problem once: a persona is read with each of its scenarios."""
    problems = [problem for file in files for problem in library.check(file)]
    once = {problem.model_copy(update={"path": str(Path(problem.path).resolve())}): problem for problem in problems}
    return Findings(files=len(files), problems=tuple(once.values()))


def saves(look: Callable[[], object], pause: Callable[[], None]) -> Iterator[None]:
    """Once for each time that what `look` sees has changed since the last look; never ends by itself."""
    before = look()
    while True:
        pause()
        now = look()
        if now != before:
            before = now
            yield


def _shown(paths: Sequence[str], library: Library, kind: str) -> Findings:
    found = findings(chosen(paths, library), library)
    if kind == "json":
        counts = {"files": found.files, "errors": found.errors, "warnings": found.warnings}
        print_json({**counts, "problems": [problem.model_dump(mode="json") for problem in found.problems]})
    else:
        click.echo(in_words(found))
    return found


def in_words(found: Findings) -> str:
    """Every problem with the lines it is about, and then how many there are."""
    texts = {path: text_of(Path(path), []) or "" for path in {problem.path for problem in found.problems}}
    parts = [problem.render(texts[problem.path]) for problem in found.problems]
    return "\n\n".join([*parts, _total(found)])


def _total(found: Findings) -> str:
    files = _count(found.files, "file")
    if not found.problems:
        return f"{files}, and nothing wrong with {'it' if found.files == 1 else 'them'}."
    return f"{files}: {_count(found.errors, 'error')}, {_count(found.warnings, 'warning')}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _stamps(paths: Sequence[str], library: Library) -> Mapping[Path, tuple[int, int]]:
    """When each file that is read was last written, and how long it is: those that are named, and their neighbours."""
    named = [Path(name) for name in paths]
    folders = {folder for path in named for folder in (path, path.parent, path.absolute().parent.parent)}
    nearby = (
        path for one in folders for part in (one, *(one / f"{kind}s" for kind in KINDS)) for path in part.glob("*.y*ml")
    )
    shelved = (path for kind in KINDS for path in library.files(kind))
    return {path: stamp for path in (*nearby, *shelved) if (stamp := _stamp(path)) is not None}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:  # it is being saved under another name, or is gone
        return None
    return status.st_mtime_ns, status.st_size
