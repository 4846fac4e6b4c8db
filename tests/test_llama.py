"""The real embedded model: found, listening well, and the same numbers every time."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import llama_cpp
import numpy as np
import pytest

from simulator.backends import embedded, llama
from simulator.backends.engine import Engine, Flag
from simulator.backends.listener import EmbeddedListener
from simulator.backends.llama import CHUNK, Context, Weights
from simulator.backends.speaker import LlamaSpeaker
from simulator.errors import Cancelled, ModelError

TRANSCRIPT = "Maria booked four seats at 398 and two of them jumped to 778.\n\nCustomer: Explain that to me.\n"
BEFORE = "Customer: Explain that.\nAgent:"
LINES = (
    "Don't tell me about policy. I want the fare I was quoted.",
    "I did try the website, that is why I am calling.",
    "What does demand have to do with a price you already quoted me?",
    "My kids have been packed for a week.",
    "Who else can I speak to?",
    "So you will ring me back?",
)


def asked(reply: str) -> tuple[str, str]:
    return f"{TRANSCRIPT}Agent: {reply}\nCustomer:", f"{TRANSCRIPT}Agent: Okay.\nCustomer:"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("I can't change the price, that's the policy.", 0),
        ("Did you try the website?", 1),
        ("It is because of demand.", 2),
    ],
)
async def test_the_listener_picks_the_line_that_answers(listener: EmbeddedListener, reply: str, expected: int) -> None:
    worth = await listener.rank(*asked(reply), LINES)
    assert max(range(len(LINES)), key=worth.__getitem__) == expected


async def test_reading_ahead_and_company_change_no_number(listener: EmbeddedListener, weights: Weights) -> None:
    context, neutral = asked("It is because of demand.")
    fresh = await listener.rank(context, neutral, LINES)
    engine = Engine()
    other = EmbeddedListener(engine, weights, "embedded")
    await other.prepare(neutral, [LINES[3], LINES[0]])
    await other.rank(*asked("Did you try the website?"), LINES[4:])
    one_by_one = [(await other.rank(context, neutral, [line]))[0] for line in LINES]
    engine.close()
    assert one_by_one == list(fresh)


async def test_the_same_reply_has_the_same_features(listener: EmbeddedListener, weights: Weights) -> None:
    engine = Engine()
    other = EmbeddedListener(engine, weights, "embedded")
    await other.features(BEFORE, "I'm opening the")
    await other.features("Customer: Where is it?\nAgent:", "Something else entirely, said before.")
    first = await listener.features(BEFORE, "I'm opening the fare log now.")
    assert await other.features(BEFORE, "I'm opening the fare log now.") == first
    assert len(first.states) == len(first.starts) * weights.width
    engine.close()


async def test_features_of_nothing_have_no_tokens(listener: EmbeddedListener) -> None:
    assert (await listener.features(BEFORE, " ")).starts == ()


@pytest.mark.parametrize(
    "reply", ["I'm opening the fare log now.", "Señora, 398 € — done… 🙂 ok?", "  spaced   out \n twice"]
)
async def test_every_token_knows_where_it_begins(listener: EmbeddedListener, reply: str) -> None:
    starts = (await listener.features(BEFORE, reply)).starts
    assert list(starts) == sorted(starts)
    assert starts[0] == 0
    assert all(0 <= start < len(reply) for start in starts)
    words = [
        place
        for place in range(1, len(reply))
        if reply[place - 1].isspace() and reply[place].isascii() and reply[place].isalpha()
    ]
    assert set(words) <= set(starts)


async def test_an_adapter_for_another_model_is_refused(weights: Weights, tmp_path: Path) -> None:
    damaged = tmp_path / "adapter.gguf"
    damaged.write_bytes(b"GGUF and nothing more")
    engine = Engine()
    with pytest.raises(ModelError, match="does not fit"):
        await EmbeddedListener(engine, weights, "embedded", damaged).features(BEFORE, "Hello there.")
    engine.close()


@pytest.mark.parametrize("length", [2, CHUNK, CHUNK + 1, CHUNK + 2, 3 * CHUNK + 1, 100])
def test_a_prompt_read_in_parts_gives_the_logits_of_one_read_at_once(weights: Weights, length: int) -> None:
    tokens = (weights.tokens(TRANSCRIPT) * 4)[:length]
    at_once = Context(weights, 256).read(tokens)
    grown = Context(weights, 256)
    for part in range(1, length, 7):
        grown.read(tokens[:part])
    assert np.array_equal(grown.read(tokens), at_once)


async def test_the_number_of_threads_changes_no_number(
    listener: EmbeddedListener, weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for count in (1, 2, 3):
        monkeypatch.setattr(llama, "threads", lambda count=count: count)
        engine = Engine()
        other = EmbeddedListener(engine, weights, "embedded")
        worth = await other.rank(*asked("It is because of demand."), LINES)
        found.append((list(worth), await other.features(BEFORE, "I'm opening the fare log now.")))
        engine.close()
    assert found[0] == found[1] == found[2]


def test_a_withdrawn_prompt_stops_and_the_context_lives_on(weights: Weights) -> None:
    context, flag = Context(weights, 512), Flag()
    tokens = (weights.tokens(TRANSCRIPT) * 8)[:400]
    flag.set()
    with context.watching(flag), pytest.raises(Cancelled):
        context.read(tokens)
    assert np.array_equal(context.read(tokens), Context(weights, 512).read(tokens))


@pytest.mark.parametrize("prompt", [[], [1] * 300])
def test_a_prompt_that_does_not_fit_is_refused(weights: Weights, prompt: list[int]) -> None:
    with pytest.raises(ModelError, match="does not fit"):
        Context(weights, 256).read(prompt)


async def test_written_lines_repeat_with_the_seed_and_end_with_the_line(weights: Weights) -> None:
    engine = Engine()
    speaker = LlamaSpeaker(engine, weights, "embedded")
    prompt = f"{TRANSCRIPT}Agent: It is because of demand.\nCustomer:"
    first = await speaker.write(prompt, 3, 7, 24)
    assert await speaker.write(prompt, 3, 7, 24) == first
    assert await speaker.write(prompt, 3, 8, 24) != first
    assert len(first) == 3
    assert not any("\n" in line for line in first)
    engine.close()


def test_chat_markers_typed_as_text_stay_text(weights: Weights) -> None:
    typed = weights.tokens("<|im_end|>")
    assert len(typed) > 1
    assert b"".join(weights.piece(token) for token in typed) == b"<|im_end|>"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (Path.exists, "There is no model file"),
        (lambda path: path.write_bytes(b"GGUF but not really"), "not a model that llama.cpp can load"),
    ],
)
def test_a_missing_or_broken_file_is_one_sentence(tmp_path: Path, make: Callable[[Path], object], says: str) -> None:
    path = tmp_path / "other.gguf"
    make(path)
    with pytest.raises(ModelError, match=says):
        Weights(path)


def test_the_embedded_file_is_checked_once(tmp_path: Path) -> None:
    memo = tmp_path / "data" / "memo.json"
    embedded.verify(embedded.locate(), memo)
    checked = memo.read_text()
    embedded.verify(embedded.locate(), memo)
    assert memo.read_text() == checked


def test_a_file_with_another_digest_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "model.gguf"
    other.write_bytes(b"something else")
    with pytest.raises(ModelError, match="not the expected file"):
        embedded.verify(other, tmp_path / "memo.json")


async def test_what_a_withdrawn_job_left_changes_no_number(weights: Weights) -> None:
    context, neutral = asked("It is because of demand.")
    expected = await EmbeddedListener(Engine(), weights, "fresh").rank(context, neutral, LINES)
    engine = Engine()
    other = EmbeddedListener(engine, weights, "embedded")
    for pause in (0.02, 0.05, 0.1, 0.2):
        reading = asyncio.create_task(other.prepare(neutral, LINES))
        await asyncio.sleep(pause)
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
    assert list(await other.rank(context, neutral, LINES)) == list(expected)
    engine.close()


@pytest.mark.parametrize(("compiled_for", "tiles"), [(b"AVX512 = 1 | AMX_INT8 = 1 | ", True), (b"AVX2 = 1 | ", False)])
def test_matrix_tiles_that_llama_cpp_dies_of_are_done_without(
    monkeypatch: pytest.MonkeyPatch, compiled_for: bytes, tiles: bool
) -> None:
    asked_for = []
    monkeypatch.setattr(llama_cpp, "llama_print_system_info", lambda: compiled_for)
    monkeypatch.setattr(
        llama_cpp, "llama_model_load_from_file", lambda _, given: asked_for.append(given.use_extra_bufts)
    )
    with pytest.raises(ModelError):
        Weights(embedded.locate())
    assert asked_for == [not tiles]
