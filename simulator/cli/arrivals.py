"""Hand-in files on their way to disk and store, batch by batch, and what came of each.

Apart from the command because a batch is the unit of safety: its journals are on disk before its records are in the
store, so an import that is killed anywhere can be run again.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from simulator.cohorts.ports import Outcome, Records
from simulator.cohorts.recording import record_of
from simulator.cohorts.rescoring import rated_again
from simulator.errors import ContentError
from simulator.ports import Rater
from simulator.storage.handed_in import HandedIn, Rescored
from simulator.storage.handin import Refused
from simulator.storage.intake import Intake, Weighed
from simulator.storage.keys import KnownKeys
from simulator.vocabulary import Value

AT_ONCE = 50
"""Files in a batch."""

_NOT_STORED = {
    Outcome.FORGOTTEN: "the database does not take this person's sessions (forgotten there, or another's)",
    Outcome.CLASHING: "another session is in the database under this id",
    Outcome.UNSTORABLE: "a text in it holds what no database takes",
}
"""Why a journal that is kept has no record."""


class Arrival(Value):
    """What came of one file."""

    file: str
    came: Literal["new", "grown", "signed", "unchanged", "older", "refused"]
    session: str | None = None
    """None where the file was refused; so for all that follow."""
    person: str | None = None
    signer: str | None = None
    """Public key whose signature was checked; None: unsigned."""
    signed_by: str | None = None
    """Whose it is by the list of known keys; empty where the list does not say."""
    rater: str | None = None
    """Version of the rater that rated the replies anew; None: the ratings in the file count."""
    notes: tuple[str, ...] = ()
    """Sentences; for a file that was refused, why."""


@dataclass
class Arriving:
    """One import."""

    intake: Intake
    folder: HandedIn
    store: Records
    rater: Rater | None
    """Rates anew; None: the ratings in the files count, or those that were made anew before."""
    keys: KnownKeys | None
    arrivals: list[Arrival] = field(default_factory=list)
    """What came of each file so far, in the order of the files."""

    def take(self, paths: Iterable[Path]) -> None:
        """Take in files.

        Raises:
            StorageError: disk or store does not take any more; whole batches before that stay.
            ModelError: the rater failed.
        """
        for batch in _batches(paths):
            looked = [(path, self._looked_at(path)) for path in batch]
            troubles = self.intake.contradicted()
            fit = {one.taken.session.id: one for _, one in looked if isinstance(one, Weighed)}
            made = asyncio.run(self._rated_anew(self.rater, fit, troubles)) if self.rater else {}
            self.intake.keep(refused=troubles)
            for session, ratings in made.items():
                self.folder.keep_ratings(fit[session].taken, ratings)
            troubles |= self._ingested({session: one for session, one in fit.items() if session not in troubles}, made)
            self.arrivals += [self._arrival(path, one, troubles) for path, one in looked]

    def _looked_at(self, path: Path) -> Weighed | str:
        try:
            return self.intake.look_at(path)
        except Refused as refusal:
            return str(refusal)

    async def _rated_anew(
        self, rater: Rater, fit: Mapping[str, Weighed], troubles: dict[str, str]
    ) -> dict[str, Rescored]:
        """Ratings of the sessions that this version of the rater has not rated yet; what cannot be rated is noted."""
        made: dict[str, Rescored] = {}
        for session, one in fit.items():
            known = self.folder.rescored(one.taken)
            if session in troubles or (known and known.is_of(one.taken) and known.rater == rater.version):
                continue
            try:
                ratings = await rated_again(one.taken.session, one.material, rater)
            except ContentError as error:
                troubles[session] = f"its replies cannot be rated: {str(error).splitlines()[0]}"
                continue
            made[session] = Rescored(digest=one.taken.digest, rater=rater.version, ratings=ratings)
        return made

    def _ingested(self, fit: Mapping[str, Weighed], made: Mapping[str, Rescored]) -> dict[str, str]:
        """Why sessions are not in the store, by id."""
        records = [
            record_of(made[session].over(one.taken.session), one.material, one.taken.digest, one.taken.signer)
            if session in made
            else one.record
            for session, one in fit.items()
        ]
        came = self.store.ingest(records)
        return {one.session: f"{_NOT_STORED[one.outcome]}." for one in came if one.outcome in _NOT_STORED}

    def _arrival(self, path: Path, one: Weighed | str, troubles: Mapping[str, str]) -> Arrival:
        if isinstance(one, str):
            return Arrival(file=str(path), came="refused", notes=(one,))
        taken = one.taken
        if trouble := troubles.get(taken.session.id):
            return Arrival(file=str(path), came="refused", notes=(trouble,))
        made = self.folder.rescored(taken)
        return Arrival(
            file=str(path),
            came=one.came,
            session=taken.session.id,
            person=taken.session.started.trainee,
            signer=taken.signer,
            signed_by=self.keys.name_of(taken.signer) if self.keys and taken.signer else None,
            rater=made.rater if made and made.is_of(taken) else None,
            notes=(*one.notes, *([_RATED_BEFORE] if made and not made.is_of(taken) else [])),
        )


_RATED_BEFORE = "it was rated anew when it was shorter, and its own ratings count now; --rescore does it again."


def _batches(paths: Iterable[Path]) -> Iterator[list[Path]]:
    waiting = iter(paths)
    while batch := list(islice(waiting, AT_ONCE)):
        yield batch
