"""The frame of a page about cohorts: one HTML file that stands alone, and the few shapes it is made of.

Apart because report and comparison share them. Nothing here needs a script; all that anybody wrote is escaped.
"""

from collections.abc import Iterable, Sequence
from html import escape

from simulator.reports import document as frame
from simulator.reports.cohort_words import name_of

EMPTY = '<td class="none"><span class="hidden">nothing</span></td>'
"""A cell without a figure: nothing was measured there, which is not zero."""


def document(title: str, sections: Iterable[str]) -> str:
    """The whole file.

    Args:
        title: For the window; not yet safe.
        sections: Markup.
    """
    return frame.document(name_of(title), "".join(sections), "cohort")


def safe(text: str) -> str:
    """Words from outside, on one line, for between tags and within quotes."""
    return escape(name_of(text))


def isolated(name: str) -> str:
    """A name that keeps its own writing direction to itself."""
    return f"<bdi>{safe(name)}</bdi>"


def minus(figure: str) -> str:
    """A figure with a true minus sign in place of a hyphen, escaped."""
    return escape(figure.replace("-", "\N{MINUS SIGN}"))


def section(title: str, *parts: str) -> str:
    """A headed section; the title is safe already."""
    return f"<section>\n<h2>{title}</h2>\n{''.join(parts)}</section>\n"


def paragraph(markup: str, look: str = "") -> str:
    """A paragraph; empty where there is nothing to say."""
    kind = f' class="{look}"' if look else ""
    return f"<p{kind}>{markup}</p>\n" if markup else ""


def notes(title: str, sentences: Iterable[str]) -> str:
    """A section of sentences, not yet safe; empty where there are none."""
    items = "".join(f"<li>{safe(sentence)}</li>\n" for sentence in sentences)
    return section(title, f"<ul>\n{items}</ul>\n") if items else ""


def table(caption: str, heads: Sequence[str], rows: Iterable[str], look: str = "") -> str:
    """A table that scrolls by itself where the window is narrow.

    Args:
        caption: What it shows, safe already.
        heads: Markup of the columns' heads.
        rows: Each from `row`.
        look: A class of the style sheet.
    """
    columns = "".join(f'<th scope="col">{head}</th>' for head in heads)
    kind = f' class="{look}"' if look else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Table: {caption}">\n<table{kind}>\n'
        f"<caption>{caption}</caption>\n<thead><tr>{columns}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n"
        "</table>\n</div>\n"
    )


def row(head: str, cells: Iterable[str]) -> str:
    """A row whose first cell names it; the cells are markup with their tags."""
    return f'<tr><th scope="row">{head}</th>{"".join(cells)}</tr>\n'


def cell(markup: str, look: str = "") -> str:
    """One cell."""
    return f'<td class="{look}">{markup}</td>' if look else f"<td>{markup}</td>"


def behind_a_fold(summary: str, markup: str) -> str:
    """What need not be seen at once on a screen, and is open in print."""
    return f"<details><summary>{summary}</summary>\n{markup}</details>\n"
