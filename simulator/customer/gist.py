"""The plan behind the customer's next words, in the first person. Apart from the director, because it is language and
the director is choice."""

import re

from simulator.content.schema import Fact
from simulator.customer.hearing import sentences
from simulator.customer.scene import Scene

_LONGEST_QUOTE = 14
"""Words of the trainee a plan repeats at most."""

_SUBJECTLESS = {"was": "I was", "is": "I am", "has": "I have", "had": "I had", "does": "I do", "did": "I did"} | {
    word: f"I {word}" for word in ("cannot", "can't", "could", "couldn't", "didn't", "will", "won't", "would", "never")
}
_SAYS = frozenset(("needs", "wants", "lives", "works", "takes", "keeps", "knows", "thinks", "feels", "pays", "cares"))


def first_person(text: str) -> str:
    """A fact as the customer would plan to say it: "was quoted 398" becomes "I was quoted 398"."""
    first, _, rest = text.partition(" ")
    if first in _SUBJECTLESS:
        return f"{_SUBJECTLESS[first]} {rest}"
    if first in _SAYS:
        return f"I {first.removesuffix('s')} {rest}"
    return f"I {text}" if re.fullmatch(r"[a-z]{3,}ed", first) else text


def telling(scene: Scene, *facts: Fact) -> str:
    """To tell these facts."""
    return "; ".join(first_person(scene.material.fill(fact.text)) for fact in facts)


def wanting(scene: Scene) -> str:
    """To come back to what would settle it."""
    return f"what I want is this: {scene.material.fill(scene.material.scenario.wants)}"


def complaining(scene: Scene) -> str:
    """To bring up a grievance that was not mentioned yet, or else the heart of the matter."""
    untold = scene.untold
    return telling(scene, untold[0]) if untold else beginning(scene)


def beginning(scene: Scene) -> str:
    """To say why I am in touch: the first sentence of the situation."""
    situation = scene.material.fill(scene.material.scenario.situation)
    return next(iter(sentences(situation)), situation)


def quoting(words: str) -> str:
    """The trainee's words, cut to a length one can throw back."""
    kept = words.split()
    return f'"{" ".join(kept[:_LONGEST_QUOTE])}{" ..." if len(kept) > _LONGEST_QUOTE else ""}"'
