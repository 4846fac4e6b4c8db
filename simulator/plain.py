"""One session as lines of text, for a screen reader, a pipe or a dumb terminal.

Apart because it must start without Textual. `play` is the whole entry: it is given a runner and the trainee's lines,
and writes plain sentences without escape codes.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from typing import TextIO

from simulator.briefing import Section, notes, rubric_in_full
from simulator.commands import parse
from simulator.debriefing.debrief import debrief
from simulator.debriefing.moments import act_in_words
from simulator.errors import ReplyRefused, SimulatorError, UsageError
from simulator.reports import text as report
from simulator.reports.printing import printable
from simulator.runner import Notice, SessionRunner
from simulator.session import Session, Turn
from simulator.standing import Calibration
from simulator.vocabulary import Emotion
from simulator.wording import (
    COMMANDS,
    emotion_in_words,
    how_to_resume,
    way_in_words,
)


async def play(
    runner: SessionRunner,
    lines: AsyncIterator[str],
    out: TextIO,
    err: TextIO,
    piped: bool,
    calibrations: Sequence[Calibration] = (),
) -> Session:
    """Play a session, new or resumed, to its end and print the debrief.

    Args:
        runner: opened by the caller, who also closes it.
        lines: what the trainee types, one reply or command each; their end ends the contact.
        out: gets briefing, conversation and debrief; `err` gets notices and refusals.
        err: see `out`.
        piped: True when nobody types. Replies are then echoed once they are stored, each turn waits for its rating,
            so that the order of the journal repeats, and a reply that cannot be stored raises.
        calibrations: what the debrief may say about how the levels agree with people.

    Returns:
        The ended session.

    Raises:
        SimulatorError: the session cannot go on (a full disk, input that is no text, output that nobody takes); what
            was stored can be resumed.
    """
    telling = _Telling(runner, out, err, piped)
    notices = asyncio.create_task(telling.notices())
    try:
        await telling.begin()
        await telling.converse(lines)
        await telling.close_up(calibrations)
    except (asyncio.CancelledError, SimulatorError):
        telling.break_off()
        raise
    finally:
        notices.cancel()
        with suppress(asyncio.CancelledError):
            await notices
    return runner.session


async def typed_lines(descriptor: int) -> AsyncIterator[str]:
    """Lines read from a file descriptor as they are asked for, without their ends.

    Read by a daemon thread straight from the descriptor: neither Ctrl+C nor the end of the program ever waits for it.

    Raises:
        UsageError: the input cannot be read, or a line is not UTF-8 or endless; the lines before it have been given.
    """
    rest = b""
    async for chunk in _chunks(descriptor):
        *complete, rest = (rest + chunk).split(b"\n")
        for line in complete:
            yield _decoded(line)
        if len(rest) > _LONGEST_LINE:
            raise UsageError(f"A line of the input is longer than {_LONGEST_LINE:,} bytes.")
    if rest:
        yield _decoded(rest)


_LONGEST_LINE = 1_000_000
"""Bytes; far more than a reply may have, and far less than memory holds."""


async def _chunks(descriptor: int) -> AsyncIterator[bytes]:
    """What can be read, a piece whenever one is asked for, so that endless input is never piled up."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[bytes | OSError] = asyncio.Queue()
    asked = threading.Semaphore(0)

    def read() -> None:
        while asked.acquire():
            chunk = _read(descriptor)
            with suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(arrived.put_nowait, chunk)

    threading.Thread(target=read, name="typed lines", daemon=True).start()
    asked.release()
    while chunk := await arrived.get():
        if isinstance(chunk, OSError):
            raise UsageError(f"The input cannot be read ({chunk.strerror}).") from chunk
        yield chunk
        asked.release()


def _read(descriptor: int) -> bytes | OSError:
    try:
        return os.read(descriptor, 65_536)
    except OSError as error:
        return error


def _decoded(line: bytes) -> str:
    try:
        return line.decode().removesuffix("\r")
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
        self._prompted = False

    async def begin(self) -> None:
        """The briefing, what was said before (after a resume), and the customer's first words."""
        self._brief()
        self._say_sections(rubric_in_full(self._runner.material))
        self._say("\nOne line is one reply; /help lists the commands.\n")
        self._tell_turns(echo=True)
        await self._runner.begin()
        self._tell_turns(echo=True)

    async def converse(self, lines: AsyncIterator[str]) -> None:
        """Take lines until the contact or the lines end."""
        while self._open:
            self._prompt()
            line = await anext(lines, None)
            self._prompted = False
            if line is None:
                await self._act("/end")
                return
            await self._take(line.strip())

    async def close_up(self, calibrations: Sequence[Calibration]) -> None:
        """How it ended, and the debrief once every reply is rated."""
        self._say("\nThe contact is over.\n")
        await self._runner.settled()
        lines = await self._runner.lines_rated()
        self._say(report.plain(debrief(self._runner.session, self._runner.material, calibrations, lines)))

    async def notices(self) -> None:
        """Pass on what the runner wants known, as it comes."""
        async for update in self._runner.updates():
            if isinstance(update, Notice):
                self.aside(update.text)

    def break_off(self) -> None:
        """The call stops here; say how to go on with what is stored."""
        if self._runner.begun and self._open:
            self.aside(how_to_resume(self._runner.session), prompt_again=False)

    def aside(self, text: str, prompt_again: bool = True) -> None:
        """A sentence beside the conversation, on a line of its own even where a prompt is waiting."""
        if self._prompted:
            self._say("")
        with suppress(OSError):  # whoever has closed this stream does not want to know
            print(printable(text), file=self._err, flush=True)
        if self._prompted and prompt_again:
            self._prompt()

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
        refusal = await self._refusal(line)
        self._tell_turns(echo=self._piped)
        if refusal:
            self.aside(refusal)

    async def _refusal(self, line: str) -> str:
        """Carry out a line. Why it was not taken, or was not carried out to its end; empty if it was."""
        try:
            await self._act(line)
        except (ReplyRefused, UsageError) as error:
            return str(error)
        except SimulatorError as error:
            if self._piped:
                raise
            unanswered = self._open and not self._runner.session.waits_for_trainee
            return f"{error} What you said is stored; your next line asks for the answer." if unanswered else str(error)
        return ""

    async def _act(self, line: str) -> None:
        await self._runner.do(parse(line))
        if self._piped:
            await self._runner.settled()

    def _brief(self) -> None:
        started = self._runner.session.started
        scenario = self._runner.material.scenario
        self._say(f"{scenario.title} ({scenario.channel}, {scenario.mood} customer)")
        self._say(way_in_words(started.model))
        if started.judging and started.judging.version:
            self._say(started.judging.says)
        self._say_sections(notes(self._runner.material, started.goal))

    def _say_sections(self, sections: Iterable[Section]) -> None:
        for section in sections:
            self._say("\n".join(("", f"{section.title}:", *section.lines)))

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
            self._write("You: ")
            self._prompted = True

    def _say(self, text: str) -> None:
        self._write(printable(text) + "\n")

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except OSError as error:
            raise UsageError(f"The output cannot be written ({(error.strerror or str(error)).lower()}).") from error


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())
