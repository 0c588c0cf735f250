"""The person's filters survive a restart, and other programs that change them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.library.filters import MAX_USED, FilterLibrary, from_json
from spacebeam.library.settings import Settings, load, save

ADDRESS = "ws://one.test/feed"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_filters_are_there_after_a_restart(path: Path) -> None:
    settings = load(path)
    settings.filters.hide(ADDRESS, {"is:ping": True, "json:type=beat": False})
    settings.filters.saved["Margin calls"] = "json:code=MARGIN_CALL"
    settings.filters.remember("  error ")
    settings.filters.remember("is:sent")
    save(settings, path)
    assert load(path).filters == settings.filters
    assert settings.filters.used == ["is:sent", "error"]


def test_two_programs_change_filters_and_both_changes_stay(path: Path) -> None:
    save(Settings(), path)
    first, second = load(path), load(path)
    first.filters.hide(ADDRESS, {"is:ping": True})
    first.filters.saved["one"] = "1"
    first.filters.remember("first")
    save(first, path)
    second.filters.hide(ADDRESS, {"is:pong": True})
    second.filters.hide("ws://two.test/", {"is:text": True})
    second.filters.saved["two"] = "2"
    second.filters.remember("second")
    save(second, path)
    assert load(path).filters == FilterLibrary(
        {ADDRESS: {"is:ping": True, "is:pong": True}, "ws://two.test/": {"is:text": True}},
        {"one": "1", "two": "2"},
        ["second", "first"],
    )
    save(first, path)
    del first.filters.saved["two"]
    first.filters.hide(ADDRESS, {})
    save(first, path)
    save(second, path)
    assert second.filters.saved == {"one": "1"}
    assert list(second.filters.hidden) == ["ws://two.test/"]


def test_a_newer_versions_filters_stay(path: Path) -> None:
    path.write_text(json.dumps({"filters": {"saved": {"a": {"new": 1}}, "colours": [1]}}))
    settings = load(path)
    settings.filters.saved["b"] = "b"
    save(settings, path)
    written = json.loads(path.read_text())["filters"]
    assert written["saved"] == {"a": {"new": 1}, "b": "b"}
    assert written["colours"] == [1]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(("hidden", "saved", "used", "a")), inner, max_size=4)
        ),
    )
)
def test_values_of_any_type_are_read(values: object) -> None:
    found = from_json(values)
    assert from_json(found.as_json()) == found


def test_what_is_remembered_is_limited() -> None:
    filters = FilterLibrary()
    for number in range(2000):
        filters.remember(str(number))
        filters.hide(f"ws://{number}.test/", {"is:ping": True})
    assert not filters.remember("x" * 3000)
    assert filters.used == [str(number) for number in range(1999, 1999 - MAX_USED, -1)]
    assert len(filters.hidden) == 500
    filters.hide(ADDRESS, {str(number): True for number in range(200)})
    assert list(filters.hidden[ADDRESS])[-1] == "199"
    assert len(filters.hidden[ADDRESS]) == 100


def test_pinned_values_are_there_after_a_restart_for_each_address(path: Path) -> None:
    settings = load(path)
    settings.filters.pin(ADDRESS, ["price", "data.seq"])
    settings.filters.pin("ws://two.test/", ["n"])
    save(settings, path)
    assert load(path).filters.pinned == {ADDRESS: ["price", "data.seq"], "ws://two.test/": ["n"]}
    settings.filters.pin(ADDRESS, [])
    save(settings, path)
    assert load(path).filters.pinned == {"ws://two.test/": ["n"]}


def test_pinned_values_of_a_changed_file_are_bounded() -> None:
    pinned = {"a": ["x", "x", 7, "", *map(str, range(50))], "b": "no list"}
    assert from_json({"pinned": pinned}).pinned == {"a": ["x", *map(str, range(11))]}


def test_paths_that_are_left_out_are_there_after_a_restart(path: Path) -> None:
    settings = load(path)
    settings.filters.leave_out(ADDRESS, ["time", "items[*].seq"])
    settings.filters.leave_out("ws://two.test/", [])
    save(settings, path)
    assert load(path).filters.left_out == {ADDRESS: ["time", "items[*].seq"]}
    assert from_json({"left_out": {ADDRESS: ["a", 7, "x" * 3000], "b": "c"}}).left_out == {
        ADDRESS: ["a"]
    }
