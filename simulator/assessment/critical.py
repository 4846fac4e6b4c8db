"""Critical errors: what is flagged on a session whatever the levels say. Only clear cases; a doubt is no flag.

Apart from the signals because a flag is about the contact as a whole and is never weighed against anything.
"""

from collections.abc import Iterator

from simulator.assessment.lexical import clause_end
from simulator.assessment.phrases import phrases
from simulator.assessment.prose import Found
from simulator.assessment.scene import Finds, Scene
from simulator.vocabulary import CriticalCode, CriticalError, Mood, SignalName

_HELPING = (
    SignalName.COMMITS_ACTION,
    SignalName.OFFERS_HELP,
    SignalName.GIVES_CALLBACK,
    SignalName.CHECKS_SAFETY,
    SignalName.ASKS_OPEN,
)


def critical_errors(scene: Scene, finds: Finds) -> tuple[CriticalError, ...]:
    """The critical errors of the reply, each code once, with the words that show it."""
    seen: dict[CriticalCode, Found] = {}
    for code, place in _suspects(scene, finds):
        seen.setdefault(code, place)
    return tuple(CriticalError(code=code, quote=_quote(scene, place)) for code, place in seen.items())


def _quote(scene: Scene, place: Found) -> str:
    return scene.reply.span(Found(place.first, clause_end(scene.reply, place.last))).quote


def _suspects(scene: Scene, finds: Finds) -> Iterator[tuple[CriticalCode, Found]]:
    reply = scene.reply
    yield from ((CriticalCode.INSULTS, place) for place in finds[SignalName.INSULTS])
    yield from ((CriticalCode.ABANDONS, place) for place in _abandoned(scene, finds))
    yield from ((CriticalCode.BREAKS_POLICY, place) for place in _broken_policy(scene))
    yield from ((CriticalCode.UNSAFE, place) for place in _harm(scene, finds))
    yield from ((CriticalCode.DISCLOSES_DATA, place) for place in phrases("discloses").find(reply))


def _abandoned(scene: Scene, finds: Finds) -> list[Found]:
    """The contact ended on an unhappy customer, with nothing done or offered in the reply."""
    if scene.exchange.mood is Mood.MILD or not scene.line.words or any(finds[name] for name in _HELPING):
        return []
    return finds[SignalName.ENDS_CONTACT]


def _broken_policy(scene: Scene) -> list[Found]:
    """Words that break a rule knowingly, or promise for certain what the policy says cannot be promised."""
    reply, policy = scene.reply, scene.policy
    broken = list(phrases("breaks_rule").find(reply))
    if phrases("uncertain").stands_in(policy):
        broken += phrases("guarantee").find(reply)
    if phrases("partial").stands_in(policy):
        broken += phrases("promises_all").find(reply)
    return sorted(broken)


def _harm(scene: Scene, finds: Finds) -> list[Found]:
    """Advice to carry on, wait or take more, or comfort, where the customer told of a danger and nobody is sent for."""
    if not scene.says("risk") or finds[SignalName.CHECKS_SAFETY] or phrases("refers_on").stands_in(scene.reply):
        return []
    harmful = phrases("harmful").find(scene.reply)
    return [place for place in harmful if not scene.reply.is_question(scene.reply.sentence_of(place.first))]
