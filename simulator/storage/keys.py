"""Keys: the one that a trainee signs hand-in files with, and those a lead knows.

Apart from the files themselves because only this module knows the library behind Ed25519, and loads it when asked.
"""

import os
import re
import secrets
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import StorageError, UsageError
from simulator.files import content_of
from simulator.storage import whole
from simulator.storage.journal import unwritable

_HEX_32 = re.compile(r"[0-9a-f]{64}")


class TraineeKey:
    """A private key at work; see `own_key`."""

    def __init__(self, secret: bytes) -> None:
        """Sign with the key that these 32 bytes are."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._private = Ed25519PrivateKey.from_private_bytes(secret)

    @property
    def public(self) -> str:
        """What others check by, 64 hexadecimal digits."""
        return self._private.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """The signature, 128 hexadecimal digits."""
        return self._private.sign(message).hex()


@dataclass(frozen=True)
class KnownKeys:
    """Keys that a lead trusts, each with a name; where there are any, nothing else is taken in."""

    source: str
    """What the list is called in a sentence."""
    names: Mapping[str, str]
    """Whose each key is; empty where the list does not say."""

    def name_of(self, key: str) -> str | None:
        """Whose a key is; None for a stranger's."""
        return self.names.get(key)

    def keys_of(self, name: str) -> frozenset[str]:
        """The keys that stand under a name."""
        return frozenset(key for key, owner in self.names.items() if owner == name)


def key_path(data: Path) -> Path:
    """Where the private key of an installation lies."""
    return data / "signing-key"


def trusted_path(data: Path) -> Path:
    """Where a lead's own list of known keys lies, if they keep one."""
    return data / "trusted-keys.txt"


def own_key(data: Path) -> TraineeKey:
    """This installation's key, made once; only its owner can read the file.

    Raises:
        StorageError: it cannot be made or read, is damaged, or others can read it.
    """
    path = key_path(data)
    try:
        if not path.exists():
            _make(path)
        _check_private(path)
        text = content_of(path).decode("ascii", "replace").strip()
    except OSError as error:
        raise unwritable(data, error) from error
    if not _HEX_32.fullmatch(text):
        raise StorageError(f"{path} is damaged; delete it, and a new key is made, which your lead has to be told of.")
    return TraineeKey(bytes.fromhex(text))


def known_keys(text: str, source: str) -> KnownKeys:
    """A list of keys: on each line 64 hexadecimal digits and, if you like, whose they are; # begins a remark.

    Args:
        text: Of the list.
        source: What it is called in a sentence.

    Raises:
        UsageError: a line is something else, a key stands there twice, or there is none.
    """
    names: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        key, _, name = line.partition("#")[0].strip().partition(" ")
        if not key:
            continue
        if not _HEX_32.fullmatch(key):
            raise UsageError(f"{source}, line {number} does not begin with a key (64 hexadecimal digits, lower case).")
        if key in names:
            raise UsageError(f"{source}, line {number} has a key that stands there already.")
        names[key] = " ".join(name.split())
    if not names:
        raise UsageError(f"{source} has no key in it; `simulator sessions key` prints a trainee's.")
    return KnownKeys(source, names)


def is_signed(key: str, message: bytes, signature: str) -> bool:
    """Whether the owner of a public key signed just these bytes; both in hexadecimal."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(path: Path) -> None:
    """Of two that are made at once, the first stays."""
    made = whole.draft(
        path.with_name(f"{path.name}-{secrets.token_hex(4)}"), f"{secrets.token_hex(32)}\n".encode(), 0o600
    )
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        made.unlink(missing_ok=True)


def _check_private(path: Path) -> None:
    if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise StorageError(
            f"{path} can be read by others, so it proves nothing; if nobody did, `chmod 600` it, else delete it."
        )
