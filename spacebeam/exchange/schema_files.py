"""The schemas of a connection, read from the files that its profile names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from spacebeam.decode.avro.schema import AvroSchema
from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.protobuf.schema import ProtobufSchema
from spacebeam.decode.schemas import AvroRule, ProtobufRule, Schemas, protobuf_rule
from spacebeam.exchange.protobuf_files import (
    SchemaFault,
    SchemaFileError,
    read_protobuf_schema,
)
from spacebeam.profiles.profile import SchemaFiles

_MAX_AVRO = 16 * 2**20  # bytes
MAX_NAMED = 20  # types that an error lists
_GOOGLE = "google.protobuf."  # types that a schema imports


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """Why a file, or what is chosen of it, is not used."""

    path: str  # of the profile's field, such as "schemas.avro"
    file: str
    error: SchemaFileError


@dataclass(frozen=True, slots=True)
class LoadedSchemas:
    """What the files give."""

    schemas: Schemas | None = None  # None: no file gives one
    types: tuple[str, ...] = ()  # full names of the Protobuf message types
    problems: tuple[SchemaProblem, ...] = ()


def in_folder(files: SchemaFiles, folder: Path) -> SchemaFiles:
    """Return the files with absolute paths, of which the relative ones are in `folder`."""

    def absolute(path: str) -> str:
        return str(folder / Path(path).expanduser()) if path else ""

    return replace(
        files,
        protobuf=absolute(files.protobuf),
        avro=absolute(files.avro),
        json_schema=absolute(files.json_schema),
    )


def load_schemas(files: SchemaFiles) -> LoadedSchemas:
    """Read the files. It may take seconds."""
    problems: list[SchemaProblem] = []
    found = Schemas()
    types: tuple[str, ...] = ()
    if files.protobuf:
        try:
            schema = read_protobuf_schema(Path(files.protobuf).expanduser())
        except (OSError, SchemaFileError) as error:
            problems.append(_problem("schemas.protobuf", files.protobuf, error))
        else:
            types = message_types(schema)
            rules, wrong = _rules(files, schema, types)
            problems += wrong
            found = Schemas(schema, rules)
    if files.avro:
        try:
            rule = AvroRule(_read_avro(Path(files.avro).expanduser()))
        except (OSError, SchemaFileError) as error:
            problems.append(_problem("schemas.avro", files.avro, error))
        else:
            found = replace(found, avro=(rule,))
    if files.json_schema:
        from spacebeam.exchange.json_schema_file import read_json_schema  # few have one

        try:
            checks = read_json_schema(Path(files.json_schema).expanduser())
        except (OSError, SchemaFileError) as error:
            problems.append(_problem("schemas.json_schema", files.json_schema, error))
        else:
            found = replace(found, received=checks.received, sent=checks.sent)
    is_used = bool(found.rules or found.avro or found.received or found.sent)
    return LoadedSchemas(found if is_used else None, types, tuple(problems))


def message_types(schema: ProtobufSchema) -> tuple[str, ...]:
    """Return the message types that payloads can have, without those of Google if it has others."""
    every = sorted(one.name for one in schema.messages.values() if not one.is_map_entry)
    return tuple(one for one in every if not one.startswith(_GOOGLE)) or tuple(every)


def _problem(path: str, file: str, error: OSError | SchemaFileError) -> SchemaProblem:
    if isinstance(error, OSError):
        error = SchemaFileError(SchemaFault.UNREADABLE, error.strerror or str(error))
    return SchemaProblem(path, file, error)


def _rules(
    files: SchemaFiles, schema: ProtobufSchema, types: tuple[str, ...]
) -> tuple[tuple[ProtobufRule, ...], list[SchemaProblem]]:
    """Return the rules whose types there are; the only type needs none."""
    written = [protobuf_rule(one) for one in files.message_types]
    if not any(not one.field for one in written) and len(types) == 1:
        written.append(ProtobufRule(types[0]))
    known = tuple(one for one in written if one.message in schema.messages)
    errors = [
        SchemaFileError(SchemaFault.TYPE_UNKNOWN, one.message)
        for one in written
        if one.message not in schema.messages
    ]
    if not errors and not any(not one.field for one in written):
        named = ", ".join(types[:MAX_NAMED]) + (", …" if len(types) > MAX_NAMED else "")
        errors.append(SchemaFileError(SchemaFault.TYPE_MISSING, named))
    return known, [_problem("schemas.message_types", files.protobuf, one) for one in errors]


def _read_avro(path: Path) -> AvroSchema:
    """Return the schema of a file. Raises OSError and SchemaFileError."""
    with path.open("rb") as file:
        data = file.read(_MAX_AVRO)
    try:
        return AvroSchema(data)
    except DecodeError as error:
        line, column = _place(data, error.offset)
        raise SchemaFileError(SchemaFault.NO_AVRO_SCHEMA, str(error), line, column) from None
    except ValueError as error:
        raise SchemaFileError(SchemaFault.NO_AVRO_SCHEMA, str(error)) from None


def _place(data: bytes, offset: int) -> tuple[int, int]:
    """Return the line and the column of an offset in bytes, counted from 1."""
    before = data[:offset].decode(errors="replace")
    return before.count("\n") + 1, len(before) - before.rfind("\n")
