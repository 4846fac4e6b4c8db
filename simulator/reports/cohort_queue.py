"""The coaching queue in lines of text, each entry whole: what, whose session and turn, the words, how often.

Apart from the queue itself because a lead reads this aloud, and a program reads the values.
"""

from collections.abc import Iterator, Mapping

from simulator.cohorts.coaching import CoachingMoment, CoachingQueue, Disagreement, WaitingDispute
from simulator.cohorts.coaching_signs import Kind, Sign
from simulator.reports.cohort_words import counted, dimension_name, name_of
from simulator.reports.phrases import SHOWN
from simulator.reports.printing import closed, in_words

BIG = 10
"""From so many sessions on, what shows in one of them is told as a single case."""

NOTHING = "Nothing waits: no error, no pattern, no dispute and no disagreement was found in what was read."

_HEADS: Mapping[Kind, str] = {
    "critical": "Critical error",
    "lost": "A good start that was lost",
    "fault": "What made it worse",
    "missing": "What no reply plainly did",
}


def lines(queue: CoachingQueue) -> Iterator[str]:
    """The whole queue."""
    yield f"COACHING QUEUE: {name_of(queue.cohort)}"
    yield f"{counted(queue.sessions, 'session')} read. One moment for each pattern, where it shows most."
    if queue.is_empty:
        yield NOTHING
    for number, moment in enumerate(queue.moments, start=1):
        yield from ("", f"{number}. {_head(moment.sign)}", *_moment(moment, queue.sessions))
    if queue.disputes:
        yield from ("", "DISPUTES THAT WAIT TO BE SETTLED")
        for one in queue.disputes:
            yield from ("", *_dispute(one))
    if queue.disagreements:
        yield from ("", "REPLIES ON WHICH PEOPLE AND THE RATER DISAGREE")
        for other in queue.disagreements:
            yield from ("", *_disagreement(other))


def _head(sign: Sign) -> str:
    return f"{_HEADS[sign.kind]}: {_what(sign)}" if sign.kind != "lost" else _HEADS[sign.kind]


def _what(sign: Sign) -> str:
    names = {name.value: words for name, words in SHOWN.items()}
    return name_of(sign.title or names.get(sign.pattern) or in_words(sign.pattern))


def _moment(moment: CoachingMoment, read: int) -> Iterator[str]:
    sign = moment.sign
    yield _how_often(moment, read)
    begun = sign.at.astimezone()
    yield f"{name_of(sign.person)}, {name_of(sign.scenario)}, {begun.day} {begun:%B %Y, %H:%M}."
    yield f"Session {name_of(sign.session)}, turn {sign.turn}."
    if sign.before:
        yield f"Customer: “{name_of(sign.before)}”"
    yield f"Done: {name_of(sign.quote)[1:-1]}" if sign.quote.startswith("(") else f"Reply: “{name_of(sign.quote)}”"
    if sign.kind == "lost":
        yield f"The customer came back up by {sign.points:.0f} points, and it ended: {in_words(sign.pattern)}."
    if sign.goal:
        yield f"To try: {closed(name_of(sign.goal))}"


def _how_often(moment: CoachingMoment, read: int) -> str:
    if moment.sessions == 1 and read >= BIG:
        return f"In 1 of {read:,} sessions: a single case, and no habit of the group.{_cost(moment)}"
    where = f"In {moment.sessions:,} of {counted(read, 'session')}, of {counted(moment.people, 'person', 'people')}."
    return f"{where}{_cost(moment)}"


def _cost(moment: CoachingMoment) -> str:
    match moment.sign.kind:
        case "fault":
            return f" It cost {moment.points:.0f} points of the customers' calm and trust in all."
        case "missing":
            return f" By the scenarios' rules it would have been worth about {moment.points:.0f} points in all."
        case _:
            return ""


def _dispute(waiting: WaitingDispute) -> Iterator[str]:
    one = waiting.dispute
    wish = f", which should be {one.level}" if one.level else ""
    about = dimension_name(one.dimension) if one.dimension else "all levels"
    yield f"{name_of(waiting.person)}, session {name_of(one.session)}, turn {one.turn}: {about} contested{wish}."
    levels = ", ".join(f"{dimension_name(name)} {level or 'no room'}" for name, level in one.levels.items())
    yield f"Levels: {levels}."
    yield f"Reply: “{name_of(one.reply)}”"
    yield f"Reason: “{name_of(one.reason)}”"


def _disagreement(one: Disagreement) -> Iterator[str]:
    given = ", ".join(f"{name_of(who)} {level}" for who, level in one.levels.items())
    yield f"{dimension_name(one.dimension)}, {one.apart} levels apart: {given}."
    yield f"Reply {name_of(one.reply)}: “{name_of(one.text)}”"
