"""The shape of a customer's line: words to be spoken and nothing else. Apart from roles, because here it is about what
stands around the words (markup, narration, labels, talk about the task), not about who says them."""

import re
from collections.abc import Iterator, Sequence

from simulator.customer.faults import Fault, FaultCode
from simulator.customer.hearing import plain
from simulator.customer.patterns import patterns
from simulator.vocabulary import Channel

_MARKUP = re.compile(
    r"\*[^*\n]{1,80}\*|(?<!\w)#[A-Za-z]|\*\*|\[[^\]]*\]?|[<>{}|\\]|```|^\s*(?:#+|[-*\u2022])\s|https?://|www\.",
    re.MULTILINE,
)
_LIST = re.compile(
    r"(?:^|[\s:])1[.)] .{1,200}?\s2[.)] |\s[-\u2022] .{1,80}?\s[-\u2022] .{1,80}?\s[-\u2022] ", re.DOTALL
)
_ASIDE = re.compile(
    r"\((?:[a-z ]{0,30})(?:sigh|paus|cr(?:y|ie)|laugh|voice|breath|shout|whisper|silen|sob|angr|frustrat)[a-z ,]*\)",
    re.I,
)
_BRACKET = re.compile(r"\([^)]*\)?")
_PICTURES = re.compile(r"[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]|[:;]-?[)(DP](?=\s|$)")
_LETTER = re.compile(
    r"\b(?:subject|re): |\bdear (?:sir|madam|agent|customer|team|mr|ms|mrs)\b"
    r"|\b(?:best|kind|warm) (?:regards|wishes)\b|\b(?:yours )?sincerely,|\byours (?:sincerely|faithfully|truly)\b",
    re.IGNORECASE,
)
_UNFIT = {
    Channel.PHONE: (_LIST, _BRACKET, _PICTURES, _LETTER),
    Channel.CHAT: (_LETTER,),
    Channel.EMAIL: (),
}
"""What each channel has no room for, beside markup."""
_PATTERNS = patterns("form.txt")
_STAGED = re.compile("|".join(_PATTERNS["staged"]))
"""What an actor is told to do, as a sentence without a subject, or with the speaker as its subject."""
_TELLS = rf" (?:(?:then|now|just|finally|slowly|quickly|angrily|quietly) )*(?:{'|'.join(_PATTERNS['tells'])})\b"
"""What a narrator says that somebody does."""
_TASK = re.compile(rf"\b(?:{'|'.join(_PATTERNS['task'])})")
"""Talk about the task of writing or acting, and words of the stage direction itself."""
_SPEAKER = (
    r"agent|trainee|assistant|representative|rep|support|operator|advisor|adviser|customer(?: service)?|caller|client"
    r"|user|system|human|ai|bot|me|you|staff|manager|supervisor|helpdesk|narrator"
)


def form_faults(text: str, channel: Channel, names: Sequence[str]) -> Iterator[Fault]:
    """What is not to be spoken in a line.

    Args:
        text: The line.
        channel: On the phone and in a chat nobody sends a letter, on the phone nobody shows a picture or a bracket.
        names: The customer's names: a label, and the subject of narration.
    """
    if found := _markup(text, channel) or _narration(text, names):
        yield Fault(code=FaultCode.MARKUP, reason=f'spoken words only, no "{found.strip()}"')
    if found := _label(text, names):
        yield Fault(code=FaultCode.SPEAKS_FOR_TRAINEE, reason=f'one speaker only, no "{found.strip()}"')
    if about := _TASK.search(plain(text)) or _as_somebody(text, names):
        yield Fault(code=FaultCode.ASSISTANT_PHRASE, reason=f'the customer is a person, not "{about.group().strip()}"')


def _markup(text: str, channel: Channel) -> str:
    unfit = (_MARKUP, _ASIDE, *_UNFIT[channel])
    return next((found.group() for pattern in unfit if (found := pattern.search(text))), "")


def _narration(text: str, names: Sequence[str]) -> str:
    heard = plain(text)
    if found := _STAGED.search(heard):
        return found.group()
    told = re.search(rf"(?<!name )(?:^|[.!?\n\"\u201d]\s*)(?:{_alternatives(names)}){_TELLS}", heard)
    return told.group() if told else ""


def _label(text: str, names: Sequence[str]) -> str:
    speakers = f"{_SPEAKER}|{_alternatives(names)}"
    found = re.search(rf"(?:^|[.!?\n\"]\s*)(?:{speakers})(?: \w+)?\s*:", plain(text))
    return found.group() if found else ""


def _as_somebody(text: str, names: Sequence[str]) -> re.Match[str] | None:
    """Nobody speaks "as" themselves."""
    return re.search(rf"(?:^|[.!?,\n]\s*)(?:speaking |acting )?as (?:{_alternatives(names)}),", plain(text))


def _alternatives(names: Sequence[str]) -> str:
    return "|".join(re.escape(plain(name)) for name in names)
