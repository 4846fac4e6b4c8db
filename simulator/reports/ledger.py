"""Why the customer felt and did what they did: the ledger in words. The text behind `simulator why`."""

from collections.abc import Iterator

from simulator.session import Session, Turn
from simulator.vocabulary import Feeling, LedgerEntry


def explained(session: Session, number: int | None = None) -> str:
    """Every turn, or one, with what moved the emotion, by which rule, and what the customer did about it.

    Raises:
        IndexError: there is no such turn.
    """
    turns = session.turns if number is None else (session.turns[number],)
    return "\n\n".join("\n".join(_turn(session, turn)) for turn in turns)


def _turn(session: Session, turn: Turn) -> Iterator[str]:
    yield f"Turn {turn.number}" + (f': "{turn.reply}"' if turn.reply is not None else "")
    entries = turn.feeling.entries if turn.feeling else ()
    yield from (f"  {_entry(entry)}" for entry in entries)
    if turn.act is not None and not entries:
        yield "  Nothing in this turn moved the customer."
    yield f"  {_emotion(session, turn.number)}"
    if turn.choice is not None:
        yield f"  Then: {turn.choice.move.value.replace('_', ' ')}, because {turn.choice.because}."
        if turn.choice.unlocked:
            yield f"  Now willing to tell: {', '.join(turn.choice.unlocked)}."
    if turn.line is not None:
        yield f'  Customer ({turn.line.source}): "{turn.heard_text}"'


def _entry(entry: LedgerEntry) -> str:
    held = f" (asked for {entry.asked:+g}; held back: {entry.cap})" if entry.cap else ""
    return f'{entry.feeling.value} {entry.delta:+g} by rule {entry.rule}, for "{entry.quote}"{held}'


def _emotion(session: Session, number: int) -> str:
    before, after = session.emotion_after(number - 1), session.emotion_after(number)
    return "Emotion: " + ", ".join(f"{f.value} {before.degree(f):g} to {after.degree(f):g}" for f in Feeling) + "."
