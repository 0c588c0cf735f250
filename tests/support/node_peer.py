"""A server made of Node's `ws`, as a child process."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import binary, end

_ROOT = Path(__file__).resolve().parents[2]
_MODULES = _ROOT / "build/peers/node_modules"


@contextlib.contextmanager
def node_peer(*, compression: bool = True) -> Iterator[int]:
    """Serve until the block ends; gives the port."""
    node = binary("node")
    if not (_MODULES / "ws").is_dir():
        pytest.skip("the npm package ws is not installed in build/peers")
    child = subprocess.Popen(
        [node, str(Path(__file__).with_name("peer.js")), "compressed" if compression else "plain"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, "NODE_PATH": str(_MODULES)},
    )
    assert child.stdout is not None
    try:
        line = child.stdout.readline()
        assert line, "the Node server did not start"
        yield int(line)
    finally:
        end(child)
        child.stdout.close()
