"""Runs the whole suite in both roles and writes the table of `docs/conformance.md`."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence

from tests.conformance import autobahn
from tests.conformance.autobahn import Verdict
from tests.support.processes import free_port

_PAGE = autobahn.PROJECT / "docs/conformance.md"
_COLUMNS = ("OK", "NON-STRICT", "INFORMATIONAL", "FAILED")


def main() -> int:
    try:
        autobahn.install()
    except autobahn.UnavailableError as error:
        print(f"conformance: {error}", file=sys.stderr)
        return 1
    results = {"client": autobahn.as_client(free_port(), autobahn.WHOLE), "server": _as_server()}
    _PAGE.parent.mkdir(exist_ok=True)
    _PAGE.write_text(_page(results))
    print(_PAGE.read_text())
    return int(any(not one.is_strict for verdicts in results.values() for one in verdicts))


def _as_server() -> Sequence[Verdict]:
    command = [sys.executable, "-m", "spacebeam", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = f"{server.stdout.readline().strip()}/echo"
        try:
            return autobahn.as_server(url, autobahn.WHOLE)
        finally:
            server.terminate()


def _page(results: dict[str, Sequence[Verdict]]) -> str:
    lines = [
        "# Conformance",
        "",
        f"The Autobahn suite ({autobahn.VERSION}), every case, in both roles. `make conformance`",
        "runs it and writes this page.",
        "",
        f"| Spacebeam as | cases | {' | '.join(name.lower() for name in _COLUMNS)} |",
        f"|---|{'---|' * (len(_COLUMNS) + 1)}",
    ]
    for role, verdicts in results.items():
        counts = Counter(_worst(one) for one in verdicts)
        numbers = " | ".join(str(counts[name]) for name in _COLUMNS)
        lines.append(f"| {role} | {len(verdicts)} | {numbers} |")
    lines += ["", "The informational cases have no right answer: 7.1.6, 7.13.1 and 7.13.2.", ""]
    for role, verdicts in results.items():
        loose = [f"{one.case} ({_worst(one).lower()})" for one in verdicts if not one.is_strict]
        if loose:
            lines += [f"As a {role}, not strict: {', '.join(loose)}.", ""]
    return "\n".join(lines)


def _worst(verdict: Verdict) -> str:
    both = (verdict.behavior, verdict.behavior_close)
    order = ("FAILED", "NON-STRICT", "INFORMATIONAL", "OK")
    return next((name for name in order if name in both), "FAILED")


if __name__ == "__main__":
    sys.exit(main())
