"""Exporting and importing recordings in the window."""
