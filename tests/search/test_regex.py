"""Regular expressions by RE2, and loose ones that match at least wherever the original does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.search.regex import RegexError, compile_loose, compile_regex, loosened


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        ("need", "need"),
        ("^a$", "a"),
        (r"\bneed\B", "need"),
        (r"\A\\b\z", r"\\b"),
        ("[^a$]", "[^a$]"),
        ("[]^]^", "[]^]"),
        ("[^]^]$", "[^]^]"),
        ("[[:^alpha:]^]$", "[[:^alpha:]^]"),
        (r"[\]^]$", r"[\]^]"),
        (r"\Q^$\E$", r"\Q^$\E"),
        (r"\Q^$", r"\Q^$"),
        (r"\p{^Greek}^", r"\p{^Greek}"),
        (r"\^\$", r"\^\$"),
        ("a^*b", "a(?:)*b"),
        (r"a\b{2}", "a(?:){2}"),
        ("(^|,)a", "(|,)a"),
    ],
)
def test_only_empty_assertions_are_removed_from_a_loose_expression(
    pattern: str, loose: str
) -> None:
    assert loosened(pattern) == loose


PIECES = ("a", "b", "^", "$", r"\b", r"\B", r"\A", r"\z", "(", ")", "|", "*", "+", "?", "{2}", ".")
CLASSES = ("[^a]", "[]^]", "[", "]", r"\Q", r"\E", "[[:alpha:]]", "(?m)", r"\pL", r"\p{^L}", "\\")


@given(st.lists(st.sampled_from(PIECES + CLASSES)).map("".join), st.text("ab^\n", max_size=6))
def test_a_loose_expression_matches_wherever_the_original_does(pattern: str, text: str) -> None:
    try:
        regex = compile_regex(pattern)
    except RegexError:
        return
    loose, is_exact = compile_loose(pattern, False)
    match = regex.search(text.encode())
    if match is None or loose is None:
        return
    # Inside a larger text there are no ends.
    place = 1 + match.start()
    found = loose.search(f"b{text}a".encode(), place)
    assert found is not None
    assert found.start() == place
    assert is_exact is (loosened(pattern) == pattern)


@pytest.mark.parametrize("pattern", ["a*", "^", "^$", "(?:)", "a?"])
def test_an_expression_with_empty_matches_has_no_loose_one(pattern: str) -> None:
    assert compile_loose(pattern, False)[0] is None


def test_case_can_be_ignored() -> None:
    assert compile_regex("NeeD", True).search(b"needle") is not None
    assert compile_regex("NeeD").search(b"needle") is None


@pytest.mark.parametrize("data", [b"\xff\x00a\xc3", bytearray(b"\xffa"), memoryview(b"\xe9a")])
def test_bytes_that_are_not_utf_8_are_searched(data: bytes) -> None:
    assert compile_regex("a").search(data) is not None
    assert compile_regex("^.a").search(data) is None


def test_a_dot_matches_a_character_of_several_bytes() -> None:
    assert compile_regex("^..$").search("é€".encode()) is not None


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("(", r"missing \), in “\(”"), ("(?<!a)b", "Lookahead"), ("a**", "bad repetition")],
)
def test_an_invalid_expression_is_explained(
    pattern: str, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RegexError, match=words):
        compile_regex(pattern)
    assert capfd.readouterr().err == ""
