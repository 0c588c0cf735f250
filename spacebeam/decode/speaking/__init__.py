"""Protocols as a client speaks them: how they open, answer and write calls."""
