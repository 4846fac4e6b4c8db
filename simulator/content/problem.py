"""One thing that is wrong with a file, and how it is shown. Apart, because every reader and check speaks it."""

from collections.abc import Iterable

from pydantic import Field

from simulator.errors import ContentError
from simulator.vocabulary import Value

WINDOW = 100
"""Characters of a source line that are shown."""


class Problem(Value):
    """Something an author should change, and where.

    What each code stands for is said in `simulator.content.codes`.
    """

    path: str
    """The file, as the author named it."""
    line: int = Field(ge=1)
    """Counted from 1."""
    column: int = Field(ge=1)
    """Counted from 1, in characters."""
    code: str
    """Stable name of the kind."""
    message: str
    """What is wrong, in plain words."""
    hint: str | None = None
    """What to write instead."""
    warning: bool = False
    """True: the file can be used all the same."""

    @property
    def summary(self) -> str:
        """`path:line:col: code message`, on one line; warnings say so before the code."""
        weight = "warning: " if self.warning else ""
        return f"{self.path}:{self.line}:{self.column}: {weight}{self.code} {self.message}"

    def render(self, text: str) -> str:
        """The summary, the lines of `text` it is about with a mark under the place, and the hint."""
        parts = [self.summary, *self._window(text.splitlines())]
        return "\n".join([*parts, f"  hint: {self.hint}"] if self.hint else parts)

    def _window(self, lines: list[str]) -> list[str]:
        if self.line > len(lines):  # where a parser gives up is often just past the end
            return []
        start = max(0, self.column - WINDOW + 20)
        numbered = range(max(1, self.line - 1), self.line + 1)
        shown = [f"  {number:>4} | {visible(lines[number - 1][start : start + WINDOW])}" for number in numbered]
        return [*shown, f"       | {' ' * (self.column - 1 - start)}^"]


def visible(text: str) -> str:
    """`text` with everything a terminal would act on replaced by one plain character."""
    return "".join("→" if char == "\t" else char if char.isprintable() else "�" for char in text)


def quoted(value: object) -> str:
    """A value from a file, in double quotes, fit for a sentence on one line."""
    text = visible(str(value))
    return f'"{text if len(text) <= 60 else text[:59] + "…"}"'


def refuse(problems: Iterable[Problem], texts: dict[str, str]) -> None:
    """Do nothing if all `problems` are warnings.

    Args:
        problems: What was found.
        texts: Path to source, for the windows; a path that is missing gets none.

    Raises:
        ContentError: with every problem that is not a warning, rendered.
    """
    errors = [problem for problem in problems if not problem.warning]
    if errors:
        raise ContentError("\n".join(problem.render(texts.get(problem.path, "")) for problem in errors))
