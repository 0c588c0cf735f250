"""The schemas of messages: Protobuf's and Avro's, which read them, and the one that checks them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click import UsageError
from cloup import option, option_group

from spacebeam.cli.messages import print_note
from spacebeam.cli.options import values
from spacebeam.decode.schemas import Schemas
from spacebeam.decode.visible import one_line
from spacebeam.profiles.profile import SchemaFiles

schema_options = option_group(
    "Schemas",
    option(
        "--proto",
        metavar="FILE",
        shell_complete=values.file_names,
        help="Protobuf schema: a .proto file or a descriptor set.",
    ),
    option(
        "--message-type",
        "message_types",
        metavar="RULE",
        multiple=True,
        help="Its type that messages have: [sent:|received:][/PATH:][FIELD=]TYPE, as "
        "feed.v1.Envelope for all, sent:feed.v1.Request for one direction, /feed/*:a.B for the "
        "paths of a pattern, trade.raw=a.C for bytes in a field. Repeatable; the first that fits "
        "counts. [default: the only type]",
    ),
    option(
        "--avro",
        metavar="FILE",
        shell_complete=values.file_names,
        help="Avro schema (.avsc) of messages without one inside.",
    ),
    option(
        "--json-schema",
        metavar="FILE",
        shell_complete=values.file_names,
        help="JSON Schema (draft 2020-12) of received messages, or an AsyncAPI document. The "
        "filter is:invalid finds those that violate it, and “decode” prints where; “connect "
        "--save-as” saves it for the window.",
    ),
)


def schema_files(given: Mapping[str, Any]) -> SchemaFiles:
    """Return the files of the options. Raises UsageError."""
    if given.get("proto") is None and given.get("message_types"):
        raise UsageError("--message-type names a type of --proto FILE, which is missing.")
    return SchemaFiles(
        _absolute(given.get("proto")),
        tuple(given.get("message_types") or ()),
        _absolute(given.get("avro")),
        _absolute(given.get("json_schema")),
    )


def schemas_of(given: Mapping[str, Any]) -> Schemas | None:
    """Return the given schemas; None if there are none. Raises UsageError."""
    return schemas_in(schema_files(given), is_given=True)


def connection_schemas(given: Mapping[str, Any]) -> Schemas | None:
    """Return the schemas of the options, or else of the saved connection. Raises UsageError."""
    files = schema_files(given)
    is_given = files != SchemaFiles()
    return schemas_in(files if is_given else given["target"].profile.schemas, is_given=is_given)


def schemas_in(files: SchemaFiles, *, is_given: bool = False) -> Schemas | None:
    """Return the schemas of files; None without any.

    A file that is wrong is bad usage if it `is_given`: UsageError is raised. Of a saved connection
    it is a note: messages can be read without it.
    """
    if files == SchemaFiles():
        return None
    from spacebeam.exchange.protobuf_files import SchemaFault  # few commands have a schema
    from spacebeam.exchange.schema_files import MAX_NAMED, load_schemas
    from spacebeam.wording.exchange import schema_words

    loaded = load_schemas(files)
    for one in loaded.problems:
        advice = ""
        if one.error.fault in (SchemaFault.TYPE_MISSING, SchemaFault.TYPE_UNKNOWN):
            is_missing = one.error.fault is SchemaFault.TYPE_MISSING
            named = "" if is_missing else ", ".join(loaded.types[:MAX_NAMED])
            advice = " Say it with --message-type." if not named else f" There are: {named}."
        words = f"{one_line(one.file)}: {schema_words(one.error)}.{advice}"
        if is_given:
            raise UsageError(words)
        print_note(words)
    return loaded.schemas


def _absolute(path: str | None) -> str:
    return str(Path(path).expanduser().absolute()) if path else ""
