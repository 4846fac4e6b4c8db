"""One database, SQLite or PostgreSQL: how it is opened, brought up to date, and tried again when it is busy.

Apart from the store so that no query knows which of the two it runs on, or what to do when a server is started again.
"""

import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from simulator.errors import StorageError, UsageError
from simulator.storage.journal import unwritable
from simulator.storage.records import faults
from simulator.storage.records.tables import REVISION

PATIENCE = 20.0
"""Seconds for which what is likely to pass is tried again."""

_BUSY_SECONDS = 30
"""That SQLite waits for another process to end its transaction."""

_CONNECT_SECONDS = 10
_LONGEST_PAUSE = 2.0
_FILE = "sqlite+pysqlite"
_SERVER = "postgresql+psycopg"
_MIGRATING = 0x73696D75
"""The lock of PostgreSQL under which one process at a time changes tables."""

Done = TypeVar("Done")


class Database:
    """A database of records. Nothing is opened before it is used; no connection is kept between two uses, so that many
    processes can take turns at a server with few connections."""

    def __init__(self, url: str | Path, patience: float = PATIENCE) -> None:
        """Have a database ready.

        Args:
            url: `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/DATABASE`; the path of a file for SQLite.
            patience: Seconds for which a busy or restarting server is tried again.

        Raises:
            UsageError: the URL names no database.
        """
        self._url = URL.create(_FILE, database=str(url)) if isinstance(url, Path) else _understood(url)
        self.is_server = self._url.get_backend_name() == "postgresql"
        self.name = _shown(self._url) if self.is_server else str(self._url.database)
        """For people, without the password."""
        self._patience = patience
        self._engine = _server(self._url) if self.is_server else _file(self._url)
        self._reached = False
        self._ready = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the store; what reads from it must be done with it before the end.

        Raises:
            StorageError: the store cannot be read.
        """
        connection = self._patiently(self._opened)
        try:
            with connection, connection.begin():
                yield connection
        except SQLAlchemyError as error:
            raise faults.told(error, self.name) from error

    def write(self, work: Callable[[Connection], Done]) -> Done:
        """Do some work in one transaction, and all of it again where that may help.

        Args:
            work: What is done; it may be called several times, and counts once.

        Returns:
            What the work returned, once it is on disk.

        Raises:
            StorageError: it could not be done; nothing of it was.
        """

        def once() -> Done:
            with self._opened() as connection:
                connection.execution_options(writes=True)
                with connection.begin():
                    return work(connection)

        return self._patiently(once)

    def close(self) -> None:
        """Let go of whatever is open."""
        self._engine.dispose()

    def _opened(self) -> Connection:
        connection = self._engine.connect()
        self._reached = True
        if self._ready:
            return connection
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._ready = True
        return connection

    def _patiently(self, once: Callable[[], Done]) -> Done:
        end = time.monotonic() + self._patience
        pause = 0.05
        while True:
            try:
                return once()
            except SQLAlchemyError as error:
                self._reached |= faults.passing(error)
                hopeful = self._reached and (faults.passing(error) or faults.away(error))
                if not hopeful or time.monotonic() >= end:
                    raise faults.told(error, self.name) from error
            except OSError as error:
                raise unwritable(Path(self.name), error) from error
            time.sleep(random.uniform(0, pause))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _prepare(self, connection: Connection) -> None:
        with connection.begin():
            found = self._revision(connection)
        if found == REVISION:
            return
        connection.execution_options(writes=True)
        with connection.begin():
            if self.is_server:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            if self._revision(connection) != REVISION:
                _migrate(connection)
        connection.execution_options(writes=False)

    def _revision(self, connection: Connection) -> str | None:
        """Which migration the tables are after; None where there is none of them yet."""
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if found is not None and found > REVISION:
            raise StorageError(
                f"The store {self.name} was written by a newer version of the program (tables {found}; this one knows "
                f"{REVISION}): update the program to use it."
            )
        return found


def _understood(url: str) -> URL:
    try:
        found = make_url(url)
    except (SQLAlchemyError, ValueError):
        found = None
    backend = found.get_backend_name() if found else ""
    if found is not None and backend in {"postgresql", "postgres"}:
        return found.set(drivername=_SERVER)
    if found is not None and backend == "sqlite" and found.database and found.database != ":memory:":
        return found.set(drivername=_FILE)
    raise UsageError("The setting database takes sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE.")


def _shown(url: URL) -> str:
    """Without what is secret; of the options, which may hold another password, nothing."""
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def _server(url: URL) -> Engine:
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # what breaks is raised, and told in words of our own
    waiting = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}
    engine = create_engine(url, poolclass=NullPool, connect_args=waiting)
    # Statements are seldom repeated on a connection that lasts a moment.
    event.listen(engine, "connect", lambda driver, _: setattr(driver, "prepare_threshold", None))
    return engine


def _file(url: URL) -> Engine:
    path = Path(str(url.database))

    def connected() -> sqlite3.Connection:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(0o600)
        return sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)

    engine = create_engine(url, poolclass=NullPool, creator=connected)
    event.listen(engine, "connect", _file_opened)
    event.listen(engine, "begin", _file_begun)
    return engine


def _file_opened(driver: Any, _: object) -> None:
    """What is written is on disk before it is acknowledged, readers do not wait for writers, and what is deleted is
    overwritten, so that somebody forgotten is."""
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        driver.execute(f"PRAGMA {setting}")


def _file_begun(connection: Connection) -> None:
    """A transaction that will write takes its turn at once: it could not later, once it has read an older state."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)
