"""What a database says when something is wrong, as one sentence to act on; and whether it is worth another try.

Apart because two databases and their drivers have some thirty ways to say it, and most of them have no code.
"""

from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from simulator.errors import StorageError

_NOTHING_LOST = (
    "Nothing is lost: the journals have every session, and `simulator sync` stores them once that is mended."
)

_NO_CODE = "none"
_MEANINGS = (
    ("53300", "too many clients", "too many programs are connected to it; try again in a minute"),
    ("53300", "too many connections", "too many programs are connected to it; try again in a minute"),
    ("53300", "remaining connection slots", "too many programs are connected to it; try again in a minute"),
    ("53300", "error response during ssl", "too many programs are connected to it; try again in a minute"),
    ("57P03", "starting up", "it is starting up; try again in a minute"),
    ("57P03", "not yet accepting", "it is starting up; try again in a minute"),
    ("57P01", "shutting down", "it is shutting down; try again when it is up"),
    ("28P01", "password authentication failed", "it refuses the password; correct it in the setting database"),
    ("28P01", "no password supplied", "it wants a password; put one into the setting database, or into ~/.pgpass"),
    ("28000", "no pg_hba.conf entry", "it lets nobody in from here as this user; ask whoever runs it"),
    ("28000", "role", "it does not know this user; correct the setting database"),
    ("3D000", "does not exist", "there is no such database on it; create it, or correct the setting database"),
    ("08001", "connection refused", "nothing answers there; start it, or correct the setting database"),
    ("08001", "no such file or directory", "nothing answers there; start it, or correct the setting database"),
    ("08001", "failed to resolve", "there is no machine of that name; correct the setting database"),
    ("08001", "could not translate host", "there is no machine of that name; correct the setting database"),
    ("08001", "name or service not known", "there is no machine of that name; correct the setting database"),
    ("08001", "timeout expired", "it does not answer; look at the network, or correct the setting database"),
    ("42501", "permission denied", "this database role may not do that; ask whoever runs it"),
    ("42501", "row-level security", "this database role may not do that; ask whoever runs it"),
    ("53100", "no space left", "its disk is full; free some space"),
    ("SQLITE_FULL", "is full", "the disk is full; free some space"),
    ("SQLITE_BUSY", "is locked", "another program is writing to it and does not stop; end that one, or wait"),
    (
        "SQLITE_NOTADB",
        "not a database",
        "it is no database of this program; move it away, and `simulator sync` makes one",
    ),
    (
        "SQLITE_CORRUPT",
        "malformed",
        "it is damaged; move it away, and `simulator sync` makes it again from the journals",
    ),
    ("SQLITE_READONLY", "readonly database", "it cannot be written; make the file and its folder writable"),
    ("SQLITE_CANTOPEN", "unable to open", "it cannot be opened; look whether its folder is there and writable"),
)
"""How a code begins, what is in the message where there is none, lower case, and what they come to."""

_PASSING_CODES = ("40001", "40P01", "53300", "57P01", "57P02", "57P03", "57P05", "08", "SQLITE_BUSY", "SQLITE_LOCKED")
_PASSING_WORDS = (
    "too many clients",
    "too many connections",
    "remaining connection slots",
    "error response during ssl exchange",
    "starting up",
    "shutting down",
    "not yet accepting",
    "in recovery mode",
    "is locked",
    "server closed the connection",
    "connection is lost",
    "connection is closed",
    "terminating connection",
    "consuming input failed",
    "connection reset",
    "broken pipe",
    "eof detected",
)
_AWAY_WORDS = ("connection refused", "no such file or directory", "connection timeout", "timeout expired")


def told(error: SQLAlchemyError, database: str) -> StorageError:
    """The sentence about what went wrong.

    Args:
        error: What the driver raised.
        database: Its name for people, without a password.
    """
    code, words = _code(error), _words(error)
    for beginning, phrase, meaning in _MEANINGS:
        if code.startswith(beginning) or (code == _NO_CODE and phrase in words):
            return StorageError(f"The store {database} cannot be used: {meaning}. {_NOTHING_LOST}")
    first = next(_lines(error), "no reason given").rstrip(".")
    return StorageError(f"The store {database} cannot be used: {first}. {_NOTHING_LOST}")


def passing(error: SQLAlchemyError) -> bool:
    """Whether the same may well succeed in a moment: too many connections, a restart, a lock, a deadlock."""
    code, words = _code(error), _words(error)
    broken = isinstance(error, DBAPIError) and error.connection_invalidated
    return broken or code.startswith(_PASSING_CODES) or any(phrase in words for phrase in _PASSING_WORDS)


def away(error: SQLAlchemyError) -> bool:
    """Whether nothing answers at all, as while a server is started again."""
    return any(phrase in _words(error) for phrase in _AWAY_WORDS)


def _code(error: SQLAlchemyError) -> str:
    origin = getattr(error, "orig", None)
    return str(getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None) or _NO_CODE)


def _words(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).lower()


def _lines(error: SQLAlchemyError) -> Iterator[str]:
    text = str(getattr(error, "orig", None) or error)
    return (line.strip() for line in text.splitlines() if line.strip())
