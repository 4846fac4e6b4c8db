"""Checking a hand-in file to its last byte, and telling where it breaks.

Apart from reading a journal because a journal is trusted, and mended where a crash cut it short. A file that was handed
in is neither: it is byte for byte what was exported, or it is refused with the place where it is not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from pydantic import ValidationError

from simulator.events import EVENT, SCHEMA_VERSION, Event, SessionStarted
from simulator.session import Session
from simulator.storage.chain import START, link
from simulator.storage.handin import (
    MOST_EVENTS,
    VERSION,
    Closing,
    HandIn,
    Header,
    Refused,
    is_canonical,
    line_of,
    sealed,
)
from simulator.storage.keys import is_signed
from simulator.strict_json import NotJson, value_of

_HEADER = b'{"format":"simsession",'
_CLOSING = b'{"events":'
_ROW = re.compile(rb'\{"link":"([0-9a-f]{64})","event":(.*)\}')
_COUNT = re.compile(rb'\{"events":([0-9]{1,7}),')
_KIND = re.compile(rb'"kind": ?"([a-z_]{1,40})"')
_TURN = re.compile(rb'"turn":([0-9]{1,6})[,}]')


@dataclass(frozen=True)
class _Row:
    """A line between the first and the last, taken apart."""

    number: int
    """Of the line in the file, from 1."""
    link: str
    line: bytes
    """The event."""

    @property
    def place(self) -> str:
        return _place(self.number, self.line)


def verified(data: bytes) -> HandIn:
    """What a file holds, if not one byte of it differs from what was exported.

    Raises:
        Refused: it does, or it is no such file; the sentence, without the file's name, says where.
    """
    first, *others = _lines(data)
    header = _header(first)
    closed = bool(others) and others[-1].startswith(_CLOSING)
    rows = [_row(number, line) for number, line in enumerate(others[:-1] if closed else others, start=2)]
    told = _COUNT.match(others[-1]) if closed else None
    _check_chain(rows, int(told[1]) if told else None)
    if not closed:
        raise Refused(f"it is cut short after {_last_place(rows)}: the closing line is missing.")
    _check_closing(others[-1], first, header, rows)
    events = tuple(_event(row) for row in rows)
    session = _folded(events, rows)
    if session.id != header.session:
        raise Refused("line 1 (the header) names another session than the first event.")
    return HandIn(data, header, events, tuple(row.link for row in rows), session)


def _lines(data: bytes) -> list[bytes]:
    """The lines of a text that is laid out as it was exported.

    Raises:
        Refused: it is no such text.
    """
    if not data:
        raise Refused("it is empty.")
    for mark, what in _FOREIGN.items():
        if data.startswith(mark):
            raise Refused(what)
    if not data.startswith(_HEADER):
        raise Refused("it is no hand-in file: line 1 is not the header of one.")
    if b"\r\n" in data:
        raise Refused("its line ends were changed (to CRLF); hand in the file as it was exported.")
    *lines, tail = data.split(b"\n")
    if tail:
        place = _place(len(lines) + 1, tail)
        after = bool(lines) and lines[-1].startswith(_CLOSING)
        raise Refused(f"{place} was added after the closing line." if after else f"it is cut short in {place}.")
    if len(lines) > MOST_EVENTS + 2:
        raise Refused(f"it has more than {MOST_EVENTS:,} events, which no session has.")
    return lines


_FOREIGN = {
    b"\xef\xbb\xbf": "an editor has put a mark (BOM) before line 1; hand in the file as it was exported.",
    b"PK\x03\x04": "it is a zip archive; unpack it, and hand in the .simsession files in it.",
    b"\x1f\x8b": "it is packed with gzip; unpack it first.",
}


def _header(line: bytes) -> Header:
    try:
        value = value_of(line)
        if isinstance(value, dict) and isinstance(version := value.get("version"), int) and version > VERSION:
            raise Refused(
                f"it was exported by a newer version of the program (format {version}; this one reads up to "
                f"{VERSION}): update the program."
            )
        header = Header.model_validate(value)
    except (NotJson, ValidationError) as error:
        raise Refused("line 1 (the header) is damaged.") from error
    if line_of(header) != line:
        raise Refused("line 1 (the header) is not written as it was exported.")
    return header


def _row(number: int, line: bytes) -> _Row:
    found = _ROW.fullmatch(line)
    if found is None:
        raise Refused(f"{_place(number, line)} is damaged: it is no event with its link.")
    return _Row(number, found[1].decode(), found[2])


def _check_chain(rows: Sequence[_Row], told: int | None) -> None:
    """Nothing, where each event follows the one before; `told`: how many there are by the closing line."""
    last = START
    for at, row in enumerate(rows):
        follows = link(last, row.line)
        if follows.hex() != row.link:
            raise Refused(f"{row.place} breaks the chain: {_break(rows, at, last, told)}")
        last = follows


def _break(rows: Sequence[_Row], at: int, last: bytes, told: int | None) -> str:
    """What was done there, as far as the lines tell."""
    row = rows[at]
    earlier = next((one for one in rows[:at] if one.link == row.link), None)
    if earlier:
        return f"it repeats line {earlier.number}."
    due = next((one for one in rows[at + 1 :] if _fits(last, one)), None)
    if due:
        moved = any(_fits(bytes.fromhex(one.link), row) for one in rows[at + 1 :])
        return f"line {due.number} belongs here, so {'the order' if moved else 'this line'} was changed."
    if at + 1 < len(rows) and _fits(link(last, row.line), rows[at + 1]):
        return "its link was changed."
    if told is not None and told > len(rows):
        return f"before it {told - len(rows)} of {told} events are missing."
    return "it was changed after it was exported."


def _fits(last: bytes, row: _Row) -> bool:
    return link(last, row.line).hex() == row.link


def _check_closing(line: bytes, first: bytes, header: Header, rows: Sequence[_Row]) -> None:
    place = f"line {len(rows) + 2} (the closing line)"
    try:
        closing = Closing.model_validate(value_of(line))
    except (NotJson, ValidationError) as error:
        raise Refused(f"{place} is damaged.") from error
    if line_of(closing) != line:
        raise Refused(f"{place} is not written as it was exported.")
    if not rows or (closing.events, closing.last) != (len(rows), rows[-1].link):
        raise Refused(
            f"{place} tells of {closing.events} events with another end, and the file holds {len(rows)}: events after "
            f"{_last_place(rows)} are missing, or were added."
        )
    message = sealed(first, closing.last)
    if closing.seal != sha256(message).hexdigest():
        raise Refused(f"line 1 (the header) or {place} was changed: the seal does not fit them.")
    if (header.key is None) != (closing.signature is None):
        raise Refused(f"line 1 (the header) and {place} disagree on whether the file is signed.")
    if header.key and closing.signature and not is_signed(header.key, message, closing.signature):
        raise Refused(f"{place}: the signature is not of the key in line 1 over these events.")


def _event(row: _Row) -> Event:
    if not is_canonical(row.line):
        raise Refused(f"{row.place} is not written as this program writes events.")
    if row.number == 2:
        _check_schema(value_of(row.line))
    try:
        return EVENT.validate_json(row.line)
    except ValidationError as error:
        raise Refused(f"{row.place} is not an event that this program knows; a newer one may.") from error


def _check_schema(start: object) -> None:
    version = start.get("schema_version") if isinstance(start, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise Refused(
            f"the session was played with a newer version of the program (format {version}; this one reads up to "
            f"{SCHEMA_VERSION}): update the program."
        )


def _folded(events: Sequence[Event], rows: Sequence[_Row]) -> Session:
    first, *others = events
    if not isinstance(first, SessionStarted):
        raise Refused(f"{rows[0].place} cannot come first: a session begins with session_started.")
    session = Session(started=first)
    for event, row in zip(others, rows[1:], strict=True):
        try:
            session = session.after(event)
        except ValueError as error:
            raise Refused(f"{row.place} cannot happen there: {error}.") from error
    return session


def _last_place(rows: Sequence[_Row]) -> str:
    return rows[-1].place if rows else "line 1 (the header)"


def _place(number: int, line: bytes) -> str:
    """A line and what it is, as far as that can be made out of it."""
    if line.startswith(_CLOSING):
        return f"line {number} (a closing line)"
    kind, turn = _KIND.search(line), _TURN.search(line)
    what = kind[1].decode() if kind else "what cannot be made out"
    return f"line {number} ({what}{f', turn {int(turn[1])}' if kind and turn else ''})"
