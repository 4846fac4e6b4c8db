"""Written conversations as sessions whose emotion is the one their authors gave, turn by turn.

Apart from the fitting, because the benchmark looks at the same turns: what the ledger says of a reply is always asked
of the session as it truly stood.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulator.assessment.learned import read_heard
from simulator.assessment.signals import Known, Reading, read
from simulator.content.material import Material, MaterialPaths, MaterialTexts
from simulator.content.rubric import Rubric
from simulator.content.schema import Briefing, Defaults, Persona, Scenario
from simulator.customer.emotion import Ledger, moves
from simulator.events import CustomerSpoke, EmotionMoved, ModelCard, MoveChosen, ReplyRead, SessionStarted, TraineeSpoke
from simulator.session import Session
from simulator.vocabulary import LEADING_FEELING, Channel, Emotion, Feeling, LedgerEntry, Mood, Move
from training.examples import Example, exchange, heard

Row = Mapping[str, Any]

_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
_NO_TEXT = MaterialTexts(scenario="", persona="", rubric="", defaults="")
_NO_PATH = MaterialPaths(scenario="", persona="", rubric="")


@dataclass(frozen=True)
class Step:
    """One reply between two customer lines."""

    conversation: str
    style: str
    """How the agent was written: excellent, generic, careless, mixed, recovering, hostile."""
    session: Session
    """Up to the reading of the reply; the emotion so far is the authors'."""
    felt: Emotion
    """How the customer felt after it, by the authors."""

    @property
    def mood(self) -> Mood:
        """The mood of the conversation."""
        return self.session.started.mood

    @property
    def truth(self) -> dict[Feeling, float]:
        """How far each feeling moved, in points."""
        before = self.session.emotion
        return {feeling: self.felt.degree(feeling) - before.degree(feeling) for feeling in Feeling}

    def entries(self, defaults: Defaults) -> tuple[LedgerEntry, ...]:
        """What the ledger says of the reply under a table of deltas, for an even temperament."""
        return Ledger(_material(self.session.started, defaults)).entries(self.session)

    @property
    def leads(self) -> Feeling:
        """The feeling by which the customer's upset is measured."""
        return LEADING_FEELING[self.mood]

    def said(self, defaults: Defaults) -> dict[Feeling, float]:
        """How far the ledger moves each feeling, in points."""
        before = self.session.emotion
        after = before.moved(moves(self.entries(defaults)))
        return {feeling: after.degree(feeling) - before.degree(feeling) for feeling in Feeling}


def steps(
    path: Path,
    learned: bool = False,
    limit: int | None = None,
    chosen: Callable[[str], bool] = lambda _: True,
) -> list[Step]:
    """Every reply between two customer lines.

    Args:
        path: Conversations, one JSON object a line.
        learned: Read with the learned signals too: the embedded model listens to every reply (a quarter of a second
            each, remembered on disk).
        limit: How many of the chosen conversations; None: all.
        chosen: Which conversations, by name.
    """
    rows = [row for row in map(json.loads, path.read_text("utf-8").splitlines()) if chosen(row["id"])][:limit]
    places = [(row, at) for row in rows for at in range(_first(row) + 1, len(row["turns"]) - 1, 2)]
    readings = dict(zip(((row["id"], at) for row, at in places), _readings(places, learned), strict=True))
    return [step for row in rows for step in _steps(row, readings)]


def _first(row: Row) -> int:
    """Where the customer first speaks; what the agent says before that moves nobody."""
    return next(at for at, turn in enumerate(row["turns"]) if turn["speaker"] == "customer")


def _readings(places: Sequence[tuple[Row, int]], learned: bool) -> list[Reading]:
    """What is seen in each of these agent turns."""
    examples = [_example(row, at) for row, at in places]
    known = [_known(row, at) for row, at in places]
    if not learned:
        return [read(one.exchange, what) for one, what in zip(examples, known, strict=True)]
    return [
        read_heard(one.exchange, what, features)
        for one, what, (_, features) in zip(examples, known, heard(examples), strict=True)
    ]


def _example(row: Row, at: int) -> Example:
    turns = row["turns"]
    return Example(exchange(row["mood"], row["situation"], turns[:at], turns[at]["text"]), (), row["id"])


def _known(row: Row, at: int) -> Known:
    """The facts that are open before a turn: never locked, or told by then."""
    told = {fact for turn in row["turns"][:at] for fact in turn.get("refers", ())}
    return Known(details=tuple(fact["text"] for fact in row["facts"] if not fact["locked"] or fact["id"] in told))


def _steps(row: Row, readings: Mapping[tuple[str, int], Reading]) -> Iterator[Step]:
    turns, first = row["turns"], _first(row)
    session = _spoken(Session(started=_started(row, turns[first])), turns[first])
    for at in range(first + 1, len(turns) - 1, 2):
        session = _read(session, turns[at]["text"], readings[row["id"], at])
        felt = Emotion(**turns[at + 1]["emotion"])
        yield Step(row["id"], row["agent_style"], session, felt)
        number = len(session.turns) - 1
        session = session.after(EmotionMoved(at=_WHEN, turn=number, entries=(), emotion=felt))
        session = _spoken(session, turns[at + 1])


def _read(session: Session, text: str, reading: Reading) -> Session:
    number = len(session.turns)
    session = session.after(TraineeSpoke(at=_WHEN, turn=number, text=text))
    return session.after(ReplyRead(at=_WHEN, turn=number, signals=reading.signals, learned=False))


def _spoken(session: Session, turn: Row) -> Session:
    number = max(0, len(session.turns) - 1)
    session = session.after(
        MoveChosen(at=_WHEN, turn=number, move=Move(turn["move"]), gist=turn["gist"], because="written so")
    )
    return session.after(CustomerSpoke(at=_WHEN, turn=number, text=turn["text"], source="guided"))


def _started(row: Row, opening: Row) -> SessionStarted:
    return SessionStarted(
        at=_WHEN,
        session=row["id"],
        app_version="none",
        rater_version="none",
        seed=0,
        trainee="none",
        model=ModelCard(speaker="none", listener="none", way="guided"),
        scenario_id="written",
        persona_id="written",
        rubric_id="none",
        scenario="",
        persona="",
        rubric="",
        defaults="",
        slots={},
        mood=Mood(row["mood"]),
        channel=Channel(row["channel"]),
        emotion=Emotion(**opening["emotion"]),
    )


def _material(started: SessionStarted, defaults: Defaults) -> Material:
    """The least a ledger can be kept with: a mood, an even temperament, no rules but the default ones."""
    scenario = Scenario(
        title="Written",
        summary="Written",
        industry="any",
        persona="written",
        mood=started.mood,
        emotion=started.emotion,
        situation="Written",
        wants="Written",
        briefing=Briefing(role="Agent", history=(), policy=()),
        facts=(),
        endings={},
        opening=(),
        lines={},
        trainees={},
        exemplars={},
    )
    persona = Persona(name="Written", summary="Written", voice="Plain", traits=())
    rubric = Rubric.model_validate({"title": "None", "summary": "None", "dimensions": [], "critical": {}})
    return Material(
        scenario_id="written",
        persona_id="written",
        rubric_id="none",
        scenario=scenario,
        persona=persona,
        rubric=rubric,
        defaults=defaults,
        texts=_NO_TEXT,
        paths=_NO_PATH,
    )
