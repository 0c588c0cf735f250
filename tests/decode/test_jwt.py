"""JSON Web Tokens."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.jwt import JwtDecoder

JWT = JwtDecoder()
TEXT = Context("text")
HEADER = {"alg": "HS256", "typ": "JWT"}


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(header: Any, claims: Any, signature: str = "c2lnbmF0dXJl") -> bytes:
    return f"{part(header)}.{part(claims)}.{signature}".encode()


def test_header_claims_and_times_are_shown_and_the_signature_is_not_trusted() -> None:
    claims = {"sub": "é", "iat": 1767322800, "exp": 1767326400.5, "nbf": "soon", "auth_time": True}
    payload = token(HEADER, claims)
    assert JWT.confidence(payload, TEXT) == 0.9
    assert JWT.decode(payload, TEXT).value == {
        "header": HEADER,
        "claims": claims,
        "times": {"iat": "2026-01-02T03:00:00Z", "exp": "2026-01-02T04:00:00.500000Z"},
        "signature": "not checked",
    }
    shown = "".join(span.text for span in JWT.render(payload, TEXT))
    assert "c2lnbmF0dXJl" not in shown
    assert "c2lnbmF0dXJl" not in JWT.summary(payload, TEXT)


def test_an_unsigned_token_says_so() -> None:
    value = JWT.decode(token({"alg": "none"}, {"iat": 1e300, "exp": -1}, ""), TEXT).value
    assert isinstance(value, dict)
    assert value["signature"] == "missing"
    assert "times" not in value


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"eyes.only.please",
        b"ey.ey.ey",
        token({"typ": "JWT"}, {}),
        token(["alg"], {}),
        token(HEADER, ["claims"]),
        token(HEADER, "claims"),
        token(HEADER, {})[:30],
        token(HEADER, {}) + b".more",
        b"Bearer " + token(HEADER, {}),
        token(HEADER, {"a": "x" * 70_000}),
        f"{part(HEADER)}x.{part({})}.".encode(),
    ],
)
def test_other_text_is_none(payload: bytes) -> None:
    assert JWT.confidence(payload, TEXT) == 0
    with pytest.raises(DecodeError) as caught:
        JWT.decode(payload, TEXT)
    assert 0 <= caught.value.offset <= len(payload)


def test_a_token_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="signed"):
        JWT.encode({})
