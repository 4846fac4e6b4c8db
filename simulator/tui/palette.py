"""The colours of the app; apart so that one place answers for how they look in 16 colours.

The nearest of the 16 terminal colours to each ink still stands out from its ground; nothing is said by colour alone.
"""

from textual.theme import Theme

from simulator.vocabulary import Feeling

INKS: dict[str, str] = {
    "ink": "#e9e4d8",
    "quiet": "#9aa5ad",
    "customer": "#cf9a30",
    "trainee": "#45b5a5",
    "anger": "#e06c5a",
    "distress": "#bb66c9",
    "confusion": "#5c9be0",
    "trust": "#57c26a",
    "alert": "#e06c5a",
}
"""Colours text is written in, by the name the style sheet uses."""

GROUND = "#12161b"
"""What everything is written on."""

RULE = "#55616d"
"""Lines and borders that are not in focus."""

CURSOR_GROUND = "#24504e"
"""Behind the chosen entry of a list."""

FEELING_INK: dict[Feeling, str] = {feeling: f"${feeling.value}" for feeling in Feeling}
"""The style of each feeling."""

EVENING = Theme(
    name="evening",
    primary=INKS["trainee"],
    secondary=INKS["customer"],
    accent=INKS["customer"],
    warning=INKS["customer"],
    error=INKS["alert"],
    success=INKS["trust"],
    foreground=INKS["ink"],
    background=GROUND,
    surface=GROUND,
    panel=GROUND,
    dark=True,
    text_alpha=1.0,
    variables={
        **INKS,
        "rule": RULE,
        "block-cursor-background": CURSOR_GROUND,
        "block-cursor-foreground": INKS["ink"],
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": GROUND,
        "block-cursor-blurred-foreground": INKS["ink"],
        "footer-background": GROUND,
        "footer-foreground": INKS["quiet"],
        "footer-description-foreground": INKS["quiet"],
        "footer-description-background": GROUND,
        "footer-key-foreground": INKS["trainee"],
        "footer-key-background": GROUND,
        "footer-item-background": GROUND,
        "input-cursor-background": INKS["trainee"],
        "input-cursor-foreground": GROUND,
        "input-selection-background": CURSOR_GROUND,
        "scrollbar": RULE,
        "scrollbar-hover": INKS["quiet"],
        "scrollbar-active": INKS["trainee"],
        "scrollbar-background": GROUND,
        "scrollbar-background-hover": GROUND,
        "scrollbar-background-active": GROUND,
        "scrollbar-corner-color": GROUND,
    },
)
"""The one theme: warm paper ink on a dark ground; amber is the customer's, teal the trainee's."""
