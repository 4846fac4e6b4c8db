"""The debrief as one HTML file that stands alone: no script, no link, styles and curve inside; made to print as well.

Apart from the text because here what matters most is given the most room: ending, goal and what moved the customer fit
one screen; then a stronger line, the moments, the levels, and every turn.
"""

from collections.abc import Iterable

from simulator.debriefing.debrief import CONTACT, Debrief
from simulator.debriefing.moments import Moment
from simulator.debriefing.reviews import TurnReview
from simulator.debriefing.scores import DimensionScore
from simulator.debriefing.stronger import StrongerLine
from simulator.reports.contact import certainty_of, level_of, parts_of, whole_of
from simulator.reports.curve import curve
from simulator.reports.document import document, safe
from simulator.reports.opinion import judged_by_turn, judged_of
from simulator.reports.phrases import (
    NOT_CALIBRATED,
    anchors_of,
    checks_of,
    critical_of,
    customer_said,
    did,
    did_what,
    disputes_of,
    evidence_by_words,
    lacking,
    line_label,
    marks_of,
    missing_of,
    put_right,
    remarked,
    scored_of,
    unexplained_of,
    voices,
    when,
    would_move,
)
from simulator.reports.printing import closed
from simulator.reports.reasons import headline_of, movement_of, reasons_of
from simulator.reports.text import AUTHORED, NOTHING, NOTHING_MOVED
from simulator.vocabulary import Feeling


def html(debrief: Debrief) -> str:
    """The whole page. Everything that anybody said or wrote is escaped."""
    sections = (
        _head(debrief),
        _summary(debrief),
        _stronger(debrief.stronger) if debrief.stronger else _paragraph(debrief.stronger_note),
        _moments(debrief),
        _levels(debrief),
        _whole(debrief),
        _felt(debrief),
        _reviews(debrief),
        _notes(debrief),
    )
    return document(f"Debrief: {debrief.title}", "".join(sections))


def _head(debrief: Debrief) -> str:
    about = (debrief.customer, debrief.mood.value, CONTACT[debrief.channel], when(debrief))
    return (
        f'<header>\n<h1>{safe(debrief.title)}</h1>\n<p class="about">{safe(" · ".join(about))}</p>\n'
        f'<p class="ending">{safe(debrief.ending_sentence)}</p>\n<p>{safe(debrief.change_sentence)}</p>\n</header>\n'
        f"{_critical(debrief)}{_goal(debrief)}"
    )


def _critical(debrief: Debrief) -> str:
    if not debrief.critical:
        return ""
    items = "".join(
        f'<li>{safe(critical_of(finding))} <span class="small">{safe(finding.text)}</span></li>\n'
        for finding in debrief.critical
    )
    title = "Critical error" if len(debrief.critical) == 1 else "Critical errors"
    return f'<section class="critical">\n<h2>{title}</h2>\n<ul>\n{items}</ul>\n</section>\n'


def _goal(debrief: Debrief) -> str:
    goal, before = debrief.goal, debrief.goal_before
    kept = f" {debrief.goal_kept}" if debrief.goal_kept else ""
    return (
        '<section class="goal">\n<h2>Goal for next time</h2>\n'
        f'<p class="sentence">{safe(goal.sentence)}</p>\n'
        + (f"<p>{safe(goal.basis)}</p>\n" if goal.basis else "")
        + (f"<p>For example, here: “{safe(goal.example)}” {_tag()}</p>\n" if goal.example else "")
        + (f'<p class="small">The goal for this time was: {safe(before)}{safe(kept)}</p>\n' if before else "")
        + "</section>\n"
    )


def _tag() -> str:
    return f'<span class="tag">{AUTHORED}</span>'


def _summary(debrief: Debrief) -> str:
    items = "".join(
        f'<li class="{_look(moment)}">{safe(closed(headline_of(moment)))}</li>\n' for moment in debrief.moments
    )
    told = f'<ol class="summary">\n{items}</ol>\n' if items else f"<p>{NOTHING_MOVED}</p>\n"
    return f'<section class="first">\n<h2>What moved the customer most</h2>\n{told}</section>\n'


def _look(moment: Moment) -> str:
    return "calmer" if moment.direction == "calmer" else "upset"


def _stronger(stronger: StrongerLine) -> str:
    return (
        f'<section>\n<h2>A stronger line for turn {stronger.turn}</h2>\n<article class="card stronger">\n'
        f"{_said('Customer', stronger.before)}{_said('The reply was', stronger.reply, 'reply')}"
        f'<p class="speaker">{line_label(stronger)} {_tag()}</p>\n'
        f'<blockquote class="authored">{safe(stronger.text)}</blockquote>\n'
        f"<p>{safe(lacking(stronger))}</p>\n{_paragraph(scored_of(stronger))}"
        f'<p class="small">{safe(would_move(stronger))}</p>\n'
        "</article>\n</section>\n"
    )


def _moments(debrief: Debrief) -> str:
    if not debrief.moments:
        return ""
    cards = "".join(map(_moment, debrief.moments))
    scale = f'<p class="small">{safe(debrief.points_sentence)}</p>\n'
    return f"<section>\n<h2>The moments one by one</h2>\n{scale}{cards}</section>\n"


def _moment(moment: Moment) -> str:
    return (
        f'<article class="card {_look(moment)}">\n<h3>Turn {moment.turn}</h3>\n'
        f'<p class="moved">{_sentence(movement_of(moment))}</p>\n'
        f"{_said(customer_said('before', moment.before_cut), moment.before)}"
        f"{_said(did_what(moment), did(moment), 'reply')}"
        f'<p class="speaker">What moved them</p>\n{_list(map(closed, reasons_of(moment)))}'
        f"{_said(customer_said('after', moment.after_cut), moment.after)}</article>\n"
    )


def _levels(debrief: Debrief) -> str:
    dimensions = "".join(_dimension(debrief, score) for score in debrief.dimensions)
    sure = "".join(map(_paragraph, certainty_of(debrief)))
    return f"<section>\n<h2>Levels</h2>\n<p>Overall: {safe(parts_of(debrief))}</p>\n{sure}{dimensions}</section>\n"


def _whole(debrief: Debrief) -> str:
    return f"<section>\n<h2>The contact as a whole</h2>\n{_list(whole_of(debrief))}</section>\n"


def _paragraph(words: str | None) -> str:
    return f'<p class="small">{safe(words)}</p>\n' if words else ""


def _dimension(debrief: Debrief, score: DimensionScore) -> str:
    anchors = "".join(f"<p>{safe(anchor)}</p>\n" for anchor in anchors_of(score))
    checks = checks_of(score)
    judged = _judged(judged_by_turn(debrief, score))
    return (
        f'<article class="card">\n<div class="score"><h3>{safe(score.name)}</h3>'
        f"{_number(score)}</div>\n{_mark(score.mark)}{_bar(score.mean)}"
        f'<p class="small">{safe(score.question)}</p>\n{_turn_levels(score)}{judged}{anchors}'
        + (f"<details open><summary>Checks</summary>\n{_list(checks)}</details>\n" if checks else "")
        + "</article>\n"
    )


def _number(score: DimensionScore) -> str:
    number, _, rest = level_of(score).partition(", ")
    return f'<span class="number">{number}<span class="small">{", " if rest else ""}{rest}</span></span>'


def _mark(words: str | None) -> str:
    return f'<p class="mark">{safe(words)}</p>\n' if words else ""


def _turn_levels(score: DimensionScore) -> str:
    items = "".join(
        f"<div><dt>turn {turn.turn}</dt> <dd>{turn.level or 'no room'}{safe(put_right(turn) + remarked(turn.remark))}"
        "</dd></div>"
        for turn in score.turns
    )
    return f'<dl class="levels">{items}</dl>\n' if items else ""


def _judged(lines: Iterable[str]) -> str:
    return "".join(map(_paragraph, lines))


def _bar(mean: float | None) -> str:
    """Five segments filled up to the mean; the number beside it says the same, so a reader skips the bar."""
    filled = (min(1.0, max(0.0, (mean or 0.0) - segment)) for segment in range(5))
    segments = "".join(f'<span><i style="width:{share:.0%}"></i></span>' for share in filled)
    return f'<div class="bar" aria-hidden="true">{segments}</div>\n'


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
    marks = "".join(map(_mark, marks_of(debrief)))
    spoken = debrief.reviews and debrief.last_words
    last = _said(customer_said("last", False), debrief.last_words) if spoken else ""
    return f"<section>\n<h2>Every turn</h2>\n{marks}{cards}{last}</section>\n"


def _review(debrief: Debrief, review: TurnReview) -> str:
    said = _said(customer_said("", review.before_cut), review.before)
    head = f'<article class="card">\n<h3>Turn {review.turn}</h3>\n{said}'
    if review.act is not None:
        return f"{head}<p>{safe(review.act)}</p>\n</article>\n"
    grounds = [*evidence_by_words(debrief, review), *unexplained_of(debrief, review)]
    shown = (_list(grounds) if grounds else "") + _missing(debrief, review)
    contested = _list(disputes_of(debrief, review)) if review.disputes else ""
    levels = _review_levels(debrief, review) + _judged(judged_of(debrief, review))
    return f"{head}{_said('Reply', did(review), 'reply')}{levels}{shown}{contested}</article>\n"


def _missing(debrief: Debrief, review: TurnReview) -> str:
    lines = missing_of(debrief, review)
    return f"<details><summary>What was missing</summary>\n{_list(lines)}</details>\n" if lines else ""


def _review_levels(debrief: Debrief, review: TurnReview) -> str:
    if not review.rated:
        return '<p class="small">This reply was not rated.</p>\n'
    items = "".join(
        f"<div><dt>{safe(score.name)}</dt> <dd>{review.levels.get(score.id) or 'no room here'}"
        f"{NOT_CALIBRATED if score.mark else ''}{safe(remarked(review.remarks.get(score.id)))}</dd></div>"
        for score in debrief.dimensions
        if score.id in review.levels
    )
    return f'<dl class="levels">{items}</dl>\n'


def _notes(debrief: Debrief) -> str:
    about = [*debrief.notes, voices(debrief), f"Rater: {debrief.rater}.", f"Session: {debrief.session}."]
    return f"<section>\n<h2>What to know about these numbers</h2>\n{_list(about)}</section>\n"


def _said(who: str, text: str, look: str = "") -> str:
    kind = f' class="{look}"' if look else ""
    return f'<p class="speaker">{who}</p>\n<blockquote{kind}>{safe(text) or NOTHING}</blockquote>\n'


def _list(texts: Iterable[str]) -> str:
    return f"<ul>\n{''.join(f'<li>{safe(text)}</li>{chr(10)}' for text in texts)}</ul>\n"


def _sentence(phrase: str) -> str:
    return safe(f"{phrase[:1].upper()}{phrase[1:]}.")
