import pytest
from calls import NOON, Call, material, signal

from simulator.customer.emotion import Ledger, moves, rule_id, settle, soothes
from simulator.events import EmotionMoved, TraineeSpoke
from simulator.vocabulary import Emotion, Feeling, LedgerEntry, Signal, SignalName

CAP = 12.0
PERFECT = (
    "names_feeling",
    "validates",
    "speaks_to_meaning",
    "accepts_responsibility",
    "commits_action",
    "gives_time",
    "gives_callback",
    "reflects_detail",
    "checks_understanding",
    "gives_pace",
    "checks_safety",
    "one_step",
)
MOODS = ("irate", "distressed", "confused")


def after(*shown: str | Signal, call: Call | None = None, text: str = "A reply.") -> dict[Feeling, float]:
    """What one reply does, by feeling."""
    call = call or Call()
    call.read(TraineeSpoke(at=NOON, turn=len(call.session.turns), text=text), *shown)
    return dict(moves(Ledger(call.material).entries(call.session)))


@pytest.mark.parametrize("mood", MOODS)
def test_one_perfect_reply_is_not_enough(mood: str) -> None:
    call = Call(material(mood))
    before = call.upset
    call.say("Everything at once.", *PERFECT)
    assert 10 <= before - call.upset <= CAP


@pytest.mark.parametrize("mood", MOODS)
def test_an_excellent_call_calms_in_five_to_eight_replies(mood: str) -> None:
    replies = (
        ("names_feeling", "reflects_detail", "checks_safety", "gives_pace"),
        ("accepts_responsibility", "commits_action", "one_step"),
        ("validates", "commits_action", "gives_time", "checks_understanding"),
        ("reflects_detail", "checks_understanding", "gives_callback"),
        ("speaks_to_meaning", "commits_action", "one_step"),
        ("checks_it_worked", "gives_time", "reflects_detail", "gives_pace"),
        ("names_feeling", "gives_callback", "checks_understanding", "one_step"),
        ("checks_it_worked", "offers_help", "validates"),
    )
    call = Call(material(mood, events=[]))
    upset = []
    for shown in replies:
        call.say("Good.", *shown)
        upset.append(call.upset)
    assert upset[3] > 30, f"calm too soon: {upset}"
    assert upset[7] <= 30, f"never calm: {upset}"
    assert upset == sorted(upset, reverse=True)


@pytest.mark.parametrize("mood", MOODS)
def test_a_careless_call_climbs_and_a_generic_one_stays_high(mood: str) -> None:
    careless, generic = Call(material(mood, events=[], endings={})), Call(material(mood, events=[], endings={}))
    start = careless.upset
    for turn in range(5):
        careless.say("Policy.", "hides_behind_policy", *(["dismisses_feeling"] if turn == 2 else []))
        generic.say("Sorry.", signal("stock_phrase", f"sorry {turn}"), *(["passive_promise"] if turn % 2 else []))
    assert careless.upset >= start + 8
    assert start - 8 <= generic.upset < careless.upset


def test_what_works_on_the_irate_one_is_too_fast_for_the_distressed_one() -> None:
    acting, pacing = ("commits_action", "accepts_responsibility"), ("gives_pace", "checks_safety")
    irate, distressed = material("irate"), material("distressed")
    assert after(*acting, call=Call(irate))[Feeling.ANGER] < after(*pacing, call=Call(irate))[Feeling.ANGER]
    rushed, paced = after(*acting, call=Call(distressed)), after(*pacing, call=Call(distressed))
    assert paced[Feeling.DISTRESS] < rushed[Feeling.DISTRESS] < 0


def test_an_act_soothes_the_distressed_one_more_once_there_was_pace() -> None:
    rushed, paced = Call(material("distressed")), Call(material("distressed"))
    rushed.say("Right.", "asks_detail")
    paced.say("Take your time.", "gives_pace")
    assert (
        after("commits_action", call=paced)[Feeling.DISTRESS] < after("commits_action", call=rushed)[Feeling.DISTRESS]
    )


def test_jargon_and_overload_confuse_and_a_single_step_clears() -> None:
    assert after("uses_jargon", call=Call(material("confused")))[Feeling.CONFUSION] > 3
    assert after("overloads", call=Call(material("confused")))[Feeling.CONFUSION] > 3
    assert after("one_step", call=Call(material("confused")))[Feeling.CONFUSION] < -3


def test_stock_phrases_pass_once_and_then_irritate() -> None:
    call = Call()
    anger = []
    for number in range(4):
        anger.append(after(signal("stock_phrase", f"sorry {number}"), "offers_help", call=Call())[Feeling.ANGER])
        call.say("Sorry.", signal("stock_phrase", f"sorry {number}"), "offers_help")
    last = Ledger(call.material).entries(call.session)
    assert anger[0] < 0
    assert "stock_phrase_again" in {entry.rule for entry in last}
    assert sum(entry.delta for entry in last if entry.rule.startswith("stock") and entry.feeling is Feeling.ANGER) > 0


def test_a_soothing_signal_wears_and_the_very_same_words_do_nothing() -> None:
    fresh, worn = Call(), Call()
    worn.say("I'd be angry.", signal("names_feeling", "I'd be angry"))
    now = (signal("names_feeling", "it is infuriating"),)
    assert after(*now, call=fresh)[Feeling.ANGER] < after(*now, call=worn)[Feeling.ANGER] < 0

    again = Call()
    again.say("I'd be angry.", signal("names_feeling", "I'd be angry"))
    again.read(TraineeSpoke(at=NOON, turn=2, text="I’d be angry!"), signal("names_feeling", "I’d be angry"))
    entries = Ledger(again.material).entries(again.session)
    assert {entry.cap for entry in entries} == {"the same words again"}
    assert all(entry.delta == 0 for entry in entries)


def test_a_learned_signal_counts_by_its_probability() -> None:
    sure, unsure = after("validates"), after(signal("validates", probability=0.5))
    assert unsure[Feeling.ANGER] == pytest.approx(sure[Feeling.ANGER] / 2, abs=0.1)


def test_a_signal_shown_three_times_in_one_reply_counts_once() -> None:
    assert after("commits_action", "commits_action", "commits_action") == after("commits_action")


def test_warmth_that_is_taken_back_does_not_calm() -> None:
    assert after("validates", "takes_back")[Feeling.ANGER] > 0


def test_a_longer_hold_and_a_longer_silence_move_more() -> None:
    def anger(seconds: int, silent: bool) -> float:
        call = Call()
        (call.silence if silent else call.hold)(seconds)
        return call.session.emotion.anger - 80

    for silent in (True, False):
        assert 0 < anger(10, silent) < anger(60, silent) <= CAP


def test_temperament_scales_what_harms_and_what_soothes() -> None:
    def anger(shown: str, **temperament: float) -> float:
        return after(shown, call=Call(material(persona={"temperament": temperament})))[Feeling.ANGER]

    assert anger("deflects", patience=10) > anger("deflects") > anger("deflects", patience=90)
    assert anger("validates", forgiveness=90) < anger("validates") < anger("validates", forgiveness=10)
    assert anger("deflects", volatility=90) > anger("deflects") > anger("deflects", volatility=10)


def test_trust_makes_one_slip_survivable() -> None:
    wary, trusting = (
        Call(material(emotion={"anger": 50, "distress": 20, "confusion": 10, "trust": trust})) for trust in (5, 85)
    )
    assert after("deflects", call=wary)[Feeling.ANGER] > after("deflects", call=trusting)[Feeling.ANGER] > 0


def test_a_reply_with_nothing_in_it_makes_an_upset_customer_angrier() -> None:
    call = Call()
    call.read(TraineeSpoke(at=NOON, turn=1, text="Well. It is a fare."))
    entries = Ledger(call.material).entries(call.session)
    assert {entry.rule for entry in entries} == {"nothing_to_hold_on_to"}
    assert {entry.quote for entry in entries} == {"Well."}
    assert moves(entries)[Feeling.ANGER] > 0
    assert after("commits_action")[Feeling.ANGER] < 0


@pytest.mark.parametrize(
    "reply", ["Which seats were those?", "Your fare was 398 before.", "Open the fare page, please."]
)
def test_a_reply_that_gets_on_with_the_case_is_not_held_against_it(reply: str) -> None:
    call = Call()
    call.read(TraineeSpoke(at=NOON, turn=1, text=reply))
    assert "nothing_to_hold_on_to" not in {entry.rule for entry in Ledger(call.material).entries(call.session)}


@pytest.mark.parametrize(
    "reply", ["Anything else?", "Can you bear with me while I look at the fares?", "Fares are fares."]
)
def test_a_question_that_any_call_may_pause_with_gives_nothing_to_hold_on_to(reply: str) -> None:
    call = Call()
    call.read(TraineeSpoke(at=NOON, turn=1, text=reply))
    assert "nothing_to_hold_on_to" in {entry.rule for entry in Ledger(call.material).entries(call.session)}


def test_words_for_a_machine_calm_nobody() -> None:
    change = after("addresses_machine", "validates", "names_feeling", "commits_action")
    assert change.get(Feeling.ANGER, 0) >= 0
    assert change[Feeling.TRUST] < 0


def test_a_scenario_rule_with_the_same_id_replaces_the_default_ones() -> None:
    own = [{"signal": "hides_behind_policy", "moves": {"anger": 12}}]
    harsh, usual = Call(material(rules=own)), Call()
    change = after("hides_behind_policy", call=harsh)
    assert change[Feeling.ANGER] > after("hides_behind_policy", call=usual)[Feeling.ANGER]
    assert [entry.rule for entry in Ledger(harsh.material).entries(harsh.session)].count("hides_behind_policy") == 1


def test_a_scenario_rule_with_an_id_of_its_own_comes_on_top_and_only_when_it_holds() -> None:
    own = [{"id": "the_fare", "signal": "commits_action", "when": {"promised": "honour_fare"}, "moves": {"anger": -6}}]
    played = material(rules=own)
    plain = after("commits_action", call=Call(played), text="I'll look now.")
    kept = after("commits_action", call=Call(played), text="I'll honour it.")
    assert kept[Feeling.ANGER] < plain[Feeling.ANGER]


def test_the_deltas_of_a_turn_are_what_the_emotion_moves_by() -> None:
    call = Call(material(emotion={"anger": 96, "distress": 2, "confusion": 0, "trust": 3}, endings={}))
    for shown in (("insults", "blames_customer"), PERFECT, ("deflects", "overloads")):
        before = call.session.emotion
        call.read(TraineeSpoke(at=NOON, turn=len(call.session.turns), text="So."), *shown)
        entries = Ledger(call.material).entries(call.session)
        now = before.moved(moves(entries))
        call.session = call.session.after(
            EmotionMoved(at=NOON, turn=len(call.session.turns) - 1, entries=entries, emotion=now)
        )
        for feeling in Feeling:
            total = sum(entry.delta for entry in entries if entry.feeling is feeling)
            assert now.degree(feeling) - before.degree(feeling) == pytest.approx(total, abs=0.051)
            assert abs(total) <= CAP + 1e-6
        assert Ledger(call.material).entries(call.session) == entries


def test_caps_are_named_on_the_entries_they_hold_back() -> None:
    asked = [
        LedgerEntry(rule=name, signal=None, quote="", feeling=Feeling.ANGER, asked=points, delta=points)
        for name, points in (("a", 20.0), ("b", 10.0), ("c", -4.0))
    ]
    settled = settle(asked, Emotion(anger=50, distress=0, confusion=0, trust=0), Call().material.defaults.limits)
    by_rule = {entry.rule: entry for entry in settled}
    assert sum(entry.delta for entry in settled) == pytest.approx(CAP, abs=0.2)
    assert by_rule["a"].cap == "10 points a rule"
    assert by_rule["b"].cap == "12 points a turn"
    assert by_rule["c"].cap is None
    assert by_rule["a"].asked == 20


def test_an_event_moves_what_its_author_wrote() -> None:
    entries = Ledger(material()).event_entries("buzz")
    assert [(entry.rule, entry.feeling, entry.delta, entry.signal) for entry in entries] == [
        ("buzz", Feeling.DISTRESS, 20, None)
    ]


def test_every_signal_of_the_catalogue_has_a_default_rule_in_every_mood() -> None:
    rules = Call().material.defaults.rules
    for mood in MOODS:
        known = {rule.signal for rule in rules if not rule.moods or mood in rule.moods}
        assert set(SignalName) <= known, mood


def test_default_rules_of_one_signal_never_pull_both_ways() -> None:
    for rule in Call().material.defaults.rules:
        directions = {soothes(feeling, points) for feeling, points in rule.moves.items()}
        assert len(directions) == 1, rule_id(rule)
