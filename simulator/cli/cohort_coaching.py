"""What the coaching queue is made of, brought together: journals of this machine and handed in, ratings, the rater.

Apart from the command because it reads from four places, each of which may be unreadable in part, and that is said.
Nothing heavy is imported at the top.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.wiring import archive_of, models_of
from simulator.config import Configuration
from simulator.content.library import shipped
from simulator.errors import SimulatorError

if TYPE_CHECKING:
    from simulator.assessment.gold import GoldReply, Judgement
    from simulator.cohorts.coaching import CoachingQueue, Disagreement
    from simulator.cohorts.ports import RecordReader
    from simulator.content.material import Material
    from simulator.session import Session
    from simulator.vocabulary import Rating

_GOLD = Path("rubrics") / "gold" / "replies.jsonl"


def coaching_queue(
    configured: Configuration, store: "RecordReader", cohort: str
) -> "tuple[CoachingQueue, tuple[str, ...]]":
    """The queue of a cohort, and a sentence for everything it had to do without.

    Raises:
        UsageError: there is no such cohort.
        StorageError: the store cannot be read.
    """
    from simulator.cohorts.coaching import queue

    people = frozenset(store.sums(cohort).people)
    stored = [record.session for record in store.sessions(cohort)]
    journals = _Journals(configured, people, stored)
    click.echo(f"Sessions to read: {len(journals.ids):,}.", err=True)
    unlike, trouble = _disagreements(configured)
    made = queue(cohort, journals.sessions(), unlike)
    return made, (*journals.troubles, *trouble)


@dataclass
class _Journals:
    """The sessions of a cohort, wherever their journals lie."""

    configured: Configuration
    people: frozenset[str]
    stored: list[str]
    """Ids of those in the store; some may have no journal here."""
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        from simulator.storage.handed_in import HandedIn

        settings = self.configured.settings
        archive = archive_of(settings)
        played = (session for session in archive.sessions() if session.started.trainee in self.people)
        self.own = {session.id: session for session in played if session.ended is not None}
        self.troubles += archive.problems()
        self.folder: HandedIn = HandedIn(settings.data)
        there = self.folder.ids()
        self.ids = list(dict.fromkeys([*self.own, *(one for one in self.stored if one in there)]))
        """Of those that can be read here."""
        elsewhere = len(set(self.stored) - set(self.ids))
        if elsewhere:
            self.troubles.append(
                f"Not in the queue: {elsewhere:,} of the cohort's sessions in the store have no journal here."
            )

    def sessions(self) -> "Iterator[tuple[Session, Material]]":
        """One after the other, with what it was played from; what cannot be read is told and left out."""
        from simulator.desk import material_of

        for name in self.ids:
            try:
                if found := self.own.get(name) or self._handed_in(name):
                    yield found, material_of(found)
            except SimulatorError as error:
                self.troubles.append(str(error))

    def _handed_in(self, name: str) -> "Session | None":
        taken = self.folder.session(name)
        return self.folder.counted(taken) if taken else None


def _disagreements(configured: Configuration) -> "tuple[tuple[Disagreement, ...], tuple[str, ...]]":
    """Replies that people and the rater see differently; what was rated in calibrations is put to the rater now."""
    from simulator.cohorts.coaching import disagreements
    from simulator.storage.ratings import RatingsFolder

    try:
        folder = RatingsFolder(configured.settings.data)
        judgements, revised = folder.judgements(), folder.gold()
        rated = _rated_by_people(configured, judgements, revised)
    except SimulatorError as error:
        return (), (f"Disagreements about levels are not in the queue: {error}",)
    try:
        ratings = _by_the_rater(configured, rated)
    except SimulatorError as error:
        told = f"What people rated in calibrations is compared among people only: {error}"
        return disagreements([*rated, *revised], judgements, {}), (told,)
    return disagreements([*rated, *revised], judgements, ratings), ()


def _rated_by_people(
    configured: Configuration, judgements: "Iterable[Judgement]", revised: "Iterable[GoldReply]"
) -> "list[GoldReply]":
    from simulator.assessment.gold import latest
    from simulator.storage.ratings import gold_file

    asked = {one.reply for one in judgements}
    if not asked:
        return []
    others = (reply for root in configured.settings.content for reply in gold_file(root / _GOLD))
    return [reply for reply in latest([*gold_file(shipped() / _GOLD), *others, *revised]) if reply.id in asked]


def _by_the_rater(configured: Configuration, replies: "list[GoldReply]") -> "dict[str, Rating]":
    """By this version of the rater; nothing is loaded where nothing was rated by people."""
    from simulator.calibrating import rated

    if not replies:
        return {}
    nobody_speaks = configured.settings.model_copy(update={"model": None, "way": None})
    with models_of(configured.model_copy(update={"settings": nobody_speaks})) as models:
        if models.cast.rater is None:
            raise SimulatorError(" ".join(models.notices))
        click.echo(f"The rater reads what people rated: {len(replies):,}.", err=True)
        return asyncio.run(rated(replies, models.cast.rater, lambda _: None))
