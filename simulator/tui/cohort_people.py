"""People and dimensions as a table: a figure in each cell, its ground the stronger the higher the level.

Apart from the screen because cells have to be read in 256, in 16 and in no colours: the figure and a small bar say what
the ground says. What is not to be relied on has no ground, is grey and slanting, and bears a question mark.
"""

from collections.abc import Iterator, Sequence

from rich.style import Style
from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.widgets import DataTable

from simulator.cohorts.figures import CohortReport, DimensionReport, PersonFigure, PersonRow
from simulator.reports.cohort_words import (
    between,
    counted,
    duration,
    name_of,
    person_figure,
    place_of_time,
    standing_of,
    titles_of,
)
from simulator.reports.printing import closed
from simulator.tui.curve import column
from simulator.tui.palette import GROUND, INKS

DOUBT = "?"
"""Stands behind every figure that is not to be relied on."""

SHADES: tuple[tuple[str, str], ...] = (
    ("#16242a", INKS["ink"]),
    ("#173038", INKS["ink"]),
    ("#1a3f45", INKS["ink"]),
    ("#1d5052", INKS["ink"]),
    ("#226160", INKS["ink"]),
    ("#3f9c90", GROUND),
    ("#52b7a8", GROUND),
    ("#6fd0c1", GROUND),
)
"""Ground and ink by half levels, from 1 to 5; the inks stand out from the grounds in 16 colours as well."""

_NAME_CELLS = {False: 16, True: 32}
_INTERVAL_CELLS = 12
_PLAYED, _TIME = "Played", "Handle time"
_GREY = Style(color=INKS["quiet"], italic=True)


class CohortPeople(DataTable[Text]):
    """One row for each person, by name; it cannot be sorted."""

    BINDINGS = [Binding("enter", "select_cursor", "Their curves")]

    class Looked(Message):
        """The cursor came to a cell."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Chosen(Message):
        """A person was chosen."""

        def __init__(self, person: str) -> None:
            super().__init__()
            self.person = person

    def __init__(self, made: CohortReport) -> None:
        super().__init__(cursor_type="cell", fixed_columns=1, zebra_stripes=False, show_row_labels=False)
        self._people = made.people
        self._columns = list(_columns(made))
        self._wide: bool | None = None

    def fit(self, wide: bool) -> None:
        """Lay the table out for a wide window, with intervals, or for a narrow one."""
        if wide == self._wide:
            return
        self._wide = wide
        place = self.cursor_coordinate
        self.clear(columns=True)
        self.add_column(Text("Name"), width=_NAME_CELLS[wide])
        self.add_column(Text(_PLAYED))
        for head in self._columns:
            self.add_column(head.title)
        for person in self._people:
            cells = (column.cell(person, wide) for column in self._columns)
            played = Text(f"{person.sessions:>{len(_PLAYED)},}")
            self.add_row(_name(person.person, _NAME_CELLS[wide]), played, *cells)
        self.move_cursor(row=place.row, column=place.column)

    def on_data_table_cell_highlighted(self, event: DataTable.CellHighlighted) -> None:
        """Say in full what the cell holds."""
        event.stop()
        if self._people:
            person = self._people[event.coordinate.row]
            self.post_message(self.Looked(self._told(person, event.coordinate.column - 2)))

    def on_data_table_cell_selected(self, event: DataTable.CellSelected) -> None:
        """Pass the person on."""
        event.stop()
        if self._people:
            self.post_message(self.Chosen(self._people[event.coordinate.row].person))

    def _told(self, person: PersonRow, number: int) -> str:
        name = name_of(person.person)
        if number >= 0:
            return f"{name}. {self._columns[number].told(person)}"
        if not person.sessions:
            return f"{name}: no session yet."
        return f"{name}: {counted(person.sessions, 'session')}, {counted(person.scenarios, 'scenario')}."


class _Level:
    """The column of one dimension."""

    def __init__(self, name: str, part: DimensionReport) -> None:
        self._name, self._part = name, part
        reliable = part.standing.reliable
        self.title = Text(name) if reliable else Text(f"{name} {DOUBT}", style=_GREY)

    def cell(self, person: PersonRow, wide: bool) -> Text:
        figure = self._figure(person)
        if figure is None:
            return Text("")
        interval = between(figure.interval, "{:.1f}".format) if figure.interval else ""
        sure = f"{interval:>{_INTERVAL_CELLS}}" if wide else ""
        if not self._part.standing.reliable:
            return Text(f" {figure.mean:.1f} {DOUBT}{sure} ", style=_GREY)
        ground, ink = shade(figure.mean)
        bar = column(25 * (figure.mean - 1))
        return Text(f" {figure.mean:.1f} {bar}{sure} ", style=Style(color=ink, bgcolor=ground))

    def told(self, person: PersonRow) -> str:
        figure = self._figure(person)
        said = person_figure(figure) if figure else "nothing was measured"
        return f"{self._name}: {said}; {closed(standing_of(self._part.standing))}"

    def _figure(self, person: PersonRow) -> PersonFigure | None:
        about = self._part.dimension, self._part.rater
        return next((one for one in person.figures if (one.dimension, one.rater) == about), None)


class _HandleTime:
    """The column of handle times, beside empathy."""

    title = Text(_TIME)

    def cell(self, person: PersonRow, _wide: bool) -> Text:
        if person.handle_seconds is None:
            return Text("")
        minutes, seconds = divmod(round(person.handle_seconds), 60)
        return Text(f"{f'{minutes}:{seconds:02}':>{len(_TIME)}}")

    def told(self, person: PersonRow) -> str:
        if person.handle_seconds is None:
            return "Handle time: no session was timed."
        return f"Handle time: {duration(person.handle_seconds)} on average. Short is not good by itself."


def shade(level: float) -> tuple[str, str]:
    """Ground and ink of a level, 1 to 5."""
    return SHADES[min(len(SHADES) - 1, max(0, int((level - 1) * 2)))]


def _columns(made: CohortReport) -> Iterator[_Level | _HandleTime]:
    titled: Sequence[tuple[str, DimensionReport]] = list(zip(titles_of(made.dimensions), made.dimensions, strict=True))
    beside = place_of_time([part.dimension for part in made.dimensions])
    yield from (_Level(*each) for each in titled[:beside])
    yield _HandleTime()
    yield from (_Level(*each) for each in titled[beside:])


def _name(name: str, cells: int) -> Text:
    shown = Text(name_of(name))
    shown.truncate(cells, overflow="ellipsis")
    return shown
