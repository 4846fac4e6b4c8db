"""Strong lines people wrote for a scenario: which could have been said in a turn, and how the customer would have taken
each. Apart from the advice, which chooses among them.

A line never gives away what the customer had not told by then, and never does again what was done. How it would have
been taken is not guessed: the line is read and weighed as a reply is, by the same detectors and the same ledger, in the
same state of the same call.
"""

import re
from collections.abc import Iterable, Iterator

from simulator.assessment.signals import read
from simulator.content.casting import slots_in
from simulator.content.material import Material
from simulator.customer.emotion import Ledger
from simulator.customer.hearing import contains, content_stems, plain, sentences
from simulator.customer.promising import promises_in
from simulator.debriefing.answering import topics
from simulator.debriefing.bearing import ACT, worded
from simulator.debriefing.moments import relief, summed
from simulator.debriefing.scores import shown
from simulator.events import ReplyRead, TraineeSpoke
from simulator.in_context import exchange, known
from simulator.session import Session, Turn
from simulator.vocabulary import LEADING_FEELING, Feeling, Signal, SignalName, Span, Value

MUCH_ALIKE = 0.6
"""A line that shares this part of its words with something the trainee said has been said already."""

DONE_ONCE = frozenset(
    {
        SignalName.NAMES_FEELING,
        SignalName.VALIDATES,
        SignalName.SINCERE_APOLOGY,
        SignalName.ACCEPTS_RESPONSIBILITY,
        SignalName.OFFERS_HELP,
        SignalName.GIVES_CALLBACK,
        SignalName.GIVES_PACE,
        SignalName.CHECKS_SAFETY,
    }
)
"""What a line adds nothing with where an earlier reply did it."""
OF_THE_STORY = frozenset(
    {
        SignalName.NAMES_FEELING,
        SignalName.VALIDATES,
        SignalName.SPEAKS_TO_MEANING,
        SignalName.SINCERE_APOLOGY,
        SignalName.ACCEPTS_RESPONSIBILITY,
        SignalName.REFLECTS_DETAIL,
        SignalName.CHECKS_UNDERSTANDING,
        SignalName.ASKS_OPEN,
    }
)
"""What speaks of the customer's story, so that only what was said in the contact may be in it, and no notes."""

ACTS = frozenset({SignalName.COMMITS_ACTION, SignalName.GIVES_TIME, SignalName.GIVES_CALLBACK})
"""What announces a deed."""
_STAYS = re.compile(r"\b(?:stay|staying) (?:on|with|here|right here|connected)\b|\bnot leaving\b")
_DEED = re.compile(rf"{ACT}|\b(?:shows|says|it's|is)\b")

_WORD = re.compile(r"[^\W_]+")


class Alternative(Value):
    """An authored line, and what it would have done to this customer in this turn."""

    signal: SignalName
    """What its author wrote it to show."""
    text: str
    """The line, filled from this call."""
    moves: dict[Feeling, float]
    """What the ledger would have made of it, in points, after all caps."""
    touches: int
    """How many words it has in common with what it answers and with the reply it stands for."""

    @property
    def relief(self) -> float:
        """How good it would have been for the customer in all, in points."""
        return relief(self.moves)


def fitting_lines(
    session: Session, material: Material, signals: Iterable[SignalName], turn: int
) -> Iterator[tuple[SignalName, str]]:
    """Authored lines for these signals that could be said in `turn`, filled, in the order of the signals.

    A line that was said in this call, in these or nearly these words, is passed over; so is one that does or promises
    again what a reply before `turn` did or promised, and one that speaks of what nobody had said by then.
    """
    told = _told(session, material, turn)
    given_away = _locked(session, material, turn) - told - _spoken_openly(material)
    said = [content_stems(past.reply) for past in session.turns if past.reply]
    done = _done(session, turn)
    for signal in signals:
        for authored in material.scenario.exemplars.get(signal, ()) if signal not in done else ():
            if _may_be_said(authored, material, told, given_away):
                line = material.fill(authored)
                told_by_then = _is_told(signal, authored, session, material, turn)
                again = _promised(line, session, material, turn) or _announced(signal, line, session, turn)
                if told_by_then and not again and not any(_alike(content_stems(line), words) for words in said):
                    yield signal, line


def _done(session: Session, turn: int) -> set[SignalName]:
    """What need not be done again: by what was read in the replies before a turn, or by their words alone."""
    past = session.turns[:turn]
    said = [sentence for each in past for sentence in sentences(each.reply or "")]
    seen = {signal.name for each in past for signal in shown(each)} & DONE_ONCE
    return seen | {name for name in DONE_ONCE if any(worded(name, sentence) for sentence in said)}


def alternatives(
    session: Session, material: Material, signals: Iterable[SignalName], turn: Turn, *, added: bool
) -> tuple[Alternative, ...]:
    """What the customer would have made of each line that fits, said in place of the reply of a turn.

    Args:
        session: The call the turn is from.
        material: The lines, rules and slots of that call.
        signals: What the lines should show.
        turn: A turn in which the trainee spoke.
        added: True to weigh each line as the end of the reply, and not in its place.
    """
    before = session.model_copy(update={"turns": session.turns[: turn.number]})
    reply = turn.reply or ""
    answered = content_stems(session.heard_before(turn.number)) | content_stems(reply)
    return tuple(
        Alternative(
            signal=signal,
            text=line,
            moves=_taken(before, material, turn, f"{reply} {line}" if added else line, (signal, line)),
            touches=len(answered & content_stems(line)),
        )
        for signal, line in fitting_lines(session, material, signals, turn.number)
        if not (added and _announced(signal, line, session, turn.number + 1))
    )


def _taken(
    before: Session, material: Material, turn: Turn, words: str, written: tuple[SignalName, str]
) -> dict[Feeling, float]:
    at = turn.act.at if turn.act else before.started.at
    reading = ReplyRead(
        at=at,
        turn=turn.number,
        signals=tuple(_read(before, material, words, written)),
        promises=promises_in(words, material),
        learned=False,
    )
    said = Turn(number=turn.number, act=TraineeSpoke(at=at, turn=turn.number, text=words), reading=reading)
    entries = Ledger(material).entries(before.model_copy(update={"turns": (*before.turns, said)}))
    return summed(entries, LEADING_FEELING[before.started.mood])


def _read(before: Session, material: Material, words: str, written: tuple[SignalName, str]) -> Iterator[Signal]:
    """What the detectors see in the words, and what the author of the line says it shows."""
    seen = read(exchange(before, material, words), known(before, material)).signals
    yield from seen
    signal, line = written
    if not any(each.name is signal for each in seen):
        start = words.index(line)
        yield Signal(name=signal, span=Span(quote=line, start=start, end=start + len(line)))


def _alike(line: frozenset[str], said: frozenset[str]) -> bool:
    return len(line & said) >= MUCH_ALIKE * len(line)


def _promised(line: str, session: Session, material: Material, turn: int) -> bool:
    """Whether a line speaks of anything that was promised before, be it with a condition."""
    made = {made.promise for number, made in session.promises if number < turn}
    phrases = (material.fill(phrase) for name in made for phrase in _words_of(name, material))
    return any(contains(line, phrase) for phrase in phrases)


def _announced(signal: SignalName, line: str, session: Session, turn: int) -> bool:
    """Whether a line announces a deed where an earlier reply announced or reported something about the same thing; to
    stay is said once.
    """
    earlier = (sentence for past in session.turns[:turn] for sentence in sentences(past.reply or ""))
    about = topics(line) if signal in ACTS else frozenset()
    stays = bool(_STAYS.search(plain(line)))
    return any(
        (stays and _STAYS.search(plain(sentence))) or (_DEED.search(plain(sentence)) and about & topics(sentence))
        for sentence in earlier
    )


def _words_of(promise: str, material: Material) -> tuple[str, ...]:
    known = material.scenario.promises.get(promise)
    return known.words if known else ()


def _is_told(signal: SignalName, authored: str, session: Session, material: Material, turn: int) -> bool:
    """Whether all that a line has from the case was said in the contact by then; an act may rest on the notes, too."""
    utterances = " ".join(utterance.text for utterance in session.utterances_before(turn))
    briefing = material.scenario.briefing
    notes = "" if signal in OF_THE_STORY else material.fill(" ".join((*briefing.history, *briefing.policy)))
    known = plain(f"{utterances} {notes} {material.slots.get('first_name', '')}")
    if not all(plain(material.slots.get(slot, "")) in known for slot in slots_in(authored)):
        return False
    if signal not in OF_THE_STORY:
        return True
    story = " ".join(fact.text for fact in material.scenario.facts)
    needed = content_stems(material.fill(authored)) & content_stems(material.fill(story))
    return needed <= content_stems(known)


def _may_be_said(authored: str, material: Material, told: set[str], given_away: set[str]) -> bool:
    slots = slots_in(authored)
    if not slots <= material.slots.keys():
        return False
    values = _words(material.slots[slot] for slot in slots)
    return values <= told and not _words([material.fill(authored)]) & given_away


def _told(session: Session, material: Material, turn: int) -> set[str]:
    """Words of all that the trainee could know before `turn`: briefing, open facts, what was said."""
    scenario, unlocked = material.scenario, _unlocked_before(session, turn)
    briefing = scenario.briefing
    authored = [scenario.situation, briefing.role, *briefing.history, *briefing.policy]
    authored += [fact.text for fact in scenario.facts if fact.unlock is None or fact.id in unlocked]
    names = [material.slots.get(slot, "") for slot in ("customer", "first_name")]
    said = [utterance.text for utterance in session.utterances_before(turn)]
    return _words([*map(material.fill, authored), *names, *said])


def _locked(session: Session, material: Material, turn: int) -> set[str]:
    unlocked = _unlocked_before(session, turn)
    facts = material.scenario.facts
    return _words(material.fill(fact.text) for fact in facts if fact.unlock is not None and fact.id not in unlocked)


def _spoken_openly(material: Material) -> set[str]:
    """Words of lines the customer may say at any time: the author holds that these give nothing away."""
    banks = (material.scenario.lines, material.persona.lines)
    return _words(line.text for bank in banks for lines in bank.values() for line in lines if not line.needs)


def _unlocked_before(session: Session, turn: int) -> set[str]:
    return {fact for past in session.turns[:turn] if past.choice for fact in past.choice.unlocked}


def _words(texts: Iterable[str]) -> set[str]:
    """Words that carry something: of four letters and more, or with a digit."""
    found = (word.lower() for text in texts for word in _WORD.findall(text))
    return {word for word in found if len(word) > 3 or any(character.isdigit() for character in word)}
