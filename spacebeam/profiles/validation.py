"""What is wrong with the options of a connection, each mistake with its place and in words."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacebeam.net.request_rules import (
    ProxyError,
    check_proxy,
    cookie_fault,
    has_control,
    header_fault,
    subprotocol_fault,
)
from spacebeam.profiles.profile import (
    MAX_PAIRS,
    MAX_TEXT,
    Authentication,
    Pair,
    Profile,
    ProxyUse,
    Secret,
    without_userinfo,
)

NOT_KEPT = "It was not kept when Spacebeam was closed; type it again."
_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{64}")
_PKCS12 = (".p12", ".pfx")


@dataclass(frozen=True, slots=True)
class ValidationError:
    """Something that keeps a connection from being made as it was meant."""

    field: str  # of Profile
    words: str
    row: int | None = None  # which of a list; None for all of it


def validate(
    settings: Profile, is_file: Callable[[str], bool] = os.path.isfile
) -> tuple[ValidationError, ...]:
    """The mistakes, in the order of the pages. What is not used is not looked at."""
    return (
        *_in_request(settings),
        *_in_authentication(settings),
        *_in_tls(settings, is_file),
        *_in_proxy(settings),
        *_in_reconnect(settings),
    )


def _in_request(settings: Profile) -> Iterator[ValidationError]:
    sent = _sent_anyway(settings)
    for field, pairs, fault in (
        ("headers", settings.headers, lambda name, value: _header(name, value, sent)),
        ("query", settings.query, _parameter),
        ("cookies", settings.cookies, cookie_fault),
    ):
        yield from _in_pairs(field, pairs, fault)
    yield from _in_subprotocols(settings.subprotocols)


def _in_pairs(
    field: str, pairs: tuple[Pair, ...], fault: Callable[[str, str], str]
) -> Iterator[ValidationError]:
    for row, (name, value) in enumerate(pairs):
        if row == MAX_PAIRS:
            yield ValidationError(field, f"There can be {MAX_PAIRS} at most.", row)
        elif not name:
            yield ValidationError(field, "It needs a name.", row)
        elif value is None:
            yield ValidationError(field, NOT_KEPT, row)
        elif words := fault(name, value) or _too_long(name, value):
            yield ValidationError(field, words, row)


def _header(name: str, value: str, sent: dict[str, str]) -> str:
    if name.lower() == "sec-websocket-protocol":
        return "Subprotocols have a row of their own."
    return header_fault(name, value) or sent.get(name.lower(), "")


def _sent_anyway(settings: Profile) -> dict[str, str]:
    """Headers that other options make, in lower case, and what to say of a second one."""
    sent = {}
    if settings.cookies:
        sent["cookie"] = "The cookies below are sent in this header."
    if settings.authentication is Authentication.BEARER:
        sent["authorization"] = "The Bearer token is sent in this header."
    if settings.authentication is Authentication.PASSWORD:
        sent["authorization"] = "The user and the password are sent in this header."
    if settings.authentication is Authentication.KEY_IN_HEADER:
        sent[settings.key_name.lower()] = "The API key is sent in this header."
    return sent


def _parameter(name: str, value: str) -> str:
    return f"“{name}” has a control character in it." if has_control(name + value) else ""


def _in_subprotocols(names: tuple[str, ...]) -> Iterator[ValidationError]:
    for name in names:
        if words := subprotocol_fault(name) or _too_long(name):
            yield ValidationError("subprotocols", words)
            return
    if len(set(names)) < len(names):
        yield ValidationError("subprotocols", "Each can be offered once.")
    if len(names) > MAX_PAIRS:
        yield ValidationError("subprotocols", f"There can be {MAX_PAIRS} at most.")


def _in_authentication(settings: Profile) -> Iterator[ValidationError]:
    kind = settings.authentication
    if kind is Authentication.PASSWORD:
        if not settings.user:
            yield ValidationError("user", "It is missing.")
        yield from _secret("user", settings.user, may_be_empty=True)
        yield from _secret("password", settings.password, may_be_empty=True)
    elif kind is Authentication.BEARER:
        yield from _secret("token", settings.token)
    elif kind is not Authentication.NONE:
        name = settings.key_name
        is_header = kind is Authentication.KEY_IN_HEADER
        fault = _header(name, "", {}) if is_header else _parameter(name, "")
        if words := fault if name else "It is missing.":
            yield ValidationError("key_name", words)
        yield from _secret("key_value", settings.key_value)


def _secret(field: str, value: Secret, *, may_be_empty: bool = False) -> Iterator[ValidationError]:
    if value is None:
        yield ValidationError(field, NOT_KEPT)
    elif not value and not may_be_empty:
        yield ValidationError(field, "It is missing.")
    elif has_control(value):
        yield ValidationError(field, "There is a control character in it.")
    elif words := _too_long(value):
        yield ValidationError(field, words)


def _in_tls(settings: Profile, is_file: Callable[[str], bool]) -> Iterator[ValidationError]:
    for field in ("ca_file", "certificate_file", "key_file"):
        path = getattr(settings, field)
        if path and not is_file(path):
            yield ValidationError(field, "There is no such file.")
    own, key = settings.certificate_file, settings.key_file
    if key and not own:
        yield ValidationError("certificate_file", "The key is of no use without its certificate.")
    if key and own.lower().endswith(_PKCS12):
        yield ValidationError("key_file", "A PKCS#12 file has its key in it.")
    if own and settings.certificate_password is None:
        yield ValidationError("certificate_password", NOT_KEPT)
    sha256 = settings.trusted_sha256.replace(":", "").replace(" ", "")
    if sha256 and not _FINGERPRINT.fullmatch(sha256):
        yield ValidationError("trusted_sha256", "A SHA-256 fingerprint has 64 hexadecimal digits.")


def _in_proxy(settings: Profile) -> Iterator[ValidationError]:
    if settings.proxy is not ProxyUse.OWN:
        return
    address = settings.proxy_address.strip()
    if words := _proxy_fault(address):
        yield ValidationError("proxy_address", words)
    if not settings.proxy_user and settings.proxy_password != "":
        yield ValidationError("proxy_user", "The password is of no use without a user.")
    if settings.proxy_password is None:
        yield ValidationError("proxy_password", NOT_KEPT)


def _proxy_fault(address: str) -> str:
    if not address:
        return "It is missing; write http://… or socks5://…"
    if without_userinfo(address) != address:
        return "Put the user and the password into their own rows."
    if "://" not in address:
        return "It begins with http:// or socks5://."
    try:
        check_proxy(address)
    except ProxyError as error:
        return str(error)
    except ValueError:  # urlsplit's own, of brackets that are not an IPv6 address
        return "It is not an address."
    return _too_long(address)


def _in_reconnect(settings: Profile) -> Iterator[ValidationError]:
    if settings.reconnect and settings.reconnect_first > settings.reconnect_longest:
        yield ValidationError("reconnect_first", "It is longer than the longest delay.")


def _too_long(*texts: str) -> str:
    too_long = any(len(text) > MAX_TEXT for text in texts)
    return f"It has more than {MAX_TEXT:,} characters." if too_long else ""
