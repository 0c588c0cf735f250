"""Paths find the same values as JMESPath."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.search.json_path import MISSING, PathError, compile_path

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(("", "a"))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(("a", "b c")), inner)
    ),
    max_leaves=12,
)
PATHS = (
    "a",
    '"b c"',
    "a.a",
    'a."b c"[0]',
    "[0]",
    "[-1].a",
    "a[1][0]",
    "[*].a",
    "a[*].a",
    "a[].a",
    "*.a",
    "a[0:1]",
    "a[?a].a",
    "[a, a]",
    "length(a)",
    "a | [0]",
    "a.length(@)",
    "(a[*].a)[0]",
    "@",
)


@given(VALUES, st.sampled_from(PATHS))
def test_a_path_finds_what_jmespath_finds(value: Any, path: str) -> None:
    compiled = compile_path(path)
    try:
        expected = jmespath.search(path, value)
    except ValueError:
        expected = None
    found = compiled.find(value)
    if found is MISSING:
        found = None
    assert (found, type(found)) == (expected, type(expected))
    if any(f'"{key}"' not in repr(value).replace("'", '"') for key in compiled.keys):
        assert found is None or (compiled.gives_many and not found)


@pytest.mark.parametrize(
    ("path", "value"), [("@", None), ('""', {"": None}), ('a.""', {"a": {"": None}})]
)
def test_null_is_found_in_a_whole_document_and_at_an_empty_key(path: str, value: Any) -> None:
    assert compile_path(path).find(value) is None
    assert compile_path('""').find({"a": 1}) is MISSING


@pytest.mark.parametrize(("index", "found"), [(0, 1), (1, 2), (2, MISSING), (-2, 1), (-3, MISSING)])
def test_an_index_counts_from_either_end(index: int, found: object) -> None:
    assert compile_path(f"[{index}]").find([1, 2]) == found


@pytest.mark.parametrize(
    ("path", "gives_many", "keys"),
    [
        ("a.b[0]", False, ("a", "b")),
        ('"b c"', False, ("b c",)),
        ("items[*].id", True, ("items", "id")),
        ("items[].id", True, ("items", "id")),
        ("items[?a].id", True, ("items", "id", "a")),
        ("items[?a=='b'].id", True, ()),
        ("length(items)", False, ()),
        ("items.length(@)", False, ()),
        ("[a, b]", False, ()),
        ("items[*] | [0]", False, ()),
    ],
)
def test_the_keys_of_a_path_are_known(path: str, gives_many: bool, keys: tuple[str, ...]) -> None:
    compiled = compile_path(path)
    assert (compiled.gives_many, compiled.keys) == (gives_many, keys)


@pytest.mark.parametrize(
    "path", ["", ".a", "a.", "a..b", "a b", "a[", "a[x", "a]", '"a', "a.0", "é"]
)
def test_an_invalid_path_is_refused(path: str) -> None:
    with pytest.raises(PathError, match=r"path|JMESPath"):
        compile_path(path)


def test_a_path_too_deep_is_refused() -> None:
    with pytest.raises(PathError):
        compile_path("(" * 100_000)


def test_null_is_distinguished_from_a_missing_value() -> None:
    assert compile_path("a.b").find({"a": {"b": None}}) is None
    assert compile_path("a.b").find({"a": {}}) is MISSING
    assert compile_path("a").find([]) is MISSING


def test_a_very_long_expression_is_refused() -> None:
    with pytest.raises(PathError, match="not a valid JMESPath"):
        compile_path("||".join(["a"] * 3000))
