"""Cohorts beside each other: what is adjusted for, when there is a verdict, what is left out, what never matters."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from cohort_sessions import PUBLISHED, RATER, cohort, everywhere, session
from statsmodels.regression.mixed_linear_model import MixedLM

from benchmarks.simulated import World, drawn
from benchmarks.statistics import tallied
from simulator.cohorts.adjustment import difference
from simulator.cohorts.comparison import compare, contrast
from simulator.cohorts.figures import Contrast, Difference, Group, Interval, Standing
from simulator.cohorts.levels import FIRST, OUTSIDE, SECOND, Given, Rows
from simulator.cohorts.regression import Estimate
from simulator.cohorts.reliance import standing_of
from simulator.cohorts.sums import CohortSums, cells_of
from simulator.cohorts.verdicts import Finding, holm, judged
from simulator.errors import UsageError
from simulator.standing import Calibration
from simulator.vocabulary import CORE_DIMENSIONS

RELIABLE = Standing(reliable=True, reason="made up")


def played(name: str, means: Sequence[float], scenarios: Sequence[str] = ("s0", "s1"), seed: int = 1) -> CohortSums:
    """A cohort of one person for each mean, who all play the same scenarios; the sessions scatter a little."""
    dice = random.Random(seed)
    return cohort(
        name,
        [
            session(f"{name}-{at}", scenario, {d: mean + dice.uniform(-0.2, 0.2) for d in CORE_DIMENSIONS}, number)
            for at, mean in enumerate(means)
            for number, scenario in enumerate(scenarios)
        ],
    )


LOWER = (2.4, 2.7, 2.9, 3.0, 3.1, 3.3, 3.6, 2.8)
HIGHER = tuple(mean + 0.9 for mean in LOWER)


def on(found: Iterable[Difference], dimension: str) -> Difference:
    return next(one for one in found if one.dimension == dimension)


def empathy(a: CohortSums, b: CohortSums, **also: object) -> Difference:
    found = compare(a, b, **{"reliability": PUBLISHED, **also})  # type: ignore[arg-type]
    return on(found.dimensions, "empathy")


def made_rows(seed: int, people: tuple[int, int] = (12, 9)) -> Rows:
    return drawn(World(people, planted=(0.3, 0, 0)), np.random.default_rng(seed))["empathy"]


def as_given(rows: Rows) -> list[Given]:
    columns = (rows.group, rows.person, rows.scenario, rows.mood, rows.value, rows.sessions)
    return [
        (group, rows.people[person], rows.scenarios[scenario], rows.moods[mood], value, sessions)
        for group, person, scenario, mood, value, sessions in zip(*(one.tolist() for one in columns), strict=True)
    ]


def told(rows: Rows) -> tuple[Contrast, Interval]:
    found, _ = contrast(rows)
    assert found.difference is not None
    assert found.interval is not None
    return found, found.interval


# What is adjusted for


def test_who_met_the_harder_scenarios_is_not_held_to_be_weaker() -> None:
    ease = {"s0": 0.6, "s1": 0.0, "s2": -0.6}
    easy = [session(f"a{at}", one, everywhere(3 + ease[one] + at / 10)) for at in range(6) for one in ("s0", "s1")]
    hard = [session(f"b{at}", one, everywhere(3 + ease[one] + at / 10)) for at in range(6) for one in ("s1", "s2")]
    found = empathy(cohort("spring", easy), cohort("autumn", hard))
    assert found.a.mean == pytest.approx(3.55)
    assert found.b.mean == pytest.approx(2.95)
    assert found.difference == pytest.approx(0.0, abs=1e-9)


def test_a_planted_difference_comes_out_whatever_was_played() -> None:
    ease = {"s0": 0.6, "s1": 0.0, "s2": -0.6}
    easy = [session(f"a{at}", one, everywhere(3.4 + ease[one] + at / 10)) for at in range(6) for one in ("s0", "s1")]
    hard = [session(f"b{at}", one, everywhere(3 + ease[one] + at / 10)) for at in range(6) for one in ("s1", "s2")]
    assert empathy(cohort("spring", easy), cohort("autumn", hard)).difference == pytest.approx(0.4)


def test_the_estimate_is_that_of_the_mixed_model_of_statsmodels() -> None:
    for seed in range(5):
        rows = made_rows(seed, (40, 30))
        scenarios = [rows.scenario == one for one in np.unique(rows.scenario)[1:]]
        design = np.column_stack([np.ones(len(rows.value)), rows.group == FIRST, *scenarios]).astype(float)
        known = MixedLM(rows.value, design, groups=rows.person).fit(reml=True)
        found = difference(rows)
        assert found is not None
        assert found.estimate.value == pytest.approx(known.params[1], abs=0.02)
        assert found.estimate.error == pytest.approx(known.bse[1], rel=0.2)


def test_with_one_scenario_the_error_is_that_of_welch() -> None:
    dice = random.Random(4)
    a, b = ([dice.gauss(3, spread) for _ in range(size)] for spread, size in ((0.3, 7), (0.8, 12)))
    rows = Rows.of(
        (group, f"{group}{at}", "s0", "irate", value, 1)
        for group, values in ((FIRST, a), (SECOND, b))
        for at, value in enumerate(values)
    )
    found = difference(rows)
    assert found is not None
    assert found.estimate.value == pytest.approx(np.mean(a) - np.mean(b))
    assert found.estimate.error == pytest.approx(np.sqrt(np.var(a, ddof=1) / 7 + np.var(b, ddof=1) / 12))


def test_simulated_difficulty_moves_the_means_but_not_the_difference() -> None:
    tally = tallied(World((30, 30), planted=(0.5, 0, 0)), 120, seed=7)
    assert np.abs((tally.differences - (0.5, 0, 0)).mean(axis=0)).max() < 0.05
    assert (tally.plain - (0.5, 0, 0)).mean(axis=0).min() > 0.2
    assert tally.verdicts[:, 0].mean() > 0.7
    assert tally.verdicts[:, 1:].mean() < 0.08


# What never matters


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rows_and_the_names_of_people_change_nothing(seed: int) -> None:
    rows = made_rows(seed)
    dice = random.Random(seed)
    names = [f"somebody {number}" for number in range(len(rows.people))]
    dice.shuffle(names)
    renamed = [(g, names[rows.people.index(p)], *rest) for g, p, *rest in as_given(rows)]
    dice.shuffle(renamed)
    before, after = told(rows), told(Rows.of(renamed))  # type: ignore[arg-type]
    assert after[0].difference == pytest.approx(before[0].difference)
    assert after[1].low == pytest.approx(before[1].low)
    assert after[0].a.mean == pytest.approx(before[0].a.mean)


@pytest.mark.parametrize("seed", range(6))
def test_making_a_scenario_harder_for_both_changes_no_difference(seed: int) -> None:
    rows = made_rows(seed)
    shift = {name: random.Random(f"{seed}{name}").uniform(-0.5, 0.5) for name in rows.scenarios}
    harder = [(g, p, s, m, value + shift[s], n) for g, p, s, m, value, n in as_given(rows)]
    before, after = told(rows), told(Rows.of(harder))
    assert after[0].difference == pytest.approx(before[0].difference, abs=1e-6)
    assert after[1].high == pytest.approx(before[1].high, abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_swapping_the_cohorts_turns_the_sign_and_nothing_else(seed: int) -> None:
    rows = made_rows(seed)
    swapped = [(SECOND - g, p, s, m, value, n) for g, p, s, m, value, n in as_given(rows)]
    before, after = told(rows), told(Rows.of(swapped))
    assert after[0].difference == pytest.approx(-(before[0].difference or 0))
    assert (after[1].low, after[1].high) == pytest.approx((-before[1].high, -before[1].low))
    assert after[0].a == before[0].b


@pytest.mark.parametrize("lift", [-0.3, 0.2])
def test_lifting_everybody_in_one_cohort_lifts_the_difference_by_as_much(lift: float) -> None:
    rows = made_rows(3)
    lifted = [(g, p, s, m, value + (lift if g == FIRST else 0), n) for g, p, s, m, value, n in as_given(rows)]
    before, after = told(rows), told(Rows.of(lifted))
    assert after[0].difference == pytest.approx((before[0].difference or 0) + lift)
    assert after[1].high - after[1].low == pytest.approx(before[1].high - before[1].low)


def test_more_sessions_of_the_same_people_make_nobody_surer() -> None:
    once, often = empathy(*_repeated(1)), empathy(*_repeated(10))
    assert once.interval is not None
    assert often.interval is not None
    assert (often.interval.low, often.interval.high) == pytest.approx((once.interval.low, once.interval.high))
    assert (often.a.people, often.a.sessions) == (once.a.people, 10 * once.a.sessions)


def _repeated(times: int) -> list[CohortSums]:
    return [
        cohort(
            name,
            [
                session(f"{name}{at}", scenario, everywhere(mean + (at % 3) * ease), number)
                for at, mean in enumerate(means)
                for scenario, ease in (("s0", 0.0), ("s1", 0.1))
                for number in range(times)
            ],
        )
        for name, means in (("a", LOWER), ("b", HIGHER))
    ]


# Verdicts


def test_a_clear_difference_is_called_different_and_says_which_is_higher() -> None:
    found = empathy(played("spring", HIGHER), played("autumn", LOWER))
    assert found.verdict is not None
    assert found.verdict.kind == "different"
    assert found.verdict.words.startswith("Different: spring is 0.")
    assert found.interval is not None
    assert found.interval.low > 0
    assert found.effect is not None
    assert found.effect.interval.low < found.effect.g < found.effect.interval.high


def test_no_difference_shown_is_never_called_equal() -> None:
    found = empathy(played("spring", LOWER), played("autumn", LOWER, seed=2))
    assert found.verdict is not None
    assert found.verdict.kind == "no_difference_shown"
    assert "No difference shown" in found.verdict.words
    assert "to +" in found.verdict.words


def _finding(dimension: str, value: float, error: float, freedom: float = 30) -> Finding:
    group = Group(people=20, sessions=60, mean=3.0, spread=0.5, interval=None)
    estimate = Estimate(value, error, freedom)
    about = Difference(
        dimension=dimension,
        rater=RATER,
        standing=RELIABLE,
        a=group,
        b=group,
        difference=value,
        interval=estimate.interval(),
        effect=None,
    )
    return Finding(about, estimate)


def test_a_wide_interval_says_that_half_a_level_cannot_be_ruled_out_and_a_narrow_one_that_it_is_unlikely() -> None:
    wide, narrow = judged([_finding("empathy", 0.1, 0.4), _finding("ownership", 0.1, 0.1)], "a", "b")
    assert wide.verdict is not None
    assert "cannot be ruled out" in wide.verdict.words
    assert narrow.verdict is not None
    assert "unlikely" in narrow.verdict.words


def test_what_would_count_alone_does_not_where_three_are_tested() -> None:
    findings = [_finding("empathy", 0.44, 0.2), _finding("ownership", 0.0, 0.2), _finding("active_listening", 0, 0.2)]
    alone, together = judged(findings[:1], "a", "b")[0], judged(findings, "a", "b")[0]
    assert alone.verdict is not None
    assert alone.verdict.kind == "different"
    assert together.verdict is not None
    assert together.verdict.kind == "no_difference_shown"
    assert "with 3 dimensions tested" in together.verdict.words
    assert together.verdict.p_holm == pytest.approx(3 * (together.verdict.p or 0))


def test_holm_steps_down_and_never_turns_the_order() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
    assert holm({"a": 0.9, "b": 0.8}) == pytest.approx({"b": 1.0, "a": 1.0})
    assert holm({}) == {}


def test_only_the_core_dimensions_get_verdicts() -> None:
    other = _finding("handoff", 2.0, 0.1)
    found = judged([other], "a", "b")[0]
    assert found.verdict is not None
    assert found.verdict.kind == "withheld"
    assert "core dimensions only" in found.verdict.words


def test_moods_and_scenarios_have_intervals_and_no_verdict() -> None:
    found = compare(played("spring", HIGHER), played("autumn", LOWER), reliability=PUBLISHED)
    assert [part.name for part in found.moods] == ["distressed", "irate"]
    assert [part.name for part in found.scenarios] == ["s0", "s1"]
    inside = [one for part in (*found.moods, *found.scenarios) for one in part.differences]
    assert len(inside) == 4 * len(CORE_DIMENSIONS)
    assert all(one.verdict is None and one.interval is not None for one in inside)


# When too little is there


def test_four_people_are_too_few_for_a_verdict_but_have_an_interval() -> None:
    found = empathy(played("spring", HIGHER[:4]), played("autumn", LOWER))
    assert found.verdict is not None
    assert found.verdict.kind == "too_few"
    assert "4 and 8 with levels; 5 in each" in found.verdict.words
    assert found.interval is not None


def test_a_cohort_of_one_has_a_difference_without_an_interval() -> None:
    found = empathy(played("spring", HIGHER[:1]), played("autumn", LOWER))
    assert found.a.people == 1
    assert (found.a.spread, found.a.interval, found.interval) == (None, None, None)
    assert found.difference is not None
    assert found.why is not None
    assert "One person alone" in found.why
    assert found.verdict is not None
    assert found.verdict.kind == "too_few"


def test_an_empty_cohort_is_compared_with_nothing() -> None:
    empty = CohortSums(name="empty", people=("Ann", "Bo"))
    found = compare(empty, played("autumn", LOWER), reliability=PUBLISHED)
    assert all(one.difference is None and one.a.mean is None for one in found.dimensions)
    assert all(one.rater == RATER and one.b.people == len(LOWER) for one in found.dimensions), "what there is, is told"
    assert not any("how hard the others are" in one for one in found.caveats)
    assert [one.words for one in found.left_out if one.kind == "no_sessions"] == [
        "2 of 2 people of empty have no finished session."
    ]
    assert found.scenarios == ()
    assert found.handle_time.difference is None


def test_two_empty_cohorts_have_no_dimensions_at_all() -> None:
    found = compare(CohortSums(name="a", people=()), CohortSums(name="b", people=()))
    assert found.dimensions == ()
    assert found.copilot[0].share is None


def test_levels_without_any_spread_tell_nothing_about_chance() -> None:
    a, b = (
        cohort(name, [session(f"{name}{at}", s, everywhere(level)) for at in range(6) for s in ("s0", "s1")])
        for name, level in (("spring", 4.0), ("autumn", 3.0))
    )
    found = empathy(a, b)
    assert found.difference == pytest.approx(1.0)
    assert (found.interval, found.effect) == (None, None)
    assert found.verdict is not None
    assert found.verdict.kind == "withheld"
    assert "no spread" in found.verdict.words


def test_cohorts_without_a_common_scenario_cannot_be_compared() -> None:
    found = empathy(played("spring", HIGHER, ("s0",)), played("autumn", LOWER, ("s1",)))
    assert found.difference is None
    assert found.a.mean is not None
    assert found.verdict is not None
    assert found.verdict.kind == "withheld"
    assert "cannot be told apart" in found.verdict.words


def test_people_outside_link_scenarios_that_no_cohort_shares() -> None:
    a, b = played("spring", LOWER, ("s0",)), played("autumn", LOWER, ("s1",), seed=1)
    outside = [
        session(f"x{at}", scenario, everywhere(level + at / 20 + (at % 2) * nudge))
        for at in range(8)
        for scenario, level, nudge in (("s0", 4.0, 0.1), ("s1", 3.5, 0.0))
    ]
    found = empathy(a, b, others=list(cells_of(outside)))
    plain = (found.a.mean or 0) - (found.b.mean or 0)
    assert found.difference == pytest.approx(plain - 0.55, abs=1e-6)
    assert found.a.people == 8


def test_people_outside_who_played_one_scenario_link_nothing() -> None:
    apart = [session(f"x{at}", f"s{at % 2}", everywhere(3.0)) for at in range(10)]
    a, b = played("spring", HIGHER, ("s0",)), played("autumn", LOWER, ("s1",))
    assert empathy(a, b, others=list(cells_of(apart))).difference is None


def test_how_able_people_outside_are_changes_nothing() -> None:
    rows = as_given(made_rows(2))
    outside = [(OUTSIDE, f"x{at}", f"s{s:05}", "irate", 2 + s / 10 + at % 3 / 7, 1) for at in range(6) for s in (2, 9)]
    abler = [(g, p, s, m, value + int(p[1:]) / 3, n) for g, p, s, m, value, n in outside]
    before, after = told(Rows.of([*rows, *outside])), told(Rows.of([*rows, *abler]))
    assert after[0].difference == pytest.approx(before[0].difference)
    assert before[0].difference != pytest.approx(told(Rows.of(rows))[0].difference, abs=1e-4)


def test_who_is_in_both_cohorts_counts_in_neither() -> None:
    both = [session("Ann", "s0", everywhere(5.0)), session("Ann", "s1", everywhere(5.0), 1)]
    a, b = played("spring", LOWER), played("autumn", LOWER, seed=2)
    with_ann = [
        replace(
            one,
            people=(*one.people, "Ann"),
            cells=(*one.cells, *cells_of(both)),
            contacts=(*one.contacts, *cohort("x", both).contacts),
        )
        for one in (a, b)
    ]
    found = compare(*with_ann, reliability=PUBLISHED)
    assert found.dimensions == compare(a, b, reliability=PUBLISHED).dimensions
    assert found.left_out[0].words == "One person is in both cohorts and counted in neither: Ann."
    assert found.left_out[0].sessions == 2


def test_cohorts_with_the_same_people_have_nobody_left() -> None:
    a = played("spring", LOWER)
    found = compare(a, replace(a, name="autumn"), reliability=PUBLISHED)
    assert found.dimensions == ()
    assert found.left_out[0].people == 8
    assert found.left_out[0].words.endswith("and 3 more.")


def test_a_cohort_is_not_compared_with_itself() -> None:
    a = played("spring", LOWER)
    with pytest.raises(UsageError, match="cannot be compared with itself"):
        compare(a, a)


def test_sums_of_people_who_are_not_members_count_for_nothing() -> None:
    a, b = played("spring", LOWER), played("autumn", LOWER, seed=2)
    stray = cohort("x", [session("stranger", "s0", everywhere(5.0))])
    more = replace(a, cells=(*a.cells, *stray.cells), contacts=(*a.contacts, *stray.contacts))
    assert compare(more, b, reliability=PUBLISHED) == compare(a, b, reliability=PUBLISHED)


# Raters


def test_levels_by_different_versions_are_never_put_together() -> None:
    old = [session(f"b{at}", "s0", everywhere(mean), rater="embedded-8") for at, mean in enumerate(LOWER)]
    found = compare(played("spring", HIGHER), cohort("autumn", old), reliability=PUBLISHED)
    one = on(found.dimensions, "ownership")
    assert (one.rater, one.difference, one.a.people) == (None, None, 0)
    assert one.verdict is not None
    assert one.verdict.kind == "withheld"
    assert "different versions" in one.verdict.words
    assert [left.sessions for left in found.left_out if left.kind == "other_rater"] == [8, 16]


def test_the_version_that_most_people_share_is_taken_and_the_other_is_named() -> None:
    old = [session(f"b{at}", "s0", everywhere(mean), 5, "embedded-8") for at, mean in enumerate(LOWER)]
    b = played("autumn", LOWER)
    both = replace(b, people=(*b.people, *(one.person for one in old)), cells=(*b.cells, *cells_of(old)))
    found = compare(played("spring", HIGHER), both, reliability=PUBLISHED)
    assert on(found.dimensions, "empathy").rater == RATER
    assert on(found.dimensions, "empathy").b.people == 8
    left = next(one for one in found.left_out if one.kind == "other_rater")
    assert left.words == (
        "Levels of empathy, ownership, active listening by embedded-8 (8 sessions of 8 people) are left out: levels by "
        "different versions are never put together."
    )


def _calibration(kappa: float, day: int = 1, rater: str = RATER) -> Calibration:
    return Calibration(
        rubric="core",
        rater=rater,
        dimension="empathy",
        n=60,
        kappa=kappa,
        low=kappa - 0.1,
        high=kappa + 0.1,
        target=0.6,
        at=datetime(2026, 1, day, tzinfo=UTC),
        by="Ines",
    )


def test_a_rater_that_falls_short_of_people_gives_no_verdict() -> None:
    found = empathy(played("spring", HIGHER), played("autumn", LOWER), calibrations=[_calibration(0.42)])
    assert not found.standing.reliable
    assert found.standing.reason == "not calibrated: 0.42 [0.32, 0.52], target 0.60, 60 replies rated by Ines"
    assert found.interval is not None
    assert found.verdict is not None
    assert found.verdict.kind == "withheld"
    assert "not to be relied on" in found.verdict.words


def test_the_newest_calibration_of_just_this_version_counts() -> None:
    known = [_calibration(0.42, 1), _calibration(0.71, 9), _calibration(0.1, 20, "embedded-8")]
    found = standing_of("empathy", RATER, known, PUBLISHED)
    assert (found.reliable, found.kappa, found.against) == (True, 0.71, "people")


def test_without_people_the_panel_counts_and_that_is_said() -> None:
    found = compare(played("spring", HIGHER), played("autumn", LOWER), reliability=PUBLISHED)
    assert {one.standing.against for one in found.dimensions} == {"panel"}
    assert any("panel of language models and not with people" in one for one in found.caveats)


def test_what_nobody_measured_is_not_reliable() -> None:
    assert standing_of("handoff", "rules-1-0123abcd").reason == "not calibrated"
    unknown = standing_of("empathy", "embedded-0", (), PUBLISHED)
    assert not unknown.reliable
    assert "nobody has compared rater embedded-0" in unknown.reason


# What stands beside


def _with(name: str, **recorded: object) -> CohortSums:
    given = [
        session(f"{name}{at}", s, everywhere(mean), number, **recorded)  # type: ignore[arg-type]
        for at, mean in enumerate(LOWER)
        for number, s in enumerate(("s0", "s1"))
    ]
    return cohort(name, given)


def test_what_was_not_recorded_is_left_out_and_never_zero() -> None:
    found = compare(_with("a"), _with("b", copilot=True, handoff=False), reliability=PUBLISHED)
    assert (found.copilot[0].share, found.copilot[0].recorded) == (None, 0)
    assert (found.copilot[1].share, found.copilot[1].recorded) == (1.0, 16)
    assert found.handoff[0].share is None
    assert found.handoff[1].share == 0.0
    assert "16 of 16 sessions of a do not say whether a copilot was used." in [one.words for one in found.left_out]


def test_handle_time_stands_beside_in_seconds_and_adjusted() -> None:
    found = compare(_with("a", seconds=400.0), _with("b", seconds=None), reliability=PUBLISHED)
    assert found.handle_time.a.mean == 400.0
    assert (found.handle_time.b.mean, found.handle_time.difference) == (None, None)
    assert any("no handle time" in one.words for one in found.left_out)
    slow = [session(f"c{at}", "s0", everywhere(3.0), seconds=500.0 + 10 * at) for at in range(6)]
    fast = [session(f"d{at}", "s0", everywhere(3.0), seconds=300.0 + 10 * at) for at in range(6)]
    times = compare(cohort("c", slow), cohort("d", fast), reliability=PUBLISHED).handle_time
    assert times.difference == pytest.approx(200.0)
    assert times.interval is not None
    assert times.interval.high < 250


def test_uneven_practice_and_little_common_ground_are_said() -> None:
    eager = played("eager", LOWER, ("s0", "s1", "s2", "s3", "s4", "s5", "s6"))
    found = compare(eager, played("shy", LOWER, ("s0",)), reliability=PUBLISHED)
    assert any("practice itself moves levels" in one for one in found.caveats)
    assert any("1 of 7 scenarios were played in both" in one for one in found.caveats)
    assert any("not drawn by lot" in one for one in found.caveats)


def test_levels_near_the_end_of_the_scale_are_said_to_hide_differences() -> None:
    found = compare(played("a", (4.6, 4.7, 4.8, 4.75, 4.65)), played("b", LOWER), reliability=PUBLISHED)
    assert any("On empathy levels lie near the end" in one for one in found.caveats)


def test_levels_of_one_and_five_leave_no_interval_beyond_the_scale() -> None:
    a, b = played("a", (4.8, 1.2, 4.8)), played("b", (1.2, 4.8, 1.2))
    found = empathy(a, b)
    assert found.interval is not None
    assert -4 <= found.interval.low < found.interval.high <= 4
    assert found.a.interval is not None
    assert 1 <= found.a.interval.low < found.a.interval.high <= 5


def test_few_people_are_warned_that_what_is_found_looks_larger_than_it_is() -> None:
    found = compare(played("a", HIGHER), played("b", LOWER), reliability=PUBLISHED)
    assert any(one.startswith("With 8 people in a cohort only large differences are found") for one in found.caveats)
    many = compare(played("a", HIGHER * 2), played("b", LOWER * 2), reliability=PUBLISHED)
    assert not any("tends to look larger" in one for one in many.caveats)


def test_people_who_only_one_of_two_comparisons_could_use_do_not_break_the_link() -> None:
    a, b = played("spring", HIGHER, ("s0", "s1")), played("autumn", LOWER, ("s1", "s2"))
    apart = [session(f"x{at}", s, everywhere(3.0)) for at in range(3) for s in ("elsewhere", "nowhere")]
    assert empathy(a, b, others=list(cells_of(apart))) == empathy(a, b)


def test_a_dimension_that_only_one_cohort_has_is_no_matter_of_versions() -> None:
    wider = [
        session(f"a{at}", "s0", {**everywhere(mean), "handoff": mean}, rater=RATER) for at, mean in enumerate(LOWER)
    ]
    found = compare(cohort("a", wider), played("b", LOWER), reliability=PUBLISHED)
    one = on(found.dimensions, "handoff")
    assert one.why == "One of the cohorts, or both, has nothing recorded here."
    assert [left.kind for left in found.left_out if left.kind == "other_rater"] == []
