"""What a debrief names: only what its words bear, quoted whole; what it says less of where that cannot be known."""

from collections.abc import Sequence

import pytest
from played import BEGIN, OPENING, after, entry, exchange, looked_back_on, material, signal

from simulator.assessment.catalogue import CATALOGUE
from simulator.assessment.signals import read
from simulator.debriefing.answering import may_answer, wants
from simulator.debriefing.bearing import bears
from simulator.debriefing.debrief import Debrief, debrief
from simulator.debriefing.named import borne, named
from simulator.debriefing.noticed import own_story
from simulator.events import PromiseMade, ReplyRated, ReplyRead
from simulator.ports import Exchange
from simulator.reports.reasons import headline_of, reasons_of
from simulator.vocabulary import (
    CriticalCode,
    CriticalError,
    Ending,
    Evidence,
    Feeling,
    LedgerEntry,
    Rating,
    SignalName,
    Utterance,
)

_S = SignalName


def shown(reply: str, name: SignalName, words: str, probability: float = 1.0, told: str = "") -> bool:
    """Whether words of a reply are shown as a behaviour."""
    return borne(signal(reply, name, words).model_copy(update={"probability": probability}), reply, told)


@pytest.mark.parametrize(
    ("reply", "name", "words", "probability"),
    [
        ("Real chemist. It's booked.", _S.VALIDATES, "Real chemist.", 0.51),
        ("Yellow jacket and a badge, how very official.", _S.VALIDATES, "Yellow jacket and a badge", 0.6),
        ("I did not say it was our mistake, you misheard me.", _S.VALIDATES, "you misheard me", 0.9),
        ("I did not say it was our mistake, you misheard me.", _S.ACCEPTS_RESPONSIBILITY, "our mistake", 0.95),
        ("Then it's the ambulance first, my dear.", _S.ONE_STEP, "first", 1.0),
        ("How is he right now?", _S.ONE_STEP, "right now", 1.0),
        ("Is the message coming through all right?", _S.CHECKS_UNDERSTANDING, "right", 1.0),
        ("Four seats, 398 each, at five to three.", _S.COMMITS_ACTION, "Four seats, 398 each", 0.79),
        ("We have sent nobody today.", _S.COMMITS_ACTION, "We have sent nobody today", 0.92),
        ("Go to him for a minute.", _S.GIVES_TIME, "for a minute", 1.0),
        ("First, what was it you needed again?", _S.GIVES_PACE, "First", 0.72),
        ("How old did you say he was?", _S.ASKS_OPEN, "How old did you say he was?", 0.9),
        ("Sorry, where was I?", _S.SINCERE_APOLOGY, "Sorry, where was I?", 0.9),
        ("I can't tell you anything about doses, so I'm getting the nurse.", _S.DEFLECTS, "I can't tell you", 0.95),
        ("Brilliant. Let's go on.", _S.INSULTS, "Brilliant.", 0.95),
    ],
)
def test_words_that_do_not_show_a_behaviour_are_not_shown_for_it(
    reply: str, name: SignalName, words: str, probability: float
) -> None:
    assert not shown(reply, name, words, probability)


@pytest.mark.parametrize(
    ("reply", "name", "words"),
    [
        ("No wonder you're furious.", _S.VALIDATES, "No wonder"),
        ("That's our mistake, and I'm putting it right.", _S.ACCEPTS_RESPONSIBILITY, "our mistake"),
        ("We'll take them one at a time.", _S.ONE_STEP, "one at a time"),
        ("Have I got that right?", _S.CHECKS_UNDERSTANDING, "right"),
        ("I'm cancelling the visit now.", _S.COMMITS_ACTION, "I'm cancelling"),
        ("How is he right now, awake and talking?", _S.CHECKS_SAFETY, "How is he right now"),
        ("The system does that, not me.", _S.DEFLECTS, "The system does that"),
    ],
)
def test_words_that_show_it_are(reply: str, name: SignalName, words: str) -> None:
    assert shown(reply, name, words, 0.8)


def test_what_the_catalogue_gives_as_an_example_keeps_its_name() -> None:
    kept = 0
    found = 0
    for name, what in CATALOGUE.items():
        for example in what.shows:
            heard = Exchange(history=(Utterance(speaker="customer", text=example.customer),), reply=example.reply)
            seen = [each for each in read(heard).signals if each.name is name]
            found += bool(seen)
            kept += any(borne(each, example.reply, example.customer) for each in seen)
    assert found > 40
    assert kept / found > 0.85


def test_the_customers_own_words_said_back_show_nothing_good() -> None:
    told = "No wonder you're furious, that's what he said to me."
    reply = "No wonder you're furious."
    assert not shown(reply, _S.VALIDATES, reply, 1.0, told)
    assert shown(reply, _S.VALIDATES, reply, 1.0, "He said nothing at all.")


def test_a_detail_given_back_is_one_the_customer_told() -> None:
    reply = "Two at 398, two at 810, in one breath."
    assert shown(reply, _S.REFLECTS_DETAIL, reply, 0.9, OPENING)
    assert not shown(reply, _S.REFLECTS_DETAIL, reply, 0.9, "Somebody hung up on me.")
    assert not shown("I'm putting the 398 back now.", _S.REFLECTS_DETAIL, "398", 0.9, OPENING)


def test_only_what_was_told_is_asked_again() -> None:
    told = "It's the insulin, order 79112. Before quarter to ten?"
    assert shown("What is your order number?", _S.ASKS_AGAIN, "What is your order number?", 0.9, told)
    for reply in ("What happens at quarter to ten?", "Is there anything else worrying you?"):
        assert not shown(reply, _S.ASKS_AGAIN, reply, 0.9, told)


def seen_in(reply: str, name: SignalName, words: str, points: float = -9) -> Debrief:
    """A call with one reply in which words were read as a behaviour and moved the customer."""
    turn = exchange(
        1, reply, "Hm.", signals=[signal(reply, name, words)], entries=[entry(name.value, words, Feeling.ANGER, points)]
    )
    return debrief(after(turn), material())


def test_a_rule_of_the_scenario_that_no_words_bear_is_said_by_its_name() -> None:
    minded = LedgerEntry(
        rule="wrote_about_the_language", signal=None, quote="Hello.", feeling=Feeling.ANGER, asked=7, delta=7
    )
    turn = exchange(1, "Hello. Take your time with the English.", "Hm.", entries=[minded])
    (moment,) = debrief(after(turn), material()).moments
    (reason,) = reasons_of(moment)
    assert reason == "The reply as a whole, by what this customer minds or likes (wrote about the language): anger up 7"


def test_what_moved_the_customer_without_words_for_it_is_laid_to_the_reply_as_a_whole() -> None:
    looked_back = seen_in("Real chemist.", _S.VALIDATES, "Real chemist.")
    (moment,) = looked_back.moments
    assert moment.moves == {Feeling.ANGER: -9}, "the points stay as they were"
    assert reasons_of(moment) == ["The reply as a whole, by no words in particular: anger down 9"]
    assert headline_of(moment) == "Turn 1. Calmer (anger down 9): the reply as a whole"
    checks = [check for score in looked_back.dimensions for check in score.checks]
    assert not any(check.findings for check in checks)


def test_what_may_have_been_done_is_neither_counted_nor_called_missing() -> None:
    reply = "We have sent nobody today."
    looked_back = seen_in(reply, _S.COMMITS_ACTION, reply)
    assert "action" not in [check.id for score in looked_back.dimensions for check in score.checks]
    assert looked_back.goal.check != "action"


def test_a_quote_is_a_whole_clause() -> None:
    reply = "Well. The system does that, it's not my fault, and Gordon told you."
    told = seen_in(reply, _S.DEFLECTS, "The system does that, it's", 9)
    (reason,) = told.moments[0].reasons
    assert reason.quote == "The system does that, it's not my fault"


def test_a_rule_is_not_quoted_for_what_its_author_had_in_mind() -> None:
    reply = "I'm putting the fare back now."
    rule = entry("commits_action", reply, Feeling.ANGER, -9).model_copy(update={"rule": "honours_the_fare"})
    turn = exchange(1, reply, "Hm.", signals=[signal(reply, _S.COMMITS_ACTION, reply)], entries=[rule])
    assert reasons_of(debrief(after(turn), material()).moments[0]) == [
        f"“{reply}”: something definite to be done; anger down 9"
    ]


# Critical errors


def broke(reply: str, *quotes: str) -> Debrief:
    errors = [CriticalError(code=CriticalCode.BREAKS_POLICY, quote=quote) for quote in quotes]
    calms = [entry("commits_action", reply, Feeling.ANGER, -12)]
    seen = [signal(reply, _S.COMMITS_ACTION, reply)]
    turn = exchange(1, reply, "Good.", signals=seen, entries=calms, critical=errors)
    return debrief(after(turn), material())


def test_a_critical_error_is_told_once_and_in_words_that_show_it() -> None:
    looked_back = broke("The seats will be free. I promise.", "I promise", "The seats will be free.")
    assert [error.quote for error in looked_back.critical] == ["The seats will be free. I promise."]


def test_to_speak_of_a_rule_breaks_none() -> None:
    reply = "Compensation is a separate matter under the rules."
    assert broke(reply, reply).critical == ()


def test_what_calmed_by_breaking_policy_is_not_shown_as_if_it_were_right() -> None:
    reply = "I'm giving you 500 pounds in cash."
    (moment,) = broke(reply, reply).moments
    assert headline_of(moment).startswith(
        "Turn 1. Calmer (anger down 12), in a reply that promised what policy forbids"
    )
    assert "something definite to be done, though policy forbids it" in reasons_of(moment)[0]


# What wording shows by itself


def played(*replies: str, answer: str = "Hm.") -> Debrief:
    turns = [exchange(number, reply, answer) for number, reply in enumerate(replies, start=1)]
    return looked_back_on(after(*turns), material())


def checks_named(session_replies: Sequence[str], answer: str) -> list[SignalName]:
    turns = [exchange(number, reply, answer) for number, reply in enumerate(session_replies, start=1)]
    told = named(after(*turns))
    return [each.name for turn in told.turns if turn.reading for each in turn.reading.signals]


def test_to_say_the_customers_sentence_back_is_named_where_it_is_a_habit() -> None:
    line = "I was told it would be put back today."
    back = "You were told it would be put back today."
    assert checks_named([back, "I see.", "Right."], line).count(_S.PARROTS) == 0
    assert checks_named(["Right.", back, back, back], line).count(_S.PARROTS) == 3


def test_a_lecture_is_named() -> None:
    assert _S.TELLS in checks_named(["You should always compare the numbers first."], "Hm.")
    assert _S.TELLS in checks_named(["You really should ring first, I'd say that to anyone."], "Hm.")
    assert _S.TELLS in checks_named(["It's always worth reading the terms."], "Hm.")
    assert _S.TELLS not in checks_named(["You should have been rung back."], "Hm.")


def test_a_safety_net_in_plain_words_is_named() -> None:
    assert _S.GIVES_CALLBACK in checks_named(["If it cuts off, I ring back."], "Hm.")


def test_talk_of_oneself_becomes_the_goal_where_it_goes_on() -> None:
    replies = ("My nan always said so.", "It's been a long shift here too.", "I see.")
    goal = played(*replies).goal
    assert goal.sentence.startswith("Keep every reply about the customer")
    assert goal.basis == "In turns 1 and 2 the reply turned to something else, as in “My nan always said so.” (turn 1)."
    assert own_story(after(exchange(1, "How is your nan?", "Hm."))) == ()


def test_a_deed_announced_late_becomes_the_goal() -> None:
    late = "I'm cancelling the visit now."
    turns = [exchange(number, "I see.", "Do it now.") for number in range(1, 6)]
    act = exchange(6, late, "Oh.", signals=[signal(late, _S.COMMITS_ACTION, late)])
    goal = debrief(after(*turns, act), material()).goal
    assert goal.basis == "In turn 1 the customer said “Do it now.”, and the first act came in turn 6."


# Unanswered


@pytest.mark.parametrize(
    ("question", "reply", "possible"),
    [
        ("Do I open it?", "The comfort of our customers is always our number one priority.", False),
        ("Do I open it?", "No. Leave the chain on.", True),
        ("Can you do this yourself?", "Me, no one else.", True),
        ("Will the lights stay on?", "People mix that up. So the lights carry on.", True),
        ("Wait, which letter?", "A new one, from me, by first class.", True),
    ],
)
def test_a_question_counts_as_unanswered_only_where_nothing_could_answer_it(
    question: str, reply: str, possible: bool
) -> None:
    assert may_answer(question, reply) is possible


def test_what_was_no_question_is_not_called_unanswered() -> None:
    said = Evidence(
        dimension="empathy",
        signal=_S.NAMES_FEELING,
        quote="Two at 398, two at 810.",
        turn=0,
        speaker="customer",
        start=0,
        end=23,
    )
    rating = Rating(levels={"empathy": 2}, expected={"empathy": 2.0}, evidence=(said,), rater="embedded-1")
    session = after(exchange(1, "I see.", "Hm."))
    rated = session.after(ReplyRated(at=BEGIN, turn=1, rating=rating))
    assert debrief(rated, material()).reviews[0].evidence == ()


def test_questions_and_demands_want_an_answer() -> None:
    assert wants("He said no. Put it back. Or is that too much?") == ("Put it back.", "Or is that too much?")


# Promises


def promised(made: str, *later: tuple[str, str], critical: Sequence[CriticalError] = ()) -> tuple[str, str | None]:
    """State of a promise to cancel a visit, and what shows it, after these replies and answers."""
    known = material(promises={"cancel_visit": {"words": ["cancel the visit"]}})
    first = [
        each.model_copy(update={"promises": (PromiseMade(promise="cancel_visit", quote=made),)})
        if isinstance(each, ReplyRead)
        else each
        for each in exchange(1, made, "Good.", critical=critical)
    ]
    turns = [exchange(number, reply, answer) for number, (reply, answer) in enumerate(later, start=2)]
    (outcome,) = debrief(after(first, *turns, ending=Ending.RESOLVED), known).conversation.promises
    return outcome.state, outcome.shown_by


MADE = "I'm going to cancel the visit for you."


def test_a_promise_is_kept_where_a_later_reply_reports_it_in_other_words() -> None:
    assert promised(MADE, ("It's cancelled, all of it.", "Thank you.")) == ("kept", "It's cancelled, all of it.")


def test_a_promise_is_kept_where_the_customer_sees_it() -> None:
    assert promised(MADE, ("Have a look.", "The visit is gone, it's there.")) == (
        "kept",
        "The customer said “The visit is gone, it's there.”",
    )


def test_a_promise_is_open_where_nothing_or_the_opposite_is_told() -> None:
    assert promised(MADE, ("Is it cancelled?", "Hm.")) == ("open", None)
    assert promised(MADE, ("Visits cannot be cancelled twice.", "Hm."))[0] == "open"
    assert promised(MADE, ("It's cancelled.", "The visit still stands here.")) == ("open", None)


def test_a_word_given_in_a_reply_that_broke_policy_is_not_called_kept() -> None:
    error = CriticalError(code=CriticalCode.BREAKS_POLICY, quote="I'll give you cash")
    made = f"{MADE} I'll give you cash."
    assert promised(made, ("It's cancelled.", "Good."), critical=[error])[0] == "open"


# The stronger line

CALMED = [entry("commits_action", "I", Feeling.ANGER, -12)]
"""Makes a turn one that is not come back to."""


def test_nothing_is_added_to_a_reply_that_gave_the_word_to_the_customer() -> None:
    assert played("I have the booking here. Which seats were they?").stronger is None


def test_a_line_that_answers_no_question_is_not_put_in_an_answers_place() -> None:
    reply = "That's the policy."
    seen = [signal(reply, _S.HIDES_BEHIND_POLICY, reply)]
    only = {"commits_action": ["I am putting both of them back to the old price while you wait."]}

    def after_hearing(line: str) -> Debrief:
        first = exchange(1, "I see.", line, entries=CALMED)
        second = exchange(
            2, reply, "Hm.", signals=seen, entries=[entry("hides_behind_policy", reply, Feeling.ANGER, 12)]
        )
        return looked_back_on(after(first, second), material(exemplars=only))

    assert after_hearing("So the nice letter's the wrong one?").stronger is None
    assert after_hearing("When do you put them back to the old price?").stronger is not None


def test_a_line_does_not_announce_what_an_earlier_reply_announced() -> None:
    only = {"commits_action": ["I am putting both of them back to the old price while you wait."]}
    told = exchange(1, "I'm changing the price myself.", "Will you?", entries=CALMED)
    weak = exchange(2, "I see.", "Hm.")
    assert looked_back_on(after(told, weak), material(exemplars=only)).stronger is None


def test_a_line_about_the_story_speaks_only_of_what_was_said() -> None:
    only = {"speaks_to_meaning": ["You were quoted {fare} for every seat, and now this."]}
    assert looked_back_on(after(exchange(1, "I see.", "Hm.")), material(exemplars=only)).stronger is None
    heard = exchange(1, "I see.", "I was quoted 398 for each seat.", entries=CALMED)
    result = looked_back_on(after(heard, exchange(2, "Right.", "Hm.")), material(exemplars=only))
    assert result.stronger is not None
    assert result.stronger.turn == 2


# Words without a name


def reason_for(reply: str, name: SignalName, words: str, probability: float) -> str:
    """The words a debrief gives for what moved the customer in a reply."""
    seen = signal(reply, name, words).model_copy(update={"probability": probability})
    turn = exchange(1, reply, "Hm.", signals=[seen], entries=[entry(name.value, words, Feeling.ANGER, -9)])
    (reason,) = debrief(after(turn), material()).moments[0].reasons
    assert not reason.signals, "the name is not known"
    return reason.quote


def test_words_that_nearly_surely_moved_the_customer_are_quoted_without_a_name() -> None:
    reply = "Hello there. Nothing of that is on your side."
    assert reason_for(reply, _S.VALIDATES, "on your side", 0.9) == "Nothing of that is on your side."
    assert reason_for(reply, _S.VALIDATES, "on your side", 0.6) == "(the reply as a whole)"
    assert reason_for("Well. Real chemist.", _S.VALIDATES, "Real chemist.", 0.9) == "(the reply as a whole)"


def test_the_only_sentence_of_a_reply_is_what_moved_the_customer() -> None:
    reply = "Nothing of that is on your side."
    assert reason_for(reply, _S.VALIDATES, "on your side", 0.6) == reply


def test_a_reply_with_nothing_in_it_is_told_as_such() -> None:
    reply = "Hm. Well."
    nothing = entry("validates", "Hm.", Feeling.ANGER, 2.5).model_copy(
        update={"rule": "nothing_to_hold_on_to", "signal": None}
    )
    moment = debrief(after(exchange(1, reply, "What?", entries=[nothing])), material()).moments[0]
    assert headline_of(moment) == "Turn 1. More upset (anger up 2.5): nothing in the reply to hold on to"
    assert reasons_of(moment) == [
        "nothing in the reply to hold on to: neither act nor feeling nor detail; anger up 2.5"
    ]


def test_a_goodbye_is_quoted_with_its_sentence() -> None:
    told = seen_in("That's settled then. Have a lovely time, goodbye.", _S.ENDS_CONTACT, "goodbye", 9)
    (reason,) = told.moments[0].reasons
    assert (reason.quote, reason.signals) == ("Have a lovely time, goodbye.", (_S.ENDS_CONTACT,))


def test_a_promise_the_scenario_allows_is_no_broken_policy() -> None:
    reply = "Then I'm honouring the whole fare now."
    error = CriticalError(code=CriticalCode.BREAKS_POLICY, quote="I'm honouring the whole fare now")

    def errors(*wrong: CriticalError) -> int:
        turn = [
            one.model_copy(update={"promises": (PromiseMade(promise="honour_fare", quote=reply),)})
            if isinstance(one, ReplyRead)
            else one
            for one in exchange(1, reply, "Oh.", critical=wrong)
        ]
        return len(named(after(turn)).critical)

    assert errors(error) == 0
    assert errors(error, CriticalError(code=CriticalCode.BREAKS_POLICY, quote=reply)) == 1, "the scenario forbids it"


@pytest.mark.parametrize(
    ("words", "apologises"),
    [
        ("I'm so sorry about your wife.", False),
        ("I am sorry about Jo.", False),
        ("I'm sorry to hear that.", False),
        ("I'm sorry about that.", True),
        ("I'm sorry about last night.", True),
        ("I'm sorry for snapping.", True),
    ],
)
def test_condolence_is_no_apology(words: str, apologises: bool) -> None:
    assert bears(_S.SINCERE_APOLOGY, words.lower(), 1.0) is apologises


@pytest.mark.parametrize(
    ("words", "name", "shown"),
    [
        ("I see only what you saw before: the robot closed its chat.", _S.ASKS_OPEN, False),
        ("What was the worst of it?", _S.ASKS_OPEN, True),
        ("Tell me what happened then.", _S.ASKS_OPEN, True),
        ("My last three mails were wrong and I apologise for them.", _S.ACCEPTS_RESPONSIBILITY, True),
        ("If so, find the little grey picture and tell me what you see.", _S.CHECKS_IT_WORKED, False),
        ("Can you give me the card to pay when it's done, or see it in writing first?", _S.CHECKS_IT_WORKED, False),
        ("Tell me what you see there now.", _S.CHECKS_IT_WORKED, True),
        ("Does the list show a pattern by hour?", _S.CHECKS_IT_WORKED, False),
        ("Does it show up on your side?", _S.CHECKS_IT_WORKED, True),
        ("Shall I tell you how it came about?", _S.ASKS_OPEN, False),
        ("How do you feel about it?", _S.ASKS_OPEN, True),
        ("I beg your pardon, I called you Ms Campos earlier.", _S.SINCERE_APOLOGY, True),
        ("I have account BB73 open.", _S.COMMITS_ACTION, False),
        ("I'm Nina, and I'm a person.", _S.COMMITS_ACTION, False),
        ("I'm moving the order this minute.", _S.COMMITS_ACTION, True),
        ("texting you a code now", _S.COMMITS_ACTION, True),
        ("I've taken my time and you've been patient with me.", _S.COMMITS_ACTION, False),
        ("whats on your screen right now?", _S.ASKS_OPEN, True),
        ("then you were told you must have forgotten it", _S.BLAMES_CUSTOMER, False),
        ("How is your son right now?", _S.CHECKS_SAFETY, True),
        ("How are you feeling about it right now?", _S.CHECKS_SAFETY, False),
        ("Only the network team can give one.", _S.PASSIVE_PROMISE, False),
        ("What have you tried on your side yourself since then?", _S.HANDS_OFF, False),
        ("Have you tried the website?", _S.HANDS_OFF, True),
        ("I'm cancelling both letters you've had.", _S.COMMITS_ACTION, True),
        ("I've looked into it and cancelled the second bill.", _S.COMMITS_ACTION, True),
        ("I've written to the depot and asked them to hold it.", _S.COMMITS_ACTION, True),
        ("I'll have your account unlocked in two minutes.", _S.COMMITS_ACTION, True),
        ("You were told the fare could change when you booked.", _S.BLAMES_CUSTOMER, True),
        ("We told you to keep the receipt.", _S.BLAMES_CUSTOMER, True),
        ("I'll ring at four, so you never have to chase us.", _S.GIVES_TIME, True),
        ("It's been fixed and you'll have it by 4.", _S.GIVES_TIME, True),
        ("Has the card arrived?", _S.CHECKS_IT_WORKED, True),
        ("Does the balance show correctly?", _S.CHECKS_IT_WORKED, True),
        ("What did Mr. Campos say?", _S.ASKS_OPEN, True),
        ("what happened then", _S.ASKS_OPEN, True),
        ("How is the app doing?", _S.CHECKS_SAFETY, False),
    ],
)
def test_words_that_sound_like_a_behaviour_do_not_bear_its_name(words: str, name: SignalName, shown: bool) -> None:
    assert bears(name, words.lower(), 1.0) is shown


@pytest.mark.parametrize(
    "words",
    [
        "I'm going to sort it with you now.",
        "I'll have a word upstairs.",
        "I'll do my best.",
        "I'll get that looked at for you.",
        "I'll try and get it all sorted out for you today.",
        "I have now read the log.",
        "Next bit is on your phone, and we'll go one press at a time.",
    ],
)
def test_what_names_no_step_is_nothing_definite(words: str) -> None:
    assert not bears(_S.COMMITS_ACTION, words.lower(), 1.0)


@pytest.mark.parametrize("words", ["The FINAL you mean?", "Can you read that back to me?"])
def test_to_have_words_said_back_checks_that_both_understand(words: str) -> None:
    assert _S.CHECKS_UNDERSTANDING in checks_named([words], "Hm.")


@pytest.mark.parametrize(
    ("words", "promises"),
    [
        ("Someone will be in touch shortly.", True),
        ("Somebody should of rung you back twenty minutes ago.", False),
        ("So I can pay a hotel for the night, up to 150.", False),
    ],
)
def test_only_what_nobody_stands_behind_is_a_promise_with_nobody_behind_it(words: str, promises: bool) -> None:
    assert bears(_S.PASSIVE_PROMISE, words.lower(), 1.0) is promises


@pytest.mark.parametrize(
    ("words", "timed"),
    [
        ("I'll ring at 16:30.", True),
        ("I'll ring at four.", True),
        ("I can get you the four at 389, no problem.", False),
        ("A call back by six that we never made.", False),
        ("I've got it here as delivered to a neighbour at half past two.", False),
        ("It's there if you change your mind at 2 in the morning.", False),
        ("It was sent today by first class.", True),
    ],
)
def test_a_price_is_no_time_nor_is_when_it_went_wrong(words: str, timed: bool) -> None:
    assert bears(_S.GIVES_TIME, words.lower(), 1.0) is timed


def _acts(reply: str, words: str, answer: str) -> Debrief:
    """A debrief of one reply that was heard to act by these words, and of what the customer said to it."""
    acts = [signal(reply, _S.COMMITS_ACTION, words)]
    moved = [entry(_S.COMMITS_ACTION, words, Feeling.ANGER, -9)]
    session = after(exchange(1, reply, answer, signals=acts, entries=moved))
    return debrief(session, material())


def test_of_several_acts_the_one_that_the_customer_takes_up_is_quoted() -> None:
    reply = "The letter is cancelled, done. I've stopped its reminders."
    told = _acts(reply, "I've stopped its reminders", "The letter, cancelled. Good.")
    assert [reason.quote for moment in told.moments for reason in moment.reasons] == ["The letter is cancelled, done."]
    told = _acts(reply, "I've stopped its reminders", "No more reminders, then?")
    assert [reason.quote for moment in told.moments for reason in moment.reasons] == ["I've stopped its reminders."]


def test_a_sentence_that_is_taken_up_and_bears_no_name_is_shown_beside() -> None:
    reply = "That is a machine which answers for you. I'm switching it off now."
    told = _acts(reply, "I'm switching it off now", "A machine! I never liked it answering.")
    assert told.moments[0].taken_up == "That is a machine which answers for you."
    words = "“That is a machine which answers for you.”, which the answer takes up"
    assert words in reasons_of(told.moments[0])
    assert headline_of(told.moments[0]) == f"Turn 1. Calmer (anger down 9): {words}; and “I'm switching it off now.”"
    assert _acts(reply, "I'm switching it off now", "Good.").moments[0].taken_up is None


def test_a_clock_time_may_be_taken_up_and_a_word_that_goes_with_everything_may_not() -> None:
    reply = "It will show by four o'clock. And the 12 pounds, I've put that back as well."
    told = _acts(reply, "I've put that back as well", "I shall look at four o'clock. I've put it on the page.")
    assert told.moments[0].taken_up == "It will show by four o'clock."


def test_where_the_answer_takes_up_nothing_the_words_that_answer_the_customer_are_shown() -> None:
    reply = "Nobody passes you on from here. I can list those seats for resale."
    session = after(
        exchange(1, "Hello.", "Please don't pass me on."),
        exchange(
            2,
            reply,
            "Fine.",
            signals=[signal(reply, _S.COMMITS_ACTION, "I can list those seats for resale")],
            entries=[entry(_S.COMMITS_ACTION, "I can list those seats for resale", Feeling.ANGER, -9)],
        ),
    )
    moment = debrief(session, material()).moments[0]
    assert (moment.taken_up, moment.answering) == (None, "Nobody passes you on from here.")
    assert "“Nobody passes you on from here.”, which answers what was asked; and" in headline_of(moment)


def test_a_bare_check_is_quoted_with_what_it_checks() -> None:
    reply = "There are three lines on it. Outstanding means not sent yet. Does that make sense?"
    session = after(
        exchange(
            1,
            reply,
            "Yes.",
            signals=[signal(reply, _S.CHECKS_UNDERSTANDING, "Does that make sense?")],
            entries=[entry(_S.CHECKS_UNDERSTANDING, "Does that make sense?", Feeling.CONFUSION, -5)],
        )
    )
    (reason,) = debrief(session, material()).moments[0].reasons
    assert reason.quote == "Outstanding means not sent yet. Does that make sense?"


def test_the_words_behind_a_reason_are_cut_where_they_are_a_whole_reply() -> None:
    reply = f"I'm switching it off now, {'and then the other one, ' * 20}and that is all."
    told = _acts(reply, reply, "Good.")
    assert " ... " in headline_of(told.moments[0])
    assert len(headline_of(told.moments[0])) < len(reply)


@pytest.mark.parametrize(
    ("words", "founded"), [("I promise, let's look at it first", False), ("I promise you get every penny back", True)]
)
def test_swearing_to_a_promise_that_is_allowed_breaks_no_policy(words: str, founded: bool) -> None:
    reply = f"I'm stopping it right now from here, before anything else goes, {words}."
    read_ = exchange(1, reply, "Good.", critical=[CriticalError(code=CriticalCode.BREAKS_POLICY, quote=words)])
    reading = next(event for event in read_ if isinstance(event, ReplyRead))
    promised = reading.model_copy(update={"promises": (PromiseMade(promise="stop", quote=reply),)})
    session = after([promised if event is reading else event for event in read_])
    assert bool(debrief(session, material()).critical) is founded
