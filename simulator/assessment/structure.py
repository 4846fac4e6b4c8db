"""Signals seen by what a reply has in common with what was said before, and by its build.

Apart from the phrases because these compare texts: reflecting, parroting, asking again, speaking to what matters.
"""

from simulator.assessment.lexical import before, clause_of
from simulator.assessment.lexicon import phrases
from simulator.assessment.meaning import content, is_content, stem
from simulator.assessment.prose import Found, Prose
from simulator.assessment.scene import Finds, Scene
from simulator.vocabulary import Mood, SignalName

_SPOILING = (
    SignalName.ADDRESSES_MACHINE,
    SignalName.BLAMES_CUSTOMER,
    SignalName.INSULTS,
    SignalName.DISMISSES_FEELING,
    SignalName.TAKES_BACK,
)
_SHRUGGING = (
    SignalName.DEFLECTS,
    SignalName.HIDES_BEHIND_POLICY,
    SignalName.HANDS_OFF,
    SignalName.PASSIVE_PROMISE,
    SignalName.TELLS,
)
_SMALL_NUMBERS = frozenset("0 1 2 3".split())
_CARING = (
    SignalName.NAMES_FEELING,
    SignalName.VALIDATES,
    SignalName.SINCERE_APOLOGY,
    SignalName.ACCEPTS_RESPONSIBILITY,
    SignalName.GIVES_PACE,
)
_ACTING = (SignalName.COMMITS_ACTION, SignalName.GIVES_CALLBACK, SignalName.CHECKS_IT_WORKED)
_STAKES = frozenset(
    stem(word)
    for word in """
    daughter son kid child baby wife husband mother father mum dad grandson granddaughter grandmother sister brother gran family
    friend partner twins toddler newborn wedding funeral birthday honeymoon anniversary holiday christmas exam graduation
    interview job rent wages payday pension savings business client operation surgery treatment cancer insulin pills heart
    pain hospital hungry alone scared ashes grave dog cat rabbit pet memories voice ring dress choir
    asleep coat sleep roof court visa school university divorce died death
    """.split()
)
_MOSTLY = 0.8
_LONG_WORDS = {Mood.CONFUSED: 110, Mood.DISTRESSED: 110}
_LONG_ANYWHERE = 170
_MANY_STEPS = 4
_SHORT_WORDS = 40
_KNOWN_SHORT_FORMS = frozenset(
    "id pin tv gps sms uk us usa ok okay pdf pm am vat faq usb wifi wi-fi sim iban atm gp nhs cv mr mrs ms dr a i ii eu app id "
    "no yes not asap diy url www com http https tbc eta eur usd gbp qr dvd cd pc lol ngl hr po".split()
)
_JARGON = frozenset(
    """remittance adjudication provisioning deprovisioned subrogation indemnity encumbrance pro-rata pro-rated amortised
    reconciliation onboarding payload endpoint firmware latency backend tier-2 l2 contractual payer issuer acquirer chargeback
    escheat underwriting actuarial lien escrow disbursement remediation decommissioned rma dunning proration""".split()
)


def read_build(scene: Scene, finds: Finds) -> None:
    """Add to `finds` every structural signal of the reply."""
    finds[SignalName.ASKS_AGAIN] = _asked_again(scene)
    finds[SignalName.PARROTS] = _parroted(scene, finds)
    finds[SignalName.REFLECTS_DETAIL] = _reflected(scene, finds)
    finds[SignalName.SPEAKS_TO_MEANING] = _meaning(scene, finds)
    finds[SignalName.GIVES_TIME] = _timed(scene.reply, finds)
    _sort_questions(scene, finds)
    finds[SignalName.OVERLOADS] = _overload(scene)
    finds[SignalName.ONE_STEP] = [] if finds[SignalName.OVERLOADS] else _single_step(scene, finds)
    finds[SignalName.USES_JARGON] = _jargon(scene)


def _sentences(scene: Scene, finds: Finds, without: tuple[SignalName, ...]) -> list[Found]:
    """Sentences of the reply in which none of these signals begins."""
    reply = scene.reply
    spoiled = {reply.sentence_of(place.first) for name in without for place in finds.get(name, [])}
    return [sentence for sentence in reply.sentences if sentence not in spoiled]


def _is_question(prose: Prose, sentence: Found) -> bool:
    return prose.words[sentence.last - 1].text == "?"


def _parroted(scene: Scene, finds: Finds) -> list[Found]:
    """Sentences that are the customer's words with nothing done to them, where they are most of the reply."""
    reply = scene.reply
    if any(finds[name] for name in _ACTING) or any(_is_question(reply, sentence) for sentence in reply.sentences):
        return []
    copied = [
        sentence
        for sentence in reply.sentences
        if len(own := content(reply, sentence)) >= 2 and len(own & scene.told) >= _MOSTLY * len(own)
    ]
    length = sum(place.last - place.first for place in copied)
    return copied if len(copied) >= 2 and 2 * length >= len(reply.words) else []


def _reflected(scene: Scene, finds: Finds) -> list[Found]:
    """Sentences that give back at least two things the customer told, and are neither form-filling nor parroting."""
    reply = scene.reply
    if finds[SignalName.PARROTS]:
        return []
    without = (*_SPOILING, *_SHRUGGING, SignalName.ASKS_AGAIN)
    form = {reply.sentence_of(place.first) for place in phrases("requests").find(reply)}
    return [
        sentence
        for sentence in _sentences(scene, finds, without)
        if sentence not in form and len((content(reply, sentence) & scene.told) - _SMALL_NUMBERS) >= 2
    ]


def at_stake(scene: Scene) -> frozenset[str]:
    """Stems of what this is about for the customer as a person: told by them, or marked so in the scenario."""
    return (scene.told & _STAKES) | scene.matters


def _meaning(scene: Scene, finds: Finds) -> list[Found]:
    """Sentences about what is at stake for this customer, beside words of care, that are no question and take nothing back."""
    reply = scene.reply
    stakes = at_stake(scene)
    caring = {reply.sentence_of(place.first) for name in _CARING for place in finds[name]}
    fitting = set(_sentences(scene, finds, (*_SPOILING, *_SHRUGGING, SignalName.PARROTS)))

    def speaks(at: int, sentence: Found) -> bool:
        beside = reply.sentences[max(0, at - 1) : at + 2]
        return (
            bool(content(reply, sentence) & stakes)
            and not caring.isdisjoint(beside)
            and not _is_question(reply, sentence)
        )

    return [sentence for at, sentence in enumerate(reply.sentences) if sentence in fitting and speaks(at, sentence)]


def _timed(reply: Prose, finds: Finds) -> list[Found]:
    """Clauses with a time in the sentence of a commitment; a bare "now" counts in the clause of the act itself."""
    acting = {reply.sentence_of(place.first) for name in _ACTING for place in finds[name]}
    named = [time for time in phrases("time").find(reply) if reply.sentence_of(time.first) in acting]
    return sorted({clause_of(reply, time) for time in named if "not" not in before(reply, time.first)[:1]})


def _asked_again(scene: Scene) -> list[Found]:
    """Questions the customer has answered already, in this call or by what is known."""
    reply = scene.reply
    starts = list(phrases("starts_over").find(reply)) if len(content(scene.line)) >= 5 else []
    sentences = {reply.sentence_of(place.first) for place in starts}
    requests = {reply.sentence_of(place.first) for place in phrases("requests").find(reply)}
    for sentence in reply.sentences:
        if sentence in requests or _is_question(reply, sentence):
            if _was_given(scene, sentence) or _was_asked(scene, sentence):
                sentences.add(sentence)
    return sorted(sentences)


def _was_given(scene: Scene, sentence: Found) -> bool:
    """True if the thing asked for by name is in the customer's words: a number, or something they said they gave."""
    asked = {word.text for word in scene.reply.words[sentence.first : sentence.last]}
    if asked & {"number", "reference", "code", "id", "booking", "order"} and asked & {
        "order",
        "booking",
        "reference",
        "company",
        "account",
        "policy",
        "report",
        "case",
        "claim",
    }:
        if any(_is_code(word.text) for text in scene.customer for word in text.words):
            return True
    if not scene.says("gave_it"):
        return False
    own = content(scene.reply, sentence)
    shared = own & scene.told
    return len(shared) >= 2 and len(shared) >= 0.6 * len(own)


def _is_code(word: str) -> bool:
    return word[0].isdigit() and len(word) >= 4 and "." not in word and "," not in word


def _was_asked(scene: Scene, sentence: Found) -> bool:
    """True if the trainee asked much the same before, and the customer went on."""
    own = content(scene.reply, sentence)
    if len(own) < 2:
        return False
    earlier = [content(text, asked) for text in scene.trainee for asked in text.sentences if _is_question(text, asked)]
    return any(2 * len(own & one) > len(own | one) for one in earlier)


def _sort_questions(scene: Scene, finds: Finds) -> None:
    """Each question is one thing: a check, asked again, open, or for a detail. Ready-made ones are none of these."""
    reply = scene.reply
    taken = {
        reply.sentence_of(place.first)
        for name in (SignalName.CHECKS_UNDERSTANDING, SignalName.ASKS_AGAIN, SignalName.STOCK_PHRASE, *_SPOILING)
        for place in finds[name]
    }
    free = [sentence for sentence in reply.sentences if sentence not in taken]
    opening = {reply.sentence_of(place.first) for place in phrases("asks_open").find(reply)}
    asking = [sentence for sentence in free if _is_question(reply, sentence)]
    told = [
        sentence
        for sentence in free
        if sentence in opening and reply.words[sentence.first].text in ("tell", "talk", "walk")
    ]
    finds[SignalName.ASKS_OPEN] = sorted({sentence for sentence in asking if sentence in opening} | set(told))
    blaming = (SignalName.HANDS_OFF, SignalName.OFFERS_HELP, SignalName.CHECKS_IT_WORKED, SignalName.CHECKS_SAFETY)
    other = {reply.sentence_of(place.first) for name in blaming for place in finds[name]}
    finds[SignalName.ASKS_DETAIL] = [
        sentence
        for sentence in asking
        if sentence not in opening and sentence not in other and content(reply, sentence)
    ]


def _steps(reply: Prose) -> int:
    """Things the customer is told to do: sentences and clauses that begin with a plain verb, and numbered points."""
    verbs = phrases("step").find(reply)
    starts = [place for place in verbs if not before(reply, place.first)]
    return len(starts)


def _overload(scene: Scene) -> list[Found]:
    """The whole reply, where it is too long for this mood or asks for too much at once."""
    reply = scene.reply
    mood = scene.exchange.mood
    limit = _LONG_ANYWHERE if mood is None else _LONG_WORDS.get(mood, _LONG_ANYWHERE)
    length = sum(word.text[0].isalnum() for word in reply.words)
    questions = sum(_is_question(reply, sentence) for sentence in reply.sentences)
    many = _steps(reply) >= _MANY_STEPS or (questions >= _MANY_STEPS and mood in _LONG_WORDS)
    return [Found(0, len(reply.words))] if reply.words and (length > limit or many) else []


def _single_step(scene: Scene, finds: Finds) -> list[Found]:
    """One thing to do, said as one: by its words, or a short reply with exactly one instruction or question."""
    reply = scene.reply
    said = phrases("one_step").find(reply)
    if said or len(reply.words) > _SHORT_WORDS or scene.exchange.mood not in (Mood.CONFUSED, Mood.DISTRESSED):
        return said
    steps = [place for place in phrases("step").find(reply) if not before(reply, place.first)]
    spoiled = finds[SignalName.HANDS_OFF] or finds[SignalName.DISMISSES_FEELING] or finds[SignalName.TELLS]
    return steps if len(steps) == 1 and not spoiled else []


def _jargon(scene: Scene) -> list[Found]:
    """Short forms in capitals and terms of the trade that the customer did not use and nobody explains beside them."""
    reply = scene.reply
    letters = [letter for letter in reply.text if letter.isalpha()]
    if not letters or sum(letter.isupper() for letter in letters) > len(letters) / 2:
        return []
    heard = frozenset().union(*(text.vocabulary for text in scene.customer))
    explained = {reply.sentence_of(place.first) for place in phrases("explains").find(reply)}
    return [
        Found(at, at + 1)
        for at, word in enumerate(reply.words)
        if word.text not in heard and _is_jargon(reply, at) and reply.sentence_of(at) not in explained
    ]


def _is_jargon(reply: Prose, at: int) -> bool:
    word = reply.words[at]
    raw = reply.text[word.start : word.end]
    in_code = reply.text[word.end : word.end + 1] in ("-", ":", "_", "/") or reply.text[
        word.start - 1 : word.start
    ] in ("-", "_")
    short_form = (
        not in_code and raw.isupper() and raw.isalpha() and 2 <= len(raw) <= 5 and word.text not in _KNOWN_SHORT_FORMS
    )
    return word.text in _JARGON or (short_form and not is_english(word.text))


def is_english(word: str) -> bool:
    """True for a word people shout in capitals rather than an abbreviation: it has a vowel and is a common one."""
    return not is_content(word) or (any(vowel in word for vowel in "aeiouy") and len(word) >= 4)
