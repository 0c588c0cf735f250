"""Wrapped payloads as peers send them, each with what is inside."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.registry import REGISTRY
from tests.decode.transcripts import Line, Transcript

WRAPPERS = Transcript("wrappers")
TITLES = {
    "JSON text": "JSON",
    "JSON in binary": "JSON",
    "JSON lines": "JSON Lines",
    "gzip": "gzip › JSON",
    "zlib": "zlib › JSON",
    "raw deflate": "Deflate › JSON",
    "not gzip": "gzip",
}
TEXT = Context("text")


def line_of(expected: dict[str, Any]) -> Line:
    return next(line for line in WRAPPERS.lines() if line.number == expected["line"])


def plain(value: Any) -> Any:
    """Return an expected value with Python's bytes."""
    if isinstance(value, dict):
        if value.keys() == {"bytes_base64"}:
            return base64.b64decode(value["bytes_base64"])
        return {key: plain(one) for key, one in value.items()}
    return value


def titled(payload: bytes, context: Context) -> str:
    return REGISTRY.title(REGISTRY.best(payload, context), payload, context)


@pytest.mark.parametrize("expected", WRAPPERS.expected, ids=lambda one: f"line {one['line']}")
def test_a_payload_has_the_value_that_is_inside(expected: dict[str, Any]) -> None:
    line = line_of(expected)
    assert line.context.direction == expected["direction"]
    if expected.get("inside") == "MessagePack":
        assert titled(line.payload, line.context) == "gzip › MessagePack"
    elif "values_text" in expected:
        assert titled(line.payload, line.context) == "gzip › Text"
        assert REGISTRY.value(line.payload, line.context) == expected["values_text"]
        return
    else:
        assert titled(line.payload, line.context) == TITLES[expected["type"]]
    if expected.get("note") == "error":
        with pytest.raises(DecodeError):
            REGISTRY.value(line.payload, line.context)
        summary = REGISTRY.summary(line.payload, line.context)
        assert summary.startswith("gzip: invalid")
        return
    assert REGISTRY.value(line.payload, line.context) == expected["values"]
    if expected["type"] in ("gzip", "zlib", "raw deflate") and "inside" not in expected:
        written = json.dumps(expected["values"], ensure_ascii=False, separators=(",", ":"))
        assert REGISTRY.summary(line.payload, line.context) == written


INSIDE = [
    (one["line"], path, value)
    for one in WRAPPERS.expected
    if isinstance(one.get("inside"), dict)
    for path, value in one["inside"].items()
]


@pytest.mark.parametrize(("number", "path", "inside"), INSIDE, ids=lambda one: str(one)[:20])
def test_a_string_of_a_value_has_what_is_inside(number: int, path: str, inside: Any) -> None:
    line = line_of({"line": number})
    value: Any = REGISTRY.value(line.payload, line.context)
    for key in path.split("."):
        value = json.loads(value) if isinstance(value, str) else value
        value = value[key]
    found = REGISTRY.value(value.encode(), TEXT)
    if path == "jwt":
        assert isinstance(found, dict)
        assert [found["header"], found["claims"]] == inside
        assert found["times"] == {"iat": "2026-01-02T03:00:00Z"}
    else:
        assert found == plain(inside)


def test_words_that_could_be_base64_or_hexadecimal_are_text() -> None:
    line = line_of({"line": 19})
    value: Any = REGISTRY.value(line.payload, line.context)
    for word in value.values():
        assert titled(word.encode(), TEXT) == "Text"
