"""A listener that remembers on disk what it made of a reply, so that hearing thousands again costs nothing.

Apart because it is of use to benchmarks only: in play every reply is new.
"""

import hashlib
from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from simulator.ports import Features, Listener
from training.examples import Ear

FOLDER = Path.home() / ".cache" / "simulator-benchmarks"
"""Where it is remembered; may be deleted at any time."""


class RememberingListener:
    """Implements ports.Listener by another one, which is asked only what it was not asked before."""

    def __init__(self, listener: Listener, how: str = "", folder: Path = FOLDER / "heard") -> None:
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

    async def features(self, before: str, reply: str, *, ahead: bool = False) -> Features:
        """See ports.Listener. By (before, reply) and the way to listen."""
        key = hashlib.sha256(f"{self._how}\0{before}\0{reply}".encode()).hexdigest()
        file = self._folder / key[:2] / f"{key}.npz"
        if file.exists():
            return _load(file)
        features = await self._listener.features(before, reply, ahead=ahead)
        _save(file, features)
        return features


def _save(file: Path, features: Features) -> None:
    """Under another name first, so that what is broken off is never taken for whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part.npz")
    np.savez(part, starts=np.array(features.starts, dtype=int), width=features.width, states=np.array(features.states))
    part.replace(file)


def _load(file: Path) -> Features:
    with np.load(file, allow_pickle=False) as saved:
        states = array("f", saved["states"].astype(np.float32).tobytes())
        return Features(starts=tuple(saved["starts"].tolist()), width=int(saved["width"]), states=states)
