"""What goes wrong with a database, in words; and that what passes by itself is waited for."""

import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from recorded import record, spoil
from sqlalchemy.exc import OperationalError

from benchmarks.private_postgres import Cluster
from simulator.errors import ExitCode, StorageError, UsageError
from simulator.storage.records.database import Database
from simulator.storage.records.faults import passing, told
from simulator.storage.records.store import Store
from simulator.storage.records.tables import REVISION, metadata


def refused(database: Database) -> str:
    with pytest.raises(StorageError) as error:
        Store(database).ingest([record()])
    assert error.value.exit_code is ExitCode.STORAGE
    return str(error.value)


def test_the_migrations_end_in_the_tables_that_queries_name(empty_address: str) -> None:
    with Database(empty_address).reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []
    folder = Path(__file__).parents[1] / "simulator" / "storage" / "records" / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == REVISION


def test_a_store_of_a_newer_version_is_left_alone(store: Store, address: str) -> None:
    store.ingest([record()])
    spoil(store, "UPDATE alembic_version SET version_num = 'r9999'")
    assert "newer version of the program (tables r9999" in refused(Database(address))


def test_many_processes_may_be_the_first(empty_address: str) -> None:
    problems: list[BaseException] = []

    def first() -> None:
        try:
            with Store(Database(empty_address, patience=60)) as store:
                store.ingest([record()])
        except BaseException as error:
            problems.append(error)
            raise

    threads = [threading.Thread(target=first) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with Store(Database(empty_address)) as store:
        assert store.total() == 1


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://a:secret@b/c", "sqlite://", "sqlite:///:memory:", "postgresql://u:secret@h:x/d"]
)
def test_what_names_no_database_is_a_usage_error_without_the_password(url: str) -> None:
    with pytest.raises(UsageError, match="sqlite:///PATH or postgresql://") as error:
        Database(url)
    assert "secret" not in str(error.value)


def test_the_name_for_people_has_no_password() -> None:
    name = Database("postgresql://anna:p%40ss@db.example/records?password=other").name
    assert "p@ss" not in name
    assert "p%40ss" not in name
    assert "other" not in name
    assert "anna" in name


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(b"These are my notes, not a database." * 100)
    assert "no database of this program" in refused(Database(path))
    assert path.read_bytes().startswith(b"These are my notes")


def test_a_folder_in_its_place_and_a_file_in_its_way_are_said(tmp_path: Path) -> None:
    (tmp_path / "records.db").mkdir()
    assert "cannot be opened" in refused(Database(tmp_path / "records.db"))
    (tmp_path / "file").write_text("in the way")
    assert "a file is in the way" in refused(Database(tmp_path / "file" / "records.db"))


def test_a_file_that_somebody_else_keeps_locked_is_waited_for_and_then_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.storage.records.database._BUSY_SECONDS", 0.05)
    path = tmp_path / "records.db"
    Store(Database(path)).ingest([record()])
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    assert "another program is writing to it" in refused(Database(path, patience=0.2))
    threading.Timer(0.3, other.close).start()
    assert Store(Database(path, patience=30)).ingest([record()])[0].outcome == "unchanged"


def test_a_full_disk_stores_nothing_and_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "records.db"
    store = Store(Database(path))
    store.ingest([record()])
    real = sqlite3.connect

    def small(*arguments: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*arguments, **options)  # type: ignore[call-overload]
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    many = [record(f"20261122-{number:06d}-aaaaaa") for number in range(500)]
    with pytest.raises(StorageError, match="the disk is full; free some space"):
        store.ingest(many)
    monkeypatch.undo()
    assert store.astray() == 0
    assert len(store.ingest(many)) == 500
    assert store.total() == 501


def test_a_server_that_is_not_there_is_said_at_once() -> None:
    said = refused(Database("postgresql://anna:secret@127.0.0.1:1/records", patience=60))
    assert "nothing answers there" in said
    assert "journals have every session" in said
    assert "secret" not in said


def test_a_machine_that_is_not_there_is_said() -> None:
    assert "no machine of that name" in refused(Database("postgresql://anna@nowhere.invalid/records"))


def test_a_wrong_password_user_or_database_is_said_at_once(cluster: Cluster, server_database: str) -> None:
    wrong = cluster.url(server_database.rpartition("/")[2], password="open sesame")
    said = refused(Database(wrong, patience=60))
    assert "refuses the password" in said
    assert "open sesame" not in said
    assert "refuses the password" in refused(Database(cluster.url(user="stranger"), patience=60))
    assert "no such database" in refused(Database(cluster.url("nowhere"), patience=60))


def test_a_full_server_disk_and_a_forbidden_table_are_said(server_database: str) -> None:
    store = Store(Database(server_database))
    store.total()

    def full(connection: object) -> int:
        code = "BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END"
        made = f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $${code}$$"
        run = connection.exec_driver_sql  # type: ignore[attr-defined]
        run(made)
        run("CREATE TRIGGER full_disk BEFORE INSERT ON sessions EXECUTE FUNCTION full_disk()")
        return 0

    store.database.write(full)
    assert "its disk is full" in refused(Database(server_database))


def test_too_many_connections_are_waited_for(cluster: Cluster, server_database: str) -> None:
    Store(Database(server_database)).total()
    with cluster.crowded():
        assert "too many programs" in refused(Database(server_database, patience=0.2))
        waiting = Database(server_database, patience=60)
        fates: list[str] = []
        thread = threading.Thread(target=lambda: fates.append(Store(waiting).ingest([record()])[0].outcome))
        thread.start()
    thread.join()
    assert fates == ["new"]


def test_a_connection_that_breaks_is_made_again(server_database: str) -> None:
    store = Store(Database(server_database, patience=60))
    broken: list[int] = []

    def work(connection: object) -> int:
        run = connection.exec_driver_sql  # type: ignore[attr-defined]
        if not broken:
            broken.append(1)
            run("SELECT pg_terminate_backend(pg_backend_pid())")
        return int(run("SELECT 7").scalar())

    assert store.database.write(work) == 7


def test_an_error_that_nobody_foresaw_is_told_in_the_words_of_the_database(store: Store) -> None:
    with pytest.raises(StorageError, match=r"cannot be used: .*nothing_such") as error:
        store.database.write(lambda connection: connection.exec_driver_sql("SELECT * FROM nothing_such").rowcount)
    assert error.value.__cause__ is not None
    assert not isinstance(error.value, OperationalError)


@pytest.mark.parametrize(
    ("said", "tried_again"),
    [
        ("connection failed: server sent an error response during SSL exchange", True),
        ("connection failed: FATAL: sorry, too many clients already", True),
        ("connection failed: SSL error: certificate verify failed", False),
        ('connection failed: FATAL: password authentication failed for user "x"', False),
    ],
)
def test_what_a_crowded_server_says_before_it_says_who_it_is_is_tried_again(said: str, tried_again: bool) -> None:
    error = OperationalError("", {}, Exception(said))
    assert passing(error) is tried_again
    assert ("too many programs" in str(told(error, "x"))) is tried_again
