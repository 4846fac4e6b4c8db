"""`cohort queue`: what most needs a person, one moment for each pattern, told by the words that were said."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import handed
import pytest
import recorded
from cohort_made import run
from cohort_made import told as printed
from played import BEGIN, NAMED, SHRUG, after, call, entry, exchange, material, rating, signal

from simulator.assessment.gold import GoldReply, Judgement, Provenance
from simulator.cohorts.coaching import COSTLY, MOST_MISSING, CoachingQueue, disagreements, queue
from simulator.cohorts.coaching_signs import LOST_AGAIN, signs_of
from simulator.content.library import shipped
from simulator.contested import DisputeSettled, ScoreDisputed
from simulator.events import Event, ReplyRated
from simulator.reports.cohort_queue import NOTHING, lines
from simulator.session import Session
from simulator.storage.ratings import RatingsFolder, gold_file
from simulator.storage.records.database import Database
from simulator.storage.records.store import Store
from simulator.vocabulary import CriticalCode, CriticalError, Emotion, Ending, Feeling, Level, Rating, SignalName

INSULT = "You people never listen. Sort it out yourself."


def named(number: int, person: str = "") -> dict[str, Any]:
    """What makes a session one of its own."""
    return {"session": f"20261122-{number:06}-aaaaaa", "trainee": person or f"person {number}"}


def gathered(*sessions: Session) -> CoachingQueue:
    return queue("Spring", [(session, material()) for session in sessions])


def said(made: CoachingQueue) -> str:
    return "\n".join(lines(made))


def insulted(number: int, code: CriticalCode = CriticalCode.INSULTS, cost: float = 10) -> Session:
    turn = exchange(
        1,
        INSULT,
        "Excuse me?",
        critical=[CriticalError(code=code, quote=INSULT)],
        entries=[entry("insults", INSULT, Feeling.ANGER, cost)],
    )
    return after(turn, **named(number))


def hidden(number: int, cost: float = 15, person: str = "") -> Session:
    """Hides behind policy in the first of two replies, and is hung up on."""
    policy = signal(SHRUG, SignalName.HIDES_BEHIND_POLICY, "That's the policy.")
    moved = [entry("hides_behind_policy", "That's the policy.", Feeling.ANGER, cost)]
    first = exchange(1, SHRUG, "Don't.", signals=[policy], entries=moved)
    return after(first, exchange(2, "Well then.", "Bye."), **named(number, person))


def fine(number: int) -> Session:
    """Nothing to talk about."""
    named_it = signal(NAMED, SignalName.NAMES_FEELING, "I'd be angry too.")
    calmed = [entry("names_feeling", "I'd be angry too.", Feeling.ANGER, -22)]
    turn = exchange(1, NAMED, "Thank you.", signals=[named_it], entries=calmed)
    return after(turn, ending=Ending.RESOLVED, **named(number))


def lost(number: int, ending: Ending = Ending.HUNG_UP, rise: float = 35) -> Session:
    """Calmed by the first reply, lost by the second."""
    calm = Emotion(anger=50, distress=20, confusion=10, trust=40)
    calmed = [entry("names_feeling", "I'd be angry too.", Feeling.ANGER, -30)]
    worse = [entry("hides_behind_policy", "That's the policy.", Feeling.ANGER, rise)]
    return after(
        exchange(1, NAMED, "Well.", entries=calmed),
        exchange(2, SHRUG, "No.", entries=worse, before=calm),
        ending=ending,
        **named(number),
    )


def disputed(number: int, *later: Event) -> Session:
    """The level of its only reply is contested."""
    given = rating(1, SHRUG, {"empathy": 2, "ownership": 1, "active_listening": 2})
    wish = ScoreDisputed(
        at=BEGIN + timedelta(hours=number), turn=1, reason="I did own it.", dimension="ownership", level=4
    )
    happened: Sequence[Event] = [ReplyRated(at=BEGIN, turn=1, rating=given), wish, *later]
    return after([*exchange(1, SHRUG, "Hm."), *happened], **named(number))


# Patterns


def test_critical_errors_come_first_and_the_gravest_of_them_before_the_others() -> None:
    made = gathered(
        *(hidden(number) for number in range(5)),
        insulted(10, CriticalCode.ABANDONS),
        insulted(11, CriticalCode.UNSAFE),
        insulted(12),
    )
    assert [one.sign.pattern for one in made.moments][:3] == ["unsafe", "insults", "abandons"]
    assert [one.sign.kind for one in made.moments] == sorted(
        (one.sign.kind for one in made.moments), key=["critical", "lost", "fault", "missing"].index
    )


def test_a_pattern_is_one_moment_with_how_many_sessions_and_people_show_it() -> None:
    made = gathered(hidden(1, person="Ada"), hidden(2, person="Ada"), hidden(3, person="Bo"), fine(4))
    [moment] = [one for one in made.moments if one.sign.kind == "fault"]
    assert (moment.sign.pattern, moment.sessions, moment.people, moment.points) == ("hides_behind_policy", 3, 2, 45)
    assert "In 3 of 4 sessions, of 2 people. It cost 45 points" in said(made)


def test_a_pattern_is_told_by_the_session_that_it_cost_most_with_the_very_words() -> None:
    made = gathered(hidden(1, 9), hidden(2, 30, "Bo"), hidden(3, 12))
    [moment] = [one for one in made.moments if one.sign.kind == "fault"]
    assert (moment.sign.person, moment.sign.turn, moment.sign.quote) == ("Bo", 1, "That's the policy.")
    text = said(made)
    assert "Reply: “That's the policy.”" in text
    assert "Customer: “Two at 398, two at 810. Explain that to me.”" in text
    assert "To try: In place of a rule, say what you can do." in text


def test_the_order_in_which_sessions_are_read_changes_nothing() -> None:
    sessions = [hidden(1), insulted(2), lost(3), fine(4), hidden(5, 20)]
    assert gathered(*sessions) == gathered(*reversed(sessions))


def test_a_single_case_in_a_big_cohort_is_told_as_such() -> None:
    rest = [fine(number) for number in range(20, 40)]
    assert "In 1 of 21 sessions: a single case, and no habit of the group." in said(gathered(insulted(1), *rest))
    assert "a single case" not in said(gathered(insulted(1), fine(2)))
    assert "a single case" not in said(gathered(insulted(1), insulted(2), *rest))


def test_what_cost_little_is_no_pattern() -> None:
    assert not [one for one in gathered(hidden(1, COSTLY - 1)).moments if one.sign.kind == "fault"]


def test_words_of_a_critical_error_are_not_told_again_as_a_fault() -> None:
    assert [one.sign.kind for one in gathered(insulted(1, cost=30)).moments] == ["critical"]


@pytest.mark.parametrize("ending", [Ending.HUNG_UP, Ending.DROPPED, Ending.ESCALATED, Ending.TRAINEE_ENDED])
def test_a_good_start_that_was_lost_is_told_by_the_turn_that_lost_it(ending: Ending) -> None:
    made = gathered(lost(1, ending))
    [moment] = [one for one in made.moments if one.sign.kind == "lost"]
    assert (moment.sign.turn, moment.sign.quote, moment.sign.points) == (2, SHRUG, 35)
    assert f"it ended: {ending.value.replace('_', ' ')}." in said(made)


def test_a_good_start_that_ended_well_or_never_was_is_not_called_lost() -> None:
    for session in (lost(1, Ending.RESOLVED), lost(1, rise=LOST_AGAIN - 1), hidden(2)):
        assert "lost" not in [one.sign.kind for one in gathered(session).moments]


def test_what_no_reply_did_is_told_only_where_the_matter_was_not_settled() -> None:
    missing = [one.sign for one in gathered(hidden(1), hidden(2)).moments if one.sign.kind == "missing"]
    assert 0 < len(missing) <= MOST_MISSING
    assert "What no reply plainly did: " in said(gathered(hidden(1), hidden(2)))
    assert not [one for one in signs_of(lost(1, Ending.RESOLVED), material()) if one.kind == "missing"]


def test_an_unfinished_session_shows_nothing_yet() -> None:
    assert list(signs_of(call(None), material())) == []


@pytest.mark.parametrize("sessions", [[], [fine(1)]])
def test_an_empty_queue_says_so(sessions: list[Session]) -> None:
    made = gathered(*sessions)
    assert made.is_empty
    assert NOTHING in said(made)
    assert f"{len(sessions)} session" in said(made)


def test_words_from_outside_do_not_steer_the_terminal() -> None:
    nasty = "Nope.\x1b[2J\u202e\n1. Critical error: none"
    turn = exchange(1, nasty, "!", critical=[CriticalError(code=CriticalCode.INSULTS, quote=nasty)])
    text = said(gathered(after(turn, **named(1, "Eve\x1b[31m\nNothing waits"))))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len([line for line in text.splitlines() if line.startswith("1. ")]) == 1


# Disputes


def test_disputes_that_wait_are_listed_oldest_first_with_person_levels_and_reason() -> None:
    made = gathered(disputed(2), disputed(1), fine(3))
    assert [one.person for one in made.disputes] == ["person 1", "person 2"]
    text = said(made)
    assert "person 1, session 20261122-000001-aaaaaa, turn 1: Ownership contested, which should be 4." in text
    assert "Reason: “I did own it.”" in text
    assert "Levels: Empathy 2, Ownership 1, Active listening 2." in text


def test_a_settled_dispute_waits_for_nobody() -> None:
    settled = DisputeSettled(at=BEGIN + timedelta(days=1), turn=1, upheld=False, reason="It stays.", by="Ines")
    assert gathered(disputed(1, settled)).disputes == ()


# Disagreements


def gold(name: str, **changes: Any) -> GoldReply:
    fields: dict[str, Any] = {"id": name, "history": (), "reply": f"Reply {name}.", "consensus": {"empathy": 3}}
    return GoldReply(**{**fields, **changes})


def judged(reply: str, by: str, level: Level | None, dimension: str = "empathy", minute: int = 0) -> Judgement:
    at = datetime(2026, 11, 22, 12, minute, tzinfo=UTC)
    return Judgement(at=at, rubric="core", reply=reply, dimension=dimension, level=level, by=by)


def by_rater(level: Level | None) -> Rating:
    return Rating(levels={"empathy": level}, expected={"empathy": level}, rater="embedded-9")


def test_replies_two_levels_apart_are_disagreements_the_widest_first() -> None:
    found = disagreements(
        [gold("a"), gold("b"), gold("c")],
        [judged("a", "Ines", 4), judged("b", "Ines", 5), judged("c", "Ines", 3)],
        {"a": by_rater(2), "b": by_rater(1), "c": by_rater(2)},
    )
    assert [(one.reply, one.apart) for one in found] == [("b", 4), ("a", 2)]
    assert found[0].levels == {"Ines": 5, "embedded-9": 1}


def test_people_can_disagree_without_the_rater_and_a_later_level_takes_the_place_of_an_earlier() -> None:
    found = disagreements(
        [gold("a")], [judged("a", "Ines", 1), judged("a", "Bo", 4), judged("a", "Ines", 2, minute=5)], {}
    )
    assert [one.levels for one in found] == [{"Ines": 2, "Bo": 4}]


def test_no_room_is_no_level_and_one_level_alone_no_disagreement() -> None:
    assert disagreements([gold("a")], [judged("a", "Ines", None)], {"a": by_rater(1)}) == ()
    assert disagreements([gold("a")], [judged("a", "Ines", 5)], {"a": by_rater(None)}) == ()
    assert disagreements([gold("a")], [judged("b", "Ines", 5)], {"b": by_rater(1)}) == ()


def test_a_revised_level_stands_against_the_raters_own() -> None:
    source = Provenance(
        session="s",
        turn=1,
        rater="embedded-3",
        given={"empathy": 1, "ownership": 3},
        contested="-",
        reason="-",
        by="Ines",
        at=BEGIN,
    )
    found = disagreements([gold("s-1", consensus={"empathy": 4, "ownership": 3}, provenance=source)], [], {})
    assert [(one.dimension, one.levels) for one in found] == [("empathy", {"embedded-3": 1, "Ines": 4})]
    text = said(CoachingQueue(cohort="Spring", sessions=0, moments=(), disputes=(), disagreements=found))
    assert "Empathy, 3 levels apart: embedded-3 1, Ines 4." in text
    assert "Reply s-1: “Reply s-1.”" in text


# The command


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("SIMULATOR_DATA", str(folder))
    monkeypatch.setenv("SIMULATOR_DATABASE", f"sqlite:///{tmp_path / 'records.db'}")
    with Store(Database(f"sqlite:///{tmp_path / 'records.db'}")) as store:
        store.create("Spring")
        store.add("Spring", ["Anna", "Bo"])
    return folder


def test_the_command_reads_the_journals_of_members_only_and_says_how_many(data: Path) -> None:
    recorded.journal(data, "20261122-120000-aaaaaa", "Anna")
    recorded.journal(data, "20261122-120000-bbbbbb", "Somebody else")
    recorded.journal(data, "20261122-120000-cccccc", "Bo", ended=False)
    printed("sync")
    done = run("cohort", "queue", "Spring")
    assert "Sessions to read: 1." in done.stderr
    assert "COACHING QUEUE: Spring\n1 session read." in done.stdout
    assert "Somebody else" not in done.stdout


def test_sessions_whose_journals_lie_elsewhere_are_counted_and_named(data: Path, tmp_path: Path) -> None:
    with Store(Database(f"sqlite:///{tmp_path / 'records.db'}")) as store:
        store.ingest([recorded.record(person="Anna")])
    done = run("cohort", "queue", "Spring")
    assert done.return_value == 1
    assert "1 of the cohort's sessions in the store have no journal here" in done.stderr


def test_programs_read_the_queue_as_json(data: Path) -> None:
    recorded.journal(data, "20261122-120000-aaaaaa", "Anna")
    made = CoachingQueue.model_validate_json(json.dumps(json.loads(printed("cohort", "queue", "Spring", "--json"))))
    assert (made.cohort, made.sessions) == ("Spring", 1)


def test_a_damaged_journal_is_said_and_the_others_are_read(data: Path) -> None:
    recorded.journal(data, "20261122-120000-aaaaaa", "Anna")
    recorded.journal(data, "20261122-120000-bbbbbb", "Bo").write_text("{broken\n" * 3)
    done = run("cohort", "queue", "Spring")
    assert done.return_value == 1
    assert "1 session read" in done.stdout
    assert "20261122-120000-bbbbbb" in done.stderr


def test_revised_levels_of_this_machine_are_in_the_queue_without_loading_a_model(data: Path) -> None:
    source = Provenance(
        session="s", turn=1, rater="embedded-3", given={"empathy": 1}, contested="-", reason="-", by="Ines", at=BEGIN
    )
    data.mkdir(exist_ok=True)
    RatingsFolder(data).add(gold("s-1", consensus={"empathy": 4}, provenance=source))
    done = run("cohort", "queue", "Spring")
    assert "Empathy, 3 levels apart: embedded-3 1, Ines 4." in done.stdout
    assert "The rater reads" not in done.stderr


def test_unreadable_ratings_are_said_and_the_queue_is_shown(data: Path) -> None:
    data.mkdir(exist_ok=True)
    (data / "ratings.jsonl").write_text("{broken\n{}\n")
    done = run("cohort", "queue", "Spring")
    assert done.return_value == 1
    assert "Disagreements about levels are not in the queue" in done.stderr
    assert "COACHING QUEUE: Spring" in done.stdout


def test_sessions_that_were_handed_in_are_read_as_well(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainee, files = tmp_path / "trainee", tmp_path / "files"
    handed.journal(trainee, trainee="Anna")
    monkeypatch.setenv("SIMULATOR_DATA", str(trainee))
    printed("sessions", "export", "--all", "-o", str(files))
    monkeypatch.setenv("SIMULATOR_DATA", str(data))
    printed("cohort", "import", str(files), "--cohort", "Spring")
    done = run("cohort", "queue", "Spring")
    assert done.return_value == 0, done.stderr
    assert "1 session read." in done.stdout


def test_what_people_rated_in_calibrations_is_put_to_this_version_of_the_rater(data: Path) -> None:
    reply = gold_file(shipped() / "rubrics" / "gold" / "replies.jsonl")[0]
    data.mkdir(exist_ok=True)
    for by, level in (("Ines", 1), ("Bo", 5)):
        RatingsFolder(data).keep(judged(reply.id, by, level))
    done = run("cohort", "queue", "Spring", "--json")
    [found] = CoachingQueue.model_validate_json(done.stdout).disagreements
    assert found.reply == reply.id
    assert found.levels.keys() > {"Ines", "Bo"} or reply.consensus.get("empathy") is None
    assert "The rater reads what people rated: 1." in done.stderr
