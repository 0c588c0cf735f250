"""Arguments' values, checked. What is wrong with one is said in a sentence."""

from __future__ import annotations

import argparse
import ipaddress
import math

from spacebeam.wire.endpoint import Endpoint, EndpointError, parse
from spacebeam.wire.request_rules import has_control, header_fault, subprotocol_fault


def text(value: str) -> str:
    """An argument that is text, whatever bytes the shell may hand over."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(
            f"“{value.encode(errors='replace').decode()}” is not UTF-8."
        ) from None
    return value


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


def count(value: str) -> int:
    """A number of messages."""
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:16]) <= 10**15):
        raise argparse.ArgumentTypeError(f"“{text(value)}” is not a number of messages.")
    return int(value)


def seconds(value: str) -> float:
    """A time span in seconds."""
    try:
        span = float(value)
    except ValueError:
        span = math.nan
    if not (span > 0 and math.isfinite(span)):
        raise argparse.ArgumentTypeError(f"“{text(value)}” is not a number of seconds above 0.")
    return span


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
