"""The debrief in words: Markdown to keep, plain lines for a terminal or a screen reader. Apart from the HTML page
because a reader who hears it needs another order within a line, and no tables."""

import re
from collections.abc import Iterable, Iterator

from simulator.debriefing.debrief import CONTACT, Debrief
from simulator.debriefing.scores import DimensionScore
from simulator.reports.contact import certainty_of, marked_level_of, parts_of, whole_of
from simulator.reports.opinion import judged_by_turn, judged_of
from simulator.reports.phrases import (
    anchors_of,
    checks_of,
    critical_of,
    customer_said,
    did,
    did_what,
    disputes_of,
    evidence_by_words,
    lacking,
    levels_by_turn,
    levels_of,
    line_label,
    marks_of,
    missing_of,
    scored_of,
    unexplained_of,
    voices,
    when,
    would_move,
)
from simulator.reports.printing import closed, printable
from simulator.reports.reasons import headline_of, movement_of, reasons_of

NOTHING_MOVED = "Nothing that was said or done moved the customer."
NOTHING = "(nothing was heard)"
AUTHORED = "authored by a person"

_MARKDOWN = re.compile(r"([\\`*{}\[\]<>|~&]|(?<!\w)_|_(?!\w)|!(?=\[))")
_LINE_START = re.compile(r"^([ \t]*)(?=[-+](?:\s|$)|[-=]+\s*$|#)|^([ \t]*\d+)(?=[.)](?:\s|$))", re.MULTILINE)


def plain(debrief: Debrief) -> str:
    """The debrief in short lines of text: no tables, no box art, no colour; ends with a line break."""
    return "\n".join(printable(line) for line in _plain(debrief)) + "\n"


def markdown(debrief: Debrief) -> str:
    """The debrief as a Markdown document; what people said is escaped. Ends with a line break."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_markdown(debrief))).strip() + "\n"


def _plain(debrief: Debrief) -> Iterator[str]:
    yield f"DEBRIEF: {debrief.title}"
    yield f"{debrief.customer}, {debrief.mood.value}, {CONTACT[debrief.channel]}. {when(debrief)}."
    yield from ("", "HOW IT ENDED", debrief.ending_sentence, debrief.change_sentence)
    for finding in debrief.critical:
        yield f"Critical error. {critical_of(finding)}"
    yield from ("", "GOAL FOR NEXT TIME", *_plain_goal(debrief))
    yield from ("", "WHAT MOVED THE CUSTOMER MOST")
    yield from [closed(headline_of(moment)) for moment in debrief.moments] or [NOTHING_MOVED]
    if debrief.stronger:
        yield from ("", *_plain_stronger(debrief))
    if debrief.stronger_note:
        yield from ("", debrief.stronger_note)
    yield from ("", "THE MOMENTS ONE BY ONE", debrief.points_sentence, *_plain_moments(debrief))
    yield from ("", "OVERALL", parts_of(debrief), *certainty_of(debrief))
    yield from ("", "THE CONTACT AS A WHOLE", *whole_of(debrief))
    for score in debrief.dimensions:
        yield from ("", score.name.upper(), *_plain_dimension(debrief, score))
    yield from ("", "HOW THE CUSTOMER FELT", *_plain_curve(debrief))
    yield from ("", "EVERY TURN", *_plain_reviews(debrief))
    yield from ("", "WHAT TO KNOW ABOUT THESE NUMBERS", *debrief.notes, voices(debrief), f"Session: {debrief.session}.")


def _plain_goal(debrief: Debrief) -> Iterator[str]:
    yield debrief.goal.sentence
    if debrief.goal.basis:
        yield debrief.goal.basis
    if debrief.goal.example:
        yield f"For example, here: “{debrief.goal.example}” ({AUTHORED})"
    if debrief.goal_before:
        yield f"The goal for this time was: {debrief.goal_before} {debrief.goal_kept or ''}".rstrip()


def _plain_stronger(debrief: Debrief) -> Iterator[str]:
    if stronger := debrief.stronger:
        yield f"A STRONGER LINE FOR TURN {stronger.turn}"
        yield f"Customer: {stronger.before}"
        yield f"The reply was: {stronger.reply}"
        yield f"{line_label(stronger)}: “{stronger.text}” ({AUTHORED})"
        yield from filter(None, (lacking(stronger), scored_of(stronger), would_move(stronger)))


def _plain_moments(debrief: Debrief) -> Iterator[str]:
    if not debrief.moments:
        yield NOTHING_MOVED
    for number, moment in enumerate(debrief.moments, start=1):
        yield from ("", f"Moment {number}, turn {moment.turn}: {movement_of(moment)}.")
        yield f"{customer_said('before', moment.before_cut)}: {moment.before or NOTHING}"
        yield f"{did_what(moment)}: {did(moment)}"
        yield from ("What moved them:", *map(closed, reasons_of(moment)))
        yield f"{customer_said('after', moment.after_cut)}: {moment.after or NOTHING}"


def _plain_dimension(debrief: Debrief, score: DimensionScore) -> Iterator[str]:
    yield f"{score.name}: {marked_level_of(score)}."
    yield from anchors_of(score)
    if score.turns:
        yield f"Levels: {levels_by_turn(score)}."
    yield from judged_by_turn(debrief, score)
    yield from checks_of(score)


def _plain_curve(debrief: Debrief) -> Iterator[str]:
    for point in debrief.curve:
        feelings = ", ".join(f"{name} {degree:.0f}" for name, degree in point.emotion.model_dump().items())
        yield f"{f'After turn {point.turn}' if point.turn else 'At the start'}: {feelings}."


def _plain_reviews(debrief: Debrief) -> Iterator[str]:
    if not debrief.reviews:
        yield "There was no reply."
    yield from marks_of(debrief)
    for review in debrief.reviews:
        yield f"Turn {review.turn}. {customer_said('', review.before_cut)}: {review.before or NOTHING}"
        yield f"Reply: {did(review)}" if review.act is None else did(review)
        if review.act is None:
            yield f"Levels: {levels_of(debrief, review)}."
        yield from judged_of(debrief, review)
        yield from evidence_by_words(debrief, review)
        yield from unexplained_of(debrief, review)
        yield from missing_of(debrief, review)
        yield from disputes_of(debrief, review)
    if debrief.reviews and debrief.last_words:
        yield f"{customer_said('last', False)}: {debrief.last_words}"


def _markdown(debrief: Debrief) -> Iterator[str]:
    yield f"# Debrief: {_escaped(debrief.title)}\n"
    yield f"{_escaped(debrief.customer)} · {debrief.mood.value} · {CONTACT[debrief.channel]} · {when(debrief)}\n"
    yield f"**{_escaped(debrief.ending_sentence)}** {debrief.change_sentence}\n"
    for finding in debrief.critical:
        yield f"> **Critical error.** {_escaped(critical_of(finding))}\n"
    yield from _markdown_goal(debrief)
    yield "## What moved the customer most\n"
    yield from _bullets(closed(headline_of(moment)) for moment in debrief.moments)
    if not debrief.moments:
        yield NOTHING_MOVED
    yield from _markdown_stronger(debrief)
    if debrief.moments:
        yield f"\n## The moments one by one\n\n{debrief.points_sentence}\n"
    yield from _markdown_moments(debrief)
    yield f"\n## Levels\n\nOverall: {_escaped(parts_of(debrief))}\n"
    yield from (f"{_escaped(sentence)}\n" for sentence in certainty_of(debrief))
    for score in debrief.dimensions:
        yield from _markdown_dimension(debrief, score)
    yield from ("## The contact as a whole\n", *_bullets(whole_of(debrief)), "")
    yield from ("## How the customer felt\n", *_markdown_curve(debrief), "", "## Every turn\n")
    yield from _markdown_reviews(debrief)
    yield "## What to know about these numbers\n"
    yield from _bullets([*debrief.notes, voices(debrief)])
    yield f"- Session: `{debrief.session}`"


def _markdown_goal(debrief: Debrief) -> Iterator[str]:
    goal = debrief.goal
    yield f"## Goal for next time\n\n**{_escaped(goal.sentence)}** {_escaped(goal.basis or '')}\n"
    if goal.example:
        yield f"For example, here ({AUTHORED}):\n\n{_quoted(goal.example)}\n"
    if debrief.goal_before:
        yield f"The goal for this time was: {_escaped(debrief.goal_before)} {_escaped(debrief.goal_kept or '')}\n"


def _markdown_stronger(debrief: Debrief) -> Iterator[str]:
    if stronger := debrief.stronger:
        yield f"\n## A stronger line for turn {stronger.turn}\n"
        yield f"Customer:\n\n{_quoted(stronger.before)}\n\nThe reply was:\n\n{_quoted(stronger.reply)}\n"
        yield f"{line_label(stronger)} ({AUTHORED}):\n\n{_quoted(stronger.text)}\n"
        told = filter(None, (lacking(stronger), scored_of(stronger), would_move(stronger)))
        yield f"{_escaped(' '.join(told))}\n"
    elif debrief.stronger_note:
        yield f"\n{_escaped(debrief.stronger_note)}\n"


def _markdown_moments(debrief: Debrief) -> Iterator[str]:
    for moment in debrief.moments:
        yield f"### Turn {moment.turn}: {movement_of(moment)}\n"
        yield f"{customer_said('before', moment.before_cut)}:\n\n{_quoted(moment.before)}\n"
        yield f"{did_what(moment)}:\n\n{_quoted(did(moment))}\n"
        yield from _bullets(map(closed, reasons_of(moment)))
        yield f"\n{customer_said('after', moment.after_cut)}:\n\n{_quoted(moment.after)}\n"


def _markdown_dimension(debrief: Debrief, score: DimensionScore) -> Iterator[str]:
    yield f"### {_escaped(score.name)}: {marked_level_of(score)}\n"
    yield from (f"{_escaped(anchor)}\n" for anchor in anchors_of(score))
    if score.turns:
        yield f"Levels: {_escaped(levels_by_turn(score))}.\n"
    yield from (f"{_escaped(judged)}\n" for judged in judged_by_turn(debrief, score))
    yield from _bullets(checks_of(score))
    yield ""


def _markdown_curve(debrief: Debrief) -> Iterator[str]:
    yield "| turn | anger | distress | confusion | trust |\n| --: | --: | --: | --: | --: |"
    for point in debrief.curve:
        degrees = " | ".join(f"{degree:.0f}" for degree in point.emotion.model_dump().values())
        yield f"| {point.turn or 'start'} | {degrees} |"


def _markdown_reviews(debrief: Debrief) -> Iterator[str]:
    if not debrief.reviews:
        yield "There was no reply.\n"
    yield from (f"{_escaped(words)}\n" for words in marks_of(debrief))
    for review in debrief.reviews:
        yield f"### Turn {review.turn}\n\n{customer_said('', review.before_cut)}:\n\n{_quoted(review.before)}\n"
        if review.act is not None:
            yield f"{_escaped(review.act)}\n"
            continue
        yield f"Reply:\n\n{_quoted(did(review))}\n\nLevels: {_escaped(levels_of(debrief, review))}.\n"
        yield from (f"{_escaped(judged)}\n" for judged in judged_of(debrief, review))
        yield from _bullets(evidence_by_words(debrief, review))
        yield from _bullets(
            [*unexplained_of(debrief, review), *missing_of(debrief, review), *disputes_of(debrief, review)]
        )
        yield ""
    if debrief.reviews and debrief.last_words:
        yield f"{customer_said('last', False)}:\n\n{_quoted(debrief.last_words)}\n"


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    return (f"- {_escaped(' '.join(text.split()))}" for text in texts)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in _escaped(text).split("\n")) if text else f"> {NOTHING}"


def _escaped(text: str) -> str:
    return _LINE_START.sub(r"\g<0>\\", _MARKDOWN.sub(r"\\\1", printable(text)))
