"""Servers that require user and password: Apache, and a server that verifies any Digest."""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.processes import LOOPBACK, binary, free_port, serving
from tests.support.raw_server import (
    Script,
    header,
    raw_server,
    read_request,
    switching,
    wait_for_end,
)

_MODULES = ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules")
_APACHE = """
ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
Mutex file:{folder}
{modules}
Listen {loopback}:{port}
<Location />
    AuthType Digest
    AuthName "{realm}"
    AuthDigestProvider file
    AuthUserFile {folder}/users
    Require valid-user
</Location>
ProxyPass / ws://{loopback}:{upstream}/
"""
REALM = 'the "inner" realm'


@contextlib.contextmanager
def apache(folder: Path, upstream: int, user: str, password: str) -> Iterator[int]:
    """Run Apache with Digest in front of the port `upstream`; yield its port."""
    name = "apache2" if Path("/usr/sbin/apache2").exists() else "httpd"
    program, port = binary(name), free_port()
    modules = next((one for one in map(Path, _MODULES) if one.is_dir()), None)
    if modules is None:
        pytest.skip("Apache's modules are not installed")
    names = "mpm_event authn_core authn_file auth_digest authz_core authz_user proxy proxy_wstunnel"
    loaded = [f"LoadModule {one}_module {modules}/mod_{one}.so" for one in names.split()]
    config = _APACHE.format(
        folder=folder,
        modules="\n".join(loaded),
        loopback=LOOPBACK,
        port=port,
        realm="there",
        upstream=upstream,
    )
    (folder / "apache.conf").write_text(config)
    key = hashlib.md5(f"{user}:there:{password}".encode(), usedforsecurity=False).hexdigest()
    (folder / "users").write_text(f"{user}:there:{key}\n")
    command = [program, "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"]
    with serving(command, port, folder / "output.log"):
        yield port


@dataclass
class DigestServer:
    """Verifies Digest by the text of RFC 7616, without the client's code."""

    user: str
    password: str
    algorithm: str = "MD5"
    qop: str = "auth"
    nonces: list[str] = field(default_factory=lambda: ["n1"])  # all but the last are stale
    userhash: bool = False
    challenges: tuple[str, ...] = ()  # other headers, before its own
    requests: list[bytes] = field(default_factory=list)

    def script(self, peer: socket.socket) -> None:
        request = read_request(peer)
        self.requests.append(request)
        sent = _parameters((header(request, "Authorization") or "").encode("latin-1").decode())
        if sent and self._is_valid(request, sent):
            if sent["nonce"] == self.nonces[-1]:
                peer.sendall(switching(request))
                wait_for_end(peer)
                return
            self.nonces.pop(0)
            self._ask(peer, self.nonces[0], ", stale=true")
            return
        self._ask(peer, self.nonces[0])

    def _ask(self, peer: socket.socket, nonce: str, more: str = "") -> None:
        realm = REALM.replace('"', '\\"')
        own = f'Digest realm="{realm}", nonce="{nonce}", opaque="o p", charset=UTF-8'
        own += f", algorithm={self.algorithm}{more}"
        own += f', qop="{self.qop}"' if self.qop else ""
        own += ", userhash=true" if self.userhash else ""
        lines = [f"WWW-Authenticate: {one}" for one in (*self.challenges, own)]
        head = ["HTTP/1.1 401 Unauthorized", *lines, "Content-Length: 0", "", ""]
        peer.sendall("\r\n".join(head).encode())

    def _is_valid(self, request: bytes, sent: dict[str, str]) -> bool:
        name = {"sha-256": "sha256", "sha-512-256": "sha512_256"}.get(
            self.algorithm.lower().removesuffix("-sess"), "md5"
        )

        def h(text: str) -> str:
            return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

        method, target, _version = request.split(b"\r\n")[0].decode().split(" ")
        user = h(f"{self.user}:{REALM}") if self.userhash else self.user
        a1 = f"{self.user}:{REALM}:{self.password}"
        if self.algorithm.lower().endswith("-sess"):
            a1 = f"{h(a1)}:{sent['nonce']}:{sent['cnonce']}"
        a2 = f"{method}:{target}"
        if sent.get("qop") == "auth-int":
            a2 += f":{h('')}"
        between = sent["nonce"]
        if self.qop:
            between += f":{sent['nc']}:{sent['cnonce']}:{sent['qop']}"
        return (
            sent["username"] == user
            and sent["realm"] == REALM
            and sent["uri"] == target
            and sent["opaque"] == "o p"
            and sent.get("userhash", "false") == str(self.userhash).lower()
            and sent.get("nc", "00000001") == "00000001"
            and sent["response"] == h(f"{h(a1)}:{between}:{h(a2)}")
        )

    @contextlib.contextmanager
    def running(self) -> Iterator[int]:
        """Serve until the block ends; yield the port."""
        with raw_server(self.script) as server:
            yield server.port


def _parameters(value: str) -> dict[str, str]:
    if not value.startswith("Digest "):
        return {}
    found = re.findall(r'([a-z0-9]+)=(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))', value)
    return {name: re.sub(r"\\(.)", r"\1", quoted) or plain for name, quoted, plain in found}


def refusing(requests: list[bytes], *headers: str, status: str = "401 Unauthorized") -> Script:
    """Return a script that answers every request with the same refusal."""

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        head = [f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "", ""]
        peer.sendall("\r\n".join(head).encode())

    return script
