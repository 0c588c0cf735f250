"""Keys and remembered texts are bounded, and told apart."""

from __future__ import annotations

from decimal import Decimal

from spacebeam.decode.decoder import Context
from spacebeam.decode.protocols.keys import MAX_TEXT, Recent, key, recent, written_id


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
        memory.add("first", "1")
        memory.add(f"key {number}", str(number))
    memory.add("long", "x" * (MAX_TEXT + 1))
    memory.add("x" * (MAX_TEXT + 1), "long")
    assert len(memory) == 1000
    assert (memory.get("first"), memory.get("key 1999"), memory.get("key 5")) == ("1", "1999", "")
    assert (memory.get("long"), memory.get("x" * (MAX_TEXT + 1))) == ("", "")
    assert (memory.take("first"), memory.take("first")) == ("1", "")


def test_each_connection_has_a_memory_for_each_protocol() -> None:
    context, other = Context(), Context()
    recent(context, "A").add("a", "1")
    assert recent(context, "A").get("a") == "1"
    assert recent(context, "B").get("a") == recent(other, "A").get("a") == ""
