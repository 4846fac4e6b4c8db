"""What moved the customer, in words: which way a turn went, the words behind it, and what came of them.

Apart from `phrases`, which says what replies were and what their levels rest on.
"""

from collections.abc import Mapping, Sequence

from simulator.debriefing.aims import in_short
from simulator.debriefing.moments import Moment, Reason, relief
from simulator.debriefing.named import WHOLE_REPLY
from simulator.reports.phrases import SHOWN
from simulator.reports.printing import in_words, printable
from simulator.vocabulary import PROMISED_TOO_MUCH, SAID_BEFORE, CriticalCode, Feeling

_WEIGHTY = 0.3
"""Part of the weightiest reason's points from which on another one is told by itself."""

_TELLING_SHARE = 0.3
"""Words are put at the head of a moment if they weigh this part of what the reply as a whole does."""


def movement_of(moment: Moment) -> str:
    """What a moment did to the customer, in one phrase; and whether the reply was such that it should not have."""
    return f"the customer became {moment.direction} ({moved(_telling(moment.moves))}){_in_spite_of(moment)}"


def _in_spite_of(moment: Moment) -> str:
    """What is said of a reply with a critical error, lest what it did to the customer reads as praise."""
    if CriticalCode.BREAKS_POLICY in moment.critical:
        return ", in a reply that promised what policy forbids"
    return ", in a reply with a critical error" if moment.critical else ""


def moved(moves: Mapping[Feeling, float]) -> str:
    """Signed points by feeling, in words: "anger down 3, trust up 2"."""
    told = (f"{feeling.value} {'up' if points > 0 else 'down'} {abs(points):g}" for feeling, points in moves.items())
    return ", ".join(told) or "no change"


def headline_of(moment: Moment) -> str:
    """One moment in one line: the turn, which way it went, and the words that did most, if any words did."""
    change = moved(_telling(moment.moves, least=5))
    what = "Calmer" if moment.direction == "calmer" else "More upset"
    reasons = [each for each in moment.reasons if each.helped == (what == "Calmer") and not each.event]
    told = f"Turn {moment.turn}. {what} ({change}){_in_spite_of(moment)}"
    quoted = [each for each in reasons if not each.as_a_whole]
    named = [each for each in quoted if each.signals]
    telling = [each for each in named if not each.quote.endswith("?") and 2 * weight_of(each) >= weight_of(named[0])]
    worded = next(iter((*telling, *named, *quoted)), None)
    answered = _quoted_for(moment)
    if worded is None or weight_of(worded) < _TELLING_SHARE * weight_of(reasons[0]):
        return f"{told}: {answered or 'the reply as a whole'}" if reasons else told
    if _is_taken_up(worded, moment):
        return f"{told}: {_words(worded)}"
    rest = "; and the reply as a whole" if reasons[0].as_a_whole else ""
    return f"{told}: {answered}; and {_words(worded)}{rest}" if answered else f"{told}: {_words(worded)}{rest}"


def _is_taken_up(reason: Reason, moment: Moment) -> bool:
    """Whether a reason quotes what the customer's answer takes up, or what answers them."""
    taken = moment.taken_up or moment.answering
    return taken is not None and (reason.quote in taken or taken in reason.quote)


def _quoted_for(moment: Moment) -> str:
    """The words that the customer's answer takes up, or that answer what they had asked; empty if there are none."""
    if moment.taken_up:
        return f"“{in_short(printable(moment.taken_up))}”, which the answer takes up"
    return f"“{in_short(printable(moment.answering))}”, which answers what was asked" if moment.answering else ""


def weight_of(reason: Reason) -> float:
    """How far a reason moved the customer for better or worse, in points."""
    return abs(relief(reason.moves))


def reasons_of(moment: Moment) -> list[str]:
    """Why a moment moved the customer: the words, what was seen in them, and what came of it."""
    every = [reason for reason in moment.reasons if reason.moves or not reason.as_a_whole]
    told, small = _weighty(every)
    told.sort(key=lambda reason: not _is_taken_up(reason, moment))
    beside = _quoted_for(moment) if not any(_is_taken_up(reason, moment) for reason in told) else ""
    answered = [beside] if beside else []
    return [*answered, *(_happened(reason) if reason.event else _reason(reason) for reason in told), *_small(small)]


def _weighty(reasons: Sequence[Reason]) -> tuple[list[Reason], list[Reason]]:
    """The reasons that did most, with events, critical errors and what did nothing for its cap; and the others."""
    most = max((weight_of(reason) for reason in reasons if not reason.event), default=0.0)

    def is_told(one: Reason) -> bool:
        held_back = bool(one.caps) and not one.moves
        return one.event or held_back or one.critical is not None or weight_of(one) >= _WEIGHTY * most

    return [one for one in reasons if is_told(one)], [one for one in reasons if not is_told(one)]


def _small(reasons: Sequence[Reason]) -> list[str]:
    """What the reasons that are not told came to together."""
    if not reasons:
        return []
    total = {each: round(sum(one.moves.get(each, 0.0) for one in reasons), 1) for one in reasons for each in one.moves}
    moves = {feeling: points for feeling, points in total.items() if points}
    return [f"Smaller things together: {moved(moves)} (simulator why has each)"]


def _telling(moves: Mapping[Feeling, float], least: float = 3) -> dict[Feeling, float]:
    """The first two, which are the leading feeling and trust, and what else moved by `least` points or more."""
    return {each: points for place, (each, points) in enumerate(moves.items()) if place < 2 or abs(points) >= least}


def _words(reason: Reason) -> str:
    """The words behind a reason in quotation marks; the description of an act without its brackets."""
    text = printable(reason.quote)
    return text[1:-1] if text.startswith("(") else f"“{in_short(text)}”"


def _reason(reason: Reason) -> str:
    if SAID_BEFORE in reason.caps and not reason.moves:
        return f"{_words(reason)}: said before, so it soothed no more"
    if PROMISED_TOO_MUCH in reason.caps and not reason.moves:
        return f"{_words(reason)}: promised more than can be kept, so it soothed nothing"
    if reason.as_a_whole:
        rules = ", ".join(in_words(rule) for rule in reason.rules if rule != WHOLE_REPLY)
        why = f"by what this customer minds or likes ({rules})" if rules else "by no words in particular"
        return f"The reply as a whole, {why}: {moved(reason.moves)}"
    return f"{_words(reason)}: {', '.join(_seen_in(reason))}{_forbidden(reason)}; {moved(reason.moves)}"


def _forbidden(reason: Reason) -> str:
    if reason.critical is CriticalCode.BREAKS_POLICY:
        return ", though policy forbids it"
    return ", though it is a critical error" if reason.critical else ""


def _happened(reason: Reason) -> str:
    return f"Besides, and not the reply's doing ({', '.join(map(in_words, reason.rules))}): {moved(reason.moves)}"


def _seen_in(reason: Reason) -> list[str]:
    """What was seen in the words: the signals; the names of rules only where a rule looked at no signal.

    A rule's name says what its author had in mind, and not what these words say.
    """
    return [SHOWN[signal] for signal in reason.signals] or [in_words(rule) for rule in reason.rules]
