"""Who was forgotten: enough to know them again, and not their names.

Apart from forgetting because export, import, sync and rebuild each ask, and the database may be lost and built again
while these stay. Whoever has the file and guesses a name can check the guess; that cannot be helped, as the program
does just that.
"""

import secrets
import unicodedata
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from pydantic import AwareDatetime, Field, ValidationError

from simulator.errors import StorageError
from simulator.files import content_of
from simulator.storage import whole
from simulator.storage.journal import unwritable
from simulator.vocabulary import Value


class Tombstone(Value):
    """One person who was forgotten."""

    digest: str = Field(pattern="^[0-9a-f]{64}$")
    """sha256 of the salt and the name, however it is spaced, composed or capitalised."""
    at: AwareDatetime


class _Graveyard(Value):
    salt: str = Field(pattern="^[0-9a-f]{64}$")
    """Random, made once for this data folder, so that digests say nothing elsewhere."""
    people: tuple[Tombstone, ...] = ()

    def digest(self, person: str) -> str:
        return sha256(bytes.fromhex(self.salt) + same_name(person).encode("utf-8", "surrogatepass")).hexdigest()


class Tombstones:
    """Those of a data folder."""

    def __init__(self, data: Path) -> None:
        """Look after the file in `data`, which need not exist yet. It is read once."""
        self.path = data / "forgotten.json"
        self._read: _Graveyard | None = None
        self._known: dict[str, bool] = {}

    def holds(self, person: str) -> bool:
        """Whether somebody of this name was forgotten.

        Raises:
            StorageError: the file cannot be read; then nobody can say.
        """
        if person not in self._known:
            yard = self._graveyard()
            digests = {one.digest for one in yard.people} if yard else set()
            self._known[person] = yard is not None and yard.digest(person) in digests
        return self._known[person]

    def lay(self, person: str, at: datetime) -> None:
        """Remember that somebody is to be forgotten; a second time changes nothing.

        Raises:
            StorageError: it could not be stored, or the file cannot be read.
        """
        self._read, self._known = None, {}
        if self.holds(person):
            return
        yard = self._graveyard() or _Graveyard(salt=secrets.token_hex(32))
        stone = Tombstone(digest=yard.digest(person), at=at)
        self._known = {}
        self._read = yard.model_copy(update={"people": (*yard.people, stone)})
        try:
            whole.put(self.path, self._read.model_dump_json(indent=2).encode() + b"\n", 0o600)
        except OSError as error:
            self._read = None
            raise unwritable(self.path.parent, error) from error

    def _graveyard(self) -> _Graveyard | None:
        if self._read is None:
            self._read = _graveyard(self.path)
        return self._read


def same_name(person: str) -> str:
    """What two spellings of one name have in common: spaces, capitals and composed letters do not tell them apart."""
    return unicodedata.normalize("NFC", " ".join(unicodedata.normalize("NFKC", person).casefold().split()))


def _graveyard(path: Path) -> _Graveyard | None:
    try:
        return _Graveyard.model_validate_json(content_of(path))
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise StorageError(f"{path} is damaged, so nobody can say who was forgotten; put back a copy of it.") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be read ({(error.strerror or str(error)).lower()}).") from error
