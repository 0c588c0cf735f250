"""Recordings that are played again in the window: to a server, or as the server."""
