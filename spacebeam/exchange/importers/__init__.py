"""Importers: other programs' files become recordings, one format per module."""
