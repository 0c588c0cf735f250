"""A connection as a command or a program that makes it.

What a form has no place for is named in a comment above it. Secrets are left out unless they are
asked for: MASK is in their place.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import quote

from spacebeam.exchange.copied_sign_in import (
    CopyPart,
    curl_sign_in,
    lacks_aws_secret,
    left_out_by_curl,
    left_out_sign_ins,
    spacebeam_sign_in,
)
from spacebeam.exchange.copy_as import curl_command
from spacebeam.exchange.shown_request import ShownRequest, shown_request
from spacebeam.net.options import written_certificate
from spacebeam.net.proxy import with_scheme
from spacebeam.profiles.profile import Profile, ProtocolSettings, ProxyChoice, SpokenProtocol
from spacebeam.protocol.secrets import MASK

_UNIX = "+unix:"


class ConnectionForm(StrEnum):
    """What a connection can be copied as."""

    CURL = "curl"
    SPACEBEAM = "spacebeam"
    WEBSOCAT = "websocat"
    PYTHON = "python"
    NODE = "node"
    BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class CopiedConnection:
    """A connection in a form."""

    text: str  # without a line break at its end
    left_out: tuple[CopyPart, ...]  # what the form has no place for
    lacks_secrets: bool


def connection_as(
    form: ConnectionForm, address: str, profile: Profile, *, with_secrets: bool = False
) -> CopiedConnection:
    """Return the connection to `address` in a form."""
    typed = replace(profile, protocol=ProtocolSettings())  # our own command adds it again
    shown = typed if form is ConnectionForm.SPACEBEAM else profile
    request = shown_request(address, shown, with_secrets=with_secrets)
    mark, parts = "#", _left_out(form, request, profile)
    match form:
        case ConnectionForm.CURL:
            code = _curl(request, profile, with_secrets)
        case ConnectionForm.SPACEBEAM:
            code = _spacebeam(request, profile, with_secrets)
        case ConnectionForm.WEBSOCAT:
            code = _websocat(request, profile)
        case ConnectionForm.PYTHON:
            code = _python(request, profile)
        case ConnectionForm.NODE:
            mark, code = "//", _node(request, profile)
        case ConnectionForm.BROWSER:
            mark, code = "//", _browser(request)
    headers = ", ".join(name for name, _value in request.signed_headers)
    names = {CopyPart.HEADERS: f"{CopyPart.HEADERS} {headers}"}
    phrases = ", ".join(names.get(part, part.value) for part in parts)
    text = f"{mark} Left out: {phrases}.\n{code}" if parts else code
    # These two ask for the secret of a user or an access key.
    asks = form in (ConnectionForm.CURL, ConnectionForm.SPACEBEAM) and (
        not request.is_complete or lacks_aws_secret(profile, with_secrets=with_secrets)
    )
    return CopiedConnection(text, tuple(parts), asks or MASK in code)


def _left_out(form: ConnectionForm, request: ShownRequest, profile: Profile) -> list[CopyPart]:
    if form is ConnectionForm.SPACEBEAM:
        return []
    is_spoken = profile.protocol.name is not SpokenProtocol.AUTOMATIC
    spoken = [CopyPart.PROTOCOL] if is_spoken else []
    return [*spoken, *_left_out_beside(form, request, profile)]


def _left_out_beside(
    form: ConnectionForm, request: ShownRequest, profile: Profile
) -> list[CopyPart]:
    match form:
        case ConnectionForm.CURL:
            return left_out_by_curl(profile)
        case ConnectionForm.BROWSER:
            parts = [CopyPart.HEADERS] if request.signed_headers else []
            if not profile.tls.verify:
                parts.append(CopyPart.TRUST)
            return [*parts, *left_out_sign_ins(profile), *_network_parts(profile)]
    return [*left_out_sign_ins(profile), *_network_parts(profile)]


def _curl(request: ShownRequest, profile: Profile, with_secrets: bool) -> str:
    further = curl_sign_in(request.url, profile, with_secrets=with_secrets)
    further += _network_words(profile, with_secrets)
    if profile.proxy.choice is ProxyChoice.NONE:
        further.append("--noproxy '*'")
    if profile.request.compression:
        extension = "permessage-deflate; client_max_window_bits"
        further.append(f"--header {shlex.quote(f'Sec-WebSocket-Extensions: {extension}')}")
    scheme, is_unix, rest = request.url.partition(_UNIX)
    if is_unix:
        path, _, resource = rest.partition(":")
        further.append(f"--unix-socket {shlex.quote(path)}")
        request = replace(request, url=f"{scheme}://localhost{resource or '/'}")
    return curl_command(request, further)


def _spacebeam(request: ShownRequest, profile: Profile, with_secrets: bool) -> str:
    words = ["spacebeam connect"]
    if request.user or request.password:
        words.append(f"--user {shlex.quote(request.credentials)}")
    words += [f"--header {shlex.quote(f'{name}: {value}')}" for name, value in request.headers]
    words += [f"--subprotocol {shlex.quote(name)}" for name in request.subprotocols]
    words += _protocol_words(profile.protocol, with_secrets)
    words += spacebeam_sign_in(profile, with_secrets=with_secrets)
    words += _network_words(profile, with_secrets)
    if profile.proxy.choice is ProxyChoice.NONE:
        words.append("--proxy direct")
    if profile.tls.trusted_sha256:
        words.append(f"--fingerprint {shlex.quote(profile.tls.trusted_sha256)}")
    if not profile.request.compression:
        words.append("--no-compress")
    if not profile.request.follow_redirects:
        words.append("--no-redirect")
    if profile.pings.keepalive:
        words.append(f"--ping {profile.pings.interval:g}")
    if profile.reconnect.enabled:
        words.append(f"--reconnect {profile.reconnect.attempts}")
    words.append(shlex.quote(request.url))
    return " \\\n  ".join(words)


def _protocol_words(protocol: ProtocolSettings, with_secrets: bool) -> list[str]:
    """Return the options for a protocol that is spoken."""
    if protocol.name is SpokenProtocol.AUTOMATIC:
        return []
    words = [f"--protocol {protocol.name.value}"]
    if protocol.auth != "":
        words.append(f"--auth {shlex.quote(_known(protocol.auth, with_secrets))}")
    if protocol.topic:
        words.append(f"--topic {shlex.quote(protocol.topic)}")
    return words


def _network_words(profile: Profile, with_secrets: bool) -> list[str]:
    """Return the options for TLS and a proxy, which curl and Spacebeam have in common."""
    tls, proxy = profile.tls, profile.proxy
    words = [] if tls.verify else ["--insecure"]
    if tls.ca_file:
        words.append(f"--cacert {shlex.quote(tls.ca_file)}")
    if tls.certificate_file:
        password = _known(tls.certificate_password, with_secrets)
        certificate = written_certificate(tls.certificate_file, password)
        words.append(f"--cert {shlex.quote(certificate)}")
        if tls.key_file:
            words.append(f"--key {shlex.quote(tls.key_file)}")
    if proxy.choice is ProxyChoice.CUSTOM:
        scheme, _, rest = with_scheme(proxy.address).partition("://")
        user = f"{_quoted(proxy.user)}:{_quoted(_known(proxy.password, with_secrets))}@"
        address = f"{scheme}://{user if proxy.user else ''}{rest}"
        words.append(f"--proxy {shlex.quote(address)}")
    return words


def _known(secret: str | None, with_secrets: bool) -> str:
    return "" if secret == "" else secret if secret is not None and with_secrets else MASK


def _websocat(request: ShownRequest, profile: Profile) -> str:
    words = ["websocat"]
    if request.user or request.password:
        credentials = f"{request.user}:{request.password or MASK}"
        words.append(f"--basic-auth {shlex.quote(credentials)}")
    words += [f"-H={shlex.quote(f'{name}: {value}')}" for name, value in request.headers]
    if request.subprotocols:
        words.append(f"--protocol {shlex.quote(','.join(request.subprotocols))}")
    if not profile.tls.verify:
        words.append("--insecure")
    if profile.pings.keepalive:
        words.append(f"--ping-interval {profile.pings.interval:g}")
    words.append(shlex.quote(request.url))
    return " \\\n  ".join(words)


def _python(request: ShownRequest, profile: Profile) -> str:
    """Return a program for the library `websockets`, from version 13 on."""
    headers = list(request.signed_headers)
    arguments = [repr(request.url)]
    if headers:
        arguments.append(f"additional_headers={headers!r}")
    if any(name.lower() == "user-agent" for name, _value in headers):
        arguments.append("user_agent_header=None")
    if request.subprotocols:
        arguments.append(f"subprotocols={list(request.subprotocols)!r}")
    if not profile.request.compression:
        arguments.append("compression=None")
    imports, before = ["asyncio"], ""
    if not profile.tls.verify and request.url.startswith("wss:"):
        imports.append("ssl")
        before = (
            "    context = ssl.create_default_context()\n"
            "    context.check_hostname = False\n"
            "    context.verify_mode = ssl.CERT_NONE\n"
        )
        arguments.append("ssl=context")
    called = "".join(f"        {argument},\n" for argument in arguments)
    return (
        "".join(f"import {name}\n" for name in imports)
        + "\nfrom websockets.asyncio.client import connect\n\n\n"
        f"async def main():\n{before}"
        f"    async with connect(\n{called}    ) as websocket:\n"
        "        async for message in websocket:\n"
        "            print(message)\n\n\n"
        "asyncio.run(main())"
    )


def _node(request: ShownRequest, profile: Profile) -> str:
    """Return a program for Node's package `ws`."""
    options: dict[str, object] = {}
    headers: dict[str, list[str]] = {}
    for name, value in request.signed_headers:
        headers.setdefault(name, []).append(value)
    if headers:
        options["headers"] = {
            name: one[0] if len(one) == 1 else one for name, one in headers.items()
        }
    if not profile.tls.verify:
        options["rejectUnauthorized"] = False
    if not profile.request.compression:
        options["perMessageDeflate"] = False
    protocols = _json(list(request.subprotocols))
    arguments = f"{_json(request.url)}, {protocols}, {_json(options)}"
    return (
        'const WebSocket = require("ws");\n\n'
        f"const socket = new WebSocket({arguments});\n"
        'socket.on("message", (data) => console.log(data.toString()));\n'
        'socket.on("error", (error) => console.error(error.message));'
    )


def _browser(request: ShownRequest) -> str:
    """Return a program for a browser, which sends its own headers and cookies only."""
    arguments = [_json(request.url)]
    if request.subprotocols:
        arguments.append(_json(list(request.subprotocols)))
    return (
        f"const socket = new WebSocket({', '.join(arguments)});\n"
        "socket.onmessage = (event) => console.log(event.data);\n"
        "socket.onclose = (event) => console.log(event.code, event.reason);"
    )


def _network_parts(profile: Profile) -> list[CopyPart]:
    """Return what only curl and Spacebeam have options for."""
    parts = []
    if profile.proxy.choice is not ProxyChoice.SYSTEM:
        parts.append(CopyPart.PROXY)
    if profile.tls.ca_file:
        parts.append(CopyPart.AUTHORITIES)
    if profile.tls.certificate_file:
        parts.append(CopyPart.CERTIFICATE)
    return parts


def _quoted(text: str) -> str:
    return text if text == MASK else quote(text, safe="")


def _json(value: object) -> str:
    return json.dumps(value, indent=2 if isinstance(value, dict) else None, ensure_ascii=False)
