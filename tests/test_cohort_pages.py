"""`cohort report` and `cohort compare`: text, page and JSON, with what is not to be relied on marked in each."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cohort_made import (
    DOUBTFUL,
    NAMES,
    RULES,
    comparison,
    contrast,
    difference,
    dimension,
    filled,
    nobody,
    person,
    refused,
    report,
    told,
    verdict,
)
from recorded import record
from test_reports import Page

from simulator.cohorts.figures import CohortReport, Comparison, Contrast, Curve, Part
from simulator.reports import cohort_compared, cohort_html, cohort_text
from simulator.reports.cohort_words import UNRELIABLE, duration
from simulator.storage.records.store import Store

NASTY = "<script>alert(1)</script>"
STEERING = "Eve\x1b[31m\u202egnp\nEve: 5.0"


@pytest.fixture(autouse=True)
def _own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_DATA", str(tmp_path / "data"))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    from simulator.storage.records.database import Database

    address = f"sqlite:///{tmp_path / 'records.db'}"
    monkeypatch.setenv("SIMULATOR_DATABASE", address)
    return Store(Database(address))


def section(text: str, heading: str) -> str:
    """What stands under a heading of a text."""
    start = text.index(f"\n{heading}")
    return text[start : text.find("\n\n", start + 2)]


# Text


def test_every_figure_of_the_text_has_its_unit_interval_and_numbers() -> None:
    line = next(line for line in cohort_text.report(report()).splitlines() if line.startswith("Level: "))
    assert line == (
        "Level: 3.42 of 5, 95 % interval 3.12 to 3.72, standard deviation between people 0.50, 6 people, 24 sessions."
    )


def test_the_text_names_the_rater_and_how_far_it_is_to_be_believed() -> None:
    text = cohort_text.report(report())
    assert "Rater embedded-4: calibrated: 0.66 [0.58, 0.74], target 0.60" in section(text, "EMPATHY")
    assert f"{UNRELIABLE}, not calibrated: 0.41 [0.30, 0.52], target 0.60" in section(text, "OWNERSHIP")


def test_no_figure_of_an_unreliable_dimension_stands_without_its_mark() -> None:
    text = cohort_text.report(report())
    figures = [line for line in section(text, "OWNERSHIP").splitlines() if "95 %" in line or "no interval" in line]
    assert len(figures) > 5
    assert all(UNRELIABLE in line for line in figures)
    assert all(UNRELIABLE in line for line in text.splitlines() if line.startswith("Ownership:"))
    assert UNRELIABLE not in section(text, "EMPATHY")


def test_handle_time_stands_right_behind_empathy() -> None:
    text = cohort_text.report(report())
    assert text.index("\nEMPATHY") < text.index("\nHANDLE TIME") < text.index("\nOWNERSHIP")
    one = text.split("\nAda:")[1].split("\n\n")[0].splitlines()
    assert [line.split(":")[0] for line in one[1:]] == ["Empathy", "Handle time", "Ownership", "Active listening"]


def test_people_stand_in_the_order_they_were_given_and_are_not_ranked() -> None:
    text = cohort_text.report(report())
    places = [text.index(f"\n{name}: ") for name in NAMES]
    assert places == sorted(places)
    assert "There is no ranking" in text


def test_what_was_not_recorded_is_left_out_and_never_zero() -> None:
    for made in (cohort_text.report(report()), cohort_html.page(report())):
        assert "copilot was used in" not in made
        assert "24 of 24 sessions of Spring do not say whether a copilot was used." in made
        assert "50 %" in made  # handoffs were recorded


def test_a_cohort_without_anybody_says_so() -> None:
    for made in (cohort_text.report(nobody()), cohort_html.page(nobody())):
        assert "There is nobody in this cohort." in made
        assert "HANDLE TIME" not in made.upper()
        assert "NaN" not in made
        assert "None" not in made


def test_somebody_who_has_not_played_is_listed_without_figures() -> None:
    made = report([person("Zoe", sessions=0)])
    assert "Zoe: no session yet." in cohort_text.report(made)
    row = next(row for row in re.findall(r"<tr>.*?</tr>", cohort_html.page(made)) if "Zoe" in row)
    assert "level" not in row
    assert "0.0" not in row


def test_two_versions_of_a_rater_are_two_parts_by_their_names() -> None:
    made = report(dimensions=(dimension("empathy"), dimension("empathy", DOUBTFUL, 2.0, "embedded-3")))
    text = cohort_text.report(made)
    assert "\nEMPATHY, EMBEDDED-4\n" in text
    assert "\nEMPATHY, EMBEDDED-3 (not to be relied on)\n" in text
    assert text.count("HANDLE TIME, BESIDE EMPATHY") == 1
    page = Page(cohort_html.page(made))
    assert "Empathy, embedded-3" in page.text
    assert page.text.count("Handle time, beside empathy") == 1


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(0, "0 s"), (59.6, "1 min"), (320, "5 min 20 s"), (-42, "-42 s"), (3600, "60 min"), (-0.2, "0 s")],
)
def test_durations_are_said_in_minutes_and_seconds(seconds: float, says: str) -> None:
    assert duration(seconds) == says


# What people typed


@pytest.mark.parametrize("name", [NASTY, STEERING, "=1+1", "x" * 200, '" onload="x', "&amp;"])
def test_names_from_outside_do_no_harm(name: str) -> None:
    made = report([person(name)], name=name)
    both = comparison(a=name, b=f"{name} 2")
    for text in (cohort_text.report(made), cohort_text.comparison(both)):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\nEve: 5.0" not in text
    for source in (cohort_html.page(made), cohort_compared.page(both)):
        page = Page(source)
        assert page.count("script") == 0
        assert not [attribute for _, attributes in page.tags for attribute in attributes if attribute.startswith("on")]
        assert "\x1b" not in page.text
    if name.isprintable():
        assert name in Page(cohort_html.page(made)).text


# Page


PAGES: list[Callable[[], str]] = [
    lambda: cohort_html.page(report()),
    lambda: cohort_html.page(nobody()),
    lambda: cohort_html.page(report([person("Ada", sessions=1)])),
    lambda: cohort_html.page(report(dimensions=(dimension("safety", RULES),))),
    lambda: cohort_compared.page(comparison()),
    lambda: cohort_compared.page(comparison(dimensions=(), moods=(), scenarios=())),
]


@pytest.mark.parametrize("made", PAGES)
def test_pages_stand_alone_and_are_whole(made: Callable[[], str]) -> None:
    source = made()
    page = Page(source)  # every tag is closed in order
    assert page.count("h1") == 1
    assert page.count("script") == page.count("link") == page.count("img") == 0
    assert "http" not in source
    assert "url(" not in source


@pytest.mark.parametrize("made", PAGES)
def test_every_picture_says_in_words_what_it_shows_and_every_table_has_heads(made: Callable[[], str]) -> None:
    page = Page(made())
    pictures = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert all(one.get("aria-label") or one.get("aria-hidden") == "true" for one in pictures)
    assert page.count("caption") == page.count("table")
    assert all(attributes.get("scope") in {"row", "col"} for tag, attributes in page.tags if tag == "th")


def test_beside_every_picture_stand_the_same_figures_as_a_table() -> None:
    source = cohort_html.page(report())
    for figure in re.findall(r"<figure>.*?</article>", source, re.DOTALL):
        assert "<table>" in figure
    for card in re.findall(r"<article.*?</article>", cohort_compared.page(comparison()), re.DOTALL):
        assert "<table>" in card


def test_cells_of_the_heat_map_hold_figure_and_interval() -> None:
    source = cohort_html.page(report([person("Ada", (2.6, 3.1, 3.4))]))
    row = next(row for row in source.split("<tr>") if "Ada" in row)
    assert re.search(r'<td class="level" style="--at:27%"><b>2.6</b><span class="small">2.0 to 3.2</span></td>', row)
    assert row.index("2.6") < row.index("5 min 20 s") < row.index("3.1")


def test_unreliable_cells_have_no_heat_and_say_so() -> None:
    source = cohort_html.page(report([person("Ada", (2.6, 3.1, 3.4))]))
    row = next(row for row in source.split("<tr>") if "Ada" in row)
    grey = re.search(r'<td class="unsure">(.*?)</td>', row)
    assert grey
    assert "3.1" in grey[1]
    assert UNRELIABLE in grey[1]
    assert f'Ownership<span class="small unsure">{UNRELIABLE}</span>' in source
    assert 'class="card grey"' in source


def test_stronger_levels_have_stronger_grounds() -> None:
    rows = [person(name, (level,) * 3) for name, level in zip("ABCDE", (1.0, 2.0, 3.0, 4.0, 5.0), strict=True)]
    source = cohort_html.page(report(rows))
    shares = [int(found) for found in re.findall(r"--at:(\d+)%", source)][::2]
    assert shares == sorted(shares)
    assert len(set(shares)) == 5


def test_with_many_people_a_dot_stands_for_several_and_that_is_said() -> None:
    made = report([person(f"P{number:04}", (3.0, 3.0, 3.0)) for number in range(500)])
    page = Page(cohort_html.page(made))
    assert "each dot is up to 32 people" in page.text
    assert page.count("circle") < 200


def test_a_curve_that_cannot_be_drawn_says_why() -> None:
    nothing = dimension("empathy").model_copy(update={"curve": Curve(points=(), why="Fewer than 5 people.")})
    page = Page(cohort_html.page(report(dimensions=(nothing,))))
    assert "Fewer than 5 people." in page.text
    assert page.count("polyline") == 0


def test_rules_without_calibration_are_not_to_be_relied_on() -> None:
    text = cohort_text.report(report(dimensions=(dimension("safety", RULES),)))
    assert "SAFETY (not to be relied on)" in text
    assert "not to be relied on, not calibrated" in text


# Comparison


def test_verdicts_are_said_in_the_comparisons_own_words_and_only_there() -> None:
    text, page = cohort_text.comparison(comparison()), Page(cohort_compared.page(comparison())).text
    for made in (text, page):
        assert made.count("Different: Spring is 0.31 of a level above Autumn (0.05 to 0.57).") == 1
        assert made.count("No verdict, as these levels are not to be relied on.") == 1
        below = made[made.upper().index("BY MOOD") :]
        assert "ifferent" not in below.split("What the figures do without")[0].split("WHAT THE FIGURES")[0]
        assert "no verdict" in below


def test_a_difference_has_interval_effect_size_and_adjusted_chance() -> None:
    line = section(cohort_text.comparison(comparison()), "EMPATHY").splitlines()[3]
    assert line == (
        "Difference: +0.31 levels, 95 % interval +0.05 to +0.57; Hedges' g +0.62, 95 % interval +0.10 to +1.14; "
        "p after Holm's adjustment 0.037."
    )


def test_where_no_difference_can_be_told_the_reason_stands_and_no_picture() -> None:
    made = comparison(dimensions=(difference("empathy", None, verdict=verdict("No verdict.", "withheld", None)),))
    assert "no difference can be told (No scenario was played in both cohorts)" in cohort_text.comparison(made)
    card = cohort_compared.page(made).split("Handle time")[0]
    assert "No scenario was played in both cohorts" in card
    assert "<svg" not in card


def test_a_difference_without_an_interval_says_why() -> None:
    alone = difference("empathy", 0.4, interval=None, effect=None, why="One person alone shows no spread.")
    made = comparison(dimensions=(alone,), moods=(Part(name="irate", differences=(alone,)),))
    assert "+0.40 levels, no interval (One person alone shows no spread)" in cohort_text.comparison(made)
    assert "no interval (One person alone shows no spread)" in Page(cohort_compared.page(made)).text


def test_copilot_use_is_shown_for_the_cohort_where_it_was_recorded() -> None:
    text = cohort_text.comparison(comparison())
    assert "Autumn: A copilot was used in 40 % of the sessions, 95 % interval 30 % to 50 %" in text
    assert "Spring: A copilot" not in text


def test_pictures_of_differences_reach_as_far_as_the_widest_interval() -> None:
    wide = difference("empathy", 2.0)
    source = cohort_compared.page(comparison(dimensions=(wide,), moods=(), scenarios=()))
    assert "\N{MINUS SIGN}2.50" in source
    handle = Contrast(**contrast(3_000.0))
    assert "50 min" in cohort_compared.page(comparison(handle_time=handle))


# Commands


def test_report_comes_in_every_format_by_option_or_by_the_files_name(store: Store, tmp_path: Path) -> None:
    filled(store, "spring")
    assert told("cohort", "report", "spring").startswith("COHORT: spring\n6 people, 18 sessions.")
    made = CohortReport.model_validate_json(told("cohort", "report", "spring", "--json"))
    assert made == CohortReport.model_validate_json(told("cohort", "report", "spring", "--format", "json"))
    assert [one.person for one in made.people] == [f"spring {number}" for number in range(6)]
    page = tmp_path / "report.html"
    told("cohort", "report", "spring", "-o", str(page))
    assert Page(page.read_text()).count("h1") == 1
    data = tmp_path / "report.json"
    told("cohort", "report", "spring", "-o", str(data))
    assert json.loads(data.read_text())["name"] == "spring"


def test_compare_comes_in_every_format(store: Store, tmp_path: Path) -> None:
    filled(store, "spring", lift=0.6)
    filled(store, "autumn", 8)
    assert told("cohort", "compare", "spring", "autumn").startswith("COMPARISON: spring and autumn\n")
    made = Comparison.model_validate_json(told("cohort", "compare", "spring", "autumn", "--json"))
    assert {one.dimension for one in made.dimensions} == {"empathy", "ownership", "active_listening"}
    assert made.dimensions[0].difference == pytest.approx(0.47, abs=0.1)
    page = tmp_path / "both.html"
    told("cohort", "compare", "spring", "autumn", "-o", str(page))
    assert "spring" in Page(page.read_text()).text


def test_an_unknown_cohort_is_refused_with_the_one_that_may_be_meant(store: Store) -> None:
    filled(store, "Spring")
    for command in (["report"], ["show"], ["queue"], ["export"]):
        assert refused(2, "cohort", *command, "sprnig") == 'There is no cohort "sprnig"; did you mean "Spring"?'
    assert 'did you mean "Spring"?' in refused(2, "cohort", "compare", "Spring", "spring")
    assert "lists what there is" in refused(2, "cohort", "report", "autumn")
    assert "cannot be empty" in refused(2, "cohort", "report", " ")
    assert "control characters" in refused(2, "cohort", "report", "a\x1b[31m")


def test_a_cohort_is_not_compared_with_itself(store: Store) -> None:
    filled(store, "spring")
    assert "cannot be compared with itself" in refused(2, "cohort", "compare", "spring", "spring")


def test_cohorts_of_nobody_of_one_and_on_different_scenarios_are_told_in_words(store: Store) -> None:
    filled(store, "one", 1)
    filled(store, "many", 6)
    store.create("empty")
    assert "There is nobody in this cohort." in told("cohort", "report", "empty")
    assert "no interval" in told("cohort", "report", "one")
    assert "One person alone shows no spread" in told("cohort", "compare", "one", "many")
    assert "no difference can be told" in told("cohort", "compare", "empty", "many")
    names = [f"far {number}" for number in range(6)]
    store.create("far")
    store.add("far", names)
    store.ingest(record(f"far-{name}", name, scenario="another") for name in names)
    assert "No scenario was played in both cohorts" in told("cohort", "compare", "far", "many")


def test_a_database_that_is_away_is_one_sentence_and_exit_code_4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_DATABASE", "postgresql://lead:hush@127.0.0.1:1/records")
    for command in (["report", "a"], ["compare", "a", "b"], ["show", "a"], ["queue", "a"], ["export", "a"]):
        assert "hush" not in refused(4, "cohort", *command)


def test_a_folder_that_cannot_be_written_is_refused(store: Store, tmp_path: Path) -> None:
    filled(store, "spring")
    assert "Cannot write" in refused(2, "cohort", "report", "spring", "-o", str(tmp_path / "no" / "x.html"))
