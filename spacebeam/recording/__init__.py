"""Recordings: entries in blocks, the file on disk, its writer and readers."""
