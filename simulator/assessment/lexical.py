"""Signals seen by their words, with the care that keeps keywords from buying them.

A phrase counts only where nothing near it takes it away: a negation, a hedge, a quotation, a "but" that turns it round.
"""

from collections.abc import Iterable

from simulator.assessment.phrases import apart, phrases
from simulator.assessment.prose import Found, Prose
from simulator.assessment.scene import Finds, Scene, sentences_of
from simulator.vocabulary import SignalName

_BREAKS = frozenset(". ! ? ; \n , but so and then because".split(" "))
_NEGATORS = frozenset(
    "not never no nobody nothing nor neither hardly without unless before until doubt wish refuse pretend said".split()
)
_WANTED = (
    SignalName.NAMES_FEELING,
    SignalName.VALIDATES,
    SignalName.ACCEPTS_RESPONSIBILITY,
    SignalName.OFFERS_HELP,
    SignalName.GIVES_CALLBACK,
    SignalName.CHECKS_IT_WORKED,
    SignalName.CHECKS_UNDERSTANDING,
    SignalName.GIVES_PACE,
    SignalName.CHECKS_SAFETY,
)
_UNWANTED = (
    SignalName.STOCK_PHRASE,
    SignalName.DISMISSES_FEELING,
    SignalName.BLAMES_CUSTOMER,
    SignalName.DEFLECTS,
    SignalName.HIDES_BEHIND_POLICY,
    SignalName.HANDS_OFF,
    SignalName.PASSIVE_PROMISE,
    SignalName.GOES_BACK,
    SignalName.TELLS,
)
_REPAIRED_BY_ACTION = (
    SignalName.DEFLECTS,
    SignalName.HIDES_BEHIND_POLICY,
    SignalName.HANDS_OFF,
    SignalName.PASSIVE_PROMISE,
)
_TOKEN_APOLOGY = frozenset("but if for any the you sir madam hear that this about again to say , . !".split())
_MANY_APOLOGIES = 3
_A_CLAUSE = 4
_QUOTE_WORDS = 14
_ASKING = frozenset("may can could shall should would did do might when".split())
_REPORTING = frozenset("said told promised".split())
_CONDITIONS = frozenset("when once if until till was were had unless after you".split())


def read_words(scene: Scene) -> Finds:
    """Every lexical signal of the reply, guarded."""
    reply = scene.reply
    finds: Finds = {SignalName.ADDRESSES_MACHINE: _machine(reply)}
    finds |= {name: _granted(reply, phrases(name.value).find(reply)) for name in _WANTED}
    finds |= {name: _undisclaimed(reply, phrases(name.value).find(reply)) for name in _UNWANTED}
    finds[SignalName.PASSIVE_PROMISE] = _unreported(reply, finds[SignalName.PASSIVE_PROMISE])
    finds[SignalName.COMMITS_ACTION] = _commitments(reply)
    finds[SignalName.INSULTS] = _undisclaimed(reply, phrases("insult").find(reply))
    finds[SignalName.TAKES_BACK] = _taken_back(reply, finds)
    finds[SignalName.ENDS_CONTACT] = _endings(scene)
    _settle_apologies(reply, finds)
    _settle_feelings(finds)
    _forgive_repaired(reply, finds)
    return finds


def before(prose: Prose, at: int) -> list[str]:
    """Up to seven words before word `at`, within its clause, nearest first."""
    words: list[str] = []
    for word in reversed(prose.words[max(0, at - 7) : at]):
        if word.text in _BREAKS:
            break
        words.append(word.text)
    return words


def _granted(prose: Prose, places: Iterable[Found]) -> list[Found]:
    """Places that no negation or doubt before them takes away."""
    return [place for place in places if _NEGATORS.isdisjoint(before(prose, place.first))]


def _undisclaimed(prose: Prose, places: Iterable[Found]) -> list[Found]:
    """Places that are meant: not quoted, and not said to be what is *not* being said."""
    disclaimers = phrases("disclaims").find(prose)

    def is_meant(place: Found) -> bool:
        reach = len(before(prose, place.first))
        quoted = place.first > 0 and prose.words[place.first - 1].text == '"'
        denied = {"not", "never"} & set(before(prose, place.first)[:2])
        return not (quoted or denied) and all(not place.first - reach <= one.first < place.first for one in disclaimers)

    return [place for place in places if is_meant(place)]


def _unreported(prose: Prose, places: Iterable[Found]) -> list[Found]:
    """Places that are the agent's own, and not told of somebody: "Lorna said somebody would ring you"."""
    return [place for place in places if _REPORTING.isdisjoint(before(prose, place.first))]


def _commitments(reply: Prose) -> list[Found]:
    """First person and a concrete act, or an act that is done; not holds, transfers, threats, forms or hedges."""
    excluded = phrases("not_service").find(reply)
    hedges = phrases("hedge").find(reply)

    def stands(place: Found) -> bool:
        clause = before(reply, place.first)
        hedged = any(place.last <= hedge.first < clause_end(reply, place.last) for hedge in hedges)
        return not (hedged or _ASKING & set(clause[:1]) or _overlaps(place, excluded))

    personal = [place for place in _granted(reply, phrases("commits_action").find(reply)) if stands(place)]
    spoken_for = {reply.sentence_of(place.first) for place in personal}
    impersonal = [place for place in _acts(reply) if stands(place) and reply.sentence_of(place.first) not in spoken_for]
    return apart([*personal, *impersonal])


def _acts(reply: Prose) -> list[Found]:
    """Acts told without an "I": "Unblocked.", "Refund is issued", "Opening the gate now", "Cab will be here in ten"."""
    opening = {sentence.first for sentence in reply.sentences}
    acts = [
        place
        for place in _granted(reply, phrases("fixed_act").find(reply))
        if (place.last - place.first > 1 or place.first in opening)
        and _CONDITIONS.isdisjoint(before(reply, place.first))
    ]
    return acts + [place for place in phrases("opens_with_act").find(reply) if place.first in opening]


def clause_end(prose: Prose, at: int) -> int:
    """Where the clause that word `at` stands in ends."""
    while at < len(prose.words) and prose.words[at].text not in (*".!?;,\n", "but"):
        at += 1
    return at


def clause_of(prose: Prose, place: Found) -> Found:
    """The clause around a place: from the last mark before it to the first one after it."""
    first = place.first
    while first > 0 and prose.words[first - 1].text not in (*".!?;,\n", "but"):
        first -= 1
    return Found(first, clause_end(prose, place.last))


def _machine(reply: Prose) -> list[Found]:
    """Sentences meant for whoever scores: about marks, instructions to a model, speaker labels, template marks."""
    seen = {reply.sentence_of(place.first) for place in phrases("machine").find(reply)}
    seen |= {reply.sentence_of(at) for at in _labels(reply)}
    return sorted(seen)


def _labels(reply: Prose) -> list[int]:
    """Words that play a transcript or a chat template: `Customer:` at the start of a line, `<|im_start|>`, `[INST]`."""
    texts = [word.text for word in reply.words]
    roles = frozenset("customer agent assistant user system human trainee caller score".split())
    labels = [
        at
        for at, text in enumerate(texts[:-1])
        if text in roles and texts[at + 1] == ":" and (at == 0 or texts[at - 1] in (*".!?\n", "]", ">"))
    ]
    marks = [
        at for at, text in enumerate(texts) if text in ("im_start", "im_end", "endoftext", "inst", "sys", "eot_id")
    ]
    pipes = [at for at in range(1, len(texts)) if (texts[at - 1], texts[at]) == ("<", "|")]
    return [*labels, *marks, *pipes]


def _taken_back(reply: Prose, finds: Finds) -> list[Found]:
    """An acknowledgement with a "but" after it, in its sentence or opening the next, and nothing good after the but."""
    good = (SignalName.COMMITS_ACTION, SignalName.ACCEPTS_RESPONSIBILITY, SignalName.OFFERS_HELP, SignalName.VALIDATES)
    helpful = [place for name in good for place in finds[name]]
    turns = phrases("turns").find(reply)
    found: list[Found] = []
    for words in phrases("acknowledges").find(reply):
        sentence = reply.sentence_of(words.first)
        following = reply.sentence_of(sentence.last)
        for turn in turns:
            same = words.last <= turn.first < sentence.last
            opens_next = turn.first == following.first == sentence.last and turn != words
            end = sentence.last if same else following.last
            if not (same or opens_next) or any(turn.first <= place.first < end for place in helpful):
                continue
            found.append(Found(words.first, min(end, words.first + _QUOTE_WORDS)))
            break
    return apart(found)


def _endings(scene: Scene) -> list[Found]:
    """Words that end the contact, unless the customer is done, or it is only a threat to end it."""
    if scene.customer_is_done:
        return []
    reply = scene.reply
    places = phrases("ends_contact").find(reply)
    return [place for place in places if "if" not in reply.spoken(reply.sentence_of(place.first))]


def _settle_apologies(reply: Prose, finds: Finds) -> None:
    """Sort apologies into sincere and stock: one that names nothing, or the third in a row, is stock."""
    stock = finds[SignalName.STOCK_PHRASE]
    places = _granted(reply, phrases("sincere_apology").find(reply))
    stacked = len(places) >= _MANY_APOLOGIES
    spoilt = [*stock, *finds[SignalName.DISMISSES_FEELING], *finds[SignalName.TAKES_BACK]]
    meant = any(
        finds[name] for name in (SignalName.ACCEPTS_RESPONSIBILITY, SignalName.VALIDATES, SignalName.NAMES_FEELING)
    )
    sincere: list[Found] = []
    for place in places:
        if _overlaps(place, spoilt):
            continue
        sentence = reply.sentence_of(place.first)
        named = any(word.text not in _TOKEN_APOLOGY for word in reply.words[place.last : sentence.last])
        follows = len(reply.words) - sentence.last >= _A_CLAUSE
        (sincere if not stacked and (named or follows or meant) else stock).append(place)
    finds[SignalName.SINCERE_APOLOGY] = sincere
    finds[SignalName.STOCK_PHRASE] = apart(stock)


def _settle_feelings(finds: Finds) -> None:
    """Where words dismiss, blame or come ready-made, they do not also name a feeling or validate."""
    spoiling = [
        place
        for name in (
            SignalName.DISMISSES_FEELING,
            SignalName.STOCK_PHRASE,
            SignalName.BLAMES_CUSTOMER,
            SignalName.INSULTS,
        )
        for place in finds[name]
    ]
    spoiling += finds[SignalName.TAKES_BACK]
    for name in (SignalName.NAMES_FEELING, SignalName.VALIDATES):
        finds[name] = [place for place in finds[name] if not _overlaps(place, spoiling)]
    finds[SignalName.OFFERS_HELP] = [
        place
        for place in finds[SignalName.OFFERS_HELP]
        if not _overlaps(place, [*finds[SignalName.COMMITS_ACTION], *finds[SignalName.STOCK_PHRASE]])
    ]


def _forgive_repaired(reply: Prose, finds: Finds) -> None:
    """A limit named in the sentence in which the agent acts on it is honesty, not deflection."""
    acting = sentences_of(reply, finds, SignalName.COMMITS_ACTION, SignalName.GIVES_CALLBACK)
    for name in _REPAIRED_BY_ACTION:
        finds[name] = [place for place in finds[name] if reply.sentence_of(place.first) not in acting]


def _overlaps(place: Found, others: Iterable[Found]) -> bool:
    return any(place.first < other.last and other.first < place.last for other in others)
