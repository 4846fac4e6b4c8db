"""What is there and what is missing on this machine, in sentences a person can act on. Changes nothing but a memo."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from simulator.assessment.heads import shipped_heads
from simulator.backends import embedded
from simulator.config import Configuration
from simulator.content.library import Library, shipped
from simulator.content.packs import installed, roots
from simulator.content.shelf import KINDS
from simulator.errors import SimulatorError
from simulator.qualification import Versions, judged_dimensions, verdict
from simulator.storage.archive import SessionArchive
from simulator.storage.cards import Cards
from simulator.vocabulary import Value


class Finding(Value):
    """One thing looked at."""

    what: str
    healthy: bool
    says: str


class Report(Value):
    """Everything that was looked at."""

    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Whether all is well."""
        return all(finding.healthy for finding in self.findings)

    def in_words(self) -> str:
        """A line for each finding."""
        return "\n".join(f"{'ok ' if one.healthy else 'BAD'}  {one.what}: {one.says}" for one in self.findings)


def examine(configured: Configuration, settings_path: Path) -> Report:
    """Look at Python, models, content, sessions and settings."""
    settings = configured.settings
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("python", lambda: f"{sys.version.split()[0]}, simulator {version('simulator')}"),
        ("llama.cpp", _llama),
        ("embedded model", lambda: _embedded(settings.data)),
        ("speaking model", lambda: _speaking(settings.model)),
        ("judge", lambda: judging(settings.model, settings.data)),
        ("content", lambda: _content(settings.content)),
        ("sessions", lambda: _sessions(settings.data)),
    )
    found = [_looked_at(what, look) for what, look in checks]
    return Report(findings=(*found, *_packs(configured), *_settings(configured, settings_path)))


def _looked_at(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, healthy=True, says=look())
    except SimulatorError as error:
        return Finding(what=what, healthy=False, says=str(error))


def _llama() -> str:
    if importlib.util.find_spec("llama_cpp") is None:
        raise SimulatorError("llama-cpp-python is not installed; `make practice` installs it.")
    return f"llama-cpp-python {version('llama-cpp-python')}"


def _embedded(data: Path) -> str:
    path = embedded.locate()
    embedded.verify(path, data / "model-checked.json")
    return f"{path.name}, {embedded.SIZE:,} bytes, digest as expected; it listens and rates"


def _speaking(model: Path | None) -> str:
    if model is None:
        return "the embedded model, guided: it chooses among authored lines"
    if not model.is_file():
        raise SimulatorError(f"There is no file {model}.")
    return f"{model}"


def judging(model: Path | None, data: Path) -> str:
    """One sentence on whether the speaking model judges replies, and why.

    Args:
        model: Its file; None: the embedded model's.
        data: The data folder, with the cards of models that were measured.

    Raises:
        ModelError: the file is missing or no model.
        StorageError: a card cannot be read.
    """
    path = model or embedded.locate()
    dimensions = judged_dimensions(Library([shipped()]).rubric("core"))
    versions = Versions.now(dimensions, shipped_heads().version)
    return verdict(path.stem, Cards(data / "models").of(path), versions)


def _content(named: tuple[Path, ...]) -> str:
    places = roots(named)
    library = Library(places)
    problems = library.problems()
    if problems:
        raise SimulatorError("; ".join(problem.summary for problem in problems))
    return f"{len(library.scenarios())} scenarios, {len(library.personas())} personas in {', '.join(map(str, places))}"


def _packs(configured: Configuration) -> Iterator[Finding]:
    """Where content comes from, the last place first in rank, and which file hides which. Silent where that cannot be
    told; then the content itself was found to be bad."""
    try:
        origins = [
            (shipped(), "comes with the program"),
            *((pack.root, f"installed by {pack.package} as {pack.name}") for pack in installed()),
            *((root, f"named by the {configured.origins['content']}") for root in configured.settings.content),
        ]
        shadows = Library([root for root, _ in origins]).shadows()
        says = [f"{root} ({origin}): {_held(root)}" for root, origin in origins]
    except SimulatorError:
        return
    yield from (Finding(what=f"pack {rank}", healthy=True, says=one) for rank, one in enumerate(says, start=1))
    for one in shadows:
        says_so = f"{one.kind} {one.id} is {one.used}, which shadows {one.hidden}"
        yield Finding(what="shadowing", healthy=True, says=says_so)
    if not shadows:
        yield Finding(what="shadowing", healthy=True, says="no two files have one id")


def _held(root: Path) -> str:
    files = Library([root]).files
    return ", ".join(f"{len(files(kind))} {kind}{'' if len(files(kind)) == 1 else 's'}" for kind in KINDS)


def _sessions(data: Path) -> str:
    archive = SessionArchive(data / "sessions")
    archive.prepare()
    if archive.problems():
        raise SimulatorError(" ".join(archive.problems()))
    return f"{len(archive.sessions())} in {archive.folder}, {len(archive.unfinished())} unfinished"


def _settings(configured: Configuration, path: Path) -> Iterator[Finding]:
    there = "read" if path.is_file() else "not there"
    yield Finding(what="settings file", healthy=True, says=f"{path} ({there})")
    for name, value in configured.settings:
        shown = ", ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)
        yield Finding(what=f"setting {name}", healthy=True, says=f"{shown or 'not set'} ({configured.origins[name]})")
