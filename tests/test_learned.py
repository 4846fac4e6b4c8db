"""What the ear alone takes for a slight is believed only where it is nearly sure, or where the words bear it out."""

from array import array

import numpy as np
import pytest

from simulator.assessment.hearing import WIDTH
from simulator.assessment.learned import HEADS, NUMBERS, SignalHeads, read_heard
from simulator.assessment.scene import Known
from simulator.assessment.signals import read
from simulator.ports import Exchange, Features
from simulator.vocabulary import SignalName, Utterance

STORY = (Utterance(speaker="customer", text="The kitchen ceiling is down and the lamp is full of water."),)
NOTHING = Features(starts=(0,), width=WIDTH, states=array("f", [0.0] * WIDTH))


def ear(name: SignalName, probability: float) -> SignalHeads:
    """Finds one signal with this probability in whatever is said, and nothing else."""
    bias = np.full(len(HEADS), -30.0)
    bias[HEADS.index(name.value)] = np.log(probability / (1 - probability))
    return SignalHeads("made-up", np.zeros((len(HEADS), NUMBERS)), bias)


def heard(reply: str, name: SignalName, probability: float) -> bool:
    exchange = Exchange(history=STORY, reply=reply)
    assert name not in {signal.name for signal in read(exchange).signals}, "the words alone must not show it"
    found = read_heard(exchange, Known(), NOTHING, ear(name, probability)).signals
    return name in {signal.name for signal in found}


@pytest.mark.parametrize(
    ("reply", "name", "probability", "believed"),
    [
        ("You must be exhausted.", SignalName.INSULTS, 0.83, False),
        ("Some people should stay off the phone.", SignalName.INSULTS, 0.95, True),
        ("Brilliant.", SignalName.INSULTS, 0.95, False),
        ("Please keep it a bit longer.", SignalName.DISMISSES_FEELING, 0.6, False),
        ("Flannel, my grandmother swore by it.", SignalName.DISMISSES_FEELING, 0.8, True),
        ("I'm with you all the way on this.", SignalName.NAMES_FEELING, 0.6, True),
    ],
)
def test_a_slight_needs_more_than_a_likely_sound(
    reply: str, name: SignalName, probability: float, believed: bool
) -> None:
    assert heard(reply, name, probability) is believed


def test_a_question_is_asked_again_only_where_the_customer_told_it() -> None:
    assert heard("Is the kitchen lamp full of water?", SignalName.ASKS_AGAIN, 0.6)
    assert not heard("Is your fuse box somewhere you can get to?", SignalName.ASKS_AGAIN, 0.99)
