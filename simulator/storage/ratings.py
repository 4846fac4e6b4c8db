"""What people said about replies: their ratings, what came of calibrations, and contested replies they rated anew.

Apart from the journal because none of it belongs to one session: three files of JSON Lines in the data folder, each
only ever added to, each line on disk before anything follows from it.
"""

import codecs
import contextlib
import os
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from simulator.assessment import gold
from simulator.assessment.gold import GoldReply, Judgement
from simulator.errors import ContentError, StorageError
from simulator.files import content_of
from simulator.standing import Calibration
from simulator.storage.journal import sync_folder, unwritable
from simulator.strict_json import is_json

_Row = TypeVar("_Row", bound=BaseModel)


class RatingsFolder:
    """Ratings, calibrations and local gold replies in a folder, which is made on first use."""

    def __init__(self, folder: Path) -> None:
        """Look after the files in `folder`, which need not exist yet."""
        self.folder = folder
        self._judgements = folder / "ratings.jsonl"
        self._calibrations = folder / "calibration.jsonl"
        self._gold = folder / "gold.jsonl"

    def judgements(self) -> tuple[Judgement, ...]:
        """Every level a person gave, oldest first.

        Raises:
            StorageError: the file cannot be read, or a line of it is damaged.
        """
        return _rows(self._judgements, Judgement)

    def keep(self, judgement: Judgement) -> None:
        """Put one level on disk.

        Raises:
            StorageError: it could not be stored; nothing was. So for all that follow.
        """
        _append(self._judgements, judgement)

    def calibrations(self) -> tuple[Calibration, ...]:
        """What came of every calibration, oldest first.

        Raises:
            StorageError: the file cannot be read, or a line of it is damaged.
        """
        return _rows(self._calibrations, Calibration)

    def record(self, calibration: Calibration) -> None:
        """Put the outcome for one dimension on disk."""
        _append(self._calibrations, calibration)

    def gold(self) -> tuple[GoldReply, ...]:
        """Contested replies whose levels were revised.

        Raises:
            ContentError: a line is damaged.
            StorageError: the file cannot be read.
        """
        return _gold(_read(self._gold), self._gold)

    def add(self, reply: GoldReply) -> None:
        """Put one such reply on disk."""
        _append(self._gold, reply)


def gold_file(path: Path) -> tuple[GoldReply, ...]:
    """The rated replies of a file that others keep; none where there is no such file.

    Raises:
        ContentError: a line is damaged, the last one included; the sentence says which.
        StorageError: it cannot be read.
    """
    return _gold(_bytes(path), path)


def _gold(data: bytes, path: Path) -> tuple[GoldReply, ...]:
    try:
        return gold.parse(data.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ContentError(f"{path}, line {line} is not UTF-8 text.") from error


def _bytes(path: Path) -> bytes:
    try:
        return content_of(path)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error


def _read(path: Path) -> bytes:
    """A file of ours up to its last whole line: what a crash cut short was never acted on.

    Less the mark that some editors put first, so that a line mended by hand is as good as any.
    """
    data = _bytes(path).removeprefix(codecs.BOM_UTF8)
    return data[: _whole(data)]


def _rows(path: Path, kind: type[_Row]) -> tuple[_Row, ...]:
    lines = enumerate(_read(path).split(b"\n"), start=1)
    return tuple(_row(kind, line, f"{path}, line {number}") for number, line in lines if line.strip())


def _row(kind: type[_Row], line: bytes, where: str) -> _Row:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        raise StorageError(f"{where} is damaged; mend or delete that line, and the rest counts again.") from error


def _append(path: Path, row: BaseModel) -> None:
    try:
        line = row.model_dump_json().encode() + b"\n"
    except ValueError as error:
        raise StorageError("Nothing could be stored: the text holds characters that are not valid Unicode.") from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _store(path, line)
    except OSError as error:
        raise unwritable(path.parent, error) from error


def _store(path: Path, line: bytes) -> None:
    """Add a line after the last whole one and wait until it is on disk; a failure leaves the file as it was."""
    data = content_of(path) if path.exists() else b""
    end = _whole(data)
    with path.open("ab", buffering=0) as file:
        file.truncate(end)
        try:
            _write(file.fileno(), line if not end or data[end - 1 : end] == b"\n" else b"\n" + line)
        except OSError:
            with contextlib.suppress(OSError):
                file.truncate(end)
            raise
    if not data:
        sync_folder(path.parent)


def _write(file: int, line: bytes) -> None:
    rest = memoryview(line)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


def _whole(data: bytes) -> int:
    """How many bytes come before a last line that was cut short."""
    tail = data[data.rfind(b"\n") + 1 :]
    return len(data) if is_json(tail or b"0") else len(data) - len(tail)
