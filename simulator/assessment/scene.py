"""One reply with all it is read against, as words: what every detector is given.

Apart so that the customer's words and known details are read once for a reply, and not once for a detector.
"""

from functools import cached_property

from simulator.assessment.meaning import content, is_content, stem
from simulator.assessment.phrases import phrases
from simulator.assessment.prose import Found, Prose, prose
from simulator.ports import Exchange
from simulator.vocabulary import SignalName, Value

_SHORT_THANKS = 20

Finds = dict[SignalName, list[Found]]
"""Where in the reply each signal was seen so far."""


class Known(Value):
    """What the agent knows of the case by now, beside the words that were said."""

    details: tuple[str, ...] = ()
    """Texts of the facts the customer has told."""
    matters: tuple[str, ...] = ()
    """Those among them that are what the whole thing means to the customer."""
    policy: tuple[str, ...] = ()
    """What may and may not be done."""


class Scene:
    """A reply, what the customer said before it, and what is known."""

    def __init__(self, exchange: Exchange, known: Known) -> None:
        self.exchange = exchange
        self.known = known
        self.reply = prose(exchange.reply)
        self.line = prose(exchange.customer_line)
        self.customer = tuple(prose(said.text) for said in exchange.history if said.speaker == "customer")
        self.trainee = tuple(prose(said.text) for said in exchange.history if said.speaker == "trainee")

    @cached_property
    def told(self) -> frozenset[str]:
        """Stems of everything the customer said, and of the facts they told."""
        texts = (*self.customer, *(prose(detail) for detail in self.known.details))
        return frozenset().union(*(content(text) for text in texts))

    @cached_property
    def matters(self) -> frozenset[str]:
        """Stems of what it means to the customer, as far as the scenario says so."""
        return frozenset().union(*(content(prose(text)) for text in self.known.matters))

    @cached_property
    def customer_is_done(self) -> bool:
        """True if the customer's last words are short, ask nothing, and say that all is well."""
        words = self.line.spoken()
        asks = any(word.text == "?" for word in self.line.words)
        return 0 < len(words) <= _SHORT_THANKS and not asks and phrases("solved").stands_in(self.line)

    def shared_words(self, place: Found, stems: frozenset[str]) -> list[str]:
        """Content words of a place of the reply, as typed and in order, whose stems are among these."""
        words = [word for word in self.reply.words[place.first : place.last] if is_content(word.text)]
        return list(dict.fromkeys(self.reply.text[word.start : word.end] for word in words if stem(word.text) in stems))

    def says(self, name: str) -> bool:
        """True if a phrase of the list stands in the customer's words, or in a fact they told."""
        texts = (*self.customer, *map(prose, self.known.details))
        return any(phrases(name).stands_in(text) for text in texts)

    @cached_property
    def policy(self) -> Prose:
        """The policy as words: given with the scenario, or else the context of a rated reply."""
        return prose("\n".join(self.known.policy) or self.exchange.context)


def sentences_of(text: Prose, finds: Finds, *names: SignalName) -> set[Found]:
    """The sentences in which one of these signals begins."""
    return {text.sentence_of(place.first) for name in names for place in finds.get(name, ())}
