"""The library of saved connections, for replays that are played to one of them."""

from __future__ import annotations

from tests.ui.sidebar.conftest import library

__all__ = ["library"]
