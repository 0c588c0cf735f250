"""An authorization server that answers as it is told, and a client that asks it."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from spacebeam.net.options import HandshakeOptions
from spacebeam.profiles.profile import OAuthGrant, OAuthSettings
from spacebeam.session.oauth.oauth import OAuth
from spacebeam.session.oauth.values import OAuthError
from tests.support.raw_server import RawServer, raw_server, read_request

TOKEN = {"access_token": "granted", "token_type": "Bearer", "expires_in": 3600}


def json_answer(values: object, status: str = "200 OK") -> bytes:
    body = values if isinstance(values, bytes) else json.dumps(values).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


@contextlib.contextmanager
def answering(*answers: bytes) -> Iterator[tuple[str, RawServer]]:
    """A server that gives these answers in turn, the last one again and again."""
    rest = list(answers)

    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(rest.pop(0) if len(rest) > 1 else rest[0])

    with raw_server(script) as server:
        yield f"http://127.0.0.1:{server.port}", server


async def token(settings: OAuthSettings, prompt: Any = None) -> str:
    return await OAuth().token(settings, HandshakeOptions(time_limit=10), prompt)


async def refused(settings: OAuthSettings, prompt: Any = None) -> OAuthError:
    with pytest.raises(OAuthError) as caught:
        await token(settings, prompt)
    return caught.value


def client(url: str) -> OAuthSettings:
    return OAuthSettings(
        OAuthGrant.CLIENT, token_url=f"{url}/token", client_id="c", client_secret="s"
    )
