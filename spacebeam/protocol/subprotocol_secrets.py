"""Recognise secrets among the offered subprotocols, and mask them.

Scripts in browsers cannot set headers of a WebSocket handshake. Many servers therefore accept a
token in Sec-WebSocket-Protocol (RFC 6455, section 1.9).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacebeam.protocol.known_secrets import masked
from spacebeam.protocol.secrets import MASK, is_random, is_secret_name

# Subprotocols that follow a name such as `bearer` without being its token.
_PLAIN = re.compile(
    r"(?:graphql|mqtt|amqp|wamp|soap|xmpp|sip|msrp|bfcp|coap|jmap|rfb|opcua|ocpp|actioncable|phoenix"
    r"|json|jsonrpc|msgpack|protobuf|binary|text|base64|chat|realtime|openai-beta)\b.*|ocpp[\d.]+"
    r"|v?\d+(?:\.\d+)*(?:\.\w+)*\.(?:stomp|k8s\.io|jupyter\.org)|\w+\.k8s\.io",
    re.IGNORECASE,
)
# Kubernetes, Phoenix, Jupyter, OpenAI; and what others write, such as `bearer.…` or `token-…`.
_PREFIX = re.compile(
    r"base64url\.bearer\.authorization\.k8s\.io\.|base64url\.bearer\.phx\."
    r"|v\d+\.token\.websocket\.jupyter\.org\.|openai-insecure-api-key\."
    r"|(?:.*?[.\-_|:~+ ])?(?:authorization|bearer|token|jwt|passw(?:or)?d|secret|ticket"
    r"|api[.\-_]?key)[.\-_|:~+= ](?!(?:v?\d+(?:\.\d+)*|websocket\.jupyter\.org)$)",
    re.IGNORECASE,
)
_SCHEMES = frozenset(("basic", "bearer", "token"))
_ENCODED_JSON = re.compile(r"(?<![A-Za-z0-9])eyJ[\w.~+/=-]{8,}")  # also of a JSON Web Token


def masked_subprotocols(offered: Sequence[str]) -> tuple[str, ...]:
    """Return the offered subprotocols with MASK in place of tokens.

    A token is the one after a name such as `access_token`, or follows such a name in the same
    subprotocol, or is recognised by its form or as a known secret.
    """
    shown, follows_name = [], False
    for name in offered:
        is_scheme = name.lower() in _SCHEMES
        if follows_name and not is_scheme and not _PLAIN.fullmatch(name):
            shown.append(MASK)
            follows_name = False
        else:
            shown.append(_masked(name))
            # Not `auth-chat`, which names a protocol.
            last_part = re.split(r"[.\-_]", name)[-1]
            follows_name = follows_name or is_scheme or is_secret_name(last_part)
    return tuple(shown)


def masked_subprotocol(agreed: str, offered: Sequence[str] = ()) -> str:
    """Return the agreed subprotocol, masked as it is among the offered ones."""
    return dict(zip(offered, masked_subprotocols(offered), strict=True)).get(
        agreed, _masked(agreed)
    )


def _masked(name: str) -> str:
    name = masked(name, MASK)
    prefix = _PREFIX.match(name)
    if prefix is not None and prefix.end() < len(name):
        return prefix.group() + MASK
    parts = _ENCODED_JSON.sub(MASK, name).split(".")
    return ".".join(MASK if is_random(part) else part for part in parts)
