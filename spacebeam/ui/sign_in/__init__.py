"""Signing in by OAuth: the dialog while the person is in the browser."""
