"""Packs from somebody else: as a folder, a zip file or an installed package; what is taken, and what is refused."""

import io
import shutil
import stat
import struct
import sys
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from click.testing import CliRunner, Result

from simulator.cli import doctor
from simulator.cli.main import commands
from simulator.config import configuration
from simulator.content import packs
from simulator.content.library import Library
from simulator.errors import ContentError, SimulatorError, UsageError

CONTENT = Path(__file__).with_name("content")
DEFAULTS = CONTENT / "defaults.yaml"
PERSONA = "name: A\nsummary: b\nvoice: c\ntraits: [e]\n"
NAMES = [
    f"{kind}s/{path.name}" for kind in ("scenario", "persona", "rubric") for path in (CONTENT / f"{kind}s").iterdir()
]


@pytest.fixture(autouse=True)
def _little_that_ships(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all that ships takes seconds, and is not what is asked here."""
    folder = tmp_path_factory.mktemp("shipped")
    shutil.copytree(CONTENT / "rubrics", folder / "rubrics")
    for module in (packs, doctor):
        monkeypatch.setattr(module, "shipped", lambda: folder)


def zipped(path: Path, top: str = "") -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name in NAMES:
            archive.write(CONTENT / name, f"{top}{name}")
    return path


def with_member(tmp_path: Path, member: ZipInfo | str, text: str = PERSONA) -> Path:
    """A good pack that holds one thing more."""
    path = zipped(tmp_path / "pack.zip")
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr(member, text)
    return path


def refused(path: Path) -> str:
    """What is said of a pack, which has to be one line."""
    with pytest.raises(ContentError) as raised:
        Library([path]).scenarios()
    assert len(str(raised.value).splitlines()) == 1
    return str(raised.value)


def called(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments, catch_exceptions=False)


def edited(folder: Path, old: str, new: str) -> Path:
    path = folder / "scenarios/lost-bag.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return path


# -- a zip file is a pack


@pytest.mark.parametrize("top", ["", "rail/", "./"])
def test_a_zip_file_is_read_as_a_folder_is_with_or_without_a_folder_around_it(tmp_path: Path, top: str) -> None:
    path = zipped(tmp_path / "pack.zip", top)
    library = Library([path], DEFAULTS)
    assert [card.id for card in library.scenarios()] == ["lost-bag"]
    material = library.material("lost-bag")
    assert material.texts.scenario == (CONTENT / "scenarios/lost-bag.yaml").read_text(encoding="utf-8")
    assert material.paths.scenario == str(path / top / "scenarios/lost-bag.yaml")
    assert sorted(tmp_path.iterdir()) == [path]  # nothing is unpacked


def test_a_problem_in_a_zip_file_has_its_line_and_column(tmp_path: Path) -> None:
    path = with_member(tmp_path, "personas/zed.yml", "name: Z\nsumary: b\n")
    found = [problem.summary for problem in Library([path], DEFAULTS).problems()]
    assert f'{path}/personas/zed.yml:2:1: unknown-key unknown key "sumary", did you mean "summary"?' in found


def test_what_packers_add_to_a_folder_is_passed_over(tmp_path: Path) -> None:
    path = with_member(tmp_path, "__MACOSX/rail/personas/._mara.yaml", "\x00\x05")
    assert [card.id for card in Library([path], DEFAULTS).personas()] == ["mara", "theo"]


def test_a_file_in_a_zip_file_is_read_up_to_the_limit_of_any_file(tmp_path: Path) -> None:
    path = with_member(tmp_path, "personas/huge.yaml", "#" * 10_000_000)
    (problem,) = Library([path], DEFAULTS).problems()
    assert (problem.code, problem.message) == ("too-large", "the file is larger than 1,600,000 bytes")


def test_a_name_that_climbs_out_of_a_zip_file_finds_nothing(tmp_path: Path) -> None:
    path = zipped(tmp_path / "pack.zip")
    shutil.copy(CONTENT / "scenarios/lost-bag.yaml", tmp_path / "secret.yaml")
    with pytest.raises(ContentError, match="unreadable there is no such file"):
        Library([path], DEFAULTS).material(f"{path}/../secret.yaml")


# -- what makes a zip file be refused as a whole


@pytest.mark.parametrize(
    "name", ["../evil.yaml", "/etc/evil.yaml", "a/../../evil.yaml", "C:evil.yaml", "..\\evil.yaml", "personas/.."]
)
def test_a_zip_file_that_leads_out_of_itself_is_refused(tmp_path: Path, name: str) -> None:
    path = with_member(tmp_path, name)
    says = f'The pack {path} is refused: it holds "{name}", which leads out of it.'
    assert refused(path) == says


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_zip_file_with_a_link_or_a_device_is_refused(tmp_path: Path, kind: int) -> None:
    member = ZipInfo("personas/link.yaml")
    member.external_attr = (kind | 0o777) << 16
    assert refused(with_member(tmp_path, member, "/etc/passwd")).endswith("which is a link or a device.")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "MOST_UNPACKED_BYTES", 1_000_000)
    path = with_member(tmp_path, "notes.txt", "0" * 1_000_000)
    assert path.stat().st_size < 100_000
    assert refused(path).endswith("its files are larger than 1,000,000 bytes together.")


def test_a_member_gives_no_more_than_it_declares(tmp_path: Path) -> None:
    path = with_member(tmp_path, "personas/liar.yaml", PERSONA + "#" * 100_000)
    size = struct.pack("<I", len(PERSONA) + 100_000)
    path.write_bytes(path.read_bytes().replace(size, struct.pack("<I", 4)))
    (problem,) = Library([path], DEFAULTS).problems()
    assert problem.code == "unreadable"
    assert "is no zip file that can be read" in problem.message


def test_more_files_than_any_pack_needs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "MOST_MEMBERS", len(NAMES))
    assert refused(with_member(tmp_path, "more.txt")).endswith(f"it holds more than {len(NAMES)} files.")


def test_a_large_zip_file_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    with path.open("wb") as file:
        file.truncate(packs.MOST_BYTES + 1)
    assert refused(path).endswith("it is larger than 10,000,000 bytes.")


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = with_member(tmp_path, NAMES[0])
    assert refused(path).endswith(f'it holds "{NAMES[0]}", twice.')


def test_what_asks_for_a_password_or_is_packed_in_another_way_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "pack.zip")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert refused(path).endswith("which asks for a password.")
    with ZipFile(path, "w", ZIP_BZIP2) as archive:
        archive.writestr(NAMES[0], "x")
    assert refused(path).endswith("packed in a way that is not read here (deflate is).")


def test_names_that_would_steer_a_terminal_are_refused_in_zip_files_and_folders(tmp_path: Path) -> None:
    assert refused(with_member(tmp_path, "scenarios/\x1b[2J.yaml")).isprintable()
    (tmp_path / "rail/scenarios").mkdir(parents=True)
    (tmp_path / "rail/scenarios/\x1b[2J.yaml").touch()
    assert refused(tmp_path / "rail").isprintable()


@pytest.mark.parametrize(
    "members", [["readme.txt"], ["a/scenarios/x.yaml", "b/scenarios/y.yaml"], ["a/b/scenarios/x.yaml"]]
)
def test_a_zip_file_that_is_no_pack_says_what_one_holds(tmp_path: Path, members: list[str]) -> None:
    path = tmp_path / "pack.zip"
    with ZipFile(path, "w") as archive:
        for name in members:
            archive.writestr(name, "x")
    assert "it should hold scenarios/, personas/ or rubrics/ once, at the top or in one folder" in refused(path)


def test_a_zip_file_that_is_cut_or_damaged_anywhere_is_one_line_or_one_problem_a_file(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "pack.zip").read_bytes()
    path = tmp_path / "hurt.zip"
    for place in range(0, len(whole), len(whole) // 60):
        for content in (whole[:place], whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]):
            path.write_bytes(content)
            try:
                said = [problem.summary for problem in Library([path], DEFAULTS).problems()]
            except ContentError as error:
                said = [str(error)]
            assert all(len(line.splitlines()) == 1 for line in said)


# -- folders


@pytest.mark.parametrize("name", ["personas/spy.yaml", "personas"])
def test_a_link_out_of_a_pack_is_not_followed(tmp_path: Path, name: str) -> None:
    pack, outside = tmp_path / "pack", tmp_path / "outside"
    (pack / "scenarios").mkdir(parents=True)
    outside.mkdir()
    (outside / "spy.yaml").write_text(PERSONA, encoding="utf-8")
    (pack / name).parent.mkdir(exist_ok=True)
    (pack / name).symlink_to(outside if name == "personas" else outside / "spy.yaml")
    library = Library([pack], DEFAULTS)
    assert library.personas() == ()
    (problem,) = library.problems()
    assert problem.summary == (
        f"{pack}/personas/spy.yaml:1:1: unreadable the file cannot be read: it is a link that leads out of its pack"
    )


def test_a_link_inside_a_pack_and_a_link_to_a_pack_are_followed(tmp_path: Path) -> None:
    pack = Path(shutil.copytree(CONTENT, tmp_path / "pack"))
    (pack / "personas/other.yaml").symlink_to(pack / "personas/mara.yaml")
    (tmp_path / "link").symlink_to(pack)
    assert [card.id for card in Library([tmp_path / "link"], DEFAULTS).personas()] == ["mara", "other", "theo"]


def test_a_link_to_itself_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas/knot.yaml").symlink_to(tmp_path / "personas/knot.yaml")
    (problem,) = Library([tmp_path]).problems()
    assert problem.code == "unreadable"


# -- installed packages


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def install(site: Path, package: str, names: str, folder: str = "content") -> Path:
    """Put an installed package there, whose code must never run."""
    pack = Path(shutil.copytree(CONTENT, site / package / folder))
    (site / package / "__init__.py").write_text("raise SystemExit('this code must not run')\n", encoding="utf-8")
    about = site / f"{package}-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[{packs.GROUP}]\n{names}\n", encoding="utf-8")
    return pack


@pytest.mark.parametrize("value", ["rail_pack.content", "rail_pack:content"])
def test_an_installed_pack_is_found_and_its_code_does_not_run(site: Path, value: str) -> None:
    pack = install(site, "rail_pack", f"rail = {value}")
    assert packs.installed() == (packs.Installed("rail", "rail_pack 1.2", pack),)
    assert packs.roots([Path("own")]) == (packs.shipped(), pack, Path("own"))
    assert "rail_pack" not in sys.modules
    assert "lost-bag  (irate" in called("scenarios").stdout


def test_two_installed_packs_of_one_name_are_one_line(site: Path) -> None:
    install(site, "rail_pack", "rail = rail_pack.content")
    install(site, "train_pack", "rail = train_pack.content")
    with pytest.raises(ContentError) as raised:
        packs.installed()
    says = 'Two installed packs are called "rail": rail_pack 1.2 and train_pack 1.2; uninstall one of them.'
    assert str(raised.value) == says


@pytest.mark.parametrize("value", ["rail_pack.nothing", "no_such_package.content", "rail_pack.link", "..etc"])
def test_an_installed_pack_without_its_folder_is_one_line(site: Path, tmp_path: Path, value: str) -> None:
    install(site, "rail_pack", f"rail = {value}")
    (site / "rail_pack/link").symlink_to(CONTENT)
    with pytest.raises(ContentError, match=r"rail_pack 1\.2 names the folder .* and does not have it"):
        packs.installed()
    (bad,) = [line for line in called("doctor").stdout.splitlines() if line.startswith("BAD")]
    assert bad.startswith("BAD  content: rail_pack 1.2 names the folder")


# -- which pack counts, and where that is shown


def test_the_last_pack_named_before_the_command_counts_and_doctor_shows_what_it_shadows(tmp_path: Path) -> None:
    first = zipped(tmp_path / "first.zip")
    last = Path(shutil.copytree(CONTENT, tmp_path / "last"))
    edited(last, "The bag that stayed behind", "My own bag")
    listed = called("--content", str(first), "--content", str(last), "scenarios")
    assert "My own bag." in listed.stdout
    shown = called("--content", str(first), "--content", str(last), "doctor").stdout.splitlines()
    assert f"ok   pack 2: {first} (named by the flag): 1 scenario, 2 personas, 1 rubric" in shown
    assert (
        f"ok   shadowing: scenario lost-bag is {last}/scenarios/lost-bag.yaml, "
        f"which shadows {first}/scenarios/lost-bag.yaml"
    ) in shown


def test_packs_named_for_one_command_are_forgotten_after_it(tmp_path: Path) -> None:
    called("--content", str(zipped(tmp_path / "pack.zip")), "scenarios")
    assert configuration({}).settings.content == ()


def test_the_flag_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_CONTENT", str(zipped(tmp_path / "pack.zip")))
    assert "lost-bag" in called("scenarios").stdout
    assert "lost-bag" not in called("--content", str(tmp_path), "scenarios").stdout


def test_two_suffixes_of_one_id_are_shown_too(tmp_path: Path) -> None:
    pack = Path(shutil.copytree(CONTENT, tmp_path / "pack"))
    shutil.copy(pack / "personas/mara.yaml", pack / "personas/mara.yml")
    (shadow,) = Library([pack, pack], DEFAULTS).shadows()
    assert (shadow.id, shadow.used.name, shadow.hidden.name) == ("mara", "mara.yml", "mara.yaml")


def test_without_shadowing_doctor_says_so() -> None:
    assert "ok   shadowing: no two files have one id" in called("doctor").stdout


def test_a_broken_file_of_a_pack_is_told_by_doctor_in_one_line(tmp_path: Path) -> None:
    pack = Path(shutil.copytree(CONTENT, tmp_path / "pack"))
    edited(pack, "mood: irate", "mood: irrate")
    done = called("--content", str(pack), "doctor")
    (bad,) = [line for line in done.stdout.splitlines() if line.startswith("BAD")]
    assert f"content: {pack}/scenarios/lost-bag.yaml:5:7: unknown-value" in bad
    listed = called("--content", str(pack), "scenarios")
    assert f"{pack}/scenarios/lost-bag.yaml:5:7: unknown-value" in listed.stderr


@pytest.mark.parametrize(
    ("name", "says"),
    [("none", "There is no folder"), ("notes.txt", "is neither a folder nor a .zip file"), ("x.zip", "is no zip file")],
)
def test_a_pack_that_is_none_is_one_line(tmp_path: Path, name: str, says: str) -> None:
    for made in ("notes.txt", "x.zip"):
        (tmp_path / made).write_text("notes", encoding="utf-8")
    with pytest.raises((UsageError, ContentError)) as raised:
        configuration({"content": (tmp_path / name,)})
    assert says in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_a_draft_is_not_written_into_a_zip_file(tmp_path: Path) -> None:
    path = zipped(tmp_path / "pack.zip")
    before = path.read_bytes()
    with pytest.raises(SimulatorError, match="Cannot write"):
        called("--content", str(path), "persona", "new", "hasty", "--defaults")
    assert path.read_bytes() == before


def test_what_standard_zip_tools_write_in_a_stream_is_read(tmp_path: Path) -> None:
    class Unseekable(io.RawIOBase):
        def __init__(self, path: Path) -> None:
            self._file = path.open("wb")

        def writable(self) -> bool:
            return True

        def write(self, content: object) -> int:
            return self._file.write(content)  # type: ignore[arg-type]

        def close(self) -> None:
            self._file.close()

    path = tmp_path / "pack.zip"
    with Unseekable(path) as stream, ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name in NAMES:
            archive.write(CONTENT / name, name)
    assert [card.id for card in Library([path], DEFAULTS).scenarios()] == ["lost-bag"]
