"""What a customer does about a reply, most pressing first. Apart from the director, which decides on endings and events
and takes the first of these plans that is not worn out."""

import random
import re
from collections.abc import Callable, Iterator

from simulator.customer.emotion import strongest
from simulator.customer.gist import beginning, complaining, quoting, telling, wanting
from simulator.customer.hearing import NUMBER_WORDS, plain, words
from simulator.customer.scene import Scene
from simulator.session import TraineeHeld, TraineeSilent
from simulator.vocabulary import Mood, Move, SignalName, Value

EVASIONS = (
    SignalName.ENDS_CONTACT,
    SignalName.HIDES_BEHIND_POLICY,
    SignalName.DEFLECTS,
    SignalName.HANDS_OFF,
    SignalName.PASSIVE_PROMISE,
)
"""Ways not to take it on, worst first."""

SLIGHTS = (
    SignalName.BLAMES_CUSTOMER,
    SignalName.DISMISSES_FEELING,
    SignalName.TAKES_BACK,
    SignalName.PARROTS,
    SignalName.STOCK_PHRASE,
)
"""Ways not to take the customer seriously, worst first."""

_SOFTENS_BELOW = {Mood.IRATE: 55, Mood.DISTRESSED: 65, Mood.CONFUSED: 45, Mood.MILD: 50}
_ACCEPTS_BELOW = {Mood.IRATE: 48, Mood.DISTRESSED: 62, Mood.CONFUSED: 42, Mood.MILD: 50}
_DESPERATE = 80
_MINUTES = re.compile(r"\b(\w+) (?:of )?(second|sec|minute|min)s?\b")


class Plan(Value):
    """A move the customer may make now, and why."""

    move: Move
    gist: str
    because: str


Reaction = Callable[[Scene], Iterator[Plan]]


def to_machine_talk(scene: Scene) -> Iterator[Plan]:
    """Words meant for a machine make no sense to a customer."""
    if scene.shows(SignalName.ADDRESSES_MACHINE):
        because = "the reply spoke to a machine, not to the customer"
        strange = quoting(scene.words(SignalName.ADDRESSES_MACHINE))
        yield Plan(move=Move.MISUNDERSTAND, gist=f"I have no idea what {strange} is meant to be", because=because)
        yield Plan(move=Move.CHALLENGE, gist=f"what has {strange} to do with me; {wanting(scene)}", because=because)


def to_insult(scene: Scene) -> Iterator[Plan]:
    """An insult is answered before anything else."""
    if scene.shows(SignalName.INSULTS):
        insult, because = quoting(scene.words(SignalName.INSULTS)), "the reply was insulting"
        if scene.warned:
            yield Plan(move=Move.DEMAND_SUPERVISOR, gist=f"after {insult} I want somebody else", because=because)
        elif scene.mood is Mood.IRATE:
            yield Plan(move=Move.THREATEN, gist=f"nobody says {insult} to me; this goes further", because=because)
        yield Plan(move=Move.CHALLENGE, gist=f"did they really just say {insult}", because=because)


def to_waiting(scene: Scene) -> Iterator[Plan]:
    """Hold and silence: the wait itself, and the word about how long it would be."""
    match scene.turn.act:
        case TraineeHeld(seconds=seconds):
            yield from _to_overrun(scene, seconds)
            gist, because = f"I was on hold for {_length(seconds)}; what did they find", "the trainee put them on hold"
        case TraineeSilent(seconds=seconds):
            gist, because = f"nobody has spoken for {_length(seconds)}; is anyone there", "the trainee said nothing"
        case _:
            return
    for move in _impatience(scene):
        yield Plan(move=move, gist=gist, because=f"{because} for {_length(seconds)}")


def _to_overrun(scene: Scene, seconds: int) -> Iterator[Plan]:
    promised = next((found for turn in reversed(scene.earlier) if (found := _promised_wait(turn.reply or ""))), None)
    if promised and seconds > promised * 1.25:
        gist = f"they said {_length(promised)}, and it was {_length(seconds)}"
        yield Plan(move=Move.HOLD_TO_PROMISE, gist=gist, because="the hold was longer than promised")


def _promised_wait(reply: str) -> int | None:
    """Seconds, if the reply names a short wait: "two minutes", "a minute"."""
    for count, unit in _MINUTES.findall(plain(reply)):
        number = int(count) if count.isdigit() else {"a": 1, "couple": 2, "few": 3, **NUMBER_WORDS}.get(count)
        if number:
            return number * (60 if unit.startswith("min") else 1)
    return None


def _length(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"


def _impatience(scene: Scene) -> tuple[Move, ...]:
    match scene.mood:
        case Mood.DISTRESSED:
            return (Move.PANIC, Move.HESITATE, Move.ASK) if scene.upset >= 60 else (Move.HESITATE, Move.ASK)
        case Mood.CONFUSED:
            return (Move.HESITATE, Move.ASK, Move.MISUNDERSTAND)
        case _:
            return (Move.CHALLENGE, Move.PRESS, Move.VENT) if scene.upset >= 50 else (Move.ASK, Move.PRESS)


def to_wrong_detail(scene: Scene) -> Iterator[Plan]:
    """A number, code or name given back wrongly is put right."""
    if wrong := scene.misquote:
        fact = next((fact for fact in scene.open_facts if fact.id == wrong.fact), None)
        right = telling(scene, fact) if fact else f"it is {wrong.right}"
        gist = f"not {wrong.said} but {wrong.right}: {right}"
        yield Plan(move=Move.CORRECT, gist=gist, because=f"the reply said {wrong.said} for {wrong.right}")


def to_broken_word(scene: Scene) -> Iterator[Plan]:
    """An earlier promise that is refused now, or an undertaking followed by evasion."""
    if scene.taken_back:
        turn, made = scene.taken_back
        gist = f"they promised {quoting(made.quote)} and now take it back"
        yield Plan(move=Move.HOLD_TO_PROMISE, gist=gist, because=f"the promise of turn {turn} was taken back")
    elif scene.committed and scene.shows(*EVASIONS[:4]):
        gist = f"they said {quoting(scene.committed)}; I hold them to that"
        yield Plan(move=Move.HOLD_TO_PROMISE, gist=gist, because="what was undertaken earlier is being avoided")


def to_being_asked_again(scene: Scene) -> Iterator[Plan]:
    """They have told this before."""
    if scene.shows(SignalName.ASKS_AGAIN):
        signal = strongest(scene.turn, SignalName.ASKS_AGAIN)
        topic = f" ({signal.about})" if signal and signal.about else ""
        told = telling(scene, *scene.asked_facts[:1])
        gist = f"I have said that already{topic}{': ' + told if told else ''}"
        order = (Move.CHALLENGE, Move.REPEAT_REQUEST) if _heated(scene) else (Move.REPEAT_REQUEST, Move.CHALLENGE)
        for move in order:
            yield Plan(move=move, gist=gist, because="they were asked for what they had already said")


def to_question(scene: Scene) -> Iterator[Plan]:
    """A question about something they know is answered with it."""
    fresh = [fact for fact in scene.asked_facts if fact.id in scene.unlocked]
    if fresh:
        named = ", ".join(fact.id for fact in fresh)
        yield Plan(move=Move.REVEAL, gist=telling(scene, *fresh[:2]), because=f"the question opened up: {named}")
    elif scene.asked_facts:
        facts = sorted(scene.asked_facts, key=lambda fact: fact not in scene.untold)[:2]
        named = ", ".join(fact.id for fact in facts)
        yield Plan(move=Move.ANSWER, gist=telling(scene, *facts), because=f"the reply asked about: {named}")


def to_offer(scene: Scene) -> Iterator[Plan]:
    """What was actually offered is taken, doubted or turned down, as they feel by now."""
    if not (scene.promises or scene.shows(SignalName.COMMITS_ACTION)) or scene.shows(*EVASIONS):
        return
    offer = quoting(scene.promises[0].quote if scene.promises else scene.words(SignalName.COMMITS_ACTION))
    because = f"the reply offered {offer} at upset {scene.upset:.0f}, trust {scene.emotion.trust:.0f}"
    if _has_really_eased(scene):
        yield Plan(move=Move.SOFTEN, gist=f"that is more like it: {offer}", because=because)
    if scene.upset <= _ACCEPTS_BELOW[scene.mood]:
        yield Plan(move=Move.ACCEPT, gist=f"yes to {offer}", because=because)
    if scene.upset >= _DESPERATE and scene.emotion.trust < 15:
        yield Plan(move=Move.DECLINE, gist=f"{offer} is not what I asked for; {wanting(scene)}", because=because)
    if scene.shows(SignalName.GIVES_TIME):
        yield Plan(move=Move.HOLD_TO_PROMISE, gist=f"I will hold them to {offer}", because=because)
        yield Plan(move=Move.HESITATE, gist=f"{offer}; and if it does not happen", because=because)
    pressing = Move.PRESS if scene.mood is Mood.IRATE else Move.HESITATE
    for move in (pressing, Move.ASK):
        yield Plan(move=move, gist=f"{offer}; by when, and who does it", because=because)


def to_evasion(scene: Scene) -> Iterator[Plan]:
    """Policy, blame, hand-offs and phrases: the longer it goes on, the harder the answer."""
    found = [name for name in (*EVASIONS, *SLIGHTS, SignalName.TELLS) if scene.shows(name)]
    if not found or (found == [SignalName.TELLS] and scene.mood is not Mood.IRATE):
        return
    thrown_back = quoting(scene.words(*found))
    because = f"the reply showed: {found[0].value.replace('_', ' ')}; evasive turns so far: {_count_evasive(scene)}"
    if found[0] not in (SignalName.STOCK_PHRASE, SignalName.TELLS):
        yield from _escalation(scene, thrown_back, because)
    for move in _protest(scene):
        yield Plan(move=move, gist=f"{thrown_back} will not do; {wanting(scene)}", because=because)


def _escalation(scene: Scene, thrown_back: str, because: str) -> Iterator[Plan]:
    """First a warning, then somebody else."""
    if not _heated(scene) or scene.upset < _DESPERATE or _count_evasive(scene) < 2:
        return
    if not scene.warned:
        yield Plan(move=Move.THREATEN, gist=f"after {thrown_back} I take this further", because=because)
    elif Move.DEMAND_SUPERVISOR not in scene.moves:
        yield Plan(move=Move.DEMAND_SUPERVISOR, gist="I want to speak to whoever can decide this", because=because)


def _count_evasive(scene: Scene) -> int:
    evasive = {*EVASIONS, *SLIGHTS} - {SignalName.STOCK_PHRASE}
    readings = (turn.reading.signals for turn in scene.session.turns if turn.reading)
    return sum(any(signal.name in evasive for signal in signals) for signals in readings)


def _heated(scene: Scene) -> bool:
    return scene.emotion.anger >= 60


def _protest(scene: Scene) -> tuple[Move, ...]:
    match scene.mood:
        case Mood.DISTRESSED:
            return (Move.PANIC, Move.PRESS, Move.CHALLENGE) if scene.upset >= 85 else (Move.PRESS, Move.HESITATE)
        case Mood.CONFUSED:
            return _mixed(scene, Move.MISUNDERSTAND, Move.CHALLENGE, Move.REPEAT_REQUEST)
        case _:
            return (*_mixed(scene, Move.CHALLENGE, Move.PRESS), Move.VENT)


def to_overload(scene: Scene) -> Iterator[Plan]:
    """Too much at once, or words they do not know."""
    if scene.shows(SignalName.OVERLOADS, SignalName.USES_JARGON) and scene.mood in (Mood.DISTRESSED, Mood.CONFUSED):
        words_lost = quoting(scene.words(SignalName.USES_JARGON, SignalName.OVERLOADS))
        because = "the reply was too much at once" if scene.shows(SignalName.OVERLOADS) else "the reply used jargon"
        first = Move.MISUNDERSTAND if scene.mood is Mood.CONFUSED else Move.PANIC
        for move in (first, Move.HESITATE, Move.REPEAT_REQUEST):
            yield Plan(move=move, gist=f"I could not follow {words_lost}; what do I do first", because=because)


def to_step(scene: Scene) -> Iterator[Plan]:
    """One step at a time: a confused customer tries it and asks whether that is it."""
    if scene.shows(SignalName.ONE_STEP) and scene.mood is Mood.CONFUSED and not scene.asks:
        step = quoting(scene.words(SignalName.ONE_STEP))
        for move in _mixed(scene, Move.ASK, Move.HESITATE, Move.REPEAT_REQUEST):
            yield Plan(move=move, gist=f"{step}; is that right, and then what", because="the reply gave one step")


def to_calm(scene: Scene) -> Iterator[Plan]:
    """They soften when the upset has really fallen, and at no kind word before that."""
    if _has_really_eased(scene) and not scene.asks:
        because = f"upset has fallen by {scene.eased:.0f} from its highest"
        yield Plan(move=Move.SOFTEN, gist="this is the first time somebody has listened", because=because)


def _has_really_eased(scene: Scene) -> bool:
    calm_enough = scene.upset <= _SOFTENS_BELOW[scene.mood] and scene.eased >= 12
    return calm_enough and scene.fallen >= 2 and Move.SOFTEN not in scene.moves[-3:]


def to_confidence(scene: Scene) -> Iterator[Plan]:
    """What they would tell by now and were never asked about, after a reply that did no harm."""
    locked_once = [fact for fact in scene.untold if fact.unlock is not None]
    if locked_once and not scene.shows(*EVASIONS, *SLIGHTS):
        because = f"by now they would tell: {locked_once[0].id}"
        yield Plan(move=Move.REVEAL, gist=telling(scene, locked_once[0]), because=because)


def to_other_question(scene: Scene) -> Iterator[Plan]:
    """A check of what was heard is confirmed; a question no fact answers gets a short answer and the point again."""
    if scene.shows(SignalName.CHECKS_UNDERSTANDING) or (scene.asks and scene.shows(SignalName.REFLECTS_DETAIL)):
        heard = quoting(scene.words(SignalName.CHECKS_UNDERSTANDING, SignalName.REFLECTS_DETAIL))
        yield Plan(move=Move.ANSWER, gist=f"yes, that is right: {heard}", because="the reply checked what it had heard")
    elif scene.asks:
        because = "the reply asked something that no fact of the scenario answers"
        yield Plan(move=Move.ANSWER, gist=f"a short answer and no new facts; {wanting(scene)}", because=because)


def by_mood(scene: Scene) -> Iterator[Plan]:
    """Nothing to answer: what this mood does next by itself."""
    because = f"nothing in the reply to answer; {scene.mood.value} at upset {scene.upset:.0f}"
    for move in _mixed(scene, *_inclination(scene)):
        yield Plan(move=move, gist=_own_gist(move, scene), because=because)


def _inclination(scene: Scene) -> tuple[Move, ...]:
    upset = scene.upset
    if upset <= 25 and scene.emotion.trust >= 55:
        return (Move.THANK, Move.ACCEPT, Move.ASK)
    match scene.mood:
        case Mood.DISTRESSED:
            return (Move.PANIC, Move.PRESS, Move.HESITATE) if upset >= 75 else (Move.ASK, Move.HESITATE, Move.PRESS)
        case Mood.CONFUSED:
            return (Move.ASK, Move.MISUNDERSTAND, Move.HESITATE) if upset >= 60 else (Move.ASK, Move.HESITATE)
        case _:
            return (Move.PRESS, Move.CHALLENGE, Move.VENT) if upset >= 65 else (Move.PRESS, Move.ASK, Move.HESITATE)


def _own_gist(move: Move, scene: Scene) -> str:
    match move:
        case Move.VENT:
            return complaining(scene)
        case Move.PANIC:
            return beginning(scene)
        case Move.CHALLENGE | Move.MISUNDERSTAND:
            said = quoting(scene.words()) if words(scene.reply) else "what they say"
            return f"{said} does not tell me anything"
        case Move.ASK:
            return "what happens next, and when"
        case Move.HESITATE:
            return "I am not sure I can rely on that"
        case Move.THANK | Move.ACCEPT:
            return "that settles it for me"
        case _:
            return wanting(scene)


def _mixed(scene: Scene, *moves: Move) -> tuple[Move, ...]:
    """The moves in an order drawn from the seed, the one made last at the end."""
    drawn = list(moves)
    random.Random(scene.session.seed_for(scene.turn.number, "director")).shuffle(drawn)
    return tuple(sorted(drawn, key=lambda move: move in scene.moves[-1:]))


REACTIONS: tuple[Reaction, ...] = (
    to_machine_talk,
    to_insult,
    to_waiting,
    to_wrong_detail,
    to_broken_word,
    to_being_asked_again,
    to_overload,
    to_question,
    to_offer,
    to_evasion,
    to_calm,
    to_confidence,
    to_step,
    to_other_question,
    by_mood,
)
"""Most pressing first."""
