"""Standard input, output and errors as the program may count on them; apart because what is done to them is done first
and undone last, around every command.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def mended_streams() -> Iterator[None]:
    """Closed streams are empty ones, a character the terminal lacks is a question mark, and a reader who has gone
    is not written to again while Python shuts down."""
    sys.stdin, sys.stdout, sys.stderr = (
        sys.stdin or _nothing("r"),
        sys.stdout or _nothing("w"),
        sys.stderr or _nothing("w"),
    )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        yield
    finally:
        _let_go(sys.stdout)
        _let_go(sys.stderr)


def _nothing(mode: str) -> TextIO:
    return io.TextIOWrapper(io.FileIO(os.devnull, mode), encoding="utf-8", write_through=True)


def _let_go(stream: TextIO) -> None:
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
