"""What is on the shelf, what a name stands for, and what is said when it stands for nothing."""

import shutil
from pathlib import Path

import pytest

from simulator.content.library import Library, Material, shipped
from simulator.content.problem import Problem
from simulator.errors import ContentError, UsageError

CONTENT = Path(__file__).with_name("content")
DEFAULTS = CONTENT / "defaults.yaml"


@pytest.fixture
def library() -> Library:
    return Library([CONTENT], DEFAULTS)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A person's own folder, with a copy of everything."""
    return Path(shutil.copytree(CONTENT, tmp_path / "own"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_card_shows_what_one_chooses_by(library: Library) -> None:
    (card,) = library.scenarios()
    assert (card.id, card.title, card.mood, card.persona, card.difficulty) == (
        "lost-bag",
        "The bag that stayed behind",
        "irate",
        "mara",
        2,
    )
    assert [persona.id for persona in library.personas()] == ["mara", "theo"]


def test_a_material_is_everything_a_session_needs(library: Library) -> None:
    material = library.material("lost-bag").cast(7)
    assert (material.scenario_id, material.persona_id, material.rubric_id) == ("lost-bag", "mara", "core")
    assert material.texts.defaults == DEFAULTS.read_text(encoding="utf-8")
    assert material.fill("{customer}, {total}") == f"{material.slots['customer']}, {material.slots['total']}"


def test_a_material_comes_back_from_its_texts_alone(library: Library) -> None:
    material = library.material("lost-bag").cast(7)
    again = Material.from_texts("lost-bag", "mara", "core", material.texts, material.slots)
    assert again.model_dump(exclude={"paths"}) == material.model_dump(exclude={"paths"})


def test_another_persona_may_be_asked_for(library: Library) -> None:
    assert library.material("lost-bag", persona="theo").cast(1).slots["customer"] == "Dr. Theo Anand"


def test_a_later_folder_shadows_an_earlier_one(own: Path) -> None:
    edit(own / "scenarios/lost-bag.yaml", "The bag that stayed behind", "My own bag")
    assert [card.title for card in Library([CONTENT, own], DEFAULTS).scenarios()] == ["My own bag"]
    assert Library([CONTENT, own], DEFAULTS).material("lost-bag").scenario.title == "My own bag"


def test_a_draft_is_played_by_its_path_with_the_personas_beside_it(own: Path, tmp_path: Path) -> None:
    (own / "personas/mara.yaml").rename(own / "personas/draft-person.yaml")
    draft = own / "scenarios/draft.yaml"
    (own / "scenarios/lost-bag.yaml").rename(draft)
    edit(draft, "persona: mara", "persona: draft-person")
    material = Library([CONTENT], DEFAULTS).material(str(draft))
    assert (material.scenario_id, material.persona_id) == ("draft", "draft-person")


def test_a_draft_far_from_any_persona_uses_those_of_the_library(library: Library, tmp_path: Path) -> None:
    draft = Path(shutil.copy(CONTENT / "scenarios/lost-bag.yaml", tmp_path / "alone.yml"))
    assert library.material(str(draft)).persona_id == "mara"


def test_an_unknown_scenario_is_answered_with_the_nearest(library: Library) -> None:
    with pytest.raises(UsageError) as raised:
        library.material("lost-bags")
    sentence = 'There is no scenario "lost-bags"; did you mean "lost-bag"? `simulator scenarios` lists them.'
    assert str(raised.value) == sentence


def test_an_unknown_persona_is_answered_with_those_there_are(library: Library) -> None:
    with pytest.raises(UsageError, match=r'There is no persona "bob"\. Known: mara, theo\.'):
        library.material("lost-bag", persona="bob")


def test_a_name_cannot_climb_out_of_the_folders(library: Library) -> None:
    with pytest.raises(UsageError, match="There is no scenario"):
        library.material("../scenarios/lost-bag")


@pytest.mark.parametrize("kind", ["persona", "rubric"])
def test_a_scenario_that_names_nobody_is_told_where(own: Path, kind: str) -> None:
    named = {"persona": "mara", "rubric": "core"}[kind]
    path = own / "scenarios/lost-bag.yaml"
    edit(path, "persona: mara", "persona: mara\nrubric: core")
    edit(path, f"{kind}: {named}", f"{kind}: {named}x")
    with pytest.raises(ContentError) as raised:
        Library([own], DEFAULTS).material("lost-bag")
    assert f'unknown-name There is no {kind} "{named}x"; did you mean "{named}"?' in str(raised.value)
    assert f"{kind}: {named}x" in str(raised.value)


def test_one_broken_file_does_not_take_the_others_from_the_shelf(own: Path) -> None:
    (own / "scenarios/broken.yaml").write_text("title: [", encoding="utf-8")
    (own / "scenarios/folder.yaml").mkdir()
    library = Library([own], DEFAULTS)
    assert [card.id for card in library.scenarios()] == ["lost-bag"]
    assert [(Path(problem.path).name, problem.code) for problem in library.problems()] == [
        ("broken.yaml", "syntax"),
        ("folder.yaml", "unreadable"),
    ]


def test_a_card_is_read_from_the_head_and_what_is_wrong_below_is_said_when_it_is_played(own: Path) -> None:
    path = own / "scenarios/lost-bag.yaml"
    edit(path, "persona: mara\n", "persona: mara\nchannel: phone\ndifficulty: 3\n")
    path.write_text(path.read_text(encoding="utf-8") + "lines: [", encoding="utf-8")
    library = Library([own], DEFAULTS)
    assert ([card.difficulty for card in library.scenarios()], library.problems()) == ([3], ())
    with pytest.raises(ContentError, match=r"lost-bag\.yaml:\d+:\d+: syntax"):
        library.material("lost-bag")


def test_a_head_that_leaves_something_to_an_alias_has_its_card_from_the_whole_file(own: Path) -> None:
    path = own / "scenarios/lost-bag.yaml"
    edit(path, "title: The bag that stayed behind", "wants: &told To have the bag brought to the door.\ntitle: *told")
    edit(path, "\nwants: To have the bag brought to the door.\n", "\n")
    assert [card.title for card in Library([own], DEFAULTS).scenarios()] == ["To have the bag brought to the door."]


def test_a_broken_scenario_is_refused_with_path_line_and_column(own: Path) -> None:
    path = own / "scenarios/lost-bag.yaml"
    edit(path, "mood: irate", "mood: irrate")
    with pytest.raises(ContentError, match=r'lost-bag\.yaml:5:7: unknown-value .*did you mean "irate"\?'):
        Library([own], DEFAULTS).material("lost-bag")


def test_a_scenario_whose_parts_do_not_fit_is_refused_before_it_is_played(own: Path) -> None:
    edit(own / "scenarios/lost-bag.yaml", "{greeting}.", "{greating}.")
    with pytest.raises(ContentError, match=r"unknown-slot there is no slot \{greating\}, did you mean \{greeting\}"):
        Library([own], DEFAULTS).material("lost-bag")


def test_broken_defaults_are_refused_by_their_own_name(own: Path) -> None:
    edit(own / "defaults.yaml", "wear: 0.5", "wear: 2")
    with pytest.raises(ContentError, match=r"defaults\.yaml:1:47: out-of-range"):
        Library([CONTENT], own / "defaults.yaml").material("lost-bag")


def test_a_file_is_checked_by_the_folder_it_lies_in(own: Path) -> None:
    library = Library([own], DEFAULTS)
    assert library.check(own / "rubrics/core.yaml") == []
    edit(own / "personas/theo.yaml", "voice:", "voices:")
    edit(own / "rubrics/core.yaml", "  1: {", "  0: {")
    codes = [
        [problem.code for problem in library.check(own / path)] for path in ("personas/theo.yaml", "rubrics/core.yaml")
    ]
    assert codes == [["unknown-key"], ["unknown-key"]]


def test_a_folder_that_is_not_there_is_an_empty_shelf(tmp_path: Path) -> None:
    library = Library([tmp_path / "none"])
    problems: tuple[Problem, ...] = library.problems()
    assert (library.scenarios(), library.personas(), problems) == ((), (), ())


def test_the_shipped_folder_holds_the_scenarios_of_this_program() -> None:
    assert "fare-jump" in {card.id for card in Library([shipped()]).scenarios()}
