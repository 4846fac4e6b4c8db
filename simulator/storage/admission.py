"""What a session must be, beyond undamaged, to be taken in by a lead: fit to be stored, compared and shown.

Apart from the file format because these are matters of judgement, which may change while the format stays.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from simulator.events import Event
from simulator.storage.handin import HandIn, Refused
from simulator.storage.keys import KnownKeys

LONGEST_NAME = 80
AHEAD = timedelta(days=1)
"""How far the clock of a trainee's machine may be ahead of this one's."""
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
"""Computers that lost their clock begin again in 1970, 1980 or 2000."""

_SESSION = re.compile(r"[0-9][0-9a-z-]{0,63}")
"""An id that is safe as the name of a file on every system; those this program gives are among them."""
_FORMULA = frozenset("=+-@")
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width joiner and non-joiner, which names in several scripts need."""


def check_fit(handin: HandIn, now: datetime) -> None:
    """Nothing, where the session can be taken in.

    Raises:
        Refused: it cannot; the sentence, without the file's name, says why.
    """
    started = handin.session.started
    if not _SESSION.fullmatch(started.session):
        raise Refused(f"its session id, {shown(started.session)}, is none that this program gives.")
    if trouble := unfit_name(started.trainee):
        raise Refused(
            f"the trainee's name {trouble}; `simulator sessions export --as NAME` hands in under another name."
        )
    if handin.session.ended is None:
        raise Refused(f"the session is not finished; `simulator resume {started.session}` goes on with it.")
    _check_clock([event.at for event in handin.events], now)


def check_signer(handin: HandIn, keys: KnownKeys) -> None:
    """Nothing, where somebody known signed, and not in another's name.

    Raises:
        Refused: nobody did, a stranger did, or somebody else than the trainee.
    """
    signer, trainee = handin.signer, handin.session.started.trainee
    if signer is None:
        raise Refused(f"it is not signed, and only keys in {keys.source} are taken.")
    if keys.name_of(signer) is None:
        raise Refused(f"it is signed with a key that is not in {keys.source} ({signer}).")
    owners = keys.keys_of(trainee)
    if owners and signer not in owners:
        whose = shown(keys.names[signer] or signer)
        raise Refused(f"it is signed by {whose}, and the session says that it is {shown(trainee)}'s.")


def unfit_name(name: str) -> str | None:
    """What is wrong with a name, to follow "the name"; None where nothing is."""
    if not name.strip():
        return "is empty"
    if len(name) > LONGEST_NAME:
        return f"has {len(name):,} characters ({LONGEST_NAME} are allowed)"
    if any(_is_hidden(character) for character in name):
        return "holds control characters or others that cannot be seen"
    if name != name.strip():
        return "begins or ends with a space"
    if unicodedata.normalize("NFKC", name)[0] in _FORMULA:
        return f"begins with {name[0]}, which spreadsheets take for a formula"
    return None


def clock_trouble(events: Sequence[Event]) -> str | None:
    """Where the clock of the journal first goes back by a second or more, as a sentence; None where it does not."""
    for number, (before, after) in enumerate(pairwise(events), start=3):
        if (back := before.at - after.at) >= timedelta(seconds=1):
            return f"the clock goes back by {back.total_seconds():,.0f} s at line {number}, so times are left out."
    return None


def shown(text: str) -> str:
    """Words from a file in quotes, cut and made harmless for one line of a terminal."""
    plain = "".join("\N{REPLACEMENT CHARACTER}" if _is_hidden(character) else character for character in text)
    return f'"{plain if len(plain) <= LONGEST_NAME else plain[:LONGEST_NAME] + "…"}"'


def _check_clock(moments: Sequence[datetime], now: datetime) -> None:
    first, last = min(moments), max(moments)
    if last > now + AHEAD:
        raise Refused(f"it was played in the future ({_day(last)}), so the clock of that computer or of this is wrong.")
    if first < EARLIEST:
        raise Refused(f"it was played before this program was made ({_day(first)}), so the clock there was wrong.")


def _day(moment: datetime) -> str:
    return moment.isoformat(" ", "minutes")


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} and character not in _JOINERS
