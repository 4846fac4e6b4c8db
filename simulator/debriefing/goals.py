"""One thing to try next time, and how far a call kept to the last one. Apart from the stronger line: a line is for one
moment of one call, a goal is taken into the next."""

import re
from collections.abc import Collection, Iterator, Sequence

from simulator.content.material import Material
from simulator.customer.bank import told
from simulator.customer.hearing import plain
from simulator.debriefing.aims import (
    Aim,
    Goal,
    did,
    for_the_first,
    is_met,
    likely,
    quoted,
    sentence_of,
    to_the_point,
    worth,
)
from simulator.debriefing.chances import Chance, best, chances
from simulator.debriefing.exemplars import fitting_lines
from simulator.debriefing.habits import (
    HABIT,
    OWN_STORY,
    after_habit,
    after_lectures,
    after_own_story,
    after_sorries,
)
from simulator.debriefing.lapses import (
    after_closing_early,
    after_critical,
    after_fault,
    after_few_replies,
    after_late_act,
    after_low_ownership,
    after_open_question,
    after_passing_over,
    after_slip,
    after_waiting,
    first_act,
)
from simulator.debriefing.moments import relief
from simulator.debriefing.placing import OPENING_TURNS, fits
from simulator.debriefing.scores import CheckCount, DimensionScore
from simulator.debriefing.turning_points import SETTLED, biggest_moments
from simulator.session import Session, Turn
from simulator.vocabulary import SignalName

__all__ = ["KEEP", "Goal", "goal", "goal_kept", "worth"]

KEEP = "Keep to this: "
"""How a goal begins that asks for nothing new."""

_CARING = (SignalName.NAMES_FEELING, SignalName.VALIDATES, SignalName.SPEAKS_TO_MEANING)
_LIKELY = 0.5

_TOO_FAST = re.compile(
    r"\b(?:too (?:fast|quick|much at once)|slow(?:ly|er)|slow down|hang on|lost me|(?:can't|cannot) (?:keep up|think)"
    r"|one (?:thing )?at a time|say (?:that|it) again|once more|breathe?|shak(?:e|ing)|panic\w*)\b"
)
"""What a customer says who needs time."""

DONE_OFTEN = 2
"""What was done in so many replies is no goal, though a goal may ask for it in every one."""


def goal(
    session: Session,
    material: Material,
    scores: Sequence[DimensionScore],
    loosely: Sequence[DimensionScore] = (),
    shown_above: str = "",
) -> Goal:
    """One thing to try next time.

    In this order: what a critical error calls for; an act the customer waited for; what ran through the contact; what
    cost this customer the most; a question that was passed over; what was missing where a reply did harm; a question
    left open at the end; what was missing where a reply did little; only then what was missing in the dimension with
    the most to gain; and what to keep, of a contact that settled the matter and lacked nothing.

    Args:
        session: The call it looks back at, as it is told (see `named`).
        material: Where the example comes from.
        scores: Every dimension, as counted there.
        loosely: The same counted wherever a detector found a check likely met: what may have been done is no goal.
        shown_above: A line the reader is shown anyway; the example is another one, or there is none.
    """
    if not any(turn.reply is not None for turn in session.turns):
        return Goal(sentence="Answer the customer at least once, so that there is a reply to look at.")
    aim = _after_lapse(session, material, scores, loosely) or _for_what_was_missing(session, material, scores, loosely)
    lines = (line for line in _examples(aim, session, material) if line != shown_above)
    return aim.goal.model_copy(update={"example": next(lines, None)})


def goal_kept(
    session: Session,
    material: Material,
    scores: Sequence[DimensionScore],
    loosely: Sequence[DimensionScore] = (),
) -> str | None:
    """How far this call kept to the goal the last debrief had set; None where that cannot be told."""
    if session.started.goal is None:
        return None
    before = session.started.goal.removeprefix(KEEP)
    for code, kind in material.rubric.critical.items():
        if kind.goal == before:
            again = sum(error.code == code for _, error in session.critical)
            return f"It was missed {_times(again)}." if again else "No reply of this call plainly went against it."
    found = (check for score in scores for check in score.checks if check.of and sentence_of(check) == before)
    check = next(found, None)
    return None if check is None else f"This time {did(check, loosely)}."


def _after_lapse(
    session: Session, material: Material, scores: Sequence[DimensionScore], loosely: Sequence[DimensionScore]
) -> Aim | None:
    first = first_act(session, loosely or scores)
    return (
        after_critical(session, material)
        or after_waiting(session, scores, first)
        or after_habit(session, scores)
        or after_own_story(session, HABIT)
        or after_low_ownership(scores, first)
        or after_fault(session, scores)
        or after_sorries(session)
        or after_few_replies(session)
        or after_own_story(session, OWN_STORY)
        or after_lectures(scores)
        or after_passing_over(session)
        or after_late_act(session, scores, first)
        or after_slip(session, scores)
    )


def _for_what_was_missing(
    session: Session, material: Material, scores: Sequence[DimensionScore], loosely: Sequence[DimensionScore]
) -> Aim:
    if not any(fact.matters and fact.id in told(session, material) for fact in material.scenario.facts):
        scores = [_without(score, SignalName.SPEAKS_TO_MEANING) for score in scores]
    if any(_cares(turn) for turn in session.turns[1 : OPENING_TURNS + 1]):
        scores = [_without_opening(score) for score in scores]
    if not any(_TOO_FAST.search(plain(turn.heard_text)) for turn in session.turns):
        scores = [_without(score, SignalName.GIVES_PACE) for score in scores]
    missing = [check for score in scores for check in _missing(score, scores, loosely)]
    rare = {check.id for check in missing if likely(check, loosely).met < DONE_OFTEN}
    places = chances(session, material, _weighed(scores, rare))
    harmed = best([place for place in places if place.harmed])
    weak = best(places)
    return (
        (_for_a_chance(harmed, scores, loosely) if harmed else None)
        or after_open_question(session)
        or (_for_a_chance(weak, scores, loosely) if weak else None)
        or after_closing_early(session, material)
        or (None if missing else _to_keep(session, scores))
        or _with_most_to_gain(material, scores, loosely)
    )


def _without(score: DimensionScore, signal: SignalName) -> DimensionScore:
    """Without asking for what nothing in the contact called for: what the matter means to a customer who has told
    nothing of that, time for one who never found it too fast."""
    kept = tuple(check for check in score.checks if check.met or signal not in check.signals)
    return score.model_copy(update={"checks": kept})


def _cares(turn: Turn) -> bool:
    """Whether a reply says anything of what the customer feels, as far as a detector can tell."""
    signals = turn.reading.signals if turn.reading else ()
    return any(one.name in _CARING and one.probability >= _LIKELY for one in signals)


def _without_opening(score: DimensionScore) -> DimensionScore:
    """Without asking for a word on the feeling at the start, where there was one."""
    kept = tuple(
        check for check in score.checks if not (for_the_first(check) and SignalName.NAMES_FEELING in check.signals)
    )
    return score.model_copy(update={"checks": kept})


def _weighed(scores: Sequence[DimensionScore], wanted: Collection[str]) -> dict[CheckCount, float]:
    """Checks with what each is worth for being on a dimension with much to gain: 1 at level 4, 2 at level 3."""
    return {
        check: max(1.0, 5 - score.mean) * score.weight if score.mean is not None else 1.0
        for score in scores
        for check in score.checks
        if check.id in wanted
    }


def _for_a_chance(chance: Chance, scores: Sequence[DimensionScore], loosely: Sequence[DimensionScore]) -> Aim | None:
    """What was missing, with the place that called for it."""
    both = ((score, check) for score in scores for check in score.checks if check.id == chance.check)
    score, check = next(both, (None, None))
    if score is None or check is None:
        return None
    place = f"Turn {chance.turn} had a place for it, after {quoted(to_the_point(chance.heard))}" if chance.heard else ""
    basis = f"This time {did(check, loosely)}. {place}".rstrip()
    goal = Goal(sentence=sentence_of(check), basis=basis, dimension=score.name, check=check.id)
    return Aim(goal=goal, signals=check.signals, turn=chance.turn)


def _to_keep(session: Session, scores: Sequence[DimensionScore]) -> Aim | None:
    """What calmed the customer most, of a contact that settled the matter; None of any other."""
    if session.ended is None or session.ended.ending not in SETTLED:
        return None
    reasons = [(moment, reason) for moment in biggest_moments(session) for reason in moment.reasons if reason.helped]
    for moment, reason in sorted(reasons, key=lambda pair: -relief(pair[1].moves)):
        for signal in reason.signals:
            score, check = next(_met_by(signal, scores), (None, None))
            early = check is not None and for_the_first(check) and moment.turn > OPENING_TURNS
            if score is not None and check is not None and not early:
                basis = f"In turn {moment.turn}, “{reason.quote}” helped most, and the matter was settled."
                sentence = f"{KEEP}{sentence_of(check)}"
                return Aim(goal=Goal(sentence=sentence, basis=basis, dimension=score.name, check=check.id))
    return None


def _met_by(signal: SignalName, scores: Sequence[DimensionScore]) -> Iterator[tuple[DimensionScore, CheckCount]]:
    both = ((score, check) for score in scores for check in score.checks if check.wanted and check.met)
    return ((score, check) for score, check in both if signal in check.signals)


def _with_most_to_gain(material: Material, scores: Sequence[DimensionScore], loosely: Sequence[DimensionScore]) -> Aim:
    rated = [(score, score.mean) for score in scores if score.mean is not None]
    ranked = [score for score, _ in sorted(rated, key=lambda pair: pair[0].weight * (pair[1] - 5))]
    for score in ranked or scores:
        gain = {check.id: _gain(material, check, loosely) for check in _missing(score, scores, loosely)}
        check = max((one for one in score.checks if one.id in gain), key=lambda one: gain[one.id], default=None)
        if check is not None:
            basis = f"This time {did(check, loosely)}." if check.of else None
            dimension = score.name if ranked else None
            goal = Goal(sentence=sentence_of(check), basis=basis, dimension=dimension, check=check.id)
            return Aim(goal=goal, signals=check.signals if check.wanted else ())
    if not ranked:
        return Aim(goal=Goal(sentence="Play on until replies can be rated: nothing in this contact could be."))
    goal = Goal(sentence=f'Before sending a reply, ask: "{ranked[0].question}"', dimension=ranked[0].name)
    return Aim(goal=goal)


def _missing(
    score: DimensionScore, scores: Sequence[DimensionScore], loosely: Sequence[DimensionScore]
) -> list[CheckCount]:
    """Checks of a dimension that were not met and had a place here. Who said what will be done need not offer help."""
    acted = any(SignalName.COMMITS_ACTION in check.signals and check.met for each in scores for check in each.checks)
    unmet = (check for check in score.checks if not is_met(likely(check, loosely)))
    needed = (check for check in unmet if not (acted and SignalName.OFFERS_HELP in check.signals))
    return [check for check in needed if check.tells or (check.wanted and not _knows_room(scores))]


def _gain(material: Material, check: CheckCount, loosely: Sequence[DimensionScore]) -> float:
    return (1 - likely(check, loosely).success) * (1 + worth(material, check))


def _knows_room(scores: Sequence[DimensionScore]) -> bool:
    """Whether the scenario says of any wanted check that it has a place for it."""
    return any(check.room for score in scores for check in score.checks if check.wanted)


def _examples(aim: Aim, session: Session, material: Material) -> list[str]:
    """Authored lines that do what a goal asks for and fit the place it is about."""
    last = len(session.turns)
    turn = last if aim.turn is None else aim.turn
    lines = fitting_lines(session, material, aim.signals, turn)
    if aim.turn is None:
        return [line for _, line in lines]
    ways = (True, False) if turn < last else (True,)
    return [line for name, line in lines if any(fits(name, line, session, turn, added=added) for added in ways)]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
