"""The hash chain: it can be followed with nothing but sha256."""

from hashlib import sha256

from simulator.storage.chain import START, chain, link


def test_each_link_is_sha256_of_the_one_before_and_the_line() -> None:
    lines = [b'{"a":1}', b'{"b":2}', b""]
    last = sha256(b"simsession 1").digest()
    for line, found in zip(lines, chain(lines), strict=True):
        last = sha256(last + line).digest()
        assert found == last.hex()
    assert link(START, lines[0]).hex() == next(chain(lines))


def test_no_change_of_any_line_or_their_order_gives_the_same_end() -> None:
    def end(*lines: bytes) -> str:
        *_, last = chain(lines)
        return last

    others = [end(b"b", b"a"), end(b"a"), end(b"a", b"b", b""), end(b"ab"), end(b"", b"a", b"b"), end(b"a", b"B")]
    assert end(b"a", b"b") not in others
    assert list(chain([])) == []
