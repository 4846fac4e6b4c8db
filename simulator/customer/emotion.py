"""The ledger: what moved the customer's emotion, by which rule, how far, and what held it back. Apart, because emotion
is moved here and nowhere else, by signals and events only: no clock, no score and no model reaches it."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from simulator.content.material import Material
from simulator.content.schema import Limits, Rule
from simulator.customer.conditions import Standing, holds, words_behind
from simulator.customer.doubts import doubted, is_doubted
from simulator.customer.hearing import sentences, stems
from simulator.customer.waits import was_agreed
from simulator.events import TraineeHeld, TraineeSilent, TraineeTransferred
from simulator.session import Session, Turn
from simulator.vocabulary import PROMISED_TOO_MUCH, SAID_BEFORE, Emotion, Feeling, LedgerEntry, Signal, SignalName

SECONDS_IN_RULES = 30.0
"""Rules for hold and silence give their points for this many seconds; other lengths by the square root."""

_LONGEST_FACTOR = 3.0
_TAKEN_BACK = 0.35
"""How much good words count in a reply that goes back on an earlier one."""
_AGREED = 0.4
"""How much a wait counts that was asked about, and was no longer than was said."""


class Ledger:
    """Turns the signals of a turn into signed entries. Pure: the same session gives the same entries."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._limits = material.defaults.limits
        self._rules = effective_rules(material)

    def entries(self, session: Session) -> tuple[LedgerEntry, ...]:
        """What the reading of the current turn does to the emotion before it, after all caps.

        Empty for a turn that has not been read.
        """
        if not session.turns or session.turns[-1].reading is None:
            return ()
        before = session.emotion_after(len(session.turns) - 2)
        standing = self._standing(session, before)
        asked = [
            entry
            for rule in self._rules
            if applies(rule, session, standing)
            for entry in self._asked(rule, session, before, standing)
        ]
        return settle(asked, before, self._limits)

    def event_entries(self, event_id: str) -> tuple[LedgerEntry, ...]:
        """What an event of the scenario does. Temperament and caps do not touch it: the author meant it.

        Raises:
            KeyError: the scenario has no such event.
        """
        event = {event.id: event for event in self._material.scenario.events}[event_id]
        return tuple(
            LedgerEntry(rule=event_id, signal=None, quote=self._what_happened(event.say), feeling=f, asked=p, delta=p)
            for f, p in event.moves.items()
        )

    def _what_happened(self, say: str) -> str:
        return f"(event) {self._material.fill(say)}"

    def _standing(self, session: Session, before: Emotion) -> Standing:
        """As it was when the reply was heard, so that a turn can be explained after it has moved the emotion."""
        mood = session.started.mood
        return Standing.of(session, self._material).model_copy(
            update={"trust": before.trust, "upset": before.upset(mood)}
        )

    def _asked(self, rule: Rule, session: Session, before: Emotion, standing: Standing) -> Iterator[LedgerEntry]:
        turn = session.turns[-1]
        signal = self._believed(turn, rule.signal)
        words = words_behind(rule.when, standing) if rule.signal is None else None
        weight = _weight(signal) * _length_of_act(signal, turn)
        weight *= _AGREED if was_agreed(session, turn.number) else 1.0
        for feeling, points in rule.moves.items():
            calms = soothes(feeling, points)
            if calms and shows(turn, SignalName.ADDRESSES_MACHINE):
                continue
            factor = self._temperament(calms) * inertia(session, before, feeling, points)
            if calms and takes_back_a_promise(session):
                factor *= _TAKEN_BACK
            if calms and signal:
                factor *= self._limits.wear ** times_before(session, signal.name)
            asked = round(points * weight * factor, 1)
            void = self._void(session, signal) if calms else None
            yield LedgerEntry(
                rule=rule_id(rule),
                signal=rule.signal,
                quote=words or quote(turn, signal),
                feeling=feeling,
                asked=asked,
                delta=0.0 if void else asked,
                cap=void,
                listened_for=words is not None,
            )

    def _believed(self, turn: Turn, name: SignalName | None) -> Signal | None:
        """The surest showing of a signal in words that are not doubted, or else in words that are."""
        doubts, reply = doubted(turn, self._material), turn.reply or ""
        signals = turn.reading.signals if turn.reading else ()
        sound = [signal for signal in signals if signal.name is name and not is_doubted(signal, reply, doubts)]
        return max(sound, key=lambda signal: signal.probability, default=strongest(turn, name))

    def _void(self, session: Session, signal: Signal | None) -> str | None:
        """Why words that would soothe do nothing here, if they do nothing."""
        if said_before(session, signal):
            return SAID_BEFORE
        turn = session.turns[-1]
        doubts = doubted(turn, self._material)
        return PROMISED_TOO_MUCH if is_doubted(signal, turn.reply or "", doubts) else None

    def _temperament(self, calms: bool) -> float:
        """How strongly this person reacts; 1 for the usual 50."""
        nature = self._material.persona.temperament
        leaning = 0.5 + nature.forgiveness / 100 if calms else 1.5 - nature.patience / 100
        return leaning * (0.75 + nature.volatility / 200)


def effective_rules(material: Material) -> tuple[Rule, ...]:
    """Default rules, those of the scenario in place of default ones with the same id, for this mood only."""
    own = material.scenario.rules
    replaced = {rule_id(rule) for rule in own}
    rules = [rule for rule in material.defaults.rules if rule_id(rule) not in replaced]
    return tuple(rule for rule in (*rules, *own) if not rule.moods or material.scenario.mood in rule.moods)


def rule_id(rule: Rule) -> str:
    """The name the ledger shows: the rule's own, or its signal's."""
    return rule.id or (rule.signal.value if rule.signal else "")


def applies(rule: Rule, session: Session, standing: Standing) -> bool:
    """Whether the current turn calls for the rule."""
    if rule.signal is not None and not shows(session.turns[-1], rule.signal):
        return False
    if rule.signal is not None and times_before(session, rule.signal) < rule.after:
        return False
    return rule.when is None or holds(rule.when, standing)


def soothes(feeling: Feeling, points: float) -> bool:
    """Whether a change is for the better: trust up, anything else down."""
    return points > 0 if feeling is Feeling.TRUST else points < 0


def shows(turn: Turn, name: SignalName) -> bool:
    """Whether the turn shows the signal at all, however unsure the detector is: the ledger weighs that."""
    return strongest(turn, name) is not None


def takes_back_a_promise(session: Session) -> bool:
    """Whether the last reply goes back on its word after something had been promised, or said to be done."""
    promised = any(turn < len(session.turns) - 1 for turn, _ in session.promises)
    acted = any(shows(past, SignalName.COMMITS_ACTION) for past in session.turns[:-1])
    return shows(session.turns[-1], SignalName.GOES_BACK) and (promised or acted)


def strongest(turn: Turn, name: SignalName | None) -> Signal | None:
    """The surest showing of a signal in a turn. A signal shown three times in one reply still counts once."""
    found = [signal for signal in (turn.reading.signals if turn.reading else ()) if signal.name is name]
    return max(found, key=lambda signal: signal.probability, default=None)


def times_before(session: Session, name: SignalName) -> int:
    """In how many earlier turns the signal was shown."""
    return sum(shows(turn, name) for turn in session.turns[:-1])


def said_before(session: Session, signal: Signal | None) -> bool:
    """Whether the very words behind a signal were used in an earlier turn: said twice, they soothe no more."""
    if signal is None or signal.span is None:
        return False
    words = stems(signal.span.quote)
    return any(
        past.span is not None and stems(past.span.quote) == words
        for turn in session.turns[:-1]
        for past in (turn.reading.signals if turn.reading else ())
        if past.name is signal.name
    )


def inertia(session: Session, before: Emotion, feeling: Feeling, points: float) -> float:
    """How easily a feeling moves this way now; about 1.

    Trust makes calming easier and cushions a slip. What is already high rises less. What went the other way in the
    last turn turns slowly.
    """
    trust = before.trust / 100
    ease = 0.7 + 0.6 * trust if soothes(feeling, points) else 1.1 - 0.3 * trust
    room = 1.5 - 1.05 * before.degree(feeling) / 100 if points > 0 else 1.0
    return ease * min(1.0, room) * (0.8 if _turns_round(session, feeling, points) else 1.0)


def _turns_round(session: Session, feeling: Feeling, points: float) -> bool:
    last = len(session.turns) - 2
    if last < 1:
        return False
    moved = session.emotion_after(last).degree(feeling) - session.emotion_after(last - 1).degree(feeling)
    return abs(moved) > 3 and (moved > 0) != (points > 0)


def _weight(signal: Signal | None) -> float:
    return signal.probability if signal else 1.0


def _length_of_act(signal: Signal | None, turn: Turn) -> float:
    """How much a hold or silence counts for its length; 1 for words."""
    if signal is None or signal.name not in (SignalName.PUTS_ON_HOLD, SignalName.STAYS_SILENT):
        return 1.0
    seconds = seconds_of(signal, turn)
    return 1.0 if seconds is None else min(_LONGEST_FACTOR, math.sqrt(seconds / SECONDS_IN_RULES))


def seconds_of(signal: Signal, turn: Turn) -> float | None:
    """How long a hold or silence lasted: as the signal says, else as the act does; None where words announced it."""
    if signal.about and (found := re.search(r"\d+(?:\.\d+)?", signal.about)):
        return float(found.group())
    return float(turn.act.seconds) if isinstance(turn.act, TraineeHeld | TraineeSilent) else None


def quote(turn: Turn, signal: Signal | None) -> str:
    """The words behind an entry, verbatim, or a plain description of the act."""
    if signal and signal.span:
        return signal.span.quote
    match turn.act:
        case TraineeHeld(seconds=seconds):
            return f"({seconds} seconds on hold)"
        case TraineeSilent(seconds=seconds):
            return f"({seconds} seconds of silence)"
        case TraineeTransferred(to=to):
            return f"(transfer to {to})"
        case _:
            return next(iter(sentences(turn.reply or "")), "(nothing said)")


def settle(asked: Sequence[LedgerEntry], before: Emotion, limits: Limits) -> tuple[LedgerEntry, ...]:
    """The entries as they are applied: within the cap of a rule, the cap of a turn for each feeling, and 0 to 100.

    What a turn asks for beyond a cap is taken off in proportion, so that every reason stays visible. The sum of the
    deltas of a feeling is what the feeling moves by.
    """
    single = [_within_rule(entry, limits.per_rule) for entry in asked]
    settled: list[LedgerEntry] = []
    for feeling in Feeling:
        entries = [entry for entry in single if entry.feeling is feeling]
        settled += _within_turn(entries, before.degree(feeling), limits.per_feeling)
    return tuple(entry for entry in settled if entry.delta or entry.cap)


def _within_rule(entry: LedgerEntry, cap: float) -> LedgerEntry:
    if abs(entry.delta) <= cap:
        return entry
    return entry.model_copy(update={"delta": math.copysign(cap, entry.delta), "cap": f"{cap:g} points a rule"})


def _within_turn(entries: Sequence[LedgerEntry], degree: float, cap: float) -> list[LedgerEntry]:
    total = sum(entry.delta for entry in entries)
    bound = min(cap, 100 - degree) if total > 0 else max(-cap, -degree)
    if abs(total) <= abs(bound) + 1e-9:
        return list(entries)
    why = f"{cap:g} points a turn" if abs(bound) == cap else "nothing beyond 0 or 100"
    pushing = [entry for entry in entries if entry.delta * total > 0]
    push = sum(entry.delta for entry in pushing)
    share = (bound - (total - push)) / push
    shortened = [
        entry.model_copy(update={"delta": _short(entry.delta * share), "cap": entry.cap or why}) for entry in pushing
    ]
    rest = round(bound - (total - push) - sum(entry.delta for entry in shortened), 1)
    largest = max(shortened, key=lambda entry: abs(entry.delta))
    kept = [entry for entry in entries if entry.delta * total <= 0]
    return kept + [
        entry.model_copy(update={"delta": round(entry.delta + rest, 1)}) if entry is largest else entry
        for entry in shortened
    ]


def _short(points: float) -> float:
    """One decimal, towards zero: what is cut off goes to the largest entry, so that the sum is the cap."""
    return math.trunc(round(points * 10, 6)) / 10


def moves(entries: Iterable[LedgerEntry]) -> Mapping[Feeling, float]:
    """What entries come to, by feeling: the argument of `Emotion.moved`."""
    total: dict[Feeling, float] = {}
    for entry in entries:
        total[entry.feeling] = round(total.get(entry.feeling, 0.0) + entry.delta, 1)
    return total
