"""A scenario as a page: everything a reviewer has to agree with, in words, as text and as one HTML file."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli.main import commands
from simulator.content.library import Library, shipped
from simulator.content.material import Material
from simulator.content.schema import Condition
from simulator.errors import ContentError, UsageError
from simulator.reports.conditions import plainly
from simulator.reports.scenario_page import Page, page
from simulator.reports.sections import as_html, as_text
from simulator.vocabulary import Feeling, SignalName, Talk

SCENARIOS = sorted(path.stem for path in (shipped() / "scenarios").glob("*.yaml"))


def show(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["scenario", "show", *arguments], catch_exceptions=False, standalone_mode=False)


def material(scenario: str = "fare-jump") -> Material:
    return Library([shipped()]).material(scenario).cast(0)


def lines_of(found: Page, title: str) -> tuple[str, ...]:
    (section,) = [one for one in found.sections if one.title == title]
    return section.lines


# -- conditions in words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"promised": "honour_fare"}, "“honour fare” has been promised"),
        ({"upset_at_most": 30}, "anger is 30 or less"),
        ({"not": {"upset_at_most": 30}}, "anger is above 30"),
        ({"trust_at_least": 45.5}, "trust is 45.5 or more"),
        ({"asked": ["why it matters"]}, "the trainee asks about “why it matters”"),
        ({"said": ["a", "b", "c"]}, "the reply says “a”, “b” or “c”"),
        ({"said": list("abcdefgh")}, "the reply says “a”, “b”, “c”, “d”, “e”, “f” (2 more)"),
        ({"signal": "names_feeling"}, "a reply has shown the feeling named"),
        ({"not": {"shows": "deflects"}}, "the reply does not show responsibility pushed away"),
        ({"talk": "asks_to_wait"}, "the trainee asks to wait"),
        ({"not": {"fact": "children"}}, "the customer would not yet tell “children”"),
        (
            {"all": [{"turn_at_least": 3}, {"fired": "beeps"}]},
            "there have been 3 replies or more and “beeps” has happened",
        ),
        (
            {"any": [{"trust_at_least": 40}, {"all": [{"fact": "a"}, {"promised": "b"}]}]},
            "trust is 40 or more, or (the customer would tell “a” and “b” has been promised)",
        ),
        (
            {"not": {"any": [{"fact": "a"}, {"fact": "b"}]}},
            "it is not so that (the customer would tell “a”, or the customer would tell “b”)",
        ),
        ({"ending": "hung_up"}, "it ends with “hung up”"),
    ],
)
def test_a_condition_is_said_without_any_yaml(written: dict[str, object], said: str) -> None:
    assert plainly(Condition.model_validate(written), Feeling.ANGER) == said


@pytest.mark.parametrize("name", [name for name in Condition.model_fields if name not in ("any", "all", "negated")])
def test_every_atom_has_words_for_yes_and_for_no(name: str) -> None:
    example = {
        "asked": ["x"],
        "said": ["x"],
        "signal": SignalName.TELLS,
        "shows": SignalName.TELLS,
        "talk": Talk.THANKS,
    }
    value = example.get(name, "resolved" if name == "ending" else "x" if "_at_" not in name else 5)
    atom = Condition.model_validate({name: value})
    said = plainly(atom, Feeling.DISTRESS)
    denied = plainly(Condition(negated=atom), Feeling.DISTRESS)
    assert said != denied
    assert not any(mark in said + denied for mark in "{}_<>")


# -- the page


def test_the_page_tells_the_briefing_the_customer_the_locks_and_the_endings() -> None:
    found = page(material())
    assert lines_of(found, "Your role")[0].startswith("You answer calls on the fares desk")
    assert any("Maria Delgado" in line for line in lines_of(found, "The customer"))
    locked = lines_of(found, "What the customer keeps back, and until when")
    assert len(locked) == sum(fact.unlock is not None for fact in material().scenario.facts)
    assert all("Told once " in line for line in locked)
    assert "This is what it all means to them." in locked[0]
    endings = lines_of(found, "How it can end")
    assert "- Resolved: once “honour fare” has been promised and anger is 30 or less." in endings
    assert any(
        line.endswith("Forbidden: making it is a critical error.") for line in lines_of(found, "What can be promised")
    )
    assert any(
        "Line drops: the contact breaks off with" in line for line in lines_of(found, "What happens in mid-contact")
    )


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_page_of_a_shipped_scenario_leaves_a_slot_or_a_key_of_yaml_in_its_words(scenario: str) -> None:
    shown = as_text(page(material(scenario), every_line=True))
    assert "{" not in shown
    assert "_at_least" not in shown
    assert "\n- \n" not in shown


def test_what_changes_from_session_to_session_is_said_and_drawn_from_the_seed() -> None:
    assert "- Fare: one of 398, 412, 436; here “412”." in show("fare-jump").stdout
    assert "- Fare: one of 398, 412, 436; here “398”." in show("fare-jump", "--seed", _seed_with("398")).stdout


def _seed_with(fare: str) -> str:
    written = Library([shipped()]).material("fare-jump")
    return str(next(seed for seed in range(50) if written.cast(seed).slots["fare"] == fare))


def test_all_lines_are_shown_only_when_asked_for() -> None:
    assert "LINES: VENT" not in show("fare-jump").stdout
    every = show("fare-jump", "--lines").stdout
    assert "LINES: VENT" in every
    assert '“"[the trainee\'s words]". {agent}' not in every
    assert every.count("Only when ") > 50


# -- the files


class Tags(HTMLParser):
    """Checks that tags are closed in order, and gathers what they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.heads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("h1", "h2"):
            self.heads.append(data)


def test_the_html_page_has_the_same_sections_and_stands_alone() -> None:
    found = page(material())
    html = as_html(found)
    tags = Tags()
    tags.feed(html)
    assert not tags.open
    assert tags.heads == [found.title, *(section.title for section in found.sections)]
    assert "<script" not in html
    assert "http" not in html


def test_what_people_wrote_is_escaped_and_steers_no_terminal() -> None:
    scenario = material().scenario.model_copy(update={"title": "<b>&", "summary": "\x1b[2J<script>"})
    found = page(material().model_copy(update={"scenario": scenario}))
    assert "<h1>&lt;b&gt;&amp;</h1>" in as_html(found)
    assert "<script>" not in as_html(found)
    assert "\x1b" not in as_html(found) + as_text(found)


def test_a_page_is_written_to_a_file_and_standard_output_stays_empty(tmp_path: Path) -> None:
    done = show("two-letters", "--format", "html", "-o", str(tmp_path / "page.html"))
    assert (done.stdout, done.stderr) == ("", f"Written to {tmp_path / 'page.html'}.\n")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_draft_is_shown_by_its_path(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    text = (shipped() / "scenarios" / "two-letters.yaml").read_text(encoding="utf-8")
    draft.write_text(text.replace("title: Two letters", "title: My own letters"), encoding="utf-8")
    assert show(str(draft)).stdout.startswith("MY OWN LETTERS\n")


def test_what_is_not_there_or_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='did you mean "fare-jump"'):
        show("fare-jmp")
    draft = tmp_path / "draft.yaml"
    draft.write_text("title: only this\n", encoding="utf-8")
    with pytest.raises(ContentError, match="missing"):
        show(str(draft))
    with pytest.raises(UsageError, match="Cannot write"):
        show("fare-jump", "-o", str(tmp_path / "no" / "page.html"))
