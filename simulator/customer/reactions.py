"""What a customer does about a reply, most pressing first. Apart from the director, which decides on endings and events
and takes the first of these plans that is not worn out."""

import re
from collections.abc import Iterator

from simulator.customer.asking import last_question
from simulator.customer.courtesies import (
    to_choice,
    to_good_intentions,
    to_greeting,
    to_holding_forth,
    to_instruction,
    to_leave_taking,
    to_looking,
    to_next_to_nothing,
    to_passing_on,
    to_proposal,
    to_request_for_story,
    to_request_to_wait,
    to_straying,
    to_tall_promise,
    to_thanks,
    to_wandering,
    to_wish,
)
from simulator.customer.emotion import strongest
from simulator.customer.facts import CONFIRMING
from simulator.customer.gist import THAT_IS_ALL, beginning, complaining, quoting, telling, wanting
from simulator.customer.hearing import plain, sentences, words
from simulator.customer.offers import DESPERATE, to_calm, to_deed, to_offer, to_offer_and_question
from simulator.customer.plan import Plan, Reaction, mixed, plans
from simulator.customer.scene import CARING, EVASIONS, SLIGHTS, Scene
from simulator.customer.unforeseen import NO_FACT_FORESEES_IT
from simulator.customer.waits import GRACE, promised_wait
from simulator.events import TraineeHeld, TraineeSilent
from simulator.vocabulary import Mood, Move, SignalName, Talk

_IF_TO_THE_POINT = {
    Mood.IRATE: (Move.CHALLENGE, Move.VENT, Move.CORRECT),
    Mood.DISTRESSED: (Move.CHALLENGE, Move.VENT, Move.PANIC, Move.CORRECT),
    Mood.CONFUSED: (Move.CHALLENGE, Move.VENT, Move.PRESS, Move.CORRECT, Move.MISUNDERSTAND),
    Mood.MILD: (Move.CHALLENGE, Move.VENT, Move.CORRECT),
}
"""What a plain statement may also be met with, if there is a line about just that."""
_CHECKS = re.compile(
    r"\b(?:(?<!all )right|correct|yes|isn't it|didn't (?:you|he|she|they|it)|have i got that)\?\W*$"
    r"|\b(?:do you follow|(?:are you )?with me so far|are you with me|does that (?:sort|cover|help|answer))\b.*\?"
    r"|\b(?:clear|make sense)(?: so far| to you)?\?\W*$"
    r"|\b(?:tell|say|read|repeat|give) (?:it |that |this |me |them )*back\b"
)
_ASKS_WHETHER = re.compile(
    r"\W*(?:and |so |then )*(?:is|are|was|were|has|have|does|do) (?!(?:that|this|it|i|we|you)\b)"
)
_ASKS_FOR_MORE = re.compile(
    r"\b(?:missed|forgotten|left (?:any|some)thing out)\b|\bin your own words,? what (?:did|do|was|were|happened)\b"
)
"""Wants to hear what else there is, so that a yes would say nothing."""
_ASKS_WHICH = re.compile(r"\W*(?:and |so |then )*(?:which|where|when|who|how (?:many|much|long|often|old|far|soon))\b")


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
    promised = next((found for turn in reversed(scene.earlier) if (found := promised_wait(turn.reply or ""))), None)
    if promised and seconds > promised * GRACE:
        gist = f"they said {_length(promised)}, and it was {_length(seconds)}"
        yield Plan(move=Move.HOLD_TO_PROMISE, gist=gist, because="the hold was longer than promised")


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
    """An earlier promise that is refused now, or words that the trainee takes back."""
    if scene.taken_back:
        turn, made = scene.taken_back
        gist = f"they promised {quoting(made.quote)} and now take it back"
        yield Plan(move=Move.HOLD_TO_PROMISE, gist=gist, because=f"the promise of turn {turn} was taken back")
    elif scene.shows(SignalName.GOES_BACK) and scene.committed:
        gist = f"they said {quoting(scene.committed)} and now take it back"
        yield Plan(move=Move.HOLD_TO_PROMISE, gist=gist, because="the trainee went back on their word")


def to_avoidance(scene: Scene) -> Iterator[Plan]:
    """An undertaking followed by evasion; not where the reply goes on to ask."""
    acts = scene.shows(SignalName.COMMITS_ACTION, SignalName.ACCEPTS_RESPONSIBILITY)
    if scene.committed and scene.shows(*EVASIONS[:4]) and scene.sends_away and not acts and not scene.ends_in_what:
        gist = f"they said {quoting(scene.committed)}; I hold them to that"
        yield Plan(move=Move.HOLD_TO_PROMISE, gist=gist, because="what was undertaken earlier is being avoided")


def to_being_asked_again(scene: Scene) -> Iterator[Plan]:
    """They have told this before. Asked again with care, or for what was not told, they do not mind."""
    news = any(not scene.has_told(fact) for fact in scene.asked_facts)
    again = scene.shows(SignalName.ASKS_AGAIN) and scene.has_been_asked and not scene.expects_question
    if again and not scene.shows(*CARING) and not news:
        signal = strongest(scene.turn, SignalName.ASKS_AGAIN)
        topic = f" ({signal.about})" if signal and signal.about else ""
        told = telling(scene, *scene.asked_facts[:1])
        gist = f"I have said that already{topic}{': ' + told if told else ''}"
        order = (Move.CHALLENGE, Move.REPEAT_REQUEST) if _heated(scene) else (Move.REPEAT_REQUEST, Move.CHALLENGE)
        for move in order:
            yield Plan(move=move, gist=gist, because="they were asked for what they had already said")


def to_check(scene: Scene) -> Iterator[Plan]:
    """A check of what was heard is confirmed; "Which zones does it cover?" checks nothing."""
    shown = scene.shows(SignalName.CHECKS_UNDERSTANDING)
    heard = plain(scene.words(SignalName.CHECKS_UNDERSTANDING) if shown else "")
    asks_which = any(_ASKS_WHICH.match(plain(one)) and heard in plain(one) for one in sentences(scene.reply))
    if _goes_on_to_ask(scene):
        return
    if _ASKS_FOR_MORE.search(heard):
        return
    if (shown and not asks_which) or any(_checks(plain(one)) for one in sentences(scene.reply)):
        heard = quoting(scene.words(SignalName.REFLECTS_DETAIL, SignalName.CHECKS_UNDERSTANDING))
        because = "the reply checked what it had heard"
        yield Plan(move=Move.ANSWER, gist=f"{CONFIRMING}: {heard}", because=because)


def _goes_on_to_ask(scene: Scene) -> bool:
    """Whether a question that they have an answer to follows what is checked: "Four seats, right? And the number?"."""
    last = last_question(scene.reply)
    if not last or _checks(plain(last)) or plain(scene.words(SignalName.CHECKS_UNDERSTANDING)) in plain(last):
        return False
    return bool(scene.asked_facts) or scene.expects_question


def _checks(sentence: str) -> bool:
    """ "Four at 398, right?" checks; "Is the name on it still right?" asks."""
    return bool(_CHECKS.search(sentence)) and not (_ASKS_WHETHER.match(sentence) or _ASKS_FOR_MORE.search(sentence))


def to_question(scene: Scene) -> Iterator[Plan]:
    """A question about something they know is answered with it."""
    if fresh := scene.opened:
        asked = (*fresh, *(fact for fact in scene.asked_facts if fact not in fresh))[:2]
        because = f"the question opened up: {', '.join(fact.id for fact in fresh)}"
        yield from plans((Move.REVEAL, Move.ANSWER), telling(scene, *asked), because)
    elif scene.asked_facts:
        facts = sorted(scene.asked_facts, key=lambda fact: fact not in scene.untold)[:2]
        named = ", ".join(fact.id for fact in facts)
        yield Plan(move=Move.ANSWER, gist=telling(scene, *facts), because=f"the reply asked about: {named}")


def to_foreseen_question(scene: Scene) -> Iterator[Plan]:
    """A question no fact answers, but for which there is an answer."""
    if scene.expects_question:
        because = "the reply asked something that there is an answer for"
        yield Plan(move=Move.ANSWER, gist=f"{THAT_IS_ALL}; {wanting(scene)}", because=because)


def to_evasion(scene: Scene) -> Iterator[Plan]:
    """Policy, blame, refusals and phrases: the longer it goes on, the harder the answer."""
    found = [name for name in (*EVASIONS, *SLIGHTS, SignalName.TELLS) if scene.shows(name)]
    refuses = scene.does(Talk.REFUSES, Talk.DOES_NOT_KNOW)
    if not (found or refuses) or (found == [SignalName.TELLS] and scene.mood is not Mood.IRATE):
        return
    shown = found[0].value.replace("_", " ") if found else "a refusal"
    thrown_back = quoting(scene.words(*found))
    because = f"the reply showed: {shown}; evasive turns so far: {_count_evasive(scene)}"
    if not found or found[0] not in (SignalName.STOCK_PHRASE, SignalName.TELLS):
        yield from _escalation(scene, thrown_back, because)
    yield from plans(_protest(scene), f"{thrown_back} will not do; {wanting(scene)}", because)


def _escalation(scene: Scene, thrown_back: str, because: str) -> Iterator[Plan]:
    """First a warning, then somebody else."""
    if not _heated(scene) or scene.upset < DESPERATE or _count_evasive(scene) < 2:
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
    moves: tuple[Move, ...]
    match scene.mood:
        case Mood.DISTRESSED:
            desperate = (Move.PANIC, Move.PRESS, Move.CHALLENGE, Move.VENT)
            moves = desperate if scene.upset >= DESPERATE else (*desperate[1:], Move.HESITATE)
        case Mood.CONFUSED:
            moves = (Move.CHALLENGE, Move.PRESS, Move.REPEAT_REQUEST, Move.VENT)
        case _:
            moves = (Move.CHALLENGE, Move.PRESS, Move.VENT)
    return mixed(scene, *moves, also=(Move.CORRECT,))


def to_overload(scene: Scene) -> Iterator[Plan]:
    """Too much at once, or words they do not know."""
    if scene.shows(SignalName.OVERLOADS, SignalName.USES_JARGON) and scene.mood in (Mood.DISTRESSED, Mood.CONFUSED):
        words_lost = quoting(scene.words(SignalName.USES_JARGON, SignalName.OVERLOADS))
        because = "the reply was too much at once" if scene.shows(SignalName.OVERLOADS) else "the reply used jargon"
        first = Move.MISUNDERSTAND if scene.mood is Mood.CONFUSED else Move.PANIC
        order = mixed(scene, first, Move.REPEAT_REQUEST)
        yield from plans((*order, Move.HESITATE), f"I could not follow {words_lost}; what do I do first", because)


def to_step(scene: Scene) -> Iterator[Plan]:
    """One step at a time: a confused customer tries it and asks whether that is it."""
    if scene.shows(SignalName.ONE_STEP) and scene.mood is Mood.CONFUSED and not scene.asks:
        step = quoting(scene.words(SignalName.ONE_STEP))
        order = mixed(scene, Move.ACCEPT, Move.ASK, Move.HESITATE)
        yield from plans(order, f"{step}; is that right, and then what", "the reply gave one step")


def to_confidence(scene: Scene) -> Iterator[Plan]:
    """What they would tell by now and were never asked about, after a reply that makes it easy to tell.

    Asked something else, they answer that first, for a while.
    """
    kept = [fact for fact in scene.untold if fact.unlock is not None]
    warm = (*CARING, SignalName.CHECKS_SAFETY)
    welcome = any(scene.shows(name) for name in warm if name is not SignalName.REFLECTS_DETAIL) or scene.does(
        Talk.THANKS
    )
    since = next(
        (turn.number for turn in scene.earlier if turn.choice and kept and kept[0].id in turn.choice.unlocked), None
    )
    answers_first = scene.ends_in_what and (since is None or scene.turn.number - since < _KEPT_BACK)
    if kept and welcome and not answers_first and Move.REVEAL not in scene.moves[-1:]:
        because = f"by now they would tell: {kept[0].id}"
        yield Plan(move=Move.REVEAL, gist=telling(scene, kept[0]), because=because)


def to_other_question(scene: Scene) -> Iterator[Plan]:
    """A question no fact foresees gets a short answer, and the point again; the actor may find a fact after all."""
    if scene.asks:
        gist = f"{THAT_IS_ALL}; {wanting(scene)}"
        yield from plans((Move.ANSWER, Move.REPEAT_REQUEST, Move.PRESS), gist, NO_FACT_FORESEES_IT)


def to_caring(scene: Scene) -> Iterator[Plan]:
    """Kind and understanding, and nothing done yet: taken as the mood takes it, and not yet as peace."""
    if not scene.shows(*CARING):
        return
    because = f"the reply took them seriously and did nothing yet, at upset {scene.upset:.0f}"
    match scene.mood:
        case Mood.DISTRESSED:
            order = mixed(scene, Move.HESITATE, Move.ASK, also=(Move.VENT,))
        case Mood.CONFUSED:
            order = mixed(scene, Move.ASK, Move.HESITATE, also=(Move.VENT,))
        case _:
            order = mixed(scene, Move.VENT, Move.PRESS, Move.HESITATE)
    gists = {Move.VENT: complaining(scene), Move.HESITATE: "I would like to believe that"}
    for move in order:
        yield Plan(move=move, gist=gists.get(move, f"and what happens now; {wanting(scene)}"), because=because)


def to_statement(scene: Scene) -> Iterator[Plan]:
    """A plain statement, or nothing to answer: what this mood does with it."""
    because = f"the reply stated something; {scene.mood.value} at upset {scene.upset:.0f}"
    for move in mixed(scene, *_inclination(scene), also=_IF_TO_THE_POINT[scene.mood]):
        yield Plan(move=move, gist=_own_gist(move, scene), because=because)


def _inclination(scene: Scene) -> tuple[Move, ...]:
    upset = scene.upset
    if upset <= 25 and scene.emotion.trust >= 55:
        return (Move.THANK, Move.ACCEPT, Move.ASK)
    match scene.mood:
        case Mood.DISTRESSED:
            settled = (Move.ASK, Move.HESITATE, Move.PRESS)
            return (Move.PANIC, *settled) if upset >= DESPERATE else settled
        case Mood.CONFUSED:
            return (Move.ASK, Move.REPEAT_REQUEST, Move.HESITATE, Move.CHALLENGE)
        case _:
            settled = (Move.PRESS, Move.ASK, Move.HESITATE)
            return (Move.PRESS, Move.CHALLENGE, Move.VENT, Move.ASK) if upset >= 65 else settled


def _own_gist(move: Move, scene: Scene) -> str:
    match move:
        case Move.VENT:
            return complaining(scene)
        case Move.PANIC:
            return beginning(scene)
        case Move.CHALLENGE | Move.REPEAT_REQUEST:
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


_KEPT_BACK = 2
"""Turns for which what they would tell waits for questions."""

REACTIONS: tuple[Reaction, ...] = (
    to_machine_talk,
    to_insult,
    to_waiting,
    to_tall_promise,
    to_wrong_detail,
    to_broken_word,
    to_holding_forth,
    to_straying,
    to_leave_taking,
    to_passing_on,
    to_request_to_wait,
    to_request_for_story,
    to_greeting,
    to_avoidance,
    to_overload,
    to_wish,
    to_check,
    to_choice,
    to_proposal,
    to_being_asked_again,
    to_question,
    to_foreseen_question,
    to_instruction,
    to_deed,
    to_offer_and_question,
    to_offer,
    to_evasion,
    to_calm,
    to_confidence,
    to_step,
    to_other_question,
    to_caring,
    to_looking,
    to_good_intentions,
    to_thanks,
    to_next_to_nothing,
    to_wandering,
    to_statement,
)
"""Most pressing first."""
