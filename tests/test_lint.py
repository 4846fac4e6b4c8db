"""Checks between the parts of a scenario: each finds its fault, says where, and leaves a good file alone."""

from pathlib import Path

import pytest

from simulator.content.library import Library, Material, MaterialTexts
from simulator.content.lint import lint

CONTENT = Path(__file__).with_name("content")
GOOD = Library([CONTENT], CONTENT / "defaults.yaml").material("lost-bag")


def edited(*changes: tuple[str, str], part: str = "scenario") -> Material:
    texts = GOOD.texts.model_dump()
    for old, new in changes:
        assert old in texts[part]
        texts[part] = texts[part].replace(old, new, 1)
    return Material.from_texts("lost-bag", "mara", "core", MaterialTexts(**texts), {})


def errors(material: Material) -> list[tuple[str, str, str]]:
    """Code, message, and the words of the source the problem points at."""
    sources = {material.paths.scenario: material.texts.scenario, material.paths.persona: material.texts.persona}
    return [
        (problem.code, problem.message, sources[problem.path].splitlines()[problem.line - 1][problem.column - 1 :])
        for problem in lint(material)
        if not problem.warning
    ]


def test_a_good_scenario_has_no_errors() -> None:
    assert errors(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "message", "place"),
    [
        ("needs: wedding", "needs: weding", "unknown-name", 'no fact "weding", did you mean "wedding"?', "weding"),
        ("promised: courier", "promised: van", "unknown-name", 'no promise "van"', "van}"),
        ("upset_at_least: 96", "fired: beep", "unknown-name", 'no event "beep", did you mean "beeps"?', "beep}"),
        ("{ending: resolved}", "{fact: rings}", "unknown-name", 'no fact "rings", did you mean "ring"?', "rings"),
        ("trainee: excellent", "trainee: tim", "unknown-name", 'no trainee "tim"', "tim"),
        ("id: ring,", "id: tag_number,", "duplicate-id", '"tag_number" is used twice in "facts"', "tag_number, text:"),
        ("??####", "??{tagg}##", "unknown-slot", "no slot {tagg}, did you mean {tag}?", '"bothify'),
        ("tag {tag} did", "tag {tags} did", "unknown-slot", "no slot {tags}, did you mean {tag}?", "The bag"),
        ("bag brought", "bag {promised} brought", "unknown-slot", "no slot {promised}", "To have"),
        ("fee, deposit, 5", "fee, deposits, 5", "bad-slot", "no slot {deposits}.", "{sum"),
        ("send a courier, by courier", "", "no-words", 'no words make the promise "courier"', "{words"),
    ],
)
def test_a_fault_is_found_where_it_stands(old: str, new: str, code: str, message: str, place: str) -> None:
    (problem,) = [problem for problem in errors(edited((old, new))) if problem[0] == code]
    assert problem[1].endswith(message)
    assert problem[2].startswith(place)


def test_facts_that_wait_for_each_other_never_unlock() -> None:
    assert errors(edited(("{asked: [the suit]}", "{fact: ring}"))) == [
        ("never-unlocks", 'the fact "wedding" can never come unlocked', "{fact: ring}}"),
        ("never-unlocks", 'the fact "ring" can never come unlocked', "{all: [{fact: wedding}, {trust_at_least: 50}]}}"),
    ]


def test_a_fact_that_waits_for_an_event_after_the_last_turn_never_unlocks() -> None:
    in_time = edited(("{asked: [the suit]}", "{fired: beeps}"))
    too_late = edited(("{asked: [the suit]}", "{fired: beeps}"), ("turn_at_least: 3", "turn_at_least: 17"))
    assert errors(in_time) == []
    assert [code for code, _, _ in errors(too_late)] == ["never-unlocks", "never-unlocks"]


def test_a_scenario_none_of_whose_endings_can_be_reached_is_refused() -> None:
    one_left = edited(("upset_at_least: 96", "turn_at_least: 99"))
    none_left = edited(("upset_at_least: 96", "turn_at_least: 99"), ("[send a courier, by courier]", "[]"))
    assert errors(one_left) == []
    assert [code for code, _, _ in errors(none_left)] == ["no-ending", "no-words"]


@pytest.mark.parametrize(
    ("old", "new", "place", "warning"),
    [
        (", needs: wedding", "", '"The suit cost {total}."', False),
        ("My phone is about to die.", "I paid {total}!", '"I paid', False),
        ("To have the bag", "To hold the wedding speech with the bag", "To hold", True),
        ("Where is my bag?", "I hold a speech at a wedding.", '"{greeting}. I hold', True),
    ],
)
def test_words_that_give_a_locked_fact_away_are_found(old: str, new: str, place: str, warning: bool) -> None:
    material = edited((old, new))
    (problem,) = [problem for problem in lint(material) if problem.code == "leak"]
    assert problem.message.startswith('this gives away the locked fact "wedding"')
    assert material.texts.scenario.splitlines()[problem.line - 1][problem.column - 1 :].startswith(place)
    assert problem.warning is warning


def test_a_line_that_waits_for_the_fact_in_its_condition_gives_nothing_away() -> None:
    assert errors(edited(("needs: wedding", "when: {all: [{fact: wedding}, {trust_at_least: 30}]}"))) == []


def test_what_the_trainee_was_told_before_is_no_secret() -> None:
    told = ('policy: ["A courier', 'policy: ["The suit cost {total}.", "A courier')
    assert errors(edited(told, (", needs: wedding", ""))) == []


def test_a_persona_may_use_its_own_slots_only() -> None:
    material = edited(("And what now?", "And the tag {tag}, what now, {given}?"), part="persona")
    assert errors(material) == [("unknown-slot", "there is no slot {tag}", '"And the tag {tag}, what now, {given}?"]')]


def test_a_thin_bank_is_a_warning_with_the_count() -> None:
    warnings = [problem for problem in lint(GOOD) if problem.warning]
    assert {problem.code for problem in warnings} == {"thin-bank"}
    messages = "\n".join(problem.message for problem in warnings)
    assert "4 authored lines" in messages
    assert '3 lines for the move "press"' in messages
    assert '"panic"' not in messages, "an irate customer does not panic"


def test_enough_lines_are_no_warning() -> None:
    lines = "\n".join(f'    - "Press {number}."' for number in range(60))
    warnings = lint(edited(('    - "And when is that?"', lines)))
    assert not [problem for problem in warnings if '"press"' in problem.message or "authored" in problem.message]
