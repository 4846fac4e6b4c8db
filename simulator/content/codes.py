"""What each code of a problem stands for: which files, how grave, what to do. Apart from the checks, so that the page
in the docs, the command line and the tests read one text. It stands in `codes.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Literal

from simulator.vocabulary import Value


class Code(Value):
    """One kind of problem."""

    about: str
    """Which files it is found in."""
    weight: Literal["error", "warning", "either"]
    """error: the file cannot be used; warning: it can be used all the same; either: the text says when which."""
    text: str
    """What is wrong."""
    remedy: str
    """What to do about it."""
    example: str = ""
    """YAML in which it would be found."""


CODES: Mapping[str, Code] = {
    name: Code.model_validate(entry)
    for name, entry in tomllib.loads((files("simulator.content") / "codes.toml").read_text(encoding="utf-8")).items()
}
"""Every code there is, in the order of the page."""

_ABOUT = """# What lint finds

`simulator lint [PATHS]` reads scenarios, personas and rubrics, and says what is wrong with them: the place
(`path:line:column`), a code, what is wrong, the lines it is about, and what to write instead. Without PATHS it reads
the whole library. It ends with 0 if there is no error, 1 if there is one (with `--strict`: or a warning), 2 if it was
called wrongly. A **warning** marks a file that can be played all the same.

A clean file is not a good one: whether people believe the customer, and whether the scenario can be won and lost, is
for `simulator scenario test` and for people to find out.

This page is made by `simulator lint --codes > docs/lint.md`."""
_WEIGHTS = {"error": "Error", "warning": "Warning", "either": "Error or warning"}


def page() -> str:
    """All codes, as docs/lint.md."""
    return "\n\n".join([_ABOUT, *(part for name, code in CODES.items() for part in _entry(name, code))])


def _entry(name: str, code: Code) -> Iterator[str]:
    yield f"## `{name}`"
    yield f"{_WEIGHTS[code.weight]} in: {code.about}. {code.text}"
    if code.example:
        yield f"```yaml\n{code.example.strip()}\n```"
    yield f"What to do: {code.remedy}"
