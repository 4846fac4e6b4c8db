"""The debrief in words: Markdown to keep, plain lines for a terminal or a screen reader. Apart from the HTML page
because a reader who hears it needs another order within a line, and no tables."""

import re
from collections.abc import Iterable, Iterator

from simulator.debrief import CONTACT, Debrief
from simulator.reports.phrases import (
    count_of,
    critical_of,
    did,
    did_what,
    evidence_of,
    in_words,
    level_of,
    levels_of,
    movement_of,
    parts_of,
    printable,
    reasons_of,
    voices,
    when,
)
from simulator.scores import DimensionScore

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_LIST_START = re.compile(r"^(\s*\d*)([-+=.)])", re.MULTILINE)


def plain(debrief: Debrief) -> str:
    """The debrief in short lines of text: no tables, no box art, no colour; ends with a line break."""
    return "\n".join(printable(line) for line in _plain(debrief)) + "\n"


def markdown(debrief: Debrief) -> str:
    """The debrief as a Markdown document; what people said is escaped. Ends with a line break."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_markdown(debrief))).strip() + "\n"


def _plain(debrief: Debrief) -> Iterator[str]:
    contact = CONTACT[debrief.channel]
    yield f"DEBRIEF: {debrief.title}"
    yield f"{debrief.customer}, {debrief.mood.value}, {contact}. {when(debrief)}. Session {debrief.session}."
    yield from ("", "HOW IT ENDED", debrief.ending_sentence, debrief.change_sentence)
    for finding in debrief.critical:
        yield f"Critical error. {critical_of(finding)}"
    yield from ("", "GOAL FOR NEXT TIME", debrief.goal.sentence)
    if debrief.goal.example:
        yield f"For example: “{debrief.goal.example}” (authored)"
    if debrief.goal_before:
        yield f"The goal for this time was: {debrief.goal_before}"
    yield from ("", "MOMENTS THAT MOVED THE CUSTOMER MOST", *_plain_moments(debrief))
    yield from ("", "OVERALL", parts_of(debrief))
    for score in debrief.dimensions:
        yield from ("", score.name.upper(), *_plain_dimension(score))
    yield from ("", "THE CURVE", *_plain_curve(debrief))
    yield from ("", "EVERY TURN", *_plain_reviews(debrief))
    yield from ("", "WHAT TO KNOW ABOUT THESE NUMBERS", *debrief.notes, voices(debrief), f"Rater: {debrief.rater}.")


def _plain_moments(debrief: Debrief) -> Iterator[str]:
    if not debrief.moments:
        yield "Nothing that was said or done moved the customer."
    for number, moment in enumerate(debrief.moments, start=1):
        yield f"Moment {number}, turn {moment.turn}: {movement_of(debrief, moment)}."
        yield f"Customer, before: {moment.before}"
        yield f"{did_what(moment)}: {did(moment)}"
        yield from (f"Because: {reason}" for reason in reasons_of(moment))
        yield f"Customer, after: {moment.after}"
    if debrief.stronger:
        yield f"A stronger line for turn {debrief.stronger.turn} (authored, {in_words(debrief.stronger.signal.value)}):"
        yield f"The reply was: {debrief.stronger.reply}"
        yield f"It could have been: {debrief.stronger.text}"


def _plain_dimension(score: DimensionScore) -> Iterator[str]:
    yield f"{score.name}: {level_of(score)}."
    if score.level:
        yield f"Level {score.level}, {score.level_name}: {score.anchor}"
    for turn in score.turns:
        yield f"Turn {turn.turn}: {'no room for it' if turn.level is None else f'level {turn.level}'}."
    for check in score.checks:
        if check.tells:
            yield f"{check.question} {count_of(check).capitalize()}."
        for finding in check.findings:
            yield f"Turn {finding.turn}: “{finding.quote}”" if finding.quote else f"Turn {finding.turn}."


def _plain_curve(debrief: Debrief) -> Iterator[str]:
    for point in debrief.curve:
        feelings = ", ".join(f"{name} {degree:.0f}" for name, degree in point.emotion.model_dump().items())
        yield f"{f'After turn {point.turn}' if point.turn else 'At the start'}: {feelings}."


def _plain_reviews(debrief: Debrief) -> Iterator[str]:
    if not debrief.reviews:
        yield "There was no reply."
    for review in debrief.reviews:
        yield f"Turn {review.turn}. Customer: {review.before}"
        yield f"Reply: {did(review)}" if review.act is None else did(review)
        if review.act is None:
            yield f"Levels: {levels_of(debrief, review)}."
        yield from (f"Evidence: {evidence_of(evidence)}" for evidence in review.evidence)
        for step in review.missing:
            yield f"For {step.dimension} {step.next_level}, {step.name}: {step.anchor}"


def _markdown(debrief: Debrief) -> Iterator[str]:
    yield f"# Debrief: {_escaped(debrief.title)}\n"
    yield (
        f"{_escaped(debrief.customer)} · {debrief.mood.value} · {CONTACT[debrief.channel]} · {when(debrief)} · "
        f"session `{debrief.session}`\n"
    )
    yield f"**{_escaped(debrief.ending_sentence)}** {debrief.change_sentence}\n"
    for finding in debrief.critical:
        yield f"> **Critical error.** {_escaped(critical_of(finding))}\n"
    yield f"## Goal for next time\n\n{_escaped(debrief.goal.sentence)}\n"
    if debrief.goal.example:
        yield f"For example (authored):\n\n{_quoted(debrief.goal.example)}\n"
    if debrief.goal_before:
        yield f"The goal for this time was: {_escaped(debrief.goal_before)}\n"
    yield "## The moments that moved the customer most\n"
    yield from _markdown_moments(debrief)
    yield f"## Levels\n\nOverall: {_escaped(parts_of(debrief))}\n"
    for score in debrief.dimensions:
        yield from _markdown_dimension(score)
    yield from ("## How the customer felt\n", *_markdown_curve(debrief), "", "## Every turn\n")
    yield from _markdown_reviews(debrief)
    yield "## What to know about these numbers\n"
    yield from _bullets([*debrief.notes, voices(debrief), f"Rater: {debrief.rater}."])


def _markdown_moments(debrief: Debrief) -> Iterator[str]:
    if not debrief.moments:
        yield "Nothing that was said or done moved the customer.\n"
    for moment in debrief.moments:
        yield f"### Turn {moment.turn}: {movement_of(debrief, moment)}\n"
        yield f"Customer, before:\n\n{_quoted(moment.before)}\n\n{did_what(moment)}:\n\n{_quoted(did(moment))}\n"
        yield from _bullets(reasons_of(moment))
        yield f"\nCustomer, after:\n\n{_quoted(moment.after)}\n"
    if debrief.stronger:
        stronger = debrief.stronger
        yield f"### A stronger line for turn {stronger.turn} (authored: {in_words(stronger.signal.value)})\n"
        yield f"The reply was:\n\n{_quoted(stronger.reply)}\n\nIt could have been:\n\n{_quoted(stronger.text)}\n"


def _markdown_dimension(score: DimensionScore) -> Iterator[str]:
    yield f"### {_escaped(score.name)}: {level_of(score)}\n"
    if score.level:
        yield f"Level {score.level}, *{_escaped(score.level_name or '')}*: {_escaped(score.anchor or '')}\n"
    for check in score.checks:
        if check.tells:
            quotes = "; ".join(
                f"turn {found.turn}" + (f" “{found.quote}”" if found.quote else "") for found in check.findings
            )
            yield from _bullets([f"{check.question} {count_of(check).capitalize()}{': ' if quotes else ''}{quotes}"])
    yield ""


def _markdown_curve(debrief: Debrief) -> Iterator[str]:
    yield "| turn | anger | distress | confusion | trust |\n| --: | --: | --: | --: | --: |"
    for point in debrief.curve:
        degrees = " | ".join(f"{degree:.0f}" for degree in point.emotion.model_dump().values())
        yield f"| {point.turn or 'start'} | {degrees} |"


def _markdown_reviews(debrief: Debrief) -> Iterator[str]:
    if not debrief.reviews:
        yield "There was no reply.\n"
    for review in debrief.reviews:
        yield f"### Turn {review.turn}\n\nCustomer:\n\n{_quoted(review.before)}\n"
        if review.act is not None:
            yield f"{_escaped(review.act)}\n"
            continue
        yield f"Reply:\n\n{_quoted(did(review))}\n\nLevels: {_escaped(levels_of(debrief, review))}.\n"
        yield from _bullets(evidence_of(evidence) for evidence in review.evidence)
        yield from _bullets(f"For {s.dimension} {s.next_level}, {s.name}: {s.anchor}" for s in review.missing)
        yield ""


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    return (f"- {_escaped(' '.join(text.split()))}" for text in texts)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in _escaped(text).split("\n")) if text else "> (nothing)"


def _escaped(text: str) -> str:
    return _LIST_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", printable(text)))
