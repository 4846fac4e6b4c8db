"""Opening a file that somebody else may have put there: what is no file would keep the program waiting for ever.

Apart because settings, content and storage all read such files, and each has its own words for what is wrong.
"""

import errno
import stat
from pathlib import Path
from typing import BinaryIO


def opened(path: Path) -> BinaryIO:
    """An ordinary file, open for reading bytes.

    Raises:
        OSError: it cannot be opened, or is a folder, a pipe or a device.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # a folder has an error of its own
        raise OSError(errno.EINVAL, "It is a pipe or a device, not a file", str(path))
    return path.open("rb")


def content_of(path: Path) -> bytes:
    """All bytes of an ordinary file; see `opened`."""
    with opened(path) as file:
        return file.read()
