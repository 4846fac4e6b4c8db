"""What came of a scenario's tests, as a table in plain text, with the ledger behind each failure. Apart from the JUnit
file, which is for programs."""

from collections.abc import Iterator

from simulator.rehearsing.scenario_tests import CaseResult, Run, ScenarioResult
from simulator.reports.printing import in_words, printable
from simulator.session import Session, Turn
from simulator.vocabulary import LEADING_FEELING, Feeling, LedgerEntry

_MARKS = {"passed": "ok", "failed": "FAILED", "error": "ERROR"}
_NAME = 50
_LONGEST = 90
_SEEDS_SHOWN = 10


def table(result: ScenarioResult) -> str:
    """One scenario: a line for each case, then why each that did not pass did not."""
    lines = [f"{result.scenario}: {_seeds(result.seeds)}"]
    if result.problem is not None:
        return "\n".join([*lines, "  ERROR   it cannot be played:", *_indented(result.problem, "    ")])
    lines += [_row(one) for one in result.results]
    lines += [f"  {note}" for note in _notes(result)]
    failing = [one for one in result.results if one.verdict != "passed"]
    return "\n\n".join(["\n".join(lines), *("\n".join(_explained(one, result)) for one in failing)])


def total(results: list[ScenarioResult]) -> str:
    """How many cases passed, failed and could not be run, over all scenarios."""
    verdicts = [one.verdict for result in results for one in result.results]
    unplayable = sum(result.problem is not None for result in results)
    parts = [f"{verdicts.count('passed')} of {len(verdicts)} tests passed"]
    parts += [f"{verdicts.count('failed')} failed"] if "failed" in verdicts else []
    parts += [f"{verdicts.count('error')} could not be run"] if "error" in verdicts else []
    parts += [f"{unplayable} of {len(results)} scenarios could not be played"] if unplayable else []
    return ", ".join(parts) + "."


def _seeds(count: int) -> str:
    return "1 seed" if count == 1 else f"{count} seeds"


def _row(one: CaseResult) -> str:
    count = f"{one.count('passed')} of {len(one.runs)}"
    return printable(f"  {_MARKS[one.verdict]:<6}  {count:>8}  {_cut(one.case.name, _NAME)}: {one.case.wanted}")


def _notes(result: ScenarioResult) -> Iterator[str]:
    if result.disorders:
        seeds = f"{result.disorders} of {_seeds(result.seeds)}"
        yield f"note: upset at the end is not excellent < generic < careless with {seeds}"
    if result.fallbacks is not None:
        last_resort, lines = result.fallbacks
        yield f"note: {last_resort} of {lines} customer lines were a last resort that no model chose"


def _explained(one: CaseResult, result: ScenarioResult) -> Iterator[str]:
    """Where the case stands, with which seeds it went wrong, and the first of them in full."""
    wrong = [run for run in one.runs if run.verdict != "passed"]
    numbers = [str(run.seed) for run in wrong]
    shown = ", ".join(numbers[:_SEEDS_SHOWN]) + (" ..." if len(numbers) > _SEEDS_SHOWN else "")
    yield f"{_MARKS[one.verdict]}  {result.path}:{one.case.line}: {printable(_cut(one.case.name, _LONGEST))}"
    yield f"  not with {'the seed' if len(wrong) == 1 else f'{len(wrong)} seeds:'} {shown}"
    worst = next((run for run in wrong if run.verdict == one.verdict), wrong[0])
    yield from grounds(worst)


def grounds(run: Run) -> list[str]:
    """Why a run did not pass: the reasons, and the ledger turn by turn."""
    reasons = [line for reason in run.reasons for line in _indented(reason, "    ")]
    ledger = [f"    {line}" for line in ledger_of(run.session)] if run.session is not None else []
    return [f"  seed {run.seed}:", *reasons, *ledger]


def ledger_of(session: Session) -> list[str]:
    """Each turn in a line or two: what was said, what it moved and why, what came of it."""
    return [printable(line) for turn in session.turns[1:] for line in _turn(session, turn)]


def _turn(session: Session, turn: Turn) -> Iterator[str]:
    leading = LEADING_FEELING[session.started.mood]
    said = f'"{turn.reply}"' if turn.reply is not None else f"({turn.act.kind.replace('_', ' ')})" if turn.act else ""
    before, after = session.emotion_after(turn.number - 1), session.emotion_after(turn.number)
    moved = (
        f"{feeling.value} {before.degree(feeling):g} to {after.degree(feeling):g}"
        for feeling in (leading, Feeling.TRUST)
    )
    yield f"{turn.number}. {_cut(said, _LONGEST)}: {', '.join(moved)}"
    for entry in turn.feeling.entries if turn.feeling else ():
        if entry.feeling in (leading, Feeling.TRUST):
            yield f"     {_entry(entry)}"
    if turn.choice is not None:
        unlocked = f"; now tells {', '.join(map(in_words, turn.choice.unlocked))}" if turn.choice.unlocked else ""
        yield f"     then {turn.choice.moves}, because {turn.choice.because}{unlocked}"
    if turn.line is not None and turn.line.source != "fallback":
        yield f'     customer: "{_cut(turn.heard_text, _LONGEST)}"'


def _entry(entry: LedgerEntry) -> str:
    words = entry.quote if entry.quote.startswith("(") else f'"{_cut(entry.quote, _LONGEST)}"'
    held = f" ({entry.cap})" if entry.cap else ""
    return f"{entry.feeling.value} {entry.delta:+g}, {entry.rule}: {words}{held}"


def _cut(text: str, longest: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 3] + "..."


def _indented(text: str, by: str) -> list[str]:
    return [f"{by}{printable(line)}" for line in text.splitlines()]
