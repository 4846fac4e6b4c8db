"""`simulator signals`: the catalogue of signals for a terminal, for programs, and as docs/signals.md.

Apart from the other commands because it needs no session, no model and no settings.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import groupby

import click

from simulator.assessment.catalogue import CATALOGUE, Case, Definition, Detector
from simulator.cli.wiring import print_json
from simulator.errors import UsageError
from simulator.vocabulary import SignalName

_FOUND: Mapping[Detector, str] = {
    "phrases": "by its words",
    "structure": "by how the reply is built, and by what it shares with what was said",
    "phrases and learned": "by its words, and by what the embedded model makes of it",
    "structure and learned": "by what it shares with what was said, and by what the embedded model makes of it",
    "act": "as an act beside the words",
}
_COMMAND = "simulator signals --format markdown > docs/signals.md"
_ABOUT = f"""# Signals

What a reply observably does. Signals are what moves the customer, and what levels and debriefs quote. A good reply
often uses none of the usual words, and the usual words alone are not enough: each entry has replies that show the
signal, and near misses that do not.

The catalogue is closed; its text stands in `simulator/assessment/catalogue.toml`. This page is made by
`{_COMMAND}`."""


@click.command()
@click.argument("name", required=False)
@click.option("--format", "kind", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def signals(name: str | None, kind: str) -> None:
    """Show what is looked for in a reply: every signal in a line, or NAME with its examples."""
    known = _known(name) if name is not None else None
    chosen = {known: CATALOGUE[known]} if known else CATALOGUE
    match kind:
        case "json":
            print_json({"signals": [{"name": one, **what.model_dump(mode="json")} for one, what in chosen.items()]})
        case "markdown":
            click.echo(markdown(chosen) if known else page())
        case _:
            click.echo(in_full(known) if known else listing())


def _known(name: str) -> SignalName:
    typed = name.strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return SignalName(typed)
    except ValueError:
        near = get_close_matches(typed, list(SignalName), n=1)
        meant = f"; did you mean {near[0]}?" if near else "."
        raise UsageError(f'There is no signal "{name[:40]}"{meant} `simulator signals` lists them all.') from None


def listing() -> str:
    """Every signal in a line, by dimension."""
    lines: list[str] = []
    for heading, group in _by_dimension(CATALOGUE):
        lines += [heading, *(f"  {name} ({_worth(what)}): {what.text}" for name, what in group.items()), ""]
    return "\n".join([*lines, "`simulator signals NAME` shows one with examples."])


def page() -> str:
    """The whole catalogue, as docs/signals.md."""
    return f"{_ABOUT}\n\n{markdown(CATALOGUE)}"


def markdown(chosen: Mapping[SignalName, Definition]) -> str:
    """Signals with all their examples."""
    parts: list[str] = []
    for heading, group in _by_dimension(chosen):
        parts.append(f"## {heading}")
        for name, what in group.items():
            parts += [f"### `{name}`", f"{_worth(what).capitalize()}. {' '.join(_described(what))}"]
            parts += [_case_as_list(case) for case in what.cases]
    return "\n\n".join(parts)


def _case_as_list(case: Case) -> str:
    shows = [f"- shows it: {reply}" for reply in case.shows]
    return "\n".join([f"> {case.customer}", "", *shows, *(f"- does not: {reply}" for reply in case.shows_not)])


def in_full(name: SignalName) -> str:
    """One signal with all its examples."""
    what = CATALOGUE[name]
    lines = [f"{name} ({_dimension(what).lower()}, {_worth(what)})", *_described(what)]
    for case in what.cases:
        lines += ["", f"Customer: {case.customer}"]
        lines += [f"  Shows it: {reply}" for reply in case.shows]
        lines += [f"  Does not: {reply}" for reply in case.shows_not]
    return "\n".join(lines)


def _described(what: Definition) -> Iterator[str]:
    yield f"The reply {what.text}."
    moods = " and ".join(f"{mood}" for mood in what.moods)
    yield f"It matters most to {moods} customers." if moods else "It matters to all customers alike."
    yield f"Found {_FOUND[what.detector]}."


def _by_dimension(chosen: Mapping[SignalName, Definition]) -> Iterator[tuple[str, dict[SignalName, Definition]]]:
    for heading, group in groupby(chosen.items(), key=lambda entry: _dimension(entry[1])):
        yield heading, dict(group)


def _dimension(what: Definition) -> str:
    return what.dimension.replace("_", " ").capitalize() if what.dimension else "No dimension of its own"


def _worth(what: Definition) -> str:
    return "wanted" if what.wanted else "not wanted"
