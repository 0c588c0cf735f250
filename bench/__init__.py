"""Measurements against other clients, always in one run: the machine is the same for both."""
