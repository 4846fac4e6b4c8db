"""One turn of the trainee by itself: its levels, the words they rest on, and what the next level asks of a reply."""

from collections.abc import Iterator

from simulator.content.material import Material
from simulator.contested import Dispute, remark
from simulator.debriefing.goals import worth
from simulator.debriefing.grounds import RuledLevel, by_rule, met_enough, quoted, spoiling, unexplained, unmet
from simulator.debriefing.moments import act_in_words, cut_before
from simulator.debriefing.scores import level_anchor, level_to_aim_for
from simulator.session import Session, Turn
from simulator.vocabulary import Evidence, Level, Value


class NextStep(Value):
    """What a reply lacked for the next level of one dimension that is worth aiming for."""

    dimension: str
    """The dimension's name."""
    level: Level
    """The level the reply has."""
    next_level: Level
    """The level to aim for: one up, and never below 3."""
    name: str
    """Name of that level."""
    anchor: str
    """What a reply at the next level does, in the rubric's words."""
    unmet: tuple[str, ...] = ()
    """The rubric's questions about it to which this reply gave no yes, where yes is wanted; first what is worth most to
    this customer."""
    spoiling: tuple[str, ...] = ()
    """The rubric's questions about it to which this reply gave a yes, where no is wanted."""


class TurnReview(Value):
    """One turn of the trainee, looked at by itself."""

    turn: int
    """Number of the turn."""
    before: str
    """The customer's words it answers, as far as they were heard."""
    before_cut: bool
    """True if the trainee cut in there."""
    reply: str | None
    """The trainee's words, verbatim; None for an act."""
    act: str | None
    """What was done instead of speaking, in plain words."""
    rated: bool
    """False: there is no rating (an act, a rating that failed or never came)."""
    levels: dict[str, Level | None]
    """By dimension id; None where the moment gave no room."""
    expected: dict[str, float | None]
    """The levels before rounding, by dimension id."""
    evidence: tuple[Evidence, ...]
    """The words the levels rest on; what does not stand in the transcript, or bears no name, is left out."""
    missing: tuple[NextStep, ...]
    """For each dimension below 5, what the level to aim for asks of a reply."""
    unexplained: tuple[str, ...] = ()
    """Ids of the dimensions whose level the rater found in the reply as a whole: no quoted words show it."""
    by_rule: tuple[RuledLevel, ...] = ()
    """The levels that rules of the rubric gave, with the answers they rest on."""
    remarks: dict[str, str] = {}
    """Which levels are contested or revised, and by whom, by dimension id."""
    disputes: tuple[Dispute, ...] = ()
    """What was contested about the levels, and what came of it, in order."""


def review(session: Session, turn: Turn, told: Turn, material: Material) -> TurnReview:
    """One turn as it was read, and as it is `told`: with only what its words bear."""
    rating = turn.rating
    evidence = tuple(each for each in quoted(session, turn, told) if _is_verbatim(session, each))
    return TurnReview(
        turn=turn.number,
        before=session.heard_before(turn.number),
        before_cut=cut_before(session, turn.number),
        reply=turn.reply,
        act=act_in_words(turn.act),
        rated=rating is not None,
        levels=rating.levels if rating else {},
        expected=rating.expected if rating else {},
        evidence=evidence,
        missing=tuple(_missing(session, turn, told, material)) if rating else (),
        unexplained=tuple(unexplained(turn, evidence)),
        by_rule=tuple(by_rule(turn, material.rubric.dimensions)),
        remarks=dict(_remarks(turn)),
        disputes=turn.disputes,
    )


def _remarks(turn: Turn) -> Iterator[tuple[str, str]]:
    for name, level in (turn.rated.rating.levels if turn.rated and turn.rated.rating else {}).items():
        if words := remark(turn.disputes, name, level):
            yield name, words


def _is_verbatim(session: Session, evidence: Evidence) -> bool:
    """Evidence is shown only where its words stand in the transcript as quoted."""
    if evidence.turn >= len(session.turns):
        return False
    turn = session.turns[evidence.turn]
    text = turn.reply or "" if evidence.speaker == "trainee" else turn.line.text if turn.line else ""
    return bool(evidence.quote) and evidence.quote in text


def _missing(session: Session, turn: Turn, told: Turn, material: Material) -> Iterator[NextStep]:
    """What may have been there is not called missing, and what only may have been is not called better left out."""
    for dimension in material.rubric.dimensions:
        level = turn.rating.levels.get(dimension.id) if turn.rating else None
        aim = level_to_aim_for(level, dimension) if level else None
        if level is None or aim is None:
            continue
        anchor = level_anchor(dimension, aim)
        done = met_enough(session, turn, dimension)
        lacked = (one for one in unmet(turn, dimension, material.scenario.exemplars.keys()) if one.id not in done)
        yield NextStep(
            dimension=dimension.name,
            level=level,
            next_level=aim,
            name=anchor.name,
            anchor=anchor.anchor,
            unmet=tuple(check.question for check in sorted(lacked, key=lambda check: -worth(material, check))),
            spoiling=tuple(check.question for check in spoiling(told, dimension)),
        )
