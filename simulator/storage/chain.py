"""The hash chain over a session's events: its last link stands for all of them, in their order.

Apart because three readers must agree on it: the store (has the journal grown?), hand-in files (was anything changed?)
and whoever checks such a file with a program of their own.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

START = sha256(b"simsession 1").digest()
"""What the first event is linked to."""


def link(previous: bytes, line: bytes) -> bytes:
    """The 32 bytes that stand for a line and all before it: sha256 of the link before, followed by the line.

    Args:
        previous: The link of the event before; `START` for the first.
        line: An event as canonical JSON, as it stands in the journal, without the line end.
    """
    return sha256(previous + line).digest()


def chain(lines: Iterable[bytes]) -> Iterator[str]:
    """The link of each line, hexadecimal."""
    last = START
    for line in lines:
        last = link(last, line)
        yield last.hex()
