"""Converters for the values of options and arguments.

Each returns the value for a typed text, or raises click's BadParameter with a sentence that has the
expected form, and the text if it cannot be a secret.
"""

from __future__ import annotations

import ipaddress
import math
import re
from dataclasses import dataclass

from click import BadParameter, Context, Parameter
from click.shell_completion import CompletionItem

from spacebeam.cli import cookie_file
from spacebeam.decode.paths import PathStepsError, steps
from spacebeam.exchange.netscape_cookies import CookieFileError
from spacebeam.net.cookies import Cookie
from spacebeam.net.request_rules import subprotocol_fault
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.protocol.frames import MAX_CONTROL_PAYLOAD
from spacebeam.session.repeat import MAX_INTERVAL_S, MIN_INTERVAL_S

_SIZE = re.compile(r"([0-9]{1,12})([KMGkmg]?)")
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_MAX_MESSAGE_BYTES = 3 * 2**30  # a batch has offsets of 32 bits
_MAX_REASON_BYTES = MAX_CONTROL_PAYLOAD - 2  # RFC 6455, section 5.5.1
_ORIGIN = r"\*|null|[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]+/?"  # RFC 6454, section 6.1
_ESCAPE = re.compile(rb"\\(x[0-9A-Fa-f]{2}|.|$)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"0": b"\0", b"\\": b"\\"}
_IN_QUERY = "query:"  # header names have no colon


def file_names(_context: Context, _option: Parameter, typed: str) -> list[CompletionItem]:
    """Return the completion that makes the shell complete file names."""
    return [CompletionItem(typed, type="file")]


def text(value: str) -> str:
    """Return a text that is valid UTF-8."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadParameter("The value is not UTF-8.") from None
    return value


def delimiter(value: str) -> bytes:
    r"""Return the bytes between two messages, typed with escapes: `\n \r \t \0 \\ \xHH`."""
    found = _ESCAPE.sub(_unescaped, text(value).encode())
    if not found:
        raise BadParameter(
            "A delimiter has at least one character. --whole reads all as one message."
        )
    return found


def _unescaped(match: re.Match[bytes]) -> bytes:
    written = match[1]
    if len(written) == 3:
        return bytes.fromhex(written[1:].decode())
    if written not in _ESCAPED:
        shown = match[0].decode(errors="replace")
        raise BadParameter(rf"“{shown}” is no escape. Escapes are \n, \r, \t, \0, \\ and \xHH.")
    return _ESCAPED[written]


def new_recording(value: str) -> str:
    """Return the path of a new recording. It cannot be “-”: SQLite needs a file."""
    if value in ("", "-"):
        raise BadParameter(
            "A recording needs a file. To print received messages, use “spacebeam connect”."
        )
    return value


def endpoint(value: str) -> Endpoint:
    """Return the endpoint of an address."""
    try:
        return parse(text(value))
    except EndpointError as error:
        raise BadParameter(error.explanation) from None


def header(value: str) -> tuple[str, str]:
    """Return the name and value of a header, typed as `Name: value`."""
    name, colon, content = text(value).partition(":")
    if not colon:
        raise BadParameter("A header is written “Name: value”.")
    return name, content.strip(" \t")


def pair(value: str) -> tuple[str, str]:
    """Return a name and a value, typed as `name=value`."""
    name, equals, content = text(value).partition("=")
    if not (name and equals):
        raise BadParameter("A name and a value are written NAME=VALUE.")
    return name, content


def variable(value: str) -> tuple[str, str]:
    """Return a variable's name and value, typed as `name=value`; the value may be empty."""
    name, equals, content = text(value).partition("=")
    if not (name.strip() and equals):
        # The text is not shown: it may have a secret.
        raise BadParameter("A variable is written NAME=VALUE.")
    return name.strip(), content


@dataclass(frozen=True, slots=True)
class CookieSource:
    """A cookie file; `cookies` is None if the file does not exist."""

    path: str
    cookies: tuple[Cookie, ...] | None


def cookie(value: str) -> tuple[tuple[str, str], ...] | CookieSource:
    """Return cookies typed as `name=value; …`, or a cookie file: as in curl, a text without `=`."""
    if "=" in text(value):
        return tuple(pair(one.strip()) for one in value.split(";") if one.strip())
    if not value:
        return CookieSource("", ())  # as in curl: start without cookies
    try:
        return CookieSource(value, cookie_file.read(value))
    except FileNotFoundError:
        return CookieSource(value, None)
    except CookieFileError as error:
        raise BadParameter(f"Could not use the cookie file “{value}”. {error}") from None


def cookie_jar(value: str) -> str:
    """Return the path of a file to write cookies to."""
    why = (
        cookie_file.why_not_writable(text(value))
        if value not in ("", "-")
        else "A cookie file needs a name."
    )
    if why is not None:
        raise BadParameter(f"Could not write cookies to “{value}”. {why}")
    return value


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, and whether it is sent in the query or in a header."""

    name: str
    value: str
    in_query: bool


def api_key(value: str) -> ApiKey:
    """Return an API key, typed as `name=value`, or `query:name=value` to send it in the query."""
    in_query = text(value).startswith(_IN_QUERY)
    name, equals, content = value.removeprefix(_IN_QUERY).partition("=")
    if not (name and equals and content):
        # The text is not shown: it may have the key.
        raise BadParameter(
            f"An API key is written NAME=VALUE, or {_IN_QUERY}NAME=VALUE to send it in the query."
        )
    return ApiKey(name, content if in_query else content.strip(" \t"), in_query)


def aws_sigv4(value: str) -> tuple[str, str]:
    """Return region and service, typed as in curl: `aws:amz:region:service`."""
    provider, *rest = text(value).split(":")
    if rest and rest[0].lower() == "amz":
        rest = rest[1:]
    if provider.lower() != "aws" or len(rest) > 2:
        raise BadParameter("Write aws:amz, aws:amz:REGION or aws:amz:REGION:SERVICE.")
    region, service = (*rest, "", "")[:2]
    return region, service


def count(value: str) -> int:
    """Return a number of messages, 1 or more."""
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:16]) <= 10**15):
        raise BadParameter(f"“{text(value)}” is not a number of messages above 0.")
    return int(value)


def size(value: str) -> int:
    """Return a number of bytes, typed as `65536`, `64K`, `64M` or `1G` (units of 1,024)."""
    match = _SIZE.fullmatch(value)
    count = int(match[1]) * _UNITS[match[2].upper()] if match else 0
    if not 1 <= count <= _MAX_MESSAGE_BYTES:
        raise BadParameter(
            f"“{text(value)}” is not a size. Write a number of bytes, or 64K, 64M or 1G; "
            "at most 3G."
        )
    return count


def seconds(value: str) -> float:
    """Return a duration in seconds, above 0."""
    try:
        span = float(value)
    except ValueError:
        span = math.nan
    if not (span > 0 and math.isfinite(span)):
        raise BadParameter(f"“{text(value)}” is not a number of seconds above 0.")
    return span


def interval(value: str) -> float:
    """Return a duration in seconds between two messages."""
    span = seconds(value)
    if not MIN_INTERVAL_S <= span <= MAX_INTERVAL_S:
        raise BadParameter(
            f"“{value}” is not between {MIN_INTERVAL_S:g} s and {MAX_INTERVAL_S:,.0f} s."
        )
    return span


def redirects(value: str) -> int:
    """Return the maximum number of redirects to follow, 0 to 1000."""
    if not (value.isascii() and value.isdigit() and int(value[:6]) <= 1000):
        raise BadParameter(f"“{text(value)}” is not a number of redirects from 0 to 1000.")
    return int(value)


def port(value: str) -> int:
    """Return a port to listen on; 0 for any free port."""
    if not (value.isascii() and value.isdigit() and int(value[:6]) <= 65535):
        raise BadParameter(f"“{text(value)}” is not a port; a port is a number from 0 to 65535.")
    return int(value)


def host(value: str) -> str:
    """Return an IP address, or “localhost”, to listen on."""
    if value != "localhost":
        try:
            ipaddress.ip_address(value)
        except ValueError:
            raise BadParameter(f"“{text(value)}” is not an IP address to listen on.") from None
    return value


def subprotocol(value: str) -> str:
    """Return a subprotocol's name."""
    if subprotocol_fault(value):
        raise BadParameter(f"“{text(value)}” is not a valid subprotocol name.")
    return value


def origin(value: str) -> str:
    """Return the origin of a web page as browsers send it: scheme and host; `null`, or `*`."""
    if not re.fullmatch(_ORIGIN, text(value)):
        raise BadParameter(
            f"“{value}” is not the origin of a page; write it like https://app.example:8443."
        )
    return value


@dataclass(frozen=True, slots=True)
class CloseOptions:
    """The close frame that the client sends."""

    code: int = CloseCode.NORMAL
    reason: str = ""
    even_illegal: bool = False  # allow codes that RFC 6455 forbids


def close(value: str) -> CloseOptions:
    """Return a close frame's code and reason, typed as `code[:reason]`."""
    code, _, reason = text(value).partition(":")
    if not (code.isascii() and code.isdigit() and int(code[:6]) <= 0xFFFF):
        raise BadParameter(f"“{code}” is not a close code from 0 to 65535.")
    if len(reason.encode()) > _MAX_REASON_BYTES:
        raise BadParameter(f"A close reason has at most {_MAX_REASON_BYTES} bytes.")
    return CloseOptions(int(code), reason)


def attempts(value: str) -> int:
    """Return the maximum number of attempts to reconnect; 0 for no limit."""
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise BadParameter(f"“{text(value)}” is not a number of attempts.")
    return int(value)


def value_path(value: str) -> str:
    """Return a path of keys and indexes into a message's value."""
    try:
        steps(value)
    except PathStepsError:
        raise BadParameter("A path is written as in data.id or items[*].time.") from None
    return value
