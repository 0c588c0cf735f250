"""The network and TLS options, with curl's names: proxy, Unix socket, certificates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from cloup import option, option_group

from spacebeam.cli.options import values
from spacebeam.net.options import DIRECT

_Command = TypeVar("_Command", bound=Callable[..., Any])


def network_options(command: _Command) -> _Command:
    """Add the group to a command."""
    add: Callable[[_Command], _Command] = option_group(
        "Network and TLS",
        option(
            "-x",
            "--proxy",
            metavar="URL",
            type=values.text,
            help="Use this proxy: http://… (which may be left out), https://…, socks5://… (looks "
            f"up names, as socks5h://…) or socks4://…; “{DIRECT}” for none. "
            "[default: as in curl, http_proxy for ws://, https_proxy for wss://, or all_proxy, but "
            "not for hosts in no_proxy; without such variables the system's proxy]",
        ),
        option(
            "--unix-socket",
            metavar="PATH",
            type=values.text,
            shell_complete=values.file_names,
            help="Connect to this Unix socket; the address gives host and path of the request.",
        ),
        option(
            "--cacert",
            metavar="FILE",
            shell_complete=values.file_names,
            help="Trust the certificate authorities in a PEM file.",
        ),
        option(
            "--cert",
            metavar="FILE[:PASSWORD]",
            shell_complete=values.file_names,
            help="Client certificate: PEM or PKCS#12 (.p12), with the password of its key. "
            r"A colon of the file is written \:, as in curl.",
        ),
        option(
            "--key",
            metavar="FILE",
            shell_complete=values.file_names,
            help="Private key of the client certificate.",
        ),
        option(
            "--fingerprint",
            metavar="SHA256",
            help="Trust the server certificate with this SHA-256 fingerprint.",
        ),
        option("-k", "--insecure", is_flag=True, help="Trust any server certificate."),
    )
    return add(command)
