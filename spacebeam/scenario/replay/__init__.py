"""Recordings that are played again: to a server, with its answers compared, or as the server."""
