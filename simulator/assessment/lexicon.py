"""Reads `lexicon.txt`, the phrases behind the lexical signals.

Apart so that the phrases stay a text that people who know conversations, and not code, can read and extend.
"""

from functools import cache
from importlib.resources import files

from simulator.assessment.phrases import PhraseList


@cache
def _sections() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in files("simulator.assessment").joinpath("lexicon.txt").read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if (line[0], line[-1]) in (("[", "]"), ("<", ">")) and line[1:-1].isidentifier():
            lines = sections.setdefault(line, [])
        else:
            lines.append(line.strip())
    return sections


@cache
def _fragments() -> dict[str, str]:
    return {name[1:-1]: "|".join(lines) for name, lines in _sections().items() if name[0] == "<"}


@cache
def phrases(name: str) -> PhraseList:
    """The list under `[name]`.

    Raises:
        KeyError: the lexicon has no such list.
    """
    return PhraseList(_sections()[f"[{name}]"], _fragments())
