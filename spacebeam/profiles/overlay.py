"""Lays one profile over another: what was chosen in the upper one wins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from spacebeam.profiles.profile import (
    DEFAULTS,
    Pair,
    Profile,
    SignIn,
    SignInMethod,
    value_at,
    with_values,
)

_REPLACED_WHOLE = ("sign_in", "aws", "oauth", "proxy")  # their fields belong together
_CERTIFICATE = ("tls.certificate_file", "tls.key_file", "tls.certificate_password")
_AUTHORIZATION = "authorization"


def overlaid(lower: Profile, upper: Profile) -> Profile:
    """Return `lower` with what differs from the default in `upper`.

    Headers and cookies replace those of the same name, parameters are added. A sign-in replaces the
    one below in any form, a client certificate the one below with its key.
    """
    changed = {
        path: value for path in DEFAULTS if (value := value_at(upper, path)) != DEFAULTS[path]
    }
    lower = _without_sign_in(lower, upper)
    values: dict[str, Any] = {
        path: value
        for path, value in changed.items()
        if path.partition(".")[0] not in _REPLACED_WHOLE
    }
    if "tls.certificate_file" in changed:
        values |= {path: value_at(upper, path) for path in _CERTIFICATE}
    values["request.headers"] = _joined(lower.request.headers, upper.request.headers)
    values["request.cookies"] = _joined(lower.request.cookies, upper.request.cookies)
    values["request.query"] = (*lower.request.query, *upper.request.query)
    found = with_values(lower, values)
    if any(path.startswith("proxy.") for path in changed):
        found = replace(found, proxy=upper.proxy)
    return found


def _without_sign_in(lower: Profile, upper: Profile) -> Profile:
    """Return the lower profile with the upper one's sign-in, if it has one."""
    has_header = any(name.lower() == _AUTHORIZATION for name, _value in upper.request.headers)
    if upper.sign_in.method is SignInMethod.NONE and not has_header:
        return lower
    headers = tuple(pair for pair in lower.request.headers if pair[0].lower() != _AUTHORIZATION)
    return replace(
        with_values(lower, {"request.headers": headers}),
        sign_in=upper.sign_in if upper.sign_in.method is not SignInMethod.NONE else SignIn(),
        aws=upper.aws,
        oauth=upper.oauth,
        other_sign_ins=upper.other_sign_ins,
    )


def _joined(lower: tuple[Pair, ...], upper: tuple[Pair, ...]) -> tuple[Pair, ...]:
    names = {name.lower() for name, _value in upper}
    return (*(pair for pair in lower if pair[0].lower() not in names), *upper)
