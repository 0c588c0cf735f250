"""Environments: chosen in the header bar, edited in a window."""
