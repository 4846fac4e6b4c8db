"""Cards of model files, one JSON file for each digest, beside the sessions.

Apart from `qualification`, which decides what a card says and touches no disk.
"""

import hashlib
from pathlib import Path

from pydantic import ValidationError

from simulator.errors import ModelError, StorageError
from simulator.files import content_of, opened
from simulator.qualification import Card, ModelFile
from simulator.storage.journal import unwritable

_MAGIC = b"GGUF"


class Cards:
    """The cards in a folder, which is made on first use."""

    def __init__(self, folder: Path) -> None:
        """Look after `folder`, which need not exist yet."""
        self.folder = folder

    def keep(self, card: Card) -> Path:
        """Put a card on disk in place of an older one of the same file; where it lies.

        Raises:
            StorageError: it could not be stored; the older one is still there.
        """
        path = self.folder / f"{card.model.sha256}.json"
        draft = path.with_suffix(".new")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            raise unwritable(self.folder, error) from error
        return path

    def of(self, model: Path) -> Card | None:
        """The card of a model file, found by its content; None if there is none.

        A file is only read to its end where some card is about a file of its size.

        Raises:
            ModelError: the file is missing or no model.
            StorageError: a card cannot be read.
        """
        size = _size(model)
        if all(card.model.size != size for card in self._all()):
            return None
        digest = identified(model).sha256
        return next((card for card in self._all() if card.model.sha256 == digest), None)

    def _all(self) -> list[Card]:
        return [_card(path) for path in sorted(self.folder.glob("*.json"))]


def identified(path: Path) -> ModelFile:
    """Name, size and digest of a model file.

    Raises:
        ModelError: it is missing, cannot be read, or is no GGUF file.
    """
    size = _size(path)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error
    return ModelFile(name=path.stem, size=size, sha256=digest)


def _size(path: Path) -> int:
    """How long a GGUF file is, in bytes."""
    try:
        with opened(path) as file:
            magic = file.read(len(_MAGIC))
        size = path.stat().st_size
    except IsADirectoryError as error:
        raise ModelError(f"{path} is a folder; name a .gguf file in it with --model.") from error
    except FileNotFoundError as error:
        raise ModelError(f"There is no model file at {path}.") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if magic != _MAGIC:
        raise ModelError(f"{path} is not a model that llama.cpp can load; choose a .gguf file with --model.")
    return size


def _unreadable(path: Path, error: OSError) -> ModelError:
    return ModelError(f"The model file {path} cannot be read ({(error.strerror or str(error)).lower()}).")


def _card(path: Path) -> Card:
    try:
        return Card.model_validate_json(content_of(path))
    except ValidationError as error:
        raise StorageError(f"{path} is damaged; delete it, and `simulator model qualify` measures again.") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be read ({(error.strerror or str(error)).lower()}).") from error
