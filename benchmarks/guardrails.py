"""Whether scores can be bought, follow what a reply does, and are fair: the suites in rubrics/guardrails, rated now.

    python -m benchmarks.guardrails [--suite gaming contrast fairness unseen] [--failures]

"unseen" are the minimal pairs of training/pairs.jsonl that neither adapter nor heads learned from: attacks and
contrasts by other authors, which nothing was tuned against. Levels come through the shipped files, as in play. A level
that is not given (null) is compared with nothing; how often one reply of a pair has a level and the other none is
printed beside.
"""

import argparse
import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.bench import header, shipped_rater
from simulator.backends import embedded
from simulator.content.library import shipped
from simulator.ports import Rater
from simulator.vocabulary import CORE_DIMENSIONS, Rating
from training.examples import exchange
from training.examples import pairs as minimal_pairs
from training.sources import PAIRS

SUITES = {"gaming": ("plain", "attacked"), "contrast": ("without", "with"), "fairness": ("standard", "variant")}
"""The names of the two replies of a pair, by suite."""
UNSEEN = "unseen"
_DIMENSIONS = {"empathy": "empathy", "ownership": "ownership", "listening": "active_listening"}


@dataclass(frozen=True)
class Pair:
    """One case, rated."""

    case: Mapping[str, Any]
    first: Rating
    second: Rating

    def step(self, dimension: str) -> int:
        """Levels from the first reply to the second; 0 where one of them has none."""
        before, after = self.first.levels[dimension], self.second.levels[dimension]
        return 0 if before is None or after is None else after - before

    def drift(self, dimension: str) -> float | None:
        """The same before rounding; None where one of them has no level."""
        before, after = self.first.expected[dimension], self.second.expected[dimension]
        return None if before is None or after is None else after - before

    @property
    def half_rated(self) -> bool:
        """True if a dimension has a level for one reply only."""
        return any((self.first.levels[name] is None) != (self.second.levels[name] is None) for name in CORE_DIMENSIONS)


async def rated(suite: str, rater: Rater) -> list[Pair]:
    """Every case of a suite with both ratings."""
    first, second = SUITES[suite]
    path = shipped() / "rubrics" / "guardrails" / f"{suite}.jsonl"
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [await _pair(rater, case, first, second) for case in cases]


async def _pair(rater: Rater, case: Mapping[str, Any], first: str, second: str) -> Pair:
    mood, context, before = case["mood"], case["context"], case["history"]
    before_second = case.get("history_variant", before)
    return Pair(
        case,
        await rater.rate(exchange(mood, context, before, case[first])),
        await rater.rate(exchange(mood, context, before_second, case[second])),
    )


async def unseen(rater: Rater) -> list[Pair]:
    """The minimal pairs that were kept, each with both ratings."""
    found = []
    for pair in (each for each in minimal_pairs(PAIRS) if each.kept):
        dimension, _, direction = pair.kind.partition("_")
        case = {"id": pair.first.group, "first": pair.first.exchange.reply, "second": pair.second.exchange.reply}
        case |= {"dimension": _DIMENSIONS[dimension], "direction": direction} if direction else {"attack": pair.kind}
        found.append(Pair(case, *[await rater.rate(half.exchange) for half in pair.both]))
    return found


def raised(pair: Pair) -> list[str]:
    """The dimensions whose level the attack raised."""
    return [name for name in CORE_DIMENSIONS if pair.step(name) > 0]


def is_right(pair: Pair) -> bool:
    """True if the level of the contrast's dimension went the right way."""
    step = pair.step(pair.case["dimension"])
    return step > 0 if pair.case["direction"] == "up" else step < 0


def is_right_only_there(pair: Pair) -> bool:
    """True if, beside that, no other level moved."""
    return is_right(pair) and not any(pair.step(name) for name in CORE_DIMENSIONS if name != pair.case["dimension"])


def _by(pairs: Iterable[Pair], field: str) -> dict[str, list[Pair]]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.case[field]].append(pair)
    return groups


def _share(pairs: Sequence[Pair], right: Sequence[bool]) -> str:
    return f"{sum(right):3} of {len(pairs):3} ({100 * sum(right) / len(pairs):5.1f} %)"


def print_gaming(pairs: Sequence[Pair]) -> None:
    """How many cases have a level raised, by attack."""
    print("\ngaming: cases in which the attack raised a level (at most 2 % wanted)")
    for attack, own in [*_by(pairs, "attack").items(), ("all", list(pairs))]:
        by_dimension = "  ".join(f"{name} {sum(name in raised(pair) for pair in own)}" for name in CORE_DIMENSIONS)
        print(f"  {attack:22} {_share(own, [bool(raised(pair)) for pair in own])}   {by_dimension}")


def print_contrast(pairs: Sequence[Pair]) -> None:
    """How many contrasts are seen, by dimension and direction."""
    print("\ncontrast: the level moved the right way | and no other level moved (95 % wanted)")
    for dimension, own in [*_by(pairs, "dimension").items(), ("all", list(pairs))]:
        for direction, some in [*_by(own, "direction").items(), ("both", own)]:
            right = _share(some, [is_right(pair) for pair in some])
            only = _share(some, [is_right_only_there(pair) for pair in some])
            print(f"  {dimension:18} {direction:5} {right} | {only}")


def print_fairness(pairs: Sequence[Pair]) -> None:
    """Mean absolute and signed difference of expected levels, by group and dimension."""
    print("\nfairness: variant less standard, before rounding: mean absolute (<= 0.5) and signed mean (>= -0.2)")
    for group, own in _by(pairs, "group").items():
        drifts = {name: [each for pair in own if (each := pair.drift(name)) is not None] for name in CORE_DIMENSIONS}
        cells = "  ".join(
            f"{name} {sum(map(abs, found)) / len(found):.2f} {sum(found) / len(found):+.2f}"
            for name, found in drifts.items()
        )
        print(f"  {group:12} n {len(own):3}  {cells}")


def print_unseen(pairs: Sequence[Pair]) -> None:
    """The same of the pairs that were kept."""
    print("\nminimal pairs that were kept from all fitting:")
    print_gaming([pair for pair in pairs if "attack" in pair.case])
    print_contrast([pair for pair in pairs if "direction" in pair.case])


PRINTERS = {"gaming": print_gaming, "contrast": print_contrast, "fairness": print_fairness, UNSEEN: print_unseen}


def holds(pair: Pair) -> bool:
    """Whether a case is as it should be; of fairness only means are judged."""
    if "attack" in pair.case:
        return not raised(pair)
    return "direction" not in pair.case or is_right_only_there(pair)


def print_failures(suite: str, pairs: Sequence[Pair]) -> None:
    """Every gaming or contrast case that does not hold, with its levels."""
    first, second = SUITES.get(suite, ("first", "second"))
    for pair in pairs:
        if not holds(pair):
            about = pair.case.get("attack") or f"{pair.case['dimension']} {pair.case['direction']}"
            print(f"{pair.case['id']} {about}")
            for name, rating in ((first, pair.first), (second, pair.second)):
                levels = "/".join(str(rating.levels[each]) for each in CORE_DIMENSIONS)
                print(f"   {levels}  {name}: {pair.case[name][:300]}")


def main() -> None:
    """Rate the suites and print what holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", nargs="+", choices=list(PRINTERS), default=list(PRINTERS))
    parser.add_argument("--failures", action="store_true", help="show every case that does not hold")
    options = parser.parse_args()
    with shipped_rater() as rater:
        print(header(f"rater {rater.version}", embedded.FILE_NAME))
        for suite in options.suite:
            found = asyncio.run(unseen(rater) if suite == UNSEEN else rated(suite, rater))
            PRINTERS[suite](found)
            print(f"  pairs in which only one reply has some level: {sum(pair.half_rated for pair in found)}")
            if options.failures:
                print_failures(suite, found)


if __name__ == "__main__":
    main()
