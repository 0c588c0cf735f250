"""JSON Schemas of messages: what violates them, and where."""

from __future__ import annotations

from typing import Any

import pytest

from spacebeam.decode.json_schema import MAX_VIOLATIONS, JsonSchema, Violation

ORDER: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer"},
        "lines": {"type": "array", "items": {"properties": {"sku": {"pattern": "^[A-Z]+$"}}}},
    },
    "additionalProperties": False,
}


def test_each_violation_has_its_place() -> None:
    found = JsonSchema((ORDER,)).violations(
        {"id": "7", "lines": [{"sku": "AB"}, {"sku": "ab"}], "more": 1}
    )
    assert [one.place for one in found] == [(), ("id",), ("lines", 1, "sku")]
    assert found[1] == Violation(("id",), "$.id", "'7' is not of type 'integer'")
    assert str(found[2]) == "$.lines[1].sku: 'ab' does not match '^[A-Z]+$'"
    assert JsonSchema((ORDER,)).violations({"id": 7}) == ()


def test_draft_2020_12_and_its_own_references_are_known() -> None:
    schema = {
        "$defs": {"price": {"type": "number", "exclusiveMinimum": 0}},
        "prefixItems": [{"type": "string"}, {"$ref": "#/$defs/price"}],
        "unevaluatedItems": False,
    }
    assert JsonSchema((schema,)).violations(["BTC", 1.5]) == ()
    assert [one.place for one in JsonSchema((schema,)).violations(["BTC", 0, 1])] == [(), (1,)]


def test_of_several_schemas_one_is_enough_and_the_nearest_is_told() -> None:
    ping = {"type": "object", "required": ["ping", "at"], "properties": {"ping": {"const": True}}}
    schema = JsonSchema((ping, ORDER))
    assert schema.violations({"id": 1}) == ()
    assert [one.place for one in schema.violations({"id": "1"})] == [("id",)]


def test_bytes_and_deep_values_are_no_exception() -> None:
    assert JsonSchema(({"type": "object"},)).violations({"a": b"\0"}) == ()
    deep: Any = []
    for _level in range(5000):
        deep = [deep]
    assert "nested too deeply" in JsonSchema((ORDER,)).violations(deep)[0].words


def test_an_expression_that_would_take_forever_does_not() -> None:
    schema = JsonSchema(({"type": "string", "pattern": "^(a+)+$"},))
    assert len(schema.violations("a" * 100_000 + "b")) == 1
    assert JsonSchema(({"pattern": "(?=a)a"},)).violations("ab") == ()  # RE2 does not know it


def test_a_reference_to_elsewhere_is_not_fetched() -> None:
    schema = JsonSchema(({"$ref": "http://127.0.0.1:1/other.json"},))
    assert "cannot be used" in schema.violations({})[0].words


def test_violations_are_bounded() -> None:
    schema = JsonSchema(({"items": {"type": "integer"}},))
    assert len(schema.violations(["x"] * 1000)) == MAX_VIOLATIONS
    assert len(schema.violations(["x" * 10_000])[0].words) <= 300


def test_a_wrong_schema_is_refused_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"\$\.type"):
        JsonSchema(({"type": "intger"},))
