"""What of a reply asks, as if nothing else had been said. Apart from facts and lines, which both are found by it."""

import re

from simulator.customer.hearing import is_question, plain, sentences
from simulator.customer.talk import talk_of
from simulator.events import TraineeSpoke
from simulator.session import Session
from simulator.vocabulary import Talk

_ASKS_WHICH = re.compile(
    r"^\W*(?:(?:and|so|then)\W+)*(?:which|what(?! (?:about|if))|where|when|who|how(?! about))\b"
    r"|\b(?:in|at|on|by|for|to|with|is|are|was) (?:what|which|where|when|who|whom|whose)\W*$"
)
"""A question that is no proposal: "which number should I use?", "the one ending in what?"."""
_ASKS_CONSENT = re.compile(r"\bhow (?:does|would|do|is|'s) (?:that|this|it)\b|\bwhat do you (?:think|say)\b")
"""A question that a yes answers, whatever its first word: "how does that sound?"."""


def asked_in(reply: str) -> str:
    """The questions and requests of a reply, without its other sentences."""
    return " ".join(one for one in sentences(reply) if is_question(one))


def last_question(reply: str) -> str:
    """The last question or request of a reply; empty where it asks nothing."""
    return next((one for one in reversed(sentences(reply)) if is_question(one)), "")


def left_with(reply: str) -> str:
    """The question that a reply ends with; empty where it ends with anything else."""
    last = next(reversed(sentences(reply)), "")
    return last if is_question(last) else ""


def asks_what(question: str) -> bool:
    """Whether a question takes more than a yes or a no: which, what, who, where, when or how."""
    heard = plain(question)
    return bool(_ASKS_WHICH.search(heard)) and not _ASKS_CONSENT.search(heard)


def proposes(sentence: str) -> bool:
    """Whether a sentence holds something out, and does not only ask which it should be."""
    return Talk.PROPOSES in talk_of(sentence) and not _ASKS_WHICH.search(plain(sentence))


def saying_only(session: Session, words: str) -> Session | None:
    """The session as if these words were all that the trainee said last; None where nobody spoke, or there are none."""
    turn = session.turns[-1] if session.turns else None
    if turn is None or not isinstance(turn.act, TraineeSpoke) or not words:
        return None
    narrowed = turn.model_copy(update={"act": turn.act.model_copy(update={"text": words})})
    return session.model_copy(update={"turns": (*session.turns[:-1], narrowed)})


def only_asking(session: Session) -> Session:
    """The session as if its last question were all that the trainee said last; as it is where there is none."""
    return saying_only(session, last_question(session.turns[-1].reply or "")) or session
