"""What a customer does about how a reply talks: a greeting, a request to wait, a proposal, a goodbye, next to nothing.

Apart from the reactions to what a reply is worth: these answer the conversation, so that no reply is talked past.
"""

from collections.abc import Iterator

from simulator.customer.doubts import doubted
from simulator.customer.gist import beginning, quoting, telling, wanting
from simulator.customer.plan import Plan, by_mood, mixed, plans
from simulator.customer.scene import CARING, EVASIONS, Scene
from simulator.vocabulary import Move, SignalName, Talk

_CALM_ENOUGH_TO_WAIT = 55
_CALM_ENOUGH_TO_ACCEPT = 75
_GLAD_TO_ACCEPT = 45
_TRUSTS_ENOUGH_TO_WAIT = 45
_FIRST_TURNS = 3
_DOING = (Move.ACCEPT, Move.ASK, Move.HESITATE)
_TURNS_TO_THEM = (SignalName.ACCEPTS_RESPONSIBILITY, SignalName.SINCERE_APOLOGY)


def to_greeting(scene: Scene) -> Iterator[Plan]:
    """Somebody answers the phone and says nothing else: the customer says their piece."""
    if not scene.does(Talk.GREETS) or scene.turn.number > _FIRST_TURNS:
        return
    if scene.asked_facts or scene.promises or scene.shows(SignalName.COMMITS_ACTION, *CARING, *EVASIONS):
        return
    if scene.asks_beside_greeting:
        return
    yield from by_mood(
        scene,
        gist=f"{beginning(scene)}; {wanting(scene)}",
        because="the reply only greeted them",
        irate=(Move.VENT, Move.PRESS, Move.CHALLENGE),
        distressed=(Move.PRESS, Move.PANIC, Move.ASK),
        confused=(Move.ASK, Move.PRESS, Move.VENT),
    )


def to_request_for_story(scene: Scene) -> Iterator[Plan]:
    """Asked what happened, they say it: what they would tell anybody first, or go on from there."""
    if scene.does(Talk.ASKS_STORY) and not scene.asked_facts:
        gist, because = telling(scene, *scene.story[:2]), "the reply asked what happened"
        yield from plans((Move.ANSWER, Move.VENT), gist, because)


def to_tall_promise(scene: Scene) -> Iterator[Plan]:
    """What nobody here may promise, or can, comforts nobody: they ask whether it can be true."""
    if scene.does(Talk.PROMISES_TOO_MUCH):
        promise = quoting(doubted(scene.turn, scene.material)[0])
        because = f"the reply promised what is forbidden or too good to be true: {promise}"
        yield from by_mood(
            scene,
            gist=f"{promise}; are you allowed to do that, is it really true",
            because=because,
            irate=(Move.CHALLENGE, Move.HESITATE, Move.ASK),
            distressed=(Move.ASK, Move.HESITATE, Move.CHALLENGE),
            confused=(Move.ASK, Move.HESITATE, Move.CHALLENGE),
        )


def to_holding_forth(scene: Scene) -> Iterator[Plan]:
    """A speech, or the trainee's own story: that is not why they are in touch."""
    if not scene.does(Talk.HOLDS_FORTH) or scene.acts or scene.shows(*_TURNS_TO_THEM):
        return
    yield from _turned_back(scene, "this is not about you, it is about me", "was a speech, and not about them")


def to_straying(scene: Scene) -> Iterator[Plan]:
    """A story of the trainee's own, or a lecture, and nothing to answer besides: they did not get in touch for that."""
    strays = [talk for talk in (Talk.OWN_STORY, Talk.LECTURES) if scene.does(talk)]
    besides = scene.asks or scene.acts or scene.does(Talk.PROPOSES, Talk.INSTRUCTS, Talk.GETS_ON)
    if not strays or besides or scene.shows(*_TURNS_TO_THEM):
        return
    if strays[0] is Talk.OWN_STORY:
        yield from _turned_back(scene, "that is your story", "told a story of the trainee's own")
    else:
        yield from _turned_back(scene, "I did not ask for a lesson", "lectured")


def _turned_back(scene: Scene, gist: str, did: str) -> Iterator[Plan]:
    return by_mood(
        scene,
        gist=f"{gist}; {wanting(scene)}",
        because=f"the reply {did}",
        irate=(Move.CHALLENGE, Move.PRESS, Move.REPEAT_REQUEST),
        distressed=(Move.PRESS, Move.PANIC, Move.VENT),
        confused=(Move.REPEAT_REQUEST, Move.ASK, Move.MISUNDERSTAND),
    )


def to_leave_taking(scene: Scene) -> Iterator[Plan]:
    """A goodbye, or the question what else there is, while nothing is settled."""
    if scene.does(Talk.ASKS_WHAT_ELSE):
        because, gist = "the reply asked what else there is", f"nothing else; {wanting(scene)}"
    elif scene.does(Talk.TAKES_LEAVE) or scene.shows(SignalName.ENDS_CONTACT):
        because, gist = "the reply took its leave", f"it is not settled; {wanting(scene)}"
    else:
        return
    if scene.session.is_calm:
        yield from plans((Move.THANK, Move.ASK), "that settles most of it for me", because)
    if scene.met:
        yield from plans(mixed(scene, Move.HOLD_TO_PROMISE, Move.ASK), wanting(scene), because)
    yield from by_mood(
        scene,
        gist=gist,
        because=because,
        irate=(Move.CHALLENGE, Move.PRESS, Move.REPEAT_REQUEST),
        distressed=(Move.PANIC, Move.PRESS, Move.CHALLENGE),
        confused=(Move.ASK, Move.PRESS, Move.REPEAT_REQUEST),
    )


def to_passing_on(scene: Scene) -> Iterator[Plan]:
    """A transfer that is announced in words; welcome only to somebody who has asked for another."""
    if not scene.does(Talk.PASSES_ON) or scene.promises:
        return
    because = "the reply announced that it would pass them on"
    if Move.DEMAND_SUPERVISOR in scene.moves[-2:]:
        yield Plan(move=Move.ACCEPT, gist="yes, put me through, without telling it all again", because=because)
    yield from by_mood(
        scene,
        gist="do not pass me on; stay with me",
        because=because,
        irate=(Move.DECLINE, Move.CHALLENGE, Move.PRESS),
        distressed=(Move.DECLINE, Move.PANIC, Move.PRESS),
        confused=(Move.DECLINE, Move.PANIC, Move.ASK),
    )


def to_request_to_wait(scene: Scene) -> Iterator[Plan]:
    """A wait that is asked for in words: granted to somebody trusted, dreaded from anybody else."""
    if not scene.does(Talk.ASKS_TO_WAIT) or (scene.acts and not scene.asks) or scene.goes_on_to_ask(Talk.ASKS_TO_WAIT):
        return
    gist, because = "how long do I wait; do not leave me on hold", "the reply asked them to wait"
    if scene.upset <= _CALM_ENOUGH_TO_WAIT and scene.emotion.trust >= _TRUSTS_ENOUGH_TO_WAIT:
        yield from plans(mixed(scene, Move.ACCEPT, Move.HESITATE), gist, because)
    else:
        yield from by_mood(
            scene,
            gist=gist,
            because=because,
            irate=(Move.DECLINE, Move.HESITATE, Move.PRESS),
            distressed=(Move.PANIC, Move.DECLINE, Move.HESITATE),
            confused=(Move.HESITATE, Move.ASK, Move.DECLINE),
        )


def to_wish(scene: Scene) -> Iterator[Plan]:
    """Asked what they want, they say it."""
    if scene.does(Talk.ASKS_WISH):
        yield from plans((Move.ANSWER, Move.REPEAT_REQUEST), wanting(scene), "the reply asked what they want")


def to_proposal(scene: Scene) -> Iterator[Plan]:
    """Something held out and not yet promised: turned down where there is a reason, else taken or looked at."""
    if not scene.does(Talk.PROPOSES) or scene.promises or scene.goes_on_to_ask(Talk.PROPOSES):
        return
    if scene.does(Talk.ASKS_WHICH):
        if scene.foresees_choice:
            return
    elif scene.asked_facts and not scene.ends_in_proposal:
        return
    offer = quoting(scene.words())
    if scene.declines:
        because = "the reply proposed what they cannot use"
        yield from plans((Move.DECLINE, Move.PRESS), f"not that; {wanting(scene)}", because)
    because = "the reply proposed something"
    has_words = scene.has_words_for(Move.ACCEPT)
    if has_words or scene.upset <= _CALM_ENOUGH_TO_ACCEPT:
        first = (Move.ACCEPT,) if has_words or scene.upset <= _GLAD_TO_ACCEPT else ()
        order = (*first, *mixed(scene, Move.ACCEPT, Move.HESITATE, also=(Move.ASK,)))
    else:
        order = mixed(scene, Move.HESITATE, Move.ASK, Move.PRESS)
    yield from plans(tuple(dict.fromkeys(order)), f"yes to {offer}, if it is meant", because)


def to_choice(scene: Scene) -> Iterator[Plan]:
    """Asked to choose, they choose: in the scenario's words where it has some for this, else in their own."""
    if not scene.does(Talk.ASKS_WHICH) or scene.foresees_choice:
        return
    if not (scene.has_words_for(Move.ACCEPT) or scene.has_words_for(Move.DECLINE)):
        gist = "whichever is quicker; you choose"
        yield Plan(move=Move.ANSWER, gist=gist, because="the reply let them choose")


def to_instruction(scene: Scene) -> Iterator[Plan]:
    """Told to do something, they do it, or ask what for."""
    if not scene.does(Talk.INSTRUCTS) or scene.asked_facts or scene.sends_away:
        return
    because = "the reply told them to do something"
    pointed = tuple(move for move in _DOING if scene.has_words_for(move))
    if pointed or not scene.acts:
        yield from plans(mixed(scene, *(pointed or _DOING)), "I am doing it; and what then", because)


def to_looking(scene: Scene) -> Iterator[Plan]:
    """Somebody is looking: what do they see?"""
    if scene.does(Talk.IS_LOOKING):
        yield from by_mood(
            scene,
            gist="what do you see there",
            because="the reply said that it is looking",
            irate=(Move.PRESS, Move.ASK, Move.HOLD_TO_PROMISE),
            distressed=(Move.ASK, Move.HESITATE, Move.PRESS),
            confused=(Move.ASK, Move.HESITATE, Move.PRESS),
        )


def to_good_intentions(scene: Scene) -> Iterator[Plan]:
    """Help without a step: what will be done, and when?"""
    if scene.does(Talk.MEANS_WELL) or scene.shows(SignalName.OFFERS_HELP):
        yield from by_mood(
            scene,
            gist=f"help with what, and how; {wanting(scene)}",
            because="the reply meant well and named no step",
            irate=(Move.PRESS, Move.CHALLENGE, Move.HESITATE),
            distressed=(Move.HESITATE, Move.ASK, Move.PRESS),
            confused=(Move.ASK, Move.PRESS, Move.HESITATE),
        )


def to_thanks(scene: Scene) -> Iterator[Plan]:
    """Thanked, they want to know what comes of it."""
    if scene.does(Talk.THANKS):
        yield from by_mood(
            scene,
            gist="and what happens now",
            because="the reply thanked them and went no further",
            irate=(Move.PRESS, Move.ASK, Move.CHALLENGE),
            distressed=(Move.ASK, Move.PRESS, Move.HESITATE),
            confused=(Move.ASK, Move.HESITATE, Move.PRESS),
        )


def to_next_to_nothing(scene: Scene) -> Iterator[Plan]:
    """A word or two: what is that supposed to mean?"""
    if scene.does(Talk.SAYS_LITTLE):
        yield from by_mood(
            scene,
            gist=f"{quoting(scene.reply)} and what else",
            because="the reply said next to nothing",
            irate=(Move.CHALLENGE, Move.PRESS, Move.ASK),
            distressed=(Move.PRESS, Move.HESITATE, Move.PANIC),
            confused=(Move.ASK, Move.REPEAT_REQUEST, Move.PRESS),
        )


def to_wandering(scene: Scene) -> Iterator[Plan]:
    """Nothing to do with the matter: they say so, and come back to it."""
    if scene.does(Talk.WANDERS):
        yield from by_mood(
            scene,
            gist=f"what has that to do with it; {wanting(scene)}",
            because="the reply was about something else",
            irate=(Move.CHALLENGE, Move.PRESS, Move.REPEAT_REQUEST),
            distressed=(Move.PRESS, Move.PANIC, Move.VENT),
            confused=(Move.REPEAT_REQUEST, Move.MISUNDERSTAND, Move.ASK),
        )
