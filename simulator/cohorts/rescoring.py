"""The replies of a finished session, rated again by another version of the rater.

Apart from play because nothing follows from these ratings: the journal stays as it is, and they stand beside it.
"""

from simulator.consequences import Consequences
from simulator.content.material import Material
from simulator.in_context import exchange
from simulator.ports import Rater
from simulator.session import Session
from simulator.vocabulary import Rating


async def rated_again(session: Session, material: Material, rater: Rater) -> dict[int, Rating]:
    """A rating for each reply, by turn; levels that the rubric's rules give come from the signals seen in play.

    Args:
        session: Finished.
        material: What it was played from.
        rater: The one whose version the ratings bear.

    Raises:
        ModelError: the rater failed.
    """
    consequences = Consequences(material)
    ratings: dict[int, Rating] = {}
    for turn in session.turns:
        if turn.reply is not None:
            rating = await rater.rate(exchange(session, material, turn.reply, turn.number), turn.number)
            ratings[turn.number] = consequences.rated(session, turn.number, rating) or rating
    return ratings
