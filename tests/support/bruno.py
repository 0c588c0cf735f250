"""Bruno's own reading and writing of OpenCollection files, in a child process."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import binary, end

_ROOT = Path(__file__).resolve().parents[2]
_MODULES = _ROOT / "build/peers/node_modules"


class Bruno:
    """Asks the child; `kind` is "Request", "Folder", "Collection" or "Environment"."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child

    def parsed(self, kind: str, text: str) -> dict[str, Any]:
        """Return what Bruno reads in a file."""
        found: dict[str, Any] = self._ask("parse", kind, text)
        return found

    def written(self, kind: str, text: str) -> str:
        """Return the file as Bruno writes it after it has read it."""
        return str(self._ask("write", kind, text))

    def _ask(self, action: str, kind: str, text: str) -> Any:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        request = json.dumps({"do": action, "kind": kind, "text": text})
        self._child.stdin.write(f"{request}\n".encode())
        self._child.stdin.flush()
        answer = json.loads(self._child.stdout.readline())
        assert "error" not in answer, f"{answer['error']} in:\n{text}"
        return answer["answer"]


@contextlib.contextmanager
def bruno() -> Iterator[Bruno]:
    """Run the child until the block ends."""
    node = binary("node")
    if not (_MODULES / "@usebruno/filestore").is_dir():
        pytest.skip("the npm package @usebruno/filestore is not installed in build/peers")
    child = subprocess.Popen(
        [node, str(Path(__file__).with_name("bruno.js"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "NODE_PATH": str(_MODULES)},
    )
    try:
        yield Bruno(child)
    finally:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.close()
        end(child)
        child.stdout.close()
