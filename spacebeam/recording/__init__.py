"""Recordings: entries in blocks, the file, its writer and its readers."""
