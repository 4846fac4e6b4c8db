"""Where a first draft goes, and that only what can be used gets there: linted, rehearsed, and over no other file.

Apart from the commands, so that whatever writes a file for somebody keeps to the same.
"""

import asyncio
import re
import tempfile
from pathlib import Path

from simulator.config import Settings
from simulator.content.library import Library
from simulator.content.packs import roots
from simulator.content.problem import quoted
from simulator.content.shelf import SUFFIXES, Kind, kind_of
from simulator.errors import ContentError, UsageError

SEEDS = 2
"""With which a new scenario is rehearsed before it is written."""

_HINT = "  hint: what settles it goes on after “I will”, and is definite: send a replacement"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def place(name: str, kind: Kind, settings: Settings) -> Path:
    """Where a new file will lie: for an id, in the last content folder of the settings, else in the current folder.

    Raises:
        UsageError: it is there already, is no id, or would not be taken for this kind of file.
    """
    path = Path(name)
    if not name.isprintable():
        raise UsageError(f"{quoted(name)} is no name to type again: write plain text.")
    if not name.endswith(SUFFIXES):
        if not _ID.fullmatch(name):
            raise UsageError(
                f'"{name}" is no id: write small letters, digits and hyphens (late-train), or a PATH.yaml.'
            )
        path = (settings.content[-1] if settings.content else Path()) / f"{kind}s" / f"{name}.yaml"
    elif kind_of(path) != kind:
        raise UsageError(f"A {kind} lies in a folder called {kind}s: write {path.parent / f'{kind}s' / path.name}.")
    if path.exists():
        raise UsageError(f"{path} is there already, and is not written over.")
    return path


def library_around(path: Path, settings: Settings) -> Library:
    """Content that ships, is installed or named by the settings, and the folders beside the one a file lies in."""
    return Library([*roots(settings.content), path.absolute().parent.parent])


def prove(text: str, path: Path, kind: Kind, settings: Settings) -> None:
    """Do nothing if the text can be used as the file at `path`: lints without an error, and passes its own tests.

    Raises:
        ContentError: it cannot, with the reasons.
    """
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder).resolve() / f"{kind}s" / path.name
        draft.parent.mkdir()
        draft.write_text(text, encoding="utf-8")
        library = library_around(path, settings)
        errors = [problem for problem in library.check(draft) if not problem.warning]
        reasons = [problem.render(text) for problem in errors]
        if kind == "scenario" and not reasons:
            reasons = _failures(draft, library)
        told = "\n".join(reasons).replace(str(draft), str(path))
    if told:
        raise ContentError(f"{path} is not written. With these answers:\n{told}")


def _failures(draft: Path, library: Library) -> list[str]:
    """What does not come of the rehearsals as it should."""
    from simulator.rehearsing.scenario_tests import Company, tested

    result = asyncio.run(tested(library.material(str(draft)), SEEDS, Company(), lambda: None))
    failed = [(one.case, run) for one in result.results for run in one.runs if run.verdict != "passed"]
    found = (f"Rehearsed with {case.name}: {'; '.join(run.reasons)}." for case, run in failed)
    return [*dict.fromkeys(found), _HINT] if failed else []


def write(text: str, path: Path) -> None:
    """Put a new file there, and its folder if need be.

    Raises:
        UsageError: it cannot be written, or somebody else has written it meanwhile.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"Cannot write {path}: {error.strerror}.") from error


def is_shelved(path: Path, kind: Kind, library: Library) -> bool:
    """Whether the library finds the file by its id."""
    return any(path.resolve() == known.resolve() for known in library.files(kind))
