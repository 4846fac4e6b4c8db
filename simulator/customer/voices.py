"""How much a sentence sounds like the agent rather than the customer: a table of short runs of words with weights.

Apart from `service_talk`, which names what an agent does: no list of phrases foresees all the ways of serving somebody.
The table is fitted to what both sides say in written conversations and shipped scenarios (`training/fit_voices.py`).
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from simulator.customer.hearing import words

LONGEST = 3
"""Words in a run."""
TOO_SHORT = 3
"""A sentence of fewer words has no voice of its own."""
_OFFSET = "(offset)"


def runs(sentence: str) -> frozenset[str]:
    """Every run of up to three words of a sentence; its edges and its question mark count as words, a number is "#"."""
    end = "?" if sentence.rstrip("\"' )").endswith("?") else "."
    said = ("^", *("#" if any(map(str.isdigit, word)) else word for word in words(sentence)), end)
    return frozenset(" ".join(run) for run in _runs(said))


def _runs(said: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for length in range(1, LONGEST + 1):
        yield from (said[start : start + length] for start in range(len(said) - length + 1))


def agent_odds(sentence: str, reply: str = "") -> float:
    """Log-odds that an agent says this rather than a customer; minus infinity for a sentence too short to tell.

    Args:
        sentence: In lower case, without quotations.
        reply: What was said just before: throwing an agent's words back makes nobody an agent, so they do not count.
    """
    if len(words(sentence)) < TOO_SHORT:
        return float("-inf")
    weights, thrown_back = _weights(), runs(reply)
    own = ((run, weights.get(run, 0.0)) for run in runs(sentence))
    return weights[_OFFSET] + sum(weight for run, weight in own if weight < 0 or run not in thrown_back)


@cache
def _weights() -> dict[str, float]:
    table = files("simulator.customer").joinpath("voices.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#\t#"))
    return {run: float(weight) for run, weight in rows}
