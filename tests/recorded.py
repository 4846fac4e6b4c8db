"""Hand-made records and journals: what tests of the store put into it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from played import BEGIN, NAMED, SHRUG, exchange, opening, rating, started

from simulator.cohorts.records import ScoreRecord, SessionRecord
from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.events import EVENT, Event, ReplyRated, SessionEnded
from simulator.storage.records.store import Store
from simulator.vocabulary import Channel, Ending, Mood

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RATER = "embedded-1"


def score(dimension: str, mean: float, rater: str = RATER) -> ScoreRecord:
    return ScoreRecord(dimension=dimension, mean=mean, replies=4, rater=rater, by="rater")


def record(session: str = "20261122-120000-aaaaaa", person: str = "Anna", **changes: Any) -> SessionRecord:
    """A session of two dimensions; `digest` is a text of its own for each session and length."""
    fields: dict[str, Any] = {
        "session": session,
        "person": person,
        "scenario": "fare-jump",
        "persona": "maria-delgado",
        "rubric": "core",
        "mood": Mood.IRATE,
        "channel": Channel.PHONE,
        "difficulty": 2,
        "started": NOON,
        "ended": NOON + timedelta(minutes=5),
        "ending": Ending.RESOLVED,
        "replies": 4,
        "handle_seconds": 280.5,
        "upset_before": 80.0,
        "upset_after": 30.5,
        "critical": 0,
        "app_version": "0.1.0",
        "events": 30,
        "scores": (score("empathy", 3.37), score("ownership", 2.5)),
    }
    fields |= changes
    fields.setdefault("digest", f"{abs(hash((session, fields['events']))):064x}"[:64])
    return SessionRecord(**fields)


def records(count: int, people: int = 7, scenarios: int = 3) -> list[SessionRecord]:
    """So many different sessions of several people and scenarios."""
    return [
        record(
            f"20261122-{number:06d}-aaaaaa",
            f"person {number % people}",
            scenario=f"scenario-{number % scenarios}",
            started=NOON + timedelta(hours=number),
            ended=NOON + timedelta(hours=number, minutes=5),
            scores=(score("empathy", 1 + number % 40 / 10), score("ownership", 2.22)),
        )
        for number in range(count)
    ]


@cache
def shipped_material() -> Material:
    return Library([shipped()]).material("fare-jump", None).cast(7)


def events(
    session: str, person: str = "Anna", *, ended: bool = True, rated: bool = True, **changes: Any
) -> list[Event]:
    """A short call with the texts of the scenario that ships."""
    played = shipped_material()
    texts = played.texts.model_dump()
    begun = started(session=session, trainee=person, rubric_id="core", slots=played.slots, **(texts | changes))
    levels = {"empathy": 2, "ownership": 1, "active_listening": 3}
    found: list[Event] = [begun, *opening()]
    for turn, reply in enumerate((SHRUG, NAMED), start=1):
        found += exchange(turn, reply, "Well.")
        if rated:
            found.append(ReplyRated(at=BEGIN, turn=turn, rating=rating(turn, reply, levels)))
    if ended:
        found.append(SessionEnded(at=BEGIN + timedelta(minutes=2), ending=Ending.RESOLVED))
    return found


def write(path: Path, happened: Sequence[Event]) -> Path:
    """A journal as the program writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(EVENT.dump_json(event) + b"\n" for event in happened))
    return path


def journal(data: Path, session: str, person: str = "Anna", **how: Any) -> Path:
    """A session in a data folder."""
    return write(data / "sessions" / f"{session}.jsonl", events(session, person, **how))


def spoil(store: Store, statement: str) -> None:
    """Change rows behind the store's back."""
    store.database.write(lambda connection: connection.exec_driver_sql(statement).rowcount)
