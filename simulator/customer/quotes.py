"""The trainee's own words for the slots of a line: what they said, promised, and by when.

Apart from the bank, because what makes a quotation short and clean is a question of language.
"""

import re
from collections.abc import Iterable, Sequence

from simulator.content.casting import slots_in
from simulator.customer.emotion import strongest
from simulator.session import Session, Turn
from simulator.spelling import respelt
from simulator.vocabulary import SignalName

_ECHOED = frozenset(("you_said", "promised"))
_THROWN_BACK = (
    SignalName.HIDES_BEHIND_POLICY,
    SignalName.DEFLECTS,
    SignalName.DISMISSES_FEELING,
    SignalName.BLAMES_CUSTOMER,
    SignalName.PASSIVE_PROMISE,
    SignalName.HANDS_OFF,
    SignalName.USES_JARGON,
    SignalName.STOCK_PHRASE,
)
_LONGEST = 8
"""Words of a quotation one can throw back in one breath."""
_LEADS = re.compile(r"^(?:(?:and|but|so|well|then|okay|ok|right|look|as i said|unfortunately|actually)\b[ ,]*)+", re.I)
_TRAILS = re.compile(
    r"[\s,;:.!?\u2013\u2014-]+(?:(?:but |and )?(?:i'm |i am |we're |so )?(?:very |so |really )?sorry(?: about that)?"
    r"|i'm afraid|please|sir|madam|thank you|thanks|okay|ok|but|and)$",
    re.I,
)


def is_echo(line: str) -> bool:
    """Whether an authored line throws the trainee's own words back."""
    return bool(_ECHOED & slots_in(line))


def echoes(session: Session) -> dict[str, str]:
    """The trainee's own words for play-time slots, those that there are: short, clean, and well spelt."""
    spoken = [turn for turn in session.turns if turn.reading]
    found = {
        "you_said": _words(spoken[-1:], _THROWN_BACK),
        "promised": _words(reversed(spoken), (SignalName.COMMITS_ACTION,)),
        "promised_time": _time(reversed(spoken)),
    }
    return {slot: words for slot, words in found.items() if words}


def _words(turns: Iterable[Turn], names: Sequence[SignalName]) -> str:
    for turn in turns:
        for name in names:
            signal = strongest(turn, name)
            if signal and signal.span and (fragment := clean_fragment(signal.span.quote)):
                return fragment
    return ""


def _time(turns: Iterable[Turn]) -> str:
    signals = (strongest(turn, SignalName.GIVES_TIME) for turn in turns)
    return next((clean_fragment(signal.about) for signal in signals if signal and signal.about), "")


def clean_fragment(quote: str) -> str:
    """A quotation, well spelt, without fillers at its ends; empty if it is too long or one mark lacks its pair."""
    opening = quote.split(maxsplit=1)[:1]
    names = frozenset(word.lower() for word in opening if word[:1].isupper())
    words = " ".join(respelt(quote, names).text.split()).strip(" .,;:!?\"'\u201c\u201d")
    words = _LEADS.sub("", words)
    while (shorter := _TRAILS.sub("", words)) != words:
        words = shorter
    words = words.strip(" .,;:!?")
    whole = words.count("(") == words.count(")") and words.count('"') % 2 == 0 and not re.search(r"[.!?\u2026]", words)
    return words if whole and 0 < len(words.split()) <= _LONGEST else ""
