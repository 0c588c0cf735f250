"""Arguments' values, checked. What is wrong with one is said in a sentence."""

from __future__ import annotations

import argparse
import ipaddress
import math
import re
from dataclasses import dataclass

from spacebeam.cli import cookie_file
from spacebeam.exchange.netscape_cookies import CookieFileError
from spacebeam.net.cookies import Cookie
from spacebeam.net.request_rules import has_control, header_fault, subprotocol_fault
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse

_SIZE = re.compile(r"([0-9]{1,12})([KMGkmg]?)")
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_MAX_SIZE = 3 * 2**30  # a place in a batch is a number of 32 bits
_IN_QUERY = "query:"  # no header's name has a colon in it


def text(value: str) -> str:
    """An argument that is text, whatever bytes the shell may hand over."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(
            f"“{value.encode(errors='replace').decode()}” is not UTF-8."
        ) from None
    return value


def new_recording(value: str) -> str:
    """A file to record to. “-” is a pipe elsewhere, through which no database goes."""
    if value == "-":
        raise argparse.ArgumentTypeError(
            "A recording needs a file. To print what is received, take “spacebeam connect”."
        )
    return text(value)


def endpoint(value: str) -> Endpoint:
    """A server's address."""
    try:
        return parse(text(value))
    except EndpointError as error:
        raise argparse.ArgumentTypeError(error.explanation) from None


def header(value: str) -> tuple[str, str]:
    """A header as `Name: value`."""
    name, colon, content = text(value).partition(":")
    if not colon:
        raise argparse.ArgumentTypeError(f"“{value}” is not a header; write “Name: value”.")
    if fault := header_fault(name, content):
        raise argparse.ArgumentTypeError(fault)
    if name.lower() == "sec-websocket-protocol":
        raise argparse.ArgumentTypeError(f"“{name}” is what --subprotocol is for.")
    return name, content.strip(" \t")


def subprotocol(value: str) -> str:
    """A subprotocol's name (RFC 6455, section 4.1)."""
    if fault := subprotocol_fault(text(value)):
        raise argparse.ArgumentTypeError(fault)
    return value


def pair(value: str) -> tuple[str, str]:
    """A name and a value, as `name=value`."""
    name, equals, content = text(value).partition("=")
    if not (name and equals) or has_control(value):
        raise argparse.ArgumentTypeError(f"“{value}” is not of the form NAME=VALUE.")
    return name, content


@dataclass(frozen=True, slots=True)
class CookieSource:
    """A file to take cookies from; None for the cookies of one that is not there."""

    path: str
    cookies: tuple[Cookie, ...] | None


def cookie(value: str) -> tuple[str, str] | CookieSource:
    """A cookie as `name=value`, or, as for curl, a file of cookies where there is no `=`."""
    if "=" in text(value):
        return pair(value)
    if not value:
        return CookieSource("", ())  # what scripts give curl for “no cookies so far”
    try:
        return CookieSource(value, cookie_file.read(value))
    except FileNotFoundError:
        return CookieSource(value, None)
    except CookieFileError as error:
        raise argparse.ArgumentTypeError(
            f"The cookie file “{value}” cannot be used. {error}"
        ) from None


def cookie_jar(value: str) -> str:
    """A file to keep cookies in."""
    why = cookie_file.why_not_writable(text(value)) if value not in ("", "-") else "It is no file."
    if why is not None:
        raise argparse.ArgumentTypeError(f"Cookies cannot be kept at “{value}”. {why}")
    return value


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that says who is asking, and where it is sent."""

    name: str
    value: str
    in_query: bool


def api_key(value: str) -> ApiKey:
    """An API key as `name=value` for a header, or `query:name=value` for the query."""
    in_query = text(value).startswith(_IN_QUERY)
    name, equals, content = value.removeprefix(_IN_QUERY).partition("=")
    if not (name and equals and content) or has_control(value):
        # The value is not repeated: it may be the key.
        raise argparse.ArgumentTypeError(
            f"An API key is written NAME=VALUE, or {_IN_QUERY}NAME=VALUE to send it in the query."
        )
    if in_query:
        return ApiKey(name, content, in_query)
    return ApiKey(*header(f"{name}:{content}"), in_query)


def count(value: str) -> int:
    """A number of messages."""
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:16]) <= 10**15):
        raise argparse.ArgumentTypeError(f"“{text(value)}” is not a number of messages above 0.")
    return int(value)


def size(value: str) -> int:
    """A number of bytes: `65536`, `64K`, `64M`, `1G` (of 1,024)."""
    match = _SIZE.fullmatch(value)
    count = int(match[1]) * _UNITS[match[2].upper()] if match else 0
    if not 1 <= count <= _MAX_SIZE:
        raise argparse.ArgumentTypeError(
            f"“{text(value)}” is not a size; write bytes, or as in 64K, 64M or 1G; up to 3G."
        )
    return count


def seconds(value: str) -> float:
    """A time span in seconds."""
    try:
        span = float(value)
    except ValueError:
        span = math.nan
    if not (span > 0 and math.isfinite(span)):
        raise argparse.ArgumentTypeError(f"“{text(value)}” is not a number of seconds above 0.")
    return span


def redirects(value: str) -> int:
    """A number of redirects to follow at most; 0 for none."""
    if not (value.isascii() and value.isdigit() and int(value[:6]) <= 1000):
        raise argparse.ArgumentTypeError(
            f"“{text(value)}” is not a number of redirects from 0 to 1000."
        )
    return int(value)


def port(value: str) -> int:
    """A port to listen on; 0 for any that is free."""
    if not (value.isascii() and value.isdigit() and int(value[:6]) <= 65535):
        raise argparse.ArgumentTypeError(
            f"“{text(value)}” is not a port; a port is a number from 0 to 65535."
        )
    return int(value)


def host(value: str) -> str:
    """An address of this computer to listen on."""
    if value != "localhost":
        try:
            ipaddress.ip_address(value)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"“{text(value)}” is not an IP address to listen on."
            ) from None
    return value
