"""The shape of the files people write: scenario, persona, and the defaults that come with the package.

Every docstring under a field is the one text about it: JSON Schema, reference page and error hints all read it here.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from simulator.vocabulary import (
    Channel,
    Emotion,
    Ending,
    Feeling,
    Level,
    Mood,
    Move,
    SignalName,
    Talk,
    Value,
)

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Points = Annotated[float, Field(ge=-40, le=40)]
Percent = Annotated[float, Field(ge=0, le=100)]


class Authored(Value):
    """A part of an authored file."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, defer_build=True, use_attribute_docstrings=True, populate_by_name=True
    )


class Condition(Authored):
    """`any`, `all`, `not`, or exactly one atom."""

    any: tuple["Condition", ...] | None = None
    """True when one of these is."""
    all: tuple["Condition", ...] | None = None
    """True when all of these are."""
    negated: "Condition | None" = Field(default=None, alias="not")
    """True when this is not."""
    asked: tuple[Text, ...] | None = None
    """The trainee's reply asks about one of these topics (words or phrases)."""
    said: tuple[Text, ...] | None = None
    """The trainee's reply contains one of these phrases."""
    signal: SignalName | None = None
    """The trainee has shown this signal, now or earlier."""
    shows: SignalName | None = None
    """The trainee's last reply (or hold, silence, transfer) shows this signal."""
    talk: Talk | None = None
    """The trainee's last reply does this as conversation: greets, asks to wait, proposes something."""
    promised: Identifier | None = None
    """The trainee has made this promise."""
    fact: Identifier | None = None
    """This fact has come unlocked."""
    fired: Identifier | None = None
    """This event of the scenario has fired."""
    ending: Ending | None = None
    """The session ended this way."""
    trust_at_least: Percent | None = None
    """The customer's trust is at least this."""
    trust_at_most: Percent | None = None
    """The customer's trust is at most this."""
    upset_at_least: Percent | None = None
    """The leading number of the mood is at least this."""
    upset_at_most: Percent | None = None
    """The leading number of the mood is at most this."""
    turn_at_least: int | None = None
    """The trainee has replied at least this many times."""
    turn_at_most: int | None = None
    """The trainee has replied at most this many times."""

    @model_validator(mode="after")
    def _exactly_one(self) -> "Condition":
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("a condition has exactly one key; join several with all: or any:")
        return self

    @property
    def atom(self) -> tuple[str, object]:
        """The one key that is given, and its value."""
        key = next(name for name in type(self).model_fields if getattr(self, name) is not None)
        return key, getattr(self, key)


class Slot(Authored):
    """A value filled in once a session, from the seed."""

    choice: tuple[str | int | float, ...] | None = None
    """One of these."""
    faker: str | None = None
    """A Faker provider, with an argument after a colon if it takes one (`first_name`, `bothify:??####`)."""
    sum: tuple[str | int | float, ...] | None = None
    """The sum of other slots (by name) and numbers."""

    @model_validator(mode="after")
    def _exactly_one(self) -> "Slot":
        if sum(getattr(self, name) is not None for name in type(self).model_fields) != 1:
            raise ValueError("a slot has exactly one of choice, faker, sum")
        return self


Slots = dict[Identifier, Slot | str | int | float]
"""Slot name to how it is filled; a plain value stands for itself. Used in texts as {name}."""


class Line(Authored):
    """A sentence the customer may say for a move."""

    text: Text
    """The words, with {slots}."""
    needs: tuple[Identifier, ...] = ()
    """Facts the words give away: the line is silent until they are unlocked."""
    when: Condition | None = None
    """When else it may be said."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, raw: object) -> object:
        if isinstance(raw, str):
            return {"text": raw}
        if isinstance(raw, dict) and isinstance(raw.get("needs"), str):
            return {**raw, "needs": (raw["needs"],)}
        return raw


Bank = dict[Move, tuple[Line, ...]]
"""Lines by move."""


class Fact(Authored):
    """Something the customer knows."""

    id: Identifier
    """Short name, used by lines (`needs`) and conditions (`fact`)."""
    text: Text
    """What is so, in the third person without a subject: "was quoted {fare} for each seat"."""
    asked: tuple[Text, ...] = ()
    """Topics a question about this fact mentions; answers to such questions use it."""
    unlock: Condition | None = None
    """When the customer would tell it. Without one it is open from the start."""
    matters: bool = False
    """True if this is what the whole thing means to the customer: speaking to it shows more than sympathy."""


class ScenarioEvent(Authored):
    """Something that happens in mid-contact, once."""

    id: Identifier
    """Short name."""
    when: Condition
    """When it happens."""
    does: Literal["tell", "drop"]
    """tell: the customer says `say` after answering; drop: they say nothing else, and the contact breaks off."""
    say: Text
    """The customer's words."""
    moves: dict[Feeling, Points] = {}
    """What it does to the emotion, in points."""


class Rule(Authored):
    """How a signal moves the customer's emotion."""

    id: Identifier | None = None
    """Name shown in the ledger; by default the signal's."""
    signal: SignalName | None = None
    """The signal it answers. A rule without one needs `id` and `when`, and answers the turn as a whole."""
    after: Annotated[int, Field(ge=0, le=60)] = 0
    """Only once the signal was shown in this many earlier turns: how a phrase that is repeated begins to grate."""
    moods: tuple[Mood, ...] = ()
    """Only for these moods; empty: all."""
    when: Condition | None = None
    """Only when this holds."""
    moves: dict[Feeling, Points]
    """Signed points for each feeling, before temperament, wear and caps."""

    @model_validator(mode="after")
    def _answers_something(self) -> "Rule":
        if self.signal is None and (self.id is None or self.when is None):
            raise ValueError("a rule without signal needs id and when")
        return self


class Promise(Authored):
    """Something the trainee may promise here that matters to how it ends."""

    words: tuple[Text, ...]
    """Phrases that make it, with {slots}."""
    forbidden: bool = False
    """True if policy forbids it: making it is the critical error breaks_policy."""


class Briefing(Authored):
    """What the trainee knows before the contact."""

    role: Text
    """Who the trainee is here: desk, company, what they can do."""
    history: tuple[Text, ...]
    """Account history and notes of earlier contacts."""
    policy: tuple[Text, ...]
    """What may and may not be done."""


class Script(Authored):
    """What a scripted trainee says, by the customer's last move; `opening` answers the opening line, `any` the rest."""

    opening: tuple[Text, ...] = ()
    """Replies to the customer's first line."""
    any: tuple[Text, ...]
    """Replies to every other move, in order, the last one repeated."""
    moves: dict[Move, tuple[Text, ...]] = {}
    """Replies to particular moves."""

    @model_validator(mode="before")
    @classmethod
    def _gather_moves(cls, raw: object) -> object:
        if not isinstance(raw, dict):
            return raw
        kept = {key: value for key, value in raw.items() if key in ("opening", "any", "moves")}
        moves = {key: value for key, value in raw.items() if key not in kept}
        return {**kept, "moves": {**kept.get("moves", {}), **moves}} if moves else kept


class LevelBounds(Authored):
    """Between which levels a dimension stays."""

    at_least: Level | None = None
    """The mean level of the rated replies is at least this."""
    at_most: Level | None = None
    """The mean level of the rated replies is at most this."""

    @model_validator(mode="after")
    def _bounds_something(self) -> "LevelBounds":
        if self.at_least is None and self.at_most is None:
            raise ValueError("bounds are at_least, at_most, or both")
        return self


class ScenarioTest(Authored):
    """A rehearsal and what must come of it."""

    trainee: str | None = None
    """Name of a scripted trainee: of this scenario, or of those that come with the program."""
    replies: tuple[Text, ...] = ()
    """Or the replies themselves."""
    expect: Condition
    """What must hold at the end."""
    always: Condition | None = None
    """What must hold after each reply."""
    levels: dict[Identifier, LevelBounds] = {}
    """By dimension of the rubric: bounds of its mean level, as the debrief gives it. Needs the embedded model."""

    @model_validator(mode="after")
    def _one_source(self) -> "ScenarioTest":
        if (self.trainee is None) == (not self.replies):
            raise ValueError("a test has either trainee or replies")
        return self


class Scenario(Authored):
    """Why the customer is in touch today, and how it can go."""

    title: Text
    """Shown in the library."""
    summary: Text
    """One sentence for the library: what the call is about, without the locked facts."""
    industry: Text
    """Where this happens: airline, pharmacy, energy."""
    difficulty: Literal[1, 2, 3] = 2
    """1 gentle, 2 usual, 3 hard."""
    content_note: Text | None = None
    """A warning shown before the briefing, for heavy subjects."""
    persona: str
    """Id of the persona who is in touch."""
    rubric: str = "core"
    """Id of the rubric replies are scored by."""
    channel: Channel = Channel.PHONE
    """phone, chat or email."""
    mood: Mood
    """irate, distressed or confused."""
    emotion: Emotion
    """How the customer feels at the start."""
    situation: Text
    """Two or three sentences on what happened, open facts only; part of every prompt."""
    wants: Text
    """What would settle it, in the customer's eyes."""
    slots: Slots = {}
    """Values that change from session to session."""
    briefing: Briefing
    """What the trainee sees first."""
    facts: tuple[Fact, ...]
    """What the customer knows, some of it locked."""
    events: tuple[ScenarioEvent, ...] = ()
    """What happens in mid-contact."""
    rules: tuple[Rule, ...] = ()
    """Ledger rules of this scenario; one with the id of a default rule replaces it."""
    endings: dict[Ending, Condition]
    """When the customer takes it as resolved, partly settled, or hangs up."""
    promises: dict[Identifier, Promise] = {}
    """What the trainee can promise that matters."""
    opening: tuple[Line, ...]
    """First lines: one is drawn."""
    lines: Bank
    """The bank: by move; more come with the persona."""
    trainees: dict[str, Script]
    """Scripted trainees: excellent, generic, careless and more."""
    exemplars: dict[SignalName, tuple[Text, ...]]
    """Strong lines a trainee could say here, by the signal they show; the debrief quotes them as authored."""
    tests: tuple[ScenarioTest, ...] = ()
    """Rehearsals this scenario must pass."""
    turn_limit: int = Field(default=16, ge=4, le=60)
    """After this many replies the contact ends with `limit`."""


class Temperament(Authored):
    """How strongly this person reacts, 0 to 100, 50 being usual."""

    patience: Percent = 50
    """High: what goes wrong annoys less."""
    volatility: Percent = 50
    """High: every change is larger."""
    forgiveness: Percent = 50
    """High: good replies calm sooner."""


class Persona(Authored):
    """Who the customer is. No situation in it."""

    name: Text
    """Full name, with {slots} where it is cast."""
    summary: Text
    """One sentence for the library."""
    voice: Text
    """How they talk: register, rhythm, habits. Part of every prompt."""
    traits: tuple[Text, ...]
    """Individual traits (patience, channel habit, comfort with technology); never age or ethnic stereotypes."""
    temperament: Temperament = Temperament()
    """How strongly they react."""
    locale: str = "en_GB"
    """Faker locale their slots are cast in."""
    slots: Slots = {}
    """Names, addresses, numbers."""
    lines: Bank = {}
    """Lines that fit this person anywhere."""


class Limits(Authored):
    """How far one turn can move the emotion, in points."""

    per_feeling: Annotated[float, Field(gt=0, le=100)]
    """Largest change of one feeling in one turn."""
    per_rule: Annotated[float, Field(gt=0, le=100)]
    """Largest change one rule can ask for."""
    wear: Annotated[float, Field(gt=0, le=1)]
    """What is left of a soothing signal's effect each time it is repeated."""


class Defaults(Authored):
    """What comes with the package: ledger rules, limits, and last-resort lines."""

    limits: Limits
    """Caps and wear."""
    rules: tuple[Rule, ...]
    """The default ledger rules."""
    fallback: Bank
    """Lines for when no authored line is left and no model line passed the guard; always marked as fallback."""
