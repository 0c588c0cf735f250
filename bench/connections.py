"""Reading and searching ten thousand saved connections, in a hundred folders and in one, and the
sidebar with them.

All times are of the processor, which other load does not affect.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bench.figure import Figure
from bench.runner import BUILD, Results, Run, interleaved, python
from spacebeam.exchange.opencollection.connection import connection_document, with_place
from spacebeam.exchange.opencollection.folder import folder_document
from spacebeam.exchange.opencollection.yaml_writing import document
from spacebeam.profiles.collection import (
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
)
from spacebeam.profiles.profile import Profile, RequestSettings

_ROUNDS = 5
_SIDEBAR_ROUNDS = 3
_MAX_SECONDS = 90.0  # for all rounds
_COUNT = 10_000
_FOLDERS = {"folders": 100, "flat": 1}
_MAX_TREE_S = 1.0
_MAX_TURN_MS = 8.0  # of the main loop
_MAX_FRAME_MS = 50.0  # of the sidebar, for which GTK makes up to 200 rows at once


def measure() -> list[Figure]:
    """Run the suite, which takes a minute. Raises RuntimeError."""
    runs = {
        name: Run(python("connections_client", str(_made(name, folders))), _COUNT)
        for name, folders in _FOLDERS.items()
    }
    results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    library = [figure for name in runs for figure in _figures(name, results[name])]
    return library + _sidebar_figures()


def _sidebar_figures() -> list[Figure]:
    command = (sys.executable, "-m", "bench.peers.sidebar_client")
    run = Run(("scripts/private.sh", "--window", *command), _COUNT, is_free=True)
    results = interleaved({"sidebar": run}, _SIDEBAR_ROUNDS, _MAX_SECONDS)["sidebar"]
    against = f"{_MAX_FRAME_MS:g} ms"
    return [
        Figure(f"sidebar-{key}", against, results[key], _MAX_FRAME_MS, "ms", "≤ 1")
        for key in ("shown", "searched", "scrolled")
    ]


def _figures(name: str, results: Results) -> list[Figure]:
    def figure(key: str, allowed: float, unit: str) -> Figure:
        against = f"{allowed:g} {unit}"
        return Figure(f"{name}-{key}", against, results[key], allowed, unit, "≤ 1")

    return [
        figure("tree", _MAX_TREE_S, "s"),
        figure("checked", 5.0, "s"),
        figure("again", _MAX_TREE_S, "s"),
        figure("longest_step", _MAX_TURN_MS, "ms"),
        figure("find", _MAX_TURN_MS, "ms"),
        figure("children", _MAX_TURN_MS, "ms"),
    ]


def _made(name: str, folders: int) -> Path:
    """Make the folder of connections once; return its path."""
    root = BUILD.parent / "bench" / f"connections-{name}"
    if (root / "opencollection.yml").is_file():
        return root
    shutil.rmtree(root, ignore_errors=True)
    for number in range(folders):
        folder = root / f"Team {number}"
        folder.mkdir(parents=True)
        (folder / "folder.yml").write_text(document(folder_document(Folder(folder.name))))
        for place in range(_COUNT // folders):
            connection = with_place(connection_document(_connection(number, place)), place + 1)
            (folder / f"Feed {place}.yml").write_text(document(connection))
    whole = document(folder_document(Folder("Bench"), is_collection=True))
    (root / "opencollection.yml").write_text(whole)
    return root


def _connection(folder: int, number: int) -> SavedConnection:
    headers = (("Origin", "https://app.example"), ("Authorization", "Bearer {{token}}"))
    message = SavedMessage(
        "Subscribe", f'{{"op": "subscribe", "id": {number}}}', MessageFormat.JSON, on_connect=True
    )
    return SavedConnection(
        f"Feed {number} of {folder}",
        f"wss://{{{{host}}}}/feed/{folder}/{number}?x=1",
        Profile(RequestSettings(headers=headers)),
        (message,),
    )
