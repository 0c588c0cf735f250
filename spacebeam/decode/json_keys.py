"""Finds the keys in a JSON text, without reading its values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from spacebeam.decode.decoder import Data

MAX_KEY = 64  # bytes, as they are written
_KEY = re.compile(rb'"((?:[^"\\]|\\.){1,%d})"[ \t\r\n]{0,16}:' % MAX_KEY)


def keys(payload: Data) -> Iterator[str]:
    """Yield the keys of objects in the order of the text, repeated ones too.

    A string that ends with `":` inside may be taken for a key.
    """
    for match in _KEY.finditer(payload):
        try:
            yield json.loads(b'"' + match.group(1) + b'"', strict=False)
        except ValueError:
            continue  # no UTF-8, no escape
