"""Saved connections in tabs: shown, changed, saved, and what their folders add."""
