"""One person of a cohort on the screen: their own sessions, compared with nobody's.

Apart from the cohort's screen because a lead who talks with somebody about their practice shows this page and no other.
"""

from collections.abc import Iterator
from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding

from simulator.cohorts.figures import OwnCurve, Progress
from simulator.reports.cohort_words import counted, dimension_name, duration, left_out_of, name_of, rated_by
from simulator.reports.printing import closed
from simulator.tui.cohort_drawing import own, plot
from simulator.tui.cohort_people import DOUBT
from simulator.tui.cohort_screen import HUGE, Picture, Pictures
from simulator.tui.frame import Banner, Framed, Keys
from simulator.tui.page import Page


class CohortPersonScreen(Framed):
    """A plot for each dimension, left with Escape."""

    HORIZONTAL_BREAKPOINTS = [*Framed.HORIZONTAL_BREAKPOINTS, (HUGE, "-huge")]
    BINDINGS = [Binding("escape,q", "app.pop_screen", "Back", key_display="q")]

    def __init__(self, made: Progress) -> None:
        super().__init__()
        self._made = made

    def compose(self) -> ComposeResult:
        """Title, plots, notes, keys."""
        yield Banner(name_of(self._made.person), counted(self._made.sessions, "session"))
        yield Page(Pictures(*_curves(self._made)), *_notes(self._made))
        yield Keys()


def _curves(made: Progress) -> Iterator[Picture]:
    for curve in made.curves:
        title = dimension_name(curve.dimension) + ("" if curve.standing.reliable else f" {DOUBT}")
        ink = "$trainee" if curve.standing.reliable else "$quiet"
        spots = list(own(curve))
        yield Picture(title, list(_words(curve, made)), partial(plot, spots, ink=ink) if spots else None)
    if not made.curves:
        yield Picture("No levels yet", ["No finished session of this person has a level yet."])


def _words(curve: OwnCurve, made: Progress) -> Iterator[str]:
    yield closed(name_of(curve.words))
    yield f"Mean {curve.mean:.2f} of 5, {counted(len(curve.points), 'session')}. Below the plot: number of the session."
    if curve.dimension == "empathy" and made.handle_seconds is not None:
        yield f"Handle time: {duration(made.handle_seconds)} on average."
    yield rated_by(curve.standing, curve.rater)


def _notes(made: Progress) -> Iterator[Picture]:
    words = [*left_out_of(made.left_out), *(closed(name_of(words)) for words in made.caveats)]
    if words:
        yield Picture("What to know about these figures", words)
