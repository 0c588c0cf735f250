"""Another computer on the network: a network namespace with a cable to this one."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

_COMMANDS = """
netns add {name}
link add {name} type veth peer name {name}p
link set {name}p netns {name}
address add {here}/30 dev {name}
link set {name} up
-n {name} address add {there}/30 dev {name}p
-n {name} link set {name}p up
-n {name} link set lo up
"""


class OtherComputer:
    """Runs programs in the namespace; `here` is this computer's address for it, `there` its own."""

    def __init__(self, name: str, here: str, there: str) -> None:
        self._name = name
        self.here = here
        self.there = there

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `spacebeam` there."""
        return subprocess.Popen(
            ("ip", "netns", "exec", self._name, sys.executable, "-m", "spacebeam", *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextlib.contextmanager
def other_computer() -> Iterator[OtherComputer]:
    """Connect another computer for the length of a block. Skip the test if that is impossible."""
    if os.geteuid():
        pytest.skip("only root makes network namespaces")
    name, number = f"sb{os.getpid()}", os.getpid() % 16_000
    net = f"10.203.{number // 64}.{number % 64 * 4}"
    first = net.rpartition(".")
    here, there = (f"{first[0]}.{int(first[2]) + place}" for place in (1, 2))
    try:
        for line in _COMMANDS.format(name=name, here=here, there=there).strip().splitlines():
            try:
                subprocess.run(("ip", *line.split()), check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError) as error:
                pytest.skip(f"no network namespaces: {error}")
        yield OtherComputer(name, here, there)
    finally:
        subprocess.run(("ip", "netns", "delete", name), capture_output=True)
        subprocess.run(("ip", "link", "delete", name), capture_output=True)
