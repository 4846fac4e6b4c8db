"""What a customer does about what was offered, what is done, and a calm that has really come.

Apart from the other reactions, because these alone depend on how far somebody has come down.
"""

from collections.abc import Iterator

from simulator.customer.deeds import done_in
from simulator.customer.gist import quoting, wanting
from simulator.customer.plan import Plan, mixed, plans
from simulator.customer.scene import EVASIONS, Scene
from simulator.customer.unforeseen import UNFORESEEN
from simulator.vocabulary import Mood, Move, SignalName

DESPERATE = 80
"""Upset from which nothing is weighed any more."""
_SOFTENS_BELOW = {Mood.IRATE: 55, Mood.DISTRESSED: 65, Mood.CONFUSED: 45, Mood.MILD: 50}
_ACCEPTS_BELOW = {Mood.IRATE: 48, Mood.DISTRESSED: 62, Mood.CONFUSED: 42, Mood.MILD: 50}


def to_offer(scene: Scene) -> Iterator[Plan]:
    """What was actually offered is taken, doubted or turned down, as they feel by now."""
    if not scene.acts or (scene.shows(*EVASIONS) and not scene.promises):
        return
    offer = quoting(scene.promises[0].quote if scene.promises else scene.words(SignalName.COMMITS_ACTION))
    because = f"the reply offered {offer} at upset {scene.upset:.0f}, trust {scene.emotion.trust:.0f}"
    glad = [Move.SOFTEN] if _has_really_eased(scene) else []
    glad += [Move.ACCEPT] if scene.upset <= _ACCEPTS_BELOW[scene.mood] else []
    yield from plans(mixed(scene, *glad), f"yes to {offer}", because)
    if scene.upset >= DESPERATE and scene.emotion.trust < 15 and not scene.met:
        yield Plan(move=Move.DECLINE, gist=f"{offer} is not what I asked for; {wanting(scene)}", because=because)
    pressing = Move.PRESS if scene.mood is Mood.IRATE else Move.HESITATE
    order = mixed(scene, Move.HOLD_TO_PROMISE, pressing, Move.ASK, Move.HESITATE)
    yield from plans(tuple(dict.fromkeys(order)), f"{offer}; by when, and who does it", because)


def to_offer_and_question(scene: Scene) -> Iterator[Plan]:
    """An offer and a question that nothing foresees: what the offer gets, after a short answer where it takes a yes or
    a no; the actor may find a fact after all.
    """
    if not (scene.ends_in_whether or scene.ends_in_what):
        return
    also = Move.ANSWER if scene.ends_in_whether else None
    for plan in to_offer(scene):
        yield plan.model_copy(update={"also": also, "because": f"{plan.because}, and {UNFORESEEN}"})


def to_deed(scene: Scene) -> Iterator[Plan]:
    """What is done already is taken, or they want to see it; nobody is asked to do it, or by when."""
    done = done_in(scene.reply)
    if not done or scene.asks or (scene.shows(*EVASIONS) and not scene.promises):
        return
    deed, because = quoting(done), f"the reply said that it is done, at upset {scene.upset:.0f}"
    glad = [Move.SOFTEN] if _has_really_eased(scene) else []
    glad += [Move.ACCEPT] if scene.upset <= _ACCEPTS_BELOW[scene.mood] else []
    yield from plans(mixed(scene, *glad), f"good, {deed}", because)
    doubting = (Move.HOLD_TO_PROMISE, Move.HESITATE) if scene.acts else (Move.HESITATE,)
    yield from plans(mixed(scene, *doubting, Move.ASK), f"{deed}; where do I see that", because)


def to_calm(scene: Scene) -> Iterator[Plan]:
    """They soften when the upset has really fallen, and at no kind word before that."""
    if _has_really_eased(scene) and not scene.asks:
        because = f"upset has fallen by {scene.eased:.0f} from its highest"
        yield Plan(move=Move.SOFTEN, gist="this is the first time somebody has listened", because=because)


def _has_really_eased(scene: Scene) -> bool:
    calm_enough = scene.upset <= _SOFTENS_BELOW[scene.mood] and scene.eased >= 12
    return calm_enough and scene.fallen >= 2 and Move.SOFTEN not in scene.moves[-3:]
