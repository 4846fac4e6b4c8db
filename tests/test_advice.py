"""What to try next: the stronger line fits its moment and is truly stronger; the goal is one thing that can be seen."""

import re
from typing import Any

import pytest
from played import (
    BEGIN,
    NAMED,
    OPENING,
    PUT_BACK,
    SHRUG,
    after,
    call,
    entry,
    exchange,
    looked_back_on,
    material,
    rating,
    signal,
)

from simulator.content.library import Library, shipped
from simulator.debriefing.debrief import Debrief
from simulator.debriefing.exemplars import alternatives
from simulator.debriefing.moments import relief
from simulator.events import ReplyRated
from simulator.vocabulary import CriticalCode, CriticalError, Emotion, Ending, Feeling, SignalName


def rated(turn: int, reply: str, level: int) -> ReplyRated:
    levels = {"empathy": level, "ownership": level, "active_listening": level}
    return ReplyRated(at=BEGIN, turn=turn, rating=rating(turn, reply, levels))


def test_the_stronger_line_answers_what_went_wrong_in_the_weakest_reply(looked_back: Debrief) -> None:
    stronger = looked_back.stronger
    assert stronger is not None
    assert (stronger.turn, stronger.dimension, stronger.before, stronger.reply) == (1, "Ownership", OPENING, SHRUG)
    assert (stronger.fault, stronger.fault_quote) == (SignalName.HIDES_BEHIND_POLICY, "That's the policy.")
    assert (stronger.signal, stronger.text, stronger.label) == (SignalName.COMMITS_ACTION, PUT_BACK, "authored")
    assert not stronger.added, "nothing of a reply with a fault is kept"


def test_a_stronger_line_would_have_done_more_by_the_same_rules(looked_back: Debrief) -> None:
    stronger = looked_back.stronger
    assert stronger is not None
    assert stronger.moved == {Feeling.ANGER: 15, Feeling.TRUST: -8}
    assert relief(stronger.would_move) > 0 > relief(stronger.moved)


def test_no_line_is_offered_where_none_would_have_done_more() -> None:
    strong = [entry("commits_action", NAMED, Feeling.ANGER, -30), entry("commits_action", NAMED, Feeling.TRUST, 30)]
    session = after(exchange(1, NAMED, "Oh.", entries=strong))
    assert looked_back_on(session, material()).stronger is None


def test_a_reply_without_fault_is_kept_and_the_line_goes_on_from_it() -> None:
    reply = "I have the booking here."
    stronger = looked_back_on(after(exchange(1, reply, "And?")), material()).stronger
    assert stronger is not None
    assert (stronger.added, stronger.fault) == (True, None)
    assert relief(stronger.would_move) > 0


def test_a_line_much_like_one_the_trainee_said_is_no_advice() -> None:
    said = "I'm putting both of them back to the old price, while you wait."
    only = {"commits_action": [PUT_BACK]}
    session = after(exchange(1, SHRUG, "What?"), exchange(2, said, "Oh."))
    assert looked_back_on(session, material(exemplars=only)).stronger is None


def test_nobody_is_told_to_name_the_anger_of_a_calm_customer() -> None:
    only = {"names_feeling": ["You sound angry, and anyone would be."]}
    calm = Emotion(anger=20, distress=10, confusion=10, trust=50)
    assert looked_back_on(after(exchange(1, "Right.", "Hm.")), material(exemplars=only)).stronger is not None
    assert looked_back_on(after(exchange(1, "Right.", "Hm."), emotion=calm), material(exemplars=only)).stronger is None


def test_a_reply_with_a_critical_error_is_the_one_to_come_back_to() -> None:
    reply = "Learn to read, love."
    error = CriticalError(code=CriticalCode.INSULTS, quote="Learn to read")
    worse = exchange(2, "Hm.", "No!", entries=[entry("deflects", "Hm.", Feeling.ANGER, 12)])
    stronger = looked_back_on(after(exchange(1, reply, "Excuse me?", critical=[error]), worse), material()).stronger
    assert stronger is not None
    assert (stronger.turn, stronger.critical) == (1, CriticalCode.INSULTS)


def test_a_goodbye_that_had_no_room_is_not_the_weakest_reply() -> None:
    nothing = {"empathy": None, "ownership": None, "active_listening": None}
    unrated = ReplyRated(at=BEGIN, turn=2, rating=rating(2, "Bye.", nothing))
    session = after([*exchange(1, "Right.", "Well?"), rated(1, "Right.", 2)], [*exchange(2, "Bye.", "Bye."), unrated])
    stronger = looked_back_on(session, material()).stronger
    assert stronger is not None
    assert stronger.turn == 1


def test_ledger_and_levels_choose_the_weakest_reply_together() -> None:
    slight = [entry("tells", "Hm.", Feeling.ANGER, 3)]
    session = after(
        [*exchange(1, "Hm.", "No.", entries=slight), rated(1, "Hm.", 4)],
        [*exchange(2, "Oh.", "No."), rated(2, "Oh.", 1)],
    )
    stronger = looked_back_on(session, material()).stronger
    assert stronger is not None
    assert stronger.turn == 2


def test_a_stronger_line_never_uses_a_number_the_trainee_could_not_know() -> None:
    only = {"commits_action": ["I am opening the fare log for {order} myself."]}
    assert looked_back_on(call(), material(exemplars=only)).stronger is None


def test_a_stronger_line_never_gives_away_what_was_still_locked() -> None:
    only = {"speaks_to_meaning": ["The children have packed for that birthday, and now this."]}
    assert looked_back_on(call(), material(exemplars=only)).stronger is None
    told = exchange(1, "I see.", "The children are packed for the birthday.", unlocked=("children",))
    session = after([*told, rated(1, "I see.", 4)], [*exchange(2, "Right.", "Well?"), rated(2, "Right.", 1)])
    stronger = looked_back_on(session, material(exemplars=only)).stronger
    assert stronger is not None
    assert stronger.turn == 2, "by then the customer had told it"


def test_an_exemplar_with_a_slot_this_call_lacks_is_passed_over() -> None:
    only = {"commits_action": ["I am calling {hotel} myself."]}
    assert looked_back_on(call(), material(exemplars=only)).stronger is None


@pytest.mark.parametrize("scenario", ["fare-jump", "insulin-delivery", "two-letters"])
def test_every_shipped_line_would_have_calmed_the_customer_it_was_written_for(scenario: str) -> None:
    cast = Library([shipped()]).material(scenario).cast(seed=1)
    played = cast.scenario
    turn = exchange(1, "Hm.", "Well?", before=played.emotion)
    session = after(turn, ending=None, slots=cast.slots, mood=played.mood, emotion=played.emotion)
    found = alternatives(session, cast, played.exemplars, session.turns[1], added=False)
    assert len(found) > 10
    for line in found:
        assert line.relief > 0, line.text


def test_the_goal_is_about_the_fault_that_cost_most_and_quotes_it(looked_back: Debrief) -> None:
    goal = looked_back.goal
    assert (goal.dimension, goal.check) == ("Ownership", "policy")
    assert goal.sentence == "In place of a rule, say what you can do."
    assert goal.basis == "In turn 1, “That's the policy.” upset the customer."
    assert goal.example is None, "the only line that fits stands above already"


def test_a_fault_that_cost_little_is_no_goal() -> None:
    slight = [entry("hides_behind_policy", "policy", Feeling.ANGER, 2)]
    reply = "That's the policy, but I'll look."
    seen = [signal(reply, SignalName.HIDES_BEHIND_POLICY, "policy")]
    other = exchange(3, "I see.", "Hm.")
    turns = [exchange(turn, reply, "Hm.", signals=seen, entries=slight) for turn in (1, 2)]
    goal = looked_back_on(after(*turns, other), material()).goal
    assert goal.check == "action"
    place = "Turn 1 had a place for it, after “Explain that to me.”"
    assert goal.basis == f"This time none of 3 replies plainly did. {place}"


def test_a_critical_error_comes_before_any_other_goal() -> None:
    error = CriticalError(code=CriticalCode.INSULTS, quote="Learn to read")
    costly = [entry("hides_behind_policy", "policy", Feeling.ANGER, 20)]
    session = after(exchange(1, "Learn to read the policy.", "What?", entries=costly, critical=[error]))
    goal = looked_back_on(session, material()).goal
    assert (goal.critical, goal.sentence) == (CriticalCode.INSULTS, "Speak of the problem and never of the customer.")
    assert goal.basis == "In turn 1, “Learn to read” was a critical error: insulted the customer."


def test_a_call_that_was_ended_at_once_gets_the_goal_to_stay() -> None:
    session = after(exchange(1, "Hello?", "Well?"), ending=Ending.TRAINEE_ENDED)
    goal = looked_back_on(session, material()).goal
    assert goal.sentence.startswith("Stay with the customer for at least four replies")
    assert goal.basis == "This time there was 1 reply to look back at."


def test_a_rubric_without_goals_still_gives_one() -> None:
    bare = material()
    checks = [
        dimension.model_copy(update={"checks": _without_goals(dimension)}) for dimension in bare.rubric.dimensions
    ]
    rubric = bare.rubric.model_copy(update={"dimensions": tuple(checks)})
    goal = looked_back_on(call(), bare.model_copy(update={"rubric": rubric})).goal
    assert goal.sentence == (
        'Before sending a reply, ask: "Does it hide behind policy?" and send it when the answer is no.'
    )


def _without_goals(dimension: Any) -> tuple[Any, ...]:
    return tuple(check.model_copy(update={"goal": None}) for check in dimension.checks)


def test_the_last_goal_is_looked_back_at() -> None:
    kept = [signal(NAMED, SignalName.COMMITS_ACTION, "I'm opening the fare log now.")]
    turns = (exchange(1, NAMED, "Oh.", signals=kept), exchange(2, "Right.", "Hm."))
    goals = {
        "In two replies, say what you will do.": "This time 1 of 2 replies did.",
        "In place of a rule, say what you can do.": "This time none of 2 turns plainly went against it.",
        "Speak of the problem and never of the customer.": "No reply of this call plainly went against it.",
        "A goal of another rubric.": None,
    }
    for goal, kept_to in goals.items():
        result = looked_back_on(after(*turns, goal=goal), material())
        assert (result.goal_before, result.goal_kept) == (goal, kept_to)
    assert looked_back_on(after(*turns, goal=None), material()).goal_kept is None


def test_the_goal_shows_another_line_than_the_one_above_it() -> None:
    reply = "That's the policy."
    only = {"commits_action": [PUT_BACK, "I'm reading the whole file for you now."]}
    seen = [signal(reply, SignalName.HIDES_BEHIND_POLICY, reply)]
    costly = [entry("hides_behind_policy", reply, Feeling.ANGER, 12)]
    result = looked_back_on(after(exchange(1, reply, "Hm.", signals=seen, entries=costly)), material(exemplars=only))
    assert result.goal.check == "policy"
    assert result.stronger is not None
    assert {result.stronger.text, result.goal.example} == set(only["commits_action"])


def test_every_goal_of_the_shipped_rubric_stands_alone_and_speaks_of_replies() -> None:
    rubric = Library([shipped()]).material("fare-jump").rubric
    checks = [check for dimension in rubric.dimensions for check in dimension.checks]
    goals = [check.goal for check in checks] + [kind.goal for kind in rubric.critical.values()]
    for goal in goals:
        assert goal is not None
        assert goal.endswith(".")
        assert len(goal) <= 130, goal
        assert not re.search(
            r"\b(you are|you were|be (more|less)|your (tone|attitude)|never fail)\b", goal, re.IGNORECASE
        )
