"""A llama.cpp model that writes customer lines: several at once, each in a sequence of its own."""

import codecs
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp

from simulator.backends.engine import Engine, Flag
from simulator.backends.llama import Adapter, Context, Weights

CONTEXT = 2048
TEMPERATURE = 0.8
TRAINED_TEMPERATURE = 0.6
"""A trained customer has fewer words to choose from, and small models stray with every unlikely one."""
TOP_P = 0.92


class LlamaSpeaker:
    """Implements ports.Speaker on the engine's thread."""

    def __init__(
        self, engine: Engine, weights: Weights, name: str, at_once: int = 4, adapter: Path | None = None
    ) -> None:
        """Write with a model that the engine's thread owns.

        Args:
            engine: Runs every evaluation.
            weights: The model.
            name: Goes into every session.
            at_once: Most lines written side by side.
            adapter: A customer's adapter, laid over the model: it then takes the prompts that it was trained on.
        """
        self.name = name
        self.trained = adapter is not None
        self._adapter = adapter
        self._engine = engine
        self._weights = weights
        self._at_once = at_once
        self._context: Context | None = None

    async def write(self, prompt: str, count: int, seed: int, max_tokens: int) -> Sequence[str]:
        """See ports.Speaker."""
        return await self._engine.run(lambda flag: self._write(prompt, count, seed, max_tokens, flag))

    def _write(self, prompt: str, count: int, seed: int, max_tokens: int, flag: Flag) -> Sequence[str]:
        if self._context is None:
            adapter = Adapter(self._weights, self._adapter) if self._adapter else None
            self._context = Context(self._weights, CONTEXT, self._at_once + 1, adapter)
        tokens = self._weights.tokens(prompt)[-(CONTEXT - max_tokens - 1) :]
        with self._context.watching(flag):
            heat = TRAINED_TEMPERATURE if self.trained else TEMPERATURE
            samplers = [_sampler(seed + number, heat) for number in range(min(count, self._at_once))]
            return _Writing(self._context, tokens, samplers).finish(max_tokens, flag)


class _Writing:
    """Several continuations of one prompt, growing token by token side by side."""

    def __init__(self, context: Context, prompt: Sequence[int], samplers: Sequence[Any]) -> None:
        count = len(samplers)
        self._context = context
        self._position = len(prompt)
        self._texts = [b""] * count
        self._samplers = samplers
        context.read(prompt)
        self._next = {number: context.sample(self._samplers[number], -1) for number in range(count)}
        for number in range(count):
            context.branch(number + 1)

    def finish(self, max_tokens: int, flag: Flag) -> Sequence[str]:
        """Write until every text ends with its line or is `max_tokens` long."""
        try:
            for _ in range(max_tokens):
                flag.check()
                self._take()
                if not self._next:
                    break
                self._step()
        finally:
            for sampler in self._samplers:
                llama_cpp.llama_sampler_free(sampler)
        return [codecs.decode(text, "utf-8", "ignore").split("\n")[0].strip() for text in self._texts]

    def _take(self) -> None:
        weights = self._context.weights
        for number, token in list(self._next.items()):
            piece = weights.piece(token)
            self._texts[number] += piece
            begun = bool(self._texts[number].strip())
            if weights.ends(token) or (b"\n" in piece and begun):
                del self._next[number]

    def _step(self) -> None:
        rows = [(token, self._position, number + 1) for number, token in self._next.items()]
        self._context.extend(rows)
        self._position += 1
        self._next = {
            number: self._context.sample(self._samplers[number], row) for row, number in enumerate(self._next)
        }


def _sampler(seed: int, heat: float) -> Any:
    chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
    llama_cpp.llama_sampler_chain_add(chain, llama_cpp.llama_sampler_init_top_p(TOP_P, 1))
    llama_cpp.llama_sampler_chain_add(chain, llama_cpp.llama_sampler_init_temp(heat))
    llama_cpp.llama_sampler_chain_add(chain, llama_cpp.llama_sampler_init_dist(seed % 2**32))
    return chain
