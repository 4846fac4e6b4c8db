"""A stronger line fits its place in the call, or none is shown: what it leans on was said, nothing is done again."""

import pytest
from played import after, entry, exchange, looked_back_on, material, rating, signal

from simulator.debriefing.placing import fits
from simulator.debriefing.proven import NONE_FITS
from simulator.events import Event, ReplyRated
from simulator.session import Session
from simulator.vocabulary import Emotion, Feeling, SignalName

_S = SignalName
BEFORE = Emotion(anger=80, distress=20, confusion=10, trust=20)


def told(*exchanges: tuple[str, str], asked: str = "The light on the box goes red.") -> Session:
    """A call in which the customer says `asked`, then replies and answers as given."""
    lines = [("I see.", asked), *exchanges]
    turns: list[list[Event]] = [exchange(turn, reply, answer) for turn, (reply, answer) in enumerate(lines, start=1)]
    return after(*turns)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (_S.GIVES_CALLBACK, "If that call doesn't come, I'll ring you about the red light."),
        (_S.GIVES_TIME, "I've changed the light, and it will show by four."),
        (_S.CHECKS_IT_WORKED, "Would you tell me whether the light is red on your side?"),
        (_S.GIVES_TIME, "It's on the box now, and the light changes by four."),
    ],
)
def test_a_line_that_leans_on_what_nobody_has_said_or_done_does_not_fit(name: SignalName, line: str) -> None:
    session = told(("Hm.", "Go on."))
    assert not fits(name, line, session, 2, added=False)


def test_a_line_that_leans_on_an_announced_call_fits_after_it() -> None:
    line = "If that call doesn't come, I'll ring you about the red light."
    session = told(("Ngozi has the note, and I'm booking her call.", "The light goes red."), ("Hm.", "Go on."))
    assert fits(_S.GIVES_CALLBACK, line, session, 3, added=False)


def test_a_check_that_it_worked_comes_after_the_act_it_is_about() -> None:
    line = "Would you tell me whether the light is green on your side?"
    session = told(("I'm changing the light now.", "The light was red, I told you."), ("Hm.", "Go on."))
    assert fits(_S.CHECKS_IT_WORKED, line, session, 3, added=False)


def test_what_the_customer_wants_is_not_summed_up_once_it_is_being_done() -> None:
    line = "You want the light mended and not a third visit. Have I got that right?"
    assert fits(_S.CHECKS_UNDERSTANDING, line, told(("Hm.", "Go on.")), 2, added=False)
    acted = told(("I'm opening a case for you now.", "The light goes red."), ("Hm.", "Go on."))
    assert not fits(_S.CHECKS_UNDERSTANDING, line, acted, 3, added=False)


def test_a_line_about_the_beginning_of_the_story_needs_a_word_of_the_moment_later_on() -> None:
    line = "You waited in for two days and the light went red again."
    chat = [("Hm.", "Go on.")] * 4
    assert not fits(_S.REFLECTS_DETAIL, line, told(*chat, ("Right.", "Hm.")), 5, added=True)
    assert fits(
        _S.REFLECTS_DETAIL, line, told(*chat[:3], ("Hm.", "It went red again."), ("Right.", "Hm.")), 6, added=True
    )


def test_a_step_is_not_given_again() -> None:
    line = "One step only: open Settings, the cog."
    session = told(("Please open Settings.", "The light on my phone?"), ("Hm.", "Go on."), asked="Where do I look?")
    assert not fits(_S.ONE_STEP, line, session, 3, added=True)


def test_what_a_word_means_is_not_answered_by_a_step() -> None:
    line = "One bill only: look for the one that says interim."
    session = told(("Hm.", "Go on."), asked="What's an interim bill?")
    assert not fits(_S.ONE_STEP, line, session, 2, added=False)
    owing = told(("Hm.", "Go on."), asked="Do I owe you 715 pounds, or do you owe me?")
    assert fits(_S.ONE_STEP, "One thing only for now: you owe nothing.", owing, 2, added=False)


def test_nothing_is_added_that_the_reply_just_did() -> None:
    session = told(("Take your time to look at it.", "Hm."))
    assert not fits(_S.GIVES_PACE, "Take your time with the box. I'll wait.", session, 2, added=True)


def test_an_act_is_added_only_where_one_is_called_for_or_spoken_of() -> None:
    line = "I'll order the same hinges from another shop for you today."
    session = told(("Hm.", "Go on."), asked="I have written it in my dictionary.")
    thanked = session.turns[1].model_copy(update={"choice": _answering(session)})
    calm = session.model_copy(update={"turns": (session.turns[0], thanked, *session.turns[2:])})
    assert fits(_S.COMMITS_ACTION, line, session, 2, added=True), "the customer pressed"
    assert not fits(_S.COMMITS_ACTION, line, calm, 2, added=True), "the customer was only answering"


def _answering(session: Session) -> object:
    choice = session.turns[1].choice
    assert choice is not None
    return choice.model_copy(update={"move": "answer"})


def test_a_reply_that_did_the_customer_good_needs_no_other_line() -> None:
    calmed = [entry("reflects_detail", "I see.", Feeling.ANGER, -7)]
    assert looked_back_on(after(exchange(1, "I see.", "Hm.", entries=calmed)), material()).stronger is None
    assert looked_back_on(after(exchange(1, "I see.", "Hm.")), material()).stronger is not None


def test_nothing_is_added_to_words_that_hurt_though_nobody_can_say_why() -> None:
    reply = "Real chemist, that one."
    hurt = exchange(
        1,
        reply,
        "What?",
        signals=[signal(reply, _S.DISMISSES_FEELING, reply)],
        entries=[entry("dismisses_feeling", reply, Feeling.ANGER, 9)],
    )
    assert looked_back_on(after(hurt), material()).stronger is None


def test_that_no_line_fits_is_said() -> None:
    turn = [*exchange(1, "I see.", "Hm."), ReplyRated(at=exchange(1, "", "")[0].at, turn=1, rating=_low())]
    result = looked_back_on(after(turn), material(exemplars={}))
    assert (result.stronger, result.stronger_note) == (None, NONE_FITS)


def _low() -> object:
    return rating(1, "I see.", {"empathy": 2, "ownership": 2, "active_listening": 2})


@pytest.mark.parametrize(
    ("line", "fitting"),
    [
        ("You were pleased about a word, and it turned out to be the opposite.", False),
        ("You watched that light go red and nobody told you why, so of course you were worried.", True),
    ],
)
def test_a_line_about_the_story_touches_what_was_told(line: str, fitting: bool) -> None:
    session = told(("Hm.", "It was the light again."), asked="The light on the box goes red.")
    assert fits(_S.NAMES_FEELING, line, session, 2, added=True) is fitting


@pytest.mark.parametrize(("beside", "fitting"), [("", True), (" I'll ring you at ten to check.", False)])
def test_a_call_is_announced_once(beside: str, fitting: bool) -> None:
    line = "I'll look at the light tonight and ring you to tell you what it shows."
    session = told((f"I've changed the light on the box.{beside}", "The light was red."), ("Hm.", "Go on."))
    assert fits(_S.CHECKS_IT_WORKED, line, session, 3, added=False) is fitting


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (_S.ONE_STEP, "For now, only the third page."),
        (_S.GIVES_PACE, "There's no hurry. Put page two to one side."),
    ],
)
def test_a_step_or_a_pause_is_added_only_where_its_thing_was_spoken_of(name: SignalName, line: str) -> None:
    elsewhere, spoken_of = "It is red again.", "I have page three and page two here."
    assert not fits(name, line, told(("Hm.", elsewhere), ("The form is open.", "Go on.")), 3, added=True)
    assert fits(name, line, told(("Hm.", spoken_of), ("The form is open.", "Go on.")), 3, added=True)


def test_a_pause_that_is_about_nothing_can_be_added_anywhere() -> None:
    assert fits(_S.GIVES_PACE, "There's no hurry.", told(("The form is open here.", "Go on.")), 2, added=True)


def test_nothing_is_added_of_which_one_sentence_was_just_said() -> None:
    line = "Has the box a number? Unplug the red cable."
    said = told(("Please unplug that red cable now.", "Hm."), asked="The cable on the box is red.")
    assert not fits(_S.COMMITS_ACTION, line, said, 2, added=True)


def test_a_deed_in_place_of_a_reply_is_about_what_the_customer_spoke_of() -> None:
    line = "I'm cancelling the second letter today."
    assert not fits(
        _S.COMMITS_ACTION, line, told(("Hm.", "Go on."), asked="I'd have to look for my pen."), 2, added=False
    )
    assert fits(_S.COMMITS_ACTION, line, told(("Hm.", "Go on."), asked="Another letter has come."), 2, added=False)


def test_whether_it_worked_is_asked_after_the_reply_that_did_it_and_not_over_a_question() -> None:
    line = "Would you tell me whether the light is green on your side?"
    acted = "I'm changing the light on the box now."
    assert fits(_S.CHECKS_IT_WORKED, line, told((acted, "Hm."), asked="The light is red."), 2, added=True)
    assert not fits(_S.CHECKS_IT_WORKED, line, told((acted, "Hm."), asked="Is that light red for good?"), 2, added=True)
    assert not fits(_S.CHECKS_IT_WORKED, line, told((acted, "It is red."), ("Right.", "Hm.")), 3, added=True)


def test_a_calm_customer_whom_a_reply_did_not_harm_needs_no_other_line() -> None:
    calm = BEFORE.model_copy(update={"anger": 15})
    first = exchange(1, "I see.", "Hm.", entries=[entry("reflects_detail", "I see.", Feeling.ANGER, -7)], before=calm)
    assert looked_back_on(after(first, exchange(2, "Right.", "Hm.", before=calm)), material()).stronger is None
    assert looked_back_on(after(first, exchange(2, "Right.", "Hm.")), material()).stronger is None
    upset = exchange(1, "I see.", "Hm.", entries=[entry("reflects_detail", "I see.", Feeling.ANGER, -7)])
    assert looked_back_on(after(upset, exchange(2, "Right.", "Hm.")), material()).stronger is not None
