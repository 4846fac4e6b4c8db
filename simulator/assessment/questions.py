"""Signals seen in what a reply asks: again, openly, or for a detail.

Apart because a question is one of these and never two, and never listening merely for being a question.
"""

from itertools import dropwhile

from simulator.assessment.meaning import content
from simulator.assessment.phrases import phrases
from simulator.assessment.prose import Found
from simulator.assessment.scene import Finds, Scene, sentences_of
from simulator.assessment.structure import SPOILING
from simulator.vocabulary import SignalName

_REFERENCE = frozenset("number reference code id order booking account policy case claim report company".split())
_DETAILS = _REFERENCE | frozenset("name address postcode date email phone mobile birth details surname".split())
_TELLING = frozenset("state provide confirm give tell share spell send repeat explain".split())
_YES_OR_NO = frozenset("is are was were do does did has have had shall should would will am".split())
_CHECKING = frozenset("yes right correct no okay".split())
_LEADS = frozenset(
    "and so then but now well um uh oh ok okay right just sorry also or first please thanks thank you".split()
)
"""Words before the one that tells what kind of question it is."""
_A_FORM = 5
"""Words up to which a sentence that names a detail asks for it: "Your order number."."""
_OPENERS = frozenset("tell talk walk".split())
_LONG_STORY = 5
"""Content words after which "what is the problem?" is asking again."""
_MUCH = 0.6
_CODE_LENGTH = 4


def read_repeats(scene: Scene) -> list[Found]:
    """Questions the customer has answered already."""
    reply = scene.reply
    told_much = len(content(scene.line)) >= _LONG_STORY
    starts = phrases("starts_over").find(reply) if told_much else []
    requests = {reply.sentence_of(place.first) for place in phrases("requests").find(reply)}
    asking = [sentence for sentence in reply.sentences if sentence in requests or reply.is_question(sentence)]
    asking = [sentence for sentence in asking if _wants_news(scene, sentence)]
    again = {sentence for sentence in asking if _was_given(scene, sentence) or _was_asked(scene, sentence)}
    return sorted(again | {reply.sentence_of(place.first) for place in starts})


def read_questions(scene: Scene, finds: Finds) -> None:
    """Add open questions and questions for a detail; checks, offers and ready-made ones are neither."""
    reply = scene.reply
    checks = (SignalName.CHECKS_UNDERSTANDING, SignalName.ASKS_AGAIN, SignalName.STOCK_PHRASE)
    taken = sentences_of(reply, finds, *checks, *SPOILING)
    free = [sentence for sentence in reply.sentences if sentence not in taken]
    inviting = {reply.sentence_of(place.first) for place in phrases("asks_open").find(reply)}
    other = sentences_of(
        reply,
        finds,
        SignalName.HANDS_OFF,
        SignalName.OFFERS_HELP,
        SignalName.CHECKS_IT_WORKED,
        SignalName.CHECKS_SAFETY,
    )

    def invites(sentence: Found) -> bool:
        opens = reply.words[sentence.first].text in _OPENERS
        return sentence in inviting - other and (opens or reply.is_question(sentence))

    finds[SignalName.ASKS_OPEN] = [sentence for sentence in free if invites(sentence)]
    finds[SignalName.ASKS_DETAIL] = [
        sentence
        for sentence in free
        if reply.is_question(sentence) and sentence not in inviting | other and content(reply, sentence)
    ]


def _wants_news(scene: Scene, sentence: Found) -> bool:
    """Whether a sentence asks to be told something: no yes or no, no check of what was heard, nothing to be done."""
    reply, spoken = scene.reply, scene.reply.spoken(sentence)
    if phrases("asks_anew").stands_in(reply, sentence) or _CHECKING & set(spoken[-1:]):
        return False
    rest = list(dropwhile(_LEADS.__contains__, spoken))
    named = len(spoken) <= _A_FORM and bool(_DETAILS & set(spoken))
    informs = named or "please" in spoken or not _TELLING.isdisjoint(rest[:1]) or rest[1:2] == ["need"]
    if not rest or (rest[0] in _YES_OR_NO and not (rest[1:2] == ["you"] and _REFERENCE & set(spoken))):
        return False
    return reply.is_question(sentence) or informs


def _was_given(scene: Scene, sentence: Found) -> bool:
    """True if what is asked for stands in the customer's words: a reference, or something they say they gave."""
    asked = {word.text for word in scene.reply.words[sentence.first : sentence.last]}
    if len(asked & _REFERENCE) >= 2 and any(_is_code(word.text) for text in scene.customer for word in text.words):
        return True
    own = content(scene.reply, sentence)
    shared = own & scene.told
    detail = bool(_DETAILS & asked)
    return detail and len(shared) >= 2 and len(shared) >= _MUCH * len(own) and _says_it_was_given(scene)


def _says_it_was_given(scene: Scene) -> bool:
    return any(phrases("gave_it").stands_in(text) for text in scene.customer)


def _is_code(word: str) -> bool:
    return word.isdigit() and len(word) >= _CODE_LENGTH


def _was_asked(scene: Scene, sentence: Found) -> bool:
    """True if the trainee asked much the same before, and the customer went on."""
    own = content(scene.reply, sentence)
    if len(own) < 2:
        return False
    earlier = [content(text, asked) for text in scene.trainee for asked in text.sentences if text.is_question(asked)]
    return any(2 * len(own & one) > len(own | one) for one in earlier)
