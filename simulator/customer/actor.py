"""The customer's words: chosen among authored lines by the listener (guided), or written by the speaker (free).

Apart from the director, which has decided what is done; here it is only put into words, and every line says where it
comes from.
"""

import math
import random
from collections.abc import Sequence
from typing import Literal

from simulator.content.material import Material
from simulator.content.schema import Line
from simulator.customer import prompt
from simulator.customer.asking import only_asking
from simulator.customer.bank import Candidate, candidates, sayable
from simulator.customer.guard import Fault, Guard, clean
from simulator.customer.hearing import content_stems
from simulator.customer.unforeseen import guesses, meant
from simulator.errors import ModelError
from simulator.events import MoveChosen
from simulator.ports import Listener, Speaker
from simulator.session import Session, Turn
from simulator.vocabulary import Move, Source, Value

WRITTEN_AT_ONCE = 4
MAX_TOKENS = 60
AMONG_THE_BEST = 6
"""The draw is among this many lines ..."""
TEMPERATURE = 4.0
"""... with odds exp(difference / this), in nats."""
ENOUGH = 5.0
"""Nats of information beyond which one line answers no better than another."""
GIST_WEIGHT = 2.0
"""Nats a line gains if it says all of the gist's words, in proportion."""
TO_THE_POINT = 3.5
"""Nats a line gains if it is authored as an answer to what the last reply did, and twice that if to its words."""

LIKELY_NEXT = (Move.PRESS, Move.CHALLENGE, Move.ANSWER, Move.SOFTEN, Move.ASK, Move.HESITATE, Move.VENT)
"""Moves whose lines are read ahead first while the trainee types; the others follow if there is time."""


class Spoken(Value):
    """The customer's words and where they come from."""

    text: str
    source: Source
    line: str | None = None
    """The authored line, slots open; None if the model wrote it."""
    refused: tuple[str, ...] = ()
    """Why candidates fell, for the journal."""


class Actor:
    """Puts the director's choices into words."""

    def __init__(
        self,
        material: Material,
        listener: Listener | None,
        speaker: Speaker | None = None,
        way: Literal["guided", "free"] = "guided",
    ) -> None:
        self._material = material
        self._listener = listener
        self._speaker = speaker if way == "free" else None
        self._guard = Guard(material)

    async def speak(self, session: Session) -> Spoken:
        """Words for the last turn's choice. What a model cannot give is a fallback line, marked so."""
        turn = session.turns[-1]
        choice = turn.choice
        assert choice is not None
        if turn.act is None:
            return self._opening(session)
        if not choice.fired:
            return await self._answer(session, choice)
        event = next(event for event in self._material.scenario.events if event.id == choice.fired[0])
        say = self._material.fill(event.say)
        if choice.gist == say:  # nothing in the reply asks for an answer
            return Spoken(text=say, source="guided", line=event.say)
        answer = await self._answer(session, choice)
        return answer.model_copy(update={"text": f"{answer.text} {say}"})

    async def _answer(self, session: Session, choice: MoveChosen) -> Spoken:
        authored = self._candidates(session, choice)
        written, refused = await self._written(session, choice)
        try:
            authored = await self._after_all(session, choice) or authored
            chosen = await self._chosen(session, choice, [*written, *authored])
        except ModelError as error:
            return self._last_resort(session, choice, authored, (*refused, str(error)))
        if chosen is None:
            return self._last_resort(session, choice, authored, refused)
        free = any(chosen is candidate for candidate in written)
        return Spoken(
            text=chosen.text,
            source="free" if free else "guided",
            line=None if free else chosen.line,
            refused=refused,
        )

    def _candidates(self, session: Session, choice: MoveChosen) -> list[Candidate]:
        return candidates(session, self._material, choice.move, choice.gist, choice.unlocked, choice.also)

    async def foresee(self, session: Session) -> None:
        """Read ahead what `speak` would ask the listener in this session; gives way to anything more urgent."""
        choice = session.turns[-1].choice
        if self._listener is None or choice is None or choice.fired or session.turns[-1].act is None:
            return
        lines = [line.text for line in self._candidates(session, choice)]
        facts = [text for guess in guesses(session, self._material, choice) for text in guess.texts]
        for heard, texts in ((only_asking(session), facts), (session, lines)):
            context, neutral = prompt.listening(heard, self._material)
            await self._listener.prepare(neutral, texts)
            await self._listener.prepare(context, texts)

    async def write_only(self, session: Session, choice: MoveChosen) -> Spoken | None:
        """The best of the model's own lines that pass the guard, authored ones left out; None: there is none."""
        written, refused = await self._written(session, choice)
        chosen = await self._chosen(session, choice, written)
        return Spoken(text=chosen.text, source="free", refused=refused) if chosen else None

    async def prepare(self, session: Session) -> None:
        """Read ahead while the trainee types: what the likely lines are worth without knowing the reply."""
        if self._listener is None or not session.turns:
            return
        upcoming = session.model_copy(update={"turns": (*session.turns, Turn(number=len(session.turns)))})
        moves = dict.fromkeys((*LIKELY_NEXT, *Move))
        lines = [line.text for move in moves for line in sayable(upcoming, self._material, move)]
        await self._listener.prepare(prompt.neutral(session, self._material), lines)

    def _opening(self, session: Session) -> Spoken:
        draw = random.Random(session.seed_for(0, "opening"))
        lines = self._material.scenario.opening
        fresh = [line for line in lines if line.text not in session.started.heard_lately] or lines
        line = draw.choice(fresh)
        return Spoken(text=self._material.fill(line.text), source="guided", line=line.text)

    async def _after_all(self, session: Session, choice: MoveChosen) -> list[Candidate]:
        """Lines that tell the fact which an unforeseen question is about, by the listener; empty if it hears none."""
        among = guesses(session, self._material, choice)
        if self._listener is None or not among:
            return []
        asking = only_asking(session)
        context, neutral = prompt.listening(asking, self._material)
        texts = list(dict.fromkeys(text for guess in among for text in guess.texts))
        gains = dict(zip(texts, await self._listener.rank(context, neutral, texts), strict=True))
        found = meant(asking.turns[-1].reply or "", among, gains)
        return list(found.lines) if found else []

    async def _chosen(self, session: Session, choice: MoveChosen, lines: Sequence[Candidate]) -> Candidate | None:
        if self._listener is None or not lines:
            return None
        context, neutral = prompt.listening(session, self._material)
        information = await self._listener.rank(context, neutral, [one.text for one in lines])
        plan = content_stems(choice.gist)
        worth = [_worth(one, nats, plan) for one, nats in zip(lines, information, strict=True)]
        return _drawn(lines, worth, session.seed_for(session.turns[-1].number, "line"))

    async def _written(self, session: Session, choice: MoveChosen) -> tuple[list[Candidate], tuple[str, ...]]:
        """Lines of the speaker that pass the guard; one retry with the reason if none does."""
        refused: list[str] = []
        if self._speaker is None:
            return [], ()
        for attempt in ("write", "retry"):
            try:
                texts = await self._write(session, choice, attempt, refused)
            except ModelError as error:
                return [], (*refused, str(error))
            good, faults = self._passed(texts, session, choice)
            refused += [f"{fault.code}: {fault.reason}" for fault in faults]
            if good:
                return good, tuple(refused)
        return [], tuple(refused)

    async def _write(self, session: Session, choice: MoveChosen, purpose: str, refused: Sequence[str]) -> Sequence[str]:
        assert self._speaker is not None
        if self._speaker.trained:
            text = prompt.directing(session, self._material, choice.move, choice.gist)
        else:
            reminder = f"Not like this: {refused[-1]}" if refused else ""
            text = prompt.writing(session, self._material, choice.move, choice.gist, reminder)
        seed = session.seed_for(session.turns[-1].number, purpose)
        return await self._speaker.write(text, WRITTEN_AT_ONCE, seed, MAX_TOKENS)

    def _passed(
        self, texts: Sequence[str], session: Session, choice: MoveChosen
    ) -> tuple[list[Candidate], list[Fault]]:
        good: list[Candidate] = []
        refused: list[Fault] = []
        for text in dict.fromkeys(clean(text, self._material.fill("{customer}")) for text in texts):
            faults = self._guard.faults(text, session, choice.move)
            refused += faults
            if not faults:
                good.append(Candidate(line="", text=text, point=1))
        return good, refused

    def _last_resort(
        self, session: Session, choice: MoveChosen, authored: Sequence[Candidate], refused: tuple[str, ...]
    ) -> Spoken:
        """An authored line no model chose: the nearest by words, or one that fits anywhere."""
        if authored:
            return Spoken(text=authored[0].text, source="fallback", line=authored[0].line, refused=refused)
        lines: Sequence[Line] = self._material.defaults.fallback[choice.move]
        said = {turn.line.line for turn in session.turns if turn.line}
        draw = random.Random(session.seed_for(session.turns[-1].number, "fallback"))
        line = draw.choice([line for line in lines if line.text not in said] or list(lines))
        return Spoken(text=self._material.fill(line.text), source="fallback", line=line.text, refused=refused)


def _worth(line: Candidate, nats: float, plan: frozenset[str]) -> float:
    """What a line is worth as an answer: what it takes up of the reply, without what it merely quotes, and the gist."""
    return min(ENOUGH, nats * line.own) + GIST_WEIGHT * gist_share(plan, line.text) + TO_THE_POINT * line.point


def gist_share(plan: frozenset[str], text: str) -> float:
    """How many of a plan's content words a line says, 0 to 1; 0 where there is no plan."""
    return len(plan & content_stems(text)) / len(plan) if plan else 0.0


def _drawn(lines: Sequence[Candidate], worth: Sequence[float], seed: int) -> Candidate:
    ranked = sorted(range(len(lines)), key=lambda at: (-worth[at], at))[:AMONG_THE_BEST]
    odds = [math.exp((worth[at] - worth[ranked[0]]) / TEMPERATURE) for at in ranked]
    return lines[random.Random(seed).choices(ranked, odds)[0]]
