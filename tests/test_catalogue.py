"""The catalogue of signals: whole, told apart by its examples, and found by the detectors as far as they go today."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator import commands
from simulator.assessment.acts import read_act
from simulator.assessment.catalogue import CATALOGUE, Example
from simulator.assessment.learned import LEARNED, read_heard
from simulator.assessment.scene import Known
from simulator.assessment.signals import read, served
from simulator.cli.signals import page, signals
from simulator.errors import UsageError
from simulator.events import TraineeHeld, TraineeSilent, TraineeTransferred
from simulator.ports import Exchange, Listener
from simulator.vocabulary import CORE_DIMENSIONS, Mood, Signal, SignalName

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
PAGE = Path(__file__).parents[1] / "docs" / "signals.md"
needs_heads = pytest.mark.skipif(
    not files("simulator.assessment").joinpath("signals.npz").is_file(),
    reason="the heads of the learned signals (simulator/assessment/signals.npz) are not trained yet",
)

Tried = tuple[SignalName, Example, bool]
"""A signal, an example of it (or against it), and whether it was found there."""


def as_read(name: SignalName, example: Example) -> Exchange:
    """The example as heard from the customer the signal matters most for."""
    return example.exchange(next(iter(CATALOGUE[name].moods), Mood.IRATE))


def acted(example: Example) -> Sequence[Signal]:
    """The signals of what was typed, if it is an act."""
    match commands.parse(example.reply):
        case commands.Hold(seconds=seconds):
            return read_act(TraineeHeld(at=NOON, turn=1, seconds=seconds))
        case commands.Silence(seconds=seconds):
            return read_act(TraineeSilent(at=NOON, turn=1, seconds=seconds))
        case commands.Transfer(to=to):
            return read_act(TraineeTransferred(at=NOON, turn=1, to=to))
        case _:
            return ()


def is_act(example: Example) -> bool:
    return example.reply.startswith("/")


def without_a_model(name: SignalName, example: Example) -> bool:
    seen = acted(example) if is_act(example) else read(as_read(name, example)).signals
    return name in {signal.name for signal in seen}


async def with_the_model(listener: Listener, name: SignalName, example: Example) -> bool:
    if is_act(example):
        return without_a_model(name, example)
    exchange = as_read(name, example)
    heard = served(exchange)
    features = await listener.features(heard.before, heard.reply)
    return name in {signal.name for signal in read_heard(exchange, Known(), features).signals}


def examples(shows: bool) -> Iterator[tuple[SignalName, Example]]:
    for name, what in CATALOGUE.items():
        yield from ((name, example) for example in (what.shows if shows else what.shows_not))


def share(tried: Sequence[Tried], wanted: bool) -> float:
    """How often the signal was found; what went wrong is printed, to be seen with `pytest -s`."""
    for name, example, was_found in tried:
        if was_found is not wanted:
            print(f"{'missed' if wanted else 'wrongly found'}: {name} in {example.reply!r}")
    found = sum(was_found for *_, was_found in tried)
    print(f"found in {found} of {len(tried)} examples {'for' if wanted else 'against'}")
    return found / len(tried)


def test_every_signal_is_defined_and_nothing_else_is() -> None:
    assert set(CATALOGUE) == set(SignalName)


@pytest.mark.parametrize("name", SignalName)
def test_a_definition_has_examples_for_and_against_and_they_differ(name: SignalName) -> None:
    what = CATALOGUE[name]
    shows, against = {one.reply for one in what.shows}, {one.reply for one in what.shows_not}
    assert len(shows) == len(what.shows) >= 2
    assert len(against) == len(what.shows_not) >= 2
    assert not shows & against


def test_no_reply_is_an_example_of_two_things_by_mistake() -> None:
    replies = [example.reply for shows in (True, False) for _, example in examples(shows) if not is_act(example)]
    assert len(set(replies)) == len(replies)


def test_a_dimension_is_one_of_the_rubric_and_moods_are_those_that_are_played() -> None:
    assert {what.dimension for what in CATALOGUE.values()} == {*CORE_DIMENSIONS, None}
    assert Mood.MILD not in {mood for what in CATALOGUE.values() for mood in what.moods}


def test_a_definition_says_that_it_is_learned_exactly_where_it_has_a_head() -> None:
    assert {name for name, what in CATALOGUE.items() if what.detector.endswith("learned")} == set(LEARNED)


def test_acts_and_only_acts_are_shown_by_commands() -> None:
    for name, example in examples(shows=True):
        assert is_act(example) == (CATALOGUE[name].detector == "act")


def test_without_a_model_half_of_the_examples_are_found_and_a_tenth_of_the_near_misses() -> None:
    shown = [(name, one, without_a_model(name, one)) for name, one in examples(shows=True)]
    against = [(name, one, without_a_model(name, one)) for name, one in examples(shows=False)]
    assert share(shown, wanted=True) >= 61 / 125
    assert share(against, wanted=False) <= 12 / 120


FOUND_WITH_THE_MODEL = 0.57
"""Today's share is 0.58, by words alone 0.49; these examples were written to be hard, and 0.80 is what is wanted. It
was 0.60 before slights needed more than a hunch; then, 0.13 of the near misses were found, and now 0.10."""


@needs_heads
async def test_with_the_model_more_examples_are_found_and_few_near_misses(listener: Listener) -> None:
    shown = [(name, one, await with_the_model(listener, name, one)) for name, one in examples(shows=True)]
    against = [(name, one, await with_the_model(listener, name, one)) for name, one in examples(shows=False)]
    print(f"shown: {share(shown, wanted=True):.2f}, near misses: {share(against, wanted=False):.2f}")
    assert share(shown, wanted=True) >= FOUND_WITH_THE_MODEL
    assert share(against, wanted=False) <= 0.2


def told(*arguments: str) -> str:
    done = CliRunner().invoke(signals, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_the_list_has_every_signal_in_a_line_of_its_own() -> None:
    lines = told().splitlines()
    for name, what in CATALOGUE.items():
        assert sum(line.startswith(f"  {name} (") and line.endswith(what.text) for line in lines) == 1


@pytest.mark.parametrize("name", SignalName)
def test_one_signal_is_shown_with_all_its_examples(name: SignalName) -> None:
    shown = told(name)
    what = CATALOGUE[name]
    assert all(f"  Shows it: {example.reply}\n" in shown for example in what.shows)
    assert all(f"  Does not: {example.reply}\n" in shown for example in what.shows_not)
    assert "\x1b" not in shown


def test_a_name_may_be_typed_as_words() -> None:
    assert told("Names-Feeling") == told("names feeling") == told("names_feeling")


def test_programs_get_the_same_definitions() -> None:
    entries = json.loads(told("--format", "json"))["signals"]
    assert [entry["name"] for entry in entries] == [name.value for name in CATALOGUE]
    assert json.loads(told("one_step", "--format", "json"))["signals"] == [
        entry for entry in entries if entry["name"] == "one_step"
    ]


def test_an_unknown_name_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="did you mean names_feeling"):
        CliRunner().invoke(signals, ["name_feelings"], catch_exceptions=False)


def test_the_page_in_the_docs_is_what_the_command_prints() -> None:
    remedy = "stale: run simulator signals --format markdown > docs/signals.md"
    assert PAGE.read_text(encoding="utf-8") == page() + "\n" == told("--format", "markdown"), remedy
