"""What the trainee promised in a contact, and what came of each promise: kept, broken, or open.

Apart from `customer.facts`, which hears that a promise is made, because here the whole contact is looked back at. Only
what is on record counts: a promise that nothing in the contact confirms or contradicts is open, and not broken.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from simulator.content.material import Material
from simulator.customer.hearing import content_stems, plain, sentences
from simulator.customer.promising import promises_denied
from simulator.customer.talk import talk_of
from simulator.customer.waits import GRACE, promised_wait
from simulator.debriefing.answering import topics
from simulator.debriefing.scores import shown
from simulator.events import TraineeHeld, TraineeTransferred
from simulator.session import Session, Turn
from simulator.vocabulary import CriticalCode, Ending, SignalName, Talk, Value

A_WAIT = "a wait"
"""What is promised by naming how long a hold will be."""

_AHEAD = re.compile(r"\b(?:will|can|could|would|shall|may|might|going to|about to)\b|'ll\b|'d\b")
_DONE = re.compile(
    r"\b(?:i|we)(?:'ve| have) (?:now |just |also |already |all |both )*(?!to\b|got to\b|not\b)\w+"
    r"|\b(?:is|are|'s|'re|has been|have been) (?:now |all |both |already |back )*"
    r"(?:confirmed|booked|approved|held|locked|yours|done|agreed|sorted|honou?red|cancelled|stopped|sent|withdrawn|at|to)\b"
    r"|^(?:done|confirmed|booked|sorted)\b|\b(?:done|confirmed|booked|sorted)$"
)
_AND_DONE = re.compile(
    r"(?<!when )(?<!once )(?<!if )(?<!until )(?<!till )\b(?:that's|that is|it's|it is|there,? (?:it's|all)) "
    r"(?:now |all )?(?:done|sorted|through|booked|sent|gone|off)\b"
)
_PART_END = re.compile(r"[,;:] (?:and |so |but )?|\b(?:and|so|but) (?=i\b|we\b|it\b|that\b|you\b|now\b)")
_SAYS_DONE = re.compile(
    r"^(?:(?:ok|okay|right|yes|there|and|so|now),? )*(?:that's|that is|it's|it is|they're|all)? ?(?:all |now |both )?"
    r"(?:done|sorted|through|booked|sent|gone)\b(?! (?:up|items?|by|out)\b)"
)
_ON_CONDITION = re.compile(r"(?:\w+ )?(?:if|when|once|unless|until|as soon as|whether)\b")
_SUBJECT = re.compile(r"(?:and |so |but )?(?:i|we|it|that|they|there|he|she|the|your|my|our)\b")
_SOON = 80
"""Characters after a promise in which it may be reported done."""
_REPORTS = re.compile(
    r"\b(?:cancelled|withdrawn|withdrew|booked|posted|sent|set|repriced|extended|stopped|opened)\b"
    r"|\bon (?:its|his|her|their|the) way\b|\bis being (?:sent|made|booked|moved)\b"
    r"|\b(?:is|are|'s) (?:all )?on\b"
)
_NOT_YET = re.compile(
    r"\b(?:cannot|can|if|when|once|until|before|after|not|never|nobody|no one|unless|whether|(?<!is )being|to be|get"
    r"|getting|have it)\b|n't\b|\?"
)
_CONFIRMS = re.compile(
    r"\bi can see (?:it|that|them)\b|\b(?:it's|it is|they're) (?:there|here|come|through|showing)\b|\bthere it is\b"
    r"|\bi(?:'ve| have) got (?:it|them|your|the)\b|\bit(?:'s| has) (?:arrived|come)\b"
)
_HAS_COME = re.compile(
    r"\bit(?:'s| is| has) (?:here|come|arrived|come through|on my (?:screen|phone))\W*$|\bi can see (?:it|them)\b"
)
_DENIES = re.compile(r"\b(?:still|yet)\b|\b(?:isn't|hasn't|haven't|doesn't|aren't)\b|\bnot (?:there|here|come)\b|\?")
_REFUSES = re.compile(
    r"\b(?:i|we) (?:can't|cannot|can not|won't|will not|am unable to|are unable to|am not able to|are not able to) "
    r"(?:\w+ )?(?:refund|give|pay|return|offer|do|change)\b|\bthe answer is no\b|\bit's a no\b"
)
_NAMES_IT = 2
"""Words of a promise's name that a report must have in it to be about it."""
_I_WILL = re.compile(r"\b(?:i|we)(?:'ll| will|'m going to| am going to|'re going to)\b")
_TIMED = (SignalName.GIVES_TIME, SignalName.GIVES_CALLBACK)
_STAYS = re.compile(r"\b(?:stay|staying|stays) (?:on|with|here|right here)\b")
_UNTIL_SETTLED = (Ending.RESOLVED, Ending.SETTLED_PARTLY)


class PromiseOutcome(Value):
    """One promise, and what came of it in the contact."""

    promise: str
    """The scenario's id of it, or "a wait"."""
    turn: int
    """Number of the turn in which it was first made."""
    quote: str
    """The trainee's words that make it, verbatim."""
    state: Literal["kept", "broken", "open"]
    """open: nothing in the contact shows whether it was kept."""
    shown_in: int | None = None
    """Number of the turn that shows it; None where it is open, or the ending shows it."""
    shown_by: str | None = None
    """What shows it: the trainee's words, verbatim, or an act or the ending in a sentence; None where it is open."""
    by_words: bool = False
    """True if the trainee's words show it."""


def promise_outcomes(session: Session, material: Material) -> tuple[PromiseOutcome, ...]:
    """Every promise that policy allows, once, in the order they were made; and every wait that a hold put to the test.

    Kept: a later line (or the same one) says that it is done, in the words of the promise or in others that share what
    it is about; the customer says that it is there; the transfer that was promised is made; whoever promised
    to stay was there until the matter was settled; a hold was no longer than was said. Broken: a later line refuses it;
    whoever promised to stay ended the contact or passed it on; a hold was longer than was said, by more than a quarter.
    Where several of these happened, the last one counts; what the customer then says is not so is open again.
    """
    found = [*_scenario_promises(session, material), *_waits(session)]
    return tuple(sorted(found, key=lambda outcome: outcome.turn))


def other_promises(session: Session, outcomes: Sequence[PromiseOutcome]) -> tuple[tuple[int, str], ...]:
    """What else was promised, with a time or as a call back: turn and words, verbatim. Nothing follows it up.

    Args:
        session: As it is told (see `named`).
        outcomes: The promises that are followed up; their words are left out.
    """
    known = [outcome.quote for outcome in outcomes]
    found: dict[str, int] = {}
    for turn in session.turns:
        reply = turn.reply or ""
        timed = [signal.span.quote for signal in shown(turn) if signal.name in _TIMED and signal.span]
        for sentence in sentences(reply):
            mine = _I_WILL.search(plain(sentence)) and not sentence.endswith("?")
            if mine and sentence in reply and any(quote in sentence or sentence in quote for quote in timed):
                found.setdefault(sentence, turn.number)
    fresh = ((turn, words) for words, turn in found.items())
    return tuple(one for one in fresh if not any(quote in one[1] or one[1] in quote for quote in known))


def _scenario_promises(session: Session, material: Material) -> Iterator[PromiseOutcome]:
    known = material.scenario.promises
    seen: set[str] = set()
    broke = {turn for turn, error in session.critical if error.code is CriticalCode.BREAKS_POLICY}
    for number, made in session.promises:
        if made.promise in seen or made.promise not in known or known[made.promise].forbidden:
            continue
        if _is_refusal(made.quote):
            continue
        seen.add(made.promise)
        outcome = PromiseOutcome(promise=made.promise, turn=number, quote=made.quote, state="open")
        for turn in session.turns[number:]:
            outcome = _after_turn(outcome, turn, material)
            if number not in broke and not _STAYS.search(plain(made.quote)) and turn.number > number:
                outcome = _as_told(outcome, turn)
        yield _after_ending(outcome, session)


def _after_turn(outcome: PromiseOutcome, turn: Turn, material: Material) -> PromiseOutcome:
    """What is known of a promise once a turn is over."""
    stays = bool(_STAYS.search(plain(outcome.quote)))
    match turn.act:
        case TraineeTransferred(to=to) if stays:
            return _shown(outcome, "broken", turn.number, f"The customer was transferred to {to}.")
        case TraineeTransferred(to=to) if _speaks_of(outcome.quote, to):
            return _shown(outcome, "kept", turn.number, f"The customer was transferred to {to}.")
    if turn.number > outcome.turn:
        for denied in promises_denied(turn.reply or "", material):
            if denied.promise == outcome.promise:
                return _shown(outcome, "broken", turn.number, denied.quote, by_words=True)
    for made in turn.reading.promises if turn.reading else ():
        if made.promise == outcome.promise and not stays and _is_done_in(made.quote, turn.reply or ""):
            return _shown(outcome, "kept", turn.number, made.quote, by_words=True)
    return outcome


def _as_told(outcome: PromiseOutcome, turn: Turn) -> PromiseOutcome:
    """What a later turn tells of a promise in other words: the trainee reports it done, the customer sees it or not.

    Not asked of a promise in a reply that broke policy: that it was done is then only another claim.
    """
    about = topics(outcome.quote) | (topics(outcome.promise) if "_" not in outcome.promise else frozenset())
    named = content_stems(outcome.promise.replace("_", " "))
    said = [one for one in sentences(turn.reply or "") if _reports(one)]
    done = [one for one in said if topics(one) & about or len(topics(one) & named) >= _NAMES_IT]
    if turn.number == outcome.turn + 1 and outcome.state == "open":
        done += [one for one in said if _SAYS_DONE.match(plain(one))]
    if outcome.state != "kept" and done:
        outcome = _shown(outcome, "kept", turn.number, done[0], by_words=True)
    return _as_heard(outcome, turn, about)


def _as_heard(outcome: PromiseOutcome, turn: Turn, about: frozenset[str]) -> PromiseOutcome:
    """What the customer says of it; right after it was made they need not name what has come."""
    heard = turn.heard_text
    seen = next((one for one in sentences(heard) if _CONFIRMS.search(plain(one))), None)
    if not topics(heard) & about:
        at_once = seen and _HAS_COME.search(plain(seen)) and not _DENIES.search(plain(heard))
        soon = outcome.state == "open" and turn.number == outcome.turn + 1
        return _shown(outcome, "kept", turn.number, f"The customer said “{seen}”") if at_once and soon else outcome
    if _DENIES.search(plain(heard)):
        return outcome.model_copy(update={"state": "open", "shown_in": None, "shown_by": None, "by_words": False})
    return _shown(outcome, "kept", turn.number, f"The customer said “{seen}”") if seen else outcome


def _reports(sentence: str) -> bool:
    """Whether a part of a sentence says that something is done; a question or a condition says nothing of the kind.

    What lies ahead in one part does so in the next, unless that has a subject of its own.
    """
    heard = plain(sentence).strip(" .!")
    if heard.endswith("?") or _ON_CONDITION.match(heard):
        return False
    ahead = False
    for part in _PART_END.split(heard):
        ahead = bool(_AHEAD.search(part)) or (ahead and not _SUBJECT.match(part))
        if (_DONE.search(part) or _REPORTS.search(part)) and not ahead and not _NOT_YET.search(part):
            return True
    return False


def _after_ending(outcome: PromiseOutcome, session: Session) -> PromiseOutcome:
    """To stay is a promise about the ending."""
    ending = session.ended.ending if session.ended else None
    if outcome.state != "open" or not _STAYS.search(plain(outcome.quote)):
        return outcome
    if ending in _UNTIL_SETTLED:
        return _shown(outcome, "kept", None, "The contact went on until the customer took it as settled.")
    if ending is Ending.TRAINEE_ENDED and not session.is_content:
        return _shown(outcome, "broken", None, "The contact was ended before the customer took it as settled.")
    return outcome


def _waits(session: Session) -> Iterator[PromiseOutcome]:
    """Waits that were named, where a hold followed: the one named last before each hold."""
    held: dict[int, list[tuple[int, int]]] = {}
    named: int | None = None
    for turn in session.turns:
        if turn.reply is not None and promised_wait(turn.reply):
            named = turn.number
        if isinstance(turn.act, TraineeHeld) and named is not None:
            held.setdefault(named, []).append((turn.number, turn.act.seconds))
    for number, holds in held.items():
        words = next(one for one in sentences(session.turns[number].reply or "") if promised_wait(one))
        hold, seconds = max(holds, key=lambda one: one[1])
        broken = seconds > GRACE * (promised_wait(words) or 0)
        outcome = PromiseOutcome(promise=A_WAIT, turn=number, quote=words, state="open")
        yield _shown(outcome, "broken" if broken else "kept", hold, f"The hold took {seconds} seconds.")


def _shown(
    outcome: PromiseOutcome,
    state: Literal["kept", "broken"],
    turn: int | None,
    shown_by: str,
    *,
    by_words: bool = False,
) -> PromiseOutcome:
    shown = {"state": state, "shown_in": turn, "shown_by": shown_by, "by_words": by_words}
    return outcome.model_copy(update=shown)


def _is_done_in(quote: str, reply: str) -> bool:
    """Whether the words of a promise report it done, or those right after them: "... and that is done."."""
    after = plain(reply[reply.find(quote) + len(quote) :])[:_SOON]
    return _is_done(quote) or bool(_AND_DONE.search(after))


def _is_done(quote: str) -> bool:
    heard = plain(quote).strip(" .!")
    done = _DONE.search(heard)
    return bool(done) and not _AHEAD.search(heard[: done.start()] if done else heard)


def _is_refusal(quote: str) -> bool:
    """A clear no may be what a scenario waits for; nothing is promised by it."""
    return bool(_REFUSES.search(plain(quote)))


def _speaks_of(quote: str, to: str) -> bool:
    return Talk.PASSES_ON in talk_of(quote) or not content_stems(quote).isdisjoint(content_stems(to))
