"""What a model file may be trusted with as a judge: its card, what the card allows, and why not where it does not.

Apart from the judge and from its trial because nobody but this module hands out a judge: no card, no judge.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from simulator.assessment import judge
from simulator.assessment.agreement import Agreement
from simulator.assessment.judge import Cuts, Judge
from simulator.assessment.trial import FEWEST, Figures, Measured
from simulator.content.rubric import Dimension, Rubric
from simulator.ports import Asker
from simulator.vocabulary import CORE_DIMENSIONS, Value

_MEASURE = "`simulator model qualify` measures it."


class ModelFile(Value):
    """A model file, known by what is in it."""

    name: str
    size: int
    """Bytes."""
    sha256: str


class Versions(Value):
    """What a measurement holds for: with another of these it says nothing."""

    judge: str
    """Of questions and rule (`judge.version`)."""
    rater: str
    """Of the embedded rater."""

    @classmethod
    def now(cls, dimensions: Sequence[Dimension], rater: str) -> "Versions":
        """The versions at work.

        Args:
            dimensions: With their checks.
            rater: Version of the embedded rater.
        """
        return cls(judge=judge.version(dimensions), rater=rater)


class Card(Value):
    """What one model file was found to be worth as a judge."""

    model: ModelFile
    at: datetime
    machine: str
    versions: Versions
    replies: int
    contexts: int
    """What the replies are grouped by."""
    dimensions: tuple[Measured, ...]

    @property
    def qualified(self) -> tuple[str, ...]:
        """The dimensions it may judge, by id."""
        return tuple(self.cuts)

    @property
    def cuts(self) -> dict[str, Cuts]:
        """What the judge goes by, for the dimensions it may judge and no other."""
        return {one.dimension: one.figures.cuts for one in self.dimensions if one.may_judge and one.figures}

    def in_words(self) -> str:
        """The whole card as lines of text."""
        return "\n".join(
            (
                f"{self.model.name} as a judge (sha256 {self.model.sha256[:12]}...)",
                f"Measured {self.at:%Y-%m-%d} on {self.machine}.",
                f"Questions {self.versions.judge}, beside rater {self.versions.rater}.",
                f"{self.replies} rated replies in {self.contexts} contexts that the rater was not fitted on.",
                "The panel that rated them is language models, not people. Kappa is quadratic weighted, with its 95 %",
                "interval; within one is the share of replies at most one level apart.",
                *(line for one in self.dimensions for line in _lines(one, self.model.name)),
            )
        )


def _lines(one: Measured, model: str) -> Iterable[str]:
    yield ""
    yield f"{_spaced(one.dimension).capitalize()}, {one.n} replies"
    if one.figures:
        yield _line("judge", one.figures.judge)
        yield _line("embedded rater", one.figures.rater)
    yield f"  {why(one, model)}"


def _line(who: str, found: Agreement) -> str:
    return f"  {who:15} kappa {found.kappa}, within one {found.within_one:.2f}"


def why(one: Measured, model: str) -> str:
    """One sentence that says whether a model judges a dimension, and why."""
    about = _spaced(one.dimension)
    if one.figures is None:
        return f"{one.n} replies are too few to compare (at least {FEWEST}), so {model} does not judge {about}."
    ours, theirs = _kappas(one.figures)
    if one.may_judge:
        return (
            f"{model} agrees with the panel ({ours}) at least as well as the embedded rater ({theirs}), so it may "
            f"judge {about}."
        )
    return (
        f"{model} agrees less with the panel ({ours}) than the embedded rater ({theirs}), so it does not judge {about}."
    )


def verdict(name: str, card: Card | None, versions: Versions) -> str:
    """Whether a model judges, and why, in a sentence.

    Args:
        name: Of the model's file.
        card: Its card; None: it has none.
        versions: Those of now.
    """
    if card is None:
        return f"{name} has never been measured as a judge, so it does not judge; {_MEASURE}"
    if card.versions != versions:
        return f"{name} was measured as a judge with other questions or another rater, so it does not judge; {_MEASURE}"
    if card.qualified:
        may = " and ".join(map(_spaced, card.qualified))
        return (
            f"{name} may judge {may}, beside the embedded rater, whose levels alone count: there it agrees with the "
            "panel (language models) at least as well "
            f"(kappa: {', '.join(_compared(one for one in card.dimensions if one.may_judge))})."
        )
    figures = _compared(card.dimensions)
    if not figures:
        return f"{name} was measured on too few replies rated by language models, so it does not judge; {_MEASURE}"
    return (
        f"{name} agrees less with the panel (language models) than the embedded rater, so it does not judge "
        f"(kappa: {', '.join(figures)})."
    )


def qualified_judge(
    card: Card | None, asker: Asker, dimensions: Sequence[Dimension], versions: Versions
) -> Judge | None:
    """The judge a card allows, for the dimensions it allows; None where it allows none. The only way to one in use.

    Args:
        card: Of the model that is asked; None: it has none.
        asker: The model.
        dimensions: With the checks as they are now.
        versions: Those of now.
    """
    if card is None or not card.cuts or card.versions != versions:
        return None
    return Judge(asker, dimensions, card.cuts)


def judged_dimensions(rubric: Rubric) -> tuple[Dimension, ...]:
    """What a judge is asked about by a rubric: the dimensions that the panel rated, with their checks."""
    return tuple(dimension for dimension in rubric.dimensions if dimension.id in CORE_DIMENSIONS)


def _compared(dimensions: Iterable[Measured]) -> list[str]:
    return [f"{_spaced(one.dimension)} {' against '.join(_kappas(one.figures))}" for one in dimensions if one.figures]


def _kappas(figures: Figures) -> tuple[str, str]:
    return f"{figures.judge.kappa.value:.2f}", f"{figures.rater.kappa.value:.2f}"


def _spaced(dimension: str) -> str:
    return dimension.replace("_", " ")
