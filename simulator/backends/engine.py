"""One daemon thread that owns the in-process model, and the queue of jobs in front of it.

Apart, because llama.cpp contexts are not thread-safe and a stuck call must never hold up quitting: a daemon thread dies
with the process.
"""

import asyncio
import ctypes
import heapq
import itertools
import threading
from collections.abc import Callable
from enum import IntEnum
from typing import Generic, TypeVar

from simulator.errors import Cancelled, ModelError, SimulatorError

T = TypeVar("T")


class Priority(IntEnum):
    """Who goes first when several wait: the customer's words, then ratings, then reading ahead, and a judge last."""

    SPEECH = 0
    RATING = 1
    AHEAD = 2
    JUDGING = 3


class Flag:
    """Set from any thread to withdraw a job; looked at between tokens, between prompt chunks, and inside llama.cpp."""

    def __init__(self) -> None:
        self.cell = ctypes.create_string_buffer(2)
        """One byte that C code can watch: an empty string until the job is withdrawn."""

    def set(self) -> None:
        """Withdraw the job."""
        self.cell.value = b"!"

    @property
    def is_set(self) -> bool:
        """True once the job is withdrawn."""
        return bool(self.cell.value)

    def check(self) -> None:
        """Raise `Cancelled` if the job is withdrawn."""
        if self.is_set:
            raise Cancelled("The model job was withdrawn.")


class _Job(Generic[T]):
    def __init__(self, work: Callable[[Flag], T], priority: Priority) -> None:
        self.work = work
        self.priority = priority
        self.flag = Flag()
        self.future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._again = False

    def run(self) -> bool:
        """Do the work and hand the outcome back to the waiting loop; False: it made way, and is to be begun again."""
        try:
            self.flag.check()
            result = self.work(self.flag)
        except Cancelled as error:
            if self._again:
                return False
            self.fail(error)
        except SimulatorError as error:
            self.fail(error)
        except Exception as error:  # noqa: BLE001 - the border: whatever the library throws becomes one error
            self.fail(ModelError(f"The model failed: {type(error).__name__}: {error}"))
        else:
            self._deliver(lambda: self.future.set_result(result))
        return True

    def make_way(self) -> None:
        """Stop for something more urgent. Whoever reads ahead is told; a judge does not notice, and only waits."""
        self._again = self.priority is Priority.JUDGING
        self.flag.set()

    def wait_anew(self) -> bool:
        """As before it was begun; False where nobody waits for it any more."""
        self.flag, self._again = Flag(), False
        return not self.future.done()

    def fail(self, error: SimulatorError) -> None:
        """Tell the waiting loop that nothing comes of it."""
        self._deliver(lambda: self.future.set_exception(error))

    def _deliver(self, settle: Callable[[], object]) -> None:
        def once() -> None:
            if not self.future.done():
                settle()

        try:
            self.future.get_loop().call_soon_threadsafe(once)
        except RuntimeError:  # the loop has closed: nobody waits any more
            return


class Engine:
    """Runs jobs one at a time on its own thread, most urgent first, in order of arrival among equals."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._heap: list[tuple[Priority, int, _Job[object]]] = []
        self._numbers = itertools.count()
        self._running: _Job[object] | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    async def run(self, work: Callable[[Flag], T], priority: Priority = Priority.SPEECH) -> T:
        """The result of `work(flag)`, run on the model thread. Cancelling the awaiting task withdraws the job.

        Something more urgent withdraws a running job of priority AHEAD; one of priority JUDGING is begun again later.

        Raises:
            Cancelled: the job was withdrawn.
            ModelError: the work failed.
        """
        job = _Job(work, priority)
        self._submit(job)  # type: ignore[arg-type]
        try:
            return await job.future
        except asyncio.CancelledError:
            job.flag.set()
            raise

    def close(self) -> None:
        """Withdraw everything; returns at once, whatever the model is doing."""
        with self._condition:
            self._closed = True
            for _, _, job in self._heap:
                job.flag.set()
            if self._running is not None:
                self._running.flag.set()
            self._condition.notify()

    def _submit(self, job: _Job[object]) -> None:
        with self._condition:
            if self._closed:
                raise Cancelled("The model has been closed.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="model", daemon=True)
                self._thread.start()
            heapq.heappush(self._heap, (job.priority, next(self._numbers), job))
            self._make_way(job.priority)
            self._condition.notify()

    def _make_way(self, priority: Priority) -> None:
        running = self._running
        if running is not None and running.priority >= Priority.AHEAD and priority < running.priority:
            running.make_way()

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            if not job.run():
                self._put_back(job)

    def _put_back(self, job: _Job[object]) -> None:
        with self._condition:
            if self._closed:
                job.fail(Cancelled("The model has been closed."))
            elif job.wait_anew():
                heapq.heappush(self._heap, (job.priority, next(self._numbers), job))

    def _next(self) -> _Job[object] | None:
        with self._condition:
            self._running = None
            self._condition.wait_for(lambda: bool(self._heap) or self._closed)
            if self._heap:
                self._running = heapq.heappop(self._heap)[2]
            return self._running
