"""Numbers as people say them, read as digits. Apart, because details, doubts and guard all compare figures."""

import re
from collections.abc import Iterator

from simulator.customer.hearing import NUMBER_WORDS, plain

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[a-z]+|[,.;:!?]")
_IDIOMS = re.compile(r"\b(?:(?:a|one) (?:hundred|thousand|million) times|(?:a )?million|twenty-four seven|24/7)\b")


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers of a text as digits, in order: "398", "three hundred and ninety-eight" and "£398.00" are "398".

    Digits spelled one by one ("five five eight one") are one number. Idioms ("a hundred times") are left out.
    """
    return tuple(_composed(_TOKEN.findall(_IDIOMS.sub(" ", plain(text)))))


def _composed(tokens: list[str]) -> Iterator[str]:
    run: list[str] = []
    for token in [*tokens, ""]:
        if _joins(run, token):
            run.append(token)
            continue
        yield from _number(run)
        run = [token] if token in NUMBER_WORDS else []
        if token[:1].isdigit():
            yield re.sub(r"\.0+$", "", token.replace(",", ""))


def _joins(run: list[str], token: str) -> bool:
    """Whether a word goes on with the number that has begun ("nine thirty" is two numbers, "thirty nine" is one)."""
    if not run:
        return token in NUMBER_WORDS
    if token in ("hundred", "thousand"):
        return True
    if token == "and" or run[-1] in ("and", "hundred", "thousand"):
        return token in ("and", *NUMBER_WORDS) and not {"hundred", "thousand"}.isdisjoint(run)
    last = NUMBER_WORDS[run[-1]]
    return NUMBER_WORDS.get(token, 99) < 10 and (last < 10 or last >= 20)


def _number(run: list[str]) -> Iterator[str]:
    if not run:
        return
    values = [NUMBER_WORDS[word] for word in run if word in NUMBER_WORDS]
    if len(values) == len(run) > 1 and max(values) < 10:
        yield "".join(str(value) for value in values)
        return
    total = part = 0
    for word in run:
        if word == "hundred":
            part = max(part, 1) * 100
        elif word == "thousand":
            total, part = total + max(part, 1) * 1000, 0
        else:
            part += NUMBER_WORDS.get(word, 0)
    yield str(total + part)
