"""Import libsoup 3; libsoup 2 may be installed beside it.

Every module that uses libsoup imports it from here, so the version is required in one place.
"""

from __future__ import annotations

import gi

gi.require_version("Gio", "2.0")
gi.require_version("Soup", "3.0")

from gi.repository import Soup

__all__ = ["Soup"]
