"""Searching: the filter language, matching whole blocks, views and highlights."""
