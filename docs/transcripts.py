"""Write docs/transcripts: scripted trainees with the embedded model's customers, and why each turn went as it did.

python docs/transcripts.py
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from benchmarks.realism import embedded_cast, materials
from simulator.content.trainees import trainees_for
from simulator.customer.actor import Actor
from simulator.rehearsing.rehearsal import rehearse
from simulator.reports.ledger import explained
from simulator.session import Session, Turn

FOLDER = Path(__file__).with_name("transcripts")
PLAYED = (
    ("fare-jump", "excellent", 3),
    ("insulin-delivery", "generic", 6),
    ("two-letters", "careless", 9),
    ("her-name-on-it", "excellent", 1),
    ("bot-said-no", "careless", 4),
    ("the-new-phone", "excellent", 5),
    ("text-from-the-bank", "generic", 2),
    ("billed-twice", "hostile", 3),
    ("wedding-date", "excellent", 7),
    ("in-my-second-language", "off_topic", 2),
)
"""Scenario, trainee, seed."""


def page(session: Session, trainee: str, speaker: str) -> str:
    """One contact in Markdown: what was said, and why, as `simulator why` tells it."""
    title = f"# {session.started.scenario_id}, with a trainee who is {trainee.replace('_', ' ')}"
    made = f"Seed {session.started.seed}; lines chosen by {speaker}. Written by `python docs/transcripts.py`."
    said = "\n\n".join(text for turn in session.turns for text in _said(turn))
    return f"{title}\n\n{made}\n\n{said}\n\n## Why\n\n```text\n{explained(session)}\n```\n"


def _said(turn: Turn) -> Iterator[str]:
    if turn.reply:
        yield f"**Agent:** {turn.reply}"
    elif turn.act is not None:
        yield "**Agent:** (no words)"
    if turn.line is not None:
        marked = "" if turn.line.source == "guided" else f" *({turn.line.source})*"
        yield f"**Customer:** {turn.line.text}{marked}"


def main() -> None:
    """Play and write; pages of contacts that are no longer played are removed."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.md"):
        old.unlink()
    played = materials()
    with embedded_cast() as cast:
        for number, (name, trainee, seed) in enumerate(PLAYED, start=1):
            material = played[name].cast(seed)
            actor = Actor(material, cast.listener)
            session = asyncio.run(
                rehearse(material, trainees_for(material.scenario)[trainee], seed, actor, cast.listener)
            )
            path = FOLDER / f"{number:02}-{name}-{trainee.replace('_', '-')}.md"
            path.write_text(page(session, trainee, cast.card.listener), encoding="utf-8")


if __name__ == "__main__":
    main()
