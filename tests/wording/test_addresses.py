"""What is invalid in an address is told in the person's language."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.wording.addresses import address_advice, address_words

GERMAN = (
    "from spacebeam.protocol.endpoint import EndpointError, parse\n"
    "from spacebeam.wording.addresses import address_words\n"
    "try:\n"
    "    parse('ws://a b{0}/')\n"
    "except EndpointError as error:\n"
    "    print(address_words(error))\n"
)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "address"),
        ("ftp://a", "scheme"),
        ("ws://a:99999", "port"),
        ("ws://{a b}/", "host"),
        ("ws://[::1/", "host"),
        ("ws://1.2.3.999/", "host"),
        ("ws://a/#b", "fragment"),
        ("ws+unix:relative", "path"),
        ("ws://user:pass@a b/@", "host"),
    ],
)
def test_the_sentences_are_those_of_the_errors(typed: str, part: str) -> None:
    with pytest.raises(EndpointError) as caught:
        parse(typed)
    assert caught.value.part == part
    assert address_words(caught.value) == caught.value.explanation == str(caught.value)
    assert address_advice(caught.value) == ("" if part == "address" else f"Look at the {part}.")


def test_the_reason_in_a_sentence_is_translated_too() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", GERMAN],
        env={**os.environ, "LANGUAGE": "de"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "„a b{0}“ ist kein Hostname: Er enthält „ “.\n"
