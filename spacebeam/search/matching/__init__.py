"""Matches blocks of entries against a filter: one module for each kind of condition."""
