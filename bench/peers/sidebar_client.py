"""The sidebar with ten thousand connections: turns of the main loop that show, search and scroll.

The last line on standard error has the results, in milliseconds of the processor. Needs a display,
for example from `scripts/private.sh --window`.
"""

from __future__ import annotations

import gc
import json
import sys
from functools import partial

import spacebeam.ui  # noqa: F401  it chooses the versions

from gi.repository import Adw, Gtk  # isort: skip

from bench.peers.main_loop import Loop, descendants
from spacebeam.ui.sidebar.node import Index, RowKind, SidebarNode
from spacebeam.ui.sidebar.sidebar import Sidebar

_FOLDERS = 100
_IN_EACH = 100
_TYPED = "feed 99"
_PAGES = 40  # that are scrolled by


def main() -> None:
    """Measure, and print the results."""
    Adw.init()
    gc.disable()  # as in the window
    roots = (
        SidebarNode("l", RowKind.LIBRARY, "Library", children=tuple(map(_folder, range(_FOLDERS)))),
    )
    sidebar, loop = Sidebar(), Loop()
    window = Adw.Window(content=sidebar, default_width=280, default_height=900)
    window.present()
    loop.rest()
    results = {}
    loop.longest = 0.0
    index = Index(roots)
    loop.measure(lambda: sidebar.show_nodes(roots, index, ()))
    loop.rest()
    results["shown"] = loop.longest
    results["searched"] = _searched(loop, sidebar)
    results["scrolled"] = _scrolled(loop, sidebar)
    print(json.dumps(results), file=sys.stderr)
    window.destroy()


def _folder(number: int) -> SidebarNode:
    feeds = (
        SidebarNode(
            f"{number}/{place}",
            RowKind.CONNECTION,
            f"Feed {place} of {number}",
            f"wss://host{number}.example/feed/{place}",
        )
        for place in range(_IN_EACH)
    )
    return SidebarNode(f"{number}", RowKind.FOLDER, f"Team {number}", children=tuple(feeds))


def _searched(loop: Loop, sidebar: Sidebar) -> float:
    """Return the longest turn while words are typed."""
    (entry,) = descendants(sidebar, Gtk.SearchEntry)
    loop.longest = 0.0
    for length, sign in enumerate(_TYPED):
        loop.measure(partial(entry.insert_text, sign, length))
        loop.rest()
    loop.measure(partial(entry.set_text, ""))
    loop.rest()
    return loop.longest


def _scrolled(loop: Loop, sidebar: Sidebar) -> float:
    """Return the longest turn while the list is scrolled page by page."""
    (rows,) = descendants(sidebar, Gtk.ListView)
    adjustment = rows.get_vadjustment()
    assert adjustment is not None
    loop.longest = 0.0
    for page in range(_PAGES):
        loop.measure(partial(adjustment.set_value, page * adjustment.get_page_size()))
        loop.rest(100)
    return loop.longest


if __name__ == "__main__":
    main()
