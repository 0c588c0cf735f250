"""An opening handshake for other programs to make, with or without its secrets."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote

from spacebeam.profiles.profile import Profile, SignIn, SignInMethod, is_secret
from spacebeam.profiles.spoken import signs_in, spoken_address, spoken_subprotocols
from spacebeam.protocol.secrets import MASK, without_secrets
from spacebeam.protocol.subprotocol_secrets import masked_subprotocols


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """An opening handshake; MASK is in place of secrets that are left out."""

    url: str
    headers: tuple[tuple[str, str], ...]
    subprotocols: tuple[str, ...]
    user: str  # who signs in, or ""
    password: str  # "" if it is left out

    @property
    def is_complete(self) -> bool:
        """Whether no secret was left out."""
        has_mask = MASK in f"{self.url}{self.headers}{self.subprotocols}"
        return not has_mask and not (self.user and not self.password)

    @property
    def credentials(self) -> str:
        """User and password as options take them; the programs ask for a missing password."""
        return f"{self.user}:{self.password}" if self.password else self.user

    @property
    def signed_headers(self) -> tuple[tuple[str, str], ...]:
        """The headers with the user and password among them."""
        if not self.user and not self.password:
            return self.headers
        credentials = b64encode(f"{self.user}:{self.password}".encode()).decode()
        return (*self.headers, ("Authorization", f"Basic {credentials if self.password else MASK}"))


def shown_request(address: str, profile: Profile, *, with_secrets: bool = False) -> ShownRequest:
    """Return the handshake of a profile. A secret that was not saved is masked in any case.

    What a spoken protocol adds to the address and the subprotocols is there.
    """
    request, protocol = profile.request, profile.protocol.name
    subprotocols = spoken_subprotocols(request.subprotocols, protocol)
    ways = (profile.sign_in, *profile.other_sign_ins)[signs_in(profile) :]

    def shown(path: str, name: str, value: str | None) -> tuple[str, str]:
        is_hidden = value is None or (not with_secrets and is_secret(path, name, value))
        return name, MASK if value is None or is_hidden else value

    query = [shown("request.query", *pair) for pair in request.query]
    query += [
        (one.key_name, _secret(one.key_value, with_secrets))
        for one in ways
        if one.method is SignInMethod.KEY_IN_QUERY
    ]
    headers = [shown("request.headers", *pair) for pair in request.headers]
    headers += [header for one in ways for header in _sign_in_headers(one, with_secrets)]
    if request.cookies:
        cookies = [shown("request.cookies", *pair) for pair in request.cookies]
        headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies)))
    signed = next((one for one in ways if one.method is SignInMethod.PASSWORD), SignIn())
    url = _with_query(spoken_address(address, protocol), query)
    return ShownRequest(
        url if with_secrets else without_secrets(url),
        tuple(headers),
        subprotocols if with_secrets else tuple(masked_subprotocols(subprotocols)),
        signed.user,
        (signed.password or "") if with_secrets else "",
    )


def _secret(value: str | None, with_secrets: bool) -> str:
    return value if with_secrets and value is not None else MASK


def _sign_in_headers(sign_in: SignIn, with_secrets: bool) -> list[tuple[str, str]]:
    match sign_in.method:
        case SignInMethod.BEARER:
            return [("Authorization", f"Bearer {_secret(sign_in.token, with_secrets)}")]
        case SignInMethod.KEY_IN_HEADER:
            return [(sign_in.key_name, _secret(sign_in.key_value, with_secrets))]
    return []


def _with_query(address: str, query: list[tuple[str, str]]) -> str:
    if not query:
        return address
    added = "&".join(
        f"{quote(name, safe='')}={value if value == MASK else quote(value, safe='')}"
        for name, value in query
    )
    return f"{address}{'&' if '?' in address else '?'}{added}"
