"""What to come back to: the moments that moved the customer most, a stronger line for the weakest, one goal.

Apart from the debrief because here something is chosen, while the debrief only reports. Stronger lines are authored:
they come from the scenario's exemplars, and never give away what the customer had not told by then.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, assert_never

from simulator.content.casting import slots_in
from simulator.content.material import Material
from simulator.scores import CheckCount, DimensionScore, shown
from simulator.session import Session, TraineeAct, TraineeHeld, TraineeSilent, TraineeSpoke, TraineeTransferred, Turn
from simulator.vocabulary import LEADING_FEELING, Feeling, LedgerEntry, SignalName, Value

_WORD = re.compile(r"[^\W_]+")
_QUESTION = re.compile(r"does (?:it|the reply) (?P<verb>.+)\?", re.IGNORECASE)


class Moment(Value):
    """A turn in which what the trainee said or did moved the customer."""

    turn: int
    direction: Literal["calmer", "more upset"]
    upset: float
    """Change of the leading feeling by this turn, signed, in points."""
    trust: float
    """Change of trust, signed, in points."""
    before: str
    """The customer's words just before, as far as they were heard."""
    reply: str | None
    """The trainee's words, verbatim; None for an act."""
    act: str | None
    """What was done instead of speaking, in plain words."""
    entries: tuple[LedgerEntry, ...]
    """Every reason why the emotion moved in this turn."""
    after: str
    """What the customer said to it."""


class StrongerLine(Value):
    """Something that could have been said at the weakest moment."""

    turn: int
    dimension: str | None
    """Name of the dimension the reply was weakest on; None where the ledger chose the moment."""
    before: str
    reply: str
    """The trainee's words, verbatim."""
    signal: SignalName
    """What the reply lacks and this line shows."""
    text: str
    label: Literal["authored"] = "authored"
    """Where the line comes from: a person wrote it, no model did."""


class Goal(Value):
    """One thing to try next time."""

    sentence: str
    dimension: str | None = None
    """Name of the dimension with the most to gain."""
    check: str | None = None
    """Id of the check that went as wanted least often."""
    example: str | None = None
    """An authored line that does it, in the words of this call."""


def act_in_words(act: TraineeAct | None) -> str | None:
    """What the trainee did instead of speaking; None if they spoke, or in the opening turn."""
    match act:
        case None | TraineeSpoke():
            return None
        case TraineeHeld(seconds=seconds):
            return f"The customer was put on hold for {_seconds(seconds)}."
        case TraineeSilent(seconds=seconds):
            return f"Nothing was said for {_seconds(seconds)}."
        case TraineeTransferred(to=to):
            return f"The customer was transferred to {to}."
        case _:
            assert_never(act)


def heard_before(session: Session, turn: int) -> str:
    """The customer's words of the turn before, as far as they were heard."""
    return session.turns[turn - 1].heard_text if turn > 0 else ""


def biggest_moments(session: Session, count: int = 3) -> tuple[Moment, ...]:
    """The turns in which the trainee moved upset and trust most, largest first.

    Ranked by the absolute sum of both changes. Both directions are shown where both occurred: if the largest all went
    one way, the last gives its place to the largest of the other way.
    """
    found = [moment for turn in session.turns if (moment := _moment(session, turn))]
    ranked = sorted(found, key=lambda moment: -abs(moment.upset) - abs(moment.trust))
    chosen, rest = ranked[:count], ranked[count:]
    if len({moment.direction for moment in chosen}) == 1:
        other = next((moment for moment in rest if moment.direction != chosen[0].direction), None)
        chosen = [*chosen[:-1], other] if other else chosen
    return tuple(chosen)


def stronger_line(session: Session, material: Material, scores: Sequence[DimensionScore]) -> StrongerLine | None:
    """An authored line for the weakest reply and a signal it lacks; None where no reply or no fitting line is."""
    turn, score = _weakest(session, scores)
    if turn is None or turn.reply is None:
        return None
    present = {signal.name for signal in shown(turn)}
    missing = [signal for signal in _wanted(score, scores) if signal not in present]
    found = next(_exemplars(session, material, missing, turn.number), None)
    if found is None:
        return None
    return StrongerLine(
        turn=turn.number,
        dimension=score.name if score else None,
        before=heard_before(session, turn.number),
        reply=turn.reply,
        signal=found[0],
        text=found[1],
    )


def goal(session: Session, material: Material, scores: Sequence[DimensionScore], shown_above: str = "") -> Goal:
    """One sentence on what to try next time: the dimension with the most to gain, its check that went worst.

    Args:
        session: The call it looks back at.
        material: Where the example comes from.
        scores: Every dimension, as counted.
        shown_above: A line the reader has seen already; the example is another one if there is another.
    """
    if not any(turn.reply is not None for turn in session.turns):
        return Goal(sentence="Next time, answer the customer at least once, so that there is a reply to look at.")
    rated = [(score, score.mean) for score in scores if score.mean is not None]
    aim = max(rated, key=lambda pair: pair[0].weight * (5 - pair[1]))[0] if rated else None
    check = _worst_check([aim] if aim else scores)
    if check is None:
        return _goal_without_check(aim)
    lines = [text for _, text in _exemplars(session, material, check.signals, len(session.turns)) if check.wanted]
    return Goal(
        sentence=_next_time(check),
        dimension=aim.name if aim else None,
        check=check.id,
        example=min(lines, key=lambda line: line == shown_above, default=None),
    )


def _seconds(count: int) -> str:
    return "1 second" if count == 1 else f"{count} seconds"


def _moment(session: Session, turn: Turn) -> Moment | None:
    entries = turn.feeling.entries if turn.feeling else ()
    # What an event of the scenario did is shown, but is not the reply's doing.
    caused = [entry for entry in entries if entry.rule not in session.fired]
    upset = _moved(caused, LEADING_FEELING[session.started.mood])
    trust = _moved(caused, Feeling.TRUST)
    if turn.act is None or not (upset or trust):
        return None
    return Moment(
        turn=turn.number,
        direction="calmer" if trust > upset else "more upset",
        upset=upset,
        trust=trust,
        before=heard_before(session, turn.number),
        reply=turn.reply,
        act=act_in_words(turn.act),
        entries=entries,
        after=turn.heard_text,
    )


def _moved(entries: Iterable[LedgerEntry], feeling: Feeling) -> float:
    return round(sum(entry.delta for entry in entries if entry.feeling is feeling), 1)


def _weakest(session: Session, scores: Sequence[DimensionScore]) -> tuple[Turn | None, DimensionScore | None]:
    """The reply to come back to: lowest in the weakest dimension; unrated sessions: where the ledger fell most."""
    rated = [(score, score.mean) for score in scores if score.mean is not None]
    if rated:
        score = min(rated, key=lambda pair: pair[1])[0]
        levels = [(level.turn, level.expected) for level in score.turns if level.expected is not None]
        return session.turns[min(levels, key=lambda pair: pair[1])[0]], score
    moments = [moment for turn in session.turns if turn.reply is not None and (moment := _moment(session, turn))]
    worst = min(moments, key=lambda moment: moment.trust - moment.upset, default=None)
    if worst is None or worst.direction == "calmer":
        return None, None
    return session.turns[worst.turn], None


def _wanted(first: DimensionScore | None, scores: Sequence[DimensionScore]) -> list[SignalName]:
    """Signals of all wanted checks, those of the weakest dimension first."""
    ordered = [*([first] if first else []), *(score for score in scores if score is not first)]
    return [signal for score in ordered for check in score.checks if check.wanted for signal in check.signals]


def _worst_check(scores: Sequence[DimensionScore]) -> CheckCount | None:
    """The check that went as wanted least often, among those that had a place here."""
    checks = [check for score in scores for check in score.checks]
    telling = [check for check in checks if check.tells] or [check for check in checks if check.wanted]
    return min(telling, key=lambda check: (check.success, not check.wanted), default=None)


def _next_time(check: CheckCount) -> str:
    asked = _QUESTION.fullmatch(check.question)
    what = f"let a reply {asked['verb']}" if asked else f'let a reply answer "{check.question}" with yes'
    if not check.wanted:
        return f"Next time, {what.replace('let a', 'let no', 1)}: this time {check.met} of {check.of} did."
    if not check.of:
        return f"Next time, at least twice, {what}."
    if check.met == 0:
        return f"Next time, at least twice, {what}: this time none of {check.of} did."
    if check.met == check.of:
        return f"Next time, again, {what} every time: this time all {check.of} did."
    return f"Next time, more often, {what}: this time {check.met} of {check.of} did."


def _goal_without_check(aim: DimensionScore | None) -> Goal:
    if aim is None:
        return Goal(sentence="Next time, play on until replies can be rated: nothing in this one could be.")
    return Goal(sentence=f'Next time, ask of every reply before sending it: "{aim.question}"', dimension=aim.name)


def _exemplars(
    session: Session, material: Material, signals: Iterable[SignalName], turn: int
) -> Iterator[tuple[SignalName, str]]:
    """Authored lines for these signals that could be said in `turn`, filled, in the order of the signals."""
    told = _told(session, material, turn)
    given_away = _locked(session, material, turn) - told - _spoken_openly(material)
    for signal in signals:
        for authored in material.scenario.exemplars.get(signal, ()):
            if _may_be_said(authored, material, told, given_away):
                yield signal, material.fill(authored)


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
