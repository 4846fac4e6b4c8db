"""Signals seen by what a reply has in common with what was said: reflecting, parroting, meaning, the time of an act.

Apart from the phrases because these compare texts, and apart from questions, which have rules of their own.
"""

from simulator.assessment.lexical import before, clause_of
from simulator.assessment.lexicon import words
from simulator.assessment.meaning import content, is_content, stem
from simulator.assessment.phrases import phrases
from simulator.assessment.prose import Found
from simulator.assessment.scene import Finds, Scene, sentences_of
from simulator.vocabulary import SignalName

SPOILING = (
    SignalName.ADDRESSES_MACHINE,
    SignalName.BLAMES_CUSTOMER,
    SignalName.INSULTS,
    SignalName.DISMISSES_FEELING,
    SignalName.TAKES_BACK,
)
"""Signals in whose sentence nothing good is seen."""
_SHRUGGING = (
    SignalName.DEFLECTS,
    SignalName.HIDES_BEHIND_POLICY,
    SignalName.HANDS_OFF,
    SignalName.PASSIVE_PROMISE,
    SignalName.TELLS,
)
_CARING = (
    SignalName.NAMES_FEELING,
    SignalName.VALIDATES,
    SignalName.SINCERE_APOLOGY,
    SignalName.ACCEPTS_RESPONSIBILITY,
    SignalName.GIVES_PACE,
)
_ACTING = (SignalName.COMMITS_ACTION, SignalName.GIVES_CALLBACK, SignalName.CHECKS_IT_WORKED)
_STAKES = frozenset(stem(word) for word in words("stakes"))
_SMALL_NUMBERS = frozenset("0 1 2 3".split())
_MOSTLY = 0.8
_MUCH = 0.4
_LONG_ECHO = 6
"""Words from which on a single sentence said back is an echo: shorter ones people repeat to show that they heard."""
_ECHOED = 0.65
_MANY_ECHOES = 3
_POINTERS = frozenset("your the a an and this that".split())
_OTHER = {
    **{"i": "you", "me": "you", "my": "your", "mine": "yours", "am": "are", "was": "were"},
    **{"we": "you", "us": "you", "our": "your", "ours": "yours"},
}


def read_structure(scene: Scene, finds: Finds) -> None:
    """Add to `finds` what the reply does with the customer's words, and the times of what it commits to.

    `finds` has the lexical signals and the questions already.
    """
    finds[SignalName.PARROTS] = _parroted(scene, finds)
    finds[SignalName.REFLECTS_DETAIL] = _reflected(scene, finds)
    finds[SignalName.SPEAKS_TO_MEANING] = _meaning(scene, finds)
    finds[SignalName.GIVES_TIME] = _timed(scene, finds)


def at_stake(scene: Scene) -> frozenset[str]:
    """Stems of what this is about for the customer as a person: told by them, or marked so in the scenario."""
    return (scene.told & _STAKES) | scene.matters


def _parroted(scene: Scene, finds: Finds) -> list[Found]:
    """Sentences that are the customer's words with nothing done to them, where they are much of the reply."""
    reply = scene.reply
    if any(finds[name] for name in _ACTING) or any(map(reply.is_question, reply.sentences)):
        return []
    copied = [sentence for sentence in reply.sentences if _is_copied(scene, sentence)]
    length = sum(place.last - place.first for place in copied)
    return copied if len(copied) >= 2 and length >= _MUCH * len(reply.words) else []


def _is_copied(scene: Scene, sentence: Found) -> bool:
    """True for the customer's own words in their order ("I" for "you" aside), or a bare list of them."""
    own = content(scene.reply, sentence)
    if len(own) < 2 or len(own & scene.told) < _MOSTLY * len(own):
        return False
    said = scene.reply.spoken(sentence)
    heard = {three for text in scene.customer for three in _threes(text.spoken())}
    repeated = [three in heard for three in _threes(said)]
    return all(is_content(word) or word in _POINTERS for word in said) or 2 * sum(repeated) >= len(repeated) > 0


def echoes(scene: Scene) -> list[Found]:
    """Sentences that are the customer's own words in their own order: short ones only where there are more of them.

    Questions only where there are many: one or two of them make sure that it was heard right.
    """
    reply = scene.reply
    heard = {three for text in scene.customer for three in _threes(text.spoken())}
    found = [one for one in reply.sentences if _is_echo(reply.spoken(one), heard)]
    if len(found) >= _MANY_ECHOES:
        return found
    found = [one for one in found if not reply.is_question(one)]
    return found if len(found) > 1 else [one for one in found if len(reply.spoken(one)) >= _LONG_ECHO]


def _is_echo(said: list[str], heard: set[tuple[str, ...]]) -> bool:
    own = _threes(said)
    return bool(own) and sum(three in heard for three in own) >= _ECHOED * len(own)


def turned(word: str) -> str:
    """A word as if said of the other: "my" is "your"."""
    return _OTHER.get(word, word)


def _threes(said: list[str]) -> list[tuple[str, ...]]:
    """Runs of three words, whoever they are said of."""
    words_ = [turned(word) for word in said]
    return [tuple(words_[at : at + 3]) for at in range(len(words_) - 2)]


def _reflected(scene: Scene, finds: Finds) -> list[Found]:
    """Sentences that give back at least two things the customer told, and are neither form-filling nor parroting."""
    reply = scene.reply
    if finds[SignalName.PARROTS]:
        return []
    spoiled = sentences_of(reply, finds, *SPOILING, *_SHRUGGING, SignalName.ASKS_AGAIN)
    form = {reply.sentence_of(place.first) for place in phrases("requests").find(reply)}
    return [
        sentence
        for sentence in reply.sentences
        if sentence not in spoiled | form and len((content(reply, sentence) & scene.told) - _SMALL_NUMBERS) >= 2
    ]


def _meaning(scene: Scene, finds: Finds) -> list[Found]:
    """Sentences about what is at stake for this customer, beside words of care; no question, and nothing taken back."""
    reply, stakes = scene.reply, at_stake(scene)
    said = {reply.sentence_of(place.first) for place in phrases("speaks_to_meaning").find(reply)}
    caring = sentences_of(reply, finds, *_CARING)
    spoiled = sentences_of(reply, finds, *SPOILING, *_SHRUGGING, SignalName.PARROTS)

    def speaks(at: int, sentence: Found) -> bool:
        beside = reply.sentences[max(0, at - 1) : at + 2]
        named = bool(content(reply, sentence) & stakes)
        return named and not caring.isdisjoint(beside) and not reply.is_question(sentence)

    return [one for at, one in enumerate(reply.sentences) if one not in spoiled and (one in said or speaks(at, one))]


def _timed(scene: Scene, finds: Finds) -> list[Found]:
    """Clauses with a time, in a sentence that commits to something."""
    reply = scene.reply
    asking = {sentence for sentence in reply.sentences if reply.is_question(sentence)}
    acting = sentences_of(reply, finds, *_ACTING) | (sentences_of(reply, finds, SignalName.OFFERS_HELP) - asking)
    times = [time for time in phrases("time").find(reply) if reply.sentence_of(time.first) in acting]
    return sorted({clause_of(reply, time) for time in times if "not" not in before(reply, time.first)[:1]})
