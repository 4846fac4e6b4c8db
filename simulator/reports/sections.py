"""Headed paragraphs and lists, as plain text and as one HTML file that stands alone. Apart, because it knows nothing of
what they are about."""

from collections.abc import Iterator
from itertools import groupby

from simulator.briefing import Section
from simulator.reports.document import document, safe
from simulator.reports.printing import printable
from simulator.reports.scenario_page import Page

_ITEM = "- "


def as_text(page: Page) -> str:
    """Short lines of text, headings in capitals: for a terminal, a file or a screen reader."""
    return "\n".join(printable(line) for line in _text(page))


def as_html(page: Page) -> str:
    """The whole file: no script, no link, made to print as well. Everything anybody wrote is escaped."""
    return document(
        page.title,
        f'<header>\n<h1>{safe(page.title)}</h1>\n<p class="about">{safe(page.about)}</p>\n</header>\n'
        f"{''.join(map(_section, page.sections))}",
    )


def _text(page: Page) -> Iterator[str]:
    yield page.title.upper()
    yield page.about
    for section in page.sections:
        yield from ("", section.title.upper(), *section.lines)


def _section(section: Section) -> str:
    parts = groupby(section.lines, key=lambda line: line.startswith(_ITEM))
    body = "".join(_items(list(lines)) if listed else "".join(map(_paragraph, lines)) for listed, lines in parts)
    return f"<section>\n<h2>{safe(section.title)}</h2>\n{body}</section>\n"


def _items(lines: list[str]) -> str:
    items = "".join(f"<li>{safe(line.removeprefix(_ITEM))}</li>\n" for line in lines)
    return f"<ul>\n{items}</ul>\n"


def _paragraph(line: str) -> str:
    return f"<p>{safe(line)}</p>\n"
