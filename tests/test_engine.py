"""One thread, most urgent first, and nobody ever waits for a withdrawn job."""

import asyncio
import threading

import pytest

from simulator.backends.engine import Engine, Flag, Priority
from simulator.errors import Cancelled, ModelError


async def test_the_most_urgent_waiting_job_goes_first() -> None:
    engine, gate, order = Engine(), threading.Event(), []

    def blocked(_flag: Flag) -> None:
        gate.wait(5)

    running = asyncio.create_task(engine.run(blocked, Priority.RATING))
    await asyncio.sleep(0)
    waiting = [
        asyncio.create_task(engine.run(lambda _flag, name=name: order.append(name), priority))  # type: ignore[misc]
        for name, priority in (("ahead", Priority.AHEAD), ("rating", Priority.RATING), ("speech", Priority.SPEECH))
    ]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(running, *waiting)
    assert order == ["speech", "rating", "ahead"]
    engine.close()


async def test_reading_ahead_gives_way_to_speech() -> None:
    engine, begun = Engine(), threading.Event()

    def reading(flag: Flag) -> None:
        begun.set()
        while not flag.is_set:
            pass
        flag.check()

    ahead = asyncio.create_task(engine.run(reading, Priority.AHEAD))
    await asyncio.to_thread(begun.wait, 5)
    assert await engine.run(lambda _flag: "spoken") == "spoken"
    with pytest.raises(Cancelled):
        await ahead
    engine.close()


async def test_a_cancelled_reader_withdraws_its_job() -> None:
    engine, begun, stopped = Engine(), threading.Event(), threading.Event()

    def reading(flag: Flag) -> None:
        begun.set()
        while not flag.is_set:
            pass
        stopped.set()

    task = asyncio.create_task(engine.run(reading))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(stopped.wait, 5)
    engine.close()


async def test_what_the_library_throws_becomes_one_error() -> None:
    engine = Engine()

    def broken(_flag: Flag) -> None:
        raise RuntimeError("ggml went away")

    with pytest.raises(ModelError, match="ggml went away"):
        await engine.run(broken)
    engine.close()


async def test_a_closed_engine_takes_no_more_jobs() -> None:
    engine = Engine()
    engine.close()
    with pytest.raises(Cancelled):
        await engine.run(lambda _flag: None)


async def test_a_judge_makes_way_for_reading_ahead_and_begins_again_without_noticing() -> None:
    engine, begun, order = Engine(), threading.Event(), []

    def judging(flag: Flag) -> str:
        order.append("judging")
        begun.set()
        while len(order) == 1:
            flag.check()
        return "yes"

    judged = asyncio.create_task(engine.run(judging, Priority.JUDGING))
    await asyncio.to_thread(begun.wait, 5)
    await engine.run(lambda _flag: order.append("ahead"), Priority.AHEAD)
    assert await judged == "yes"
    assert order == ["judging", "ahead", "judging"]
    engine.close()


async def test_a_judge_whom_nobody_waits_for_does_not_begin_again() -> None:
    engine, begun, times = Engine(), threading.Event(), []

    def judging(flag: Flag) -> None:
        times.append(1)
        begun.set()
        while True:
            flag.check()

    judged = asyncio.create_task(engine.run(judging, Priority.JUDGING))
    await asyncio.to_thread(begun.wait, 5)
    judged.cancel()
    assert await engine.run(lambda _flag: "spoken") == "spoken"
    assert await engine.run(lambda _flag: len(times), Priority.JUDGING) == 1
    engine.close()


async def test_closing_ends_a_judge_who_was_making_way() -> None:
    engine, begun, gate = Engine(), threading.Event(), threading.Event()

    def judging(flag: Flag) -> None:
        begun.set()
        gate.wait(5)
        flag.check()

    judged = asyncio.create_task(engine.run(judging, Priority.JUDGING))
    await asyncio.to_thread(begun.wait, 5)
    speaking = asyncio.create_task(engine.run(lambda _flag: "spoken"))
    await asyncio.sleep(0)
    engine.close()
    gate.set()
    for task in (judged, speaking):
        with pytest.raises(Cancelled):
            await task
