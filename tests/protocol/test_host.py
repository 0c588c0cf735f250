"""Hosts as browsers read them."""

from __future__ import annotations

import json
import subprocess

import pytest

from spacebeam.protocol.host import HostError, in_unicode, parse_host
from tests.support.processes import binary

# What Node's URL class, which follows the URL standard, does is asked of it.
NAMES = (
    "straße.de",
    "STRASSE.de",
    "BÜCHER.Example",
    "faß.ΒΌΛΟΣ.gr",
    "xn--strae-oqa.de",
    "XN--Strae-OQA.DE",
    "x。y．z｡w",
    "ａｂｃ.com",
    "ex\u00adample.com",  # a soft hyphen is ignored
    "cafe\u0301.fr",
    "İ.com",
    "例え.テスト",
    "i❤.ws",
    "☃️.net",
    "💩.la",
    "xn--ls8h.la",
    "xn--i-7iq.ws",
    "my_host.example",
    "_sip._tcp.example",
    "r3---sn.example",
    "-a-.example",
    "a!$&'()*+,;=~{}`.example",
    "b%C3%BCcher.example",
    "ex%41mple",
    "نامه\u200cای.com",  # a zero-width non-joiner between letters that join
    "क्\u200dष.com",  # a zero-width joiner after a virama
    "אב.com",
    "１２７.０.０.１",
    "example.com.",
    # Refused.
    "a\u200db.example",
    "a\u200cb.example",
    "👨\u200d👩.ws",
    "\u0301a.example",
    "אa.com",
    "xn--a.example",
    "xn--.example",
    "xn--0.example",
    "xn--bcher-kva8445foa.ü\ufffd",
    "℀.example",
    "a／b",
    "a＠b",
    "a b",
    "a|b",
    "a^b",
    "a<b",
    "a%2Fb",
    "a%00b",
    "a%FFb",
    "a%",
)
SCRIPT = """
const read = (name) => { try { return new URL(`ws://${name}/`).hostname } catch { return null } }
console.log(JSON.stringify(JSON.parse(process.argv[1]).map(read)))
"""


def test_names_are_read_as_by_a_browser() -> None:
    command = [binary("node"), "-e", SCRIPT, json.dumps(NAMES)]
    expected = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert {name: read(name) for name in NAMES} == dict(zip(NAMES, expected, strict=True))


def read(name: str) -> str | None:
    try:
        return parse_host(name)
    except HostError:
        return None


@pytest.mark.parametrize("name", [name for name in NAMES if read(name)])
def test_a_host_that_was_read_is_read_again(name: str) -> None:
    host = parse_host(name)
    assert host.isascii()
    assert parse_host(host) == host
    assert parse_host(in_unicode(host)) == host


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a b.example", "it contains “ ”"),
        ("a%2Fb", "it contains “/”"),
        ("℀.example", "it contains “/”"),
        ("a\tb", "it contains a control character"),
        ("a..b", "a part of it is empty"),
        ("\u00ad", "a part of it is empty"),
        ("ü" * 60, "it is too long"),
        ("ü" * 2000, "it is too long"),
        ("a" * 64, "it is too long"),
        ("xn--a.example", "“xn--a” is not an international name"),
        # Two names for one: encoded again, it would be another.
        ("xn---bbk", "“xn---bbk” is not an international name"),
        ("xn--abc-.example", "“xn--abc-” is not an international name"),
        ("a\u200db", "its characters are not allowed in international names"),
        ("אa", "its characters are not allowed in international names"),
    ],
)
def test_an_invalid_name_is_refused_with_the_reason(name: str, why: str) -> None:
    with pytest.raises(HostError) as caught:
        parse_host(name)
    assert str(caught.value) == f"“{name}” is not a host name: {why}."


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("xn--strae-oqa.de", "straße.de"),
        ("xn--ls8h.la", "💩.la"),
        ("xn--a.example", "xn--a.example"),
        ("example.com", "example.com"),
    ],
)
def test_a_host_is_shown_in_unicode(host: str, shown: str) -> None:
    assert in_unicode(host) == shown
