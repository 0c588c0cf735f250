"""nginx in front of a server, and proxies on the way to one, as child processes."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.certificates import Certificate
from tests.support.processes import LOOPBACK, binary, free_port, serving

_NGINX = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    server {{
        listen {loopback}:{port} ssl;
        ssl_certificate {certificate.chain};
        ssl_certificate_key {certificate.key};
        location / {{
            proxy_pass http://{loopback}:{upstream};
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_set_header Host $http_host;
        }}
    }}
}}
"""

_SQUID = """
{listen} {loopback}:{port}
http_access {verdict} all
cache deny all
cache_mem 0 MB
access_log none
cache_log {folder}/cache.log
cache_store_log none
logfile_rotate 0
pid_filename none
coredump_dir {folder}
netdb_filename none
pinger_enable off
visible_hostname localhost
hosts_file {hosts}
shutdown_lifetime 0 seconds
"""


@contextlib.contextmanager
def nginx(folder: Path, certificate: Certificate, upstream: int) -> Iterator[int]:
    """TLS in front of the port `upstream`, until the block ends; gives nginx's port."""
    program, port = binary("nginx"), free_port()
    config = folder / "nginx.conf"
    config.write_text(
        _NGINX.format(
            folder=folder,
            loopback=LOOPBACK,
            port=port,
            certificate=certificate,
            upstream=upstream,
        )
    )
    command = [program, "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")]
    with serving(command, port, folder / "output.log"):
        yield port


@contextlib.contextmanager
def squid(
    folder: Path, *, verdict: str = "allow", certificate: Certificate | None = None
) -> Iterator[str]:
    """Run an HTTP proxy that allows or denies every request; yield its address.

    With a certificate it is an https:// proxy.
    """
    program, port = binary("squid"), free_port()
    folder.chmod(0o777)  # squid drops root's rights
    config = folder / "squid.conf"
    with _hosts_file() as hosts:
        listen = "http_port"
        if certificate is not None:
            files = f"tls-cert={certificate.chain} tls-key={certificate.key}"
            listen = f"https_port {LOOPBACK}:{port} {files}\n#"
        config.write_text(
            _SQUID.format(
                folder=folder,
                listen=listen,
                loopback=LOOPBACK,
                port=port,
                verdict=verdict,
                hosts=hosts,
            )
        )
        command = [program, "-N", "-f", str(config)]
        with serving(command, port, folder / "output.log"):
            scheme = "http" if certificate is None else "https"
            yield f"{scheme}://{LOOPBACK}:{port}"


@contextlib.contextmanager
def tinyproxy(folder: Path, user: str, password: str) -> Iterator[str]:
    """Run an HTTP proxy that requires user and password; yield its address without them."""
    program, port = binary("tinyproxy"), free_port()
    config = folder / "tinyproxy.conf"
    config.write_text(
        f"Port {port}\nListen {LOOPBACK}\nTimeout 20\nBasicAuth {user} {password}\n"
        f'LogFile "{folder}/tinyproxy.log"\n'
    )
    with serving([program, "-d", "-c", str(config)], port, folder / "output.log"):
        yield f"http://{LOOPBACK}:{port}"


@contextlib.contextmanager
def microsocks(folder: Path, user: str = "", password: str = "") -> Iterator[str]:
    """Run a SOCKS 5 proxy, which may require user and password; yield its host and port."""
    program, port = binary("microsocks"), free_port()
    credentials = ["-u", user, "-P", password] if user else []
    command = [program, "-i", LOOPBACK, "-p", str(port), *credentials]
    with serving(command, port, folder / "output.log"):
        yield f"{LOOPBACK}:{port}"


@contextlib.contextmanager
def _hosts_file() -> Iterator[str]:
    """Write a hosts file that squid can read without root's rights; yield its path.

    squid uses the last line for a name. Debian 13 ends with `::1 localhost`, and the servers
    behind the proxy listen on IPv4.
    """
    with tempfile.NamedTemporaryFile("w", prefix="spacebeam-hosts-") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(f"{LOOPBACK} localhost\n")
        file.flush()
        yield file.name
