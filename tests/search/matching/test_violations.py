"""The filter `is:invalid`: messages that violate the JSON Schema of their connection."""

from __future__ import annotations

import json

import pytest

from spacebeam.decode.decoder import Context
from spacebeam.decode.json_schema import MAX_SIZE, JsonSchema
from spacebeam.decode.schemas import Schemas
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView
from spacebeam.search.violations import lacks_schema

WHOLE = JsonSchema(({"properties": {"id": {"type": "integer"}}},))
SHORT = JsonSchema(({"required": ["op"]},))
SENT, RECEIVED = Direction.SENT, Direction.RECEIVED
ENTRIES = (
    (RECEIVED, Kind.TEXT, b'{"id": 7}'),
    (RECEIVED, Kind.TEXT, b'{"id": "7"}'),
    (SENT, Kind.TEXT, b'{"id": "7"}'),
    (RECEIVED, Kind.TEXT, b"no JSON"),
    (RECEIVED, Kind.BINARY, b"\x81\xa2id\xa17"),  # MessagePack
    (RECEIVED, Kind.PING, b'{"id": "7"}'),
    (RECEIVED, Kind.TEXT, b'{"id": null, "note": "x"}'),
)


def recorded(*entries: tuple[Direction, Kind, bytes]) -> Recording:
    recording = Recording()
    for direction, kind, payload in entries:
        recording.append(single(1.0, direction, kind, payload))
    return recording


def matcher_of(text: str, schemas: Schemas | None) -> Matcher:
    return Matcher(parse(text), connection=Context(schemas=schemas))


@pytest.mark.parametrize(
    ("text", "schemas", "places"),
    [
        ("is:invalid", Schemas(received=WHOLE), [1, 4, 6]),
        ("is:invalid -is:binary", Schemas(received=WHOLE), [1, 6]),
        ("-is:invalid is:received", Schemas(received=WHOLE), [0, 3, 5]),
        ("json:note is:invalid", Schemas(received=WHOLE), [6]),
        ("is:invalid", Schemas(sent=SHORT), [2]),
        ("is:invalid", Schemas(received=WHOLE, sent=SHORT), [1, 2, 4, 6]),
        ("is:invalid", Schemas(), []),
        ("is:invalid", None, []),
    ],
)
def test_a_filter_finds_what_violates_the_schema_of_its_direction(
    text: str, schemas: Schemas | None, places: list[int]
) -> None:
    assert list(matcher_of(text, schemas).matches(recorded(*ENTRIES).block(0))) == places


def test_messages_that_are_too_long_to_be_checked_are_counted() -> None:
    long = json.dumps({"id": "x" * MAX_SIZE}).encode()
    recording = recorded((RECEIVED, Kind.TEXT, long), (RECEIVED, Kind.TEXT, b'{"id":[]}'))
    view = FilteredView(recording, matcher_of("is:invalid", Schemas(received=WHOLE)))
    view.advance()
    assert (len(view), view.number(0), view.unsearched) == (1, 1, 1)


def test_a_view_checks_no_message_in_a_limited_time() -> None:
    recording = recorded(*ENTRIES * 300)
    view = FilteredView(recording, matcher_of("is:invalid", Schemas(received=WHOLE)))
    steps = 0
    while view.advance(60.0) or view.pending:
        assert view.pending is not None
        view.accept(view.pending())
        steps += 1
    assert steps > 1
    shown = [view.number(position) for position in range(len(view))]
    assert shown == [number for number in range(2100) if number % 7 in (1, 4, 6)]


def test_hidden_filters_may_be_about_the_schema() -> None:
    matcher = Matcher(
        parse("is:received"),
        hidden=[parse("is:invalid")],
        connection=Context(schemas=Schemas(received=WHOLE)),
    )
    assert list(matcher.matches(recorded(*ENTRIES).block(0))) == [0, 3, 5]


def test_a_filter_lacks_a_schema_that_nobody_chose() -> None:
    filters = [parse("price"), parse("-is:invalid")]
    assert lacks_schema(filters, None)
    assert lacks_schema(filters, Schemas())
    assert not lacks_schema(filters, Schemas(sent=SHORT))
    assert not lacks_schema(filters[:1], None)
