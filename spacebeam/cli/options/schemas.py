"""The schemas of payloads that do not have them inside: Protobuf's and Avro's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click import UsageError
from cloup import option, option_group

from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.schemas import AvroRule, ProtobufRule, Schemas
from spacebeam.decode.visible import one_line

_DIRECTIONS = ("sent", "received")
_MAX_SIZE = 16 * 2**20  # bytes of an Avro schema
_MAX_NAMED = 20  # types that an error lists

schema_options = option_group(
    "Schemas",
    option("--proto", metavar="FILE", help="Protobuf schema: a .proto file or a descriptor set."),
    option(
        "--message-type",
        "message_types",
        metavar="[sent:|received:]TYPE",
        multiple=True,
        help="Its type that messages have, as feed.v1.Envelope; all of one direction or of both. "
        "[default: the only type]",
    ),
    option("--avro", metavar="FILE", help="Avro schema (.avsc) of messages without one inside."),
)


def schemas_of(given: Mapping[str, Any]) -> Schemas | None:
    """Return the given schemas; None if there are none. Raises UsageError."""
    if given["proto"] is None and given["message_types"]:
        raise UsageError("--message-type names a type of --proto FILE, which is missing.")
    protobuf = _protobuf(given["proto"], given["message_types"]) if given["proto"] else Schemas()
    avro = (_avro(given["avro"]),) if given["avro"] else ()
    if protobuf.protobuf is None and not avro:
        return None
    return Schemas(protobuf.protobuf, protobuf.rules, avro)


def _protobuf(path: str, types: tuple[str, ...]) -> Schemas:
    from spacebeam.exchange.protobuf_files import SchemaFileError, read_protobuf_schema
    from spacebeam.wording.exchange import schema_words

    try:
        schema = read_protobuf_schema(Path(path))
    except SchemaFileError as error:
        raise UsageError(f"{one_line(path)}: {schema_words(error)}.") from None
    except OSError as error:
        raise UsageError(f"Could not read {one_line(path)}: {error.strerror}.") from None
    names = sorted(schema.messages)
    rules = [_rule(written) for written in types]
    if not rules:
        if len(names) != 1:
            listed = ", ".join(names[:_MAX_NAMED]) + (", …" if len(names) > _MAX_NAMED else "")
            raise UsageError(f"Say with --message-type which type messages have: {listed}.")
        rules = [ProtobufRule(names[0])]
    for rule in rules:
        if rule.message not in schema.messages:
            listed = ", ".join(names[:_MAX_NAMED])
            raise UsageError(f"There is no type {one_line(rule.message)}; there are: {listed}.")
    return Schemas(schema, tuple(rules))


def _rule(written: str) -> ProtobufRule:
    direction, colon, name = written.partition(":")
    if colon and direction in _DIRECTIONS:
        return ProtobufRule(name, direction=direction)
    return ProtobufRule(written)


def _avro(path: str) -> AvroRule:
    from spacebeam.decode.avro.schema import AvroSchema

    try:
        with Path(path).open("rb") as file:
            return AvroRule(AvroSchema(file.read(_MAX_SIZE)))
    except OSError as error:
        raise UsageError(f"Could not read {one_line(path)}: {error.strerror}.") from None
    except (DecodeError, ValueError) as error:
        raise UsageError(f"{one_line(path)} is no Avro schema: {error}.") from None
