"""What was said so far, as bubbles; apart because a spoken line comes word by word and can be cut short."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from simulator.debriefing.moments import act_in_words
from simulator.events import CustomerSpoke
from simulator.reports.printing import printable
from simulator.session import Turn

CUT = "\N{EM DASH}"


class Bubble(Horizontal):
    """One thing that was said, with who said it."""

    def __init__(self, speaker: str, badge: str, text: str, shown: int, side: str, marked: Iterable[str] = ()) -> None:
        """Words of one side.

        Args:
            speaker: over the words, with `badge` beside it.
            badge: how the words came about, or empty.
            text: the words.
            shown: how many characters of them are shown so far.
            side: "customer" or "trainee".
            marked: parts of the words to underline.
        """
        super().__init__(classes=side)
        self._marked = [mark for mark in marked if mark]
        self._speaker = speaker
        self._badge = badge
        self._text = printable(text)
        self._side = side
        self._shown = shown
        self._cut = False

    def compose(self) -> ComposeResult:
        """The words."""
        yield Static(self._content(), markup=False)

    def show(self, characters: int, cut: bool = False) -> None:
        """Show so many characters; `cut` marks that the rest went unheard."""
        if (characters, cut) != (self._shown, self._cut):
            self._shown, self._cut = characters, cut
            self.query_one(Static).update(self._content())

    def _content(self) -> Content:
        words = self._text[: self._shown].rstrip() + (CUT if self._cut else "")
        badge = "you cut in" if self._cut else self._badge
        # The gap belongs to the name: pictures of the screen drop the spaces that begin a run of text.
        name = f"{self._speaker} " if badge else self._speaker
        return Content.assemble(
            (name, f"bold ${self._side}"),
            (badge and f"\N{MIDDLE DOT} {badge}", "$quiet"),
            "\n",
            self._with_marks(words),
        )

    def _with_marks(self, words: str) -> Content:
        content = Content(words)
        for mark in self._marked:
            start = words.find(printable(mark))
            if start >= 0:
                content = content.stylize("underline", start, start + len(mark))
        return content


class Transcript(VerticalScroll, can_focus=True):
    """All bubbles, the newest in sight unless the trainee scrolled up."""

    def __init__(self, customer: str) -> None:
        """An empty transcript; `customer` is the name over what the customer says."""
        super().__init__()
        self._customer = customer
        self._last: Bubble | None = None

    def on_mount(self) -> None:
        """Stay at the end."""
        self.anchor()

    async def tell(self, turn: Turn) -> None:
        """A whole turn of the past, as far as it was heard."""
        await self.hear_trainee(turn)
        if turn.line is not None:
            await self.hear_customer(turn.line, len(turn.line.text))
            if turn.heard is not None:
                self.cut(turn.heard)

    async def hear_trainee(self, turn: Turn) -> None:
        """What the trainee just said or did; whoever had scrolled up is taken back to the end, to read the answer."""
        self.anchor()
        if turn.reply is not None:
            await self.mount(Bubble("You", "", turn.reply, len(turn.reply), "trainee"))
        elif sentence := act_in_words(turn.act):
            await self.note(sentence)

    async def hear_customer(self, line: CustomerSpoke, shown: int) -> None:
        """A line of the customer, of which `shown` characters are out so far."""
        self._last = Bubble(self._customer, line.source, line.text, shown, "customer")
        await self.mount(self._last)

    async def note(self, sentence: str) -> None:
        """Something that happened, beside the words."""
        await self.mount(Static(printable(sentence), markup=False, classes="event"))

    def show(self, characters: int) -> None:
        """How much of the customer's last line is out."""
        if self._last is not None:
            self._last.show(characters)

    def cut(self, heard: int) -> None:
        """The customer's last line was cut short."""
        if self._last is not None:
            self._last.show(heard, cut=True)
