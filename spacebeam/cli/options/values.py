"""Converters for the values of options and arguments.

Each takes the text that was typed and returns the value, or raises click's BadParameter with a
sentence that names the text and says what is expected.
"""

from __future__ import annotations

import ipaddress
import math
import re
from dataclasses import dataclass

from click import BadParameter, Context, Parameter
from click.shell_completion import CompletionItem

from spacebeam.cli import cookie_file
from spacebeam.exchange.netscape_cookies import CookieFileError
from spacebeam.net.cookies import Cookie
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.protocol.frames import MAX_CONTROL_PAYLOAD

_SIZE = re.compile(r"([0-9]{1,12})([KMGkmg]?)")
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_MAX_SIZE = 3 * 2**30  # bytes; a batch has offsets of 32 bits
_MAX_REASON = MAX_CONTROL_PAYLOAD - 2  # bytes (RFC 6455, section 5.5.1)
_IN_QUERY = "query:"  # no header's name has a colon in it


def file_names(_context: Context, _option: Parameter, typed: str) -> list[CompletionItem]:
    """Let the shell complete the name of a file."""
    return [CompletionItem(typed, type="file")]


def text(value: str) -> str:
    """Text that is valid UTF-8."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadParameter(f"“{value.encode(errors='replace').decode()}” is not UTF-8.") from None
    return value


def new_recording(value: str) -> str:
    """The path of a new recording. Not “-”: SQLite needs a file."""
    if value == "-":
        raise BadParameter(
            "A recording needs a file. To print received messages, use “spacebeam connect”."
        )
    return text(value)


def endpoint(value: str) -> Endpoint:
    """A server's address."""
    try:
        return parse(text(value))
    except EndpointError as error:
        raise BadParameter(error.explanation) from None


def header(value: str) -> tuple[str, str]:
    """A header as `Name: value`."""
    name, colon, content = text(value).partition(":")
    if not colon:
        raise BadParameter(f"“{value}” is not a header; write “Name: value”.")
    return name, content.strip(" \t")


def pair(value: str) -> tuple[str, str]:
    """A name and a value, as `name=value`."""
    name, equals, content = text(value).partition("=")
    if not (name and equals):
        raise BadParameter(f"“{value}” is not of the form NAME=VALUE.")
    return name, content


@dataclass(frozen=True, slots=True)
class CookieSource:
    """A cookie file; `cookies` is None where the file does not exist."""

    path: str
    cookies: tuple[Cookie, ...] | None


def cookie(value: str) -> tuple[tuple[str, str], ...] | CookieSource:
    """Cookies as `name=value; …`, or, as in curl, the path of a cookie file without a `=`."""
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
    """A file to write cookies to."""
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
    """An API key as `name=value` for a header, or `query:name=value` for the query."""
    in_query = text(value).startswith(_IN_QUERY)
    name, equals, content = value.removeprefix(_IN_QUERY).partition("=")
    if not (name and equals and content):
        # The value is not shown: it may be the key.
        raise BadParameter(
            f"An API key is written NAME=VALUE, or {_IN_QUERY}NAME=VALUE to send it in the query."
        )
    return ApiKey(name, content if in_query else content.strip(" \t"), in_query)


def count(value: str) -> int:
    """A number of messages, 1 or more."""
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:16]) <= 10**15):
        raise BadParameter(f"“{text(value)}” is not a number of messages above 0.")
    return int(value)


def size(value: str) -> int:
    """A number of bytes: `65536`, `64K`, `64M`, `1G` (units of 1,024)."""
    match = _SIZE.fullmatch(value)
    count = int(match[1]) * _UNITS[match[2].upper()] if match else 0
    if not 1 <= count <= _MAX_SIZE:
        raise BadParameter(
            f"“{text(value)}” is not a size. Write a number of bytes, or 64K, 64M or 1G; "
            "at most 3G."
        )
    return count


def seconds(value: str) -> float:
    """A duration in seconds."""
    try:
        span = float(value)
    except ValueError:
        span = math.nan
    if not (span > 0 and math.isfinite(span)):
        raise BadParameter(f"“{text(value)}” is not a number of seconds above 0.")
    return span


def redirects(value: str) -> int:
    """The largest number of redirects to follow; 0 for none."""
    if not (value.isascii() and value.isdigit() and int(value[:6]) <= 1000):
        raise BadParameter(f"“{text(value)}” is not a number of redirects from 0 to 1000.")
    return int(value)


def port(value: str) -> int:
    """A port to listen on; 0 for any free port."""
    if not (value.isascii() and value.isdigit() and int(value[:6]) <= 65535):
        raise BadParameter(f"“{text(value)}” is not a port; a port is a number from 0 to 65535.")
    return int(value)


def host(value: str) -> str:
    """An address of this computer to listen on."""
    if value != "localhost":
        try:
            ipaddress.ip_address(value)
        except ValueError:
            raise BadParameter(f"“{text(value)}” is not an IP address to listen on.") from None
    return value


@dataclass(frozen=True, slots=True)
class CloseOptions:
    """The close frame that the client sends."""

    code: int = CloseCode.NORMAL
    reason: str = ""
    even_illegal: bool = False  # also a code that RFC 6455 forbids


def close(value: str) -> CloseOptions:
    """A close code with an optional reason, as `code[:reason]`."""
    code, _, reason = text(value).partition(":")
    if not (code.isascii() and code.isdigit() and int(code[:6]) <= 0xFFFF):
        raise BadParameter(f"“{code}” is not a close code from 0 to 65535.")
    if len(reason.encode()) > _MAX_REASON:
        raise BadParameter(f"A close reason has at most {_MAX_REASON} bytes.")
    return CloseOptions(int(code), reason)


def attempts(value: str) -> int:
    """A number of attempts to reconnect; 0 for no limit."""
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise BadParameter(f"“{text(value)}” is not a number of attempts.")
    return int(value)
