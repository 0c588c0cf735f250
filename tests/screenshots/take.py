"""Takes the pictures of one style, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import traceback
from pathlib import Path

import spacebeam.ui  # isort: skip  # noqa: F401  it chooses the versions
from gi.repository import Adw, GLib, Gtk, GtkSource

from spacebeam.decode.visible import set_pictures
from spacebeam.ui.application import APPLICATION_ID
from spacebeam.ui.control_pictures import are_in_font
from tests.screenshots import (  # noqa: F401  they add screens
    call_screens,
    comparison_screens,
    inspector_screens,
    value_screens,
    workbench_screens,
)
from tests.screenshots.exchange import exchange
from tests.screenshots.screens import SCREENS
from tests.screenshots.stage import Stage, hide_frame
from tests.screenshots.styles import STYLES, Style
from tests.support.loop import run

_USUAL_DPI = 96 * 1024
_TIMEOUT = 50  # seconds for a screen


def main() -> int:
    name, folder, *names = sys.argv[1:]
    style = next(one for one in STYLES if one.name == name)
    GLib.set_prgname(APPLICATION_ID)
    Adw.init()
    GtkSource.init()
    settings = Gtk.Settings.get_default()
    assert settings is not None
    settings.set_property("gtk-enable-animations", False)
    settings.set_property("gtk-xft-dpi", int(_USUAL_DPI * style.text_scale))
    set_pictures(are_in_font())
    hide_frame()
    with exchange() as address:
        taken = [
            _take(screen, style, Path(folder), address)
            for screen in SCREENS
            if not names or screen in names
        ]
    return int(not all(taken))


def _take(name: str, style: Style, folder: Path, address: str) -> bool:
    """Take the pictures of a screen, as on a new account; return whether nothing failed."""
    with tempfile.TemporaryDirectory() as home:
        for kind in ("CONFIG", "DATA", "STATE"):
            os.environ[f"XDG_{kind}_HOME"] = f"{home}/{kind.lower()}"
        stage = Stage(name, folder, style, address)
        try:
            run(asyncio.wait_for(SCREENS[name](stage), _TIMEOUT))
        except Exception:  # noqa: BLE001  the other screens follow
            traceback.print_exc()
            stage.complain("could not be shown")
    return not stage.complaints


if __name__ == "__main__":
    sys.exit(main())
