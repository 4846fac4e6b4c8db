"""The embedded model as an ear: ranks lines by mutual information, and gives hidden states to the rater."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from simulator.backends.engine import Engine, Flag, Priority
from simulator.backends.llama import Context, Logits, Weights
from simulator.errors import Cancelled
from simulator.ports import Features

CONTEXT = 1024
"""Tokens of transcript and line together; a longer transcript loses its beginning."""
LINE_ROOM = 96
"""Tokens kept free for a line."""
AT_ONCE = 6
"""Lines read ahead in one job."""
REPLY_ROOM = 1000
"""Tokens of an exchange whose hidden states are taken."""


class EmbeddedListener:
    """Implements ports.Listener on the engine's thread. Scores are remembered, so reading ahead pays."""

    def __init__(self, engine: Engine, weights: Weights, name: str) -> None:
        self.name = name
        self._engine = engine
        self._weights = weights
        self._ranking: Context | None = None
        self._reading: Context | None = None
        self._scores: dict[tuple[str, str], float] = {}
        self._features: dict[tuple[str, str], Features] = {}

    async def rank(self, context: str, neutral: str, lines: Sequence[str]) -> Sequence[float]:
        """See ports.Listener."""
        heard = await self._engine.run(partial(self._likelihoods, context, lines))
        unheard = await self._engine.run(partial(self._likelihoods, neutral, lines))
        return [heard[line] - unheard[line] for line in lines]

    async def prepare(self, context: str, lines: Sequence[str]) -> None:
        """See ports.Listener."""
        for start in range(0, len(lines), AT_ONCE):
            part = lines[start : start + AT_ONCE]
            try:
                await self._engine.run(partial(self._likelihoods, context, part), Priority.AHEAD)
            except Cancelled:  # something more urgent came; what is scored so far is remembered
                return

    async def features(self, customer: str, reply: str, *, ahead: bool = False) -> Features:
        """See ports.Listener."""
        key = (customer, reply)
        if key not in self._features:
            priority = Priority.AHEAD if ahead else Priority.RATING
            self._features[key] = await self._engine.run(partial(self._hidden, customer, reply), priority)
        return self._features[key]

    def _likelihoods(self, context: str, lines: Sequence[str], flag: Flag) -> Mapping[str, float]:
        missing = [line for line in dict.fromkeys(lines) if (context, line) not in self._scores]
        if missing:
            if self._ranking is None:
                self._ranking = Context(self._weights, CONTEXT)
            with self._ranking.watching(flag):
                self._score(self._ranking, context, missing, flag)
        return {line: self._scores[context, line] for line in lines}

    def _score(self, model: Context, context: str, lines: Sequence[str], flag: Flag) -> None:
        """Score lines one after the other on the same prompt.

        Not side by side in one batch: that is no faster here, needs a key-value stream for each line, and lets the
        longest line of a batch change the others' last bits.
        """
        prompt = self._weights.tokens(context)[-(CONTEXT - LINE_ROOM) :]
        first = model.read(prompt)
        for line in lines:
            flag.check()
            tokens = self._weights.tokens(" " + line)[:LINE_ROOM]
            rows = [(token, len(prompt) + at, 0) for at, token in enumerate(tokens[:-1])]
            after = np.vstack([first[None], model.extend(rows)]) if rows else first[None]
            model.forget(0, len(prompt))
            self._scores[context, line] = _log_likelihood(after, tokens)

    def _hidden(self, customer: str, reply: str, flag: Flag) -> Features:
        if self._reading is None:
            self._reading = Context(self._weights, 2 * REPLY_ROOM, embeddings=True)
        if not reply.strip():
            return [0.0] * (3 * self._weights.width)
        opening = self._weights.tokens(f"Customer: {customer}\nAgent:")[-REPLY_ROOM:]
        said = self._weights.tokens(" " + reply)[: REPLY_ROOM - 1]
        with self._reading.watching(flag):
            states = self._reading.hidden([*opening, *said])[len(opening) :]
        return _pooled(states)


def _log_likelihood(logits: Logits, tokens: Sequence[int]) -> float:
    """log p of tokens, in nats, given the logits before each: (tokens, vocabulary)."""
    top = logits.max(axis=1)
    totals = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return float((logits[np.arange(len(tokens)), tokens] - totals).sum())


def _pooled(states: NDArray[np.float32]) -> Features:
    pooled: list[float] = np.concatenate([states.mean(axis=0), states.max(axis=0), states[-1]]).tolist()
    return pooled
