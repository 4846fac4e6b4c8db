"""Reading YAML: what a trainer is told about a file that is wrong, and what is accepted without a word."""

from pathlib import Path

import pytest

from simulator.content.parsing import MAX_ALIASES, MAX_CHARACTERS, MAX_NODES
from simulator.content.problem import Problem
from simulator.content.rubric import Rubric
from simulator.content.schema import Persona, Slot
from simulator.content.source import MAX_BYTES, read, text_of
from simulator.errors import ContentError, ExitCode

CONTENT = Path(__file__).with_name("content")
BAD = sorted((CONTENT / "bad").glob("*.yaml"))
PERSONA = "name: A\nsummary: b\nvoice: c\ntraits: [e]\n"


def problems_of(text: str) -> list[Problem]:
    found: list[Problem] = []
    read(Persona, text, "p.yaml", found)
    return found


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_gives_exactly_the_problem_its_first_line_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found: list[Problem] = []
    assert read(Persona, text, path.name, found) is None
    expected = text.splitlines()[0].removeprefix("# ")
    assert [problem.summary for problem in found] == [f"{path.name}:{expected}"]


def test_every_error_is_reported_at_once_in_the_order_of_the_file() -> None:
    text = "name: 3\nsummary: b\nvoice: c\ntraits: e\ntemperament: {patience: 101}\n"
    assert [(problem.line, problem.code) for problem in problems_of(text)] == [
        (1, "wrong-type"),
        (4, "wrong-type"),
        (5, "out-of-range"),
    ]


def test_without_a_collector_the_problems_are_raised_with_a_window_of_source_and_a_hint() -> None:
    with pytest.raises(ContentError) as raised:
        read(Persona, PERSONA.replace("[e]", "e"), "p.yaml")
    assert str(raised.value).splitlines() == [
        'p.yaml:4:9: wrong-type "traits" should be a list, not "e"',
        "     3 | voice: c",
        "     4 | traits: e",
        "       |         ^",
        "  hint: write a list: [one, two], or one a line, each after a dash",
    ]
    assert raised.value.exit_code is ExitCode.USAGE


def test_a_missing_key_is_explained_by_the_text_of_the_schema() -> None:
    (problem,) = problems_of(PERSONA.replace("voice: c\n", ""))
    assert problem.hint == Persona.model_fields["voice"].description


def test_a_misspelt_key_is_not_also_reported_as_missing() -> None:
    assert [problem.code for problem in problems_of(PERSONA.replace("voice", "vioce"))] == ["unknown-key"]


def test_a_key_like_nothing_known_is_answered_with_all_that_are_known() -> None:
    (problem,) = problems_of(PERSONA + "zzz: 1\n")
    assert problem.hint == "known here: name, summary, voice, traits, temperament, locale, slots, lines"


def test_words_that_other_yaml_readers_take_for_yes_and_no_stay_words_with_a_warning() -> None:
    found: list[Problem] = []
    persona = read(Persona, PERSONA.replace("[e]", "[no, true]"), "p.yaml", found)
    assert persona is not None
    assert persona.traits == ("no", "true")
    assert [(problem.code, problem.warning, problem.column) for problem in found] == [("not-text", True, 10)]


def test_times_prices_and_leading_zeros_stay_as_they_are_written() -> None:
    persona = read(Persona, PERSONA + "slots: {at: 12:30, price: 9.50, code: 0412, day: 2024-03-01, n: 7}\n", "p.yaml")
    assert persona.slots == {"at": "12:30", "price": "9.50", "code": "0412", "day": "2024-03-01", "n": 7}


def test_whole_numbers_are_numbers_where_the_schema_wants_them() -> None:
    rubric = read(Rubric, (CONTENT / "rubrics/core.yaml").read_text(encoding="utf-8"), "core.yaml")
    assert sorted(rubric.dimensions[0].levels) == [1, 2, 3, 4, 5]


def test_an_alias_stands_for_its_anchor() -> None:
    persona = read(Persona, PERSONA + "slots: {a: &x {choice: [1, 2]}, b: *x}\n", "p.yaml")
    assert persona.slots["a"] == persona.slots["b"] == Slot(choice=(1, 2))


def test_more_aliases_than_any_author_needs_are_refused() -> None:
    text = PERSONA.replace("[e]", f"[&a e{', *a' * (MAX_ALIASES + 1)}]")
    assert [problem.code for problem in problems_of(text)] == ["alias"]


def test_a_few_aliases_of_a_long_list_are_refused_before_they_are_followed() -> None:
    text = (
        PERSONA
        + f"slots:\n  a: &a {{choice: [{'1, ' * (MAX_NODES // 10)}]}}\n"
        + "".join(f"  b{number}: *a\n" for number in range(10))
    )
    (problem,) = problems_of(text)
    assert (problem.code, problem.line) == ("too-large", 6)


@pytest.mark.parametrize(
    "value", ["!!python/object/apply:os.system [ls]", "!!binary aGk=", "!include /etc/passwd", "! x", "!!set {a, b}"]
)
def test_a_tag_runs_nothing_and_is_refused_where_it_stands(value: str) -> None:
    (problem,) = problems_of(PERSONA.replace("voice: c", f"voice: {value}"))
    assert (problem.line, problem.column, problem.code) == (3, 8, "tag")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_control_character_has_its_place_whatever_ends_the_lines(ends: str) -> None:
    (problem,) = problems_of(PERSONA.replace("voice: c", "voice: c\x07").replace("\n", ends))
    assert (problem.line, problem.column, problem.code) == (3, 9, "syntax")


@pytest.mark.parametrize("rest", ["", "\n", "\n\n  \n"])
@pytest.mark.parametrize("text", ["traits: [e", "traits: {a: [e]", "traits: *", 'traits: "e', "traits: !!str", "? [a"])
def test_where_a_parser_gives_up_past_the_end_the_place_is_the_end(text: str, rest: str) -> None:
    for problem in problems_of(f"name: A\n{text}{rest}"):
        assert problem.line <= 2
        assert problem.column <= len(text) + 1


def test_a_text_that_is_too_large_is_refused_before_it_is_parsed() -> None:
    (problem,) = problems_of(PERSONA + "#" * MAX_CHARACTERS)
    assert problem.code == "too-large"


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff"])
def test_an_empty_text_is_said_to_be_empty(text: str) -> None:
    (problem,) = problems_of(text)
    assert problem.summary == "p.yaml:1:1: empty the file is empty"


def test_control_characters_of_a_file_never_reach_the_terminal() -> None:
    text = PERSONA + '"\\e[31mred": 1\nlocale: a\tb\x1b[2J\n'
    for problem in (*problems_of(text), *problems_of(text.replace("\x1b", ""))):
        assert problem.render(text).replace("\n", "").isprintable()


@pytest.mark.parametrize("escape", ["\\e", "\\0", "\\ud800"])
def test_a_control_character_written_as_an_escape_is_refused_too(escape: str) -> None:
    (problem,) = problems_of(PERSONA.replace("voice: c", f'voice: "{escape}[2J"'))
    assert (problem.line, problem.code) == (3, "syntax")


def test_a_long_line_is_cut_to_the_place_it_is_about() -> None:
    text = PERSONA.replace("[e]", f"[{'word, ' * 60}3]")
    (problem,) = problems_of(text)
    window = problem.render(text).splitlines()
    mark = window[3].index("^")
    assert window[2][mark] == "3"
    assert max(map(len, window[1:4])) < 120


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + PERSONA.encode())
    assert read(Persona, text_of(path), path).name == "A"


def test_windows_line_ends_do_no_harm() -> None:
    assert read(Persona, PERSONA.replace("\n", "\r\n"), "p.yaml").voice == "c"


def test_a_file_that_is_not_utf8_is_refused_where_it_stops_being_so(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"name: A\nvoice: caf\xe9\n")
    with pytest.raises(ContentError, match=r"p\.yaml:2:11: encoding the file is not UTF-8 text"):
        text_of(path)


def test_the_place_where_utf8_ends_is_counted_in_characters(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes("name: Zoë ж ".encode() + b"caf\xe9\n")
    with pytest.raises(ContentError, match=r"p\.yaml:1:16: encoding"):
        text_of(path)


def test_a_file_in_two_bytes_a_character_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(PERSONA.encode("utf-16"))
    with pytest.raises(ContentError, match=r"p\.yaml:1:1: encoding the file is not UTF-8 text"):
        text_of(path)


def test_a_folder_a_missing_file_and_a_huge_file_are_each_named_for_what_they_are(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b"#" * (MAX_BYTES + 1))
    found: list[Problem] = []
    assert [text_of(path, found) for path in (tmp_path, tmp_path / "none.yaml", huge)] == [None, None, None]
    assert [(problem.code, problem.message) for problem in found] == [
        ("unreadable", "this is a folder, not a file"),
        ("unreadable", "there is no such file"),
        ("too-large", "the file is larger than 1,600,000 bytes"),
    ]


def test_a_file_one_may_not_read_is_named_for_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "p.yaml").touch()
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ContentError, match="you may not read this file"):
        text_of(tmp_path / "p.yaml")
