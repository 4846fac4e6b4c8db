"""Ways for a customer to find words, the two of the product and two to compare them with.

Apart because the two others are no part of the product: a model that is only asked to be upset, and a line of the same
bank drawn by lot.
"""

import random
from collections.abc import Sequence
from enum import StrEnum

from simulator.content.material import Material
from simulator.customer import prompt
from simulator.customer.actor import MAX_TOKENS, Actor, Spoken
from simulator.customer.bank import sayable
from simulator.customer.guard import clean
from simulator.desk import Cast
from simulator.errors import ModelError
from simulator.events import MoveChosen
from simulator.ports import Listener, Speaker
from simulator.session import Session
from simulator.templates import Templates
from simulator.vocabulary import Ending

_PROMPTS = Templates("benchmarks")


class Way(StrEnum):
    """How the customer finds words."""

    GUIDED = "guided"
    """A line of the bank that the listener finds the likeliest answer: the product's default."""
    FREE = "free"
    """The model's own lines that pass the guard, in competition with the bank's."""
    PROMPT_ONLY = "prompt-only"
    """The same model's own line: mood and facts are in the prompt, and nobody directs it or looks at what it wrote."""
    RANDOM_LINE = "random-line"
    """Any line of the same bank that may be said for the move, drawn by lot."""


class Overheard:
    """Implements ports.Speaker by another one, and keeps what it wrote."""

    def __init__(self, speaker: Speaker) -> None:
        self.name = speaker.name
        self.trained = speaker.trained
        self._speaker = speaker
        self._written: list[str] = []

    async def write(self, prompt: str, count: int, seed: int, max_tokens: int) -> Sequence[str]:
        """See ports.Speaker."""
        texts = await self._speaker.write(prompt, count, seed, max_tokens)
        self._written += texts
        return texts

    def taken(self) -> tuple[str, ...]:
        """What was written since this was last asked."""
        written = tuple(self._written)
        self._written.clear()
        return written


def actor_of(way: Way, material: Material, listener: Listener | None, speaker: Speaker) -> Actor:
    """The customer who speaks this way."""
    match way:
        case Way.GUIDED:
            return Actor(material, listener)
        case Way.FREE:
            return Actor(material, listener, speaker, "free")
        case Way.PROMPT_ONLY:
            return PromptOnly(material, speaker)
        case Way.RANDOM_LINE:
            return RandomLine(material)


def speaker_of(cast: Cast) -> Overheard:
    """The model that writes.

    Raises:
        ModelError: there is none.
    """
    if cast.speaker is None:
        raise ModelError("Nothing can write lines: the embedded model is missing.")
    return Overheard(cast.speaker)


class PromptOnly(Actor):
    """Says the one line the model writes. The opening is authored, as it is for all."""

    def __init__(self, material: Material, speaker: Speaker) -> None:
        super().__init__(material, None)
        self._played = material
        self._writer = speaker

    async def speak(self, session: Session) -> Spoken:
        """See Actor."""
        turn = session.turns[-1]
        if turn.act is None:
            return await super().speak(session)
        text = prompt_only(session, self._played)
        written = await self._writer.write(text, 1, session.seed_for(turn.number, "write"), MAX_TOKENS)
        return Spoken(text=clean(written[0], self._played.fill("{customer}")), source="free")


def prompt_only(session: Session, material: Material) -> str:
    """The whole of what a model is told that nobody directs: person, matter, all facts, the mood, the transcript."""
    facts = material.scenario.facts
    transcript, _ = prompt.listening(session, material)
    return _PROMPTS.filled(
        "prompt_only",
        channel=prompt.CHANNELS[session.started.channel],
        customer=material.fill("{customer}"),
        voice=material.fill(material.persona.voice),
        wants=material.fill(material.scenario.wants),
        told="; ".join(material.fill(fact.text) for fact in facts if fact.unlock is None),
        kept="; ".join(material.fill(fact.text) for fact in facts if fact.unlock is not None),
        emotion=prompt.in_words(session.started.emotion),
        transcript=transcript,
    )


class RandomLine(Actor):
    """Says any line that could be said; the opening, and what happens in mid-contact, as it is for all."""

    def __init__(self, material: Material) -> None:
        super().__init__(material, None)
        self._played = material

    async def speak(self, session: Session) -> Spoken:
        """See Actor."""
        turn = session.turns[-1]
        choice = turn.choice
        if turn.act is None or choice is None or choice.ending is Ending.DROPPED:
            return await super().speak(session)
        lines = sayable(session, self._played, choice.move, choice.unlocked)
        if not lines:
            return await super().speak(session)
        line = random.Random(session.seed_for(turn.number, "random line")).choice(lines)
        return Spoken(text=" ".join([line.text, *self._said_then(choice)]), source="guided", line=line.line)

    def _said_then(self, choice: MoveChosen) -> list[str]:
        events = {event.id: event for event in self._played.scenario.events}
        return [self._played.fill(events[fired].say) for fired in choice.fired]
