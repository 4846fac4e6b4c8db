"""Headed paragraphs and lists, as plain text and as one HTML file that stands alone. Apart, because it knows nothing of
what they are about."""

from collections.abc import Iterator
from html import escape
from importlib.resources import files
from itertools import groupby

from simulator.briefing import Section
from simulator.reports.phrases import printable
from simulator.reports.scenario_page import Page

_ITEM = "- "


def as_text(page: Page) -> str:
    """Short lines of text, headings in capitals: for a terminal, a file or a screen reader."""
    return "\n".join(printable(line) for line in _text(page))


def as_html(page: Page) -> str:
    """The whole file: no script, no link, made to print as well. Everything anybody wrote is escaped."""
    style = (files("simulator.reports") / "debrief.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_safe(page.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f'<header>\n<h1>{_safe(page.title)}</h1>\n<p class="about">{_safe(page.about)}</p>\n</header>\n'
        f"{''.join(map(_section, page.sections))}</main>\n</body>\n</html>\n"
    )


def _text(page: Page) -> Iterator[str]:
    yield page.title.upper()
    yield page.about
    for section in page.sections:
        yield from ("", section.title.upper(), *section.lines)


def _section(section: Section) -> str:
    parts = groupby(section.lines, key=lambda line: line.startswith(_ITEM))
    body = "".join(_items(list(lines)) if listed else "".join(map(_paragraph, lines)) for listed, lines in parts)
    return f"<section>\n<h2>{_safe(section.title)}</h2>\n{body}</section>\n"


def _items(lines: list[str]) -> str:
    items = "".join(f"<li>{_safe(line.removeprefix(_ITEM))}</li>\n" for line in lines)
    return f"<ul>\n{items}</ul>\n"


def _paragraph(line: str) -> str:
    return f"<p>{_safe(line)}</p>\n"


def _safe(text: str) -> str:
    return escape(printable(text))
