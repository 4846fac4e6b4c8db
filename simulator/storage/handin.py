"""Hand-in files: one finished session in one file that anybody can check; docs/handin.md tells the format.

Apart from checking one (`verifying`) because whoever writes or keeps files need not know how each can be broken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, Protocol

from pydantic import Field
from pydantic_core import PydanticSerializationError, to_json

from simulator.errors import SimulatorError
from simulator.events import Event
from simulator.session import Session
from simulator.storage.chain import chain
from simulator.strict_json import NotJson, value_of
from simulator.vocabulary import Value

SUFFIX = ".simsession"
VERSION = 1
MOST_BYTES = 20_000_000
"""Of a file that is read; far more than any session has."""
MOST_EVENTS = 10_000

_HEX_32 = "^[0-9a-f]{64}$"


class Refused(SimulatorError):
    """What was handed in is not taken in; the sentence says why, and where the file breaks."""


class Signer(Protocol):
    """Whoever puts a name to a file with a key."""

    @property
    def public(self) -> str:
        """The key that others check by, 64 hexadecimal digits."""
        ...

    def sign(self, message: bytes) -> str:
        """The Ed25519 signature of a message, 128 hexadecimal digits."""
        ...


class Header(Value):
    """The first line."""

    format: Literal["simsession"] = "simsession"
    version: Literal[1] = 1
    session: str
    """Id of the session, as in its first event."""
    app: str
    """Version of the program that wrote the file."""
    key: str | None = Field(default=None, pattern=_HEX_32)
    """Public key of whoever signed; None: unsigned."""


class Closing(Value):
    """The last line."""

    events: int = Field(ge=1)
    """How many there are."""
    last: str = Field(pattern=_HEX_32)
    """Link of the last event."""
    seal: str = Field(pattern=_HEX_32)
    """sha256 of what is signed: the header line, a line feed, the last link in hexadecimal."""
    signature: str | None = Field(default=None, pattern="^[0-9a-f]{128}$")
    """Ed25519, over the same bytes."""


@dataclass(frozen=True)
class HandIn:
    """A file that was checked to its last byte."""

    data: bytes
    header: Header
    events: tuple[Event, ...]
    links: tuple[str, ...]
    """Of each event, in the chain."""
    session: Session

    @property
    def digest(self) -> str:
        """The last link, which stands for all events."""
        return self.links[-1]

    @property
    def signer(self) -> str | None:
        """The key whose signature was checked; None: unsigned."""
        return self.header.key


def written(session: str, lines: Sequence[bytes], app: str, signer: Signer | None = None) -> bytes:
    """The file of a session.

    Args:
        session: Its id.
        lines: Every event as canonical JSON.
        app: Version of this program.
        signer: Whoever signs; None: nobody does.
    """
    header = line_of(Header(session=session, app=app, key=signer.public if signer else None))
    links = list(chain(lines))
    rows = [_row(each, line) for each, line in zip(links, lines, strict=True)]
    message = sealed(header, links[-1])
    closing = Closing(
        events=len(lines),
        last=links[-1],
        seal=sha256(message).hexdigest(),
        signature=signer.sign(message) if signer else None,
    )
    return b"\n".join([header, *rows, line_of(closing), b""])


def is_canonical(line: bytes) -> bool:
    """Whether an event is written as this program writes it: no space, no key twice, no needless escape, no NaN."""
    try:
        return to_json(value_of(line), inf_nan_mode="null") == line
    except (NotJson, PydanticSerializationError, ValueError):
        return False


def line_of(value: Value) -> bytes:
    """A first or last line, without its line end."""
    return value.model_dump_json().encode()


def _row(each: str, line: bytes) -> bytes:
    return b'{"link":"%s","event":%s}' % (each.encode(), line)


def sealed(header: bytes, last: str) -> bytes:
    """What is signed, and of which the seal is the digest."""
    return header + b"\n" + last.encode()
