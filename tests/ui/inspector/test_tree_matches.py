"""A filter's matches in a tree: keys and values, as they were written."""

from __future__ import annotations

import pytest

from spacebeam.decode.json_tree import JsonTree
from spacebeam.search.parser import parse
from spacebeam.ui.inspector.tree_matches import TreeMatches
from tests.support.waiting import eventually

_DOCUMENT = b'{"Price":1.50,"texts":["price","x\\u0065y"],"deep":{"price":{"a":true}}}'


async def paths(document: bytes, filter_: str) -> list[str]:
    tree = JsonTree(document)
    for _step in tree.read():
        pass
    matches = TreeMatches(lambda: None)
    matches.look_for(parse(filter_))
    matches.search(tree)
    await eventually(lambda: matches.is_done)
    return [tree.path(number) for number in map(matches.__getitem__, range(len(matches)))]


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ("price", ["Price", "texts[0]", "deep.price"]),
        ("case:yes price", ["texts[0]", "deep.price"]),
        ("1.50", ["Price"]),
        ("true", ["deep.price.a"]),
        ("u0065", ["texts[1]"]),
        ("0", ["Price", "texts[1]"]),  # no index
        ("json:Price>1", ["Price"]),
        ("/^.price/", ["texts[0]", "deep.price"]),
        ("absent", []),
        ("is:text", []),
    ],
)
async def test_keys_and_values_are_found(filter_: str, found: list[str]) -> None:
    assert await paths(_DOCUMENT, filter_) == found


@pytest.mark.parametrize("before", [0, 1000, 4095, 4096, 70_000])
async def test_a_match_deep_in_a_long_text_is_found(before: int) -> None:
    document = b'{"a":1,"text":"' + b"." * before + b'needle","b":[2]}'
    assert await paths(document, "needle") == ["text"]


async def test_matches_in_many_values_are_found_once() -> None:
    document = b"[" + b'"needle",{"hay":0},' * 5000 + b"1]"
    assert len(await paths(document, "needle")) == 5000
