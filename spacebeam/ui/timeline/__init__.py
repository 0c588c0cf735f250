"""The timeline: a recording's entries as a list."""
