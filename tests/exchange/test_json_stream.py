"""A JSON document is read piece by piece, wherever the pieces are cut."""

from __future__ import annotations

import io
import json

import pytest

from spacebeam.exchange.importers.importer import ImportFault, ImportFileError
from spacebeam.exchange.importers.json_stream import JsonStream

_ITEMS = [12345.678e-9, -1200, 'é"\\\n🚀', {"a": [True, None]}, "", 0, 1.5, "\ud83d", 7]


class _Trickle(io.BytesIO):
    """A file that gives a few bytes at a time."""

    size = 1

    def read(self, _size: int | None = -1, /) -> bytes:
        return super().read(self.size)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_values_are_whole_wherever_the_file_is_cut(size: int) -> None:
    file = _Trickle(json.dumps({"x": _ITEMS, "y": 12.25}).encode())
    file.size = size
    stream = JsonStream(file)
    found: dict[str, object] = {}
    for key in stream.members():
        found[key] = [stream.value() for _item in stream.items()] if key == "x" else stream.value()
    assert found == {"x": _ITEMS, "y": 12.25}


def _walk(stream: JsonStream) -> None:
    for _key in stream.members():
        for _item in stream.items():
            stream.value()


def test_a_cut_document_is_told_with_its_place() -> None:
    with pytest.raises(ImportFileError) as caught:
        _walk(JsonStream(io.BytesIO(b'{"x": [1, 2')))
    assert (caught.value.fault, caught.value.offset) == (ImportFault.CUT_OFF, 11)
