"""Cookie files, as curl and libsoup read and write them."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.exchange.netscape_cookies import CookieFileError, from_text, to_text
from spacebeam.net.cookies import Cookie
from spacebeam.net.soup import Soup
from tests.support.processes import LOOPBACK, binary
from tests.support.raw_server import header, raw_server, read_request

COOKIES = (
    Cookie("a", "1", "h.example"),
    Cookie("b", "x=y z", ".h.example", "/p", 4_000_000_000, is_secure=True, is_http_only=True),
    Cookie("empty", "", "h.example"),
)
TEXT = (
    "h.example\tFALSE\t/\tFALSE\t0\ta\t1\n"
    "#HttpOnly_.h.example\tTRUE\t/p\tTRUE\t4000000000\tb\tx=y z\n"
    "h.example\tFALSE\t/\tFALSE\t0\tempty\t\n"
)


def test_a_line_is_written_for_each_cookie() -> None:
    head, _blank, lines = to_text(COOKIES, 0).partition("\n\n")
    assert head.startswith("# Netscape HTTP Cookie File\n")
    assert lines == TEXT


def test_cookies_are_read_as_they_were_written() -> None:
    assert from_text(to_text(COOKIES, 0)) == COOKIES


def test_expired_cookies_are_not_written() -> None:
    assert from_text(to_text(COOKIES, 4_000_000_000)) == (COOKIES[0], COOKIES[2])


def test_files_of_other_programs_are_read() -> None:
    text = (
        "# a comment\r\n\r\n"
        "h\ttrue\t/\tfalse\t0\tn\tv\r\n"
        ".h\tFALSE\t/\tFALSE\t0\tm\r\n"  # curl: for this host only, without a value
        "h\tFALSE\t/\tFALSE\t0\to\tv\tLax"  # libsoup
    )
    assert from_text(text) == (Cookie("n", "v", ".h"), Cookie("m", "", "h"), Cookie("o", "v", "h"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("session=abc", "it has not 7 fields"),
        ("h\tFALSE\t/\tFALSE\tsoon\tn\tv", "its fifth field is not a time"),
        ("h\tFALSE\tp\tFALSE\t0\tn\tv", "its third field is not a path"),
        (".\tFALSE\t/\tFALSE\t0\tn\tv", "its first field is not a host"),
        ("h\tFALSE\t/\tFALSE\t0\tn\ta\x00b", "no control characters"),
    ],
)
def test_an_invalid_file_is_refused_with_its_line(line: str, words: str) -> None:
    with pytest.raises(CookieFileError, match="Line 3 is not a cookie: ") as caught:
        from_text(f"# x\n\n{line}\n")
    assert words in str(caught.value)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        cookies = from_text(text)
    except CookieFileError:
        return
    assert all(isinstance(cookie, Cookie) for cookie in cookies)


def test_libsoup_reads_a_written_file(tmp_path: Path) -> None:
    path = tmp_path / "cookies.txt"
    path.write_text(to_text(COOKIES, 0))
    found = Soup.CookieJarText.new(str(path), True).all_cookies()
    assert [(one.get_name(), one.get_value(), one.get_domain()) for one in found] == [
        ("b", "x=y z", ".h.example")  # libsoup reads the others as expired
    ]
    assert found[0].get_secure()
    assert found[0].get_http_only()


def test_a_file_of_libsoup_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cookies.txt"
    jar = Soup.CookieJarText.new(str(path), False)
    one = Soup.Cookie.new("n", "v", ".h.example", "/", 1000)
    jar.add_cookie(one)
    (found,) = from_text(path.read_text())
    assert (found.name, found.value, found.domain) == ("n", "v", ".h.example")


def test_curl_reads_a_written_file_and_its_file_is_read(tmp_path: Path) -> None:
    received: list[str | None] = []
    head = "HTTP/1.1 200 OK\nSet-Cookie: set=1\nSet-Cookie: late=2; Max-Age=60; HttpOnly"
    path, other = tmp_path / "cookies.txt", tmp_path / "other.txt"
    path.write_text(to_text([Cookie("a", "1", LOOPBACK), Cookie("b", "", LOOPBACK)], 0))

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        received.append(header(request, "Cookie"))
        lines = (*head.split("\n"), "Content-Length: 0", "Connection: close", "", "")
        peer.sendall("\r\n".join(lines).encode())

    with raw_server(script) as server:
        address = f"http://{LOOPBACK}:{server.port}/"
        curl = [binary("curl"), "-sS", "--noproxy", "*", "-b", str(path), "-c", str(other), address]
        subprocess.run(curl, check=True, timeout=20)
    assert sorted((received[0] or "").split("; ")) == ["a=1", "b="]
    found = {cookie.name: cookie for cookie in from_text(other.read_text())}
    assert found.keys() == {"a", "b", "set", "late"}
    assert found["set"] == Cookie("set", "1", LOOPBACK)
    assert found["late"].is_http_only
    assert found["late"].expires is not None


def test_a_host_is_compared_without_case_and_a_byte_order_mark_is_no_field() -> None:
    [cookie] = from_text("\ufeffLOCALHOST\tFALSE\t/\tFALSE\t0\tname\tvalue\n")
    assert cookie.domain == "localhost"
