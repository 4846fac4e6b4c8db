"""The words of the field as values: moods, moves, signals, levels, endings. Known to every module, knowing none."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

CORE_DIMENSIONS = ("empathy", "ownership", "active_listening")
"""The three dimensions every core rubric has, in the order they are shown."""

MAX_REPLY_CHARACTERS = 4_000
"""A longer reply is refused in play, and rated on this many first characters by `score`."""


class Value(BaseModel):
    """A frozen value: equal by content, never changed, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)


class Mood(StrEnum):
    """Which kind of customer. `mild` occurs in rated data only."""

    IRATE = "irate"
    DISTRESSED = "distressed"
    CONFUSED = "confused"
    MILD = "mild"


class Channel(StrEnum):
    """How the two are in touch; sets length and silence rules."""

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"


class Feeling(StrEnum):
    """One of the four numbers of an emotion."""

    ANGER = "anger"
    DISTRESS = "distress"
    CONFUSION = "confusion"
    TRUST = "trust"


Degree = Annotated[float, Field(ge=0, le=100)]

LEADING_FEELING: Mapping[Mood, Feeling] = {
    Mood.IRATE: Feeling.ANGER,
    Mood.DISTRESSED: Feeling.DISTRESS,
    Mood.CONFUSED: Feeling.CONFUSION,
    Mood.MILD: Feeling.ANGER,
}


class Emotion(Value):
    """How the customer feels now: four numbers, 0 to 100."""

    anger: Degree
    distress: Degree
    confusion: Degree
    trust: Degree

    def degree(self, feeling: Feeling) -> float:
        """The number of one feeling, 0 to 100."""
        value: float = getattr(self, feeling.value)
        return value

    def upset(self, mood: Mood) -> float:
        """The leading number of the mood: the one scalar used to order outcomes, 0 to 100."""
        return self.degree(LEADING_FEELING[mood])

    def moved(self, deltas: Mapping[Feeling, float]) -> "Emotion":
        """The emotion after signed changes, each clipped to 0 to 100 and kept to one decimal."""
        degrees = {
            feeling.value: round(min(100.0, max(0.0, self.degree(feeling) + deltas.get(feeling, 0.0))), 1)
            for feeling in Feeling
        }
        return Emotion(**degrees)


class Move(StrEnum):
    """What the customer does next; chosen in code, voiced by the model."""

    VENT = "vent"
    PRESS = "press"
    CHALLENGE = "challenge"
    ASK = "ask"
    ANSWER = "answer"
    REVEAL = "reveal"
    CORRECT = "correct"
    HOLD_TO_PROMISE = "hold_to_promise"
    HESITATE = "hesitate"
    PANIC = "panic"
    MISUNDERSTAND = "misunderstand"
    REPEAT_REQUEST = "repeat_request"
    SOFTEN = "soften"
    ACCEPT = "accept"
    DECLINE = "decline"
    THANK = "thank"
    THREATEN = "threaten"
    DEMAND_SUPERVISOR = "demand_supervisor"
    LEAVE = "leave"


class SignalName(StrEnum):
    """The closed catalogue of observable things a reply (or an act beside it) does or fails to do."""

    # empathy
    NAMES_FEELING = "names_feeling"
    VALIDATES = "validates"
    SPEAKS_TO_MEANING = "speaks_to_meaning"
    SINCERE_APOLOGY = "sincere_apology"
    STOCK_PHRASE = "stock_phrase"
    TAKES_BACK = "takes_back"
    DISMISSES_FEELING = "dismisses_feeling"
    BLAMES_CUSTOMER = "blames_customer"
    INSULTS = "insults"
    # ownership
    ACCEPTS_RESPONSIBILITY = "accepts_responsibility"
    OFFERS_HELP = "offers_help"
    COMMITS_ACTION = "commits_action"
    GIVES_TIME = "gives_time"
    GIVES_CALLBACK = "gives_callback"
    CHECKS_IT_WORKED = "checks_it_worked"
    DEFLECTS = "deflects"
    HIDES_BEHIND_POLICY = "hides_behind_policy"
    HANDS_OFF = "hands_off"
    PASSIVE_PROMISE = "passive_promise"
    GOES_BACK = "goes_back"
    ENDS_CONTACT = "ends_contact"
    # active listening
    REFLECTS_DETAIL = "reflects_detail"
    CHECKS_UNDERSTANDING = "checks_understanding"
    ASKS_OPEN = "asks_open"
    ASKS_DETAIL = "asks_detail"
    ASKS_AGAIN = "asks_again"
    PARROTS = "parrots"
    TELLS = "tells"
    # pace and clarity: what distressed and confused customers need most
    GIVES_PACE = "gives_pace"
    CHECKS_SAFETY = "checks_safety"
    ONE_STEP = "one_step"
    OVERLOADS = "overloads"
    USES_JARGON = "uses_jargon"
    # acts beside the words
    PUTS_ON_HOLD = "puts_on_hold"
    STAYS_SILENT = "stays_silent"
    TRANSFERS = "transfers"
    # words meant for a machine and not for the customer
    ADDRESSES_MACHINE = "addresses_machine"


class Talk(StrEnum):
    """What a reply does as conversation, beside what it is worth: no level looks at it, and of the shipped rules only
    the one for a reply that gives nothing to hold on to; the answer does."""

    GREETS = "greets"
    TAKES_LEAVE = "takes_leave"
    ASKS_WHAT_ELSE = "asks_what_else"
    THANKS = "thanks"
    SAYS_LITTLE = "says_little"
    ASKS_TO_WAIT = "asks_to_wait"
    PASSES_ON = "passes_on"
    PROPOSES = "proposes"
    REFUSES = "refuses"
    DOES_NOT_KNOW = "does_not_know"
    IS_LOOKING = "is_looking"
    MEANS_WELL = "means_well"
    ASKS_WISH = "asks_wish"
    ASKS_STORY = "asks_story"
    PROMISES_TOO_MUCH = "promises_too_much"
    HOLDS_FORTH = "holds_forth"
    OWN_STORY = "own_story"
    LECTURES = "lectures"
    ASKS_IF = "asks_if"
    ASKS_WHICH = "asks_which"
    INSTRUCTS = "instructs"
    GETS_ON = "gets_on"
    WANDERS = "wanders"


class Span(Value):
    """Words of one text, verbatim: `text[start:end] == quote`."""

    quote: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Signal(Value):
    """One observable thing a reply did, with the words that show it."""

    name: SignalName
    span: Span | None = None
    """The words in the reply; None for an act (a hold) or an omission."""
    probability: float = Field(default=1.0, ge=0, le=1)
    """1 for lexical and structural detectors; learned ones say how sure they are."""
    about: str | None = None
    """What it refers to, where that matters: the customer's detail, the topic asked about, seconds of hold."""


class CriticalCode(StrEnum):
    """A flag on the session, apart from levels."""

    ABANDONS = "abandons"
    INSULTS = "insults"
    BREAKS_POLICY = "breaks_policy"
    UNSAFE = "unsafe"
    DISCLOSES_DATA = "discloses_data"


class CriticalError(Value):
    """A critical error in one reply, with the words that show it."""

    code: CriticalCode
    quote: str


SAID_BEFORE = "the same words again"
"""A cap: words that would soothe were said before."""
PROMISED_TOO_MUCH = "promised too much"
"""A cap: words that would soothe promise what is forbidden, or too good to be true."""


class LedgerEntry(Value):
    """One signed reason why an emotion moved."""

    rule: str
    """Id of the rule that asked for it."""
    signal: SignalName | None
    """The signal the rule answered; None for an event of the scenario."""
    quote: str
    """The trainee's words, verbatim, or a plain description of the act."""
    feeling: Feeling
    asked: float
    """What rule, temperament and wear asked for, signed, in points."""
    delta: float
    """What was applied after the caps, signed, in points."""
    cap: str | None = None
    """Which cap held it back, if one did."""
    listened_for: bool = False
    """True if the rule answered no signal but these words: the sentence with a phrase that it listens for."""

    @property
    def is_void(self) -> bool:
        """Whether the customer took nothing from words that would have soothed."""
        return self.cap in (SAID_BEFORE, PROMISED_TOO_MUCH)


class Ending(StrEnum):
    """How a session ended."""

    RESOLVED = "resolved"
    SETTLED_PARTLY = "settled_partly"
    ESCALATED = "escalated"
    HUNG_UP = "hung_up"
    DROPPED = "dropped"
    TRAINEE_ENDED = "trainee_ended"
    LIMIT = "limit"
    FAILED = "failed"


Level = Annotated[int, Field(ge=1, le=5)]

Source = Literal["guided", "free", "fallback"]
"""Where a customer line comes from: chosen among authored lines by the listener, written by the speaker, or a
last resort that no model chose."""


class Evidence(Value):
    """Verbatim words that support a level, with where they stand."""

    dimension: str
    signal: SignalName
    quote: str
    turn: int = Field(ge=0)
    speaker: Literal["customer", "trainee"]
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Rating(Value):
    """The levels of one reply. A dimension the moment gave no room for is None in both mappings."""

    levels: dict[str, Level | None]
    expected: dict[str, float | None]
    """The level before rounding, 1 to 5: what the rater would say on average."""
    evidence: tuple[Evidence, ...] = ()
    rater: str
    """Version of the rater that gave it; "none" where rules gave every level."""
    rules: dict[str, str] = {}
    """Version of the rules, by the id of each dimension whose level they gave: checks score it, and not the rater."""


class Utterance(Value):
    """Something one of the two said."""

    speaker: Literal["customer", "trainee"]
    text: str
