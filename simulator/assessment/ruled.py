"""A rater and a rubric's own rules as one rater, for replies that were not said in play.

In play the signals of a reply are read anyway, so `consequences` adds the levels that rules give; here they are read
for them. Apart from the rules (`checks`) because hearing learned signals needs the listener, and numpy.
"""

from collections.abc import Sequence

from simulator.assessment import checks
from simulator.assessment.learned import read_heard
from simulator.assessment.signals import Known, read, served
from simulator.content.rubric import Rubric
from simulator.ports import Exchange, Listener, Rater
from simulator.vocabulary import MAX_REPLY_CHARACTERS, Rating, Signal


class RuledRater:
    """Implements ports.Rater: the levels of another, and those that the rubric's rules give."""

    def __init__(self, rater: Rater, rubric: Rubric, listener: Listener | None) -> None:
        """Rate by both.

        Args:
            rater: Gives the levels of every dimension without rules.
            rubric: With the rules; without any, the rater's levels are left as they are.
            listener: Hears signals that no phrase foresees, as in play; None: replies are read by their words alone.
        """
        self._rater = rater
        self._rubric = rubric
        self._listener = listener

    @property
    def version(self) -> str:
        """Version of the rater; that of the rules stands in `Rating.rules`."""
        return self._rater.version

    async def rate(self, exchange: Exchange, turn: int = 0) -> Rating:
        """See ports.Rater. Only the first 4,000 characters are rated.

        Raises:
            ModelError: the rater or the listener failed.
        """
        rating = await self._rater.rate(exchange, turn)
        if not checks.versions(self._rubric):
            return rating
        return checks.rated(self._rubric, await self._signals(exchange), turn, rating) or rating

    async def _signals(self, exchange: Exchange) -> Sequence[Signal]:
        exchange = exchange.model_copy(update={"reply": exchange.reply[:MAX_REPLY_CHARACTERS]})
        heard = served(exchange)
        features = await self._listener.features(heard.before, heard.reply) if self._listener else None
        reading = read_heard(exchange, Known(), features) if features and features.starts else read(exchange)
        return reading.signals
