"""The JSON Schema of a connection's messages: a file of its own, or an AsyncAPI document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacebeam.decode.json_schema import JsonSchema
from spacebeam.exchange.collections.importers.asyncapi_channels import ApiChannel, AsyncApi
from spacebeam.exchange.collections.importers.asyncapi_file import is_asyncapi
from spacebeam.exchange.collections.importers.files import is_json
from spacebeam.exchange.collections.importers.json_schema import typed
from spacebeam.exchange.collections.importers.values import record
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.protobuf_files import SchemaFault, SchemaFileError

_MAX_SIZE = 16 * 2**20  # bytes
_REFERRED = ("components", "channels", "operations")  # parts that references lead to


@dataclass(frozen=True, slots=True)
class MessageSchemas:
    """The schemas of the two directions; None where the file says nothing."""

    received: JsonSchema | None = None
    sent: JsonSchema | None = None


def read_json_schema(path: Path) -> MessageSchemas:
    """Return what a file says: a JSON Schema is of received messages, AsyncAPI of both directions.

    Raises OSError and SchemaFileError.
    """
    with path.open("rb") as file:
        data = file.read(_MAX_SIZE + 1)
    if len(data) > _MAX_SIZE:
        raise SchemaFileError(SchemaFault.NO_JSON_SCHEMA, "the file is larger than 16 MiB")
    document = _document(data)
    try:
        if is_asyncapi(document):
            return _of_asyncapi(document)
        if not isinstance(document, dict | bool):
            raise SchemaFileError(SchemaFault.NO_JSON_SCHEMA, "a schema is an object")
        return MessageSchemas(JsonSchema((document,)))
    except ImportError:
        raise SchemaFileError(SchemaFault.NO_LIBRARY) from None
    except SchemaFileError:
        raise
    except ValueError as error:
        raise SchemaFileError(SchemaFault.NO_JSON_SCHEMA, str(error)) from None


def _document(data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
        if is_json(text) or text.strip() in ("true", "false"):
            return json.loads(text)
    except UnicodeDecodeError:
        raise SchemaFileError(SchemaFault.NO_JSON_SCHEMA, "not UTF-8") from None
    except json.JSONDecodeError as error:
        where = error.lineno, error.colno
        raise SchemaFileError(SchemaFault.NO_JSON_SCHEMA, error.msg, *where) from None
    except RecursionError:
        raise SchemaFileError(SchemaFault.NO_JSON_SCHEMA, "nested too deeply") from None
    from spacebeam.exchange.collections.importers.yaml_text import parsed_yaml  # few have YAML

    try:
        return typed(parsed_yaml(text))
    except ImportFileError as error:
        words = "neither JSON nor YAML"
        raise SchemaFileError(SchemaFault.NO_JSON_SCHEMA, words, error.line or 1, 1) from None


def _of_asyncapi(document: Any) -> MessageSchemas:
    """Return the schemas of the messages that a client receives and sends, of all channels."""
    api = AsyncApi(record(document))
    channels, _others = api.channels()
    sent = _schema(api, channels, is_received=False)
    received = _schema(api, channels, is_received=True)
    if sent is None and received is None:
        raise ValueError("the document describes no messages of WebSockets")
    return MessageSchemas(received, sent)


def _schema(api: AsyncApi, channels: list[ApiChannel], *, is_received: bool) -> JsonSchema | None:
    parts = {name: api.document[name] for name in _REFERRED if name in api.document}
    payloads: list[Any] = []
    for channel in channels:
        for message in channel.messages(api, other_side=is_received):
            payload = record(message.get("payload"))
            schema = payload.get("schema", payload) if "schemaFormat" in payload else payload
            if schema and schema not in payloads:
                payloads.append(schema)
    if not payloads:
        return None
    return JsonSchema(({"allOf": [one], **parts} for one in payloads), is_asyncapi=True)
