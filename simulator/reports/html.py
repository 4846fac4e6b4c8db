"""The debrief as one HTML file that stands alone: no script, no link, styles and curve inside; made to print as well.

Apart from the text because here what matters most is given the most room: ending and goal, then the moments, then the
levels, then every turn.
"""

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from simulator.debrief import CONTACT, Debrief, TurnReview
from simulator.moments import Moment, StrongerLine
from simulator.reports.curve import curve
from simulator.reports.phrases import (
    count_of,
    critical_of,
    did,
    did_what,
    evidence_of,
    in_words,
    level_of,
    movement_of,
    parts_of,
    printable,
    reasons_of,
    voices,
    when,
)
from simulator.scores import CheckCount, DimensionScore
from simulator.vocabulary import Feeling


def html(debrief: Debrief) -> str:
    """The whole page. Everything that anybody said or wrote is escaped."""
    sections = (
        _head(debrief),
        _moments(debrief),
        _levels(debrief),
        _felt(debrief),
        _reviews(debrief),
        _notes(debrief),
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Debrief: {_safe(debrief.title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n<main>\n"
        f"{''.join(sections)}</main>\n</body>\n</html>\n"
    )


def _style() -> str:
    return (files("simulator.reports") / "debrief.css").read_text(encoding="utf-8")


def _safe(text: str) -> str:
    return escape(printable(text))


def _head(debrief: Debrief) -> str:
    about = (debrief.customer, debrief.mood.value, CONTACT[debrief.channel], when(debrief))
    critical = "".join(
        f'<div class="critical"><strong>Critical error.</strong> {_safe(critical_of(finding))}'
        f'<br><span class="small">{_safe(finding.text)}</span></div>\n'
        for finding in debrief.critical
    )
    return (
        f'<header>\n<h1>{_safe(debrief.title)}</h1>\n<p class="about">{_safe(" · ".join(about))}</p>\n'
        f'<p class="ending">{_safe(debrief.ending_sentence)}</p>\n<p>{_safe(debrief.change_sentence)}</p>\n</header>\n'
        f"{critical}{_goal(debrief)}"
    )


def _goal(debrief: Debrief) -> str:
    example = debrief.goal.example
    before = debrief.goal_before
    return (
        '<section class="goal">\n<h2>Goal for next time</h2>\n'
        f'<p class="sentence">{_safe(debrief.goal.sentence)}</p>\n'
        + (f'<p>For example: “{_safe(example)}” <span class="tag">authored</span></p>\n' if example else "")
        + (f'<p class="small">The goal for this time was: {_safe(before)}</p>\n' if before else "")
        + "</section>\n"
    )


def _moments(debrief: Debrief) -> str:
    cards = "".join(_moment(debrief, moment) for moment in debrief.moments)
    nothing = "" if debrief.moments else "<p>Nothing that was said or done moved the customer.</p>\n"
    stronger = _stronger(debrief.stronger) if debrief.stronger else ""
    return f"<section>\n<h2>The moments that moved the customer most</h2>\n{cards}{nothing}{stronger}</section>\n"


def _moment(debrief: Debrief, moment: Moment) -> str:
    look = "calmer" if moment.direction == "calmer" else "upset"
    return (
        f'<article class="card {look}">\n<h3>Turn {moment.turn}</h3>\n'
        f'<p class="moved">{_sentence(movement_of(debrief, moment))}</p>\n'
        f"{_said('Customer, before', moment.before)}{_said(did_what(moment), did(moment), 'reply')}"
        f'<p class="speaker">What moved them</p>\n{_list(reasons_of(moment))}'
        f"{_said('Customer, after', moment.after)}</article>\n"
    )


def _stronger(stronger: StrongerLine) -> str:
    return (
        f'<article class="card">\n<h3>A stronger line for turn {stronger.turn}</h3>\n'
        f"{_said('Customer', stronger.before)}{_said('The reply was', stronger.reply, 'reply')}"
        f"{_said('It could have been', stronger.text, 'authored')}"
        f'<p class="small"><span class="tag">authored</span> It shows what the reply lacks: '
        f"{in_words(stronger.signal.value)}.</p>\n</article>\n"
    )


def _levels(debrief: Debrief) -> str:
    dimensions = "".join(_dimension(score) for score in debrief.dimensions)
    return f"<section>\n<h2>Levels</h2>\n<p>Overall: {_safe(parts_of(debrief))}</p>\n{dimensions}</section>\n"


def _dimension(score: DimensionScore) -> str:
    number = "not rated" if score.mean is None else f"{score.mean:.1f} of 5"
    level = (
        f"<strong>Level {score.level}, {_safe(score.level_name or '')}.</strong> {_safe(score.anchor or '')}"
        if score.level
        else ""
    )
    checks = [_check(check) for check in score.checks if check.tells]
    return (
        f'<article class="card">\n<div class="score"><h3>{_safe(score.name)}</h3>'
        f'<span class="number">{number}</span></div>\n{_bar(score.mean)}'
        f'<p class="small">{_safe(score.question)} {_sentence(level_of(score))}</p>\n<p>{level}</p>\n'
        f"<details open><summary>Checks</summary>\n<ul>\n{''.join(checks)}</ul></details>\n</article>\n"
    )


def _bar(mean: float | None) -> str:
    """Five segments filled up to the mean; the number beside it says the same, so a reader skips the bar."""
    filled = (min(1.0, max(0.0, (mean or 0.0) - segment)) for segment in range(5))
    segments = "".join(f'<span><i style="width:{share:.0%}"></i></span>' for share in filled)
    return f'<div class="bar" aria-hidden="true">{segments}</div>\n'


def _check(check: CheckCount) -> str:
    quotes = "".join(
        f"<li>Turn {found.turn}{f': “{_safe(found.quote)}”' if found.quote else ''}</li>\n" for found in check.findings
    )
    inner = f"<ul>\n{quotes}</ul>" if quotes else ""
    return f"<li>{_safe(check.question)} {_sentence(count_of(check))}{inner}</li>\n"


def _felt(debrief: Debrief) -> str:
    heads = "".join(f'<th scope="col">{feeling.value}</th>' for feeling in Feeling)
    rows = "".join(
        f'<tr><th scope="row">{point.turn or "start"}</th>'
        f"{''.join(f'<td>{point.emotion.degree(feeling):.0f}</td>' for feeling in Feeling)}</tr>\n"
        for point in debrief.curve
    )
    return (
        f'<section>\n<h2>How the customer felt</h2>\n<figure class="card">\n{curve(debrief)}\n</figure>\n'
        '<details><summary>The same in numbers</summary>\n<div class="scroll"><table>\n'
        f'<thead><tr><th scope="col">turn</th>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>'
        "</details>\n</section>\n"
    )


def _reviews(debrief: Debrief) -> str:
    cards = "".join(_review(debrief, review) for review in debrief.reviews) or "<p>There was no reply.</p>\n"
    return f"<section>\n<h2>Every turn</h2>\n{cards}</section>\n"


def _review(debrief: Debrief, review: TurnReview) -> str:
    said = _said("Customer", review.before)
    head = f'<article class="card">\n<h3>Turn {review.turn}</h3>\n{said}'
    if review.act is not None:
        return f"{head}<p>{_safe(review.act)}</p>\n</article>\n"
    steps = (f"For {step.dimension} {step.next_level}, {step.name}: {step.anchor}" for step in review.missing)
    shown = _list(evidence_of(evidence) for evidence in review.evidence)
    return (
        f"{head}{_said('Reply', did(review), 'reply')}{_review_levels(debrief, review)}"
        + (f'<p class="speaker">Evidence</p>\n{shown}' if review.evidence else "")
        + (f"<details open><summary>For the next level</summary>\n{_list(steps)}</details>\n" if review.missing else "")
        + "</article>\n"
    )


def _review_levels(debrief: Debrief, review: TurnReview) -> str:
    if not review.rated:
        return '<p class="small">This reply was not rated.</p>\n'
    items = "".join(
        f"<div><dt>{_safe(score.name)}</dt> <dd>{review.levels.get(score.id) or 'no room here'}</dd></div>"
        for score in debrief.dimensions
        if score.id in review.levels
    )
    return f'<dl class="levels">{items}</dl>\n'


def _notes(debrief: Debrief) -> str:
    about = [*debrief.notes, voices(debrief), f"Rater: {debrief.rater}.", f"Session: {debrief.session}."]
    return f"<section>\n<h2>What to know about these numbers</h2>\n{_list(about)}</section>\n"


def _said(who: str, text: str, look: str = "") -> str:
    kind = f' class="{look}"' if look else ""
    return f'<p class="speaker">{who}</p>\n<blockquote{kind}>{_safe(text) or "(nothing)"}</blockquote>\n'


def _list(texts: Iterable[str]) -> str:
    return f"<ul>\n{''.join(f'<li>{_safe(text)}</li>{chr(10)}' for text in texts)}</ul>\n"


def _sentence(phrase: str) -> str:
    return _safe(f"{phrase[:1].upper()}{phrase[1:]}.")
