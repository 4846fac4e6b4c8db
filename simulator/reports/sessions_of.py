"""How sessions of a scenario went, in lines of text. Apart from the figures, which `scenario_report` finds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from simulator.rehearsing.scenario_report import Quit, ScenarioReport, Tally
from simulator.reports.printing import in_words, printable


def in_lines(report: ScenarioReport) -> str:
    """The report; a part of which nothing is known is left out."""
    return "\n".join(printable(line) for line in _lines(report))


def _lines(report: ScenarioReport) -> Iterator[str]:
    yield f"{report.scenario}: {_count(report.sessions, 'session')} on this machine"
    if report.unreadable:
        yield f"Of {report.unreadable}, what was played cannot be read; they count for endings and replies only."
    if report.finished:
        yield from ("", f"ENDINGS (n = {report.finished})", *_endings(report))
        yield from ("", f"REPLIES UP TO THE END (n = {report.finished})", _replies(report.replies))
    if report.quits:
        yield from ("", f"WHERE TRAINEES QUIT ({len(report.quits)} of {report.sessions})", *_quits(report.quits))
    yield from _part("FACTS THAT WERE UNLOCKED", report.facts)
    yield from _part("PROMISES THAT WERE MADE", report.promises)
    made = [tally for tally in report.forbidden if tally.count]
    yield from _part("PROMISES THAT WERE MADE AGAINST POLICY", made)
    yield from _never_passed(report.checks)


def _endings(report: ScenarioReport) -> Iterator[str]:
    return (f"{in_words(ending.value)}: {count}" for ending, count in report.endings.items())


def _replies(replies: Sequence[int]) -> str:
    if replies[0] == replies[-1]:
        return f"{replies[0]}"
    return f"{replies[0]} to {replies[-1]}, the median is {median(replies):g}"


def _quits(quits: Sequence[Quit]) -> Iterator[str]:
    places = Counter((quit.replies, quit.how, quit.after) for quit in quits)
    for (replies, how, after), count in sorted(places.items(), key=lambda item: (item[0][0], item[0][1])):
        last = f", when the customer's last move was {in_words(after.value)}" if after else ""
        yield f"after {_count(replies, 'reply', 'replies')}: {count} {how}{last}"


def _part(title: str, tallies: Sequence[Tally]) -> Iterator[str]:
    """Those that never came about first: they are what an author looks for."""
    if tallies:
        yield from ("", title)
        for tally in sorted(tallies, key=lambda one: one.count / one.of):
            often = f"in {tally.count} of {tally.of}" if tally.count else f"never (n = {tally.of})"
            yield f"{in_words(tally.name)}: {often}"


def _never_passed(checks: Sequence[Tally]) -> Iterator[str]:
    if checks:
        yield from ("", "CHECKS THAT NOBODY PASSED")
        yield from [f"{one.name} (n = {one.of})" for one in checks if not one.count] or [
            "None: each was passed by somebody."
        ]


def _count(number: int, noun: str, several: str | None = None) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {several or noun + 's'}"
