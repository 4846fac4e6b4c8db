"""What a customer must not say, and why a line was refused. Apart from the actor, so that it can be measured by itself
and no way of speaking gets round it."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simulator.content.casting import slots_in
from simulator.content.material import Material
from simulator.content.schema import Fact
from simulator.customer.details import known_text, names_in, numbers_in
from simulator.customer.facts import locked_facts, open_facts, topics
from simulator.customer.faults import Fault, FaultCode
from simulator.customer.form import form_faults
from simulator.customer.hearing import content_stems, sentences, stems, words
from simulator.customer.inventions import unknown_details
from simulator.customer.roles import names_of, role_faults
from simulator.session import Session
from simulator.vocabulary import Channel, Move

__all__ = ["OWN_LINES", "Fault", "FaultCode", "Guard", "clean"]


MOST_WORDS = {Channel.PHONE: 45, Channel.CHAT: 40, Channel.EMAIL: 140}
MOST_SENTENCES = {Channel.PHONE: 8, Channel.CHAT: 8, Channel.EMAIL: 16}

OWN_LINES = 6
"""A line is compared with the opening and this many of the customer's own last lines."""

_SHARED = 0.3
"""Share of a line's runs of four words that may have been said before."""
_ALIKE = 0.7
"""Two lines of which this share of all words is common say the same again, in another order or tense ..."""
_ENOUGH_TO_COMPARE = 6
"""... if there are at least so many words in common."""


_RETOLD = 2
"""So many words that only the lines about a locked fact have give it away, whatever the fact's own text says."""


class _Common(NamedTuple):
    text: str
    stems: frozenset[str]


class Guard:
    """Looks at one line in one session. Pure; some milliseconds a line."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._lines = tuple(_lines(material))
        self._common: dict[frozenset[str], _Common] = {}
        self._keys = {
            fact.id: content_stems(" ".join((*topics(fact, material), *self._telling(fact))))
            for fact in material.scenario.facts
        }

    def _telling(self, fact: Fact) -> Iterator[str]:
        return (text for text, needs in self._lines if fact.id in needs)

    def _common_to(self, session: Session) -> _Common:
        """The words of all authored lines that tell nothing, or only what may be told by now."""
        told = frozenset(fact.id for fact in open_facts(session, self._material))
        if told not in self._common:
            text = "\n".join(text for text, needs in self._lines if needs <= told)
            self._common[told] = _Common(text, content_stems(text))
        return self._common[told]

    def faults(self, text: str, session: Session, choice_move: Move) -> tuple[Fault, ...]:
        """Why a line may not be said now; empty if it may. `text` should have been through `clean`."""
        if not words(text):
            return (Fault(code=FaultCode.EMPTY, reason="say something"),)
        return (
            *form_faults(text, session.started.channel, names_of(self._material)),
            *role_faults(text, session, self._material),
            *self._leaks(text, session),
            *self._inventions(text, session),
            *_length(text, session.started.channel),
            *_repetition(text, session, choice_move),
        )

    def _leaks(self, text: str, session: Session) -> Iterator[Fault]:
        known = content_stems(known_text(session, self._material)) | self._common_to(session).stems
        for fact in locked_facts(session, self._material):
            if told := self._told(text, fact, known):
                yield Fault(code=FaultCode.LOCKED_FACT, reason=f"do not mention {', '.join(sorted(told))} yet")

    def _told(self, text: str, fact: Fact, known: frozenset[str]) -> frozenset[str]:
        """What a line gives away of a locked fact: a key word, a number or name, or half of what is only in it.

        Key words are those that the fact shares with its topics, or with the lines that tell it.
        """
        secret = self._material.fill(fact.text)
        own = content_stems(secret) - known
        keys = self._keys[fact.id] | content_stems(" ".join(names_in(secret))) | set(numbers_in(secret))
        said = content_stems(text)
        told = own & said
        if told & keys or (told and 2 * len(told) >= len(own)):
            return told
        retold = (content_stems(" ".join(self._telling(fact))) - known) & said
        return retold if len(retold) >= _RETOLD else frozenset()

    def _inventions(self, text: str, session: Session) -> Iterator[Fault]:
        noted = "\n".join(self._material.fill(note) for note in self._material.scenario.briefing.history)
        authored = self._common_to(session).text
        invented = unknown_details(text, (known_text(session, self._material), authored, noted))
        if invented:
            yield Fault(code=FaultCode.INVENTED, reason=f"nobody has mentioned {', '.join(dict.fromkeys(invented))}")


def _lines(material: Material) -> Iterator[tuple[str, frozenset[str]]]:
    """Every authored line that needs no words of the moment, filled, with the facts it tells."""
    for bank in (material.scenario.lines, material.persona.lines, material.defaults.fallback):
        for line in (line for lines in bank.values() for line in lines):
            if slots_in(line.text) <= material.slots.keys():
                yield material.fill(line.text), frozenset(line.needs)


def _length(text: str, channel: Channel) -> Iterator[Fault]:
    count, said = len(words(text)), len(sentences(text))
    if count > MOST_WORDS[channel] or said > MOST_SENTENCES[channel]:
        yield Fault(code=FaultCode.TOO_LONG, reason=f"{count} words in {said} sentences are too many; be short")


def _repetition(text: str, session: Session, move: Move) -> Iterator[Fault]:
    """What was said before, or runs of four words of it. Who repeats a request may repeat some of its words."""
    said = [turn.line.text for turn in session.turns if turn.line]
    own = [*said[:1], *said[1:][-OWN_LINES:]]
    if any(stems(line) == stems(text) for line in said):
        yield Fault(code=FaultCode.REPEATS, reason="said word for word before")
    elif move is not Move.REPEAT_REQUEST:
        runs = _runs(text)
        shared = sum(
            run in earlier for earlier in [frozenset(run for line in own for run in _runs(line))] for run in runs
        )
        if (runs and shared / len(runs) > _SHARED) or any(_same_words(text, line) for line in own):
            yield Fault(code=FaultCode.REPEATS, reason="too close to what was said before; use other words")


def _same_words(text: str, earlier: str) -> bool:
    new, old = frozenset(stems(text)), frozenset(stems(earlier))
    return len(new & old) >= _ENOUGH_TO_COMPARE and len(new & old) >= _ALIKE * len(new | old)


def _runs(text: str) -> Sequence[tuple[str, ...]]:
    said = words(text)
    return [said[start : start + 4] for start in range(len(said) - 3)]


_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_OWN_LABEL = re.compile(r"^\s*(?:customer|caller|client)\s*:\s*", re.IGNORECASE)
_WRAPPING = {'"': '"', "\u201c": "\u201d", "'": "'", "\u2018": "\u2019", "\u00ab": "\u00bb"}


def clean(text: str, name: str = "") -> str:
    """A model's line as words: one line, without control characters, wrapping quotes, or the customer's own label.

    Args:
        text: As the model wrote it.
        name: The customer's name, where the prompt uses it as label; its first word counts as well.
    """
    shown = _TERMINAL.sub("", text)
    bare = " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in shown).split())
    bare = _OWN_LABEL.sub("", bare)
    for label in (name, name.split(" ")[0]):
        if label and bare.lower().startswith(f"{label.lower()}:"):
            bare = bare[len(label) + 1 :].strip()
    return _unquoted(bare)


def _unquoted(text: str) -> str:
    if len(text) > 1 and _WRAPPING.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        return text[1:-1].strip()
    return text
