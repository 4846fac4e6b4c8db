"""What benchmarks measure: the shipped rater on the test replies, and the line that names machine and models.

Apart so that every figure in the docs comes from the same set-up, told in the same words.
"""

import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from simulator.assessment.rater import EmbeddedRater
from simulator.backends.llama import cores
from training.examples import Example
from training.listening import listening
from training.split import TEST, folds


@contextmanager
def shipped_rater() -> Iterator[EmbeddedRater]:
    """The rater as it runs in play, with the embedded model behind it."""
    with listening() as listener:
        yield EmbeddedRater(listener)


def header(*measured: str) -> str:
    """The line above all figures: the machine, then the models and versions that were measured on it."""
    return ", ".join([platform.processor() or platform.machine(), f"{cores()} cores", *measured])


def unseen(examples: Sequence[Example]) -> list[Example]:
    """The examples in contexts that neither adapter nor heads were trained on, in their order."""
    fold = folds([example.group for example in examples])
    return [example for example, number in zip(examples, fold, strict=True) if number == TEST]
