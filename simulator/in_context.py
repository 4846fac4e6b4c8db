"""A reply in the light of what came before it: what rater and detectors are given, and what they may know of the case.

Apart from play and from the debrief, which ask it of replies that were made and of replies that could have been made.
"""

from simulator.assessment.scene import Known
from simulator.content.material import Material
from simulator.customer.facts import open_facts
from simulator.ports import Exchange
from simulator.session import Session


def exchange(session: Session, material: Material, reply: str, turn: int | None = None) -> Exchange:
    """A reply as it would be heard, read and rated.

    Args:
        session: The contact.
        material: What it is played from.
        reply: The words.
        turn: Number of the turn they stand in; None: they come after everything said so far.
    """
    briefing = material.scenario.briefing
    return Exchange(
        mood=session.started.mood,
        context=material.fill(" ".join((briefing.role, *briefing.history, *briefing.policy))),
        history=session.utterances if turn is None else session.utterances_before(turn),
        reply=reply,
    )


def known(session: Session, material: Material) -> Known:
    """What of the case detectors may hold a reply against: facts that are open by now, and the policy."""
    facts = open_facts(session, material)
    return Known(
        details=tuple(material.fill(fact.text) for fact in facts),
        matters=tuple(material.fill(fact.text) for fact in facts if fact.matters),
        policy=tuple(map(material.fill, material.scenario.briefing.policy)),
    )
