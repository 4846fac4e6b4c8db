"""What a reader must know before believing a debrief's numbers, in sentences.

Apart from the debrief because it speaks of the program, and not of the replies.
"""

from collections.abc import Iterator, Sequence

from simulator.assessment.checks import NO_RATER
from simulator.debriefing.opinion import on_judging, turns_in_words
from simulator.debriefing.scores import DimensionScore, rater_of
from simulator.session import Session
from simulator.standing import Calibration

NO_LISTENER = "none"


def caveats(session: Session, scores: Sequence[DimensionScore], old: Calibration | None) -> Iterator[str]:
    """What is not known, or known less well than the numbers suggest.

    Args:
        session: Finished or not.
        scores: Its dimensions.
        old: A calibration of another version of the rater, if there is one.
    """
    replies = [turn for turn in session.turns if turn.reply is not None]
    unrated = [turn.number for turn in replies if turn.rating is None or turn.rating.rater == NO_RATER]
    ruled = any(turn.rating and turn.rating.rules for turn in replies)
    if not replies:
        yield "There was no reply, so there is nothing to score."
    if len(unrated) < len(replies):
        yield f"The levels are a program's estimate. {_compared(scores, rater_of(session), old)}"
    if unrated:
        rest = " but what checks alone give" if ruled else ""
        yield f"{turns_in_words(unrated).capitalize()} could not be rated and {_count_in_no(unrated)} score{rest}."
    if any(turn.reading and not turn.reading.learned for turn in replies):
        yield (
            "What moved the customer was found by wording and form alone: good words that nobody foresaw may have "
            "moved them less than they should."
        )
    if session.started.model.listener == NO_LISTENER:
        rest = ", except by checks alone" if ruled else ""
        yield f"The listener was missing: lines were not chosen by what was said, and nothing could be rated{rest}."
    yield from on_judging(session)
    yield from _on_lines(session)
    for score in scores:
        if score.mark and score.calibration is None:
            how = f"checks alone ({score.rater})"
            yield f"{score.name} is scored by {how}; no people have rated replies to compare it with."


def _compared(scores: Sequence[DimensionScore], rater: str, old: Calibration | None) -> str:
    """What the levels were compared with: people where somebody calibrated this version, else a panel of models."""
    words = "Where a level and the quoted words disagree, go by the words."
    if any(each.calibration for each in scores):
        told = "; ".join(f"{each.name} {_agrees(each.calibration)}" for each in scores)
        return f"How the rater ({rater}) agrees with people (1 is fully, 0 is chance): {told}. {words}"
    if old:
        return (
            f"The ratings by {old.by} were compared with another rater ({old.rater}) and do not count for this one "
            f"({rater}); `simulator calibrate --report` compares them anew. {words}"
        )
    return (
        f"So far the rater ({rater}) was compared with a panel of language models, and not with people; "
        f"`simulator calibrate` does that. {words}"
    )


def _agrees(result: Calibration | None) -> str:
    if result is None:
        return "not compared yet"
    under = "" if result.reached else f", under the target of {result.target:.2f}"
    return f"{result.kappa:.2f} [{result.low:.2f}, {result.high:.2f}] on {result.n} replies rated by {result.by}{under}"


def _on_lines(session: Session) -> Iterator[str]:
    sources = [turn.line.source for turn in session.turns if turn.line]
    if fallback := sources.count("fallback"):
        yield f"{fallback} of {len(sources)} customer lines were last-resort lines that no model chose."


def _count_in_no(numbers: list[int]) -> str:
    return "counts in no" if len(numbers) == 1 else "count in no"
