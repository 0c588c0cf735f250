"""Bytes that nobody would send, for whatever reads what a peer sent (`make fuzz`)."""
