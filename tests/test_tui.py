import os
import re
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from conftest import NINE
from rich.color import Color, ColorSystem
from stage import KIND, POLICY, SCENARIO, Stage
from textual.content import Content
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList, Static

from simulator.clock import StoryClock
from simulator.content.library import Library, shipped
from simulator.debriefing.moments import moment_of
from simulator.debriefing.named import AS_A_WHOLE, named
from simulator.events import TraineeHeld
from simulator.tui.app import LIBRARY, Play, Resume, SimulatorApp, Start
from simulator.tui.briefing_screen import BriefingScreen
from simulator.tui.conversation_screen import ConversationScreen
from simulator.tui.debrief_screen import DebriefScreen
from simulator.tui.frame import TooSmall
from simulator.tui.gauges import GaugePanel, GaugeStrip, Standing
from simulator.tui.library_screen import LibraryScreen, Shelf
from simulator.tui.page import Page, PageScreen
from simulator.tui.palette import CURSOR_GROUND, GROUND, INKS
from simulator.tui.reply_box import ReplyBox
from simulator.tui.speech import Speech, spoken
from simulator.tui.transcript import Bubble, Transcript
from simulator.vocabulary import Emotion, Ending, Feeling

SLOW = 0.001
"""Characters a second: nothing but the first word is heard while a test lasts."""

PATIENCE = 2_000
"""Looks, a hundredth of a second apart or more, until a test gives up on what must come: counted and not timed, so that
a busy machine is given the time it needs."""


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "sessions", StoryClock(NINE))


@asynccontextmanager
async def playing(
    stage: Stage, start: Start = LIBRARY, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[SimulatorApp, Pilot[None]]]:
    app = SimulatorApp(stage.desk, start)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.focused is not None)
        yield app, pilot
    await app.hang_up()


@asynccontextmanager
async def in_contact(stage: Stage, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[SimulatorApp, Pilot[None]]]:
    """Straight into a contact that nobody has spoken in yet."""
    runner = await stage.desk.open(SCENARIO, seed=3)
    await runner.close()
    started_only = stage.disk.create(runner.session.id)
    started_only.append(runner.session.started)
    started_only.close()
    async with playing(stage, Resume(session=runner.session.id), size) as (app, pilot):
        await until(pilot, lambda: bool(customer_lines(app)) and has_answered(app))
        yield app, pilot


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait for what must come. A pause of the pilot alone promises nothing while the machine is busy."""
    for _ in range(PATIENCE):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came to that")


async def sees(app: SimulatorApp, pilot: Pilot[None], *words: str) -> None:
    """Wait until all of these are on the screen."""
    await until(pilot, lambda: all(each in shown(app) for each in words))


async def comes_to(app: SimulatorApp, pilot: Pilot[None], screen: type[Screen[None]]) -> None:
    """Wait for a screen, and for the end of the step that leads to it: until then no other step is taken."""
    await until(pilot, lambda: isinstance(app.screen, screen) and (app._step is None or app._step.is_finished))


def shown(app: SimulatorApp) -> str:
    """Everything on the screen, line by line, as a reader sees it."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def last_line(app: SimulatorApp) -> str:
    """Where the keys are."""
    return shown(app).rpartition("\n")[2]


def customer_lines(app: SimulatorApp) -> list[str]:
    return said_by("customer", app)


def trainee_lines(app: SimulatorApp) -> list[str]:
    return said_by("trainee", app)


def said_by(side: str, app: SimulatorApp) -> list[str]:
    """The words of one side; a bubble that is only just coming up has none yet."""
    bubbles = [bubble for bubble in app.screen.query(Bubble) if bubble.has_class(side)]
    return [str(words.content).partition("\n")[2] for bubble in bubbles for words in bubble.query(Static)]


def status(app: SimulatorApp) -> str:
    """The sentence under what is shown; empty where the screen is only just coming up."""
    return " ".join(str(line.content) for line in app.screen.query(".status").results(Static))


def has_answered(app: SimulatorApp) -> bool:
    """Whether the customer has said, or has begun to say, what there is to say."""
    return status(app).endswith(("Your turn.", "Esc cuts in.", "Enter opens the debrief."))


def box(app: SimulatorApp) -> ReplyBox:
    return app.screen.query_one(ReplyBox)


def on_the_shelf(app: SimulatorApp) -> list[str]:
    """What the library offers, headings included, seen or not."""
    return [str(option.prompt) for option in app.screen.query_one(Shelf).options]


async def send(app: SimulatorApp, pilot: Pilot[None], text: str) -> None:
    box(app).load_text(text)
    await pilot.press("enter")


async def reply(app: SimulatorApp, pilot: Pilot[None], text: str) -> None:
    """Send, and wait for the customer's answer."""
    before = len(customer_lines(app))
    await send(app, pilot, text)
    await until(pilot, lambda: len(customer_lines(app)) > before and has_answered(app))


# From library to debrief


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_call_goes_from_library_to_debrief_and_can_be_played_again(stage: Stage, size: tuple[int, int]) -> None:
    title = stage.desk.library.material(SCENARIO).scenario.title
    async with playing(stage, size=size) as (app, pilot):
        await sees(app, pilot, "SCENARIOS")
        while title not in on_the_shelf(app)[app.screen.query_one(Shelf).highlighted or 0]:
            await pilot.press("down")
        await pilot.press("enter")
        await comes_to(app, pilot, BriefingScreen)
        await pilot.press("enter")
        await until(pilot, lambda: len(customer_lines(app)) == 1 and has_answered(app))
        await at_the_debrief(app, pilot, KIND, POLICY)

        page = "\n".join(str(static.content) for static in app.screen.query(Static))
        assert ("authored" in page) == ("A stronger line for turn" in page)
        assert KIND in page
        assert [turn.reply for turn in stage.session.turns] == [None, KIND, POLICY]
        assert all(turn.rated for turn in stage.session.turns[1:])

        await pilot.press("r")
        await comes_to(app, pilot, BriefingScreen)


async def test_the_library_shows_mood_industry_difficulty_and_summary(stage: Stage) -> None:
    async with playing(stage, size=(120, 40)) as (app, pilot):
        await sees(app, pilot, "SCENARIOS")
        entries = on_the_shelf(app)
        for card in stage.desk.library.scenarios():
            [entry] = (entry for entry in entries if entry.startswith(f"{card.title} "))
            tags = entry.split("   ")[1].split("\n")[0].split(" \N{MIDDLE DOT} ")
            assert tags[1:] == [card.mood, card.channel, card.industry]
            assert entry.endswith(card.summary)


async def test_gentle_scenarios_stand_before_hard_ones(stage: Stage) -> None:
    async with playing(stage) as (app, pilot):
        await sees(app, pilot, "SCENARIOS")
        told = [word for entry in on_the_shelf(app) for word in ("gentle", "usual", "hard") if f"   {word} " in entry]
        assert told == sorted(told, key=("gentle", "usual", "hard").index)
        assert set(told) == {"gentle", "usual", "hard"}


async def test_unfinished_calls_are_offered_first_and_past_ones_last(stage: Stage) -> None:
    unfinished = await stage.desk.open(SCENARIO, seed=3)
    await unfinished.begin()
    await unfinished.close()
    over = await stage.desk.open(SCENARIO, seed=4)
    await over.begin()
    await over.end()
    await over.close()

    async with playing(stage, size=(80, 40)) as (app, pilot):
        await sees(app, pilot, "UNFINISHED")
        shelf = "".join(on_the_shelf(app))
        assert shelf.index("UNFINISHED") < shelf.index("SCENARIOS") < shelf.index("PAST CALLS")
        await pilot.press("end")
        await sees(app, pilot, "PAST CALLS")
        await pilot.press("enter")
        await comes_to(app, pilot, DebriefScreen)


async def test_the_briefing_holds_policy_and_the_whole_rubric(stage: Stage) -> None:
    material = stage.desk.library.material(SCENARIO)

    async with playing(stage, Play(scenario=SCENARIO, seed=3), (120, 40)) as (app, pilot):
        await comes_to(app, pilot, BriefingScreen)
        page = app.screen.query_one(Page)
        await until(pilot, lambda: page.max_scroll_y > 0)
        visuals = [shown(app)]
        while page.scroll_y < page.max_scroll_y:
            await pilot.press("pagedown")
            await until(pilot, lambda: shown(app) != visuals[-1])
            visuals.append(shown(app))
        read = " ".join(" ".join(visuals).split())
    for dimension in material.rubric.dimensions:
        assert dimension.name in read
        assert all(anchor.anchor.split(",")[0][:50] in read for anchor in dimension.levels.values())


async def test_a_call_that_is_open_in_another_window_is_not_offered(stage: Stage) -> None:
    elsewhere = await stage.desk.open(SCENARIO, seed=3)
    await elsewhere.begin()
    async with playing(stage, size=(80, 40)) as (app, pilot):
        await sees(app, pilot, "SCENARIOS")
        assert "UNFINISHED" not in shown(app)
    await elsewhere.close()
    async with playing(stage, size=(80, 40)) as (app, pilot):
        await sees(app, pilot, "UNFINISHED")


async def test_going_back_from_the_briefing_leaves_no_unfinished_call(stage: Stage) -> None:
    async with playing(stage, Play(scenario=SCENARIO)) as (app, pilot):
        await comes_to(app, pilot, BriefingScreen)
        await pilot.press("escape")
        await comes_to(app, pilot, LibraryScreen)

        await sees(app, pilot, "SCENARIOS")
        assert "UNFINISHED" not in shown(app)


async def test_a_resumed_call_shows_what_was_said_and_goes_on(stage: Stage) -> None:
    runner = await stage.desk.open(SCENARIO, seed=3)
    await runner.begin()
    await runner.say(KIND)
    await runner.close()

    async with playing(stage, Resume(session=runner.session.id)) as (app, pilot):
        await until(pilot, lambda: len(customer_lines(app)) == 2 and has_answered(app))
        assert trainee_lines(app) == [KIND]
        await reply(app, pilot, POLICY)

    assert [turn.reply for turn in stage.session.turns] == [None, KIND, POLICY]


async def test_the_timer_of_a_resumed_call_goes_on_where_it_was(stage: Stage) -> None:
    runner = await stage.desk.open(SCENARIO, seed=3)
    await runner.begin()
    await runner.say(KIND)
    await runner.hold(60)
    await runner.say(POLICY)
    await runner.close()
    line = stage.session.turns[-1].line
    assert line is not None
    lasted = int((line.at - stage.session.started.at).total_seconds())
    assert lasted >= 60

    opened = time.monotonic()
    async with playing(stage, Resume(session=runner.session.id)) as (app, pilot):
        await sees(app, pilot, "3 replies · 0")
        minutes, seconds = re.findall(r"3 replies · (\d\d):(\d\d)", shown(app))[0]
        since = time.monotonic() - opened
        assert lasted <= 60 * int(minutes) + int(seconds) <= lasted + since + 1
        assert len(customer_lines(app)) == 4


async def test_what_cannot_be_opened_is_said_in_the_library(stage: Stage) -> None:
    async with playing(stage, Play(scenario="fare-jumpp")) as (app, pilot):
        await until(pilot, lambda: "fare-jumpp" in status(app))
        await comes_to(app, pilot, LibraryScreen)
        stage.disk.full = True
        app.screen.query_one(OptionList).highlighted = 1
        await pilot.press("enter")
        await until(pilot, lambda: "full" in status(app))


async def test_a_draft_with_faults_is_shown_with_all_of_them(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "draft.yaml").write_text("title: A draft\nmoood: irate\n")
    async with playing(stage, Play(scenario="draft.yaml"), (120, 60)) as (app, pilot):
        await comes_to(app, pilot, PageScreen)
        await sees(app, pilot, "This cannot be played", "draft.yaml:1:1", 'did you mean "mood"')
        await pilot.press("escape")
        await comes_to(app, pilot, LibraryScreen)


async def test_files_that_cannot_be_used_are_named_in_the_library(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "half-done.yaml").write_text("title: Half done\n")
    stage.desk.library = Library([shipped(), tmp_path])
    async with playing(stage) as (app, pilot):
        await until(pilot, lambda: "half-done.yaml" in status(app))
        assert "simulator scenarios" in status(app)


# Speaking and being spoken to


async def test_the_customer_is_heard_word_by_word_and_typing_goes_on_meanwhile(stage: Stage) -> None:
    stage.desk.pace = SLOW
    async with in_contact(stage) as (app, pilot):
        line = stage.session.turns[0].line
        assert line is not None
        assert customer_lines(app) == [line.text.split()[0]]
        await pilot.press(*"so")
        await until(pilot, lambda: box(app).text == "so")
        assert customer_lines(app) == [line.text.split()[0]]


async def test_the_box_has_the_focus_before_anything_is_said(stage: Stage) -> None:
    async with playing(stage, Play(scenario=SCENARIO)) as (app, pilot):
        await comes_to(app, pilot, BriefingScreen)
        await pilot.press("enter")
        focused: list[object] = []

        def has_begun() -> bool:
            focused.append(app.focused)
            return isinstance(app.screen, ConversationScreen) and bool(customer_lines(app))

        await until(pilot, has_begun)
        assert not any(isinstance(each, Transcript) for each in focused)
        assert app.focused is box(app)


async def test_escape_cuts_in_and_only_what_was_heard_counts(stage: Stage) -> None:
    stage.desk.pace = SLOW
    async with in_contact(stage) as (app, pilot):
        await until(pilot, lambda: "Esc cuts in" in status(app))
        await pilot.press("escape")
        await until(pilot, lambda: stage.session.turns[0].heard is not None)

        first_word = stage.session.turns[0].heard_text
        assert len(first_word.split()) == 1
        await until(pilot, lambda: customer_lines(app) == [first_word.rstrip() + "\N{EM DASH}"])


async def test_sending_while_the_customer_speaks_lets_them_finish_and_keeps_the_text(stage: Stage) -> None:
    stage.desk.pace = SLOW
    async with in_contact(stage) as (app, pilot):
        await until(pilot, lambda: "Esc cuts in" in status(app))
        await send(app, pilot, KIND)
        await until(pilot, lambda: "still speaking" in status(app))

        line = stage.session.turns[0].line
        assert line is not None
        assert customer_lines(app) == [line.text]
        assert box(app).text == KIND
        await send(app, pilot, KIND)
        await until(pilot, lambda: trainee_lines(app) == [KIND])


async def test_sending_while_the_customer_chooses_words_keeps_the_text_and_says_so(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        stage.listener.free.clear()
        await send(app, pilot, KIND)
        await until(pilot, lambda: trainee_lines(app) == [KIND])
        await send(app, pilot, POLICY)
        await until(pilot, lambda: "stays" in status(app))

        assert box(app).text == POLICY
        stage.listener.free.set()
        await until(pilot, lambda: len(customer_lines(app)) == 2)
        assert trainee_lines(app) == [KIND]


async def test_a_reply_that_is_too_long_stays_in_the_box_with_a_sentence(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        await send(app, pilot, "a" * 4_001)
        await until(pilot, lambda: "4,000 characters" in status(app))

        assert len(box(app).text) == 4_001
        assert len(stage.session.turns) == 1


async def test_a_full_disk_keeps_the_text_and_shows_nothing_until_there_is_room(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        stage.disk.full = True
        await send(app, pilot, KIND)
        await until(pilot, lambda: "full" in status(app))

        assert box(app).text == KIND
        assert trainee_lines(app) == []
        stage.disk.full = False
        await reply(app, pilot, KIND)
        assert trainee_lines(app) == [KIND]
        assert box(app).text == ""


async def test_a_disk_that_fills_in_mid_turn_shows_the_stored_words_and_waits_for_room(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        stage.disk.full_for = "reply_read"
        await send(app, pilot, KIND)
        await until(pilot, lambda: "Press Enter to try again" in status(app))

        assert "full" in status(app)
        assert trainee_lines(app) == [KIND]
        assert box(app).text == ""
        stage.disk.full_for = ""
        await pilot.press("enter")
        await until(pilot, lambda: len(customer_lines(app)) == 2)
    assert [turn.reply for turn in stage.session.turns] == [None, KIND]


async def test_pressing_enter_twice_sends_once_and_leaves_nothing_behind(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        box(app).load_text(KIND)
        for _ in range(2):
            app.post_message(Key("enter", "\r"))
        await until(pilot, lambda: len(customer_lines(app)) == 2)
        await pilot.pause()

        assert trainee_lines(app) == [KIND]
        assert box(app).text == ""


async def test_ending_twice_is_ending_once(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        box(app).load_text("/end")
        for _ in range(2):
            app.post_message(Key("enter", "\r"))
        await until(pilot, lambda: "Enter opens the debrief" in status(app))
    assert stage.session.events == len(("session_started", "move_chosen", "customer_spoke", "session_ended"))


async def test_sending_goes_back_to_the_end_of_what_was_said(stage: Stage) -> None:
    async with in_contact(stage, (60, 16)) as (app, pilot):
        for text in (KIND, POLICY):
            await reply(app, pilot, text)
        transcript = app.screen.query_one(Transcript)
        await until(pilot, lambda: 0 < transcript.scroll_y == transcript.max_scroll_y)
        await pilot.press("pageup", "pageup")
        await until(pilot, lambda: transcript.scroll_y < transcript.max_scroll_y)
        await reply(app, pilot, KIND + " Right away.")
        await until(pilot, lambda: transcript.scroll_y == transcript.max_scroll_y)


async def test_nothing_ticks_twenty_times_a_second_while_nobody_speaks(stage: Stage) -> None:
    stage.desk.pace = SLOW
    async with in_contact(stage) as (app, pilot):
        assert isinstance(app.screen, ConversationScreen)
        speaking = app.screen._speaking
        assert speaking is not None
        assert speaking._active.is_set()
        await pilot.press("escape")
        await until(pilot, lambda: not speaking._active.is_set())


async def test_enter_never_overtakes_what_was_typed_before_it(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        for key in (*"quick", "enter", *"on"):
            app.post_message(Key(key, key if len(key) == 1 else "\r"))
        await until(pilot, lambda: trainee_lines(app) == ["quick"])
        await until(pilot, lambda: box(app).text == "on")


async def test_markup_and_control_characters_are_words_like_any_other(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        await reply(app, pilot, "See [/absurd] [b]this[/b] \x1b[31m fare.")

        assert "[/absurd] [b]this[/b]" in trainee_lines(app)[0]
        assert "\x1b" not in shown(app)


async def test_other_enters_begin_a_new_line(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        await pilot.press("a", "ctrl+j", "b", "shift+enter", "c", "alt+enter", "d")
        await until(pilot, lambda: box(app).text == "a\nb\nc\nd")


async def test_commands_act_and_malformed_ones_stay_in_the_box(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        await reply(app, pilot, "/hold 30")
        assert isinstance(stage.session.turns[1].act, TraineeHeld)
        await sees(app, pilot, "on hold for 30 seconds")

        await send(app, pilot, "/hold soon")
        await until(pilot, lambda: "/hold 30" in status(app))
        assert box(app).text == "/hold soon"

        await send(app, pilot, "/help")
        await comes_to(app, pilot, PageScreen)
        await sees(app, pilot, "/transfer TO")
        await pilot.press("escape")
        await comes_to(app, pilot, ConversationScreen)
        assert box(app).text == ""


async def test_what_is_typed_is_read_ahead(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts: list[str] = []
    monkeypatch.setattr("simulator.runner.SessionRunner.draft", lambda _, text: drafts.append(text))
    monkeypatch.setattr("simulator.tui.conversation_screen._DRAFT_SECONDS", 1.0)  # no rest between two letters
    async with in_contact(stage) as (app, pilot):
        for letter in "so":
            app.post_message(Key(letter, letter))
        await until(pilot, lambda: drafts == ["so"])


async def test_every_customer_line_says_how_it_came_about(stage: Stage) -> None:
    async with in_contact(stage) as (app, _):
        line = stage.session.turns[0].line
        assert line is not None
        heading = str(app.screen.query_one(Bubble).query_one(Static).content).partition("\n")[0]
        assert heading.endswith(line.source)


async def test_the_gauges_follow_the_emotion(stage: Stage) -> None:
    async with in_contact(stage, (80, 24)) as (app, pilot):
        await reply(app, pilot, POLICY)

        anger, before = stage.session.emotion.anger, stage.session.started.emotion.anger
        await sees(app, pilot, f"anger {anger:.0f}", f"+{round(anger) - round(before)}")


async def test_the_notes_can_be_read_in_mid_call(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        await pilot.press("f2")
        await comes_to(app, pilot, PageScreen)
        assert "Policy" in " ".join(str(static.content) for static in app.screen.query(Static))
        await pilot.press("escape")
        await comes_to(app, pilot, ConversationScreen)
        await until(pilot, lambda: box(app).has_focus)


# How it ends


async def test_an_ended_call_waits_for_enter_and_names_what_was_not_sent(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        stage.listener.free.clear()
        await send(app, pilot, "/end")
        await until(pilot, lambda: "Enter opens the debrief" in status(app))

        assert stage.session.ended is not None
        assert stage.session.ended.ending is Ending.TRAINEE_ENDED
        assert "not sent" not in status(app)


async def test_a_debrief_can_be_kept_as_files(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with in_contact(stage) as (app, pilot):
        await at_the_debrief(app, pilot, KIND)
        files = [tmp_path / f"debrief-{stage.session.id}.{ending}" for ending in ("md", "json", "html")]
        await pilot.press("m", "j", "h")
        await until(pilot, lambda: all(file.exists() for file in files))

    for file in files:
        assert "jumped" in file.read_text(encoding="utf-8")


async def test_a_debrief_that_cannot_be_kept_says_why(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with in_contact(stage) as (app, pilot):
        (tmp_path / f"debrief-{stage.session.id}.md").mkdir()
        await at_the_debrief(app, pilot)
        await pilot.press("m")
        await until(pilot, lambda: "cannot be written" in status(app))


async def at_the_debrief(app: SimulatorApp, pilot: Pilot[None], *replies: str) -> None:
    for text in replies:
        await reply(app, pilot, text)
    await send(app, pilot, "/end")
    await until(pilot, lambda: "Enter opens the debrief" in status(app) and isinstance(app.focused, Transcript))
    await pilot.press("enter")
    await comes_to(app, pilot, DebriefScreen)


async def test_the_first_page_of_a_debrief_shows_ending_levels_and_goal_at_once(stage: Stage) -> None:
    async with in_contact(stage, (80, 24)) as (app, pilot):
        await at_the_debrief(app, pilot, KIND, POLICY)
        words = ("was ended before", "Empathy", "Ownership", "Active listening", "Overall", "Your goal")
        await sees(app, pilot, *words)
        await until(pilot, lambda: "╰" in shown(app).partition("Your goal")[2])


async def test_the_pages_of_a_debrief_are_turned_by_number_and_arrow(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        await at_the_debrief(app, pilot, KIND, POLICY)
        for keys, words in (
            ("2", "the customer became"),
            ("3", "Nearest to level"),
            ("4", "Turn 1: "),
            ("right", "ended"),
        ):
            await pilot.press(keys)
            await sees(app, pilot, words)
            await until(pilot, lambda: isinstance(app.focused, Page))
        await pilot.press("left")
        await sees(app, pilot, "Turn 1: ")


@pytest.mark.parametrize("page", ["1", "4"])
async def test_the_keys_of_a_debrief_fit_the_smallest_window(stage: Stage, page: str) -> None:
    async with in_contact(stage, (60, 16)) as (app, pilot):
        await at_the_debrief(app, pilot, KIND)
        await pilot.press(page)
        keys = {"Pages", "Again", "Save", "Back", "Help", "Quit", *(["More"] if page == "4" else [])}
        await until(pilot, lambda: all(key in last_line(app) for key in keys))
        assert ("More" in last_line(app)) is (page == "4")


async def test_what_levels_rest_on_is_folded_away_until_asked_for(stage: Stage) -> None:
    async with in_contact(stage, (120, 40)) as (app, pilot):
        await at_the_debrief(app, pilot, POLICY)
        await pilot.press("4")
        await sees(app, pilot, "Turn 1: ")
        assert "For Empathy" not in shown(app)
        await pilot.press("d")
        await sees(app, pilot, "For Empathy")


async def test_words_that_moved_the_customer_are_marked_in_the_reply(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        await at_the_debrief(app, pilot, KIND, POLICY)
        told = named(stage.session)
        moment = moment_of(told, told.turns[1])
        assert moment is not None
        quotes = {reason.quote for reason in moment.reasons} - {AS_A_WHOLE}
        underlined = {
            str(content)[span.start : span.end]
            for bubble in app.screen.query(Bubble)
            if isinstance(content := bubble.query_one(Static).content, Content)
            for span in content.spans
            if span.style == "underline"
        }
        assert quotes
        assert quotes <= underlined


async def test_replies_a_crash_left_unrated_are_rated_before_their_debrief_is_read(stage: Stage) -> None:
    runner = await stage.desk.open(SCENARIO, seed=3)
    await runner.begin()
    stage.disk.full_for = "reply_rated"
    await runner.say(KIND)
    await runner.settled()
    await runner.end()
    stage.disk.full_for = ""
    await runner.close()
    assert stage.session.turns[1].rated is None

    async with playing(stage) as (app, pilot):
        await pilot.press("end", "enter")
        await comes_to(app, pilot, DebriefScreen)
        assert "could not be rated" not in "\n".join(str(static.content) for static in app.screen.query(Static))
    assert stage.session.turns[1].rating is not None


# Leaving


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_leaving_in_mid_call_says_how_to_go_on_and_what_was_not_sent(stage: Stage, key: str) -> None:
    async with in_contact(stage) as (app, pilot):
        box(app).load_text("half a thought")
        await pilot.press(key)
        await until(pilot, lambda: app._exit)
    assert f"simulator resume {stage.session.id}" in app.parting_words[0]
    assert "half a thought" in app.parting_words[1]


async def test_leaving_while_the_customer_chooses_words_loses_no_turn(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        stage.listener.free.clear()
        await send(app, pilot, KIND)
        await until(pilot, lambda: trainee_lines(app) == [KIND])
        await pilot.press("ctrl+c")
        await until(pilot, lambda: app._exit)
    assert stage.session.turns[-1].reply == KIND
    stage.listener.free.set()
    async with playing(stage, Resume(session=stage.session.id)) as (app, pilot):
        await until(pilot, lambda: len(customer_lines(app)) == 2)


async def test_being_terminated_is_leaving(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        os.kill(os.getpid(), signal.SIGTERM)
        await until(pilot, lambda: app._exit)
    assert f"simulator resume {stage.session.id}" in app.parting_words[0]


@pytest.mark.parametrize("start", [LIBRARY, Play(scenario=SCENARIO)])
async def test_every_other_screen_is_left_at_once_and_without_a_word(stage: Stage, start: Start) -> None:
    async with playing(stage, start) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen | BriefingScreen))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: app._exit)
    assert app.parting_words == ()


# Windows and colours


async def test_a_window_that_is_too_small_says_so_and_comes_back(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        await pilot.resize_terminal(2, 1)
        await pilot.pause()
        await pilot.resize_terminal(40, 10)
        await sees(app, pilot, "40 x 10", "60 x 16", "Ctrl+Q quits")
        assert "Cut in" not in shown(app)

        await pilot.resize_terminal(80, 24)
        await sees(app, pilot, "Your reply")
        assert not app.screen.query_one(TooSmall).display
        await until(pilot, lambda: box(app).has_focus)


async def test_keys_do_nothing_on_a_screen_that_is_covered(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        await pilot.resize_terminal(40, 10)
        await until(pilot, lambda: isinstance(app.focused, TooSmall))
        await pilot.press("h", "i", "enter", "escape", "f2")
        await pilot.pause()
        assert isinstance(app.screen, ConversationScreen)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: box(app).has_focus)
        assert box(app).text == ""
        await pilot.press("y", "o")
        await until(pilot, lambda: box(app).text == "yo")
    assert len(stage.session.turns) == 1


async def test_a_call_opened_in_a_window_that_is_too_small_waits_for_a_larger_one(stage: Stage) -> None:
    async with playing(stage, Play(scenario=SCENARIO), (40, 10)) as (app, pilot):
        await comes_to(app, pilot, BriefingScreen)
        await sees(app, pilot, "40 x 10")
        await pilot.press("enter", "escape")
        await pilot.pause()
        assert isinstance(app.screen, BriefingScreen)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not app.screen.query_one(TooSmall).display)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ConversationScreen))


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40)])
async def test_keys_and_gauges_are_never_cut_off(stage: Stage, size: tuple[int, int]) -> None:
    async with in_contact(stage, size) as (app, pilot):
        keys = ("Send", "New line", "Cut in", "Notes", "Help", "Quit")
        await until(pilot, lambda: all(key in last_line(app) for key in keys))
        await until(pilot, lambda: all(feeling.value in shown(app).lower() for feeling in Feeling))
        assert isinstance(app.screen, ConversationScreen)
        assert app.screen.query_one(GaugePanel if size[0] >= 100 else GaugeStrip).region.height > 0


async def test_the_strip_always_fits_a_narrow_window(stage: Stage) -> None:
    low = Emotion(anger=0, distress=0, confusion=0, trust=100)
    high = Emotion(anger=100, distress=100, confusion=100, trust=0)
    async with in_contact(stage, (60, 16)) as (app, pilot):
        strip = app.screen.query_one(GaugeStrip)
        strip.show(Standing(low, high, Feeling.ANGER))
        await sees(app, pilot, "confusion 100  trust 0")

        assert strip.render().cell_length <= strip.content_size.width


async def go_on(app: SimulatorApp, pilot: Pilot[None]) -> None:
    """To what the next press of Tab leads to."""
    before = app.focused
    await pilot.press("tab")
    await until(pilot, lambda: app.focused is not before)


async def test_focus_is_seen_without_colour(stage: Stage) -> None:
    async with in_contact(stage) as (app, pilot):
        transcript = app.screen.query_one(Transcript)
        resting = transcript.styles.border_top[0]
        for _ in app.screen.focus_chain:
            if app.focused is not transcript:
                await go_on(app, pilot)

        assert app.focused is transcript
        await until(pilot, lambda: transcript.styles.border_top[0] != resting)


@pytest.mark.parametrize("ground", [GROUND, CURSOR_GROUND])
@pytest.mark.parametrize("ink", INKS.values())
def test_every_ink_stands_out_in_16_colours(ink: str, ground: str) -> None:
    def nearest(colour: str) -> int | None:
        return Color.parse(colour).downgrade(ColorSystem.STANDARD).number

    assert nearest(ink) != nearest(ground)


def test_speech_comes_in_whole_words_at_its_pace() -> None:
    now = [0.0]
    speech = Speech("Two at 398, two at 778.", pace=4, clock=lambda: now[0])

    heard = []
    for moment in (0.0, 1.0, 2.0, 60.0):
        now[0] = moment
        heard.append(speech.text[: speech.heard])

    assert heard == ["Two ", "Two ", "Two at 398, ", "Two at 398, two at 778."]
    assert speech.over


def test_a_pace_of_nought_says_it_all_at_once() -> None:
    assert Speech("All of it.", pace=0, clock=lambda: 0.0).over
    assert spoken("", 5) == 0
