"""How the parts of a debrief are said, once for every report. Apart so that text and page never disagree."""

import unicodedata

from simulator.debrief import CriticalFinding, Debrief, TurnReview
from simulator.moments import Moment
from simulator.scores import CheckCount, DimensionScore
from simulator.vocabulary import Evidence, LedgerEntry

_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Kinds of character that turn the writing direction of what follows them."""


def printable(text: str) -> str:
    """`text` without characters that steer a terminal or turn the writing direction; line breaks stay."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _steers(character) else character for character in text.expandtabs(1))


def in_words(name: str) -> str:
    """An identifier (`names_feeling`) as words."""
    return name.replace("_", " ")


def when(debrief: Debrief) -> str:
    """When it took place, in the reader's own time zone."""
    local = debrief.started.astimezone()
    began = f"{local.day} {local:%B %Y, %H:%M}"
    return f"{began} to {debrief.ended.astimezone():%H:%M}" if debrief.ended else began


def voices(debrief: Debrief) -> str:
    """Who spoke and listened, and where the customer's lines come from."""
    model, sources = debrief.model, debrief.sources
    return (
        f"Speaking model: {model.speaker} ({model.way}). Listening model: {model.listener}. Customer lines: "
        f"{sources.guided} guided (authored, chosen by the listener), {sources.free} free (written by the model), "
        f"{sources.fallback} fallback."
    )


def level_of(score: DimensionScore) -> str:
    """A dimension's mean in one phrase."""
    if score.mean is None:
        return "not rated: no reply gave room for it, or none could be rated"
    return f"{score.mean:.1f} of 5, over {score.n} {'reply' if score.n == 1 else 'replies'}"


def parts_of(debrief: Debrief) -> str:
    """How the overall score comes about."""
    if debrief.overall is None:
        return "Nothing could be rated, so there is no overall score."
    parts = (f"{part.dimension} {part.mean:.1f} (weight {part.weight:g})" for part in debrief.overall.parts)
    return f"{debrief.overall.mean:.1f} of 5: the weighted mean of {', '.join(parts)}."


def count_of(check: CheckCount) -> str:
    """How often a check was met, in words."""
    if not check.of:
        return "nothing to look at"
    unit = ("reply" if check.of == 1 else "replies") if check.wanted else ("turn" if check.of == 1 else "turns")
    return f"yes in {check.met} of {check.of} {unit}"


def movement_of(debrief: Debrief, moment: Moment) -> str:
    """What a moment did to the customer, in one phrase."""
    moves = ((debrief.leading.value, moment.upset), ("trust", moment.trust))
    moved = ", ".join(f"{name} {'up' if points > 0 else 'down'} {abs(points):g}" for name, points in moves if points)
    return f"the customer became {moment.direction} ({moved})"


def reasons_of(moment: Moment) -> list[str]:
    """The ledger entries of a moment, those of one rule in one line; what came to nothing without a cap is left out."""
    entries = [entry for entry in moment.entries if entry.delta or entry.cap]
    grouped: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        grouped.setdefault((entry.rule, entry.quote), []).append(_points(entry))
    return [f"{in_words(rule)}: {', '.join(moved)}{_behind(quote)}" for (rule, quote), moved in grouped.items()]


def levels_of(debrief: Debrief, review: TurnReview) -> str:
    """The levels of one reply, in one phrase."""
    if not review.rated:
        return "not rated"
    names = {score.id: score.name for score in debrief.dimensions}
    return ", ".join(
        f"{names.get(dimension, in_words(dimension))} {'no room for it here' if level is None else f'{level} of 5'}"
        for dimension, level in review.levels.items()
    )


def evidence_of(evidence: Evidence) -> str:
    """What one quote shows; the customer's own words are quoted where the reply left them unanswered."""
    if evidence.speaker == "customer":
        return f"{in_words(evidence.dimension)}, left unanswered: “{printable(evidence.quote)}”"
    return f"{in_words(evidence.dimension)}, {in_words(evidence.signal.value)}: “{printable(evidence.quote)}”"


def critical_of(finding: CriticalFinding) -> str:
    """One critical error as a line."""
    return f"{finding.name}, in turn {finding.turn}: “{printable(finding.quote)}”"


def did_what(part: TurnReview | Moment) -> str:
    """Heading for `did`."""
    return "Reply" if part.reply is not None else "What was done"


def did(part: TurnReview | Moment) -> str:
    """The trainee's words, or what they did instead."""
    return part.reply if part.reply is not None else part.act or ""


def _points(entry: LedgerEntry) -> str:
    """The feeling, its signed points, and what held it back."""
    cap = f" (asked for {entry.asked:+g}, held back: {in_words(entry.cap)})" if entry.cap else ""
    return f"{entry.feeling.value} {entry.delta:+g}{cap}"


def _behind(quote: str) -> str:
    """The words behind an entry in quotation marks; the description of an act stands in brackets already."""
    text = printable(quote)
    return f" {text}" if text.startswith("(") else f" “{text}”" if text else ""


def _steers(character: str) -> bool:
    if character == "\n":
        return False
    return unicodedata.category(character) in {"Cc", "Cs"} or unicodedata.bidirectional(character) in _TURNS
