"""Looks at the beginning of a server's answer before libsoup reads it, where there is no TLS.

libsoup waits for the end of a head, which a server of another protocol never sends, and replaces
bytes of headers that are not UTF-8.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Sequence

from gi.repository import Gio, GLib

from spacebeam.net.answer_text import head_text
from spacebeam.net.greeting import MAX_GREETING, is_http

_MAX_START = 64 * 1024  # bytes
_GREETING_TIMEOUT_S = 0.2  # for the rest of a greeting's line
_REPLACEMENT = "\ufffd"
_SURROGATE = re.compile(r"[\udc80-\udcff]")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class AnswerStart:
    """The first bytes of each answer on one connection."""

    def __init__(self, connection: Gio.SocketConnection) -> None:
        self._connection = connection
        self._bytes = b""
        self._headers: dict[str, list[bytes]] = {}  # as sent, in reverse, by libsoup's text

    @property
    def is_http(self) -> bool:
        """Whether an HTTP answer has begun."""
        return bool(self._bytes) and is_http(self._bytes)

    @property
    def has_whole_head(self) -> bool:
        """Whether the end of a head is among the bytes."""
        return re.search(rb"\n\r?\n", self._bytes) is not None

    def wait(self, cancellable: Gio.Cancellable) -> None:
        """Block until the answer begins, the connection ends or `cancellable` is cancelled."""
        try:
            self._connection.get_socket().condition_wait(GLib.IOCondition.IN, cancellable)
        except GLib.Error:
            return  # libsoup will find it too
        self._headers = {}
        with self._descriptor() as peer:
            try:
                self._bytes = peer.recv(_MAX_START, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            except OSError:
                self._bytes = b""

    def greeting(self) -> bytes:
        """Return the first line of an answer that is not HTTP; empty for others.

        It is read: nobody else can read the connection any more.
        """
        if not self._bytes or is_http(self._bytes):
            return b""
        greeting = b""
        with self._descriptor() as peer:
            peer.settimeout(_GREETING_TIMEOUT_S)
            while len(greeting) < MAX_GREETING and b"\n" not in greeting:
                try:
                    piece = peer.recv(MAX_GREETING - len(greeting))
                except OSError:
                    break
                if not piece:
                    break
                greeting += piece
        return greeting

    def restored(self, lines: Sequence[str]) -> list[str]:
        """Return headers as the server sent them; libsoup may have replaced bytes of its lines."""
        if not any(_REPLACEMENT in line for line in lines):
            return list(lines)
        if not self._headers:  # once for all informational responses and the last
            for raw in reversed(self._bytes.split(b"\n")):
                header = _stripped(raw)
                self._headers.setdefault(_replaced(header), []).append(header)
        sent = self._headers
        return [_header_text(sent[line].pop()) if sent.get(line) else line for line in lines]

    def _descriptor(self) -> socket.socket:
        return socket.socket(fileno=os.dup(self._connection.get_socket().get_fd()))


def _stripped(line: bytes) -> bytes:
    """Return a header with the spaces that libsoup gives it."""
    name, _colon, value = line.partition(b":")
    return name.strip() + b": " + value.strip()


def _replaced(header: bytes) -> str:
    """Return a header with each byte replaced that is not UTF-8, as libsoup does it."""
    return _SURROGATE.sub(_REPLACEMENT, header.decode(errors="surrogateescape"))


def _header_text(header: bytes) -> str:
    if header[:9].lower() == b"location:":
        header = _NOT_ASCII.sub(_percent, header)
    return head_text(header)


def _percent(byte: re.Match[bytes]) -> bytes:
    return b"%%%02X" % ord(byte[0])
