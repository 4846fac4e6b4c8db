"""How much of a scenario and persona a small model can read. Apart, because the figures are the models', not ours."""

from collections.abc import Iterator

from simulator.content.document import Document, Location
from simulator.content.problem import Problem, quoted
from simulator.content.schema import Bank, Persona, Scenario

IN_EVERY_PROMPT = 1_400
"""Characters of situation, wants and voice together: about 350 of the 928 tokens that the listener reads of a contact.

The shipped texts come to 3.7 to 4.5 characters a token. What goes beyond the window is cut off at its beginning, where
the situation stands.
"""
IN_A_LINE = 350
"""Characters of an authored line: about the 96 tokens that are kept free for one when lines are compared."""


def over_budget(scenario: Scenario, persona: Persona, document: Document) -> Iterator[Problem]:
    """A situation that leaves too little room for the conversation, and lines whose ends nobody weighs."""
    needed = len(scenario.situation) + len(scenario.wants) + len(persona.voice)
    if needed > IN_EVERY_PROMPT:
        message = (
            f"situation, wants and the persona's voice have {needed:,} characters; {IN_EVERY_PROMPT:,} is the most"
        )
        hint = "they are part of every prompt: keep what the customer could not do without, and make facts of the rest"
        yield document.problem(("situation",), "over-budget", message, hint, at_key=True, warning=True)
    yield from long_lines(scenario.lines, document)


def long_lines(bank: Bank, document: Document) -> Iterator[Problem]:
    """Lines that are too long to be compared whole."""
    for move, lines in bank.items():
        for number, line in enumerate(lines):
            if len(line.text) > IN_A_LINE:
                location: Location = ("lines", move.value, number, "text")
                message = f"this line for {quoted(move.value)} has {len(line.text)} characters; {IN_A_LINE} is the most"
                hint = "customers speak one to three sentences at a time: make two lines of it"
                yield document.problem(location, "over-budget", message, hint, warning=True)
