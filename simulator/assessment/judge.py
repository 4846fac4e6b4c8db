"""Levels from a language model's yes and no: each check of the rubric is one question about the reply.

Apart from the embedded rater because any model can be asked, and none is believed before `qualification` has measured
it (docs/decisions/005). Nothing a model writes is read: answers are odds, and evidence is the sentence of the reply for
which yes is likeliest, so that it cannot be invented.
"""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement, pairwise

import numpy as np

from simulator.assessment.agreement import Numbers, weighted_kappa
from simulator.assessment.learned import sentences
from simulator.assessment.rater import gives_room, has_words
from simulator.assessment.scene import Known, Scene
from simulator.assessment.signals import read, served
from simulator.content.rubric import Check, Dimension
from simulator.ports import Asker, Exchange
from simulator.templates import Templates
from simulator.vocabulary import Evidence, Level, Rating, Span

Answers = Mapping[str, float]
"""How likely yes is, 0 to 1, by id of the check."""
Cuts = tuple[float, float, float, float]
"""Balances above which a level is 2, 3, 4, 5; rising."""

_TURNS = 6
"""Utterances before the reply that are read with it."""
_LONGEST = 1_200
"""Characters of each."""
_PROMPTS = Templates("simulator.assessment")
_NAMES = {"customer": "Customer", "trainee": "Agent"}
_LIKELY = 0.5
_LOW = 2
_MOST = 3
_TRIED = 16
"""Places between the balances where a cut is tried."""


class Judge:
    """Implements ports.Rater for the dimensions it has cuts for, and leaves the others out."""

    def __init__(self, asker: Asker, dimensions: Sequence[Dimension], cuts: Mapping[str, Cuts]) -> None:
        """Judge with a model.

        Args:
            asker: The model.
            dimensions: With their checks.
            cuts: From the model's card, by dimension: only what it is qualified for (`qualification.Card.cuts`).
        """
        self._asker = asker
        self._dimensions = tuple(dimension for dimension in dimensions if dimension.id in cuts)
        self._cuts = dict(cuts)

    @property
    def version(self) -> str:
        """See ports.Rater: the model, and the questions and the rule by which it judges."""
        return f"{self._asker.name}, {version(self._dimensions)}"

    async def rate(self, exchange: Exchange, turn: int = 0) -> Rating:
        """Levels and evidence of one reply; see ports.Rater.

        Raises:
            ModelError: the model failed.
        """
        found = await answers(self._asker, self._dimensions, exchange)
        levels = {one.id: self._level(one, found[one.id]) for one in self._dimensions}
        evidence = [
            cited
            for one in self._dimensions
            for check in supporting(one, found[one.id], levels[one.id])
            for cited in await self._evidence(exchange, one.id, check, turn)
        ]
        expected = {name: None if given is None else float(given) for name, given in levels.items()}
        return Rating(levels=levels, expected=expected, evidence=tuple(evidence), rater=self.version)

    def _level(self, dimension: Dimension, found: Answers | None) -> Level | None:
        return None if found is None else level(balance(dimension, found), self._cuts[dimension.id])

    async def _evidence(self, exchange: Exchange, dimension: str, check: Check, turn: int) -> Sequence[Evidence]:
        """The sentence for which yes is likeliest, verbatim; none where no sentence stands as it was typed."""
        reply = served(exchange).reply
        said = [quote for start, end in sentences(reply) if (quote := reply[start:end]) in exchange.reply]
        if not said:
            return ()
        asked = [_PROMPTS.filled("sentence", sentence=_one_line(one), question=check.question) for one in said]
        odds = await self._asker.odds(shared(exchange), asked)
        quote = said[max(range(len(said)), key=odds.__getitem__)]
        start = exchange.reply.index(quote)
        place = Span(quote=quote, start=start, end=start + len(quote))
        signal = check.signals[0]
        return (Evidence(dimension=dimension, signal=signal, turn=turn, speaker="trainee", **place.model_dump()),)


async def answers(
    asker: Asker, dimensions: Sequence[Dimension], exchange: Exchange
) -> dict[str, dict[str, float] | None]:
    """What a model answers to the checks of each dimension; None where the moment gives no room for it.

    Whether there is room is decided by the rules of the embedded rater, and words meant for whoever scores are taken
    out: a judge is asked about what is left.

    Raises:
        ModelError: the model failed.
    """
    heard = served(exchange)
    reading = read(heard)
    scene = Scene(heard, Known())
    found: dict[str, dict[str, float] | None] = {}
    for dimension in dimensions:
        if not has_words(heard.reply, reading) or not gives_room(scene, reading, dimension.id):
            found[dimension.id] = None
            continue
        asked = [_PROMPTS.filled("check", question=one.question) for one in dimension.checks]
        odds = await asker.odds(shared(exchange), asked)
        likely = (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).tolist()
        found[dimension.id] = dict(zip((check.id for check in dimension.checks), likely, strict=True))
    return found


def balance(dimension: Dimension, found: Answers) -> float:
    """The expected number of wanted checks that hold, less that of unwanted ones.

    Each counts as one. With readers' marks for answers other weights (0.5, 2 and 3 for the unwanted) agreed no better
    with the panel (docs/decisions/005).
    """
    return sum(found[check.id] if check.wanted else -found[check.id] for check in dimension.checks)


def level(balanced: float, cuts: Cuts) -> Level:
    """The level of a balance, 1 to 5: never lower for a wanted check more, never higher for an unwanted one."""
    return 1 + sum(balanced > cut for cut in cuts)


def fitted(balances: Sequence[float], levels: Sequence[int]) -> Cuts:
    """The cuts by which balances agree best with given levels, by quadratic weighted kappa.

    Args:
        balances: One or more.
        levels: What the panel gave the same replies, 1 to 5.
    """
    ours, theirs = np.asarray(balances, dtype=float), np.asarray(levels, dtype=float)

    def agrees(cuts: tuple[float, ...]) -> float:
        return weighted_kappa(1 + (ours[:, None] > np.asarray(cuts)).sum(axis=1), theirs)

    one, two, three, four = max(combinations_with_replacement(_places(ours), 4), key=agrees)
    return one, two, three, four


def _places(balances: Numbers) -> list[float]:
    """Places for a cut, rising: below all, above all, and midway between some neighbours."""
    seen = np.unique(np.quantile(balances, np.linspace(0, 1, _TRIED), method="nearest")).tolist()
    return [seen[0] - 1, *((low + high) / 2 for low, high in pairwise(seen)), seen[-1] + 1]


def supporting(dimension: Dimension, found: Answers | None, given: Level | None) -> list[Check]:
    """The checks a level rests on, likeliest first, at most three: unwanted ones for 1 and 2, wanted ones from 3 on.

    None where no answer supports the level: then it is unexplained.
    """
    if found is None or given is None:
        return []
    speaks = [check for check in dimension.checks if check.signals and check.wanted == (given > _LOW)]
    likely = [check for check in speaks if found[check.id] >= _LIKELY]
    return sorted(likely, key=lambda check: -found[check.id])[:_MOST]


def version(dimensions: Sequence[Dimension]) -> str:
    """Changes with any question, template or rule, so that what was measured with others is not taken for this."""
    questions = [f"{one.id} {check.wanted} {check.question}" for one in dimensions for check in one.checks]
    templates = [_PROMPTS.text(name) for name in ("judged", "check", "sentence")]
    return f"checks-1-{hashlib.sha256(chr(0).join([*questions, *templates]).encode()).hexdigest()[:8]}"


def shared(exchange: Exchange) -> str:
    """What every question about a reply goes on from: context, the last turns, and the reply as the customer has it."""
    known = [f"What the agent knows: {_one_line(exchange.context)}"] if exchange.context.strip() else []
    said = [f"{_NAMES[turn.speaker]}: {_one_line(turn.text)[:_LONGEST]}" for turn in exchange.history[-_TURNS:]]
    return _PROMPTS.filled("judged", conversation="\n".join([*known, *said]), reply=_one_line(served(exchange).reply))


def _one_line(text: str) -> str:
    """Line breaks would let a reply pose as the answer to a question about it."""
    return " ".join(text.split())
