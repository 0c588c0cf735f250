"""Regular expressions are RE2's; loosened ones match wherever theirs would, and beyond."""

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
def test_only_what_matches_a_place_is_left_out(pattern: str, loose: str) -> None:
    assert loosened(pattern) == loose


PIECES = ("a", "b", "^", "$", r"\b", r"\B", r"\A", r"\z", "(", ")", "|", "*", "+", "?", "{2}", ".")
CLASSES = ("[^a]", "[]^]", "[", "]", r"\Q", r"\E", "[[:alpha:]]", "(?m)", r"\pL", r"\p{^L}", "\\")


@given(st.lists(st.sampled_from(PIECES + CLASSES)).map("".join), st.text("ab^\n", max_size=6))
def test_a_loose_expression_matches_wherever_the_other_does(pattern: str, text: str) -> None:
    try:
        regex = compile_regex(pattern)
    except RegexError:
        return
    loose, is_exact = compile_loose(pattern, False)
    match = regex.search(text.encode())
    if match is None or loose is None:
        return
    # In the middle of others there are no ends.
    place = 1 + match.start()
    found = loose.search(f"b{text}a".encode(), place)
    assert found is not None
    assert found.start() == place
    assert is_exact is (loosened(pattern) == pattern)


@pytest.mark.parametrize("pattern", ["a*", "^", "^$", "(?:)", "a?"])
def test_what_matches_nothing_at_all_has_no_loose_expression(pattern: str) -> None:
    assert compile_loose(pattern, False)[0] is None


def test_case_may_be_ignored() -> None:
    assert compile_regex("NeeD", True).search(b"needle") is not None
    assert compile_regex("NeeD").search(b"needle") is None


@pytest.mark.parametrize("data", [b"\xff\x00a\xc3", bytearray(b"\xffa"), memoryview(b"\xe9a")])
def test_what_is_no_text_is_searched_too(data: bytes) -> None:
    assert compile_regex("a").search(data) is not None
    assert compile_regex("^.a").search(data) is None


def test_a_character_is_one_however_many_bytes_it_has() -> None:
    assert compile_regex("^..$").search("é€".encode()) is not None


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("(", r"missing \), in “\(”"), ("(?<!a)b", "Lookahead"), ("a**", "bad repetition")],
)
def test_an_expression_that_is_not_valid_is_explained(
    pattern: str, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RegexError, match=words):
        compile_regex(pattern)
    assert capfd.readouterr().err == ""
