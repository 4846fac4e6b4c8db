"""Which turns a contact turned on: what they asked for, what came of it, and how the customer took it in words."""

from collections.abc import Sequence

import pytest
from played import START, after, entry, exchange, looked_back_on, material, signal

from simulator.events import EmotionMoved, Event, MoveChosen, PromiseMade, ReplyRead
from simulator.vocabulary import CriticalCode, CriticalError, Ending, Feeling, Move, SignalName

_S = SignalName


def turn_of(number: int, reply: str, asked: float, applied: float, cap: str | None = None) -> list[Event]:
    one = entry("commits_action", reply, Feeling.ANGER, applied).model_copy(update={"asked": asked, "cap": cap})
    return exchange(number, reply, "Hm.", signals=[signal(reply, _S.COMMITS_ACTION, reply)], entries=[one])


def moments_of(*turns: Sequence[Event], ending: Ending = Ending.HUNG_UP) -> list[int]:
    return [moment.turn for moment in looked_back_on(after(*turns, ending=ending), material()).moments]


def test_turns_at_the_cap_are_ranked_by_what_they_asked_for() -> None:
    capped = "12 points a turn"
    first = turn_of(1, "I'm opening the log.", -14, -12, capped)
    second = turn_of(2, "I'm booking all four seats for you.", -31, -12, capped)
    assert moments_of(first, second) == [2, 1]


def test_what_words_asked_for_in_vain_ranks_no_turn() -> None:
    again = turn_of(1, "I'm opening the log.", -30, -8, "the same words again")
    other = turn_of(2, "I'm booking all four seats for you.", -9, -9)
    assert moments_of(again, other) == [2, 1]


def test_of_a_settled_call_the_turn_that_promised_the_way_out_comes_first() -> None:
    reply = "I'm putting all four back to 398."
    kind = turn_of(1, "I'm opening the log.", -15, -12)
    promised = [
        one.model_copy(update={"promises": (PromiseMade(promise="honour_fare", quote=reply),)})
        if isinstance(one, ReplyRead)
        else one
        for one in turn_of(2, reply, -9, -9)
    ]
    assert moments_of(kind, promised) == [1, 2]
    assert moments_of(kind, promised, ending=Ending.RESOLVED) == [2, 1]


def test_a_moment_that_went_the_other_way_is_shown_unless_it_was_slight() -> None:
    calm = [turn_of(number, f"I'm opening log {number}.", -12, -12) for number in (1, 2, 3)]
    assert moments_of(*calm, turn_of(4, "Hm.", 6, 6)) == [1, 2, 4]
    assert moments_of(*calm, turn_of(4, "Hm.", 4, 4)) == [1, 2, 3]


@pytest.mark.parametrize(("points", "shown"), [(-9, [1, 2, 4]), (-3, [1, 2, 3])])
def test_a_notable_reply_with_a_critical_error_is_among_the_moments_though_it_soothed(
    points: float, shown: list[int]
) -> None:
    calm = [turn_of(number, f"I'm opening log {number}.", -12, -12) for number in (1, 2, 3)]
    error = CriticalError(code=CriticalCode.UNSAFE, quote="Halve the dose.")
    unsafe = exchange(
        4, "Halve the dose.", "Oh.", critical=[error], entries=[entry("gives_pace", "dose", Feeling.ANGER, points)]
    )
    assert moments_of(*calm, unsafe) == shown


def answered_by(move: Move, *turn: Event) -> list[Event]:
    return [one.model_copy(update={"move": move}) if isinstance(one, MoveChosen) else one for one in turn]


def test_of_like_turns_those_come_first_after_which_the_customer_sounds_like_it() -> None:
    plain, borne_out, doubted = (turn_of(number, f"I'm opening log {number}.", -12, -12) for number in (1, 2, 3))
    moved = (plain, answered_by(Move.SOFTEN, *borne_out), answered_by(Move.HESITATE, *doubted))
    assert moments_of(*moved) == [2, 1, 3]


def test_a_small_loss_that_the_customer_answers_openly_is_no_moment() -> None:
    calm = [turn_of(number, f"I'm opening log {number}.", -12, -12) for number in (1, 2, 3)]
    slip = turn_of(4, "Hm.", 8, 8)
    assert moments_of(*calm, answered_by(Move.CHALLENGE, *slip)) == [1, 2, 4]
    assert moments_of(*calm, answered_by(Move.REVEAL, *slip)) == [1, 2, 3]


def test_calming_an_upset_customer_counts_for_more_than_calming_a_calm_one() -> None:
    def after_which_anger_is(anger: float, *turn: Event) -> list[Event]:
        calm = START.model_copy(update={"anger": anger})
        return [one.model_copy(update={"emotion": calm}) if isinstance(one, EmotionMoved) else one for one in turn]

    early = turn_of(1, "I'm opening the log.", -10, -10)
    late = turn_of(2, "I'm booking all four seats.", -11, -11)
    assert moments_of(after_which_anger_is(START.anger, *early), late) == [2, 1]
    assert moments_of(after_which_anger_is(20, *early), late) == [1, 2]


def test_a_reply_full_of_good_things_is_no_turning_point_for_that_alone() -> None:
    full = turn_of(2, "I'm booking all four seats for you.", -60, -12)
    first = answered_by(Move.SOFTEN, *turn_of(1, "I'm opening the log.", -34, -12))
    assert moments_of(first, full) == [1, 2]


def test_what_upset_the_customer_beside_a_reply_sounds_in_their_words() -> None:
    soothed = turn_of(1, "I'm opening log 1.", -12, -12)
    reply = "I'm opening log 2."
    happened = entry("deflects", "(event) The line went dead.", Feeling.ANGER, 9)
    happened = happened.model_copy(update={"signal": None, "rule": "call_drops"})
    disturbed = exchange(
        2,
        reply,
        "Hm.",
        signals=[signal(reply, _S.COMMITS_ACTION, reply)],
        entries=[entry("commits_action", reply, Feeling.ANGER, -12), happened],
        fired=("call_drops",),
        before=START,
    )
    assert moments_of(soothed, disturbed) == [1, 2]
    calm = [turn_of(number, f"I'm opening log {number}.", -12, -12) for number in (3, 4, 5)]
    assert 2 not in moments_of(soothed, disturbed, *calm)
