"""Hand-in files: byte for byte what was exported, or refused with the place where they are not."""

import contextlib
import json
import os
import random
import resource
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from handed import FIRST, REPLIES, as_of, as_written, changed, journal, played
from played import exchange, opening, started

from simulator.errors import ExitCode, StorageError, UsageError
from simulator.events import EVENT, SessionEnded
from simulator.storage import exporting, handin, whole
from simulator.storage.chain import chain
from simulator.storage.handin import Refused, written
from simulator.storage.keys import TraineeKey, is_signed, known_keys, own_key
from simulator.storage.tombstones import Tombstones
from simulator.storage.verifying import verified
from simulator.vocabulary import Ending

KEY = TraineeKey(bytes(range(32)))
OTHER_KEY = TraineeKey(bytes(range(1, 33)))
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def small(session: str = FIRST) -> tuple[bytes, ...]:
    """A short journal, so that every byte of its file can be tried."""
    start = started(session=session)
    events = [
        start,
        *opening()[:1],
        *exchange(1, "Hello, Zoë.", "Well?")[:2],
        SessionEnded(at=start.at, ending=Ending.LIMIT),
    ]
    del events[2:4]
    return tuple(EVENT.dump_json(event) for event in events)


def rows(data: bytes) -> list[bytes]:
    return data.split(b"\n")[:-1]


def joined(lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        verified(data)
    assert refused.value.exit_code is ExitCode.PROBLEMS
    return str(refused.value)


def test_what_was_exported_is_read_back_with_every_event_and_its_link() -> None:
    lines = played()
    data = written(as_session(lines), lines, "0.1.0")
    found = verified(data)
    assert [EVENT.validate_json(line) for line in lines] == list(found.events)
    assert found.links == tuple(chain(lines))
    assert found.digest == found.links[-1]
    assert found.signer is None
    assert [turn.reply for turn in found.session.turns if turn.reply] == list(REPLIES)
    assert all(line in data for line in lines), "events stand there as in the journal"


def as_session(lines: Sequence[bytes]) -> str:
    session: str = json.loads(lines[0])["session"]
    return session


def test_anybody_can_check_the_chain_with_sha256_alone() -> None:
    lines = rows(written(FIRST, small(), "0.1.0", KEY))
    last = sha256(b"simsession 1").digest()
    for line in lines[1:-1]:
        event = line[len('{"link":"",') + 64 + len('"event":') : -1]
        last = sha256(last + event).digest()
        assert json.loads(line)["link"] == last.hex()
        assert json.loads(event) == json.loads(line)["event"]
    closing = json.loads(lines[-1])
    message = lines[0] + b"\n" + last.hex().encode()
    assert closing["last"] == last.hex()
    assert closing["seal"] == sha256(message).hexdigest()
    assert is_signed(KEY.public, message, closing["signature"])


@pytest.mark.parametrize("signer", [None, KEY], ids=["unsigned", "signed"])
def test_every_single_byte_counts(signer: TraineeKey | None) -> None:
    data = written(FIRST, small(), "0.1.0", signer)
    verified(data)
    chance = random.Random(4)
    for at in range(len(data)):
        other = chance.choice([byte for byte in range(256) if byte != data[at]])
        for edited in (
            data[:at] + bytes([other]) + data[at + 1 :],
            data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1 :],
            data[:at] + data[at + 1 :],
            data[:at] + bytes([chance.randrange(256)]) + data[at:],
            data[:at],
        ):
            assert refusal(edited)
    assert refusal(data + b"\n")
    assert refusal(data + b" ")


def test_random_edits_of_a_played_session_are_all_found() -> None:
    data = written(as_session(played()), played(), "0.1.0", KEY)
    chance = random.Random(6)
    for _ in range(1_500):
        at = chance.randrange(len(data))
        length = chance.choice([0, 1, 1, 2, 40])
        put = chance.randbytes(chance.choice([0, 1, 1, 3]))
        edited = data[:at] + put + data[at + length :]
        if edited != data:
            assert refusal(edited)


def test_a_changed_event_is_named_by_line_kind_and_turn() -> None:
    data = written(as_session(played()), played(), "0.1.0")
    number = next(at for at, line in enumerate(rows(data), start=1) if REPLIES[1].encode() in line)
    assert refusal(data.replace(REPLIES[1].encode(), REPLIES[1].upper().encode())) == (
        f"line {number} (trainee_spoke, turn 2) breaks the chain: it was changed after it was exported."
    )


def test_every_line_that_is_dropped_doubled_or_moved_is_named() -> None:
    lines = rows(written(as_session(played()), played(), "0.1.0"))
    for at in range(1, len(lines) - 2):
        after = f"line {at + 1} "
        assert refusal(joined([*lines[:at], *lines[at + 1 :]])).startswith(after)
        doubled = refusal(joined([*lines[: at + 1], *lines[at:]]))
        assert f"line {at + 2} " in doubled
        assert f"it repeats line {at + 1}." in doubled
        swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
        assert f"line {at + 2} belongs here, so the order was changed" in refusal(joined(swapped))
    gap = refusal(joined([*lines[:3], *lines[5:]]))
    assert gap.startswith("line 4 (")
    assert f"before it 2 of {len(lines) - 2} events are missing" in gap


def test_a_line_from_another_session_is_found_where_it_was_put() -> None:
    lines = rows(written(FIRST, small(), "0.1.0"))
    foreign = rows(written(FIRST, as_of(), "0.1.0"))[4]
    said = refusal(joined([*lines[:2], foreign, *lines[2:]]))
    assert said.startswith("line 3 (")
    assert "line 4 belongs here, so this line was changed" in said


def test_every_cut_is_found_and_whole_lines_are_named() -> None:
    lines = rows(written(FIRST, small(), "0.1.0"))
    for count in range(2, len(lines)):
        said = refusal(joined(lines[:count]))
        assert f"it is cut short after line {count} (" in said
    assert "after line 1 (the header)" in refusal(joined(lines[:1]))
    assert "cut short in line 2 (session_started)" in refusal(joined(lines)[: len(lines[0]) + 200])
    assert "line 6 (move_chosen, turn 0) was added after the closing line" in refusal(joined(lines) + lines[2])
    assert "is damaged" in refusal(joined([*lines, lines[2]]))


def lay_out(change: Callable[[bytes], bytes]) -> bytes:
    return change(written(FIRST, small(), "0.1.0", KEY))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (lay_out(lambda data: b"\xef\xbb\xbf" + data), "BOM"),
        (lay_out(lambda data: data.replace(b"\n", b"\r\n")), "CRLF"),
        (lay_out(lambda data: data.decode().encode("utf-16")), "no hand-in file"),
        (lay_out(lambda data: data.replace(b'"format":', b'"format": ', 1)), "no hand-in file"),
        (
            lay_out(lambda data: data.replace(b'"version":1', b'"version":2', 1)),
            "newer version of the program (format 2",
        ),
        (lay_out(lambda data: data.replace(b'"version":1', b'"version":1.0', 1)), "not written as it was exported"),
        (lay_out(lambda data: data.replace(b'"version":1', b'"version":1,"version":1', 1)), "(the header) is damaged"),
        (
            lay_out(lambda data: data.replace(KEY.public.encode(), KEY.public.upper().encode())),
            "(the header) is damaged",
        ),
        (lay_out(lambda data: data.replace(KEY.public.encode(), OTHER_KEY.public.encode())), "the seal does not fit"),
        (lay_out(lambda data: data.replace(b'"app":"0.1.0"', b'"app":"0.1.1"', 1)), "the seal does not fit"),
        (lay_out(lambda data: data.replace(b'{"events":3', b'{"events":4')), "tells of 4 events"),
        (lay_out(lambda data: data.replace(b'{"events":3', b'{"events":3.0')), "(the closing line) is not written as"),
        (b"PK\x03\x04 and so on", "zip archive"),
        (b"\x1f\x8b and so on", "gzip"),
        (b'{"kind":"session_started"}\n', "no hand-in file"),
        (b"\x00" * 4_000, "no hand-in file"),
        (b'{"format":"simsession",' + b"[" * 100_000 + b"\n", "line 1 (the header) is damaged"),
    ],
)
def test_what_is_laid_out_otherwise_is_refused_in_plain_words(data: bytes, says: str) -> None:
    assert says in refusal(data)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"kind":', b'"kind": '),
        (b'"turn":0', b'"turn":0,"turn":0'),
        (b'"gist":"opens"', b'"gist":"\\u006fpens"'),
        (b'"turn":0', b'"turn":0.0e0'),
        (b'"turn":0', b'"turn":NaN'),
        (b'"turn":0', b'"turn":1e999'),
        (b'"gist":"opens"', b'"gist":"\\ud800"'),
    ],
)
def test_events_are_written_in_one_way_only_even_if_the_chain_is_made_anew(before: bytes, after: bytes) -> None:
    lines = list(small())
    assert before in lines[1]
    lines[1] = lines[1].replace(before, after, 1)
    said = refusal(written(FIRST, lines, "0.1.0"))
    assert said.startswith("line 3 (move_chosen")
    assert said.endswith("is not written as this program writes events.")


def test_without_a_signature_whoever_makes_the_chain_anew_is_not_found_out() -> None:
    """What the import says of every unsigned file; a signature is what it takes."""
    lines = played()
    forged = changed(lines, len(lines) - 1, ending="resolved")
    assert verified(written(as_session(forged), forged, "0.1.0")).session.ended is not None
    signed = rows(written(as_session(lines), lines, "0.1.0", KEY))
    remade = rows(written(as_session(forged), forged, "0.1.0", OTHER_KEY))
    pasted = remade[-1].replace(
        json.loads(remade[-1])["signature"].encode(), json.loads(signed[-1])["signature"].encode()
    )
    head = remade[0].replace(OTHER_KEY.public.encode(), KEY.public.encode())
    message = head + b"\n" + json.loads(pasted)["last"].encode()
    pasted = pasted.replace(json.loads(pasted)["seal"].encode(), sha256(message).hexdigest().encode())
    assert "the signature is not of the key in line 1" in refusal(joined([head, *remade[1:-1], pasted]))


def test_a_key_without_a_signature_and_the_reverse_are_refused() -> None:
    signed, bare = (rows(written(FIRST, small(), "0.1.0", signer)) for signer in (KEY, None))

    def sealed(head: bytes, closing: bytes) -> bytes:
        value = json.loads(closing)
        value["seal"] = sha256(head + b"\n" + value["last"].encode()).hexdigest()
        return joined([head, *signed[1:-1], as_written(value)])

    assert "disagree on whether the file is signed" in refusal(sealed(signed[0], bare[-1]))
    assert "disagree on whether the file is signed" in refusal(sealed(bare[0], signed[-1]))


def test_events_from_a_newer_program_are_refused_as_that() -> None:
    newer = changed(played(), 0, schema_version=2)
    assert "played with a newer version of the program (format 2" in refusal(written(as_session(newer), newer, "9"))
    unknown = changed(played(), 4, kind="customer_sang")
    assert "line 6 (customer_sang" in refusal(written(as_session(unknown), unknown, "9"))


def test_events_that_cannot_follow_each_other_are_refused_by_place() -> None:
    lines = played()
    at = next(at for at, line in enumerate(lines) if b'"trainee_spoke"' in line)
    odd = changed(lines, at, turn=7)
    said = refusal(written(as_session(odd), odd, "0.1.0"))
    assert said == f"line {at + 2} (trainee_spoke, turn 7) cannot happen there: turn 7 cannot follow turn 0."
    late = lines[1:]
    assert "line 2 (move_chosen, turn 0) cannot come first" in refusal(written(FIRST, late, "0.1.0"))
    assert "names another session" in refusal(written("20250303-090000-bbbbbb", small(), "0.1.0"))


def test_a_file_of_more_events_than_any_session_has_is_refused_before_they_are_read() -> None:
    lines = rows(written(FIRST, small(), "0.1.0"))
    assert "more than 10,000 events" in refusal(joined([lines[0], *[lines[2]] * 10_001, lines[-1]]))


def test_a_journal_mended_by_hand_is_exported_as_the_program_would_write_it(tmp_path: Path) -> None:
    lines = journal(tmp_path)
    path = tmp_path / "sessions" / f"{FIRST}.jsonl"
    mended = [json.dumps(json.loads(line)).encode() for line in lines]
    path.write_bytes(joined(mended) + b'{"kind":"reply_ra')
    assert exporting.lines_of(path) == lines
    assert verified(exporting.exported(path, "0.1.0")).links == tuple(chain(lines))


def test_a_pseudonym_takes_the_place_of_the_name_and_of_nothing_that_was_typed(tmp_path: Path) -> None:
    lines = journal(tmp_path, trainee="Robin Vale")
    at = next(at for at, line in enumerate(lines) if b'"trainee_spoke"' in line)
    lines = changed(lines, at, text="Robin Vale speaking.")
    contested = {"kind": "score_disputed", "at": "2025-03-03T09:20:00Z", "turn": 1, "reason": "As Robin Vale said."}
    settled = {"kind": "dispute_settled", "at": "2025-03-03T09:21:00Z", "turn": 1, "upheld": False, "reason": "No."}
    own = settled | {"by": "Robin Vale"}
    path = tmp_path / "sessions" / f"{FIRST}.jsonl"
    path.write_bytes(joined([*lines, as_written(contested), as_written(own)]))
    found = verified(exporting.exported(path, "0.1.0", person="grey-heron"))
    assert found.session.started.trainee == "grey-heron"
    assert found.data.count(b"Robin Vale") == 2, "in the reply and in the reason, which somebody typed"
    assert b'"by":"grey-heron"' in found.data


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    key = own_key(data)
    assert own_key(data).public == key.public
    assert is_signed(key.public, b"words", key.sign(b"words"))
    assert not is_signed(key.public, b"other words", key.sign(b"words"))
    assert not is_signed(OTHER_KEY.public, b"words", key.sign(b"words"))
    assert stat.S_IMODE((data / "signing-key").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir()] == ["signing-key"]


def test_keys_made_at_the_same_time_are_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    together = threading.Barrier(8)

    def make() -> None:
        together.wait()
        found.append(own_key(tmp_path).public)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_key_that_others_can_read_or_that_is_damaged_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "signing-key"
    own_key(tmp_path)
    path.chmod(0o644)
    with pytest.raises(StorageError, match="can be read by others"):
        own_key(tmp_path)
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(StorageError, match="is damaged"):
        own_key(tmp_path)


def test_a_list_of_known_keys_has_names_and_remarks() -> None:
    known = known_keys(f"# group 4\n{KEY.public} Maria  Delgado # since May\n\n{OTHER_KEY.public}\n", "keys.txt")
    assert known.name_of(KEY.public) == "Maria Delgado"
    assert known.name_of(OTHER_KEY.public) == ""
    assert known.name_of("ab" * 32) is None
    assert known.keys_of("Maria Delgado") == {KEY.public}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no key in it"),
        ("# nothing\n", "has no key in it"),
        (f"{KEY.public}\nMaria {KEY.public}\n", "line 2 does not begin with a key"),
        (KEY.public.upper(), "line 1 does not begin with a key"),
        (f"{KEY.public} a\n{KEY.public} b", "line 2 has a key that stands there already"),
    ],
)
def test_a_list_of_keys_that_cannot_be_used_says_where(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        known_keys(text, "keys.txt")


def test_tombstones_know_a_name_however_it_is_written_and_do_not_hold_it(tmp_path: Path) -> None:
    stones = Tombstones(tmp_path)
    assert not stones.holds("José  Núñez")
    stones.lay("José Núñez", NOW)
    for person in ("José Núñez", "JOSÉ NÚÑEZ", " José   Núñez ", "Jose\u0301 Nu\u0301n\u0303ez"):
        assert stones.holds(person)
        assert Tombstones(tmp_path).holds(person)
    assert not stones.holds("Jose Nunez")
    text = stones.path.read_text().casefold()
    assert "núñez" not in text
    assert sha256("José Núñez".encode()).hexdigest() not in text, "no plain digest of the name either"
    assert stat.S_IMODE(stones.path.stat().st_mode) == 0o600
    before = stones.path.read_bytes()
    stones.lay("José Núñez", NOW)
    assert stones.path.read_bytes() == before


def test_damaged_tombstones_stop_everything_that_asks_them(tmp_path: Path) -> None:
    (tmp_path / "forgotten.json").write_text('{"salt": "')
    with pytest.raises(StorageError, match="nobody can say who was forgotten"):
        Tombstones(tmp_path).holds("anybody")
    with pytest.raises(StorageError, match="nobody can say who was forgotten"):
        Tombstones(tmp_path).lay("anybody", NOW)
    assert (tmp_path / "forgotten.json").read_text() == '{"salt": "'


@contextlib.contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """A real refusal in the middle of a file: none of this process may grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_of_files_that_are_put_together_none_takes_its_place_when_one_cannot_be_written(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "first", tmp_path / "b" / "second"
    whole.put(first, b"before")
    with no_room_beyond(100), pytest.raises(OSError, match="too large"):
        whole.put_all({first: b"after", second: b"x" * 200})
    assert first.read_bytes() == b"before"
    assert not second.exists()
    assert list(first.parent.iterdir()) == [first], "no draft is left"


def test_a_draft_that_a_crash_left_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "file"
    whole.draft(path, b"half")
    assert not path.exists()
    whole.put(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208


def test_a_canonical_line_is_what_the_journal_writes() -> None:
    assert all(handin.is_canonical(line) for line in played())
    assert not any(handin.is_canonical(line + b" ") for line in played())
