"""What follows from a reply, beyond what its rater can know: the scenario's own policy."""

import pytest
from calls import NOON, Call, material

from simulator.consequences import Consequences
from simulator.events import TraineeSpoke
from simulator.vocabulary import Evidence, Rating, SignalName

PROMISES = {
    "refund": {"words": ["refund the 520"], "forbidden": True},
    "cancel_first": {"words": ["cancel the first bill"]},
}


def _rated(reply: str, ownership: int | None, more: float = 0.3) -> Rating | None:
    played = material(promises=PROMISES)
    consequences = Consequences(played)
    session = consequences.imagined(Call(played).session, TraineeSpoke(at=NOON, turn=1, text=reply))
    quoted = {"dimension": "ownership", "signal": SignalName.COMMITS_ACTION, "quote": reply[:4], "turn": 1}
    rating = Rating(
        levels={"empathy": 4, "ownership": ownership},
        expected={"empathy": 4.2, "ownership": None if ownership is None else ownership + more},
        evidence=(Evidence(**quoted, speaker="trainee", start=0, end=4),),
        rater="a rater",
    )
    return consequences.rated(session, 1, rating)


def test_a_promise_that_the_scenario_forbids_earns_no_more_than_three() -> None:
    rating = _rated("I'll refund the 520 today.", 5)
    assert rating is not None
    assert (rating.levels, rating.expected["ownership"], rating.evidence) == ({"empathy": 4, "ownership": 3}, 3.0, ())


def test_nor_does_it_keep_more_than_three_before_rounding() -> None:
    rating = _rated("I'll refund the 520 today.", 3, more=0.4)
    assert rating is not None
    assert (rating.levels["ownership"], rating.expected["ownership"], len(rating.evidence)) == (3, 3.0, 1)


@pytest.mark.parametrize(
    ("reply", "ownership"),
    [
        ("I'll cancel the first bill today.", 5),
        ("I'll refund the 520 today.", 2),
        ("I'll refund the 520 today.", None),
    ],
)
def test_other_levels_stay_as_the_rater_gave_them(reply: str, ownership: int | None) -> None:
    rating = _rated(reply, ownership)
    assert rating is not None
    assert (rating.levels["ownership"], len(rating.evidence)) == (ownership, 1)
