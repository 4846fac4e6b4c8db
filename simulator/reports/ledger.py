"""Why the customer felt and did what they did: the ledger in words, complete. The text behind `simulator why`, apart
from the debrief, which tells only what mattered most."""

from collections.abc import Iterable, Iterator, Mapping

from simulator.debriefing.moments import act_in_words
from simulator.reports.phrases import SHOWN
from simulator.reports.printing import in_words, printable
from simulator.session import Session, Turn
from simulator.vocabulary import LEADING_FEELING, PROMISED_TOO_MUCH, SAID_BEFORE, Feeling, LedgerEntry

_CAPS: Mapping[str, str] = {
    "points a turn": "as one turn moves a feeling by {points} at most",
    "points a rule": "as one rule moves a feeling by {points} at most",
    "nothing beyond 0 or 100": "as a feeling stays between 0 and 100",
    SAID_BEFORE: "as the same words soothed before",
    PROMISED_TOO_MUCH: "as more was promised than can be kept",
}
"""Part of a cap in the ledger, and what it means."""


def explained(session: Session, number: int | None = None) -> str:
    """Every turn, or one, with what moved the emotion, by which rule, and what the customer did about it.

    Raises:
        IndexError: there is no such turn.
    """
    if number is not None:
        return _block(_turn(session, session.turns[number]))
    return "\n\n".join(
        map(_block, (_opening(session), *(_turn(session, turn) for turn in session.turns), _end(session)))
    )


def _block(lines: Iterable[str]) -> str:
    return "\n".join(map(printable, lines))


def _opening(session: Session) -> Iterator[str]:
    started = session.started
    customer = started.slots.get("customer", "the customer")
    yield f"Session {session.id}: {started.scenario_id}, {customer}, {started.mood.value}, seed {started.seed}."


def _end(session: Session) -> Iterator[str]:
    yield f"Ended: {in_words(session.ended.ending.value)}." if session.ended else "Not ended; it can be resumed."


def _turn(session: Session, turn: Turn) -> Iterator[str]:
    yield _heading(turn)
    if turn.feeling is not None:
        yield from _moved(session, turn, turn.feeling.entries)
    if turn.number == 0:
        yield f"  At the start: {_degrees(session)}."
    if turn.reading is not None:
        for made in turn.reading.promises:
            yield f'  Promised: {in_words(made.promise)}, in "{made.quote}".'
        yield from (
            f'  Critical error: {in_words(each.code.value)}, in "{each.quote}".' for each in turn.reading.critical
        )
    yield from _choice(turn)
    if turn.line is not None:
        yield f'  Customer ({turn.line.source}): "{turn.heard_text}"'


def _heading(turn: Turn) -> str:
    if turn.act is None:
        return f"Turn {turn.number}: the customer begins."
    return f'Turn {turn.number}: "{turn.reply}"' if turn.reply is not None else f"Turn {turn.number}: {_act(turn)}"


def _act(turn: Turn) -> str:
    return act_in_words(turn.act) or ""


def _moved(session: Session, turn: Turn, entries: tuple[LedgerEntry, ...]) -> Iterator[str]:
    """Each feeling from what it was to what it is, with the entries that moved it below."""
    before, after = session.emotion_after(turn.number - 1), session.emotion_after(turn.number)
    if not entries:
        yield "  Nothing in this turn moved the customer."
    for feeling in dict.fromkeys((LEADING_FEELING[session.started.mood], Feeling.TRUST, *Feeling)):
        moving = [entry for entry in entries if entry.feeling is feeling]
        if moving:
            yield f"  {feeling.value} {before.degree(feeling):g} to {after.degree(feeling):g}:"
            yield from (f"    {_entry(entry, session)}" for entry in moving)


def _entry(entry: LedgerEntry, session: Session) -> str:
    if entry.rule in session.fired:
        return f"{entry.delta:+g}, event {in_words(entry.rule)}"
    seen = f"{SHOWN[entry.signal]}, " if entry.signal else ""
    words = entry.quote if entry.quote.startswith("(") else f'"{entry.quote}"'
    held = f"; asked for {entry.asked:+g}, {_cap(entry.cap)}" if entry.cap else ""
    return f"{entry.delta:+g}, {seen}rule {entry.rule}: {words}{held}"


def _cap(cap: str) -> str:
    return next(
        (text.format(points=cap.split()[0]) for part, text in _CAPS.items() if part in cap), f"held back: {cap}"
    )


def _degrees(session: Session) -> str:
    emotion = session.emotion_after(0)
    return ", ".join(f"{feeling.value} {emotion.degree(feeling):g}" for feeling in Feeling)


def _choice(turn: Turn) -> Iterator[str]:
    choice = turn.choice
    if choice is None:
        return
    yield f"  Then: {choice.moves}, because {choice.because}."
    if choice.unlocked:
        yield f"  Now willing to tell: {', '.join(map(in_words, choice.unlocked))}."
    if choice.ending is not None:
        yield f"  With that the contact ends: {in_words(choice.ending.value)}."
