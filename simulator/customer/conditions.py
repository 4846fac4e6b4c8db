"""Whether a condition holds. Apart, because facts, events, endings, rules and lines all ask the same question."""

from simulator.content.casting import fill
from simulator.content.material import Material
from simulator.content.schema import Condition
from simulator.customer.doubts import doubted
from simulator.customer.hearing import asks_about, contains, sentences
from simulator.customer.talk import talk_of, world_of
from simulator.session import Session, Turn
from simulator.vocabulary import Ending, SignalName, Talk, Value

LIKELY = 0.5
"""A learned signal counts as shown from this probability on."""
_OUTRIGHT = (
    Talk.PROMISES_TOO_MUCH,
    Talk.HOLDS_FORTH,
    Talk.OWN_STORY,
    Talk.LECTURES,
    Talk.ASKS_STORY,
    Talk.ASKS_WISH,
    Talk.ASKS_WHICH,
)
"""Ways of talking that leave a reply's words behind."""


class Standing(Value):
    """Where the contact stands: all that a condition can look at."""

    reply: str = ""
    """The trainee's last words, or empty."""
    shows: frozenset[SignalName] = frozenset()
    """Signals of this turn."""
    talk: frozenset[Talk] = frozenset()
    """What the last reply does as conversation."""
    signals: frozenset[SignalName] = frozenset()
    """Signals so far, this turn included."""
    promised: frozenset[str] = frozenset()
    """Promises made so far."""
    promised_now: frozenset[str] = frozenset()
    """Those of them made in this turn."""
    facts: frozenset[str] = frozenset()
    """Facts the customer would tell: unlocked, or never locked."""
    fired: frozenset[str] = frozenset()
    """Scenario events that have happened."""
    trust: float = 0.0
    """The customer's trust, 0 to 100."""
    upset: float = 0.0
    """The leading number of the mood, 0 to 100."""
    turn: int = 0
    """How often the trainee has acted (spoken, held, kept silent, transferred)."""
    ending: Ending | None = None
    """How the contact ended, once it has."""
    slots: dict[str, str] = {}
    """What topics and phrases are filled with."""

    @classmethod
    def of(cls, session: Session, material: Material) -> "Standing":
        """Where a session stands after its last turn so far."""
        turn = session.turns[-1] if session.turns else Turn(number=0)
        return cls(
            reply=turn.reply or "",
            shows=_shown(turn),
            talk=talk_in(turn, material),
            signals=frozenset(name for past in session.turns for name in _shown(past)),
            promised=_promised(session, material),
            promised_now=frozenset(made.promise for made in turn.reading.promises) if turn.reading else frozenset(),
            facts=session.unlocked | {fact.id for fact in material.scenario.facts if fact.unlock is None},
            fired=session.fired,
            trust=session.emotion.trust,
            upset=session.upset,
            turn=turn.number,
            ending=_ending(session, turn),
            slots=material.slots,
        )


def _promised(session: Session, material: Material) -> frozenset[str]:
    """Ids of what was promised; what policy forbids, only until the trainee went back on their word."""
    back = max((turn.number for turn in session.turns if SignalName.GOES_BACK in _shown(turn)), default=0)
    known = material.scenario.promises
    return frozenset(
        made.promise
        for number, made in session.promises
        if not (number < back and made.promise in known and known[made.promise].forbidden)
    )


def talk_in(turn: Turn, material: Material) -> frozenset[Talk]:
    """What the trainee does as conversation in a turn, in the light of what the call is about."""
    talk = talk_of(turn.reply or "", world_of(material))
    return talk | {Talk.PROMISES_TOO_MUCH} if doubted(turn, material) else talk


def _shown(turn: Turn) -> frozenset[SignalName]:
    signals = turn.reading.signals if turn.reading else ()
    return frozenset(signal.name for signal in signals if signal.probability >= LIKELY)


def _ending(session: Session, turn: Turn) -> Ending | None:
    if session.ended:
        return session.ended.ending
    return turn.choice.ending if turn.choice else None


def holds(condition: Condition, standing: Standing) -> bool:
    """Whether the condition is true where the contact stands.

    Raises:
        ContentError: a topic or phrase has a slot that nothing fills.
    """
    match condition:
        case Condition(any=tuple(parts)):
            return any(holds(part, standing) for part in parts)
        case Condition(all=tuple(parts)):
            return all(holds(part, standing) for part in parts)
        case Condition(negated=Condition() as part):
            return not holds(part, standing)
        case Condition(asked=tuple(topics)):
            return asks_about(standing.reply, [fill(topic, standing.slots) for topic in topics])
        case Condition(said=tuple(phrases)):
            return any(contains(standing.reply, fill(phrase, standing.slots)) for phrase in phrases)
        case Condition(signal=SignalName() as name):
            return name in standing.signals
        case Condition(shows=SignalName() as name):
            return name in standing.shows
        case Condition(talk=Talk() as talk):
            return talk in standing.talk
        case Condition(promised=str(promise)):
            return promise in standing.promised
        case Condition(fact=str(fact)):
            return fact in standing.facts
        case Condition(fired=str(event)):
            return event in standing.fired
        case Condition(ending=Ending() as ending):
            return standing.ending is ending
        case _:
            return _compares(condition, standing)


def words_behind(condition: Condition | None, standing: Standing) -> str | None:
    """The sentence of the reply with a phrase that a condition listens for and that makes it hold; None: there is none.

    Args:
        condition: That holds; None: without one.
        standing: Where it holds.
    """
    match condition:
        case Condition(any=tuple(parts)) | Condition(all=tuple(parts)):
            held = (part for part in parts if holds(part, standing))
            return next((words for part in held if (words := words_behind(part, standing))), None)
        case Condition(said=tuple(phrases)):
            wanted = [fill(phrase, standing.slots) for phrase in phrases]
            heard = sentences(standing.reply)
            return next((one for one in heard if any(contains(one, phrase) for phrase in wanted)), None)
        case _:
            return None


def answers(condition: Condition, standing: Standing) -> int:
    """How closely a condition that holds is about the last reply.

    3: about a way of talking that leaves its words behind; 2: about its words, or a promise it makes; 1: about what it
    shows or does; 0: about anything else.
    """
    match condition:
        case Condition(any=tuple(parts)):
            return max((answers(part, standing) for part in parts if holds(part, standing)), default=0)
        case Condition(all=tuple(parts)):
            return max((answers(part, standing) for part in parts), default=0)
        case Condition(asked=tuple()) | Condition(said=tuple()):
            return 2
        case Condition(promised=str(promise)):
            return 2 if promise in standing.promised_now else 0
        case Condition(talk=Talk.ASKS_IF):
            return 0
        case Condition(talk=Talk() as talk) if talk in _OUTRIGHT:
            return 3
        case Condition(shows=SignalName()) | Condition(talk=Talk()):
            return 1
        case _:
            return 0


def _compares(condition: Condition, standing: Standing) -> bool:
    """The atoms that compare numbers. Exactly one atom is given, so the others say nothing."""
    floors = (
        (condition.trust_at_least, standing.trust),
        (condition.upset_at_least, standing.upset),
        (condition.turn_at_least, standing.turn),
    )
    ceilings = (
        (condition.trust_at_most, standing.trust),
        (condition.upset_at_most, standing.upset),
        (condition.turn_at_most, standing.turn),
    )
    return all(value >= floor for floor, value in floors if floor is not None) and all(
        value <= ceiling for ceiling, value in ceilings if ceiling is not None
    )
