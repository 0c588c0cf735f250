"""An entry's payload as code and text for other programs, and its connection as a command.

Secrets of the profile are left out: MASK stands in their place.
"""

from __future__ import annotations

import json
import shlex
from array import array
from base64 import b64encode
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from spacebeam.decode.cbor_diagnostic import diagnostic
from spacebeam.exchange.copied_sign_in import (
    CopyPart,
    curl_sign_in,
    lacks_aws_secret,
    left_out_by_curl,
    left_out_sign_ins,
    spacebeam_sign_in,
)
from spacebeam.exchange.json_lines import to_numbered_lines
from spacebeam.exchange.shown_request import ShownRequest, shown_request
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.batch import Batch, Kind
from spacebeam.protocol.secrets import MASK
from spacebeam.recording.entry import Entry, Mark

MAX_CODE_SIZE = 256 * 1024  # bytes of a payload in a command or a program
_MAX_ARGUMENT = 32 * 1024  # characters; Linux allows 128 KiB for one argument

_KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # the example of RFC 6455, section 1.3


class CopyForm(StrEnum):
    """What an entry can be copied as."""

    CURL = "curl"
    COMMAND = "command"
    PYTHON = "python"
    HEX = "hex"
    BASE64 = "base64"
    JSON_LINES = "json-lines"
    DIAGNOSTIC = "diagnostic"  # of CBOR (RFC 8949, section 8)


def in_form(
    form: CopyForm, entry: Entry, address: str, profile: Profile, mark: Mark | None = None
) -> str:
    """Return an entry in a form. The forms with code connect to `address`, as `profile` says.

    Raises DecodeError for the notation of CBOR if the payload is none.
    """
    payload = bytes(entry.payload)
    match form:
        case CopyForm.HEX:
            return payload.hex(" ")
        case CopyForm.BASE64:
            return b64encode(payload).decode()
        case CopyForm.DIAGNOSTIC:
            return diagnostic(payload)
        case CopyForm.JSON_LINES:
            marks = {} if mark is None else {entry.number: mark}
            return to_numbered_lines(_batch(entry, payload), [entry.number], marks)
    request, message = shown_request(address, profile), _message(entry, payload)
    match form:
        case CopyForm.CURL:
            code = curl_command(request, curl_sign_in(address, profile, with_secrets=False))
        case CopyForm.COMMAND:
            code = _command(request, message, spacebeam_sign_in(profile, with_secrets=False))
        case CopyForm.PYTHON:
            code = _python(request, message)
    parts = left_out(form, profile)
    return f"# Left out: {', '.join(parts)}.\n{code}" if parts else code


def left_out(form: CopyForm, profile: Profile) -> list[CopyPart]:
    """Return the sign-ins that a form has no place for."""
    match form:
        case CopyForm.CURL:
            return left_out_by_curl(profile)
        case CopyForm.PYTHON:
            return left_out_sign_ins(profile)
    return []


def lacks_secrets(form: CopyForm, address: str, profile: Profile) -> bool:
    """Return whether secrets are left out of this form."""
    if form not in (CopyForm.CURL, CopyForm.COMMAND, CopyForm.PYTHON):
        return False
    is_lacking = not shown_request(address, profile).is_complete
    if form is CopyForm.COMMAND:
        is_lacking |= MASK in " ".join(spacebeam_sign_in(profile, with_secrets=False))
    is_signed = form is not CopyForm.PYTHON
    return is_lacking or (is_signed and lacks_aws_secret(profile, with_secrets=False))


def formatted(payload: bytes) -> str | None:
    """Return a JSON document with indentation, its numbers as written; None if it is none."""
    try:
        return msgspec.json.format(payload, indent=2).decode()
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def _batch(entry: Entry, payload: bytes) -> Batch:
    kinds, start, end = bytes((entry.kind,)), array("I", (0,)), array("I", (len(payload),))
    return Batch(entry.time, entry.direction, payload, kinds, start, end)


def _message(entry: Entry, payload: bytes) -> str | bytes:
    """Return the message; a text that is not UTF-8 as bytes."""
    try:
        return payload.decode() if entry.kind is Kind.TEXT else payload
    except UnicodeDecodeError:
        return payload


def curl_command(request: ShownRequest, further: Sequence[str] = ()) -> str:
    """Return a command that opens the connection and prints what the server answers and sends.

    curl's own `ws://` came with 8.11 and sends nothing either, so it is HTTP here, for any version.
    """
    upgrade = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", _KEY),
    ]
    if request.subprotocols:
        upgrade.append(("Sec-WebSocket-Protocol", ", ".join(request.subprotocols)))
    words = ["curl --include --no-buffer --http1.1 --output -"]
    if request.user or request.password:
        words.append(f"--user {shlex.quote(request.credentials)}")
    words += further
    words += [f"--header {shlex.quote(f'{name}: {value}')}" for name, value in upgrade]
    words += [f"--header {shlex.quote(f'{name}: {value}')}" for name, value in request.headers]
    scheme, _, rest = request.url.partition("://")
    words.append(shlex.quote(f"{'https' if scheme == 'wss' else 'http'}://{rest}"))
    return " \\\n  ".join(words)


def _command(request: ShownRequest, message: str | bytes, further: Sequence[str]) -> str:
    """Return a command of Spacebeam that sends the message and prints the answers.

    Bytes, a long text, and a text with control characters, which a terminal would carry out, go
    through standard input, as JSON.
    """
    words = ["spacebeam connect"]
    before = ""
    if isinstance(message, str) and message.isprintable() and len(message) <= _MAX_ARGUMENT:
        words.append(f"--send={shlex.quote(message)}")
    else:
        if isinstance(message, str):
            line = {"text": message}
        else:
            line = {"base64": b64encode(message).decode()}
        before = f"printf '%s\\n' {shlex.quote(json.dumps(line))} | \\\n"
        words.append("--input json --expect 1")
    if request.user:
        words.append(f"--user {shlex.quote(request.user)}")
    words += [f"--header {shlex.quote(f'{name}: {value}')}" for name, value in request.headers]
    words += [f"--subprotocol {shlex.quote(name)}" for name in request.subprotocols]
    words += further
    words.append(shlex.quote(request.url))
    return before + " \\\n  ".join(words)


def _python(request: ShownRequest, message: str | bytes) -> str:
    """Return a program that sends the message with the library `websockets`, from version 13 on."""
    arguments = [repr(request.url)]
    if request.signed_headers:
        arguments.append(f"additional_headers={list(request.signed_headers)!r}")
    if request.subprotocols:
        arguments.append(f"subprotocols={list(request.subprotocols)!r}")
    called = ", ".join(arguments)
    return (
        "import asyncio\n\nfrom websockets.asyncio.client import connect\n\n\n"
        "async def main():\n"
        f"    async with connect({called}) as websocket:\n"
        f"        await websocket.send({message!r})\n"
        "        print(await websocket.recv())\n\n\n"
        "asyncio.run(main())\n"
    )
