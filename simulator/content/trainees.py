"""Scripted trainees that fit any scenario, and all those a scenario can be rehearsed with.

Apart from the schema because these come with the package, and are nobody's to edit in a scenario.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from simulator.content.schema import Authored, Identifier, Scenario, Script
from simulator.content.source import read, text_of

FILE = Path(__file__).with_name("trainees.yaml")


class Trainees(Authored):
    """The file of scripted trainees that comes with the package."""

    trainees: dict[Identifier, Script]
    """What each says, by name."""


@cache
def general_trainees() -> Mapping[str, Script]:
    """The trainees that come with the package, by name: hostile, off_topic, silent, prompt_injecting.

    Raises:
        ContentError: the file is damaged.
    """
    return read(Trainees, text_of(FILE), FILE).trainees


def trainees_for(scenario: Scenario) -> Mapping[str, Script]:
    """Every scripted trainee of a scenario by name: its own, and the general ones it has none of its own for."""
    return {**scenario.trainees, **general_trainees(), **scenario.trainees}
