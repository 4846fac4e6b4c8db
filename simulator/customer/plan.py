"""A move the customer may make, and the order in which moves are tried. Apart, because all reactions share it."""

import random
from collections.abc import Callable, Iterator

from simulator.customer.scene import Scene
from simulator.vocabulary import Mood, Move, Value

_MOST = 8
"""More to say than this gives a move no better chance."""


class Plan(Value):
    """A move the customer may make now, and why."""

    move: Move
    also: Move | None = None
    """See `MoveChosen`."""
    gist: str
    because: str


Reaction = Callable[[Scene], Iterator[Plan]]
"""Plans for one kind of reply, the best first; none if the reply is not of that kind."""


def plans(moves: tuple[Move, ...], gist: str, because: str) -> Iterator[Plan]:
    """The same plan by several moves, in this order."""
    for move in moves:
        yield Plan(move=move, gist=gist, because=because)


def by_mood(
    scene: Scene,
    *,
    gist: str,
    because: str,
    irate: tuple[Move, ...],
    distressed: tuple[Move, ...],
    confused: tuple[Move, ...],
) -> Iterator[Plan]:
    """The same plan by the moves that this mood has for it, mixed."""
    moves = {Mood.DISTRESSED: distressed, Mood.CONFUSED: confused}.get(scene.mood, irate)
    yield from plans(mixed(scene, *moves), gist, because)


def mixed(scene: Scene, *moves: Move, also: tuple[Move, ...] = ()) -> tuple[Move, ...]:
    """Moves in an order drawn from the seed, the one made last later.

    A move for which there are lines that answer this very reply goes before one that has only lines for any reply.

    Args:
        scene: The turn.
        moves: Moves that fit whatever the words.
        also: Moves that are made only with a line that answers this very reply.
    """
    draw = random.Random(scene.session.seed_for(scene.turn.number, "director"))
    lots = {move: (min(_MOST, scene.answers_with(move)), draw.random()) for move in (*moves, *also)}

    def rank(move: Move) -> tuple[bool, bool, float]:
        lines, lot = lots[move]
        return lines == 0, move in scene.moves[-1:], -(lot ** (1 / max(1, lines)))

    return tuple(sorted((move for move in lots if move in moves or lots[move][0]), key=rank))
