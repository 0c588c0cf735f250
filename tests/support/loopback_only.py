"""Connects in a network namespace that has loopback alone, and a hosts file of its own.

As a program, in the namespace: runs servers for ws and wss on all addresses, probes each address
and prints the outcomes.
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.support.certificates import Certificate
from tests.support.processes import binary
from tests.support.raw_server import header, read_request

_SET_UP = """
ip link set lo up && ip address add "$1" dev lo nodad && mount --bind "$0" /etc/hosts &&
shift && exec "$@"
"""
_REFUSAL = b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def probe_in_namespace(
    addresses: list[str],
    hosts: Path,
    certificate: Certificate,
    authority: Path,
    own_address: str = "fe80::1/64",
) -> dict[str, dict[str, Any]]:
    """Probe addresses; `PORT` in them is that of a server for ws or wss, `PORT6` of one on ::1.

    After an address and a space may be that of a proxy.

    With an IPv4 address of its own, the namespace has a network as far as the system can tell.
    """
    if os.geteuid():
        pytest.skip("only root makes network namespaces")
    alone = [binary("unshare"), "--net", "--mount"]
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network namespace can be made here")
    binary("ip")
    program = [sys.executable, "-m", __name__, str(certificate.chain), str(certificate.key)]
    finished = subprocess.run(
        [
            *alone,
            "sh",
            "-c",
            _SET_UP,
            str(hosts),
            own_address,
            *program,
            str(authority),
            *addresses,
        ],
        check=True,
        stdout=subprocess.PIPE,
    )
    outcomes: dict[str, dict[str, Any]] = json.loads(finished.stdout)
    return outcomes


class _Server:
    """Refuses every handshake; has the last Host header and server name."""

    def __init__(self, context: ssl.SSLContext | None = None, host: str = "::") -> None:
        self.host: str | None = None
        self.server_name: str | None = None
        self._context = context
        if context is not None:
            context.sni_callback = self._on_server_name
        self._listener = socket.create_server(
            (host, 0), family=socket.AF_INET6, dualstack_ipv6=host == "::"
        )
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _on_server_name(self, _peer: object, name: str | None, _context: object) -> None:
        self.server_name = name

    def _serve(self) -> None:
        while True:
            peer, _address = self._listener.accept()
            try:
                if self._context is not None:
                    peer = self._context.wrap_socket(peer, server_side=True)
                self.host = header(read_request(peer), "Host")
                peer.sendall(_REFUSAL)
            except OSError:
                continue  # the client refused the certificate
            finally:
                peer.close()


def _main(chain: str, key: str, authority: str, *addresses: str) -> None:
    servers = {"ws": _Server(), "wss": _Server(Certificate(Path(chain), Path(key)).context())}
    only_ipv6 = _Server(host="::1")
    outcomes = {}
    for address in addresses:
        server = only_ipv6 if "PORT6" in address else servers[address.partition(":")[0]]
        url = address.replace("PORT6", "PORT").replace("PORT", str(server.port))
        server.host = server.server_name = None
        command = [sys.executable, "-m", "spacebeam", "probe", "--json", "--cacert", authority]
        url, *proxy = url.split(" ")
        options = ["--proxy", *proxy] if proxy else []
        finished = subprocess.run([*command, *options, url], check=False, capture_output=True)
        outcomes[address] = {
            "report": json.loads(finished.stdout),
            "host": (server.host or "").replace(str(server.port), "PORT"),
            "server_name": server.server_name,
        }
    print(json.dumps(outcomes))


if __name__ == "__main__":
    _main(*sys.argv[1:])
