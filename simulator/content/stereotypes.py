"""Words that put a kind of person in the place of a person. Apart, because it is a list that people argue about."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from simulator.content.document import Document
from simulator.content.problem import Problem, quoted

OF_PERSONA = ("summary", "voice", "traits")
"""Keys of a persona that describe somebody; what the customer says in lines is their own affair."""
OF_SCENARIO = ("title", "summary", "situation", "wants", "briefing", "facts")
"""Keys of a scenario that do."""

_FILE = Path(__file__).with_name("stereotypes.txt")


@cache
def _phrases() -> re.Pattern[str]:
    lines = (line.strip() for line in _FILE.read_text(encoding="utf-8").splitlines())
    known = sorted((re.escape(line) for line in lines if line and not line.startswith("#")), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(known)})(?![\w-])", re.IGNORECASE)


def stereotypes(keys: Iterable[str], document: Document) -> Iterator[Problem]:
    """Texts under these keys with a phrase from `stereotypes.txt`."""
    described = frozenset(keys)
    for location, text in document.texts():
        if location[0] in described and (found := _phrases().search(" ".join(text.split()))):
            message = f"{quoted(found[1])} speaks of a kind of person, and not of this one"
            hint = "say what this person does, wants or finds hard"
            yield document.problem(location, "stereotype", message, hint, warning=True)
