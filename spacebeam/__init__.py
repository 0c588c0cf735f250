"""Spacebeam, a native WebSocket client for the desktop and the terminal."""

__version__ = "0.1.0"
