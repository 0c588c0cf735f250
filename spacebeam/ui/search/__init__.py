"""Searching a recording: the filter bar and the Go To dialog."""
