import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calls import DEFAULTS, DEFAULTS_FILE

from benchmarks.emotion import commoner, interval, right
from simulator.content.schema import Defaults
from simulator.content.source import read
from simulator.customer.emotion import rule_id, soothes
from simulator.vocabulary import Feeling, Mood
from training.deltas import by_hand, changed, places, points, written
from training.fit_emotion import crossed, differences, explained, fit, turns
from training.moods import Step, steps

CALM = {"anger": 60, "distress": 20, "confusion": 10, "trust": 30}
BETTER = {"anger": 52, "distress": 20, "confusion": 10, "trust": 38}
WORSE = {"anger": 58, "distress": 25, "confusion": 10, "trust": 30}


def conversation(name: str) -> dict[str, Any]:
    def customer(text: str, emotion: dict[str, int]) -> dict[str, Any]:
        return {
            "speaker": "customer",
            "text": text,
            "move": "press",
            "gist": "wants the parcel",
            "refers": ["parcel"],
            "emotion": emotion,
        }

    return {
        "id": name,
        "industry": "post",
        "channel": "phone",
        "mood": "irate",
        "persona": {"name": "A", "voice": "b", "traits": "c"},
        "situation": "A parcel is lost.",
        "facts": [{"id": "parcel", "text": "sent a parcel on Monday", "locked": False}],
        "agent_style": "excellent",
        "turns": [
            {"speaker": "agent", "text": "Hello, how can I help?"},
            customer("My parcel is gone.", CALM),
            {"speaker": "agent", "text": "You have every right to be angry. I'm opening the file now."},
            customer("All right.", BETTER),
            {"speaker": "agent", "text": "That's our policy, I can't do anything."},
            customer("Policy?", WORSE),
        ],
    }


@pytest.fixture
def replies(tmp_path: Path) -> list[Step]:
    path = tmp_path / "conversations.jsonl"
    path.write_text("\n".join(json.dumps(conversation(f"c{number}")) for number in range(6)), encoding="utf-8")
    return steps(path)


def test_each_reply_between_two_customer_lines_is_a_step_in_the_true_state(replies: list[Step]) -> None:
    assert len(replies) == 12
    first, second = replies[:2]
    assert (first.session.emotion.anger, second.session.emotion.anger) == (60, 52)
    assert first.truth == {Feeling.ANGER: -8, Feeling.DISTRESS: 0, Feeling.CONFUSION: 0, Feeling.TRUST: 8}
    assert second.truth[Feeling.ANGER] == 6
    assert first.said(DEFAULTS)[Feeling.ANGER] < 0 < second.said(DEFAULTS)[Feeling.ANGER]
    assert first.leads is Feeling.ANGER


def test_conversations_can_be_chosen_by_name(tmp_path: Path) -> None:
    path = tmp_path / "conversations.jsonl"
    path.write_text("\n".join(json.dumps(conversation(name)) for name in ("in", "out")), encoding="utf-8")
    assert {step.conversation for step in steps(path, chosen=lambda name: name == "in")} == {"in"}


def test_factors_and_deltas_give_what_the_ledger_gives(replies: list[Step]) -> None:
    for feeling in Feeling:
        where = places(DEFAULTS, feeling)
        rows = turns(replies, DEFAULTS, where)
        said = [step.said(DEFAULTS)[feeling] for step in replies]
        assert rows.moved(np.array(points(DEFAULTS, where))) == pytest.approx(said, abs=0.4)


def test_fitted_deltas_keep_their_sign_stay_within_the_cap_and_fit_better(replies: list[Step]) -> None:
    where = places(DEFAULTS, Feeling.ANGER)
    start = np.array(points(DEFAULTS, where))
    rows = turns(replies, DEFAULTS, where)
    found = fit(rows, start, cap=10, pull=0.01)
    assert (np.sign(found) == np.sign(start)).all()
    assert (np.abs(found) <= 10).all()
    assert explained(rows.moved(found), rows.change) > explained(rows.moved(start), rows.change)
    unseen = ~rows.factors.any(axis=0)
    assert found[unseen] == pytest.approx(start[unseen])


def test_a_strong_pull_keeps_the_hand_set_deltas(replies: list[Step]) -> None:
    where = places(DEFAULTS, Feeling.TRUST)
    start = np.array(points(DEFAULTS, where))
    assert fit(turns(replies, DEFAULTS, where), start, cap=10, pull=1e6) == pytest.approx(start, abs=0.01)


def test_a_single_conversation_cannot_be_left_out_of_its_own_fit(replies: list[Step]) -> None:
    where = places(DEFAULTS, Feeling.TRUST)
    rows = turns(replies[:2], DEFAULTS, where)
    with pytest.raises(ValueError, match="too few conversations"):
        crossed(rows, np.array(points(DEFAULTS, where)), cap=10, pull=10)


def test_deltas_are_rounded_to_halves_and_never_lose_their_direction() -> None:
    (soothing, *_) = [place for place in places(DEFAULTS, Feeling.ANGER) if points(DEFAULTS, [place])[0] < 0]
    for value, kept in ((-3.3, -3.5), (-0.1, -0.5), (2.0, -0.5)):
        assert points(changed(DEFAULTS, {soothing: value}), [soothing]) == [kept]


def test_a_file_is_written_with_new_deltas_and_is_otherwise_as_it_was() -> None:
    text = DEFAULTS_FILE.read_text("utf-8")
    assert written(text, DEFAULTS) == text
    place = places(DEFAULTS, Feeling.ANGER)[0]
    new = changed(DEFAULTS, {place: -9.5})
    rewritten = written(text, new)
    assert read(Defaults, rewritten, DEFAULTS_FILE) == new
    differing = [(old, now) for old, now in zip(text.splitlines(), rewritten.splitlines(), strict=True) if old != now]
    assert len(differing) == 1
    assert len(differences(DEFAULTS, new)) == 1


def test_the_shipped_deltas_pull_the_way_they_were_set_by_hand() -> None:
    hand = by_hand(DEFAULTS)
    for old, new in zip(hand.rules, DEFAULTS.rules, strict=True):
        assert {feeling: soothes(feeling, value) for feeling, value in old.moves.items()} == {
            feeling: soothes(feeling, value) for feeling, value in new.moves.items()
        }, rule_id(new)


def test_a_rule_without_hand_set_deltas_is_named() -> None:
    strange = DEFAULTS.rules[0].model_copy(update={"id": "new_rule", "moods": (Mood.IRATE,)})
    with pytest.raises(ValueError, match="new_rule"):
        by_hand(DEFAULTS.model_copy(update={"rules": (strange,)}))


def test_to_stand_still_is_no_direction_and_small_changes_do_not_count() -> None:
    change = np.array([-8.0, 6.0, 5.0, 2.0])
    assert right(np.array([-1.0, 0.0, 3.0, -9.0]), change) == pytest.approx(2 / 3)
    assert right(np.zeros(1), np.array([2.0])) is None
    assert commoner(change) == pytest.approx(2 / 3)


def test_the_interval_holds_the_share_it_is_about() -> None:
    draw = np.random.default_rng(1)
    change, noise = draw.normal(0, 8, 200), draw.normal(0, 8, 200)
    said = change + noise
    low, high = interval(said, change, [f"c{at // 8}" for at in range(200)])
    share = right(said, change)
    assert share is not None
    assert low < share < high
