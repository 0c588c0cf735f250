"""Matching blocks of entries: one module for each kind of condition."""
