"""Packs: content from somebody else, as a folder, a zip file or an installed package; and the content that ships.

Apart, because nothing here trusts what it reads. A zip file is never unpacked: its members are read in memory, and
a path goes on inside it (`rail.zip/scenarios/late.yaml`). A package that brings a pack is located and not imported.
"""

import errno
import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from simulator.content.problem import quoted
from simulator.errors import ContentError
from simulator.files import opened

GROUP = "simulator.content"
"""Entry points that name a folder in an installed package: `rail = "rail_pack.content"`."""
FOLDERS = ("scenarios", "personas", "rubrics")
SUFFIXES = (".yaml", ".yml")

MOST_BYTES = 10_000_000
"""Of a zip file as it lies on the disk."""
MOST_UNPACKED_BYTES = 50_000_000
"""Of all its members together, by what they declare; none gives more than it declares."""
MOST_MEMBERS = 2_000

_DAMAGE = (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OverflowError, struct.error, zlib.error)
"""What the standard library may say about a zip file that is none, or a damaged one."""
_OUTSIDE = re.compile(r"^/|^[A-Za-z]:|\\|(^|/)\.\.(/|$)")
_ENCRYPTED = 1


class Installed(NamedTuple):
    """A pack that came with an installed package."""

    name: str
    package: str
    """Name and version of the distribution."""
    root: Path


def shipped() -> Path:
    """The folder with the content that comes with the program."""
    package = Path(__file__).resolve().parents[1]
    return package.parent if (package.parent / "scenarios").is_dir() else package / "shipped"


def roots(named: Sequence[Path]) -> tuple[Path, ...]:
    """Where content comes from, what comes later shadowing the earlier: shipped, installed by name, named by settings.

    Raises:
        ContentError: see `installed`.
    """
    return shipped(), *(pack.root for pack in installed()), *named


def installed() -> tuple[Installed, ...]:
    """Packs of installed packages, by name. None of their code runs.

    Raises:
        ContentError: two have one name, or a package does not have the folder that it names.
    """
    packs: dict[str, Installed] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, _package(entry))):
        pack = Installed(entry.name, _package(entry), _folder(entry))
        if other := packs.get(entry.name):
            both = f"{other.package} and {pack.package}"
            raise ContentError(f"Two installed packs are called {quoted(entry.name)}: {both}; uninstall one of them.")
        packs[entry.name] = pack
    return tuple(packs.values())


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "a package without a name"


def _folder(entry: EntryPoint) -> Path:
    """The folder an entry point names by dots, below the package that its first word is."""
    package, *below = re.split(r"[.:]", entry.value.replace(" ", ""))
    for location in _locations(package):
        folder = Path(location, *below)
        if folder.is_dir() and _is_within(folder, Path(location)):
            return folder
    named = f"{quoted(entry.value)} for the pack {quoted(entry.name)}"
    raise ContentError(f"{_package(entry)} names the folder {named}, and does not have it; uninstall or mend it.")


def _locations(package: str) -> Sequence[str]:
    """Folders of a top-level package; asking for a deeper one would import it."""
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        return ()
    return tuple(spec.submodule_search_locations or ()) if spec else ()


def check(root: Path) -> None:
    """Do nothing if a pack can be read from.

    Raises:
        ContentError: it is neither a folder nor a zip file, or a zip file that is refused as a whole.
    """
    folder_of(root)


def folder_of(root: Path) -> Path:
    """The folder of a pack in which `scenarios/` and the others lie; in a zip file that may be one further down.

    Raises:
        ContentError: see `check`.
    """
    if root.suffix.lower() != ".zip" or root.is_dir():
        if root.exists() and not root.is_dir():
            raise ContentError(f"{root} is neither a folder nor a .zip file.")
        return root
    with _archive(root) as archive:
        tops = {path.parent.parent for path in _authored(archive)}
    if len(tops) != 1 or len((top := tops.pop()).parts) > 1:
        raise _refusal(root, "it should hold scenarios/, personas/ or rubrics/ once, at the top or in one folder")
    return root / top


def authored_in(folder: Path) -> list[Path]:
    """The YAML files that lie in a folder, or in a folder of a zip file, by name, hidden ones apart; none if there is
    no such folder.

    Raises:
        ContentError: a name holds what no terminal should show, or a zip file is refused.
    """
    place = _in_zip(folder)
    if place is None:
        files = (path for suffix in SUFFIXES for path in folder.glob(f"*{suffix}"))
        return sorted(_typable(path) for path in files if not path.name.startswith("."))
    with _archive(place.zip) as archive:
        return sorted(place.zip / path for path in _authored(archive) if path.parent == place.inside)


def first_bytes(path: Path, most: int) -> bytes:
    """Up to so many bytes of a file in a folder or in a zip file.

    Raises:
        OSError: it cannot be read, is a pipe or a device, or a link that leads out of its pack.
        ContentError: the zip file is refused.
    """
    place = _in_zip(path)
    if place is None:
        if _leads_out(path):
            raise OSError(errno.EINVAL, "it is a link that leads out of its pack", str(path))
        with opened(path) as file:
            return file.read(most)
    with _archive(place.zip) as archive:
        names = {PurePosixPath(name): name for name in archive.namelist()}  # a packer may have written ./scenarios/
        if place.inside not in names:
            raise FileNotFoundError(errno.ENOENT, "there is no such file", str(path))
        with archive.open(names[place.inside]) as member:
            return member.read(most)


def _typable(path: Path) -> Path:
    if not path.name.isprintable():
        raise ContentError(f"{path.parent} holds a file whose name cannot be shown, {quoted(path.name)}; rename it.")
    return path


def _leads_out(path: Path) -> bool:
    """Whether a file of a pack lies elsewhere in truth. An installer may link what ships, and may be trusted."""
    folder = path.absolute().parent
    if folder.name not in FOLDERS or folder.parent == shipped():
        return False
    return not _is_within(path, folder.parent)


def _is_within(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


class _Place(NamedTuple):
    """Where a path leads inside a zip file."""

    zip: Path
    inside: PurePosixPath


def _in_zip(path: Path) -> _Place | None:
    for parent in (path, *path.parents):
        if parent.suffix.lower() == ".zip" and parent.is_file():
            return _Place(parent, PurePosixPath(path.relative_to(parent).as_posix()))
    return None


def _authored(archive: ZipFile) -> Iterator[PurePosixPath]:
    """Members that are content. What a system's own packer adds to a folder is left out."""
    for name in archive.namelist():
        path = PurePosixPath(name)
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
        if path.suffix in SUFFIXES and path.parent.name in FOLDERS and not hidden:
            yield path


@contextmanager
def _archive(path: Path) -> Iterator[ZipFile]:
    """A zip file, open, all of whose members may be read.

    Raises:
        ContentError: it cannot be opened, is none, is damaged, is too large, or holds what no pack should.
    """
    try:
        with _file(path) as file:
            if os.fstat(file.fileno()).st_size > MOST_BYTES:
                raise _refusal(path, f"it is larger than {MOST_BYTES:,} bytes")
            with ZipFile(file) as archive:
                if fault := _fault(archive.infolist()):
                    raise _refusal(path, fault)
                yield archive
    except _DAMAGE as error:
        raise ContentError(f"{path} is no zip file that can be read ({error}).") from error


def _file(path: Path) -> BinaryIO:
    try:
        return opened(path)
    except OSError as error:
        raise ContentError(f"{path} cannot be read ({(error.strerror or str(error)).lower()}).") from error


def _refusal(path: Path, fault: str) -> ContentError:
    return ContentError(f"The pack {path} is refused: {fault}.")


def _fault(members: Sequence[ZipInfo]) -> str | None:
    """Why members must not be read; None if they may."""
    if len(members) > MOST_MEMBERS:
        return f"it holds more than {MOST_MEMBERS:,} files"
    if sum(member.file_size for member in members) > MOST_UNPACKED_BYTES:
        return f"its files are larger than {MOST_UNPACKED_BYTES:,} bytes together"
    seen: set[PurePosixPath] = set()
    for member in members:
        if fault := _fault_of(member, seen):
            return f"it holds {quoted(member.orig_filename)}, {fault}"
        seen.add(PurePosixPath(member.filename))
    return None


def _fault_of(member: ZipInfo, seen: set[PurePosixPath]) -> str | None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if _OUTSIDE.search(member.orig_filename):
        return "which leads out of it"
    if not member.orig_filename.isprintable():
        return "a name that cannot be shown"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "which is a link or a device"
    if member.flag_bits & _ENCRYPTED:
        return "which asks for a password"
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "packed in a way that is not read here (deflate is)"
    return "twice" if PurePosixPath(member.filename) in seen else None
