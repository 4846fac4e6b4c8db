"""What of a reply asks, as if nothing else had been said. Apart from facts and lines, which both are found by it."""

from simulator.customer.hearing import is_question, sentences
from simulator.events import TraineeSpoke
from simulator.session import Session


def asked_in(reply: str) -> str:
    """The questions and requests of a reply, without its other sentences."""
    return " ".join(one for one in sentences(reply) if is_question(one))


def last_question(reply: str) -> str:
    """The last question or request of a reply; empty where it asks nothing."""
    return next((one for one in reversed(sentences(reply)) if is_question(one)), "")


def saying_only(session: Session, words: str) -> Session | None:
    """The session as if these words were all that the trainee said last; None where nobody spoke, or there are none."""
    turn = session.turns[-1] if session.turns else None
    if turn is None or not isinstance(turn.act, TraineeSpoke) or not words:
        return None
    narrowed = turn.model_copy(update={"act": turn.act.model_copy(update={"text": words})})
    return session.model_copy(update={"turns": (*session.turns[:-1], narrowed)})
