"""The dialogue of a calibration, in lines of text: a trainer rates one reply after the other and sees no other levels.

Apart from what is made of the ratings (`calibration`) because it is all about what is typed; it is given how to ask, to
say and to keep, and knows no terminal and no file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from simulator.assessment.gold import GoldReply
from simulator.calibration import Levels
from simulator.content.rubric import Dimension
from simulator.debriefing.scores import level_anchor
from simulator.ports import Rater
from simulator.reports.printing import printable
from simulator.vocabulary import Level, Rating

KEYS = "1 to 5, or 0 or n where the moment gives no room; ? shows the levels, b goes back, q stops"
"""What can be typed."""

_LEVELS: Mapping[str, Level | None] = {"0": None, "n": None, **{str(level): level for level in range(1, 6)}}

Keep = Callable[[GoldReply, Dimension, Level | None], None]
"""Puts a level on disk before it returns."""


class Sitting:
    """What one person rates in one go."""

    def __init__(
        self,
        replies: Sequence[GoldReply],
        dimensions: Sequence[Dimension],
        done: Mapping[str, Levels],
        ask: Callable[[str], str | None],
        say: Callable[[str], None],
        keep: Keep,
    ) -> None:
        """Prepare to ask for what is missing.

        Args:
            replies: To be rated, in order.
            dimensions: To rate each on.
            done: Levels from earlier sittings, by reply and dimension id; they are not asked for again.
            ask: Given a prompt, what was typed; None where the input has ended.
            say: Shows a line, or several.
            keep: Stores a level.
        """
        self._replies = replies
        self._questions = [
            (reply, dimension)
            for reply in replies
            for dimension in dimensions
            if dimension.id not in done.get(reply.id, {})
        ]
        self._given: dict[tuple[str, str], Level | None] = {}
        self._shown: GoldReply | None = None
        self._ask, self._say, self._keep = ask, say, keep

    def run(self) -> bool:
        """Ask until everything is answered (True), or whoever rates stops (False).

        Raises:
            StorageError: a level could not be stored; those before it are.
        """
        if self._questions:
            self._say(f"Rate what each reply does, each dimension on its own: {KEYS}. Every answer is stored at once.")
        place = 0
        while place < len(self._questions):
            step = self._question(place)
            if step is None:
                return False
            place = max(0, place + step)
        return True

    def _question(self, place: int) -> int | None:
        """How many questions to go on from here; None to stop."""
        reply, dimension = self._questions[place]
        self._show(reply)
        typed = self._ask(self._prompt(reply, dimension))
        match typed.strip().lower() if typed is not None else "q":
            case "q":
                return None
            case "b":
                return self._back(place)
            case "?":
                self._say(_anchors(dimension))
                return 0
            case "" if (reply.id, dimension.id) in self._given:
                return 1
            case answer if answer in _LEVELS:
                self._keep(reply, dimension, _LEVELS[answer])
                self._given[reply.id, dimension.id] = _LEVELS[answer]
                return 1
            case _:
                self._say(f"Type {KEYS}.")
                return 0

    def _show(self, reply: GoldReply) -> None:
        if self._shown is not reply:
            self._shown = reply
            self._say(f"\nReply {self._replies.index(reply) + 1} of {len(self._replies)}\n{in_full(reply)}\n")

    def _prompt(self, reply: GoldReply, dimension: Dimension) -> str:
        if (reply.id, dimension.id) not in self._given:
            return f"{dimension.name} (1-5, n, ?, b, q): "
        return f"{dimension.name} (you gave {self._given[reply.id, dimension.id] or 'no room'}; Enter keeps it): "

    def _back(self, place: int) -> int:
        if place == 0:
            self._say("This is the first question of this sitting; earlier answers stand.")
        return -1


def in_full(reply: GoldReply) -> str:
    """A reply with all it is rated in the light of, and none of its levels."""
    names = {"customer": "Customer", "agent": "Agent"}
    lines = [f"{names[one.speaker]}: {_one_line(one.text)}" for one in reply.history]
    if reply.context:
        lines.insert(0, f"What the agent knows: {_one_line(reply.context)}")
    return "\n".join([*lines, f"REPLY TO RATE: {_one_line(reply.reply)}"])


async def rated(replies: Iterable[GoldReply], rater: Rater, say: Callable[[str], None]) -> dict[str, Rating]:
    """What the rater gives each reply, by id.

    Raises:
        ModelError: the rater failed.
    """
    ratings: dict[str, Rating] = {}
    for number, reply in enumerate(replies, start=1):
        if number % 10 == 1:
            say(f"The rater reads replies {number} and following...")
        ratings[reply.id] = await rater.rate(reply.exchange)
    return ratings


def _anchors(dimension: Dimension) -> str:
    anchors = ((level, level_anchor(dimension, level)) for level in range(1, 6))
    told = (f"  {level} {anchor.name}: {_one_line(anchor.anchor)}" for level, anchor in anchors)
    return "\n".join([dimension.question, *told, "  n no room: the moment asks nothing of this kind from a reply."])


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())
