"""The goal comes from what moved this customer, at a place that can be quoted, and never from what was done anyway."""

from collections.abc import Sequence

import pytest
from played import NAMED, RUBRIC, START, after, entry, exchange, material, rating, signal, started

from simulator.content.rubric import Rubric
from simulator.debriefing.debrief import Debrief, debrief
from simulator.debriefing.goals import KEEP
from simulator.debriefing.lapses import ANSWER_FIRST, ANSWER_LAST, after_closing_early
from simulator.events import Event, MoveChosen, PromiseMade, ReplyRated, ReplyRead
from simulator.vocabulary import Emotion, Ending, Feeling, Mood, Move, SignalName

_S = SignalName
ACT = "I'm opening the fare log now."
PUTS_BACK = exchange(
    2,
    ACT,
    "All right.",
    signals=[signal(ACT, _S.COMMITS_ACTION, ACT)],
    entries=[entry("commits_action", ACT, Feeling.ANGER, -12)],
)
EARLY_ACT = "In one of the first three replies, say one thing you will do yourself, and by when."


def warm(turn: int, answer: str = "Who's doing something about it?") -> list[Event]:
    """A kind reply that announces nothing."""
    reply = f"I hear you, {'really ' * turn}I do."
    return exchange(turn, reply, answer, entries=[entry("validates", reply, Feeling.ANGER, -2)])


def goal_of(*turns: Sequence[Event], ending: Ending = Ending.HUNG_UP, mood: Mood = Mood.IRATE) -> Debrief:
    return debrief(after(*turns, ending=ending, mood=mood), material())


def test_a_customer_who_was_kept_waiting_for_an_act_gives_the_goal() -> None:
    late = exchange(4, ACT, "Oh.", signals=[signal(ACT, _S.COMMITS_ACTION, ACT)])
    goal = goal_of(warm(1), warm(2), warm(3), late).goal
    assert goal.sentence == EARLY_ACT
    assert goal.basis == (
        "In turn 1 the customer said “Who's doing something about it?”, and the first act came in turn 4."
    )


def test_waiting_is_no_goal_where_the_customer_wanted_to_understand_or_the_act_came_soon() -> None:
    late = exchange(4, ACT, "Oh.", signals=[signal(ACT, _S.COMMITS_ACTION, ACT)])
    assert goal_of(warm(1), warm(2), warm(3), late, mood=Mood.CONFUSED).goal.sentence != EARLY_ACT
    assert goal_of(warm(1), PUTS_BACK, warm(3), warm(4)).goal.sentence != EARLY_ACT


def test_an_act_that_a_detector_found_early_is_not_called_late() -> None:
    maybe = "We have sent nobody today."
    early = exchange(1, maybe, "Oh.", signals=[signal(maybe, _S.COMMITS_ACTION, maybe)])
    late = exchange(6, ACT, "Oh.", signals=[signal(ACT, _S.COMMITS_ACTION, ACT)])
    calm = [exchange(turn, "I see.", "Hm.") for turn in range(2, 6)]
    assert goal_of(early, *calm, late).goal.sentence != EARLY_ACT


def test_a_settled_call_that_lacked_something_is_told_that_and_not_to_go_on() -> None:
    goal = goal_of(exchange(1, "I see.", "Hm."), PUTS_BACK, ending=Ending.RESOLVED).goal
    assert goal.sentence == "In two replies, say what you will do."
    assert goal.basis == "This time 1 of 2 replies did. Turn 1 had a place for it, after “Explain that to me.”"


def test_a_settled_call_that_lacked_nothing_is_told_what_to_keep() -> None:
    whole = f"{NAMED} {ACT}"
    shown = [signal(whole, name, NAMED) for name in (_S.NAMES_FEELING, _S.SPEAKS_TO_MEANING, _S.REFLECTS_DETAIL)]
    turns = [
        exchange(
            number,
            whole,
            "All right.",
            signals=[*shown, signal(whole, _S.COMMITS_ACTION, ACT)],
            entries=[entry("commits_action", ACT, Feeling.ANGER, -12)],
        )
        for number in (1, 2)
    ]
    goal = goal_of(*turns, ending=Ending.RESOLVED).goal
    assert goal.sentence == f"{KEEP}In two replies, say what you will do."
    assert goal.basis == f"In turn 1, “{ACT}” helped most, and the matter was settled."


def test_what_was_to_be_kept_is_looked_back_at_like_any_goal() -> None:
    kept = after(
        exchange(1, NAMED, "Oh.", signals=[signal(NAMED, _S.COMMITS_ACTION, "I'm opening the fare log now.")]),
        goal=f"{KEEP}In two replies, say what you will do.",
    )
    assert debrief(kept, material()).goal_kept == "This time the only reply did."


def test_a_call_ended_on_a_question_is_told_to_answer_it() -> None:
    asked = exchange(3, "You have my name.", "When do I see the money?", entries=PUTS_BACK_ENTRIES)
    goal = goal_of(exchange(1, NAMED, "Hm."), PUTS_BACK, asked, ending=Ending.TRAINEE_ENDED).goal
    assert goal.sentence == ANSWER_LAST
    assert goal.basis == "It ended on “When do I see the money?”, and no reply came."
    assert goal_of(exchange(1, NAMED, "Hm."), PUTS_BACK, asked).goal.sentence != ANSWER_LAST, "the customer hung up"


def test_a_bare_please_asks_for_nothing() -> None:
    asked = exchange(3, "You have my name.", "Please. Yes. I'll sign anything.", entries=PUTS_BACK_ENTRIES)
    goal = goal_of(exchange(1, NAMED, "Hm."), PUTS_BACK, asked, ending=Ending.TRAINEE_ENDED).goal
    assert goal.sentence != ANSWER_LAST


def test_who_ended_the_call_with_a_content_customer_is_not_told_how_to_close() -> None:
    kind = {"name": "Left the customer with it", "text": "-", "goal": "Before leaving, say what happens next."}
    rubric = Rubric.model_validate({**RUBRIC, "critical": {"abandons": kind}})
    there = material().model_copy(update={"rubric": rubric})
    for feeling, told in ((Emotion(anger=5, distress=5, confusion=5, trust=90), False), (START, True)):
        made = PromiseMade(promise="honour_fare", quote=ACT)
        promised = [
            event.model_copy(update={"promises": (made,)}) if isinstance(event, ReplyRead) else event
            for event in exchange(1, ACT, "Yes, ring me.", before=feeling)
        ]
        session = after(promised, exchange(2, "Bye now.", "Bye.", before=feeling), ending=Ending.TRAINEE_ENDED)
        assert (after_closing_early(session, there) is not None) is told


@pytest.mark.parametrize(
    ("asked", "reply", "passed_over"),
    [
        ("On hold is the same as pending, or is it worse?", "One more: are you still waiting for the door?", True),
        ("And the nurse? Do I open it?", "Our visitors all carry a badge, and we take pride in that.", True),
        ("Is that a question for the refund, or for the file?", "Maybe the organiser makes an exception?", True),
        ("Is that a question for the refund, or for the file?", "For the file. The refund is through.", False),
        (
            "Two letters. Do I owe you 715 pounds, or do you owe me 42?",
            "Which meter number is on the red letter?",
            False,
        ),
        ("Do I open it?", "No. Leave it shut and stay with me, whoever they say they are.", False),
        ("Why?", "Our visitors all carry a badge, and we take pride in that.", False),
    ],
)
def test_a_question_that_a_reply_passed_over_is_what_to_answer_next_time(
    asked: str, reply: str, passed_over: bool
) -> None:
    goal = goal_of(exchange(1, NAMED, asked), exchange(2, reply, "I see.")).goal
    assert (goal.sentence == ANSWER_FIRST) is passed_over
    if passed_over:
        assert goal.basis == f"In turn 2, the reply passed over “{asked.split('? ')[-1]}”"


def test_a_question_that_only_protests_wants_no_answer() -> None:
    turn = exchange(1, NAMED, "Do you know how long I have been at this?")
    protest = [
        event.model_copy(update={"move": Move.VENT}) if isinstance(event, MoveChosen) else event for event in turn
    ]
    deaf = exchange(2, "Our visitors all carry a badge, and we take pride in that.", "I see.")
    assert goal_of(turn, deaf).goal.sentence == ANSWER_FIRST
    assert goal_of(protest, deaf).goal.sentence != ANSWER_FIRST


PUTS_BACK_ENTRIES = [entry("commits_action", "You have my name.", Feeling.ANGER, -6)]


def test_a_small_fault_in_a_reply_that_did_harm_comes_before_what_was_missing() -> None:
    reply = "That's the policy."
    seen = [signal(reply, _S.HIDES_BEHIND_POLICY, reply)]
    costs = [entry("hides_behind_policy", reply, Feeling.ANGER, 6)]
    goal = goal_of(exchange(1, "I see.", "Hm."), exchange(2, reply, "What?", signals=seen, entries=costs)).goal
    assert goal.check == "policy"
    soothed = [*costs, entry("commits_action", reply, Feeling.TRUST, 9)]
    goal = goal_of(exchange(1, "I see.", "Hm."), exchange(2, reply, "Oh.", signals=seen, entries=soothed)).goal
    assert goal.check != "policy", "the reply as a whole did good"


def test_what_was_done_in_two_replies_is_not_asked_for_again() -> None:
    acts = [exchange(turn, ACT, "Hm.", signals=[signal(ACT, _S.COMMITS_ACTION, ACT)]) for turn in (1, 2)]
    assert goal_of(*acts, exchange(3, "I see.", "What now?"), exchange(4, "Hm.", "Hm.")).goal.check != "action"


def test_a_session_without_a_goal_before_has_nothing_to_look_back_at() -> None:
    assert started(goal=None).goal is None
    assert debrief(after(exchange(1, NAMED, "Oh."), goal=None), material()).goal_kept is None


def test_a_goal_points_at_no_place_that_was_fair_on_its_dimension() -> None:
    def basis(level: int) -> str | None:
        turn = exchange(1, "I see.", "Hm.")
        levels = {"empathy": level, "ownership": level, "active_listening": level}
        rated = ReplyRated(at=turn[0].at, turn=1, rating=rating(1, "I see.", levels))
        return goal_of([*turn, rated]).goal.basis

    assert "Turn 1 had a place for it" in (basis(2) or "")
    assert "Turn 1" not in (basis(3) or "")


def test_what_is_asked_for_once_and_was_done_once_is_no_goal() -> None:
    asked = "What matters most to you tonight?"
    turn = exchange(1, asked, "Hm.", signals=[signal(asked, _S.ASKS_OPEN, asked)])
    others = [exchange(number, "I see.", "Hm.") for number in range(2, 7)]
    assert goal_of(turn, *others).goal.check != "open_question"


@pytest.mark.parametrize(("lectures", "is_goal"), [(1, False), (2, True)])
def test_lectures_are_the_goal_where_they_go_on(lectures: int, is_goal: bool) -> None:
    told = {
        "id": "told",
        "question": "-",
        "signals": ["tells"],
        "wanted": False,
        "goal": "Answer first.",
    }
    first, *others = RUBRIC["dimensions"]
    rubric = Rubric.model_validate({**RUBRIC, "dimensions": [{**first, "checks": [*first["checks"], told]}, *others]})
    lines = ["You should always ring first.", "It's always worth reading the terms."][:lectures]
    turns = [exchange(number, reply, "Hm.") for number, reply in enumerate([*lines, "I see.", "Right."], start=1)]
    goal = debrief(after(*turns), material().model_copy(update={"rubric": rubric})).goal
    assert (goal.sentence == "Answer first.") is is_goal


def test_who_took_next_to_nothing_on_is_told_to_act_before_a_single_slip_is_named() -> None:
    def goal(level: int) -> str:
        reply = "That's the policy."
        seen, costs = (
            [signal(reply, _S.HIDES_BEHIND_POLICY, reply)],
            [entry("hides_behind_policy", reply, Feeling.ANGER, 9)],
        )
        turns: list[list[Event]] = [exchange(1, reply, "What?", signals=seen, entries=costs)]
        turns += [exchange(number, "I see.", "Hm.") for number in range(2, 6)]
        levels = {"empathy": 3, "ownership": level, "active_listening": 3}
        rated = [
            ReplyRated(at=turn[0].at, turn=number, rating=rating(number, "I see.", levels))
            for number, turn in enumerate(turns, start=1)
        ]
        played = ([*turn, one] for turn, one in zip(turns, rated, strict=True))
        return goal_of(*played, mood=Mood.CONFUSED).goal.sentence

    assert goal(2) == EARLY_ACT
    assert goal(3) != EARLY_ACT


def test_who_said_what_comes_next_and_asked_whether_that_is_all_has_not_closed_early() -> None:
    kind = {"name": "Left the customer with it", "text": "-", "goal": "Before leaving, say what happens next."}
    there = material().model_copy(update={"rubric": Rubric.model_validate({**RUBRIC, "critical": {"abandons": kind}})})
    for reply, early in ((f"{ACT} Is that all right?", False), (ACT, True), ("Is that all right?", True)):
        session = after(exchange(1, reply, "Hm.", before=START), ending=Ending.TRAINEE_ENDED)
        assert (after_closing_early(session, there) is not None) is early


@pytest.mark.parametrize(("times", "told"), [(2, True), (1, False)])
def test_saying_sorry_over_and_over_is_a_goal(times: int, told: bool) -> None:
    replies = [
        exchange(turn, f"{'Sorry. ' * times}Please don't apologise, it is my screen, number {turn}.", "Hm.")
        for turn in range(1, 7)
    ]
    goal = goal_of(*replies, ending=Ending.TRAINEE_ENDED).goal
    assert goal.sentence.startswith("Say sorry once") is told
    assert (goal.basis == "This time there were 12 in 6 replies.") is told


def test_a_late_act_is_no_goal_where_the_customer_had_to_understand_first() -> None:
    late = exchange(5, ACT, "Oh.", signals=[signal(ACT, _S.COMMITS_ACTION, ACT)])
    turns = (*(warm(turn, "Yes.") for turn in range(1, 5)), late)
    assert goal_of(*turns, mood=Mood.IRATE).goal.sentence == EARLY_ACT
    assert goal_of(*turns, mood=Mood.CONFUSED).goal.sentence != EARLY_ACT
