"""Whether a strong line fits its place in a call: what the customer has just asked, what was done, what it leans on.

Apart from `exemplars`, which knows what may be said at all, because this is about one moment: a debrief would rather
show no line than one that ignores a question, repeats a deed, or speaks of "that call" which nobody has mentioned.
"""

import re

from simulator.customer.hearing import content_stems, plain, sentences
from simulator.customer.talk import topic_of
from simulator.debriefing.answering import asks, is_open, takes_up, topics, wants
from simulator.debriefing.bearing import worded
from simulator.session import Session
from simulator.vocabulary import Move, SignalName

_RINGS = re.compile(r"\b(?:ring|rings|ringing|call|calls|calling|phone)\b[^.?!]*\b(?:you|back)\b")
"""Announces a call, which is announced once."""
OPENING_TURNS = 3
"""Up to this turn the story is still being told, and a line about it has to touch anything the customer said (the first
reply, nothing in particular); later it has to touch what was just said."""

_MOST = 0.5
_KNOWN = 0.4
"""Part of what a line about the customer's story speaks of that must have been said before."""
_S = SignalName
_ACTS = frozenset({_S.COMMITS_ACTION, _S.GIVES_TIME, _S.GIVES_CALLBACK})
_SLOWS = frozenset({_S.ONE_STEP, _S.GIVES_PACE})
_INVITES = frozenset({_S.ASKS_OPEN, _S.ASKS_DETAIL, _S.GIVES_PACE, _S.CHECKS_UNDERSTANDING})
"""What gives the word to the customer, and is no answer to somebody who wants one."""
_CALLS_FOR_ACTS = frozenset(
    {Move.PRESS, Move.PANIC, Move.THREATEN, Move.DEMAND_SUPERVISOR, Move.CHALLENGE, Move.ACCEPT, Move.ASK}
)
_OF_THE_BEGINNING = frozenset({_S.OFFERS_HELP, _S.CHECKS_UNDERSTANDING, _S.ASKS_OPEN})
"""What comes before anything definite is done."""
_OF_THE_STORY = frozenset(
    {
        _S.NAMES_FEELING,
        _S.VALIDATES,
        _S.SPEAKS_TO_MEANING,
        _S.SINCERE_APOLOGY,
        _S.ACCEPTS_RESPONSIBILITY,
        _S.REFLECTS_DETAIL,
    }
)
_LEANS_ON = re.compile(
    r"\b(?:that|this|my|the(?= (?:e?mail|call|page|card|plan|list|form)\b)) (call|letter|email|note|mail|card|code"
    r"|courier|form|list|plan|page|credit|date|visit|screen|step|log|parcel|driver|van)\b"
)
"""A thing spoken of as known; "that makes" and the like are none."""
_REPORTS = re.compile(
    r"\bi(?:'ve| have) (?!got (?!what)|been\b)\w+|^(?:it's|it is|they're) (?:on|off|there|done|in|back|gone)\b"
    r"|\bbefore we (?:hang up|close|end)\b"
)
"""Words that tell of something as done, or of the end as near."""
_OF_WHAT_WAS_SAID = re.compile(r"^(?:does that|is that|would you (?:read|say|repeat) (?:that|it)|so far)\b")
_ASKS_FOR = re.compile(r"\b(?:tell me|say when|look for|find|press|open|put|pick)\b|\?")
_OF_MEANING = re.compile(r"^\W*(?:\w+\W+){0,2}what(?:'s| is| are| does)\b|\bmeans?\b")
_WHATEVER = content_stems("going happen next sort help definite thing something matter try plan answer")
"""Topics of a question that any deed answers: "So what happens now?"."""
_OF_PACE = content_stems("hurry rush slow slowly pace wait stay leave together one step pencil")
"""What a line that only gives time or room may speak of."""


def fits(signal: SignalName, line: str, session: Session, turn: int, *, added: bool) -> bool:
    """Whether a line could stand where a reply stood; if that cannot be told, no.

    Args:
        signal: What the line shows.
        line: Filled from this call.
        session: The call.
        turn: Number of the turn of that reply.
        added: True to say it after the reply, which then leaves the answer to the reply.
    """
    reply = session.turns[turn].reply or "" if turn < len(session.turns) else ""
    before = " ".join(past.reply for past in session.turns[:turn] if past.reply)
    said = f"{before} {reply}" if added else before
    return (
        not _spoken_of(line, said)
        and not (added and any(worded(signal, sentence) for sentence in sentences(reply)))
        and _stands_on_its_own(line, session, turn, said, added=added)
        and _in_time(signal, line, session, turn, said, added=added)
        and (_goes_on(signal, line, session, turn) if added else _answers(signal, line, session, turn))
    )


def acted(said: str) -> bool:
    """Whether anything definite was announced or reported in a trainee's words."""
    return any(worded(_S.COMMITS_ACTION, sentence) for sentence in sentences(said))


def _stands_on_its_own(line: str, session: Session, turn: int, said: str, *, added: bool) -> bool:
    """Whether all that a line speaks of as known or done is."""
    heard = plain(line)
    if _REPORTS.search(heard) and not (acted(said) and topics(line) & topics(said)):
        return False
    if not added and _OF_WHAT_WAS_SAID.search(heard):
        return False
    spoken = content_stems(" ".join([said, *(one.text for one in session.utterances_before(turn))]))
    return all(content_stems(thing) <= spoken for thing in _LEANS_ON.findall(heard))


def _spoken_of(line: str, said: str) -> bool:
    """Whether a sentence of the trainee was about most of what a line, or a sentence of it, is about."""
    parts = [topics(part) for part in {line, *sentences(line)}]
    own = [topics(one) for one in sentences(said)]
    return any(len(part & one) >= max(2, _MOST * len(part)) for part in parts for one in own)


def _in_time(signal: SignalName, line: str, session: Session, turn: int, said: str, *, added: bool) -> bool:
    """Whether a line comes neither too late nor too early in the call."""
    heard = session.heard_before(turn)
    match signal:
        case _S.CHECKS_IT_WORKED:
            again = bool(_RINGS.search(plain(line)) and _RINGS.search(plain(said)))
            reply = session.turns[turn].reply if added and turn < len(session.turns) else None
            done = reply or said
            return acted(done) and not again and not wants(heard) and not topics(line).isdisjoint(topics(done))
        case _S.ONE_STEP:
            return topics(line).isdisjoint(topics(said)) and not (acted(said) and acted(line))
        case name if name in _OF_THE_BEGINNING:
            return turn <= OPENING_TURNS and not acted(said)
        case name if name in _OF_THE_STORY:
            so_far = " ".join(past.heard_text for past in session.turns[:turn])
            touched = topics(so_far if turn <= OPENING_TURNS else heard)
            about = topic_of(line)
            known = len(about & topics(f"{so_far} {said}")) >= _KNOWN * len(about)
            return turn == 1 or (known and not topics(line).isdisjoint(touched))
        case _:
            return True


def _goes_on(signal: SignalName, line: str, session: Session, turn: int) -> bool:
    """Whether a line can follow a reply: it leaves room, and an act goes with what either of the two just spoke of."""
    heard, reply = session.heard_before(turn), session.turns[turn].reply or "" if turn < len(session.turns) else ""
    if is_open(reply) or (wants(heard) and signal in _INVITES):
        return False
    choice = session.turns[turn - 1].choice
    asked_to_act = choice is not None and choice.move in _CALLS_FOR_ACTS
    touches = not (topics(line) - _WHATEVER).isdisjoint(topics(f"{heard} {reply}"))
    if signal in _SLOWS:
        return touches or topics(line) <= _OF_PACE
    return signal not in _ACTS or asked_to_act or touches


def _answers(signal: SignalName, line: str, session: Session, turn: int) -> bool:
    """Whether a line meets what the customer asked or demanded last, or else goes into what they said."""
    heard = session.heard_before(turn)
    wanted = wants(heard)
    if wanted and signal in _INVITES:
        return False
    if signal in _ACTS | {_S.ONE_STEP, _S.OFFERS_HELP}:
        meant = [one for one in wanted if asks(one) or signal is not _S.COMMITS_ACTION]
        touches = bool(wanted) or not topics(heard).isdisjoint(topics(line))
        return touches and all(_meets(signal, line, one) for one in meant)
    return not wanted and not topics(heard).isdisjoint(topics(line))


def _meets(signal: SignalName, line: str, wanted: str) -> bool:
    """Whether a line goes into one question or demand; a single thing that is told need only touch it."""
    told = signal is _S.ONE_STEP and not _ASKS_FOR.search(plain(line))
    if told and not topics(wanted).isdisjoint(topics(line)):
        return True
    if signal is _S.ONE_STEP and not told and _OF_MEANING.search(plain(wanted)):
        return False
    return takes_up(line, wanted) or topics(wanted) <= _WHATEVER
