"""Profiles as JSON values, for the settings file.

Secrets are never written. A secret is written as null and read as None, and a token in a
subprotocol is masked, so that the program asks for it instead of connecting without it. A text that
is only variables is no secret.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from itertools import zip_longest
from typing import Any

from spacebeam.profiles.profile import (
    DEFAULTS,
    MAX_PAIRS,
    MAX_TEXT,
    MIB,
    NUMBER_LIMITS,
    PAIRS,
    SECRETS,
    Pair,
    Profile,
    ProxyChoice,
    is_secret,
    value_at,
    with_values,
)
from spacebeam.profiles.written_secrets import MASKED, is_only_variables

# Fields as they were named before they had groups.
_FORMER_NAMES = {
    "headers": "request.headers",
    "query": "request.query",
    "cookies": "request.cookies",
    "keep_cookies": "request.save_cookies",
    "subprotocols": "request.subprotocols",
    "compression": "request.compression",
    "follow_redirects": "request.follow_redirects",
    "max_redirects": "request.max_redirects",
    "authentication": "sign_in.method",
    "user": "sign_in.user",
    "password": "sign_in.password",
    "token": "sign_in.token",
    "key_name": "sign_in.key_name",
    "key_value": "sign_in.key_value",
    "verify": "tls.verify",
    "ca_file": "tls.ca_file",
    "trusted_sha256": "tls.trusted_sha256",
    "certificate_file": "tls.certificate_file",
    "key_file": "tls.key_file",
    "certificate_password": "tls.certificate_password",
    "proxy": "proxy.choice",
    "proxy_address": "proxy.address",
    "proxy_user": "proxy.user",
    "proxy_password": "proxy.password",
    "connect_time": "limits.connect_timeout",
    "close_time": "limits.close_timeout",
    "max_message": "limits.max_message",  # in MiB
    "answers_pings": "pings.answer",
    "keepalive": "pings.keepalive",
    "keepalive_interval": "pings.interval",
    "keepalive_limit": "pings.timeout",
    "reconnect": "reconnect.enabled",
    "reconnect_attempts": "reconnect.attempts",
    "reconnect_first": "reconnect.first_delay",
    "reconnect_longest": "reconnect.max_delay",
    "keeps_recording": "record",
}
_UNFIT: Any = object()


def to_json(profile: Profile) -> dict[str, Any]:
    """Return the values that differ from the defaults, grouped, without secrets."""
    values: dict[str, Any] = {}
    for path, default in DEFAULTS.items():
        value = value_at(profile, path)
        if value != default:
            group, _, name = path.rpartition(".")
            (values.setdefault(group, {}) if group else values)[name] = _written(path, value)
    if profile.other_sign_ins:
        others = (to_json(Profile(sign_in=one)) for one in profile.other_sign_ins)
        values["other_sign_ins"] = [one.get("sign_in", {}) for one in others]
    return values


def from_json(values: object) -> Profile:
    """Return the profile; a value that is unknown or invalid is left at its default."""
    if not isinstance(values, dict):
        return Profile()
    read = {path: _read(path, value) for path, value in _by_path(values)}
    profile = with_values(
        Profile(), {path: value for path, value in read.items() if value is not _UNFIT}
    )
    others = values.get("other_sign_ins")
    if not isinstance(others, list):
        return profile
    further = (from_json({"sign_in": one}).sign_in for one in others[:MAX_PAIRS])
    return replace(profile, other_sign_ins=tuple(further))


def renamed(values: dict[str, Any]) -> bool:
    """Whether some fields have names of before they had groups."""
    return any(
        name in _FORMER_NAMES and not isinstance(value, dict) for name, value in values.items()
    )


def with_secrets(profile: Profile, known: Profile) -> Profile:
    """Return the profile with the secrets of `known` in place of those that were not saved."""
    if to_json(profile) == to_json(known):
        return known
    values: dict[str, Any] = {
        path: value_at(known, path) for path in SECRETS if value_at(profile, path) is None
    }
    for path in PAIRS:
        secrets = list(value_at(known, path))
        values[path] = tuple(_with_value(pair, secrets) for pair in value_at(profile, path))
    for path, mask in MASKED.items():
        if value_at(profile, path) == mask(value_at(known, path)):
            values[path] = value_at(known, path)
    profile = with_values(profile, values)
    further = [Profile(sign_in=one) for one in profile.other_sign_ins]
    if further:
        others = (Profile(sign_in=one) for one in known.other_sign_ins)
        pairs = zip_longest(further, others, fillvalue=Profile())
        further = [with_secrets(*pair) for pair in pairs][: len(further)]
    return replace(profile, other_sign_ins=tuple(one.sign_in for one in further))


def _with_value(pair: Pair, known: list[Pair]) -> Pair:
    """Return a pair with its value of the known ones, which is removed there."""
    found = next((one for one in known if one[0] == pair[0]), pair)
    if found is not pair:
        known.remove(found)
    return found if pair[1] is None else pair


def without_credentials(address: str) -> str:
    """Return a proxy's address without the user and password that a person typed into it.

    Everything before the last `@` is removed: a password may contain a slash.
    """
    start, slashes, rest = address.partition("://")
    return start + slashes + rest.rpartition("@")[2] if slashes else start.rpartition("@")[2]


def _by_path(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values of known fields, with groups or under their former names."""
    for name, value in values.items():
        if isinstance(value, dict):
            for inner, content in value.items():
                if (path := f"{name}.{inner}") in DEFAULTS:
                    yield path, content
        elif name in DEFAULTS:
            yield name, value
        elif name == "max_message":
            yield _FORMER_NAMES[name], value * MIB if type(value) is int else value
        elif name in _FORMER_NAMES:
            yield _FORMER_NAMES[name], value


def _written(path: str, value: Any) -> Any:
    if path in SECRETS:
        return value if is_only_variables(value or "") else None
    if path in PAIRS:
        return [[name, None if is_secret(path, name, one) else one] for name, one in value]
    if path in MASKED:
        value = MASKED[path](value)
    if path == "proxy.address":
        return without_credentials(value)
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, Enum) else value


def _read(path: str, value: Any) -> Any:
    """Return the value as the field has it, or _UNFIT."""
    default = DEFAULTS[path]
    if path in SECRETS:
        is_fit = value is None or (_is_text(value) and is_only_variables(value))
        return value if is_fit else _UNFIT
    if path in PAIRS:
        return tuple(_pairs(value)) if isinstance(value, list) else _UNFIT
    if isinstance(default, tuple):
        return tuple(filter(_is_text, value[:MAX_PAIRS])) if isinstance(value, list) else _UNFIT
    if isinstance(default, Enum):
        members = {one.value: one for one in type(default)}
        # Of an unknown proxy the address is asked for: the default would go round it unsaid.
        other = ProxyChoice.CUSTOM if path == "proxy.choice" else _UNFIT
        return members.get(value, other) if isinstance(value, str) else _UNFIT
    if isinstance(default, str):
        return value if _is_text(value) else _UNFIT
    if isinstance(default, bool):
        return value if isinstance(value, bool) else _UNFIT
    return _number(path, value)


def _number(path: str, value: Any) -> Any:
    is_whole = isinstance(DEFAULTS[path], int)
    if type(value) is not int and (is_whole or type(value) is not float):
        return _UNFIT
    least, most = NUMBER_LIMITS[path]
    if not least <= value <= most:
        return _UNFIT
    return value if is_whole else round(value, 1)


def _pairs(values: list[Any]) -> list[Pair]:
    return [
        (one[0], one[1])
        for one in values[:MAX_PAIRS]
        if isinstance(one, list)
        and len(one) == 2
        and _is_text(one[0])
        and (one[1] is None or _is_text(one[1]))
    ]


def _is_text(value: Any) -> bool:
    """Whether this is text that an entry can show: valid UTF-8 without a null character."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
