"""The listener outside the application: opened in any way to listen, and remembering on disk what it made of replies.

Apart because training and benchmarks read the same thousands of replies again and again; in play every reply is new.
"""

import contextlib
import hashlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simulator.backends import embedded
from simulator.backends.engine import Engine
from simulator.backends.listener import ADAPTER, LAYER, EmbeddedListener
from simulator.backends.llama import Weights
from simulator.ports import Features, Listener

CACHE = Path.home() / ".cache" / "simulator-training"
"""Where it is remembered; may be deleted at any time."""


@dataclass(frozen=True)
class Ear:
    """A way to listen: the shipped one, or another to compare it with."""

    adapter: Path | None = ADAPTER
    layer: int = LAYER

    @property
    def key(self) -> str:
        """Tells what was heard in one way from what was heard in another."""
        return f"{self.layer} {hashlib.sha256(self.adapter.read_bytes()).hexdigest() if self.adapter else 'bare'}"


@contextlib.contextmanager
def listening(ear: Ear | None = None) -> Iterator[EmbeddedListener]:
    """The embedded model as it listens in this way, by default as in play."""
    ear = ear or Ear()
    engine = Engine()
    try:
        yield EmbeddedListener(engine, Weights(embedded.locate()), embedded.FILE_NAME, ear.adapter, ear.layer)
    finally:
        engine.close()


class RememberingListener:
    """Implements ports.Listener by another one, which is asked only what it was not asked before."""

    def __init__(self, listener: Listener, how: str = "", folder: Path = CACHE) -> None:
        """Remember what `listener` hears.

        Args:
            listener: The one that listens.
            how: Tells this way to listen from others; by default the shipped one.
            folder: Where it is remembered, about 90 kB a reply.
        """
        self.name = listener.name
        self._listener = listener
        self._how = how or Ear().key
        self._folder = folder

    async def rank(self, context: str, neutral: str, lines: Sequence[str]) -> Sequence[float]:
        """See ports.Listener."""
        return await self._listener.rank(context, neutral, lines)

    async def prepare(self, context: str, lines: Sequence[str]) -> None:
        """See ports.Listener."""
        await self._listener.prepare(context, lines)

    def remembers(self, before: str, reply: str) -> bool:
        """Whether a reply was heard in this way already."""
        return self._file(before, reply).exists()

    async def features(self, before: str, reply: str, *, ahead: bool = False) -> Features:
        """See ports.Listener. By (before, reply) and the way to listen."""
        file = self._file(before, reply)
        if not file.exists():
            _save(file, await self._listener.features(before, reply, ahead=ahead))
        return _load(file)

    def _file(self, before: str, reply: str) -> Path:
        key = hashlib.sha256(f"{self._how}\0{before}\0{reply}".encode()).hexdigest()
        return self._folder / f"{key}.npz"


def _save(file: Path, features: Features) -> None:
    """Under another name first, so that what is broken off is never taken for whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part.npz")
    np.savez(part, starts=np.array(features.starts, dtype=int), states=np.asarray(features.states))
    part.replace(file)


def _load(file: Path) -> Features:
    with np.load(file, allow_pickle=False) as saved:
        starts, states = saved["starts"], saved["states"].astype(np.float32)
    width = len(states) // len(starts) if len(starts) else 0
    return Features(starts=tuple(starts.tolist()), width=width, states=array("f", states.tobytes()))
