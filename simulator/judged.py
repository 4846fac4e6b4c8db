"""Whether a model judges the replies of a session, and what it made of them, as it stands in the journal.

Apart from the session because a judge has no part in play: its levels stand beside the rater's, move nobody, and count
in no score.
"""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from simulator.vocabulary import Rating, Value


class Agreed(Value):
    """How far judge and embedded rater agree with a panel of language models on one dimension, on the same replies."""

    judge: float
    """Quadratic weighted kappa of the judge, up to 1; 0 is chance."""
    rater: float
    """The same of the embedded rater."""
    n: int
    """Replies with a level from all three."""


class Judging(Value):
    """Whether the model that speaks judges replies as well, and why; settled when the session begins."""

    model: str
    """Its name."""
    says: str
    """Whether it judges, and why, in a sentence."""
    version: str | None = None
    """Of the judge: model, questions and rule; None where it does not judge."""
    measured: datetime | None = None
    """When it was found to be good enough; None where it does not judge."""
    agreement: dict[str, Agreed] = {}
    """By id of the dimensions it judges."""

    def is_of(self, other: "Judging") -> bool:
        """Whether both are of one and the same judge, by one and the same measurement."""
        return self.version is not None and (self.version, self.measured) == (other.version, other.measured)


class ReplyJudged(Value):
    """A judge's levels of one reply, some time after it; rating None means that judging failed, which is shown."""

    kind: Literal["reply_judged"] = "reply_judged"
    at: AwareDatetime
    turn: int
    rating: Rating | None
