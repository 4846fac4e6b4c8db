"""What wording alone shows beyond doubt, though no detector named it: lectures, echoes, talk of oneself, safety nets.

Apart from the signals, which move the customer and are what the rater was fitted on: this is only looked back at, so it
may be as narrow as it likes, and it costs no level.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from simulator.customer.hearing import plain, sentences, words
from simulator.customer.straying import lectures, of_oneself
from simulator.session import Session, Turn
from simulator.vocabulary import Signal, SignalName, Span

ECHOES = 3
"""From so many replies on that say the customer's sentence back, it is a habit, and no summary now and then."""
_ECHO_WORDS = 5
_ECHO_SHARE = 0.8
_YOU_FOR_I = {"i": "you", "my": "your", "me": "you", "i'm": "you're", "mine": "yours", "am": "are", "was": "were"}

_S = SignalName
_BREAKS_OFF = (
    r"(?:cuts?|cut off|drops?|goes|go quiet|breaks?|vanish|dies?|are disconnected|lose (?:you|each other|touch))"
)
_WORDINGS: Mapping[SignalName, re.Pattern[str]] = {
    _S.CHECKS_SAFETY: re.compile(
        r"\b(?:awake|drowsy|vomiting|being sick|breathing|are you safe|is (?:he|she) safe)\b.*\?$"
    ),
    _S.GIVES_CALLBACK: re.compile(
        rf"\b(?:if|should)\b[^.?!]{{0,25}}\b{_BREAKS_OFF}\b[^.?!]{{0,30}}\b(?:i(?:'ll| will)? (?:ring|call"
        rf"|phone)|my call)\b"
        rf"|\bi(?:'ll| will)? (?:ring|call|phone)\b[^.?!]{{0,40}}\bif\b[^.?!]{{0,25}}\b{_BREAKS_OFF}\b"
    ),
    _S.CHECKS_UNDERSTANDING: re.compile(
        r"\b(?:read|say) (?:that|it|them) back to me\b.*\?"
        r"|^(?:(?:so|and|oh|ah),? )?[^,?]{3,40}(?:,)? (?:do )?you mean\?$"
        r"|\b(?:clear so far|in your own words|in your words what|repeat (?:that|it) back to me"
        r"|have i (?:got|understood))\b.*\?"
    ),
    _S.ACCEPTS_RESPONSIBILITY: re.compile(
        r"\b(?:our|my) (?:own )?(?:muddle|mistake|fault|blunder|doing|error|failure)\b|\bours, entirely\b"
        r"|\bthat (?:was|is|one's) (?:on )?us\b"
    ),
    _S.ONE_STEP: re.compile(r"\bone (?:(?:thing|step|letter) )?at a time\b|\bone thing (?:only|for now)\b"),
}
"""By behaviour, in lower case, within one sentence."""
_NOT_OURS = re.compile(r"\b(?:not|never|isn't|wasn't|say it was)\b[^.]{0,12}\b(?:our|my)\b")


def noticed(session: Session) -> dict[int, tuple[Signal, ...]]:
    """Signals that wording shows beyond doubt, by turn, whether or not a detector read them too.

    A reply that says the customer's sentence back counts only where that is a habit (see `ECHOES`).
    """
    found = {turn.number: tuple(_in_reply(turn)) for turn in session.turns if turn.reply}
    echoes = {turn.number: echo for turn in session.turns if (echo := _echo(session, turn))}
    if len(echoes) >= ECHOES:
        found |= {number: (*found[number], echo) for number, echo in echoes.items()}
    return {number: signals for number, signals in found.items() if signals}


def own_story(session: Session) -> tuple[tuple[int, str], ...]:
    """Sentences in which a reply turns to the trainee's own life or desk, verbatim, with the turn of each."""
    return tuple(
        (turn.number, sentence)
        for turn in session.turns
        for sentence in sentences(turn.reply or "")
        if of_oneself(sentence)
    )


def _in_reply(turn: Turn) -> Iterator[Signal]:
    reply = turn.reply or ""
    if lecture := next(filter(lectures, sentences(reply)), None):
        yield _signal(_S.TELLS, reply, lecture)
    for name, wording in _WORDINGS.items():
        fitting = (one for one in sentences(reply) if wording.search(plain(one)))
        said = next((one for one in fitting if not _NOT_OURS.search(plain(one))), None)
        if said is not None:
            yield _signal(name, reply, said)


def _echo(session: Session, turn: Turn) -> Signal | None:
    told = set(_as_said_back(words(session.heard_before(turn.number))))
    for sentence in sentences(turn.reply or ""):
        back = _as_said_back(words(sentence))
        if len(back) >= _ECHO_WORDS and sum(word in told for word in back) >= _ECHO_SHARE * len(back):
            return _signal(_S.PARROTS, turn.reply or "", sentence)
    return None


def _as_said_back(said: Sequence[str]) -> list[str]:
    """Words as they are when the other one says them."""
    return [_YOU_FOR_I.get(word, word) for word in said]


def _signal(name: SignalName, reply: str, quote: str) -> Signal:
    start = reply.index(quote)
    return Signal(name=name, span=Span(quote=quote, start=start, end=start + len(quote)))
