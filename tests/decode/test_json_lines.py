"""The payloads that are JSON Lines."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.json_lines import JsonLinesDecoder

LINES = JsonLinesDecoder()
TEXT = Context("text")
LONG = '{"n":1}\n' * 10_000


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ('{"n":0}\n{"n":1}\n{"n":2}\n', 0.85),
        ('{"n":0}\r\n\r\n[1]', 0.85),
        ("1\n[]", 0.85),
        ('\ufeff{"n":0}\n"text"', 0.85),
        (LONG, 0.45),
        ('{"a":"' + "x" * 70_000 + '"}\n[1]', 0),  # the second line is not among what is judged
        ("[1]\n[" + "1," * 70_000 + "1]", 0.45),
        ("[1]\nnot JSON\n" + LONG, 0),
        ("", 0),
        ('{"n":0}', 0),
        ('{"n":0}\n', 0),
        ('{\n"n":0}', 0),
        ("[1]\n[info] started", 0),
        ("1\n2\n3", 0),
        ("[1]\x1e\n[2]\x1e", 0),
        ("[1]\n" + "[" * 25_000 + "]" * 25_000, 0),
        ("hello\n[1]", 0),
    ],
)
def test_two_lines_of_json_with_an_object_or_array_count(text: str, confidence: float) -> None:
    assert LINES.confidence(text.encode(), TEXT) == confidence


def test_the_beginning_is_a_guess() -> None:
    assert LINES.confidence(b'{"n":0}\n{"n":1', Context("text", is_cut=True)) == 0.45


def test_the_value_is_a_list_and_can_be_written_again() -> None:
    payload = '{"n":0}\n\n "é"\r\n[1]\n'.encode()
    value = LINES.decode(payload, TEXT).value
    assert value == [{"n": 0}, "é", [1]]
    assert LINES.encode(value) == '{"n":0}\n"é"\n[1]'.encode()
    wrong: tuple[Value, ...] = ({"n": 0}, [[1]], [1, 2])
    for no_lines in wrong:
        with pytest.raises(ValueError, match="JSON Lines"):
            LINES.encode(no_lines)


@pytest.mark.parametrize(
    ("payload", "offset"),
    [(b"[1]\n[2", 6), (b"[1]\n\n[2]\n\xff", 9), (b"[1]", 3), (b"1\n2", 0), (b"[1]\n\x1e[2]", 4)],
)
def test_a_wrong_line_is_told_with_its_place(payload: bytes, offset: int) -> None:
    with pytest.raises(DecodeError) as caught:
        LINES.decode(payload, TEXT)
    assert caught.value.offset == offset


def test_each_value_is_shown_on_its_own() -> None:
    spans = LINES.render(b'{"n":0}\n{"n":1}\n', TEXT)
    assert "".join(span.text for span in spans) == '{\n  "n": 0\n}\n{\n  "n": 1\n}'
    assert LINES.summary(b'{"n":0}\n{"n":1}', TEXT) == '{"n":0}␊{"n":1}'
