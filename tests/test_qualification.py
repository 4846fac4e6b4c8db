"""Who may judge: measured beside the rater on replies it was not fitted on, kept on a card, and refused without one.

The judge that passes here is the scripted one, and says so: no model at hand is good enough to pass.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator.assessment.gold import GoldReply, Said, held_back
from simulator.assessment.rater import EmbeddedRater
from simulator.assessment.trial import FEWEST, Measured, measure, sample
from simulator.backends.asking import LlamaAsker
from simulator.backends.engine import Engine
from simulator.backends.listener import EmbeddedListener
from simulator.backends.llama import Weights
from simulator.backends.scripted import ScriptedAsker, ScriptedRater
from simulator.content.library import Library, shipped
from simulator.errors import ModelError, StorageError
from simulator.qualification import Card, ModelFile, Versions, qualified_judge, verdict
from simulator.storage.cards import Cards, identified
from simulator.storage.ratings import gold_file
from training import split

DIMENSIONS = Library([shipped()]).rubric("core").dimensions
EMPATHY, LISTENING = DIMENSIONS[0], DIMENSIONS[2]
WANTED = [check.question for check in EMPATHY.checks if check.wanted]
VERSIONS = Versions.now(DIMENSIONS, "scripted")
REPLIES = tuple(
    GoldReply(
        id=f"{context}-{level}",
        context=f"Context {context}",
        history=(Said(speaker="customer", text="Two of my four seats jumped to 778."),),
        reply=f"This is the answer to your seats, of kind {context} and number {level}.",
        consensus={"empathy": level},
    )
    for context in range(6)
    for level in range(1, 6)
)


def knowing(replies: Sequence[GoldReply]) -> ScriptedAsker:
    """Says yes to as many wanted checks as the panel gave levels above the first."""
    return ScriptedAsker({reply.reply: WANTED[: (reply.consensus["empathy"] or 1) - 1] for reply in replies})


def nearly_right(replies: Sequence[GoldReply]) -> ScriptedRater:
    """One level too high on every second reply."""
    levels = {reply.reply: reply.consensus["empathy"] or 1 for reply in replies}
    return ScriptedRater({text: min(5, level + at % 2) for at, (text, level) in enumerate(levels.items())})


def card_of(measured: Sequence[Measured], model: ModelFile | None = None) -> Card:
    return Card(
        model=model or ModelFile(name="scripted judge", size=4, sha256="0" * 64),
        at=datetime(2026, 1, 5, tzinfo=UTC),
        machine="Linux x86_64, 2 cores",
        versions=VERSIONS,
        replies=len(REPLIES),
        contexts=6,
        dimensions=tuple(measured),
    )


@pytest.fixture
async def passed() -> Card:
    return card_of(await measure(knowing(REPLIES), nearly_right(REPLIES), [EMPATHY], REPLIES))


@pytest.fixture
async def failed() -> Card:
    return card_of(await measure(ScriptedAsker({}), nearly_right(REPLIES), [EMPATHY], REPLIES))


async def test_a_scripted_judge_that_agrees_better_than_the_rater_may_judge(passed: Card) -> None:
    assert passed.qualified == ("empathy",)
    judge = qualified_judge(passed, knowing(REPLIES), DIMENSIONS, VERSIONS)
    assert judge is not None
    assert [(await judge.rate(reply.exchange)).levels for reply in REPLIES[:5]] == [
        {"empathy": level} for level in range(1, 6)
    ]
    assert "scripted judge may judge empathy" in verdict("scripted judge", passed, VERSIONS)


async def test_a_judge_that_agrees_less_is_not_used_and_the_reason_is_one_sentence(failed: Card) -> None:
    assert failed.qualified == ()
    assert qualified_judge(failed, ScriptedAsker({}), DIMENSIONS, VERSIONS) is None
    (found,) = failed.dimensions
    assert found.figures is not None
    rater = f"{found.figures.rater.kappa.value:.2f}"
    assert (
        f"scripted judge agrees less with the panel (0.00) than the embedded rater ({rater}), so it does not judge "
        "empathy." in failed.in_words()
    )
    assert verdict("scripted judge", failed, VERSIONS).endswith(
        f"so it does not judge (kappa: empathy 0.00 against {rater})."
    )


async def test_as_good_as_the_rater_is_good_enough() -> None:
    rater = ScriptedRater({reply.reply: reply.consensus["empathy"] or 1 for reply in REPLIES})
    (found,) = await measure(knowing(REPLIES), rater, [EMPATHY], REPLIES)
    assert found.figures is not None
    assert found.figures.judge.kappa.value == found.figures.rater.kappa.value == 1.0
    assert found.may_judge


async def test_no_level_is_measured_by_cuts_its_own_context_had_a_part_in() -> None:
    """Where the panel gives every second context a 5 throughout, cuts from the others put nothing so high."""
    replies = [
        reply.model_copy(update={"consensus": {"empathy": 5 if int(reply.context[-1]) % 2 else 1 + level // 3}})
        for reply in REPLIES
        if (level := reply.consensus["empathy"]) is not None
    ]
    (found,) = await measure(knowing(REPLIES), nearly_right(replies), [EMPATHY], replies)
    assert found.figures is not None
    assert found.figures.judge.within_one < 0.2


async def test_too_few_replies_with_a_level_measure_nothing() -> None:
    few = [reply.model_copy(update={"consensus": {"empathy": None}}) for reply in REPLIES[FEWEST - 1 :]]
    (found,) = await measure(knowing(REPLIES), nearly_right(REPLIES), [EMPATHY], [*REPLIES[: FEWEST - 1], *few])
    assert (found.n, found.figures, found.may_judge) == (FEWEST - 1, None, False)
    assert "too few to compare" in card_of([found]).in_words()
    assert "too few replies" in verdict("scripted judge", card_of([found]), VERSIONS)


async def test_how_far_it_is_is_told_reply_by_reply() -> None:
    told: list[int] = []
    await measure(ScriptedAsker({}), ScriptedRater(), [EMPATHY], REPLIES[:3], told.append)
    assert told == [1, 2, 3]


async def test_figures_never_stand_without_saying_that_the_panel_is_no_people(passed: Card, failed: Card) -> None:
    for card in (passed, failed):
        assert "language models, not people" in card.in_words()
        assert "language models" in verdict("x", card, VERSIONS)


@pytest.mark.parametrize("changed", [{"judge": "checks-0-other"}, {"rater": "embedded-9"}])
async def test_a_card_says_nothing_about_other_questions_or_another_rater(
    passed: Card, changed: dict[str, str]
) -> None:
    now = VERSIONS.model_copy(update=changed)
    assert qualified_judge(passed, knowing(REPLIES), DIMENSIONS, now) is None
    assert "other questions or another rater" in verdict("scripted judge", passed, now)


def test_a_model_without_a_card_does_not_judge() -> None:
    assert qualified_judge(None, ScriptedAsker({}), DIMENSIONS, VERSIONS) is None
    assert "never been measured" in verdict("x", None, VERSIONS)


def test_the_sample_is_the_same_each_time_and_from_contexts_the_rater_was_not_fitted_on() -> None:
    gold = gold_file(shipped() / "rubrics" / "gold" / "replies.jsonl")
    chosen = sample(gold, 60)
    assert chosen == sample(gold[::-1], 60)
    assert len({reply.id for reply in chosen}) == 60
    assert all(held_back(reply.context) for reply in chosen)
    assert len({reply.context for reply in chosen}) > 30


def test_training_puts_the_same_contexts_aside() -> None:
    contexts = sorted({reply.context for reply in gold_file(shipped() / "rubrics" / "gold" / "replies.jsonl")})
    assert [held_back(context) for context in contexts] == (split.folds(contexts) == split.TEST).tolist()


def model_file(path: Path, content: bytes = b"GGUF of a kind") -> Path:
    path.write_bytes(content)
    return path


async def test_a_card_is_found_by_what_is_in_the_file(tmp_path: Path, passed: Card) -> None:
    cards, path = Cards(tmp_path / "models"), model_file(tmp_path / "one.gguf")
    assert cards.of(path) is None
    kept = passed.model_copy(update={"model": identified(path)})
    cards.keep(kept)
    assert cards.of(path.rename(tmp_path / "renamed.gguf")) == kept
    assert cards.of(model_file(tmp_path / "other.gguf", b"GGUF of b kind")) is None
    cards.keep(again := kept.model_copy(update={"replies": 40}))
    assert cards.of(tmp_path / "renamed.gguf") == again


def test_a_damaged_card_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "0.json").write_text('{"model": 3')
    with pytest.raises(StorageError, match="damaged; delete it"):
        Cards(tmp_path).of(model_file(tmp_path / "one.gguf"))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.gguf", None, "There is no model file"),
        ("notes.gguf", b"Dear diary", "is not a model that llama.cpp can load"),
        ("empty.gguf", b"", "is not a model that llama.cpp can load"),
        (".", None, "is a folder"),
    ],
)
def test_a_file_that_is_no_model_is_refused_before_it_is_loaded(
    tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        model_file(tmp_path / name, content)
    with pytest.raises(ModelError, match=says):
        identified(tmp_path / name)


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SIMULATOR_DATA": str(data)}
    command = [sys.executable, "-m", "simulator", "model", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)


@pytest.mark.parametrize("content", [b"GGUF but not really", b"Dear diary", None])
def test_the_command_refuses_what_is_no_model_with_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.gguf" if content is None else model_file(tmp_path / "other.gguf", content)
    done = run(tmp_path, "qualify", "--model", str(path))
    assert (done.returncode, done.stdout) == (3, "")
    assert str(path) in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_too_small_a_sample_is_a_mistake_in_the_command(tmp_path: Path) -> None:
    assert run(tmp_path, "qualify", "--replies", "3").returncode == 2


def test_the_embedded_model_is_shown_as_not_measured(tmp_path: Path) -> None:
    done = run(tmp_path, "show")
    assert done.returncode == 0, done.stderr
    assert "has never been measured as a judge" in done.stdout


async def test_the_embedded_model_is_measured_and_fails(weights: Weights) -> None:
    engine = Engine()
    rater = EmbeddedRater(EmbeddedListener(engine, weights, "embedded"))
    replies = sample(gold_file(shipped() / "rubrics" / "gold" / "replies.jsonl"), 30)
    (found,) = await measure(LlamaAsker(engine, weights, "embedded"), rater, [LISTENING], replies)
    engine.close()
    assert found.figures is not None
    assert found.figures.judge.kappa.value < 0.5 < found.figures.rater.kappa.value
    assert not found.may_judge
