"""What an export or import did not carry over, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from spacebeam.decode.visible import one_line
from spacebeam.exchange.protobuf_files import SchemaFault, SchemaFileError
from spacebeam.wording.i18n import _, ngettext

_MAX_NAMES = 5  # of one kind of losses, in a sentence


def not_carried_words(
    losses: Mapping[str, int], names: Mapping[str, Iterable[str]] | None = None
) -> str:
    """Return a sentence of all that was not carried over; "" if that is nothing.

    The keys are values of `exchange.losses.Loss`. `names` say what some of it was, as the file's
    author wrote it: they are not escaped.
    """
    parts = [
        loss_words(name, count) + _names_words(list((names or {}).get(name, ())))
        for name, count in losses.items()
        if count
    ]
    return _("Not carried over: {list}.").format(list="; ".join(parts)) if parts else ""


def _names_words(names: list[str]) -> str:
    """Return names in brackets, and an ellipsis if there are more."""
    shown = names[:_MAX_NAMES]
    if not shown:
        return ""
    return f" ({', '.join(shown)}{', …' if len(names) > len(shown) else ''})"


def not_carried_list(losses: Mapping[str, int]) -> str:
    """Return all that was not carried over, a line each, below a heading; "" if that is nothing."""
    lines = [f"• {loss_words(name, count)}" for name, count in losses.items() if count]
    return "\n".join((_("Not carried over:"), *lines)) if lines else ""


def left_out_words(losses: Collection[str], *, with_control_frames: bool = False) -> str:
    """Return what a format has no place for, as a sentence, before an export."""
    names = {
        "events": _("events of the connection"),
        "control-frames": _("pings and pongs"),
        "closes": _("close frames"),
        "handshakes": _("handshakes"),
        "marks": _("stars and notes"),
        "other-entries": _("all entries but messages"),
        "wire-forms": _("how messages were fragmented or compressed"),
    }
    without = ("control-frames",) if with_control_frames else ()
    parts = [words for name, words in names.items() if name in losses and name not in without]
    return _("Left out: {list}.").format(list=", ".join(parts)) if parts else ""


def unavailable_words() -> str:
    """Return why a format cannot be written here, and what to do."""
    return _("Parquet needs pyarrow. Install it with: pip install 'spacebeam[parquet]'")


def schema_words(error: SchemaFileError) -> str:
    """Return why a file gives no schema, and what to do, without a full stop."""
    words = one_line(error.words)
    if error.line:
        words = _("line {line}, column {column}: {words}").format(
            line=f"{error.line:,}", column=f"{error.column:,}", words=words
        )
    return {
        SchemaFault.NO_COMPILER: _(
            "A .proto file needs grpcio-tools. Install it with: pip install 'spacebeam[protobuf]'. "
            "Or choose a descriptor set, written by: "
            "protoc --include_imports --descriptor_set_out=FILE"
        ),
        SchemaFault.NOT_COMPILED: _("The .proto file has errors: {words}").format(words=words),
        SchemaFault.TIMED_OUT: _("Compiling the .proto file timed out"),
        SchemaFault.NO_DESCRIPTOR_SET: _("The file is no descriptor set of Protocol Buffers"),
        SchemaFault.TOO_LARGE: _("The descriptor set is larger than 64 MiB"),
        SchemaFault.UNREADABLE: _("Could not read the file: {words}").format(words=words),
        SchemaFault.NO_AVRO_SCHEMA: _("The file is no Avro schema: {words}").format(words=words),
        SchemaFault.NO_JSON_SCHEMA: _("The file is no JSON Schema: {words}").format(words=words),
        SchemaFault.NO_LIBRARY: _(
            "JSON Schema needs jsonschema. Install it with: pip install 'spacebeam[schema]'"
        ),
        SchemaFault.TYPE_MISSING: _("Choose which type messages have: {words}").format(words=words),
        SchemaFault.TYPE_UNKNOWN: _("The schema has no type “{name}”").format(name=words),
    }[error.fault]


def format_name(name: str) -> str:
    """Return what a format that is imported is called."""
    return {
        "har": "HAR",
        "jsonl": "JSON Lines",
        "cdp": _("Events of Chrome"),
        "capture": _("Packet capture"),
        "postman": "Postman",
        "insomnia": "Insomnia",
        "bruno": "Bruno",
        "yaak": "Yaak",
        "hoppscotch": "Hoppscotch",
        "opencollection": "OpenCollection",
        "asyncapi": "AsyncAPI",
        "http": _("Requests (.http)"),
        "command": _("Command lines"),
        "postman-environment": _("Environment of Postman"),
    }[name]


def loss_words(name: str, count: int) -> str:
    """Return a phrase such as “2 pings or pongs”."""
    return _phrases(count)[name].format(count=f"{count:,}")


def loss_names() -> Iterable[str]:
    """Return the names of all losses that have words."""
    return _phrases(1).keys()


def import_fault_words(fault: str, *, line: int = 0, offset: int = 0, member: str = "") -> str:
    """Return why a file could not be imported, or not from some place on, as a sentence.

    `fault` is a value of `exchange.importers.importer.ImportFault`, `member` the file of an archive
    that has the place, as its author named it.
    """
    sentence = _faults()[fault]
    if "{place}" not in sentence:
        return sentence
    where = _("line {line}") if line else _("byte {offset}")
    place = where.format(line=f"{line:,}", offset=f"{offset:,}")
    if member:
        place = _("{place} of {file}").format(place=place, file=f"“{member}”")
    return sentence.format(place=place)


def fault_names() -> Iterable[str]:
    """Return the names of all faults that have words."""
    return _faults().keys()


def _faults() -> dict[str, str]:
    return {
        "unknown-format": _(
            "It is none of the formats that can be imported: recordings as HAR, JSON Lines, events "
            "of Chrome or packet captures; connections of Postman, Insomnia, Bruno, Yaak or "
            "Hoppscotch, .http files, AsyncAPI, command lines."
        ),
        "not-json": _("At {place} it is not valid JSON."),
        "cut-off": _("It is cut off at {place}."),
        "too-large": _("At {place} is a message that is too large."),
        "other-shape": _("At {place} is something else than this format has there."),
        "too-many": _("At {place} it has more connections than are imported from one file."),
        "not-zlib": _("Its compression is damaged after {place}."),
        "not-zip": _("The zip archive is damaged after {place}."),
        "not-yaml": _("At {place} it is not valid YAML."),
        "too-deep": _("Its values are nested too deeply."),
        "file-too-large": _("It is too large for a file of connections."),
        "too-many-files": _("It has too many files and folders."),
    }


def _phrases(count: int) -> dict[str, str]:
    return {
        **_entry_phrases(count),
        **_request_phrases(count),
        **_capture_phrases(count),
        **_connection_phrases(count),
        **_collection_phrases(count),
    }


def _entry_phrases(count: int) -> dict[str, str]:
    """What a recording has and a format has no place for."""
    return {
        "events": ngettext(
            "{count} event of the connection", "{count} events of the connection", count
        ),
        "control-frames": ngettext("{count} ping or pong", "{count} pings and pongs", count),
        "closes": ngettext("{count} close frame", "{count} close frames", count),
        "wire-forms": ngettext(
            "how {count} message was fragmented or compressed",
            "how {count} messages were fragmented or compressed",
            count,
        ),
        "handshakes": ngettext("{count} handshake", "{count} handshakes", count),
        "marks": ngettext("{count} star or note", "{count} stars and notes", count),
        "invalid-texts": ngettext(
            "the invalid bytes of {count} text that is not UTF-8",
            "the invalid bytes of {count} texts that are not UTF-8",
            count,
        ),
        "other-entries": ngettext(
            "{count} entry that is no message", "{count} entries that are no messages", count
        ),
        "secrets": ngettext(
            "the secrets in {count} header or address",
            "the secrets in {count} headers and addresses",
            count,
        ),
        "unwritable-messages": ngettext(
            "{count} message that the file cannot hold",
            "{count} messages that the file cannot hold",
            count,
        ),
        "wrong-times": ngettext(
            "the exact time of {count} message", "the exact times of {count} messages", count
        ),
    }


def _request_phrases(count: int) -> dict[str, str]:
    """What a log of requests has and a recording has no place for."""
    return {
        "other-requests": ngettext(
            "{count} request that is no WebSocket", "{count} requests that are no WebSockets", count
        ),
        "refused": ngettext("{count} refused handshake", "{count} refused handshakes", count),
        "no-messages": ngettext(
            "the messages of {count} connection, which are not in the file",
            "the messages of {count} connections, which are not in the file",
            count,
        ),
        "invalid-messages": ngettext(
            "{count} message that cannot be read", "{count} messages that cannot be read", count
        ),
    }


def _capture_phrases(count: int) -> dict[str, str]:
    """What a packet capture has and cannot be read."""
    return {
        "http2": ngettext(
            "{count} connection of HTTP/2, whose WebSockets are not read",
            "{count} connections of HTTP/2, whose WebSockets are not read",
            count,
        ),
        "encrypted": ngettext(
            "{count} connection that TLS encrypts",
            "{count} connections that TLS encrypts",
            count,
        ),
        "tls-secrets": ngettext(
            "{count} block of TLS keys, which are not used to decrypt",
            "{count} blocks of TLS keys, which are not used to decrypt",
            count,
        ),
        "other-connections": ngettext(
            "{count} connection of TCP without the handshake of a WebSocket",
            "{count} connections of TCP without the handshake of a WebSocket",
            count,
        ),
        "too-many-open": ngettext(
            "{count} WebSocket, as too many were open at once",
            "{count} WebSockets, as too many were open at once",
            count,
        ),
        "missing-bytes": ngettext(
            "{count} byte that the capture does not have",
            "{count} bytes that the capture does not have",
            count,
        ),
        "other-links": ngettext(
            "{count} packet of a kind of network that is not read",
            "{count} packets of a kind of network that is not read",
            count,
        ),
        "ip-fragments": ngettext(
            "{count} fragment of an IP packet", "{count} fragments of IP packets", count
        ),
    }


def _connection_phrases(count: int) -> dict[str, str]:
    """What other programs know of one connection, and is not carried over."""
    return {
        "scripts": ngettext("{count} script or test", "{count} scripts and tests", count),
        "expressions": ngettext(
            "{count} expression, which stays as text",
            "{count} expressions, which stay as text",
            count,
        ),
        "disabled": ngettext(
            "{count} header or parameter that is switched off",
            "{count} headers and parameters that are switched off",
            count,
        ),
        "handshake-headers": ngettext(
            "{count} header that every handshake makes itself",
            "{count} headers that every handshake makes itself",
            count,
        ),
        "invalid-headers": ngettext("{count} invalid header", "{count} invalid headers", count),
        "sign-ins": ngettext("{count} way to sign in", "{count} ways to sign in", count),
        "secret-values": ngettext(
            "{count} secret that has no value in the file",
            "{count} secrets that have no value in the file",
            count,
        ),
        "unsaved-secrets": ngettext(
            "{count} secret, which is asked for when connecting",
            "{count} secrets, which are asked for when connecting",
            count,
        ),
        "settings": ngettext("{count} setting", "{count} settings", count),
        "certificates": ngettext(
            "{count} set of client certificates", "{count} sets of client certificates", count
        ),
        "waits": ngettext(
            "{count} wait for the server between messages",
            "{count} waits for the server between messages",
            count,
        ),
        "heartbeats": ngettext(
            "the answers to the heartbeat of {count} connection of Socket.IO",
            "the answers to the heartbeats of {count} connections of Socket.IO",
            count,
        ),
        "addresses": ngettext(
            "{count} address, which is unknown", "{count} addresses, which are unknown", count
        ),
        "messages": ngettext(
            "{count} message, not or not as it is",
            "{count} messages, not or not as they are",
            count,
        ),
    }


def _collection_phrases(count: int) -> dict[str, str]:
    """What a collection has beside its connections, and is not carried over."""
    return {
        "cookies": ngettext(
            "{count} cookie of no connection", "{count} cookies of no connection", count
        ),
        "descriptions": ngettext(
            "{count} description of a part", "{count} descriptions of parts", count
        ),
        "files": ngettext(
            "{count} file that cannot be read or is elsewhere",
            "{count} files that cannot be read or are elsewhere",
            count,
        ),
        "environments": ngettext(
            "{count} environment that was not chosen",
            "{count} environments that were not chosen",
            count,
        ),
        "variables": ngettext(
            "{count} variable that has several values or cannot be written",
            "{count} variables that have several values or cannot be written",
            count,
        ),
        "made-values": ngettext(
            "{count} value that is made each time, and is fixed there",
            "{count} values that are made each time, and are fixed there",
            count,
        ),
        "excess": ngettext(
            "{count} part beyond a limit of size, number or depth",
            "{count} parts beyond a limit of size, number or depth",
            count,
        ),
    }
