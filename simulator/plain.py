"""One session as lines of text, for a screen reader, a pipe or a dumb terminal.

Apart because it must start without Textual. `play` is the whole entry: it is given a runner and the trainee's lines,
and writes plain sentences without escape codes.
"""

import asyncio
import codecs
import os
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TextIO

from simulator.briefing import briefing
from simulator.commands import parse
from simulator.debrief import debrief
from simulator.errors import ReplyRefused, SimulatorError, UsageError
from simulator.moments import act_in_words
from simulator.reports import text as report
from simulator.reports.phrases import printable
from simulator.runner import Notice, SessionRunner
from simulator.session import Session, Turn
from simulator.vocabulary import Emotion
from simulator.wording import (
    COMMANDS,
    emotion_in_words,
    how_to_resume,
    way_in_words,
)


async def play(runner: SessionRunner, lines: AsyncIterator[str], out: TextIO, err: TextIO, piped: bool) -> Session:
    """Play a session, new or resumed, to its end and print the debrief.

    Args:
        runner: opened by the caller, who also closes it.
        lines: what the trainee types, one reply or command each; their end ends the contact.
        out: gets briefing, conversation and debrief; `err` gets notices and refusals.
        err: see `out`.
        piped: True when nobody types. Replies are then echoed once they are stored, each turn waits for its rating,
            so that the order of the journal repeats, and a reply that cannot be stored raises.

    Returns:
        The ended session.

    Raises:
        SimulatorError: the session cannot go on; what was stored can be resumed.
    """
    telling = _Telling(runner, out, err, piped)
    notices = asyncio.create_task(telling.notices())
    try:
        await telling.begin()
        await telling.converse(lines)
        await telling.close_up()
    except (asyncio.CancelledError, SimulatorError):
        if runner.session.ended is None:
            telling.aside(how_to_resume(runner.session))
        raise
    finally:
        notices.cancel()
        with suppress(asyncio.CancelledError):
            await notices
    return runner.session


async def typed_lines(descriptor: int) -> AsyncIterator[str]:
    """Lines read from a file descriptor as they arrive, without their ends.

    Read by a daemon thread straight from the descriptor: neither Ctrl+C nor the end of the program ever waits for it.

    Raises:
        UsageError: the input cannot be read, or is not UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    rest = ""
    async for chunk in _chunks(descriptor):
        *complete, rest = (rest + _decoded(decoder, chunk)).split("\n")
        for line in complete:
            yield line.removesuffix("\r")
    rest += _decoded(decoder, b"", final=True)
    if rest:
        yield rest


async def _chunks(descriptor: int) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[bytes | OSError] = asyncio.Queue()

    def read() -> None:
        chunk: bytes | OSError = b"?"
        while chunk and not isinstance(chunk, OSError):
            chunk = _read(descriptor)
            with suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(arrived.put_nowait, chunk)

    threading.Thread(target=read, name="typed lines", daemon=True).start()
    while chunk := await arrived.get():
        if isinstance(chunk, OSError):
            raise UsageError(f"The input cannot be read ({chunk.strerror}).") from chunk
        yield chunk


def _read(descriptor: int) -> bytes | OSError:
    try:
        return os.read(descriptor, 65_536)
    except OSError as error:
        return error


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> str:
    try:
        return decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        raise UsageError(f"The input is not UTF-8 text (byte 0x{error.object[error.start]:02x}).") from error


class _Telling:
    """What has been told of one session, and how the rest is."""

    def __init__(self, runner: SessionRunner, out: TextIO, err: TextIO, piped: bool) -> None:
        self._runner = runner
        self._out = out
        self._err = err
        self._piped = piped
        self._told = 0

    async def begin(self) -> None:
        """The briefing, what was said before (after a resume), and the customer's first words."""
        self._brief()
        self._tell_turns(echo=True)
        await self._runner.begin()
        self._tell_turns(echo=True)

    async def converse(self, lines: AsyncIterator[str]) -> None:
        """Take lines until the contact or the lines end."""
        while self._open:
            self._prompt()
            line = await anext(lines, None)
            if line is None:
                await self._act("/end")
                return
            await self._take(line.strip())

    async def close_up(self) -> None:
        """How it ended, and the debrief once every reply is rated."""
        self._say("\nThe contact is over.\n")
        await self._runner.settled()
        self._say(report.plain(debrief(self._runner.session, self._runner.material)))

    async def notices(self) -> None:
        """Pass on what the runner wants known, as it comes."""
        async for update in self._runner.updates():
            if isinstance(update, Notice):
                self.aside(update.text)

    def aside(self, text: str) -> None:
        """A sentence beside the conversation."""
        print(printable(text), file=self._err, flush=True)

    @property
    def _open(self) -> bool:
        return self._runner.session.ended is None

    async def _take(self, line: str) -> None:
        match line:
            case "":
                return
            case "/help":
                self._say("\n".join(COMMANDS))
            case "/briefing":
                self._brief()
            case _:
                await self._try(line)

    async def _try(self, line: str) -> None:
        try:
            await self._act(line)
        except (ReplyRefused, UsageError) as error:
            self.aside(str(error))
        except SimulatorError as error:
            if self._piped:
                raise
            self.aside(str(error))

    async def _act(self, line: str) -> None:
        await self._runner.do(parse(line))
        if self._piped:
            await self._runner.settled()
        self._tell_turns(echo=self._piped)

    def _brief(self) -> None:
        started = self._runner.session.started
        scenario = self._runner.material.scenario
        self._say(f"{scenario.title} ({scenario.channel}, {scenario.mood} customer)")
        self._say(way_in_words(started.model))
        for section in briefing(self._runner.material, started.goal):
            self._say("\n".join(("", f"{section.title}:", *section.lines)))
        self._say("\nOne line is one reply; /help lists the commands.\n")

    def _tell_turns(self, echo: bool) -> None:
        session = self._runner.session
        for turn in session.turns[self._told :]:
            if turn.line is None and session.ended is None:
                return  # the customer has yet to answer
            self._tell(turn, session.emotion_after(turn.number - 1), echo)
            self._told += 1

    def _tell(self, turn: Turn, before: Emotion, echo: bool) -> None:
        if turn.reply is None and (did := act_in_words(turn.act)):
            self._say(_one_line(did))
        elif turn.reply is not None and echo:
            self._say(f"You: {_one_line(turn.reply)}")
        if turn.feeling is not None or turn.number == 0:
            self._say(emotion_in_words(before, turn.feeling.emotion if turn.feeling else before))
        if turn.heard_text:
            speaker = "Customer (fallback line)" if turn.line and turn.line.source == "fallback" else "Customer"
            self._say(f"{speaker}: {_one_line(turn.heard_text)}")

    def _prompt(self) -> None:
        if not self._piped:
            self._out.write("You: ")
            self._out.flush()

    def _say(self, text: str) -> None:
        print(printable(text), file=self._out, flush=True)


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())
