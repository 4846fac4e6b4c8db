"""The frame of a page that stands alone: one HTML file with its styles inside, no script, no link."""

from html import escape
from importlib.resources import files

from simulator.reports.printing import printable


def document(title: str, body: str, look: str | None = None) -> str:
    """The whole file.

    Args:
        title: As plain text.
        body: What stands in `main`, as HTML.
        look: A style sheet of this folder that is laid over the common one; also the class of `main`.
    """
    sheets = [files("simulator.reports") / f"{name}.css" for name in ("debrief", look) if name]
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    main = f'<main class="{look}">' if look else "<main>"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{main}\n"
        f"{body}</main>\n</body>\n</html>\n"
    )


def safe(text: str) -> str:
    """What anybody wrote, escaped, without characters that no page shows."""
    return escape(printable(text))
