"""What customers said, turn by turn, with the faults found in it before and after the guard: kept, read, added up.

Apart from playing, so that a table can be made at any time from what is on disk.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.ways import Way
from simulator.content.material import Material
from simulator.customer.guard import OWN_LINES, FaultCode, Guard, clean
from simulator.customer.hearing import words
from simulator.errors import StorageError, UsageError
from simulator.session import Session
from simulator.vocabulary import Move, Source, Value

LINES_COMPARED = 1_000
"""Distinct pairs are counted in this many lines at most: the share falls with every line that is added."""


class Wording(Value):
    """Words, and what the guard finds wrong with them at that moment."""

    text: str
    faults: tuple[FaultCode, ...]


class SpokenTurn(Value):
    """One answer of the customer."""

    number: int
    reply: str
    """What the trainee had said; empty for an act beside words."""
    move: Move
    said: Wording
    """What the customer said in the end."""
    source: Source
    written: tuple[Wording, ...]
    """What a model wrote for it, before the guard; empty where none wrote."""
    overlap: float
    """Share of its runs of four words that stand in one of the customer's own last lines, 0 to 1."""

    @property
    def first(self) -> Wording:
        """What would have been said if nobody had looked: the first that was written, else what was said."""
        return self.written[0] if self.written else self.said


class SpokenContact(Value):
    """All answers of one rehearsed contact."""

    measured: str
    """Model, versions and content: contacts of different ones are never added up."""
    way: Way
    scenario: str
    trainee: str
    seed: int
    seconds: float
    """Time it took to play."""
    turns: tuple[SpokenTurn, ...]

    @property
    def key(self) -> tuple[Way, str, str, int]:
        """Which contact it was."""
        return (self.way, self.scenario, self.trainee, self.seed)


class Looking:
    """Looks at the answers of one contact as the guard does, at the moment they were found."""

    def __init__(self, material: Material) -> None:
        self._guard = Guard(material)
        self._name = material.fill("{customer}")

    def turn(self, session: Session, written: Sequence[str]) -> SpokenTurn | None:
        """The last turn of a session; None for the opening line, which nobody had to find.

        Args:
            session: With the customer's answer.
            written: What a model wrote for it.
        """
        turn = session.turns[-1]
        if turn.act is None or turn.choice is None or turn.line is None:
            return None
        move = turn.choice.move
        then = before_the_answer(session)
        return SpokenTurn(
            number=turn.number,
            reply=turn.reply or "",
            move=move,
            said=self._wording(turn.line.text, then, move),
            source=turn.line.source,
            written=tuple(self._wording(clean(text, self._name), then, move) for text in written),
            overlap=overlap(turn.line.text, [past.line.text for past in then.turns if past.line]),
        )

    def _wording(self, text: str, session: Session, move: Move) -> Wording:
        found = self._guard.faults(text, session, move)
        return Wording(text=text, faults=tuple(dict.fromkeys(fault.code for fault in found)))


def before_the_answer(session: Session) -> Session:
    """A session as it was before the customer's last line was found."""
    *past, turn = session.turns
    return session.model_copy(update={"turns": (*past, turn.model_copy(update={"line": None})), "ended": None})


def overlap(text: str, earlier: Sequence[str]) -> float:
    """Share of a line's runs of four words that stand in one of the last six of the earlier lines; 0 if it has none."""
    before = {run for line in earlier[-OWN_LINES:] for run in _runs(line, 4)}
    runs = _runs(text, 4)
    return sum(run in before for run in runs) / len(runs) if runs else 0.0


def _runs(text: str, length: int) -> list[tuple[str, ...]]:
    said = words(text)
    return [tuple(said[start : start + length]) for start in range(len(said) - length + 1)]


class Figures(Value):
    """What the answers of one way of speaking come to."""

    contacts: int
    turns: int
    before: dict[FaultCode, float]
    """Lines with this fault per 1,000 turns if the first line written had been said."""
    after: dict[FaultCode, float]
    """The same in what was said."""
    faulty: tuple[float, float]
    """Lines with any fault, before and after, per 1,000 turns."""
    refused: float | None
    """Share of all lines written in which the guard found a fault; None where nothing was written."""
    free: float
    """Share of turns in which the model's own line was said."""
    fallbacks: float
    """Per 1,000 turns."""
    words: tuple[float, float]
    """A turn: median and 95th percentile."""
    distinct: float
    """Distinct pairs of neighbouring words in all pairs, in the first `LINES_COMPARED` lines."""
    overlap: float
    """Mean overlap with the customer's own last six lines."""
    seconds: float
    """Mean time for a turn."""


def figures(contacts: Sequence[SpokenContact]) -> Figures:
    """Add up the contacts of one way of speaking; there must be a turn in them."""
    turns = [turn for contact in contacts for turn in contact.turns]
    written = [wording for turn in turns for wording in turn.written]
    first, said = [turn.first for turn in turns], [turn.said for turn in turns]
    lengths = sorted(len(words(one.text)) for one in said)
    return Figures(
        contacts=len(contacts),
        turns=len(turns),
        before=per_thousand(first),
        after=per_thousand(said),
        faulty=(_faulty(first) * 1_000, _faulty(said) * 1_000),
        refused=_faulty(written) if written else None,
        free=sum(turn.source == "free" for turn in turns) / len(turns),
        fallbacks=1_000 * sum(turn.source == "fallback" for turn in turns) / len(turns),
        words=(statistics.median(lengths), lengths[int(0.95 * (len(lengths) - 1))]),
        distinct=distinct([one.text for one in said[:LINES_COMPARED]]),
        overlap=statistics.fmean(turn.overlap for turn in turns),
        seconds=sum(contact.seconds for contact in contacts) / len(turns),
    )


def per_thousand(lines: Sequence[Wording]) -> dict[FaultCode, float]:
    """Lines with each kind of fault, per 1,000."""
    counts = Counter(code for line in lines for code in line.faults)
    return {code: 1_000 * counts[code] / len(lines) for code in FaultCode}


def _faulty(lines: Sequence[Wording]) -> float:
    return sum(bool(line.faults) for line in lines) / len(lines)


def distinct(lines: Iterable[str]) -> float:
    """Distinct pairs of neighbouring words in all pairs, 0 to 1 (distinct-2 of Li et al. 2016)."""
    pairs = [pair for line in lines for pair in _runs(line, 2)]
    return len(set(pairs)) / len(pairs) if pairs else 0.0


class Record:
    """Contacts on disk, a line of JSON each; a line that was broken off is dropped."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def contacts(self) -> list[SpokenContact]:
        """All that are kept.

        Raises:
            UsageError: the file holds something else.
            StorageError: it cannot be read.
        """
        try:
            return [SpokenContact.model_validate_json(line) for line in self._whole()]
        except ValueError as error:
            raise UsageError(f"{self._path} is no record of this benchmark; name another file.") from error

    def taken_up(self, measured: str) -> list[SpokenContact]:
        """All that are kept, to go on with: what was broken off is cut off.

        Raises:
            UsageError: they were made with other models, versions or content; or as `contacts`.
            StorageError: the file cannot be read or written.
        """
        contacts = self.contacts()
        if others := {contact.measured for contact in contacts} - {measured}:
            raise UsageError(
                f"{self._path} was made with {min(others)}; now it would be {measured}. Name another file."
            )
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.truncate(sum(len(line) for line in self._whole()))
        except OSError as error:
            raise StorageError(f"Cannot write {self._path}: {error.strerror}. --resume names another file.") from error
        return contacts

    def append(self, contact: SpokenContact) -> None:
        """Keep one more.

        Raises:
            StorageError: it cannot be written.
        """
        try:
            with self._path.open("ab") as file:
                file.write(f"{contact.model_dump_json()}\n".encode())
        except OSError as error:
            raise StorageError(f"Cannot write {self._path}: {error.strerror}. --resume names another file.") from error

    def _whole(self) -> list[bytes]:
        """The lines that end, as they are on disk."""
        try:
            content = self._path.read_bytes() if self._path.exists() else b""
        except OSError as error:
            raise StorageError(f"Cannot read {self._path}: {error.strerror}.") from error
        return [line + b"\n" for line in content.split(b"\n")[:-1]]
