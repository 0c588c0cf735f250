"""Keys and remembered texts are bounded, and told apart."""

from __future__ import annotations

from decimal import Decimal

from spacebeam.decode.decoder import Context
from spacebeam.decode.protocols.keys import MAX_TEXT, Recent, key, recent, remember, written_id


def test_keys_of_different_ids_and_scopes_are_different() -> None:
    keys = [key(scope, one) for scope in ("a", "b") for one in (1, "1", 1.5, Decimal("1e9"), "")]
    assert len(set(keys)) == len(keys)
    assert key("a", 1.0) == key("a", 1)
    assert (key("a", float("inf")), key("a", None), key("a", True)) == ("a:inf", "", "")


def test_ids_of_any_length_are_written_and_have_short_keys() -> None:
    for one in ("x" * 10_000, 10**10_000, -(10**10_000), Decimal("1" * 10_000), "\ud800" * 300):
        assert 0 < len(written_id(one)) <= MAX_TEXT
        assert 0 < len(key("scope", one)) <= MAX_TEXT
    assert len(key("s" * 10_000, 1)) <= MAX_TEXT
    assert key("scope", "x" * 1000 + "1") != key("scope", "x" * 1000 + "2")
    assert written_id([1]) == ""


def test_the_newest_texts_are_remembered_and_long_ones_are_not() -> None:
    memory = Recent()
    for number in range(2000):
        memory = memory.added("first", "1").added(f"key {number}", str(number))
    memory = memory.added("long", "x" * (MAX_TEXT + 1)).added("x" * (MAX_TEXT + 1), "long")
    assert 1000 <= len(memory) <= 1032
    assert (memory.get("first"), memory.get("key 1999"), memory.get("key 5")) == ("1", "1999", "")
    assert (memory.get("long"), memory.get("x" * (MAX_TEXT + 1))) == ("", "")


def test_what_is_remembered_is_a_value() -> None:
    before = Recent()
    for number in range(100):
        before = before.added(str(number), "old")
    after = before.added("50", "new").added("99", "new")
    assert (before.get("50"), before.get("99")) == ("old", "old")
    assert (after.get("50"), after.get("99"), after.get("98")) == ("new", "new", "old")


def test_each_connection_has_a_memory_for_each_protocol() -> None:
    context, other = Context(), Context()
    remember(context, "A", "a", "1")
    assert recent(context, "A").get("a") == "1"
    assert recent(context, "B").get("a") == recent(other, "A").get("a") == ""
