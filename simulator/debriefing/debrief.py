"""The debrief: what happened in a session, why, and what to try next. A pure function of session and material.

It speaks of replies and never of the person who wrote them; every quote is verbatim. How it looks is up to `reports`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import assert_never

from simulator.assessment.certainty import Reliability
from simulator.content.material import Material
from simulator.debriefing.caveats import caveats
from simulator.debriefing.conversation import Conversation, conversation
from simulator.debriefing.goals import Goal, goal, goal_kept
from simulator.debriefing.grounds import surely
from simulator.debriefing.moments import Moment
from simulator.debriefing.named import named
from simulator.debriefing.opinion import Opinion, opinion
from simulator.debriefing.proven import NOTHING_RATED, LinesRated, proven_line
from simulator.debriefing.reviews import TurnReview, review
from simulator.debriefing.scores import (
    DimensionScore,
    Overall,
    dimension_scores,
    overall,
    rater_of,
)
from simulator.debriefing.stronger import StrongerLine, stronger_lines
from simulator.debriefing.turning_points import biggest_moments
from simulator.events import ModelCard
from simulator.session import Session
from simulator.standing import Calibration, outdated
from simulator.vocabulary import (
    LEADING_FEELING,
    Channel,
    CriticalCode,
    Emotion,
    Ending,
    Feeling,
    Mood,
    Value,
)

CONTACT = {Channel.PHONE: "call", Channel.CHAT: "chat", Channel.EMAIL: "exchange of mails"}
"""What a contact is called on each channel."""


class Sources(Value):
    """How many customer lines came from where."""

    guided: int = 0
    """Chosen by the listener among authored lines."""
    free: int = 0
    """Written by the model."""
    fallback: int = 0
    """Last resorts that no model chose."""


class CriticalFinding(Value):
    """A critical error, with the words that show it."""

    code: CriticalCode
    """Which kind."""
    name: str
    """The kind in the rubric's words."""
    text: str
    """What counts as one, in the rubric's words."""
    turn: int
    """Number of the turn."""
    quote: str
    """The trainee's words, verbatim."""


class CurvePoint(Value):
    """How the customer felt after a turn; turn 0 is the start."""

    turn: int
    """Number of the turn; 0 is the start."""
    emotion: Emotion
    """All four feelings, 0 to 100."""


class Debrief(Value):
    """Everything a report shows about one session."""

    session: str
    """The session's id."""
    title: str
    """The scenario's title."""
    rubric: str
    """The rubric's title."""
    customer: str
    """The customer's name in this session."""
    channel: Channel
    """phone, chat or email."""
    mood: Mood
    """Which kind of customer."""
    trainee: str
    """The trainee's pseudonym or name, as the settings have it."""
    started: datetime
    """When the session began."""
    ended: datetime | None
    """When it ended; None while the session can be resumed."""
    ending: Ending | None
    """How it ended; None while the session can be resumed."""
    ending_sentence: str
    """The same in words."""
    change_sentence: str
    """How the leading feeling and trust went from start to end."""
    points_sentence: str
    """What the points mean and how far one reply can move a feeling."""
    turns: int
    """Turns after the opening line, acts included."""
    replies: int
    """Turns in which the trainee spoke."""
    model: ModelCard
    """Who spoke and who listened."""
    sources: Sources
    """Where the customer's lines came from."""
    rater: str
    """Version of the rater the levels come from."""
    notes: tuple[str, ...]
    """What a reader must know before believing the numbers."""
    goal_before: str | None
    """The goal the last debrief had set."""
    goal_kept: str | None
    """How far this session kept to that goal, in a sentence; None where that cannot be told."""
    goal: Goal
    """The one thing to try next time, and what in this session it rests on."""
    overall: Overall | None
    """The weighted mean over the dimensions; None where nothing could be rated."""
    dimensions: tuple[DimensionScore, ...]
    """Every dimension of the rubric, in its order."""
    conversation: Conversation
    """The contact as a whole: what had to be said again, promises, handoffs, how it ended."""
    critical: tuple[CriticalFinding, ...]
    """Critical errors, in the order of turns; they stand beside the levels and lower none."""
    curve: tuple[CurvePoint, ...]
    """The start and every turn, in order."""
    moments: tuple[Moment, ...]
    """Up to three, largest first."""
    stronger: StrongerLine | None
    """What could have been said at the weakest moment; None where no line was shown to score higher than the reply."""
    stronger_note: str | None
    """Why no stronger line is shown, as a sentence (none scored higher, or none fits the place); None where one is."""
    reviews: tuple[TurnReview, ...]
    """Every turn of the trainee, in order."""
    last_words: str
    """What the customer said last, as far as it was heard."""
    opinion: Opinion | None = None
    """What a judge made of the replies; it counts in no score. None where no model judged."""

    @property
    def leading(self) -> Feeling:
        """The feeling that the mood is about."""
        return LEADING_FEELING[self.mood]


def debrief(
    session: Session,
    material: Material,
    calibrations: Sequence[Calibration] = (),
    lines: LinesRated = NOTHING_RATED,
    reliability: Reliability | None = None,
) -> Debrief:
    """What a session was like, from its events and the texts it was played from. Never fails on a session that folds.

    Args:
        session: Finished or not; replies may be missing or unrated.
        material: With the slots of this session.
        calibrations: How the rater agreed with people, for every rubric and version of it that was measured.
        lines: What the rater made of the lines that could have been said (see `proven.rate_lines`).
        reliability: What is published about the rater; None: what ships with this version of the program.
    """
    started = session.started
    told = named(session)
    loosely = dimension_scores(session, material, calibrations, reliability)
    scores = surely(dimension_scores(told, material, calibrations, reliability), loosely)
    stronger, note = proven_line(stronger_lines(told, material, scores), scores, lines)
    return Debrief(
        session=session.id,
        title=material.scenario.title,
        rubric=material.rubric.title,
        customer=_customer(material),
        channel=started.channel,
        mood=started.mood,
        trainee=started.trainee,
        started=started.at,
        ended=session.ended.at if session.ended else None,
        ending=session.ended.ending if session.ended else None,
        ending_sentence=_ending_sentence(session, _customer(material)),
        change_sentence=_change_sentence(session),
        points_sentence=_points_sentence(material),
        turns=sum(turn.act is not None for turn in session.turns),
        replies=sum(turn.reply is not None for turn in session.turns),
        model=started.model,
        sources=_sources(session),
        rater=rater_of(session),
        notes=tuple(caveats(session, scores, outdated(calibrations, material.rubric_id, rater_of(session)))),
        goal_before=started.goal,
        goal_kept=goal_kept(told, material, scores, loosely),
        goal=goal(told, material, scores, loosely, shown_above=stronger.text if stronger else ""),
        overall=overall(scores),
        dimensions=scores,
        conversation=conversation(told, material),
        critical=tuple(_critical(told, material)),
        curve=_curve(session),
        moments=biggest_moments(told),
        stronger=stronger,
        stronger_note=note,
        reviews=tuple(review(session, turn, told.turns[turn.number], material) for turn in session.turns if turn.act),
        last_words=session.turns[-1].heard_text if session.turns else "",
        opinion=opinion(session),
    )


def _customer(material: Material) -> str:
    return material.slots.get("customer", material.persona.name)


def _ending_sentence(session: Session, customer: str) -> str:
    contact = CONTACT[session.started.channel]
    if session.ended is None:
        return f"This {contact} has not ended; it can be resumed."
    match session.ended.ending:
        case Ending.RESOLVED:
            return f"{customer} took the matter as resolved."
        case Ending.SETTLED_PARTLY:
            return f"{customer} took part of the matter as settled."
        case Ending.ESCALATED:
            return f"The {contact} went on to someone else."
        case Ending.HUNG_UP:
            left = "hung up" if session.started.channel is Channel.PHONE else f"left the {contact}"
            return f"{customer} {left} before the matter was settled."
        case Ending.DROPPED:
            return f"The {contact} broke off before the matter was settled."
        case Ending.TRAINEE_ENDED:
            return f"The {contact} was ended before {customer} took the matter as settled."
        case Ending.LIMIT:
            return f"The {contact} reached its limit of turns before the matter was settled."
        case Ending.FAILED:
            return f"The {contact} broke off because the program failed; that says nothing about the replies."
        case ending:
            assert_never(ending)


def _change_sentence(session: Session) -> str:
    leading = LEADING_FEELING[session.started.mood]
    before, after = session.started.emotion, session.emotion
    parts = [_change(feeling, before, after) for feeling in (leading, Feeling.TRUST)]
    return f"On a scale of 0 to 100, {parts[0]} and {parts[1]}."


def _change(feeling: Feeling, before: Emotion, after: Emotion) -> str:
    old, new = f"{before.degree(feeling):.0f}", f"{after.degree(feeling):.0f}"
    return f"{feeling.value} stayed at {old}" if old == new else f"{feeling.value} went from {old} to {new}"


def _points_sentence(material: Material) -> str:
    limits = material.defaults.limits
    return (
        f"Feelings and trust run from 0 to 100, and one reply can move each by {limits.per_feeling:g} points at most: "
        "where many reasons come together, each counts only in part."
    )


def _sources(session: Session) -> Sources:
    lines = Counter(turn.line.source for turn in session.turns if turn.line)
    return Sources(guided=lines["guided"], free=lines["free"], fallback=lines["fallback"])


def _critical(session: Session, material: Material) -> Iterator[CriticalFinding]:
    kinds = {str(code): kind for code, kind in material.rubric.critical.items()}
    for turn, error in session.critical:
        kind = kinds.get(error.code)
        yield CriticalFinding(
            code=error.code,
            name=kind.name if kind else error.code.value.replace("_", " ").capitalize(),
            text=kind.text if kind else "",
            turn=turn,
            quote=error.quote,
        )


def _curve(session: Session) -> tuple[CurvePoint, ...]:
    start = CurvePoint(turn=0, emotion=session.emotion_after(0 if session.turns else -1))
    later = (CurvePoint(turn=turn.number, emotion=session.emotion_after(turn.number)) for turn in session.turns[1:])
    return (start, *later)
