"""How sessions of a scenario went: what is counted, of how many, and that what was never seen is no zero."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from simulator.cli.main import commands
from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.desk import started_with
from simulator.errors import ExitCode, UsageError
from simulator.events import (
    CustomerSpoke,
    Event,
    ModelCard,
    MoveChosen,
    PromiseMade,
    ReplyRead,
    SessionEnded,
    TraineeSpoke,
)
from simulator.rehearsing.scenario_report import Quit, Tally, report
from simulator.reports.sessions_of import in_lines
from simulator.session import Session
from simulator.storage.archive import SessionArchive
from simulator.vocabulary import Ending, Move, Signal, SignalName

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
MATERIAL = Library([shipped()]).material("two-letters").cast(1)
LOCKED = [fact.id for fact in MATERIAL.scenario.facts if fact.unlock is not None]
ALLOWED = [name for name, promise in MATERIAL.scenario.promises.items() if not promise.forbidden]


def events(
    number: int,
    replies: int,
    ending: Ending | None,
    *,
    unlocked: Sequence[str] = (),
    promised: Sequence[str] = (),
    shown: Sequence[SignalName] = (),
    material: Material = MATERIAL,
) -> list[Event]:
    """A session by hand; facts, promises and signals come with its first reply."""
    card = ModelCard(speaker="none", listener="none", way="guided")
    started = started_with(
        material,
        at=AT,
        session=f"20260105-09000{number}-aaaaaa",
        app_version="0",
        rater_version="none",
        seed=1,
        trainee="somebody",
        model=card,
    )
    told: list[Event] = [started]
    for turn in range(replies + 1):
        first = turn == 1
        if turn:
            told.append(TraineeSpoke(at=AT, turn=turn, text=f"Reply {turn}."))
            made = tuple(PromiseMade(promise=name, quote="Reply") for name in promised) if first else ()
            signals = tuple(Signal(name=name) for name in shown) if first else ()
            told.append(ReplyRead(at=AT, turn=turn, signals=signals, promises=made, learned=False))
        opened = tuple(unlocked) if first else ()
        told.append(MoveChosen(at=AT, turn=turn, move=Move.ASK, gist="x", because="x", unlocked=opened))
        told.append(CustomerSpoke(at=AT, turn=turn, text="And now?", source="guided"))
    return [*told, SessionEnded(at=AT, ending=ending)] if ending else told


def session(number: int, replies: int, *, ending: Ending | None, **first: Any) -> Session:
    return Session.of(events(number, replies, ending, **first))


# -- what is counted


def test_endings_and_replies_are_those_of_finished_sessions() -> None:
    found = report(
        "two-letters",
        [
            session(1, 4, ending=Ending.RESOLVED),
            session(2, 9, ending=Ending.RESOLVED),
            session(3, 2, ending=Ending.HUNG_UP),
            session(4, 5, ending=None),
        ],
    )
    assert list(found.endings.items()) == [(Ending.RESOLVED, 2), (Ending.HUNG_UP, 1)]
    assert (found.sessions, found.finished, found.replies) == (4, 3, (2, 4, 9))


def test_quitting_is_ending_it_or_leaving_it_and_no_hanging_up_by_the_customer() -> None:
    played = [
        session(1, 3, ending=Ending.TRAINEE_ENDED),
        session(2, 1, ending=None),
        session(3, 2, ending=Ending.HUNG_UP),
        session(4, 6, ending=Ending.RESOLVED),
    ]
    assert report("two-letters", played).quits == (
        Quit(session=played[0].id, how="ended", replies=3, after=Move.ASK),
        Quit(session=played[1].id, how="broken off", replies=1, after=Move.ASK),
    )


def test_facts_and_promises_are_counted_of_the_sessions_in_which_they_could_come_about() -> None:
    played = [
        session(1, 2, ending=Ending.RESOLVED, unlocked=LOCKED[:1], promised=ALLOWED[:1]),
        session(2, 2, ending=Ending.HUNG_UP, unlocked=LOCKED[:1]),
        session(3, 0, ending=Ending.TRAINEE_ENDED),
    ]
    found = report("two-letters", played)
    assert found.facts[0] == Tally(name=LOCKED[0], count=2, of=2), "nobody replied in the third"
    assert {tally.name: tally.count for tally in found.facts[1:]} == dict.fromkeys(LOCKED[1:], 0)
    assert found.promises[0] == Tally(name=ALLOWED[0], count=1, of=2)


def test_a_fact_that_an_older_version_lacked_counts_only_where_it_was() -> None:
    fewer = MATERIAL.scenario.model_copy(
        update={"facts": tuple(fact for fact in MATERIAL.scenario.facts if fact.id != LOCKED[-1])}
    )
    assert LOCKED[-1] not in [fact.id for fact in fewer.facts]
    text = MATERIAL.texts.scenario.replace(f"  - id: {LOCKED[-1]}\n", "  - id: an_older_name\n", 1)
    older = MATERIAL.model_copy(update={"texts": MATERIAL.texts.model_copy(update={"scenario": text})})
    played = [
        session(2, 1, ending=Ending.LIMIT),
        Session.of(events(1, 1, Ending.LIMIT, material=older)),
    ]
    of = {tally.name: tally.of for tally in report("two-letters", played).facts}
    assert of[LOCKED[0]] == 2
    assert of[LOCKED[-1]] == 1
    assert "an_older_name" not in of


def test_a_check_is_passed_by_one_yes_where_that_is_wanted_and_by_none_where_it_is_not() -> None:
    good = (SignalName.NAMES_FEELING,)
    bad = (SignalName.STOCK_PHRASE,)
    found = report(
        "two-letters",
        [session(1, 2, ending=Ending.RESOLVED, shown=good), session(2, 2, ending=Ending.HUNG_UP, shown=bad)],
    )
    by_question = {tally.name: (tally.count, tally.of) for tally in found.checks}
    assert by_question["Does it name what the customer feels?"] == (1, 2)
    assert by_question["Does it use a stock phrase?"] == (1, 2)
    assert by_question["Does it treat the feeling as reasonable?"] == (0, 2)
    assert by_question["Does it insult or mock the customer?"] == (2, 2)


def test_texts_that_cannot_be_read_any_more_are_counted_as_such() -> None:
    started = events(1, 2, Ending.RESOLVED)
    broken = started[0].model_copy(update={"scenario": "title: [", "persona": ""})
    found = report("two-letters", [Session.of([broken, *started[1:]])])
    assert (found.sessions, found.unreadable, found.endings) == (1, 1, {Ending.RESOLVED: 1})
    assert found.facts == found.promises == found.checks == ()
    assert "Of 1, what was played cannot be read" in in_lines(found)


# -- what is said


def test_what_was_never_done_is_said_with_how_often_it_could_have_been() -> None:
    played = [session(1, 2, ending=Ending.RESOLVED, unlocked=LOCKED[1:], promised=ALLOWED)]
    said = in_lines(report("two-letters", played)).splitlines()
    assert f"{LOCKED[0].replace('_', ' ')}: never (n = 1)" in said
    assert said.index(f"{LOCKED[0].replace('_', ' ')}: never (n = 1)") == said.index("FACTS THAT WERE UNLOCKED") + 1
    assert "Does it name what the customer feels? (n = 1)" in said
    assert "resolved: 1" in said


def test_what_nothing_is_known_about_is_left_out_and_is_no_zero() -> None:
    unfinished = in_lines(report("two-letters", [session(1, 0, ending=None)]))
    assert unfinished.splitlines()[0] == "two-letters: 1 session on this machine"
    for part in ("ENDINGS", "REPLIES UP", "FACTS", "PROMISES", "CHECKS"):
        assert part not in unfinished
    finished = in_lines(report("two-letters", [session(1, 3, ending=Ending.RESOLVED)]))
    assert "QUIT" not in finished
    assert "AGAINST POLICY" not in finished
    assert "hung up" not in finished


def test_places_where_several_quit_are_one_line() -> None:
    played = [session(number, 3, ending=Ending.TRAINEE_ENDED) for number in (1, 2, 3)]
    said = in_lines(report("two-letters", [*played, session(4, 1, ending=None)])).splitlines()
    at = said.index("WHERE TRAINEES QUIT (4 of 4)")
    assert said[at + 1 : at + 3] == [
        "after 1 reply: 1 broken off, when the customer's last move was ask",
        "after 3 replies: 3 ended, when the customer's last move was ask",
    ]


# -- the command


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SessionArchive:
    monkeypatch.setenv("SIMULATOR_DATA", str(tmp_path / "data"))
    made = SessionArchive(tmp_path / "data" / "sessions")
    made.prepare()
    return made


def record(archive: SessionArchive, told: Sequence[Event]) -> None:
    journal = archive.create(Session.of(told).id)
    for event in told:
        journal.append(event)
    journal.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(
        commands, ["scenario", "report", *arguments], catch_exceptions=False, standalone_mode=False
    )


def test_the_command_counts_only_the_scenario_it_is_asked_about(archive: SessionArchive) -> None:
    record(archive, events(1, 2, Ending.RESOLVED))
    other = MATERIAL.model_copy(update={"scenario_id": "another"})
    record(archive, events(2, 2, Ending.HUNG_UP, material=other))
    done = run("two-letters")
    assert (done.return_value, done.stderr) == (ExitCode.OK, "")
    assert "two-letters: 1 session on this machine" in done.stdout
    assert "hung up" not in done.stdout
    assert json.loads(run("another", "--json").stdout)["endings"] == {"hung_up": 1}
    assert "another: 1 session" in run("drafts/another.yaml").stdout


def test_a_session_that_is_open_in_a_window_does_not_count_yet(archive: SessionArchive) -> None:
    told = events(1, 2, None)
    journal = archive.create(Session.of(told).id)
    for event in told:
        journal.append(event)
    assert run("two-letters").stdout == "No sessions of two-letters on this machine yet.\n"
    journal.close()
    assert "WHERE TRAINEES QUIT (1 of 1)" in run("two-letters").stdout


def test_no_sessions_are_no_problem_and_an_unknown_scenario_is_one(archive: SessionArchive) -> None:
    done = run("fare-jump")
    assert (done.return_value, done.stdout) == (ExitCode.OK, "No sessions of fare-jump on this machine yet.\n")
    with pytest.raises(UsageError, match="did you mean"):
        run("fare-jmp")


def test_a_damaged_journal_is_said_and_does_not_stop_the_rest(archive: SessionArchive) -> None:
    record(archive, events(1, 2, Ending.RESOLVED))
    (archive.folder / "20260101-000000-ffffff.jsonl").write_text("{}\n{}\n", encoding="utf-8")
    done = run("two-letters")
    assert done.return_value == ExitCode.PROBLEMS
    assert "two-letters: 1 session" in done.stdout
    assert "20260101-000000-ffffff" in done.stderr
