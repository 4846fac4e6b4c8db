"""Who is in a cohort, what was assigned to it, and how far each person is. Values, and the one rule between them.

Apart from the store so that screens and reports can name them, and because what counts as done is no matter of SQL.
"""

import unicodedata
from datetime import datetime
from typing import Literal

from pydantic import Field

from simulator.errors import UsageError
from simulator.vocabulary import Value

LONGEST_NAME = 80
"""Characters a name of a person or a cohort may have, as in the settings."""

State = Literal["done", "late", "open", "overdue"]
"""Played in time | played after the date | not yet, and there is time | not yet, and the date has passed."""


class CohortCard(Value):
    """One cohort in a list."""

    name: str
    lead: str | None
    """Who may read its members' sessions; None: nobody but the owner of the store."""
    people: int = Field(ge=0)
    assignments: int = Field(ge=0)


class Assignment(Value):
    """A scenario that everybody in the cohort is to play."""

    scenario: str
    due: datetime | None
    """Until when; None: no date was set."""


class Task(Value):
    """One assignment for one person."""

    person: str
    scenario: str
    due: datetime | None
    state: State
    sessions: int = Field(ge=0)
    """Finished sessions with at least one reply, whenever they were played."""
    first: datetime | None
    """When the first of them ended, by the clock of the machine it was played on."""


class CohortStatus(Value):
    """Who has done what by when."""

    name: str
    lead: str | None
    at: datetime
    """The moment it is about."""
    people: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    tasks: tuple[Task, ...]
    """One for each person and assignment, by person, then by date."""


def state_of(due: datetime | None, first: datetime | None, now: datetime) -> State:
    """How far an assignment is.

    Args:
        due: Until when; None: no date.
        first: When it was first played to the end; None: not yet.
        now: The moment asked about.
    """
    if first is not None:
        return "late" if due is not None and first > due else "done"
    return "overdue" if due is not None and now > due else "open"


def checked_name(name: str, what: str) -> str:
    """A name as it is kept: in Unicode's composed form, without blanks around it.

    Args:
        name: As it was typed.
        what: What it names, for the sentence: "cohort".

    Raises:
        UsageError: it is empty, too long, or holds characters that steer a terminal.
    """
    kept = unicodedata.normalize("NFC", name).strip()
    if not kept:
        raise UsageError(f"The name of a {what} cannot be empty.")
    if len(kept) > LONGEST_NAME:
        raise UsageError(f"The name of a {what} has at most {LONGEST_NAME} characters; this one has {len(kept)}.")
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in kept):
        raise UsageError(f"The name of a {what} is one line of text without control characters.")
    return kept
