import asyncio
import io
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from conftest import NINE
from stage import KIND, POLICY, SCENARIO, Stage

from simulator.clock import StoryClock
from simulator.errors import StorageError, UsageError
from simulator.events import TraineeHeld, TraineeSpoke
from simulator.plain import play, typed_lines
from simulator.vocabulary import Ending


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "sessions", StoryClock(NINE))


class Told:
    """What a session said."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        self.err = io.StringIO()

    @property
    def text(self) -> str:
        return self.out.getvalue()

    @property
    def asides(self) -> str:
        return self.err.getvalue()

    @property
    def conversation(self) -> str:
        return self.text.split("/help lists the commands.")[1].split("The contact is over.")[0]


async def typed(lines: Iterable[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def told(stage: Stage, *lines: str, piped: bool = True) -> Told:
    telling = Told()
    runner = await stage.desk.open(SCENARIO, seed=3)
    try:
        await play(runner, typed(lines), telling.out, telling.err, piped=piped)
    finally:
        await runner.close()
    return telling


async def test_a_piped_call_tells_briefing_conversation_and_debrief(stage: Stage) -> None:
    telling = await told(stage, KIND, POLICY)

    text = telling.text
    assert text.index("Policy:") < text.index("Customer: ") < text.index(f"You: {KIND}") < text.index("DEBRIEF")
    assert stage.session.ended is not None
    assert stage.session.ended.ending is Ending.TRAINEE_ENDED


async def test_the_briefing_tells_the_whole_rubric(stage: Stage) -> None:
    telling = await told(stage)

    rubric = stage.desk.library.material(SCENARIO).rubric
    for dimension in rubric.dimensions:
        assert all(anchor.anchor in telling.text for anchor in dimension.levels.values())
        assert all(check.question in telling.text for check in dimension.checks)
    assert all(kind.text in telling.text for kind in rubric.critical.values())


async def test_the_short_briefing_comes_first_and_the_rubric_right_before_the_call(stage: Stage) -> None:
    telling = await told(stage, "/briefing")

    empathy = stage.desk.library.material(SCENARIO).rubric.dimensions[0]
    order = ["Your role:", "Policy:", empathy.question, empathy.levels[1].anchor, "/help lists", "Customer: "]
    places = [telling.text.index(words) for words in order]
    assert places == sorted(places)
    assert empathy.question in telling.conversation
    assert empathy.levels[1].anchor not in telling.conversation


async def test_emotion_is_told_in_words_after_every_reply(stage: Stage) -> None:
    telling = await told(stage, POLICY)

    assert re.search(r"^Anger \d+, up \d+\. Distress \d+", telling.conversation, re.MULTILINE)


async def test_blank_lines_do_nothing(stage: Stage) -> None:
    await told(stage, "", "   ", KIND, "")

    assert [turn.reply for turn in stage.session.turns] == [None, KIND]


async def test_the_end_of_input_and_the_end_command_end_the_call_alike(stage: Stage) -> None:
    await told(stage, KIND, "/end", "never said")

    assert [turn.reply for turn in stage.session.turns] == [None, KIND]
    assert stage.session.ended is not None


async def test_commands_act_and_malformed_ones_are_explained(stage: Stage) -> None:
    telling = await told(stage, "/hold 60", "/hold soon", "/dance", "/help", "/briefing")

    acts = [turn.act for turn in stage.session.turns[1:]]
    assert [act.seconds for act in acts if isinstance(act, TraineeHeld)] == [60]
    assert "put on hold for 60 seconds" in telling.conversation
    assert "as in /hold 30" in telling.asides
    assert "/dance" in telling.asides
    assert "/transfer TO" in telling.conversation
    assert telling.text.count("Policy:") == 2


async def test_a_reply_that_is_too_long_is_refused_and_the_call_goes_on(stage: Stage) -> None:
    telling = await told(stage, "a" * 4_001, KIND)

    assert "4,000 characters" in telling.asides
    assert [turn.reply for turn in stage.session.turns] == [None, KIND]


async def test_nothing_told_can_steer_a_terminal(stage: Stage) -> None:
    telling = await told(stage, "I see \x1b[31m[/absurd] \x07the fare\u202e.")

    assert "[/absurd]" in telling.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", telling.text + telling.asides)


async def test_somebody_who_types_is_prompted_and_not_echoed(stage: Stage) -> None:
    telling = await told(stage, KIND, piped=False)

    assert "You: " in telling.conversation
    assert KIND not in telling.conversation


async def test_what_cannot_be_stored_is_not_told_and_a_pipe_stops_there(stage: Stage) -> None:
    telling = Told()
    runner = await stage.desk.open(SCENARIO, seed=3)

    async def lines() -> AsyncIterator[str]:
        stage.disk.full = True
        yield KIND

    with pytest.raises(StorageError, match="full"):
        await play(runner, lines(), telling.out, telling.err, piped=True)
    await runner.close()

    assert KIND not in telling.text
    assert f"simulator resume {runner.session.id}" in telling.asides


async def test_somebody_who_types_may_send_again_once_there_is_room(stage: Stage) -> None:
    telling = Told()
    runner = await stage.desk.open(SCENARIO, seed=3)

    async def lines() -> AsyncIterator[str]:
        stage.disk.full = True
        yield KIND
        stage.disk.full = False
        yield KIND

    await play(runner, lines(), telling.out, telling.err, piped=False)
    await runner.close()

    assert "The disk is full." in telling.asides
    assert [turn.reply for turn in stage.session.turns] == [None, KIND]


async def test_an_answer_that_came_late_is_told_before_the_next_reply_is_asked_for(stage: Stage) -> None:
    telling = Told()
    runner = await stage.desk.open(SCENARIO, seed=3)

    async def lines() -> AsyncIterator[str]:
        stage.disk.full_for = "customer_spoke"
        yield KIND
        stage.disk.full_for = ""
        yield POLICY

    await play(runner, lines(), telling.out, telling.err, piped=False)
    await runner.close()

    answer = stage.session.turns[1].line
    assert answer is not None
    assert f"Customer: {answer.text}" in telling.conversation
    assert "What you said is stored" in telling.asides
    assert "only now answered" in telling.asides


async def test_a_call_of_which_nothing_is_stored_is_not_offered_for_resuming(stage: Stage) -> None:
    telling = Told()
    runner = await stage.desk.open(SCENARIO, seed=3)
    stage.disk.full = True
    with pytest.raises(StorageError):
        await play(runner, typed([KIND]), telling.out, telling.err, piped=True)
    await runner.close()

    assert "resume" not in telling.asides


async def test_a_sentence_aside_stands_on_a_line_of_its_own_and_the_prompt_comes_again(stage: Stage) -> None:
    both = io.StringIO()
    runner = await stage.desk.open(SCENARIO, seed=3)

    async def lines() -> AsyncIterator[str]:
        stage.disk.full_for = "reply_rated"
        yield KIND
        while "could not be stored" not in both.getvalue():
            await asyncio.sleep(0)

    await play(runner, lines(), both, both, piped=False)
    await runner.close()

    assert re.search(r"^You: \nThe levels of reply 1 could not be stored yet.*\nYou: ", both.getvalue(), re.MULTILINE)


async def test_output_that_nobody_takes_ends_the_call_and_says_how_to_go_on(stage: Stage) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            if text.startswith("Customer: "):
                raise BrokenPipeError(32, "Broken pipe")
            return super().write(text)

    err = io.StringIO()
    runner = await stage.desk.open(SCENARIO, seed=3)
    with pytest.raises(UsageError, match="broken pipe"):
        await play(runner, typed([KIND]), Gone(), err, piped=True)
    await runner.close()

    assert "simulator resume" in err.getvalue()
    assert [turn.reply for turn in stage.session.turns] == [None]


async def test_a_resumed_call_tells_what_was_said_and_goes_on(stage: Stage) -> None:
    first = await stage.desk.open(SCENARIO, seed=3)
    await first.begin()
    await first.say(KIND)
    await first.settled()
    await first.close()
    telling = Told()

    second = await stage.desk.resume(first.session.id)
    await play(second, typed([POLICY]), telling.out, telling.err, piped=False)
    await second.close()

    assert f"You: {KIND}" in telling.conversation
    assert [turn.reply for turn in stage.session.turns] == [None, KIND, POLICY]


async def test_the_same_replies_make_the_same_journal(stage: Stage, tmp_path: Path) -> None:
    again = Stage(tmp_path / "again", StoryClock(NINE))
    replies = (KIND, "/hold 20", POLICY)

    await told(stage, *replies)
    await told(again, *replies)

    assert stage.session.turns == again.session.turns


async def test_being_interrupted_says_how_to_go_on(stage: Stage) -> None:
    telling = Told()
    runner = await stage.desk.open(SCENARIO, seed=3)
    waiting = asyncio.Event()

    async def lines() -> AsyncIterator[str]:
        waiting.set()
        await asyncio.Event().wait()
        yield KIND

    playing = asyncio.create_task(play(runner, lines(), telling.out, telling.err, piped=False))
    await waiting.wait()
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    await runner.close()

    assert f"simulator resume {runner.session.id}" in telling.asides


async def test_lines_are_read_from_a_pipe_whatever_their_ends() -> None:
    reading, writing = os.pipe()
    os.write(writing, "one\ntwo \u00e9\r\n\nlast".encode())
    os.close(writing)

    assert [line async for line in typed_lines(reading)] == ["one", "two \u00e9", "", "last"]
    os.close(reading)


async def test_input_that_is_not_utf8_is_said_to_be_so() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"caf\xe9 \n")
    os.close(writing)

    with pytest.raises(UsageError, match="0xe9"):
        _ = [line async for line in typed_lines(reading)]
    os.close(reading)


async def test_lines_before_one_that_is_not_utf8_are_not_lost() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"one\ntwo\ncaf\xe9\n")
    os.close(writing)
    lines = typed_lines(reading)

    assert [await anext(lines), await anext(lines)] == ["one", "two"]
    with pytest.raises(UsageError):
        await anext(lines)
    os.close(reading)


async def test_endless_input_is_read_only_as_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def endless(descriptor: int) -> bytes:
        read.append(descriptor)
        return b"yes\n" * 1_000

    monkeypatch.setattr("simulator.plain._read", endless)
    lines = typed_lines(0)
    assert [await anext(lines) for _ in range(1_500)] == ["yes"] * 1_500
    assert len(read) == 2


async def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.plain._read", lambda _: bytes(65_536))
    with pytest.raises(UsageError, match="longer than"):
        await anext(typed_lines(0))


def test_plain_mode_loads_neither_screen_nor_model_libraries() -> None:
    program = "import sys, simulator.plain; print(*({'textual', 'numpy', 'llama_cpp', 'httpx'} & sys.modules.keys()))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""


async def test_every_told_act_is_on_disk(stage: Stage) -> None:
    telling = await told(stage, KIND, "/silence 5")

    stored = [turn.act for turn in stage.session.turns if isinstance(turn.act, TraineeSpoke)]
    assert [act.text for act in stored] == re.findall(r"^You: (.*)$", telling.conversation, re.MULTILINE)
