"""Sign in to a server with user and password: Basic (RFC 7617) and Digest (RFC 7616)."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from spacebeam.net.report import HttpExchange
from spacebeam.net.request_rules import has_control

_MAX_CHALLENGE_TEXT = 16 * 1024  # characters of all challenges of an answer; the rest is not read
_MAX_FURTHER_CHALLENGES = 2  # in one handshake: stale nonces, other realms

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PARAMETER = re.compile(rf'[\s,]*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))(?=[\s,]|$)')
_SCHEME = re.compile(rf"[\s,]*({_TOKEN})(?=[\s,]|$)")
_SKIPPED = re.compile(r"[\s,]*[^\s,]*")
_ESCAPED = re.compile(r"\\(.)")
# The strongest last; names of hashlib, which may lack the last.
_HASHES = [one for one in ("md5", "sha256", "sha512_256") if one in hashlib.algorithms_available]


@dataclass(frozen=True, slots=True)
class Credentials:
    """User and password, as Basic and Digest send them."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Challenge:
    """A way to sign in that a server offers (RFC 9110, section 11.3)."""

    scheme: str
    parameters: Mapping[str, str]  # names in lower case

    @property
    def strength(self) -> int:
        """How strong the scheme is: 0 for one that is not supported, 1 for Basic."""
        if self.scheme.lower() == "basic":
            return 1
        if any(has_control(value) for value in self.parameters.values()):
            return 0  # they are sent back
        qop = _words(self.parameters.get("qop", "auth"))
        is_digest = self.scheme.lower() == "digest" and {"nonce", "realm"} <= set(self.parameters)
        if not is_digest or self.hash_name not in _HASHES or not qop & {"auth", "auth-int"}:
            return 0
        return 2 + 2 * _HASHES.index(self.hash_name) + self.is_session

    @property
    def hash_name(self) -> str:
        """hashlib's name of a Digest's hash; another text for one that is not known."""
        name = self.parameters.get("algorithm", "MD5").lower().removesuffix("-sess")
        return {"sha-256": "sha256", "sha-512-256": "sha512_256"}.get(name, name)

    @property
    def is_session(self) -> bool:
        """Whether a Digest's key is that of a session (RFC 7616, section 3.4.2)."""
        return self.parameters.get("algorithm", "").lower().endswith("-sess")

    @property
    def is_stale(self) -> bool:
        """Whether only the nonce was refused, not the password."""
        return self.parameters.get("stale", "").lower() == "true"


class Authenticator:
    """Makes the Authorization header of each request to one server.

    Basic is sent at once, because some servers refuse without asking. A server that then asks for
    Digest gets Digest.
    """

    def __init__(self, credentials: Credentials | None) -> None:
        self.credentials = credentials
        self._challenge: Challenge | None = None
        self._count = 0  # requests with the challenge's nonce
        self._further = 0

    def header(self, method: str, target: str) -> str | None:
        """Return the value of the header; None without credentials."""
        if self.credentials is None:
            return None
        if self._challenge is None:
            return basic(self.credentials)
        self._count += 1
        return digest(self._challenge, self.credentials, method, target, self._count)

    def accepts(self, exchange: HttpExchange | None) -> bool:
        """Whether an answer is worth another request: it asks for what was not sent yet."""
        if self.credentials is None or exchange is None or exchange.status != 401:
            return False
        found = max(challenges(exchange), key=lambda one: one.strength, default=None)
        if found is None or found.strength <= 1:
            return False
        if self._challenge is not None:
            self._further += 1
            is_same = found.parameters["realm"] == self._challenge.parameters["realm"]
            if (is_same and not found.is_stale) or self._further > _MAX_FURTHER_CHALLENGES:
                return False
        self._challenge, self._count = found, 0
        return True


def challenges(exchange: HttpExchange) -> tuple[Challenge, ...]:
    """Return the challenges of an answer's WWW-Authenticate headers, in order."""
    return parse_challenges(exchange.headers("WWW-Authenticate"))


def unsupported_schemes(exchange: HttpExchange) -> tuple[str, ...]:
    """Return the schemes that a server asks for, if Spacebeam can send none of them."""
    found = challenges(exchange)
    if any(one.strength or one.scheme.lower() == "bearer" for one in found):
        return ()
    return tuple(dict.fromkeys(_shown(one) for one in found))


def _shown(challenge: Challenge) -> str:
    algorithm = challenge.parameters.get("algorithm", "")
    return f"{challenge.scheme} {algorithm}".rstrip()


def parse_challenges(values: Iterable[str]) -> tuple[Challenge, ...]:
    """Return the challenges in the values of headers; each may have several."""
    found: list[tuple[str, dict[str, str]]] = []
    text, place = ",".join(values)[:_MAX_CHALLENGE_TEXT], 0
    while place < len(text):
        if found and (match := _PARAMETER.match(text, place)):
            name, quoted, plain = match.groups()
            value = plain if quoted is None else _ESCAPED.sub(r"\1", quoted)
            found[-1][1].setdefault(name.lower(), value)
        elif match := _SCHEME.match(text, place):
            found.append((match.group(1), {}))
        else:  # a token68, or nonsense
            match = _SKIPPED.match(text, place)
            assert match is not None  # it matches everything
        place = max(match.end(), place + 1)
    return tuple(Challenge(scheme, parameters) for scheme, parameters in found)


def basic(credentials: Credentials) -> str:
    """Return the header of Basic, in UTF-8 (RFC 7617, section 2.1)."""
    pair = _bytes(f"{credentials.user}:{credentials.password}")
    return f"Basic {b64encode(pair).decode()}"


def digest(
    challenge: Challenge,
    credentials: Credentials,
    method: str,
    target: str,
    count: int,
    cnonce: str | None = None,
) -> str:
    """Return the header of Digest for a request without a body (RFC 7616, section 3.4).

    `count` is the number of requests with the challenge's nonce; `cnonce` is random without one.
    """
    asked = challenge.parameters
    cnonce = secrets.token_hex(16) if cnonce is None else cnonce
    user, realm, nonce = credentials.user, asked["realm"], asked["nonce"]

    def hashed(*parts: str) -> str:
        made = hashlib.new(challenge.hash_name, usedforsecurity=False)
        made.update(_bytes(":".join(parts)))
        return made.hexdigest()

    qop = _best(_words(asked.get("qop", "")))
    key = hashed(user, realm, credentials.password)
    if challenge.is_session:
        key = hashed(key, nonce, cnonce)
    request = hashed(method, target, *([hashed("")] if qop == "auth-int" else []))
    numbers = [f"{count:08x}", cnonce, qop] if qop else []
    has_hash = asked.get("userhash", "").lower() == "true"
    quoted = {
        "username": hashed(user, realm) if has_hash else unicodedata.normalize("NFC", user),
        "realm": realm,
        "nonce": nonce,
        "uri": target,
        "response": hashed(key, nonce, *numbers, request),
    }
    quoted |= {"opaque": asked["opaque"]} if "opaque" in asked else {}
    quoted |= {"cnonce": cnonce} if qop or challenge.is_session else {}
    plain = {"algorithm": asked["algorithm"]} if "algorithm" in asked else {}
    plain |= {"qop": qop, "nc": numbers[0]} if qop else {}
    plain |= {"userhash": "true"} if has_hash else {}
    parameters = [f'{name}="{_escaped(value)}"' for name, value in quoted.items()]
    parameters += [f"{name}={value}" for name, value in plain.items()]
    return f"Digest {', '.join(parameters)}"


def _best(offered: set[str]) -> str:
    """Return the quality of protection to use; empty for servers older than RFC 2617."""
    return next((one for one in ("auth", "auth-int") if one in offered), "")


def _words(value: str) -> set[str]:
    return {word.strip().lower() for word in value.split(",")}


def _bytes(text: str) -> bytes:
    # RFC 7616, section 4, and RFC 7617, section 2.1, want this form of UTF-8.
    return unicodedata.normalize("NFC", text).encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
