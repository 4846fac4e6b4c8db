"""A desk whose customer can be kept waiting and whose disk can be full, for tests of the front ends."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from simulator.backends.scripted import ScriptedListener, ScriptedRater
from simulator.clock import StoryClock
from simulator.content.library import Library, shipped
from simulator.desk import Cast, Desk
from simulator.errors import StorageError
from simulator.events import Event, ModelCard
from simulator.ports import Journal
from simulator.session import Session
from simulator.storage.archive import SessionArchive

SCENARIO = "fare-jump"
KIND = "You were quoted one price and it jumped while you were booking. I'd be angry too. I'll open the fare log now."
POLICY = "I can't change the price. That's the policy."


class WaitingListener(ScriptedListener):
    """Ranks only while it may."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.free.set()

    async def rank(self, context: str, neutral: str, lines: Sequence[str]) -> Sequence[float]:
        await self.free.wait()
        return await super().rank(context, neutral, lines)


class FillingJournal:
    """A journal on a disk that may be full."""

    def __init__(self, journal: Journal, disk: "FillingDisk") -> None:
        self._journal = journal
        self._disk = disk

    def append(self, event: Event) -> None:
        self._disk.refuse_if_full(event.kind)
        self._journal.append(event)

    def close(self) -> None:
        self._journal.close()


class FillingDisk:
    """A store whose disk may be full, for everything or from some kind of event on."""

    def __init__(self, folder: Path) -> None:
        self.full = False
        self.full_for = ""
        self._archive = SessionArchive(folder)

    def refuse_if_full(self, kind: str = "") -> None:
        if self.full or (kind and kind == self.full_for):
            raise StorageError("The disk is full.")

    def sessions(self) -> Sequence[Session]:
        return self._archive.sessions()

    def unfinished(self) -> Sequence[Session]:
        return self._archive.unfinished()

    def session(self, name: str) -> Session:
        return self._archive.session(name)

    def create(self, session: str) -> Journal:
        self.refuse_if_full()
        return FillingJournal(self._archive.create(session), self)

    def reopen(self, session: str) -> tuple[Sequence[Event], Journal]:
        events, journal = self._archive.reopen(session)
        return events, FillingJournal(journal, self)


class Stage:
    """Desk, disk and listener of one test."""

    def __init__(self, folder: Path, clock: StoryClock, pace: float = 0) -> None:
        self.disk = FillingDisk(folder)
        self.listener = WaitingListener()
        card = ModelCard(speaker="none", listener=self.listener.name, way="guided")
        self.desk = Desk(
            Library([shipped()]),
            self.disk,
            Cast(card=card, listener=self.listener, rater=ScriptedRater({POLICY: 1})),
            app_version="0",
            trainee="trainee-test",
            pace=pace,
            clock=clock,
        )

    @property
    def session(self) -> Session:
        """The newest session, as it is on disk."""
        return self.disk.session("last")
