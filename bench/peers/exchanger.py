"""Exchanges messages with an echo: `exchanger scenario|websockets|start|bare URL COUNT`.

The last line on standard error has the seconds and the processor time, without connecting; of
`start` and `bare` those of a whole process that runs a scenario of one message, or nothing.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_SCENARIO = """\
WEBSOCKET {url}

# @repeat {count}
{{"id": {{{{$seq}}}}, "op": "get", "symbol": "BTC-EUR"}}
# @expect json:op=get
"""


def _scenario(url: str, count: int) -> dict[str, float]:
    from gi.events import GLibEventLoopPolicy

    from spacebeam.exchange.http_file import read
    from spacebeam.scenario.reading import scenarios_of
    from spacebeam.scenario.runner import RunSettings, ScenarioRunner

    file = scenarios_of(read(_SCENARIO.format(url=url, count=count)), Path("bench.http"))
    runner = ScenarioRunner(file.scenarios[0], file.path, RunSettings())
    loop = GLibEventLoopPolicy().get_event_loop()  # type: ignore[abstract]  # only by its stub
    start, used = time.perf_counter(), time.process_time()
    result = loop.run_until_complete(runner.run())
    took = {"seconds": time.perf_counter() - start, "processor": time.process_time() - used}
    loop.close()
    assert result.fault is None, (result.exchanges, result.fault)
    return took


async def _websockets(url: str, count: int) -> dict[str, float]:
    from websockets.asyncio.client import connect

    start, used = time.perf_counter(), time.process_time()
    async with connect(url) as peer:
        for number in range(1, count + 1):
            await peer.send(json.dumps({"id": number, "op": "get", "symbol": "BTC-EUR"}))
            assert json.loads(await peer.recv())["op"] == "get"
    return {"seconds": time.perf_counter() - start, "processor": time.process_time() - used}


def _process(*command: str) -> dict[str, float]:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": time.perf_counter() - start,
        "processor": used.ru_utime + used.ru_stime,
    }


def main(mode: str, url: str, count: int) -> None:
    """Run the mode and print its results."""
    if mode == "scenario":
        results = _scenario(url, count)
    elif mode == "websockets":
        results = asyncio.run(_websockets(url, count))
    elif mode == "bare":
        results = _process(sys.executable, "-c", "pass")
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "start.http")
            path.write_text(_SCENARIO.format(url=url, count=1))
            results = _process(sys.executable, "-m", "spacebeam", "run", str(path))
    print(json.dumps(results), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
