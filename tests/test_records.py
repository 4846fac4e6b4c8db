"""The store of records, the same tests against SQLite and PostgreSQL."""

import random
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from recorded import NOON, record, records, score, spoil
from sqlalchemy import event

from simulator.cohorts.ports import Ingested, Outcome
from simulator.cohorts.records import SessionRecord
from simulator.cohorts.sums import cells_of, sums_of
from simulator.errors import UsageError
from simulator.storage.records.database import Database
from simulator.storage.records.store import Store


def outcomes(ingested: tuple[Ingested, ...]) -> list[Outcome]:
    return [one.outcome for one in ingested]


def test_what_is_stored_reads_as_it_was(store: Store) -> None:
    full = record(copilot=True, handoff=False, signer="ab" * 32, critical=2)
    bare = record("20261122-120001-bbbbbb", "Bo", handle_seconds=None, scores=(), started=NOON + timedelta(hours=1))
    assert outcomes(store.ingest([full, bare])) == [Outcome.NEW, Outcome.NEW]
    assert list(store.sessions()) == [full, bare]


def test_a_moment_in_another_time_zone_stays_the_same_moment(store: Store) -> None:
    east = NOON.astimezone(timezone(timedelta(hours=9)))
    store.ingest([record(started=east)])
    (found,) = store.sessions()
    assert found.started == NOON
    assert found.started.tzinfo is not None


def test_the_same_session_twice_changes_nothing(store: Store) -> None:
    one = record()
    assert outcomes(store.ingest([one, one])) == [Outcome.NEW, Outcome.UNCHANGED]
    assert outcomes(store.ingest([one])) == [Outcome.UNCHANGED]
    assert list(store.sessions()) == [one]
    assert store.astray() == 0


def test_a_longer_journal_takes_the_place_of_a_shorter_one_and_never_the_other_way(store: Store) -> None:
    short = record(events=30)
    long = record(events=31, scores=(score("empathy", 4.0),))
    assert outcomes(store.ingest([short, long])) == [Outcome.NEW, Outcome.GROWN]
    assert outcomes(store.ingest([short])) == [Outcome.OLDER]
    assert list(store.sessions()) == [long]
    assert store.kept([long.session, "nothing"]) == {long.session: store.kept([long.session])[long.session]}
    assert store.kept([long.session])[long.session].events == 31
    assert store.astray() == 0


@pytest.mark.parametrize(
    "other",
    [
        record(person="Bo", events=31),
        record(scenario="other", events=31),
        record(started=NOON + timedelta(seconds=1), events=31),
        record(digest="f" * 64),
    ],
    ids=["person", "scenario", "start", "events"],
)
def test_another_session_under_the_same_id_is_refused(store: Store, other: SessionRecord) -> None:
    one = record()
    store.ingest([one])
    assert outcomes(store.ingest([other])) == [Outcome.CLASHING]
    assert list(store.sessions()) == [one]
    assert store.astray() == 0


def test_scores_of_another_version_stand_beside_those_there_are(store: Store) -> None:
    one = record(scores=(score("empathy", 3.0),), signer="ab" * 32)
    again = record(scores=(score("empathy", 3.5, "embedded-2"),))
    assert outcomes(store.ingest([one, again, one, again])) == [
        Outcome.NEW,
        Outcome.RESCORED,
        Outcome.UNCHANGED,
        Outcome.UNCHANGED,
    ]
    (found,) = store.sessions()
    assert {(one.rater, one.mean) for one in found.scores} == {("embedded-1", 3.0), ("embedded-2", 3.5)}
    assert found.signer == "ab" * 32
    assert outcomes(store.ingest([record(scores=(score("empathy", 3.1),))])) == [Outcome.RESCORED]
    assert store.astray() == 0


def test_a_rebuild_writes_what_the_journal_says_and_nothing_else(store: Store) -> None:
    store.ingest([record(scores=(score("empathy", 3.0), score("empathy", 3.5, "embedded-2")))])
    afresh = record(scores=(score("empathy", 2.0),))
    store.ingest([afresh], afresh=True)
    assert list(store.sessions()) == [afresh]
    assert store.astray() == 0


def test_sums_are_what_the_sessions_come_to(store: Store) -> None:
    everything = records(250)
    store.ingest(everything)
    store.create("spring")
    people = [f"person {number}" for number in range(4)]
    store.add("spring", [*people, "nobody yet"])
    found, wanted = store.sums("spring"), sums_of("spring", [*people, "nobody yet"], everything)
    assert sorted(found.people) == sorted(wanted.people)

    def key(cell: object) -> str:
        return str(cell)

    assert len(found.cells) == len(wanted.cells)
    by_key = {(cell.person, cell.scenario, cell.dimension, cell.rater): cell for cell in wanted.cells}
    for cell in found.cells:
        like = by_key[cell.person, cell.scenario, cell.dimension, cell.rater]
        assert (cell.sessions, cell.replies) == (like.sessions, like.replies)
        assert cell.total == pytest.approx(like.total)
        assert cell.squares == pytest.approx(like.squares)
    assert sorted(found.contacts, key=key) == sorted(wanted.contacts, key=key)


def test_sums_stay_exact_through_any_order_of_growing_and_repeating(store: Store) -> None:
    chance = random.Random(7)
    versions = [
        record(
            f"20261122-12000{number}-aaaaaa",
            f"person {number % 2}",
            events=length,
            scores=(score("empathy", round(chance.uniform(1, 5), 2)),),
        )
        for number in range(6)
        for length in (10, 11, 12)
    ]
    for _ in range(3):
        chance.shuffle(versions)
        store.ingest(versions)
    assert store.astray() == 0
    assert {found.events for found in store.sessions()} == {12}
    longest = [one for one in versions if one.events == 12]
    store.create("all")
    store.add("all", ["person 0", "person 1"])
    totals = {(cell.person, cell.scenario): cell.total for cell in store.sums("all").cells}
    assert totals == {(cell.person, cell.scenario): pytest.approx(cell.total) for cell in cells_of(longest)}


def test_a_wrong_sum_is_noticed_and_made_anew(store: Store) -> None:
    store.ingest(records(20))
    spoil(store, "UPDATE cells SET points = points + 1")
    spoil(store, "DELETE FROM cells WHERE scenario = 'scenario-1'")
    assert store.astray() > 0
    store.resum()
    assert store.astray() == 0


def test_sessions_come_by_person_and_time_of_a_cohort_or_of_all(store: Store) -> None:
    everything = records(30, people=3)
    chance = random.Random(1)
    chance.shuffle(everything)
    store.ingest(everything)
    store.create("two")
    store.add("two", ["person 2", "person 0"])
    found = [(one.person, one.started) for one in store.sessions("two")]
    assert found == sorted((one.person, one.started) for one in everything if one.person != "person 1")
    assert store.total() == len(list(store.sessions())) == 30


def test_others_are_people_in_none_of_the_cohorts_and_the_same_each_time(store: Store) -> None:
    store.ingest(records(60, people=20))
    store.create("a")
    store.create("b")
    store.add("a", ["person 0"])
    store.add("b", ["person 1"])
    found = store.others(["a", "b"], 5)
    assert len({cell.person for cell in found}) == 5
    assert not {"person 0", "person 1"} & {cell.person for cell in found}
    assert store.others(["a", "b"], 5) == found


def test_somebody_forgotten_is_gone_and_never_taken_again(store: Store) -> None:
    store.create("spring")
    store.add("spring", ["Anna", "Bo"])
    store.ingest([record(), record("20261122-120001-bbbbbb", "Bo")])
    gone = store.forget("Anna")
    assert (gone.sessions, gone.cohorts) == (1, 1)
    assert store.is_forgotten("Anna")
    assert not store.is_forgotten("Bo")
    assert outcomes(store.ingest([record(), record("20261122-120002-cccccc")])) == [Outcome.FORGOTTEN] * 2
    assert outcomes(store.ingest([record()], afresh=True)) == [Outcome.FORGOTTEN]
    assert [one.person for one in store.sessions()] == ["Bo"]
    with pytest.raises(UsageError, match=r"Anna.*forgotten"):
        store.add("spring", ["Anna", "Cy"])
    assert store.sums("spring").people == ("Bo",)
    assert store.astray() == 0
    assert store.forget("Anna").sessions == 0


@pytest.mark.parametrize("spelt", ["ANNA", " anna ", "Ａｎｎａ"])
def test_no_other_spelling_brings_somebody_back(store: Store, spelt: str) -> None:
    store.ingest([record(person="Anna")])
    store.forget(spelt)
    assert list(store.sessions()) == []
    assert outcomes(store.ingest([record(person=spelt)])) == [Outcome.FORGOTTEN]


def test_the_name_of_somebody_forgotten_stands_nowhere(store: Store) -> None:
    store.ingest([record(person="Xanthippe Unusual")])
    store.forget("Xanthippe Unusual")
    with store.database.reading() as connection:
        tables = ("people", "sessions", "scores", "cells", "members", "store_facts")
        rows = [row for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
    assert "xanthippe" not in str(rows).lower()


def test_no_byte_of_a_forgotten_name_is_left_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    with Store(Database(path)) as store:
        store.ingest([record(f"session-{number}", "Xanthippe Unusual") for number in range(300)])
        store.ingest([record("other", "Bo")])
        assert b"Xanthippe" in path.read_bytes()
        store.forget("Xanthippe Unusual")
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Xanthippe" not in left
    assert b"session-7" not in left
    assert path.stat().st_mode & 0o077 == 0


def test_somebody_can_be_forgotten_before_anything_of_theirs_came(store: Store) -> None:
    assert store.forget("Anna").sessions == 0
    assert outcomes(store.ingest([record()])) == [Outcome.FORGOTTEN]


def test_two_spellings_are_one_person(store: Store) -> None:
    store.ingest([record(person="José"), record("20261122-120001-bbbbbb", "Jose\u0301")])
    assert {one.person for one in store.sessions()} == {"José"}


@pytest.mark.parametrize(
    "name", ["Robert'); DROP TABLE sessions;--", "=HYPERLINK(1)", "\x1b[31mred", "a\nb", "%s %(x)s :x"]
)
def test_a_name_is_only_ever_a_name(store: Store, name: str) -> None:
    store.ingest([record(person=name, scenario=name)])
    (found,) = store.sessions()
    assert (found.person, found.scenario) == (name, name)
    assert store.forget(name).sessions == 1


def test_what_no_database_takes_is_refused_and_spoils_nothing(store: Store) -> None:
    bad = [record(person="An\0na"), record("20261122-120001-bbbbbb", app_version="\0"), record("x" * 600)]
    bad.append(record("20261122-120002-dddddd", started="0001-01-01T00:00:00+14:00"))
    bad.append(record("20261122-120003-eeeeee", ended="9999-12-31T23:59:59-14:00"))
    good = record("20261122-120009-cccccc", started="0001-01-01T00:00:00Z")
    assert outcomes(store.ingest([*bad, good])) == [*[Outcome.UNSTORABLE] * 5, Outcome.NEW]
    assert list(store.sessions()) == [good]


def test_storing_a_session_never_reads_a_whole_table(tmp_path: Path) -> None:
    statements: list[tuple[str, Any]] = []
    with Store(Database(tmp_path / "records.db")) as store:
        store.total()

        def noted(_: object, __: object, statement: str, values: Any, ___: object, many: bool) -> None:
            statements.append((statement, values[0] if many and isinstance(values[0], tuple) else values))

        event.listen(store.database._engine, "before_cursor_execute", noted)
        store.ingest([record(), record("20261122-120001-bbbbbb", "Bo"), record(events=31)])
        event.remove(store.database._engine, "before_cursor_execute", noted)
    plans = {}
    with closing(sqlite3.connect(tmp_path / "records.db")) as connection:
        for query, values in statements:
            if query.startswith(("SELECT", "INSERT", "DELETE", "UPDATE")):
                plans[query] = str(connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall())
    for query, plan in plans.items():
        assert not re.search(r"SCAN (cells|scores|sessions|people)", plan), (query, plan)
    assert any("INTO cells" in query for query in plans)


def test_many_at_once_store_each_session_once_with_exact_sums(address: str) -> None:
    everything = records(60, people=3)

    def one(seed: int) -> list[Outcome]:
        own = list(everything)
        random.Random(seed).shuffle(own)
        with Store(Database(address, patience=60)) as store:
            return [fate for piece in own for fate in outcomes(store.ingest([piece]))]

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(one, range(6)))
    with Store(Database(address)) as store:
        assert sorted(one.session for one in store.sessions()) == sorted(one.session for one in everything)
        assert store.astray() == 0
    assert sum(fate is Outcome.NEW for fates in found for fate in fates) == len(everything)


def test_forgetting_while_others_store_leaves_nothing_behind(address: str) -> None:
    everything = records(40, people=1)

    def keep(seed: int) -> None:
        with Store(Database(address, patience=60)) as store:
            for piece in everything[seed::3]:
                store.ingest([piece])

    with ThreadPoolExecutor(4) as threads:
        done = [threads.submit(keep, seed) for seed in range(3)]
        with Store(Database(address, patience=60)) as store:
            while store.total() < 5:
                pass
            store.forget("person 0")
        for each in done:
            each.result()
    with Store(Database(address)) as store:
        assert list(store.sessions()) == []
        assert store.astray() == 0


def test_cohorts_have_names_of_their_own(store: Store) -> None:
    store.create(" spring ")
    with pytest.raises(UsageError, match='already is a cohort "spring"'):
        store.create("spring")
    with pytest.raises(UsageError, match='no cohort "autumn"'):
        store.add("autumn", ["Anna"])
    for bad in ("", "  ", "x" * 81, "two\nlines", "\x1b[2J"):
        with pytest.raises(UsageError, match="name of a cohort"):
            store.create(bad)
    assert [card.name for card in store.cohorts()] == ["spring"]


def test_a_person_may_be_in_several_cohorts(store: Store) -> None:
    store.create("a", lead="lea")
    store.create("b")
    assert store.add("a", ["Anna", "Bo", "Anna"]) == ("Anna", "Bo")
    assert store.add("b", ["Anna"]) == ("Anna",)
    assert store.add("a", ["Bo", "Cy"]) == ("Cy",)
    assert [(card.name, card.people) for card in store.cohorts()] == [("a", 3), ("b", 1)]
    assert store.cohorts()[0].lead == "lea"


def test_status_tells_who_has_done_what_by_when(store: Store) -> None:
    store.create("spring")
    store.add("spring", ["early", "late", "never", "failed"])
    due = NOON + timedelta(hours=2)
    store.assign("spring", ["fare-jump", "other"], due)
    store.assign("spring", ["other"], None)
    store.ingest(
        [
            record("20261122-1", "early", ended=NOON),
            record("20261122-2", "early", ended=NOON + timedelta(hours=5)),
            record("20261122-3", "late", ended=NOON + timedelta(hours=3)),
            record("20261122-4", "failed", ending="failed"),
            record("20261122-5", "never", replies=0),
            record("20261122-6", "somebody else"),
        ]
    )

    def states(now: datetime) -> dict[str, str]:
        return {one.person: one.state for one in store.status("spring", now).tasks if one.scenario == "fare-jump"}

    assert states(NOON) == {"early": "done", "failed": "open", "late": "late", "never": "open"}
    assert states(due + timedelta(seconds=1))["never"] == "overdue"
    found = store.status("spring", NOON)
    assert [(one.scenario, one.due) for one in found.assignments] == [("fare-jump", due), ("other", None)]
    (early,) = (one for one in found.tasks if (one.person, one.scenario) == ("early", "fare-jump"))
    assert (early.sessions, early.first) == (2, NOON)
    assert {one.state for one in found.tasks if one.scenario == "other"} == {"open"}


def test_a_cohort_of_nobody_has_empty_sums(store: Store) -> None:
    store.create("empty")
    found = store.sums("empty")
    assert (found.people, found.cells, found.contacts) == ((), (), ())
    assert list(store.sessions("empty")) == []
    assert store.status("empty", datetime.now(UTC)).tasks == ()
