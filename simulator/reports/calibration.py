"""A calibration in lines of text: every reply with the levels of all three, and how they agree on each dimension.

Apart from the debrief's reports because it is about the rater, and is read by whoever answers for it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from simulator.assessment.agreement import Agreement
from simulator.calibration import LEAST, Comparison, Levels, SideBySide
from simulator.reports.printing import printable

_SHOWN = 90
"""Characters of a reply that are enough to know it again."""


def lines(
    rows: Sequence[SideBySide],
    comparisons: Sequence[Comparison],
    names: Mapping[str, str],
    marks: Mapping[str, str],
    alert: Callable[[str], str],
) -> Iterator[str]:
    """The whole report.

    Args:
        rows: The replies that were rated.
        comparisons: One for each dimension that is shown.
        names: The dimensions' names by id.
        marks: Of the dimensions that fall short, by id.
        alert: Colours what must not be overlooked; the words say it too.
    """
    yield f"{len(rows)} {'reply' if len(rows) == 1 else 'replies'}: own levels, the rater's, the panel's"
    for row in rows:
        yield from ("", f"{row.reply.id}: {_shortened(row.reply.reply)}")
        for one in comparisons:
            yield f"  {names[one.dimension]}: {_three(row, one.dimension)}"
    yield from ("", "HOW FAR THEY AGREE (weighted kappa: 1 is fully, 0 is chance; 95 % interval in brackets)")
    for one in comparisons:
        yield from ("", names[one.dimension])
        yield f"  own and panel: {_agreement(one.own_panel, 'own')}"
        yield f"  own and rater: {_agreement(one.own_rater, 'own')}"
        yield f"  rater and panel: {_agreement(one.rater_panel, 'rater')}"
        yield f"  {_verdict(one, marks.get(one.dimension), alert)}"


def for_programs(rows: Sequence[SideBySide], comparisons: Sequence[Comparison]) -> dict[str, Any]:
    """The same as plain values that JSON can hold."""
    return {
        "replies": [{"id": row.reply.id, "own": row.own, "rater": row.rater, "panel": row.panel} for row in rows],
        "dimensions": [one.model_dump(mode="json") for one in comparisons],
    }


def _three(row: SideBySide, dimension: str) -> str:
    sides: tuple[tuple[str, Levels], ...] = (("own", row.own), ("rater", row.rater), ("panel", row.panel))
    return ", ".join(f"{who} {_level(levels, dimension)}" for who, levels in sides)


def _level(levels: Levels, dimension: str) -> str:
    return str(levels[dimension] or "no room") if dimension in levels else "not rated"


def _agreement(found: Agreement | None, first: str) -> str:
    if found is None:
        return "no reply with a level from both"
    counted = f"{found.n} {'reply' if found.n == 1 else 'replies'}"
    return f"kappa {found.kappa}, within one level {found.within_one:.0%}, {_bias(found.bias, first)} ({counted})"


def _bias(levels: float, first: str) -> str:
    if abs(levels) < 0.005:
        return "neither higher on average"
    return f"{first} {abs(levels):.2f} {'higher' if levels > 0 else 'lower'} on average"


def _verdict(one: Comparison, mark: str | None, alert: Callable[[str], str]) -> str:
    if not one.tells:
        n = one.own_rater.n if one.own_rater else 0
        return f"Too few to judge the rater by: {n} of at least {LEAST} replies with a level from both."
    return alert(mark) if mark else "calibrated: own and rater agree as far as the target asks"


def _shortened(text: str) -> str:
    line = " ".join(printable(text).split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "..."
