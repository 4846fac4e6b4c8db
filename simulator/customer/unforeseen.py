"""Answers to questions nobody foresaw: the listener hears which open fact such a question is about, if it is about one.

Apart from the facts, which are found by their topics alone: here a model's ear is trusted, and only where it is sure. A
question counts as being about a fact if the fact, told in plain words and in an authored line, gains enough from it,
and clearly more than every other fact; a word that only this fact has helps. Without a listener, and without such a
fact, the answer stays a deflection.
"""

from collections.abc import Mapping, Sequence

from simulator.content.material import Material
from simulator.content.schema import Fact
from simulator.customer.asking import only_asking
from simulator.customer.bank import TO_ITS_WORDS, Candidate, sayable
from simulator.customer.facts import first_person, open_facts
from simulator.customer.hearing import content_stems
from simulator.customer.talk import topic_of
from simulator.events import MoveChosen
from simulator.session import Session
from simulator.vocabulary import Move, Value

UNFORESEEN = "asked something that no fact is written for"
NO_FACT_FORESEES_IT = f"the reply {UNFORESEEN}"
"""Why a question is deflected."""
LINES = 2
"""Authored lines of a fact that are weighed; a dozen facts with three texts each cost the listener about a second."""
SURE = 9.0
"""Nats that a fact's statement and its best line gain from the question together, at the least ..."""
CLEARLY = 1.5
"""... and more than the next fact's by this. Both chosen on 57 questions, and measured on others."""
OWN_WORD = 4.0
"""Nats that a word of the question is worth which no more than two facts have in their texts."""
_RARE = 2


class Guess(Value):
    """A fact that the question may be about."""

    statement: str
    """As the customer would say it in plain words."""
    lines: tuple[Candidate, ...]
    """Authored lines that tell it and nothing else, the nearest first."""

    @property
    def texts(self) -> tuple[str, ...]:
        """What the listener weighs it by."""
        return (self.statement, *(line.text for line in self.lines[:LINES]))

    @property
    def words(self) -> frozenset[str]:
        """Stems of what it is about."""
        return content_stems("\n".join(self.texts))


def guesses(session: Session, material: Material, choice: MoveChosen) -> tuple[Guess, ...]:
    """The open facts, where the choice is to deflect or pass over a question that none of them foresees; else none."""
    if UNFORESEEN not in choice.because:
        return ()
    now = {fact.id for fact in open_facts(session, material)} | set(choice.unlocked)
    lines = [line for move in (Move.ANSWER, Move.REVEAL) for line in sayable(session, material, move, choice.unlocked)]
    asked = topic_of(only_asking(session).turns[-1].reply or "")
    facts = [fact for fact in material.scenario.facts if fact.id in now]
    return tuple(guess for fact in facts if (guess := _guess(fact, lines, asked, material)))


def _guess(fact: Fact, lines: Sequence[Candidate], asked: frozenset[str], material: Material) -> Guess | None:
    own = [line.model_copy(update={"point": TO_ITS_WORDS}) for line in lines if line.needs == (fact.id,)]
    own.sort(key=lambda line: (-len(content_stems(line.text) & asked), len(line.text)))
    told = first_person(material.fill(fact.text))
    return Guess(statement=f"{told[:1].upper()}{told[1:]}.", lines=tuple(own)) if own else None


def meant(question: str, among: Sequence[Guess], gains: Mapping[str, float]) -> Guess | None:
    """The fact that the question is about; None where no fact is clearly meant.

    Args:
        question: The trainee's words.
        among: The facts it may be about.
        gains: What each of their texts gains from the question, in nats.
    """
    rare = _rare(topic_of(question), among)
    worth = [
        gains[one.statement] + max(gains[text] for text in one.texts[1:]) + OWN_WORD * len(rare & one.words)
        for one in among
    ]
    best, *rest = sorted(worth, reverse=True) or [0.0]
    clear = best >= SURE and all(best - other >= CLEARLY for other in rest)
    return among[worth.index(best)] if clear else None


def _rare(asked: frozenset[str], among: Sequence[Guess]) -> frozenset[str]:
    return frozenset(word for word in asked if sum(word in one.words for one in among) <= _RARE)
