"""The closed catalogue of signals: what each is, whom it matters to, how it is found, and what it looks like.

Apart from the detectors so that everybody else can ask what a signal means without reading a reply. The text stands in
`catalogue.toml`, where people who know conversations, and not code, can read and extend it.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

from pydantic import Field

from simulator.ports import Exchange
from simulator.vocabulary import Mood, SignalName, Utterance, Value

Detector = Literal["phrases", "structure", "phrases and learned", "structure and learned", "act"]
"""How a signal is found: by its words, by the reply's build against what was said, or as an act beside the words.
Where "learned" is added, a head on the listener's states finds what these miss and doubts what they find."""


class Example(Value):
    """One reply to one customer line."""

    customer: str
    reply: str
    """Words, or a command as typed in play (`/hold 30`)."""

    def exchange(self, mood: Mood | None) -> Exchange:
        """The example as something a detector can read."""
        return Exchange(mood=mood, history=(Utterance(speaker="customer", text=self.customer),), reply=self.reply)


class Case(Value):
    """One customer line with replies that show a signal, and near misses that do not."""

    customer: str
    shows: tuple[str, ...] = Field(min_length=1)
    shows_not: tuple[str, ...] = Field(min_length=1)


class Definition(Value):
    """What a signal is, which dimension it speaks for, and whether a customer is glad of it."""

    dimension: str | None = None
    """The dimension of the rubric it is evidence for; None: none by itself."""
    wanted: bool
    """True: it supports a high level; False: a low one."""
    text: str
    """The reply ..."""
    moods: tuple[Mood, ...] = ()
    """The customers it matters most for, the most first; empty: all alike."""
    detector: Detector
    cases: tuple[Case, ...] = Field(min_length=1)

    @property
    def shows(self) -> tuple[Example, ...]:
        """Examples for: replies that do it, in the usual words and in others."""
        return tuple(Example(customer=case.customer, reply=reply) for case in self.cases for reply in case.shows)

    @property
    def shows_not(self) -> tuple[Example, ...]:
        """Examples against: the usual words without the deed, or a deed that is close to it."""
        return tuple(Example(customer=case.customer, reply=reply) for case in self.cases for reply in case.shows_not)


def _read() -> dict[SignalName, Definition]:
    text = files("simulator.assessment").joinpath("catalogue.toml").read_text("utf-8")
    return {SignalName(name): Definition.model_validate(entry) for name, entry in tomllib.loads(text).items()}


CATALOGUE: Mapping[SignalName, Definition] = _read()
"""Every signal, dimension by dimension, what is wanted first."""
