"""Two cohorts beside each other as a page: verdicts in the comparison's own words, and every figure they rest on.

Apart from the page of one cohort because its pictures have a zero in the middle, and its words must not say more than
the comparison does: moods and scenarios bear no verdict here.
"""

from collections.abc import Iterable, Iterator

from simulator.cohorts.figures import Comparison, Contrast, Difference, Group, Part
from simulator.reports.cohort_forest import difference, furthest_of, small_difference
from simulator.reports.cohort_page import cell, document, isolated, minus, notes, paragraph, row, safe, section, table
from simulator.reports.cohort_text import COPILOT, HANDOFF
from simulator.reports.cohort_words import (
    LEVELS,
    NO_VERDICT,
    SCALE,
    TIME,
    UNRELIABLE,
    Unit,
    between,
    chance_of,
    difference_of,
    dimension_name,
    effect_of,
    left_out_of,
    name_of,
    people_and_sessions,
    place_of_time,
    rated_by,
    share_of,
)
from simulator.reports.printing import closed, in_words

_LEAST_LEVELS, _LEAST_SECONDS = 0.5, 60.0
"""Steps in which scales grow."""


def page(made: Comparison) -> str:
    """The whole page."""
    furthest = furthest_of(made.dimensions, _LEAST_LEVELS)
    return document(
        f"{made.a} and {made.b}",
        (
            _head(made),
            _differences(made, furthest),
            _parts("By mood", "mood", made.moods, made),
            _parts("By scenario", "scenario", made.scenarios, made),
            notes("Copilot and handoffs", _shares(made)),
            notes("What the figures do without", left_out_of(made.left_out)),
            notes("What to know about these figures", map(closed, made.caveats)),
        ),
    )


def _head(made: Comparison) -> str:
    return (
        f"<header>\n<h1>{isolated(made.a)} and {isolated(made.b)}</h1>\n"
        f'<p class="about">Two cohorts beside each other. Every difference is {isolated(made.a)} less '
        f"{isolated(made.b)}, adjusted for which scenarios were played.</p>\n<p>{SCALE}</p>\n</header>\n"
    )


def _differences(made: Comparison, furthest: float) -> str:
    cards = [_dimension(one, made, furthest) for one in made.dimensions]
    cards.insert(place_of_time([one.dimension for one in made.dimensions]), _times(made))
    if not made.dimensions:
        cards.insert(0, paragraph("No session of the two cohorts has a level, so there is nothing to compare."))
    return section("Differences", *cards)


def _dimension(one: Difference, made: Comparison, furthest: float) -> str:
    name = dimension_name(one.dimension)
    look = "card" if one.standing.reliable else "card grey"
    proved = "proved" if one.standing.reliable else "mark"
    return (
        f'<article class="{look}">\n<h3>{safe(name)}</h3>\n{_verdict(one)}'
        f"{paragraph(safe(rated_by(one.standing, one.rater)), f'small {proved}')}"
        f"{_picture(one, LEVELS, made, furthest, name)}{_told(one)}{_groups(one, LEVELS, made, name)}</article>\n"
    )


def _verdict(one: Difference) -> str:
    return paragraph(safe(closed(one.verdict.words)), "verdict") if one.verdict else ""


def _told(one: Difference) -> str:
    said = [difference_of(one, LEVELS), *filter(None, (effect_of(one.effect), chance_of(one)))]
    return paragraph(minus(f"Difference: {'; '.join(said)}."), "figure")


def _times(made: Comparison) -> str:
    one = made.handle_time
    return (
        '<article class="card">\n<h3>Handle time, beside empathy</h3>\n'
        f"{_picture(one, TIME, made, furthest_of([one], _LEAST_SECONDS), 'Handle time')}"
        f"{paragraph(minus(f'Difference: {difference_of(one, TIME)}.'), 'figure')}"
        f"{_groups(one, TIME, made, 'Handle time')}</article>\n"
    )


def _picture(one: Contrast, unit: Unit, made: Comparison, furthest: float, title: str) -> str:
    if one.difference is None:
        return ""
    return f"<figure>\n{difference(one, unit, furthest, (made.a, made.b), title)}</figure>\n"


def _groups(one: Contrast, unit: Unit, made: Comparison, title: str) -> str:
    heads = ("cohort", "mean, as it stands", "95 % interval", "standard deviation between people", "people", "sessions")
    rows = (row(isolated(name), _group(group, unit)) for name, group in ((made.a, one.a), (made.b, one.b)))
    return table(f"{safe(title)} in each cohort, adjusted for nothing", heads, rows)


def _group(group: Group, unit: Unit) -> Iterator[str]:
    nothing = cell("\N{EM DASH}")
    yield cell(unit.bare(group.mean)) if group.mean is not None else nothing
    yield cell(between(group.interval, unit.bare)) if group.interval else nothing
    yield cell(unit.bare(group.spread)) if group.spread is not None else nothing
    yield cell(f"{group.people:,}")
    yield cell(f"{group.sessions:,}")


def _parts(title: str, what: str, parts: Iterable[Part], made: Comparison) -> str:
    given = list(parts)
    if not given:
        return ""
    furthest = furthest_of((one for part in given for one in part.differences), _LEAST_LEVELS)
    heads = (
        what,
        '<span class="words">dimension</span>',
        f"{minus(LEVELS.signed(-furthest))} to {LEVELS.signed(furthest)}",
        "difference",
    )
    rows = (_part(part, one, furthest) for part in given for one in part.differences)
    both = (f"{isolated(made.a)}, mean", f"{isolated(made.b)}, mean")
    return section(title, paragraph(NO_VERDICT), table(f"{title}, in levels", (*heads, *both), rows))


def _part(part: Part, one: Difference, furthest: float) -> str:
    look = "" if one.standing.reliable else "unsure"
    mark = "" if one.standing.reliable else f'<span class="small">{UNRELIABLE}</span>'
    if one.difference is None:
        told = f'<span class="small">{safe(difference_of(one, LEVELS))}</span>'
    else:
        sure = between(one.interval, LEVELS.signed) if one.interval else difference_of(one, LEVELS).split(", ", 1)[1]
        told = f'{minus(LEVELS.signed(one.difference))}<span class="small">{minus(sure)}</span>'
    cells = [
        cell(f"{safe(dimension_name(one.dimension))}{mark}", f"words {look}".strip()),
        cell(small_difference(one, furthest), "grey" if look else ""),
        cell(told, look),
        *(cell(_mean(group), look) for group in (one.a, one.b)),
    ]
    return row(safe(in_words(part.name)), cells)


def _mean(group: Group) -> str:
    numbers = people_and_sessions(group.people, group.sessions)
    mean = f"{group.mean:.2f}" if group.mean is not None else "\N{EM DASH}"
    return f'{mean}<span class="small">{numbers}</span>'


def _shares(made: Comparison) -> Iterator[str]:
    for shares, what in ((made.copilot, COPILOT), (made.handoff, HANDOFF)):
        for name, share in zip((made.a, made.b), shares, strict=True):
            if told := share_of(share, what):
                yield f"{name_of(name)}: {told}"
