"""Settings, each with where it comes from: a flag, the environment, the settings file, or the default."""

import os
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator

from simulator.content.packs import check
from simulator.errors import StorageError, UsageError
from simulator.files import content_of
from simulator.vocabulary import Value

APP = "simulator"
Origin = Literal["flag", "environment", "settings file", "default"]


class DatabaseAddress(Value):
    """Where the store of records is; shown without its password, and without options, which may hold one too."""

    url: SecretStr

    @field_validator("url")
    @classmethod
    def _known(cls, value: SecretStr) -> SecretStr:
        known = value.get_secret_value().startswith(("sqlite:///", "postgresql://", "postgres://"))
        if not known or "\0" in value.get_secret_value():
            raise ValueError("is no address of a database")
        return value

    def __str__(self) -> str:
        scheme, _, rest = self.url.get_secret_value().partition("://")
        if scheme == "sqlite":
            return f"{scheme}://{rest}"
        user, at, place = rest.rpartition("@")
        name = user.partition(":")[0]
        return f"{scheme}://{name}{at}{place.partition('?')[0]}"


class Settings(Value):
    """What a user can set."""

    data: Path
    """Folder for sessions. SIMULATOR_DATA."""
    model: Path | None = None
    """A .gguf file that speaks in place of the embedded model. SIMULATOR_MODEL."""
    way: Literal["guided", "free"] | None = None
    """How the model speaks; by default guided for the embedded model, free for others. SIMULATOR_WAY."""
    pace: float = Field(default=45.0, ge=0, le=1_000)
    """Characters a second at which the customer's words appear; 0 shows them at once. SIMULATOR_PACE."""
    trainee: str | None = Field(default=None, max_length=80)
    """Name or pseudonym in the journals; by default a random one. SIMULATOR_TRAINEE."""
    content: tuple[Path, ...] = ()
    """Further packs, the last one first: folders or zip files with scenarios/, personas/ and rubrics/.
    SIMULATOR_CONTENT, parted by the system's path mark."""
    database: DatabaseAddress | None = None
    """Where records of sessions are kept; by default records.db in the data folder. SIMULATOR_DATABASE."""

    @field_validator("data", "model", "trainee", "content")
    @classmethod
    def _without_zero_bytes(cls, value: object) -> object:
        """No operating system takes them in a path, and no terminal in a name."""
        parts = value if isinstance(value, tuple) else (value,)
        if any("\0" in str(part) for part in parts):
            raise ValueError("holds a zero byte")
        return value

    @field_validator("database", mode="before")
    @classmethod
    def _address(cls, value: object) -> object:
        return {"url": value} if isinstance(value, str) else value


_GIVEN: ContextVar[Mapping[str, object]] = ContextVar("flags before the command")


@contextmanager
def given(flags: Mapping[str, object]) -> Iterator[None]:
    """While this lasts, these flags count in every configuration, below the flags of a command itself."""
    token = _GIVEN.set(flags)
    try:
        yield
    finally:
        _GIVEN.reset(token)


class Configuration(Value):
    """Settings with their origins."""

    settings: Settings
    origins: dict[str, Origin]


def settings_file() -> Path:
    """Where the settings file lies, if there is one."""
    return Path(platformdirs.user_config_dir(APP)) / "settings.toml"


def cache_folder() -> Path:
    """Where lies what can be made again; it may be deleted at any time."""
    return Path(platformdirs.user_cache_dir(APP))


def configuration(flags: Mapping[str, object], environment: Mapping[str, str] = os.environ) -> Configuration:
    """Flags over environment over settings file over defaults.

    Raises:
        UsageError: a value or the file cannot be used; the sentence says which.
        ContentError: a pack is refused.
    """
    layers: tuple[tuple[Origin, Mapping[str, object]], ...] = (
        ("default", {"data": platformdirs.user_data_dir(APP)}),
        ("settings file", _from_file(settings_file())),
        ("environment", _from_environment(environment)),
        ("flag", {name: value for name, value in {**_GIVEN.get({}), **flags}.items() if value is not None}),
    )
    values: dict[str, object] = {}
    origins: dict[str, Origin] = dict.fromkeys(Settings.model_fields, "default")
    for origin, layer in layers:
        values |= layer
        origins |= dict.fromkeys(layer, origin)
    settings = _checked(values, origins)
    for pack in settings.content:
        if not pack.exists():
            raise UsageError(f"There is no folder {pack}, which the setting content names ({origins['content']}).")
        check(pack)
    return Configuration(settings=settings, origins=origins)


_TAKES = {
    "data": "the path of a folder",
    "model": "the path of a .gguf file",
    "way": '"guided" or "free"',
    "pace": "a number of characters a second, from 0 (all at once) to 1,000",
    "trainee": "a name of up to 80 characters",
    "content": "a list of folders and .zip files",
    "database": "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE",
}
"""What each setting can be, for whoever set it to something else."""


def _checked(values: Mapping[str, object], origins: Mapping[str, Origin]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        origin = origins.get(name, "default")
        if first["type"] == "extra_forbidden":
            there_are = ", ".join(Settings.model_fields)
            raise UsageError(f'There is no setting "{name}" ({origin}); there are {there_are}.') from error
        if name == "database":  # whatever it is, it may hold a password
            raise UsageError(f"The setting database cannot be used ({origin}): it takes {_TAKES[name]}.") from None
        given = repr(values[name]).strip("'")
        raise UsageError(f"The setting {name} cannot be {given} ({origin}): it takes {_TAKES[name]}.") from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(content_of(path).decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except UnicodeDecodeError as error:
        raise UsageError(f"The settings file {path} is not UTF-8 text.") from error
    except RecursionError as error:
        raise UsageError(f"The settings file {path} is nested too deep.") from error
    except ValueError as error:
        raise UsageError(f"The settings file {path} is not TOML: {str(error)[:1].lower()}{str(error)[1:]}.") from error
    except OSError as error:
        raise UsageError(f"The settings file {path} cannot be read ({(error.strerror or '').lower()}).") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {
        name: value for name in Settings.model_fields if (value := environment.get(f"SIMULATOR_{name.upper()}"))
    }
    if isinstance(folders := found.get("content"), str):
        found["content"] = folders.split(os.pathsep)
    return found


def pseudonym(data: Path) -> str:
    """This installation's random trainee name, made once and kept in the data folder; never a login name.

    Raises:
        StorageError: it cannot be stored.
    """
    path = data / "trainee"
    try:
        if path.is_file() and (known := path.read_text(encoding="utf-8").strip()):
            return known
        data.mkdir(parents=True, exist_ok=True)
        name = f"trainee-{secrets.token_hex(3)}"
        path.write_text(name + "\n", encoding="utf-8")
    except UnicodeDecodeError as error:
        raise StorageError(f"{path} is not text; delete it, and a new name is made.") from error
    except OSError as error:
        raise StorageError(
            f"Cannot write in {data}: {error.strerror}. Make it writable, or name another folder with SIMULATOR_DATA."
        ) from error
    return name
