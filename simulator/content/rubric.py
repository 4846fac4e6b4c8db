"""The shape of a rubric: its dimensions with their levels and checks, and the critical errors.

Apart from the scenario and the persona (`schema`), because whoever rates reads nothing else. Every docstring under a
field is the one text about it, as there.
"""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, model_validator

from simulator.content.schema import Authored, Identifier, Text
from simulator.vocabulary import Level, SignalName


class LevelRule(Authored):
    """When a reply is at a level, in terms of the checks of the same dimension. What is given must all hold."""

    all: tuple[Identifier, ...] = ()
    """Ids of checks: the answer to each is yes."""
    any: tuple[Identifier, ...] = ()
    """Ids of checks: the answer to at least one is yes."""
    none: tuple[Identifier, ...] = ()
    """Ids of checks: the answer to none is yes. Alone, it holds for every reply that lacks these, a goodbye too."""

    @model_validator(mode="after")
    def _names_a_check(self) -> "LevelRule":
        if not (self.all or self.any or self.none):
            raise ValueError("a rule names at least one check, in all, any or none")
        return self

    def holds(self, yes: Collection[str]) -> bool:
        """Whether it holds for a reply to which just these checks say yes."""
        some = not self.any or any(name in yes for name in self.any)
        return some and all(name in yes for name in self.all) and not any(name in yes for name in self.none)


class LevelAnchor(Authored):
    """One level of a dimension."""

    name: Text
    """One word."""
    anchor: Text
    """What a reply at this level does: "the reply ..."."""
    when: LevelRule | None = None
    """Where checks score the dimension: the rule of this level. The highest level whose rule holds counts; where none
    does, there is nothing to rate."""


class Check(Authored):
    """One narrow yes/no question about a reply."""

    id: Identifier
    """Short name."""
    question: Text
    """The question, answered yes or no."""
    signals: tuple[SignalName, ...]
    """Signals that answer it with yes."""
    wanted: bool = True
    """False: yes is bad."""
    enough: Annotated[int, Field(ge=1)] | None = None
    """In how many replies of a contact it is enough, as with asking whether somebody is safe; else each one counts."""
    goal: Text | None = None
    """What to try, in one sentence about replies that begins like an instruction; the debrief may set it as a goal."""


class Dimension(Authored):
    """One dimension of the rubric."""

    id: Identifier
    """Short name."""
    name: Text
    """Shown to people."""
    question: Text
    """What it asks of a reply."""
    weight: Annotated[float, Field(gt=0, le=10)] = 1.0
    """Weight in the overall score."""
    scored_by: Literal["embedded", "checks"]
    """embedded: the shipped rater (core dimensions only); checks: by the rules of the levels (`when`), without a model,
    and not calibrated."""
    levels: dict[Literal[1, 2, 3, 4, 5], LevelAnchor]
    """The five anchors."""
    checks: tuple[Check, ...]
    """What the debrief asks of every reply."""

    @model_validator(mode="after")
    def _five_levels(self) -> "Dimension":
        if sorted(self.levels) != [1, 2, 3, 4, 5]:
            raise ValueError("levels are 1, 2, 3, 4 and 5, each with name and anchor")
        return self

    @property
    def rules(self) -> dict[Level, LevelRule]:
        """The rules by which checks score it, by level, the highest first; none where the embedded rater does."""
        if self.scored_by == "embedded":
            return {}
        return {level: anchor.when for level, anchor in sorted(self.levels.items(), reverse=True) if anchor.when}

    def level_by_rule(self, yes: Collection[str]) -> Level | None:
        """The highest level whose rule holds for a reply to which just these checks say yes; None where none does."""
        return next((level for level, rule in self.rules.items() if rule.holds(yes)), None)


class CriticalKind(Authored):
    """A critical error, in words."""

    name: Text
    """Shown to people."""
    text: Text
    """What counts as one."""
    goal: Text | None = None
    """What to try instead, in one sentence about replies; the debrief sets it as a goal after such an error."""


class Rubric(Authored):
    """What replies are scored by."""

    title: Text
    """Shown to people."""
    summary: Text
    """One sentence."""
    dimensions: tuple[Dimension, ...]
    """In the order they are shown."""
    critical: dict[Literal["abandons", "insults", "breaks_policy", "unsafe", "discloses_data"], CriticalKind]
    """Critical errors, apart from levels."""
    conventions: tuple[Text, ...] = ()
    """How borderline replies are rated."""
