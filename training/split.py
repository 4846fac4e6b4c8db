"""Which contexts are kept for the figures: by name alone, so that adapter and heads never disagree about it.

Apart from everything else because the adapter is trained in an environment of its own.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FOLDS = 5
TEST = 0
"""The fold that neither adapter nor heads are trained on."""
_SEED = 7


def folds(groups: Sequence[str]) -> NDArray[np.int64]:
    """A fold number, 0 to FOLDS - 1, for each row; rows of a group share one, and it depends on the name alone."""
    return np.array([_fold(group) for group in groups])


def _fold(group: str) -> int:
    return int(hashlib.sha256(f"{_SEED} {group}".encode()).hexdigest(), 16) % FOLDS


def held_out(conversation: str) -> bool:
    """Whether a conversation is kept for the figures of the customer's side: about a tenth, by name alone."""
    return int(hashlib.sha256(f"lines {conversation}".encode()).hexdigest(), 16) % 10 == 0
