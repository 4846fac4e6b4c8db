"""Which files are meant by what somebody named: ids, files, folders, or nothing for the whole library. Apart from the
library, because it is about a command line and not about content."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from simulator.content.complaints import nearest
from simulator.content.library import Library
from simulator.content.problem import quoted
from simulator.content.shelf import KINDS, SUFFIXES, Kind, authored_in, kind_of
from simulator.errors import UsageError


def chosen(names: Sequence[str], library: Library, kinds: Iterable[Kind] = KINDS) -> tuple[Path, ...]:
    """Files by name, each once, in the order they were named.

    Args:
        names: Ids of the library, YAML files, folders with YAML files or with `scenarios/`, `personas/`, `rubrics/` in
            them; empty for everything in the library.
        library: For ids.
        kinds: Those that are wanted; a file named by its path is taken whatever it is.

    Raises:
        UsageError: a name stands for nothing.
    """
    wanted = tuple(kinds)
    if not names:
        return tuple(path for kind in wanted for path in library.files(kind))
    return tuple(dict.fromkeys(path for name in names for path in _named(name, library, wanted)))


def _named(name: str, library: Library, kinds: tuple[Kind, ...]) -> Iterator[Path]:
    path = Path(name)
    if name.endswith(SUFFIXES):
        if not path.exists():
            raise UsageError(f"There is no file {name}.")
        yield path
    elif path.is_dir():
        yield from _inside(path, kinds)
    else:
        yield _known(name, library, kinds)


def _inside(folder: Path, kinds: tuple[Kind, ...]) -> list[Path]:
    shelved = [path for kind in kinds for path in authored_in(folder / f"{kind}s")]
    found = shelved or [path for path in authored_in(folder) if kind_of(path) in kinds]
    if not found:
        raise UsageError(f"There is no {' or '.join(kinds)} in {folder}.")
    return found


def _known(name: str, library: Library, kinds: tuple[Kind, ...]) -> Path:
    known = {path.stem: path for kind in reversed(kinds) for path in library.files(kind)}
    if name not in known:
        near = nearest(name, known)
        guess = f"; did you mean {quoted(near)}?" if near else "."
        raise UsageError(f"There is no file, folder or {' or '.join(kinds)} {quoted(name)}{guess}")
    return known[name]
