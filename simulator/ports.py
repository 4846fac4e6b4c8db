"""What the domain asks of the outside: speaker, listener, rater, journal, store; and the values that cross."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from simulator.content.rubric import Rubric
from simulator.events import Event
from simulator.judged import Judging
from simulator.session import Session
from simulator.vocabulary import Mood, Rating, Utterance, Value

_TURNS_BEFORE = 3
"""Utterances before a reply that the listener reads with it."""


@dataclass(frozen=True)
class Features:
    """What the listener makes of one reply, token by token, in the light of what was said before."""

    starts: tuple[int, ...]
    """Where each token begins in the reply, in characters, rising."""
    width: int
    """Numbers for each token (576 for the embedded model)."""
    states: "array[float]"
    """The hidden states, one token after the other: len(starts) x width single-precision numbers."""


class Exchange(Value):
    """One reply with all that it is read and rated in the light of."""

    mood: Mood | None = None
    context: str = ""
    """What the agent knows: briefing, history, policy. May be empty."""
    history: tuple[Utterance, ...] = ()
    """What was said before the reply, oldest first."""
    reply: str

    @property
    def customer_line(self) -> str:
        """What the customer last said, or an empty string. Lines in a row are joined."""
        parts: list[str] = []
        for utterance in reversed(self.history):
            if utterance.speaker != "customer":
                break
            parts.append(utterance.text)
        return " ".join(reversed(parts))

    @property
    def before(self) -> str:
        """The text the listener reads the reply after: the last turns, and the agent's name."""
        names = {"customer": "Customer", "trainee": "Agent"}
        said = [f"{names[turn.speaker]}: {turn.text}\n" for turn in self.history[-_TURNS_BEFORE:]]
        return "".join([*said, "Agent:"])


class Listener(Protocol):
    """The embedded model as an ear: it never speaks."""

    name: str

    async def rank(self, context: str, neutral: str, lines: Sequence[str]) -> Sequence[float]:
        """Mutual information of each line with what sets `context` apart from `neutral`.

        log p(line | context) - log p(line | neutral), in nats, in the order of `lines`. The two texts share the
        transcript as prefix.
        """
        ...

    async def prepare(self, context: str, lines: Sequence[str]) -> None:
        """Read ahead what `rank` will need of one of its two texts; gives way to anything more urgent."""
        ...

    async def features(self, before: str, reply: str, *, ahead: bool = False) -> Features:
        """Hidden states of the reply's tokens, read after `before`; no token where the reply is blank.

        `ahead`: nobody waits for it yet, so it gives way to anything more urgent.

        Raises:
            Cancelled: it gave way.
        """
        ...


class Speaker(Protocol):
    """A model that writes customer lines."""

    name: str
    trained: bool
    """Whether it was trained as a customer and takes the short directions of that training."""

    async def write(self, prompt: str, count: int, seed: int, max_tokens: int) -> Sequence[str]:
        """`count` continuations of `prompt`, each cut at the first line end; deterministic for a seed."""
        ...


class Asker(Protocol):
    """A model that is asked yes or no, and answers with how sure it is; it writes nothing."""

    name: str

    async def odds(self, shared: str, questions: Sequence[str]) -> Sequence[float]:
        """How much likelier yes is than no after each question, as log-odds in nats, in their order.

        Args:
            shared: What every question goes on from; read once.
            questions: Texts that end where the answer begins. None sees another, nor its answer.

        Raises:
            ModelError: the model cannot answer.
        """
        ...


class Rater(Protocol):
    """Gives levels to one reply."""

    @property
    def version(self) -> str:
        """Part of every score, so that scores of different raters are never mixed."""
        ...

    async def rate(self, exchange: Exchange, turn: int = 0) -> Rating:
        """Levels 1 to 5 with evidence; None where the moment gives no room for a dimension."""
        ...


class Bench(Protocol):
    """Where a judge sits, if the model that speaks has earned it."""

    def judging(self, rubric: Rubric, rater: str) -> Judging:
        """Whether it judges by this rubric, beside this version of the rater, and why."""
        ...

    def judge(self, rubric: Rubric, rater: str) -> Rater | None:
        """The judge, who rates the dimensions it has qualified for and leaves out the others; None: it judges none."""
        ...


class Journal(Protocol):
    """The append-only file of one session."""

    def append(self, event: Event) -> None:
        """Write one event and wait until it is on disk.

        Raises:
            StorageError: it could not be stored; nothing was.
        """
        ...

    def close(self) -> None:
        """Give the file and its lock back."""
        ...


class SessionStore(Protocol):
    """All sessions on this machine."""

    def sessions(self) -> Sequence[Session]:
        """Every readable session, newest first."""
        ...

    def unfinished(self) -> Sequence[Session]:
        """Sessions that broke off and are not being played in any window, newest first."""
        ...

    def session(self, name: str) -> Session:
        """The session whose id is, or uniquely begins with, `name`; "last" is the newest.

        Raises:
            UsageError: none or several fit.
            StorageError: it cannot be read.
        """
        ...

    def create(self, session: str) -> Journal:
        """A journal for a new session, locked to this process."""
        ...

    def reopen(self, session: str) -> tuple[Sequence[Event], Journal]:
        """The events so far (a torn tail dropped) and the journal to go on with."""
        ...
