"""Reads `lexicon.txt` (phrases) and `words.txt` (word lists).

Apart so that both stay texts that people who know conversations, and not code, can read and extend.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

_FILES = ("lexicon.txt", "words.txt")


@cache
def lists() -> Mapping[str, Sequence[str]]:
    """Every list and fragment by its heading, `[name]` or `<name>`, as lines."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in _lines():
        if (line[0], line[-1]) in (("[", "]"), ("<", ">")) and line[1:-1].isidentifier():
            lines = sections.setdefault(line, [])
        else:
            lines.append(line)
    return sections


def _lines() -> Sequence[str]:
    texts = (files("simulator.assessment").joinpath(name).read_text("utf-8") for name in _FILES)
    lines = (line.strip() for text in texts for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@cache
def words(name: str) -> frozenset[str]:
    """The words of the list `[name]`.

    Raises:
        KeyError: there is no such list.
    """
    return frozenset(word for line in lists()[f"[{name}]"] for word in line.split())
