"""A small scenario and a hand-made call about it: what debrief and report tests look back at."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.content.material import Material, MaterialPaths, MaterialTexts
from simulator.content.rubric import Rubric
from simulator.content.schema import Defaults, Persona, Scenario
from simulator.debriefing.debrief import Debrief, debrief
from simulator.debriefing.proven import rate_lines
from simulator.events import (
    CustomerSpoke,
    EmotionMoved,
    Event,
    ModelCard,
    MoveChosen,
    ReplyRated,
    ReplyRead,
    SessionEnded,
    SessionStarted,
    TraineeHeld,
    TraineeSpoke,
)
from simulator.ports import Exchange
from simulator.session import Session
from simulator.vocabulary import (
    Channel,
    CriticalError,
    Emotion,
    Ending,
    Evidence,
    Feeling,
    LedgerEntry,
    Mood,
    Move,
    Rating,
    Signal,
    SignalName,
    Source,
    Span,
)

BEGIN = datetime(2026, 11, 22, 10, 15, 30, tzinfo=UTC)
START = Emotion(anger=80, distress=20, confusion=10, trust=20)
OPENING = "Two at 398, two at 810. Explain that to me."

SHRUG = "I can't change the price. That's the policy. <b>Sorry for the inconvenience.</b>"
NAMED = "You were quoted 398 and it jumped while you booked.\nI'd be angry too. I'm opening the fare log now."
STOCK = "I apologise for the inconvenience."
PUT_BACK = "I am putting both of them back to the old price while you wait."
"""An authored line that commits to something."""


def anchors(verb: str) -> dict[int, dict[str, str]]:
    names = ("poor", "token", "fair", "good", "strong")
    return {
        level: {"name": names[level - 1], "anchor": f"The reply {verb} at strength {level}."} for level in range(1, 6)
    }


def dimension(name: str, verb: str, checks: Sequence[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": name.replace("_", " ").capitalize(),
        "question": f"Does the reply show {name}?",
        "scored_by": "embedded",
        "levels": anchors(verb),
        "checks": list(checks),
        **more,
    }


RUBRIC: dict[str, Any] = {
    "title": "Core",
    "summary": "What replies are scored by.",
    "dimensions": [
        dimension(
            "empathy",
            "feels",
            [
                {"id": "feeling", "question": "Does it name the feeling?", "signals": ["names_feeling"]},
                {"id": "meaning", "question": "Does it speak to the meaning?", "signals": ["speaks_to_meaning"]},
                {
                    "id": "stock",
                    "question": "Does it use a stock phrase?",
                    "signals": ["stock_phrase"],
                    "wanted": False,
                    "goal": "Say a detail in place of a ready-made phrase.",
                },
            ],
        ),
        dimension(
            "ownership",
            "owns",
            [
                {
                    "id": "action",
                    "question": "Does it say what will be done?",
                    "signals": ["commits_action"],
                    "goal": "In two replies, say what you will do.",
                },
                {
                    "id": "policy",
                    "question": "Does it hide behind policy?",
                    "signals": ["hides_behind_policy"],
                    "wanted": False,
                    "goal": "In place of a rule, say what you can do.",
                },
                {
                    "id": "waiting",
                    "question": "Is the customer left waiting?",
                    "signals": ["puts_on_hold"],
                    "wanted": False,
                },
            ],
            weight=3,
        ),
        dimension(
            "active_listening",
            "listens",
            [{"id": "detail", "question": "Does it give back a detail?", "signals": ["reflects_detail"]}],
        ),
    ],
    "critical": {
        "insults": {
            "name": "Insulted the customer",
            "text": "The reply mocks.",
            "goal": "Speak of the problem and never of the customer.",
        }
    },
}

SCENARIO: dict[str, Any] = {
    "title": "The fare that jumped",
    "summary": "A fare jumps while the customer is booking.",
    "industry": "airline",
    "persona": "maria",
    "mood": "irate",
    "emotion": START.model_dump(),
    "situation": "{customer} was quoted {fare} for four seats, and the price jumped to {fare_new} while booking.",
    "wants": "The same fare for all four seats.",
    "briefing": {
        "role": "You answer the airline's phone.",
        "history": ["Was offered a transfer; the line dropped."],
        "policy": ["The fare log shows what was live."],
    },
    "facts": [
        {"id": "quoted", "text": "was quoted {fare} for each seat"},
        {
            "id": "children",
            "text": "the children are packed for the birthday in {city}",
            "unlock": {"turn_at_least": 2},
        },
    ],
    "endings": {"resolved": {"upset_at_most": 20}},
    "opening": [OPENING],
    "lines": {"press": ["And the other two seats?", {"text": "The children have packed.", "needs": "children"}]},
    "trainees": {"generic": {"any": ["I see."]}},
    "exemplars": {
        "names_feeling": ["The price jumped from {fare} while you were booking, {first_name}. Anyone would be angry."],
        "speaks_to_meaning": [
            "The children have packed for that birthday, and now this.",
            "Four seats at {fare} was the plan, and it fell apart in front of you.",
        ],
        "commits_action": ["I am opening the fare log for {order} myself.", PUT_BACK],
        "reflects_detail": ["You were quoted {fare}, and it went to {fare_new} while booking. Have I got that right?"],
    },
}

RULES = [
    {"signal": "names_feeling", "moves": {"anger": -6, "trust": 4}},
    {"signal": "speaks_to_meaning", "moves": {"anger": -7, "trust": 6}},
    {"signal": "commits_action", "moves": {"anger": -8, "trust": 6}},
    {"signal": "reflects_detail", "moves": {"anger": -5, "trust": 4}},
    {"signal": "hides_behind_policy", "moves": {"anger": 8, "trust": -6}},
]

SLOTS = {
    "customer": "Maria Delgado",
    "first_name": "Maria",
    "fare": "398",
    "fare_new": "810",
    "city": "Oporto",
    "order": "QX7781",
}


def material(**changes: Any) -> Material:
    texts = MaterialTexts(scenario="", persona="", rubric="", defaults="")
    return Material(
        scenario_id="fare-jump",
        persona_id="maria",
        rubric_id="core",
        scenario=Scenario.model_validate({**SCENARIO, **changes}),
        persona=Persona.model_validate({"name": "Maria Delgado", "summary": "-", "voice": "-", "traits": []}),
        rubric=Rubric.model_validate(RUBRIC),
        defaults=Defaults.model_validate(
            {"limits": {"per_feeling": 30, "per_rule": 20, "wear": 0.5}, "rules": RULES, "fallback": {}}
        ),
        texts=texts,
        paths=MaterialPaths(scenario="", persona="", rubric=""),
        slots=SLOTS,
    )


def started(**changes: Any) -> SessionStarted:
    fields: dict[str, Any] = {
        "at": BEGIN,
        "session": "20261122-101530-ab12cd",
        "app_version": "0.1.0",
        "rater_version": "embedded-1",
        "seed": 7,
        "trainee": "quiet-otter",
        "model": ModelCard(speaker="SmolLM2-135M", listener="SmolLM2-135M", way="guided"),
        "scenario_id": "fare-jump",
        "persona_id": "maria",
        "rubric_id": "core",
        "scenario": "",
        "persona": "",
        "rubric": "",
        "defaults": "",
        "slots": SLOTS,
        "mood": Mood.IRATE,
        "channel": Channel.PHONE,
        "emotion": START,
        "goal": "Next time, name the feeling once.",
    }
    return SessionStarted(**{**fields, **changes})


def opening() -> list[Event]:
    return [
        MoveChosen(at=BEGIN, turn=0, move=Move.PRESS, gist="opens", because="it is the opening"),
        CustomerSpoke(at=BEGIN, turn=0, text=OPENING, source="guided"),
    ]


def after(*turns: Sequence[Event], ending: Ending | None = Ending.HUNG_UP, **changes: Any) -> Session:
    """A session of the opening and these turns; `changes` are to its start."""
    ended = [SessionEnded(at=BEGIN, ending=ending)] if ending else []
    return Session.of([started(**changes), *opening(), *(event for turn in turns for event in turn), *ended])


def signal(reply: str, name: SignalName, words: str) -> Signal:
    start = reply.index(words)
    return Signal(name=name, span=Span(quote=words, start=start, end=start + len(words)))


def entry(rule: str, quote: str, feeling: Feeling, delta: float, *, event: bool = False) -> LedgerEntry:
    name = None if event else SignalName(rule)
    return LedgerEntry(rule=rule, signal=name, quote=quote, feeling=feeling, asked=delta, delta=delta)


def rating(turn: int, reply: str, levels: Mapping[str, int | None], evidence: dict[str, str] | None = None) -> Rating:
    """Levels with expected a little above them, and evidence by dimension."""
    return Rating(
        levels=dict(levels),
        expected={name: None if level is None else min(5.0, level + 0.2) for name, level in levels.items()},
        evidence=tuple(
            Evidence(
                dimension=name,
                signal=SignalName.NAMES_FEELING,
                quote=words,
                turn=turn,
                speaker="trainee",
                start=max(0, reply.find(words)),
                end=max(0, reply.find(words)) + len(words),
            )
            for name, words in (evidence or {}).items()
        ),
        rater="embedded-1",
    )


def exchange(
    turn: int,
    reply: str | int,
    answer: str,
    *,
    signals: Sequence[Signal] = (),
    entries: Sequence[LedgerEntry] = (),
    before: Emotion = START,
    critical: Sequence[CriticalError] = (),
    unlocked: tuple[str, ...] = (),
    fired: tuple[str, ...] = (),
    source: Source = "guided",
    learned: bool = True,
) -> list[Event]:
    """One turn up to the customer's answer. A number for a reply is a hold of that many seconds."""
    at = BEGIN + timedelta(seconds=10 * turn)
    act: Event = (
        TraineeSpoke(at=at, turn=turn, text=reply)
        if isinstance(reply, str)
        else TraineeHeld(at=at, turn=turn, seconds=reply)
    )
    deltas: dict[Feeling, float] = {}
    for each in entries:
        deltas[each.feeling] = deltas.get(each.feeling, 0) + each.delta
    return [
        act,
        ReplyRead(at=at, turn=turn, signals=tuple(signals), critical=tuple(critical), learned=learned),
        EmotionMoved(at=at, turn=turn, entries=tuple(entries), emotion=before.moved(deltas)),
        MoveChosen(at=at, turn=turn, move=Move.PRESS, gist="-", because="-", unlocked=unlocked, fired=fired),
        CustomerSpoke(at=at, turn=turn, text=answer, source=source),
    ]


class FondRater:
    """Finds level 5 in everything but the replies it was told of, which are at 1."""

    version = "embedded-1"

    def __init__(self, session: Session, least: float = 5.0) -> None:
        self._known = {turn.reply for turn in session.turns}
        self._level = least

    async def rate(self, exchange: Exchange, turn: int = 0) -> Rating:
        level = 1.0 if exchange.reply in self._known else self._level
        names = ("empathy", "ownership", "active_listening")
        return Rating(levels=dict.fromkeys(names, int(level)), expected=dict.fromkeys(names, level), rater=self.version)


def looked_back_on(session: Session, played: Material | None = None) -> Debrief:
    """A debrief whose lines were put to a rater that likes them."""
    played = played or material()
    return debrief(session, played, lines=asyncio.run(rate_lines(session, played, FondRater(session))))


def call(ending: Ending | None = Ending.RESOLVED) -> Session:
    """Four turns: a shrug, a strong reply, a hold, a stock phrase. All replies are rated."""
    angrier = Emotion(anger=95, distress=20, confusion=10, trust=12)
    events: list[Event] = [
        started(),
        *opening(),
        *exchange(
            1,
            SHRUG,
            "Don't tell me about policy & rules.",
            signals=[
                signal(SHRUG, SignalName.HIDES_BEHIND_POLICY, "That's the policy."),
                signal(SHRUG, SignalName.STOCK_PHRASE, "Sorry for the inconvenience."),
            ],
            entries=[
                entry("hides_behind_policy", "That's the policy.", Feeling.ANGER, 15),
                entry("hides_behind_policy", "That's the policy.", Feeling.TRUST, -8),
            ],
        ),
        ReplyRated(at=BEGIN, turn=1, rating=rating(1, SHRUG, {"empathy": 2, "ownership": 1, "active_listening": 2})),
        *exchange(
            2,
            NAMED,
            "Well. The children are packed, you know.",
            signals=[
                signal(NAMED, SignalName.NAMES_FEELING, "I'd be angry too."),
                signal(NAMED, SignalName.COMMITS_ACTION, "I'm opening the fare log now."),
            ],
            entries=[
                entry("names_feeling", "I'd be angry too.", Feeling.ANGER, -22),
                entry("commits_action", "I'm opening the fare log now.", Feeling.TRUST, 14),
            ],
            before=angrier,
            unlocked=("children",),
        ),
        ReplyRated(
            at=BEGIN,
            turn=2,
            rating=rating(
                2,
                NAMED,
                {"empathy": 4, "ownership": 4, "active_listening": 3},
                {"empathy": "I'd be angry too.", "ownership": "words nobody said"},
            ),
        ),
        *exchange(
            3,
            40,
            "Hello? Are you there?",
            signals=[Signal(name=SignalName.PUTS_ON_HOLD, about="40")],
            entries=[entry("puts_on_hold", "(40 seconds on hold)", Feeling.ANGER, 6)],
            before=Emotion(anger=73, distress=20, confusion=10, trust=26),
        ),
        *exchange(
            4,
            STOCK,
            "Fine.",
            signals=[signal(STOCK, SignalName.STOCK_PHRASE, STOCK)],
            entries=[entry("stock_phrase", STOCK, Feeling.TRUST, -2)],
            before=Emotion(anger=79, distress=20, confusion=10, trust=26),
            source="fallback",
        ),
        ReplyRated(at=BEGIN, turn=4, rating=rating(4, STOCK, {"empathy": 2, "ownership": 2, "active_listening": None})),
    ]
    if ending:
        events.append(SessionEnded(at=BEGIN + timedelta(minutes=2), ending=ending))
    return Session.of(events)
