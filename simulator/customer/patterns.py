"""Patterns that are read from a text file beside this one, a line each. Apart, because such lists are language and
grow, and no line of code should hide in them.
"""

import re
from importlib.resources import files

_NAME = re.compile(r"<(\w+)>")
_HEADER = re.compile(r"\[([a-z ]+)\]")
_NAMES = "names"


def patterns(file: str) -> dict[str, tuple[str, ...]]:
    """The patterns of each "[section]", in order, with every <name> replaced by what "[names]" says it stands for."""
    sections: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    section = ""
    for line in files("simulator.customer").joinpath(file).read_text("utf-8").splitlines():
        if header := _HEADER.fullmatch(line):
            section = header[1]
        elif section == _NAMES and line:
            name, _, pattern = line.partition(": ")
            names[name] = _filled(pattern, names)
        elif line and not line.startswith("# "):
            sections.setdefault(section, []).append(_filled(line, names))
    return {section: tuple(lines) for section, lines in sections.items()}


def _filled(pattern: str, names: dict[str, str]) -> str:
    return _NAME.sub(lambda found: names[found[1]], pattern)
