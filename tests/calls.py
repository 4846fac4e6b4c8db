"""A call played without a model: the test says which signals a reply shows, ledger and director do the rest."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import simulator.content
from simulator.content.material import Material, MaterialPaths, MaterialTexts
from simulator.content.rubric import Rubric
from simulator.content.schema import Defaults, Persona, Scenario
from simulator.content.source import read
from simulator.customer.director import Choice, choose
from simulator.customer.emotion import Ledger, moves
from simulator.customer.promising import promises_in
from simulator.events import (
    CustomerSpoke,
    EmotionMoved,
    ModelCard,
    MoveChosen,
    ReplyRead,
    SessionStarted,
    TraineeAct,
    TraineeHeld,
    TraineeSilent,
    TraineeSpoke,
    TraineeTransferred,
)
from simulator.session import Session
from simulator.vocabulary import Signal, SignalName, Span

NOON = datetime(2025, 3, 4, 12, 0, tzinfo=UTC)
DEFAULTS_FILE = Path(simulator.content.__path__[0]) / "defaults.yaml"
DEFAULTS = read(Defaults, DEFAULTS_FILE.read_text(encoding="utf-8"), DEFAULTS_FILE)

SLOTS = {"fare": "398", "fare_new": "778", "order": "TA4471", "customer": "Maria Delgado", "first_name": "Maria"}

SCENARIO: dict[str, Any] = {
    "title": "The fare that jumped",
    "summary": "Two of four fares went up.",
    "industry": "airline",
    "persona": "maria",
    "mood": "irate",
    "emotion": {"anger": 80, "distress": 25, "confusion": 10, "trust": 20},
    "situation": "She was quoted {fare} for each of four seats. Then two of the four went up to {fare_new}.",
    "wants": "All four seats at {fare}.",
    "briefing": {
        "role": "The fares desk.",
        "history": ["Called 20 minutes ago."],
        "policy": ["A fare may be honoured."],
    },
    "facts": [
        {"id": "fare_quoted", "text": "was quoted {fare} for each of four seats", "asked": ["quoted", "fare", "price"]},
        {"id": "booking", "text": "has booking reference {order}", "asked": ["reference", "booking number"]},
        {
            "id": "children",
            "text": "Ines and Mateo, her children, have been counting the days",
            "asked": ["why it matters", "the children"],
            "unlock": {"any": [{"asked": ["why it matters", "the occasion", "the children"]}, {"trust_at_least": 45}]},
            "matters": True,
        },
    ],
    "events": [
        {
            "id": "buzz",
            "when": {"said": ["hold music"]},
            "does": "tell",
            "say": "My phone just buzzed.",
            "moves": {"distress": 20},
        },
        {"id": "drop", "when": {"turn_at_least": 12}, "does": "drop", "say": "Hello? Hel-"},
    ],
    "endings": {
        "resolved": {"all": [{"promised": "honour_fare"}, {"upset_at_most": 30}]},
        "settled_partly": {"all": [{"promised": "voucher"}, {"upset_at_most": 70}]},
        "hung_up": {"upset_at_least": 96},
    },
    "promises": {
        "honour_fare": {"words": ["honour", "same fare", "at {fare}", "fare you were quoted"]},
        "call_back": {"words": ["call you back", "ring you straight back"]},
        "voucher": {"words": ["voucher"]},
        "half_price": {"words": ["you can have half off"], "forbidden": True},
    },
    "opening": ["Two at {fare}, two at {fare_new}. Explain that."],
    "lines": {},
    "trainees": {},
    "exemplars": {},
    "turn_limit": 14,
}
PERSONA = {"name": "Maria Delgado", "summary": "Quick.", "voice": "Short sentences.", "traits": ["exact"]}
RUBRIC = {"title": "Core", "summary": "Three.", "dimensions": [], "critical": {}}
MOODS: Mapping[str, dict[str, Any]] = {
    "irate": {},
    "distressed": {"mood": "distressed", "emotion": {"anger": 25, "distress": 80, "confusion": 30, "trust": 28}},
    "confused": {"mood": "confused", "emotion": {"anger": 15, "distress": 40, "confusion": 80, "trust": 35}},
}


def material(mood: str = "irate", persona: Mapping[str, Any] | None = None, **scenario: Any) -> Material:
    """A small material; keyword arguments replace parts of the scenario, `persona` parts of the persona."""
    return Material(
        scenario_id="fare",
        persona_id="maria",
        rubric_id="core",
        scenario=Scenario.model_validate({**SCENARIO, **MOODS[mood], **scenario}),
        persona=Persona.model_validate({**PERSONA, **(persona or {})}),
        rubric=Rubric.model_validate(RUBRIC),
        defaults=DEFAULTS,
        texts=MaterialTexts(scenario="", persona="", rubric="", defaults=""),
        paths=MaterialPaths(scenario="", persona="", rubric=""),
        slots=SLOTS,
    )


def signal(name: str, quote: str = "", probability: float = 1.0, about: str | None = None) -> Signal:
    """A signal; with a quote it has a span (its position is not looked at here)."""
    span = Span(quote=quote, start=0, end=len(quote)) if quote else None
    return Signal(name=SignalName(name), span=span, probability=probability, about=about)


class Call:
    """One call. Every act returns what the director chose."""

    def __init__(self, played: Material | None = None, seed: int = 7) -> None:
        self.material = played or material()
        self.session = Session(started=_started(self.material, seed))
        self.opening = choose(self.session, self.material)
        self._answer(self.opening, "Explain that.")

    def say(self, text: str, *shown: str | Signal, line: str = "Go on.") -> Choice:
        return self.act(TraineeSpoke(at=NOON, turn=len(self.session.turns), text=text), *shown, line=line)

    def hold(self, seconds: int) -> Choice:
        shown = signal("puts_on_hold", about=str(seconds))
        return self.act(TraineeHeld(at=NOON, turn=len(self.session.turns), seconds=seconds), shown)

    def silence(self, seconds: int) -> Choice:
        shown = signal("stays_silent", about=str(seconds))
        return self.act(TraineeSilent(at=NOON, turn=len(self.session.turns), seconds=seconds), shown)

    def transfer(self, to: str) -> Choice:
        act = TraineeTransferred(at=NOON, turn=len(self.session.turns), to=to)
        return self.act(act, signal("transfers"))

    def act(self, act: TraineeAct, *shown: str | Signal, line: str = "Go on.") -> Choice:
        """Ledger, director, and an answer, in the order of play."""
        self.read(act, *shown)
        entries = Ledger(self.material).entries(self.session)
        emotion = self.session.emotion.moved(moves(entries))
        self.session = self.session.after(EmotionMoved(at=NOON, turn=act.turn, entries=entries, emotion=emotion))
        choice = choose(self.session, self.material)
        self._answer(choice, choice.gist if choice.fired else line)
        return choice

    def read(self, act: TraineeAct, *shown: str | Signal) -> None:
        """Only the reading of an act: what the ledger is given."""
        signals = tuple(one if isinstance(one, Signal) else signal(one) for one in shown)
        promises = promises_in(act.text, self.material) if isinstance(act, TraineeSpoke) else ()
        self.session = self.session.after(act).after(
            ReplyRead(at=NOON, turn=act.turn, signals=signals, promises=promises, learned=True)
        )

    @property
    def upset(self) -> float:
        return self.session.upset

    def _answer(self, choice: Choice, text: str) -> None:
        turn = max(0, len(self.session.turns) - 1)
        chosen = MoveChosen(at=NOON, turn=turn, **choice.model_dump(exclude={"line"}))
        spoken = CustomerSpoke(at=NOON, turn=turn, text=text, source="guided")
        self.session = self.session.after(chosen).after(spoken)


def _started(played: Material, seed: int) -> SessionStarted:
    scenario = played.scenario
    return SessionStarted(
        at=NOON,
        session="s1",
        app_version="0",
        rater_version="none",
        seed=seed,
        trainee="trainee",
        model=ModelCard(speaker="none", listener="none", way="guided"),
        scenario_id=played.scenario_id,
        persona_id=played.persona_id,
        rubric_id=played.rubric_id,
        scenario="",
        persona="",
        rubric="",
        defaults="",
        slots=played.slots,
        mood=scenario.mood,
        channel=scenario.channel,
        emotion=scenario.emotion,
    )
