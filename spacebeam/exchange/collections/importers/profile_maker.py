"""Makes a profile of what a program's file says about a handshake; what does not fit is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from spacebeam.exchange.collections.importers.token_sign_in import aws_settings, oauth_settings
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.net.request_rules import belongs_to_handshake, has_control
from spacebeam.profiles.profile import (
    DEFAULTS,
    MAX_PAIRS,
    MAX_TEXT,
    NUMBER_LIMITS,
    Pair,
    Profile,
    Secret,
    SignIn,
    SignInMethod,
    with_values,
)

_OF_BROWSERS = re.compile(
    r"sec-(?:fetch|ch)-.*|accept-encoding|content-length|host|:.*", re.IGNORECASE
)


class NamedValue(NamedTuple):
    """A header, parameter or variable as programs list them."""

    name: str
    value: str
    enabled: bool = True
    has_description: bool = False


class ProfileMaker:
    """A profile in the making. Texts are translated by `text` before they come here."""

    def __init__(self, losses: NamedLosses) -> None:
        self.losses = losses
        self.values: dict[str, Any] = {}  # by the paths of a profile
        self._headers: list[Pair] = []
        self._query: list[Pair] = []
        self._cookies: list[Pair] = []
        self._subprotocols: list[str] = []

    def headers(self, found: Iterable[NamedValue]) -> None:
        """Add headers; of the subprotocols' one the names."""
        for one in self._enabled(found):
            lower = one.name.lower()
            if lower == "sec-websocket-protocol":
                self.subprotocols(one.value.split(","))
            elif belongs_to_handshake(one.name) or _OF_BROWSERS.fullmatch(one.name):
                self.losses.lose(Loss.HANDSHAKE_HEADERS, one.name)
            elif not one.name or has_control(one.name) or has_control(one.value):
                self.losses.lose(Loss.INVALID_HEADERS)
            else:
                self._headers.append((one.name, one.value))

    def subprotocols(self, names: Iterable[str]) -> None:
        """Add subprotocols, each once."""
        for one in names:
            stripped = one.strip()
            if stripped and stripped not in self._subprotocols:
                self._subprotocols.append(stripped)

    def query(self, found: Iterable[NamedValue], *, without: Iterable[str] = ()) -> None:
        """Add parameters, but not those of the names in `without`, which the address has."""
        known = set(without)
        self._query += [
            (one.name, one.value) for one in self._enabled(found) if one.name not in known
        ]

    def cookie(self, name: str, value: Secret) -> None:
        """Add a cookie."""
        self._cookies.append((name, value))

    def _enabled(self, found: Iterable[NamedValue]) -> Iterable[NamedValue]:
        for one in found:
            if one.has_description:
                self.losses.lose(Loss.DESCRIPTIONS)
            if one.enabled:
                yield one
            elif one.name or one.value:
                self.losses.lose(Loss.DISABLED)

    def sign_in(self, kind: str, values: Mapping[str, Secret]) -> bool:
        """Sign in as the programs name it; return whether this says not to inherit a sign-in.

        The values are `username`, `password`, `token`, `prefix`, `key`, `value` and `in`, or those
        of `token_sign_in`; None for a secret that is not in the file.
        """
        match kind.lower():
            case "basic" | "digest":
                self._sign_in(
                    method=SignInMethod.PASSWORD,
                    user=values.get("username") or "",
                    password=values.get("password", ""),
                )
            case "bearer":
                self._bearer((values.get("prefix") or "").strip(), values.get("token", ""))
            case "apikey" | "api-key" | "api_key":
                self._key(values)
            case "awsv4" | "aws":
                self._sign_in(method=SignInMethod.AWS)
                self.values["aws"] = aws_settings(values)
            case "oauth2" if settings := oauth_settings(values):
                self._sign_in(method=SignInMethod.OAUTH)
                self.values["oauth"] = settings
            case "none" | "noauth":
                return True
            case "" | "inherit":
                pass
            case other:
                self.losses.lose(Loss.SIGN_INS, other)
        return False

    def _bearer(self, prefix: str, token: Secret) -> None:
        if prefix.lower() in ("", "bearer") or token is None:
            self._sign_in(method=SignInMethod.BEARER, token=token)
        else:
            self._headers.append(("Authorization", f"{prefix} {token}"))

    def _key(self, values: Mapping[str, Secret]) -> None:
        name, value = values.get("key") or "", values.get("value", "")
        place = (values.get("in") or "").lower()
        if place == "cookie":
            self.cookie(name, value)
            return
        is_query = place.startswith("query")
        method = SignInMethod.KEY_IN_QUERY if is_query else SignInMethod.KEY_IN_HEADER
        self._sign_in(method=method, key_name=name, key_value=value)

    def _sign_in(self, **values: Any) -> None:
        self.values["sign_in"] = SignIn(**values)

    def number(self, path: str, value: float | None) -> None:
        """Set a number as near as the profile allows it."""
        if value is not None:
            least, most = NUMBER_LIMITS[path]
            within = min(max(value, least), most)
            self.values[path] = int(within) if isinstance(DEFAULTS[path], int) else within

    def profile(self) -> Profile:
        """Return the profile."""
        lists = {
            "request.headers": self._bounded(self._headers),
            "request.query": self._bounded(self._query),
            "request.cookies": self._bounded(self._cookies),
        }
        self._subprotocols = [one for one in self._subprotocols if len(one) <= MAX_TEXT]
        return with_values(
            Profile(),
            {
                **lists,
                "request.subprotocols": tuple(self._subprotocols[:MAX_PAIRS]),
                **self.values,
            },
        )

    def _bounded(self, pairs: list[Pair]) -> tuple[Pair, ...]:
        found = [(name, one) for name, one in pairs if len(name) + len(one or "") <= MAX_TEXT]
        found = found[:MAX_PAIRS]
        if len(found) < len(pairs):
            self.losses.lose(Loss.EXCESS, count=len(pairs) - len(found))
        return tuple(found)
