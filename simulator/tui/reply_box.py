"""Where the trainee types: Enter sends, other Enters make a new line; apart because keys need care on old terminals."""

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.binding import Binding
from textual.events import Key
from textual.keys import Keys
from textual.message import Message
from textual.widgets import TextArea

from simulator.vocabulary import MAX_REPLY_CHARACTERS

assert isinstance(ANSI_SEQUENCES_KEYS, dict), "Textual keeps the keys of terminals in a dict"
# Without this, a terminal that sends Alt+Enter as Escape, Enter would send the reply.
ANSI_SEQUENCES_KEYS["\x1b\r"] = (Keys.ControlJ,)

_NEW_LINE = ("ctrl+j", "shift+enter", "alt+enter", "shift+\r")
"""The last is what Textual makes of Shift+Enter in xterm with modifyOtherKeys."""

_COUNT_FROM = MAX_REPLY_CHARACTERS * 3 // 4


class ReplyBox(TextArea):
    """A box of several lines. It keeps its text until it is told that the text has been taken."""

    BINDINGS = [
        Binding("enter", "submit", "Send"),
        Binding("ctrl+j", "new_line", "New line", key_display="^j"),
        Binding("pageup", "screen.scroll_transcript(-1)", "Scroll up", show=False),
        Binding("pagedown", "screen.scroll_transcript(1)", "Scroll down", show=False),
    ]

    class Submitted(Message):
        """Enter was pressed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)
        self.border_title = "Your reply, or /help"

    async def _on_key(self, event: Key) -> None:
        """Take Enter in the order it was typed in: as a priority binding it would overtake the letters before it."""
        if event.key not in ("enter", *_NEW_LINE):
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self.action_submit()
        else:
            self.action_new_line()

    def action_submit(self) -> None:
        """Offer the text; it stays here until `taken`."""
        self.post_message(self.Submitted(self.text))

    def action_new_line(self) -> None:
        """Break the line at the cursor."""
        start, end = self.selection
        self.replace("\n", start, end, maintain_selection_offset=False)

    def on_text_area_changed(self) -> None:
        """Count characters once it matters."""
        count = len(self.text)
        self.border_subtitle = f"{count:,} of {MAX_REPLY_CHARACTERS:,} characters" if count > _COUNT_FROM else ""

    def taken(self, text: str) -> None:
        """Drop `text` from the box, and keep what was typed after it."""
        if self.text.startswith(text):
            self.load_text(self.text[len(text) :])
            self.move_cursor(self.document.end)
