"""A debrief as widgets, what matters most first; apart from its screen, which is about keys and files."""

from collections.abc import Iterable, Iterator

from textual.widget import Widget
from textual.widgets import Static

from simulator.briefing import Section
from simulator.debrief import Debrief, TurnReview
from simulator.moments import Moment, StrongerLine
from simulator.reports.phrases import (
    count_of,
    critical_of,
    did,
    evidence_of,
    in_words,
    level_of,
    levels_of,
    movement_of,
    parts_of,
    printable,
    reasons_of,
    voices,
)
from simulator.scores import DimensionScore
from simulator.tui.curve import Curve
from simulator.tui.gauges import bar
from simulator.tui.page import SectionView
from simulator.tui.transcript import Bubble

_BAR_CELLS = 40


def debrief_widgets(debrief: Debrief) -> Iterator[Widget]:
    """Everything in the debrief, what matters most first."""
    yield _section("How it ended", debrief.ending_sentence, debrief.change_sentence)
    if debrief.critical:
        yield _section("Critical errors", *(f"- {critical_of(finding)}" for finding in debrief.critical), alert=True)
    yield from _goal(debrief)
    yield _heading("The moments that moved the customer most")
    for moment in debrief.moments:
        yield from _moment(debrief, moment)
    if not debrief.moments:
        yield _text("Nothing that was said or done moved the customer.")
    if debrief.stronger:
        yield from _stronger(debrief, debrief.stronger)
    yield _section("Overall", parts_of(debrief))
    for score in debrief.dimensions:
        yield from _dimension(score)
    yield _heading(f"How {debrief.customer} felt")
    yield Curve(debrief.curve)
    yield _heading("Every turn")
    for review in debrief.reviews:
        yield from _review(debrief, review)
    yield _section("What to know about these numbers", *debrief.notes, voices(debrief), f"Rater: {debrief.rater}.")


def _goal(debrief: Debrief) -> Iterator[Widget]:
    before = (f"The goal for this time was: {debrief.goal_before}",) if debrief.goal_before else ()
    yield _section("Your goal for next time", debrief.goal.sentence, *before)
    if debrief.goal.example:
        yield _said("For example", "authored", debrief.goal.example, "trainee")


def _moment(debrief: Debrief, moment: Moment) -> Iterator[Widget]:
    yield _subheading(f"Turn {moment.turn}: {movement_of(debrief, moment)}")
    yield _said(debrief.customer, "before", moment.before, "customer")
    yield _said("You", "", did(moment), "trainee")
    yield _list(f"- {reason}" for reason in reasons_of(moment))
    yield _said(debrief.customer, "after", moment.after, "customer")


def _stronger(debrief: Debrief, stronger: StrongerLine) -> Iterator[Widget]:
    yield _heading("A stronger line")
    yield _subheading(f"Turn {stronger.turn}, where the reply could have shown: {in_words(stronger.signal)}")
    yield _said(debrief.customer, "", stronger.before, "customer")
    yield _said("You", "", stronger.reply, "trainee")
    yield _said("It could have been", "authored: a person wrote this line, no model did", stronger.text, "trainee")


def _dimension(score: DimensionScore) -> Iterator[Widget]:
    yield _heading(f"{score.name}: {level_of(score)}")
    if score.mean is not None:
        yield Static(bar(score.mean / 5, _BAR_CELLS, "$trainee"), markup=False)
    anchor = (f"Level {score.level}, {score.level_name}: {score.anchor}",) if score.level else ()
    checks = (
        f"- {check.question} {count_of(check).capitalize()}." for check in score.checks if check.wanted or check.met
    )
    yield _section("", *anchor, *checks)


def _review(debrief: Debrief, review: TurnReview) -> Iterator[Widget]:
    yield _subheading(f"Turn {review.turn}: {levels_of(debrief, review) if review.act is None else review.act}")
    yield _said(debrief.customer, "", review.before, "customer")
    if review.reply is not None:
        yield _said("You", "", review.reply, "trainee")
    shown = (f"- {evidence_of(evidence)}" for evidence in review.evidence)
    missing = (f"- For {step.dimension} {step.next_level}, {step.name}: {step.anchor}" for step in review.missing)
    yield _list((*shown, *missing))


def _section(title: str, *lines: str, alert: bool = False) -> Widget:
    view = SectionView(Section(title=title, lines=lines))
    view.set_class(alert, "-alert")
    return view


def _list(lines: Iterable[str]) -> Widget:
    view = _section("", *lines)
    view.add_class("-list")
    return view


def _heading(text: str) -> Widget:
    return Static(printable(text), markup=False, classes="heading")


def _subheading(text: str) -> Widget:
    return Static(printable(text), markup=False, classes="subheading")


def _text(text: str) -> Widget:
    return Static(printable(text), markup=False)


def _said(speaker: str, badge: str, text: str, side: str) -> Widget:
    return Bubble(speaker, badge, text, len(text), side) if text else Static(classes="nothing")
