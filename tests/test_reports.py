"""The reports: the same debrief as Markdown, plain lines and one page, with whatever people typed made harmless."""

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from textwrap import wrap

import pytest
from played import BEGIN, NAMED, SHRUG, START, after, entry, exchange, material, opening, rating, started

from simulator.debriefing.debrief import Debrief, debrief
from simulator.events import CustomerInterrupted, Event, ReplyRated, SessionEnded
from simulator.reports.html import html
from simulator.reports.ledger import explained
from simulator.reports.phrases import SHOWN, evidence_by_words
from simulator.reports.reasons import reasons_of
from simulator.reports.text import markdown, plain
from simulator.session import Session
from simulator.vocabulary import Ending, Feeling, SignalName

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Reads a page: which tags it has, whether they are closed in order, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(source)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


def bleak() -> list[Debrief]:
    """Sessions with nothing in them, in every way there is."""
    ended = SessionEnded(at=BEGIN, ending=Ending.HUNG_UP)
    nothing = rating(1, "Bye.", {"empathy": None, "ownership": None, "active_listening": None})
    unrated = [started(), *opening(), *exchange(1, "Bye.", "Bye."), ReplyRated(at=BEGIN, turn=1, rating=nothing), ended]
    sessions: tuple[list[Event], ...] = ([started()], [started(), ended], [started(), *opening()], unrated)
    return [debrief(Session.of(events), material()) for events in sessions]


def hostile(text: str) -> Debrief:
    return debrief(after(exchange(1, text, text)), material(title=f"A {text} title"))


def test_the_page_stands_alone(looked_back: Debrief) -> None:
    source = html(looked_back)
    page = Page(source)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "a", "base", "form"}
    assert not any(name in {"src", "href"} or name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert not re.search(r"url\(|@import|https?://", source)
    assert "prefers-color-scheme: dark" in source
    assert "@media print" in source


def test_the_page_puts_ending_and_goal_before_moments_levels_and_turns(looked_back: Debrief) -> None:
    text = Page(html(looked_back)).text
    order = [
        looked_back.ending_sentence,
        looked_back.goal.sentence,
        "What moved the customer most",
        "A stronger line for turn 1",
        "The moments one by one",
        "Overall:",
        "How the customer felt",
        "Every turn",
        "What to know about these numbers",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_the_curve_can_be_read_without_seeing_it(looked_back: Debrief) -> None:
    page = Page(html(looked_back))
    assert (page.count("svg"), page.count("title"), page.count("desc"), page.count("polyline")) == (1, 2, 1, 4)
    assert "anger from 80 to 79" in page.text
    assert page.count("tr") == 1 + len(looked_back.curve)
    drawn = [attrs for tag, attrs in page.tags if tag == "polyline" and "leading" in (attrs["class"] or "")]
    assert len((drawn[0]["points"] or "").split()) == len(looked_back.curve)


def test_labels_of_the_curve_never_touch(looked_back: Debrief) -> None:
    flat = looked_back.curve[0].emotion.model_copy(
        update={"anger": 0.0, "distress": 0.0, "confusion": 0.0, "trust": 1.0}
    )
    curve = (looked_back.curve[0].model_copy(update={"emotion": flat}),)
    source = html(looked_back.model_copy(update={"curve": curve}))
    pattern = r'<text class="(?:anger|distress|confusion|trust)[^"]*" x="[\d.]+" y="([\d.]+)"'
    heights = sorted(float(found) for found in re.findall(pattern, source))
    assert len(heights) == 4
    assert all(below - above >= 15.9 for above, below in pairwise(heights))


@pytest.mark.parametrize("report", [plain, markdown, html])
def test_every_report_tells_the_whole_debrief(report: Callable[[Debrief], str], looked_back: Debrief) -> None:
    told = " ".join(re.sub(r"\\(.)|^> ", r"\1", unescape(report(looked_back)), flags=re.MULTILINE).split())
    assert looked_back.stronger is not None
    expected = [
        looked_back.title,
        looked_back.session,
        looked_back.ending_sentence,
        looked_back.change_sentence,
        looked_back.goal.sentence,
        looked_back.goal.basis or "",
        looked_back.points_sentence,
        looked_back.stronger.text,
        "authored",
        "Next time, name the feeling once.",
        "2.8 of 5 (interval unknown): the weighted mean of Empathy 3.0 (interval unknown, weight 1), Ownership 2.8",
        "The error of rater embedded-1 has not been published",
        "Here: Empathy in turn 1, Ownership in turn 1.",
        "The reply owns at strength 3.",
        "Turn 1. More upset (anger up 15, trust down 8): “That's the policy.”",
        "“That's the policy.”: a rule in place of an answer; anger up 15, trust down 8.",
        "40 seconds on hold: a hold; anger up 6.",
        "the line would have done more good here than the reply did",
        "The customer was put on hold for 40 seconds.",
        *looked_back.notes,
        *(" ".join((review.reply or "").split()) for review in looked_back.reviews),
    ]
    for part in expected:
        assert part in told


@pytest.mark.parametrize("report", [plain, markdown, html])
def test_sessions_with_nothing_in_them_are_told_in_plain_words(report: Callable[[Debrief], str]) -> None:
    for result in bleak():
        told = unescape(report(result))
        assert result.ending_sentence in told
        assert "no overall score" in told
        assert result.goal.sentence in told
        assert "None" not in told
        assert "nan" not in told.split()


@pytest.mark.parametrize("report", [plain, markdown, html])
def test_a_line_the_trainee_cut_in_on_is_marked(report: Callable[[Debrief], str]) -> None:
    better = [entry("names_feeling", "Wait.", Feeling.TRUST, 6)]
    cuts = [CustomerInterrupted(at=BEGIN, turn=turn, heard=heard) for turn, heard in ((0, 10), (1, 0))]
    session = after(cuts[:1], exchange(1, "Wait.", "What?", entries=better), cuts[1:])
    told = unescape(report(debrief(session, material())))
    assert "Customer, before (cut off there)" in told
    assert "Customer, after (cut off there)" in told
    assert "nothing was heard" in told
    assert "What?" not in told


def test_markup_in_a_reply_is_shown_and_never_obeyed() -> None:
    page = Page(html(hostile('</blockquote><script>alert("x")</script> & <img src=x onerror=y>')))
    assert page.count("script") == page.count("img") == 0
    assert '</blockquote><script>alert("x")</script>' in page.text


def test_markdown_in_a_reply_is_shown_and_never_obeyed() -> None:
    lines = markdown(hostile("# Big\n- *item*\n1. [link](x) `code` <b> | cell\n> quote")).splitlines()
    assert r"> \# Big" in lines
    assert r"> \- \*item\*" in lines
    assert r"> 1\. \[link\](x) \`code\` \<b\> \| cell" in lines
    assert r"> \> quote" in lines


@pytest.mark.parametrize("report", [plain, markdown, html])
def test_characters_that_steer_a_terminal_never_reach_a_report(report: Callable[[Debrief], str]) -> None:
    told = report(hostile("red \x1b[31m bell \x07 nul \x00 back \u202e end"))
    assert "red \N{REPLACEMENT CHARACTER}" in told
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told)


def test_plain_lines_hold_no_table_and_no_box(looked_back: Debrief) -> None:
    told = plain(looked_back)
    assert not re.search(r"[|\u2500-\u259f\t]| {3,}", told)
    assert told.endswith("\n")
    assert "At the start: anger 80, distress 20, confusion 10, trust 20." in told
    assert "Does it name the feeling? Plainly in 1 of 3 replies: turn 2 “I'd be angry too.”" in told
    assert "Not seen this time (not every contact needs all of these): Does it speak to the meaning?" in told


def test_ending_goal_and_moments_fit_one_small_screen(looked_back: Debrief) -> None:
    top, rest = plain(looked_back).split("A STRONGER LINE")
    lines = [part for line in top.splitlines() for part in wrap(line, 80) or [""]]
    assert len(lines) <= 22
    assert "THE MOMENTS ONE BY ONE" in rest


def test_no_words_are_quoted_twice_for_the_same_thing(looked_back: Debrief) -> None:
    for moment in looked_back.moments:
        reasons = reasons_of(moment)
        assert len({reason.split(": ")[0] for reason in reasons}) == len(reasons)
    for review in looked_back.reviews:
        words = re.findall("“.*?”", " ".join(evidence_by_words(looked_back, review)))
        assert len(set(words)) == len(words)


def test_every_signal_has_a_name_people_can_read() -> None:
    assert set(SHOWN) == set(SignalName)
    assert not any("_" in name for name in SHOWN.values())


def test_caps_are_told_in_words_a_new_hire_understands(looked_back: Debrief) -> None:
    capped = entry("names_feeling", "I'd be angry too.", Feeling.ANGER, 0)
    capped = capped.model_copy(update={"asked": -9, "cap": "the same words again"})
    turn = exchange(1, NAMED, "Hm.", entries=[capped, entry("commits_action", "opening", Feeling.TRUST, 6)])
    result = debrief(after(turn), material())
    assert "“I'd be angry too.”: said before, so it soothed no more" in reasons_of(result.moments[0])
    for report in (plain, markdown, html):
        assert "held back" not in report(result)
        assert "points a turn" not in report(result)


def test_the_ledger_in_words_is_complete_and_says_what_held_an_entry_back() -> None:
    held = entry("validates", "I'd be angry too.", Feeling.ANGER, -4)
    held = held.model_copy(update={"asked": -9, "cap": "12 points a turn"})
    event = entry("line_drops", "(event) Hello?", Feeling.DISTRESS, 8, event=True)
    first = exchange(1, NAMED, "Hello? Hel-", entries=[held, event], fired=("line_drops",), unlocked=("children",))
    told = explained(after(first, exchange(2, 40, "Well?", before=START), ending=None))
    assert told.startswith("Session 20261122-101530-ab12cd: fare-jump, Maria Delgado, irate, seed 7.")
    for part in (
        "Turn 0: the customer begins.\n  At the start: anger 80, distress 20, confusion 10, trust 20.",
        "  anger 80 to 76:\n    -4, the feeling taken as reasonable, rule validates",
        "asked for -9, as one turn moves a feeling by 12 at most",
        "  distress 20 to 28:\n    +8, event line drops",
        "Now willing to tell: children.",
        "Turn 2: The customer was put on hold for 40 seconds.\n  Nothing in this turn moved the customer.",
        "Not ended; it can be resumed.",
    ):
        assert part in told
    assert "\x1b" not in explained(after(exchange(1, "a\x1b[31m", "b")))


def test_a_reply_over_several_lines_stays_one_quote_in_markdown(looked_back: Debrief) -> None:
    first, second = NAMED.split("\n")
    assert f"> {first}\n> {second}" in markdown(looked_back)


def test_the_words_of_a_reply_survive_the_page_unchanged(looked_back: Debrief) -> None:
    assert SHRUG in Page(html(looked_back)).text
