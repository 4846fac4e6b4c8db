"""Who speaks in a customer's line, and to whom: the two ways out of the part. Apart from the guard, because it is a
question of grammar and of the last reply, not of facts.

A line is heard sentence by sentence. One is the agent's if it serves (`service_talk`), calls the customer by name,
makes a promise that is the trainee's to make, says the trainee's own "I" again, or simply sounds like one (`voices`).
What the customer quotes or retells is theirs to say.
"""

import re
from collections.abc import Iterator, Sequence

from simulator.content.material import Material
from simulator.customer.faults import Fault, FaultCode
from simulator.customer.hearing import content_stems, plain, sentences, stem, words
from simulator.customer.promising import promises_in
from simulator.customer.service_talk import service_talk
from simulator.customer.voices import agent_odds
from simulator.session import Session

AGENTS = 2.5
"""Log-odds from which a sentence is an agent's by its sound alone: three in two hundred sentences of customers that the
table has not seen, and two in five of agents (`training/fit_voices.py` prints both)."""
_QUOTED = re.compile(
    r"[\"\u201c\u00ab][^\"\u201c\u201d\u00bb]*[\"\u201d\u00bb]|(?<!\w)'(?=\w)[^\n]+?(?<=[\w.,!?\u2026])'(?!\w)"
)
_RETOLD = re.compile(
    r"\b(?:you|they|he|she|it|who|somebody|someone|agent|colleague|lot|nobody|no one|letter|e-?mail|message|robot|bot"
    r"|website|recording)\b[^.!?]{0,40}\b(?:sa(?:id|ys?)|t(?:old|ell)|reads?|wrote|writes?|promised)\b"
    r"|\b(?:don't|stop|never|enough|no more)\b[^.!?]{0,20}\b(?:tell|say|giv|call|talk)"
)
"""A sentence in which the customer reports, or forbids, somebody's words."""
_SELF = re.compile(
    r"\b(?:i|we)(?:'m|'ll|'ve|'re| am| will| have| are)(?: (?:just|now|also|already|then|going to))* ([a-z]+)"
)
"""The first person at work: what they are doing, will do or have done."""
_CARRIES_OUT = frozenset(
    stem(verb)
    for verb in (
        "cancel put book send arrange honour extend withdraw withdrawn refund post email transfer open fix sort stop "
        "remove reinstate credit waive change set release lock unlock reset confirm give given add raise flag escalate "
        "block freeze replace reissue dispatch correct restore deliver clear log approve"
    ).split()
)
"""What whoever makes a scenario's promise does about it."""
_RECEIVES = frozenset(
    "take accept get got keep kept use want need pay paid wait hold hear write see listen believe try go had have been "
    "be not never no".split()
)
"""What a customer does with a service."""
_RUN = 4
"""Words in a row that are said again when somebody parrots."""
_CALLS = (
    r"(?:thank you(?: so much| very much)?|thanks|sorry|i'm sorry|i understand|understood|okay|ok|all right|right|yes"
    r"|no|hello|hi|hey|dear|certainly|of course|absolutely|no problem|good (?:morning|afternoon|evening)|welcome|lovely"
    r"|perfect|great)"
)
_TITLE = r"(?:mr|mrs|ms|miss|mx|dr)\.? "
_SPEECH = r"(?:i|i'm|i'll|i've|we|we're|let|could|can|please|thank|you|your|there|what|how|that|it|don't|may|would)\b"
_ASKED_WHO = re.compile(r"\b(?:name|who (?:am i|is this|are you|do i)|speaking (?:to|with)|is that|am i)\b")
_TAKEN_DOWN = re.compile(r"^(?:thank you|thanks|great|perfect|lovely|got)(?: for)? that\b")
_IMAGINES = re.compile(r"(?:if|imagine|suppose)\b[^.!?]*\byour\b")
_ANSWERED = re.compile(
    r"\? (?:(?:yes|no|of course),? \w+|nothing at all|it's \w+|it is \w+|the \w+ one (?:is|was)|because)\b[^?]*[.!] "
    r"(?:oh|thank|then|ah|good|okay|right|why|well)\b"
)
"""A question, its answer, and what the answer does to whoever asked: a whole talk in one line."""
_NEUTRAL = 3
"""Up to so many words go with either voice: "All right?", "Have a lovely day" and its kind too."""
_CLOSING = re.compile(r"^(?:have a|enjoy|take care|good ?bye|bye|speak soon)\b")


def role_faults(text: str, session: Session, material: Material) -> Iterator[Fault]:
    """The fault of a line in which an agent is heard: all of it (a role flip), or with the customer answering."""
    said = own_sentences(text)
    heard = [
        _as_agent(sentence, before, session, material) for sentence, before in zip(said, ("", *said), strict=False)
    ]
    if found := _ANSWERED.search(" ".join(said)):
        yield Fault(
            code=FaultCode.SPEAKS_FOR_TRAINEE, reason=f'one speaker only, who does not answer: "{found.group()}"'
        )
        return
    if not any(heard):
        return
    first = next(reason for reason in heard if reason)
    last = max(place for place, reason in enumerate(heard) if reason)
    if any(not _fits_either(sentence) for sentence in said[last + 1 :]):
        yield Fault(code=FaultCode.SPEAKS_FOR_TRAINEE, reason=f"one speaker only: {first}")
    else:
        yield Fault(code=FaultCode.ROLE_FLIP, reason=first)


def own_sentences(text: str) -> tuple[str, ...]:
    """Its sentences in lower case, without what is quoted in them."""
    return sentences(_QUOTED.sub(" ", plain(text)))


def _fits_either(sentence: str) -> bool:
    return len(words(sentence)) <= _NEUTRAL or _CLOSING.match(sentence) is not None


def _as_agent(sentence: str, before: str, session: Session, material: Material) -> str:
    """Why a sentence is the agent's; empty if it may be the customer's."""
    if _RETOLD.search(sentence):
        return ""
    replies = [turn.reply for turn in session.turns if turn.reply]
    served = next((f'the customer {kind}: "{found}"' for kind, found in service_talk(sentence)), "")
    return (
        served
        or _calls_customer(sentence, replies[-1:], names_of(material))
        or _acknowledges_itself(sentence, before)
        or _promises(sentence, material)
        or _parrots(sentence, replies)
        or _sounds(sentence, replies)
    )


def _sounds(sentence: str, replies: Sequence[str]) -> str:
    """By its sound alone; who asks to be understood ("if it were your son") may sound like it."""
    agent = agent_odds(sentence, "".join(replies[-1:])) > AGENTS and not _IMAGINES.match(sentence)
    return f'so speaks an agent: "{sentence}"' if agent else ""


def names_of(material: Material) -> tuple[str, ...]:
    """What the customer can be called: the full name first, then its parts."""
    full = material.slots.get("customer", material.persona.name)
    return tuple(dict.fromkeys((full, *(part for part in full.split() if len(part) > 2))))


def _calls_customer(sentence: str, reply: Sequence[str], names: Sequence[str]) -> str:
    """Nobody calls themselves by name, except to say who they are."""
    if any(_ASKED_WHO.search(plain(text)) for text in reply):
        return ""
    name = "|".join(re.escape(plain(name)) for name in names)
    called = re.search(
        rf"\b{_CALLS},? (?:{_TITLE})?(?:{name})\b(?! here| speaking)|^(?:{_TITLE})?(?:{name}), {_SPEECH}"
        rf"|\byou\b[^.!?]*, (?:{_TITLE})?(?:{name})\W*$|\bfor you,? (?:madam|sir)\b",
        sentence,
    )
    return f'the customer is not called by name: "{called.group()}"' if called else ""


def _acknowledges_itself(sentence: str, before: str) -> str:
    """A detail is given, and thanked for by the same mouth."""
    taken = _TAKEN_DOWN.match(sentence) if re.search(r"\d", before) else None
    return f'who gives a detail does not take it down: "{taken.group()}"' if taken else ""


def _promises(sentence: str, material: Material) -> str:
    """A promise of the scenario, made or kept in the first person."""
    if not any(stem(verb) in _CARRIES_OUT for verb in _SELF.findall(sentence)):
        return ""
    for promise in promises_in(sentence, material):
        own = re.match(rf"(?:\w+\W+){{0,2}}?{_SELF.pattern}", plain(promise.quote))
        if own and stem(own.group(1)) in _CARRIES_OUT:
            return f'only the agent can say: "{promise.quote}"'
    return ""


def _parrots(sentence: str, replies: Sequence[str]) -> str:
    """The trainee's own "I", said again: the same deed, or a run of words behind it."""
    own = _SELF.search(sentence)
    if not own or own.group(1) in _RECEIVES:
        return ""
    for reply in replies:
        for theirs in sentences(plain(reply)):
            if _SELF.search(theirs) and (_same_deed(sentence, theirs) or _same_run(sentence, theirs)):
                return f'that is the agent\'s to say: "{own.group()}"'
    return ""


def _same_deed(sentence: str, theirs: str) -> bool:
    deeds = [{stem(found.group(1)) for found in _SELF.finditer(each)} for each in (sentence, theirs)]
    shared = content_stems(sentence) & content_stems(theirs)
    return bool(deeds[0] & deeds[1] and shared - deeds[0] and 2 * len(shared) > len(content_stems(sentence)))


def _same_run(sentence: str, theirs: str) -> bool:
    said, heard = words(sentence), words(theirs)
    runs = {heard[start : start + _RUN] for start in range(len(heard) - _RUN + 1)}
    return any(said[start : start + _RUN] in runs for start in range(len(said) - _RUN + 1))
