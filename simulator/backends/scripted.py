"""Models that follow a script: shipped, so that front ends and guards can be tried without a real model.

What they do is plainly not a language model's, and their names say so wherever they appear.
"""

from array import array
from collections.abc import Mapping, Sequence

from simulator.ports import Exchange, Features
from simulator.vocabulary import CORE_DIMENSIONS, Rating


class ScriptedListener:
    """Ranks a line by how many words it shares with what sets the context apart."""

    name = "scripted listener"

    async def rank(self, context: str, neutral: str, lines: Sequence[str]) -> Sequence[float]:
        """See ports.Listener."""
        news = _words(context) - _words(neutral)
        return [float(len(news & _words(line))) for line in lines]

    async def prepare(self, context: str, lines: Sequence[str]) -> None:
        """Nothing needs to be read ahead."""

    async def features(self, before: str, reply: str, *, ahead: bool = False) -> Features:
        """No tokens: no rater may make anything of them."""
        del before, reply, ahead
        return Features(starts=(), width=0, states=array("f"))


class ScriptedSpeaker:
    """Writes the lines it was given, the same ones each time it is asked, by round."""

    name = "scripted speaker"
    trained = False

    def __init__(self, rounds: Sequence[Sequence[str]]) -> None:
        self._rounds = list(rounds)
        self.prompts: list[str] = []
        """What it was asked to go on from."""

    async def write(self, prompt: str, count: int, seed: int, max_tokens: int) -> Sequence[str]:
        """See ports.Speaker."""
        del seed, max_tokens
        self.prompts.append(prompt)
        return self._rounds[min(len(self.prompts), len(self._rounds)) - 1][:count]


class ScriptedAsker:
    """Says yes, surely, to the questions that hold a phrase it was given for the text they are about, else no."""

    name = "scripted judge"

    def __init__(self, yes: Mapping[str, Sequence[str]]) -> None:
        """Answer by a script.

        Args:
            yes: Phrases by the text that must occur in `shared` for them to count, "" for any.
        """
        self._yes = dict(yes)

    async def odds(self, shared: str, questions: Sequence[str]) -> Sequence[float]:
        """See ports.Asker."""
        phrases = [phrase for text, phrases in self._yes.items() if text in shared for phrase in phrases]
        return [5.0 if any(phrase in question for phrase in phrases) else -5.0 for question in questions]


class ScriptedRater:
    """Gives every reply the levels it was given for that reply, else 3."""

    version = "scripted"

    def __init__(self, levels: Mapping[str, int] | None = None) -> None:
        self._levels = dict(levels or {})

    async def rate(self, exchange: Exchange, turn: int = 0) -> Rating:
        """See ports.Rater."""
        del turn
        level = self._levels.get(exchange.reply, 3)
        return Rating(
            levels=dict.fromkeys(CORE_DIMENSIONS, level),
            expected=dict.fromkeys(CORE_DIMENSIONS, float(level)),
            rater=self.version,
        )


def _words(text: str) -> set[str]:
    return {word.strip(".,!?'\"").lower() for word in text.split()}
