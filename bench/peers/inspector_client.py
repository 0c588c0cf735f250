"""The inspector with long payloads: time until they are shown, and turns of the main loop.

The last line on standard error has the results, in milliseconds. Needs a display, for example from
`scripts/private.sh --window`.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable

import spacebeam.ui  # noqa: F401  it chooses the versions

from gi.repository import Adw, Gtk  # isort: skip

from bench.peers.main_loop import Loop, descendants
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry
from spacebeam.search.parser import parse
from spacebeam.ui.inspector.inspector import Inspector

_MIB = 1024 * 1024
_NEEDLE = "needle"

Results = dict[str, float]


def payloads() -> dict[str, tuple[Kind, bytes]]:
    """Return the payloads, by name."""
    chance = random.Random(7)
    trades = [
        {"id": number, "symbol": "BTC-EUR", "price": f"{chance.random():.4f}", "ok": True}
        for number in range(5 * _MIB // 68)
    ]
    return {
        "brackets": (Kind.TEXT, b"[" * 293 * 1024),
        "json": (Kind.TEXT, json.dumps([*trades, _NEEDLE]).encode()),
        "line": (Kind.TEXT, b"The quick brown fox. " * (5 * _MIB // 21)),
        "binary": (Kind.BINARY, chance.randbytes(16 * _MIB)),
    }


def measure(loop: Loop, window: Gtk.Window, inspector: Inspector) -> Results:
    buffer = descendants(inspector, Gtk.TextView)[0].get_buffer()
    lists = (one.get_model() for one in descendants(inspector, Gtk.ListView))
    rows = next(one for one in lists if isinstance(one, Gtk.SingleSelection))  # of the tree
    _show_tree(inspector, False)
    results: Results = {}
    for name, (kind, payload) in payloads().items():
        entry = _entry(kind, payload)
        results |= _measure_showing(loop, window, inspector, name, entry, buffer.get_char_count)
    results |= _measure_search(loop, inspector)
    inspector.show_highlights(None)
    inspector.clear()
    _show_tree(inspector, True)
    entry = _entry(*payloads()["json"])
    results |= _measure_showing(loop, window, inspector, "tree", entry, rows.get_n_items)
    inspector.close()
    return results


def _show_tree(inspector: Inspector, is_tree: bool) -> None:
    for button in descendants(inspector, Gtk.ToggleButton):
        if button.get_tooltip_text() == "Show JSON as a tree, or as text":
            button.set_active(is_tree)


def _measure_showing(
    loop: Loop,
    window: Gtk.Window,
    inspector: Inspector,
    name: str,
    entry: Entry,
    count: Callable[[], int],
) -> Results:
    """Show an entry until `count` of its characters or rows is not 0."""
    clock = window.get_frame_clock()
    assert clock is not None
    painted: list[bool] = []
    handler = clock.connect("after-paint", lambda _clock: painted.append(True))
    loop.longest = 0.0
    began, used = time.perf_counter(), time.thread_time()
    inspector.show_entry(entry)
    held = (time.thread_time() - used) * 1000
    loop.until(lambda: painted and count())
    shown = (time.perf_counter() - began) * 1000
    clock.disconnect(handler)
    loop.rest()
    return {f"{name}_shown": shown, f"{name}_longest": max(loop.longest, held)}


def _measure_search(loop: Loop, inspector: Inspector) -> Results:
    """Find a word at the end of the long JSON text."""
    kind, payload = payloads()["json"]
    inspector.show_entry(_entry(kind, payload))
    loop.rest()
    loop.longest = 0.0
    label = "1 in this message"
    began = time.perf_counter()
    inspector.show_highlights(parse(_NEEDLE))
    loop.until(lambda: any(one.get_text() == label for one in descendants(inspector, Gtk.Label)))
    found = (time.perf_counter() - began) * 1000
    loop.rest()
    return {"found": found, "found_longest": loop.longest}


def _entry(kind: Kind, payload: bytes) -> Entry:
    return Entry(0, 0.0, kind, Direction.RECEIVED, len(payload), payload)


def main() -> None:
    Adw.init()
    inspector = Inspector()
    window = Adw.Window(content=inspector, default_width=600, default_height=800)
    window.present()
    loop = Loop()
    loop.until(inspector.get_mapped)
    loop.rest()
    results = measure(loop, window, inspector)
    window.destroy()
    print(json.dumps(results), file=sys.stderr)


if __name__ == "__main__":
    main()
