"""The plan behind the customer's next words, in the first person. Apart from the director, because it is language and
the director is choice. A model may speak a plan as it stands, so nothing in one is about how to speak."""

from simulator.content.schema import Fact
from simulator.customer.facts import first_person
from simulator.customer.scene import Scene

THAT_IS_ALL = "that is all I can say about it"
"""To answer without a fact."""
_LONGEST_QUOTE = 14
"""Words of the trainee a plan repeats at most."""


def telling(scene: Scene, *facts: Fact) -> str:
    """To tell these facts."""
    return "; ".join(first_person(scene.material.fill(fact.text)) for fact in facts)


def wanting(scene: Scene) -> str:
    """To come back to what would settle it; once that is promised, to see it done."""
    if scene.met:
        return "what they promised: to see that it is really done"
    return f"what I want: {scene.material.fill(scene.material.scenario.wants)}"


def complaining(scene: Scene) -> str:
    """To bring up a grievance that was not mentioned yet, or else the heart of the matter."""
    untold = [fact for fact in scene.untold if fact.unlock is None]
    return telling(scene, *untold[:1]) or beginning(scene)


def beginning(scene: Scene) -> str:
    """To say why I am in touch: the first thing the customer would tell anybody."""
    return telling(scene, *scene.open_facts[:1]) or wanting(scene)


def quoting(words: str) -> str:
    """The trainee's words, cut to a length one can throw back."""
    kept = words.split()
    return f'"{" ".join(kept[:_LONGEST_QUOTE])}{" ..." if len(kept) > _LONGEST_QUOTE else ""}"'
