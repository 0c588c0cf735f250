"""`spacebeam probe` with real servers: the report of a handshake."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from gi.repository import Gio

from tests.cli.program import Finished, command, interrupt, read_until, spacebeam, started
from tests.support.certificates import Authority
from tests.support.processes import LOOPBACK, free_port
from tests.support.proxies import nginx, squid
from tests.support.raw_server import answer, raw_server, read_request, switching, wait_for_end
from tests.support.websockets_peer import websockets_peer


def probe(*words: str) -> Finished:
    return spacebeam("probe", *words)


def json_report(*words: str) -> dict[str, Any]:
    """Return the one line that `--json` prints."""
    finished = probe(*words, "--json")
    assert finished.stdout.count(b"\n") == 1
    found: dict[str, Any] = json.loads(finished.stdout)
    assert finished.returncode == (0 if found["ok"] else 1)
    return found


def stages(report: dict[str, Any]) -> list[str]:
    return [span["stage"] for span in report["timeline"]]


def test_a_report_has_a_table_and_a_waterfall(served: str) -> None:
    finished = probe(f"{served}/echo", "--subprotocol", "chat")
    text = finished.stdout.decode()
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert f"  Address         {served}/echo\n" in text
    assert "  GET /echo HTTP/1.1\n" in text
    assert "  Sec-WebSocket-Protocol: chat\n" in text
    assert "  HTTP/1.1 101 Switching Protocols\n" in text
    assert "  Extensions      permessage-deflate" in text
    assert "\n  TCP    " in text
    assert "\n  Upgrade" in text
    assert "█" in text
    assert text.endswith("Closing\n  Ended  Disconnected (1000, normal closure).\n")
    assert "\x1b" not in text


def test_the_connection_is_closed_with_a_close_frame() -> None:
    received: list[bytes] = []

    def script(peer: socket.socket) -> None:
        peer.sendall(switching(read_request(peer)))
        frame = peer.recv(8)
        received.append(bytes(byte ^ frame[2 + place % 4] for place, byte in enumerate(frame[6:])))
        peer.sendall(b"\x88\x02\x03\xe8")
        wait_for_end(peer)

    with raw_server(script) as server:
        report = json_report(f"ws://{LOOPBACK}:{server.port}/")
    assert received == [(1000).to_bytes(2, "big")]
    assert report["closing"]["clean"]


def test_an_unanswered_close_frame_does_not_delay_the_report() -> None:
    def script(peer: socket.socket) -> None:
        peer.sendall(switching(read_request(peer)))
        wait_for_end(peer)

    with raw_server(script) as server:
        report = json_report(f"ws://{LOOPBACK}:{server.port}/", "--close-timeout", "0.1")
    assert (report["ok"], report["closing"]["clean"]) == (True, False)
    assert "within 0.1 s" in report["closing"]["explanation"]


def test_the_status_of_a_proxy_that_refuses_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with squid(tmp_path, verdict="deny") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        report = json_report("wss://far.example/")
        text = probe("wss://far.example/").stdout.decode()
    assert (report["proxy"], report["proxy_source"]) == (proxy, "HTTPS_PROXY")
    assert (report["proxy_status"], report["failure"]["kind"]) == (403, "proxy")
    assert "  Proxy status   403\n" in text
    assert "  Proxy from     environment variable HTTPS_PROXY\n" in text


@pytest.mark.parametrize(("group", "scheme"), [("https", "http"), ("socks", "socks5")])
def test_a_dead_proxy_of_the_desktop_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: str, scheme: str
) -> None:
    schemas = Gio.SettingsSchemaSource.get_default()
    if schemas is None or schemas.lookup("org.gnome.system.proxy", True) is None:
        pytest.skip("GNOME's proxy settings are not installed")
    port = free_port()
    settings = tmp_path / "glib-2.0/settings/keyfile"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f"[system/proxy]\nmode='manual'\n[system/proxy/{group}]\nhost='{LOOPBACK}'\nport={port}\n"
    )
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("GSETTINGS_BACKEND", "keyfile")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "GNOME")
    report = json_report("wss://far.example/")
    assert (report["proxy"], report["proxy_source"]) == (f"{scheme}://{LOOPBACK}:{port}", "system")
    assert report["failure"]["explanation"] == (
        f"Could not connect to the proxy {LOOPBACK}:{port}: Connection refused. "
        "The proxy comes from the system's settings."
    )


def test_json_has_a_handshake_through_a_proxy_and_a_redirect(
    authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "nginx").mkdir()
    (tmp_path / "squid").mkdir()
    with (
        websockets_peer() as plain,
        nginx(tmp_path / "nginx", authority.issue(), plain) as port,
        squid(tmp_path / "squid") as proxy,
    ):
        location = f"https://localhost:{port}/echo"
        head = f"HTTP/1.1 307 There\nLocation: {location}\nX-Step: 1"
        with raw_server(lambda peer: answer(peer, head, "moved")) as first:
            report = json_report(
                f"ws://localhost:{first.port}/",
                *("-x", proxy, "--cacert", str(authority.file), "--subprotocol", "chat.v1"),
            )
    assert report["url"] == location.replace("https", "wss")
    assert report["proxy"] == proxy
    assert (report["proxy_source"], report["proxy_status"]) == ("options", None)
    assert report["remote_address"] == proxy.removeprefix("http://")
    assert report["local_address"].startswith(LOOPBACK)
    assert report["subprotocol"] == "chat.v1"
    (extension,) = report["extensions"]
    assert extension["name"] == "permessage-deflate"
    assert "server_max_window_bits" in extension["parameters"]
    assert report["tls"]["version"].startswith("TLS 1.")
    assert report["tls"]["faults"] == []
    assert len(report["tls"]["certificates"][0]["sha256"]) == 64
    moved, opened = report["exchanges"]
    assert (moved["response"]["status"], opened["response"]["status"]) == (307, 101)
    assert ["X-Step", "1"] in moved["response"]["headers"]
    assert moved["response"]["body"] == "moved"
    assert ["Host", f"localhost:{port}"] in opened["request"]["headers"]
    assert stages(report) == [
        "tcp",
        "proxy",
        "upgrade",
        "tcp",
        "proxy",
        "tls_setup",
        "tls",
        "upgrade",
    ]
    assert all(span["finished"] for span in report["timeline"])
    assert report["timeline"][-1]["start_ms"] == opened["start_ms"]
    assert sum(span["took_ms"] for span in report["timeline"]) <= report["total_ms"]
    assert report["failure"] is None


def test_a_refused_handshake_is_reported() -> None:
    head, body = "HTTP/1.1 401 Who\nWWW-Authenticate: Basic realm=r", "say\x1b[2Jwho"
    with raw_server(lambda peer: answer(peer, head, body)) as server:
        address = f"ws://{LOOPBACK}:{server.port}/"
        finished = probe(address)
        report = json_report(address)
    text = finished.stdout.decode()
    assert finished.returncode == 1
    assert "  WWW-Authenticate: Basic realm=r\n" in text
    assert "  say␛[2Jwho\n" in text
    assert "Failure\n  What    127.0.0.1:" in text
    assert "  Advice  Sign-in required" in text
    assert b"refused with HTTP status 401 Who." in finished.stderr
    assert report["failure"]["kind"] == "http status"
    assert report["exchanges"][0]["response"]["body"] == body
    assert report["closing"] is None


def test_an_invalid_certificate_is_shown_with_its_errors(authority: Authority) -> None:
    with websockets_peer(context=authority.issue().context()) as port:
        report = json_report(f"wss://localhost:{port}/echo")
        trusting = json_report(f"wss://localhost:{port}/echo", "-k")
    assert report["failure"]["kind"] == "certificate"
    assert report["tls"]["faults"] == trusting["tls"]["faults"] != []
    assert report["tls"]["certificates"] == trusting["tls"]["certificates"]
    assert stages(report)[-1] == "tls"
    assert not report["timeline"][-1]["finished"]


def test_a_refused_connection_is_reported_with_its_address() -> None:
    port = free_port()
    report = json_report(f"ws://localhost:{port}/")
    assert report["failure"]["kind"] == "refused"
    assert f"{LOOPBACK}:{port}" in report["tried_addresses"]
    assert (report["exchanges"], report["remote_address"]) == ([], None)
    assert [span["finished"] for span in report["timeline"]] == [True, False]


@pytest.mark.parametrize("width", [40, 200])
def test_the_report_fits_the_width_of_the_terminal(served: str, width: int) -> None:
    finished = subprocess.run(
        command("probe", f"{served}/echo", "--color=always"),
        env=os.environ | {"COLUMNS": str(width)},
        capture_output=True,
        timeout=20,
        check=True,
    )
    lines = re.sub(r"\x1b\[[0-9;]*m", "", finished.stdout.decode()).split("\n")
    assert max(map(len, lines)) <= width
    (total,) = (line for line in lines if line.startswith("  Total"))
    assert len(total.rstrip()) > width - 6


def test_the_failure_is_printed_once_with_style_on_a_terminal() -> None:
    main, side = os.openpty()
    with started("probe", f"ws://127.0.0.1:{free_port()}/", stdout=side) as child:
        os.close(side)
        shown = read_until(main, b"Advice")
        assert child.wait(20) == 1
        assert child.stderr is not None
        assert child.stderr.read() == b""
    os.close(main)
    assert b"\x1b[1mFailure\x1b[0m" in shown


def test_a_locale_without_unicode_gets_ascii() -> None:
    with raw_server(lambda peer: answer(peer, "HTTP/1.1 403 No", "für dich\x07")) as server:
        finished = subprocess.run(
            command("probe", f"ws://{LOOPBACK}:{server.port}/"),
            env=os.environ | {"PYTHONIOENCODING": "ascii"},
            capture_output=True,
            timeout=20,
        )
    assert finished.returncode == 1
    assert b"  f?r dich?\n" in finished.stdout
    assert b"#" in finished.stdout


def test_ctrl_c_ends_the_program() -> None:
    with raw_server(wait_for_end) as server:
        address = f"ws://127.0.0.1:{server.port}/"
        with started("probe", address, stdout=subprocess.PIPE) as child:
            while not server.connections:
                assert child.poll() is None
            assert interrupt(child) == 130
            assert child.stdout is not None
            assert child.stdout.read() == b""


def test_bad_usage_names_the_error() -> None:
    finished = probe("ftp://h")
    assert finished.returncode == 2
    assert finished.stderr.endswith(b"Try 'spacebeam probe --help'.\n")
    assert probe("ws://h", "--subprotocol", "a", "--subprotocol", "a").returncode == 2
