"""Reads `.env` files: a name and a value on each line. Their values are secrets."""

from __future__ import annotations

import re
from pathlib import Path

from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.profiles.collection import Variable

_MAX_LINES = 10_000
_MAX_LENGTH = 64 * 1024  # characters of a line
_NAME = re.compile(r"\s*(?:export\s+)?([\w.-]+)\s*=")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def dotenv_pairs(text: str) -> list[tuple[str, str]]:
    """Return the names and values of a text; other lines are passed over."""
    found = []
    for line in text.splitlines()[:_MAX_LINES]:
        if len(line) > _MAX_LENGTH or not (name := _NAME.match(line)):
            continue
        value = line[name.end() :].strip()
        if quoted := _QUOTED.match(value):
            value = quoted[2] or ""
            if quoted[1]:
                value = re.sub(r"\\(.)", lambda one: _ESCAPES.get(one[1], one[1]), quoted[1])
        else:
            value = re.split(r"(?:^|\s)#", value, maxsplit=1)[0].strip()
        found.append((name[1], value))
    return found


def dotenv_variables(files: CollectionFiles, path: Path) -> tuple[Variable, ...]:
    """Return the variables of a file as `process.env.NAME`; none if it cannot be read."""
    try:
        text = files.text(path)
    except (OSError, ImportFileError):
        return ()
    return tuple(
        Variable(f"process.env.{name}", value, is_secret=True) for name, value in dotenv_pairs(text)
    )
