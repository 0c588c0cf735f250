"""A real input method: IBus with the Chinese table Wubi, in which `k` and `a` compose 呀."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.keyboard import SHIFT, code_of, press
from tests.journeys.screen import until
from tests.support.processes import binary, end

_ENGINE = "table:wubi-jidian86"
_TABLE = Path("/usr/share/ibus-table/tables/wubi-jidian86.db")

SIMPLE = {"GTK_IM_MODULE": "gtk-im-context-simple"}  # GTK's own


@contextlib.contextmanager
def ibus() -> Iterator[dict[str, str]]:
    """Run IBus; yield the environment of a program that uses it."""
    if not _TABLE.exists():
        pytest.skip("IBus's table Wubi is not installed")
    daemon = [binary("ibus-daemon"), "--panel", "disable", "--config", "disable"]
    client = binary("ibus")
    with subprocess.Popen(daemon, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            until(lambda: _chosen(client), _ENGINE)
            yield {"GTK_IM_MODULE": "ibus"}
        finally:
            end(child)


@contextlib.contextmanager
def dead_keys() -> Iterator[None]:
    """Use the US keyboard with dead keys, on which the apostrophe is an acute accent to come.

    A program must be on the display: without one, the X server begins anew.
    """
    press(SHIFT)  # the map is that of the keyboard used last: now it is the one of the tests
    command = (binary("setxkbmap"), "us")
    try:
        subprocess.run((*command, "-variant", "intl"), check=True)
        until(lambda: code_of("dead_acute"), "a dead key")
        yield
    finally:
        subprocess.run((*command, "-variant", ""), check=True)


def _chosen(client: str) -> bool:
    """Choose the engine; return whether it runs."""
    subprocess.run([client, "engine", _ENGINE], capture_output=True, check=False)
    answer = subprocess.run([client, "engine"], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == _ENGINE
