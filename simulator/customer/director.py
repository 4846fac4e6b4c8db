"""Chooses what the customer does next, and why. Apart from the words: a choice is a pure function of session, material
and seed, so that it can be explained, rehearsed without a model, and made again on resume."""

from collections.abc import Iterator

from simulator.content.material import Material
from simulator.content.schema import ScenarioEvent
from simulator.customer.conditions import Standing, holds
from simulator.customer.gist import beginning, quoting, wanting
from simulator.customer.plan import Plan
from simulator.customer.reactions import REACTIONS
from simulator.customer.scene import Scene
from simulator.events import TraineeSpoke, TraineeTransferred
from simulator.session import Session
from simulator.vocabulary import Ending, Mood, Move, SignalName, Talk, Value

_IN_A_ROW = 2
_AS_OFTEN_AS_ASKED = (Move.ANSWER,)
_OBLIGING = 3
"""Turns for which a customer who could be content goes on doing what they are told."""
_MOST_LATE = 2
"""Turns that an event waits at most for a reply that wants no answer of its own."""


class Choice(Value):
    """What the customer does next."""

    move: Move
    also: Move | None = None
    """A second move in the same breath, made first: a short answer to a question beside what the first is about."""
    gist: str
    """The plan behind the words, in the first person, from open facts only."""
    because: str
    """The reason, for `why` and the debrief."""
    unlocked: tuple[str, ...] = ()
    """Facts that came unlocked in this turn."""
    fired: tuple[str, ...] = ()
    """Scenario events that happen now."""
    ending: Ending | None = None
    """Set when the line that follows is the last."""


def choose(session: Session, material: Material) -> Choice:
    """The customer's next move, once this turn has moved the emotion; the opening move if nobody has spoken yet."""
    scene = Scene(session, material)
    if not session.turns:
        return _opening(scene)
    choice = _settlement(scene) or _transfer(scene) or _cut_off(scene) or _departure(scene) or _answer(scene)
    return choice.model_copy(update={"unlocked": scene.unlocked})


def _opening(scene: Scene) -> Choice:
    match scene.mood:
        case Mood.DISTRESSED:
            move = Move.PANIC if scene.upset >= 70 else Move.HESITATE
        case Mood.CONFUSED:
            move = Move.ASK
        case _:
            move = Move.VENT
    return Choice(move=move, gist=beginning(scene), because=f"opens the contact {scene.mood.value}")


def _settlement(scene: Scene) -> Choice | None:
    """The ends a customer is content with, when nothing is asked. Half a loaf is taken only when no more is coming."""
    if _ends(scene, Ending.RESOLVED) and not _answers_first(scene, Ending.RESOLVED):
        thanks = scene.emotion.trust >= 60 or _worn(scene, Move.ACCEPT)
        move = Move.THANK if thanks else Move.ACCEPT
        because = "everything that settles it is there"
        return Choice(move=move, gist=f"settled: {_offered(scene)}", because=because, ending=Ending.RESOLVED)
    partly = _ends(scene, Ending.SETTLED_PARTLY) and _no_more_is_coming(scene)
    if partly and not _answers_first(scene, Ending.SETTLED_PARTLY):
        because = "part of it is settled, and no more is coming"
        gist = f"I take {_offered(scene)}, for now"
        move = _fresh(scene, Move.ACCEPT, Move.THANK)
        return Choice(move=move, gist=gist, because=because, ending=Ending.SETTLED_PARTLY)
    return None


def _ends(scene: Scene, ending: Ending) -> bool:
    condition = scene.material.scenario.endings.get(ending)
    return condition is not None and holds(condition, scene.standing)


def _answers_first(scene: Scene, ending: Ending) -> bool:
    """Whether the reply is answered before the customer is content: a question or a choice always, what they are told
    to do some times, and as often as need be before they settle for a part.

    A courtesy ("Is there anything else?") asks nothing.
    """
    asks = bool(scene.asked_facts) or scene.ends_in_question or scene.ends_in_state or scene.does(Talk.ASKS_WHICH)
    patient = ending is Ending.SETTLED_PARTLY or not _ended_before(scene, ending, turns=_OBLIGING)
    return not _out_of_turns(scene) and (asks or (scene.does(Talk.INSTRUCTS) and patient))


def _ended_before(scene: Scene, ending: Ending, turns: int = 1) -> bool:
    """Whether it could have ended so this many turns ago."""
    before = scene.session.model_copy(update={"turns": scene.session.turns[: max(1, scene.turn.number - turns + 1)]})
    return holds(scene.material.scenario.endings[ending], Standing.of(before, scene.material))


def _no_more_is_coming(scene: Scene) -> bool:
    """The trainee is closing, the contact is out of turns, or this was all there was a turn ago already."""
    closing = scene.shows(SignalName.ENDS_CONTACT) or _out_of_turns(scene)
    return closing or _ended_before(scene, Ending.SETTLED_PARTLY)


def _out_of_turns(scene: Scene) -> bool:
    return scene.turn.number >= scene.material.scenario.turn_limit


def _offered(scene: Scene) -> str:
    made = scene.session.promises
    return quoting(made[-1][1].quote) if made else "what they have done"


def _event(scene: Scene) -> ScenarioEvent | None:
    """An event of the scenario, once. Of several that are due the first happens; the others follow in later turns."""
    due = (event for event in scene.material.scenario.events if event.id not in scene.session.fired)
    event = next((event for event in due if holds(event.when, scene.standing)), None)
    return None if event is None or _waits(scene, event) else event


def _waits(scene: Scene, event: ScenarioEvent) -> bool:
    """Whether the event lets the customer answer first: no question, promise or word to the point is talked past."""
    if not isinstance(scene.turn.act, TraineeSpoke) or _is_late(scene, event, _MOST_LATE):
        return False
    return scene.deserves_an_answer or _just_happened(scene) or scene.has_words_for(_reaction(scene).move)


def _is_late(scene: Scene, event: ScenarioEvent, turns: int) -> bool:
    """Whether the event has been due for so many turns already."""
    before = [_standing_after(scene, number) for number in range(scene.turn.number - turns, scene.turn.number)]
    return all(holds(event.when, standing) for standing in before)


def _just_happened(scene: Scene) -> bool:
    """Whether something happened a turn ago, and the trainee is speaking to that."""
    return any(turn.choice is not None and turn.choice.fired for turn in scene.earlier[-1:])


def _standing_after(scene: Scene, number: int) -> Standing:
    turns = scene.session.turns[: max(0, number) + 1]
    return Standing.of(scene.session.model_copy(update={"turns": turns}), scene.material)


def _cut_off(scene: Scene) -> Choice | None:
    """An event that breaks the contact off leaves no time for an answer."""
    event = _event(scene)
    if event is None or event.does != "drop":
        return None
    return _happening(scene, event).model_copy(update={"ending": Ending.DROPPED})


def _happening(scene: Scene, event: ScenarioEvent) -> Choice:
    """An event and nothing else: its own words are all that is said, and so they are the whole gist."""
    wanted = {Mood.DISTRESSED: Move.PANIC, Mood.CONFUSED: Move.ASK}.get(scene.mood, Move.VENT)
    return Choice(
        move=_fresh(scene, wanted, Move.PRESS),
        gist=scene.material.fill(event.say),
        because=f"the event {event.id} happened",
        fired=(event.id,),
    )


def _transfer(scene: Scene) -> Choice | None:
    """Being handed on ends the contact here, whatever else is due."""
    return _handed_on(scene) if isinstance(scene.turn.act, TraineeTransferred) else None


def _departure(scene: Scene) -> Choice | None:
    """The ends a customer is not content with: handed on, out of patience (after a warning), out of turns.

    Nobody hangs up on a reply that calmed them.
    """
    if _ends(scene, Ending.ESCALATED):
        return _handed_on(scene)
    if _ends(scene, Ending.HUNG_UP) and scene.fallen <= 0:
        if scene.warned:
            gist = "I have had enough of this and am going"
            because = f"warned before, and upset stands at {scene.upset:.0f}"
            return Choice(move=Move.LEAVE, gist=gist, because=because, ending=Ending.HUNG_UP)
        return Choice(move=Move.THREATEN, gist=_last_warning(scene), because="a last warning before they would leave")
    if _out_of_turns(scene):
        because = f"the contact is at its limit of {scene.material.scenario.turn_limit} replies"
        return Choice(move=Move.LEAVE, gist="I have to go now", because=because, ending=Ending.LIMIT)
    return None


def _handed_on(scene: Scene) -> Choice:
    to = scene.turn.act.to if isinstance(scene.turn.act, TraineeTransferred) else "somebody else"
    content = Move.DEMAND_SUPERVISOR in scene.moves or scene.upset < 50
    because = f"the trainee handed them on to {to}"
    if content and not _worn(scene, Move.ACCEPT):
        gist = f"all right, {to}, but without telling it all again"
        return Choice(move=Move.ACCEPT, gist=gist, because=because, ending=Ending.ESCALATED)
    move = _fresh(scene, Move.PANIC if scene.mood is Mood.DISTRESSED else Move.CHALLENGE, Move.PRESS)
    return Choice(move=move, gist=f"passed on again, to {to} now", because=because, ending=Ending.ESCALATED)


def _last_warning(scene: Scene) -> str:
    return f"if this goes on I am gone; {wanting(scene)}"


def _answer(scene: Scene) -> Choice:
    """The answer to the reply, or what happens just then; both, where a question has kept a late event waiting."""
    choice, event = _reaction(scene), _event(scene)
    if event is None:
        return choice
    very_late = _is_late(scene, event, 2 * _MOST_LATE)
    if not scene.deserves_an_answer or (very_late and not scene.asks):
        return _happening(scene, event)
    if not very_late and not (choice.move is Move.ANSWER and _is_to_the_point(scene)):
        return choice
    gist = f"{choice.gist}; {scene.material.fill(event.say)}"
    because = f"{choice.because}; then the event {event.id} happened"
    return choice.model_copy(update={"gist": gist, "because": because, "fired": (event.id,)})


def _is_to_the_point(scene: Scene) -> bool:
    """Whether the question has an answer of its own: a fact that was asked for, or a line about its words."""
    return bool(scene.asked_facts) or scene.answers_with(Move.ANSWER) > 0


def _reaction(scene: Scene) -> Choice:
    """The first plan whose move has not been made twice in a row already; questions are answered as they come."""
    plan = next(plan for plan in _plans(scene) if plan.move in _AS_OFTEN_AS_ASKED or not _worn(scene, plan.move))
    return Choice(**dict(plan))


def _plans(scene: Scene) -> Iterator[Plan]:
    for reaction in REACTIONS:
        yield from reaction(scene)


def _fresh(scene: Scene, wanted: Move, instead: Move) -> Move:
    return instead if _worn(scene, wanted) else wanted


def _worn(scene: Scene, move: Move) -> bool:
    """Whether the move was made twice in a row just now."""
    return scene.moves[-_IN_A_ROW:] == (move,) * _IN_A_ROW
