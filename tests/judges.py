"""A bench with a scripted judge on it, whose card says that it passed. No real model has passed."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from simulator.assessment.agreement import Agreement, Estimate
from simulator.assessment.trial import Figures, Measured
from simulator.backends.scripted import ScriptedAsker
from simulator.bench import Bench
from simulator.content.library import Library, shipped
from simulator.qualification import Card, ModelFile, Versions, judged_dimensions

CORE = Library([shipped()]).rubric("core")
EMPATHY = CORE.dimensions[0]
WANTED = tuple(check.question for check in EMPATHY.checks if check.wanted)
RATER = "scripted"
"""Version of ScriptedRater."""
MEASURED = datetime(2026, 1, 4, tzinfo=UTC)


def agreement(kappa: float) -> Agreement:
    estimate = Estimate(value=kappa, low=kappa - 0.1, high=min(1.0, kappa + 0.1))
    return Agreement(n=58, kappa=estimate, within_one=0.9, bias=0, null_precision=None, null_recall=None)


def card(judge: float = 0.93, rater: float = 0.88, at: datetime = MEASURED) -> Card:
    """A card for empathy alone, with these kappas."""
    figures = Figures(judge=agreement(judge), rater=agreement(rater), cuts=(0.5, 1.5, 2.5, 3.5))
    return Card(
        model=ModelFile(name=ScriptedAsker.name, size=4, sha256="0" * 64),
        at=at,
        machine="Linux x86_64, 2 cores",
        versions=Versions.now(judged_dimensions(CORE), RATER),
        replies=60,
        contexts=30,
        dimensions=(Measured(dimension="empathy", n=58, figures=figures),),
    )


def answers(levels: Mapping[str, int]) -> dict[str, Sequence[str]]:
    """What a scripted model says yes to, so that these levels of empathy come of it, by reply."""
    return {f"last reply: {reply}": WANTED[: level - 1] for reply, level in levels.items()}


def bench(asker: ScriptedAsker, measured: Card | None = None, trouble: str = "") -> Bench:
    return Bench(asker.name, asker, measured, trouble)


class HeldAsker(ScriptedAsker):
    """Answers only while it may."""

    def __init__(self, yes: Mapping[str, Sequence[str]]) -> None:
        super().__init__(yes)
        self.free = asyncio.Event()

    async def odds(self, shared: str, questions: Sequence[str]) -> Sequence[float]:
        await self.free.wait()
        return await super().odds(shared, questions)
