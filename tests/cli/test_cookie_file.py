"""`--cookie` and `--cookie-jar`, as in curl."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spacebeam.cli import cookie_file
from spacebeam.exchange.netscape_cookies import CookieFileError, from_text
from spacebeam.net.cookies import Cookie, CookieJar
from tests.cli.program import spacebeam
from tests.support.raw_server import header, raw_server, read_request, switching, wait_for_end

HOST = "127.0.0.1"
SET = "Set-Cookie: session=s1; Path=/; HttpOnly"


@contextmanager
def server(received_data: list[str | None], *, refuses: bool = False) -> Iterator[str]:
    """Run a server that sets a cookie and stores received ones; yield its address."""

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        received_data.append(header(request, "Cookie"))
        if refuses:
            peer.sendall(f"HTTP/1.1 403 No\r\nContent-Length: 0\r\n{SET}\r\n\r\n".encode())
        else:
            peer.sendall(switching(request, SET) + b"\x88\x02\x03\xe8")
        wait_for_end(peer)

    with raw_server(script) as found:
        yield f"ws://{HOST}:{found.port}/"


@pytest.mark.parametrize("command", ["connect", "probe"])
@pytest.mark.parametrize("refuses", [False, True])
def test_cookies_of_one_run_are_sent_in_the_next(
    tmp_path: Path, command: str, refuses: bool
) -> None:
    received_data: list[str | None] = []
    path = str(tmp_path / "cookies.txt")
    with server(received_data, refuses=refuses) as url:
        for _run in range(2):
            finished = spacebeam(command, url, "-b", path, "-c", path)
            assert finished.returncode == (1 if refuses else 0), finished.stderr
    assert received_data == [None, "session=s1"]
    assert from_text(Path(path).read_text()) == (Cookie("session", "s1", HOST, is_http_only=True),)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert os.listdir(tmp_path) == ["cookies.txt"]


def test_a_cookie_and_a_file_make_one_header_and_the_cookie_wins(tmp_path: Path) -> None:
    received_data: list[str | None] = []
    path = tmp_path / "cookies.txt"
    path.write_text(
        f"{HOST}\tFALSE\t/\tFALSE\t0\ta\tfile\n"
        f"{HOST}\tFALSE\t/\tFALSE\t0\tb\tfile\n"
        "other.example\tFALSE\t/\tFALSE\t0\tc\tfile\n"
    )
    with server(received_data) as url:
        spacebeam("connect", url, "-b", "a=given", "-b", str(path), "-b", "")
    assert received_data == ["a=given; b=file"]
    assert "session" not in path.read_text()


def test_a_missing_file_is_bad_usage(tmp_path: Path) -> None:
    finished = spacebeam("connect", "ws://h/", "-b", "sesion")
    assert finished.returncode == 2
    assert "There is no file “sesion”. Write NAME=VALUE for a cookie" in finished.stderr.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a=b\n", "Line 1 is not a cookie: it has not 7 fields"),
        (b"\xff", "It is not UTF-8."),
        (None, "Is a directory."),
    ],
)
def test_a_file_that_is_no_cookie_file_is_bad_usage(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "cookies"
    path.mkdir() if content is None else path.write_bytes(content)
    finished = spacebeam("probe", "ws://h/", "-b", str(path))
    assert finished.returncode == 2
    assert f"Could not use the cookie file “{path}”. {words}" in finished.stderr.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "It is a folder."),
        ("nowhere/c", "There is no folder"),
        ("-", "A cookie file needs a name."),
    ],
)
def test_an_unwritable_jar_is_bad_usage_before_connecting(
    tmp_path: Path, name: str, words: str
) -> None:
    path = name if name == "-" else str(tmp_path / name)
    finished = spacebeam("connect", "ws://h/", "-c", path)
    assert finished.returncode == 2
    assert f"Could not write cookies to “{path}”. {words}" in finished.stderr.decode()


def test_a_jar_that_cannot_be_written_afterwards_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gone" / "cookies.txt"
    cookie_file.write(CookieJar(), str(path))
    printed = capsys.readouterr().err
    assert printed.startswith(f"spacebeam: Could not write the cookies to “{path}”: No such file")
    assert printed.endswith("Choose another file with --cookie-jar.\n")


def test_the_target_of_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o644)
    link.symlink_to(target)
    before = target.stat().st_ino
    cookie_file.write(CookieJar([Cookie("a", "1", "h")]), str(link))
    assert link.is_symlink()
    assert target.stat().st_ino != before
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert cookie_file.read(str(target)) == (Cookie("a", "1", "h"),)


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    cookie_file.write(CookieJar([Cookie("a", "1", "h")]), str(path))
    assert os.read(reader, 4096).endswith(b"\ta\t1\n")
    os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_an_endless_file_is_refused() -> None:
    with pytest.raises(CookieFileError, match="longer than"):
        cookie_file.read("/dev/zero")
