"""The embedded model as an ear: ranks lines by mutual information, and gives hidden states to the rater."""

import re
from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from simulator.backends.engine import Engine, Flag, Priority
from simulator.backends.llama import Adapter, Context, Logits, Weights
from simulator.backends.tap import TappedContext
from simulator.errors import Cancelled
from simulator.ports import Features
from simulator.spelling import respelt

CONTEXT = 1024
"""Tokens of transcript and line together; a longer transcript loses its beginning."""
_WORD = re.compile(r"[^\W\d_]+")
LINE_ROOM = 96
"""Tokens kept free for a line."""
AT_ONCE = 6
"""Lines read ahead in one job."""
BEFORE_ROOM = 96
"""Tokens of what was said before a reply that are read with it; the earlier ones are lost."""
REPLY_ROOM = 1000
"""Tokens of a reply that are read; the later ones are lost."""
REMEMBERED = 32
"""Replies whose features are kept: a few hundred kilobytes each."""
LAYER = 22
"""Layers evaluated for the features of a reply, of 30."""
ADAPTER = Path(__file__).with_name("rater.gguf")
"""Trained with the rater's heads; see training/DATA_CARD.md."""


class EmbeddedListener:
    """Implements ports.Listener on the engine's thread. Scores are remembered, so reading ahead pays."""

    def __init__(
        self, engine: Engine, weights: Weights, name: str, adapter: Path | None = ADAPTER, layer: int = LAYER
    ) -> None:
        """Listen with a model that the engine's thread owns.

        Args:
            engine: Runs every evaluation.
            weights: The model.
            name: Goes into every session.
            adapter: Laid over the model for features, never for ranking; None for the bare model.
            layer: How many layers are evaluated for features.
        """
        self.name = name
        self._adapter = adapter
        self._layer = layer
        self._engine = engine
        self._weights = weights
        self._ranking: Context | None = None
        self._reading: TappedContext | None = None
        self._scores: dict[tuple[str, str], float] = {}
        self._features: OrderedDict[tuple[str, str], Features] = OrderedDict()

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

    async def features(self, before: str, reply: str, *, ahead: bool = False) -> Features:
        """See ports.Listener."""
        key = (before, reply)
        if key not in self._features:
            priority = Priority.AHEAD if ahead else Priority.RATING
            self._features[key] = await self._engine.run(partial(self._read, before, reply), priority)
            if len(self._features) > REMEMBERED:
                self._features.popitem(last=False)
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

    def _read(self, before: str, reply: str, flag: Flag) -> Features:
        if not reply.strip():
            return Features(starts=(), width=self._weights.width, states=array("f"))
        if self._reading is None:
            adapter = Adapter(self._weights, self._adapter) if self._adapter else None
            self._reading = TappedContext(self._weights, BEFORE_ROOM + REPLY_ROOM + 1, self._layer, adapter)
        opening = self._weights.tokens(before)[-BEFORE_ROOM:]
        meant = respelt(reply, frozenset(_WORD.findall(before.lower())))
        said = self._weights.tokens(" " + meant.text)[:REPLY_ROOM]
        with self._reading.watching(flag):
            states = self._reading.states([*opening, *said])[len(opening) :]
        return Features(
            starts=tuple(map(meant.typed_at, starts(self._weights, meant.text, said))),
            width=self._weights.width,
            states=array("f", states.tobytes()),
        )


def starts(weights: Weights, reply: str, tokens: Sequence[int]) -> list[int]:
    """Where each token of " " + reply begins in the reply, in characters; a blank that opens a token does not count."""
    text = f" {reply}".encode(errors="replace")
    found, at = [], 0
    for token in tokens:
        piece = weights.piece(token)
        blank = len(piece) > 1 and piece[:1] == b" "
        found.append(max(0, len(text[: at + blank].decode(errors="ignore")) - 1))
        at += len(piece)
    return found


def _log_likelihood(logits: Logits, tokens: Sequence[int]) -> float:
    """log p of tokens, in nats, given the logits before each: (tokens, vocabulary)."""
    top = logits.max(axis=1)
    totals = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return float((logits[np.arange(len(tokens)), tokens] - totals).sum())
