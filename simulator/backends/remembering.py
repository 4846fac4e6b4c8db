"""A listener that remembers on disk what it made of replies, so that each is heard once by rehearsals and training.

Apart from the listener itself, because in play every reply is new.
"""

import hashlib
import json
import os
from array import array
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from simulator.backends import embedded
from simulator.backends.listener import ADAPTER, LAYER
from simulator.errors import StorageError
from simulator.ports import Features, Listener

ROOM = 2_000_000_000
"""Bytes the folder may grow to, about 70 kB a reply; what was written first goes first."""


@cache
def shipped_ear() -> str:
    """Tells what is heard with the shipped model, adapter and layer from what was heard with others."""
    return f"{embedded.SHA256} {hashlib.sha256(ADAPTER.read_bytes()).hexdigest()} {LAYER}"


class RememberingListener:
    """Implements ports.Listener by another one, whose features of a reply are kept by (what came before, reply)."""

    def __init__(self, listener: Listener, folder: Path, ear: str) -> None:
        """Remember what `listener` hears.

        Args:
            listener: The one that listens.
            folder: Where it is kept; may be deleted at any time.
            ear: Tells this way of listening from others.
        """
        self.name = listener.name
        self._listener = listener
        self._folder = folder
        self._ear = ear

    async def rank(self, context: str, neutral: str, lines: Sequence[str]) -> Sequence[float]:
        """See ports.Listener."""
        return await self._listener.rank(context, neutral, lines)

    async def prepare(self, context: str, lines: Sequence[str]) -> None:
        """See ports.Listener."""
        await self._listener.prepare(context, lines)

    async def features(self, before: str, reply: str, *, ahead: bool = False) -> Features:
        """See ports.Listener.

        Raises:
            StorageError: what was heard cannot be kept.
        """
        key = hashlib.sha256(f"{self._ear}\0{before}\0{reply}".encode()).hexdigest()
        file = self._folder / f"{key}.heard"
        known = _loaded(file)
        if known is None:
            known = await self._listener.features(before, reply, ahead=ahead)
            _keep(file, known)
        return known


def make_room(folder: Path, room: int = ROOM) -> None:
    """Let go of what was heard first, until the folder has no more than `room` bytes."""
    kept = sorted((status.st_mtime_ns, status.st_size, file) for file, status in _files(folder))
    total = sum(size for _, size, _ in kept)
    for _, size, file in kept:
        if total <= room:
            return
        file.unlink(missing_ok=True)
        total -= size


def _files(folder: Path) -> list[tuple[Path, os.stat_result]]:
    return [(file, file.stat()) for file in folder.glob("*.heard")]


def _keep(file: Path, features: Features) -> None:
    """Under another name first, so that what is broken off is never taken for whole."""
    head = json.dumps({"starts": features.starts, "width": features.width}).encode()
    part = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(head + b"\n" + features.states.tobytes())
        part.replace(file)
    except OSError as error:
        raise StorageError(f"Cannot write in {file.parent} ({(error.strerror or str(error)).lower()}).") from error


def _loaded(file: Path) -> Features | None:
    """What was kept; None where nothing was, or it is damaged, so that it is heard again."""
    try:
        head, _, body = file.read_bytes().partition(b"\n")
        known = json.loads(head)
        starts, width, states = tuple(known["starts"]), int(known["width"]), array("f")
        states.frombytes(body)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Features(starts=starts, width=width, states=states) if len(states) == len(starts) * width else None
