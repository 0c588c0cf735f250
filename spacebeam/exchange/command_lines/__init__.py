"""Reads pasted command lines of other programs, as values. No shell runs and no file is read."""
