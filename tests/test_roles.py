"""What PostgreSQL itself lets a trainee, a lead and a trainer see: tried with plain SQL, as with any client."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from recorded import record, score

from benchmarks.private_postgres import Cluster, private_cluster
from simulator.cohorts.ports import Outcome
from simulator.errors import StorageError, UsageError
from simulator.storage.records.database import Database
from simulator.storage.records.store import Store

TABLES = ("people", "sessions", "scores", "cells", "members", "cohorts", "assignments")
LOGINS = {
    "anna": "simulator_trainee",
    "bo": "simulator_trainee",
    "lea": "simulator_lead",
    "ned": "simulator_lead",
    "tom": "simulator_trainer",
}


@pytest.fixture
def name(server_database: str) -> str:
    return server_database.rpartition("/")[2]


@pytest.fixture
def owner(server_database: str) -> Iterator[Store]:
    with Store(Database(server_database)) as store:
        yield store


@pytest.fixture
def login(cluster: Cluster, owner: Store, name: str) -> Callable[[str], str]:
    """Addresses by login, with a store in which Anna and Bo have played and Lea leads Anna's cohort."""
    owner.ingest(
        [
            record("s-anna", "anna"),
            record("s-bo", "Robert B."),
            *(record(f"s-{number}", f"person {number}", scenario="common") for number in range(6)),
        ]
    )
    owner.create("spring", lead="lea")
    owner.create("autumn", lead="ned")
    owner.add("spring", ["anna"])
    owner.add("autumn", ["Robert B."], login="bo")
    owner.assign("spring", ["fare-jump"])
    for role, group in LOGINS.items():
        made = f"DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD 'x'; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        cluster.execute(made)
        cluster.execute(f"GRANT {group} TO {role}")
    return lambda role: cluster.url(name, role, "x")


def asked(address: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(statement.encode())
        return found.fetchall() if found.description else []


def seen(address: str, table: str) -> set[Any]:
    column = {"people": "name", "sessions": "id", "scores": "session", "cohorts": "name"}.get(table, "*")
    return {row[0] for row in asked(address, f"SELECT {column} FROM {table}")}


def test_a_trainee_sees_own_rows_and_no_others(login: Callable[[str], str]) -> None:
    assert seen(login("anna"), "sessions") == {"s-anna"}
    assert seen(login("bo"), "sessions") == {"s-bo"}
    for table in ("people", "scores", "cells", "members"):
        assert len(seen(login("anna"), table)) == 1, table
    assert seen(login("anna"), "people") == {"anna"}
    assert seen(login("bo"), "people") == {"Robert B."}
    assert seen(login("anna"), "cohorts") == {"spring"}
    assert seen(login("bo"), "assignments") == set()


def test_a_lead_sees_the_members_of_the_cohorts_they_lead(login: Callable[[str], str]) -> None:
    assert seen(login("lea"), "sessions") == {"s-anna"}
    assert seen(login("ned"), "sessions") == {"s-bo"}
    assert seen(login("lea"), "cohorts") == {"spring"}
    with Store(Database(login("lea"))) as store:
        assert [cell.person for cell in store.sums("spring").cells] == ["anna", "anna"]
        with pytest.raises(UsageError, match="no cohort"):
            store.sums("autumn")


def test_a_trainer_sees_sums_of_five_people_and_more_and_nothing_about_anybody(login: Callable[[str], str]) -> None:
    for table in (*TABLES, "store_facts"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            asked(login("tom"), f"SELECT * FROM {table}")
    totals = asked(login("tom"), "SELECT scenario, dimension, people, sessions FROM scenario_totals ORDER BY dimension")
    assert totals == [("common", "empathy", 6, 6), ("common", "ownership", 6, 6)]


@pytest.mark.parametrize(
    "trick",
    [
        "INSERT INTO members SELECT c.id, p FROM cohorts c, generate_series(1, 50) p",
        "INSERT INTO cohorts (name, lead) VALUES ('mine', 'anna')",
        "UPDATE cohorts SET lead = 'anna'",
        "UPDATE people SET login = 'anna'",
        "UPDATE people SET name = 'anna' WHERE name <> 'anna'",
        "ALTER TABLE sessions DISABLE ROW LEVEL SECURITY",
        "SET ROLE simulator_lead",
        "SELECT * FROM scenario_totals",
        "DELETE FROM sessions WHERE id <> 's-anna'",
        "INSERT INTO sessions SELECT * FROM sessions ON CONFLICT DO NOTHING",
        "CREATE OR REPLACE FUNCTION records_read_by(who name) RETURNS SETOF integer LANGUAGE sql AS 'SELECT 1'",
        "COPY sessions TO PROGRAM 'cat'",
    ],
)
def test_no_trick_of_a_trainee_opens_the_sessions_of_others(login: Callable[[str], str], trick: str) -> None:
    with psycopg.connect(login("anna"), autocommit=True) as connection:
        with suppress(psycopg.Error):
            assert connection.execute(trick.encode()).rowcount == 0
        assert connection.execute("SELECT id FROM public.sessions").fetchall() == [("s-anna",)]
        assert connection.execute("SELECT session_user, current_user").fetchone() == ("anna", "anna")
    assert seen(login("bo"), "sessions") == {"s-bo"}


def test_no_temporary_table_stands_in_for_a_real_one(login: Callable[[str], str]) -> None:
    with psycopg.connect(login("anna"), autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE members AS SELECT 1 AS cohort, p AS person FROM generate_series(1, 50) p")
        connection.execute("CREATE TEMP TABLE cohorts AS SELECT 1 AS id, 'anna'::text AS lead")
        connection.execute("GRANT SELECT ON members, cohorts TO PUBLIC")
        assert connection.execute("SELECT id FROM public.sessions").fetchall() == [("s-anna",)]


def test_nobody_asks_in_the_name_of_another_role(login: Callable[[str], str]) -> None:
    assert len(asked(login("anna"), "SELECT records_read_by('anna')")) == 1
    assert asked(login("anna"), "SELECT records_read_by('lea')") == []
    assert asked(login("anna"), "SELECT cohorts_seen_by('ned')") == []
    with pytest.raises(psycopg.Error):
        asked(login("anna"), "SELECT records_read_by('nobody such')")


def test_a_lead_cannot_add_somebody_to_see_them(login: Callable[[str], str], owner: Store) -> None:
    with Store(Database(login("lea"))) as store:
        with pytest.raises(UsageError, match="somebody else's"):
            store.add("spring", ["Robert B."])
        store.create("lea's own")
        with pytest.raises(UsageError, match="somebody else's"):
            store.add("lea's own", ["Robert B."])
        assert store.add("lea's own", ["anna", "Newcomer"]) == ("anna", "Newcomer")
    assert {card.name: card.lead for card in owner.cohorts()} == {"spring": "lea", "autumn": "ned", "lea's own": "lea"}
    everybody = "INSERT INTO members SELECT c.id, p FROM cohorts c, generate_series(1, 3) p ON CONFLICT DO NOTHING"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asked(login("lea"), everybody)


def test_a_lead_takes_in_sessions_and_reads_them(login: Callable[[str], str]) -> None:
    with Store(Database(login("lea"))) as store:
        (came,) = store.ingest([record("s-new", "Newcomer")])
        assert came.outcome is Outcome.NEW
        store.create("fresh")
        store.add("fresh", ["Newcomer"])
        assert {one.session for one in store.sessions()} == {"s-anna", "s-new"}
        assert store.astray() == 0
    with Store(Database(login("ned"))) as store:
        assert {one.session for one in store.sessions()} == {"s-bo"}


def test_a_trainee_stores_own_sessions_and_cannot_write_for_others(login: Callable[[str], str], owner: Store) -> None:
    with Store(Database(login("anna"))) as store:
        mine = record("s-anna-2", "anna", scores=(score("empathy", 4.0),))
        pseudonym = record("s-anna-3", "quiet-otter")
        theirs = record("s-fake", "Robert B.")
        clash = record("s-bo", "anna")
        assert [one.outcome for one in store.ingest([mine, pseudonym, theirs, clash])] == [
            Outcome.NEW,
            Outcome.NEW,
            Outcome.FORGOTTEN,
            Outcome.CLASHING,
        ]
        assert {one.session for one in store.sessions()} == {"s-anna", "s-anna-2", "s-anna-3"}
        assert store.astray() == 0
    assert owner.astray() == 0
    assert owner.total() == 10
    with Store(Database(login("lea"))) as store:
        assert {one.session for one in store.sessions()} == {"s-anna", "s-anna-2"}


def test_a_trainee_may_have_themselves_forgotten_and_nobody_else(login: Callable[[str], str], owner: Store) -> None:
    with Store(Database(login("anna"))) as store:
        assert store.forget("anna").sessions == 1
        assert store.forget("Robert B.").sessions == 0
        assert store.is_forgotten("anna")
    assert not owner.is_forgotten("Robert B.")
    assert "s-bo" in {one.session for one in owner.sessions()}
    assert owner.ingest([record("s-anna", "anna")])[0].outcome is Outcome.FORGOTTEN


def test_who_has_no_role_is_told_whom_to_ask(cluster: Cluster, login: Callable[[str], str]) -> None:
    made = "DO $$ BEGIN CREATE ROLE stray LOGIN PASSWORD 'x'; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    cluster.execute(made)
    with pytest.raises(StorageError, match="may not do that; ask whoever runs it"):
        Store(Database(login("stray"))).ingest([record()])


def test_an_owner_who_may_make_no_roles_can_still_use_the_store(cluster: Cluster) -> None:
    with private_cluster("fsync=off") as other:  # roles are of a whole server, and on ours they are there already
        other.execute("CREATE ROLE plain LOGIN PASSWORD 'x'")
        other.execute("CREATE DATABASE plain OWNER plain")
        with Store(Database(other.url("plain", "plain", "x"))) as store:
            assert store.ingest([record()])[0].outcome is Outcome.NEW
            assert store.total() == 1
        assert asked(other.url(), "SELECT FROM pg_roles WHERE rolname LIKE 'simulator%'") == []
