"""libsoup in the version that Spacebeam is written for; an older one may be installed beside it.

Whoever needs it takes it from here. So whoever only reads recordings loads neither it nor GLib.
"""

from __future__ import annotations

import gi

gi.require_version("Gio", "2.0")
gi.require_version("Soup", "3.0")

from gi.repository import Soup

__all__ = ["Soup"]
