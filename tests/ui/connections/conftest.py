"""The library of these tests is that of the sidebar's."""

from __future__ import annotations

from tests.ui.sidebar.conftest import library

__all__ = ["library"]
