"""Files that are there whole or not at all, however the program ends while they are written.

Apart because hand-in files, keys and tombstones are each replaced as a whole, unlike a journal, which only grows.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from simulator.storage.journal import sync_folder

_DRAFT = ".new"
"""Ending of what is not whole yet; its name begins with a dot, so that nobody takes it for the file."""


def put(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write one file in place of what is there; see `put_all`."""
    put_all({path: data}, mode)


def put_all(files: Mapping[Path, bytes], mode: int = 0o644) -> None:
    """Write every file, then put them in their places; on disk when this returns. Folders are made if need be.

    Args:
        files: What to write where; all drafts are on disk before the first file takes its place.
        mode: Who may read them, less what the system forbids.

    Raises:
        OSError: one could not be written; then none has taken its place.
    """
    drafts: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            drafts[path] = draft(path, data, mode)
        for path, written in drafts.items():
            written.replace(path)
    except BaseException:
        for written in drafts.values():
            written.unlink(missing_ok=True)
        raise
    for folder in {path.parent for path in files}:
        sync_folder(folder)


def draft(path: Path, data: bytes, mode: int = 0o644) -> Path:
    """A file beside `path`, on disk, that only waits to take its place; one left by a crash is written anew."""
    made = path.with_name(f".{path.name}{_DRAFT}")
    _make_folder(path.parent)
    made.unlink(missing_ok=True)
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        made.unlink(missing_ok=True)
        raise
    return made


def _make_folder(folder: Path) -> None:
    """Every folder that is new survives a power cut only with its entry in the one above."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        sync_folder(one.parent)
