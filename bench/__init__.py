"""Benchmarks against other clients, in one run on the same machine."""
