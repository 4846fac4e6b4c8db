"""The emotion curve as inline SVG. Apart from the page because it is geometry, and the page is words."""

from collections.abc import Sequence
from html import escape

from simulator.debriefing.debrief import Debrief
from simulator.vocabulary import Feeling

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 40, 120, 14, 34
LABEL_GAP = 16
"""Least distance between two labels at the right edge, in SVG units, as all distances here."""


def curve(debrief: Debrief) -> str:
    """All four feelings over the turns, the leading one in bold; title and description say the same in words."""
    lines = "".join(_line(debrief, feeling) for feeling in Feeling)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="curve-title curve-text">'
        f'<title id="curve-title">How the customer felt, turn by turn</title>'
        f'<desc id="curve-text">{escape(_described(debrief))}</desc>'
        f"{_grid()}{_turns(debrief)}{lines}{_labels(debrief)}</svg>"
    )


def _described(debrief: Debrief) -> str:
    first, last = debrief.curve[0].emotion, debrief.curve[-1].emotion
    moves = (f"{each.value} from {first.degree(each):.0f} to {last.degree(each):.0f}" for each in Feeling)
    return f"Four lines on a scale of 0 to 100, over {len(debrief.curve) - 1} turns: {', '.join(moves)}."


def _x(debrief: Debrief, index: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * index / max(1, len(debrief.curve) - 1), 1)


def _y(degree: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - degree / 100), 1)


def _grid() -> str:
    return "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{_y(degree)}" y2="{_y(degree)}"/>'
        f'<text class="scale" x="{LEFT - 8}" y="{_y(degree) + 4}" text-anchor="end">{degree}</text>'
        for degree in (0, 25, 50, 75, 100)
    )


def _turns(debrief: Debrief) -> str:
    """Numbers of the turns below the curve, thinned out where they would touch."""
    step = 1 + len(debrief.curve) // 24
    return "".join(
        f'<text class="scale" x="{_x(debrief, index)}" y="{HEIGHT - 8}" text-anchor="middle">'
        f"{point.turn or 'start'}</text>"
        for index, point in enumerate(debrief.curve)
        if index % step == 0
    )


def _line(debrief: Debrief, feeling: Feeling) -> str:
    degrees = [point.emotion.degree(feeling) for point in debrief.curve]
    points = " ".join(f"{_x(debrief, index)},{_y(degree)}" for index, degree in enumerate(degrees))
    return f'<polyline class="curve {_classes(debrief, feeling)}" points="{points}"/>'


def _labels(debrief: Debrief) -> str:
    last = debrief.curve[-1].emotion
    feelings = sorted(Feeling, key=last.degree, reverse=True)
    heights = _spread([_y(last.degree(feeling)) for feeling in feelings])
    x = _x(debrief, len(debrief.curve) - 1) + 10
    return "".join(
        f'<text class="{_classes(debrief, feeling)}" x="{x}" y="{height + 4:.1f}">'
        f"{feeling.value} {last.degree(feeling):.0f}</text>"
        for feeling, height in zip(feelings, heights, strict=True)
    )


def _spread(heights: Sequence[float]) -> list[float]:
    """The same heights, from top to bottom, moved apart until no two labels touch and none leaves the picture."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + LABEL_GAP) if placed else height)
    lowest = float(HEIGHT - BOTTOM)
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], lowest)
        lowest = placed[index] - LABEL_GAP
    return placed


def _classes(debrief: Debrief, feeling: Feeling) -> str:
    return f"{feeling.value} leading" if feeling is debrief.leading else feeling.value
