"""A cohort, and two beside each other, in lines of text: for a terminal, a file or a screen reader.

Apart from the page because whoever hears it needs each figure whole, with its unit and how sure it is, and no columns.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from simulator.cohorts.figures import CohortReport, Comparison, Contrast, Difference, DimensionReport, Part, PersonRow
from simulator.reports.cohort_words import (
    BY_NAME,
    LEVELS,
    NO_VERDICT,
    SCALE,
    TIME,
    UNRELIABLE,
    bins_of,
    chance_of,
    curve_of,
    difference_of,
    dimension_name,
    duration,
    effect_of,
    group_of,
    left_out_of,
    marked,
    name_of,
    people_and_sessions,
    person_figure,
    place_of_time,
    quartiles_of,
    share_of,
    slice_of,
    standing_of,
    titles_of,
)
from simulator.reports.printing import closed

COPILOT = "A copilot was used in"
HANDOFF = "Everything the next person needs was handed on in"


def report(made: CohortReport) -> str:
    """The whole report; ends with a line break."""
    return "\n".join(_report(made)) + "\n"


def comparison(made: Comparison) -> str:
    """The whole comparison; ends with a line break."""
    return "\n".join(_comparison(made)) + "\n"


def about(made: CohortReport) -> str:
    """How many people and sessions a report is about."""
    return people_and_sessions(len(made.people), sum(person.sessions for person in made.people))


def _report(made: CohortReport) -> Iterator[str]:
    yield f"COHORT: {name_of(made.name)}"
    yield f"{about(made)}."
    yield SCALE
    parts = [
        ["", marked(title.upper(), part.standing), *_dimension(part)]
        for title, part in zip(titles_of(made.dimensions), made.dimensions, strict=True)
    ]
    parts.insert(place_of_time([part.dimension for part in made.dimensions]), list(_handle_time(made)))
    yield from chain.from_iterable(parts)
    yield from _besides([share_of(made.copilot, COPILOT), share_of(made.handoff, HANDOFF)])
    yield from ("", "PEOPLE", BY_NAME if made.people else "There is nobody in this cohort.")
    titles = {(part.dimension, part.rater): title for part, title in _titled(made)}
    unreliable = {key for part, _ in _titled(made) if not part.standing.reliable for key in [_key(part)]}
    for person in made.people:
        yield from _person(person, titles, unreliable)
    yield from _notes(left_out_of(made.left_out), made.caveats)


def _titled(made: CohortReport) -> list[tuple[DimensionReport, str]]:
    return list(zip(made.dimensions, titles_of(made.dimensions), strict=True))


def _key(part: DimensionReport) -> tuple[str, str]:
    return part.dimension, part.rater


def _dimension(part: DimensionReport) -> Iterator[str]:
    yield f"Rater {name_of(part.rater)}: {standing_of(part.standing)}."
    yield f"Level: {marked(group_of(part.levels, LEVELS), part.standing)}."
    if quartiles := quartiles_of(part):
        yield quartiles
    if part.levels.people:
        yield f"Where people are: {'; '.join(bins_of(part))}."
    for what, slices in (("mood", part.moods), ("scenario", part.scenarios)):
        for one in slices:
            yield f"By {what}, {marked(slice_of(one), part.standing)}."
    for line in curve_of(part.curve, part.standing):
        yield f"With practice. {line}"


def _handle_time(made: CohortReport) -> Iterator[str]:
    if made.handle_time.mean is not None:
        yield from ("", "HANDLE TIME, BESIDE EMPATHY", f"{group_of(made.handle_time, TIME)}.")


def _person(row: PersonRow, titles: dict[tuple[str, str], str], unreliable: set[tuple[str, str]]) -> Iterator[str]:
    yield ""
    yield f"{name_of(row.person)}: {_played(row)}."
    for figure in row.figures:
        key = figure.dimension, figure.rater
        mark = f" ({UNRELIABLE})" if key in unreliable else ""
        yield f"{titles.get(key, dimension_name(figure.dimension))}: {person_figure(figure)}{mark}."
        if figure.dimension == "empathy" and row.handle_seconds is not None:
            yield f"Handle time: {duration(row.handle_seconds)} on average."


def _played(row: PersonRow) -> str:
    if not row.sessions:
        return "no session yet"
    sessions = "1 session" if row.sessions == 1 else f"{row.sessions:,} sessions"
    return f"{sessions}, {'1 scenario' if row.scenarios == 1 else f'{row.scenarios} scenarios'}"


def _comparison(made: Comparison) -> Iterator[str]:
    first, second = name_of(made.a), name_of(made.b)
    yield f"COMPARISON: {first} and {second}"
    yield f"Every difference is {first} less {second}, adjusted for which scenarios were played."
    yield SCALE
    sections = [
        ["", marked(dimension_name(one.dimension).upper(), one.standing), *_difference(one, first, second)]
        for one in made.dimensions
    ]
    time = ["", *_times(made.handle_time, first, second)]
    sections.insert(place_of_time([one.dimension for one in made.dimensions]), time)
    yield from chain.from_iterable(sections)
    for title, parts in (("BY MOOD", made.moods), ("BY SCENARIO", made.scenarios)):
        if parts:
            yield from ("", title, NO_VERDICT, *(line for part in parts for line in _part(part, first, second)))
    yield from _besides(
        [
            told and f"{name}: {told}"
            for shares, what in ((made.copilot, COPILOT), (made.handoff, HANDOFF))
            for name, share in zip((first, second), shares, strict=True)
            for told in [share_of(share, what)]
        ]
    )
    yield from _notes(left_out_of(made.left_out), made.caveats)


def _difference(one: Difference, first: str, second: str) -> Iterator[str]:
    if one.verdict:
        yield closed(name_of(one.verdict.words))
    told = [difference_of(one, LEVELS), *filter(None, (effect_of(one.effect), chance_of(one)))]
    yield f"Difference: {marked('; '.join(told), one.standing)}."
    yield f"{first}: {marked(group_of(one.a, LEVELS), one.standing)}."
    yield f"{second}: {marked(group_of(one.b, LEVELS), one.standing)}."
    yield f"{f'Rater {name_of(one.rater)}' if one.rater else 'No rater in common'}: {standing_of(one.standing)}."


def _times(contrast: Contrast, first: str, second: str) -> Iterator[str]:
    yield "HANDLE TIME, BESIDE EMPATHY"
    yield f"Difference: {difference_of(contrast, TIME)}."
    yield f"{first}: {group_of(contrast.a, TIME)}."
    yield f"{second}: {group_of(contrast.b, TIME)}."


def _part(part: Part, first: str, second: str) -> Iterator[str]:
    for one in part.differences:
        told = (
            f"{dimension_name(one.dimension)}: {difference_of(one, LEVELS)}. "
            f"{first}: {group_of(one.a, LEVELS)}. {second}: {group_of(one.b, LEVELS)}"
        )
        yield f"{name_of(part.name)}. {marked(told, one.standing)}."


def _besides(sentences: Sequence[str | None]) -> Iterator[str]:
    said = [sentence for sentence in sentences if sentence]
    if said:
        yield from ("", "COPILOT AND HANDOFFS", *said)


def _notes(left_out: Sequence[str], caveats: Sequence[str]) -> Iterator[str]:
    if left_out:
        yield from ("", "WHAT THE FIGURES DO WITHOUT", *left_out)
    if caveats:
        yield from ("", "WHAT TO KNOW ABOUT THESE FIGURES", *(closed(name_of(words)) for words in caveats))
