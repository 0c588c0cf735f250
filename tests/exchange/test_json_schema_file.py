"""The file of a JSON Schema, or an AsyncAPI document with the schemas of both directions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spacebeam.exchange.json_schema_file import read_json_schema
from spacebeam.exchange.protobuf_files import SchemaFault, SchemaFileError
from spacebeam.wording.exchange import schema_words

ASYNCAPI_2 = """\
asyncapi: 2.6.0
info: {title: Feed, version: 1.0.0}
servers:
  live: {url: feed.test, protocol: wss}
channels:
  /v1:
    publish: {message: {$ref: '#/components/messages/order'}}
    subscribe:
      message:
        oneOf: [{$ref: '#/components/messages/trade'}, {payload: {const: ready}}]
components:
  messages:
    order: {payload: {type: object, required: [op]}}
    trade: {payload: {$ref: '#/components/schemas/trade'}}
  schemas:
    trade: {type: object, properties: {price: {type: number}}}
"""


def file(folder: Path, text: str, name: str = "schema.json") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_json_schema_is_of_received_messages(tmp_path: Path) -> None:
    found = read_json_schema(file(tmp_path, json.dumps({"type": "object"})))
    assert found.sent is None
    assert found.received is not None
    assert found.received.violations([])[0].words == "[] is not of type 'object'"


def test_a_schema_may_be_yaml(tmp_path: Path) -> None:
    text = "type: object\nproperties:\n  id:\n    type: integer\n    minimum: 1\n"
    found = read_json_schema(file(tmp_path, text, "schema.yaml")).received
    assert found is not None
    assert [one.json_path for one in found.violations({"id": 0})] == ["$.id"]


def test_asyncapi_has_schemas_of_both_directions(tmp_path: Path) -> None:
    found = read_json_schema(file(tmp_path, ASYNCAPI_2, "feed.yaml"))
    assert found.received is not None
    assert found.sent is not None
    assert found.received.violations({"price": 1.5}) == ()
    assert found.received.violations("ready") == ()
    assert [one.json_path for one in found.received.violations({"price": "1"})] == ["$.price"]
    assert found.sent.violations({"op": "buy"}) == ()
    assert "'op' is a required property" in found.sent.violations({})[0].words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{\n  "type": }', "line 2, column 11: Expecting value"),
        ('{"type": "intger"}', "$.type: 'intger' is not valid"),
        ("[1]", "a schema is an object"),
        ("a: [", "line 2, column 1: neither JSON nor YAML"),
        ('{"asyncapi": "3.0.0", "channels": {}}', "describes no messages"),
    ],
)
def test_a_wrong_file_is_said(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SchemaFileError) as caught:
        read_json_schema(file(tmp_path, text))
    assert caught.value.fault is SchemaFault.NO_JSON_SCHEMA
    assert told in schema_words(caught.value)
