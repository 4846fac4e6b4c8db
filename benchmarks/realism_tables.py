"""The tables of `benchmarks.realism`, in plain text. Apart, because looks are not figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean, median

from benchmarks.spoken import Figures, SpokenContact, figures
from benchmarks.ways import Way
from simulator.content.material import Material
from simulator.customer.guard import FaultCode
from simulator.rehearsing.outcomes import IN_ORDER, Outcome, demand, disorders, window

WANTED = 0.95
"""Share of contacts in which what is demanded must hold."""
_POINTS_SHOWN = 17
_DISORDERS_SHOWN = 20


def print_outcomes(played: Mapping[str, Material], found: Sequence[Outcome], perfect: Sequence[Outcome]) -> None:
    """How rehearsed contacts went: a line for each scenario and trainee, then what was demanded and where it failed."""
    failures = [_print_cell(material, trainee, own) for material, trainee, own in _cells(played, found)]
    _print_order(found)
    _print_steps(played, found, perfect)
    failed = [failure for failure in failures if failure]
    print(f"\nfailing cells (under {WANTED:.0%} of contacts as demanded): {len(failed)} of {len(failures)}")
    for failure in failed:
        print(f"  {failure}")


def _cells(played: Mapping[str, Material], found: Sequence[Outcome]) -> list[tuple[Material, str, list[Outcome]]]:
    names = dict.fromkeys((one.scenario, one.trainee) for one in found)
    return [
        (played[scenario], trainee, [one for one in found if (one.scenario, one.trainee) == (scenario, trainee)])
        for scenario, trainee in names
    ]


def _print_cell(material: Material, trainee: str, own: Sequence[Outcome]) -> str | None:
    """Print one scenario with one trainee; what failed, if something did."""
    name = f"{material.scenario_id} x {trainee}"
    ended = Counter(one.ending.value if one.ending else "unfinished" for one in own)
    turns = sorted(one.turns for one in own)
    start, final = fmean(one.upset[0] for one in own), fmean(one.upset[-1] for one in own)
    print(f"\n{name}: {', '.join(f'{count} {ending}' for ending, count in ended.most_common())}")
    print(
        f"  turns {turns[0]}-{turns[-1]}, median {median(turns):g}; upset {start:.0f} -> {final:.0f} on average,"
        f" {min(one.upset[-1] for one in own):.0f}-{max(one.upset[-1] for one in own):.0f} at the end"
    )
    print(f"  upset by turn: {' '.join(f'{point:.0f}' for point in curve(own)[:_POINTS_SHOWN])}")
    demanded = demand(trainee, window(material.scenario))
    if demanded is None:
        return None
    what, holds = demanded
    kept = sum(holds(one) for one in own)
    failing = kept < WANTED * len(own)
    print(f"  {what}: {kept} of {len(own)}{' - FAILS' if failing else ''}")
    seeds = ", ".join(str(one.seed) for one in own if not holds(one))
    return f"{name}: {what} in {kept} of {len(own)}; not with the seeds {seeds}" if failing else None


def curve(outcomes: Sequence[Outcome]) -> list[float]:
    """Mean upset at the start and after each reply, over the contacts; one that has ended stays as it ended."""
    longest = max(len(one.upset) for one in outcomes)
    return [sum(one.upset[min(at, one.turns)] for one in outcomes) / len(outcomes) for at in range(longest)]


def _print_order(found: Sequence[Outcome]) -> None:
    wrong = disorders(found)
    compared = sum(one.trainee == IN_ORDER[0] for one in found)
    print(f"\nfinal upset {' < '.join(IN_ORDER)}: {compared - len(wrong)} of {compared} (100 % wanted)")
    for scenario, seed, final in wrong[:_DISORDERS_SHOWN]:
        print(f"  not in {scenario}, seed {seed}: {', '.join(f'{upset:g}' for upset in final)}")
    if len(wrong) > _DISORDERS_SHOWN:
        print(f"  and {len(wrong) - _DISORDERS_SHOWN} more")


def _print_steps(played: Mapping[str, Material], found: Sequence[Outcome], perfect: Sequence[Outcome]) -> None:
    print("\nlargest change of a feeling by one reply, in points (events of the scenario apart), against the cap:")
    for name, material in played.items():
        cap = material.defaults.limits.per_feeling
        step = max(one.step for one in found if one.scenario == name)
        fall = max(one.fall for one in found if one.scenario == name)
        best = max(one.fall for one in perfect if one.scenario == name)
        fits = "holds" if max(step, best) <= cap else "FAILS"
        print(f"  {name}: {step:g}, of upset down {fall:g}, by all exemplars in one reply {best:g}; cap {cap:g} {fits}")


def print_spoken(contacts: Sequence[SpokenContact]) -> None:
    """What is wrong with the words, by way of speaking."""
    for measured in dict.fromkeys(contact.measured for contact in contacts):
        print(measured)
    by_way = {way: [one for one in contacts if one.way is way] for way in Way}
    found = {way: figures(own) for way, own in by_way.items() if any(one.turns for one in own)}
    if not found:
        print("Nothing is on record yet; --acting plays.")
        return
    print(f"\n{'':26}" + "".join(f"{way:>18}" for way in found))
    for label, cells in _rows(list(found.values())):
        print(f"{label:26}" + "".join(f"{cell:>18}" for cell in cells))
    print(
        "\nFaults are those the guard's own detectors find, in lines per 1,000 turns: if the first line that the model"
    )
    print("wrote had been said | in what was said. Where no model wrote, both are what was said.")


def _rows(ways: Sequence[Figures]) -> list[tuple[str, list[str]]]:
    """A label and a cell for each way of speaking."""
    return [
        ("turns (contacts)", [f"{one.turns} ({one.contacts})" for one in ways]),
        *((code.value, [f"{one.before[code]:.0f} | {one.after[code]:.0f}" for one in ways]) for code in FaultCode),
        ("any fault", [f"{one.faulty[0]:.0f} | {one.faulty[1]:.0f}" for one in ways]),
        ("of all lines written", ["-" if one.refused is None else f"{one.refused:.0%} refused" for one in ways]),
        ("said in the model's words", [f"{one.free:.0%}" for one in ways]),
        ("fallbacks per 1,000", [f"{one.fallbacks:.0f}" for one in ways]),
        ("words, median (p95)", [f"{one.words[0]:g} ({one.words[1]:g})" for one in ways]),
        ("distinct-2", [f"{one.distinct:.2f}" for one in ways]),
        ("4-gram overlap with own", [f"{one.overlap:.1%}" for one in ways]),
        ("seconds a turn", [f"{one.seconds:.2f}" for one in ways]),
    ]
