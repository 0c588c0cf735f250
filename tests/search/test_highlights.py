"""Highlights of a filter's matches in a text."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.search import highlights as module
from spacebeam.search.highlights import has_highlights, highlights
from spacebeam.search.parser import parse
from spacebeam.search.regex import compile_regex


@pytest.mark.parametrize(
    ("filter", "text", "ranges"),
    [
        ("need", "a need, needed", [(2, 6), (8, 12)]),
        ("-need", "a need", []),
        ("Need", "a need, NEEDED", [(2, 6), (8, 12)]),
        ("need", "é NEED, nEEd", [(2, 6), (8, 12)]),
        ("case:yes need", "NEED need", [(5, 9)]),
        ("ÉTÉ", "été ete", [(0, 3)]),
        ("é", "e", []),
        ("k", "é \u212a K", [(4, 5)]),
        ("7", "é 7", [(2, 3)]),
        ("json:a~NEED", '{"a":"need"}', [(6, 10)]),
        ("is:sent size>3", "is:sent", []),
        ("json:a~need", '{"a":"need"}', [(6, 10)]),
        ("json:a=need json:need", '{"a":"need", "needy":"a need"}', [(6, 10)]),
        ("json:a=7", '{"a":7,"b":77,"c":"7","d":-7,"e":7.5,"f7":17}', [(5, 6), (19, 20)]),
        ("json:a=-1.5e3", "[-1.5e3]", [(1, 7)]),
        ("json:a=true", '{"a":true,"b":"true","untrue":0}', [(5, 9), (15, 19)]),
        ('json:a="7"', '{"a":7,"b":"7"}', [(12, 13)]),
        ("json:a=7", "7", [(0, 1)]),
        ("-json:a=7", "7", []),
        ("json:a", '{"a":1,"b":"a","c":{"a":2}}', [(1, 4), (20, 23)]),
        ("json:c[0].a[1]", '{"c":[{"a":[1,2]}]}', [(7, 10)]),
        ("json:a>0", '{"a":1,"b":2}', [(1, 4)]),
        ("json:a!=0", '{"a":1,"b":2}', [(1, 4)]),
        ("json:length(a)", '{"a":1}', []),
        ('json:a=""', '{"a":""}', []),
        ("/n[e]+d/", "é need", [(2, 6)]),
        ("/é+/i", "ÉéaÉ", [(0, 2), (3, 4)]),
        ("/x*/", "axxb", [(1, 3)]),
        ("/^a|c$/", "aac ac", [(0, 1), (5, 6)]),
        ("need /eed./ dle", "needle", [(0, 6)]),
        ("b a", "abba", [(0, 4)]),
        ("aa", "aaaaa", [(0, 4)]),
        ('""', "a", []),
        ("/[/ a", "a", [(0, 1)]),
    ],
)
def test_matches_are_highlighted(filter: str, text: str, ranges: list[tuple[int, int]]) -> None:
    assert highlights(parse(filter), text) == ranges


def test_the_number_of_highlights_is_limited() -> None:
    assert len(highlights(parse("a /b/"), "a b " * 20_000)) == 10_000


@given(st.text("aé€x𝄞"), st.sampled_from(("/é€?/", "/x|𝄞+/", "é", "/./", r"/\C/", "/a*/")))
def test_ranges_are_in_characters(text: str, filter: str) -> None:
    position = 0
    for start, end in highlights(parse(filter), text):
        assert position <= start <= end <= len(text)
        position = end
    if filter == "/é€?/":
        marked = {at for start, end in highlights(parse(filter), text) for at in range(start, end)}
        assert {at for at, character in enumerate(text) if character == "é"} <= marked


@pytest.mark.parametrize("pattern", ["/(.*x)?/", "/(a*b)?/"])
def test_the_number_of_empty_matches_is_limited(pattern: str) -> None:
    searches: list[int] = []

    def counting(pattern: str, ignores_case: bool) -> mock.Mock:
        regex = compile_regex(pattern, ignores_case)

        def search(data: bytes, position: int) -> object:
            searches.append(position)
            return regex.search(data, position)

        return mock.Mock(search=search)

    with mock.patch.object(module, "compile_regex", counting):
        assert highlights(parse(pattern), "a" * 64_000) == []
    assert 0 < len(searches) <= 200  # each may read the whole text


def test_matches_between_empty_matches_are_highlighted() -> None:
    assert highlights(parse("/x*/"), "ax" * 150) == [(2 * at + 1, 2 * at + 2) for at in range(150)]


@pytest.mark.parametrize(
    ("text", "can_be_marked"),
    [
        ("word", True),
        ("is:sent /x/i", True),
        ("json:a~b", True),
        ("json:a=b", True),
        ("json:a", True),
        ("json:a.b[0]", True),
        ("json:length(a)", False),
        ("json:length(a)>1", False),
        ("-word -/x/", False),
        ("is:sent size>10k after:12:30", False),
        ("", False),
        ("/unfinished", False),
    ],
)
def test_a_filter_with_highlights_is_known(text: str, can_be_marked: bool) -> None:
    assert has_highlights(parse(text)) is can_be_marked
