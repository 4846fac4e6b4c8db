"""The listener outside the application: opened in any way to listen, with a memory for training and benchmarks."""

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator.backends import embedded
from simulator.backends.engine import Engine
from simulator.backends.listener import ADAPTER, LAYER, EmbeddedListener
from simulator.backends.llama import Weights
from simulator.backends.remembering import RememberingListener
from simulator.ports import Listener

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


def remembering(listener: Listener, ear: Ear | None = None) -> RememberingListener:
    """The same listener, asked only what it was not asked before in this way to listen. About 90 kB a reply."""
    return RememberingListener(listener, CACHE, (ear or Ear()).key)
