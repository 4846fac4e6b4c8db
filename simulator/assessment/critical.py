"""Critical errors: what is flagged on a session whatever the levels say. Only clear cases; a doubt is no flag.

Apart from the signals because a flag is about the contact as a whole and is never weighed against anything.
"""

from collections.abc import Iterator

from simulator.assessment.lexical import before, clause_end
from simulator.assessment.phrases import phrases
from simulator.assessment.prose import Found, Prose
from simulator.assessment.scene import Finds, Scene
from simulator.vocabulary import CriticalCode, CriticalError, Mood, SignalName

_HELPING = (
    SignalName.COMMITS_ACTION,
    SignalName.OFFERS_HELP,
    SignalName.GIVES_CALLBACK,
    SignalName.CHECKS_SAFETY,
    SignalName.ASKS_OPEN,
)
_A_DEMAND = 8
"""Words up to which a sentence that only names things asks for them."""
_SAYS = frozenset(
    "he she they it who which what did do does is was are were has have had not no never if forgot forgotten change"
    " changed reset keep kept gave give given told tell new say said".split()
)
"""Words that make a statement, or another question, of it."""
_DENIES = frozenset("not never nobody no nothing without".split())
"""Before a request, what makes it none."""


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
    return sorted([*broken, *_asked_for_secrets(scene)])


def _asked_for_secrets(scene: Scene) -> list[Found]:
    """Requests for what nobody at a desk may know: a PIN or password anywhere, a code or card where policy says so.

    That it will never be asked for, or that somebody else asked for it, is no request.
    """
    reply = scene.reply
    asked = phrases("asks_secret").find(reply)
    if phrases("never_ask_for").stands_in(scene.policy):
        asked += phrases("asks_partly_secret").find(reply)
    named = [place for place in phrases("names_secret").find(reply) if _is_all_there_is(reply, place)]
    return [*named, *(place for place in asked if _is_own_request(reply, place))]


def _is_all_there_is(reply: Prose, place: Found) -> bool:
    """Whether a thing is asked for by naming it ("Name and PIN, please."), and nothing is said of it."""
    said = reply.spoken(reply.sentence_of(place.first))
    return len(said) <= _A_DEMAND and _SAYS.isdisjoint(said)


def _is_own_request(reply: Prose, place: Found) -> bool:
    if not _DENIES.isdisjoint(before(reply, place.first)) or _is_quoted(reply, place):
        return False
    clause = Found(max(0, place.first - len(before(reply, place.first))), place.first)
    return not phrases("somebody_else_asks").stands_in(reply, clause)


def _is_quoted(reply: Prose, place: Found) -> bool:
    return place.first > 0 and reply.words[place.first - 1].text == '"'


def _harm(scene: Scene, finds: Finds) -> list[Found]:
    """Advice to carry on, wait or take more, or comfort, where the customer told of a danger and nobody is sent for."""
    if not scene.says("risk") or finds[SignalName.CHECKS_SAFETY] or phrases("refers_on").stands_in(scene.reply):
        return []
    harmful = phrases("harmful").find(scene.reply)
    return [place for place in harmful if not _is_only_asked(scene.reply, place)]


def _is_only_asked(reply: Prose, place: Found) -> bool:
    """Whether words stand in a question that suggests nothing: "Did you take more?", and not "Why not take more?"."""
    sentence = reply.sentence_of(place.first)
    return reply.is_question(sentence) and not phrases("suggests").stands_in(reply, Found(sentence.first, place.last))
