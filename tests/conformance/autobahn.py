"""Installs Autobahn|Testsuite and runs it against Spacebeam, in both roles.

The suite needs a CPython 2.7 with zlib and ssl, which pyenv brings; PY27 names another one.
"""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
HOME = PROJECT / "build/conformance"
VERSION = "25.10.1"
AGENT = "Spacebeam"
FAST = (*(f"{section}.*" for section in range(1, 9)), "10.*")
WHOLE = ("*",)

# The suite listens on every address of the machine; it is made to listen on this one.
_WSTEST = """\
import sys
from autobahntestsuite import fuzzing
listen = fuzzing.listenWS
fuzzing.listenWS = lambda factory, context=None: listen(factory, context, 50, "127.0.0.1")
from autobahntestsuite.wstest import run
sys.exit(run())
"""


class UnavailableError(Exception):
    """The suite cannot be installed on this machine; the message says why."""


@dataclass(frozen=True)
class Verdict:
    """The suite's verdict on one case."""

    case: str
    behavior: str  # OK, NON-STRICT, INFORMATIONAL, FAILED, …
    behavior_close: str

    @property
    def is_strict(self) -> bool:
        good = ("OK", "INFORMATIONAL")
        return self.behavior in good and self.behavior_close in good


def install() -> Path:
    """Install the suite below `build`, once; return its Python. Raise UnavailableError."""
    python = HOME / "suite/bin/python"
    stamp = HOME / VERSION
    if stamp.exists():
        return python
    old_python = _python27()
    HOME.mkdir(parents=True, exist_ok=True)
    # virtualenv 20.21 is the last that makes an environment for Python 2.7.
    _run(sys.executable, "-m", "venv", HOME / "tools")
    _run(HOME / "tools/bin/pip", "install", "--quiet", "virtualenv<20.22")
    _run(HOME / "tools/bin/virtualenv", "--quiet", "--python", old_python, HOME / "suite")
    _run(python, "-m", "pip", "install", "--quiet", f"autobahntestsuite=={VERSION}")
    (HOME / "wstest.py").write_text(_WSTEST)
    stamp.touch()
    return python


def as_client(port: int, cases: tuple[str, ...]) -> list[Verdict]:
    """Run the suite's server and Spacebeam's client against it."""
    spec = {
        "url": f"ws://127.0.0.1:{port}",
        "outdir": "clients",
        "cases": list(cases),
        "exclude-cases": [],
        "exclude-agent-cases": {},
    }
    with _suite("fuzzingserver", spec) as server:
        _wait_for(HOME / "fuzzingserver.log", "ok, will run", server)
        client = [sys.executable, "-m", "tests.conformance.client", str(port)]
        subprocess.run(client, cwd=PROJECT, check=True)
    return _verdicts("clients")


def as_server(url: str, cases: tuple[str, ...]) -> list[Verdict]:
    """Run the suite's client against the echo that Spacebeam serves at `url`."""
    spec = {
        "outdir": "servers",
        "servers": [{"agent": AGENT, "url": url}],
        "cases": list(cases),
        "exclude-cases": [],
        "exclude-agent-cases": {},
    }
    with _suite("fuzzingclient", spec) as client:
        if client.wait():
            raise RuntimeError((HOME / "fuzzingclient.log").read_text())
    return _verdicts("servers")


@contextmanager
def _suite(mode: str, spec: dict[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    (HOME / f"{mode}.json").write_text(json.dumps(spec))
    python = str(HOME / "suite/bin/python")
    command = [python, "-u", "wstest.py", "-m", mode, "-s", f"{mode}.json"]
    command += ["-u", "0"] if mode == "fuzzingserver" else []
    with (HOME / f"{mode}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=HOME, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _wait_for(log: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while words not in log.read_text(errors="replace").lower():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text(errors="replace"))
        os.sched_yield()


def _verdicts(folder: str) -> list[Verdict]:
    found = json.loads((HOME / folder / "index.json").read_text())[AGENT]
    verdicts = [Verdict(case, one["behavior"], one["behaviorClose"]) for case, one in found.items()]
    return sorted(verdicts, key=lambda verdict: [int(part) for part in verdict.case.split(".")])


def _python27() -> str:
    home = pwd.getpwuid(os.getuid()).pw_dir  # the tests' own HOME is another
    pyenv = Path(os.environ.get("PYENV_ROOT", f"{home}/.pyenv"))
    candidates = [*pyenv.glob("versions/2.7.*/bin/python2.7"), Path("/usr/bin/python2.7")]
    for python in (os.environ.get("PY27", ""), *map(str, candidates)):
        if python and _works(python):
            return python
    raise UnavailableError("the Autobahn suite needs a Python 2.7 with zlib and ssl")


def _works(python: str) -> bool:
    try:
        check = [python, "-c", "import zlib, ssl, ctypes"]
        return subprocess.run(check, capture_output=True).returncode == 0
    except OSError:
        return False


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise UnavailableError(f"{command[0]} failed: {done.stderr.strip()[-500:]}")
