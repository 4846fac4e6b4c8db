"""What a customer must not say, and why a line was refused. Apart from the actor, so that it can be measured by itself
and no way of speaking gets round it."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from simulator.content.casting import slots_in
from simulator.content.material import Material
from simulator.content.schema import Fact
from simulator.customer.details import known_text, names_in, numbers_in, unknown_details
from simulator.customer.facts import locked_facts, topics
from simulator.customer.hearing import content_stems, plain, sentences, stems, words
from simulator.session import Session
from simulator.vocabulary import Channel, Move, Value


class FaultCode(StrEnum):
    """Kinds of fault."""

    EMPTY = "empty"
    MARKUP = "markup"
    SPEAKS_FOR_TRAINEE = "speaks_for_trainee"
    ASSISTANT_PHRASE = "assistant_phrase"
    ROLE_FLIP = "role_flip"
    LOCKED_FACT = "locked_fact"
    INVENTED = "invented"
    TOO_LONG = "too_long"
    REPEATS = "repeats"


class Fault(Value):
    """One reason to refuse a line."""

    code: FaultCode
    reason: str
    """What is wrong, in words that tell a writer what to do otherwise."""


MOST_WORDS = {Channel.PHONE: 45, Channel.CHAT: 40, Channel.EMAIL: 140}
MOST_SENTENCES = {Channel.PHONE: 8, Channel.CHAT: 8, Channel.EMAIL: 16}

OWN_LINES = 6
"""A line is compared with this many of the customer's own last lines."""

_SHARED = 0.3
"""Share of a line's runs of four words that may have been said before."""

_MARKUP = re.compile(
    r"\*[^*\n]{1,80}\*|\*\*|\[[^\]]*\]?|[<>{}|\\]|```|^\s*(?:#+|[-*\u2022])\s|https?://|www\."
    r"|\((?:[a-z ]{0,30})(?:sigh|paus|cr(?:y|ie)|laugh|voice|breath|shout|whisper|silen|sob|angr|frustrat)[a-z ,]*\)",
    re.IGNORECASE | re.MULTILINE,
)
_SPEAKER = re.compile(
    r"(?:^|[.!?\n\"]\s*)(?:agent|trainee|assistant|representative|rep|support|operator|advisor|adviser|customer|caller"
    r"|client|user|system|human|ai)\s*:",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"\u201c\u00ab][^\"\u201c\u201d\u00bb]*[\"\u201d\u00bb]")
_RETOLD = re.compile(
    r"\b(?:you|they|he|she|who|somebody|someone|agent|colleague|lot|nobody|no one)\b[^.!?]{0,40}\bsa(?:id|y)[^.!?]*"
)


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})")


_ASSISTANT = _any_of(
    r"as an? (?:ai|assistant|language model|customer service)",
    r"language model\b",
    r"i(?:'m| am) (?:just )?an? (?:ai|chat ?bot|assistant|virtual)\b",
    r"i(?:'m| am) here to (?:help|assist)",
    r"i (?:cannot|can't) (?:assist|comply|fulfil)",
    r"role-? ?play",
    r"(?:stage direction|scenario|in character)\b",
    r"the customer (?:says|replies|would)",
    r"(?:certainly|sure|of course)[!,.] here\b",
    r"here(?:'s| is) (?:a|the|my) (?:possible |short )?(?:response|reply|line)\b",
)
_SERVES = _any_of(
    r"how (?:can|may|could) (?:i|we) (?:help|assist|be of)",
    r"(?:can|may|could) i (?:help|assist) you",
    r"anything else (?:i|we) can",
    r"(?:i|we)(?:'d| would) be (?:more than )?(?:happy|glad) to (?:help|assist)",
    r"(?:let me|i'll|i will|i can|we'll|we will|we can|i'm going to) (?:just |quickly |definitely |certainly )*"
    r"(?:help you|assist|process|refund you|transfer you|connect you|put you through|escalate|look into (?:this|that)"
    r"|check (?:that|this|it|on that) for you|pull up your|look up your|arrange (?:that|this|it|a) |book you|waive"
    r"|credit your|investigate|resolve|make (?:a note|sure you)|see what i can do|get (?:that|this) sorted for you)",
    r"thank(?:s| you) for (?:calling|contacting|reaching out|your patience|bringing|holding|waiting|your understand)",
    r"(?:apologi[sz]e|sorry) for (?:the|any|your|this) (?:inconvenience|trouble|delay|frustration|wait|confusion)",
    r"i(?:'m| am) (?:so |very |really )*sorry to hear",
    r"i (?:completely |totally |fully )*understand (?:your|how you|how frustrat|that this (?:must|is))",
    r"(?:may|can|could) i (?:have|take|get) your",
    r"(?:could|can) you (?:please )?(?:provide|confirm) your",
    r"what(?:'s| is) your (?:order|booking|account|reference|date of birth|full name)",
    r"please (?:hold|bear with)",
    r"rest assured",
    r"we (?:value|appreciate) you",
    r"your (?:call|satisfaction) is important",
    r"(?:for your records|on our end|valued customer)",
    r"our (?:team|policy|policies|customers?|system|department|records) (?:is|are|will|can|has|have|show|do)",
    r"your (?:account|booking|order|reservation|refund|claim|case) (?:has been|is being|will be)",
)


class Guard:
    """Looks at one line in one session. Pure; some milliseconds a line."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._free_lines = "\n".join(_lines(material, None))
        self._no_secret = content_stems(self._free_lines)
        self._keys = {
            fact.id: content_stems(" ".join((*topics(fact, material), *_lines(material, fact.id))))
            for fact in material.scenario.facts
        }

    def faults(self, text: str, session: Session, choice_move: Move) -> tuple[Fault, ...]:
        """Why a line may not be said now; empty if it may. `text` should have been through `clean`."""
        if not words(text):
            return (Fault(code=FaultCode.EMPTY, reason="say something"),)
        return (
            *_form(text),
            *_role(text),
            *self._leaks(text, session),
            *self._inventions(text, session),
            *_length(text, session.started.channel),
            *_repetition(text, session, choice_move),
        )

    def _leaks(self, text: str, session: Session) -> Iterator[Fault]:
        known = content_stems(known_text(session, self._material)) | self._no_secret
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
        told = own & content_stems(text)
        return told if told & keys or (told and 2 * len(told) >= len(own)) else frozenset()

    def _inventions(self, text: str, session: Session) -> Iterator[Fault]:
        noted = "\n".join(self._material.fill(note) for note in self._material.scenario.briefing.history)
        invented = unknown_details(text, "\n".join((known_text(session, self._material), self._free_lines, noted)))
        if invented:
            yield Fault(code=FaultCode.INVENTED, reason=f"nobody has mentioned {', '.join(dict.fromkeys(invented))}")


def _lines(material: Material, fact: str | None) -> Iterator[str]:
    """Lines of the bank that tell a fact; with None those that tell none, so that their words are no secret."""
    for bank in (material.scenario.lines, material.persona.lines):
        for line in (line for lines in bank.values() for line in lines):
            if fact in line.needs if fact else not line.needs:
                yield "" if slots_in(line.text) - material.slots.keys() else material.fill(line.text)


def _form(text: str) -> Iterator[Fault]:
    if found := _MARKUP.search(text):
        yield Fault(code=FaultCode.MARKUP, reason=f'spoken words only, no "{found.group().strip()}"')
    if found := _SPEAKER.search(text):
        yield Fault(code=FaultCode.SPEAKS_FOR_TRAINEE, reason=f'one speaker only, no "{found.group().strip()}"')


def _role(text: str) -> Iterator[Fault]:
    """The two ways out of the part. What the customer quotes or retells of the agent is theirs to say."""
    own = _RETOLD.sub(" ", _QUOTED.sub(" ", plain(text)))
    if found := _ASSISTANT.search(plain(text)):
        yield Fault(code=FaultCode.ASSISTANT_PHRASE, reason=f'the customer is a person, not "{found.group().strip()}"')
    if found := _SERVES.search(own):
        yield Fault(code=FaultCode.ROLE_FLIP, reason=f'the customer does not serve: "{found.group().strip()}"')


def _length(text: str, channel: Channel) -> Iterator[Fault]:
    count, said = len(words(text)), len(sentences(text))
    if count > MOST_WORDS[channel] or said > MOST_SENTENCES[channel]:
        yield Fault(code=FaultCode.TOO_LONG, reason=f"{count} words in {said} sentences are too many; be short")


def _repetition(text: str, session: Session, move: Move) -> Iterator[Fault]:
    """Runs of four words the customer has used lately. Who repeats a request may repeat some of its words."""
    own = [turn.line.text for turn in session.turns if turn.line][-OWN_LINES:]
    if any(stems(line) == stems(text) for line in own):
        yield Fault(code=FaultCode.REPEATS, reason="said word for word before")
    elif move is not Move.REPEAT_REQUEST:
        runs = _runs(text)
        shared = sum(
            run in earlier for earlier in [frozenset(run for line in own for run in _runs(line))] for run in runs
        )
        if runs and shared / len(runs) > _SHARED:
            yield Fault(code=FaultCode.REPEATS, reason="too close to what was said before; use other words")


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
