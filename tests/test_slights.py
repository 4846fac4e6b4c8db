"""What is taken for a slight is believed only where it is nearly sure, or where words and moment bear it out."""

from array import array

import numpy as np
import pytest
from played import BEGIN, after, exchange, material

from simulator.assessment.hearing import WIDTH
from simulator.assessment.learned import HEADS, NUMBERS, SignalHeads, read_heard
from simulator.assessment.scene import Known
from simulator.assessment.signals import read
from simulator.consequences import Consequences
from simulator.events import PromiseMade, ReplyRead, TraineeSpoke
from simulator.ports import Exchange, Features
from simulator.vocabulary import CriticalCode, Emotion, SignalName, Utterance

STORY = (Utterance(speaker="customer", text="The kitchen ceiling is down and the lamp is full of water."),)
NOTHING = Features(starts=(0,), width=WIDTH, states=array("f", [0.0] * WIDTH))


def ear(name: SignalName, probability: float) -> SignalHeads:
    """Finds one signal with this probability in whatever is said, and nothing else."""
    bias = np.full(len(HEADS), -30.0)
    bias[HEADS.index(name.value)] = np.log(probability / (1 - probability))
    return SignalHeads("made-up", np.zeros((len(HEADS), NUMBERS)), bias)


def heard(reply: str, name: SignalName, probability: float) -> bool:
    said = Exchange(history=STORY, reply=reply)
    assert name not in {signal.name for signal in read(said).signals}, "the words alone must not show it"
    found = read_heard(said, Known(), NOTHING, ear(name, probability)).signals
    return name in {signal.name for signal in found}


@pytest.mark.parametrize(
    ("reply", "name", "probability", "believed"),
    [
        ("You must be exhausted.", SignalName.INSULTS, 0.83, False),
        ("Some people should stay off the phone.", SignalName.INSULTS, 0.95, True),
        ("Brilliant.", SignalName.INSULTS, 0.95, False),
        ("Have a look at the top of page two.", SignalName.HANDS_OFF, 0.7, False),
        ("Have a go with the lot across the road.", SignalName.HANDS_OFF, 0.95, True),
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


# Goodbyes


@pytest.mark.parametrize(
    ("upset", "trust", "promised", "abandoned"), [(5, 90, True, False), (5, 90, False, True), (70, 20, True, True)]
)
def test_a_goodbye_abandons_nobody_who_is_calm_and_has_a_promise(
    upset: float, trust: float, promised: bool, abandoned: bool
) -> None:
    calm = Emotion(anger=upset, distress=upset, confusion=upset, trust=trust)
    events = exchange(1, "I'll ring you on Friday.", "Yes, ring me.", before=calm)
    made = (PromiseMade(promise="callback", quote="I'll ring you on Friday."),) if promised else ()
    session = after(
        [event.model_copy(update={"promises": made}) if isinstance(event, ReplyRead) else event for event in events],
        ending=None,
    )
    said = session.after(TraineeSpoke(at=BEGIN, turn=2, text="Bye now."))
    read = Consequences(material()).following(said, BEGIN)
    assert isinstance(read, ReplyRead)
    assert ([error.code for error in read.critical] == [CriticalCode.ABANDONS]) is abandoned
