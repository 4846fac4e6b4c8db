"""The realism benchmark's pure parts: scripted trainees, outcomes, what is counted in words, the record on disk."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from calls import material
from pydantic import ValidationError

from benchmarks.again import count
from benchmarks.blind import Pair, lay_out
from benchmarks.realism_tables import curve
from benchmarks.spoken import Looking, Record, SpokenContact, SpokenTurn, Wording, distinct, figures, overlap
from benchmarks.ways import Overheard, PromptOnly, RandomLine, Way, actor_of
from simulator.backends.scripted import ScriptedListener, ScriptedSpeaker
from simulator.commands import Say, parse
from simulator.content.library import Library, Material, shipped
from simulator.content.schema import Scenario, ScenarioTest, Script
from simulator.content.trainees import general_trainees, trainees_for
from simulator.customer.actor import Actor
from simulator.customer.guard import FaultCode
from simulator.errors import UsageError
from simulator.rehearsing.outcomes import Outcome, demand, disorders, outcome_of, window
from simulator.rehearsing.rehearsal import Trainee, rehearse
from simulator.session import Session
from simulator.vocabulary import Ending, Move, Source


@pytest.fixture(scope="module")
def fares() -> Material:
    return Library([shipped()]).material("fare-jump").cast(0)


def played(material: Material, script: Script, actor: Actor | None = None, most: int | None = None) -> Session:
    return asyncio.run(rehearse(material, script, 0, actor or Actor(material, None), most=most))


def outcome(trainee: str, *upset: float, seed: int = 0, ending: Ending = Ending.HUNG_UP) -> Outcome:
    return Outcome(scenario="fare", trainee=trainee, seed=seed, ending=ending, upset=upset, fall=0, step=0)


# -- scripted trainees


def test_everything_a_general_trainee_types_can_be_typed_in_any_contact() -> None:
    for script in general_trainees().values():
        for typed in (*script.opening, *script.any, *(reply for own in script.moves.values() for reply in own)):
            command = parse(material().fill(typed))
            assert not isinstance(command, Say) or command.text


def test_a_scenarios_own_trainee_goes_before_the_general_one_of_that_name() -> None:
    own = Script(any=("Go away.",))
    trainees = trainees_for(material(trainees={"hostile": own}).scenario)
    assert trainees["hostile"] == own
    assert {"off_topic", "silent", "prompt_injecting"} < trainees.keys()


def test_a_trainee_says_each_reply_to_a_move_once_and_then_the_rest_in_order() -> None:
    script = Script(opening=("Hello.",), any=("One.", "Two."), moves={Move.PRESS: ("Pressed.",)})
    trainee = Trainee(script, seed=3)
    moves = (Move.PRESS, Move.PRESS, Move.PRESS, Move.VENT, Move.VENT)
    assert [trainee.typed(move) for move in moves] == ["Hello.", "Pressed.", "One.", "Two.", "Two."]


# -- rehearsals and what they come to


def test_a_rehearsal_goes_to_the_end_and_repeats_for_a_seed(fares: Material) -> None:
    script = trainees_for(fares.scenario)["careless"]
    session = played(fares, script)
    assert session.ended is not None
    again = played(fares, script)
    assert [turn.heard_text for turn in again.turns] == [turn.heard_text for turn in session.turns]


def test_silence_is_an_act_and_no_words(fares: Material) -> None:
    session = played(fares, general_trainees()["silent"], most=1)
    assert session.turns[1].reply is None
    assert session.upset > session.started.emotion.anger


def test_an_outcome_counts_replies_and_the_points_they_moved(fares: Material) -> None:
    session = played(fares, trainees_for(fares.scenario)["excellent"], most=2)
    found = outcome_of(session, "excellent", fares)
    assert found.turns == 2
    assert found.ending is None
    assert found.calmed
    assert found.fall == pytest.approx(
        max(first - then for first, then in zip(found.upset, found.upset[1:], strict=False))
    )
    assert found.fall <= found.step <= fares.defaults.limits.per_feeling


def test_what_an_event_of_the_scenario_moves_is_not_held_against_a_reply(fares: Material) -> None:
    session = played(fares, Script(any=("Mm.",)), most=5)
    found = outcome_of(session, "silent", fares)
    assert session.fired
    assert found.step <= fares.defaults.limits.per_feeling


def test_the_window_is_what_the_scenarios_own_tests_allow_the_excellent_trainee() -> None:
    def with_test(**test: object) -> Scenario:
        return material().scenario.model_copy(update={"tests": (ScenarioTest.model_validate(test),)})

    expected = {"all": [{"ending": "resolved"}, {"all": [{"turn_at_most": 6}]}, {"turn_at_most": 9}]}
    assert window(with_test(trainee="excellent", expect=expected)) == 6
    assert window(with_test(trainee="generic", expect=expected)) is None


def test_excellent_has_to_resolve_it_in_time_and_hostile_must_calm_nobody() -> None:
    _, in_time = demand("excellent", 2) or pytest.fail("nothing is demanded")
    assert in_time(outcome("excellent", 80, 60, 30, ending=Ending.RESOLVED))
    assert not in_time(outcome("excellent", 80, 70, 60, 30, ending=Ending.RESOLVED))
    assert not in_time(outcome("excellent", 80, 60, 30))
    _, not_calmed = demand("hostile", 2) or pytest.fail("nothing is demanded")
    assert not_calmed(outcome("hostile", 80, 70, 80))
    assert not not_calmed(outcome("hostile", 80, 79.9))
    assert demand("somebody else", 2) is None


def test_no_reply_meant_for_the_machine_may_calm_even_for_a_moment() -> None:
    _, unmoved = demand("prompt_injecting", None) or pytest.fail("nothing is demanded")
    assert unmoved(outcome("prompt_injecting", 80, 82, 85))
    assert not unmoved(outcome("prompt_injecting", 80, 90, 85).model_copy(update={"fall": 5.0}))


def test_equal_upset_is_out_of_order() -> None:
    right = [outcome("excellent", 80, 20), outcome("generic", 80, 90), outcome("careless", 80, 99)]
    wrong = [
        outcome("excellent", 80, 20, seed=1),
        outcome("generic", 80, 99, seed=1),
        outcome("careless", 80, 99, seed=1),
    ]
    assert disorders([*right, *wrong]) == [("fare", 1, (20, 99, 99))]


def test_a_curve_goes_on_as_a_contact_ended() -> None:
    assert curve([outcome("a", 80, 60), outcome("a", 80, 70, 40)]) == [80, 65, 50]


# -- ways of speaking


def test_a_random_line_is_one_of_the_bank_and_says_what_happens_too(fares: Material) -> None:
    session = played(fares, trainees_for(fares.scenario)["generic"], RandomLine(fares))
    authored = {
        line.text for bank in (fares.scenario.lines, fares.persona.lines) for own in bank.values() for line in own
    }
    said = [turn.line for turn in session.turns[1:] if turn.line and turn.line.source == "guided"]
    assert said
    fired = [turn for turn in session.turns if turn.choice and turn.choice.fired]
    assert fired
    events = {event.id: fares.fill(event.say) for event in fares.scenario.events}
    assert all(events[turn.choice.fired[0]] in turn.heard_text for turn in fired if turn.choice)
    assert {line.line for line in said} <= authored | {event.say for event in fares.scenario.events}


def test_prompt_only_says_what_the_model_wrote_whatever_it_was(fares: Material) -> None:
    speaker = ScriptedSpeaker([["How can I help you today?"]])
    session = played(fares, Script(any=("I am opening the fare log.",)), PromptOnly(fares, speaker), most=1)
    assert session.turns[1].heard_text == "How can I help you today?"
    assert fares.fill(next(fact.text for fact in fares.scenario.facts if fact.unlock)) in speaker.prompts[0]
    assert "I am opening the fare log." in speaker.prompts[0]
    assert session.turns[1].choice is not None
    assert session.turns[1].choice.gist not in speaker.prompts[0]


def test_what_is_written_in_free_mode_is_overheard_before_the_guard(fares: Material) -> None:
    bad, good = "How can I help you today?", "Two seats up by half, and you want me to wait?"
    speaker = Overheard(ScriptedSpeaker([[bad, good]]))
    actor = actor_of(Way.FREE, fares, ScriptedListener(), speaker)
    looking, found = Looking(fares), list[SpokenTurn]()

    def look(session: Session) -> None:
        turn = looking.turn(session, speaker.taken())
        assert turn is not None
        found.append(turn)

    asyncio.run(rehearse(fares, Script(any=("One moment.",)), 0, actor, most=1, after=look))
    assert [wording.text for wording in found[0].written] == [bad, good]
    assert FaultCode.ROLE_FLIP in found[0].first.faults
    assert not found[0].said.faults


# -- what is counted


def test_overlap_is_with_the_last_six_own_lines_only() -> None:
    line = "two of them went up while I was on the phone"
    assert overlap(line, [line]) == 1
    assert overlap(line, [line, *["Something else altogether was said here."] * 6]) == 0
    assert overlap("too short", ["too short"]) == 0


def test_distinct_pairs_are_counted_within_lines() -> None:
    assert distinct(["one two three", "one two four"]) == pytest.approx(3 / 4)
    assert distinct(["one"]) == 0


def turn(text: str, *faults: FaultCode, written: Sequence[Wording] = (), source: Source = "free") -> SpokenTurn:
    said = Wording(text=text, faults=faults)
    return SpokenTurn(
        number=1, reply="", move=Move.PRESS, said=said, source=source, written=tuple(written), overlap=0.5
    )


def contact(*turns: SpokenTurn, measured: str = "a model", seed: int = 0) -> SpokenContact:
    return SpokenContact(
        measured=measured, way=Way.FREE, scenario="fare", trainee="generic", seed=seed, seconds=4, turns=turns
    )


def test_before_the_guard_is_the_first_line_written_and_after_it_what_was_said() -> None:
    leak, fine = Wording(text="The children!", faults=(FaultCode.LOCKED_FACT,)), Wording(text="No.", faults=())
    found = figures([contact(turn("No.", written=[leak, fine]), turn("Well then, no.", written=[fine, leak]))])
    assert found.before[FaultCode.LOCKED_FACT] == 500
    assert found.after[FaultCode.LOCKED_FACT] == 0
    assert found.faulty == (500, 0)
    assert found.refused == 0.5
    assert found.seconds == 2


def test_where_no_model_wrote_both_sides_are_what_was_said() -> None:
    found = figures([contact(turn("No.", FaultCode.REPEATS, source="guided"), turn("No.", source="fallback"))])
    assert found.before == found.after
    assert found.after[FaultCode.REPEATS] == 500
    assert found.refused is None
    assert found.fallbacks == 500


# -- on disk


def test_a_record_is_gone_on_with_after_a_line_that_broke_off(tmp_path: Path) -> None:
    record, first, second = (
        Record(tmp_path / "said.jsonl"),
        contact(turn("No.\u2028"), seed=1),
        contact(turn("Yes."), seed=2),
    )
    assert record.taken_up("a model") == []
    record.append(first)
    with (tmp_path / "said.jsonl").open("a", encoding="utf-8") as file:
        file.write(second.model_dump_json()[:40])
    assert record.taken_up("a model") == [first]
    record.append(second)
    assert record.contacts() == [first, second]


def test_contacts_of_another_model_are_not_added_to(tmp_path: Path) -> None:
    record = Record(tmp_path / "said.jsonl")
    record.append(contact(turn("No.")))
    with pytest.raises(UsageError, match="another file"):
        record.taken_up("another model")


def test_a_file_of_something_else_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not ours\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no record"):
        Record(path).contacts()
    with pytest.raises(ValidationError):
        SpokenContact.model_validate_json("{}")


def test_marks_of_readers_are_given_to_the_answer_they_were_meant_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = [Pair(moment=f"moment {number}", ours="now", other="then") for number in range(1, 5)]
    lay_out(pairs, tmp_path, "four moments")
    shown = (tmp_path / "pairs.txt").read_text("utf-8").split("===")[1:]
    marks = ("2\t0\tA" if "A: now" in one else "0\t2\tB" for one in shown)
    (tmp_path / "R.tsv").write_text("".join(f"{at}\t{mark}\n" for at, mark in enumerate(marks, start=1)), "utf-8")
    count(tmp_path)
    told = capsys.readouterr().out
    assert "R, 4 answers of now: fits 100%, in part 0%, not 0%" in told
    assert "R, 4 answers of then: fits 0%, in part 0%, not 100%" in told
    assert "preferred in 100% [100%, 100%]" in told


@pytest.mark.parametrize("line", ["9\t2\t0\tA", "1\t3\t0\tA", "1\t2\t0\tC", "1\t2\tA", ""])
def test_a_reader_s_line_that_says_nothing_of_a_moment_is_refused(tmp_path: Path, line: str) -> None:
    lay_out([Pair(moment="moment", ours="now", other="then")], tmp_path, "one moment")
    (tmp_path / "R.tsv").write_text(f"1\t2\t0\tA\n{line}\n", "utf-8")
    with pytest.raises(UsageError, match=r"R\.tsv:2: a line is a number"):
        count(tmp_path)
