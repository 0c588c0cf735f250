"""Saved connections, messages and environments in the files of other programs."""
