"""What a dimension learns to listen to, on replies made so that one kind of word decides each level."""

from array import array

import numpy as np
import pytest

from simulator.assessment.hearing import EARS, WIDTH, attended
from simulator.ports import Features
from training.ears import Unit, learned, reply

KIND, PROMPT, IDLE = 0, 1, 2
"""Numbers of the states that stand for a kind word, for a prompt one, and for any other."""
CUES = np.zeros(5)


def said(*words: int) -> Features:
    rows = np.zeros((len(words), WIDTH), dtype=np.float32)
    rows[range(len(words)), words] = 40.0
    return Features(starts=tuple(range(len(words))), width=WIDTH, states=array("f", rows.ravel().tolist()))


def units() -> list[Unit]:
    """Kindness makes the first level 5, promptness the second; anything else makes neither."""
    draw = np.random.default_rng(3)
    found: list[Unit] = []
    for _ in range(240):
        kind, prompt = draw.random(2) < 0.5
        words = [IDLE] * int(draw.integers(2, 9)) + [KIND] * int(kind) + [PROMPT] * int(prompt)
        levels = np.array([5.0 if kind else 1.0, 5.0 if prompt else 1.0])
        found.append((reply(said(*draw.permutation(words).tolist()), CUES, levels, 1.0),))
    return found


@pytest.fixture(scope="module")
def ears() -> list[np.ndarray]:
    return learned(units(), signals=4)


@pytest.mark.parametrize(("at", "own", "other"), [(0, KIND, PROMPT), (1, PROMPT, KIND)])
def test_an_ear_turns_to_the_words_its_level_hangs_on(ears: list[np.ndarray], at: int, own: int, other: int) -> None:
    reply_ = said(IDLE, own, IDLE, other)
    heard = attended(reply_, ears[at]).reshape(EARS, WIDTH)
    assert heard[:, own].max() > heard[:, other].max()
    assert heard[:, own].max() > attended(reply_, np.zeros((1, WIDTH)))[own]


def test_the_same_replies_give_the_same_ears(ears: list[np.ndarray]) -> None:
    again = learned(units(), signals=4)
    assert all(np.array_equal(one, other) for one, other in zip(ears, again, strict=True))


def test_a_pair_teaches_by_its_step_alone_where_levels_are_missing() -> None:
    nothing = reply(said(IDLE), CUES, np.array([np.nan]), 1.0)
    pair = (reply(said(IDLE), CUES, np.array([2.0]), 0.0), reply(said(IDLE, KIND), CUES, np.array([5.0]), 0.0))
    found = learned([(nothing,), pair] * 40, signals=4)[0]
    assert np.isfinite(found).all()
    assert attended(said(IDLE, KIND), found).reshape(EARS, WIDTH)[:, KIND].max() > 2.5


def test_a_reply_without_words_is_one_token_of_nothing() -> None:
    empty = reply(Features(starts=(), width=WIDTH, states=array("f")), CUES, np.array([1.0]), 1.0)
    assert empty.states.shape == (1, WIDTH)
    assert not empty.states.any()
