"""Signals of what a trainee does beside words: hold, silence, transfer. Apart, because nothing has to be detected."""

from simulator.events import TraineeAct, TraineeHeld, TraineeSilent, TraineeSpoke, TraineeTransferred
from simulator.vocabulary import Signal, SignalName


def read_act(act: TraineeAct) -> tuple[Signal, ...]:
    """The signals of an act; none for words, which the detectors read."""
    match act:
        case TraineeSpoke():
            return ()
        case TraineeHeld(seconds=seconds):
            return (Signal(name=SignalName.PUTS_ON_HOLD, about=str(seconds)),)
        case TraineeSilent(seconds=seconds):
            return (Signal(name=SignalName.STAYS_SILENT, about=str(seconds)),)
        case TraineeTransferred(to=to):
            return (Signal(name=SignalName.TRANSFERS, about=to),)
