"""The record of a session: what is kept of it, and that what was not recorded is left out."""

from datetime import timedelta

import pytest
from played import BEGIN, call, material
from recorded import events, shipped_material

from simulator.cohorts.recording import handle_seconds, record_of
from simulator.content.material import Material, MaterialTexts
from simulator.debriefing.scores import dimension_scores
from simulator.desk import material_of
from simulator.errors import ContentError
from simulator.events import CustomerSpoke, ReplyRated, SessionEnded, TraineeSpoke, TraineeTransferred
from simulator.session import Session
from simulator.vocabulary import Ending


def test_a_record_says_what_the_session_says() -> None:
    session = call()
    found = record_of(session, material(), "d" * 64, "k" * 64)
    assert (found.session, found.person, found.scenario) == (session.id, "quiet-otter", "fare-jump")
    assert (found.replies, found.critical, found.events) == (3, 0, session.events)
    assert (found.upset_before, found.upset_after) == (80.0, session.upset)
    assert (found.digest, found.signer) == ("d" * 64, "k" * 64)
    assert found.handle_seconds == 120.0
    assert found.copilot is None
    assert found.handoff is None
    scored = {score.id: (score.mean, score.n) for score in dimension_scores(session, material())}
    assert {score.dimension: (score.mean, score.replies) for score in found.scores} == scored
    assert {score.rater for score in found.scores} == {"embedded-1"}
    assert {score.by for score in found.scores} == {"rater"}


def test_only_a_finished_session_has_a_record() -> None:
    with pytest.raises(ValueError, match="not finished"):
        record_of(call(ending=None), material(), "d" * 64)


def test_a_dimension_without_a_level_is_left_out() -> None:
    session = Session.of(events("20261122-101530-aaaaaa", rated=False))
    assert record_of(session, shipped_material(), "d" * 64).scores == ()


def test_clocks_that_go_backwards_give_no_handle_time() -> None:
    happened = events("20261122-101530-aaaaaa")
    ended = SessionEnded(at=BEGIN + timedelta(minutes=2), ending=Ending.RESOLVED)
    early = SessionEnded(at=BEGIN - timedelta(seconds=1), ending=Ending.RESOLVED)
    assert handle_seconds(Session.of([*happened[:-1], ended])) == 120
    assert handle_seconds(Session.of([*happened[:-1], early])) is None
    ahead = TraineeSpoke(at=BEGIN + timedelta(hours=1), turn=3, text="Hello?")
    assert handle_seconds(Session.of([*happened[:-1], ahead, ended])) is None
    assert handle_seconds(Session.of(happened[:-1])) is None
    assert handle_seconds(Session.of([happened[0], ended])) is None


def test_ratings_that_come_after_the_end_do_not_count_as_time() -> None:
    happened = events("20261122-101530-aaaaaa", rated=False)
    late = ReplyRated(at=BEGIN + timedelta(days=3), turn=1, rating=None)
    assert handle_seconds(Session.of([*happened, late])) == 120


@pytest.mark.parametrize(
    ("words", "well"),
    [
        ("Let me pass you on.", False),
        (
            "I'm handing you over to my colleague Dana, because she can approve the refund, and I have told her "
            "everything, so you won't have to repeat yourself.",
            True,
        ),
    ],
)
def test_a_handoff_is_judged_by_what_the_customer_was_told(words: str, well: bool) -> None:
    happened = events("20261122-101530-aaaaaa")[:-1]
    said = TraineeSpoke(at=BEGIN, turn=3, text=words)
    answer = CustomerSpoke(at=BEGIN, turn=3, text="All right.", source="guided")
    handed = TraineeTransferred(at=BEGIN, turn=4, to="refunds")
    session = Session.of([*happened, said, answer, handed, SessionEnded(at=BEGIN, ending=Ending.ESCALATED)])
    assert record_of(session, shipped_material(), "d" * 64).handoff is well


def test_the_texts_of_a_session_are_read_once_and_as_they_stand_in_it() -> None:
    one, other = (Session.of(events(f"20261122-10153{number}-aaaaaa")) for number in (0, 1))
    started = one.started
    texts = MaterialTexts(
        scenario=started.scenario, persona=started.persona, rubric=started.rubric, defaults=started.defaults
    )
    afresh = Material.from_texts(started.scenario_id, started.persona_id, started.rubric_id, texts, started.slots)
    assert material_of(one) == afresh
    assert material_of(other).scenario is material_of(one).scenario
    assert material_of(one).slots == one.started.slots


def test_texts_that_are_no_scenario_are_refused() -> None:
    session = Session.of(events("20261122-101530-aaaaaa", scenario="title: nothing else"))
    with pytest.raises(ContentError):
        material_of(session)
