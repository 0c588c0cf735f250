"""The views of a payload, the best one first."""

from __future__ import annotations

import gzip

import pytest

from spacebeam.decode.decoder import Context
from spacebeam.protocol.batch import Kind
from spacebeam.ui.inspector.views import PayloadView, views_for
from tests.ui.recordings import entry


def views(kind: Kind, payload: bytes, chosen: str = "") -> list[PayloadView]:
    return views_for(entry(payload, kind), Context(kind=kind.name.lower(), chosen=chosen))


def read(view: PayloadView) -> str:
    return "".join(span.text for span in view.render(80))


@pytest.mark.parametrize(
    ("kind", "payload", "labels"),
    [
        (Kind.TEXT, b"hello", ["Text", "Hex"]),
        (Kind.TEXT, b' {"a": 1}', ["JSON", "Text", "Hex"]),
        (Kind.TEXT, b'{"a": 1', ["Text", "Hex"]),
        (Kind.TEXT, b'[{"name": "' + b"x" * 300_000, ["JSON (guess)", "Text", "Hex"]),
        (Kind.TEXT, b"", ["Text", "Hex"]),
        (Kind.BINARY, b"\x00\x01", ["Hex", "Text"]),
        (Kind.BINARY, b"[1, 2]", ["JSON", "Hex", "Text"]),
        (Kind.BINARY, gzip.compress(b"[1]"), ["gzip › JSON", "Hex", "Text"]),
        (Kind.BINARY, gzip.compress(b"[" * 90_000), ["gzip › JSON (guess)", "Hex", "Text"]),
        (Kind.BINARY, gzip.compress(b"\xff"), ["gzip", "Hex", "Text"]),
        (Kind.BINARY, b"\x1f\x8b\x08\x00 and no more", ["gzip (guess)", "Hex", "Text"]),
        (Kind.TEXT, b"<a/>", ["XML", "Text", "Hex"]),
        (Kind.TEXT, b"a=1&b=2", ["Text", "Form (guess)", "Hex"]),
        (Kind.PING, b"now", ["Text", "Hex"]),
        (Kind.PING, b"\x00", ["Hex", "Text"]),
        (Kind.CLOSE, b"\x03\xe8", ["Close", "Hex"]),
        (Kind.EVENT, b"{}", ["Event", "Text"]),
    ],
)
def test_the_view_that_fits_a_payload_best_comes_first(
    kind: Kind, payload: bytes, labels: list[str]
) -> None:
    assert [view.label for view in views(kind, payload)] == labels


def test_a_close_frame_is_its_code_in_words_and_the_reason() -> None:
    assert read(views(Kind.CLOSE, b"\x03\xe9restart\x07")[0]) == "1001 going away: restart␇"
    assert read(views(Kind.CLOSE, b"\x03\xe8")[0]) == "1000 normal closure"


def test_only_a_hex_dump_is_not_wrapped() -> None:
    assert {view.name: view.is_wrapped for view in views(Kind.TEXT, b"[1]")} == {
        "JSON": True,
        "Text": True,
        "Hex": False,
    }


def test_a_dump_of_what_is_inside_has_room_on_its_lines() -> None:
    view = views(Kind.BINARY, gzip.compress(b"\xff" * 20))[0]
    assert view.name == "gzip"
    assert not view.is_same(80, 30)
    assert view.is_same(80, 81)
    assert max(map(len, "".join(span.text for span in view.render(30)).split("\n"))) <= 30


def test_the_names_of_many_formats_have_room() -> None:
    payload = b"[1]"
    for _level in range(5):
        payload = gzip.compress(payload)
    assert views(Kind.BINARY, payload)[0].label == "gzip › gzip › … › JSON"


@pytest.mark.parametrize(
    ("payload", "has_tree", "is_slow"),
    [
        (gzip.compress(b"[1]"), True, False),
        (gzip.compress(gzip.compress(b"<a/>")), True, False),
        (
            gzip.compress(b"[" + b"1," * 20_000 + b"1]"),
            True,
            True,
        ),  # it is short, but for what is inside
        (gzip.compress(b"text"), False, False),
        (gzip.compress(b"\xff"), False, False),
    ],
)
def test_what_is_inside_is_a_tree_if_it_has_fields(
    payload: bytes, has_tree: bool, is_slow: bool
) -> None:
    view = views(Kind.BINARY, payload)[0]
    assert (view.has_tree, view.is_slow) == (has_tree, is_slow)
