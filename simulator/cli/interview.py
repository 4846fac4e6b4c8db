"""Answers from flags, else from whoever sits there: asked on standard error, read from standard input.

Apart from the commands that need answers, and by hand: what a prompt prints must never mix with what a command prints.
"""

import sys
from collections.abc import Mapping, Sequence

import click

from simulator.errors import UsageError


class Interview:
    """Asks for what no flag says; an empty line takes what is suggested."""

    def __init__(self, given: Mapping[str, str | None], *, asks: bool) -> None:
        """`given` is what the flags say, by name; without `asks`, the rest is as suggested."""
        self._given = given
        self._asks = asks

    def answer(self, flag: str, question: str, suggested: str, known: Sequence[str] = ()) -> str:
        """The answer, one of those `known` if there are any.

        Raises:
            UsageError: it is none of them or empty, or standard input ends before it.
        """
        given = self._given.get(flag)
        if given is not None:
            return _checked(given, flag, known)
        return self._asked(flag, question, suggested, known) if self._asks else _checked(suggested, flag, known)

    def _asked(self, flag: str, question: str, suggested: str, known: Sequence[str]) -> str:
        listed = f" ({', '.join(known)})" if known else ""
        while True:
            click.echo(f"{question}{listed}\n  Enter for: {suggested}\n> ", err=True, nl=False)
            try:
                return _checked(_typed(flag) or suggested, flag, known)
            except UsageError as error:
                if not sys.stdin.isatty():  # a pipe does not answer better the second time
                    raise
                click.echo(str(error), err=True)


def _typed(flag: str) -> str:
    try:
        return input().strip()
    except EOFError:
        raise UsageError(f"The answers end here; give {_option(flag)}, or --defaults for what is suggested.") from None
    except UnicodeDecodeError:
        raise UsageError(f"The answer for {_option(flag)} is not UTF-8 text.") from None


def _checked(answer: str, flag: str, known: Sequence[str]) -> str:
    if not answer.strip():
        raise UsageError(f"{_option(flag)} is empty.")
    if not answer.isprintable():
        raise UsageError(f"{_option(flag)} takes one line of text.")
    if known and answer not in known:
        raise UsageError(f'"{answer}" does not go with {_option(flag)}; known here: {", ".join(known)}.')
    return answer


def _option(flag: str) -> str:
    return f"--{flag.replace('_', '-')}"
