"""Words and regular expressions match inside payloads, never across them."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Data, Kind
from spacebeam.recording.block import Block
from spacebeam.search.matching.columns import Test
from spacebeam.search.matching.masks import all_pass
from spacebeam.search.matching.text import PatternTest, WordTest, payload, word_test
from spacebeam.search.regex import Match, compile_regex
from tests.support.filtering import batch, texts


def ways(word: str) -> list[Test]:
    """Return all tests for a word in lower case."""
    return [WordTest(word), WordTest(word.upper(), ignores_case=True), PatternTest(word, False)]


def found(test: Test, block: Block) -> list[int]:
    mask = test(block, 0, len(block), all_pass(len(block)))
    return [place for place, flag in enumerate(mask) if flag]


@pytest.mark.parametrize("test", ways("needle"))
def test_a_match_lies_within_one_payload(test: Test) -> None:
    rows = [(Kind.TEXT, one) for one in (b"nee", b"dle", b"a needle", b"", b"needl")] * 20
    for gap in (b"", b"needle", b"\x81\x05"):
        block = Block(0, batch(rows, gap=gap, tail=b"needle"))
        for _ in range(3):
            assert found(test, block) == list(range(2, 100, 5))


@pytest.mark.parametrize("test", ways("needle"))
def test_payloads_outside_the_block_are_searched(test: Test) -> None:
    payloads = [b"needle" if place in (0, 5, 70) else b"hay" * 5 for place in range(100)]
    block = texts(*payloads, beside=(0, 5, 6))
    assert found(test, block) == [0, 5, 70]


@pytest.mark.parametrize("test", ways("x"))
def test_a_block_with_many_matches_and_one_with_few_are_both_searched(
    test: Test,
) -> None:
    dense, sparse = texts(*[b"x"] * 50), texts(*[b"y"] * 49, b"xx")
    for block, places in ((dense, 50), (dense, 50), (sparse, 1), (sparse, 1), (dense, 50)):
        assert len(found(test, block)) == places


@pytest.mark.parametrize("test", ways("x"))
def test_only_candidate_entries_are_tested(test: Test) -> None:
    block = texts(*[b"x", b"y"] * 50)
    among = bytearray(100)
    among[2] = among[3] = 1
    mask = test(block, 0, 100, among)
    assert (mask[2], mask[3]) == (1, 0)


@pytest.mark.parametrize(
    ("word", "places"),
    [
        ("over", [0, 1, 2]),
        ("OVER", [0, 1, 2]),
        ("7", [3]),
        ("é", [4, 5]),
        ("ÉT", [4, 5]),
        ("k", [6]),
        ("ß", [8]),
        ("日本", [9]),
        ("a.B*", [10]),
        ("\ud800", []),
        ("x\ud800", []),
    ],
)
def test_a_word_matches_in_either_case(word: str, places: list[int]) -> None:
    written = ("over", "OVER", "oVeR", "7", "été", "ÉTÉ", "k", "\u212a", "ß", "日本", "A.b*", "aXb")
    block = texts(*(one.encode() for one in written))
    assert found(word_test(word, True), block) == places
    for place in range(len(written)):
        among = bytearray(len(written))
        among[place] = 1
        assert word_test(word, True)(block, 0, len(written), among)[place] == (place in places)
    exact = [place for place, one in enumerate(written) if word in one]
    assert found(word_test(word, False), block) == exact


@pytest.mark.parametrize(
    ("pattern", "places"),
    [
        ("^b", [1, 3, 4]),
        ("a$", [0, 3, 4]),
        (r"\bab\b", [2]),
        (r"b\na", [3]),
        ("(?m)^a$", [0, 3]),
        (r"\Ab\z", [1]),
        ("^$", [5]),
        ("a.*b", [2]),
        ("(?s)a.*b", [2]),
    ],
)
def test_anchors_match_at_the_ends_of_a_payload(pattern: str, places: list[int]) -> None:
    block = texts(b"a", b"b", b"ab", b"b\na", b"ba", b"")
    assert found(PatternTest(pattern, False), block) == places


def test_the_bytes_read_by_failing_matches_are_linear() -> None:
    test = PatternTest("a+c?b", False)
    loose = compile_regex("a+c?b")
    read = 0

    class CountingRegex:
        """Counts the bytes up to the end of each search."""

        def search(
            self, text: Data | memoryview, pos: int | None = None, endpos: int | None = None
        ) -> Match | None:
            nonlocal read
            read += (len(text) if endpos is None else endpos) - (pos or 0)
            return loose.search(text, pos, endpos)

    test._loose = CountingRegex()
    block = texts(*[b"a" * 30, b"ab", *[b"hay"] * 20] * 500)
    assert found(test, block) == list(range(1, 11_000, 22))
    assert read < 10 * len(block.data)


def test_a_long_payload_is_not_copied() -> None:
    data = bytes(100_000)
    assert payload(data, 0, len(data)) is data
    part = payload(data, 10, 90_000)
    assert isinstance(part, memoryview)
    assert part.obj is data
    assert payload(data, 10, 20) == bytes(10)
