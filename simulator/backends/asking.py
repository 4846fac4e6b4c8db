"""A llama.cpp model that is asked yes or no: what the judge is made of.

Apart from `speaker` because it writes nothing: an answer is read off the logits, so it is never misspelt, refused or
argued about. A plain text is completed, with no chat template, so that base and instruct models are asked alike.
"""

from collections.abc import Sequence
from functools import partial

import llama_cpp
import numpy as np

from simulator.backends.engine import Engine, Flag, Priority
from simulator.backends.llama import Context, Weights
from simulator.errors import ModelError

CONTEXT = 2048
"""Tokens of shared text and question together; a longer shared text loses its beginning."""
QUESTION_ROOM = 256
"""Tokens of a question that are read; of a longer one the beginning is lost."""
YES = (" yes", " Yes", "yes", "Yes")
NO = (" no", " No", "no", "No")


class LlamaAsker:
    """Implements ports.Asker on the engine's thread. The same question has the same odds, whatever was asked before."""

    def __init__(self, engine: Engine, weights: Weights, name: str) -> None:
        self.name = name
        self._engine = engine
        self._weights = weights
        self._context: Context | None = None

    async def odds(self, shared: str, questions: Sequence[str]) -> Sequence[float]:
        """See ports.Asker. A job for each question, so that little is lost where it gives way to anything else."""
        asked = (partial(self._ask, shared, question) for question in questions)
        return [await self._engine.run(job, Priority.JUDGING) for job in asked]

    def _ask(self, shared: str, question: str, flag: Flag) -> float:
        if self._context is None:
            self._context = Context(self._weights, CONTEXT)
        tail = self._weights.tokens(question)[-QUESTION_ROOM:]
        head = self._weights.tokens(shared)[-(CONTEXT - QUESTION_ROOM - 2) :]
        with self._context.watching(flag):
            logits = self._context.read([*opening(self._weights), *head, *tail])
        yes, no = answer_tokens(self._weights)
        found = float(np.logaddexp.reduce(logits[yes]) - np.logaddexp.reduce(logits[no]))
        if not np.isfinite(found):
            raise ModelError(f"{self._weights.path} answers with no number; the file may be damaged.")
        return found


def opening(weights: Weights) -> list[int]:
    """The token a text begins with, for models that were trained with one."""
    return [llama_cpp.llama_vocab_bos(weights.vocab)] if llama_cpp.llama_vocab_get_add_bos(weights.vocab) else []


def answer_tokens(weights: Weights) -> tuple[list[int], list[int]]:
    """The tokens that yes and no begin with, in every spelling; one that begins both tells nothing and is left out.

    Raises:
        ModelError: no token tells them apart.
    """
    yes = {weights.tokens(spelling)[0] for spelling in YES}
    no = {weights.tokens(spelling)[0] for spelling in NO}
    if not (yes - no and no - yes):
        raise ModelError(f"{weights.path} has no words for yes and no that can be told apart, so it cannot judge.")
    return sorted(yes - no), sorted(no - yes)
