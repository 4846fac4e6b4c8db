"""One cohort as a page: levels and how people are spread, practice, people by name. No rank, and no composite.

Apart from the comparison because it answers another question: not who is better, but what this group needs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from simulator.cohorts.figures import CohortReport, CurvePoint, DimensionReport, Group, PersonFigure, PersonRow, Slice
from simulator.reports.cohort_page import (
    EMPTY,
    behind_a_fold,
    cell,
    document,
    isolated,
    minus,
    notes,
    paragraph,
    row,
    safe,
    section,
    table,
)
from simulator.reports.cohort_pictures import curve, dot_strip
from simulator.reports.cohort_text import COPILOT, HANDOFF, about
from simulator.reports.cohort_words import (
    BY_NAME,
    LEVELS,
    SCALE,
    TIME,
    UNRELIABLE,
    between,
    bin_name,
    duration,
    group_of,
    left_out_of,
    people_and_sessions,
    place_of_time,
    quartiles_of,
    rated_by,
    share_of,
    titles_of,
)
from simulator.reports.printing import closed, in_words

_LIGHTEST, _DARKEST = 6, 58
"""Share of colour in a cell at level 1 and at level 5, in per cent: even the darkest leaves its figure readable."""

_Key = tuple[str, str]
"""Dimension and version of its rater."""

_GREY = '<p class="small">Grey and slanting: not to be relied on, for the reason in the head of the column.</p>\n'


def page(made: CohortReport) -> str:
    """The whole page."""
    parts = list(zip(titles_of(made.dimensions), made.dimensions, strict=True))
    return document(
        f"Cohort: {made.name}",
        (
            _head(made),
            _levels(made, parts),
            _people(made, parts),
            _practice(parts),
            _slices("By mood", "mood", parts, [part.moods for _, part in parts]),
            _slices("By scenario", "scenario", parts, [part.scenarios for _, part in parts]),
            notes(
                "Copilot and handoffs", filter(None, (share_of(made.copilot, COPILOT), share_of(made.handoff, HANDOFF)))
            ),
            notes("What the figures do without", left_out_of(made.left_out)),
            notes("What to know about these figures", map(closed, made.caveats)),
        ),
    )


def _head(made: CohortReport) -> str:
    return (
        f'<header>\n<h1>{isolated(made.name)}</h1>\n<p class="about">Cohort of {safe(about(made))}</p>\n'
        f"<p>{SCALE}</p>\n</header>\n"
    )


def _levels(made: CohortReport, parts: Sequence[tuple[str, DimensionReport]]) -> str:
    cards = [_card(title, part, made.people) for title, part in parts]
    cards.insert(place_of_time([part.dimension for _, part in parts]), _handle_time(made.handle_time))
    nothing = "" if parts else paragraph("No finished session of this cohort has a level yet.")
    return section("Levels", nothing, _side_by_side(cards))


def _card(title: str, part: DimensionReport, people: Sequence[PersonRow]) -> str:
    look = "card" if part.standing.reliable else "card grey"
    means = [figure.mean for person in people for figure in person.figures if _key(figure) == _key(part)]
    strip = dot_strip(means, part.levels, f"{title}: how people are spread") if means else ""
    bins = table(
        f"{safe(title)}: people by level",
        ("level", "people"),
        (row(bin_name(each), [cell(str(each.people))]) for each in part.distribution),
    )
    return (
        f'<article class="{look}">\n<h3>{safe(title)}</h3>\n{_lead(part.levels)}{_standing(part)}'
        f"<figure>\n{strip}</figure>\n{paragraph(quartiles_of(part) or '', 'small')}"
        f"{behind_a_fold('The same in numbers', bins) if means else ''}</article>\n"
    )


def _lead(group: Group) -> str:
    if group.mean is None:
        return paragraph("Nothing was measured.", "lead")
    rest = group_of(group, LEVELS).split(", ", 1)[1]
    return f'<p class="lead"><b>{group.mean:.2f}</b> of 5, {safe(rest)}</p>\n'


def _standing(part: DimensionReport) -> str:
    look = "proved" if part.standing.reliable else "mark"
    return paragraph(safe(rated_by(part.standing, part.rater)), f"small {look}")


def _handle_time(group: Group) -> str:
    if group.mean is None:
        return ""
    return (
        '<article class="card">\n<h3>Handle time, beside empathy</h3>\n'
        f'<p class="lead">{safe(group_of(group, TIME))}</p>\n'
        '<p class="small">Short is not good by itself: a contact can be short because the customer was rushed.</p>\n'
        "</article>\n"
    )


def _practice(parts: Sequence[tuple[str, DimensionReport]]) -> str:
    cards = [_curve(title, part) for title, part in parts if part.curve.points or part.curve.why]
    if not cards:
        return ""
    legend = (
        "Solid: the level people had at first, and what the same people have changed by since, adjusted for the "
        "scenarios; the band is the 95 % interval of that change, the upright line that of the first level. Dashed: "
        "the mean as it was played, with all who come and go. Below: which attempts, and n, the number of people."
    )
    return section("With practice", paragraph(legend, "small"), _side_by_side(cards))


def _side_by_side(cards: Iterable[str]) -> str:
    return f'<div class="cards">\n{"".join(cards)}</div>\n'


def _curve(title: str, part: DimensionReport) -> str:
    why = paragraph(safe(closed(part.curve.why)), "small") if part.curve.why else ""
    look = "card" if part.standing.reliable else "card grey"
    if not part.curve.points:
        return f'<article class="{look}">\n<h3>{safe(title)}</h3>\n{why}</article>\n'
    heads = ("attempts", "level", "change since the first", "as played", "people", "sessions")
    numbers = table(f"{safe(title)} with practice", heads, map(_stretch, part.curve.points))
    return (
        f'<article class="{look}">\n<h3>{safe(title)}</h3>\n{_marked(part)}'
        f"<figure>\n{curve(part.curve, f'{title} with practice')}</figure>\n{why}"
        f"{behind_a_fold('The same in numbers', numbers)}</article>\n"
    )


def _stretch(point: CurvePoint) -> str:
    stretch = f"{point.first}" if point.first == point.last else f"{point.first} to {point.last}"
    first = point.change is None
    level = _figure(f"{point.level:.2f}", between(point.interval, LEVELS.bare) if first and point.interval else "")
    change = (
        EMPTY
        if point.change is None
        else _figure(
            LEVELS.signed(point.change), between(point.interval, LEVELS.signed) if point.interval else "no interval"
        )
    )
    rest = (f"{point.as_played:.2f}", str(point.people), str(point.sessions))
    return row(stretch, [level, change, *map(cell, rest)])


def _figure(figure: str, below: str, look: str = "") -> str:
    small = f'<span class="small">{minus(below)}</span>' if below else ""
    return cell(f"{minus(figure)}{small}", look)


def _people(made: CohortReport, parts: Sequence[tuple[str, DimensionReport]]) -> str:
    if not made.people:
        return section("People", paragraph("There is nobody in this cohort."))
    heads = ["name", "sessions", "scenarios", *_person_heads(parts, timed=True)]
    rows = (_person(person, parts) for person in made.people)
    some_grey = any(not part.standing.reliable for _, part in parts)
    told = "The stronger the colour, the higher the level; below each figure stands its 95 % interval."
    heat = table("People and their mean levels, 1 to 5", heads, rows, "heat")
    return section("People", paragraph(f"{BY_NAME} {told}"), _GREY if some_grey else "", heat)


def _person_heads(parts: Sequence[tuple[str, DimensionReport]], *, timed: bool) -> list[str]:
    """A head for each dimension, and where it is shown one for handle time."""
    heads = [
        safe(title) + ("" if part.standing.reliable else f'<span class="small unsure">{UNRELIABLE}</span>')
        for title, part in parts
    ]
    if timed:
        heads.insert(place_of_time([part.dimension for _, part in parts]), "handle time")
    return heads


def _person(person: PersonRow, parts: Sequence[tuple[str, DimensionReport]]) -> str:
    figures = {_key(figure): figure for figure in person.figures}
    time = cell(duration(person.handle_seconds)) if person.handle_seconds is not None else EMPTY
    cells = [_heat(figures.get(_key(part)), part) for _, part in parts]
    cells.insert(place_of_time([part.dimension for _, part in parts]), time)
    return row(isolated(person.person), [cell(f"{person.sessions:,}"), cell(str(person.scenarios)), *cells])


def _heat(figure: PersonFigure | None, part: DimensionReport) -> str:
    if figure is None:
        return EMPTY
    below = between(figure.interval, lambda level: f"{level:.1f}") if figure.interval else "no interval"
    told = f'<b>{figure.mean:.1f}</b><span class="small">{below}</span>'
    if not part.standing.reliable:
        return f'<td class="unsure">{told}<span class="hidden"> {UNRELIABLE}</span></td>'
    share = _LIGHTEST + (_DARKEST - _LIGHTEST) * (figure.mean - 1) / 4
    return f'<td class="level" style="--at:{share:.0f}%">{told}</td>'


def _slices(
    title: str, what: str, parts: Sequence[tuple[str, DimensionReport]], slices: Sequence[Sequence[Slice]]
) -> str:
    by_name: list[Mapping[str, Group]] = [{one.name: one.levels for one in own} for own in slices]
    names = sorted({name for own in by_name for name in own})
    if not names:
        return ""
    rows = (row(safe(in_words(name)), _cells(name, parts, by_name)) for name in names)
    return section(title, table(f"{title}, without a verdict", [what, *_person_heads(parts, timed=False)], rows))


def _cells(
    name: str, parts: Sequence[tuple[str, DimensionReport]], by_name: Iterable[Mapping[str, Group]]
) -> Iterator[str]:
    for (_, part), own in zip(parts, by_name, strict=True):
        group = own.get(name)
        if group is None or group.mean is None:
            yield EMPTY
            continue
        sure = between(group.interval, LEVELS.bare) if group.interval else "no interval"
        below = f"{sure}<br>{people_and_sessions(group.people, group.sessions)}"
        look = "" if part.standing.reliable else "unsure"
        yield cell(f'{group.mean:.2f}<span class="small">{below}</span>', look)


def _marked(part: DimensionReport) -> str:
    return "" if part.standing.reliable else paragraph(f"{UNRELIABLE.capitalize()}.", "mark small")


def _key(one: DimensionReport | PersonFigure) -> _Key:
    return one.dimension, one.rater
