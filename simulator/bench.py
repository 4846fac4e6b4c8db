"""The model that speaks, as a judge: what its card allows by the rubric of one session.

Apart from `qualification`, which knows cards and questions but no session, and from the desk, which must start without
the numbers a judge needs.
"""

from simulator.assessment.judge import Judge
from simulator.assessment.trial import Figures
from simulator.content.rubric import Rubric
from simulator.judged import Agreed, Judging
from simulator.ports import Asker
from simulator.qualification import Card, Versions, judged_dimensions, qualified_judge, verdict


class Bench:
    """Implements ports.Bench."""

    def __init__(self, model: str, asker: Asker | None, card: Card | None, trouble: str = "") -> None:
        """Let a model judge as far as its card allows.

        Args:
            model: Its name.
            asker: The model; None: there is none to be asked.
            card: What it was measured to be worth; None: it never was, or that cannot be read.
            trouble: Why the card cannot be read, as a sentence.
        """
        self._model = model
        self._asker = asker
        self._card = card
        self._trouble = trouble

    def judge(self, rubric: Rubric, rater: str) -> Judge | None:
        """See ports.Bench."""
        dimensions = judged_dimensions(rubric)
        if self._asker is None:
            return None
        return qualified_judge(self._card, self._asker, dimensions, Versions.now(dimensions, rater))

    def judging(self, rubric: Rubric, rater: str) -> Judging:
        """See ports.Bench."""
        judge = self.judge(rubric, rater)
        if judge is None or self._card is None:
            return Judging(model=self._model, says=self._why_not(rubric, rater))
        return Judging(
            model=self._model,
            says=self._verdict(rubric, rater),
            version=judge.version,
            measured=self._card.at,
            agreement={one.dimension: _agreed(one.figures) for one in self._card.dimensions if one.may_judge},
        )

    def _why_not(self, rubric: Rubric, rater: str) -> str:
        if self._asker is None:
            return "No model is at hand that could judge replies."
        return f"{self._model} does not judge: {self._trouble}" if self._trouble else self._verdict(rubric, rater)

    def _verdict(self, rubric: Rubric, rater: str) -> str:
        return verdict(self._model, self._card, Versions.now(judged_dimensions(rubric), rater))


def _agreed(figures: Figures | None) -> Agreed:
    assert figures is not None, "nothing judges without figures"
    return Agreed(judge=figures.judge.kappa.value, rater=figures.rater.kappa.value, n=figures.judge.n)
