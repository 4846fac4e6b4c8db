"""A session as its debrief tells it: behaviours only where the quoted words bear them, quotes whole, errors said once.

Apart from the debrief because the stronger line must see the same session. What moved the customer stays as it was:
where the words do not bear the name, the movement is laid to the reply as a whole.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from simulator.assessment.catalogue import CATALOGUE
from simulator.customer.hearing import plain, sentences
from simulator.debriefing.answering import topics
from simulator.debriefing.bearing import ACT, ASKED_BEFORE, CLAUSE_WORDS, bears, worded
from simulator.debriefing.noticed import noticed
from simulator.events import ReplyRead
from simulator.session import Session, Turn
from simulator.vocabulary import CriticalCode, CriticalError, LedgerEntry, Signal, SignalName, Span

AS_A_WHOLE = "(the reply as a whole)"
"""Stands for the words where no words of a reply bear what moved the customer."""
WHOLE_REPLY = "whole_reply"
"""Stands for the rule there."""
THESE_WORDS = "by_these_words"
"""Stands for the rule where it is nearly certain which words moved the customer, and not what to call them."""
NOTHING_TO_HOLD = "(nothing in the reply to hold on to)"
"""Stands for the words where the customer was moved by what a reply lacked."""
NEITHER = "neither_act_nor_feeling_nor_detail"
"""Stands for the rule there."""

_S = SignalName
_LACKING = "nothing_to_hold_on_to"
"""The ledger's rule for a reply that neither helps nor harms."""
_NEARLY_SURE = 0.8
_SAYS_SOMETHING = 3
"""A sentence of fewer words is not quoted without a name."""
_MOST = 0.6
_GIVEN_BACK = 0.75
_GOOD_QUESTIONS = (_S.ASKS_DETAIL, _S.ASKS_OPEN)
_ASKED_FOR = 0.5
"""Part of the topics of a question that the customer must have spoken of, for it to be called asked again where the ear
took it so."""
_TOLD_BEFORE = 2
"""So many topic words of the customer, or one number, make a detail that is given back."""
_OATH = re.compile(r"^i (?:do )?(?:promise|swear|guarantee)\b")
_OUTCOME = re.compile(r"\b(?:back|every|everything|full|all|refund|money|pay|paid|certain|definitely|\d+)\b")
"""Sworn to beside a promise that is allowed, it may be another promise."""
_THEIRS = re.compile(r"\byou(?:'ve| have|'d| had)? (?:\w+ )?(?:booked|ordered|cancelled|confirmed|were|sent|done)\b")
"""What the customer did is no deed of the agent's."""
_ANYTHING = re.compile(r"\b(?:anything|something|else)\b")
_QUESTIONS = (
    _S.CHECKS_SAFETY,
    _S.CHECKS_UNDERSTANDING,
    _S.CHECKS_IT_WORKED,
    _S.ASKS_OPEN,
    _S.ASKS_DETAIL,
    _S.ASKS_AGAIN,
    _S.ENDS_CONTACT,
)
"""Are quoted with their whole sentence."""
_EDGE = re.compile(r"[^\w\s'\u2019:.,-]|[:.,](?!\d)|\n")
_LONGEST = 160
_LONG = 220
"""Characters of the longest sentence that is quoted whole for its words alone."""
_PROMISES = re.compile(r"\b(?:i|we)(?:'ll|'m| will| promise| swear| guarantee)\b|\bfree\b|\bcash\b")
_NO_PROMISE = re.compile(
    r"\b(?:separate matter|does(?:n't| not)|cannot|can't|won't|rules? out|no compensation|is(?:n't| not))\b"
)
_BARE = 6
"""A critical error in fewer words than this is quoted with the sentence before it."""


def named(session: Session) -> Session:
    """The same session with only what its words bear: signals, ledger entries, critical errors. Pure.

    Nothing is weighed anew: every entry of the ledger keeps its points, every level stands.
    """
    plainly = noticed(session)
    turns = (_named(session, turn, plainly.get(turn.number, ())) for turn in session.turns)
    return session.model_copy(update={"turns": tuple(turns)})


def borne(signal: Signal, reply: str, told: str) -> bool:
    """Whether the words of a signal, in their reply, bear its name.

    Args:
        signal: With its words; one without any (an act, an omission) needs none.
        reply: The whole reply.
        told: What the customer had said before.
    """
    if signal.span is None:
        return True
    quote = plain(_whole(signal, reply))
    match signal.name:
        case _S.REFLECTS_DETAIL:
            return signal.probability >= _GIVEN_BACK and _gives_back(quote, told)
        case _S.ASKS_AGAIN:
            least = _ASKED_FOR if signal.probability < 1 else 0.0
            return not _ANYTHING.search(quote) and _asks_what_was_told(quote, told, least)
        case name if CATALOGUE[name].wanted and quote.strip(" .,!?") in plain(told):
            return False
        case name:
            return bears(name, quote, signal.probability)


def _gives_back(quote: str, told: str) -> bool:
    if "?" in quote or re.search(ACT, quote):
        return False
    shared = topics(quote) & topics(told)
    return len(shared) >= _TOLD_BEFORE or any(any(map(str.isdigit, word)) for word in shared)


def _asks_what_was_told(quote: str, told: str, least: float) -> bool:
    """Whether a question is asked again by its own words, or this part of its topics was told."""
    about = topics(quote)
    shared = about & topics(told)
    was_told = bool(shared) and len(shared) >= least * len(about)
    return "?" in quote and bool(re.search(ASKED_BEFORE, quote) or was_told)


def _named(session: Session, turn: Turn, plainly: Sequence[Signal]) -> Turn:
    if turn.reading is None or turn.reply is None:
        return turn
    reply, told = turn.reply, _told_before(session, turn)
    read = turn.reading.signals
    kept = _without_praise([one for one in read if borne(one, reply, told) and not _echoed(one, plainly)])
    whole = [_with_whole_words(one, reply) for one in kept]
    shown = {one.name for one in kept}
    promised = " ".join(made.quote for made in turn.reading.promises)
    before = f"{session.heard_before(turn.number)} {promised}"
    best = _most_to_the_point([*whole, *_worded(reply, shown)], before, turn.heard_text)
    dropped = {(one.name, one.span.quote): _unnamed(one, reply) for one in read if one.span and one not in kept}
    seen = {one.name for one in kept}
    plainly = [one for one in plainly if one.name not in seen or one.name is _S.TELLS]
    quotes = {(one.name, one.span.quote): best[one.name] for one in read if one.span and one.name in best}
    errors = tuple(_errors(reply, _unfounded_left_out(turn.reading, reply)))
    signals = {(one.name, one.span): one for one in (*whole, *plainly)}
    reading = turn.reading.model_copy(update={"signals": tuple(signals.values()), "critical": errors})
    changes: dict[str, object] = {"reading": reading}
    if turn.feeling is not None:
        fired, alone = session.fired, _alone(reply)
        entries = (_entry(one, dropped, quotes, one.rule in fired, alone) for one in turn.feeling.entries)
        changes["feeling"] = turn.feeling.model_copy(update={"entries": tuple(entries)})
    return turn.model_copy(update=changes)


def _without_praise(signals: list[Signal]) -> list[Signal]:
    """Without what is good about a question that is found to be asked again."""
    again = [one.span.quote for one in signals if one.name is _S.ASKS_AGAIN and one.span]
    return [one for one in signals if not (one.name in _GOOD_QUESTIONS and one.span and one.span.quote in again)]


def _most_to_the_point(signals: Iterable[Signal], before: str, after: str) -> Mapping[SignalName, str]:
    """The words to quote for each behaviour: of several that show it, those that the customer's next words take up, or
    that take up the customer's last; or else the surest.

    Args:
        signals: With whole words; those without any are left out.
        before: What the customer said before the reply, and what of it was promised.
        after: What they said to it.
    """
    found: dict[SignalName, Signal] = {}
    for one in sorted(signals, key=lambda one: _point(one, before, after)):
        if one.span is not None:
            found[one.name] = one
    return {name: one.span.quote for name, one in found.items() if one.span}


def _worded(reply: str, names: Collection[SignalName]) -> Iterator[Signal]:
    """Other sentences of a reply that have the words of a good thing which is shown in it."""
    for sentence in sentences(reply):
        for name in names:
            start = reply.find(sentence)
            whole = start >= 0 and len(sentence) <= _LONG and not _THEIRS.search(plain(sentence))
            if CATALOGUE[name].wanted and whole and worded(name, sentence):
                yield Signal(
                    name=name, span=Span(quote=sentence, start=start, end=start + len(sentence)), probability=0
                )


def _point(signal: Signal, before: str, after: str) -> tuple[int, float]:
    about = topics(signal.span.quote) if signal.span else frozenset()
    return 2 * len(about & topics(after)) + len(about & topics(before)), signal.probability


def _told_before(session: Session, turn: Turn) -> str:
    return "\n".join(past.heard_text for past in session.turns[: turn.number] if past.heard_text)


def _echoed(signal: Signal, plainly: Iterable[Signal]) -> bool:
    """Whether a detail given back is only the customer's sentence said back."""
    echoes = [one.span.quote for one in plainly if one.name is _S.PARROTS and one.span]
    return signal.name is _S.REFLECTS_DETAIL and signal.span is not None and signal.span.quote in echoes


def _entry(
    entry: LedgerEntry,
    dropped: Mapping[tuple[SignalName, str], str | None],
    quotes: dict[tuple[SignalName, str], str],
    event: bool,
    alone: str | None,
) -> LedgerEntry:
    """An entry laid to its words without a name, or to the reply as a whole, where its words do not bear its name.

    A rule that looked at no words is laid to what the reply lacked, to its only sentence, or to the reply as a whole.
    """
    if entry.signal is None:
        if entry.listened_for:
            return entry
        telling = event or entry.quote.startswith("(") or (alone == entry.quote and entry.rule != _LACKING)
        return entry if telling else _without_words(entry)
    seen = (entry.signal, entry.quote)
    if seen in dropped and seen not in quotes:
        words = dropped[seen]
        update = {"rule": THESE_WORDS, "quote": words} if words else {"rule": WHOLE_REPLY, "quote": AS_A_WHOLE}
        return entry.model_copy(update={"signal": None, **update})
    return entry.model_copy(update={"quote": quotes.get(seen, entry.quote)})


def _without_words(entry: LedgerEntry) -> LedgerEntry:
    if entry.rule == _LACKING:
        return entry.model_copy(update={"quote": NOTHING_TO_HOLD, "rule": NEITHER})
    return entry.model_copy(update={"quote": AS_A_WHOLE})


def _alone(reply: str) -> str | None:
    """The only sentence of a reply, if it has no other and says something."""
    said = sentences(reply)
    return said[0] if len(said) == 1 and len(said[0].split()) >= _SAYS_SOMETHING and said[0] in reply else None


def _unnamed(signal: Signal, reply: str) -> str | None:
    """The sentence in which a detector was nearly sure to see something; None where it was not, or it says too little.

    In a reply of one sentence no detector need be sure: there are no other words. What asks nothing is no question.
    """
    if signal.span is None or (signal.name is _S.ASKS_AGAIN and "?" not in signal.span.quote):
        return None
    if signal.probability < _NEARLY_SURE and not _alone(reply):
        return None
    around = (one for one in sentences(reply) if signal.span.quote in one and one in reply)
    sentence = next(around, signal.span.quote)
    return sentence if len(sentence.split()) >= _SAYS_SOMETHING and len(sentence) <= _LONGEST else None


def _with_whole_words(signal: Signal, reply: str) -> Signal:
    if signal.span is None:
        return signal
    quote = _whole(signal, reply)
    start = reply.find(quote, max(0, signal.span.start - len(quote)))
    return signal.model_copy(update={"span": Span(quote=quote, start=start, end=start + len(quote))})


def _whole(signal: Signal, reply: str) -> str:
    """The words of a signal up to where a clause begins and ends; a good thing in a few words with its sentence."""
    span = signal.span
    if span is None or signal.name is _S.USES_JARGON or reply[span.start : span.end] != span.quote:
        return span.quote if span else ""
    start, end = _clause(reply, span.start, span.end)
    quote = reply[start:end].strip()
    if signal.name in _QUESTIONS or (CATALOGUE[signal.name].wanted and len(quote.split()) < CLAUSE_WORDS):
        around = next((one for one in sentences(reply) if quote in one and one in reply), quote)
        return around if len(around) <= _LONGEST else quote
    return quote if len(quote) <= _LONGEST else span.quote


def _clause(reply: str, start: int, end: int) -> tuple[int, int]:
    before = [edge.end() for edge in _EDGE.finditer(reply, 0, start)]
    first = before[-1] if before else 0
    if _EDGE.search(reply, end - 1, end):
        return first, end
    after = _EDGE.search(reply, end)
    if after is None:
        return first, len(reply)
    return first, after.end() if after.group() in ".!?" else after.start()


def _unfounded_left_out(reading: ReplyRead, reply: str) -> list[CriticalError]:
    """Errors without the wordings of a broken policy that are only a promise this scenario allows, or swear to one.

    One that it forbids is an error in the very words of the promise, so what else was promised is allowed.
    """
    wrong = {error.quote for error in reading.critical}
    allowed = [made.quote for made in reading.promises if made.quote not in wrong]
    promising = [one for one in sentences(reply) if any(quote in one for quote in allowed)]

    def is_unfounded(words: str) -> bool:
        oath = _OATH.search(plain(words)) and not _OUTCOME.search(plain(words))
        sworn = bool(oath) and any(words in sentence for sentence in promising)
        return sworn or any(_is_most_of(words, quote) for quote in allowed)

    return [
        error
        for error in reading.critical
        if error.code is not CriticalCode.BREAKS_POLICY or not is_unfounded(error.quote)
    ]


def _is_most_of(words: str, quote: str) -> bool:
    """Whether words are in a quote and leave little of it."""
    return words in quote and len(words.split()) >= _MOST * len(quote.split())


def _errors(reply: str, errors: Sequence[CriticalError]) -> Iterator[CriticalError]:
    """Each error once, in words that show it; what only speaks of a rule breaks none."""
    quoted = [(error, _shown_in(reply, error)) for error in errors]
    told: list[tuple[CriticalCode, str]] = []
    for error, quote in sorted(quoted, key=lambda pair: -len(pair[1])):
        again = any(code is error.code and quote in longer for code, longer in told)
        only_spoken_of = error.code is CriticalCode.BREAKS_POLICY and _only_speaks(plain(quote))
        if not (again or only_spoken_of):
            told.append((error.code, quote))
    yield from (
        CriticalError(code=code, quote=quote) for code, quote in sorted(told, key=lambda one: reply.find(one[1]))
    )


def _only_speaks(quote: str) -> bool:
    """Whether words speak of a rule and promise nothing."""
    return bool(_NO_PROMISE.search(quote)) and not _PROMISES.search(quote)


def _shown_in(reply: str, error: CriticalError) -> str:
    """The sentence of a broken policy; a bare "I promise" with the sentence before it. Other errors as they are."""
    said = sentences(reply)
    place = next((at for at, one in enumerate(said) if error.quote.rstrip(" .!?") in one), None)
    if error.code is not CriticalCode.BREAKS_POLICY or place is None or said[place] not in reply:
        return error.quote
    start, end = reply.index(said[place]), reply.index(said[place]) + len(said[place])
    if place and len(said[place].split()) < _BARE and said[place - 1] in reply[:start]:
        start = reply.rindex(said[place - 1], 0, start)
    return reply[start:end]
