"""Fuzzing of pasted command lines."""

from __future__ import annotations

from fuzz.target import Target
from spacebeam.exchange.command_lines.pasted_connection import PasteError
from spacebeam.exchange.command_lines.reading import read
from spacebeam.net.request_rules import belongs_to_handshake, header_fault
from spacebeam.wording.pasted import left_out_summary, left_out_words, paste_problem_words


def check_paste(data: bytes) -> None:
    """Check a pasted text: refused, or read with headers that can be sent, and described."""
    try:
        pasted = read(data.decode(errors="replace"))
    except PasteError as error:
        paste_problem_words(error.problem)
        return
    if pasted is None:
        return
    for name, value in pasted.profile.request.headers:
        assert not belongs_to_handshake(name)
        assert value is not None
        assert header_fault(name, value) is None
    assert bool(left_out_summary(pasted.left_out)) == bool(pasted.left_out)
    assert bool(left_out_words(pasted.left_out)) == bool(pasted.left_out)


PASTES = {
    "paste": Target(
        check_paste,
        (
            b"curl 'ws://h/x?a=1' \\\n  -H 'Upgrade: websocket' -b $'a=\\u0021\\x41' -d @x --next",
            b'curl ^"wss://h/^%^20^" ^\n  -H ^"A: ^\\^"b^\\^"^" -u a:b -x p:1 & echo',
            b'$s = New-Object X\n$s.UserAgent = "a"\niwr -Uri "ws://h`$" `\n-Headers @{"A"="b"}',
            b'fetch("ws://h", {"headers": {"a": `b${c}`}, body: null,\n x: [1, {y}]})',
            b"websocat -k -H='A: b' --protocol a,b autoreconnect:wss://h/ $(x)",
            b"wscat -c wss://h -x '{}' --auth u:p -n; wsrepl -u ws://h",
            b"GET /x HTTP/1.1\nHost: h\nSec-WebSocket-Protocol: a, b\nCookie: a=b; c",
        ),
    )
}
