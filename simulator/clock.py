"""What time it is in a contact. Apart, because holds pass without waiting, and piped input has no wall clock at all."""

from datetime import UTC, datetime, timedelta

SPEAKING = 15.0
"""Characters a second a person says or types, where nobody really does."""


class Clock:
    """The system's clock, moved on by holds and silences as long as they are said to last."""

    def __init__(self) -> None:
        self._passed = timedelta()

    def now(self) -> datetime:
        """The time in the contact, UTC."""
        return datetime.now(UTC) + self._passed

    def fresh(self) -> "Clock":
        """The clock of the next contact; what was held in this one does not put that one into the future."""
        return Clock()

    def catch_up(self, moment: datetime) -> None:
        """Go on from `moment` at the earliest, so that a contact taken up again never runs backwards."""
        self._passed += max(timedelta(), moment - self.now())

    def spend(self, seconds: float) -> None:
        """Let time pass that nobody waits for."""
        self._passed += timedelta(seconds=seconds)

    def hear(self, _words: str) -> None:
        """Words were said; on the system's clock that took the time it took."""


class StoryClock(Clock):
    """For piped input: time passes by what is said and held only, so that it repeats."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._start = start

    def fresh(self) -> Clock:
        """The same clock: one story goes on through all its contacts."""
        return self

    def now(self) -> datetime:
        """The time in the story."""
        return self._start + self._passed

    def hear(self, words: str) -> None:
        """Words take as long as saying them."""
        self.spend(len(words) / SPEAKING)
