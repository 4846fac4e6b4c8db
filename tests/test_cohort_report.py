"""One cohort: people in the order of their names, how levels lie, and curves that stopping early does not bend."""

import random
from collections.abc import Callable

import pytest
from cohort_sessions import PUBLISHED, RATER, cohort, everywhere, session

from simulator.cohorts.cohort_report import report
from simulator.cohorts.curves import attempts_of, curve
from simulator.cohorts.figures import CohortReport, Curve
from simulator.cohorts.records import SessionRecord
from simulator.cohorts.sums import CohortSums


def reported(records: list[SessionRecord], people: tuple[str, ...] = ()) -> CohortReport:
    return report(cohort("spring", records, people), records, reliability=PUBLISHED)


def practised(
    level: Callable[[int, int], float], sessions: Callable[[int], int], people: int = 12
) -> list[SessionRecord]:
    """Everybody plays scenarios in an order of their own; `level` is by person and attempt."""
    dice, given = random.Random(3), []
    for person in range(people):
        for attempt in range(sessions(person)):
            scenario = f"s{dice.randrange(4)}"
            mean = level(person, attempt) + int(scenario[1]) / 10 + dice.uniform(-0.05, 0.05)
            given.append(session(f"p{person:02}", scenario, {"empathy": mean}, attempt))
    return given


def empathy_curve(records: list[SessionRecord]) -> Curve:
    return curve(attempts_of(records)["empathy", RATER])


def test_people_stand_in_the_order_of_their_names_whatever_their_levels() -> None:
    levels = {"ben": 4.9, "Ada": 1.5, "Cleo": 3.0}
    found = reported([session(name, "s0", everywhere(level)) for name, level in levels.items()], ("zoe",))
    assert [row.person for row in found.people] == ["Ada", "ben", "Cleo", "zoe"]
    assert found.people[3].sessions == 0
    assert found.people[3].figures == ()
    assert [one.words for one in found.left_out if one.kind == "no_sessions"] == [
        "1 of 4 people of spring have no finished session."
    ]


def test_a_person_with_one_session_has_a_level_and_no_interval() -> None:
    found = reported([session("Ada", "s0", everywhere(3.0))]).people[0].figures[0]
    assert (found.mean, found.interval, found.why) == (3.0, None, "One session shows no spread.")


def test_a_persons_interval_comes_from_the_spread_between_sessions() -> None:
    found = reported([session("Ada", f"s{at}", everywhere(3.0 + at / 2), at) for at in range(3)]).people[0].figures[0]
    assert found.mean == pytest.approx(3.5)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(3.5 - 4.3027 * 0.5 / 3**0.5, abs=1e-3)
    same = reported([session("Ada", "s0", everywhere(3.3), at) for at in range(3)]).people[0].figures[0]
    assert (same.interval, same.why) == (None, "All sessions have the same level.")


def test_the_distribution_counts_everybody_once() -> None:
    records = [session(f"p{at}", "s0", everywhere(level)) for at, level in enumerate((1.0, 1.5, 2.4, 2.6, 5.0))]
    found = reported(records).dimensions[0]
    assert [(one.low, one.people) for one in found.distribution if one.people] == [
        (1, 1),
        (1.5, 1),
        (2, 1),
        (2.5, 1),
        (4.5, 1),
    ]
    assert found.quartiles is not None
    assert found.quartiles[1] == 2.4
    assert found.levels.people == 5


def test_three_people_are_too_few_for_quartiles() -> None:
    assert reported([session(f"p{at}", "s0", everywhere(3.0)) for at in range(3)]).dimensions[0].quartiles is None


def test_each_version_of_the_rater_is_reported_by_itself() -> None:
    given = [session("Ada", "s0", everywhere(3.0)), session("Ada", "s0", everywhere(4.0), 1, "embedded-8")]
    found = reported(given)
    assert [(one.dimension, one.rater, one.levels.mean) for one in found.dimensions[:2]] == [
        ("empathy", "embedded-8", 4.0),
        ("empathy", RATER, 3.0),
    ]
    assert any("never put together" in one for one in found.caveats)
    assert not found.dimensions[0].standing.reliable


def test_an_empty_cohort_has_people_and_nothing_else() -> None:
    found = report(CohortSums(name="empty", people=("Bo", "Ann")), [])
    assert [row.person for row in found.people] == ["Ann", "Bo"]
    assert found.dimensions == ()
    assert found.handle_time.mean is None


def test_handle_time_stands_beside_and_what_was_not_timed_is_left_out() -> None:
    given = [
        session("Ada", "s0", everywhere(3.0), at, seconds=seconds) for at, seconds in enumerate((100.0, 300.0, None))
    ]
    found = reported(given)
    assert found.people[0].handle_seconds == 200.0
    assert (found.handle_time.mean, found.handle_time.sessions) == (200.0, 2)
    assert any(one.kind == "not_timed" and one.sessions == 1 for one in found.left_out)


def test_learning_is_found_within_the_same_people() -> None:
    found = empathy_curve(practised(lambda person, attempt: 2.0 + person / 20 + attempt / 10, lambda _: 8))
    last = found.points[-1]
    assert (last.first, last.last, last.people) == (6, 8, 12)
    assert last.change == pytest.approx(0.6, abs=0.05)
    assert last.interval is not None
    assert last.interval.low > 0.4
    assert last.level == pytest.approx(found.points[0].as_played + 0.6, abs=0.05)


def test_the_weaker_stopping_early_is_not_taken_for_learning() -> None:
    found = empathy_curve(practised(lambda person, _: 1.6 + person / 6, lambda person: 2 if person < 6 else 8))
    assert found.points[-1].as_played - found.points[0].as_played > 0.3
    assert found.points[-1].change == pytest.approx(0.0, abs=0.06)
    assert found.points[-1].people == 6


def test_scenarios_that_come_later_and_are_harder_do_not_hide_learning() -> None:
    dice, given = random.Random(5), []
    for person in range(20):
        for attempt in range(6):
            place = min(3, max(0, attempt // 2 + dice.choice((-1, 0, 1))))
            mean = 3 + person / 40 + attempt / 10 - place * 0.3 + dice.uniform(-0.05, 0.05)
            given.append(session(f"p{person:02}", f"s{place}", {"empathy": mean}, attempt))
    found = empathy_curve(given)
    assert found.points[-1].as_played < found.points[0].as_played
    assert found.points[-1].change == pytest.approx(0.5, abs=0.08)


def test_a_fixed_order_of_scenarios_tells_no_practice_from_difficulty() -> None:
    given = [session(f"p{p}", f"s{at}", {"empathy": 3 + at / 10 + p / 20}, at) for p in range(6) for at in range(3)]
    found = empathy_curve(given)
    assert [(one.first, one.last) for one in found.points] == [(1, 1)]
    assert found.why is not None
    assert "same order" in found.why


def test_the_curve_ends_where_fewer_than_five_people_came() -> None:
    found = empathy_curve(practised(lambda *_: 3.0, lambda person: 9 if person < 4 else 3))
    assert [(one.first, one.last) for one in found.points] == [(1, 1), (2, 2), (3, 3)]
    assert found.why == "The curve ends at attempt 3: fewer than 5 people came further."


def test_four_people_have_no_curve() -> None:
    found = empathy_curve(practised(lambda *_: 3.0, lambda _: 5, people=4))
    assert found.points == ()
    assert found.why is not None


def test_attempts_are_counted_by_time_over_all_scenarios_whatever_the_order_they_come_in() -> None:
    given = practised(lambda *_: 3.0, lambda _: 4)
    random.Random(1).shuffle(given)
    numbers = [one.number for one in attempts_of(given)["empathy", RATER] if one.person == "p03"]
    assert numbers == [1, 2, 3, 4]
    assert empathy_curve(given) == empathy_curve(sorted(given, key=lambda one: one.session))


def test_one_session_each_is_a_curve_of_one_point() -> None:
    found = empathy_curve([session(f"p{at}", "s0", {"empathy": 3 + at / 10}) for at in range(6)])
    assert [(one.people, one.change) for one in found.points] == [(6, None)]
    assert found.why is None
