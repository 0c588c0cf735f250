"""A recording's order and durations do not depend on the computer's clock, which may be set."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.cli.program import PATIENCE, command, open_stream, peer, spacebeam, text_frame
from tests.support.recordings import entries_in_file, read
from tests.support.set_clock import SetClock


@pytest.mark.parametrize("shift", [-3600, 3600])
def test_a_clock_that_is_set_changes_no_order_and_no_duration(shift: int, tmp_path: Path) -> None:
    clock, path, is_set = SetClock(tmp_path), tmp_path / "a.beam", threading.Event()

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("before"))
        assert is_set.wait(PATIENCE)
        connection.sendall(text_frame("after") + b"\x88\x02\x03\xe8")

    began = time.time()
    with (
        peer(script) as url,
        subprocess.Popen(command("record", url, str(path)), env=clock.environment) as child,
    ):
        while entries_in_file(path) < 2:
            assert child.poll() is None
            assert time.time() - began < PATIENCE
        clock.shift(shift)
        is_set.set()
        assert child.wait(PATIENCE) == 0
    recording = read(path)
    times = [recording.entry(number).time for number in range(len(recording))]
    assert times == sorted(times)
    facts = json.loads(spacebeam("info", "--json", str(path)).stdout)
    assert began <= facts["began"] <= times[0]  # the time of day
    assert times[-1] <= facts["ended"] <= time.time()
    assert facts["duration"] == facts["ended"] - facts["began"]
