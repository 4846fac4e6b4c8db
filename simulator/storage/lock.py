"""One process at a time: an exclusive lock beside a file. Apart because each operating system has its own way."""

import os
import sys
from pathlib import Path

from simulator.errors import StorageError

if sys.platform == "win32":
    import msvcrt

    # Windows hides locked bytes from other readers, so the byte locked is one that the number never reaches.
    def _seize(file: int) -> None:
        os.lseek(file, 1 << 20, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _seize(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """The right to write a session, held until `release` or until the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Take the lock kept at `path`, a small file that holds the number of the process that has it.

        Raises:
            StorageError: another window has it.
            OSError: the lock file cannot be made.
        """
        self._path = path
        self._file = _acquire(path)
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, str(os.getpid()).encode())

    def release(self) -> None:
        """Give the lock back and remove its file."""
        if sys.platform == "win32":
            os.close(self._file)
            self._path.unlink(missing_ok=True)
        else:
            # Removed while still held: whoever waits on the removed file notices, and starts over.
            self._path.unlink(missing_ok=True)
            os.close(self._file)


def is_held(path: Path) -> bool:
    """True while some process holds the lock kept at `path`."""
    if not path.exists():
        return False
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        _seize(file)
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def _acquire(path: Path) -> int:
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _seize(file)
        except OSError as error:
            holder = _holder(file)
            os.close(file)
            raise StorageError(f"This session is open in another window{holder}.") from error
        if _is_current(file, path):
            return file
        os.close(file)


def _holder(file: int) -> str:
    os.lseek(file, 0, os.SEEK_SET)
    number = os.read(file, 20).decode(errors="replace").strip()
    return f" (process {number})" if number.isdigit() else ""


def _is_current(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
