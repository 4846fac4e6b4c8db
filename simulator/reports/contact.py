"""How a contact as a whole is said: its score with parts and intervals, repeats, promises, handoffs.

Apart from `phrases`, which says what single replies and moments were.
"""

from collections.abc import Iterator
from typing import assert_never

from simulator.assessment.average import RULE
from simulator.assessment.certainty import Between, Interval, Unknown
from simulator.debriefing.debrief import CONTACT, Debrief
from simulator.debriefing.handoffs import Handoff
from simulator.debriefing.promises import A_WAIT, PromiseOutcome
from simulator.debriefing.scores import DimensionScore
from simulator.reports.conditions import plainly
from simulator.reports.phrases import NOT_CALIBRATED
from simulator.reports.printing import closed, in_words, printable
from simulator.vocabulary import Ending

NOT_SAID = "not said"


def range_of(interval: Interval) -> str:
    """An interval in a few words: "1.7 to 4.1"."""
    return f"{interval.low:.1f} to {interval.high:.1f}" if isinstance(interval, Between) else "interval unknown"


def level_of(score: DimensionScore) -> str:
    """A dimension's mean in one phrase, with its interval."""
    if score.mean is None:
        return "not rated: no reply gave room for it, or none could be rated"
    sure = f"95 % interval {range_of(score.interval)}" if isinstance(score.interval, Between) else "interval unknown"
    return f"{score.mean:.1f} of 5, {sure}, the mean of {score.n} {'reply' if score.n == 1 else 'replies'}"


def marked_level_of(score: DimensionScore) -> str:
    """The same with the mark of a dimension that is not calibrated."""
    return f"{level_of(score)} ({score.mark})" if score.mark else level_of(score)


def parts_of(debrief: Debrief) -> str:
    """How the overall score comes about: never the total without its parts and how sure they are."""
    overall = debrief.overall
    if overall is None:
        return "Nothing could be rated, so there is no overall score."
    marked = {score.name for score in debrief.dimensions if score.mark}
    alike = len({part.weight for part in overall.parts}) == 1
    listed = ", ".join(
        f"{part.dimension} {part.mean:.1f} ({range_of(part.interval)}{'' if alike else f', weight {part.weight:g}'})"
        f"{NOT_CALIBRATED if part.dimension in marked else ''}"
        for part in overall.parts
    )
    mean = "mean" if alike else "weighted mean"
    return f"{overall.mean:.1f} of 5 ({range_of(overall.interval)}): the {mean} of {listed}."


def certainty_of(debrief: Debrief) -> list[str]:
    """What the intervals mean, or why there are none; and what recovery did, where it did something."""
    told = [_sureness(debrief.overall.interval)] if debrief.overall else []
    slips = [
        f"{score.name} in turn {turn.turn}" for score in debrief.dimensions for turn in score.turns if turn.recovered
    ]
    return [*told, f"{RULE} Here: {', '.join(slips)}."] if slips else told


def _sureness(interval: Interval) -> str:
    match interval:
        case Between():
            return (
                "The intervals are for 95 %: they hold the spread between the replies and the rater's own error. Where "
                "they are wide, the replies are too few, or too different, for the number to say much."
            )
        case Unknown(why=why):
            return f"How sure these numbers are is not known. {why}"


def whole_of(debrief: Debrief) -> list[str]:
    """The contact as a whole, in sentences: how it ended, what was said again, promises, handoffs."""
    whole = debrief.conversation
    return [
        f"Resolution: {_resolution(whole.ending)}.{_missing(debrief)}",
        *_repeats(debrief),
        *_promises(debrief),
        *_others(debrief),
        *(line for handoff in whole.handoffs for line in _handoff(handoff)),
    ]


def _missing(debrief: Debrief) -> str:
    """What it would have taken to settle the matter, by the scenario's own condition."""
    parts = [plainly(part, debrief.leading) for part in debrief.conversation.missing]
    return f" In this scenario it is settled once {'; and '.join(parts)}." if parts else ""


def _resolution(ending: Ending | None) -> str:
    match ending:
        case None:
            return "open, as the contact has not ended"
        case Ending.RESOLVED:
            return "settled"
        case Ending.SETTLED_PARTLY:
            return "settled in part"
        case Ending.ESCALATED:
            return "not settled here, passed on"
        case Ending.FAILED:
            return "not known, as the program failed"
        case Ending.HUNG_UP | Ending.DROPPED | Ending.TRAINEE_ENDED | Ending.LIMIT:
            return "not settled"
        case _:
            assert_never(ending)


def _repeats(debrief: Debrief) -> Iterator[str]:
    repeats = debrief.conversation.repeats
    if not repeats:
        yield "Said again: no question was noticed that had been answered before."
        return
    where = "one turn" if len(repeats) == 1 else f"{len(repeats)} turns"
    yield f"Said again: in {where} the customer was asked for what they had said, or had to say it again."
    for repeat in repeats:
        who = "asked" if repeat.speaker == "trainee" else "the customer said"
        yield f"Turn {repeat.turn}, {who}: “{printable(repeat.quote)}”"


def _promises(debrief: Debrief) -> Iterator[str]:
    whole = debrief.conversation
    if not whole.promises:
        yield "Promises: none that this scenario knows."
        return
    known = "counted are those this scenario knows"
    counts = ", ".join(f"{whole.promised(state)} {state}" for state in ("kept", "broken", "open"))
    about = f"; open: nothing that was recognised in the {CONTACT[debrief.channel]} shows whether it was kept"
    yield f"Promises: {len(whole.promises)} made, {counts} ({known}{about if whole.promised('open') else ''})."
    yield from map(_promise, whole.promises)


def _others(debrief: Debrief) -> Iterator[str]:
    said = [f"turn {turn} “{printable(words)}”" for turn, words in debrief.conversation.others]
    if said:
        yield f"Also promised, and not followed up by this scenario: {'; '.join(said)}"


def _promise(outcome: PromiseOutcome) -> str:
    what = outcome.promise if outcome.promise == A_WAIT else in_words(outcome.promise)
    made = f"Turn {outcome.turn}, {what}, “{printable(outcome.quote)}”: {outcome.state}"
    if outcome.shown_by is None:
        return f"{made}."
    if outcome.by_words and outcome.shown_by == outcome.quote:
        return f"{made}; the words report it done."
    shown = f"“{printable(outcome.shown_by)}”" if outcome.by_words else outcome.shown_by
    return f"{made}. {f'In turn {outcome.shown_in}: ' if outcome.shown_in else ''}{printable(closed(shown))}"


def _handoff(handoff: Handoff) -> Iterator[str]:
    to = printable(handoff.to)
    yield f"Handed on in turn {handoff.turn}, to {to}. Of three things to say first, {handoff.told} were said."
    told = (
        ("who takes over", handoff.who),
        ("why", handoff.why),
        ("that nothing need be said again", handoff.nothing_again),
    )
    for what, words in told:
        yield closed(f"{what.capitalize()}: {f'“{printable(words)}”' if words else NOT_SAID}")
