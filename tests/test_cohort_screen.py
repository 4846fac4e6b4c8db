"""The cohort's screen: by keys alone, in windows of all sizes, with many people and few colours."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from cohort_made import DOUBTFUL, NAMES, dimension, nobody, person, progress, report
from rich.color import Color, ColorSystem
from textual.pilot import Pilot
from textual.widgets import Static

from simulator.cohorts.figures import Bin, CohortReport, Progress
from simulator.reports.cohort_words import UNRELIABLE
from simulator.tui.cohort_app import CohortApp
from simulator.tui.cohort_drawing import DOT, Spot, dots, plot
from simulator.tui.cohort_people import DOUBT, SHADES, CohortPeople, shade
from simulator.tui.cohort_person_screen import CohortPersonScreen
from simulator.tui.cohort_screen import CohortScreen, Picture
from simulator.tui.frame import TooSmall
from simulator.tui.page import Page

PATIENCE = 2_000
"""Looks until a test gives up on what must come."""


@asynccontextmanager
async def looking(
    made: CohortReport, size: tuple[int, int] = (80, 24), progress_of: Callable[[str], Progress] = progress
) -> AsyncIterator[tuple[CohortApp, Pilot[None]]]:
    app = CohortApp(made, progress_of)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.focused is not None)
        yield app, pilot


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    for _ in range(PATIENCE):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came")


def status(app: CohortApp) -> str:
    return str(app.screen.query_one(".status", Static).render())


def cells(app: CohortApp, row: int) -> list[str]:
    return [cell.plain.strip() for cell in app.screen.query_one(CohortPeople).get_row_at(row)]


def shown(app: CohortApp) -> str:
    """What the pictures that can be seen say."""
    return "\n".join(str(one.render()) for one in app.screen.query(Picture) if one.size.height)


async def test_the_table_has_a_figure_in_every_cell_and_handle_time_beside_empathy() -> None:
    async with looking(report()) as (app, _):
        table = app.screen.query_one(CohortPeople)
        heads = [column.label.plain for column in table.ordered_columns]
        assert heads == ["Name", "Played", "Empathy", "Handle time", f"Ownership {DOUBT}", "Active listening"]
        assert cells(app, 0)[:4] == ["Ada", "4", "2.4 ▃", "5:20"]
        assert cells(app, 0)[4] == f"3.0 {DOUBT}"


async def test_a_narrow_window_needs_no_sideways_scrolling_and_a_wide_one_shows_intervals() -> None:
    async with looking(report()) as (app, pilot):
        table = app.screen.query_one(CohortPeople)
        assert not table.show_horizontal_scrollbar
        assert "to" not in cells(app, 0)[2]
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: "1.8 to 3.0" in cells(app, 0)[2])
        assert not table.show_horizontal_scrollbar


async def test_arrows_move_and_the_cell_is_said_in_full() -> None:
    async with looking(report()) as (app, pilot):
        await pilot.press("down", "right", "right")
        await until(pilot, lambda: "Bela. Empathy: 2.70 of 5, 95 % interval 2.10 to 3.30, 4 sessions" in status(app))
        await pilot.press("right", "right")
        await until(pilot, lambda: "Ownership: 3.10 of 5" in status(app))
        assert f"{UNRELIABLE}, not calibrated: 0.41" in status(app)
        await pilot.press("left")
        await until(pilot, lambda: "Handle time: 5 min 20 s" in status(app))


async def test_tab_goes_round_the_pages_and_numbers_go_straight() -> None:
    async with looking(report()) as (app, pilot):
        assert isinstance(app.focused, CohortPeople)
        await pilot.press("tab")
        await until(pilot, lambda: "3.0 to 3.5" in shown(app))
        assert f"{DOT * 2} 2" in shown(app)
        assert "A quarter of the people are at" in shown(app)
        await pilot.press("tab")
        await until(pilot, lambda: "Attempts 2 to 3: level 3.20 of 5" in shown(app))
        await pilot.press("tab")
        await until(pilot, lambda: "do not say whether a copilot was used" in shown(app))
        await pilot.press("tab")
        await until(pilot, lambda: isinstance(app.focused, CohortPeople))
        await pilot.press("shift+tab")
        await until(pilot, lambda: isinstance(app.focused, Page))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.focused, CohortPeople))


async def test_enter_shows_the_persons_own_curves_and_q_comes_back_to_the_same_cell() -> None:
    asked: list[str] = []

    def of(name: str) -> Progress:
        asked.append(name)
        return progress(name)

    async with looking(report(), progress_of=of) as (app, pilot):
        await pilot.press("down", "down", "right", "enter")
        await until(pilot, lambda: isinstance(app.screen, CohortPersonScreen))
        assert asked == ["Chidi"]
        await until(pilot, lambda: "Rising: +0.80 of a level over 5 sessions (+0.10 to +1.50)." in shown(app))
        assert "Handle time: 5 min 10 s on average." in shown(app)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, CohortScreen))
        assert app.screen.query_one(CohortPeople).cursor_coordinate == (2, 1)


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+q", "ctrl+c"])
async def test_leaving_is_one_key(key: str) -> None:
    async with looking(report()) as (app, pilot):
        await pilot.press(key)
        await until(pilot, lambda: not app.is_running)
        assert app.return_code == 0


async def test_somebody_without_a_session_has_an_empty_row_and_an_empty_page() -> None:
    made = report([person("Zoe", sessions=0)])
    async with looking(made, progress_of=lambda name: progress(name, 0)) as (app, pilot):
        assert cells(app, 0) == ["Zoe", "0", "", "", "", ""]
        await until(pilot, lambda: "no session yet" in status(app))
        await pilot.press("enter")
        await until(pilot, lambda: "No finished session of this person has a level yet." in shown(app))


async def test_one_session_is_a_point_and_words() -> None:
    async with looking(report([person("Zoe", sessions=1)]), progress_of=lambda name: progress(name, 1)) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "Too few for a curve." in shown(app))
        assert shown(app).count(DOT) >= 1


async def test_an_empty_cohort_says_so_and_takes_every_key() -> None:
    async with looking(nobody()) as (app, pilot):
        assert status(app) == "There is nobody in this cohort."
        await pilot.press("down", "enter", "right", "tab")
        await until(pilot, lambda: "No finished session of this cohort has a level yet." in shown(app))
        await pilot.press("tab", "tab", "tab")
        assert isinstance(app.screen, CohortScreen)


async def test_five_hundred_people_are_scrolled_to_the_last() -> None:
    made = report([person(f"Person {number:03}") for number in range(500)])
    async with looking(made) as (app, pilot):
        await pilot.press("ctrl+end")
        await until(pilot, lambda: app.screen.query_one(CohortPeople).cursor_coordinate.row == 499)
        await until(pilot, lambda: status(app).startswith("Person 499"))
        await pilot.press("ctrl+home", "pagedown")
        await until(pilot, lambda: 0 < app.screen.query_one(CohortPeople).cursor_coordinate.row < 30)


async def test_people_stand_in_the_order_they_were_given_and_heads_do_not_sort() -> None:
    async with looking(report()) as (app, pilot):
        await pilot.click(CohortPeople, offset=(30, 1))
        await pilot.pause()
        assert [cells(app, row)[0] for row in range(len(NAMES))] == list(NAMES)


async def test_names_from_outside_are_shown_as_they_are_without_steering() -> None:
    names = ["[bold]Bo[/bold]", "Eve\x1b[31m\u202e", "x" * 200, "[/absurd]"]
    made = report([person(name) for name in names], name="[red]Spring[/]\x1b")
    async with looking(made, progress_of=lambda name: progress(name, 3)) as (app, pilot):
        assert cells(app, 0)[0] == "[bold]Bo[/bold]"
        assert "\x1b" not in cells(app, 1)[0]
        assert cells(app, 2)[0].endswith("…")
        for _ in names:
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, CohortPersonScreen))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, CohortScreen))
            await pilot.press("down")


async def test_a_window_that_is_too_small_says_so_and_comes_back() -> None:
    async with looking(report()) as (app, pilot):
        await pilot.resize_terminal(40, 10)
        await until(pilot, lambda: app.screen.query_one(TooSmall).display)
        await pilot.press("tab")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not app.screen.query_one(TooSmall).display)
        await until(pilot, lambda: isinstance(app.focused, CohortPeople))


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40), (200, 60)])
async def test_no_words_of_a_picture_are_cut_off(size: tuple[int, int]) -> None:
    async with looking(report(), size) as (app, pilot):
        for key in ("2", "3", "4"):
            await pilot.press(key)
            await pilot.pause()
            for picture in app.screen.query(Picture):
                rows = picture.size.height
                if rows:
                    text = " ".join(picture.render_line(row).text for row in range(rows))
                    assert text.split()[-3:] == str(picture.render()).split()[-3:]


async def test_two_versions_of_a_rater_are_two_columns() -> None:
    made = report(dimensions=(dimension("empathy"), dimension("empathy", DOUBTFUL, 2.0, "embedded-3")))
    async with looking(made, (200, 60)) as (app, _):
        heads = [column.label.plain for column in app.screen.query_one(CohortPeople).ordered_columns]
        assert heads[2:] == ["Empathy, embedded-4", "Handle time", f"Empathy, embedded-3 {DOUBT}"]


def luminance(color: Color) -> float:
    red, green, blue = (channel / 255 for channel in color.get_truecolor())
    return float(0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2)


@pytest.mark.parametrize(
    ("system", "least"), [(ColorSystem.TRUECOLOR, 4.5), (ColorSystem.EIGHT_BIT, 4.5), (ColorSystem.STANDARD, 3.5)]
)
def test_figures_stand_out_from_their_ground_in_every_number_of_colours(system: ColorSystem, least: float) -> None:
    for ground, ink in SHADES:
        dark, light = sorted(luminance(Color.parse(one).downgrade(system)) for one in (ground, ink))
        assert (light + 0.05) / (dark + 0.05) >= least, (ground, ink)


def test_grounds_grow_stronger_with_the_level() -> None:
    order = [shade(1 + step / 10)[0] for step in range(41)]
    assert [luminance(Color.parse(one)) for one in order] == sorted(luminance(Color.parse(one)) for one in order)
    assert shade(1.0) == SHADES[0]
    assert shade(5.0) == SHADES[-1]


def test_a_dot_is_a_person_until_there_are_too_many() -> None:
    bins = [Bin(low=3.0, high=3.5, people=4), Bin(low=3.5, high=4.0, people=0)]
    assert str(dots(bins, 60, "")).splitlines()[0] == f"3.0 to 3.5  {DOT * 4} 4"
    many = str(dots([Bin(low=3.0, high=3.5, people=400)], 60, ""))
    assert many.count(DOT) == 40
    assert " 400" in many
    assert "Each dot is up to 10 people." in many


def test_a_plot_shows_band_point_label_and_figure() -> None:
    drawn = str(plot([Spot(label="1", level=2.0, low=1.0, high=3.0), Spot(label="2", level=5.0)], 60, "")).splitlines()
    assert drawn[0].startswith("5 ")
    assert DOT in drawn[0]
    assert DOT in drawn[9]
    assert drawn[-2].split() == ["1", "2"]
    assert drawn[-1].split() == ["2.0", "5.0"]


def test_a_plot_that_is_too_narrow_keeps_the_last_spots() -> None:
    spots = [Spot(label=str(number), level=3.0) for number in range(1, 101)]
    drawn = str(plot(spots, 60, "")).splitlines()
    assert drawn[-2].split()[-1] == "100"
    assert max(map(len, drawn)) <= 60
