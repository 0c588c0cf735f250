"""Exporters: recordings in the formats of other programs, one format per module."""
