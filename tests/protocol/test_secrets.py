"""Names of secret values, and addresses without secrets."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spacebeam.protocol.endpoint import parse
from spacebeam.protocol.secrets import (
    blank_address,
    has_mask,
    is_secret_name,
    saved_address,
    scheme_of,
    without_secrets,
)

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123_-x"
ROOM = "550e8400-e29b-41d4-a716-446655440000"


SECRET = """
    ticket otp code sig signature token access_token key apikey auth jwt session sid secret
    password pwd X-Amz-Signature X-Amz-Credential X-Amz-Security-Token hmac nonce authToken
    x-api-key id_token Authorization Proxy-Authorization X-Api-Key PHPSESSID JSESSIONID
    connect.sid Cookie Set-Cookie ASP.NET_SessionId PASSWORD accesstoken APIKey API_KEY_V2
    apiKeyValue sessionId clientSecret db_password passwd pass userPass X-CSRF-Token authkey
    subscription-key auth_code pinCode pin otpCode token2 auth[token] listenKey X-Goog-Signature
    refreshToken secretKey oauth_signature authenticity_token X-Auth-Token code_verifier
"""
HARMLESS = """
    Host room keyboard signal Accept-Language tokenize postcode monkey decode keyframe barcode
    author authority country_code token_type sessionTimeout sort_key publicKey primary-key
    design assign passenger compass key_id keyId turkey hotkey statusCode encode unicode state
    X-Amz-Date X-Amz-SignedHeaders X-Amz-Expires X-Amz-Algorithm max_tokens secretary sidebar
    inside signed authenticated codec access_token_expires_in zipcode session_count keys
    Idempotency-Key Sec-WebSocket-Version Sec-WebSocket-Protocol
"""


@pytest.mark.parametrize("name", SECRET.split())
def test_names_of_secret_values_are_known(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", HARMLESS.split())
def test_other_names_are_not_secret(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("value", "scheme"),
    [("Bearer abc", "Bearer"), ("basic YTpi", "basic"), ("basically", ""), ("", "")],
)
def test_the_scheme_of_an_authorization_value_is_found(value: str, scheme: str) -> None:
    assert scheme_of(value) == scheme


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ws://h/?a=1&token=x'y;z&b=2#t", "ws://h/?a=1&token=•••&b=2#t"),
        ("ws://h/?api%5Fkey=x", "ws://h/?api%5Fkey=•••"),
        ("ws://h/?TOKEN=x", "ws://h/?TOKEN=•••"),
        ("ws://h/?a?token=x", "ws://h/?a?token=•••"),
        ("ws://h/?token=", "ws://h/?token=•••"),
        ("GET /?token=x HTTP/1.1", "GET /?token=••• HTTP/1.1"),
        ('<a href="/?b=1&amp;sid=x">', '<a href="/?b=1&amp;sid=•••">'),
        ("/?own=x&amp;own=y", "/?own=•••&amp;own=•••"),
        ("#access_token=x", "#access_token=•••"),
        ("wss://ada:p@ss@h/x@y", "wss://h/x@y"),
        ("ws://h/a;token=x/y?b=1", "ws://h/a;token=•••"),
        ("ws://h/token=x?b=1", "ws://h/token=•••"),
        ("ws://h/?a[token]=x&a%5Btoken%5D=y", "ws://h/?a[token]=•••&a%5Btoken%5D=•••"),
        (f"ws://h/{JWT}/feed?q={JWT}&b=1", "ws://h/•••/feed?q=•••&b=1"),
        (f"Hello {JWT}.", "Hello •••"),
        ("ws://h/xoxb-123456789012-abcdef", "ws://h/•••"),
        ("ws://h/token/3f9a8b7c6d5e4f3a2b1c/x", "ws://h/token/•••/x"),
        ("ws://h/api/token/refresh", "ws://h/api/token/refresh"),
        (f"ws://h/ws/{'pqia91ma19' * 6}", "ws://h/ws/•••"),
        (f"ws://h/{ROOM}?id={ROOM}", f"ws://h/{ROOM}?id={ROOM}"),
        ("ws://token.h/3f9a8b7c6d5e4f3a2b1c", "ws://token.h/3f9a8b7c6d5e4f3a2b1c"),
        ("ws://h/?token=%E2%80%a2%E2%80%A2%E2%80%A2&b=%E2%80%A2", "ws://h/?token=•••&b=%E2%80%A2"),
        ("ws://h/?room=token&owner=x", "ws://h/?room=token&owner=x"),
        ("token=x", "token=x"),
    ],
)
def test_credentials_are_removed_from_addresses(text: str, left: str) -> None:
    assert without_secrets(text, {"own"}) == left


_PARTS = st.text("abz?&#;='@/:%20.~", max_size=20)


@given(_PARTS, _PARTS, st.text("s3cr't;!$()*+,:@/.", min_size=1).map("<{}>".format))
def test_no_secret_is_left_in_any_surrounding_text(before: str, after: str, value: str) -> None:
    secret = value.strip("<>")
    # Otherwise the text between them may be a user and password, which are removed too.
    assume(not ("//" in secret and "@" in after))
    cleaned = without_secrets(f"{before}?token={secret}&{after}")
    assert f"token={secret}&" not in cleaned
    assert "?token=•••&" in cleaned


@pytest.mark.parametrize(
    ("typed", "saved", "blank"),
    [
        ("ws://ada:p@h/?token=x&a=1", "ws://ada:•••@h/?token=•••&a=1", "ws://ada:@h/?token=&a=1"),
        ("ws://s3cret@h/", "ws://•••@h/", "ws://@h/"),
        ("ws://s3cret:@h/", "ws://•••@h/", "ws://@h/"),
        (f"ws://h/{JWT}/feed", "ws://h/•••/feed", "ws://h//feed"),
        ("ws://h/?a=1", "ws://h/?a=1", "ws://h/?a=1"),
    ],
)
def test_an_address_is_saved_with_gaps_for_a_person_to_fill(
    typed: str, saved: str, blank: str
) -> None:
    assert saved_address(typed) == saved
    assert saved_address(saved) == saved
    assert blank_address(saved) == blank
    assert (has_mask(saved), has_mask(typed)) == (typed != saved, False)
    if "@" not in saved:
        assert has_mask(parse(saved).url) == has_mask(saved)
        assert blank_address(parse(saved).url) == blank


def test_masks_of_earlier_recordings_are_recognised() -> None:
    assert has_mask("ws://h/?a=1&token=not-kept")
    assert blank_address("ws://h/?token=not-kept&a=1") == "ws://h/?token=&a=1"
    assert not has_mask("ws://h/?token=not-kept-at-all")


def test_long_pathological_text_is_searched_to_the_end() -> None:
    for text in ("?" * 200_000, "?a" * 100_000, "://" * 100_000, "a" * 200_000, "&=" * 100_000):
        assert without_secrets(text) == text
