"""What both front ends say in the same words: feelings, changes, commands, and how to go on.

Apart from them because neither may import the other, and a trainee who moves from one to the other should not relearn.
"""

from datetime import datetime
from typing import assert_never

from simulator.commands import HELP
from simulator.events import ModelCard
from simulator.session import Session
from simulator.vocabulary import Emotion, Feeling

DEGREE_WORDS: dict[Feeling, tuple[str, str, str, str]] = {
    Feeling.ANGER: ("calm", "cross", "angry", "livid"),
    Feeling.DISTRESS: ("steady", "uneasy", "upset", "panic"),
    Feeling.CONFUSION: ("clear", "unsure", "lost", "at sea"),
    Feeling.TRUST: ("low", "wary", "some", "firm"),
}
"""How a degree reads, by quarter of the scale from 0 to 100."""

COMMANDS: tuple[str, ...] = (
    *HELP.splitlines(),
    "/briefing         read the briefing again",
    "/help             list these commands",
)
"""What can be typed in place of a reply, and what it does."""


def degree_word(feeling: Feeling, degree: float) -> str:
    """How strong a feeling of `degree` (0 to 100) is, in one or two words."""
    return DEGREE_WORDS[feeling][min(3, int(degree // 25))]


def change(before: float, after: float) -> str:
    """The change of a degree in words, "up 6" or "down 3", in whole points; empty where there is none to show."""
    points = round(after) - round(before)
    if points == 0:
        return ""
    return f"up {points}" if points > 0 else f"down {-points}"


def emotion_in_words(before: Emotion, after: Emotion) -> str:
    """All four feelings as one sentence: "Anger 72, up 6. Distress 25. ..."."""
    return " ".join(
        ", ".join(filter(None, (f"{feeling.value.capitalize()} {round(after.degree(feeling))}", moved))) + "."
        for feeling in Feeling
        for moved in (change(before.degree(feeling), after.degree(feeling)),)
    )


def way_in_words(model: ModelCard) -> str:
    """How the customer gets their words in this session, as one sentence."""
    match model.way:
        case "guided" if model.listener == "none":
            return "Guided, without a listener: the customer's words are drawn from lines people wrote."
        case "guided":
            return f"Guided: {model.listener} chooses the customer's words among lines people wrote."
        case "free":
            return f"Free: {model.speaker} writes the customer's words, and lines people wrote compete with them."
        case _:
            assert_never(model.way)


def replies(session: Session) -> str:
    """How many times the trainee has acted, with the word for it."""
    count = sum(turn.act is not None for turn in session.turns)
    return f"{count} reply" if count == 1 else f"{count} replies"


def day_and_time(moment: datetime) -> str:
    """A moment in the reader's own time zone, to the minute."""
    local = moment.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def how_to_resume(session: Session) -> str:
    """What to do about a session that was left unfinished."""
    return f"This call is not finished. Everything so far is stored; go on with:\n  simulator resume {session.id}"
