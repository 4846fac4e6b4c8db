"""A debrief as four pages of widgets, what matters most first; apart from its screen, which is about keys and files."""

from collections.abc import Iterable, Iterator

from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from simulator.briefing import Section
from simulator.debriefing.debrief import Debrief
from simulator.debriefing.moments import Moment
from simulator.debriefing.reviews import TurnReview
from simulator.debriefing.scores import DimensionScore
from simulator.debriefing.stronger import StrongerLine
from simulator.reports.contact import certainty_of, level_of, parts_of, whole_of
from simulator.reports.opinion import judged_by_turn, judged_of
from simulator.reports.phrases import (
    anchors_of,
    checks_of,
    critical_of,
    did,
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
    would_move,
)
from simulator.reports.printing import closed, printable
from simulator.reports.reasons import headline_of, movement_of, reasons_of
from simulator.reports.text import AUTHORED, NOTHING_MOVED
from simulator.tui.curve import Curve, Levels
from simulator.tui.page import SectionView, paragraphs
from simulator.tui.transcript import Bubble


def overview(debrief: Debrief) -> Iterator[Widget]:
    """How it ended, the levels, the one goal, the feelings, and what to look at on the other pages."""
    yield _text(debrief.ending_sentence, "ending")
    if debrief.critical:
        yield _section("Critical errors", *(f"- {critical_of(finding)}" for finding in debrief.critical), alert=True)
    yield _heading("How the replies were")
    yield Levels(debrief) if debrief.overall else _text(parts_of(debrief))
    yield _goal(debrief)
    yield _heading(f"How {debrief.customer} felt, turn by turn")
    yield Curve(debrief.curve, debrief.leading)
    headlines = tuple(f"- {closed(headline_of(moment))}" for moment in debrief.moments)
    yield _section("What moved the customer most", *(headlines or (NOTHING_MOVED,)))


def moments(debrief: Debrief) -> Iterator[Widget]:
    """The moments one by one, with the words that did it marked; then a stronger line for the weakest reply."""
    for moment in debrief.moments:
        yield from _moment(debrief, moment)
    if not debrief.moments:
        yield _text(NOTHING_MOVED)
    if debrief.stronger:
        yield from _stronger(debrief, debrief.stronger)
    if debrief.stronger_note:
        yield _text(debrief.stronger_note)
    yield _text(debrief.points_sentence, "quiet")


def levels(debrief: Debrief) -> Iterator[Widget]:
    """Every dimension with what was seen, and what to know before believing a number."""
    for score in debrief.dimensions:
        yield from _dimension(debrief, score)
    yield _section("Overall", parts_of(debrief), *certainty_of(debrief))
    yield _section("The contact as a whole", *(f"- {line}" for line in whole_of(debrief)))
    yield _section("What to know about these numbers", *(f"- {note}" for note in (*debrief.notes, voices(debrief))))


def turns(debrief: Debrief) -> Iterator[Widget]:
    """The whole contact with its levels; what they rest on is marked in the words, and told where details are shown."""
    yield from (_text(words, "mark") for words in marks_of(debrief))
    for review in debrief.reviews:
        yield from _review(debrief, review)
    if debrief.reviews:
        yield _said(debrief.customer, "", debrief.last_words, "customer")
    else:
        yield _text("There was no reply.")


def _goal(debrief: Debrief) -> Widget:
    goal = debrief.goal
    example = (f"For example ({AUTHORED}): \u201c{goal.example}\u201d",) if goal.example else ()
    before = (
        (f"The goal for this time was: {debrief.goal_before} {debrief.goal_kept or ''}",) if debrief.goal_before else ()
    )
    box = Vertical(
        Static(paragraphs((goal.sentence,)), classes="aim"),
        Static(paragraphs((*filter(None, (goal.basis,)), *example, *before)), classes="quiet"),
        classes="goal",
    )
    box.border_title = "Your goal for next time"
    return box


def _moment(debrief: Debrief, moment: Moment) -> Iterator[Widget]:
    marked = [reason.quote for reason in moment.reasons if not reason.event]
    yield _heading(f"Turn {moment.turn}: {movement_of(moment)}", "turn")
    yield _said(debrief.customer, "before", moment.before, "customer")
    yield _said("You", "", did(moment), "trainee", marked)
    yield _list(f"- {reason}" for reason in reasons_of(moment))
    yield _said(debrief.customer, "after", moment.after, "customer")


def _stronger(debrief: Debrief, stronger: StrongerLine) -> Iterator[Widget]:
    yield _heading(f"A stronger line for turn {stronger.turn}", "turn")
    yield _said(debrief.customer, "", stronger.before, "customer")
    yield _said("You", "", stronger.reply, "trainee", [stronger.fault_quote or ""])
    yield _said(line_label(stronger), AUTHORED, stronger.text, "trainee")
    yield _list(filter(None, (lacking(stronger), scored_of(stronger), would_move(stronger))))


def _dimension(debrief: Debrief, score: DimensionScore) -> Iterator[Widget]:
    by_turn = f"By turn: {levels_by_turn(score)}." if score.turns else ""
    yield _heading(f"{score.name}: {level_of(score)}")
    if score.mark:
        yield _text(score.mark, "mark")
    levels = (*filter(None, (by_turn,)), *judged_by_turn(debrief, score))
    yield _list((*anchors_of(score), *levels, *(f"- {check}" for check in checks_of(score))))


def _review(debrief: Debrief, review: TurnReview) -> Iterator[Widget]:
    standing = levels_of(debrief, review) if review.act is None else review.act
    yield _heading(f"Turn {review.turn}: {standing}", "turn")
    yield _said(debrief.customer, "", review.before, "customer")
    if review.reply is not None:
        marked = [evidence.quote for evidence in review.evidence if evidence.speaker == "trainee"]
        yield _said("You", "", review.reply, "trainee", marked)
    yield from (_text(judged, "quiet") for judged in judged_of(debrief, review))
    shown = (f"- {evidence}" for evidence in evidence_by_words(debrief, review))
    grounds = (f"- {words}" for words in (*unexplained_of(debrief, review), *missing_of(debrief, review)))
    details = _list((*shown, *grounds))
    details.add_class("details")
    yield details
    if review.disputes:
        yield _list(f"- {words}" for words in disputes_of(debrief, review))


def _section(title: str, *lines: str, alert: bool = False) -> Widget:
    view = SectionView(Section(title=title, lines=lines))
    view.set_class(alert, "-alert")
    return view


def _list(lines: Iterable[str]) -> Widget:
    view = _section("", *lines)
    view.add_class("-list")
    return view


def _heading(text: str, kind: str = "heading") -> Widget:
    return Static(printable(text), markup=False, classes=kind)


def _text(text: str, kind: str = "") -> Widget:
    return Static(printable(text), markup=False, classes=kind)


def _said(speaker: str, badge: str, text: str, side: str, marked: Iterable[str] = ()) -> Widget:
    return Bubble(speaker, badge, text, len(text), side, marked) if text else Static(classes="nothing")
