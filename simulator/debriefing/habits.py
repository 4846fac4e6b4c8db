"""Goals from what runs through a contact: the same fault in turn after turn, lectures, talk of oneself.

Apart from `lapses`, where one turn is enough.
"""

import re
from collections.abc import Sequence

from simulator.customer.hearing import plain
from simulator.debriefing.aims import Aim, Goal, turns_of
from simulator.debriefing.lapses import COSTLY, against, cost_of, faults
from simulator.debriefing.noticed import own_story
from simulator.debriefing.scores import CheckCount, DimensionScore
from simulator.session import Session
from simulator.vocabulary import SignalName

HABIT = 3
"""From so many turns with the same fault on, it runs through the contact, and a goal is about it, whatever it cost."""

LECTURES = 2
"""From so many turns that lecture on, a goal is about that, whatever it cost."""

SORRIES, SORRY_TURNS = 8, 5
"""From so many apologies on, in so many turns, a goal is about that."""

_SORRY = re.compile(r"(?<!don't )(?<!need to )(?<!to be )(?<!be )\b(?:sorry|apolog(?:y|ies|ise|ize))\b")

OWN_STORY = 2
"""From so many turns that speak of the trainee's own life on, a goal is about that."""


def after_habit(session: Session, scores: Sequence[DimensionScore]) -> Aim | None:
    """What should be left out and runs through the contact; not if what cost most does so itself."""
    found = faults(scores)
    dearest = max(found, key=lambda fault: cost_of(session, fault[1]), default=None)
    habits = [fault for fault in found if fault[1].met >= HABIT]
    if dearest is None or not habits or (dearest in habits and cost_of(session, dearest[1]) >= COSTLY):
        return None
    return _running_through(*max(habits, key=lambda fault: fault[1].met))


def after_own_story(session: Session, least: int) -> Aim | None:
    """Replies that turn to the trainee's own life, from so many turns on."""
    told = own_story(session)
    turns = sorted({turn for turn, _ in told})
    if len(turns) < least:
        return None
    where = f"In turns {', '.join(map(str, turns[:-1]))} and {turns[-1]}"
    sentence = "Keep every reply about the customer: leave your own family, day and desk out of it."
    basis = f"{where} the reply turned to something else, as in “{told[0][1]}” (turn {told[0][0]})."
    return Aim(goal=Goal(sentence=sentence, basis=basis))


def after_sorries(session: Session) -> Aim | None:
    """Replies that say sorry over and over."""
    said = {turn.number: len(_SORRY.findall(plain(turn.reply or ""))) for turn in session.turns}
    turns = [turn for turn, count in said.items() if count]
    if len(turns) < SORRY_TURNS or sum(said.values()) < SORRIES:
        return None
    sentence = "Say sorry once, for one thing, and put what you will do in the place of every other sorry."
    basis = f"This time there were {sum(said.values())} in {len(turns)} replies."
    return Aim(goal=Goal(sentence=sentence, basis=basis))


def after_lectures(scores: Sequence[DimensionScore]) -> Aim | None:
    """Replies that tell the customer how one ought to do things, in place of doing something."""
    told = (fault for fault in faults(scores) if SignalName.TELLS in fault[1].signals and fault[1].met >= LECTURES)
    lectures = next(told, None)
    return _running_through(*lectures) if lectures else None


def _running_through(score: DimensionScore, check: CheckCount) -> Aim:
    found = check.findings[0]
    words = f", as in “{found.quote}” (turn {found.turn})" if found.quote else ""
    return against(score, check, f"This time {turns_of(check)} went against it{words}.", found.turn)
