"""Scripted conversations: what to send, what to expect, and what came instead."""
