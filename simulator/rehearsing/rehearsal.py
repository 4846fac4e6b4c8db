"""Scripted trainees on the phone with a customer: plays a whole contact as the product would, on no disk.

Apart from what is counted, because outcomes and words are counted on the same contacts.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version

from simulator.clock import StoryClock
from simulator.commands import parse
from simulator.content.material import Material
from simulator.content.schema import Script
from simulator.customer.actor import Actor
from simulator.desk import started_with
from simulator.events import Event, ModelCard, MoveChosen, SessionStarted
from simulator.ports import Listener, Rater
from simulator.runner import SessionRunner
from simulator.session import Session
from simulator.vocabulary import Move

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When every rehearsal begins."""


class Trainee:
    """Says what a script has for the customer's last move: each reply once, then the rest of `any`."""

    def __init__(self, script: Script, seed: int) -> None:
        self._opening = [random.Random(f"{seed}/opening").choice(script.opening)] if script.opening else []
        self._own = {move: list(replies) for move, replies in script.moves.items()}
        self._any = list(script.any)

    def typed(self, move: Move) -> str:
        """What the trainee types after a line with this move; slots open."""
        for replies in (self._opening, self._own.get(move, [])):
            if replies:
                return replies.pop(0)
        return self._any.pop(0) if len(self._any) > 1 else self._any[0]


class Unkept:
    """A journal that keeps nothing: what a rehearsal was like is in its session."""

    def append(self, event: Event) -> None:
        """See ports.Journal."""

    def close(self) -> None:
        """See ports.Journal."""


async def rehearse(
    material: Material,
    script: Script,
    seed: int,
    actor: Actor,
    listener: Listener | None = None,
    *,
    rater: Rater | None = None,
    most: int | None = None,
    after: Callable[[Session], None] | None = None,
    heard_lately: tuple[str, ...] = (),
) -> Session:
    """Play a contact to its end.

    Args:
        material: Cast from the seed.
        script: What the trainee says.
        seed: Of the session.
        actor: Finds the customer's words.
        listener: Hears the replies; None: they are read by their words alone.
        rater: Rates the replies; None: they get no levels but those that the rubric's own rules give.
        most: Replies after which the rehearsal breaks off; None: it goes on to the end.
        after: Told how the session stands after each answer.
        heard_lately: Lines the trainee heard in earlier contacts, as authored.

    Raises:
        ModelError: the actor's models failed.
        UsageError: the script has a command that does not exist.
    """
    begun = Session(started=_started(material, seed).model_copy(update={"heard_lately": heard_lately}))
    runner = SessionRunner(begun, material, Unkept(), actor, rater, listener, StoryClock(NINE), fresh=True)
    trainee = Trainee(script, seed)
    try:
        await runner.begin()
        while (choice := _waits_with(runner.session)) and (most is None or len(runner.session.turns) <= most):
            await runner.do(parse(material.fill(trainee.typed(choice.move))))
            if after is not None:
                after(runner.session)
        await runner.settled()
    finally:
        await runner.close()
    return runner.session


def _waits_with(session: Session) -> MoveChosen | None:
    """The customer's last choice, if it is the trainee's turn."""
    return session.turns[-1].choice if session.waits_for_trainee else None


def _started(material: Material, seed: int) -> SessionStarted:
    return started_with(
        material,
        at=NINE,
        session=f"rehearsal-{seed}",
        app_version=version("simulator"),
        rater_version="none",
        seed=seed,
        trainee="scripted",
        model=ModelCard(speaker="none", listener="none", way="guided"),
    )
